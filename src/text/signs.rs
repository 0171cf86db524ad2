//! Names the signs that a text is not what its reader takes it for. Scores stay as they are.

use serde::{Deserialize, Serialize};

use crate::error::Message;

/// A sign that something happened to a text before it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TextSign {
    /// Tags or character references of HTML in a column that is read as plain text.
    Html,
    /// UTF-8 that was read as windows-1252: `â€™` for an apostrophe.
    Windows1252,
    /// UTF-8 that was read as windows-1251: `РїСЂРё` for a Russian word.
    Windows1251,
    /// UTF-8 that was read as Mac Roman: `‚Äô` for an apostrophe.
    MacRoman,
    /// U+FFFD, which an earlier program has put in the place of what it could not read.
    Lost,
    /// A cell of exactly as many characters as Excel holds at most.
    CutByExcel,
}

impl TextSign {
    /// What is the matter with `count` texts.
    pub(super) fn finding(self, is_one: bool) -> &'static str {
        match (self, is_one) {
            (TextSign::Html, true) => "looks like HTML",
            (TextSign::Html, false) => "look like HTML",
            (TextSign::Windows1252, true) => "looks like UTF-8 read as windows-1252",
            (TextSign::Windows1252, false) => "look like UTF-8 read as windows-1252",
            (TextSign::Windows1251, true) => "looks like UTF-8 read as windows-1251",
            (TextSign::Windows1251, false) => "look like UTF-8 read as windows-1251",
            (TextSign::MacRoman, true) => "looks like UTF-8 read as Mac Roman",
            (TextSign::MacRoman, false) => "look like UTF-8 read as Mac Roman",
            (TextSign::Lost, true) => "contains U+FFFD, the mark of characters lost earlier",
            (TextSign::Lost, false) => "contain U+FFFD, the mark of characters lost earlier",
            (TextSign::CutByExcel, true) => {
                "has exactly 32,767 characters, the limit at which Excel truncates a cell"
            }
            (TextSign::CutByExcel, false) => {
                "have exactly 32,767 characters, the limit at which Excel truncates a cell"
            }
        }
    }

    /// What to do about it.
    pub(super) fn advice(self) -> Message {
        match self {
            TextSign::Html => Message::naming("`markup` html reads them"),
            TextSign::Windows1252 | TextSign::Windows1251 | TextSign::MacRoman => {
                "they are scored as they are; export them again as UTF-8, or repair them, for example with ftfy"
                    .into()
            }
            TextSign::Lost => "export them again as UTF-8".into(),
            TextSign::CutByExcel => "use the source from before Excel".into(),
        }
    }
}

/// The signs of one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextSigns(u8);

impl TextSigns {
    /// Adds a sign.
    pub fn insert(&mut self, sign: TextSign) {
        self.0 |= 1 << sign as u8;
    }

    /// Adds the signs of another.
    pub fn extend(&mut self, more: TextSigns) {
        self.0 |= more.0;
    }

    /// Takes a sign out.
    pub fn remove(&mut self, sign: TextSign) {
        self.0 &= !(1 << sign as u8);
    }

    /// Whether the text shows a sign.
    pub fn contains(self, sign: TextSign) -> bool {
        self.0 & (1 << sign as u8) != 0
    }

    /// All signs that the text shows.
    pub fn iter(self) -> impl Iterator<Item = TextSign> {
        use TextSign::{CutByExcel, Html, Lost, MacRoman, Windows1251, Windows1252};
        [Html, Windows1252, Windows1251, MacRoman, Lost, CutByExcel]
            .into_iter()
            .filter(move |sign| self.contains(*sign))
    }
}
