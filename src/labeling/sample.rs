//! Draws passages at random for checking, and corrects the shares of labels by what coders said of them.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::label::{ClassId, LabelSet, argmax};
use crate::labeling::archive::Archive;
use crate::labeling::decision::{Decision, DecisionKind};
use crate::labeling::history::HeldOut;
use crate::labeling::ranking::at_random;
use crate::labeling::scores::ScoresView;
use crate::labeling::state::Decisions;
use crate::statistics::Interval;

/// A random sample of passages: each one of the archive was as likely to be drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sample {
    pub(super) seed: u64,
    /// Passages of the archive, of which the sample was drawn.
    pub(super) of: u64,
    /// The ids of the passages, in the order in which they were drawn.
    pub(super) units: Vec<String>,
}

/// A share of the passages with a label, as the model has it and corrected for its errors.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CorrectedShare {
    /// The label.
    pub label: String,
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
        let drawn = at_random(archive, seed).into_iter().take(size);
        let units = drawn.filter_map(|unit| archive.unit_id(unit as usize)).collect();
        Ok(Sample { seed, of: archive.units().len() as u64, units })
    }

    /// The ids.
    pub(super) fn ids(&self) -> HashSet<String> {
        self.units.iter().cloned().collect()
    }

    /// The decisions about it that were made blind.
    pub(super) fn coded<'d>(&self, decisions: &'d Decisions) -> Vec<&'d Decision> {
        let found = self.units.iter().filter_map(|unit| decisions.of(unit));
        found.filter(|decision| is_coded(decision)).collect()
    }
}

/// Whether a decision counts in a sample: blind, and not passed over.
fn is_coded(decision: &Decision) -> bool {
    !decision.seen && matches!(decision.kind, DecisionKind::Label | DecisionKind::None)
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
    /// Corrects the share of each label by the mean error on coded passages (Angelopoulos et al. 2023, "Prediction-powered
    /// inference", Science 382, for a mean). `None` with fewer than two coded passages, or as long as not all passages are scored.
    pub(super) fn corrected(&self, coded: &[&Decision]) -> Option<Vec<CorrectedShare>> {
        let units = self.archive.units().len();
        if self.view.units() < units || units == 0 {
            return None;
        }
        let mut raw = vec![0u64; self.labels.len()];
        for answer in (0..units).filter_map(|unit| self.view.unit(unit)) {
            if let Some(count) = raw.get_mut(answer.top.index()) {
                *count += 1;
            }
        }
        let found: Vec<(&Decision, ClassId)> =
            coded.iter().filter_map(|decision| Some((*decision, self.top(decision)?))).collect();
        let share = |(class, name): (usize, &String)| {
            let raw = raw.get(class).copied().unwrap_or(0) as f64 / units as f64;
            let errors: Vec<f64> =
                found.iter().map(|(decision, top)| error(decision, name, top.index() == class)).collect();
            let corrected = raw + mean(&errors);
            let interval =
                Interval::student(corrected, variance(&errors), errors.len() as u64)?.within(0.0, 1.0);
            let label = name.clone();
            Some(CorrectedShare {
                label,
                raw,
                corrected: corrected.clamp(0.0, 1.0),
                low: interval.low,
                high: interval.high,
            })
        };
        self.labels.names().iter().enumerate().map(share).collect()
    }

    /// The likeliest class of a passage by a model that did not learn it.
    fn top(&self, decision: &Decision) -> Option<ClassId> {
        if let Some(probabilities) = self.held_out.probabilities.get(&decision.unit) {
            let probabilities: Vec<f64> = probabilities.iter().copied().map(f64::from).collect();
            return Some(argmax(&probabilities));
        }
        self.archive.find(&decision.unit).and_then(|unit| self.view.unit(unit)).map(|found| found.top)
    }
}

/// 1 where the coder alone gave the label, -1 where the model alone did.
fn error(decision: &Decision, label: &str, is_said: bool) -> f64 {
    let is = |yes: bool| f64::from(u8::from(yes));
    is(decision.label.as_deref() == Some(label)) - is(is_said)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (values.len() as f64 - 1.0)
}
