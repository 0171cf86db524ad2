//! Reads JSON in the scripts of a page: where it begins, and its strings as plain text.

use std::borrow::Cow;

use crate::text::markup::outline::Outline;
use crate::text::markup::place::Place;
use crate::text::markup::tags::{Piece, Pieces};
use crate::text::markup::visible_text::{tidy, unescape};

/// Texts are escaped in escaped texts, but not more often than this.
const MAX_ESCAPES: usize = 3;

/// The JSON in a script. Some pages wrap it in a comment or a section of characters.
pub(super) fn json_in(script: &str) -> Option<&str> {
    let inside = script.split_once("<![CDATA[").map_or(script, |(_, inside)| inside);
    inside.find(['{', '[']).and_then(|at| inside.get(at..))
}

/// The plain text of a string that may hold markup, also escaped.
pub(super) fn plain(text: &str) -> String {
    let mut text = Cow::Borrowed(text);
    for _ in 0..MAX_ESCAPES {
        if Pieces::new(&text).any(|piece| matches!(piece, Piece::Tag(_))) {
            return Outline::read(&text, Place::NOTICE).visible;
        }
        if !text.contains('&') {
            break;
        }
        text = Cow::Owned(unescape(&text));
    }
    tidy(&text)
}

/// Passes over the values that hold no text.
macro_rules! pass_over_numbers {
    ($value:expr) => {
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($value)
        }

        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($value)
        }

        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok($value)
        }

        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok($value)
        }

        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok($value)
        }

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("any value")
        }
    };
}

pub(super) use pass_over_numbers;
