//! Saves decisions, changes them and takes them back. An answer comes when the disk has what was
//! decided.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::{Router, routing};
use serde::{Deserialize, Serialize};

use crate::labeling::{Change, Counts, NewDecision, RecentDecision};
use crate::serve::answer::{Answer, Refusal, in_background, json};
use crate::serve::request::{Once, Params};
use crate::serve::state::App;

/// The most decisions that are listed.
const MAX_RECENT: usize = 500;
/// Decisions that are listed where no number is asked for.
const USUAL_RECENT: usize = 20;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/api/decisions", routing::post(decide))
        .route("/api/decisions/{sequence}", routing::post(change))
        .route("/api/undo", routing::post(undo))
        .route("/api/labels", routing::get(labels))
}

async fn decide(State(app): State<Arc<App>>, Once { request, sent }: Once<NewDecision>) -> Answer {
    let work = move || app.answered.once(request, || Ok(app.workspace.decide(sent)?));
    json(&in_background(work).await?)
}

async fn change(
    State(app): State<Arc<App>>,
    Path(sequence): Path<String>,
    Once { request, sent }: Once<Change>,
) -> Answer {
    let sequence = sequence.parse().map_err(|_| Refusal::not_found("there is no decision of this number"))?;
    let work = move || app.answered.once(request, || Ok(app.workspace.change(sequence, sent)?));
    json(&in_background(work).await?)
}

/// Takes no parameters.
#[derive(Deserialize)]
struct Nothing {}

async fn undo(State(app): State<Arc<App>>, Once { request, sent: Nothing {} }: Once<Nothing>) -> Answer {
    json(&in_background(move || app.answered.once(request, || Ok(app.workspace.undo()?))).await?)
}

#[derive(Deserialize)]
struct Query {
    limit: Option<usize>,
}

#[derive(Serialize)]
struct Labels {
    counts: Counts,
    recent: Vec<RecentDecision>,
}

async fn labels(State(app): State<Arc<App>>, Params(Query { limit }): Params<Query>) -> Answer {
    let limit = limit.unwrap_or(USUAL_RECENT).min(MAX_RECENT);
    let labels = in_background(move || {
        Ok(Labels { counts: app.workspace.counts(), recent: app.workspace.recent(limit) })
    });
    json(&labels.await?)
}
