//! Parses texts written in HTML and Markdown: strings in, titles and plain text out.

#[cfg(feature = "html")]
mod article;
pub(crate) mod html;
pub(crate) mod markdown;
#[cfg(feature = "html")]
mod nesting;
mod visible_text;
