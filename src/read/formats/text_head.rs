//! Reads the metadata at the head of a plain text: lines such as `Title: On ink`, or objects of
//! JSON.

use serde_json::{Deserializer, Map, Value};

use crate::read::InputOptions;
use crate::read::formats::item::Item;
use crate::read::tables::text_column;

/// What is said of a text with such a head.
pub(crate) const NOTE: &str =
    "its first lines are read as metadata and are not part of the text (`format=text` keeps them)";

/// Names of lines, with the names under which their values can be kept, too. A name of the text
/// itself has none.
#[rustfmt::skip]
const NAMES: [(&str, &[&str]); 6] = [
    ("title", &[
        "title", "headline", "titel", "überschrift", "titre", "título", "titular", "titolo", "tytuł", "заголовок", "название",
        "назва", "kop",
    ]),
    ("date", &[
        "date", "published", "publication date", "date published", "pubdate", "datum", "date de publication", "fecha", "data",
        "дата",
    ]),
    ("author", &["author", "authors", "byline", "autor", "autorin", "auteur", "auteurs", "autore", "автор"]),
    ("source", &[
        "source", "publication", "newspaper", "outlet", "publisher", "quelle", "zeitung", "fuente", "fonte", "źródło", "источник",
        "джерело", "bron",
    ]),
    ("url", &["url", "link", "permalink"]),
    ("", &[
        "id", "section", "category", "categories", "tags", "keywords", "language", "lang", "country", "page", "edition", "length",
        "words", "word count", "subtitle", "summary", "slug", "ressort", "rubrik",
    ]),
];
/// Names of the line with which the text begins.
const TEXT_NAMES: [&str; 8] = ["text", "body", "content", "full text", "article", "texte", "texto", "текст"];
/// A head has at least so many lines: one may be a sentence.
const MIN_LINES: usize = 2;
/// Bytes of a value; longer ones are texts.
const MAX_VALUE: usize = 500;
/// Words of the first line behind an object, from which on it is prose and no damaged JSON.
const MIN_WORDS: usize = 3;

/// The metadata and the text of a text that has such a head.
pub(crate) fn split(text: &str, options: &InputOptions) -> Option<Item> {
    if text.trim_start().starts_with('{') { split_json(text, options) } else { split_lines(text) }
}

/// Whether a text begins with metadata in JSON, and goes on as prose.
pub(crate) fn is_json(head: &[u8], options: &InputOptions) -> bool {
    split_json(&String::from_utf8_lossy(head), options).is_some()
}

fn split_json(text: &str, options: &InputOptions) -> Option<Item> {
    let mut objects = Deserializer::from_str(text).into_iter::<Map<String, Value>>();
    let (mut item, mut end) = (Item::default(), 0);
    while let Some(Ok(object)) = objects.next() {
        end = objects.byte_offset();
        if object.keys().any(|name| may_be_text(name, options)) || !add_members(&mut item, &object) {
            return None;
        }
    }
    let text = text.get(end..).filter(|_| end > 0)?;
    is_prose_below(text).then(|| item.with_text(text))
}

fn may_be_text(name: &str, options: &InputOptions) -> bool {
    text_column::is_likely(name)
        || options.preparation.text_columns.iter().any(|column| column.eq_ignore_ascii_case(name))
}

/// Takes the members of an object; `false` where one is longer than metadata.
fn add_members(item: &mut Item, object: &Map<String, Value>) -> bool {
    object.iter().all(|(name, value)| {
        let value = match value {
            Value::Null => String::new(),
            Value::String(value) => value.clone(),
            Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
            value => plain(value),
        };
        item.add(name, &value);
        value.len() <= MAX_VALUE
    })
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether prose stands on the lines below an object, and no JSON among it.
fn is_prose_below(text: &str) -> bool {
    let below = text.trim_start();
    let is_below = text.strip_suffix(below).is_some_and(|blanks| blanks.contains('\n'));
    let first = below.lines().next().unwrap_or("");
    let begins = |c: char| c.is_alphanumeric() || matches!(c, '"' | '“' | '„' | '«' | '‘' | '\'' | '—');
    is_below
        && first.starts_with(begins)
        && first.split_whitespace().nth(MIN_WORDS - 1).is_some()
        && !below.lines().any(|line| line.trim_start().starts_with(['{', '}', ']']))
        && !below.trim_end().ends_with(['}', ']'])
}

/// Each line of the head has a name that no other one has.
fn split_lines(text: &str) -> Option<Item> {
    let (mut item, mut found, mut at) = (Item::default(), Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() {
            let Some((name, value)) = named(line) else { break };
            if TEXT_NAMES.contains(&name.as_str()) {
                at += line.len() - value.len();
                found.push(name);
                break;
            }
            if usual_name(&name).is_none() || found.contains(&name) || value.len() > MAX_VALUE {
                break;
            }
            item.add(&name, value);
            found.push(name);
        }
        at += line.len();
    }
    let text = text.get(at..).filter(|text| found.len() >= MIN_LINES && !text.trim().is_empty())?;
    Some(item.with_text(text))
}

/// The name, in small letters, and the value of a line.
fn named(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_'));
    Some((name.to_lowercase(), value))
}

/// The name that other formats give what a line of this name holds. Empty where they have none.
fn usual_name(name: &str) -> Option<&'static str> {
    NAMES.iter().find(|(_, names)| names.contains(&name)).map(|(usual, _)| *usual)
}

impl Item {
    /// Adds a value under its own name and under the one that other formats give it.
    fn add(&mut self, name: &str, value: &str) {
        let written = name.to_lowercase();
        let usual = usual_name(&written);
        if usual == Some("title") && self.title.is_none() {
            self.title = Some(value.trim().to_owned());
        }
        self.push(name.to_owned(), value);
        if let Some(usual) = usual.filter(|usual| !usual.is_empty() && *usual != written) {
            self.push(usual, value);
        }
    }

    fn with_text(self, text: &str) -> Item {
        Item { text: text.trim_start().to_owned(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> Option<(Option<String>, Vec<String>, String)> {
        let item = split(text, &InputOptions::default())?;
        let values = item.values.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Some((item.title, values, item.text))
    }

    #[test]
    fn lines_of_metadata_are_no_text() {
        let (title, values, text) =
            found("Titel: On ink: a note\r\nAuthor: Ann\nDATE: May 17, 2024\n\nIt rained.\n\nDate: none")
                .unwrap();
        assert_eq!(title.as_deref(), Some("On ink: a note"));
        let expected = ["titel=On ink: a note", "title=On ink: a note", "author=Ann", "date=May 17, 2024"];
        assert_eq!(values, expected);
        assert_eq!(text, "It rained.\n\nDate: none");
        for text in [
            "Title: On ink\nURL: https://example.org\nIt rained.",
            "\nTitle: On ink\n\nDate: 2024-05-17\n\nIt rained.",
            "**Title:** On ink\n**Date:** 2024\n\nIt rained.",
            "Title: On ink\nText: It rained.",
        ] {
            assert_eq!(found(text).unwrap().2, "It rained.", "{text}");
        }
    }

    #[test]
    fn objects_above_prose_are_no_text() {
        for head in [
            "{\"title\": \"On ink\", \"words\": 7, \"tags\": [\"a\", \"b\"], \"x\": null}\n\n",
            "{\n \"title\": \"On ink\"\n}\n",
            "{\"title\": \"On ink\"}\n{\"date\": \"2024-05-17\"}\n",
        ] {
            let (title, _, text) = found(&format!("{head}“It rained,” he said.\n")).unwrap();
            assert_eq!((title.as_deref(), text.as_str()), (Some("On ink"), "“It rained,” he said.\n"));
        }
        let values = |members: &str| found(&format!("{{{members}}}\nIt rained here.")).unwrap().1;
        assert_eq!(values("\"Tags\": [\"a\", 1]"), ["Tags=a, 1"]);
        assert_eq!(values("\"words\": 7, \"none\": null"), ["words=7"]);
    }

    #[test]
    fn other_texts_have_no_head() {
        let long = format!("{{\"lead\": \"{}\"}}\nIt rained here.", "It rained. ".repeat(60));
        for text in [
            "Title: On ink\n\nIt rained.",
            "Title: On ink\nDate: 2024",
            "On ink\nDate: 2024\nAuthor: Ann\n\nIt rained.",
            "Ann: Who pays?\nBen: Nobody.\n\nIt rained.",
            "Date: 3 May\nDate: 4 May\n\nIt rained.",
            "{\"text\": \"It rained.\"}\nIt rained here again.",
            "{\"Content\": \"It rained.\"}\nIt rained here again.",
            "{\"title\": \"a\"}\n{\"title\": \"b\", \"te",
            "{\"title\": \"a\"}\nIt rained here again.\n{\"title\": \"b\"}",
            "{\"title\": \"a\"} and so it goes",
            "{\"title\": \"a\"}\n\"text\": \"b c d\"}",
            "{\"title\": \"a\"}\nNaN",
            "{\"title\": \"a\"}\n",
            "{{cite}} It rained here.\nIt rained.",
            &long,
            "",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(\\PC|\n|Title: |Date:|Text:|\\{\"a\": 1\\}|é:){0,30}") {
            if let Some(item) = split(&text, &InputOptions::default()) {
                prop_assert!(text.ends_with(&item.text));
            }
        }
    }
}
