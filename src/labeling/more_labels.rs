//! Measures how much labels bring, and predicts what further ones would.

use crate::error::Result;
use crate::labeling::alone::Alone;
use crate::labeling::learn::Lesson;
use crate::labeling::model_record::{Figure, LabelsPoint};
use crate::statistics::{Estimate, Interval};
use crate::train::{CurvePoint, LearningCurve, measure_beside};
use crate::write::{ends, signed};

/// The further labels whose gain is predicted.
const MORE_LABELS: usize = 50;

/// What takes longer to measure than to train.
#[derive(Debug, Default)]
pub(super) struct Measured {
    /// On labels held out at random, where that was not measured before.
    pub(super) random: Option<Figure>,
    pub(super) curve: Vec<LabelsPoint>,
    pub(super) more: Option<String>,
}

impl Lesson<'_> {
    /// Measures how much labels bring.
    ///
    /// # Errors
    /// As [`Lesson::learn`].
    pub(super) fn measure(&self, baseline: Option<Figure>) -> Result<Measured> {
        let labels = self.own.rows.len() as u64;
        let Some(beside) = self.beside()? else { return self.measure_alone() };
        let found = measure_beside(beside, &self.own.rows, &self.options(), self.threads)?;
        let random = found.random.map(Figure::new).filter(|_| self.own.grouped_by.is_some());
        let Some(found) = found.more_labels else { return Ok(Measured { random, ..Measured::default() }) };
        let zero = baseline.map(|baseline| LabelsPoint { labels: 0, macro_f1: baseline.macro_f1 });
        let points = [(labels / 2, found.half), (labels, found.all)];
        let points = points.map(|(labels, macro_f1)| LabelsPoint { labels, macro_f1 });
        let more = more_labels(found.labels as u64, found.macro_f1);
        Ok(Measured { random, curve: zero.into_iter().chain(points).collect(), more: Some(more) })
    }

    fn measure_alone(&self) -> Result<Measured> {
        let alone = Alone::new(self.own);
        if alone.folds == 0 {
            return Ok(Measured::default());
        }
        let (_, report) = Lesson { own: &alone.own, ..*self }.train_alone(alone.folds, true)?;
        let Some(curve) = report.learning_curve else { return Ok(Measured::default()) };
        let point =
            |point: &CurvePoint| Some(LabelsPoint { labels: point.rows as u64, macro_f1: point.macro_f1? });
        let more =
            gain_of_more(&curve, alone.own.rows.len()).map(|gain| more_labels(MORE_LABELS as u64, gain));
        let curve = curve.points.iter().filter_map(point).collect();
        Ok(Measured { random: None, curve, more })
    }
}

/// What [`MORE_LABELS`] further labels would bring beside so many, if each doubling of them brings
/// as much as the last step of a learning curve did for its part of a doubling.
fn gain_of_more(curve: &LearningCurve, labels: usize) -> Option<Estimate> {
    let [.., before, last] = curve.points.as_slice() else { return None };
    let step = curve.last_step?;
    let doublings = libm::log2(last.rows as f64 / before.rows as f64);
    let factor = libm::log2((labels + MORE_LABELS) as f64 / labels as f64) / doublings;
    let scaled = |interval: Interval| Interval { low: factor * interval.low, high: factor * interval.high };
    factor
        .is_finite()
        .then(|| Estimate { value: factor * step.macro_f1, interval: step.interval.map(scaled) })
}

/// What further labels would bring, by what the last doubling brought. Where that may have been
/// chance, no gain is promised.
fn more_labels(labels: u64, gain: Estimate) -> String {
    match gain.interval {
        Some(interval) if interval.low > 0.0 => format!(
            "{labels} more labels would bring about {} macro-F1 ({}), if each doubling of them goes on to bring as much.",
            signed(gain.value),
            ends(interval)
        ),
        Some(interval) => format!(
            "No gain is visible yet: by what the last ones brought, {labels} more labels would change macro-F1 by {}.",
            ends(interval)
        ),
        None if gain.value == 0.0 => "No gain is visible yet: the last ones changed nothing.".to_owned(),
        None => "There are too few sources to tell.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_gain_is_promised_that_may_be_chance() {
        let gain = |low, high| Estimate { value: 0.03, interval: Some(Interval { low, high }) };
        assert!(
            more_labels(50, gain(0.01, 0.05))
                .starts_with("50 more labels would bring about +0.03 macro-F1 (+0.01 to +0.05)")
        );
        let unsure = more_labels(50, gain(0.0, 0.106));
        assert!(
            unsure.starts_with("No gain is visible yet") && unsure.ends_with("by 0.00 to +0.11."),
            "{unsure}"
        );
        assert_eq!(
            more_labels(50, Estimate { value: 0.03, interval: None }),
            "There are too few sources to tell."
        );
    }
}
