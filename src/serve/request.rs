//! Takes requests apart: the parameters of an address, a body of JSON.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::serve::answer::Refusal;
use crate::serve::state::App;

/// The parameters behind the question mark of an address.
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<Arc<App>> for Params<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        match Query::from_request_parts(parts, app).await {
            Ok(Query(params)) => Ok(Params(params)),
            Err(rejection) => Err(Refusal::bad_request(rejection.body_text())),
        }
    }
}

/// A body of JSON.
pub(super) struct Sent<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Sent<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Refusal> {
        let bytes = app.gate.limits.read(request.into_body()).await?;
        let sent = serde_json::from_slice(&bytes);
        sent.map(Sent)
            .map_err(|error| Refusal::bad_request(format!("the request is not understood: {error}")))
    }
}

/// The bytes of a body.
pub(super) struct SentBytes(pub(super) Vec<u8>);

impl FromRequest<Arc<App>> for SentBytes {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Refusal> {
        app.gate.limits.read(request.into_body()).await.map(SentBytes)
    }
}
