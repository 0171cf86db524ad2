//! Refuses what another page makes a browser send: a request that changes something must come from
//! this server's own page.

use axum::Router;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use crate::serve::answer::Refusal;

/// The header that only a script of the same origin can add without being asked for permission
/// first, which is never given.
const MARK: &str = "x-standpoint";

/// Protects all routes of a router. What a browser tells of a request's origin is judged first,
/// then the header and the type that no form of another page can send.
pub(super) fn protect(router: Router) -> Router {
    let refuse = |_: ProtectionError| foreign().into_response();
    router.layer(from_fn(marked)).layer(CsrfLayer::new().with_rejection_response(refuse))
}

async fn marked(request: Request, next: Next) -> Response {
    match check(request.method(), request.uri().path(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

fn check(method: &Method, path: &str, headers: &HeaderMap) -> Result<(), Refusal> {
    if method.is_safe() {
        return Ok(());
    }
    if headers.get(MARK).is_none_or(|mark| mark != "1") {
        return Err(foreign());
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let essence = kind.split(';').next().unwrap_or("").trim();
    let expected = if path == FILE { "application/octet-stream" } else { "application/json" };
    match essence.eq_ignore_ascii_case(expected) {
        true => Ok(()),
        false => Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!("the request is not of the type {expected}"),
        )),
    }
}

/// The one path that takes the bytes of a file.
pub(super) const FILE: &str = "/api/read-file";

fn foreign() -> Refusal {
    Refusal::new(StatusCode::FORBIDDEN, "the request does not come from this server's own page")
        .with_hint("reload the page")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(method: Method, path: &str, headers: &[(&'static str, &str)]) -> u16 {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        check(&method, path, &headers.collect()).err().map_or(200, |refusal| refusal.status.as_u16())
    }

    #[test]
    fn what_changes_something_needs_the_mark_and_the_type() {
        let (mark, json) = ((MARK, "1"), ("content-type", "application/json; charset=utf-8"));
        assert_eq!(status(Method::GET, "/api/session", &[]), 200);
        assert_eq!(status(Method::POST, "/api/undo", &[mark, json]), 200);
        assert_eq!(status(Method::POST, "/api/undo", &[json]), 403);
        assert_eq!(status(Method::POST, "/api/undo", &[(MARK, "0"), json]), 403);
        assert_eq!(status(Method::POST, "/api/undo", &[mark]), 415);
        for form in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            assert_eq!(status(Method::POST, "/api/undo", &[mark, ("content-type", form)]), 415, "{form}");
            assert_eq!(status(Method::POST, FILE, &[mark, ("content-type", form)]), 415, "{form}");
        }
        assert_eq!(status(Method::POST, FILE, &[mark, ("content-type", "application/octet-stream")]), 200);
        assert_eq!(status(Method::DELETE, "/api/undo", &[]), 403);
    }
}
