//! Fills the frames of the screens; scripts fill the rest.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::serve::access::Access;
use crate::serve::answer::{Answer, Refusal, content};

const HTML: &str = "text/html; charset=utf-8";
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[derive(Template)]
#[template(path = "read.html")]
struct Read {
    version: &'static str,
}

#[derive(Template)]
#[template(path = "label.html")]
struct Label {
    version: &'static str,
}

#[derive(Template)]
#[template(path = "check.html")]
struct Check {
    version: &'static str,
}

#[derive(Template)]
#[template(path = "locked.html")]
struct Locked<'r> {
    version: &'static str,
    title: &'static str,
    message: &'r str,
    /// Whether a token can be entered.
    has_form: bool,
}

/// The screen on which texts are read.
pub(super) fn read() -> Answer {
    page(StatusCode::OK, &Read { version: VERSION })
}

/// The screen on which texts are labeled.
pub(super) fn label() -> Answer {
    page(StatusCode::OK, &Label { version: VERSION })
}

/// The screen on which labels and model are checked.
pub(super) fn check() -> Answer {
    page(StatusCode::OK, &Check { version: VERSION })
}

/// What somebody sees who is not let in.
pub(super) fn locked(refusal: &Refusal, access: &Access) -> Response {
    let has_form = !access.takes_address();
    let message = match &refusal.hint {
        Some(_) if has_form => format!("{} To get in, enter the token.", refusal.error),
        Some(hint) => format!("{} To get in, {hint}.", refusal.error),
        None => refusal.error.clone(),
    };
    let title = if refusal.is_used_link { "This link no longer works" } else { "This page is locked" };
    let locked = Locked { version: VERSION, title, message: &message, has_form };
    page(refusal.status, &locked).unwrap_or_else(IntoResponse::into_response)
}

/// Leads on to the first screen. A redirection would still count as coming from where the browser
/// came from, and the browser would keep the new cookie to itself.
pub(super) fn entered() -> Response {
    const PAGE: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>standpoint</title>\
        <meta http-equiv=\"refresh\" content=\"0; url=/read\"></head>\
        <body><p><a href=\"/read\">Go on to standpoint</a></p></body></html>\n";
    content(StatusCode::OK, HTML, PAGE)
}

fn page(status: StatusCode, template: &impl Template) -> Answer {
    template.render().map(|page| content(status, HTML, page)).map_err(|_| Refusal::internal())
}
