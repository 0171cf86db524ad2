//! Tests of decoding.

use proptest::prelude::*;

use encoding_rs::{MACINTOSH, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252};

use super::*;

const RUSSIAN: &str = "Министр сказал, что гарантии безопасности для Украины должны быть обязательными. ";
const FRENCH: &str = "Le ministre a déclaré que les garanties de sécurité étaient nécessaires à l’Ukraine. ";
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
fn utf_16_without_blanks_is_told_by_one_line_end() {
    let korean = "장관은 안전 보장에 관한 협상이 다음 주 제네바에서 계속될 것이며 준비되어 있다고 말했다.";
    for text in [
        &format!("{CHINESE}\n{CHINESE}"),
        korean,
        "外相は、交渉が来週ジュネーブで続けられると述べた。\n準備を整えている。",
    ] {
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!((read(&little, None), read(&big, None)), (text.to_owned(), text.to_owned()));
    }
    for text in
        [format!("{CHINESE}\0"), "An English text\0, of some length.".to_owned(), format!("{FRENCH}\0\0")]
    {
        assert_eq!(read(text.as_bytes(), None), text);
    }
    for encoding in [WINDOWS_1251, encoding_rs::KOI8_U] {
        let bytes = encoded(&format!("{RUSSIAN}\0{RUSSIAN}"), encoding);
        assert_eq!(read(&bytes, None), format!("{RUSSIAN}\0{RUSSIAN}"), "{}", encoding.name());
    }
}

#[test]
fn iso_2022_jp_is_told_by_its_escape_sequences() {
    let ascii = "An English beginning of some length. ".repeat(5_000);
    for text in [
        "首相は保証を与えるべきだと述べた。\n",
        "id,text\n1,平和\n",
        "<p>平和</p>",
        "<meta charset=utf-8>平和",
        &format!("{ascii}平和 {ascii}戦争"),
    ] {
        assert_eq!(read(&encoded(text, encoding_rs::ISO_2022_JP), None), text);
    }
    for text in ["\u{1b}[31mIt rained.\u{1b}[0m", "\u{1b}$B\u{1} and é", "It cost \u{1b}$"] {
        assert_eq!(read(text.as_bytes(), None), text);
    }
}

#[test]
fn what_a_comment_declares_is_nothing() {
    assert_eq!(declared(b"<!-- <meta charset=koi8-r> --><meta charset=utf-8>"), Some(encoding_rs::UTF_8));
    assert_eq!(declared(b"<!-- was charset=koi8-r --><p>"), None);
    assert_eq!(declared(b"<!-- charset=koi8-r"), None);
}

#[test]
fn a_page_is_not_believed_what_its_bytes_deny() {
    let ascii = "<p>Plain words.</p>".repeat(10_000);
    for declaration in ["<meta charset=iso-8859-1>", "<meta charset=windows-1251>", "<meta charset=koi8-r>"] {
        for text in [RUSSIAN, FRENCH, "It’s late."] {
            let page = format!("{declaration}{text}");
            assert_eq!(read(page.as_bytes(), None), page);
            let page = format!("{declaration}{ascii}{text}{ascii}");
            assert_eq!(read(page.as_bytes(), None), page, "however far down");
        }
    }
    let chinese = format!("<meta charset=gbk>{CHINESE}");
    assert_eq!(read(chinese.as_bytes(), None), chinese);
    for (encoding, text) in [(WINDOWS_1251, RUSSIAN), (WINDOWS_1252, FRENCH), (encoding_rs::GBK, CHINESE)] {
        let page = format!("<meta charset=utf-8>{text}");
        assert_eq!(read(&encoded(&page, encoding), None), page, "{}", encoding.name());
    }
}

#[test]
fn a_page_is_believed_where_its_bytes_may_be_what_it_declares() {
    for (encoding, text) in [
        (WINDOWS_1251, "Ні: так сказав він."),
        (encoding_rs::GBK, "联通"),
        (encoding_rs::SHIFT_JIS, "平和"),
        (encoding_rs::ISO_2022_JP, "平和"),
        (WINDOWS_1252, "café"),
    ] {
        let page = format!("<meta charset={}>{text}", encoding.name());
        assert_eq!(read(&encoded(&page, encoding), None), page, "{}", encoding.name());
    }
    let bad = b"<meta charset=utf-8>d\xc3\xa9j\xc3\xa0 vu\xff";
    assert_eq!(read(bad, None), "<meta charset=utf-8>déjà vu\u{fffd}", "a bad byte among good ones");
    assert_eq!(
        read(b"<meta charset=utf-8>one\xff", None),
        "<meta charset=utf-8>one\u{fffd}",
        "a bad byte alone"
    );
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

fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, unmappable) = encoding.encode(text);
    assert!(!unmappable, "{text}");
    bytes.into_owned()
}

#[test]
fn mac_roman_is_found_by_what_windows_1252_makes_of_it() {
    for text in [
        "id,text\r1,\"It is today’s news. “No deal,” he said – don’t ask\"\r2,\"over at the café\"\r",
        "They said it’s over. “We don’t know,” she said, “and we don’t ask.”\n",
        "Le ministre a déclaré que les garanties étaient nécessaires à l’Ukraine, où la guerre a commencé.\n",
        "Die Außenministerin fährt über Köln nach Österreich, wo Gespräche geführt werden.\n",
        "text\rA word – and another — end…\r",
        "id,text\n1,don’t do it\n2,it’s fine\n",
        "El presidente habló también de la invasión y de los años más difíciles en América.\n",
    ] {
        assert_eq!(read(&encoded(text, MACINTOSH), None), text);
    }
}

#[test]
fn other_encodings_are_not_taken_for_mac_roman() {
    for (encoding, text) in [
        (WINDOWS_1252, "It’s today’s “news” – don’t ask… 5 € each, said André.\r"),
        (WINDOWS_1252, "naïve café, façade, Überraschung, Ökologie, señor, São Paulo\n"),
        (WINDOWS_1252, "Á la carte. Él dijo: ¿Qué? «Sí»\n"),
        (WINDOWS_1252, "don’t\r"),
        (WINDOWS_1250, "Źródła mówią, że żołnierze są już w Łodzi i będą walczyć o wolność.\n"),
        (WINDOWS_1250, "Příliš žluťoučký kůň úpěl ďábelské ódy, řekl ministr Šimek.\n"),
        (WINDOWS_1251, "Министр сказал, что гарантии безопасности нужны.\r"),
        (encoding_rs::IBM866, "Министр сказал, что гарантии безопасности для Украины нужны всем.\n"),
        (encoding_rs::KOI8_U, "Министр сказал, что гарантии безопасности для Украины нужны всем.\n"),
    ] {
        assert_eq!(read(&encoded(text, encoding), None), text, "{}", encoding.name());
    }
}

#[test]
fn utf_16_of_other_scripts_is_told_by_its_blanks() {
    for text in ["id\ttext\n1\tМинистр сказал: гарантии нужны.\n", &format!("text\n{CHINESE}\n{CHINESE}\n")]
    {
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&little, None), text);
        assert_eq!(read(&big, None), text);
    }
    let binary = [0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 9, 7, 3, 0];
    assert_eq!(utf16_by_zeros(&binary), None);
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
