//! Opens an input, detects its format and hands it to the format's reader.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::error::{Error, Message, Position, Result};
use crate::read::bytes::compression;
use crate::read::bytes::compression::Plain;
use crate::read::bytes::encoding::Utf8Reader;
use crate::read::bytes::peek::peek;
use crate::read::bytes::seekable::Stored;
use crate::read::bytes::source::Source;
use crate::read::detect;
use crate::read::formats::Reader;
use crate::read::formats::Sniffed;
use crate::read::formats::delimited;
use crate::read::formats::exports;
use crate::read::formats::format::sniff;
use crate::read::formats::plain;
use crate::read::formats::unsupported::Unsupported;
use crate::read::input::{Content, Input, is_stdin};
use crate::read::tables::partition;
use crate::read::{Body, BytesRead, Format, InputOptions, RawRecord, ReadNotes, Records};

/// Most bytes of a stream that are read into memory, for formats that are read from their end.
const MAX_STREAM_BYTES: usize = 512 << 20;
/// First bytes that are looked at before they are decoded.
const HEAD: usize = 4 << 10;

/// What is told of inputs beside their records.
pub(super) struct Watched<'w> {
    pub(super) read: &'w BytesRead,
    pub(super) notes: &'w ReadNotes,
}

/// Opens one input. Its format is the one that the options name, else the one of the name's
/// extension, else the one that the content tells.
pub(super) fn open(input: Input, options: &InputOptions, watched: &Watched<'_>) -> Result<Records> {
    let Input { name, content } = input;
    let options = &*partition::options_for(&name, options);
    let opening = Opening { name, options };
    let Opened { source, format, stored, packing, is_stdin, .. } = opening.open(content, watched.read)?;
    match format.info().reader {
        Reader::Whole(body) => Ok(Box::new(std::iter::once(whole(source, options, body)))),
        Reader::Text(records) => records(source, options),
        Reader::Bytes(records) => records(source, options, watched.notes.clone()),
        Reader::Seekable(_, records) => {
            let Some(stored) = stored else {
                return Err(opening.refuse(format.not_a_file(packing, is_stdin)));
            };
            let file = stored.open().map_err(|e| opening.failed("open", e))?;
            records(opening.name.clone(), file, options)
        }
    }
}

/// How the rows of a file are written; `None` for what is no table of delimited values.
///
/// # Errors
/// The file cannot be read, and a table without column names.
#[cfg(feature = "train")]
pub(crate) fn form_of_file(path: &Path, options: &InputOptions) -> Result<Option<delimited::TableForm>> {
    let Input { name, content } = Input::from(path);
    let opening = Opening { name, options };
    let Opened { mut source, format, has_mark, .. } = opening.open(content, &BytesRead::default())?;
    match format {
        Format::Csv => delimited::table_form(&mut source, options, has_mark).map(Some),
        _ => Ok(None),
    }
}

/// An input whose format is known.
struct Opened {
    source: Source,
    format: Format,
    /// Where it can be read from any place.
    stored: Option<Stored>,
    /// How it was compressed.
    packing: Option<&'static str>,
    is_stdin: bool,
    /// Whether it began with a byte order mark.
    #[cfg_attr(not(feature = "train"), allow(dead_code))]
    has_mark: bool,
}

/// Where the bytes of an input come from.
enum Origin {
    Stdin,
    File(PathBuf),
    /// A pipe or a device.
    Pipe,
    Bytes(Arc<[u8]>),
    Reader,
}

/// An input that is being opened.
struct Opening<'o> {
    name: Arc<str>,
    options: &'o InputOptions,
}

impl Opening<'_> {
    fn position(&self) -> Position {
        Position::from_path(self.name.to_string())
    }

    fn refuse(&self, message: impl Into<Message>) -> Error {
        Error::malformed(self.position(), "text", message)
    }

    fn failed(&self, action: &'static str, error: std::io::Error) -> Error {
        Error::io(self.position(), action, error)
    }

    /// Opens the input and finds its format.
    fn open(&self, content: Content, read: &BytesRead) -> Result<Opened> {
        let path = Path::new(self.name.as_ref());
        let told = self.options.format.or_else(|| Format::from_path(path));
        let named = Unsupported::from_path(path).filter(|_| told.is_none());
        let (stream, origin) = self.begin(content, read)?;
        let window_log = self.options.zstd_window_log;
        let plain = compression::decompressed(stream, window_log).map_err(|e| self.failed("read", e))?;
        let mut plain = plain.map_err(|wide| self.refuse(wide.message(window_log)))?;
        (plain.head, plain.reader) = peek(plain.reader, HEAD);
        let stored = self.stored(&origin, &mut plain, told)?;
        if let Some(named) = named.filter(|named| named.is_told_by(&plain.head)) {
            return Err(match plain.head.is_empty() {
                true => self.refuse("it is empty"),
                false => self.refuse(named.message()),
            });
        }
        let format = self.format(&plain.head, stored.as_ref(), told)?;
        let is_decoded = format.is_none_or(|format| !matches!(format.info().reader, Reader::Bytes(_)));
        let refused = detect::packed(&plain.head).or_else(|| detect::utf32(&plain.head));
        if let Some(message) = refused.filter(|_| is_decoded) {
            // Whatever it is called: noise would be scored like any text.
            return Err(self.refuse(message));
        }
        let mut text = Utf8Reader::new(plain.reader, self.options.encoding);
        if !is_decoded {
            text.pass_on();
        }
        let mut source = Source::decoding(self.name.clone(), text);
        let has_mark = source.skip_byte_order_mark()?;
        if is_decoded {
            source.detect_line_ends();
        }
        let format = match format {
            // A database may write many articles into one page.
            Some(Format::Html) if self.options.format.is_none() && exports::begins(source.beginning()?) => {
                Format::Export
            }
            // A name that ends in .txt tells no more than that it is text of some kind.
            Some(format) if format != Format::Text || self.options.format.is_some() => format,
            _ => self.format_of_text(&mut source, named)?,
        };
        let is_stdin = matches!(origin, Origin::Stdin);
        Ok(Opened { source, format, stored, packing: plain.packing, is_stdin, has_mark })
    }

    /// Begins to read. What passes through is counted.
    fn begin(&self, content: Content, read: &BytesRead) -> Result<(Box<dyn Read + Send>, Origin)> {
        let counted = |reader, length| Counted { reader, read: read.clone(), length, passed: 0 };
        let path = match content {
            Content::Path(path) => path,
            Content::Bytes(bytes) => {
                let stream: Box<dyn Read + Send> = Box::new(Cursor::new(bytes.clone()));
                return Ok((Box::new(counted(stream, 0)), Origin::Bytes(bytes)));
            }
            Content::Reader(reader) => return Ok((Box::new(counted(reader, 0)), Origin::Reader)),
        };
        if is_stdin(&path) {
            return Ok((Box::new(std::io::stdin()), Origin::Stdin));
        }
        let metadata = std::fs::metadata(&path).map_err(|e| self.failed("open", e))?;
        if metadata.is_dir() {
            let error = std::io::Error::new(std::io::ErrorKind::IsADirectory, "it is a folder");
            return Err(self.failed("read", error));
        }
        let file = File::open(&path).map_err(|e| self.failed("open", e))?;
        // Of what was opened, should another file have taken its place.
        let length = file.metadata().map_or(0, |opened| if opened.is_file() { opened.len() } else { 0 });
        let origin = if metadata.is_file() { Origin::File(path) } else { Origin::Pipe };
        Ok((Box::new(counted(Box::new(file), length)), origin))
    }

    /// Where the input can be read from any place, if there is such a place. For a format that is
    /// read from its end, a reader and compressed bytes are read into memory.
    fn stored(&self, origin: &Origin, plain: &mut Plain, told: Option<Format>) -> Result<Option<Stored>> {
        match origin {
            Origin::File(path) if plain.packing.is_none() => return Ok(Some(Stored::File(path.clone()))),
            Origin::Bytes(bytes) if plain.packing.is_none() => {
                return Ok(Some(Stored::Bytes(bytes.clone())));
            }
            Origin::Stdin | Origin::Pipe | Origin::File(_) => return Ok(None),
            Origin::Bytes(_) | Origin::Reader => {}
        }
        let told = told.filter(|format| format.is_read_from_its_end());
        if told.is_none() && !detect::may_be_read_from_its_end(&plain.head) {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        let mut stream = std::mem::replace(&mut plain.reader, Box::new(std::io::empty()));
        let limit = MAX_STREAM_BYTES as u64 + 1;
        stream.by_ref().take(limit).read_to_end(&mut bytes).map_err(|e| self.failed("read", e))?;
        if bytes.len() > MAX_STREAM_BYTES {
            return Err(self.refuse(detect::too_large(MAX_STREAM_BYTES)));
        }
        let bytes: Arc<[u8]> = bytes.into();
        plain.reader = Box::new(Cursor::new(bytes.clone()));
        Ok(Some(Stored::Bytes(bytes)))
    }

    /// The format as far as the name and the first bytes tell it.
    fn format(&self, head: &[u8], stored: Option<&Stored>, told: Option<Format>) -> Result<Option<Format>> {
        let sniffed = Sniffed::detect(head, stored);
        if let Some(format) = told
            && let Reader::Seekable(kind, _) = format.info().reader
        {
            if sniffed != Sniffed::Text || !is_text(head) {
                return Ok(told);
            }
            let message = format.is_not_text(sniff(head, self.options));
            return Err(Error::malformed(self.position(), kind, message));
        }
        match (told, sniffed) {
            (None, Sniffed::Format(format)) => Ok(Some(format)),
            (Some(_), Sniffed::Format(format)) if format.is_read_from_its_end() => {
                Err(self.refuse(format.misnamed()))
            }
            // .txt may be the name of anything that is written in characters.
            (Some(Format::Text), Sniffed::Format(format)) if self.options.format.is_none() => {
                Ok(Some(format))
            }
            (_, Sniffed::Refused(message)) => Err(self.refuse(message)),
            (_, Sniffed::Format(_) | Sniffed::Text) => Ok(told),
        }
    }

    /// The format that the beginning of decoded text tells. `named` is what its name says that it
    /// is.
    fn format_of_text(&self, source: &mut Source, named: Option<&Unsupported>) -> Result<Format> {
        if let Some(named) = named {
            return named.read_as(source.beginning()?, self.options).map_err(|message| self.refuse(message));
        }
        let is_plain = Format::from_path(Path::new(self.name.as_ref())) == Some(Format::Text);
        let head = source.head()?;
        if let Some(message) = detect::no_text(head) {
            // What is named as a text is one, with a place in it that is wrong.
            return if is_plain { Ok(Format::Text) } else { Err(self.refuse(message)) };
        }
        match sniff(head, self.options) {
            // Rows and lines are read as they come. Nothing else is told by its first line alone.
            Format::Jsonl => Ok(Format::Jsonl),
            Format::Csv if !is_plain => Ok(Format::Csv),
            Format::Csv if !is_whole_table(source.beginning()?, self.options) => Ok(Format::Text),
            _ => Ok(sniff(source.beginning()?, self.options)),
        }
    }
}

/// Whether bytes are those of a text, as far as one can tell.
fn is_text(head: &[u8]) -> bool {
    !head.is_empty() && !head.iter().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace())
}

/// Whether a text with a header is a table, and no prose that only has the names of columns in it.
fn is_whole_table(head: &[u8], options: &InputOptions) -> bool {
    plain::is_table(head) || delimited::is_titled_table(head, options)
}

/// Reads all of a source as one record.
fn whole(mut source: Source, options: &InputOptions, body: fn(Vec<u8>) -> Body) -> Result<RawRecord> {
    let offset = source.offset();
    let bytes = source.read_whole(options.max_record)?;
    Ok(RawRecord {
        path: source.path().clone(),
        record: None,
        line: Some(1),
        offset,
        decoded: source.decoded(),
        body: body(bytes),
    })
}

/// Counts what passes through, and reports a file that ends before its length.
struct Counted {
    reader: Box<dyn Read + Send>,
    read: BytesRead,
    /// Bytes of the file when it was opened; 0 for what is no file.
    length: u64,
    passed: u64,
}

impl Read for Counted {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        let count = self.reader.read(bytes)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        self.passed += count as u64;
        if count == 0 && !bytes.is_empty() && self.passed < self.length {
            let message = format!(
                "the file ends after {} of {} bytes: it was truncated while it was read; score it again when it is complete",
                self.passed, self.length
            );
            return Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, message));
        }
        Ok(count)
    }
}
