//! Evaluates groups and periods by themselves: the slices of an evaluation.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::evaluate::bootstrap::{Drawing, bootstrap, sum};
use crate::evaluate::clusters::Clusters;
use crate::evaluate::metrics::Metrics;
use crate::statistics::{Estimate, Interval};
use crate::tabulate::{Period, Unknown};

/// The rows of one group or period.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Slice {
    /// The group's name or the period (`2024-05`, `2024`); `None` for rows without a group.
    pub name: Option<String>,
    /// Counts of its rows.
    pub metrics: Metrics,
    /// Accuracy with Wilson's interval, which treats rows as independent. Where rows differ in
    /// weight, a period has a bootstrap interval over its clusters, and a group has none.
    pub accuracy: Option<Estimate>,
}

impl Slice {
    /// A slice with this interval of its accuracy if rows are `weighted`, and else with Wilson's.
    fn new(
        name: Option<String>,
        metrics: Metrics,
        weighted: bool,
        drawn: impl FnOnce() -> Option<Interval>,
    ) -> Self {
        let (correct, rows) = (metrics.correct_rows(), metrics.rows());
        let interval = if weighted { drawn() } else { Interval::wilson(correct, rows, rows) };
        let accuracy = metrics.accuracy().map(|value| Estimate { value, interval });
        Slice { name, metrics, accuracy }
    }

    /// [`Metrics::macro_f1`]; `None` where all rows have one gold label, since the mean then covers
    /// few of the labels.
    pub fn macro_f1(&self) -> Option<f64> {
        self.metrics.macro_f1_of_several()
    }
}

/// Rows by date.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Dates {
    /// Month; or year if there are more than [`Dates::MAX_MONTHS`] months or a date has no month.
    pub period: Period,
    /// The periods in order.
    pub slices: Vec<Slice>,
    /// Rows whose date is missing or cannot be read.
    pub unknown: Unknown,
}

impl Dates {
    /// The most months that are listed one by one; more are merged into years.
    pub const MAX_MONTHS: usize = 24;
}

/// Metrics by period, then by cluster.
pub(super) type ByPeriod = BTreeMap<String, BTreeMap<usize, Metrics>>;

/// Makes one slice for each named group, and one for all rows without a group. Largest first, then
/// by name.
pub(super) fn by_group(clusters: &Clusters, cluster_metrics: &[Metrics], weighted: bool) -> Vec<Slice> {
    let all = || clusters.names().iter().zip(cluster_metrics);
    let nameless: Vec<Metrics> =
        all().filter(|(name, _)| name.is_none()).map(|(_, metrics)| metrics.clone()).collect();
    let others = (!nameless.is_empty()).then(|| sum(&nameless));
    let named = all().filter(|(name, _)| name.is_some());
    let mut slices: Vec<Slice> = named
        .chain(others.as_ref().map(|metrics| (&None, metrics)))
        .map(|(name, metrics)| Slice::new(name.clone(), metrics.clone(), weighted, || None))
        .collect();
    slices.sort_by(|a, b| b.metrics.rows().cmp(&a.metrics.rows()).then_with(|| a.name.cmp(&b.name)));
    slices
}

/// Makes one slice for each month or year.
pub(super) fn by_period(
    months_and_years: ByPeriod,
    unknown: Unknown,
    weighted: bool,
    drawing: Drawing<'_>,
) -> Dates {
    let is_month = |name: &String| name.contains('-');
    let few_months = months_and_years.keys().all(is_month) && months_and_years.len() <= Dates::MAX_MONTHS;
    let (period, metrics) = if few_months {
        (Period::Month, months_and_years)
    } else {
        (Period::Year, merge_months(months_and_years))
    };
    let slice = |(name, clusters): (String, BTreeMap<usize, Metrics>)| {
        let clusters: Vec<Metrics> = clusters.into_values().collect();
        let drawn = || bootstrap(&clusters, drawing, &Metrics::accuracy);
        Slice::new(Some(name), sum(&clusters), weighted, drawn)
    };
    Dates { period, slices: metrics.into_iter().map(slice).collect(), unknown }
}

/// Merges months into their years.
fn merge_months(months: ByPeriod) -> ByPeriod {
    let mut years = ByPeriod::new();
    for (name, clusters) in months {
        let year = years.entry(name.chars().take_while(|c| *c != '-').collect()).or_default();
        for (cluster, metrics) in clusters {
            year.entry(cluster).and_modify(|sum| sum.merge(&metrics)).or_insert(metrics);
        }
    }
    years
}
