//! Hands out what was decided as a file.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::{HeaderValue, StatusCode};
use axum::{Router, routing};
use serde::Deserialize;

use crate::labeling::ExportKind;
use crate::named::Named;
use crate::serve::answer::{Answer, Refusal, content};
use crate::serve::request::Params;
use crate::serve::state::App;
use crate::serve::stream::written;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new().route("/api/export", routing::get(export))
}

#[derive(Deserialize)]
struct Query {
    what: String,
}

async fn export(State(app): State<Arc<App>>, Params(Query { what }): Params<Query>) -> Answer {
    let kind = ExportKind::from_name(&what)
        .ok_or_else(|| Refusal::bad_request("expected what=table, excel, labels or evaluation"))?;
    let file = written(move |out| app.workspace.export(kind, out));
    // All of it is never shown as a page of this server: the browser saves it.
    let mut response = content(StatusCode::OK, "application/octet-stream", file.await?);
    let disposition = format!("attachment; filename=\"{}\"", kind.file_name());
    let disposition = HeaderValue::from_str(&disposition).map_err(|_| Refusal::internal())?;
    response.headers_mut().insert(CONTENT_DISPOSITION, disposition);
    Ok(response)
}
