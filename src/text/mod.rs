//! Prepares decoded text and divides it into the units that are scored: paragraphs, sentences,
//! quotations, boilerplate.

pub mod boilerplate;
pub(crate) mod boundaries;
mod cut;
pub mod document;
pub(crate) mod extraction;
pub(crate) mod language;
pub(crate) mod markup;
pub(crate) mod normalization;
pub mod offsets;
mod page_heads;
pub mod paragraph;
pub(crate) mod preparation;
pub(crate) mod quotation;
pub(crate) mod record;
pub mod sentence;
pub mod sign_counts;
pub mod signs;
pub(crate) mod span;

pub use cut::CutParagraph;
pub use document::{Document, Replaced};
pub use extraction::Extraction;
pub use language::Language;
pub use normalization::SocialText;
pub use offsets::Offsets;
pub use preparation::{Markup, Preparation, Prepared};
pub use record::Record;
pub use sign_counts::SignCounts;
pub use signs::{TextSign, TextSigns};
pub use span::Span;
