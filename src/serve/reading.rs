//! Answers while the texts are still being read: refuses what needs them, and ends the program if
//! they cannot be read.

use std::future::pending;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::sync::oneshot;

use crate::error::{Error, Message, Result};
use crate::labeling::{ReadReport, ReadState};
use crate::serve::answer::Refusal;
use crate::serve::state::App;

/// Refuses the requests of a router, with how many texts there are already, until all are read.
pub(super) fn wait(router: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    router.route_layer(from_fn_with_state(Arc::clone(app), pass))
}

async fn pass(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match refusal(&app.workspace.reading()) {
        None => next.run(request).await,
        Some(refusal) => refusal.into_response(),
    }
}

/// Why what needs the texts is not done; `None` once they are read.
pub(super) fn refusal(report: &ReadReport) -> Option<Refusal> {
    let refusal = |why: &str| Refusal::new(StatusCode::SERVICE_UNAVAILABLE, why);
    match report.state {
        ReadState::Read => None,
        ReadState::Reading => Some(
            refusal("the texts are still being read")
                .with_hint("wait until they are")
                .with("reading", json!({ "texts": report.texts })),
        ),
        ReadState::Failed => {
            let why = report.error.clone().unwrap_or_default();
            Some(refusal("the texts cannot be read").with_hint(why))
        }
    }
}

/// Gives the error of texts that cannot be read, when a page has shown it; never returns otherwise.
/// `told` gets what there is to tell of texts that are read.
pub(super) async fn failure(
    read: Option<oneshot::Receiver<Result<()>>>,
    app: &App,
    told: impl FnOnce(&[Message]),
) -> Error {
    let read = match read {
        None => Ok(()),
        Some(read) => outcome(read.await),
    };
    match read {
        Ok(()) => {
            told(&app.workspace.notes());
            pending().await
        }
        Err(error) => {
            app.failure.shown().await;
            error
        }
    }
}

/// How the reading ended, by what its thread said last.
///
/// # Errors
/// Texts that cannot be read, and a thread that said nothing.
pub(super) fn outcome(said: std::result::Result<Result<()>, oneshot::error::RecvError>) -> Result<()> {
    said.unwrap_or_else(|_| Err(Error::run("reading the texts ended unexpectedly", None)))
}
