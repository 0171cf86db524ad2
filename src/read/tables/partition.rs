//! Reads the columns that stand in the folders of a path, as in
//! `source=A/date=2024-01-01/part-0.parquet`.
//!
//! Spark, Hive and Arrow write a table so: one folder for each value of a column, which the files
//! below it lack.

use std::borrow::Cow;
use std::path::{Component, Path};

use crate::read::{InputOptions, Requirement};
use crate::text::document::Document;

/// What stands for no value.
const NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// The columns that the folders of a path give, from the outermost in; `None` where a column has no
/// value.
pub(crate) fn columns(path: &str) -> Vec<(String, Option<String>)> {
    // Nearly all paths have none.
    if !path.contains('=') {
        return Vec::new();
    }
    let folders = Path::new(path).parent().into_iter().flat_map(Path::components);
    folders
        .filter_map(|part| if let Component::Normal(name) = part { column(name.to_str()?) } else { None })
        .collect()
}

fn column(folder: &str) -> Option<(String, Option<String>)> {
    let (name, value) = folder.split_once('=')?;
    let value = Some(value).filter(|value| *value != NULL && !value.is_empty()).map(unescape);
    (!name.is_empty()).then(|| (unescape(name), value))
}

/// Undoes `%3A` and the like, with which folders spell characters that no name of a file may have.
fn unescape(written: &str) -> String {
    let mut bytes = Vec::with_capacity(written.len());
    let mut rest = written.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = digits.filter(|_| first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(escaped.unwrap_or(first));
        rest = if escaped.is_some() { behind.get(2..).unwrap_or(&[]) } else { behind };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| written.to_owned())
}

/// The options for the files of a path: what its folders give, a file may lack.
pub(crate) fn options_for<'o>(path: &str, options: &'o InputOptions) -> Cow<'o, InputOptions> {
    let given = columns(path);
    let is_given = |name: &str| given.iter().any(|(column, _)| column == name);
    if !options.columns.iter().any(|column| is_given(&column.name)) && !is_given(&options.id.name) {
        return Cow::Borrowed(options);
    }
    let mut relaxed = options.clone();
    for column in relaxed.columns.iter_mut().chain([&mut relaxed.id]) {
        if is_given(&column.name) {
            column.need = Requirement::Optional;
        }
    }
    Cow::Owned(relaxed)
}

/// Fills the carried columns that the file itself has left without a value.
pub(crate) fn fill(options: &InputOptions, document: &mut Document) {
    for (name, value) in columns(&document.path) {
        for (column, slot) in options.columns.iter().zip(&mut document.columns) {
            if slot.is_none() && column.name == name {
                slot.clone_from(&value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::read::{Column, Input, Inputs};

    #[test]
    fn folders_give_columns_and_files_do_not() {
        let given = |path: &str| columns(path);
        let value = |name: &str, value: Option<&str>| (name.to_owned(), value.map(str::to_owned));
        assert_eq!(
            given("/d/source=The%20Post/date=2024-01-01/part=0.parquet"),
            [value("source", Some("The Post")), value("date", Some("2024-01-01"))]
        );
        assert_eq!(given("a=__HIVE_DEFAULT_PARTITION__/b=/x.csv"), [value("a", None), value("b", None)]);
        assert_eq!(
            given("time=10%3A30/q=50%/u=%ff/x=a=b/f.csv")[..2],
            [value("time", Some("10:30")), value("q", Some("50%"))]
        );
        assert_eq!(given("u=%ff/x=a=b/f.csv"), [value("u", Some("%ff")), value("x", Some("a=b"))]);
        assert_eq!(given("=b/plain/f.csv"), []);
    }

    fn read(
        name: &str,
        content: &'static str,
        need: Requirement,
    ) -> Vec<Result<Vec<Option<String>>, String>> {
        let column = |name: &str| Column { name: name.to_owned(), need };
        let options =
            InputOptions { columns: ["source", "label"].map(column).to_vec(), ..InputOptions::default() };
        let input = Input::from_bytes(name, content.as_bytes());
        let document = |raw: crate::Result<crate::read::RawRecord>| {
            raw.and_then(|raw| raw.document(&options))
                .map(|document| document.columns)
                .map_err(|e| e.to_string())
        };
        Inputs::new([input], options.clone()).map(document).collect()
    }

    #[test]
    fn every_format_has_the_columns_of_its_path_and_its_own_come_first() {
        let some = |value: &str| Some(value.to_owned());
        let both = vec![Ok(vec![some("A"), some("x")])];
        for (name, content) in [
            ("source=A/t.csv", "text,label\none,x\n"),
            ("source=A/t.jsonl", "{\"text\":\"one\",\"label\":\"x\"}\n"),
            ("label=x/source=A/t.txt", "one"),
            ("d/source=A/label=x/t.md", "one"),
            ("source=B/t.csv", "text,label,source\none,x,A\n"),
        ] {
            assert_eq!(read(name, content, Requirement::Always), both, "{name}");
        }
        let missing = &read("source=A/t.csv", "text\none\n", Requirement::Always)[0];
        assert!(missing.as_ref().unwrap_err().contains("no column `label`"));
        let null = read("source=__HIVE_DEFAULT_PARTITION__/t.csv", "text\none\n", Requirement::Optional);
        assert_eq!(null, [Ok(vec![None, None])]);
    }

    proptest! {
        #[test]
        fn no_path_panics(path in "(\\PC|%|=|/|%4){0,40}") {
            columns(&path);
        }
    }
}
