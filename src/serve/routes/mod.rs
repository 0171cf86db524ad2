//! Says which request goes where, and through which checks.

mod check;
mod decisions;
mod export;
mod groups;
mod pages;
mod queue;
mod read;
mod session;
mod texts;
mod training;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use tower_http::limit::RequestBodyLimitLayer;

use crate::serve::answer::Refusal;
use crate::serve::state::App;
use crate::serve::{csrf, gate, headers, reading};

/// All routes, each behind the gate, under the limits and with the headers.
pub(super) fn router(app: &Arc<App>) -> Router {
    let of_texts = Router::new()
        .merge(check::router())
        .merge(decisions::router())
        .merge(export::router())
        .merge(groups::router())
        .merge(queue::router())
        .merge(texts::list_router())
        .merge(training::router());
    let own = reading::wait(of_texts, app)
        .merge(pages::router())
        .merge(read::router())
        .merge(session::router())
        .merge(texts::router());
    let own = own.fallback(async || Refusal::not_found("there is nothing at this address"));
    let all =
        csrf::protect(own.with_state(Arc::clone(app))).merge(pages::entry().with_state(Arc::clone(app)));
    let all = all
        .layer(RequestBodyLimitLayer::new(app.gate.limits.body))
        .layer(from_fn_with_state(Arc::clone(&app.gate), gate::pass));
    headers::add(all)
}
