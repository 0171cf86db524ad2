//! Takes requests apart: the parameters of an address, a body of JSON.

use std::fmt::Display;
use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::serve::answer::Refusal;
use crate::serve::state::App;

/// The most bytes of the name of a request.
const MAX_NAME: usize = 100;

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
        serde_json::from_slice(&bytes).map(Sent).map_err(not_understood)
    }
}

/// A body of JSON with a name that the page made up for it in the field `request`, so that what is
/// sent twice is done once.
pub(super) struct Once<T> {
    pub(super) request: Option<String>,
    pub(super) sent: T,
}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Once<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Refusal> {
        let Sent(mut fields) = Sent::<Map<String, Value>>::from_request(request, app).await?;
        let request = match fields.remove("request") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) if (1..=MAX_NAME).contains(&name.len()) => Some(name),
            Some(_) => return Err(not_understood(format!("`request` is a text of 1 to {MAX_NAME} bytes"))),
        };
        let sent = serde_json::from_value(Value::Object(fields)).map_err(not_understood)?;
        Ok(Once { request, sent })
    }
}

/// The bytes of a body.
pub(super) struct SentBytes(pub(super) Vec<u8>);

impl FromRequest<Arc<App>> for SentBytes {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Refusal> {
        let limits = app.gate.limits.at(request.uri().path());
        limits.read(request.into_body()).await.map(SentBytes)
    }
}

fn not_understood(why: impl Display) -> Refusal {
    Refusal::bad_request(format!("the request is not understood: {why}"))
}
