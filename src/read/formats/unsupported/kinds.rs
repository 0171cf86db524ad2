//! Lists the formats that are not read, with their signs and what to do instead.

use crate::read::formats::unsupported::{OLE2, PDF, Sign, Unsupported, ZIP, text};

const OFFICE: &str =
    "convert it to text first, for example with `pandoc -t plain` or `soffice --headless --convert-to txt`";
const OLD_OFFICE: &str = "convert it to text first, for example with `soffice --headless --convert-to txt`";
const TO_TABLE: &str = "export it as CSV, with one text per row";

const MEDIAWIKI: &str = "an export of MediaWiki";
const FROM_MEDIAWIKI: &str = "extract its articles first, for example as JSON with WikiExtractor";

/// Formats that have extensions of their own come before those that only magic bytes tell.
pub(super) const KINDS: [Unsupported; 28] = [
    Unsupported {
        extensions: &["pdf"],
        sign: Sign::Bytes(PDF),
        what: "a PDF",
        how: "convert it to text first, for example with `pdftotext`",
    },
    Unsupported { extensions: &["rtf"], sign: Sign::Bytes(b"{\\rtf"), what: "RTF", how: OLD_OFFICE },
    Unsupported { extensions: &["docx", "docm"], sign: Sign::None, what: "a Word document", how: OFFICE },
    Unsupported { extensions: &["odt"], sign: Sign::None, what: "an OpenDocument text", how: OFFICE },
    Unsupported {
        extensions: &["epub"],
        sign: Sign::None,
        what: "an e-book",
        how: "convert it to text first, for example with `pandoc -t plain`",
    },
    Unsupported { extensions: &["doc"], sign: Sign::None, what: "an old Word document", how: OLD_OFFICE },
    Unsupported {
        extensions: &["xls", "xlsb"],
        sign: Sign::None,
        what: "a workbook in one of Excel's own formats",
        how: "save it as .xlsx or CSV",
    },
    Unsupported {
        extensions: &["pptx", "ppt", "odp"],
        sign: Sign::None,
        what: "a presentation",
        how: "export its text first",
    },
    Unsupported {
        extensions: &[],
        sign: Sign::Bytes(OLE2),
        what: "an Office file of the old kind, or one with a password",
        how: "save it again, without a password, as text, .xlsx or CSV",
    },
    Unsupported {
        extensions: &["xz"],
        sign: Sign::Bytes(b"\xfd7zXZ\0"),
        what: "compressed with xz",
        how: "unpack it first, with `xz -d`",
    },
    Unsupported {
        extensions: &["lzma"],
        sign: Sign::None,
        what: "compressed with lzma",
        how: "unpack it first, with `xz -d`",
    },
    Unsupported {
        extensions: &["bz2"],
        sign: Sign::Bytes(b"BZh91AY&SY"),
        what: "compressed with bzip2",
        how: "unpack it first, with `bzip2 -d`",
    },
    Unsupported {
        extensions: &["lz4"],
        sign: Sign::Bytes(b"\x04\x22\x4d\x18"),
        what: "compressed with lz4",
        how: "unpack it first, with `lz4 -d`",
    },
    Unsupported {
        extensions: &["br"],
        sign: Sign::None,
        what: "compressed with Brotli",
        how: "unpack it first, with `brotli -d`",
    },
    Unsupported {
        extensions: &["7z"],
        sign: Sign::Bytes(b"7z\xbc\xaf\x27\x1c"),
        what: "a 7z archive",
        how: "unpack it first, with `7z x`",
    },
    Unsupported {
        extensions: &["rar"],
        sign: Sign::Bytes(b"Rar!\x1a\x07"),
        what: "a rar archive",
        how: "unpack it first, with `unrar x`",
    },
    Unsupported {
        extensions: &["tar", "tgz"],
        sign: Sign::None,
        what: "a tar archive",
        how: "unpack it first, with `tar -xf`",
    },
    Unsupported {
        extensions: &["arc"],
        sign: Sign::Bytes(b"filedesc://"),
        what: "a web archive of the kind before WARC",
        how: "convert it to WARC first, for example with `warcio recompress old.arc new.warc.gz`",
    },
    Unsupported { extensions: &[], sign: Sign::Bytes(b"<mediawiki"), what: MEDIAWIKI, how: FROM_MEDIAWIKI },
    Unsupported {
        extensions: &[],
        sign: Sign::Text(text::is_mediawiki),
        what: MEDIAWIKI,
        how: FROM_MEDIAWIKI,
    },
    Unsupported {
        extensions: &["zip"],
        sign: Sign::Bytes(ZIP),
        what: "a zip archive",
        how: "unpack it first",
    },
    Unsupported {
        extensions: &[],
        sign: Sign::Text(text::is_ris),
        what: "a list of references in RIS",
        how: TO_TABLE,
    },
    Unsupported {
        extensions: &[],
        sign: Sign::Text(text::is_bibtex),
        what: "a list of references in BibTeX",
        how: TO_TABLE,
    },
    Unsupported {
        extensions: &[],
        sign: Sign::Text(text::is_latex),
        what: "LaTeX",
        how: "convert it to text first, for example with `pandoc -t plain`",
    },
    Unsupported {
        extensions: &[],
        sign: Sign::Text(text::is_sql),
        what: "what a database writes of its tables, in SQL",
        how: "load it into a database and export the table with the texts as CSV",
    },
    Unsupported {
        extensions: &[],
        sign: Sign::Text(text::is_yaml),
        what: "a list of records in YAML",
        how: "write one JSON object per record, for example with `yq -c -o=json '.[]'`",
    },
    Unsupported {
        extensions: &[],
        sign: Sign::Text(text::is_substation_alpha),
        what: "a file of SubStation Alpha subtitles (.ass)",
        how: "convert it to .srt first, for example with `ffmpeg`",
    },
    Unsupported {
        extensions: &[],
        sign: Sign::Text(text::is_collection),
        what: "a collection of documents between tags, as TREC, Gigaword, Reuters-21578 and WikiExtractor have it",
        how: "write one JSON object per document",
    },
];
