//! Prepares texts for scoring: reads markup, joins columns and puts titles first.
//!
//! Everything that turns what a user has into what is scored goes through [`Preparation`], whether
//! a text comes from a file or directly from a caller.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::named::named;
use crate::text::extraction::Extraction;
use crate::text::markup::{html, markdown};
use crate::text::record::Record;

/// What is done to a text before it is scored, in training and in use alike.
///
/// It is part of the model file. [`Preparation::for_unit`] gives the usual preparation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preparation {
    /// Whether boilerplate paragraphs are left out.
    pub drop_boilerplate: bool,
    /// Columns that hold the text; several are joined by a blank line.
    #[serde(default = "default_columns", skip_serializing_if = "are_default_columns")]
    pub text_columns: Vec<String>,
    /// The markup that the text columns are written in.
    #[serde(default, skip_serializing_if = "Markup::is_plain")]
    pub markup: Markup,
    /// Whether the title of a page, of front matter or of a [`Record`] is put before the text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub with_title: bool,
}

/// The markup that a text column is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Markup {
    /// None: plain text.
    #[default]
    Plain,
    /// HTML, whole pages or fragments. Needs the Cargo feature `html`.
    Html,
    /// Markdown.
    Markdown,
}

named!(Markup { Plain: "plain", Html: "html", Markdown: "markdown" });

/// A text that is ready to be scored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    /// The text that is scored. Offsets count its bytes.
    pub text: String,
    /// The title, where it is not part of the text: a paragraph that repeats it is boilerplate.
    pub title: Option<String>,
    /// How the text was found, if it was written in HTML.
    pub extraction: Option<Extraction>,
}

/// A text without its markup.
#[derive(Debug, Default)]
pub(crate) struct Joined {
    pub(crate) text: String,
    /// The weakest way in which a part of it was found, if any was HTML.
    pub(crate) extraction: Option<Extraction>,
}

/// What is said of pages and models that need a parser of HTML.
pub(crate) const NO_HTML: &str = "this program was built without HTML";

impl Markup {
    /// Whether there is no markup to read.
    fn is_plain(&self) -> bool {
        *self == Markup::Plain
    }

    /// The plain text of `column`, and how it was found in HTML.
    fn text_of(self, column: &str) -> (Cow<'_, str>, Option<Extraction>) {
        match self {
            Markup::Plain => (Cow::Borrowed(column), None),
            Markup::Html => {
                let page = html::page(column);
                (Cow::Owned(page.text), page.extraction)
            }
            Markup::Markdown => (Cow::Owned(markdown::parse(column).text), None),
        }
    }
}

fn default_columns() -> Vec<String> {
    vec!["text".to_owned()]
}

fn are_default_columns(columns: &[String]) -> bool {
    columns == ["text"]
}

impl Default for Preparation {
    /// One column `text` in plain text, without a title; boilerplate stays.
    fn default() -> Self {
        Preparation {
            drop_boilerplate: false,
            text_columns: default_columns(),
            markup: Markup::Plain,
            with_title: false,
        }
    }
}

impl Preparation {
    /// The default preparation of a text that stands in `columns`.
    pub fn from_columns<C: Into<String>>(columns: impl IntoIterator<Item = C>) -> Self {
        Preparation { text_columns: columns.into_iter().map(Into::into).collect(), ..Preparation::default() }
    }

    /// What is wrong with the names of the text columns, if something is: a text is made of one
    /// column or more, each once.
    pub(crate) fn column_fault(&self) -> Option<String> {
        let columns = &self.text_columns;
        let is_twice =
            |(at, name): (usize, &String)| columns.get(..at).is_some_and(|before| before.contains(name));
        match columns.iter().enumerate().find(|&(at, name)| is_twice((at, name))) {
            _ if columns.is_empty() => Some("no column".to_owned()),
            Some((_, twice)) => Some(format!("`{twice}` twice")),
            None => None,
        }
    }

    /// As an error about the parameter `text_column`.
    ///
    /// # Errors
    /// No text column, or one that is named twice.
    pub(crate) fn check_columns(&self) -> Result<()> {
        match self.column_fault() {
            Some(found) => {
                Err(Error::invalid_parameter("text_column", found, "one column or more, each once"))
            }
            None => Ok(()),
        }
    }

    /// Checks that this program can read the markup.
    ///
    /// # Errors
    /// The markup is HTML, and the Cargo feature `html` is off.
    pub fn check(&self) -> Result<()> {
        match self.markup {
            Markup::Html if !cfg!(feature = "html") => {
                Err(Error::model(format!("{NO_HTML}, which the texts are written in")))
            }
            _ => Ok(()),
        }
    }

    /// Turns the text columns of one record into the text to score.
    ///
    /// Each of `columns` is read from its markup; blank ones are dropped, the others joined by a
    /// blank line. With [`with_title`](Self::with_title), a `title` comes first, unless the text
    /// begins with it. `title` is plain text.
    ///
    /// [`check`](Self::check) comes first where the markup may be HTML: without the Cargo feature
    /// `html`, the text of a page is all its visible text instead of its article.
    pub fn prepare(&self, columns: &[&str], title: Option<&str>) -> Prepared {
        self.prepare_joined(self.join(columns.iter().copied()), title)
    }

    /// Whether a text alone is prepared as it is: [`prepare`](Self::prepare) would copy it.
    pub(crate) fn keeps(&self, text: &str) -> bool {
        self.markup.is_plain() && !text.trim_start().is_empty()
    }

    /// Turns a record into the text to score; see [`prepare`](Self::prepare).
    pub fn prepare_record(&self, record: &Record) -> Prepared {
        self.prepare_joined(self.join(record.columns().iter().map(String::as_str)), record.title())
    }

    fn prepare_joined(&self, joined: Joined, title: Option<&str>) -> Prepared {
        let prepared = self.put_title(joined.text, title.map(str::to_owned));
        Prepared { extraction: joined.extraction, ..prepared }
    }

    /// The plain text of columns, joined by a blank line.
    pub(crate) fn join<'t>(&self, columns: impl Iterator<Item = &'t str>) -> Joined {
        let mut extraction: Option<Extraction> = None;
        let text = join(columns.map(|column| {
            let (text, way) = self.markup.text_of(column);
            extraction = match (extraction, way) {
                (Some(so_far), Some(way)) => Some(so_far.join(way)),
                (so_far, way) => so_far.or(way),
            };
            text
        }));
        Joined { text, extraction }
    }

    /// Puts the title before a text that has no markup any more, where titles are scored.
    pub(crate) fn put_title(&self, text: String, title: Option<String>) -> Prepared {
        if !self.with_title {
            return Prepared { text, title, extraction: None };
        }
        let title = title.unwrap_or_default();
        let title = title.trim();
        let text = match title.is_empty() || text.starts_with(title) {
            true => text,
            false => join([Cow::Borrowed(title), Cow::Borrowed(text.as_str())].into_iter()),
        };
        Prepared { text, title: None, extraction: None }
    }
}

/// Joins parts by a blank line and drops blank ones.
fn join<'t>(parts: impl Iterator<Item = Cow<'t, str>>) -> String {
    let mut text = String::new();
    for part in parts.filter(|part| !part.trim().is_empty()) {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(markup: Markup, with_title: bool) -> Preparation {
        Preparation { markup, with_title, ..Preparation::default() }
    }

    #[test]
    fn a_text_that_is_kept_is_prepared_as_it_is() {
        for markup in [Markup::Plain, Markup::Markdown] {
            for with_title in [false, true] {
                let preparation = Preparation { markup, with_title, ..Preparation::default() };
                let mut kept = 0;
                for text in ["One.", " One.\n\nTwo. ", "*One*", "", " \u{a0}\n"] {
                    if preparation.keeps(text) {
                        kept += 1;
                        let expected = Prepared { text: text.to_owned(), ..Prepared::default() };
                        assert_eq!(preparation.prepare(&[text], None), expected);
                    }
                }
                assert_eq!(kept, if markup == Markup::Plain { 3 } else { 0 });
            }
        }
    }

    #[test]
    fn columns_are_joined_by_a_blank_line_and_blank_ones_are_dropped() {
        let prepared = with(Markup::Plain, false).prepare(&["Head", " ", "Body "], None);
        assert_eq!(prepared, Prepared { text: "Head\n\nBody ".to_owned(), ..Prepared::default() });
        assert_eq!(with(Markup::Plain, true).prepare(&[" "], None), Prepared::default());
    }

    #[test]
    #[cfg(feature = "html")]
    fn columns_of_html_are_read_one_by_one() {
        let html = ["Tom &amp; Ann", "<p>One <b>bold</b> word.</p><p>Two.</p>"];
        let prepared = with(Markup::Html, false).prepare(&html, None);
        assert_eq!(prepared.text, "Tom & Ann\n\nOne bold word.\n\nTwo.");
    }

    #[test]
    fn columns_of_markdown_are_read_one_by_one() {
        let markdown = ["# Head", "A *b* [c](http://d).\n\n- one"];
        let prepared = with(Markup::Markdown, false).prepare(&markdown, None);
        assert_eq!(prepared.text, "Head\n\nA b c.\n\n- one");
    }

    #[test]
    fn a_title_comes_first_and_once() {
        let titled = with(Markup::Plain, true);
        let first = titled.prepare(&["It rained."], Some("A day "));
        assert_eq!(first, Prepared { text: "A day\n\nIt rained.".to_owned(), ..Prepared::default() });
        assert_eq!(titled.prepare(&[first.text.as_str()], Some("A day ")), first);
        assert_eq!(titled.prepare(&["It rained."], Some(" ")).text, "It rained.");
        assert_eq!(titled.prepare(&[], Some("A day")).text, "A day");
    }

    #[test]
    fn a_title_that_is_not_scored_stays_apart() {
        let prepared = with(Markup::Plain, false).prepare(&["It rained."], Some("A day "));
        assert_eq!(
            prepared,
            Prepared { text: "It rained.".to_owned(), title: Some("A day ".to_owned()), extraction: None }
        );
    }

    #[test]
    fn a_record_is_prepared_like_its_columns() {
        for preparation in [with(Markup::Markdown, true), with(Markup::Plain, false)] {
            let record = Record::from_columns(["*One*", "", "Two"]).with_title("T");
            let prepared = preparation.prepare(&["*One*", "", "Two"], Some("T"));
            assert_eq!(preparation.prepare_record(&record), prepared);
        }
        assert_eq!(Preparation::default().prepare_record(&"text".into()).text, "text");
    }

    #[test]
    fn the_usual_preparation_is_saved_in_few_words() {
        let json = serde_json::to_string(&Preparation::default()).unwrap();
        assert_eq!(json, r#"{"drop_boilerplate":false}"#);
        assert_eq!(serde_json::from_str::<Preparation>(&json).unwrap(), Preparation::default());
        let json = serde_json::to_string(&with(Markup::Html, true)).unwrap();
        assert_eq!(json, r#"{"drop_boilerplate":false,"markup":"html","with_title":true}"#);
    }

    #[test]
    #[cfg(not(feature = "html"))]
    fn html_is_refused_where_it_cannot_be_read() {
        assert!(with(Markup::Html, false).check().unwrap_err().to_string().contains("without HTML"));
        assert!(with(Markup::Markdown, false).check().is_ok());
    }
}
