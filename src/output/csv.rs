//! Results as comma-separated values: one row a document, or one row a paragraph.

use std::io;

use super::{Context, Failure, Outcome, Output, Scored, Sink};
use crate::label::argmax;

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

    /// One row a paragraph; a document without paragraphs, or of a model that does not cut them, has one row of its own.
    fn paragraphs(&mut self, scored: &Scored) -> io::Result<()> {
        let verdict = &scored.verdict;
        if verdict.paragraphs.is_empty() {
            let place = std::array::from_fn(|_| String::new());
            return self.paragraph(scored, place, &verdict.probabilities, verdict.words, String::new());
        }
        for (number, paragraph) in verdict.paragraphs.iter().enumerate() {
            let place = [
                (number + 1).to_string(),
                paragraph.span.start().to_string(),
                paragraph.span.end().to_string(),
                paragraph.weight.to_string(),
            ];
            let shown =
                self.context.paragraph_text.then(|| paragraph.span.of(&scored.document.text).to_owned());
            let score = &paragraph.score;
            self.paragraph(scored, place, &score.probabilities, score.words, shown.unwrap_or_default())?;
        }
        Ok(())
    }

    fn paragraph(
        &mut self,
        scored: &Scored,
        place: [String; 4],
        probabilities: &[f64],
        words: usize,
        text: String,
    ) -> io::Result<()> {
        let (document, labels) = (&scored.document, &self.context.labels);
        let mut row = vec![document.id.clone(), document.path.clone(), optional(document.record)];
        row.push(
            scored.verdict.decision.label().map_or(String::new(), |class| labels.name(class).to_owned()),
        );
        row.push(optional(scored.verdict.decision.reason()));
        row.extend(place);
        row.push(labels.name(argmax(probabilities)).to_owned());
        row.extend(probabilities.iter().map(f64::to_string));
        row.extend([words.to_string(), text, self.context.model.clone()]);
        row.extend(std::iter::repeat_n(String::new(), 3));
        self.row(&row)
    }

    fn failure(&mut self, failure: &Failure) -> io::Result<()> {
        let position = failure.error.position();
        let blank = if self.context.paragraphs { 10 } else { 7 } + self.context.labels.len();
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
                &["id", "path", "record", "label", "reason", "paragraph", "start", "end", "weight", "top"],
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
            Ok(scored) if self.context.paragraphs => self.paragraphs(scored),
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
