//! Saves decisions, changes them and takes them back.

use std::sync::Arc;

use serde::Serialize;

use crate::classifier::verdict::{Reason, Verdict};
use crate::error::{Error, Result, list};
use crate::labeling::clock::now;
use crate::labeling::decision::{Change, Decision, DecisionKind, NewDecision};
use crate::labeling::queue::Item;
use crate::labeling::sample::Sample;
use crate::labeling::state::Counts;
use crate::labeling::workspace::{Workspace, no_unit};

/// Whether the model's answer is shown after a decision.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// Unless the passage is one of a sample that is not decided to its end.
    Yes,
    No,
}

/// Most characters of a note.
const MAX_NOTE: usize = 10_000;
/// Characters of a passage that a list of decisions shows.
const EXCERPT: usize = 160;

/// What a model says of a passage.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Answer {
    /// The label; `None` if the model abstains.
    pub label: Option<String>,
    /// The likeliest label.
    pub top: String,
    /// Why there is no label.
    pub reason: Option<&'static str>,
    /// The probability of the likeliest label.
    pub confidence: f64,
    /// The calibrated probabilities in class order.
    pub probabilities: Vec<LabelProbability>,
}

/// A label with its probability.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LabelProbability {
    /// The label.
    pub label: String,
    /// Its probability.
    pub probability: f64,
}

/// A decision that is on disk.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Saved {
    /// The number of the decision.
    pub sequence: u64,
    /// Always: what cannot be saved is an error.
    pub saved: bool,
    /// What the model says of the passage; `None` for one of the sample for checking until all of
    /// it are decided.
    pub answer: Option<Answer>,
    /// What holds now.
    pub counts: Counts,
}

/// A decision that was taken back.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Undone {
    /// Its number.
    pub sequence: u64,
    /// The id of the passage.
    pub unit: String,
    /// Whether the model's answer was shown after it.
    pub seen: bool,
    /// The passage, to decide anew; `None` if it is of another archive.
    pub item: Option<Item>,
}

/// What [`Workspace::undo`] found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct UndoResult {
    /// The decision; `None` if none is left.
    pub undone: Option<Undone>,
    /// What holds now.
    pub counts: Counts,
}

/// A decision in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RecentDecision {
    /// The decision. Its text is the beginning of the passage.
    #[serde(flatten)]
    pub decision: Decision,
    /// The beginning of the passage.
    pub excerpt: String,
}

impl Workspace {
    /// Saves a decision: when this returns, it is on disk. It counts as made with the answer in
    /// sight if that was shown after an earlier decision about the passage. Writes to disk.
    ///
    /// # Errors
    /// Texts that are not read; a parameter `unit` that is no passage of the archive, a `label`
    /// that is none of the [labels](Workspace::labels) or where none is to be, a `note` that is too
    /// long; and a log that cannot be written.
    pub fn decide(self: &Arc<Self>, new: NewDecision) -> Result<Saved> {
        self.save_new(new, Shown::Yes)
    }

    /// As [`Workspace::decide`] for a caller that does not show the model's answer. A further
    /// decision about a passage counts as made with an answer in sight, because it may follow a
    /// look at the other coder's label; not so while a sample keeps all answers back.
    ///
    /// # Errors
    /// As [`Workspace::decide`].
    pub fn decide_hidden(self: &Arc<Self>, new: NewDecision) -> Result<Saved> {
        self.save_new(new, Shown::No)
    }

    fn save_new(self: &Arc<Self>, new: NewDecision, shown: Shown) -> Result<Saved> {
        let archive = self.archive()?;
        let unit = archive.find(&new.unit).ok_or_else(|| no_unit(&new.unit))?;
        let place = archive.units().get(unit).ok_or_else(|| no_unit(&new.unit))?;
        let (text, passage) = archive.passage(unit).ok_or_else(|| no_unit(&new.unit))?;
        let optional = |value: Option<&str>| value.map(str::to_owned);
        let decision = Decision {
            sequence: 0,
            kind: new.kind,
            article: text.id.to_string(),
            paragraph: place.paragraph,
            text: passage.to_owned(),
            label: new.label,
            source: optional(text.source.as_deref()),
            date: optional(text.date.as_deref()),
            title: optional(text.title.as_deref()),
            note: new.note.filter(|note| !note.trim().is_empty()),
            flag: new.flag,
            coder: self.session().coder,
            time: String::new(),
            milliseconds: new.milliseconds,
            seen: new.seen || self.may_know_answer(&new.unit, shown),
            model: self.current().classifier.id().to_owned(),
            hidden: false,
            replaces: None,
            unit: new.unit,
        };
        self.save(decision, shown)
    }

    /// Whether a coder may know an answer: the model's was shown, or this is a further decision
    /// that no sample asks for.
    fn may_know_answer(&self, unit: &str, shown: Shown) -> bool {
        let sample = self.sample();
        let decided = self.decided();
        let decisions = &decided.decisions;
        let is_hidden = sample.as_ref().is_some_and(|sample| sample.hides(unit, decisions));
        let is_again = shown == Shown::No && decisions.of(unit).is_some();
        decisions.was_shown(unit) || (is_again && !is_hidden)
    }

    /// Changes a decision by one that replaces it. Another label counts as given with the model's
    /// answer in sight if that was shown. Writes to disk.
    ///
    /// # Errors
    /// A `sequence` that is no decision that holds, and as [`Workspace::decide`].
    pub fn change(self: &Arc<Self>, sequence: u64, change: Change) -> Result<Saved> {
        let found = self.decided().decisions.numbered(sequence).cloned();
        let earlier = found.ok_or_else(|| {
            Error::invalid_parameter("sequence", sequence, "the number of a decision that was not undone")
        })?;
        let is_other = change.label.is_some() && change.label != earlier.label;
        let was_shown = self.decided().decisions.was_shown(&earlier.unit);
        let note = change.note.or_else(|| earlier.note.clone());
        let changed = Decision {
            kind: if change.label.is_some() { DecisionKind::Label } else { earlier.kind },
            label: change.label.or_else(|| earlier.label.clone()),
            note: note.filter(|note| !note.trim().is_empty()),
            flag: change.flag.unwrap_or(earlier.flag),
            coder: self.session().coder,
            seen: earlier.seen || (is_other && was_shown),
            model: self.current().classifier.id().to_owned(),
            ..earlier
        };
        self.save(changed, Shown::Yes)
    }

    fn save(self: &Arc<Self>, decision: Decision, shown: Shown) -> Result<Saved> {
        let archive = self.archive()?;
        self.check(&decision)?;
        let unit = decision.unit.clone();
        // Before the log: the answer of the model that the decision names.
        let answer = answer(&self.current().worker().score_unit(&decision.text));
        let mut folder = self.folder();
        let (sequence, replaces, hidden) = {
            // First the sample, then what is decided, as everywhere: who waits for one does not
            // hold the other.
            let sample = self.sample();
            let decided = self.decided();
            let decisions = &decided.decisions;
            let is_hidden = |sample: &Sample| sample.hides(&unit, decisions);
            let hidden = shown == Shown::No || sample.as_ref().is_some_and(is_hidden);
            (decisions.next_sequence(), decisions.of(&unit).map(|earlier| earlier.sequence), hidden)
        };
        let line = folder.save(Decision { sequence, replaces, hidden, time: now(), ..decision })?;
        // Queues do not wait for the disk: what holds is changed after it.
        self.decided_mut().apply(line, &unit, archive);
        drop(folder);
        self.train_if_due();
        let answer = (!hidden).then_some(answer);
        Ok(Saved { sequence, saved: true, answer, counts: self.counts() })
    }

    fn check(&self, decision: &Decision) -> Result<()> {
        let names: Vec<String> = self.labels().into_iter().map(|label| label.name).collect();
        match (decision.kind, &decision.label) {
            (DecisionKind::Label, Some(label)) if names.contains(label) => {}
            (DecisionKind::Label, found) => {
                let found = found.as_deref().map_or("none".to_owned(), |label| list(&[label]));
                return Err(Error::invalid_parameter("label", found, format!("one of {}", list(&names))));
            }
            (_, Some(label)) => {
                return Err(Error::invalid_parameter("label", list(&[label]), "none beside this kind"));
            }
            (_, None) => {}
        }
        match decision.note.as_ref().map(|note| note.chars().count()) {
            Some(length) if length > MAX_NOTE => {
                let found = format!("of {length} characters");
                Err(Error::invalid_parameter("note", found, format!("at most {MAX_NOTE}")))
            }
            _ => Ok(()),
        }
    }

    /// Takes the last decision back, and the one before it when called again, as far as the log
    /// goes. Writes to disk.
    ///
    /// # Errors
    /// Texts that are not read, and a log that cannot be written.
    pub fn undo(&self) -> Result<UndoResult> {
        let archive = self.archive()?;
        let mut folder = self.folder();
        let (last, sequence) = {
            let decided = self.decided();
            (decided.decisions.last().cloned(), decided.decisions.next_sequence())
        };
        let Some(last) = last else { return Ok(UndoResult { undone: None, counts: self.counts() }) };
        let line = folder.save_undo(sequence, &last)?;
        self.decided_mut().apply(line, &last.unit, archive);
        drop(folder);
        let item = archive.find(&last.unit).and_then(|unit| self.item(unit));
        let seen = self.decided().decisions.was_shown(&last.unit);
        let undone = Some(Undone { sequence: last.sequence, unit: last.unit, seen, item });
        Ok(UndoResult { undone, counts: self.counts() })
    }

    /// What holds.
    pub fn counts(&self) -> Counts {
        let names: Vec<String> = self.labels().into_iter().map(|label| label.name).collect();
        self.decided().decisions.counts(&names)
    }

    /// The decisions that hold, the last first.
    pub fn recent(&self, limit: usize) -> Vec<RecentDecision> {
        let recent = |decision: &Decision| {
            let excerpt: String = decision.text.chars().take(EXCERPT).collect();
            RecentDecision { decision: Decision { text: excerpt.clone(), ..decision.clone() }, excerpt }
        };
        self.decided().decisions.current().rev().take(limit).map(recent).collect()
    }

    /// A passage as queues give it.
    pub(super) fn item(&self, unit: usize) -> Option<Item> {
        let archive = self.archive().ok()?;
        let id = archive.unit_id(unit)?;
        Item::new(archive, unit, self.decided().decisions.of(&id))
    }
}

fn answer(verdict: &Verdict) -> Answer {
    let probability =
        |(label, probability): (&str, f64)| LabelProbability { label: label.to_owned(), probability };
    Answer {
        label: verdict.label().map(str::to_owned),
        top: verdict.top().to_owned(),
        reason: verdict.reason().map(Reason::name),
        confidence: verdict.confidence(),
        probabilities: verdict.by_label().map(probability).collect(),
    }
}
