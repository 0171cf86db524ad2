//! Lets requests pass one check after the other: the name of the server before all else, then the
//! method, then the cookie.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, UPGRADE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::serve::access::{Access, ENTRY};
use crate::serve::answer::Refusal;
use crate::serve::hosts::Hosts;
use crate::serve::limits::Limits;
use crate::serve::shells;

/// The page's style and scripts, which hold nothing of anybody's.
pub(super) const ASSETS: &str = "/assets/";

/// How long to wait for the rest of a request that is refused.
const BRIEFLY: Duration = Duration::from_millis(500);

/// Who may ask, by which name, and how much.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) limits: Limits,
    pub(super) hosts: Hosts,
    pub(super) access: Access,
}

/// Answers a request, or says why not: a page to whoever wants to see one, JSON to all others.
pub(super) async fn pass(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let is_page = wants_page(request.headers());
    let checked = gate.check(&request);
    let passed = match checked {
        Ok(()) => gate.limits.read_small(request).await,
        Err(refusal) => {
            // It is refused, however much of it arrives.
            let _ = Limits { patience: BRIEFLY, ..gate.limits }.read_small(request).await;
            Err(refusal)
        }
    };
    match passed {
        Ok(request) => next.run(request).await,
        Err(refusal) if is_page => shells::locked(&refusal, &gate.access),
        Err(refusal) => refusal.into_response(),
    }
}

impl Gate {
    fn check(&self, request: &Request) -> Result<(), Refusal> {
        self.hosts.check(request.uri(), request.headers())?;
        if ![Method::GET, Method::HEAD, Method::POST].contains(request.method()) {
            return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "this server knows GET, HEAD and POST"));
        }
        if request.headers().contains_key(UPGRADE) {
            return Err(Refusal::new(
                StatusCode::FORBIDDEN,
                "this server speaks plain HTTP, no other protocol",
            ));
        }
        let path = request.uri().path();
        if path != ENTRY && !path.starts_with(ASSETS) {
            self.access.check(request.headers())?;
        }
        self.limits.at(path).check(request.headers())
    }
}

/// Whether a person looks at the answer.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}
