//! Finds the column that probably holds the texts where the usual one is missing.

use crate::error::{Error, ErrorKind, Message, Position};
use crate::read::InputOptions;

/// What columns with texts are called, in lower case and without anything between the words.
const LIKELY: [&str; 9] = [
    "content",
    "body",
    "article",
    "fulltext",
    "maintext",
    "articletext",
    "articlebody",
    "bodytext",
    "textcontent",
];

/// A name in lower case and without anything between the words.
fn key(name: &str) -> String {
    name.trim().replace(['_', '-', ' '], "").to_lowercase()
}

/// Whether a column with texts may have a name.
pub(crate) fn is_likely(name: &str) -> bool {
    LIKELY.contains(&key(name).as_str())
}

/// The names that a column with texts may have.
fn likely<'n>(names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let mut likely: Vec<&str> = names.filter(|name| is_likely(name)).collect();
    // Beside another, it is the name of an article.
    if likely.len() > 1 {
        likely.retain(|name| key(name) != "article");
    }
    likely
}

/// The one column that is likely to hold the texts, where the usual column is missing and nobody
/// has named another; `None` where there are several.
pub(crate) fn guess<'n>(
    names: impl Iterator<Item = &'n str> + Clone,
    options: &InputOptions,
) -> Option<&'n str> {
    let [usual] = options.preparation.text_columns.as_slice() else { return None };
    // A name that is nearly the usual one is rather a slip, or written otherwise, than another
    // column's.
    if !options.guess_text_column || names.clone().any(|name| name.eq_ignore_ascii_case(usual)) {
        return None;
    }
    match likely(names).as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// What is said of a file whose texts are taken from a guessed column.
pub(crate) fn note(position: &Position, usual: &str, guessed: &str) -> Message {
    let file = Position { record: None, line: None, ..position.clone() };
    Message::from(format!("{file}: no column `{usual}`; texts are read from `{guessed}` ("))
        .then(Message::naming("`text_column` sets another)"))
}

/// The error of a missing text column, with the columns that are likely to hold the texts where no
/// name is nearly the wanted one.
pub(crate) fn suggest(error: Error) -> Error {
    let (ErrorKind::MissingColumn { found, .. }, None) = (error.kind(), error.hint()) else { return error };
    let hint = match likely(found.iter().map(String::as_str)).as_slice() {
        [] => return error,
        [only] => Message::from(format!("the texts may be in `{only}`: give "))
            .then(Message::setting("text_column", (*only).to_owned())),
        several => {
            let names: Vec<String> = several.iter().map(|name| format!("`{name}`")).collect();
            Message::from(format!("the texts may be in {}: give ", names.join(" or ")))
                .then(Message::naming("`text_column`"))
        }
    };
    error.with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Preparation;

    fn guessed<'n>(names: &[&'n str], options: &InputOptions) -> Option<&'n str> {
        guess(names.iter().copied(), options)
    }

    #[test]
    fn the_only_likely_column_is_taken_where_guessing_is_allowed() {
        let allowed = InputOptions { guess_text_column: true, ..InputOptions::default() };
        assert_eq!(guessed(&["id", "Full_Text", "label"], &allowed), Some("Full_Text"));
        assert_eq!(guessed(&["id", "TEXT", "body"], &allowed), None, "it is nearly the usual name");
        assert_eq!(guessed(&["body", "content"], &allowed), None, "nobody can tell which");
        assert_eq!(guessed(&["text", "body"], &allowed), None, "the usual column is there");
        assert_eq!(guessed(&["id", "article", "body"], &allowed), Some("body"), "an article's name");
        assert_eq!(guessed(&["id", "context"], &allowed), None);
        assert_eq!(guessed(&["body"], &InputOptions::default()), None, "nobody has allowed it");
        let joined =
            InputOptions { preparation: Preparation::from_columns(["title", "text"]), ..allowed.clone() };
        assert_eq!(guessed(&["body"], &joined), None);
    }

    #[test]
    fn what_is_missing_is_suggested() {
        let missing = |found: &[&str]| {
            let found = found.iter().map(|name| (*name).to_owned()).collect();
            let kind =
                ErrorKind::MissingColumn { position: Position::default(), column: "text".into(), found };
            suggest(Error::new(kind)).to_string()
        };
        assert!(missing(&["a", "body"]).ends_with("be in `body`: give `text_column` body"));
        assert!(missing(&["content", "body"]).ends_with("in `content` or `body`: give `text_column`"));
        assert!(missing(&["tezt", "body"]).ends_with("did you mean `tezt`?"));
    }
}
