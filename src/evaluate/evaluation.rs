//! Labelled rows and a model's answers to all that an evaluation tells.

use std::collections::BTreeMap;

use crate::classifier::verdict::Verdict;
use crate::evaluate::bootstrap::{bootstrap, sum};
use crate::evaluate::clusters::Clusters;
use crate::evaluate::coverage::{Answer, CoverageCurve};
use crate::evaluate::estimates::Estimates;
use crate::evaluate::metrics::Metrics;
use crate::evaluate::prediction_sets::PredictionSetMetrics;
use crate::label::ClassId;
use crate::statistics::{Estimate, Interval};
use crate::tabulate::{Cut, Period, Unknown};

/// One labelled row with the model's answer.
#[derive(Clone, Copy, Debug)]
pub struct LabeledPrediction<'a> {
    /// The row's label.
    pub gold: ClassId,
    /// The answer.
    pub verdict: &'a Verdict,
    /// What the row weighs.
    pub weight: f64,
    /// Rows of one group are not independent of each other.
    pub group: Option<&'a str>,
    /// The date as it is written.
    pub date: Option<&'a str>,
}

impl LabeledPrediction<'_> {
    /// The row alone.
    pub fn meter(&self, classes: usize) -> Metrics {
        let mut meter = Metrics::new(classes);
        let (top, probabilities) = (self.verdict.top_class(), self.verdict.probabilities());
        meter.add_weighted(self.gold, top, probabilities, self.verdict.label().is_some(), self.weight);
        meter
    }
}

/// Counts of an evaluation while it runs.
#[derive(Debug)]
pub struct Evaluation {
    classes: usize,
    /// Rows that are drawn together: those of a group, or one row without a group.
    units: Clusters,
    meters: Vec<Metrics>,
    /// By month, or by year for dates without a month; within them by unit.
    dates: BTreeMap<String, BTreeMap<usize, Metrics>>,
    unknown_dates: Unknown,
    answers: Vec<Answer>,
    sets: PredictionSetMetrics,
}

/// What an evaluation found.
#[derive(Debug)]
pub struct EvaluationResult {
    /// The counts of all rows.
    pub meter: Metrics,
    /// Every figure with its interval.
    pub estimates: Estimates,
    /// The seed of the intervals.
    pub seed: u64,
    /// Number of units that were drawn for the intervals: groups, and rows without one.
    pub units: usize,
    /// Whether rows differ in weight.
    pub weighted: bool,
    /// Groups by their number of rows, largest first; rows without a group are one without a name. Empty if no row has one.
    pub groups: Vec<Slice>,
    /// The periods of the rows' dates; `None` if no row has a date.
    pub dates: Option<Dates>,
    /// Error against coverage.
    pub curve: CoverageCurve,
    /// The sets of labels, if there are any.
    pub sets: Option<PredictionSetMetrics>,
}

/// The rows of one group or period.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    /// Its name; `None` for rows without one.
    pub name: Option<String>,
    /// Its counts.
    pub meter: Metrics,
    /// Its accuracy. A group's interval is Wilson's, which takes its rows for independent; `None` where rows differ in
    /// weight. A period's is drawn as those of the whole are.
    pub accuracy: Option<Estimate>,
}

/// Rows by date.
#[derive(Clone, Debug, PartialEq)]
pub struct Dates {
    /// Month, or year where months would be more than [`Dates::MOST_MONTHS`] or a date has no month.
    pub period: Period,
    /// Periods in order.
    pub parts: Vec<Slice>,
    /// Rows without a date, or with one that cannot be read.
    pub unknown: Unknown,
}

impl Dates {
    /// More months than this are taken together as years.
    pub const MOST_MONTHS: usize = 24;
}

impl Evaluation {
    /// Nothing counted yet, for a model with so many classes.
    pub fn new(classes: usize) -> Self {
        Evaluation {
            classes,
            units: Clusters::default(),
            meters: Vec::new(),
            dates: BTreeMap::new(),
            unknown_dates: Unknown::default(),
            answers: Vec::new(),
            sets: PredictionSetMetrics::default(),
        }
    }

    /// Counts one row.
    pub fn add(&mut self, row: &LabeledPrediction<'_>) {
        let meter = row.meter(self.classes);
        self.answers.push(Answer {
            confidence: row.verdict.confidence(),
            right: row.verdict.top_class() == row.gold,
            weight: row.weight,
        });
        if let Some(set) = row.verdict.set_classes() {
            self.sets.add(row.gold, set);
        }
        let at = self.units.of(row.group);
        let date = row.date.filter(|date| !date.trim().is_empty());
        let cut = date.map(|date| Period::Month.of(date).or_else(|| Period::Year.of(date)).ok_or(date));
        let mut unknown = Unknown::default();
        match cut {
            None => unknown.add(&Cut::Missing),
            Some(Err(date)) => unknown.add(&Cut::Unreadable(date)),
            Some(Ok(period)) => {
                let unit = self.dates.entry(period).or_default().entry(at);
                unit.or_insert_with(|| Metrics::new(self.classes)).merge(&meter);
            }
        }
        self.unknown_dates.merge(&unknown);
        match self.meters.get_mut(at) {
            Some(unit) => unit.merge(&meter),
            None => self.meters.push(meter),
        }
    }

    /// Computes the figures. Intervals are drawn on the threads of the pool that this runs in.
    pub fn findings(self, seed: u64) -> EvaluationResult {
        let weight = self.answers.first().map_or(1.0, |first| first.weight);
        let weighted = self.answers.iter().any(|answer| answer.weight != weight);
        let mut meter = Metrics::new(self.classes);
        self.meters.iter().for_each(|unit| meter.merge(unit));
        EvaluationResult {
            estimates: Estimates::of(&self.meters, &meter, seed),
            meter,
            seed,
            units: self.meters.len(),
            weighted,
            groups: if self.units.are_named() {
                groups(&self.units, &self.meters, weighted)
            } else {
                Vec::new()
            },
            dates: (!self.dates.is_empty() || self.unknown_dates.unreadable > 0)
                .then(|| periods(self.dates, self.unknown_dates, seed)),
            curve: CoverageCurve::new(self.answers),
            sets: Some(self.sets).filter(|sets| sets.rows > 0),
        }
    }
}

impl EvaluationResult {
    /// The groups that are surest to be worse than others: at most so many, by the upper end of their accuracy's Wilson
    /// interval, so that one wrong row alone is not the worst group.
    pub fn worst_groups(&self, most: usize) -> Vec<&Slice> {
        let upper = |part: &&Slice| {
            let (right, rows) = (part.meter.right_rows(), part.meter.rows());
            Interval::of_share(right, rows, rows).map_or(1.0, |interval| interval.high)
        };
        let mut worst: Vec<&Slice> = self.groups.iter().collect();
        worst.sort_by(|a, b| upper(a).total_cmp(&upper(b)));
        worst.truncate(most);
        worst
    }
}

fn groups(units: &Clusters, meters: &[Metrics], weighted: bool) -> Vec<Slice> {
    let all = || units.names().iter().zip(meters);
    let nameless: Vec<Metrics> =
        all().filter(|(name, _)| name.is_none()).map(|(_, meter)| meter.clone()).collect();
    let others = (!nameless.is_empty()).then(|| sum(&nameless));
    let named = all().filter(|(name, _)| name.is_some());
    let mut parts: Vec<Slice> = named
        .chain(others.as_ref().map(|meter| (&None, meter)))
        .map(|(name, meter)| {
            let (right, rows) = (meter.right_rows(), meter.rows());
            let interval = Interval::of_share(right, rows, rows).filter(|_| !weighted);
            let accuracy = meter.accuracy().map(|value| Estimate { value, interval });
            Slice { name: name.clone(), meter: meter.clone(), accuracy }
        })
        .collect();
    parts.sort_by(|a, b| b.meter.rows().cmp(&a.meter.rows()).then_with(|| a.name.cmp(&b.name)));
    parts
}

fn periods(mut dates: BTreeMap<String, BTreeMap<usize, Metrics>>, unknown: Unknown, seed: u64) -> Dates {
    let is_month = |name: &String| name.contains('-');
    let period = match dates.keys().all(is_month) && dates.len() <= Dates::MOST_MONTHS {
        true => Period::Month,
        false => Period::Year,
    };
    if period == Period::Year {
        let mut years: BTreeMap<String, BTreeMap<usize, Metrics>> = BTreeMap::new();
        for (name, units) in dates {
            let year = years.entry(name.chars().take_while(|c| *c != '-').collect()).or_default();
            for (at, meter) in units {
                year.entry(at).and_modify(|sum| sum.merge(&meter)).or_insert(meter);
            }
        }
        dates = years;
    }
    let part = |(name, units): (String, BTreeMap<usize, Metrics>)| {
        let units: Vec<Metrics> = units.into_values().collect();
        let meter = sum(&units);
        let interval = bootstrap(&units, seed, &Metrics::accuracy);
        let accuracy = meter.accuracy().map(|value| Estimate { value, interval });
        Slice { name: Some(name), meter, accuracy }
    };
    Dates { period, parts: dates.into_iter().map(part).collect(), unknown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::LabelSet;

    /// Rows of (right, group, date), all with the gold label 0.
    fn found(rows: &[(bool, Option<&str>, Option<&str>)]) -> EvaluationResult {
        let mut evaluation = Evaluation::new(2);
        for &(right, group, date) in rows {
            let probabilities = if right { vec![0.8, 0.2] } else { vec![0.4, 0.6] };
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
        evaluation.findings(1)
    }

    fn names(parts: &[Slice]) -> Vec<(Option<&str>, u64)> {
        parts.iter().map(|part| (part.name.as_deref(), part.meter.rows())).collect()
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
        assert_eq!((found.units, found.meter.rows(), found.weighted), (6, 7, false));
        assert_eq!(found.groups[1].accuracy.unwrap().interval, Interval::of_share(1, 2, 2));
        assert!(found.dates.is_none());
    }

    #[test]
    fn without_groups_every_row_is_a_unit_and_there_is_no_table() {
        let found = found(&[(true, None, None), (false, None, None), (true, None, None)]);
        assert_eq!((found.units, found.groups.len()), (3, 0));
        assert!(found.estimates.accuracy.unwrap().interval.is_some());
    }

    #[test]
    fn one_group_has_figures_and_no_intervals() {
        let found = found(&[(true, Some("a"), None), (false, Some("a"), None)]);
        assert_eq!(found.units, 1);
        assert_eq!(found.estimates.accuracy, Some(Estimate { value: 0.5, interval: None }));
    }

    #[test]
    fn the_worst_group_is_not_the_one_with_a_single_wrong_row() {
        let mut rows = vec![(false, Some("once"), None); 1];
        rows.extend((0..20).map(|at| (at < 4, Some("often"), None)));
        rows.extend((0..20).map(|_| (true, Some("never"), None)));
        let found = found(&rows);
        let worst: Vec<&str> =
            found.worst_groups(2).iter().map(|part| part.name.as_deref().unwrap()).collect();
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
        assert_eq!(names(&dates.parts), [(Some("2023-01"), 1), (Some("2024-05"), 2)]);
        assert_eq!((dates.unknown.missing, dates.unknown.unreadable), (2, 2));
        assert_eq!(dates.unknown.example.as_deref(), Some("05/06/2024"));

        let year = found(&[(true, None, Some("2024-05-17")), (true, None, Some("2024"))]);
        let dates = year.dates.unwrap();
        assert_eq!((dates.period, names(&dates.parts)), (Period::Year, vec![(Some("2024"), 2)]));

        let months: Vec<String> =
            (0..25).map(|month| format!("{}-{:02}-01", 2020 + month / 12, month % 12 + 1)).collect();
        let rows: Vec<_> = months.iter().map(|month| (true, None, Some(month.as_str()))).collect();
        assert_eq!(found(&rows[..24]).dates.unwrap().period, Period::Month);
        assert_eq!(
            names(&found(&rows).dates.unwrap().parts),
            [(Some("2020"), 12), (Some("2021"), 12), (Some("2022"), 1)]
        );
        assert_eq!(found(&[(true, None, Some("soon"))]).dates.unwrap().parts.len(), 0);
    }
}
