//! Serves the frames of the screens, the files that they load, and the way in.

use std::sync::Arc;

use axum::extract::{Path, Query, RawQuery, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing};
use serde::Deserialize;

use crate::serve::access::ENTRY;
use crate::serve::answer::{Answer, Refusal, content, in_background};
use crate::serve::assets::asset;
use crate::serve::gate::wants_page;
use crate::serve::request::SentBytes;
use crate::serve::shells;
use crate::serve::state::App;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/", routing::get(async || see_other("/read")))
        .route("/read", routing::get(async || shells::read()))
        .route("/label", routing::get(async || shells::label()))
        .route("/check", routing::get(async || shells::check()))
        .route("/assets/{name}", routing::get(file))
}

/// The way in, which needs no cookie.
pub(super) fn entry() -> Router<Arc<App>> {
    let entry = routing::get(enter_by_address).head(look_at_address).post(enter_by_form);
    Router::new().route(ENTRY, entry)
}

async fn file(Path(name): Path<String>) -> Answer {
    let found = asset(&name).ok_or_else(|| Refusal::not_found("there is no such file"))?;
    Ok(content(StatusCode::OK, found.content_type, found.body))
}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    token: String,
}

async fn enter_by_address(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    match app.gate.access.check_address() {
        Ok(()) => enter(app, &headers, query.unwrap_or_default()).await,
        Err(refusal) => refused(&app, &headers, &refusal),
    }
}

/// Who asks for the header alone, as programs do that check addresses, takes no token.
async fn look_at_address(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Response {
    let access = &app.gate.access;
    let looked = access.check_address().and_then(|()| access.look_at(&token(&query.unwrap_or_default())));
    match looked {
        Ok(()) => shells::entered(),
        Err(refusal) => refusal.into_response(),
    }
}

async fn enter_by_form(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    SentBytes(form): SentBytes,
) -> Response {
    enter(app, &headers, String::from_utf8(form).unwrap_or_default()).await
}

async fn enter(app: Arc<App>, headers: &HeaderMap, form: String) -> Response {
    let token = token(&form);
    let entering = Arc::clone(&app);
    match in_background(move || entering.enter(&token)).await {
        Ok(cookie) => with_cookie(shells::entered(), cookie),
        Err(refusal) => refused(&app, headers, &refusal),
    }
}

fn refused(app: &App, headers: &HeaderMap, refusal: &Refusal) -> Response {
    match wants_page(headers) {
        true => shells::locked(refusal, &app.gate.access),
        false => refusal.clone().into_response(),
    }
}

/// The token in the fields of a form or an address; empty if there is none.
fn token(form: &str) -> String {
    let address = format!("{ENTRY}?{form}").parse::<Uri>().ok();
    let sent = address.and_then(|address| Query::<Token>::try_from_uri(&address).ok());
    sent.map_or(String::new(), |Query(sent)| sent.token)
}

fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().insert(SET_COOKIE, cookie);
    response
}

fn see_other(place: &'static str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, place)]).into_response()
}
