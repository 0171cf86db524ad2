//! Decodes bytes of any encoding to UTF-8. The encoding is decided once for a file, and once for each page
//! of a web archive.
//!
//! In order: what the user says; a byte order mark; what a page's server said; UTF-16 by its pattern of zero bytes; what a page
//! declares; UTF-8 if the first window with a non-ASCII byte is valid UTF-8, or is so for the most part; else what chardetng
//! guesses from that window.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE};

use crate::read::bytes::decode::Decoded;

/// Looked at from the first non-ASCII byte on.
const WINDOW: usize = 64 << 10;
/// Looked at for zero bytes.
const ZEROS: usize = 1 << 10;
const BLOCK: usize = 64 << 10;

/// An encoding that the user names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextEncoding(&'static Encoding);

impl TextEncoding {
    /// The encoding of a label of the WHATWG Encoding Standard, such as `windows-1251` or `latin1`.
    pub fn from_label(label: &str) -> Option<Self> {
        Encoding::for_label_no_replacement(label.as_bytes()).map(TextEncoding)
    }
}

/// Reads UTF-8 from a reader of any encoding. Bytes that are invalid in another encoding than UTF-8 become U+FFFD here;
/// invalid UTF-8 is passed on, to be replaced and placed where records are known.
pub(crate) struct Utf8Reader {
    reader: Box<dyn Read + Send>,
    state: State,
    /// What came with the bytes says that this is their encoding.
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
    #[cfg(test)]
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

    /// Makes some bytes ready, or none at the end.
    fn advance(&mut self) {
        self.ready.clear();
        self.start = 0;
        if matches!(self.state, State::Sniffed) {
            self.fill(ZEROS);
            self.state = match Encoding::for_bom(&self.raw) {
                Some((encoding, _)) => state_of(encoding),
                None => {
                    let told = self.told.map(|TextEncoding(encoding)| encoding);
                    told.or_else(|| utf16_by_zeros(&self.raw))
                        .or_else(|| declared(&self.raw))
                        .map_or(State::Ascii, state_of)
                }
            };
        }
        self.fill(1);
        if matches!(self.state, State::Ascii)
            && let Some(first) = self.raw.iter().position(|byte| !byte.is_ascii())
        {
            self.fill(first + WINDOW);
            let window = self.raw.get(first..).unwrap_or(&[]);
            let whole = self.ended && self.failed.is_none();
            let encoding = decide(window.get(..WINDOW).unwrap_or(window), whole);
            self.guess = (encoding != encoding_rs::UTF_8).then(|| encoding.name());
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

/// The UTF-8 of one page, without a byte order mark, and how it came about. `told` is what the page's server said.
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

/// UTF-16 without a byte order mark: in text of Latin letters every other byte is zero.
fn utf16_by_zeros(raw: &[u8]) -> Option<&'static Encoding> {
    let head = raw.get(..ZEROS).unwrap_or(raw);
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    if half >= 4 && odd * 10 > half * 4 && even * 20 < half {
        Some(UTF_16LE)
    } else if half >= 4 && even * 10 > half * 4 && odd * 20 < half {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// What a page says of itself in its first kilobyte: `<meta charset=...>`, or `<?xml ... encoding=...?>`.
fn declared(raw: &[u8]) -> Option<&'static Encoding> {
    let head = raw.get(..ZEROS).unwrap_or(raw);
    if !head.trim_ascii_start().starts_with(b"<") {
        return None;
    }
    let head: String = head.iter().map(|&byte| char::from(byte.to_ascii_lowercase())).collect();
    let after =
        ["charset=", "encoding="].iter().filter_map(|key| head.find(key).map(|at| at + key.len())).min()?;
    let value = head.get(after..)?.trim_start_matches(['"', '\'', ' ']);
    let end = value
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':' | '.'))
        .unwrap_or(value.len());
    let TextEncoding(encoding) = TextEncoding::from_label(value.get(..end)?)?;
    // Bytes that can be read as this are not UTF-16, whatever they say.
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { encoding_rs::UTF_8 } else { encoding })
}

/// Decides by the first window with a non-ASCII byte.
fn decide(window: &[u8], last: bool) -> &'static Encoding {
    match std::str::from_utf8(window) {
        Ok(_) => return encoding_rs::UTF_8,
        // Cut inside a character by the window's end.
        Err(error) if error.error_len().is_none() && (!last || window.len() == WINDOW) => {
            return encoding_rs::UTF_8;
        }
        Err(_) => {}
    }
    let (mut valid, mut invalid) = (0, 0);
    for chunk in window.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    // Real multi-byte characters do not come about by chance: a few bad bytes among them are bad UTF-8.
    if valid > invalid {
        return encoding_rs::UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(window, last);
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RUSSIAN: &str = "Министр сказал, что гарантии безопасности для Украины должны быть обязательными. ";
    const FRENCH: &str =
        "Le ministre a déclaré que les garanties de sécurité étaient nécessaires à l’Ukraine. ";
    const CHINESE: &str = "北约秘书长表示，安全保障对乌克兰至关重要，各方应当继续谈判。";

    /// Gives one byte at a time, so that no decision may depend on how the bytes come.
    struct Trickle(std::io::Cursor<Vec<u8>>);

    impl Read for Trickle {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            self.0.read(&mut bytes[..1])
        }
    }

    fn read(bytes: &[u8], encoding: Option<&'static Encoding>) -> String {
        let encoding = encoding.map(TextEncoding);
        let (mut at_once, mut slowly) = (Vec::new(), Vec::new());
        let cursor = || std::io::Cursor::new(bytes.to_vec());
        Utf8Reader::new(Box::new(cursor()), encoding).read_to_end(&mut at_once).unwrap();
        Utf8Reader::new(Box::new(Trickle(cursor())), encoding).read_to_end(&mut slowly).unwrap();
        assert_eq!(at_once, slowly);
        String::from_utf8_lossy(&at_once).into_owned()
    }

    #[test]
    fn common_encodings_are_found_out() {
        let ascii = "An English beginning of some length. ".repeat(50);
        for (encoding, text) in [
            (encoding_rs::WINDOWS_1251, RUSSIAN),
            (encoding_rs::WINDOWS_1252, FRENCH),
            (encoding_rs::GB18030, CHINESE),
            (encoding_rs::KOI8_U, RUSSIAN),
        ] {
            let text = format!("{ascii}{}", text.repeat(5));
            let (bytes, _, unmappable) = encoding.encode(&text);
            assert!(!unmappable);
            assert_eq!(read(&bytes, None), text, "{}", encoding.name());
            assert_eq!(read(&bytes, Some(encoding)), text, "{}", encoding.name());
        }
    }

    #[test]
    fn utf_16_is_told_by_its_mark_or_its_zeros() {
        for text in ["Plain words and an em dash — here.", &FRENCH.repeat(3)] {
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(read(&little, None), text);
            assert_eq!(read(&big, None), text);
            assert_eq!(read(&[b"\xff\xfe".to_vec(), little].concat(), None), text);
            assert_eq!(read(&[b"\xfe\xff".to_vec(), big].concat(), None), text);
        }
    }

    #[test]
    fn a_page_is_believed_what_it_declares() {
        for head in [
            "<html><meta charset=\"windows-1251\">",
            "<?xml version='1.0' encoding='Windows-1251'?>",
            "<meta content='text/html; charset=windows-1251'>",
        ] {
            let page = format!("{head}<p>Мир</p>");
            let (bytes, ..) = encoding_rs::WINDOWS_1251.encode(&page);
            assert_eq!(read(&bytes, None), page);
        }
        assert_eq!(declared(b"charset=windows-1251 in a text"), None);
        assert_eq!(declared(b"<meta charset=utf-16>"), Some(encoding_rs::UTF_8));
        assert_eq!(declared(b"<meta charset=nonsense>"), None);
        assert_eq!(declared(b"<meta charset=iso-2022-kr>"), None, "browsers refuse to read it");
    }

    #[test]
    fn a_few_bad_bytes_do_not_make_utf_8_something_else() {
        let text = [FRENCH.as_bytes(), b" \xff ", RUSSIAN.as_bytes()].concat();
        assert_eq!(read(&text, None), format!("{FRENCH} \u{fffd} {RUSSIAN}"));
    }

    #[test]
    fn a_character_on_the_windows_edge_is_no_fault() {
        for shift in 0..3 {
            let text = format!("{}é{}", "a".repeat(shift), "–".repeat(WINDOW));
            assert_eq!(read(text.as_bytes(), None), text);
        }
    }

    proptest! {
        #[test]
        fn utf_8_is_passed_on_as_it_is(text in "(\\PC|[a-z \\n]){0,200}") {
            prop_assume!(!text.starts_with('\u{feff}') && !text.contains('\0'));
            prop_assert_eq!(read(text.as_bytes(), None), text);
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            read(&bytes, None);
        }
    }
}
