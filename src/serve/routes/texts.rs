//! Lists the texts of the archive, and shows each of them.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::{Router, routing};
use serde::{Deserialize, Serialize};

use crate::classifier::verdict::Reason;
use crate::label::LabelSet;
use crate::labeling::{ArchivedText, ScoresView, StoredVerdict};
use crate::serve::answer::{Answer, Refusal, in_background, json};
use crate::serve::document::{About, Explainer};
use crate::serve::reading::refusal;
use crate::serve::request::Params;
use crate::serve::search::Search;
use crate::serve::state::App;
use crate::tabulate::GroupKey;
use crate::text::Document;

/// The most rows of one answer.
const MAX_ROWS: usize = 500;
/// Rows where no number is asked for.
const USUAL_ROWS: usize = 50;
/// Characters of a text that its row shows.
const EXCERPT: usize = 240;

/// The list, which needs all texts.
pub(super) fn list_router() -> Router<Arc<App>> {
    Router::new().route("/api/texts", routing::get(list))
}

/// What can be shown as soon as the first texts are read.
pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/api/texts/first", routing::get(first))
        .route("/api/texts/{number}", routing::get(show))
}

/// Which texts, in which order.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Query {
    query: String,
    label: String,
    reason: String,
    source: String,
    sort: Sort,
    descending: bool,
    offset: usize,
    limit: Option<usize>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Sort {
    #[default]
    Position,
    Slant,
    Confidence,
    Date,
    Title,
}

#[derive(Serialize)]
struct Rows {
    total: usize,
    matched: usize,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    about: About,
    label: Option<String>,
    /// `None` for a text that is not scored yet.
    top: Option<String>,
    reason: Option<&'static str>,
    confidence: Option<f32>,
    slant: Option<f32>,
    excerpt: String,
}

async fn list(State(app): State<Arc<App>>, Params(query): Params<Query>) -> Answer {
    let rows = in_background(move || {
        let (archive, current) = (app.workspace.archive()?, app.workspace.current());
        let scores = &current.scores.view();
        let search = Search::new(&query.query)?;
        let table = Table { texts: archive.texts(), labels: current.classifier.labels(), scores };
        Ok(table.rows(&query, &search))
    });
    json(&rows.await?)
}

/// The first rows of the list before there is one, without order or filter.
async fn first(State(app): State<Arc<App>>) -> Answer {
    let current = app.workspace.current();
    let scores = &current.scores.view();
    let table = Table { texts: app.workspace.shown(), labels: current.classifier.labels(), scores };
    let rows: Vec<Row> = (0..USUAL_ROWS).filter_map(|number| table.row(number)).collect();
    json(&rows)
}

async fn show(State(app): State<Arc<App>>, Path(number): Path<String>) -> Answer {
    let number = number.parse::<usize>().map_err(|_| no_text())?;
    let document = in_background(move || {
        let shown = app.workspace.shown().get(number);
        let text = shown.ok_or_else(|| refusal(&app.workspace.reading()).unwrap_or_else(no_text))?;
        let title = text.scored_title().map(str::to_owned);
        let extraction = text.extraction;
        let document = Document { title, extraction, ..Document::new(&*text.id, &*text.text) };
        let current = app.workspace.current();
        let mut explainer = Explainer::new(&current.classifier, app.loaded.as_ref());
        Ok(explainer.explain(&document, about(number, text)))
    });
    json(&document.await?)
}

fn no_text() -> Refusal {
    Refusal::not_found("the archive has no text of this number").with_hint("reload the page")
}

/// What a text of the archive is called.
pub(super) fn about(number: usize, text: &ArchivedText) -> About {
    About {
        number: Some(number),
        id: text.id.to_string(),
        title: text.title.as_deref().map(str::to_owned),
        date: text.date.as_deref().map(str::to_owned),
        source: text.source.as_deref().map(str::to_owned),
    }
}

/// The day of a text, if it has a date that is understood.
fn day(text: &ArchivedText) -> Option<String> {
    GroupKey::of_column("date").day(text.date.as_deref()?)
}

/// The texts of an archive with their answers.
struct Table<'a> {
    texts: &'a [ArchivedText],
    labels: &'a LabelSet,
    scores: &'a ScoresView<'a>,
}

impl Table<'_> {
    fn rows(&self, query: &Query, search: &Search) -> Rows {
        let mut found: Vec<usize> = self.matching(query, search);
        self.sort(&mut found, query.sort);
        if query.descending {
            let valued = found.partition_point(|at| self.has_value(*at, query.sort));
            found.get_mut(..valued).unwrap_or_default().reverse();
        }
        let limit = query.limit.unwrap_or(USUAL_ROWS).min(MAX_ROWS);
        let shown = found.iter().skip(query.offset).take(limit);
        Rows {
            total: self.texts.len(),
            matched: found.len(),
            rows: shown.filter_map(|number| self.row(*number)).collect(),
        }
    }

    fn matching(&self, query: &Query, search: &Search) -> Vec<usize> {
        let wanted = query.source.trim().to_lowercase();
        let is_wanted = |(number, text): &(usize, &ArchivedText)| {
            let is_answered = || {
                let verdict = self.scores.text(*number);
                let label = verdict.and_then(|verdict| self.label(verdict));
                let reason = verdict.and_then(|verdict| verdict.reason).map(Reason::name);
                (query.label.is_empty() || label == Some(query.label.as_str()))
                    && (query.reason.is_empty() || reason == Some(query.reason.as_str()))
            };
            let source = text.source.as_deref().unwrap_or("");
            let title = text.title.as_deref().unwrap_or("");
            (wanted.is_empty() || source.to_lowercase().contains(&wanted))
                && is_answered()
                && search.finds([title, &*text.id, source, &*text.text])
        };
        self.texts.iter().enumerate().filter(is_wanted).map(|(number, _)| number).collect()
    }

    fn label(&self, verdict: StoredVerdict<'_>) -> Option<&str> {
        verdict.reason.is_none().then(|| self.labels.name(verdict.top))
    }

    /// The verdict on a text that the model judges. One that it does not is never certain, however
    /// probable its likeliest label.
    fn judged(&self, at: usize) -> Option<StoredVerdict<'_>> {
        self.scores.text(at).filter(|verdict| verdict.decision().is_judged())
    }

    /// Whether a text has what is sorted by. Texts that have none come last, whatever the
    /// direction.
    fn has_value(&self, at: usize, sort: Sort) -> bool {
        let text = self.texts.get(at);
        match sort {
            Sort::Position => true,
            Sort::Slant => self.judged(at).is_some_and(|verdict| verdict.slant.is_some()),
            Sort::Confidence => self.judged(at).is_some(),
            Sort::Date => text.is_some_and(|text| day(text).is_some()),
            Sort::Title => text.is_some_and(|text| text.title.is_some()),
        }
    }

    /// Sorts from the lowest to the highest, and as `score` does from the most certain; what has no
    /// value comes last, and equals keep their order.
    fn sort(&self, found: &mut [usize], sort: Sort) {
        let number = |value: Option<f32>| value.unwrap_or(f32::INFINITY);
        let verdict = |at: &usize| self.judged(*at);
        match sort {
            Sort::Position => {}
            Sort::Slant => found.sort_by(|a, b| {
                let slant = |at| number(verdict(at).and_then(|verdict| verdict.slant));
                slant(a).total_cmp(&slant(b))
            }),
            Sort::Confidence => found.sort_by(|a, b| {
                let confidence = |at| number(verdict(at).map(|verdict| -verdict.confidence()));
                confidence(a).total_cmp(&confidence(b))
            }),
            Sort::Date => found.sort_by_cached_key(|at| {
                let day = self.texts.get(*at).and_then(day);
                (day.is_none(), day)
            }),
            Sort::Title => found.sort_by_cached_key(|at| {
                let text = self.texts.get(*at);
                let title = text.and_then(|text| text.title.as_deref()).map(str::to_lowercase);
                (title.is_none(), title, text.map(|text| &text.id))
            }),
        }
    }

    fn row(&self, number: usize) -> Option<Row> {
        let text = self.texts.get(number)?;
        let verdict = self.scores.text(number);
        Some(Row {
            about: about(number, text),
            label: verdict.and_then(|verdict| self.label(verdict)).map(str::to_owned),
            top: verdict.map(|verdict| self.labels.name(verdict.top).to_owned()),
            reason: verdict.and_then(|verdict| verdict.reason).map(Reason::name),
            confidence: verdict.map(|verdict| verdict.confidence()),
            slant: self.judged(number).and_then(|verdict| verdict.slant),
            excerpt: excerpt(&text.text),
        })
    }
}

/// The beginning of a text on one line.
pub(super) fn excerpt(text: &str) -> String {
    let mut excerpt = String::new();
    for word in text.split_whitespace() {
        if excerpt.len() >= EXCERPT {
            excerpt.push('…');
            break;
        }
        if !excerpt.is_empty() {
            excerpt.push(' ');
        }
        excerpt.extend(word.chars().take(EXCERPT));
    }
    excerpt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_one_short_line() {
        assert_eq!(excerpt(" a\n\nb\t c "), "a b c");
        let long = excerpt(&"x".repeat(1 << 20));
        assert_eq!(long.chars().count(), EXCERPT);
        assert!(
            excerpt(&"word ".repeat(1000)).ends_with("word …")
                || excerpt(&"word ".repeat(1000)).ends_with("word…")
        );
    }
}
