//! Draws passages at random for checking, and corrects the shares of labels by what coders said of
//! them.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::label::{ClassId, LabelSet, argmax};
use crate::labeling::archive::Archive;
use crate::labeling::decision::{Decision, DecisionKind};
use crate::labeling::held_out::HeldOut;
use crate::labeling::ranking::at_random;
use crate::labeling::scores::ScoresView;
use crate::labeling::state::Decisions;
use crate::random::hash_name;
use crate::statistics::Interval;

/// A random sample of passages: each one of the archive was as likely to be drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sample {
    pub(super) seed: u64,
    /// Passages of the archive, of which the sample was drawn.
    pub(super) of: u64,
    /// The ids of the passages, in the order in which they were drawn.
    pub(super) units: Vec<String>,
    /// Their numbers in the archive.
    #[serde(skip)]
    numbers: HashSet<usize>,
    /// Those that this archive does not have.
    #[serde(skip)]
    absent: HashSet<String>,
}

/// How far a sample is coded.
#[derive(Debug, Default)]
pub(super) struct Coding {
    /// The decisions that count.
    pub(super) coded: Vec<Decision>,
    /// Passages that are not decided yet.
    pub(super) open: u64,
    /// Passages that are decided, and count once those before them in the order of the draw are.
    pub(super) later: u64,
    /// Passages that were skipped or that the coder could not tell.
    pub(super) skipped: u64,
    /// Passages that were first labeled with the model's answer in sight.
    pub(super) seen: u64,
}

/// Fewer coded passages than this correct no shares: an interval that rests on fewer says too
/// little about rare labels.
pub(super) const MIN_CODED: usize = 30;

/// Sets the draw apart from the queue of random passages, which has a seed of its own.
const SALT: &[u8] = b"sample for checking";

/// A share of the passages with a label, as the model has it and corrected for its errors.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CorrectedShare {
    /// The label; `None` for passages that no label fits.
    pub label: Option<String>,
    /// The share of the passages whose likeliest label it is.
    pub raw: f64,
    /// The share that coders would find.
    pub corrected: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Sample {
    /// Draws a sample.
    ///
    /// # Errors
    /// No passage.
    pub(super) fn draw(archive: &Archive, size: usize, seed: u64) -> Result<Self> {
        if size == 0 {
            return Err(Error::invalid_parameter("size", 0, "a number from 1 up"));
        }
        let drawn = at_random(archive, hash_name(seed, SALT)).into_iter().take(size);
        let units = drawn.filter_map(|unit| archive.unit_id(unit as usize)).collect();
        let sample = Sample { seed, of: archive.units().len() as u64, units, ..Sample::default() };
        Ok(sample.found_in(archive))
    }

    /// The sample with the numbers of its passages in the archive.
    pub(super) fn found_in(self, archive: &Archive) -> Self {
        let numbers = self.units.iter().filter_map(|unit| archive.find(unit)).collect();
        let absent = self.units.iter().filter(|unit| archive.find(unit).is_none()).cloned().collect();
        Sample { numbers, absent, ..self }
    }

    /// The numbers of its passages in the archive.
    pub(super) fn numbers(&self) -> &HashSet<usize> {
        &self.numbers
    }

    /// The ids.
    pub(super) fn ids(&self) -> HashSet<String> {
        self.units.iter().cloned().collect()
    }

    /// How far it is coded. The decisions that were made blind count, up to the first passage in
    /// the order of the draw that is not decided: a beginning of a random order is a random sample,
    /// whatever a coder picks of it is not.
    pub(super) fn coding(&self, decisions: &Decisions) -> Coding {
        let mut coding = Coding::default();
        let mut is_beginning = true;
        for unit in &self.units {
            let decided = decisions.of(unit);
            is_beginning &= decided.is_some();
            match (decided, decisions.blind_of(unit)) {
                (None, _) => coding.open += u64::from(!self.absent.contains(unit)),
                (Some(_), _) if !is_beginning => coding.later += 1,
                (Some(_), Some(blind)) => coding.coded.push(blind.clone()),
                (Some(last), None) if matches!(last.kind, DecisionKind::Skip | DecisionKind::Unsure) => {
                    coding.skipped += 1;
                }
                (Some(_), None) => coding.seen += 1,
            }
        }
        coding
    }

    /// Whether the model's answer for a passage is kept back once it is decided: while any other
    /// passage of the sample is open.
    pub(super) fn hides(&self, unit: &str, decisions: &Decisions) -> bool {
        let is_open =
            |other: &String| other != unit && decisions.of(other).is_none() && !self.absent.contains(other);
        self.units.iter().any(|of| of == unit) && self.units.iter().any(is_open)
    }
}

/// What a model says of all passages, to be held against what coders say of some.
pub(super) struct Answers<'a> {
    pub(super) archive: &'a Archive,
    pub(super) view: &'a ScoresView<'a>,
    pub(super) labels: &'a LabelSet,
    /// What models say of the passages that did not learn them, where this one did.
    pub(super) held_out: &'a HeldOut,
}

impl Answers<'_> {
    /// Corrects the share of each label by the mean error on coded passages (Angelopoulos et al.
    /// 2023, "Prediction-powered inference", Science 382, for a mean). `None` with fewer than
    /// [`MIN_CODED`] coded passages, or as long as not all passages are scored.
    pub(super) fn corrected(&self, coded: &[Decision]) -> Option<Vec<CorrectedShare>> {
        let units = self.archive.units().len();
        if self.view.units() < units || units == 0 {
            return None;
        }
        let is_none = |decision: &Decision| decision.kind == DecisionKind::None;
        let mut raw = vec![0u64; self.labels.len()];
        for answer in (0..units).filter_map(|unit| self.view.unit(unit)) {
            if let Some(count) = raw.get_mut(answer.top.index()) {
                *count += 1;
            }
        }
        let found: Vec<(&Decision, ClassId)> =
            coded.iter().filter_map(|decision| Some((decision, self.top(decision)?))).collect();
        if found.len() < MIN_CODED {
            return None;
        }
        let share = |(class, name): (usize, Option<&String>)| {
            let raw = raw.get(class).copied().unwrap_or(0) as f64 / units as f64;
            let is_coded = |decision: &Decision| match name {
                Some(name) => decision.label.as_ref() == Some(name),
                None => is_none(decision),
            };
            let errors: Vec<f64> =
                found.iter().map(|(decision, top)| error(is_coded(decision), top.index() == class)).collect();
            let corrected = raw + mean(&errors);
            let interval = interval(corrected, &errors)?.within(0.0, 1.0);
            Some(CorrectedShare {
                label: name.cloned(),
                raw,
                corrected: corrected.clamp(0.0, 1.0),
                low: interval.low,
                high: interval.high,
            })
        };
        // Passages that no label fits have a row of their own, if there are any.
        let none = found.iter().any(|(decision, _)| is_none(decision)).then_some(None);
        self.labels.names().iter().map(Some).chain(none).enumerate().map(share).collect()
    }

    /// The likeliest class of a passage by a model that did not learn it; `None` where there is no
    /// such model.
    fn top(&self, decision: &Decision) -> Option<ClassId> {
        if self.held_out.is_learned(&decision.unit) {
            return self.held_out.of(&decision.unit).map(|probabilities| argmax(&probabilities));
        }
        self.archive.find(&decision.unit).and_then(|unit| self.view.unit(unit)).map(|found| found.top)
    }
}

/// 1 where the coder alone gave the label, -1 where the model alone did.
fn error(is_coded: bool, is_said: bool) -> f64 {
    f64::from(u8::from(is_coded)) - f64::from(u8::from(is_said))
}

/// The 95 % interval of a share. Where no error was seen, errors may still be there, though with 95
/// % confidence no more of them than would be missed by so many passages in one of twenty samples
/// (Hanley & Lippman-Hand 1983, "If nothing goes wrong, is everything all right?", JAMA 249: about
/// three by the number of passages).
fn interval(share: f64, errors: &[f64]) -> Option<Interval> {
    let variance = variance(errors);
    if variance > 0.0 {
        return Interval::student(share, variance, errors.len() as u64);
    }
    let unseen = 1.0 - libm::pow(0.05, 1.0 / errors.len() as f64);
    Some(Interval { low: share - unseen, high: share + unseen })
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (values.len() as f64 - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labeling::archive::samples::archive;
    use crate::labeling::decision::Line;
    use crate::labeling::decision::samples::decision;

    #[test]
    fn an_interval_has_a_width_though_no_error_was_seen() {
        let found = interval(0.4, &[0.0; 30]).unwrap();
        // The rule of three, 3 / 30, is a little above the exact bound.
        assert!((found.high - 0.495).abs() < 0.001 && (found.low - 0.305).abs() < 0.001, "{found:?}");
        let more = interval(0.4, &[0.0; 300]).unwrap();
        assert!(more.high - more.low < (found.high - found.low) / 9.0);
    }

    #[test]
    fn a_sample_counts_up_to_the_first_passage_that_is_not_decided() {
        let rows: String = (0..40).map(|n| format!("{n},Text number {n} of the paper.\n")).collect();
        let (_folder, archive) = archive(&format!("id,text\n{rows}"));
        let sample = Sample::draw(&archive, 10, 1).unwrap();
        let random: Vec<String> =
            at_random(&archive, 1).into_iter().filter_map(|unit| archive.unit_id(unit as usize)).collect();
        assert_ne!(sample.units[..], random[..10], "the beginning of the random queue is another");
        assert_eq!(sample.numbers().len(), 10);
        let line = |at: usize| Line::Decision(decision(at as u64 + 1, &sample.units[at], Some("a")));
        let mut decisions = Decisions::new([0, 1, 3].map(line));
        let counts = |decisions: &Decisions| {
            let Coding { coded, open, later, skipped, seen } = sample.coding(decisions);
            (coded.len(), open, later, skipped, seen)
        };
        assert_eq!(counts(&decisions), (2, 7, 1, 0, 0));
        decisions.apply(Line::Decision(Decision { seen: true, ..decision(9, &sample.units[2], Some("a")) }));
        assert_eq!(counts(&decisions), (3, 6, 0, 0, 1), "the third was decided with the answer in sight");
        decisions.apply(Line::Decision(decision(10, &sample.units[4], None)));
        assert_eq!(counts(&decisions), (3, 5, 0, 1, 1));
        assert!(sample.hides(&sample.units[0], &decisions) && !sample.hides("another", &decisions));
        (5..9).for_each(|at| {
            decisions.apply(Line::Decision(decision(at + 6, &sample.units[at as usize], Some("a"))));
        });
        assert!(!sample.hides(&sample.units[9], &decisions), "the last one");
        assert!(sample.hides(&sample.units[8], &decisions));
        let read: Sample = serde_json::from_str(&serde_json::to_string(&sample).unwrap()).unwrap();
        assert_eq!(read.found_in(&archive), sample);
    }
}
