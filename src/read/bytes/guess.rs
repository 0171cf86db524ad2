//! Guesses the encoding of bytes: UTF-16 by its zero bytes, a page's by what it declares, another
//! by chardetng, and Mac Roman, which chardetng does not know, by what its marks and letters become
//! in the encoding that chardetng names.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, MACINTOSH, SHIFT_JIS, UTF_16BE, UTF_16LE};

/// Looked at from the first non-ASCII byte on.
pub(super) const WINDOW: usize = 64 << 10;
/// Looked at for zero bytes.
pub(super) const ZEROS: usize = 1 << 10;

/// UTF-16 without a byte order mark: in text of Latin letters every other byte is zero, and in any
/// other every other one of blanks, line ends and digits.
pub(super) fn utf16_by_zeros(raw: &[u8]) -> Option<&'static Encoding> {
    let head = raw.get(..ZEROS).unwrap_or(raw);
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    if half >= 4 && odd * 10 > half * 4 && even * 20 < half {
        Some(UTF_16LE)
    } else if half >= 4 && even * 10 > half * 4 && odd * 20 < half {
        Some(UTF_16BE)
    } else {
        let (encoding, other) = if odd > even { (UTF_16LE, even) } else { (UTF_16BE, odd) };
        let is_sure = even + odd >= 2 && other == 0 && is_text_in(head, encoding);
        if is_sure { Some(encoding) } else { utf16_of_few_zeros(head, even + odd) }
    }
}

/// UTF-16 of a script without blanks, in which line ends or some letters have the only zeros: what
/// is no UTF-8, and text in one order of the bytes alone.
fn utf16_of_few_zeros(head: &[u8], zeros: usize) -> Option<&'static Encoding> {
    if zeros == 0 || std::str::from_utf8(head).err().is_none_or(|error| error.error_len().is_none()) {
        return None;
    }
    match [UTF_16LE, UTF_16BE].map(|encoding| is_text_in(head, encoding)) {
        [true, false] => Some(UTF_16LE),
        [false, true] => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether bytes are letters, digits, blanks and common marks in this encoding of UTF-16.
fn is_text_in(head: &[u8], encoding: &'static Encoding) -> bool {
    let whole = head.get(..head.len() - head.len() % 2).unwrap_or(head);
    let text = encoding.decode_without_bom_handling(whole).0;
    // A surrogate may be cut off by the end.
    let text = text.strip_suffix(char::REPLACEMENT_CHARACTER).unwrap_or(&text);
    let is_text = |c: char| {
        c.is_alphanumeric()
            || matches!(c, '\t' | '\n' | '\r')
            || matches!(c, ' '..='~' | '\u{a0}'..='\u{bf}' | '\u{2010}'..='\u{203f}' | '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff5e}')
    };
    text.chars().count() > 4 && text.chars().all(is_text)
}

/// What a page says of itself in its first kilobyte: `<meta charset=...>`, or
/// `<?xml ... encoding=...?>`.
pub(super) fn declared(raw: &[u8]) -> Option<&'static Encoding> {
    let head = raw.get(..ZEROS).unwrap_or(raw);
    if !head.trim_ascii_start().starts_with(b"<") {
        return None;
    }
    let head: String = head.iter().map(|&byte| char::from(byte.to_ascii_lowercase())).collect();
    let head = without_comments(&head);
    let after =
        ["charset=", "encoding="].iter().filter_map(|key| head.find(key).map(|at| at + key.len())).min()?;
    let value = head.get(after..)?.trim_start_matches(['"', '\'', ' ']);
    let end = value
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':' | '.'))
        .unwrap_or(value.len());
    let encoding = Encoding::for_label_no_replacement(value.get(..end)?.as_bytes())?;
    // Bytes that can be read as this are not UTF-16, whatever they say.
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { encoding_rs::UTF_8 } else { encoding })
}

/// A page without its comments, which say nothing of it.
fn without_comments(head: &str) -> String {
    let mut pieces = head.split("<!--");
    let mut kept = pieces.next().unwrap_or("").to_owned();
    pieces.for_each(|piece| kept.push_str(piece.split_once("-->").map_or("", |(_, behind)| behind)));
    kept
}

/// Fewest characters of UTF-8 that do not come about by chance in text of an encoding in which most
/// letters take two bytes.
const MIN_MULTI_BYTE: usize = 8;

/// Whether bytes are UTF-8 although something says that they are in another encoding, as in pages
/// that were converted and still declare what they were. In other encodings, all letters that are
/// not ASCII are hardly ever valid UTF-8. `may_be_cut` says that a character at the end may be
/// incomplete.
pub(crate) fn is_utf8_in_spite_of(declared: &'static Encoding, bytes: &[u8], may_be_cut: bool) -> bool {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if may_be_cut && error.error_len().is_none() => {
            bytes.get(..error.valid_up_to()).and_then(|valid| std::str::from_utf8(valid).ok()).unwrap_or("")
        }
        Err(_) => return false,
    };
    let is_two_bytes = [BIG5, EUC_JP, EUC_KR, GB18030, GBK, SHIFT_JIS].contains(&declared);
    let least = if is_two_bytes { MIN_MULTI_BYTE } else { 1 };
    declared.is_ascii_compatible() && text.chars().filter(|c| !c.is_ascii()).nth(least - 1).is_some()
}

/// Fewest bad places that make something else of what says that it is UTF-8.
const MIN_DENIALS: usize = 4;

/// Whether bytes that are said to be UTF-8 have so many bad places that they may be in another
/// encoding.
pub(super) fn denies_utf8(window: &[u8]) -> bool {
    let bad = window.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty());
    bad.take(MIN_DENIALS).count() == MIN_DENIALS
}

/// Decides by the first window with a non-ASCII byte, which begins with it; `before` is the
/// character before that.
pub(super) fn guess(before: char, window: &[u8], last: bool) -> &'static Encoding {
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
    // Real multi-byte characters do not come about by chance: a few bad bytes among them are bad
    // UTF-8.
    if valid > invalid {
        return encoding_rs::UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(window, last);
    let guess = detector.guess(None, Utf8Detection::Deny);
    if is_mac_roman(before, window, guess) { MACINTOSH } else { guess }
}

/// Whether a window makes sense in Mac Roman, and hardly any in the encoding that was guessed. Old
/// Macs also end lines by carriage returns: then it is enough that it makes less.
fn is_mac_roman(before: char, window: &[u8], guess: &'static Encoding) -> bool {
    let read_as =
        |encoding: &'static Encoding| Sense::new(before, &encoding.decode_without_bom_handling(window).0);
    let (mac, other) = (read_as(MACINTOSH), read_as(guess));
    let has_mac_lines = window.contains(&b'\r') && !window.contains(&b'\n');
    let is_worse = if has_mac_lines { other.odd > mac.odd } else { other.odd > other.fine };
    (mac.fine > 0 || has_mac_lines) && mac.odd * 10 <= mac.fine && is_worse
}

/// How the characters of a text that are not ASCII stand beside others.
#[derive(Default)]
struct Sense {
    /// As they stand in writing.
    fine: usize,
    /// As they hardly ever do: a capital behind a small letter, a sign inside of a word.
    odd: usize,
}

impl Sense {
    fn new(mut before: char, text: &str) -> Self {
        let mut sense = Sense::default();
        let mut after = text.chars().skip(1);
        for c in text.chars() {
            let next = after.next().unwrap_or(' ');
            match if c.is_ascii() { None } else { is_fine(before, c, next) } {
                Some(true) => sense.fine += 1,
                Some(false) => sense.odd += 1,
                None => {}
            }
            before = c;
        }
        sense
    }
}

/// Whether a character may stand between two others; `None` where that tells nothing.
fn is_fine(before: char, c: char, next: char) -> Option<bool> {
    let in_word = before.is_alphabetic() && next.is_alphabetic();
    match c {
        '’' if in_word => Some(true),
        '“' | '‘' | '«' | '„' | '‚' => {
            Some(!before.is_alphanumeric() && !next.is_ascii_whitespace())
        }
        '”' | '’' | '»' => Some(!before.is_ascii_whitespace() && !next.is_alphanumeric()),
        '–' | '—' | '…' | '•' | '\u{a0}' | '€' | '£' | '°' | 'ª' | 'º' | '¿' | '¡' => None,
        _ if c.is_control() => Some(false),
        _ if !c.is_alphabetic() => in_word.then_some(false),
        _ if c > '\u{24f}' => (before.is_ascii_alphabetic() || next.is_ascii_alphabetic()).then_some(false),
        _ if !before.is_alphabetic() && !next.is_alphabetic() => Some("àáéèíìóòúùÀÉ".contains(c)),
        _ if c.is_uppercase() => {
            Some(!before.is_lowercase() && (before.is_alphabetic() || !next.is_uppercase()))
        }
        _ => Some(!before.is_uppercase() || !next.is_uppercase()),
    }
}
