//! Counts the evaluated or scored rows that a model was trained on, and those whose group it was
//! trained on: its answers to them are too good.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use crate::error::counted;
use crate::model::LearnedTexts;
use crate::near_duplicates::content_hash;
use crate::random::hash_name;
use crate::read::Gold;
use crate::text::boundaries::count_words;
use crate::text::paragraph::paragraphs;

/// A paragraph of fewer words may stand in many texts.
const MIN_WORDS: usize = 20;
/// Groups that are named.
const MAX_NAMED: usize = 5;

/// The texts and groups of a training. A text is known by its words.
#[derive(Clone, Debug, Default)]
pub struct TrainingTexts {
    texts: HashSet<u64>,
    /// Hashes of their names.
    groups: HashSet<u64>,
    rows: u64,
}

impl TrainingTexts {
    /// Adds one row of the training.
    pub fn add(&mut self, text: &str, group: Option<&str>) {
        self.rows += 1;
        self.texts.extend(content_hash(text));
        self.groups.extend(group.map(hash_group));
    }

    /// Adds a group of the training, by another column than that which its rows are held out by.
    #[cfg(feature = "train")]
    pub(crate) fn add_group(&mut self, group: &str) {
        self.groups.insert(hash_group(group));
    }

    /// Adds the labels that a model names by hashes.
    pub fn add_learned(&mut self, learned: &LearnedTexts) {
        self.rows += learned.texts.len() as u64;
        self.texts.extend(&learned.texts);
        self.groups.extend(&learned.groups);
    }

    /// The texts and groups as a model names them; `None` for more than a model may name.
    pub fn learned(&self) -> Option<LearnedTexts> {
        let is_short = [&self.texts, &self.groups].iter().all(|of| of.len() <= LearnedTexts::MAX_TEXTS);
        is_short.then(|| LearnedTexts {
            texts: self.texts.iter().copied().collect(),
            groups: self.groups.iter().copied().collect(),
        })
    }

    /// Compares the rows of an evaluation. `as_documents` also looks for rows that have a paragraph
    /// of the training.
    pub fn compare(&self, rows: &[Gold], as_documents: bool) -> SeenRows {
        let mut seen = SeenRows { training_rows: self.rows, ..SeenRows::default() };
        for row in rows {
            seen.rows += 1;
            seen.texts += u64::from(self.has_text(&row.document.text, as_documents));
            self.count_group(&mut seen, row.group.as_deref());
        }
        seen
    }

    /// Whether a text is one of the training's, or `as_document`, one of its long paragraphs is.
    pub fn has_text(&self, text: &str, as_document: bool) -> bool {
        let is_known = |text: &str| content_hash(text).is_some_and(|hash| self.texts.contains(&hash));
        let has_known_paragraph = || {
            let parts = paragraphs(text);
            let mut parts = parts.iter().map(|part| part.span.of(text));
            parts.any(|part| count_words(part, MIN_WORDS) >= MIN_WORDS && is_known(part))
        };
        is_known(text) || as_document && has_known_paragraph()
    }

    /// Counts a row of this group, if the training has the group.
    pub fn count_group(&self, seen: &mut SeenRows, group: Option<&str>) {
        if let Some(group) = group.filter(|group| self.groups.contains(&hash_group(group))) {
            *seen.groups.entry(group.to_owned()).or_default() += 1;
        }
    }

    /// How many rows the training has.
    pub fn rows(&self) -> u64 {
        self.rows
    }
}

fn hash_group(name: &str) -> u64 {
    hash_name(0, name.as_bytes())
}

/// How many evaluated rows, or scored documents, a model had seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SeenRows {
    /// Rows that were compared.
    pub rows: u64,
    /// Those of them whose text the model was trained on.
    pub texts: u64,
    /// Groups that it was trained on, each with its evaluated rows.
    pub groups: BTreeMap<String, u64>,
    /// Rows of the training that they were compared with.
    pub training_rows: u64,
}

/// How the warnings are worded.
struct Wording {
    noun: &'static str,
    on_texts: &'static str,
    on_groups: &'static str,
}

/// An evaluation reports figures.
const EVALUATED: Wording = Wording {
    noun: "row",
    on_texts: "These figures are too good: they say nothing about new texts",
    on_groups: "expect lower figures on groups that it has not seen",
};

/// Scoring reports answers, and nobody knows which of them are right.
const SCORED: Wording = Wording {
    noun: "document",
    on_texts: "Expect more errors on new texts",
    on_groups: "expect more errors on groups that it has not seen",
};

impl SeenRows {
    /// One sentence about texts and one about groups; none about what was not seen.
    pub fn warnings(&self) -> Vec<String> {
        self.warnings_as(&EVALUATED)
    }

    /// The same of documents that were scored.
    pub fn warnings_of_scored(&self) -> Vec<String> {
        self.warnings_as(&SCORED)
    }

    fn warnings_as(&self, wording: &Wording) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.texts > 0 {
            let of_all = self.of_all(self.texts, wording.noun);
            warnings.push(format!("the model was trained on the text of {of_all}. {}", wording.on_texts));
        }
        let of_groups: u64 = self.groups.values().sum();
        if of_groups > 0 {
            warnings.push(format!(
                "{} {} from groups in the model's training data ({}): {}",
                self.of_all(of_groups, wording.noun),
                if of_groups == 1 { "comes" } else { "come" },
                self.named_groups(),
                wording.on_groups
            ));
        }
        warnings
    }

    fn of_all(&self, part: u64, noun: &str) -> String {
        let rows = counted(self.rows, noun);
        if part == self.rows { format!("all {rows}") } else { format!("{part} of {rows}") }
    }

    /// The groups with the most rows.
    fn named_groups(&self) -> String {
        let mut groups: Vec<(&String, &u64)> = self.groups.iter().collect();
        groups.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let named: Vec<&str> = groups.iter().take(MAX_NAMED).map(|(name, _)| name.as_str()).collect();
        match groups.len().saturating_sub(MAX_NAMED) {
            0 => named.join(", "),
            more => format!("{} and {more} more", named.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::document::Document;

    const LONG: &str = "The ministers who met on the island agreed that a promise which nobody can enforce is worth less than \
                        the paper on which it stands today.";

    fn row(text: &str, group: Option<&str>) -> Gold {
        Gold {
            document: Document::new("a", text),
            label: "x".to_owned(),
            group: group.map(str::to_owned),
            weight: 1.0,
            date: None,
        }
    }

    fn training() -> TrainingTexts {
        let mut training = TrainingTexts::default();
        training.add("Leaders met.", Some("Herald"));
        training.add(LONG, Some("Post"));
        training
    }

    #[test]
    fn rows_and_groups_of_the_training_are_counted_and_named() {
        let rows =
            [row("LEADERS  met", Some("Herald")), row("They left.", Some("Herald")), row("No.", Some("Sun"))];
        let seen = training().compare(&rows, false);
        assert_eq!((seen.rows, seen.texts, seen.training_rows), (3, 1, 2));
        assert_eq!(seen.groups, BTreeMap::from([("Herald".to_owned(), 2)]));
        let warnings = seen.warnings();
        assert!(warnings[0].contains("the text of 1 of 3 rows. "), "{warnings:?}");
        assert!(
            warnings[1].starts_with("2 of 3 rows come from groups in the model's training data (Herald): ")
        );
        let all = training().compare(&rows[..1], false).warnings();
        assert!(all[0].contains("the text of all 1 row. "), "{all:?}");
        assert!(training().compare(&rows[2..], false).warnings().is_empty());
        let scored = seen.warnings_of_scored();
        assert_eq!(
            scored,
            [
                "the model was trained on the text of 1 of 3 documents. Expect more errors on new texts",
                "2 of 3 documents come from groups in the model's training data (Herald): expect more errors on groups \
                 that it has not seen",
            ]
        );
    }

    #[test]
    fn what_a_model_names_by_hashes_is_seen_as_the_rows_are() {
        let learned = training().learned().unwrap();
        assert_eq!((learned.texts.len(), learned.groups.len()), (2, 2));
        let mut named = TrainingTexts::default();
        named.add_learned(&learned);
        let rows =
            [row("leaders met", Some("Herald")), row(&format!("No.\n\n{LONG}"), None), row("No.", None)];
        for as_documents in [false, true] {
            assert_eq!(named.compare(&rows, as_documents), training().compare(&rows, as_documents));
        }
    }

    #[test]
    fn a_document_is_seen_by_one_long_paragraph() {
        let rows =
            [row(&format!("Leaders met.\n\n{LONG}\n\nMore."), None), row("Leaders met.\n\nMore.", None)];
        assert_eq!(training().compare(&rows, true).texts, 1, "a short paragraph stands in many texts");
        assert_eq!(training().compare(&rows, false).texts, 0);
    }

    #[test]
    fn few_groups_are_named_and_the_others_counted() {
        let groups: BTreeMap<String, u64> = (0..7u64).map(|n| (format!("g{n}"), n + 1)).collect();
        let seen = SeenRows { rows: 28, groups, ..SeenRows::default() };
        assert!(seen.warnings()[0].contains("(g6, g5, g4, g3, g2 and 2 more)"), "{:?}", seen.warnings());
    }
}
