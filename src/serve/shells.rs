//! Fills the frames of the screens; scripts fill the rest.

use axum::http::StatusCode;
use axum::response::Response;

use crate::serve::access::Access;
use crate::serve::answer::{Refusal, content};
use crate::write::Escaped;

const HTML: &str = "text/html; charset=utf-8";
const VERSION: &str = env!("CARGO_PKG_VERSION");
const SCRIPT: &str = r#"<script type="module" src="/assets/app.js"></script>"#;

/// The screen on which texts are read.
pub(super) fn read() -> Response {
    screen("Read", "read", include_str!("templates/read.html"))
}

/// The screen on which texts are labeled.
pub(super) fn label() -> Response {
    screen("Label", "label", include_str!("templates/label.html"))
}

/// The screen on which labels and model are checked.
pub(super) fn check() -> Response {
    screen("Check", "check", include_str!("templates/check.html"))
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
    let way_in =
        if has_form { include_str!("templates/token.html") } else { include_str!("templates/terminal.html") };
    let main = format!(
        include_str!("templates/locked.html"),
        title = title,
        message = Escaped(&message),
        way_in = way_in
    );
    Page { title: "Locked", name: "locked", script: "", nav: "", main: &main }.answer(refusal.status)
}

/// Leads on to the first screen. A redirection would still count as coming from where the browser
/// came from, and the browser would keep the new cookie to itself.
pub(super) fn entered() -> Response {
    const PAGE: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>standpoint</title>\
        <meta http-equiv=\"refresh\" content=\"0; url=/read\"></head>\
        <body><p><a href=\"/read\">Go on to standpoint</a></p></body></html>\n";
    content(StatusCode::OK, HTML, PAGE)
}

/// A screen of those between which the reader goes to and fro.
fn screen(title: &str, name: &str, main: &str) -> Response {
    let mark = |screen: &str| if screen == name { "aria-current=\"page\"" } else { "" };
    let nav = format!(
        include_str!("templates/nav.html"),
        read = mark("read"),
        label = mark("label"),
        check = mark("check")
    );
    Page { title, name, script: SCRIPT, nav: &nav, main }.answer(StatusCode::OK)
}

/// What differs between the pages; all of it is HTML.
struct Page<'p> {
    title: &'p str,
    name: &'p str,
    script: &'p str,
    nav: &'p str,
    main: &'p str,
}

impl Page<'_> {
    fn answer(&self, status: StatusCode) -> Response {
        let page = format!(
            include_str!("templates/base.html"),
            title = self.title,
            script = self.script,
            nav = self.nav,
            page = self.name,
            main = self.main,
            version = VERSION
        );
        content(status, HTML, page)
    }
}
