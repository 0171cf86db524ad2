//! Writes one paragraph of a text as JSON, kept or left out.

use std::io::{self, Write};

use serde::Serialize;

use crate::text::document::Document;
use crate::text::span::Span;
use crate::write::SCHEMA_VERSION;
use crate::write::records::write_line;

#[derive(Serialize)]
struct Paragraph<'a> {
    schema: u32,
    id: &'a str,
    start: usize,
    end: usize,
    kept: bool,
    rule: Option<&'a str>,
    text: &'a str,
}

/// Writes one JSON object and a line end; `rule` is what left the paragraph out, if it was.
///
/// # Errors
/// The system's error if writing fails.
pub fn write_paragraph(
    out: &mut impl Write,
    document: &Document,
    span: Span,
    rule: Option<&str>,
) -> io::Result<()> {
    let paragraph = Paragraph {
        schema: SCHEMA_VERSION,
        id: &document.id,
        start: span.start(),
        end: span.end(),
        kept: rule.is_none(),
        rule,
        text: span.of(&document.text),
    };
    write_line(out, &paragraph)
}
