//! Bounds what one request may send, and how long it may take about it.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, StatusCode};
use tokio::time::timeout;

use crate::serve::access::ENTRY;
use crate::serve::answer::Refusal;

/// How much a client may ask of the server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Limits {
    /// Bytes of a body.
    pub(super) body: usize,
    /// Bytes of the body of whoever is not let in yet.
    pub(super) entry: usize,
    /// Bytes of the header.
    pub(super) header: usize,
    /// Connections at the same time. Further ones wait for their turn.
    pub(super) connections: usize,
    /// How long a client may take to send its header, to send its body, or to take some of an
    /// answer.
    pub(super) patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            body: 64 << 20,
            entry: 4 << 10,
            header: 16 << 10,
            connections: 64,
            patience: Duration::from_secs(30),
        }
    }
}

impl Limits {
    /// The limits at a path: few bytes where anybody may send some.
    pub(super) fn at(self, path: &str) -> Self {
        if path == ENTRY { Limits { body: self.entry, ..self } } else { self }
    }

    /// Checks what a request says about its length.
    ///
    /// # Errors
    /// One that is too large.
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        match length(headers).is_some_and(|length| length > self.body as u64) {
            true => Err(self.too_large()),
            false => Ok(()),
        }
    }

    /// Reads the body of a request to its end, if it says that it is small. A connection is closed
    /// with what is left unread of a request, and its client may lose the answer.
    ///
    /// # Errors
    /// One that comes too slowly or breaks off.
    pub(super) async fn read_small(&self, request: Request) -> Result<Request, Refusal> {
        let is_small = |length: u64| (1..=self.entry as u64).contains(&length);
        if !length(request.headers()).is_some_and(is_small) {
            return Ok(request);
        }
        let (parts, body) = request.into_parts();
        let read = self.read(body).await?;
        Ok(Request::from_parts(parts, Body::from(read)))
    }

    /// Reads the body of a request.
    ///
    /// # Errors
    /// One that is too large, comes too slowly or breaks off.
    pub(super) async fn read(&self, body: Body) -> Result<Vec<u8>, Refusal> {
        let Ok(read) = timeout(self.patience, to_bytes(body, self.body)).await else {
            let seconds = self.patience.as_secs();
            return Err(Refusal::new(
                StatusCode::REQUEST_TIMEOUT,
                format!("the request did not arrive within {seconds} s"),
            ));
        };
        match read {
            Ok(bytes) => Ok(bytes.into()),
            Err(error) if is_too_long(&error) => Err(self.too_large()),
            Err(_) => Err(Refusal::bad_request("the request broke off")),
        }
    }

    /// What is said of a body that is too large.
    fn too_large(&self) -> Refusal {
        if self.body < 1 << 20 {
            let message = format!("more than {} KB were sent", self.body >> 10);
            return Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, message);
        }
        let message = format!("more than {} MB were sent", self.body >> 20);
        Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, message)
            .with_hint("give larger files to the program when it starts: standpoint serve FILE")
    }
}

/// What a request says about its length.
fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Whether reading ended at the limit: the error says so somewhere down its chain.
fn is_too_long(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    causes.any(|error| error.to_string().contains("length limit exceeded"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_are_those_that_the_manual_promises() {
        let Limits { body, entry, header, connections, patience } = Limits::default();
        assert_eq!(
            (entry, Limits::default().at(ENTRY).body, Limits::default().at("/read").body),
            (4096, 4096, body)
        );
        assert_eq!((body, header, connections), (67_108_864, 16_384, 64));
        assert_eq!(patience, Duration::from_secs(30));
    }
}
