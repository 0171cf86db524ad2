//! Parses texts written in HTML and Markdown: strings in, titles and plain text out.

#[cfg(feature = "html")]
mod article;
#[cfg(feature = "html")]
mod blank_lines;
mod elements;
#[cfg(feature = "html")]
mod flight;
#[cfg(feature = "html")]
mod headings;
pub(crate) mod html;
#[cfg(feature = "html")]
mod interstitial;
#[cfg(feature = "html")]
mod json;
pub(crate) mod markdown;
#[cfg(feature = "html")]
mod nesting;
#[cfg(feature = "html")]
mod outline;
pub(crate) mod page_lines;
#[cfg(feature = "html")]
mod place;
pub(crate) mod quoted_mail;
#[cfg(feature = "html")]
mod script_state;
mod struck;
#[cfg(feature = "html")]
mod structured_data;
// Without HTML nobody asks for attributes.
#[cfg_attr(not(feature = "html"), allow(dead_code))]
mod tags;
mod visible_text;
#[cfg(feature = "html")]
mod xml;

pub(crate) use visible_text::unescape;
