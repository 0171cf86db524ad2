//! A path to the records of its file.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::error::{Error, Position, Result};
use crate::read::bytes::source::Source;
use crate::read::bytes::{compression, encoding};
use crate::read::detect::format::sniff;
use crate::read::detect::magic::Sniffed;
use crate::read::detect::{magic, unsupported};
use crate::read::formats::{delimited, jsonl, parquet, spreadsheet, warc};
use crate::read::raw::Body;
use crate::read::{BytesRead, Format, InputOptions, RawRecord, Records};

/// Opens one file; its format is told by the user, else by its extension, else by its beginning. A web archive is not
/// decoded as a whole: each page has an encoding of its own.
pub(super) fn open(path: &Path, options: &InputOptions, read: &BytesRead) -> Result<Records> {
    let name: Arc<str> = path.to_string_lossy().into();
    let position = || Position::of_path(name.to_string());
    let refusal = |message: String| Error::malformed(position(), "text", message);
    let told = options.format.or_else(|| Format::of_path(path));
    if let Some(message) = unsupported::by_name(path).filter(|_| told.is_none()) {
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
    let mut format = match (told, Sniffed::of(&plain.head, seekable)) {
        (Some(format), _) if format.is_read_from_its_end() => told,
        (None, Sniffed::Format(format)) => Some(format),
        (Some(_), Sniffed::Format(format)) => return Err(refusal(format.misnamed())),
        (_, Sniffed::Refused(message)) => return Err(refusal(message)),
        (_, Sniffed::Text) => told,
    };
    let mut text = encoding::Utf8Reader::new(plain.reader, options.encoding);
    if format.is_none() && text.begins_with(warc::BEGINNING) {
        format = Some(Format::Warc);
    }
    if format == Some(Format::Warc) {
        text.pass_on();
    } else if let Some(message) = magic::packed(|magic| text.begins_with(magic)) {
        // Whatever it is called: noise would be scored like any text.
        return Err(refusal(message));
    }
    let mut source = Source::decoding(name.clone(), text);
    source.skip_byte_order_mark()?;
    let format = match format {
        Some(format) => format,
        None => {
            let head = source.head()?;
            if let Some(message) = magic::no_text(head) {
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
