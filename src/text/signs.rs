//! Names the signs that a text is not what its reader takes it for, and counts the texts that show them.
//!
//! Scores stay as they are: a run says once how many texts show a sign, and where the first stands.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Message;
use crate::text::document::Document;

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
    fn finding(self, is_one: bool) -> &'static str {
        match (self, is_one) {
            (TextSign::Html, true) => "looks like HTML",
            (TextSign::Html, false) => "look like HTML",
            (TextSign::Windows1252, true) => "looks like UTF-8 read as windows-1252",
            (TextSign::Windows1252, false) => "look like UTF-8 read as windows-1252",
            (TextSign::Windows1251, true) => "looks like UTF-8 read as windows-1251",
            (TextSign::Windows1251, false) => "look like UTF-8 read as windows-1251",
            (TextSign::MacRoman, true) => "looks like UTF-8 read as Mac Roman",
            (TextSign::MacRoman, false) => "look like UTF-8 read as Mac Roman",
            (TextSign::Lost, true) => "holds U+FFFD, which stands for characters that were lost before",
            (TextSign::Lost, false) => "hold U+FFFD, which stands for characters that were lost before",
            (TextSign::CutByExcel, true) => "has exactly 32,767 characters, at which Excel cuts a cell",
            (TextSign::CutByExcel, false) => "have exactly 32,767 characters, at which Excel cuts a cell",
        }
    }

    /// What to do about it.
    fn advice(self) -> Message {
        match self {
            TextSign::Html => Message::naming("`markup` html reads them"),
            TextSign::Windows1252 | TextSign::Windows1251 | TextSign::MacRoman => {
                "they are scored as they stand; export them anew as UTF-8, or mend them, for example with ftfy"
                    .into()
            }
            TextSign::Lost => "export them anew as UTF-8".into(),
            TextSign::CutByExcel => "take them from where they came from before Excel".into(),
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

/// How many of some texts show which sign. The counts of two parts of a run add up to those of both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignCounts {
    texts: u64,
    signs: BTreeMap<TextSign, SignCount>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct SignCount {
    texts: u64,
    /// Where the first of them stands.
    first: String,
}

impl SignCounts {
    /// Counts a text.
    pub fn add(&mut self, document: &Document) {
        self.texts += 1;
        for sign in document.signs.iter() {
            let first = || SignCount { texts: 0, first: document.place().to_string() };
            self.signs.entry(sign).or_insert_with(first).texts += 1;
        }
    }

    /// Adds the counts of what came after.
    pub fn merge(&mut self, after: SignCounts) {
        self.texts += after.texts;
        for (sign, count) in after.signs {
            let here = self.signs.entry(sign).or_insert(SignCount { texts: 0, first: count.first });
            here.texts += count.texts;
        }
    }

    /// One line for each sign: how many texts show it, which is the first, and what to do.
    pub fn notes(&self) -> impl Iterator<Item = Message> {
        self.signs.iter().map(|(sign, count)| {
            let finding = sign.finding(count.texts == 1);
            let found =
                format!("{} of {} texts {finding} (first {}); ", count.texts, self.texts, count.first);
            Message::from(found).then(sign.advice())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &str, signs: &[TextSign]) -> Document {
        let mut document = Document { path: path.into(), ..Document::new("", "") };
        signs.iter().for_each(|sign| document.signs.insert(*sign));
        document
    }

    #[test]
    fn texts_are_counted_by_their_signs_and_the_first_is_named() {
        let mut counts = SignCounts::default();
        counts.add(&text("a.csv", &[]));
        counts.add(&text("b.csv", &[TextSign::Html, TextSign::CutByExcel]));
        let mut after = SignCounts::default();
        after.add(&text("c.csv", &[TextSign::Html]));
        counts.merge(after);
        let notes: Vec<String> = counts.notes().map(|note| note.to_string()).collect();
        assert_eq!(
            notes,
            [
                "2 of 3 texts look like HTML (first b.csv, line 1); `markup` html reads them",
                "1 of 3 texts has exactly 32,767 characters, at which Excel cuts a cell (first b.csv, line 1); \
                 take them from where they came from before Excel",
            ]
        );
        let journal = serde_json::to_string(&counts).unwrap();
        assert_eq!(serde_json::from_str::<SignCounts>(&journal).unwrap(), counts);
    }

    #[test]
    fn the_signs_of_a_text_are_those_that_were_put_in() {
        let mut signs = TextSigns::default();
        assert_eq!(signs.iter().count(), 0);
        signs.insert(TextSign::CutByExcel);
        signs.insert(TextSign::Windows1251);
        assert_eq!(signs.iter().collect::<Vec<_>>(), [TextSign::Windows1251, TextSign::CutByExcel]);
        signs.remove(TextSign::Windows1251);
        assert_eq!(signs.iter().collect::<Vec<_>>(), [TextSign::CutByExcel]);
    }
}
