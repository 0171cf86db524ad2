//! Fills a document from one object.

use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind, Position, Result};
use crate::read::formats::json::field::field;
use crate::read::formats::json::object::Object;
use crate::read::formats::json::path;
use crate::read::formats::json::rich_text;
use crate::read::formats::json::tokens::with_nan_as_null;
use crate::read::formats::json::tweet::TweetText;
use crate::read::tables::text_column;
use crate::read::{Column, InputOptions, Requirement};
use crate::text::document::Document;

/// Fills a document from an object as it is written.
pub(crate) fn fill(
    written: &str,
    position: Position,
    options: &InputOptions,
    document: &mut Document,
) -> Result<()> {
    let error = match serde_json::from_str(written) {
        Ok(object) => return Record { object, position }.fill(options, document),
        Err(error) => error,
    };
    if let Some(repaired) = with_nan_as_null(written)
        && let Ok(object) = serde_json::from_str(&repaired)
    {
        return Record { object, position }.fill(options, document);
    }
    let found = match written.trim_start().as_bytes().first() {
        Some(b'[') => "it is an array".to_owned(),
        Some(b'{') => match python_sign(written, &error) {
            Some(sign) => {
                let message = format!(
                    "it is not valid JSON but what Python prints: it has `{sign}`; write it with Python's `json.dumps`"
                );
                return Err(Error::malformed(position, "json", message));
            }
            None => format!("it is not valid JSON: {error}"),
        },
        _ => "it is not a JSON object".to_owned(),
    };
    let message = format!("{found}; expected one JSON object per line, or an array of objects");
    Err(Error::malformed(position, "json", message))
}

/// An object, and where it stands.
struct Record<'a> {
    object: Object<'a>,
    position: Position,
}

impl<'a> Record<'a> {
    fn fill(&self, options: &InputOptions, document: &mut Document) -> Result<()> {
        let mut texts = Vec::new();
        for name in &options.preparation.text_columns {
            let value = match self.find(name)? {
                Some(value) => value,
                None => self.guess(name, options, document)?,
            };
            if let Some(text) = rich_text::join(value) {
                texts.push(text);
                continue;
            }
            if !value.get().starts_with('"') && value.get() != "null" {
                let found = format!("it is not a string but {}{}", kind(value), way_out(value));
                return Err(self.malformed(name, &found));
            }
            let text = field(value).map_err(|fault| self.malformed(name, fault))?.unwrap_or_default();
            texts.push(self.whole_tweet(name, text, document));
        }
        let joined = options.preparation.join(texts.iter().map(String::as_str));
        (document.text, document.extraction) = (joined.text, joined.extraction);
        if let Some(id) = self.get(&options.id)? {
            document.id = id;
        }
        for (place, (column, value)) in options.columns.iter().zip(&mut document.columns).enumerate() {
            *value = self.get(column)?;
            if value.is_none() {
                document.nulls.push(place);
            }
        }
        Ok(())
    }

    /// The text of a column, or all of it if it is that of a tweet that was cut.
    fn whole_tweet(&self, column: &str, text: String, document: &mut Document) -> String {
        match TweetText::find(&self.object, column, &text) {
            TweetText::Plain => text,
            TweetText::Whole(whole) => whole,
            TweetText::Cut => {
                let file = Position { record: None, line: None, ..self.position.clone() };
                document.file_notes.push(
                    format!(
                        "{file}: tweets with `truncated` end early, and their `extended_tweet.full_text` is missing; download \
                         them again with `tweet_mode=extended`"
                    )
                    .into(),
                );
                text
            }
        }
    }

    /// The value of the one column that is likely to hold the text instead of `usual`.
    fn guess(&self, usual: &str, options: &InputOptions, document: &mut Document) -> Result<&'a RawValue> {
        let strings = self.object.values.iter().filter(|(_, value)| value.get().starts_with('"'));
        let guessed = text_column::guess(strings.map(|(name, _)| name.as_str()), options);
        let found = match guessed {
            Some(name) => self.find(name)?.map(|value| (name, value)),
            None => None,
        };
        let Some((name, value)) = found else {
            let error = text_column::suggest(self.missing(usual));
            return Err(match (error.hint(), path::like(&self.object, text_column::is_likely)) {
                (None, Some(path)) => {
                    error.with_hint(format!("the texts may be at `{path}`; give that path as the column"))
                }
                _ => error,
            });
        };
        document.file_notes.push(text_column::note(&self.position, usual, name));
        Ok(value)
    }

    /// The value of a column as text; `None` for null.
    fn get(&self, column: &Column) -> Result<Option<String>> {
        match self.find(&column.name)? {
            // A list or an object on the way may be empty, as where nobody has coded a text.
            None if column.need == Requirement::Always && !path::begins(&self.object, &column.name) => {
                Err(self.missing(&column.name))
            }
            None => Ok(None),
            Some(value) => field(value).map_err(|fault| self.malformed(&column.name, fault)),
        }
    }

    fn find(&self, name: &str) -> Result<Option<&'a RawValue>> {
        path::find(&self.object, name).map_err(|fault| self.malformed(name, &fault))
    }

    fn malformed(&self, column: &str, fault: &str) -> Error {
        let message = format!("the value of `{column}` cannot be used: {fault}");
        Error::malformed(self.position.clone(), "json", message)
    }

    fn missing(&self, column: &str) -> Error {
        let error = Error::new(ErrorKind::MissingColumn {
            position: self.position.clone(),
            column: column.to_owned(),
            found: self.object.values.keys().cloned().collect(),
        });
        match path::hint(&self.object, column) {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }
}

/// What Python writes and JSON has not, where an object is no JSON: a value, or a single quotation
/// mark.
fn python_sign(written: &str, error: &serde_json::Error) -> Option<&'static str> {
    const VALUES: [&str; 6] = ["None", "True", "False", "nan", "inf", "'"];
    if !error.is_syntax() {
        return None;
    }
    let line = written.lines().nth(error.line().checked_sub(1)?)?;
    let end = error.column().min(line.len());
    // The parser stops in the value or behind it.
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic();
    let before = line.as_bytes().get(..end)?.iter().rev().skip(1).take_while(|byte| is_letter(byte)).count();
    let start = end.saturating_sub(before + 1);
    let value = line.get(start..)?.trim_start_matches([' ', ':', ',', '-', '{', '[']);
    VALUES.into_iter().find(|python| {
        value
            .strip_prefix(python)
            .is_some_and(|rest| *python == "'" || !rest.starts_with(|c: char| c.is_alphanumeric()))
    })
}

/// What to do about a text that is no string.
fn way_out(value: &RawValue) -> &'static str {
    match value.get().as_bytes().first() {
        Some(b'[') => {
            "; join its elements first (jq: `.text |= join(\"\\n\\n\")`), or write one object per text where it is a column of texts \
             (pandas: `to_json(orient='records')`)"
        }
        Some(b'{') => "; give the path to the string in it as the column, such as `text.body`",
        _ => "; give another column",
    }
}

/// What a value is called.
fn kind(value: &RawValue) -> &'static str {
    match value.get().as_bytes().first() {
        Some(b'[') => "a list",
        Some(b'{') => "an object",
        Some(b't' | b'f') => "true or false",
        _ => "a number",
    }
}
