//! Gives the next passages to decide about, without touching the disk.

use serde::{Deserialize, Serialize};

use crate::labeling::archive::Archive;
use crate::labeling::decision::Decision;
use crate::labeling::second::OtherDecision;
use crate::named::named;
use crate::near_duplicates::{Signature, THRESHOLD};
use crate::text::boundaries::count_words;

/// Most characters of the text before and after a passage that are shown with it.
const MAX_CONTEXT: usize = 20_000;

/// Which passages come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QueueKind {
    /// Those whose labels would teach the model most, then all others at random.
    Uncertain,
    /// At random.
    Random,
    /// Decided ones whose labels look wrong to a model that did not learn them.
    Suspicious,
    /// Decided ones on which the second coder disagrees.
    Disagreements,
    /// Those of the random sample for checking.
    Sample,
    /// Those that the second coder has labeled.
    Second,
}

named!(QueueKind {
    Uncertain: "uncertain",
    Random: "random",
    Suspicious: "suspicious",
    Disagreements: "disagreements",
    Sample: "sample",
    Second: "second",
});

impl QueueKind {
    /// Whether it asks again about what is decided.
    pub fn is_second_look(self) -> bool {
        matches!(self, QueueKind::Suspicious | QueueKind::Disagreements)
    }

    /// Whether it passes over what nearly repeats a passage that is decided: never where each
    /// passage counts.
    pub(super) fn skips_repeats(self) -> bool {
        matches!(self, QueueKind::Uncertain | QueueKind::Random)
    }
}

/// A passage to decide about. Nothing in it says what a model thinks.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Item {
    /// The id of the passage.
    pub unit: String,
    /// The number of its text.
    pub number: usize,
    /// The title of the text.
    pub title: Option<String>,
    /// The date of the text, as it is written.
    pub date: Option<String>,
    /// The outlet, author or other group of the text.
    pub source: Option<String>,
    /// The text before the passage, or its end.
    pub before: String,
    /// The passage.
    pub passage: String,
    /// The text after the passage, or its beginning.
    pub after: String,
    /// Words of the passage.
    pub words: usize,
    /// The decision that holds, if there is one.
    pub decided: Option<Decision>,
    /// What the second coder decided, where a disagreement is to be settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<OtherDecision>,
    /// Whether it comes at random in a queue that ranks: nothing that is ranked is left, or nothing
    /// is ranked yet.
    pub at_random: bool,
}

/// The next passages of a queue.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Queue {
    /// Which queue.
    pub kind: QueueKind,
    /// Passages that are left in it; `None` where they are not counted.
    pub left: Option<u64>,
    /// The next ones.
    pub items: Vec<Item>,
}

impl Item {
    /// The item of a unit.
    pub(super) fn new(archive: &Archive, unit: usize, decided: Option<&Decision>) -> Option<Self> {
        let (text, passage) = archive.passage(unit)?;
        let span = archive.units().get(unit)?.span();
        let title = text.title.as_deref().map(str::to_owned);
        Some(Item {
            unit: archive.unit_id(unit)?,
            number: archive.units().get(unit)?.text as usize,
            title,
            date: text.date.as_deref().map(str::to_owned),
            source: text.source.as_deref().map(str::to_owned),
            before: end_of(text.text.get(..span.start()).unwrap_or("")).to_owned(),
            passage: passage.to_owned(),
            after: beginning_of(text.text.get(span.end()..).unwrap_or("")).to_owned(),
            words: count_words(passage, usize::MAX),
            decided: decided.cloned(),
            other: None,
            at_random: false,
        })
    }
}

/// The next units of an order after one of them, from its beginning again where it ends. `is_open`
/// tells which may be given.
pub(super) fn next_of(
    order: &[u32],
    after: Option<usize>,
    limit: usize,
    mut is_open: impl FnMut(usize) -> bool,
) -> Vec<usize> {
    let at = after.and_then(|after| order.iter().position(|&unit| unit as usize == after));
    let from = at.map_or(0, |at| at + 1);
    let (first, then) = order.split_at(from.min(order.len()));
    let around = then.iter().chain(first).map(|&unit| unit as usize);
    around.filter(|&unit| Some(unit) != after && is_open(unit)).take(limit).collect()
}

/// Passages that others may not nearly repeat.
#[derive(Debug, Default)]
pub(super) struct Taken {
    signatures: Vec<(usize, Signature)>,
}

impl Taken {
    pub(super) fn add(&mut self, unit: usize, passage: &str) {
        if let Some(signature) = Signature::from_text(passage) {
            self.signatures.push((unit, signature));
        }
    }

    pub(super) fn remove(&mut self, unit: usize) {
        self.signatures.retain(|(other, _)| *other != unit);
    }

    /// Whether a passage nearly repeats one of another unit.
    pub(super) fn repeats(&self, signature: &Signature, unit: usize) -> bool {
        self.signatures
            .iter()
            .any(|(other, taken)| *other != unit && signature.similarity(taken) >= THRESHOLD)
    }
}

fn beginning_of(text: &str) -> &str {
    text.char_indices().nth(MAX_CONTEXT).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

fn end_of(text: &str) -> &str {
    let from = text.char_indices().rev().nth(MAX_CONTEXT - 1);
    from.and_then(|(start, _)| text.get(start..)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labeling::archive::samples::archive;

    #[test]
    fn the_next_units_stand_behind_the_last_one_and_none_comes_twice() {
        let order = [4, 2, 7, 1];
        let open = |unit: usize| unit != 7;
        assert_eq!(next_of(&order, None, 2, open), [4, 2]);
        assert_eq!(next_of(&order, Some(2), 3, open), [1, 4]);
        assert_eq!(next_of(&order, Some(1), 9, open), [4, 2]);
        assert_eq!(next_of(&order, Some(99), 1, open), [4]);
        assert!(next_of(&[], Some(1), 1, open).is_empty());
    }

    #[test]
    fn an_item_has_the_passage_in_its_text() {
        let paragraph =
            |n: usize| format!("Paragraph {n}: {}", "they must defend it and wait ".repeat(16).trim());
        let text = [1, 2, 3].map(paragraph).join("\n\n");
        let (_folder, archive) = archive(&format!("id,text\na,\"{text}\"\n"));
        let item = Item::new(&archive, 1, None).unwrap();
        assert_eq!(format!("{}{}{}", item.before, item.passage, item.after), text);
        assert!(item.passage.starts_with("Paragraph 2") && item.words == 98, "{item:?}");
        assert_eq!(Item::new(&archive, 9, None), None);
    }

    #[test]
    fn long_texts_are_cut_around_the_passage_between_characters() {
        let long = "é".repeat(MAX_CONTEXT + 5);
        assert_eq!(
            (beginning_of(&long).chars().count(), end_of(&long).chars().count()),
            (MAX_CONTEXT, MAX_CONTEXT)
        );
        assert_eq!((beginning_of("é"), end_of("é"), end_of("")), ("é", "é", ""));
    }

    #[test]
    fn a_passage_does_not_repeat_itself() {
        let mut taken = Taken::default();
        let text = "The harbour was closed on Monday after a storm.";
        taken.add(3, text);
        let signature = Signature::from_text(text).unwrap();
        assert!(taken.repeats(&signature, 4) && !taken.repeats(&signature, 3));
        taken.remove(3);
        assert!(!taken.repeats(&signature, 4));
    }
}
