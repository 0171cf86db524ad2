//! Gives the bytes of characters in the encodings that texts are read in by mistake, the code pages
//! of DOS included.

use encoding_rs::{
    Encoding, IBM866, ISO_8859_2, KOI8_U, MACINTOSH, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1254,
};

/// Characters of the bytes from 0x80 on.
const CODE_PAGE_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
const CODE_PAGE_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";
/// The first byte that is not ASCII.
const HIGH: usize = 0x80;

/// An encoding of one byte a character.
#[derive(Clone, Copy, Debug)]
pub(super) enum Charset {
    Standard(&'static Encoding),
    /// By its characters from 0x80 on.
    CodePage(&'static str),
}

pub(super) const CP437: Charset = Charset::CodePage(CODE_PAGE_437);
pub(super) const CP850: Charset = Charset::CodePage(CODE_PAGE_850);
pub(super) const CP866: Charset = Charset::Standard(IBM866);
pub(super) const CP1250: Charset = Charset::Standard(WINDOWS_1250);
pub(super) const CP1251: Charset = Charset::Standard(WINDOWS_1251);
pub(super) const CP1252: Charset = Charset::Standard(WINDOWS_1252);
pub(super) const CP1254: Charset = Charset::Standard(WINDOWS_1254);
pub(super) const KOI8: Charset = Charset::Standard(KOI8_U);
pub(super) const LATIN_2: Charset = Charset::Standard(ISO_8859_2);
pub(super) const MAC: Charset = Charset::Standard(MACINTOSH);

impl Charset {
    /// The byte of a character beyond ASCII. What an encoding leaves free is read as a control
    /// character.
    pub(super) fn byte(self, c: char) -> Option<u8> {
        if c.is_ascii() {
            return None;
        }
        match self {
            Charset::CodePage(characters) => {
                characters.chars().position(|other| other == c).and_then(|at| u8::try_from(at + HIGH).ok())
            }
            Charset::Standard(_) if matches!(c, '\u{80}'..='\u{9f}') => u8::try_from(u32::from(c)).ok(),
            Charset::Standard(encoding) => {
                let mut buffer = [0u8; 4];
                let (bytes, _, unmappable) = encoding.encode(c.encode_utf8(&mut buffer));
                match bytes.as_ref() {
                    [byte] if !unmappable => Some(*byte),
                    _ => None,
                }
            }
        }
    }

    /// The character of a byte.
    pub(super) fn char(self, byte: u8) -> Option<char> {
        if byte.is_ascii() {
            return Some(char::from(byte));
        }
        match self {
            Charset::CodePage(characters) => characters.chars().nth(usize::from(byte) - HIGH),
            Charset::Standard(encoding) => encoding.decode_without_bom_handling(&[byte]).0.chars().next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_characters_go_there_and_back() {
        for charset in [CP437, CP850, MAC, CP866] {
            for byte in 0x80..=0xff {
                assert_eq!(charset.char(byte).and_then(|c| charset.byte(c)), Some(byte), "{charset:?}");
            }
        }
        assert_eq!((CP437.byte('é'), CP850.byte('®')), (Some(0x82), Some(0xa9)));
        assert_eq!(CP1252.byte('ж'), None);
        assert_eq!(CP1252.byte('\u{9d}'), Some(0x9d));
    }
}
