//! Counts of right and wrong answers. Counts are stored, ratios are asked for; an undefined ratio is `None`.

use crate::label::ClassId;

/// Counts of (gold, predicted) pairs and the sums that proper scores need.
#[derive(Clone, Debug, PartialEq)]
pub struct Meter {
    classes: usize,
    /// Row-major `[gold, predicted]`.
    pairs: Vec<u64>,
    log_loss: f64,
    brier: f64,
    confidence: f64,
    answered: u64,
    answered_right: u64,
}

/// Precision, recall and F1 of one class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassFigures {
    /// Rows with this gold label.
    pub gold: u64,
    /// Rows predicted as this class.
    pub predicted: u64,
    /// Right among the predicted; `None` if nothing was predicted.
    pub precision: Option<f64>,
    /// Found among the gold; `None` without gold rows.
    pub recall: Option<f64>,
    /// `2 tp / (gold + predicted)`; `None` if neither is there.
    pub f1: Option<f64>,
}

impl Meter {
    /// A probability is taken to be at least this in the log loss, so that one certain error does not make it infinite.
    /// The machine epsilon of f64, as in scikit-learn's `log_loss`.
    pub const LEAST_PROBABILITY: f64 = f64::EPSILON;

    /// An empty meter for so many classes.
    pub fn new(classes: usize) -> Self {
        Meter {
            classes,
            pairs: vec![0; classes * classes],
            log_loss: 0.0,
            brier: 0.0,
            confidence: 0.0,
            answered: 0,
            answered_right: 0,
        }
    }

    /// Counts one row: its gold label, the likeliest class, the probabilities, and whether a label was given.
    pub fn add(&mut self, gold: ClassId, top: ClassId, probabilities: &[f64], answered: bool) {
        let Some(pair) = self.pairs.get_mut(gold.index() * self.classes + top.index()) else { return };
        *pair += 1;
        let of_gold = probabilities.get(gold.index()).copied().unwrap_or(0.0);
        self.log_loss -= libm::log(of_gold.max(Self::LEAST_PROBABILITY));
        self.confidence += probabilities.get(top.index()).copied().unwrap_or(0.0);
        self.brier += probabilities
            .iter()
            .enumerate()
            .map(|(class, p)| {
                let difference = p - f64::from(u8::from(class == gold.index()));
                difference * difference
            })
            .sum::<f64>();
        self.answered += u64::from(answered);
        self.answered_right += u64::from(answered && gold == top);
    }

    /// Adds another meter's counts.
    pub fn merge(&mut self, other: &Meter) {
        self.pairs.iter_mut().zip(&other.pairs).for_each(|(sum, more)| *sum += more);
        self.log_loss += other.log_loss;
        self.brier += other.brier;
        self.confidence += other.confidence;
        self.answered += other.answered;
        self.answered_right += other.answered_right;
    }

    /// Rows counted.
    pub fn rows(&self) -> u64 {
        self.pairs.iter().sum()
    }

    /// Rows with this gold label that were predicted as that class.
    pub fn pair(&self, gold: ClassId, predicted: ClassId) -> u64 {
        self.pairs.get(gold.index() * self.classes + predicted.index()).copied().unwrap_or(0)
    }

    fn right(&self) -> u64 {
        (0..self.classes).map(|class| self.pair(ClassId::new(class), ClassId::new(class))).sum()
    }

    /// Share of rows whose likeliest class is the gold label.
    pub fn accuracy(&self) -> Option<f64> {
        ratio(self.right(), self.rows())
    }

    /// Figures of one class.
    pub fn class(&self, class: ClassId) -> ClassFigures {
        let all = || (0..self.classes).map(ClassId::new);
        let gold: u64 = all().map(|other| self.pair(class, other)).sum();
        let predicted: u64 = all().map(|other| self.pair(other, class)).sum();
        let right = self.pair(class, class);
        ClassFigures {
            gold,
            predicted,
            precision: ratio(right, predicted),
            recall: ratio(right, gold),
            f1: ratio(2 * right, gold + predicted),
        }
    }

    /// Mean F1 over the classes that have gold rows or predictions, as scikit-learn's `f1_score(average="macro")`.
    pub fn macro_f1(&self) -> Option<f64> {
        let scores: Vec<f64> =
            (0..self.classes).filter_map(|class| self.class(ClassId::new(class)).f1).collect();
        (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
    }

    /// Mean negative logarithm of the gold label's probability.
    pub fn log_loss(&self) -> Option<f64> {
        mean(self.log_loss, self.rows())
    }

    /// Mean squared distance of the probabilities from the gold label's unit vector (Brier 1950), in [0, 2].
    pub fn brier(&self) -> Option<f64> {
        mean(self.brier, self.rows())
    }

    /// Mean probability of the likeliest class.
    pub fn confidence(&self) -> Option<f64> {
        mean(self.confidence, self.rows())
    }

    /// Share of rows that got a label.
    pub fn coverage(&self) -> Option<f64> {
        ratio(self.answered, self.rows())
    }

    /// Share of right labels among the rows that got one.
    pub fn accuracy_answered(&self) -> Option<f64> {
        ratio(self.answered_right, self.answered)
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn mean(sum: f64, rows: u64) -> Option<f64> {
    (rows > 0).then(|| sum / rows as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Meter {
        let mut meter = Meter::new(3);
        let class = ClassId::new;
        meter.add(class(0), class(0), &[0.5, 0.25, 0.25], true);
        meter.add(class(0), class(1), &[0.25, 0.5, 0.25], true);
        meter.add(class(1), class(1), &[0.0, 1.0, 0.0], false);
        meter
    }

    #[test]
    fn figures_at_points_known_by_hand() {
        let meter = filled();
        assert_eq!(meter.accuracy(), Some(2.0 / 3.0));
        let first = meter.class(ClassId::new(0));
        assert_eq!((first.precision, first.recall, first.f1), (Some(1.0), Some(0.5), Some(2.0 / 3.0)));
        assert_eq!(meter.macro_f1(), Some(2.0 / 3.0));
        assert!((meter.log_loss().unwrap() - (2f64.ln() + 4f64.ln()) / 3.0).abs() < 1e-15);
        assert!((meter.brier().unwrap() - (0.375 + 0.875) / 3.0).abs() < 1e-15);
        assert_eq!(meter.coverage(), Some(2.0 / 3.0));
        assert_eq!(meter.accuracy_answered(), Some(0.5));
        assert_eq!(meter.confidence(), Some(2.0 / 3.0));
    }

    #[test]
    fn what_is_undefined_is_none_and_a_class_never_right_scores_zero() {
        assert_eq!(Meter::new(2).macro_f1(), None);
        assert_eq!(Meter::new(2).accuracy(), None);
        assert_eq!(filled().class(ClassId::new(2)).f1, None);
        let mut meter = Meter::new(2);
        meter.add(ClassId::new(0), ClassId::new(1), &[0.5, 0.5], true);
        assert_eq!(meter.macro_f1(), Some(0.0));
        assert!(meter.log_loss().unwrap().is_finite());
    }

    #[test]
    fn meters_add_up() {
        let mut twice = filled();
        twice.merge(&filled());
        assert_eq!(twice.rows(), 6);
        assert_eq!(twice.macro_f1(), filled().macro_f1());
    }
}
