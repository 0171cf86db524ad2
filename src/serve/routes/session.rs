//! Tells the page what is open, and saves what the coder chooses.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Router, routing};
use serde::Serialize;

use crate::error::Error;
use crate::labeling::{
    NamedKey, QueueKind, ReadReport, ReadState, SettingsChange, TrainingReport, without_folders,
};
use crate::serve::answer::{Answer, Refusal, in_background, json};
use crate::serve::request::Sent;
use crate::serve::state::App;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new().route("/api/session", routing::get(show).post(change))
}

#[derive(Serialize)]
struct SessionView {
    version: &'static str,
    coder: String,
    archive: ArchiveView,
    model: ModelView,
    labels_from: &'static str,
    /// What can be done beside giving a label, with its key.
    actions: Vec<NamedKey>,
    /// The keys that the coder chose.
    keys: BTreeMap<String, String>,
    keys_on: bool,
    every: u64,
    guideline: Option<String>,
    training: TrainingReport,
    /// The queue to begin with.
    queue: QueueKind,
    /// Whether the model's answer is shown after the decision.
    blind: bool,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct ArchiveView {
    names: Vec<String>,
    /// Whether its texts are read; nothing of them can be asked for before.
    state: ReadState,
    /// Why they cannot be.
    error: Option<String>,
    /// Texts that are read.
    texts: u64,
    units: usize,
    scored: u64,
    /// Until all texts are scored and their passages are ranked.
    scoring: bool,
}

#[derive(Serialize)]
struct ModelView {
    number: u32,
    id: String,
    name: String,
    labels: Vec<NamedKey>,
}

async fn show(State(app): State<Arc<App>>) -> Answer {
    let shown = Arc::clone(&app);
    let session = in_background(move || Ok(app.session())).await?;
    if session.archive.state == ReadState::Failed {
        shown.failure.note_shown();
    }
    json(&session)
}

async fn change(State(app): State<Arc<App>>, Sent(change): Sent<SettingsChange>) -> Answer {
    let session = in_background(move || {
        app.workspace.change_settings(change).map_err(unusable)?;
        Ok(app.session())
    });
    json(&session.await?)
}

/// The refusal of settings: what was sent cannot be used, or could not be saved.
fn unusable(error: Error) -> Refusal {
    let is_parameter = error.parameter().is_some();
    let mut refusal = Refusal::from(error);
    if is_parameter {
        refusal.status = StatusCode::BAD_REQUEST;
    }
    refusal
}

impl App {
    fn session(&self) -> SessionView {
        let (current, session) = (self.workspace.current(), self.workspace.session());
        let (id, actions) = (current.classifier.id(), session.action_keys());
        SessionView {
            version: env!("CARGO_PKG_VERSION"),
            coder: session.coder,
            archive: self.archive(&session.inputs),
            model: ModelView {
                number: current.number,
                id: id.to_owned(),
                name: id.split('@').next().unwrap_or(id).to_owned(),
                labels: self.workspace.labels(),
            },
            labels_from: if session.labels.is_empty() { "model" } else { "own" },
            actions,
            keys: session.keys,
            keys_on: session.keys_on,
            every: session.every,
            guideline: self.shown_guideline(),
            training: self.workspace.training(),
            queue: self.workspace.usual_queue(),
            blind: true,
            notes: self.workspace.notes().iter().map(|note| without_folders(&note.to_string())).collect(),
        }
    }

    fn archive(&self, inputs: &[String]) -> ArchiveView {
        let ReadReport { state, texts, error, .. } = self.workspace.reading();
        let scored = self.workspace.scored() as u64;
        ArchiveView {
            names: names(inputs),
            state,
            error,
            texts,
            units: self.workspace.archive().map_or(0, |archive| archive.units().len()),
            scored,
            scoring: match state {
                ReadState::Reading => true,
                ReadState::Read => !self.workspace.current().is_ranked(),
                ReadState::Failed => false,
            },
        }
    }
}

/// The names of what was opened, without their folders.
fn names(paths: &[String]) -> Vec<String> {
    let names = paths.iter().filter_map(|path| Path::new(path).file_name());
    names.map(|name| name.to_string_lossy().into_owned()).collect()
}
