//! Counts labeled rows with a model's answers, and computes every figure of an evaluation from the
//! counts.

use crate::classifier::verdict::Verdict;
use crate::evaluate::bootstrap::{Drawing, bootstrap};
use crate::evaluate::clusters::Clusters;
use crate::evaluate::coverage::{Answer, CoverageCurve};
use crate::evaluate::estimates::Estimates;
use crate::evaluate::metrics::Metrics;
use crate::evaluate::prediction_sets::PredictionSetMetrics;
use crate::evaluate::result::EvaluationResult;
use crate::evaluate::slices::{ByPeriod, by_group, by_period};
use crate::evaluate::temperature::TemperatureScan;
use crate::label::ClassId;
use crate::statistics::Estimate;
use crate::tabulate::{Cut, Period, Unknown};

/// One labeled row with the model's answer.
#[derive(Clone, Copy, Debug)]
pub struct LabeledPrediction<'a> {
    /// The row's label.
    pub gold: ClassId,
    /// The answer.
    pub verdict: &'a Verdict,
    /// The row's weight.
    pub weight: f64,
    /// The row's group. Rows of one group are not independent of each other.
    pub group: Option<&'a str>,
    /// The date as it is written.
    pub date: Option<&'a str>,
}

impl LabeledPrediction<'_> {
    /// Counts this row alone.
    pub(crate) fn metrics(&self, classes: usize) -> Metrics {
        let mut metrics = Metrics::new(classes);
        let (top, probabilities) = (self.verdict.top_class(), self.verdict.probabilities());
        metrics.add_weighted(self.gold, top, probabilities, self.verdict.label().is_some(), self.weight);
        metrics
    }
}

/// The counts of an evaluation that is still running.
#[derive(Debug)]
pub struct Evaluation {
    classes: usize,
    /// Rows that the bootstrap draws together: the rows of a group, or one row without a group.
    clusters: Clusters,
    cluster_metrics: Vec<Metrics>,
    /// By month, or by year for dates without a month.
    dates: ByPeriod,
    unknown_dates: Unknown,
    answers: Vec<Answer>,
    sets: PredictionSetMetrics,
    temperatures: TemperatureScan,
}

impl Evaluation {
    /// Starts an evaluation of a model with so many classes.
    pub fn new(classes: usize) -> Self {
        Evaluation {
            classes,
            clusters: Clusters::default(),
            cluster_metrics: Vec::new(),
            dates: ByPeriod::new(),
            unknown_dates: Unknown::default(),
            answers: Vec::new(),
            sets: PredictionSetMetrics::default(),
            temperatures: TemperatureScan::new(),
        }
    }

    /// Counts one row.
    pub fn add(&mut self, row: &LabeledPrediction<'_>) {
        let metrics = row.metrics(self.classes);
        self.answers.push(Answer {
            confidence: row.verdict.confidence(),
            correct: row.verdict.top_class() == row.gold,
            weight: row.weight,
        });
        if let Some(set) = row.verdict.set_classes() {
            self.sets.add(row.gold, set);
        }
        self.temperatures.add(row.gold, row.verdict, row.weight);
        let cluster = self.clusters.number(row.group);
        self.add_date(row.date, cluster, &metrics);
        match self.cluster_metrics.get_mut(cluster) {
            Some(sum) => sum.merge(&metrics),
            None => self.cluster_metrics.push(metrics),
        }
    }

    fn add_date(&mut self, date: Option<&str>, cluster: usize, metrics: &Metrics) {
        let date = date.filter(|date| !date.trim().is_empty());
        match date.map(|date| Period::Month.cut(date).or_else(|| Period::Year.cut(date)).ok_or(date)) {
            None => self.unknown_dates.add(&Cut::Missing),
            Some(Err(date)) => {
                let mut unknown = Unknown::default();
                unknown.add(&Cut::Unreadable(date));
                self.unknown_dates.merge(&unknown);
            }
            Some(Ok(period)) => {
                let sum = self.dates.entry(period).or_default().entry(cluster);
                sum.or_insert_with(|| Metrics::new(self.classes)).merge(metrics);
            }
        }
    }

    /// The mean F1 over some classes, whose intervals are drawn as those of [`Evaluation::result`].
    pub fn mean_f1(&self, classes: &[ClassId], seed: u64) -> Option<Estimate> {
        self.drawn_mean_f1(classes, seed.into())
    }

    pub(super) fn drawn_mean_f1(&self, classes: &[ClassId], drawing: Drawing<'_>) -> Option<Estimate> {
        let mut metrics = Metrics::new(self.classes);
        self.cluster_metrics.iter().for_each(|cluster| metrics.merge(cluster));
        let interval = bootstrap(&self.cluster_metrics, drawing, &|metrics| metrics.mean_f1(classes));
        metrics.mean_f1(classes).map(|value| Estimate { value, interval })
    }

    /// Computes the figures. Bootstrap intervals are drawn on the threads of the pool that this
    /// runs in; `seed` decides which clusters are drawn.
    pub fn result(self, seed: u64) -> EvaluationResult {
        self.drawn_result(seed.into())
    }

    pub(super) fn drawn_result(self, drawing: Drawing<'_>) -> EvaluationResult {
        let weight = self.answers.first().map_or(1.0, |first| first.weight);
        let weighted = self.answers.iter().any(|answer| answer.weight != weight);
        let mut metrics = Metrics::new(self.classes);
        self.cluster_metrics.iter().for_each(|cluster| metrics.merge(cluster));
        let groups = match self.clusters.are_named() {
            true => by_group(&self.clusters, &self.cluster_metrics, weighted),
            false => Vec::new(),
        };
        let has_dates = !self.dates.is_empty() || self.unknown_dates.unreadable > 0;
        EvaluationResult {
            estimates: Estimates::new(&self.cluster_metrics, &metrics, weighted, drawing),
            metrics,
            seed: drawing.seed,
            clusters: self.cluster_metrics.len(),
            weighted,
            has_weights: weighted,
            f1_of_labels: None,
            groups,
            dates: has_dates.then(|| by_period(self.dates, self.unknown_dates, weighted, drawing)),
            curve: CoverageCurve::new(self.answers),
            best_temperature: self.temperatures.best(),
            sets: Some(self.sets).filter(|sets| sets.rows > 0),
            seen: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::slices::Slice;
    use crate::label::LabelSet;
    use crate::statistics::Interval;

    /// Rows of (right, group, date), all with the gold label 0.
    fn found(rows: &[(bool, Option<&str>, Option<&str>)]) -> EvaluationResult {
        let mut evaluation = Evaluation::new(2);
        for &(correct, group, date) in rows {
            let probabilities = if correct { vec![0.8, 0.2] } else { vec![0.4, 0.6] };
            let labels = LabelSet::new(["a", "b"]).unwrap();
            let verdict = Verdict::from_probabilities(labels, probabilities);
            evaluation.add(&LabeledPrediction {
                gold: ClassId::new(0),
                verdict: &verdict,
                weight: 1.0,
                group,
                date,
            });
        }
        evaluation.result(1)
    }

    fn names(slices: &[Slice]) -> Vec<(Option<&str>, u64)> {
        slices.iter().map(|slice| (slice.name.as_deref(), slice.metrics.rows())).collect()
    }

    #[test]
    fn groups_stand_by_size_and_rows_without_one_are_units_of_their_own() {
        let rows = [
            (true, Some("b"), None),
            (true, Some("a"), None),
            (false, Some("c"), None),
            (true, Some("c"), None),
            (true, None, None),
            (true, Some(" "), None),
            (true, None, None),
        ];
        let found = found(&rows);
        assert_eq!(names(&found.groups), [(None, 3), (Some("c"), 2), (Some("a"), 1), (Some("b"), 1)]);
        assert_eq!((found.clusters, found.metrics.rows(), found.weighted), (6, 7, false));
        assert_eq!(found.groups[1].accuracy.unwrap().interval, Interval::wilson(1, 2, 2));
        assert!(found.dates.is_none());
    }

    #[test]
    fn without_groups_every_row_is_a_unit_and_there_is_no_table() {
        let found = found(&[(true, None, None), (false, None, None), (true, None, None)]);
        assert_eq!((found.clusters, found.groups.len()), (3, 0));
        assert!(found.estimates.accuracy.unwrap().interval.is_some());
    }

    #[test]
    fn one_group_has_figures_and_no_intervals() {
        let found = found(&[(true, Some("a"), None), (false, Some("a"), None)]);
        assert_eq!(found.clusters, 1);
        assert_eq!(found.estimates.accuracy, Some(Estimate { value: 0.5, interval: None }));
    }

    #[test]
    fn the_worst_group_is_not_the_one_with_a_single_wrong_row() {
        let mut rows = vec![(false, Some("once"), None); 1];
        rows.extend((0..20).map(|at| (at < 4, Some("often"), None)));
        rows.extend((0..20).map(|_| (true, Some("never"), None)));
        let found = found(&rows);
        let worst: Vec<&str> =
            found.worst_groups(2).iter().map(|slice| slice.name.as_deref().unwrap()).collect();
        assert_eq!(worst, ["often", "once"]);
    }

    #[test]
    fn dates_are_cut_to_months_while_they_are_few_and_all_have_one() {
        let few = found(&[
            (true, None, Some("2024-05-17")),
            (false, None, Some("Sat, 18 May 2024 10:00:00 GMT")),
            (true, None, Some("2023-01")),
            (true, None, Some("05/06/2024")),
            (true, None, Some("last week")),
            (true, None, Some(" ")),
            (true, None, None),
        ]);
        let dates = few.dates.unwrap();
        assert_eq!(dates.period, Period::Month);
        assert_eq!(names(&dates.slices), [(Some("2023-01"), 1), (Some("2024-05"), 2)]);
        assert_eq!((dates.unknown.missing, dates.unknown.unreadable), (2, 2));
        assert_eq!(dates.unknown.example.as_deref(), Some("05/06/2024"));

        let year = found(&[(true, None, Some("2024-05-17")), (true, None, Some("2024"))]);
        let dates = year.dates.unwrap();
        assert_eq!((dates.period, names(&dates.slices)), (Period::Year, vec![(Some("2024"), 2)]));

        let months: Vec<String> =
            (0..25).map(|month| format!("{}-{:02}-01", 2020 + month / 12, month % 12 + 1)).collect();
        let rows: Vec<_> = months.iter().map(|month| (true, None, Some(month.as_str()))).collect();
        assert_eq!(found(&rows[..24]).dates.unwrap().period, Period::Month);
        assert_eq!(
            names(&found(&rows).dates.unwrap().slices),
            [(Some("2020"), 12), (Some("2021"), 12), (Some("2022"), 1)]
        );
        assert_eq!(found(&[(true, None, Some("soon"))]).dates.unwrap().slices.len(), 0);
    }
}
