//! Finds what one row of the results, of a document or of a paragraph, is about.

use crate::classifier::verdict::{ScoredParagraph, Verdict};
use crate::label::LabelSet;
use crate::text::Span;
use crate::write::columns::{Cell, Schema};
use crate::write::{Failure, RunContext, Scored};

/// One row of the results.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    pub(super) outcome: Result<&'a Scored, &'a Failure>,
    /// Its number from 0 and its score, for the row of a paragraph.
    pub(super) paragraph: Option<(usize, ScoredParagraph<'a>)>,
    pub(super) schema: &'a Schema,
}

impl<'a> Row<'a> {
    /// The cells, one for each of [`Schema::columns`].
    pub fn cells(self) -> impl Iterator<Item = Cell<'a>> {
        self.schema.columns.iter().map(move |column| column.field.cell(&self, column.number))
    }

    pub(in crate::write) fn context(&self) -> &'a RunContext {
        &self.schema.context
    }

    pub(in crate::write) fn labels(&self) -> &'a LabelSet {
        &self.schema.context.labels
    }

    pub(in crate::write) fn scored(&self) -> Option<&'a Scored> {
        self.outcome.ok()
    }

    pub(in crate::write) fn failure(&self) -> Option<&'a Failure> {
        self.outcome.err()
    }

    pub(in crate::write) fn paragraph_number(&self) -> Option<usize> {
        self.paragraph.map(|(number, _)| number)
    }

    /// What is left out inside of the passage; nothing in the row of a whole document.
    pub(in crate::write) fn left_out(&self) -> &'a [Span] {
        self.paragraph.map_or(&[], |(_, paragraph)| paragraph.left_out())
    }

    /// The rows of a document's paragraphs.
    pub(in crate::write) fn of_paragraphs(self) -> impl Iterator<Item = Row<'a>> {
        let paragraphs = self.scored().into_iter().flat_map(|scored| scored.verdict.paragraphs());
        paragraphs.enumerate().map(move |place| Row { paragraph: Some(place), ..self })
    }

    /// The prediction set of the paragraph, or of the whole document.
    pub(in crate::write) fn set(&self) -> Option<Vec<&'a str>> {
        self.unit(ScoredParagraph::prediction_set, Verdict::prediction_set).flatten()
    }

    /// What stands in the paragraph's score or, in the row of a whole document, in the verdict.
    pub(super) fn unit<T>(
        &self,
        of_paragraph: impl Fn(&ScoredParagraph<'a>) -> T,
        of_verdict: impl Fn(&'a Verdict) -> T,
    ) -> Option<T> {
        match &self.paragraph {
            Some((_, paragraph)) => Some(of_paragraph(paragraph)),
            None => self.verdict().map(of_verdict),
        }
    }

    pub(super) fn verdict(&self) -> Option<&'a Verdict> {
        self.scored().map(|scored| &scored.verdict)
    }

    /// The verdict on a document that the model can judge.
    pub(super) fn judged(&self) -> Option<&'a Verdict> {
        self.verdict().filter(|verdict| verdict.decision().is_judged())
    }
}
