//! Counts correct and wrong answers. Stores counts and computes ratios on demand; an undefined
//! ratio is `None`. Ratios of labels alone, such as F1, are in `class_figures`.

use crate::evaluate::confusion_matrix::ConfusionMatrix;
use crate::evaluate::reliability::{Bin, Reliability};
use crate::label::ClassId;

/// Counts of (gold, predicted) pairs and the sums that proper scores need, each row with its
/// weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Metrics {
    pub(super) confusion: ConfusionMatrix,
    log_loss: f64,
    brier: f64,
    confidence: f64,
    answered: f64,
    answered_correct: f64,
    reliability: Reliability,
}

impl Metrics {
    /// A probability is taken to be at least this in the log loss, so that one certain error does
    /// not make it infinite. The machine epsilon of f64, as in scikit-learn's `log_loss`.
    pub const MIN_PROBABILITY: f64 = f64::EPSILON;

    /// Starts with nothing counted, for so many classes.
    pub fn new(classes: usize) -> Self {
        Metrics {
            confusion: ConfusionMatrix::new(classes),
            log_loss: 0.0,
            brier: 0.0,
            confidence: 0.0,
            answered: 0.0,
            answered_correct: 0.0,
            reliability: Reliability::default(),
        }
    }

    /// Counts one row: its gold label, the likeliest class, the probabilities, and whether a label
    /// was given.
    pub fn add(&mut self, gold: ClassId, predicted: ClassId, probabilities: &[f64], answered: bool) {
        self.add_weighted(gold, predicted, probabilities, answered, 1.0);
    }

    /// Counts one row with a weight: a row of weight 2 is in every ratio what the row twice would
    /// be, and in every count one row.
    pub fn add_weighted(
        &mut self,
        gold: ClassId,
        predicted: ClassId,
        probabilities: &[f64],
        answered: bool,
        weight: f64,
    ) {
        if !self.confusion.add(gold, predicted, weight) {
            return;
        }
        let probability = |class: ClassId| probabilities.get(class.index()).copied().unwrap_or(0.0);
        let squares = probabilities.iter().enumerate().map(|(class, p)| {
            let difference = p - f64::from(u8::from(class == gold.index()));
            difference * difference
        });
        self.log_loss -= weight * libm::log(probability(gold).max(Self::MIN_PROBABILITY));
        self.confidence += weight * probability(predicted);
        self.brier += weight * squares.sum::<f64>();
        let given = if answered { weight } else { 0.0 };
        self.answered += given;
        self.answered_correct += if gold == predicted { given } else { 0.0 };
        self.reliability.add(probability(predicted), gold == predicted, weight);
    }

    /// Adds the counts of other rows.
    pub fn merge(&mut self, other: &Metrics) {
        self.merge_times(other, 1);
    }

    /// Adds the counts of other rows, `times` times over.
    pub(super) fn merge_times(&mut self, other: &Metrics, times: u32) {
        self.confusion.merge_times(&other.confusion, times);
        let times = f64::from(times);
        self.log_loss += times * other.log_loss;
        self.brier += times * other.brier;
        self.confidence += times * other.confidence;
        self.answered += times * other.answered;
        self.answered_correct += times * other.answered_correct;
        self.reliability.merge_times(&other.reliability, times);
    }

    /// Returns the same pairs and bins with nothing counted, so that counting into them allocates
    /// nothing.
    pub(super) fn emptied(&self) -> Self {
        Metrics {
            confusion: self.confusion.emptied(),
            reliability: self.reliability.emptied(),
            ..Metrics::new(self.class_count())
        }
    }

    /// Number of classes.
    pub fn class_count(&self) -> usize {
        self.confusion.class_count()
    }

    /// Rows counted.
    pub fn rows(&self) -> u64 {
        self.confusion.rows()
    }

    /// The rows' weight.
    pub fn weight(&self) -> f64 {
        self.confusion.weight()
    }

    /// Rows with this gold label that were predicted as that class.
    pub fn pair(&self, gold: ClassId, predicted: ClassId) -> u64 {
        self.confusion.pair(gold, predicted)
    }

    /// Rows, gold label and likeliest class of each pair of unequal classes that occurs.
    pub fn confusions(&self) -> impl Iterator<Item = (u64, ClassId, ClassId)> + '_ {
        self.confusion.confusions()
    }

    /// Rows whose likeliest class is the gold label, whatever they weigh.
    pub fn correct_rows(&self) -> u64 {
        self.confusion.correct_rows()
    }

    /// Share of rows whose likeliest class is the gold label.
    pub fn accuracy(&self) -> Option<f64> {
        ratio(self.confusion.correct_weight(), self.weight())
    }

    /// Mean negative logarithm of the gold label's probability.
    pub fn log_loss(&self) -> Option<f64> {
        ratio(self.log_loss, self.weight())
    }

    /// Mean squared distance of the probabilities from the gold label's unit vector (Brier 1950),
    /// in [0, 2].
    pub fn brier(&self) -> Option<f64> {
        ratio(self.brier, self.weight())
    }

    /// Mean probability of the likeliest class.
    pub fn confidence(&self) -> Option<f64> {
        ratio(self.confidence, self.weight())
    }

    /// Expected calibration error: the mean distance, over the bins of [`Metrics::bins`], of the
    /// share of correct answers from the mean probability of the likeliest class, each bin with its
    /// weight.
    ///
    /// Guo, Pleiss, Sun & Weinberger 2017, "On calibration of modern neural networks", with their
    /// 15 bins. It is never 0 by chance: few rows give a larger error than many.
    pub fn calibration_error(&self) -> Option<f64> {
        ratio(self.reliability.distance(), self.weight())
    }

    /// Root mean square calibration error without what chance adds to it, which
    /// [`Metrics::calibration_error`] holds: 0 for a calibrated model, however few the rows. `None`
    /// without rows.
    ///
    /// Kumar, Liang & Ma 2019, "Verified uncertainty calibration", their debiased estimator.
    pub fn debiased_calibration_error(&self) -> Option<f64> {
        ratio(self.reliability.debiased_squares(), self.weight()).map(|squares| squares.max(0.0).sqrt())
    }

    /// The bins of the likeliest class's probability that hold rows, in order.
    pub fn bins(&self) -> impl Iterator<Item = Bin> + '_ {
        self.reliability.bins()
    }

    /// Share of rows that got a label.
    pub fn coverage(&self) -> Option<f64> {
        ratio(self.answered, self.weight())
    }

    /// Share of correct labels among the rows that got one.
    pub fn accuracy_answered(&self) -> Option<f64> {
        ratio(self.answered_correct, self.answered)
    }
}

/// `None` of nothing.
pub(super) fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Metrics {
        let mut metrics = Metrics::new(3);
        let class = ClassId::new;
        metrics.add(class(0), class(0), &[0.5, 0.25, 0.25], true);
        metrics.add(class(0), class(1), &[0.25, 0.5, 0.25], true);
        metrics.add(class(1), class(1), &[0.0, 1.0, 0.0], false);
        metrics
    }

    #[test]
    fn figures_at_points_known_by_hand() {
        let metrics = filled();
        assert_eq!(metrics.accuracy(), Some(2.0 / 3.0));
        let first = metrics.class(ClassId::new(0));
        assert_eq!((first.precision, first.recall, first.f1), (Some(1.0), Some(0.5), Some(2.0 / 3.0)));
        assert_eq!((first.gold_share, first.predicted_share), (Some(2.0 / 3.0), Some(1.0 / 3.0)));
        assert_eq!(metrics.macro_f1(), Some(2.0 / 3.0));
        assert!((metrics.log_loss().unwrap() - (2f64.ln() + 4f64.ln()) / 3.0).abs() < 1e-15);
        assert!((metrics.brier().unwrap() - (0.375 + 0.875) / 3.0).abs() < 1e-15);
        assert_eq!(metrics.coverage(), Some(2.0 / 3.0));
        assert_eq!(metrics.accuracy_answered(), Some(0.5));
        assert_eq!(metrics.confidence(), Some(2.0 / 3.0));
        // One bin at 0.5, half of it right; one at 1, all of it right.
        assert_eq!(metrics.calibration_error(), Some(0.0));
        assert_eq!(metrics.debiased_calibration_error(), Some(0.0));
        assert_eq!((metrics.pair(ClassId::new(0), ClassId::new(1)), metrics.correct_rows()), (1, 2));
    }

    #[test]
    fn what_is_undefined_is_none_and_a_class_never_right_scores_zero() {
        assert_eq!(Metrics::new(2).macro_f1(), None);
        assert_eq!(Metrics::new(2).accuracy(), None);
        assert_eq!(Metrics::new(2).mcc(), None);
        assert_eq!(Metrics::new(2).calibration_error(), None);
        assert_eq!(Metrics::new(2).debiased_calibration_error(), None);
        assert_eq!(filled().class(ClassId::new(2)).f1, None);
        assert_eq!(filled().class(ClassId::new(7)).f1, None);
        let mut metrics = Metrics::new(2);
        metrics.add(ClassId::new(0), ClassId::new(1), &[0.5, 0.5], true);
        assert_eq!(metrics.macro_f1(), Some(0.0));
        assert!(metrics.accuracy().is_some_and(|accuracy| accuracy == 0.0 && accuracy.is_sign_positive()));
        assert!(metrics.log_loss().unwrap().is_finite());
        assert_eq!(metrics.macro_f1_of_several(), None, "one gold label");
        assert_eq!(filled().macro_f1_of_several(), filled().macro_f1());
        assert_eq!(metrics.mcc(), None, "one gold label and one prediction correlate with nothing");
    }

    #[test]
    fn meters_add_up() {
        let mut twice = filled();
        twice.merge(&filled());
        assert_eq!(twice.rows(), 6);
        assert_eq!(twice.macro_f1(), filled().macro_f1());
        assert_eq!(twice.emptied().rows(), 0);
        assert_eq!(twice.emptied().accuracy(), None);
    }

    #[test]
    fn a_row_of_weight_two_is_in_every_ratio_the_row_twice() {
        let (a, b) = (ClassId::new(0), ClassId::new(1));
        let (mut weighted, mut twice) = (Metrics::new(2), Metrics::new(2));
        weighted.add_weighted(a, b, &[0.25, 0.75], true, 2.0);
        weighted.add(b, b, &[0.5, 0.5], false);
        twice.add(a, b, &[0.25, 0.75], true);
        twice.add(a, b, &[0.25, 0.75], true);
        twice.add(b, b, &[0.5, 0.5], false);
        assert_eq!((weighted.rows(), weighted.weight(), twice.rows()), (2, 3.0, 3));
        assert_eq!(weighted.class(a).gold, 1);
        let figures = |metrics: &Metrics| {
            let of = metrics.class(b);
            [
                metrics.accuracy(),
                metrics.macro_f1(),
                metrics.mcc(),
                metrics.log_loss(),
                metrics.brier(),
                metrics.calibration_error(),
                metrics.coverage(),
                metrics.accuracy_answered(),
                of.precision,
                of.gold_share,
            ]
        };
        assert_eq!(figures(&weighted), figures(&twice));
        assert_eq!(weighted.accuracy(), Some(1.0 / 3.0));
        let mut nothing = Metrics::new(2);
        nothing.add_weighted(a, a, &[1.0, 0.0], true, 0.0);
        assert_eq!((nothing.rows(), nothing.accuracy()), (1, None), "no weight, no share");
    }
}
