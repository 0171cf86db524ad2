//! Says where things stand in a text as JavaScript counts: in UTF-16 units.

use serde::Serialize;

use crate::text::{Offsets, Span};

/// A label with its probability.
#[derive(Debug, Serialize)]
pub(super) struct Probability {
    label: String,
    probability: f64,
}

/// A place that speaks for a label, or against it where the contribution is below 0.
#[derive(Debug, Serialize)]
pub(super) struct Marked {
    start: usize,
    end: usize,
    label: String,
    contribution: f64,
}

/// Where things stand in a text, as JavaScript counts, and the label that they speak for.
pub(super) struct Places<'t> {
    pub(super) text: &'t str,
    offsets: Offsets<'t>,
    label: &'t str,
}

impl<'t> Places<'t> {
    pub(super) fn new(text: &'t str, label: &'t str) -> Self {
        Places { text, offsets: Offsets::new(text), label }
    }

    pub(super) fn ends(&self, span: Span) -> Option<(usize, usize)> {
        self.offsets.utf16(span.start()).zip(self.offsets.utf16(span.end()))
    }

    pub(super) fn mark(&self, span: Span, contribution: f64) -> Option<Marked> {
        let (start, end) = self.ends(span)?;
        Some(Marked { start, end, label: self.label.to_owned(), contribution })
    }
}

pub(super) fn probabilities<'l>(by_label: impl Iterator<Item = (&'l str, f64)>) -> Vec<Probability> {
    by_label.map(|(label, probability)| Probability { label: label.to_owned(), probability }).collect()
}
