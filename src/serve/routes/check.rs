//! Checks labels and models, and draws the random sample for it.

use std::sync::Arc;

use axum::extract::State;
use axum::{Router, routing};
use serde::Deserialize;

use crate::serve::answer::{Answer, Refusal, in_background, json};
use crate::serve::request::Sent;
use crate::serve::state::App;

/// The most passages of a sample.
const MAX_SAMPLE: usize = 100_000;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new().route("/api/check", routing::get(show)).route("/api/check/sample", routing::post(draw))
}

#[derive(Deserialize)]
struct Draw {
    size: usize,
    seed: u64,
}

async fn show(State(app): State<Arc<App>>) -> Answer {
    let report = in_background(move || {
        // Whoever labels there goes on meanwhile.
        if let Some(folder) = app.workspace.second_folder() {
            app.workspace.set_second(&folder)?;
        }
        Ok(app.workspace.check_report()?)
    });
    json(&report.await?)
}

async fn draw(State(app): State<Arc<App>>, Sent(Draw { size, seed }): Sent<Draw>) -> Answer {
    if !(1..=MAX_SAMPLE).contains(&size) {
        return Err(Refusal::bad_request(format!("expected a sample of 1 to {MAX_SAMPLE} passages")));
    }
    let report = in_background(move || {
        app.workspace.draw_sample(size, seed)?;
        Ok(app.workspace.check_report()?)
    });
    json(&report.await?)
}
