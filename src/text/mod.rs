//! Divides decoded text into the units that are scored: paragraphs, sentences, quotations, boilerplate.

pub mod boilerplate;
pub(crate) mod boundaries;
pub mod document;
pub(crate) mod language;
pub mod paragraph;
pub(crate) mod quotation;
pub mod sentence;
pub(crate) mod span;

pub use document::{Document, Replaced};
pub use language::Language;
pub use span::Span;
