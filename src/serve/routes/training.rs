//! Trains models, one at a time, and steps between them.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Router, routing};
use serde::Deserialize;

use crate::labeling::TrainedFrom;
use crate::serve::answer::{Answer, Refusal, in_background, json, json_with};
use crate::serve::request::Sent;
use crate::serve::state::App;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/api/train", routing::post(train))
        .route("/api/train/stop", routing::post(stop))
        .route("/api/training", routing::get(show))
        .route("/api/models/{number}/use", routing::post(use_model))
}

#[derive(Deserialize)]
struct Start {
    from: Option<From>,
}

/// What a training may be asked to learn from.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum From {
    Corpus,
    Own,
}

async fn train(State(app): State<Arc<App>>, Sent(Start { from }): Sent<Start>) -> Answer {
    let (has_begun, training) = in_background(move || {
        let from = match from {
            Some(From::Corpus) => TrainedFrom::Corpus,
            Some(From::Own) => TrainedFrom::Own,
            None => TrainedFrom::Start,
        };
        Ok((app.workspace.train(from), app.workspace.training()))
    })
    .await?;
    match has_begun {
        true => json_with(StatusCode::ACCEPTED, &training),
        false => {
            let training = serde_json::to_value(training).map_err(|_| Refusal::internal())?;
            Err(Refusal::new(StatusCode::CONFLICT, "a training runs already")
                .with_hint("wait for it, or stop it first")
                .with("training", training))
        }
    }
}

async fn stop(State(app): State<Arc<App>>) -> Answer {
    app.workspace.stop_training();
    show(State(app)).await
}

async fn show(State(app): State<Arc<App>>) -> Answer {
    json(&in_background(move || Ok(app.workspace.training())).await?)
}

async fn use_model(State(app): State<Arc<App>>, Path(number): Path<String>) -> Answer {
    let number = number.parse().map_err(|_| Refusal::not_found("there is no model of this number"))?;
    let training = in_background(move || {
        app.workspace.use_model(number)?;
        Ok(app.workspace.training())
    });
    json(&training.await?)
}
