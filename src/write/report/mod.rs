//! Writes an evaluation as one page of HTML that needs nothing else: no scripts, no network.

mod charts;
mod escape;
mod excerpt;
mod mistake;
mod mistakes;
mod page;
mod tables;

pub use mistake::Mistake;
pub use page::write_report;

use crate::model::Model;
use crate::write::Evaluated;

/// The contents of the page.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The figures.
    pub evaluated: Evaluated<'a>,
    /// The model, for its strongest terms.
    pub model: &'a Model,
    /// The language of the texts, as a code.
    pub language: Option<&'a str>,
    /// The rows whose gold label is least probable, the worst first.
    pub mistakes: &'a [Mistake],
}
