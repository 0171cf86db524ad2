//! Counts the labels of the archive by source and by month, as far as it is scored.

use std::sync::Arc;

use axum::extract::State;
use axum::{Router, routing};
use serde::{Deserialize, Serialize};

use crate::classifier::verdict::Decision;
use crate::serve::answer::{Answer, Refusal, in_background, json};
use crate::serve::request::Params;
use crate::serve::state::App;
use crate::statistics::Estimate;
use crate::tabulate::{Group, GroupKey, Groups, Largest};

/// The most sources that are shown, the largest ones.
const MAX_SOURCES: usize = 20;
/// The most months that are shown, the last ones.
const MAX_MONTHS: usize = 60;

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
}

#[derive(Serialize)]
struct Counted {
    by: By,
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
        let key = match by {
            By::Source => GroupKey::of_column("source"),
            By::Month => GroupKey::parse("date:month")?,
        };
        let mut counts = Groups::new(vec![key], labels.len(), false)?;
        let scores = current.scores.view();
        for (number, text) in self.workspace.archive()?.texts().iter().enumerate().take(scores.texts()) {
            let Some(verdict) = scores.text(number) else { break };
            let value = match by {
                By::Source => text.source.as_deref(),
                By::Month => text.date.as_deref(),
            };
            let decision = verdict.reason.map_or(Decision::Label(verdict.top), Decision::Abstain);
            counts.add(&[value], decision, verdict.slant.map(f64::from), true)?;
        }
        drop(scores);
        let (groups, others) = match by {
            By::Source => sources(&counts, &labels),
            By::Month => months(&counts, &labels),
        };
        Ok(Counted { by, labels, groups, others })
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

/// The last months; texts without a date stand in none of them.
fn months(counts: &Groups, labels: &[String]) -> (Vec<GroupView>, usize) {
    let mut named: Vec<Group<'_>> = counts.iter().filter(|group| !is_unnamed(group)).collect();
    let others = named.len().saturating_sub(MAX_MONTHS);
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
