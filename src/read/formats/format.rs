//! Detects the format of a file by its name and by its first line.

use std::path::Path;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::read::InputOptions;
use crate::read::bytes::compression;
use crate::read::formats::{FORMATS, FormatInfo, Magic, Reader};

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// One plain text.
    Text,
    /// One text in Markdown, perhaps with front matter.
    Markdown,
    /// One HTML page.
    Html,
    /// Comma-, semicolon-, tab- or bar-separated values with a header, one text per row.
    Csv,
    /// JSON: objects, one per line, one after the other, in an array or in a list.
    Jsonl,
    /// A web archive, one text a page.
    Warc,
    /// A message or a mailbox, one text a message.
    Mail,
    /// A feed (RSS, RDF, Atom), one text an item.
    Feed,
    /// Lines of fastText, each with `__label__` and its label before the text.
    FastText,
    /// Subtitles (.srt, .vtt), one text a file.
    Subtitles,
    /// A chat that was exported or copied as text, one text per message.
    Chat,
    /// A file of short texts, one per line.
    Lines,
    /// A text with many articles, as Nexis, Nexis Uni, Factiva and ProQuest export them.
    Export,
    /// Parquet, one text per row.
    Parquet,
    /// A sheet of an .xlsx or .ods file, one text per row.
    Spreadsheet,
}

impl Format {
    /// The names that users give the formats; several names may stand for one format.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FORMATS.iter().flat_map(|info| info.names).copied()
    }

    /// The format of a name.
    pub fn from_name(name: &str) -> Option<Format> {
        FORMATS.iter().find(|info| info.names.contains(&name)).map(|info| info.format)
    }

    /// The format that a path's extension tells; that of a compressed file stands before `.gz` or
    /// `.zst`.
    pub fn from_path(path: &Path) -> Option<Format> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        let extension = extension.as_str();
        if compression::EXTENSIONS.contains(&extension) {
            return Format::from_path(Path::new(path.file_stem()?));
        }
        let has = |info: &&FormatInfo| {
            info.extensions.contains(&extension) || info.other_extensions.contains(&extension)
        };
        FORMATS.iter().find(has).map(|info| info.format)
    }

    /// The names in words: `text, markdown, ... or ods`.
    pub fn list_names() -> String {
        in_words(&Format::names().map(str::to_owned).collect::<Vec<_>>())
    }

    /// The usual extensions in words: `.txt, .md, ... or .ods`.
    pub fn list_extensions() -> String {
        let extensions = FORMATS.iter().flat_map(|info| info.extensions);
        in_words(&extensions.map(|extension| format!(".{extension}")).collect::<Vec<_>>())
    }

    /// The format's row of the table.
    pub(crate) fn info(self) -> &'static FormatInfo {
        const FIRST: &FormatInfo = &FORMATS[0];
        let found = FORMATS.iter().find(|info| info.format == self);
        debug_assert!(found.is_some(), "{self:?} has no row in FORMATS");
        found.unwrap_or(FIRST)
    }

    /// Whether a file of it is read from its end, so that it must be a file or in memory and no
    /// stream.
    pub(crate) fn is_read_from_its_end(self) -> bool {
        matches!(self.info().reader, Reader::Seekable(..))
    }
}

impl Serialize for Format {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.info().names.first().copied().unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let unknown =
            || D::Error::custom(format!("unknown format `{name}`; expected {}", Format::list_names()));
        Format::from_name(&name).ok_or_else(unknown)
    }
}

/// Alternatives in words: `a, b or c`.
pub(crate) fn in_words(alternatives: &[String]) -> String {
    match alternatives {
        [] => String::new(),
        [only] => only.clone(),
        [others @ .., last] => format!("{} or {last}", others.join(", ")),
    }
}

/// Detects the format of decoded text; plain text where no other format is detected.
pub(crate) fn sniff(head: &[u8], options: &InputOptions) -> Format {
    let told = |info: &&FormatInfo| matches!(info.magic, Magic::Text(is) if is(head, options));
    FORMATS.iter().rfind(told).map_or(Format::Text, |info| info.format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_tells_the_format() {
        let options = InputOptions::default();
        assert_eq!(sniff(b"  \n{\"text\":1}", &options), Format::Jsonl);
        assert_eq!(sniff(b"id;text\n1;x", &options), Format::Csv);
        assert_eq!(sniff(b"\n<!DOCTYPE html>", &options), Format::Html);
        assert_eq!(sniff(b"Some text, and more text\n", &options), Format::Text);
        assert_eq!(sniff(b"", &options), Format::Text);
    }

    #[test]
    fn every_format_has_one_row_and_every_name_one_format() {
        for (number, info) in FORMATS.iter().enumerate() {
            assert_eq!(FORMATS.iter().position(|other| other.format == info.format), Some(number));
            assert_eq!(info.format.info().description, info.description);
            for name in info.names {
                assert_eq!(Format::from_name(name), Some(info.format));
            }
            for extension in info.extensions.iter().chain(info.other_extensions) {
                assert_eq!(Format::from_path(Path::new(&format!("x.{extension}"))), Some(info.format));
            }
        }
        assert_eq!(Format::from_name("docx"), None);
    }

    #[test]
    fn names_and_extensions_are_listed_in_words() {
        assert_eq!(
            Format::list_names(),
            "text, markdown, html, csv, jsonl, json, warc, eml, mbox, rss, atom, fasttext, subtitles, chat, lines, export, parquet, xlsx or ods"
        );
        assert_eq!(
            Format::list_extensions(),
            ".txt, .md, .html, .csv, .tsv, .jsonl, .ndjson, .json, .warc, .eml, .mbox, .rss, .atom, .parquet, .xlsx or .ods"
        );
    }

    #[test]
    fn extensions_tell_the_format_in_any_case() {
        assert_eq!(Format::from_path(Path::new("a/B.CSV")), Some(Format::Csv));
        assert_eq!(Format::from_path(Path::new("a/b.docx")), None);
        assert_eq!(Format::from_path(Path::new("a/b.PQ")), Some(Format::Parquet));
        assert_eq!(Format::from_path(Path::new("a/b.xlsm")), Some(Format::Spreadsheet));
        assert_eq!(Format::from_path(Path::new("csv")), None);
        assert_eq!(Format::from_path(Path::new("a/b.jsonl.ZST")), Some(Format::Jsonl));
        assert_eq!(Format::from_path(Path::new("a/b.gz")), None);
        assert_eq!(Format::from_path(Path::new("a/b.warc.gz")), Some(Format::Warc));
        assert_eq!(Format::from_path(Path::new("a/b.warc.wet.gz")), Some(Format::Warc));
        assert_eq!(Format::from_path(Path::new("a/.gz.gz.gz")), None);
    }
}
