//! Reads JSON lines: one object is one text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind, Position, Result};
use crate::read::bytes::source::Source;
use crate::read::{Body, Column, InputOptions, RawRecord, Requirement};
use crate::scan::find_byte;
use crate::text::document::Document;

/// Whether a text begins like JSON lines.
pub(crate) fn begins(head: &[u8]) -> bool {
    head.trim_ascii_start().starts_with(b"{")
}

/// The lines of a source that are not blank.
pub(crate) struct JsonLines {
    source: Source,
    max_record: usize,
    line: u64,
    record: u64,
}

impl JsonLines {
    pub(crate) fn new(source: Source, max_record: usize) -> Self {
        JsonLines { source, max_record, line: 0, record: 0 }
    }

    /// Length of the next line with its line end, and whether it is over the limit; such a line is taken.
    fn next_line(&mut self) -> Result<Option<(usize, bool)>> {
        let mut searched = 0;
        let mut too_large = false;
        loop {
            let window = self.source.window();
            let end = find_byte(window, searched, |byte| byte == b'\n').map(|at| at + 1);
            if let Some(length) = end.or((self.source.ended() && !window.is_empty()).then_some(window.len()))
            {
                if too_large || length > self.max_record {
                    self.source.take(length);
                    return Ok(Some((0, true)));
                }
                return Ok(Some((length, false)));
            }
            if self.source.ended() {
                return Ok(too_large.then_some((0, true)));
            }
            searched = window.len();
            if searched > self.max_record {
                too_large = true;
                self.source.take(searched);
                searched = 0;
            }
            self.source.fill()?;
        }
    }

    fn read(&mut self) -> Result<Option<RawRecord>> {
        loop {
            let offset = self.source.offset();
            let Some((length, too_large)) = self.next_line()? else { return Ok(None) };
            self.line += 1;
            if too_large {
                self.record += 1;
                let position = Position {
                    path: Some(self.source.path().to_string()),
                    record: Some(self.record),
                    line: Some(self.line),
                };
                return Err(Error::new(ErrorKind::TooLarge { position, limit: self.max_record }));
            }
            let bytes = self.source.window().get(..length).unwrap_or(&[]).trim_ascii_end().to_vec();
            self.source.take(length);
            if bytes.trim_ascii_start().is_empty() {
                continue;
            }
            self.record += 1;
            return Ok(Some(RawRecord {
                path: self.source.path().clone(),
                record: Some(self.record),
                line: Some(self.line),
                offset,
                decoded: self.source.decoded(),
                body: Body::Json(bytes),
            }));
        }
    }
}

impl Iterator for JsonLines {
    type Item = Result<RawRecord>;

    fn next(&mut self) -> Option<Result<RawRecord>> {
        self.read().transpose()
    }
}

/// The values of an object by their keys, and the keys that it has more than once.
struct Object<'a> {
    values: BTreeMap<String, &'a RawValue>,
    repeated: BTreeSet<String>,
}

impl<'a> Deserialize<'a> for Object<'a> {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Keys;
        impl<'a> Visitor<'a> for Keys {
            type Value = Object<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> std::result::Result<Object<'a>, M::Error> {
                let mut object = Object { values: BTreeMap::new(), repeated: BTreeSet::new() };
                while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
                    if object.values.contains_key(&key) {
                        object.repeated.insert(key.clone());
                    }
                    object.values.insert(key, value);
                }
                Ok(object)
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

/// Fills a document from one line.
pub(crate) fn fill(
    line: &str,
    position: Position,
    options: &InputOptions,
    document: &mut Document,
) -> Result<()> {
    let Object { values: object, repeated } = serde_json::from_str(line).map_err(|error| {
        let found = match line.trim_start().as_bytes().first() {
            Some(b'[') => "it is an array".to_owned(),
            Some(b'{') => format!("it is not valid JSON: {error}"),
            _ => "it is not a JSON object".to_owned(),
        };
        Error::malformed(position.clone(), "json", format!("{found}; expected one JSON object a line"))
    })?;
    let malformed = |column: &str, fault: &str| {
        Error::malformed(position.clone(), "json", format!("the value of `{column}` cannot be used: {fault}"))
    };
    let missing = |column: &str| {
        Error::new(ErrorKind::MissingColumn {
            position: position.clone(),
            column: column.to_owned(),
            found: object.keys().cloned().collect(),
        })
    };
    let once = |column: &str| match repeated.contains(column) {
        true => Err(malformed(column, "the object has this key more than once; keep one of them")),
        false => Ok(()),
    };
    let get = |column: &Column| match object.get(&column.name) {
        None if column.need == Requirement::Always => Err(missing(&column.name)),
        None => Ok(None),
        Some(value) => {
            once(&column.name)?;
            field(value).map_err(|fault| malformed(&column.name, fault))
        }
    };
    let mut texts = Vec::new();
    for name in &options.preparation.text_columns {
        let value = object.get(name).ok_or_else(|| missing(name))?;
        once(name)?;
        if !value.get().starts_with('"') && value.get() != "null" {
            return Err(malformed(name, "it is not a string"));
        }
        texts.push(field(value).map_err(|fault| malformed(name, fault))?.unwrap_or_default());
    }
    let joined = options.preparation.join(texts.iter().map(String::as_str));
    (document.text, document.extraction) = (joined.text, joined.extraction);
    if let Some(id) = get(&options.id)? {
        document.id = id;
    }
    for (column, value) in options.columns.iter().zip(&mut document.columns) {
        *value = get(column)?;
    }
    Ok(())
}

/// A string's characters, `None` for null, and anything else exactly as it is written.
fn field(value: &RawValue) -> std::result::Result<Option<String>, &'static str> {
    match value.get() {
        "null" => Ok(None),
        // The line is valid JSON: nothing else can be wrong with a string.
        written if written.starts_with('"') => serde_json::from_str(written).map_err(|_| {
            "it holds half of a surrogate pair (\\ud800 to \\udfff alone), which is no character; remove it"
        }),
        written => Ok(Some(written.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::read::Column;

    fn lines(bytes: &[u8], max_record: usize) -> Vec<Result<RawRecord>> {
        let source = Source::new("x".into(), Box::new(std::io::Cursor::new(bytes.to_vec())));
        JsonLines::new(source, max_record).collect()
    }

    fn document(line: &str) -> Result<Document> {
        let options = InputOptions {
            columns: vec![Column { name: "n".into(), need: Requirement::Optional }],
            ..InputOptions::default()
        };
        let mut document = Document { columns: vec![None], ..Document::default() };
        fill(line, Position::default(), &options, &mut document).map(|()| document)
    }

    #[test]
    fn blank_lines_are_no_records_and_lines_are_counted() {
        let found: Vec<(u64, u64)> = lines(b"{}\n\n  \n{}", 99)
            .into_iter()
            .map(|raw| raw.map(|raw| (raw.record.unwrap(), raw.line.unwrap())).unwrap())
            .collect();
        assert_eq!(found, [(1, 1), (2, 4)]);
    }

    #[test]
    fn a_line_over_the_limit_is_one_error_and_the_rest_goes_on() {
        let mut bytes = vec![b'x'; 600 << 10];
        bytes.extend_from_slice(b"\n{}\n");
        let found = lines(&bytes, 1000);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].as_ref().unwrap_err().name(), "too-large");
        assert_eq!(found[1].as_ref().unwrap().line, Some(2));
    }

    #[test]
    fn ids_and_columns_stay_as_they_are_written() {
        let document = document(r#"{"id":1.50,"text":"caf\u00e9","n":null}"#).unwrap();
        assert_eq!((document.id.as_str(), document.text.as_str()), ("1.50", "café"));
        assert_eq!(document.columns, [None]);
    }

    #[test]
    fn what_is_no_object_or_has_no_text_is_an_error() {
        assert!(document("[1]").unwrap_err().to_string().contains("it is an array"));
        assert!(document("{\"text\":").unwrap_err().to_string().contains("not valid JSON"));
        assert!(document("{\"txt\":\"x\"}").unwrap_err().to_string().contains("did you mean `txt`"));
    }

    #[test]
    fn values_that_are_no_text_are_errors_and_null_is_none() {
        for line in [
            r#"{"text":"a \ud800 b"}"#,
            r#"{"text":{"a":1}}"#,
            r#"{"text":7}"#,
            r#"{"text":"x","id":"\udfff"}"#,
            r#"{"text":"x","text":"x"}"#,
            r#"{"text":"x","n":1,"n":1}"#,
        ] {
            assert_eq!(document(line).unwrap_err().name(), "json", "{line}");
        }
        assert_eq!(document(r#"{"a":1,"text":"x","a":2}"#).unwrap().text, "x", "nobody asked for `a`");
        let empty = document(r#"{"text":null,"id":null}"#).unwrap();
        assert_eq!((empty.text.as_str(), empty.id.as_str()), ("", ""));
    }

    proptest! {
        #[test]
        fn no_line_panics_and_none_is_lost(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let expected = bytes.split(|&b| b == b'\n').filter(|line| !line.trim_ascii().is_empty()).count();
            let found = lines(&bytes, 1000);
            prop_assert_eq!(found.len(), expected);
            for raw in found.into_iter().flatten() {
                let _ = raw.document(&InputOptions::default());
            }
        }
    }
}
