//! Writes whether the model was trained on what a page is about.

use std::io::{self, Write};

use crate::write::report::escape::Escaped;
use crate::write::report::{TrainingNote, html};

/// Writes the warnings, if there are any.
pub(super) fn warnings(out: &mut dyn Write, training: TrainingNote<'_>) -> io::Result<()> {
    if training.warnings.is_empty() {
        return Ok(());
    }
    let said = training.warnings.iter().enumerate();
    let said: Vec<String> = said.map(|(at, said)| Escaped(&sentence_at(at, said)).to_string()).collect();
    let warning = format!("<strong>Rows of the training:</strong> {}.", said.join(". "));
    html::paragraph(out, "warning", &warning)
}

/// Writes what is known where there is nothing to warn of.
pub(super) fn note(out: &mut dyn Write, training: TrainingNote<'_>) -> io::Result<()> {
    if !training.warnings.is_empty() || training.note.is_empty() {
        return Ok(());
    }
    html::paragraph(out, "soft", &format!("Rows of the training: {}", Escaped(training.note)))
}

/// A warning as the sentence at this place: those behind others begin with a capital.
fn sentence_at(place: usize, warning: &str) -> String {
    let mut rest = warning.chars();
    match rest.next().filter(|_| place > 0) {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => warning.to_owned(),
    }
}
