//! Counts outcomes, part by part of a run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::classifier::verdict::{ScoredParagraph, Verdict};
use crate::label::argmax;
use crate::model::BatchProfile;
use crate::pipeline::Notes;
use crate::text::SignCounts;
use crate::write::{Outcome, RunContext};

/// Failures of one kind that are told in full.
const MAX_NAMED: usize = 3;

/// What some records came to. The counts of two parts of a run add up to those of both.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// Documents scored.
    pub documents: u64,
    /// Documents that repeat an earlier one, where that was asked for.
    pub repeats: u64,
    /// Documents by label.
    pub labels: BTreeMap<String, u64>,
    /// Documents without a label, by reason.
    pub abstained: BTreeMap<String, u64>,
    /// Records that failed, by kind.
    pub failures: BTreeMap<String, Failures>,
    /// Bytes of the documents' texts.
    pub text_bytes: u64,
    /// What there is to say about how bytes were read; the same is said once.
    pub notes: Notes,
    /// Documents by the signs that their texts show.
    #[serde(default)]
    pub signs: SignCounts,
    /// Kept columns by the documents that have them.
    pub kept: BTreeMap<String, u64>,
    /// What the units looked like, to be held against the model's training.
    pub batch: BatchProfile,
}

/// Failures of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failures {
    /// How many.
    pub count: u64,
    /// The first few in full.
    pub first: Vec<String>,
}

impl Tally {
    /// Counts one outcome.
    pub fn count(&mut self, outcome: &Outcome, context: &RunContext) {
        let scored = match outcome {
            Ok(scored) => scored,
            Err(failure) => {
                let kind = self.failures.entry(failure.error.name().to_owned()).or_default();
                kind.add(Failures { count: 1, first: vec![failure.error.spelled(context.spelling)] });
                return;
            }
        };
        self.documents += 1;
        self.repeats += u64::from(scored.duplicate_of.is_some());
        self.text_bytes += scored.document.text.len() as u64;
        add_units(&mut self.batch, &scored.verdict);
        let decision = scored.verdict.decision();
        if let Some(class) = decision.label() {
            bump(&mut self.labels, context.labels.name(class));
        }
        if let Some(reason) = decision.reason() {
            bump(&mut self.abstained, reason.name());
        }
        for (name, value) in context.keep.iter().zip(&scored.document.columns) {
            if value.is_some() {
                bump(&mut self.kept, name);
            }
        }
        self.signs.add(&scored.document);
        scored.document.notes().for_each(|note| self.notes.add(note.spelled(context.spelling)));
    }

    /// Adds the counts of what came after.
    pub fn add(&mut self, after: Tally) {
        let Tally { documents, repeats, labels, abstained, failures, text_bytes, notes, signs, kept, batch } =
            after;
        self.documents += documents;
        self.repeats += repeats;
        self.text_bytes += text_bytes;
        self.batch.merge(&batch);
        for (sums, counts) in
            [(&mut self.labels, labels), (&mut self.abstained, abstained), (&mut self.kept, kept)]
        {
            counts.into_iter().for_each(|(name, count)| *sums.entry(name).or_default() += count);
        }
        for (kind, of_kind) in failures {
            self.failures.entry(kind).or_default().add(of_kind);
        }
        self.notes.merge(notes);
        self.signs.merge(signs);
    }

    /// How the texts of the run differ much from those that the model was trained on, one phrase
    /// each.
    pub fn drift(&self, context: &RunContext) -> Vec<String> {
        let profile = context.training_profile.as_ref();
        profile.map_or_else(Vec::new, |profile| profile.drift(&self.batch, &context.labels))
    }

    /// What there is to say about how the texts were read, one line each; of the notes, the first
    /// few.
    pub fn reading_notes(&self, context: &RunContext) -> Vec<String> {
        let signs = self.signs.notes().map(|note| note.spelled(context.spelling));
        self.notes.first().iter().cloned().chain(signs).collect()
    }

    /// Records that failed.
    pub fn failed(&self) -> u64 {
        self.failures.values().map(|failures| failures.count).sum()
    }
}

impl Failures {
    fn add(&mut self, after: Failures) {
        self.count += after.count;
        self.first.extend(after.first);
        self.first.truncate(MAX_NAMED);
    }
}

fn add_units(batch: &mut BatchProfile, verdict: &Verdict) {
    let mut add = |probabilities: &[f64], words: usize, known: Option<usize>| {
        let top = argmax(probabilities).index();
        batch.add(top, probabilities.get(top).copied().unwrap_or(0.0), words, known);
    };
    for paragraph in verdict.paragraphs().filter(ScoredParagraph::any_feature) {
        add(paragraph.probabilities(), paragraph.words(), paragraph.known_words());
    }
    if verdict.paragraphs().len() == 0 && verdict.words() > 0 {
        let known = verdict.known().map(|known| (known * verdict.words() as f64).round() as usize);
        add(verdict.probabilities(), verdict.words(), known);
    }
}

fn bump(counts: &mut BTreeMap<String, u64>, name: &str) {
    match counts.get_mut(name) {
        Some(count) => *count += 1,
        None => {
            counts.insert(name.to_owned(), 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failures(kinds: &[(&str, u64)]) -> Tally {
        let one = |(kind, count): &(&str, u64)| {
            let first = (0..*count).map(|number| format!("{kind} {number}")).take(MAX_NAMED).collect();
            ((*kind).to_owned(), Failures { count: *count, first })
        };
        Tally { failures: kinds.iter().map(one).collect(), ..Tally::default() }
    }

    #[test]
    fn the_first_failures_of_a_kind_stay_the_first() {
        let mut sum = failures(&[("csv", 2)]);
        sum.add(failures(&[("csv", 5), ("io", 1)]));
        assert_eq!(sum.failed(), 8);
        assert_eq!(sum.failures["csv"].first, ["csv 0", "csv 1", "csv 0"]);
    }
}
