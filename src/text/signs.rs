//! Names the signs that a text is not what its reader takes it for. Scores stay as they are.

use serde::{Deserialize, Serialize};

use crate::error::Message;

macro_rules! signs {
    ($($(#[$doc:meta])+ $name:ident $(= $written:literal as $read:literal)?,)+) => {
        /// A sign that something happened to a text before it was read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum TextSign {
            $($(#[$doc])+ $name,)+
        }

        impl TextSign {
            /// Every sign.
            const ALL: &[TextSign] = &[$(TextSign::$name),+];

            /// The encoding of a text that was decoded wrongly, and the one that it was read in.
            fn encodings(self) -> Option<[&'static str; 2]> {
                match self {
                    $($(TextSign::$name => Some([$written, $read]),)?)+
                    _ => None,
                }
            }
        }
    };
}

signs! {
    /// Tags or character references of HTML in a column that is read as plain text.
    Html,
    /// `â€™` for an apostrophe.
    Windows1252 = "UTF-8" as "windows-1252",
    /// `РїСЂРё` for a Russian word.
    Windows1251 = "UTF-8" as "windows-1251",
    /// `‚Äô` for an apostrophe.
    MacRoman = "UTF-8" as "Mac Roman",
    /// U+FFFD, which an earlier program has put in the place of what it could not read.
    Lost,
    /// A cell of exactly as many characters as Excel holds at most.
    CutByExcel,
    /// Links and other signs of Markdown in a column that is read as plain text.
    Markdown,
    /// Tags of forums: `[b]`.
    BbCode,
    /// Signs of wikis: `[[...]]`, `{{...}}`, `'''`.
    Wiki,
    /// `Ĺ‚` for a Polish letter.
    Latin2 = "UTF-8" as "windows-1250",
    /// `ΓÇÖ` for an apostrophe.
    CodePage437 = "UTF-8" as "code page 437",
    /// `ÔÇÖ` for an apostrophe.
    CodePage850 = "UTF-8" as "code page 850",
    /// `╨┐╤А╨╕` for a Russian word.
    CodePage866 = "UTF-8" as "code page 866",
    /// `п©я─п╦` for a Russian word.
    Koi8 = "UTF-8" as "KOI8-R",
    /// `鈥檚` for an apostrophe and a letter.
    Gbk = "UTF-8" as "GBK",
    /// `Ìèíèñòð` for a Russian word.
    Windows1251As1252 = "windows-1251" as "windows-1252",
    /// `íÉÎÉÓÔÒ` for a Russian word.
    Koi8As1252 = "KOI8-R" as "windows-1252",
    /// `¼ØÝØáâà` for a Russian word.
    Iso5As1252 = "ISO-8859-5" as "windows-1252",
    /// Letters of Greek that have become those of western Europe.
    GreekAs1252 = "windows-1253" as "windows-1252",
    /// Letters of Hebrew that have become those of western Europe.
    HebrewAs1252 = "windows-1255" as "windows-1252",
    /// Letters of Arabic that have become those of western Europe.
    ArabicAs1252 = "windows-1256" as "windows-1252",
    /// `“ú–{` for Japanese.
    ShiftJisAs1252 = "Shift_JIS" as "windows-1252",
    /// Letters of western Europe for Japanese.
    EucJpAs1252 = "EUC-JP" as "windows-1252",
    /// `ÖÐ¹ú` for Chinese.
    GbkAs1252 = "GBK" as "windows-1252",
    /// `¤¤°ê` for Chinese.
    Big5As1252 = "Big5" as "windows-1252",
    /// Letters of western Europe for Korean.
    EucKrAs1252 = "EUC-KR" as "windows-1252",
    /// `cafŽ`, `donÕt`.
    MacRomanAs1252 = "Mac Roman" as "windows-1252",
    /// `by³a` for a Polish word.
    Latin2As1252 = "windows-1250" as "windows-1252",
    /// `baþkaný` for a Turkish word.
    TurkishAs1252 = "windows-1254" as "windows-1252",
    /// `caf‚` for a French word.
    CodePage850As1252 = "code page 850" as "windows-1252",
    /// `cafÈ` for a French word.
    Windows1252AsMacRoman = "windows-1252" as "Mac Roman",
    /// `cafΘ` for a French word.
    Windows1252As437 = "windows-1252" as "code page 437",
    /// `f³r` for a German word.
    Windows1252As850 = "windows-1252" as "code page 850",
    /// `cafй` for a French word.
    Windows1252As1251 = "windows-1252" as "windows-1251",
    /// `нЙОЙУФТ` for a Russian word.
    Koi8As1251 = "KOI8-R" as "windows-1251",
    /// `лХМХЯРП` for a Russian word.
    Windows1251AsKoi8 = "windows-1251" as "KOI8-R",
    /// Signs inside of Russian words.
    CodePage866As1251 = "code page 866" as "windows-1251",
    /// Lines of tables inside of Russian words.
    Windows1251As866 = "windows-1251" as "code page 866",
    /// Escapes of programming languages that were written out: `\n`, `b'...'`.
    Escapes,
    /// An object or a list, as JSON or as Python prints it, in a column that is read as plain text.
    Json,
    /// The beginning of a text, with the number of characters that are missing: `[+1234 chars]`.
    Excerpt,
    /// `=E2=80=99` for an apostrophe.
    QuotedPrintable,
    /// `%20` or `+` for a blank.
    PercentEncoded,
    /// Tags or character references of HTML that are left when a column was read as HTML.
    EscapedHtml,
    /// `<![CDATA[` of XML in a column that is read as plain text.
    Cdata,
}

impl TextSign {
    /// What is the matter with one text, or with several.
    pub(super) fn finding(self, is_one: bool) -> String {
        let (looks, contains, has) =
            if is_one { ("looks", "contains", "has") } else { ("look", "contain", "have") };
        match self {
            TextSign::Html => format!("{looks} like HTML"),
            TextSign::Markdown => format!("{looks} like Markdown"),
            TextSign::BbCode => format!("{looks} like BBCode (`[b]`)"),
            TextSign::Wiki => format!("{looks} like wiki markup (`[[...]]`)"),
            TextSign::Escapes => {
                format!("{contains} escapes in place of characters (`\\n`, `\\u2019`, `<U+2019>`, `b'...'`)")
            }
            TextSign::Excerpt => format!("{has} only a beginning (`... [+1234 chars]`), as NewsAPI gives it"),
            TextSign::Json => format!("{looks} like JSON (`{{\"text\": ...}}`, `[\"...\"]`)"),
            TextSign::QuotedPrintable => format!("{looks} like quoted-printable text (`=E2=80=99`)"),
            TextSign::PercentEncoded => format!("{looks} percent-encoded (`%20`, `+` for a blank)"),
            TextSign::EscapedHtml => format!("still {looks} like HTML after they were read as HTML"),
            TextSign::Cdata => format!("{contains} `<![CDATA[` of XML"),
            TextSign::Lost => format!("{contains} U+FFFD, the mark of characters lost earlier"),
            TextSign::CutByExcel => {
                format!("{has} exactly 32,767 characters, the limit at which Excel truncates a cell")
            }
            sign => {
                let [written, read] = sign.encodings().unwrap_or_default();
                format!("{looks} like {written} read as {read}")
            }
        }
    }

    /// What to do about it. `is_decoded` says that the file is not UTF-8, so that another encoding
    /// may be given.
    pub(super) fn advice(self, is_decoded: bool) -> Message {
        match self {
            TextSign::Html => Message::naming("`markup=html` reads them"),
            TextSign::Markdown => Message::naming("`markup=markdown` reads them"),
            TextSign::BbCode => "the tags are scored as words; remove them first".into(),
            TextSign::Wiki => "the signs are scored as text; convert such texts first, for example with pandoc".into(),
            TextSign::Escapes => {
                "they are scored as text; export them again without escapes, or replace these first".into()
            }
            TextSign::Json => {
                "keys and brackets are scored as text; take the texts out first, for example with pandas and `json.loads`".into()
            }
            TextSign::QuotedPrintable => {
                "they are scored as they are; decode them first, for example with Python's `quopri.decodestring`".into()
            }
            TextSign::PercentEncoded => {
                "they are scored as they are; decode them first, for example with Python's `urllib.parse.unquote_plus`".into()
            }
            TextSign::EscapedHtml => {
                "their markup was escaped twice; undo it once first, for example with Python's `html.unescape`".into()
            }
            TextSign::Cdata => "the signs are scored as words; remove them first".into(),
            TextSign::Lost => "export them again as UTF-8".into(),
            TextSign::CutByExcel => "use the source from before Excel".into(),
            TextSign::Excerpt => "get the whole texts from the pages first".into(),
            sign => match sign.encodings().and_then(|[written, _]| label(written)) {
                Some(label) if is_decoded => {
                    Message::setting("encoding", label).then(" reads them as they were written")
                }
                _ => "they are scored as they are; export them again as UTF-8, or repair them, for example with ftfy"
                    .into(),
            },
        }
    }
}

/// What the parameter for the encoding calls an encoding, if it knows it.
fn label(written: &'static str) -> Option<&'static str> {
    match written {
        "Mac Roman" => Some("macintosh"),
        "code page 866" => Some("ibm866"),
        name if name.starts_with("code page") => None,
        name => Some(name),
    }
}

/// The signs of one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextSigns {
    /// A bit for each sign.
    found: u64,
    /// Whether the text was decoded from another encoding than UTF-8.
    is_decoded: bool,
}

impl TextSigns {
    /// Adds a sign.
    pub fn insert(&mut self, sign: TextSign) {
        self.found |= 1 << sign as u64;
    }

    /// Adds the signs of another.
    pub fn extend(&mut self, more: TextSigns) {
        self.found |= more.found;
        self.is_decoded |= more.is_decoded;
    }

    /// Takes a sign out.
    pub fn remove(&mut self, sign: TextSign) {
        self.found &= !(1 << sign as u64);
    }

    /// Whether the text shows a sign.
    pub fn contains(self, sign: TextSign) -> bool {
        self.found & (1 << sign as u64) != 0
    }

    /// All signs that the text shows.
    pub fn iter(self) -> impl Iterator<Item = TextSign> {
        TextSign::ALL.iter().copied().filter(move |sign| self.contains(*sign))
    }

    /// Notes whether the text was decoded from another encoding than UTF-8.
    pub(crate) fn set_decoded(&mut self, is_decoded: bool) {
        self.is_decoded = is_decoded;
    }

    /// Whether the text was decoded from another encoding than UTF-8.
    pub(super) fn is_decoded(self) -> bool {
        self.is_decoded
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::TextEncoding;

    #[test]
    fn encodings_that_are_advised_are_known() {
        for label in TextSign::ALL.iter().filter_map(|sign| sign.encodings().and_then(|[of, _]| label(of))) {
            assert!(TextEncoding::from_label(label).is_some(), "{label}");
        }
        let advice = |sign: TextSign, is_decoded| sign.advice(is_decoded).to_string();
        let mac = TextSign::MacRomanAs1252;
        assert_eq!(advice(mac, true), "`encoding` macintosh reads them as they were written");
        assert!(advice(mac, false).contains("repair them"));
        assert!(advice(TextSign::CodePage850As1252, true).contains("repair them"));
        assert!(TextSign::ALL.len() < 64);
    }
}
