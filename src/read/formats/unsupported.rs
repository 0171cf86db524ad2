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
const KINDS: [Unsupported; 18] = [
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
    Unsupported {
        extensions: &["xz"],
        beginning: b"\xfd7zXZ\0",
        what: "compressed with xz",
        how: "unpack it first, with `xz -d`",
    },
    Unsupported {
        extensions: &["lzma"],
        beginning: b"",
        what: "compressed with lzma",
        how: "unpack it first, with `xz -d`",
    },
    Unsupported {
        extensions: &["bz2"],
        beginning: b"BZh91AY&SY",
        what: "compressed with bzip2",
        how: "unpack it first, with `bzip2 -d`",
    },
    Unsupported {
        extensions: &["lz4"],
        beginning: b"\x04\x22\x4d\x18",
        what: "compressed with lz4",
        how: "unpack it first, with `lz4 -d`",
    },
    Unsupported {
        extensions: &["br"],
        beginning: b"",
        what: "compressed with Brotli",
        how: "unpack it first, with `brotli -d`",
    },
    Unsupported {
        extensions: &["7z"],
        beginning: b"7z\xbc\xaf\x27\x1c",
        what: "a 7z archive",
        how: "unpack it first, with `7z x`",
    },
    Unsupported {
        extensions: &["rar"],
        beginning: b"Rar!\x1a\x07",
        what: "a rar archive",
        how: "unpack it first, with `unrar x`",
    },
    Unsupported {
        extensions: &["tar", "tgz"],
        beginning: b"",
        what: "a tar archive",
        how: "unpack it first, with `tar -xf`",
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
            ("a.jsonl.xz", "`xz -d`"),
            ("a.csv.BZ2", "`bzip2 -d`"),
            ("a.lz4", "`lz4 -d`"),
            ("a.7z", "`7z x`"),
            ("a.br", "`brotli -d`"),
            ("a.tar.gz", "`tar -xf`"),
            ("a.rar", "`unrar x`"),
        ] {
            assert!(by_name(Path::new(name)).unwrap().contains(tool), "{name}");
        }
        assert_eq!(by_name(Path::new("pdf")), None);
        assert_eq!(by_name(Path::new("a.txt")), None);
        assert!(by_beginning(b"%PDF-1.7").unwrap().contains("pdftotext"));
        assert!(by_beginning(b"{\\rtf1 x").unwrap().contains("RTF"));
        assert!(by_beginning(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0").unwrap().contains("password"));
        assert!(by_beginning(b"PK\x03\x04").unwrap().contains("zip"));
        assert!(by_beginning(b"\xfd7zXZ\0\0\x04").unwrap().contains("`xz -d`"));
        assert!(by_beginning(b"BZh91AY&SY\x01").unwrap().contains("`bzip2 -d`"));
        assert!(by_beginning(b"\x04\x22\x4d\x18\x64").unwrap().contains("`lz4 -d`"));
        assert!(by_beginning(b"7z\xbc\xaf\x27\x1c\0").unwrap().contains("`7z x`"));
        assert_eq!(by_beginning(b"BZhang said so"), None);
        assert_eq!(by_beginning("{\"text\": \"naïve\"}".as_bytes()), None);
    }
}
