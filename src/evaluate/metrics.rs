//! Counts correct and wrong answers. Stores counts and computes ratios on demand; an undefined
//! ratio is `None`.

use serde::Serialize;

use crate::evaluate::reliability::{Bin, Reliability};
use crate::label::ClassId;

/// Precision, recall and F1 of one class. Counts are of rows, whatever they weigh; ratios are of
/// weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ClassFigures {
    /// Rows with this gold label.
    pub gold: u64,
    /// Rows predicted as this class.
    pub predicted: u64,
    /// Share of correct rows among the predicted; `None` if nothing was predicted.
    pub precision: Option<f64>,
    /// Share of correct rows among the gold; `None` without gold rows.
    pub recall: Option<f64>,
    /// `2 tp / (gold + predicted)`, the harmonic mean of precision and recall; `None` if neither is
    /// there.
    pub f1: Option<f64>,
    /// Share of the whole weight that has this gold label: the Hájek estimate of the class's share
    /// where a row weighs 1 / the probability with which it was drawn (Hájek 1971, comment on Basu,
    /// in "Foundations of Statistical Inference"; the ratio of two estimates of Horvitz & Thompson
    /// 1952, J. Am. Stat. Assoc. 47).
    pub gold_share: Option<f64>,
    /// Share of the whole weight that was predicted as this class.
    pub predicted_share: Option<f64>,
}

/// Counts of (gold, predicted) pairs and the sums that proper scores need, each row with its
/// weight.
///
/// Holds only the pairs that occur: the metrics of one row are small, however many classes there
/// are.
#[derive(Clone, Debug, PartialEq)]
pub struct Metrics {
    classes: usize,
    /// In the order of `at`.
    pairs: Vec<Pair>,
    weight: f64,
    log_loss: f64,
    brier: f64,
    confidence: f64,
    answered: f64,
    answered_correct: f64,
    reliability: Reliability,
}

/// Rows of one gold label and one likeliest class.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Pair {
    /// Row-major place in `[gold, predicted]`.
    at: usize,
    rows: u64,
    weight: f64,
}

/// Sums of one class.
#[derive(Clone, Copy, Default)]
struct Sums {
    gold_rows: u64,
    predicted_rows: u64,
    gold: f64,
    predicted: f64,
    correct: f64,
}

impl Metrics {
    /// A probability is taken to be at least this in the log loss, so that one certain error does
    /// not make it infinite. The machine epsilon of f64, as in scikit-learn's `log_loss`.
    pub const MIN_PROBABILITY: f64 = f64::EPSILON;

    /// Starts with nothing counted, for so many classes.
    pub fn new(classes: usize) -> Self {
        Metrics {
            classes,
            pairs: Vec::new(),
            weight: 0.0,
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
        if gold.index() >= self.classes || predicted.index() >= self.classes {
            return;
        }
        let pair = self.slot(gold.index() * self.classes + predicted.index());
        if let Some(pair) = pair {
            pair.rows += 1;
            pair.weight += weight;
        }
        let probability = |class: ClassId| probabilities.get(class.index()).copied().unwrap_or(0.0);
        let squares = probabilities.iter().enumerate().map(|(class, p)| {
            let difference = p - f64::from(u8::from(class == gold.index()));
            difference * difference
        });
        self.weight += weight;
        self.log_loss -= weight * libm::log(probability(gold).max(Self::MIN_PROBABILITY));
        self.confidence += weight * probability(predicted);
        self.brier += weight * squares.sum::<f64>();
        let given = if answered { weight } else { 0.0 };
        self.answered += given;
        self.answered_correct += if gold == predicted { given } else { 0.0 };
        self.reliability.add(probability(predicted), gold == predicted, weight);
    }

    /// The pair at a place, made if it is not there.
    fn slot(&mut self, at: usize) -> Option<&mut Pair> {
        let found = self.pairs.binary_search_by_key(&at, |pair| pair.at);
        let index = found.unwrap_or_else(|index| {
            self.pairs.insert(index, Pair { at, rows: 0, weight: 0.0 });
            index
        });
        self.pairs.get_mut(index)
    }

    /// Adds the counts of other rows.
    pub fn merge(&mut self, other: &Metrics) {
        self.merge_times(other, 1);
    }

    /// Adds the counts of other rows, `times` times over.
    pub(super) fn merge_times(&mut self, other: &Metrics, times: u32) {
        for more in &other.pairs {
            if let Some(pair) = self.slot(more.at) {
                pair.rows += more.rows * u64::from(times);
                pair.weight += more.weight * f64::from(times);
            }
        }
        let times = f64::from(times);
        self.weight += times * other.weight;
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
        let pairs = self.pairs.iter().map(|pair| Pair { at: pair.at, rows: 0, weight: 0.0 }).collect();
        Metrics { pairs, reliability: self.reliability.emptied(), ..Metrics::new(self.classes) }
    }

    /// Number of classes.
    pub fn class_count(&self) -> usize {
        self.classes
    }

    /// Rows counted.
    pub fn rows(&self) -> u64 {
        self.pairs.iter().map(|pair| pair.rows).sum()
    }

    /// The rows' weight.
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// Rows with this gold label that were predicted as that class.
    pub fn pair(&self, gold: ClassId, predicted: ClassId) -> u64 {
        self.find(gold, predicted).map_or(0, |pair| pair.rows)
    }

    /// Rows, gold label and likeliest class of each pair of unequal classes that occurs.
    pub fn confusions(&self) -> impl Iterator<Item = (u64, ClassId, ClassId)> + '_ {
        let class = |at: usize| (ClassId::new(at / self.classes), ClassId::new(at % self.classes));
        let pairs =
            self.pairs.iter().filter(|pair| pair.rows > 0).map(move |pair| (pair.rows, class(pair.at)));
        pairs
            .filter(|(_, (gold, predicted))| gold != predicted)
            .map(|(rows, (gold, predicted))| (rows, gold, predicted))
    }

    fn find(&self, gold: ClassId, predicted: ClassId) -> Option<&Pair> {
        let at = gold.index() * self.classes + predicted.index();
        let index = self.pairs.binary_search_by_key(&at, |pair| pair.at).ok()?;
        self.pairs.get(index).filter(|_| predicted.index() < self.classes)
    }

    /// Weight of the rows whose likeliest class is the gold label.
    fn correct_weight(&self) -> f64 {
        let correct = self.pairs.iter().filter(|pair| pair.at % (self.classes + 1) == 0);
        // The sum of no f64 at all is -0.
        correct.fold(0.0, |sum, pair| sum + pair.weight)
    }

    /// Rows whose likeliest class is the gold label, whatever they weigh.
    pub fn correct_rows(&self) -> u64 {
        self.pairs.iter().filter(|pair| pair.at % (self.classes + 1) == 0).map(|pair| pair.rows).sum()
    }

    /// Share of rows whose likeliest class is the gold label.
    pub fn accuracy(&self) -> Option<f64> {
        ratio(self.correct_weight(), self.weight)
    }

    fn sums(&self) -> Vec<Sums> {
        let mut sums = vec![Sums::default(); self.classes];
        for pair in &self.pairs {
            let (gold, predicted) = (pair.at / self.classes, pair.at % self.classes);
            if let Some(of) = sums.get_mut(gold) {
                of.gold_rows += pair.rows;
                of.gold += pair.weight;
                of.correct += if gold == predicted { pair.weight } else { 0.0 };
            }
            if let Some(of) = sums.get_mut(predicted) {
                of.predicted_rows += pair.rows;
                of.predicted += pair.weight;
            }
        }
        sums
    }

    /// Figures of each class, in class order.
    pub fn class_figures(&self) -> Vec<ClassFigures> {
        let figures = |of: Sums| ClassFigures {
            gold: of.gold_rows,
            predicted: of.predicted_rows,
            precision: ratio(of.correct, of.predicted),
            recall: ratio(of.correct, of.gold),
            f1: ratio(2.0 * of.correct, of.gold + of.predicted),
            gold_share: ratio(of.gold, self.weight),
            predicted_share: ratio(of.predicted, self.weight),
        };
        self.sums().into_iter().map(figures).collect()
    }

    /// Figures of one class; those of a class without rows if there is no such class.
    pub fn class(&self, class: ClassId) -> ClassFigures {
        self.class_figures().get(class.index()).copied().unwrap_or_default()
    }

    /// Mean F1 over the classes that have gold rows or predictions, as scikit-learn's
    /// `f1_score(average="macro")`.
    pub fn macro_f1(&self) -> Option<f64> {
        self.mean_f1(&(0..self.class_count()).map(ClassId::new).collect::<Vec<_>>())
    }

    /// [`Metrics::macro_f1`] of rows that have several gold labels. `None` where all have one: the
    /// mean then covers that label and those that were wrongly predicted, 1 or at most 1/2, and
    /// cannot be compared with that of other rows.
    pub(crate) fn macro_f1_of_several(&self) -> Option<f64> {
        let labels = self.sums().iter().filter(|of| of.gold_rows > 0).count();
        self.macro_f1().filter(|_| labels > 1)
    }

    /// Mean F1 over some classes: SemEval's F_avg of `FAVOR` and `AGAINST`. A class without gold
    /// rows and predictions is left out; `None` if all are.
    pub fn mean_f1(&self, classes: &[ClassId]) -> Option<f64> {
        let scores = classes.iter().filter_map(|class| self.class(*class).f1);
        let (sum, count) = scores.fold((0.0, 0u32), |(sum, count), f1| (sum + f1, count + 1));
        ratio(sum, f64::from(count))
    }

    /// Matthews' correlation of gold labels and likeliest classes, in [-1, 1]: 0 is what guessing
    /// gives. `None` where all rows have one gold label or one prediction.
    ///
    /// Gorodkin 2004, "Comparing two K-category assignments by a K-category correlation
    /// coefficient", Comput. Biol. Chem.
    /// 28. For two classes it is that of Matthews 1975.
    pub fn mcc(&self) -> Option<f64> {
        let sums = self.sums();
        let of = |product: fn(&Sums) -> f64| sums.iter().map(product).sum::<f64>();
        let whole = self.weight * self.weight;
        let covariance = self.correct_weight() * self.weight - of(|of| of.gold * of.predicted);
        let gold = whole - of(|of| of.gold * of.gold);
        let predicted = whole - of(|of| of.predicted * of.predicted);
        // One class alone leaves nothing but rounding.
        let least = whole * 1e-12;
        (gold > least && predicted > least)
            .then(|| (covariance / (gold.sqrt() * predicted.sqrt())).clamp(-1.0, 1.0))
    }

    /// Mean negative logarithm of the gold label's probability.
    pub fn log_loss(&self) -> Option<f64> {
        ratio(self.log_loss, self.weight)
    }

    /// Mean squared distance of the probabilities from the gold label's unit vector (Brier 1950),
    /// in [0, 2].
    pub fn brier(&self) -> Option<f64> {
        ratio(self.brier, self.weight)
    }

    /// Mean probability of the likeliest class.
    pub fn confidence(&self) -> Option<f64> {
        ratio(self.confidence, self.weight)
    }

    /// Expected calibration error: the mean distance, over the bins of [`Metrics::bins`], of the
    /// share of correct answers from the mean probability of the likeliest class, each bin with its
    /// weight.
    ///
    /// Guo, Pleiss, Sun & Weinberger 2017, "On calibration of modern neural networks", with their
    /// 15 bins. It is never 0 by chance: few rows give a larger error than many.
    pub fn calibration_error(&self) -> Option<f64> {
        ratio(self.reliability.distance(), self.weight)
    }

    /// Root mean square calibration error without what chance adds to it, which
    /// [`Metrics::calibration_error`] holds: 0 for a calibrated model, however few the rows. `None`
    /// without rows.
    ///
    /// Kumar, Liang & Ma 2019, "Verified uncertainty calibration", their debiased estimator.
    pub fn debiased_calibration_error(&self) -> Option<f64> {
        ratio(self.reliability.debiased_squares(), self.weight).map(|squares| squares.max(0.0).sqrt())
    }

    /// The bins of the likeliest class's probability that hold rows, in order.
    pub fn bins(&self) -> impl Iterator<Item = Bin> + '_ {
        self.reliability.bins()
    }

    /// Share of rows that got a label.
    pub fn coverage(&self) -> Option<f64> {
        ratio(self.answered, self.weight)
    }

    /// Share of correct labels among the rows that got one.
    pub fn accuracy_answered(&self) -> Option<f64> {
        ratio(self.answered_correct, self.answered)
    }
}

fn ratio(part: f64, whole: f64) -> Option<f64> {
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

    /// Rows of (gold, predicted, how many).
    fn pairs(classes: usize, rows: &[(usize, usize, u32)]) -> Metrics {
        let mut metrics = Metrics::new(classes);
        for &(gold, predicted, times) in rows {
            let mut one = Metrics::new(classes);
            one.add(ClassId::new(gold), ClassId::new(predicted), &vec![1.0 / classes as f64; classes], true);
            metrics.merge_times(&one, times);
        }
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

    #[test]
    fn the_correlation_of_two_classes_is_matthews() {
        // tp 6, fn 2, fp 1, tn 3: (6 x 3 - 1 x 2) / sqrt(7 x 8 x 4 x 5).
        let metrics = pairs(2, &[(1, 1, 6), (1, 0, 2), (0, 1, 1), (0, 0, 3)]);
        assert!((metrics.mcc().unwrap() - 16.0 / 1120f64.sqrt()).abs() < 1e-15);
        assert_eq!(pairs(2, &[(0, 0, 3), (1, 1, 4)]).mcc(), Some(1.0));
        assert_eq!(pairs(2, &[(0, 1, 3), (1, 0, 3)]).mcc(), Some(-1.0));
    }

    #[test]
    fn the_correlation_of_three_classes_is_gorodkins() {
        // scikit-learn 1.x: matthews_corrcoef([0,0,0,1,1,2,2,2,2], [0,0,1,1,2,2,2,0,2]) by (c s -
        // sum p t) / sqrt((s^2 - sum p^2)(s^2 - sum t^2)), c 6, s 9, p (3,2,4), t (3,2,4):
        // (54 - 29) / (81 - 29).
        let metrics = pairs(3, &[(0, 0, 2), (0, 1, 1), (1, 1, 1), (1, 2, 1), (2, 2, 3), (2, 0, 1)]);
        assert!((metrics.mcc().unwrap() - 25.0 / 52.0).abs() < 1e-15);
    }
}
