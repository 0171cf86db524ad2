//! A file's name or its first line to the format that it holds.

use std::path::Path;

use crate::read::InputOptions;
use crate::read::bytes::compression;
use crate::read::formats::delimited::sniff_delimiter;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// One plain text.
    Text,
    /// One text in Markdown, perhaps with front matter.
    Markdown,
    /// One HTML page.
    Html,
    /// Comma-, semicolon-, tab- or bar-separated values with a header, one text a row.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// A web archive, one text a page.
    Warc,
    /// Parquet, one text a row.
    Parquet,
    /// A sheet of an .xlsx or .ods file, one text a row.
    Spreadsheet,
}

impl Format {
    /// All of them, under the names that users give them.
    pub const NAMED: [(&str, Format); 9] = [
        ("text", Format::Text),
        ("markdown", Format::Markdown),
        ("html", Format::Html),
        ("csv", Format::Csv),
        ("jsonl", Format::Jsonl),
        ("warc", Format::Warc),
        ("parquet", Format::Parquet),
        ("xlsx", Format::Spreadsheet),
        ("ods", Format::Spreadsheet),
    ];

    /// The format of a name.
    pub fn named(name: &str) -> Option<Format> {
        Format::NAMED.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// The format that a path's extension tells.
    pub fn of_path(path: &Path) -> Option<Format> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        if compression::EXTENSIONS.contains(&extension.as_str()) {
            return Format::of_path(Path::new(path.file_stem()?));
        }
        match extension.as_str() {
            "txt" | "text" => Some(Format::Text),
            "md" | "markdown" => Some(Format::Markdown),
            "html" | "htm" | "xhtml" => Some(Format::Html),
            "csv" | "tsv" => Some(Format::Csv),
            "jsonl" | "ndjson" => Some(Format::Jsonl),
            // Common Crawl's files of extracted texts end in .warc.wet.
            "warc" | "wet" => Some(Format::Warc),
            "parquet" | "pq" => Some(Format::Parquet),
            "xlsx" | "xlsm" | "ods" => Some(Format::Spreadsheet),
            _ => None,
        }
    }
}

/// A first `{` is JSON lines, a first `<` HTML; a first line that holds a text column is CSV; all else is one text.
pub(crate) fn sniff(head: &[u8], options: &InputOptions) -> Format {
    if head.trim_ascii_start().starts_with(b"{") {
        return Format::Jsonl;
    }
    if head.trim_ascii_start().starts_with(b"<") {
        return Format::Html;
    }
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or(head);
    if sniff_delimiter(line, &options.text).is_some() { Format::Csv } else { Format::Text }
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
    fn extensions_tell_the_format_in_any_case() {
        assert_eq!(Format::of_path(Path::new("a/B.CSV")), Some(Format::Csv));
        assert_eq!(Format::of_path(Path::new("a/b.docx")), None);
        assert_eq!(Format::of_path(Path::new("a/b.PQ")), Some(Format::Parquet));
        assert_eq!(Format::of_path(Path::new("a/b.xlsm")), Some(Format::Spreadsheet));
        assert_eq!(Format::of_path(Path::new("csv")), None);
        assert_eq!(Format::of_path(Path::new("a/b.jsonl.ZST")), Some(Format::Jsonl));
        assert_eq!(Format::of_path(Path::new("a/b.gz")), None);
        assert_eq!(Format::of_path(Path::new("a/b.warc.gz")), Some(Format::Warc));
        assert_eq!(Format::of_path(Path::new("a/b.warc.wet.gz")), Some(Format::Warc));
        assert_eq!(Format::of_path(Path::new("a/.gz.gz.gz")), None);
    }
}
