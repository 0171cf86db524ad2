//! Detects formats that are not read, by name and by magic bytes, and says how to convert them.

use std::path::Path;

use crate::read::bytes::compression;

/// A format that is not read.
struct Unsupported {
    extensions: &'static [&'static str],
    /// The magic bytes; empty where there are none of its own.
    beginning: &'static [u8],
    what: &'static str,
    how: &'static str,
}

const OFFICE: &str =
    "make text of it first, for example with `pandoc -t plain` or `soffice --headless --convert-to txt`";
const OLD_OFFICE: &str = "make text of it first, for example with `soffice --headless --convert-to txt`";

/// Formats that have extensions of their own come before those that only magic bytes tell.
const KINDS: [Unsupported; 10] = [
    Unsupported {
        extensions: &["pdf"],
        beginning: b"%PDF-",
        what: "a PDF",
        how: "make text of it first, for example with `pdftotext`",
    },
    Unsupported { extensions: &["rtf"], beginning: b"{\\rtf", what: "RTF", how: OLD_OFFICE },
    Unsupported { extensions: &["docx", "docm"], beginning: b"", what: "a Word document", how: OFFICE },
    Unsupported { extensions: &["odt"], beginning: b"", what: "an OpenDocument text", how: OFFICE },
    Unsupported {
        extensions: &["epub"],
        beginning: b"",
        what: "an e-book",
        how: "make text of it first, for example with `pandoc -t plain`",
    },
    Unsupported { extensions: &["doc"], beginning: b"", what: "an old Word document", how: OLD_OFFICE },
    Unsupported {
        extensions: &["xls", "xlsb"],
        beginning: b"",
        what: "a workbook in one of Excel's own formats",
        how: "save it as .xlsx or CSV",
    },
    Unsupported {
        extensions: &["pptx", "ppt", "odp"],
        beginning: b"",
        what: "a presentation",
        how: "export its text first",
    },
    Unsupported {
        extensions: &[],
        beginning: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        what: "an Office file of the old kind, or one with a password",
        how: "save it anew, without a password, as text, .xlsx or CSV",
    },
    Unsupported { extensions: &["zip"], beginning: ZIP, what: "a zip archive", how: "unpack it first" },
];

pub(crate) const ZIP: &[u8] = b"PK\x03\x04";

/// The message about a file with such a name.
pub(crate) fn by_name(path: &Path) -> Option<String> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    if compression::EXTENSIONS.contains(&extension.as_str()) {
        return by_name(Path::new(path.file_stem()?));
    }
    by_extension(&extension)
}

/// The message about a file with such an extension.
pub(crate) fn by_extension(extension: &str) -> Option<String> {
    KINDS.iter().find(|kind| kind.extensions.contains(&extension)).map(Unsupported::message)
}

/// The message about a file with such first bytes.
pub(crate) fn by_beginning(head: &[u8]) -> Option<String> {
    let begins = |kind: &&Unsupported| !kind.beginning.is_empty() && head.starts_with(kind.beginning);
    KINDS.iter().find(begins).map(Unsupported::message)
}

impl Unsupported {
    fn message(&self) -> String {
        format!("it is {}, which is not read; {}", self.what, self.how)
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
        ] {
            assert!(by_name(Path::new(name)).unwrap().contains(tool), "{name}");
        }
        assert_eq!(by_name(Path::new("pdf")), None);
        assert_eq!(by_name(Path::new("a.txt")), None);
        assert!(by_beginning(b"%PDF-1.7").unwrap().contains("pdftotext"));
        assert!(by_beginning(b"{\\rtf1 x").unwrap().contains("RTF"));
        assert!(by_beginning(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0").unwrap().contains("password"));
        assert!(by_beginning(b"PK\x03\x04").unwrap().contains("zip"));
        assert_eq!(by_beginning("{\"text\": \"naïve\"}".as_bytes()), None);
    }
}
