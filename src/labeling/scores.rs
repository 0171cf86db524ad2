//! Holds what a model says of all texts and passages of an archive, in little room, and computes it
//! batch by batch.

use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use crate::classifier::verdict::{Decision, Reason, Verdict};
use crate::classifier::{Classifier, ScoreOptions, Workers};
use crate::error::{Error, Result};
use crate::label::ClassId;
use crate::labeling::archive::Archive;
use crate::progress::Progress;
use crate::threads::Threads;

/// The answers of one model, as far as texts are scored.
#[derive(Debug, Default)]
pub struct Scores {
    classes: usize,
    filled: RwLock<Filled>,
}

#[derive(Debug, Default)]
struct Filled {
    texts: Answers,
    /// The passages of these texts.
    units: Answers,
}

/// Answers one after the other.
#[derive(Debug, Default)]
struct Answers {
    /// Class by class, for each answer.
    probabilities: Vec<f32>,
    answers: Vec<Answer>,
}

#[derive(Clone, Copy, Debug)]
struct Answer {
    top: ClassId,
    reason: Option<Reason>,
    /// Not a number for a model without an axis.
    slant: f32,
}

/// The answer for one text or passage.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct StoredVerdict<'s> {
    /// The likeliest class.
    pub top: ClassId,
    /// Why there is no label; `None` if the likeliest class is the label.
    pub reason: Option<Reason>,
    /// The calibrated probabilities in class order, rounded.
    pub probabilities: &'s [f32],
    /// The place on the axis; `None` for a model without one.
    pub slant: Option<f32>,
}

impl StoredVerdict<'_> {
    /// The likeliest label, or the reason for abstaining.
    pub fn decision(&self) -> Decision {
        self.reason.map_or(Decision::Label(self.top), Decision::Abstain)
    }

    /// The probability of the likeliest class.
    pub fn confidence(&self) -> f32 {
        self.probabilities.get(self.top.index()).copied().unwrap_or(0.0)
    }
}

/// The answers up to now, which do not grow while this is held.
#[derive(Debug)]
pub struct ScoresView<'s> {
    classes: usize,
    filled: RwLockReadGuard<'s, Filled>,
}

impl ScoresView<'_> {
    /// Texts that are scored: the first of the archive.
    pub fn texts(&self) -> usize {
        self.filled.texts.answers.len()
    }

    /// Passages that are scored: the first of the archive.
    pub fn units(&self) -> usize {
        self.filled.units.answers.len()
    }

    /// The answer for a text.
    pub fn text(&self, number: usize) -> Option<StoredVerdict<'_>> {
        self.filled.texts.get(number, self.classes)
    }

    /// The answer for a passage.
    pub fn unit(&self, number: usize) -> Option<StoredVerdict<'_>> {
        self.filled.units.get(number, self.classes)
    }
}

impl Scores {
    /// Room for the answers of a model.
    pub(super) fn new(classes: usize) -> Self {
        Scores { classes, ..Scores::default() }
    }

    /// The answers up to now.
    pub fn view(&self) -> ScoresView<'_> {
        let filled = self.filled.read().unwrap_or_else(PoisonError::into_inner);
        ScoresView { classes: self.classes, filled }
    }

    /// Scores all texts and passages that are not scored yet, one after the other.
    ///
    /// # Errors
    /// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped).
    pub(super) fn fill(
        &self,
        archive: &Archive,
        classifier: &Classifier,
        progress: &dyn Progress,
        threads: &Threads,
    ) -> Result<()> {
        let done = self.view().texts();
        progress.begin("scoring", Some((archive.len() - done.min(archive.len())) as u64));
        let items = archive.texts().iter().skip(done).map(|text| (text, text.text.len()));
        Workers::new(classifier, ScoreOptions::default(), threads).score_in_order(
            items,
            |worker, text| {
                let verdict = worker.score_prepared(&text.text, text.scored_title(), text.extraction);
                let units: Vec<Verdict> = archive
                    .units_of(text)
                    .filter_map(|unit| archive.passage(unit))
                    .map(|(_, passage)| worker.score_unit(passage))
                    .collect();
                (verdict.without_paragraphs(), units)
            },
            |(verdict, units)| {
                progress.check()?;
                let mut filled = self.filled.write().unwrap_or_else(PoisonError::into_inner);
                filled.texts.push(&verdict);
                units.iter().for_each(|unit| filled.units.push(unit));
                drop(filled);
                progress.advance(1);
                Ok::<(), Error>(())
            },
        )
    }
}

impl Answers {
    fn push(&mut self, verdict: &Verdict) {
        self.probabilities.extend(verdict.probabilities().iter().map(|&p| p as f32));
        self.answers.push(Answer {
            top: verdict.top_class(),
            reason: verdict.reason(),
            slant: verdict.slant().map_or(f32::NAN, |slant| slant as f32),
        });
    }

    fn get(&self, number: usize, classes: usize) -> Option<StoredVerdict<'_>> {
        let &Answer { top, reason, slant } = self.answers.get(number)?;
        let probabilities = self.probabilities.get(number * classes..(number + 1) * classes)?;
        Some(StoredVerdict { top, reason, probabilities, slant: (!slant.is_nan()).then_some(slant) })
    }
}
