//! Lists the formats that are read. A new format is a module here, a row of [`FORMATS`] and a
//! variant of [`Format`].

pub(crate) mod chats;
pub(crate) mod dates;
pub(crate) mod delimited;
#[cfg(not(all(feature = "parquet", feature = "spreadsheet")))]
pub(crate) mod disabled_features;
pub(crate) mod exports;
pub(crate) mod fasttext;
pub(crate) mod feed;
pub(crate) mod format;
pub(crate) mod headless;
pub(crate) mod item;
pub(crate) mod item_reader;
pub(crate) mod json;
pub(crate) mod lines;
pub(crate) mod mail;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
pub(crate) mod plain;
pub(crate) mod printed;
#[cfg(feature = "spreadsheet")]
pub(crate) mod spreadsheet;
pub(crate) mod subtitles;
pub(crate) mod text_head;
pub(crate) mod unsupported;
pub(crate) mod warc;

use std::sync::Arc;

use crate::error::Result;
use crate::read::bytes::seekable::Seekable;
use crate::read::bytes::source::Source;
#[cfg(not(feature = "parquet"))]
pub(crate) use crate::read::formats::disabled_features::parquet;
#[cfg(not(feature = "spreadsheet"))]
pub(crate) use crate::read::formats::disabled_features::spreadsheet;
use crate::read::formats::format::Format;
use crate::read::formats::unsupported::ZIP;
use crate::read::{Body, InputOptions, ReadNotes, Records};

/// What is known of a format: a row of [`FORMATS`].
pub(crate) struct FormatInfo {
    pub format: Format,
    /// What messages call a file of it.
    pub description: &'static str,
    /// What users call it; the first is its usual name.
    pub names: &'static [&'static str],
    /// The usual extensions, in lower case.
    pub extensions: &'static [&'static str],
    /// Further extensions, which lists of extensions leave out.
    pub other_extensions: &'static [&'static str],
    pub magic: Magic,
    pub reader: Reader,
}

/// What the first bytes tell.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Sniffed {
    /// A format that has magic bytes.
    Format(Format),
    /// Something that is not read, and the message that says so.
    Refused(String),
    /// Text, as far as is known.
    Text,
}

/// How content tells a format.
pub(crate) enum Magic {
    /// Not at all.
    None,
    /// By the first bytes of a file.
    Bytes(fn(&[u8]) -> bool),
    /// By what is inside a file that begins with these bytes.
    Container(&'static [u8], fn(Seekable) -> Sniffed),
    /// By the beginning of the decoded text.
    Text(fn(&[u8], &InputOptions) -> bool),
}

/// How a format is read.
pub(crate) enum Reader {
    /// The decoded text is one record.
    Whole(fn(Vec<u8>) -> Body),
    /// Record by record from the decoded text.
    Text(fn(Source, &InputOptions) -> Result<Records>),
    /// Record by record from bytes that are not decoded: each record has an encoding of its own.
    Bytes(fn(Source, &InputOptions, ReadNotes) -> Result<Records>),
    /// From any place: a file, or bytes in memory. The first says what is wrong with a file that
    /// cannot be read (`kind` of the error).
    Seekable(&'static str, fn(Arc<str>, Seekable, &InputOptions) -> Result<Records>),
}

/// The formats, in the order in which they are listed. Where text tells several, the last counts:
/// what is written in Markdown may stand in a page, and a page in a table.
pub(crate) const FORMATS: [FormatInfo; 15] = [
    FormatInfo {
        format: Format::Text,
        description: "plain text",
        names: &["text"],
        extensions: &["txt"],
        other_extensions: &["text"],
        magic: Magic::None,
        reader: Reader::Whole(Body::Text),
    },
    FormatInfo {
        format: Format::Markdown,
        description: "Markdown",
        names: &["markdown"],
        extensions: &["md"],
        other_extensions: &["markdown"],
        magic: Magic::Text(|head, _| plain::is_markdown(head)),
        reader: Reader::Whole(Body::Markdown),
    },
    FormatInfo {
        format: Format::Html,
        description: "HTML",
        names: &["html"],
        extensions: &["html"],
        other_extensions: &["htm", "xhtml"],
        magic: Magic::Text(|head, _| plain::is_html(head)),
        reader: Reader::Whole(Body::Html),
    },
    FormatInfo {
        format: Format::Csv,
        description: "CSV",
        names: &["csv"],
        extensions: &["csv", "tsv"],
        other_extensions: &[],
        magic: Magic::Text(|head, options| !json::begins(head) && delimited::has_header(head, options)),
        reader: Reader::Text(|source, options| Ok(Box::new(delimited::Delimited::open(source, options)?))),
    },
    FormatInfo {
        format: Format::Jsonl,
        description: "JSON",
        names: &["jsonl", "json"],
        extensions: &["jsonl", "ndjson", "json"],
        other_extensions: &[],
        magic: Magic::Text(|head, options| json::begins(head) && !text_head::is_json(head, options)),
        reader: Reader::Text(json::open),
    },
    FormatInfo {
        format: Format::Warc,
        description: "a web archive",
        names: &["warc"],
        extensions: &["warc"],
        // Common Crawl's files of extracted texts end in .warc.wet.
        other_extensions: &["wet"],
        magic: Magic::Bytes(|head| head.starts_with(warc::BEGINNING)),
        reader: Reader::Bytes(|source, options, notes| {
            Ok(Box::new(warc::Archive::new(source, options.max_record, notes)))
        }),
    },
    FormatInfo {
        format: Format::Mail,
        description: "mail",
        names: &["eml", "mbox"],
        extensions: &["eml", "mbox"],
        other_extensions: &["mbx", "emlx"],
        magic: Magic::Bytes(mail::begins),
        reader: Reader::Bytes(|source, options, _| mail::open(source, options)),
    },
    FormatInfo {
        format: Format::Feed,
        description: "a feed",
        names: &["rss", "atom"],
        extensions: &["rss", "atom"],
        other_extensions: &["rdf"],
        magic: Magic::Text(|head, _| feed::begins(head)),
        reader: Reader::Text(feed::open),
    },
    FormatInfo {
        format: Format::FastText,
        description: "labeled lines of fastText",
        names: &["fasttext"],
        extensions: &[],
        other_extensions: &["fasttext", "ft"],
        magic: Magic::Text(|head, _| fasttext::begins(head)),
        reader: Reader::Text(|source, options| Ok(Box::new(fasttext::open(source, options.max_record)))),
    },
    FormatInfo {
        format: Format::Subtitles,
        description: "subtitles",
        names: &["subtitles"],
        extensions: &[],
        other_extensions: &["srt", "vtt"],
        magic: Magic::Text(|head, _| subtitles::begins(head)),
        reader: Reader::Whole(subtitles::body),
    },
    FormatInfo {
        format: Format::Chat,
        description: "a chat",
        names: &["chat"],
        extensions: &[],
        other_extensions: &[],
        magic: Magic::Text(|head, _| chats::begins(head)),
        reader: Reader::Text(|source, options| Ok(Box::new(chats::open(source, options)?))),
    },
    FormatInfo {
        format: Format::Lines,
        description: "one text per line",
        names: &["lines"],
        extensions: &[],
        other_extensions: &[],
        // Any text has lines.
        magic: Magic::None,
        reader: Reader::Text(|source, options| Ok(Box::new(lines::open(source, options.max_record)))),
    },
    FormatInfo {
        format: Format::Export,
        description: "an export of a newspaper database",
        names: &["export"],
        extensions: &[],
        other_extensions: &[],
        magic: Magic::Text(|head, _| exports::begins(head)),
        reader: Reader::Text(|source, options| Ok(Box::new(exports::open(source, options)?))),
    },
    FormatInfo {
        format: Format::Parquet,
        description: "Parquet",
        names: &["parquet"],
        extensions: &["parquet"],
        other_extensions: &["pq"],
        // A text may begin with these letters; in Parquet, a byte follows that is no letter.
        magic: Magic::Bytes(|head| {
            head.strip_prefix(b"PAR1").and_then(<[u8]>::first).is_some_and(u8::is_ascii_control)
        }),
        reader: Reader::Seekable("parquet", |name, file, options| {
            Ok(Box::new(parquet::ParquetRows::open(name, file, options)?))
        }),
    },
    FormatInfo {
        format: Format::Spreadsheet,
        description: "a spreadsheet",
        names: &["xlsx", "ods"],
        extensions: &["xlsx", "ods"],
        other_extensions: &["xlsm"],
        magic: Magic::Container(ZIP, spreadsheet::sniff),
        reader: Reader::Seekable("spreadsheet", |name, file, options| {
            Ok(Box::new(spreadsheet::SheetRows::open(name, file, options)?))
        }),
    },
];
