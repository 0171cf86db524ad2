//! Detects formats that are not read, by name, by magic bytes and by the beginning of a text, and
//! says how to convert them.
//!
//! Many programs write text under such names: what their bytes show to be text is read.

mod kinds;
mod text;
mod xml;

use std::path::Path;

use kinds::KINDS;
use memchr::memmem;

use crate::read::InputOptions;
use crate::read::bytes::compression;
use crate::read::formats::format::{Format, sniff};
use crate::scan::holds_in_any_case;

/// A format that is not read.
pub(crate) struct Unsupported {
    extensions: &'static [&'static str],
    sign: Sign,
    what: &'static str,
    how: &'static str,
}

/// How content tells a format that is not read.
enum Sign {
    /// Not at all: only names tell it.
    None,
    /// By the first bytes of any file, whatever it is called and before it is decoded.
    Bytes(&'static [u8]),
    /// By the beginning of what was decoded and would be read as one text.
    Text(fn(&str) -> bool),
}

pub(crate) const ZIP: &[u8] = b"PK\x03\x04";

/// How the files of old Office programs begin.
const OLE2: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// Some programs write bytes of their own before this, up to a kilobyte.
const PDF: &[u8] = b"%PDF-";

/// The message about a file with such an extension.
pub(crate) fn by_extension(extension: &str) -> Option<String> {
    Unsupported::from_extension(extension).map(Unsupported::message)
}

/// The message about a file with such first bytes.
pub(crate) fn by_beginning(head: &[u8]) -> Option<String> {
    let begins = |kind: &&Unsupported| matches!(kind.sign, Sign::Bytes(bytes) if head.starts_with(bytes));
    KINDS.iter().find(begins).map(Unsupported::message)
}

/// The message about a text that only other programs read.
pub(crate) fn by_text(text: &[u8]) -> Option<String> {
    let head = text::suspicious_head(text)?;
    let begins = |kind: &&Unsupported| matches!(kind.sign, Sign::Text(is) if is(&head));
    KINDS.iter().find(begins).map(Unsupported::message).or_else(|| xml::message(text))
}

impl Unsupported {
    /// What the name of a file says that it is.
    pub(crate) fn from_path(path: &Path) -> Option<&'static Unsupported> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        if compression::EXTENSIONS.contains(&extension.as_str()) {
            return Unsupported::from_path(Path::new(path.file_stem()?));
        }
        Unsupported::from_extension(&extension)
    }

    fn from_extension(extension: &str) -> Option<&'static Unsupported> {
        KINDS.iter().find(|kind| kind.extensions.contains(&extension))
    }

    pub(crate) fn message(&self) -> String {
        format!("it is {}, which is not supported; {}", self.what, self.how)
    }

    /// Whether a file that is named so is what its name says, as far as its first bytes tell.
    pub(crate) fn is_told_by(&self, head: &[u8]) -> bool {
        head.is_empty()
            || head.starts_with(OLE2)
            // A workbook may be one of today's under an old name.
            || head.starts_with(ZIP) && !self.is_workbook()
            || memmem::find(head, PDF).is_some() && self.extensions.contains(&"pdf")
    }

    /// What text under such a name is read as; `head` is its beginning.
    pub(crate) fn read_as(&self, head: &[u8], options: &InputOptions) -> Result<Format, String> {
        // Only text has no other control characters than these.
        let is_binary =
            |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0c' | b'\x7f');
        if head.iter().any(is_binary) {
            return Err(self.message());
        }
        if !self.is_workbook() {
            return Ok(sniff(head, options));
        }
        match sheet_markup(head) {
            Some(what) => Err(format!(
                "it has the name of a workbook but is {what}, which is not supported; save it as .xlsx or CSV, for example with \
                 `soffice --headless --convert-to xlsx`"
            )),
            None => Ok(Format::Csv),
        }
    }

    fn is_workbook(&self) -> bool {
        self.extensions.contains(&"xls")
    }
}

/// What markup a text under the name of a workbook is written in.
fn sheet_markup(head: &[u8]) -> Option<&'static str> {
    let head = head.trim_ascii_start();
    let has = |what: &[u8]| holds_in_any_case(head, what);
    if head.starts_with(b"<") && has(b"urn:schemas-microsoft-com:office:spreadsheet") {
        Some("an XML spreadsheet of 2003")
    } else if head.starts_with(b"<") || has(b"<table") {
        Some("an HTML page with a table")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_beginnings_tell_what_is_not_read() {
        for (name, tool) in [
            ("a/b.PDF", "pdftotext"),
            ("a.docx", "pandoc"),
            ("a.odt", "soffice"),
            ("a.rtf", "soffice"),
            ("a.doc.gz", "soffice"),
            ("a.epub", "pandoc"),
            ("a.xls", ".xlsx or CSV"),
            ("a.jsonl.xz", "`xz -d`"),
            ("a.csv.BZ2", "`bzip2 -d`"),
            ("a.lz4", "`lz4 -d`"),
            ("a.7z", "`7z x`"),
            ("a.br", "`brotli -d`"),
            ("a.tar.gz", "`tar -xf`"),
            ("a.rar", "`unrar x`"),
            ("a.arc.gz", "warcio recompress"),
        ] {
            assert!(Unsupported::from_path(Path::new(name)).unwrap().message().contains(tool), "{name}");
        }
        assert!(Unsupported::from_path(Path::new("pdf")).is_none());
        assert!(Unsupported::from_path(Path::new("a.txt")).is_none());
        assert!(by_beginning(b"%PDF-1.7").unwrap().contains("pdftotext"));
        assert!(by_beginning(b"{\\rtf1 x").unwrap().contains("RTF"));
        assert!(by_beginning(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0").unwrap().contains("password"));
        assert!(by_beginning(b"PK\x03\x04").unwrap().contains("zip"));
        assert!(by_beginning(b"\xfd7zXZ\0\0\x04").unwrap().contains("`xz -d`"));
        assert!(by_beginning(b"BZh91AY&SY\x01").unwrap().contains("`bzip2 -d`"));
        assert!(by_beginning(b"\x04\x22\x4d\x18\x64").unwrap().contains("`lz4 -d`"));
        assert!(by_beginning(b"7z\xbc\xaf\x27\x1c\0").unwrap().contains("`7z x`"));
        assert!(by_beginning(b"<mediawiki xmlns=\"x\">").unwrap().contains("WikiExtractor"));
        assert_eq!(by_beginning(b"BZhang said so"), None);
        assert!(by_beginning(b"filedesc://a.arc 0.0.0.0").unwrap().contains("warcio recompress"));
        assert_eq!(by_beginning("{\"text\": \"naïve\"}".as_bytes()), None);
    }

    fn told(text: &str) -> String {
        by_text(text.as_bytes()).unwrap_or_default()
    }

    #[test]
    fn text_for_other_programs_is_told() {
        for (text, what) in [
            ("TY  - NEWS\nTI  - On ink\nER  - \n", "RIS"),
            ("\n@article{lee2024,\n title = {On ink}\n}\n", "BibTeX"),
            ("\\documentclass[a4paper]{article}\n", "LaTeX"),
            ("[Script Info]\nTitle: Ink\n", ".srt"),
            (
                "<doc id=\"12\" url=\"https://example.org\" title=\"Ink\">\nInk\n\nIt rained.\n</doc>\n",
                "one JSON object",
            ),
            ("<DOC id=\"NYT_ENG_20240517.0001\" type=\"story\" >\n", "one JSON object"),
            ("<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n<REUTERS>", "one JSON object"),
            ("<DOC>\n<DOCNO> AP890101-0001 </DOCNO>\n", "one JSON object"),
            ("<?xml version='1.0'?>\n<mediawiki xmlns='x'><page>", "WikiExtractor"),
            ("-- A dump\n--\n\n/*!40101 SET NAMES utf8 */;\nDROP TABLE IF EXISTS `ink`;\n", "as CSV"),
            ("INSERT INTO ink VALUES (1,'It rained.');\n", "as CSV"),
            ("--\n\nSET statement_timeout = 0;\nSET lock_timeout = 0;\n", "as CSV"),
            ("---\n- id: 1\n  text: It rained.\n\n- id: 2\n  text: It snowed.\n", "YAML"),
            ("<corpus><story><h/></story><story><h/></story></corpus>", "several documents (`<story>`)"),
        ] {
            assert!(told(text).contains(what), "{text}: {}", told(text));
        }
    }

    #[test]
    fn other_texts_are_not() {
        for text in [
            "TY for the ink.\nIt rained.",
            "TY  - she wrote\nIt rained.",
            "@ann {sic} it rained",
            "@ann, it rained {here,\n",
            "[Script] It rained.",
            "<doc> It rained.",
            "<doc title=\"Ink\">",
            "<doctor>",
            "\\section",
            "-- It rained.\n-- It snowed; nobody came.\nSet the table (for four).\n",
            "SET IN STONE (AT LAST)\nIt rained; nobody came.",
            "- Ink: dry\n- Rain: wet\n- Ink: gone\n",
            "- Ink: dry\n  Rain: wet\n- So it rained.\n",
            "<?xml version='1.0'?><html><body>It rained on <mediawik",
            "",
        ] {
            assert_eq!(told(text), "", "{text}");
        }
    }
}
