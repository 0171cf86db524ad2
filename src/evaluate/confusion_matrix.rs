//! Counts the pairs of gold label and likeliest class, in rows and in weight.

use crate::label::ClassId;

/// How often each likeliest class was given to rows of each gold label.
///
/// Holds only the pairs that occur: the metrics of one row are small, however many classes there
/// are.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ConfusionMatrix {
    classes: usize,
    /// In the order of `at`.
    pairs: Vec<Pair>,
    weight: f64,
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
pub(super) struct ClassSums {
    pub gold_rows: u64,
    pub predicted_rows: u64,
    pub gold: f64,
    pub predicted: f64,
    pub correct: f64,
}

impl ConfusionMatrix {
    pub(super) fn new(classes: usize) -> Self {
        ConfusionMatrix { classes, pairs: Vec::new(), weight: 0.0 }
    }

    /// Counts one row; returns whether both classes are among those that are counted.
    pub(super) fn add(&mut self, gold: ClassId, predicted: ClassId, weight: f64) -> bool {
        if gold.index() >= self.classes || predicted.index() >= self.classes {
            return false;
        }
        self.weight += weight;
        if let Some(pair) = self.slot(gold.index() * self.classes + predicted.index()) {
            pair.rows += 1;
            pair.weight += weight;
        }
        true
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

    /// Adds the counts of other rows, `times` times over.
    pub(super) fn merge_times(&mut self, other: &ConfusionMatrix, times: u32) {
        for more in &other.pairs {
            if let Some(pair) = self.slot(more.at) {
                pair.rows += more.rows * u64::from(times);
                pair.weight += more.weight * f64::from(times);
            }
        }
        self.weight += f64::from(times) * other.weight;
    }

    /// Returns the same pairs with nothing counted, so that counting into them allocates nothing.
    pub(super) fn emptied(&self) -> Self {
        let pairs = self.pairs.iter().map(|pair| Pair { at: pair.at, rows: 0, weight: 0.0 }).collect();
        ConfusionMatrix { pairs, ..ConfusionMatrix::new(self.classes) }
    }

    pub(super) fn class_count(&self) -> usize {
        self.classes
    }

    /// Rows counted.
    pub(super) fn rows(&self) -> u64 {
        self.pairs.iter().map(|pair| pair.rows).sum()
    }

    /// The rows' weight.
    pub(super) fn weight(&self) -> f64 {
        self.weight
    }

    /// Rows with this gold label that were predicted as that class.
    pub(super) fn pair(&self, gold: ClassId, predicted: ClassId) -> u64 {
        self.find(gold, predicted).map_or(0, |pair| pair.rows)
    }

    /// Rows, gold label and likeliest class of each pair of unequal classes that occurs.
    pub(super) fn confusions(&self) -> impl Iterator<Item = (u64, ClassId, ClassId)> + '_ {
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
    pub(super) fn correct_weight(&self) -> f64 {
        let correct = self.pairs.iter().filter(|pair| pair.at % (self.classes + 1) == 0);
        // The sum of no f64 at all is -0.
        correct.fold(0.0, |sum, pair| sum + pair.weight)
    }

    /// Rows whose likeliest class is the gold label, whatever they weigh.
    pub(super) fn correct_rows(&self) -> u64 {
        self.pairs.iter().filter(|pair| pair.at % (self.classes + 1) == 0).map(|pair| pair.rows).sum()
    }

    /// Sums of each class, in class order.
    pub(super) fn sums(&self) -> Vec<ClassSums> {
        let mut sums = vec![ClassSums::default(); self.classes];
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
}
