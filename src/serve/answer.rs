//! Answers requests with JSON; what cannot be done is answered with a status, a sentence and a
//! hint.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

use crate::error::{Error, ErrorKind};
use crate::labeling::message_without_folders;

/// Why a request is not done. It never says more than what a user of the page may read: no path
/// outside of what was opened, no trace of the program.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) error: String,
    pub(super) hint: Option<String>,
    /// Whether it refuses a link that no longer works.
    pub(super) is_used_link: bool,
    /// A further field of the answer: its name and value.
    more: Option<Box<(&'static str, Value)>>,
}

/// What a route gives.
pub(super) type Answer = Result<Response, Refusal>;

impl Refusal {
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Refusal { status, error: error.into(), hint: None, is_used_link: false, more: None }
    }

    /// What was sent cannot be understood.
    pub(super) fn bad_request(error: impl Into<String>) -> Self {
        Refusal::new(StatusCode::BAD_REQUEST, error)
    }

    /// What was asked for is not there.
    pub(super) fn not_found(error: impl Into<String>) -> Self {
        Refusal::new(StatusCode::NOT_FOUND, error)
    }

    /// The program failed, and says no more than that.
    pub(super) fn internal() -> Self {
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "this request failed inside the program")
            .with_hint("the terminal where it runs may say why; reload the page")
    }

    /// The same refusal with what to do about it.
    #[must_use]
    pub(super) fn with_hint(self, hint: impl Into<String>) -> Self {
        Refusal { hint: Some(hint.into()), ..self }
    }

    /// The same refusal with a further field.
    #[must_use]
    pub(super) fn with(self, name: &'static str, value: Value) -> Self {
        Refusal { more: Some(Box::new((name, value))), ..self }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut body = json!({ "error": self.error, "hint": self.hint });
        if let (Some(more), Some(fields)) = (self.more, body.as_object_mut()) {
            let (name, value) = *more;
            fields.insert(name.to_owned(), value);
        }
        let mut response = json_response(self.status, body.to_string().into_bytes());
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let status = match error.kind() {
            ErrorKind::Io { .. } | ErrorKind::Run { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            ErrorKind::Stopped => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let text = error.display_with(|name| name.replace('_', " "));
        Refusal::new(status, message_without_folders(&error, &text))
    }
}

/// An answer as JSON.
pub(super) fn json(value: &impl Serialize) -> Answer {
    json_with(StatusCode::OK, value)
}

/// An answer as JSON, with a status of its own.
pub(super) fn json_with(status: StatusCode, value: &impl Serialize) -> Answer {
    serde_json::to_vec(value).map(|body| json_response(status, body)).map_err(|_| Refusal::internal())
}

fn json_response(status: StatusCode, body: Vec<u8>) -> Response {
    content(status, "application/json", body)
}

/// An answer of some type.
pub(super) fn content(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// Does work that takes time, or waits for a disk, away from the thread that all connections share.
pub(super) async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Refusal::internal()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Position;

    #[test]
    fn an_error_names_the_file_but_not_its_folder_and_no_parameter_of_the_library() {
        let position = Position::from_path("/home/eva/secret/upload.csv");
        let refusal = Refusal::from(Error::new(ErrorKind::TooLarge { position, limit: 16 }));
        assert_eq!(refusal.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            refusal.error,
            "upload.csv: larger than 16 bytes, the limit for one record; raise the limit with max record or split the record"
        );
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let refusal =
            Refusal::from(Error::io(Position::from_path("/home/eva/w/labels.jsonl"), "write", full));
        assert!(refusal.error.starts_with("labels.jsonl: cannot write: "), "{refusal:?}");
        assert_eq!(refusal.status, StatusCode::INTERNAL_SERVER_ERROR);
        let spoiled = Error::run("/home/eva/w/labels.jsonl: an earlier line could not be written", None);
        assert!(!Refusal::from(spoiled).error.contains("eva"));
    }

    #[test]
    fn work_that_panics_is_told_without_its_words() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let failed = runtime.block_on(in_background::<()>(|| panic!("secret")));
        assert_eq!(failed, Err(Refusal::internal()));
    }
}
