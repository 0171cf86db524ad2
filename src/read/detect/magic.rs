//! A file's first bytes to what it holds, where that is no text.

use std::fs::File;
use std::path::Path;

use crate::read::Format;
use crate::read::detect::unsupported;
use crate::read::formats::spreadsheet;
use crate::read::formats::spreadsheet::Kind;

const PARQUET: &[u8] = b"PAR1";

/// What is told by the first bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Sniffed {
    /// A format that has bytes of its own.
    Format(Format),
    /// Something that is not read, and what is said of it.
    Refused(String),
    /// Text, as far as is known.
    Text,
}

impl Sniffed {
    /// Of the first bytes, and of the file if they are those of a file: what a zip archive holds stands at its end.
    pub(crate) fn of(head: &[u8], file: Option<&Path>) -> Sniffed {
        // A text may begin with these letters; in Parquet a byte follows that is no letter.
        if head.strip_prefix(PARQUET).and_then(<[u8]>::first).is_some_and(|byte| byte.is_ascii_control()) {
            return Sniffed::Format(Format::Parquet);
        }
        if head.starts_with(unsupported::ZIP)
            && let Some(file) = file.and_then(|path| File::open(path).ok())
        {
            return match spreadsheet::kind(file) {
                Kind::Xlsx | Kind::Ods => Sniffed::Format(Format::Spreadsheet),
                Kind::Other(extension) => unsupported::by_extension(extension).into(),
            };
        }
        unsupported::by_beginning(head).into()
    }
}

/// What is said of bytes that are packed twice; `begins` tells whether they begin with others.
pub(crate) fn packed(mut begins: impl FnMut(&[u8]) -> bool) -> Option<String> {
    const KINDS: [(&[u8], &str); 2] = [(b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd")];
    KINDS.iter().find(|(magic, _)| begins(magic)).map(|(_, kind)| not_text(kind))
}

/// What is said of bytes that no text has.
pub(crate) fn no_text(head: &[u8]) -> Option<String> {
    head.contains(&0).then(|| not_text("binary data (it holds zero bytes)"))
}

fn not_text(kind: &str) -> String {
    format!("it is {kind}, not text; convert it to text, Markdown, CSV or JSON lines first")
}

impl From<Option<String>> for Sniffed {
    fn from(refusal: Option<String>) -> Self {
        refusal.map_or(Sniffed::Text, Sniffed::Refused)
    }
}

impl Format {
    /// Whether a file of it is read from its end, so that it must be a file and no stream.
    pub(crate) fn is_read_from_its_end(self) -> bool {
        matches!(self, Format::Parquet | Format::Spreadsheet)
    }

    /// What is said of a file under the name of another format.
    pub(crate) fn misnamed(self) -> String {
        let (what, name, option) = self.shown();
        format!("it is {what}; give it its own name ({name}) or --input-format {option}")
    }

    /// What is said of a stream: `packing` is what it is compressed with, `is_stdin` whether it is standard input.
    pub(crate) fn not_a_file(self, packing: Option<&str>, is_stdin: bool) -> String {
        let (what, ..) = self.shown();
        if let Some(packing) = packing {
            return format!("it is {what} inside {packing}; unpack it first");
        }
        let stream = if is_stdin { "standard input" } else { "a pipe" };
        format!("it is {what}, which is read from its end, and {stream} has none; write it to a file first")
    }

    fn shown(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Format::Spreadsheet => ("a spreadsheet", ".xlsx or .ods", "xlsx"),
            _ => ("Parquet", ".parquet", "parquet"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_begins_with_the_letters_of_parquet_is_text() {
        assert_eq!(Sniffed::of(b"PAR1\x15\x04\x15", None), Sniffed::Format(Format::Parquet));
        assert_eq!(Sniffed::of(b"PAR1 is a name", None), Sniffed::Text);
        assert_eq!(Sniffed::of(b"PAR1", None), Sniffed::Text);
        assert_eq!(Sniffed::of(b"", None), Sniffed::Text);
    }

    #[test]
    fn what_is_no_text_is_told_by_its_bytes() {
        assert!(no_text(b"\x7fELF\x00\x01").unwrap().contains("binary data"));
        assert!(packed(|magic| b"\x1f\x8b\x08".starts_with(magic)).unwrap().contains("it is gzip"));
        assert_eq!(packed(|magic| b"\x1f".starts_with(magic)), None);
        assert_eq!(no_text("{\"text\": \"naïve\"}".as_bytes()), None);
    }

    #[test]
    fn an_archive_that_cannot_be_looked_into_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, b"PK\x03\x04 and no directory").unwrap();
        for file in [None, Some(path.as_path())] {
            let Sniffed::Refused(message) = Sniffed::of(b"PK\x03\x04....", file) else { panic!() };
            assert!(message.contains("zip archive"), "{message}");
        }
    }
}
