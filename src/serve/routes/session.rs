//! Tells the page what is open, and saves what the coder chooses.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use axum::extract::State;
use axum::{Router, routing};
use serde::{Deserialize, Serialize};

use crate::labeling::{NamedKey, QueueKind, ReadReport, ReadState, Session, TrainingReport, without_folders};
use crate::serve::answer::{Answer, Refusal, in_background, json};
use crate::serve::request::Sent;
use crate::serve::state::App;

/// The most keys, and the most labels.
const MAX_ENTRIES: usize = 200;
/// The most characters of a name.
const MAX_NAME: usize = 200;
/// The most characters of a key, which may have a name of its own.
const MAX_KEY: usize = 20;
/// The most labels between two trainings.
const MAX_EVERY: u64 = 10_000;

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
    name: String,
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

/// What the coder changes; what is left out stays.
#[derive(Deserialize)]
struct Change {
    coder: Option<String>,
    keys: Option<BTreeMap<String, String>>,
    keys_on: Option<bool>,
    every: Option<u64>,
    labels: Option<Vec<String>>,
}

async fn show(State(app): State<Arc<App>>) -> Answer {
    let shown = Arc::clone(&app);
    let session = in_background(move || Ok(app.session())).await?;
    if session.archive.state == ReadState::Failed {
        shown.failure.note_shown();
    }
    json(&session)
}

async fn change(State(app): State<Arc<App>>, Sent(change): Sent<Change>) -> Answer {
    change.check()?;
    let session = in_background(move || {
        app.workspace.set_session(change.of(app.workspace.session()))?;
        Ok(app.session())
    });
    json(&session.await?)
}

impl Change {
    fn check(&self) -> Result<(), Refusal> {
        let is_name =
            |name: &str, most: usize| name.chars().count() <= most && !name.contains(char::is_control);
        let is_entry = |name: &String| is_name(name, MAX_NAME);
        let coder =
            self.coder.as_ref().is_none_or(|coder| !coder.trim().is_empty() && is_name(coder, MAX_NAME));
        let keys = self.keys.as_ref().is_none_or(|keys| {
            keys.len() <= MAX_ENTRIES
                && keys.keys().all(is_entry)
                && keys.values().all(|key| is_name(key, MAX_KEY))
        });
        let labels = self.labels.as_ref().is_none_or(|labels| {
            let filled = labels.iter().all(|label| !label.trim().is_empty());
            let distinct: BTreeSet<&str> = labels.iter().map(|label| label.trim()).collect();
            let is_list = labels.len() <= MAX_ENTRIES && labels.len() != 1 && distinct.len() == labels.len();
            filled && is_list && labels.iter().all(is_entry)
        });
        let every = self.every.is_none_or(|every| every <= MAX_EVERY);
        match (coder, keys, labels, every) {
            (true, true, true, true) => Ok(()),
            (false, ..) => Err(Refusal::bad_request("the name of the coder is empty or too long")),
            (_, false, ..) => {
                Err(Refusal::bad_request("a key or its name is too long, or there are too many"))
            }
            (_, _, false, _) => Err(Refusal::bad_request(
                "a label is empty, too long or given twice, or there are too few or too many",
            )),
            (.., false) => Err(Refusal::bad_request(format!(
                "expected at most {MAX_EVERY} labels between two trainings"
            ))),
        }
    }

    fn of(self, mut session: Session) -> Session {
        session.coder = self.coder.map_or(session.coder, |coder| coder.trim().to_owned());
        session.keys = self.keys.unwrap_or(session.keys);
        session.keys_on = self.keys_on.unwrap_or(session.keys_on);
        session.every = self.every.unwrap_or(session.every);
        session.labels = self.labels.unwrap_or(session.labels);
        session
    }
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
            notes: self.workspace.notes().iter().map(|note| without_folders(note)).collect(),
        }
    }

    fn archive(&self, inputs: &[String]) -> ArchiveView {
        let ReadReport { state, texts, error, .. } = self.workspace.reading();
        let scored = self.workspace.scored() as u64;
        ArchiveView {
            name: name(inputs),
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
fn name<P: AsRef<Path>>(paths: &[P]) -> String {
    let names = paths.iter().filter_map(|path| path.as_ref().file_name());
    names.map(|name| name.to_string_lossy()).collect::<Vec<_>>().join(", ")
}
