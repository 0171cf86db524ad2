//! Counts the texts that show each sign: a run says once how many they are, and where the first
//! stands.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Message, Position};
use crate::text::document::Document;
use crate::text::signs::{TextSign, TextSigns};

/// How many of some texts show which sign. The counts of two parts of a run add up to those of
/// both.
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
    /// Whether the first was decoded from another encoding than UTF-8.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_decoded: bool,
}

impl SignCounts {
    /// Counts a text.
    pub fn add(&mut self, document: &Document) {
        self.add_signs(document.signs, || document.place());
    }

    /// Counts a text that shows these signs.
    pub fn add_signs(&mut self, signs: TextSigns, place: impl Fn() -> Position) {
        self.texts += 1;
        for sign in signs.iter() {
            let first = || SignCount { texts: 0, first: place().to_string(), is_decoded: signs.is_decoded() };
            self.signs.entry(sign).or_insert_with(first).texts += 1;
        }
    }

    /// Adds the counts of what came after.
    pub fn merge(&mut self, after: SignCounts) {
        self.texts += after.texts;
        for (sign, count) in after.signs {
            let texts = count.texts;
            self.signs.entry(sign).or_insert(SignCount { texts: 0, ..count }).texts += texts;
        }
    }

    /// One line for each sign: how many texts show it, which is the first, and what to do.
    pub fn notes(&self) -> impl Iterator<Item = Message> {
        self.signs.iter().map(|(sign, count)| {
            let finding = sign.finding(count.texts == 1);
            let found =
                format!("{} of {} texts {finding} (first {}); ", count.texts, self.texts, count.first);
            Message::from(found).then(sign.advice(count.is_decoded))
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
                "1 of 3 texts has exactly 32,767 characters, the limit at which Excel truncates a cell (first b.csv, line 1); \
                 use the source from before Excel",
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
