//! Sets of labels and the right ones to how often a set holds it, and how large sets are.

use crate::label::ClassId;
use crate::statistics::Interval;

/// Counts of the sets of some rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PredictionSetMetrics {
    /// Rows that have a set.
    pub rows: u64,
    /// Of those, rows whose set holds the right label; an empty set holds none.
    pub right: u64,
    /// Rows whose set is empty.
    pub empty: u64,
    /// Labels in all sets together.
    pub labels: u64,
    /// Rows of each class, and how many of their sets are right.
    pub classes: Vec<(u64, u64)>,
}

impl PredictionSetMetrics {
    /// Counts one row's set.
    pub fn add(&mut self, gold: ClassId, set: &[ClassId]) {
        let right = u64::from(set.contains(&gold));
        self.rows += 1;
        self.right += right;
        self.empty += u64::from(set.is_empty());
        self.labels += set.len() as u64;
        if self.classes.len() <= gold.index() {
            self.classes.resize(gold.index() + 1, (0, 0));
        }
        if let Some((rows, rights)) = self.classes.get_mut(gold.index()) {
            *rows += 1;
            *rights += right;
        }
    }

    /// Share of the sets that hold the right label; `None` without rows.
    pub fn coverage(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.right as f64 / self.rows as f64)
    }

    /// Its interval, with rows taken as independent.
    pub fn interval(&self) -> Option<Interval> {
        Interval::of_share(self.right, self.rows, self.rows)
    }

    /// Labels in a set, the mean; `None` without rows.
    pub fn mean_size(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.labels as f64 / self.rows as f64)
    }

    /// The same of the rows of one class.
    pub fn class_coverage(&self, class: ClassId) -> Option<f64> {
        let &(rows, right) = self.classes.get(class.index())?;
        (rows > 0).then(|| right as f64 / rows as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_set_is_a_miss() {
        let class = ClassId::new;
        let mut meter = PredictionSetMetrics::default();
        assert_eq!((meter.coverage(), meter.mean_size(), meter.interval()), (None, None, None));
        meter.add(class(0), &[class(0)]);
        meter.add(class(0), &[]);
        meter.add(class(2), &[class(0), class(1), class(2)]);
        meter.add(class(2), &[class(1)]);
        assert_eq!((meter.coverage(), meter.mean_size(), meter.empty), (Some(0.5), Some(1.25), 1));
        assert_eq!(meter.class_coverage(class(2)), Some(0.5));
        assert_eq!(meter.class_coverage(class(1)), None);
    }
}
