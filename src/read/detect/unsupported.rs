//! What is not read, by a file's name or its beginning, to a line that says how to make something of it that is.

use std::path::Path;

use crate::read::bytes::compression;

struct Refused {
    extensions: &'static [&'static str],
    /// First bytes; none where they say too little.
    beginning: &'static [u8],
    what: &'static str,
    how: &'static str,
}

const OFFICE: &str =
    "make text of it first, for example with `pandoc -t plain` or `soffice --headless --convert-to txt`";
const OLD_OFFICE: &str = "make text of it first, for example with `soffice --headless --convert-to txt`";

/// What is told by its name stands before what only its beginning tells.
const KINDS: [Refused; 10] = [
    Refused {
        extensions: &["pdf"],
        beginning: b"%PDF-",
        what: "a PDF",
        how: "make text of it first, for example with `pdftotext`",
    },
    Refused { extensions: &["rtf"], beginning: b"{\\rtf", what: "RTF", how: OLD_OFFICE },
    Refused { extensions: &["docx", "docm"], beginning: b"", what: "a Word document", how: OFFICE },
    Refused { extensions: &["odt"], beginning: b"", what: "an OpenDocument text", how: OFFICE },
    Refused {
        extensions: &["epub"],
        beginning: b"",
        what: "an e-book",
        how: "make text of it first, for example with `pandoc -t plain`",
    },
    Refused { extensions: &["doc"], beginning: b"", what: "an old Word document", how: OLD_OFFICE },
    Refused {
        extensions: &["xls", "xlsb"],
        beginning: b"",
        what: "a workbook in one of Excel's own formats",
        how: "save it as .xlsx or CSV",
    },
    Refused {
        extensions: &["pptx", "ppt", "odp"],
        beginning: b"",
        what: "a presentation",
        how: "export its text first",
    },
    Refused {
        extensions: &[],
        beginning: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        what: "an Office file of the old kind, or one with a password",
        how: "save it anew, without a password, as text, .xlsx or CSV",
    },
    Refused { extensions: &["zip"], beginning: ZIP, what: "a zip archive", how: "unpack it first" },
];

pub(crate) const ZIP: &[u8] = b"PK\x03\x04";

/// What is said of a file by its name alone.
pub(crate) fn by_name(path: &Path) -> Option<String> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    if compression::EXTENSIONS.contains(&extension.as_str()) {
        return by_name(Path::new(path.file_stem()?));
    }
    by_extension(&extension)
}

pub(crate) fn by_extension(extension: &str) -> Option<String> {
    KINDS.iter().find(|kind| kind.extensions.contains(&extension)).map(Refused::message)
}

/// What is said of a file by its first bytes.
pub(crate) fn by_beginning(head: &[u8]) -> Option<String> {
    let begins = |kind: &&Refused| !kind.beginning.is_empty() && head.starts_with(kind.beginning);
    KINDS.iter().find(begins).map(Refused::message)
}

impl Refused {
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
