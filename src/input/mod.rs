//! Files, folders and streams to documents.
//!
//! Reading is in two steps: [`Inputs`] cuts the bytes into [`Raw`] records, one after the other; [`Raw::document`] turns
//! one record into a [`Document`] and depends on nothing else, so that the threads that score can do it.

mod beginning;
mod compression;
mod decode;
mod delimited;
mod encoding;
mod fields;
mod fingerprint;
mod html;
mod jsonl;
mod labelled;
mod markdown;
#[cfg(not(all(feature = "parquet", feature = "spreadsheet")))]
mod not_built;
#[cfg(feature = "parquet")]
mod parquet;
mod refused;
mod source;
#[cfg(feature = "spreadsheet")]
mod spreadsheet;
mod walk;
mod warc;

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::document::Document;
use crate::error::{Error, Position, Result};
use crate::model::Markup;
use beginning::Beginning;
use decode::Decoded;
use delimited::sniff_delimiter;
use fields::Fields;
#[cfg(not(feature = "parquet"))]
use not_built::parquet;
#[cfg(not(feature = "spreadsheet"))]
use not_built::spreadsheet;
use source::Source;

pub use encoding::TextEncoding;
pub use fingerprint::Fingerprint;
pub use labelled::{Condition, Gold, Labelled, LabelledColumns, read_labelled};
pub use walk::{Found, find};

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

/// A column to carry along with each document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in the header, or the key in a JSON object.
    pub name: String,
    /// Where it must be.
    pub need: Need,
}

/// Where a column must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A file may lack it.
    Optional,
    /// A header must have it; what has no header, as a page or an object of JSON, may lack it.
    InHeader,
    /// A header and every object of JSON must have it.
    Always,
}

/// How to read.
#[derive(Clone, Debug)]
pub struct InputOptions {
    /// Columns that hold the text; joined by a blank line where there are several.
    pub text: Vec<String>,
    /// What those columns are written in.
    pub markup: Markup,
    /// Whether the title of a page or of front matter is put before its text.
    pub with_title: bool,
    /// Column that holds the id, and whether a file without it is an error.
    pub id: Column,
    /// Further columns to carry along.
    pub columns: Vec<Column>,
    /// Encoding of the files; `None` finds it out.
    pub encoding: Option<TextEncoding>,
    /// Delimiter of CSV; `None` finds it out.
    pub delimiter: Option<u8>,
    /// Sheet of a spreadsheet; `None` takes the first that can be seen.
    pub sheet: Option<String>,
    /// Most bytes of one record.
    pub max_record: usize,
    /// Format of all files; `None` goes by extension, then by content.
    pub format: Option<Format>,
}

impl Default for InputOptions {
    fn default() -> Self {
        InputOptions {
            text: vec!["text".to_owned()],
            markup: Markup::Plain,
            with_title: false,
            id: Column { name: "id".to_owned(), need: Need::Optional },
            columns: Vec::new(),
            encoding: None,
            delimiter: None,
            sheet: None,
            max_record: 16 << 20,
            format: None,
        }
    }
}

/// One record as it stands in the input.
#[derive(Debug)]
pub struct Raw {
    path: Arc<str>,
    /// `None` where the file is one document.
    record: Option<u64>,
    /// Line in the file on which it begins; `None` where the file has no lines.
    line: Option<u64>,
    /// Byte in the file at which it begins.
    offset: u64,
    decoded: Decoded,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Text(Vec<u8>),
    Markdown(Vec<u8>),
    Html(Vec<u8>),
    Json(Vec<u8>),
    Fields(Fields),
    Page(Box<warc::Page>),
}

impl Body {
    /// No text holds a zero byte; what does is binary data, or in an encoding that was not found out. JSON allows none, and in a
    /// page it is as good as nothing.
    fn refuse_zeros(&self, position: &Position) -> Result<()> {
        let (format, found) = match self {
            Body::Text(bytes) => ("text", bytes.contains(&0)),
            Body::Markdown(bytes) => ("markdown", bytes.contains(&0)),
            Body::Fields(fields) => ("csv", fields.parts().any(|field| field.contains(&0))),
            Body::Html(_) | Body::Json(_) | Body::Page(_) => return Ok(()),
        };
        if !found {
            return Ok(());
        }
        let message =
            "it holds a zero byte, which no text does; remove it, or name another encoding with --encoding";
        Err(Error::malformed(position.clone(), format, message))
    }
}

impl Raw {
    /// Bytes of the record.
    pub fn size(&self) -> usize {
        match &self.body {
            Body::Text(bytes) | Body::Markdown(bytes) | Body::Html(bytes) | Body::Json(bytes) => bytes.len(),
            Body::Fields(fields) => fields.size(),
            Body::Page(page) => page.size(),
        }
    }

    /// Where the record stands.
    pub fn position(&self) -> Position {
        Position { path: Some(self.path.to_string()), record: self.record, line: self.line }
    }

    /// The name of the record where no column gives one: the path, or the path and the record's number.
    pub fn default_id(&self) -> String {
        match self.record {
            Some(record) => format!("{}#{record}", self.path),
            None => self.path.to_string(),
        }
    }

    /// Decodes the record.
    ///
    /// # Errors
    /// A zero byte; a JSON line that is no object or lacks the text.
    pub fn document(self, options: &InputOptions) -> Result<Document> {
        let mut document = Document {
            id: self.default_id(),
            path: self.path.to_string(),
            record: self.record,
            line: self.line,
            columns: vec![None; options.columns.len()],
            guessed_encoding: self.decoded.guess,
            ..Document::default()
        };
        let position = self.position();
        let line = self.line.unwrap_or(1);
        self.body.refuse_zeros(&position)?;
        match self.body {
            Body::Text(bytes) => {
                (document.text, document.replaced) = decode::utf8(&bytes, line, self.offset, self.decoded);
            }
            Body::Markdown(bytes) => {
                let (text, replaced) = decode::utf8(&bytes, line, self.offset, self.decoded);
                document.replaced = replaced;
                markdown::fill(&text, options, &mut document);
            }
            Body::Html(bytes) => {
                let (text, replaced) = decode::utf8(&bytes, line, self.offset, self.decoded);
                document.replaced = replaced;
                html::fill(&text, options, &mut document);
            }
            Body::Json(bytes) => {
                let (text, replaced) = decode::utf8(&bytes, line, self.offset, self.decoded);
                document.replaced = replaced;
                jsonl::fill(&text, position, options, &mut document)?;
            }
            Body::Fields(fields) => fields.fill(options.markup, &mut document),
            Body::Page(page) => page.fill(options, &mut document),
        }
        if options.with_title {
            put_title_first(&mut document);
        }
        Ok(document)
    }
}

/// Text columns of one record to one text: read from their markup, and those that are not blank joined by a blank line.
fn join_text<'t>(parts: impl Iterator<Item = &'t str>, markup: Markup) -> String {
    let mut text = String::new();
    for part in parts {
        let part = match markup {
            Markup::Plain => Cow::Borrowed(part),
            Markup::Html => Cow::Owned(html::text_of(part)),
            Markup::Markdown => Cow::Owned(markdown::text_of(part)),
        };
        if !part.trim().is_empty() {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(&part);
        }
    }
    text
}

/// Puts a document's title before its text, unless the text begins with it. It is a paragraph then like any other.
fn put_title_first(document: &mut Document) {
    let Some(title) = document.title.take() else { return };
    if !title.trim().is_empty() && !document.text.starts_with(title.trim()) {
        document.text = join_text([title.trim(), &document.text].into_iter(), Markup::Plain);
    }
}

/// An iterator over the records of one file. A new format is one file that makes such an iterator.
type Records = Box<dyn Iterator<Item = Result<Raw>> + Send>;

/// The records of many files, one file open at a time.
pub struct Inputs {
    files: std::vec::IntoIter<std::path::PathBuf>,
    options: InputOptions,
    open: Option<Records>,
    read: BytesRead,
}

/// Bytes of files that were read so far, for any thread to look at.
pub type BytesRead = Arc<AtomicU64>;

/// Counts what passes through, and sees when a file ends before its length.
struct Counted<R> {
    reader: R,
    read: BytesRead,
    /// Bytes of the file when it was opened; 0 for a pipe.
    length: u64,
    passed: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        let count = self.reader.read(bytes)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        self.passed += count as u64;
        if count == 0 && !bytes.is_empty() && self.passed < self.length {
            let message = format!(
                "the file ends after {} of {} bytes: it was cut while it was read; score it again when nobody writes to it",
                self.passed, self.length
            );
            return Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, message));
        }
        Ok(count)
    }
}

impl Inputs {
    /// The records of `files`, in order; `-` is standard input.
    pub fn new(files: Vec<std::path::PathBuf>, options: InputOptions) -> Self {
        Inputs { files: files.into_iter(), options, open: None, read: BytesRead::default() }
    }

    /// How far the reading has come.
    pub fn bytes_read(&self) -> BytesRead {
        self.read.clone()
    }
}

impl std::fmt::Debug for Inputs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inputs").field("files", &self.files.as_slice()).finish_non_exhaustive()
    }
}

impl Iterator for Inputs {
    type Item = Result<Raw>;

    /// An error is one file or one record that cannot be read; what follows can.
    fn next(&mut self) -> Option<Result<Raw>> {
        loop {
            if let Some(records) = &mut self.open {
                match records.next() {
                    Some(record) => return Some(record),
                    None => self.open = None,
                }
            }
            let path = self.files.next()?;
            match open(&path, &self.options, &self.read) {
                Ok(records) => self.open = Some(records),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// Opens one file; its format is told by the user, else by its extension, else by its beginning. A web archive is not
/// decoded as a whole: each page has an encoding of its own.
fn open(path: &Path, options: &InputOptions, read: &BytesRead) -> Result<Records> {
    let name: Arc<str> = path.to_string_lossy().into();
    let position = || Position::of_path(name.to_string());
    let refusal = |message: String| Error::malformed(position(), "text", message);
    let told = options.format.or_else(|| Format::of_path(path));
    if let Some(message) = refused::by_name(path).filter(|_| told.is_none()) {
        return Err(refusal(message));
    }
    let is_stdin = path.as_os_str() == "-";
    let mut is_file = false;
    let bytes: Box<dyn Read + Send> = if is_stdin {
        Box::new(std::io::stdin())
    } else {
        let metadata = std::fs::metadata(path).map_err(|e| Error::io(position(), "open", e))?;
        if metadata.is_dir() {
            let error = std::io::Error::new(std::io::ErrorKind::IsADirectory, "it is a folder");
            return Err(Error::io(position(), "read", error));
        }
        is_file = metadata.is_file();
        let file = File::open(path).map_err(|e| Error::io(position(), "open", e))?;
        // Of what was opened, should another file have taken its place.
        let length = file.metadata().map_or(0, |opened| if opened.is_file() { opened.len() } else { 0 });
        Box::new(Counted { reader: file, read: read.clone(), length, passed: 0 })
    };
    let plain = compression::decompressed(bytes).map_err(|e| Error::io(position(), "read", e))?;
    let packing = plain.packing;
    let seekable = Some(path).filter(|_| is_file && packing.is_none());
    let mut format = match (told, Beginning::of(&plain.head, seekable)) {
        (Some(format), _) if format.is_read_from_its_end() => told,
        (None, Beginning::Format(format)) => Some(format),
        (Some(_), Beginning::Format(format)) => return Err(refusal(format.misnamed())),
        (_, Beginning::Refused(message)) => return Err(refusal(message)),
        (_, Beginning::Text) => told,
    };
    let mut text = encoding::Utf8Reader::new(plain.reader, options.encoding);
    if format.is_none() && text.begins_with(warc::BEGINNING) {
        format = Some(Format::Warc);
    }
    if format == Some(Format::Warc) {
        text.pass_on();
    } else if let Some(message) = beginning::packed(|magic| text.begins_with(magic)) {
        // Whatever it is called: noise would be scored like any text.
        return Err(refusal(message));
    }
    let mut source = Source::decoding(name.clone(), text);
    source.skip_byte_order_mark()?;
    let format = match format {
        Some(format) => format,
        None => {
            let head = source.head()?;
            if let Some(message) = beginning::no_text(head) {
                return Err(refusal(message));
            }
            sniff(head, options)
        }
    };
    let file = || match seekable {
        Some(path) => File::open(path).map_err(|e| Error::io(position(), "open", e)),
        None => Err(refusal(format.not_a_file(packing, is_stdin))),
    };
    Ok(match format {
        Format::Text => Box::new(std::iter::once(whole(source, options, Body::Text))),
        Format::Markdown => Box::new(std::iter::once(whole(source, options, Body::Markdown))),
        Format::Html => Box::new(std::iter::once(whole(source, options, Body::Html))),
        Format::Csv => Box::new(delimited::Delimited::open(source, options)?),
        Format::Jsonl => Box::new(jsonl::Lines::new(source, options.max_record)),
        Format::Warc => Box::new(warc::Archive::new(source, options.max_record)),
        Format::Parquet => Box::new(parquet::Rows::open(name.clone(), file()?, options)?),
        Format::Spreadsheet => Box::new(spreadsheet::Rows::open(name.clone(), file()?, options)?),
    })
}

/// A first `{` is JSON lines, a first `<` HTML; a first line that holds a text column is CSV; all else is one text.
fn sniff(head: &[u8], options: &InputOptions) -> Format {
    if head.trim_ascii_start().starts_with(b"{") {
        return Format::Jsonl;
    }
    if head.trim_ascii_start().starts_with(b"<") {
        return Format::Html;
    }
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or(head);
    if sniff_delimiter(line, &options.text).is_some() { Format::Csv } else { Format::Text }
}

fn whole(mut source: Source, options: &InputOptions, body: fn(Vec<u8>) -> Body) -> Result<Raw> {
    let offset = source.offset();
    let bytes = source.read_whole(options.max_record)?;
    Ok(Raw {
        path: source.path().clone(),
        record: None,
        line: Some(1),
        offset,
        decoded: source.decoded(),
        body: body(bytes),
    })
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

    #[test]
    fn text_columns_are_joined_by_a_blank_line() {
        assert_eq!(join_text(["Title", " ", "Body"].into_iter(), Markup::Plain), "Title\n\nBody");
    }

    #[test]
    fn columns_are_read_from_their_markup_one_by_one() {
        let html = ["Tom &amp; Ann", "<p>One <b>bold</b> word.</p><p>Two.</p>"];
        assert_eq!(join_text(html.into_iter(), Markup::Html), "Tom & Ann\n\nOne bold word.\n\nTwo.");
        let markdown = ["# Head", "A *b* [c](http://d).\n\n- one"];
        assert_eq!(join_text(markdown.into_iter(), Markup::Markdown), "Head\n\nA b c.\n\n- one");
    }

    #[test]
    fn a_title_comes_first_and_once() {
        let mut document = Document { title: Some("A day".into()), ..Document::new("x", "It rained.") };
        put_title_first(&mut document);
        assert_eq!((document.text.as_str(), &document.title), ("A day\n\nIt rained.", &None));
        document.title = Some("A day ".into());
        put_title_first(&mut document);
        assert_eq!(document.text, "A day\n\nIt rained.");
    }
}
