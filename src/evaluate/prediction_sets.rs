//! Counts how often a prediction set holds the gold label, and how large the sets are.

use serde::Serialize;

use crate::label::ClassId;
use crate::statistics::Interval;

/// Counts of prediction sets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PredictionSetMetrics {
    /// Rows that have a set.
    pub rows: u64,
    /// Rows whose set holds the gold label; an empty set holds none.
    pub correct: u64,
    /// Rows whose set is empty.
    pub empty: u64,
    /// Labels in all sets together.
    pub labels: u64,
    /// By gold class, in class order; classes after the last that occurs are left out.
    pub classes: Vec<ClassSets>,
}

/// Prediction sets of the rows of one class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ClassSets {
    /// Rows with this gold label.
    pub rows: u64,
    /// Rows whose set holds it.
    pub correct: u64,
}

impl PredictionSetMetrics {
    /// Counts one row's set.
    pub fn add(&mut self, gold: ClassId, set: &[ClassId]) {
        let correct = u64::from(set.contains(&gold));
        self.rows += 1;
        self.correct += correct;
        self.empty += u64::from(set.is_empty());
        self.labels += set.len() as u64;
        if self.classes.len() <= gold.index() {
            self.classes.resize(gold.index() + 1, ClassSets::default());
        }
        if let Some(class) = self.classes.get_mut(gold.index()) {
            class.rows += 1;
            class.correct += correct;
        }
    }

    /// Share of the sets that hold the gold label; `None` without rows.
    pub fn correct_share(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.correct as f64 / self.rows as f64)
    }

    /// Wilson's interval of that share, which treats rows as independent.
    pub fn interval(&self) -> Option<Interval> {
        Interval::wilson(self.correct, self.rows, self.rows)
    }

    /// Mean number of labels in a set; `None` without rows.
    pub fn mean_size(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.labels as f64 / self.rows as f64)
    }

    /// Share of the sets that hold the gold label, among the rows of one class; `None` without
    /// rows.
    pub fn class_correct_share(&self, class: ClassId) -> Option<f64> {
        let ClassSets { rows, correct } = *self.classes.get(class.index())?;
        (rows > 0).then(|| correct as f64 / rows as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_set_is_a_miss() {
        let class = ClassId::new;
        let mut metrics = PredictionSetMetrics::default();
        assert_eq!((metrics.correct_share(), metrics.mean_size(), metrics.interval()), (None, None, None));
        metrics.add(class(0), &[class(0)]);
        metrics.add(class(0), &[]);
        metrics.add(class(2), &[class(0), class(1), class(2)]);
        metrics.add(class(2), &[class(1)]);
        assert_eq!((metrics.correct_share(), metrics.mean_size(), metrics.empty), (Some(0.5), Some(1.25), 1));
        assert_eq!(metrics.class_correct_share(class(2)), Some(0.5));
        assert_eq!(metrics.class_correct_share(class(1)), None);
    }
}
