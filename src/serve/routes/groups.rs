//! Counts the labels of the archive by source and by date, as far as it is scored.

use std::sync::Arc;

use axum::extract::State;
use axum::{Router, routing};
use serde::{Deserialize, Serialize};

use crate::serve::answer::{Answer, Refusal, in_background, json};
use crate::serve::request::Params;
use crate::serve::state::App;
use crate::statistics::Estimate;
use crate::tabulate::{Group, GroupKey, Groups, Largest, Period};

/// The most sources that are shown, the largest ones.
const MAX_SOURCES: usize = 20;
/// The most months or years that are shown, the last ones.
const MAX_PERIODS: usize = 60;
/// Where months have fewer texts than this on average, years are shown.
const MIN_MONTH: u64 = 10;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new().route("/api/groups", routing::get(groups))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Query {
    by: By,
}

#[derive(Clone, Copy, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum By {
    #[default]
    Source,
    Month,
    /// By month or, where months have few texts, by year.
    Date,
}

#[derive(Serialize)]
struct Counted {
    by: By,
    /// The column of the sources, where all are from one.
    column: Option<&'static str>,
    /// How long the periods are, where groups are periods.
    period: Option<&'static str>,
    labels: Vec<String>,
    groups: Vec<GroupView>,
    /// Groups that are not shown.
    others: usize,
}

#[derive(Serialize)]
struct GroupView {
    name: String,
    texts: u64,
    abstained: f64,
    shares: Vec<Share>,
    slant: Option<Ends>,
}

#[derive(Serialize)]
struct Share {
    label: String,
    share: f64,
    low: Option<f64>,
    high: Option<f64>,
}

#[derive(Serialize)]
struct Ends {
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
}

async fn groups(State(app): State<Arc<App>>, Params(Query { by }): Params<Query>) -> Answer {
    json(&in_background(move || app.groups(by)).await?)
}

impl App {
    fn groups(&self, by: By) -> Result<Counted, Refusal> {
        let current = self.workspace.current();
        let labels = current.classifier.labels().names().to_vec();
        let mut columns = self.workspace.archive()?.source_columns();
        let column = columns.next().filter(|_| columns.len() == 0);
        if let By::Source = by {
            let counts = self.counts(by, GroupKey::of_column("source"))?;
            let (groups, others) = sources(&counts, &labels);
            return Ok(Counted { by, column, period: None, labels, groups, others });
        }
        let mut period = Period::Month;
        let mut counts = self.counts(by, GroupKey::parse("date:month")?)?;
        let months = counts.iter().filter(|group| !is_unnamed(group));
        let (texts, all) = months.fold((0, 0), |(texts, all), group| (texts + group.documents, all + 1));
        if matches!(by, By::Date) && texts < MIN_MONTH * all {
            period = Period::Year;
            counts = self.counts(by, GroupKey::parse("date:year")?)?;
        }
        let (groups, others) = periods(&counts, &labels);
        Ok(Counted { by, column, period: Some(period.name()), labels, groups, others })
    }

    /// The labels of each group.
    fn counts(&self, by: By, key: GroupKey) -> Result<Groups, Refusal> {
        let current = self.workspace.current();
        let mut counts = Groups::new(vec![key], current.classifier.labels().len(), false)?;
        let scores = current.scores.view();
        for (number, text) in self.workspace.archive()?.texts().iter().enumerate().take(scores.texts()) {
            let Some(verdict) = scores.text(number) else { break };
            let value = match by {
                By::Source => text.source.as_deref(),
                By::Month | By::Date => text.date.as_deref(),
            };
            counts.add(&[value], verdict.decision(), verdict.slant.map(f64::from), true)?;
        }
        Ok(counts)
    }
}

/// The largest sources; none where no text has one.
fn sources(counts: &Groups, labels: &[String]) -> (Vec<GroupView>, usize) {
    let Largest { groups, others, .. } = counts.largest(MAX_SOURCES);
    if groups.iter().all(is_unnamed) {
        return (Vec::new(), 0);
    }
    (groups.iter().map(|group| view(group, labels)).collect(), others)
}

/// The last periods; texts without a date stand in none of them.
fn periods(counts: &Groups, labels: &[String]) -> (Vec<GroupView>, usize) {
    let mut named: Vec<Group<'_>> = counts.iter().filter(|group| !is_unnamed(group)).collect();
    let others = named.len().saturating_sub(MAX_PERIODS);
    named.drain(..others);
    (named.iter().map(|group| view(group, labels)).collect(), others)
}

fn is_unnamed(group: &Group<'_>) -> bool {
    group.values.iter().all(String::is_empty)
}

fn view(group: &Group<'_>, labels: &[String]) -> GroupView {
    let ends = |estimate: &Estimate| Ends {
        value: estimate.value,
        low: estimate.interval.map(|interval| interval.low),
        high: estimate.interval.map(|interval| interval.high),
    };
    let share = |(label, estimate): (&String, &Estimate)| {
        let Ends { value, low, high } = ends(estimate);
        Share { label: label.clone(), share: value, low, high }
    };
    GroupView {
        name: group.values.first().cloned().unwrap_or_default(),
        texts: group.documents,
        abstained: group.abstained.value,
        shares: labels.iter().zip(&group.labels).map(share).collect(),
        slant: group.slant.as_ref().map(ends),
    }
}
