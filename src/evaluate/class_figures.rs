//! Computes the figures that compare gold labels with likeliest classes, whatever the
//! probabilities: precision, recall, F1, Matthews' correlation.

use serde::Serialize;

use crate::evaluate::confusion_matrix::ClassSums;
use crate::evaluate::metrics::{Metrics, ratio};
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

impl Metrics {
    /// Figures of each class, in class order.
    pub fn class_figures(&self) -> Vec<ClassFigures> {
        let figures = |of: ClassSums| ClassFigures {
            gold: of.gold_rows,
            predicted: of.predicted_rows,
            precision: ratio(of.correct, of.predicted),
            recall: ratio(of.correct, of.gold),
            f1: ratio(2.0 * of.correct, of.gold + of.predicted),
            gold_share: ratio(of.gold, self.weight()),
            predicted_share: ratio(of.predicted, self.weight()),
        };
        self.confusion.sums().into_iter().map(figures).collect()
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
        let labels = self.confusion.sums().iter().filter(|of| of.gold_rows > 0).count();
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
    /// coefficient", Comput. Biol. Chem. 28. For two classes it is that of Matthews 1975.
    pub fn mcc(&self) -> Option<f64> {
        let sums = self.confusion.sums();
        let of = |product: fn(&ClassSums) -> f64| sums.iter().map(product).sum::<f64>();
        let whole = self.weight() * self.weight();
        let covariance = self.confusion.correct_weight() * self.weight() - of(|of| of.gold * of.predicted);
        let gold = whole - of(|of| of.gold * of.gold);
        let predicted = whole - of(|of| of.predicted * of.predicted);
        // One class alone leaves nothing but rounding.
        let least = whole * 1e-12;
        (gold > least && predicted > least)
            .then(|| (covariance / (gold.sqrt() * predicted.sqrt())).clamp(-1.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
