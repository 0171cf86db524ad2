//! Decodes bytes of any encoding to UTF-8. The encoding is decided once for a file, and once for
//! each page of a web archive.
//!
//! In order: what the user says; a byte order mark; UTF-16 by its pattern of zero bytes; what a
//! page's server said, or what a page declares, unless its bytes are no such text; ISO-2022-JP by
//! its escape sequences; UTF-8 if the first window with a non-ASCII byte is valid UTF-8, or is so
//! for the most part; else what is guessed from that window.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::read::bytes::decode::Decoded;
use crate::read::bytes::guess::{
    WINDOW, ZEROS, declared, denies_utf8, guess, is_utf8_in_spite_of, utf16_by_zeros,
};
use crate::read::bytes::iso_2022_jp::{ends_in_escape, first_escape, is_iso_2022_jp};

const BLOCK: usize = 64 << 10;

/// An encoding that the user names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextEncoding(pub(super) &'static Encoding);

impl TextEncoding {
    /// The encoding of a label of the WHATWG Encoding Standard, such as `windows-1251` or `latin1`.
    pub fn from_label(label: &str) -> Option<Self> {
        Encoding::for_label_no_replacement(label.as_bytes()).map(TextEncoding)
    }
}

impl Serialize for TextEncoding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de> Deserialize<'de> for TextEncoding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let label = String::deserialize(deserializer)?;
        let unknown =
            || D::Error::custom(format!("unknown encoding `{label}`; expected a name such as windows-1251"));
        TextEncoding::from_label(&label).ok_or_else(unknown)
    }
}

/// Reads UTF-8 from a reader of any encoding. Bytes that are invalid in another encoding than UTF-8
/// become U+FFFD here; invalid UTF-8 is passed on, to be replaced and placed where records are
/// known.
pub(crate) struct Utf8Reader {
    reader: Box<dyn Read + Send>,
    state: State,
    /// What came with the bytes, or what they declare, says that this is their encoding.
    told: Option<TextEncoding>,
    /// Read and not yet decoded.
    raw: Vec<u8>,
    /// Decoded and not yet handed on, from `start`.
    ready: Vec<u8>,
    start: usize,
    ended: bool,
    /// What ended the reading; it is told when all that was read before is handed on.
    failed: Option<io::Error>,
    /// All is decoded.
    done: bool,
    guess: Option<&'static str>,
}

enum State {
    /// Nothing was read yet.
    Sniffed,
    /// All so far was ASCII.
    Ascii,
    Utf8,
    Other(Box<Decoder>),
}

impl Utf8Reader {
    /// Decides by itself, unless `encoding` is given.
    pub(crate) fn new(reader: Box<dyn Read + Send>, encoding: Option<TextEncoding>) -> Self {
        let state = encoding.map_or(State::Sniffed, |TextEncoding(encoding)| state_of(encoding));
        Utf8Reader {
            reader,
            state,
            told: None,
            raw: Vec::new(),
            ready: Vec::new(),
            start: 0,
            ended: false,
            failed: None,
            done: false,
            guess: None,
        }
    }

    /// Passes bytes on as they are.
    pub(crate) fn utf8(reader: Box<dyn Read + Send>) -> Self {
        Utf8Reader::new(reader, Some(TextEncoding(encoding_rs::UTF_8)))
    }

    /// Passes all bytes on as they are.
    pub(crate) fn pass_on(&mut self) {
        self.state = State::Utf8;
    }

    /// Whether the encoding is another than UTF-8; what cannot be read in it has become U+FFFD.
    pub(crate) fn is_other(&self) -> bool {
        matches!(self.state, State::Other(_))
    }

    /// The name of an encoding that was guessed.
    pub(crate) fn guess(&self) -> Option<&'static str> {
        self.guess
    }

    /// Reads until `raw` holds `least` bytes or the input ends.
    fn fill(&mut self, least: usize) {
        while self.raw.len() < least && !self.ended {
            let before = self.raw.len();
            self.raw.resize(before + BLOCK, 0);
            let read = self.reader.read(self.raw.get_mut(before..).unwrap_or(&mut []));
            self.raw.truncate(before + *read.as_ref().unwrap_or(&0));
            match read {
                Ok(0) => self.ended = true,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    self.failed = Some(error);
                }
            }
        }
    }

    /// The state to begin with where there is no byte order mark. ASCII is the same in most
    /// encodings, so a declared encoding is checked at the first byte that is not ASCII.
    fn told_state(&mut self) -> State {
        let told = self.told.map(|TextEncoding(encoding)| encoding);
        let told = told.filter(|encoding| !encoding.is_ascii_compatible());
        if let Some(encoding) = told.or_else(|| utf16_by_zeros(&self.raw)) {
            return state_of(encoding);
        }
        self.told = self.told.or_else(|| declared(&self.raw).map(TextEncoding));
        match self.told {
            Some(TextEncoding(encoding)) if !encoding.is_ascii_compatible() => state_of(encoding),
            _ => State::Ascii,
        }
    }

    /// Reads what needs no decoder.
    fn pass(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(bytes);
        self.ended = match &read {
            Ok(count) => *count == 0,
            Err(error) => error.kind() != io::ErrorKind::Interrupted,
        };
        self.done = self.ended;
        read
    }

    /// Looks for Japanese text in ISO-2022-JP, all bytes of which are ASCII.
    fn find_escapes(&mut self) {
        while ends_in_escape(&self.raw) && !self.ended {
            self.fill(self.raw.len() + 1);
        }
        if let Some(first) = first_escape(&self.raw) {
            self.fill(first + WINDOW);
            if self.raw.get(first..).is_some_and(is_iso_2022_jp) {
                self.state = state_of(encoding_rs::ISO_2022_JP);
            }
        }
    }

    /// Makes some bytes ready, or none at the end.
    fn advance(&mut self) {
        self.ready.clear();
        self.start = 0;
        if matches!(self.state, State::Sniffed) {
            self.fill(ZEROS);
            self.state = match Encoding::for_bom(&self.raw) {
                Some((encoding, _)) => state_of(encoding),
                None => self.told_state(),
            };
        }
        self.fill(1);
        if matches!(self.state, State::Ascii) {
            self.find_escapes();
        }
        if matches!(self.state, State::Ascii)
            && let Some(first) = self.raw.iter().position(|byte| !byte.is_ascii())
        {
            self.fill(first + WINDOW);
            let window = self.raw.get(first..).unwrap_or(&[]);
            let whole = self.ended && self.failed.is_none();
            let before = first.checked_sub(1).and_then(|before| self.raw.get(before));
            let before = before.map_or(' ', |&byte| char::from(byte));
            let window_is_whole = whole && window.len() <= WINDOW;
            let window = window.get(..WINDOW).unwrap_or(window);
            let may_be_true = |told: &&Encoding| *told != encoding_rs::UTF_8 || !denies_utf8(window);
            let told = self.told.map(|TextEncoding(encoding)| encoding).filter(may_be_true);
            let encoding = match told {
                Some(told) if is_utf8_in_spite_of(told, window, !window_is_whole) => encoding_rs::UTF_8,
                Some(told) => told,
                None => guess(before, window, whole),
            };
            self.guess = (told.is_none() && encoding != encoding_rs::UTF_8).then(|| encoding.name());
            self.state = state_of(encoding);
        }
        match &mut self.state {
            State::Other(decoder) => {
                decode(decoder, &self.raw, self.ended, &mut self.ready);
                self.raw.clear();
            }
            _ => std::mem::swap(&mut self.raw, &mut self.ready),
        }
        // A decoder is told once that its input has ended.
        self.done = self.ended;
    }
}

impl Read for Utf8Reader {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        // A decoder may take bytes and give none yet.
        while self.start == self.ready.len() {
            if matches!(self.state, State::Utf8) && self.raw.is_empty() && !self.ended && !bytes.is_empty() {
                return self.pass(bytes);
            }
            if self.done {
                return self.failed.take().map_or(Ok(0), Err);
            }
            self.advance();
        }
        let ready = self.ready.get(self.start..).unwrap_or(&[]);
        let count = ready.len().min(bytes.len());
        if let (Some(to), Some(from)) = (bytes.get_mut(..count), ready.get(..count)) {
            to.copy_from_slice(from);
        }
        self.start += count;
        Ok(count)
    }
}

/// The UTF-8 of one page, without a byte order mark, and how it came about. `told` is what the
/// page's server said.
pub(crate) fn page_to_utf8(
    bytes: Vec<u8>,
    encoding: Option<TextEncoding>,
    told: Option<TextEncoding>,
) -> (Vec<u8>, Decoded) {
    let mut utf8 = Vec::with_capacity(bytes.len());
    let mut reader = Utf8Reader::new(Box::new(io::Cursor::new(bytes)), encoding);
    reader.told = told;
    // Reading from memory does not fail.
    let _ = reader.read_to_end(&mut utf8);
    if utf8.starts_with(b"\xef\xbb\xbf") {
        utf8.drain(..3);
    }
    (utf8, Decoded { is_other: reader.is_other(), guess: reader.guess() })
}

fn state_of(encoding: &'static Encoding) -> State {
    if encoding == encoding_rs::UTF_8 {
        State::Utf8
    } else {
        State::Other(Box::new(encoding.new_decoder_with_bom_removal()))
    }
}

fn decode(decoder: &mut Decoder, raw: &[u8], last: bool, ready: &mut Vec<u8>) {
    let mut taken = 0;
    loop {
        let rest = raw.get(taken..).unwrap_or(&[]);
        let room = decoder.max_utf8_buffer_length(rest.len()).unwrap_or(rest.len() * 3 + 16);
        let before = ready.len();
        ready.resize(before + room, 0);
        let out = ready.get_mut(before..).unwrap_or(&mut []);
        let (result, read, wrote, _) = decoder.decode_to_utf8(rest, out, last);
        taken += read;
        ready.truncate(before + wrote);
        if result == CoderResult::InputEmpty {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
