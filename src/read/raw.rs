//! Turns one record, as it stands in the input, into a document.

use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, Message, Position, Result};
use crate::read::bytes::decode;
use crate::read::bytes::decode::Decoded;
use crate::read::formats::item::{Item, Place, RawItem};
use crate::read::formats::unsupported::Unsupported;
use crate::read::formats::{chats, exports, json, plain, text_head, unsupported, warc};
use crate::read::signs::{Reading, signs};
use crate::read::tables::fields::Fields;
use crate::read::tables::partition;
use crate::read::{Format, InputOptions, plain_text, written_out};
use crate::text::document::Document;
use crate::text::markup::html::Page;
use crate::text::markup::{html, markdown};
use crate::text::preparation::{Markup, NO_HTML};
use crate::text::{TextSign, TextSigns};

/// One record as it stands in the input.
#[derive(Debug)]
pub struct RawRecord {
    pub(crate) path: Arc<str>,
    /// `None` where the file is one document.
    pub(crate) record: Option<u64>,
    /// Line in the file on which it begins; `None` where the file has no lines.
    pub(crate) line: Option<u64>,
    /// Byte in the file at which it begins.
    pub(crate) offset: u64,
    pub(crate) decoded: Decoded,
    pub(crate) body: Body,
}

/// The bytes of a record, by what they hold.
#[derive(Debug)]
pub(crate) enum Body {
    Text(Vec<u8>),
    Markdown(Vec<u8>),
    Html(Vec<u8>),
    Json(Vec<u8>),
    Fields(Fields),
    Archived(Box<warc::ArchivedPage>),
    Item(Box<dyn RawItem>),
}

impl Body {
    /// Whether it takes a parser of HTML to read it.
    fn is_html(&self, options: &InputOptions) -> bool {
        match self {
            Body::Html(_) => true,
            Body::Archived(page) => page.is_html(),
            Body::Json(_) | Body::Fields(_) => options.preparation.markup == Markup::Html,
            // Items say so themselves when they are read.
            Body::Text(_) | Body::Markdown(_) | Body::Item(_) => false,
        }
    }

    /// Refuses zero bytes: data that holds them is binary, or in an encoding that was not detected.
    /// JSON allows none, and in a page they do no harm.
    fn refuse_zeros(&self, position: &Position) -> Result<()> {
        let (format, found) = match self {
            Body::Text(bytes) => ("text", bytes.contains(&0)),
            Body::Markdown(bytes) => ("markdown", bytes.contains(&0)),
            Body::Fields(fields) => ("csv", fields.parts().any(|field| field.contains(&0))),
            Body::Html(_) | Body::Json(_) | Body::Archived(_) | Body::Item(_) => return Ok(()),
        };
        if !found {
            return Ok(());
        }
        let hint = Message::naming("remove it, or give another encoding with `encoding`");
        Err(Error::malformed(position.clone(), format, "it contains a zero byte, so it is not text")
            .with_hint(hint))
    }
}

impl Body {
    /// What is said of a table, or of text for other programs, that was taken for a text, where
    /// nobody has said that it is one.
    fn not_a_text(&self, options: &InputOptions) -> Option<Message> {
        let (Body::Text(bytes) | Body::Html(bytes)) = self else { return None };
        if options.format.is_some() {
            return None;
        }
        match self {
            Body::Text(_) => plain_text::refusal(bytes, options),
            _ => {
                let several = || exports::holds_several(bytes).then(|| exports::SEVERAL_ON_A_PAGE.into());
                let chat = || chats::refusal_of_page(bytes).map(Message::from);
                unsupported::by_text(bytes).map(Message::from).or_else(several).or_else(chat)
            }
        }
    }

    /// What is to be told of a file, with its first record, where its content and not its name has
    /// told how it is read.
    fn note(&self, path: &str, record: Option<u64>, options: &InputOptions) -> Option<&'static str> {
        if record.is_some_and(|record| record > 1) || options.format.is_some() {
            return None;
        }
        let path = Path::new(path);
        let is_plain = Format::from_path(path) == Some(Format::Text);
        let is_told = !is_plain && Unsupported::from_path(path).is_none();
        match self {
            Body::Markdown(_) if Format::from_path(path) != Some(Format::Markdown) => {
                Some("read as Markdown, by its content (`format` sets another format)")
            }
            Body::Item(item) if Format::from_path(path) == Some(Format::Html) => Some(item.note()),
            _ if is_told => None,
            Body::Html(_) => Some("read as HTML, by its content (`format` sets another format)"),
            Body::Json(_) => Some("read as JSON, by its content (`format` sets another format)"),
            Body::Fields(_) => Some("read as a table, by its content (`format` sets another format)"),
            Body::Text(_) if !is_plain => {
                Some("read as plain text, by its content (`format` sets another format)")
            }
            Body::Item(item) => Some(item.note()),
            Body::Archived(_) | Body::Text(_) | Body::Markdown(_) => None,
        }
    }
}

impl RawRecord {
    /// The size of the record in bytes.
    pub fn size(&self) -> usize {
        match &self.body {
            Body::Text(bytes) | Body::Markdown(bytes) | Body::Html(bytes) | Body::Json(bytes) => bytes.len(),
            Body::Fields(fields) => fields.size(),
            Body::Archived(page) => page.size(),
            Body::Item(item) => item.parts().iter().map(|part| part.len()).sum(),
        }
    }

    /// A record with its size, as batches take it; one that could not be read has none.
    pub(crate) fn sized(raw: Result<Self>) -> (Result<Self>, usize) {
        let size = raw.as_ref().map_or(0, Self::size);
        (raw, size)
    }

    /// Where the record stands.
    pub fn position(&self) -> Position {
        Position { path: Some(self.path.to_string()), record: self.record, line: self.line }
    }

    /// The id of a record that no column gives one: the path, or the path and the record's number.
    pub fn default_id(&self) -> String {
        match self.record {
            Some(record) => format!("{}#{record}", self.path),
            None => self.path.to_string(),
        }
    }

    /// Decodes the record.
    ///
    /// The text is prepared by [`InputOptions::preparation`].
    ///
    /// # Errors
    /// A zero byte; JSON that is not an object or lacks the text; HTML without the Cargo feature
    /// `html`.
    pub fn document(self, options: &InputOptions) -> Result<Document> {
        let path = self.path.clone();
        let options = &*partition::options_for(&path, options);
        let mut document = Document {
            id: self.default_id(),
            path: self.path.to_string(),
            record: self.record,
            line: self.line,
            columns: vec![None; options.columns.len()],
            guessed_encoding: self.decoded.guess,
            ..Document::default()
        };
        let position = self.position();
        let line = self.line.unwrap_or(1);
        self.body.refuse_zeros(&position)?;
        if let Some(found) = self.body.not_a_text(options) {
            return Err(Error::malformed(position, "text", found));
        }
        let strange = matches!(self.body, Body::Text(_));
        let mut told = self.body.note(&path, self.record, options);
        if !cfg!(feature = "html") && self.body.is_html(options) {
            return Err(Error::malformed(position, "html", NO_HTML));
        }
        let reading = match &self.body {
            Body::Json(_) | Body::Fields(_) => of_columns(options.preparation.markup),
            Body::Text(_) | Body::Markdown(_) => Reading::File,
            _ => Reading::Markup,
        };
        match self.body {
            Body::Text(bytes) => {
                (document.text, document.replaced) = decode::utf8(&bytes, line, self.offset, self.decoded);
                if options.format.is_none() {
                    let (text, written_out) = written_out::read(std::mem::take(&mut document.text));
                    document.text = text;
                    told = written_out.or(told);
                }
                told = fill_from_head(options, &mut document).or(told);
            }
            Body::Markdown(bytes) => {
                let (text, replaced) = decode::utf8(&bytes, line, self.offset, self.decoded);
                document.replaced = replaced;
                fill_from_markdown(&text, options, &mut document);
            }
            Body::Html(bytes) => {
                let (text, replaced) = decode::utf8(&bytes, line, self.offset, self.decoded);
                document.replaced = replaced;
                fill_from_page(html::page(&text), options, &mut document);
            }
            Body::Json(bytes) => {
                let (text, replaced) = decode::utf8(&bytes, line, self.offset, self.decoded);
                document.replaced = replaced;
                json::fill(&text, position, options, &mut document)?;
            }
            Body::Fields(fields) => fields.fill(&options.preparation, &mut document),
            Body::Archived(page) => page.fill(options, &mut document),
            Body::Item(item) => {
                let place = Place { line, offset: self.offset, decoded: self.decoded };
                let read = item.read(&place, options);
                let read = read.map_err(|message| Error::malformed(position, item.format(), message))?;
                read.fill(options, &mut document);
            }
        }
        let mut found = sure_signs(&document.text, reading);
        if document.replaced.is_some() {
            // It was put in here, and is told of.
            found.remove(TextSign::Lost);
        }
        found.set_decoded(self.decoded.is_other);
        document.signs.extend(found);
        partition::fill(options, &mut document);
        document.reading =
            told.or_else(|| strange.then(|| plain_text::remark(&document.text, options)).flatten());
        let prepared = options.preparation.put_title(document.text, document.title);
        Ok(Document { text: prepared.text, title: prepared.title, ..document })
    }
}

/// How columns of this markup are read.
fn of_columns(markup: Markup) -> Reading {
    match markup {
        Markup::Plain => Reading::PlainColumn,
        Markup::Html => Reading::HtmlColumn,
        Markup::Markdown => Reading::Markup,
    }
}

/// The signs of a text that its reader can be sure of.
fn sure_signs(text: &str, reading: Reading) -> TextSigns {
    let mut found = signs(text, reading);
    if found.contains(TextSign::Markdown) && !plain::is_markdown(text.as_bytes()) {
        found.remove(TextSign::Markdown);
    }
    found
}

/// The signs that a text from columns of this markup is not what it is taken for: markup, a wrong
/// decoding. [`RawRecord::document`] finds them in records.
pub fn column_signs(text: &str, markup: Markup) -> TextSigns {
    sure_signs(text, of_columns(markup))
}

/// Fills a document from a page. Carried columns called `title`, `date` and `author` get those of
/// the page.
pub(crate) fn fill_from_page(page: Page, options: &InputOptions, document: &mut Document) {
    for (column, slot) in options.columns.iter().zip(&mut document.columns) {
        let value = match column.name.as_str() {
            "title" => &page.title,
            "date" => &page.date,
            "author" => &page.author,
            _ => continue,
        };
        slot.clone_from(value);
    }
    document.title = page.title;
    document.text = page.text;
    document.extraction = page.extraction;
}

/// Takes the metadata at the head of a plain text for the document's, unless somebody has said that
/// all of it is text; gives what is to be told then. Of several articles each has such a head.
fn fill_from_head(options: &InputOptions, document: &mut Document) -> Option<&'static str> {
    if options.format.is_some() {
        return None;
    }
    let item = text_head::split(&document.text, options)?;
    if exports::may_hold_several(&document.text) {
        return None;
    }
    Item { replaced: document.replaced, ..item }.fill(options, document);
    Some(text_head::NOTE)
}

/// Fills a document from Markdown. The front matter gives the id, the title and the carried columns
/// of the same names.
fn fill_from_markdown(markdown: &str, options: &InputOptions, document: &mut Document) {
    let parsed = markdown::parse(markdown);
    document.title = parsed.title().map(str::to_owned);
    for (key, value) in parsed.front_matter {
        for (column, slot) in options.columns.iter().zip(&mut document.columns) {
            if key == column.name {
                *slot = Some(value.clone());
            }
        }
        if key == options.id.name {
            document.id = value;
        }
    }
    document.text = parsed.text;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::plain_text::MAY_HOLD_SEVERAL;
    use crate::read::{Column, Requirement};
    use crate::text::{Extraction, Preparation};

    fn read(body: Body, with_title: bool) -> Document {
        let column = |name: &str| Column { name: name.into(), need: Requirement::Optional };
        let options = InputOptions {
            columns: ["title", "date"].map(column).to_vec(),
            preparation: Preparation { with_title, ..Preparation::default() },
            ..InputOptions::default()
        };
        let raw = RawRecord {
            path: "path".into(),
            record: None,
            line: Some(1),
            offset: 0,
            decoded: Decoded::default(),
            body,
        };
        raw.document(&options).unwrap()
    }

    #[test]
    fn front_matter_gives_the_id_the_title_and_the_columns() {
        let markdown = "---\ntitle: On ink\nid: n-7\ndate: 2025-03-01\n---\n\n*Body*.\n";
        let document = read(Body::Markdown(markdown.into()), false);
        assert_eq!((document.id.as_str(), document.text.as_str()), ("n-7", "Body."));
        assert_eq!(document.title.as_deref(), Some("On ink"));
        assert_eq!(document.columns, [Some("On ink".to_owned()), Some("2025-03-01".to_owned())]);
        let titled = read(Body::Markdown(markdown.into()), true);
        assert_eq!((titled.text.as_str(), titled.title), ("On ink\n\nBody.", None));
        assert_eq!(read(Body::Markdown("Body.".into()), true).id, "path");
    }

    #[test]
    fn the_head_of_a_text_gives_the_title_and_the_columns() {
        let text = "Title: On ink\nDate: 2025-03-01\n\nIt rained.\n\n";
        let document = read(Body::Text(text.into()), false);
        assert_eq!((document.text.as_str(), document.title.as_deref()), ("It rained.\n\n", Some("On ink")));
        assert_eq!(document.columns, [Some("On ink".to_owned()), Some("2025-03-01".to_owned())]);
        assert_eq!(document.reading, Some(text_head::NOTE));
        let several = read(Body::Text(text.repeat(2).into()), false);
        assert_eq!((several.text, several.reading), (text.repeat(2), Some(MAY_HOLD_SEVERAL)));
    }

    #[test]
    fn a_page_gives_the_title_and_the_columns() {
        let page = Page {
            title: Some("On ink".to_owned()),
            text: "Body.".to_owned(),
            date: Some("2025-03-01".to_owned()),
            author: None,
            extraction: Some(Extraction::Article),
        };
        let column = |name: &str| Column { name: name.into(), need: Requirement::Optional };
        let options = InputOptions {
            columns: ["date", "author", "title", "url"].map(column).to_vec(),
            ..InputOptions::default()
        };
        let mut document = Document { columns: vec![None; 4], ..Document::new("x", "") };
        fill_from_page(page, &options, &mut document);
        let columns = [Some("2025-03-01".to_owned()), None, Some("On ink".to_owned()), None];
        assert_eq!(document.columns, columns);
        assert_eq!((document.title.as_deref(), document.text.as_str()), (Some("On ink"), "Body."));
    }

    #[test]
    #[cfg(not(feature = "html"))]
    fn pages_are_refused_without_html() {
        let raw = RawRecord {
            path: "a.html".into(),
            record: None,
            line: Some(1),
            offset: 0,
            decoded: Decoded::default(),
            body: Body::Html(b"<p>One.</p>".to_vec()),
        };
        let error = raw.document(&InputOptions::default()).unwrap_err();
        assert_eq!(error.to_string(), "a.html: this program was built without HTML");
    }
}
