//! Results as comma-separated values: one row a document, or one row a paragraph.

use std::io;

use super::{Context, Failure, Outcome, Output, Scored, Sink};
use crate::label::argmax;
use crate::verdict::ParagraphScore;

/// Rows with a header; failed records fill the error columns only.
pub struct CsvSink<W: Output> {
    out: ::csv::Writer<W>,
    context: Context,
}

impl<W: Output> std::fmt::Debug for CsvSink<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CsvSink").field("context", &self.context).finish_non_exhaustive()
    }
}

impl<W: Output> CsvSink<W> {
    /// Writes to `out`.
    pub fn new(out: W, context: Context) -> Self {
        CsvSink { out: ::csv::Writer::from_writer(out), context }
    }

    fn row(&mut self, row: &[String]) -> io::Result<()> {
        self.out.write_record(row).map_err(io::Error::from)
    }

    fn document(&mut self, scored: &Scored) -> io::Result<()> {
        let (document, verdict, labels) = (&scored.document, &scored.verdict, &self.context.labels);
        let mut row = vec![
            document.id.clone(),
            document.path.clone(),
            optional(document.record),
            verdict.decision.label().map_or(String::new(), |class| labels.name(class).to_owned()),
            labels.name(verdict.top).to_owned(),
            optional(verdict.decision.reason()),
        ];
        row.extend(verdict.probabilities.iter().map(f64::to_string));
        row.extend([
            optional(verdict.slant),
            verdict.words.to_string(),
            optional(verdict.known),
            self.context.model.clone(),
        ]);
        row.extend(std::iter::repeat_n(String::new(), 3));
        self.row(&row)
    }

    fn paragraph(&mut self, scored: &Scored, number: usize, paragraph: &ParagraphScore) -> io::Result<()> {
        let (document, labels) = (&scored.document, &self.context.labels);
        let mut row = vec![
            document.id.clone(),
            document.path.clone(),
            optional(document.record),
            (number + 1).to_string(),
            paragraph.span.start().to_string(),
            paragraph.span.end().to_string(),
            paragraph.weight.to_string(),
            labels.name(argmax(&paragraph.score.probabilities)).to_owned(),
        ];
        row.extend(paragraph.score.probabilities.iter().map(f64::to_string));
        row.push(paragraph.score.words.to_string());
        row.push(if self.context.paragraph_text {
            paragraph.span.of(&document.text).to_owned()
        } else {
            String::new()
        });
        row.push(self.context.model.clone());
        row.extend(std::iter::repeat_n(String::new(), 3));
        self.row(&row)
    }

    fn failure(&mut self, failure: &Failure) -> io::Result<()> {
        let position = failure.error.position();
        let blank = if self.context.paragraphs { 8 } else { 7 } + self.context.labels.len();
        let mut row = vec![
            failure.id.clone(),
            position.and_then(|position| position.path.clone()).unwrap_or_default(),
            optional(position.and_then(|position| position.record)),
        ];
        row.extend(std::iter::repeat_n(String::new(), blank));
        row.extend([
            failure.error.name().to_owned(),
            failure.error.to_string(),
            optional(position.and_then(|position| position.line)),
        ]);
        self.row(&row)
    }
}

impl<W: Output> Sink for CsvSink<W> {
    fn begin(&mut self) -> io::Result<()> {
        let (before, after): (&[&str], &[&str]) = if self.context.paragraphs {
            (
                &["id", "path", "record", "paragraph", "start", "end", "weight", "top"],
                &["words", "text", "model"],
            )
        } else {
            (&["id", "path", "record", "label", "top", "reason"], &["slant", "words", "known", "model"])
        };
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let mut header = owned(before);
        header.extend(self.context.labels.names().iter().map(|name| format!("p_{name}")));
        header.extend(owned(after));
        header.extend(owned(&["error_kind", "error_message", "error_line"]));
        self.row(&header)
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        match outcome {
            Ok(scored) if self.context.paragraphs => {
                let mut paragraphs = scored.verdict.paragraphs.iter().enumerate();
                paragraphs.try_for_each(|(number, paragraph)| self.paragraph(scored, number, paragraph))
            }
            Ok(scored) => self.document(scored),
            Err(failure) => self.failure(failure),
        }
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.out.into_inner().map_err(|error| error.into_error())?.commit()
    }
}

fn optional(value: Option<impl ToString>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}
