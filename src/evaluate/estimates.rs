//! Computes every figure of an evaluation with its interval.

use serde::Serialize;

use crate::evaluate::bootstrap::{Drawing, bootstrap_all};
use crate::evaluate::metrics::Metrics;
use crate::label::ClassId;
use crate::statistics::{Estimate, Interval};

/// The figures of an evaluation; `None` for what is undefined.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Estimates {
    /// [`Metrics::accuracy`].
    pub accuracy: Option<Estimate>,
    /// [`Metrics::macro_f1`]; `None` where all rows have one gold label, since the mean then covers
    /// few of the labels.
    pub macro_f1: Option<Estimate>,
    /// [`Metrics::mcc`].
    pub mcc: Option<Estimate>,
    /// [`Metrics::log_loss`].
    pub log_loss: Option<Estimate>,
    /// [`Metrics::brier`].
    pub brier: Option<Estimate>,
    /// [`Metrics::debiased_calibration_error`], without an interval.
    pub debiased_calibration_error: Option<Estimate>,
    /// [`Metrics::confidence`].
    pub confidence: Option<Estimate>,
    /// [`Metrics::coverage`].
    pub coverage: Option<Estimate>,
    /// [`Metrics::accuracy_answered`].
    pub accuracy_answered: Option<Estimate>,
    /// In class order.
    pub classes: Vec<ClassEstimates>,
}

/// The figures of one class; see [`ClassFigures`](crate::evaluate::ClassFigures).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ClassEstimates {
    /// Share of correct rows among the predicted. Has Wilson's interval, which treats rows as
    /// independent; a bootstrap interval where rows differ in weight.
    pub precision: Option<Estimate>,
    /// Share of correct rows among the gold, with an interval as that of precision.
    pub recall: Option<Estimate>,
    /// Their harmonic mean.
    pub f1: Option<Estimate>,
    /// Share of the weight that was predicted as this class.
    pub predicted_share: Option<Estimate>,
    /// Share of the weight that has this gold label.
    pub gold_share: Option<Estimate>,
}

impl Estimates {
    /// Takes the figures of all rows from `whole`, and their intervals from [`bootstrap_all`] over
    /// clusters. Shares of the rows of a label, which may be few, have Wilson's intervals unless
    /// rows are `weighted`.
    pub(crate) fn new(clusters: &[Metrics], whole: &Metrics, weighted: bool, drawing: Drawing<'_>) -> Self {
        let intervals = bootstrap_all(clusters, drawing, &flat);
        let mut estimates = Paired { values: flat(whole).into_iter(), intervals: intervals.into_iter() };
        let mut next = || estimates.next();
        Estimates {
            accuracy: next(),
            macro_f1: next().filter(|_| whole.macro_f1_of_several().is_some()),
            mcc: next(),
            log_loss: next(),
            brier: next(),
            // A draw with replacement adds its own chance to that of the rows, so percentiles would
            // lie above the figure.
            debiased_calibration_error: whole
                .debiased_calibration_error()
                .map(|value| Estimate { value, interval: None }),
            confidence: next(),
            coverage: next(),
            accuracy_answered: next(),
            classes: whole
                .class_figures()
                .into_iter()
                .enumerate()
                .map(|(class, of)| {
                    let correct = whole.pair(ClassId::new(class), ClassId::new(class));
                    let share = |estimate, rows| match weighted {
                        true => estimate,
                        false => with_wilson(estimate, correct, rows),
                    };
                    ClassEstimates {
                        precision: share(next(), of.predicted),
                        recall: share(next(), of.gold),
                        f1: next(),
                        predicted_share: next(),
                        gold_share: next(),
                    }
                })
                .collect(),
        }
    }
}

/// A share of rows of equal weight with Wilson's interval.
fn with_wilson(share: Option<Estimate>, part: u64, rows: u64) -> Option<Estimate> {
    share.map(|Estimate { value, .. }| Estimate { value, interval: Interval::wilson(part, rows, rows) })
}

/// Every figure in the order in which [`Estimates::new`] takes them.
fn flat(metrics: &Metrics) -> Vec<Option<f64>> {
    let mut values = vec![
        metrics.accuracy(),
        metrics.macro_f1(),
        metrics.mcc(),
        metrics.log_loss(),
        metrics.brier(),
        metrics.confidence(),
        metrics.coverage(),
        metrics.accuracy_answered(),
    ];
    for of in metrics.class_figures() {
        values.extend([of.precision, of.recall, of.f1, of.predicted_share, of.gold_share]);
    }
    values
}

struct Paired<V, I> {
    values: V,
    intervals: I,
}

impl<V: Iterator<Item = Option<f64>>, I: Iterator<Item = Option<Interval>>> Paired<V, I> {
    fn next(&mut self) -> Option<Estimate> {
        let (value, interval) = (self.values.next().flatten(), self.intervals.next().flatten());
        value.map(|value| Estimate { value, interval })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_stands_under_its_own_name() {
        let row = |gold: usize, p: f64, answered| {
            let mut metrics = Metrics::new(2);
            let predicted = ClassId::new(usize::from(p < 0.5));
            metrics.add_weighted(ClassId::new(gold), predicted, &[p, 1.0 - p], answered, 1.5);
            metrics
        };
        let groups: Vec<Metrics> =
            [(0, 0.9, true), (0, 0.6, false), (1, 0.7, true), (1, 0.1, true), (0, 0.2, true)]
                .into_iter()
                .cycle()
                .take(40)
                .map(|(gold, p, answered)| row(gold, p, answered))
                .collect();
        let mut whole = Metrics::new(2);
        groups.iter().for_each(|group| whole.merge(group));
        let found = Estimates::new(&groups, &whole, true, 1.into());
        let of_class = whole.class(ClassId::new(1));
        let class = found.classes[1];
        for (estimate, value) in [
            (found.accuracy, whole.accuracy()),
            (found.macro_f1, whole.macro_f1()),
            (found.mcc, whole.mcc()),
            (found.log_loss, whole.log_loss()),
            (found.brier, whole.brier()),
            (found.confidence, whole.confidence()),
            (found.coverage, whole.coverage()),
            (found.accuracy_answered, whole.accuracy_answered()),
            (class.precision, of_class.precision),
            (class.recall, of_class.recall),
            (class.f1, of_class.f1),
            (class.predicted_share, of_class.predicted_share),
            (class.gold_share, of_class.gold_share),
        ] {
            let Estimate { value: found, interval } = estimate.unwrap();
            assert_eq!(Some(found), value);
            let interval = interval.unwrap();
            assert!(interval.low < found && found < interval.high, "{found} {interval:?}");
        }
        let error = found.debiased_calibration_error.unwrap();
        assert_eq!((Some(error.value), error.interval), (whole.debiased_calibration_error(), None));
        let rows = Estimates::new(&groups, &whole, false, 1.into()).classes[1];
        assert_eq!(rows.precision.unwrap().interval, Interval::wilson(8, 16, 16));
        assert_eq!(rows.recall.unwrap().interval, Interval::wilson(8, 16, 16));
        assert_eq!((rows.f1, rows.gold_share), (class.f1, class.gold_share));
    }

    #[test]
    fn figures_without_spread_or_meaning_have_no_interval_or_are_left_out() {
        let row = |_| {
            let mut metrics = Metrics::new(2);
            metrics.add(ClassId::new(0), ClassId::new(0), &[0.9, 0.1], true);
            metrics
        };
        let rows: Vec<Metrics> = (0..2).map(row).collect();
        let mut whole = Metrics::new(2);
        rows.iter().for_each(|row| whole.merge(row));
        let found = Estimates::new(&rows, &whole, false, 1.into());
        let bare = |value| Some(Estimate { value, interval: None });
        assert_eq!((found.accuracy, found.coverage, found.macro_f1), (bare(1.0), bare(1.0), None));
        let [precision, recall] = [found.classes[0].precision, found.classes[0].recall];
        let share = Some(Estimate { value: 1.0, interval: Interval::wilson(2, 2, 2) });
        assert_eq!((precision, recall, found.classes[0].f1), (share, share, bare(1.0)));
    }
}
