//! Gives the next passages to decide about. Nothing in them tells what the model thinks.

use std::sync::Arc;

use axum::extract::State;
use axum::{Router, routing};
use serde::Deserialize;

use crate::labeling::QueueKind;
use crate::serve::answer::{Answer, in_background, json};
use crate::serve::request::Params;
use crate::serve::state::App;

/// Passages where no number is asked for.
const USUAL_ITEMS: usize = 3;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new().route("/api/queue", routing::get(next))
}

#[derive(Deserialize)]
struct Query {
    kind: QueueKind,
    after: Option<String>,
    limit: Option<usize>,
}

async fn next(State(app): State<Arc<App>>, Params(query): Params<Query>) -> Answer {
    let Query { kind, after, limit } = query;
    let after = after.filter(|after| !after.is_empty());
    let queue = in_background(move || {
        Ok(app.workspace.next(kind, after.as_deref(), limit.unwrap_or(USUAL_ITEMS))?)
    });
    json(&queue.await?)
}
