//! One record as it stands in the input, and the document that it becomes.

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::{Error, Position, Result};
use crate::model::Markup;
use crate::read::InputOptions;
use crate::read::bytes::decode;
use crate::read::bytes::decode::Decoded;
use crate::read::formats::{html, jsonl, markdown, warc};
use crate::read::tables::fields::Fields;
use crate::text::document::Document;

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

#[derive(Debug)]
pub(crate) enum Body {
    Text(Vec<u8>),
    Markdown(Vec<u8>),
    Html(Vec<u8>),
    Json(Vec<u8>),
    Fields(Fields),
    Page(Box<warc::Page>),
}

impl Body {
    /// No text holds a zero byte; what does is binary data, or in an encoding that was not found out. JSON allows none, and in a
    /// page it is as good as nothing.
    fn refuse_zeros(&self, position: &Position) -> Result<()> {
        let (format, found) = match self {
            Body::Text(bytes) => ("text", bytes.contains(&0)),
            Body::Markdown(bytes) => ("markdown", bytes.contains(&0)),
            Body::Fields(fields) => ("csv", fields.parts().any(|field| field.contains(&0))),
            Body::Html(_) | Body::Json(_) | Body::Page(_) => return Ok(()),
        };
        if !found {
            return Ok(());
        }
        let message =
            "it holds a zero byte, which no text does; remove it, or name another encoding with --encoding";
        Err(Error::malformed(position.clone(), format, message))
    }
}

impl RawRecord {
    /// Bytes of the record.
    pub fn size(&self) -> usize {
        match &self.body {
            Body::Text(bytes) | Body::Markdown(bytes) | Body::Html(bytes) | Body::Json(bytes) => bytes.len(),
            Body::Fields(fields) => fields.size(),
            Body::Page(page) => page.size(),
        }
    }

    /// Where the record stands.
    pub fn position(&self) -> Position {
        Position { path: Some(self.path.to_string()), record: self.record, line: self.line }
    }

    /// The name of the record where no column gives one: the path, or the path and the record's number.
    pub fn default_id(&self) -> String {
        match self.record {
            Some(record) => format!("{}#{record}", self.path),
            None => self.path.to_string(),
        }
    }

    /// Decodes the record.
    ///
    /// # Errors
    /// A zero byte; a JSON line that is no object or lacks the text.
    pub fn document(self, options: &InputOptions) -> Result<Document> {
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
        match self.body {
            Body::Text(bytes) => {
                (document.text, document.replaced) = decode::utf8(&bytes, line, self.offset, self.decoded);
            }
            Body::Markdown(bytes) => {
                let (text, replaced) = decode::utf8(&bytes, line, self.offset, self.decoded);
                document.replaced = replaced;
                markdown::fill(&text, options, &mut document);
            }
            Body::Html(bytes) => {
                let (text, replaced) = decode::utf8(&bytes, line, self.offset, self.decoded);
                document.replaced = replaced;
                html::fill(&text, options, &mut document);
            }
            Body::Json(bytes) => {
                let (text, replaced) = decode::utf8(&bytes, line, self.offset, self.decoded);
                document.replaced = replaced;
                jsonl::fill(&text, position, options, &mut document)?;
            }
            Body::Fields(fields) => fields.fill(options.markup, &mut document),
            Body::Page(page) => page.fill(options, &mut document),
        }
        if options.with_title {
            put_title_first(&mut document);
        }
        Ok(document)
    }
}

/// Text columns of one record to one text: read from their markup, and those that are not blank joined by a blank line.
pub(crate) fn join_text<'t>(parts: impl Iterator<Item = &'t str>, markup: Markup) -> String {
    let mut text = String::new();
    for part in parts {
        let part = match markup {
            Markup::Plain => Cow::Borrowed(part),
            Markup::Html => Cow::Owned(html::text_of(part)),
            Markup::Markdown => Cow::Owned(markdown::text_of(part)),
        };
        if !part.trim().is_empty() {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(&part);
        }
    }
    text
}

/// Puts a document's title before its text, unless the text begins with it. It is a paragraph then like any other.
fn put_title_first(document: &mut Document) {
    let Some(title) = document.title.take() else { return };
    if !title.trim().is_empty() && !document.text.starts_with(title.trim()) {
        document.text = join_text([title.trim(), &document.text].into_iter(), Markup::Plain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_columns_are_joined_by_a_blank_line() {
        assert_eq!(join_text(["Title", " ", "Body"].into_iter(), Markup::Plain), "Title\n\nBody");
    }

    #[test]
    fn columns_are_read_from_their_markup_one_by_one() {
        let html = ["Tom &amp; Ann", "<p>One <b>bold</b> word.</p><p>Two.</p>"];
        assert_eq!(join_text(html.into_iter(), Markup::Html), "Tom & Ann\n\nOne bold word.\n\nTwo.");
        let markdown = ["# Head", "A *b* [c](http://d).\n\n- one"];
        assert_eq!(join_text(markdown.into_iter(), Markup::Markdown), "Head\n\nA b c.\n\n- one");
    }

    #[test]
    fn a_title_comes_first_and_once() {
        let mut document = Document { title: Some("A day".into()), ..Document::new("x", "It rained.") };
        put_title_first(&mut document);
        assert_eq!((document.text.as_str(), &document.title), ("A day\n\nIt rained.", &None));
        document.title = Some("A day ".into());
        put_title_first(&mut document);
        assert_eq!(document.text, "A day\n\nIt rained.");
    }
}
