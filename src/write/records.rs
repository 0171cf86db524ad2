//! Serializes outcomes as the JSON records that users see, from the fields of
//! [`columns`](super::columns).
//!
//! Fields are added, never renamed; tests/ declares them once more.

use std::io::{self, Write};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::classifier::explain::{DocumentExplanation, LabelExplanation, TermContribution};
use crate::label::LabelSet;
use crate::model::BlockKind;
use crate::write::columns::{
    Cell, DOCUMENT_RECORD, FAILURE, FAILURE_RECORD, Field, PARAGRAPH_RECORD, PARAGRAPH_TEXT, Row, Spread,
};
use crate::write::{SCHEMA_VERSION, Scored};

/// Writes a value as JSON.
pub(crate) fn write_json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    out.write_all(&serde_json::to_vec(value)?)
}

/// Writes a value as one line of JSON.
pub(crate) fn write_line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    // serde_json hands its output over in the smallest pieces, each of which would go through all
    // layers of `out`.
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    out.write_all(&line)
}

/// The record of a document or a failure, made from the row of its whole outcome.
pub(super) struct Record<'a>(pub(super) Row<'a>);

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", &SCHEMA_VERSION)?;
        match self.0.scored() {
            Some(scored) => {
                fields(&mut map, DOCUMENT_RECORD, &self.0)?;
                if self.0.context().paragraphs {
                    map.serialize_entry("paragraphs", &Paragraphs(self.0))?;
                }
                if let Some(explanation) = Explanation::of_document(scored, &self.0) {
                    map.serialize_entry("explanation", &explanation)?;
                }
            }
            None => {
                fields(&mut map, FAILURE_RECORD, &self.0)?;
                map.serialize_entry("error", &Fault(self.0))?;
            }
        }
        map.end()
    }
}

/// What went wrong, in the record of a failure.
struct Fault<'a>(Row<'a>);

impl Serialize for Fault<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(FAILURE.iter().map(|(name, field)| (name, field.cell(&self.0, 0))))
    }
}

/// The paragraphs of a document's record.
struct Paragraphs<'a>(Row<'a>);

impl Serialize for Paragraphs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.of_paragraphs().map(Paragraph))
    }
}

struct Paragraph<'a>(Row<'a>);

impl Serialize for Paragraph<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        fields(&mut map, PARAGRAPH_RECORD, &self.0)?;
        if !self.0.left_out().is_empty() {
            let pairs = self.0.left_out().iter().map(|gap| (gap.start(), gap.end()));
            map.serialize_entry("left_out", &pairs.collect::<Vec<_>>())?;
        }
        if self.0.context().paragraph_text {
            map.serialize_entry("text", &PARAGRAPH_TEXT.cell(&self.0, 0))?;
        }
        if let Some(explanation) = Explanation::of_paragraph(&self.0) {
            map.serialize_entry("explanation", &explanation)?;
        }
        map.end()
    }
}

/// Adds those of the fields that the run gives.
fn fields<M: SerializeMap>(map: &mut M, fields: &[&Field], row: &Row<'_>) -> Result<(), M::Error> {
    for field in fields.iter().filter(|field| field.is_given(row.context())) {
        match field.spread {
            Spread::One => map.serialize_entry(field.name, &field.cell(row, 0))?,
            Spread::Labels(_) => {
                let names = row.labels().names();
                map.serialize_entry(field.name, &Each { field, names, row })?;
            }
            Spread::Kept(_) => {
                let names = &row.context().keep;
                map.serialize_entry(field.name, &Each { field, names, row })?;
            }
            Spread::Set => {
                if let Some(names) = row.set() {
                    map.serialize_entry(field.name, &names)?;
                }
            }
        }
    }
    Ok(())
}

/// The values of a field with several, under their names.
struct Each<'a> {
    field: &'a Field,
    names: &'a [String],
    row: &'a Row<'a>,
}

impl Serialize for Each<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Each { field, names, row } = self;
        serializer.collect_map((0..).zip(*names).map(|(number, name)| (name, field.cell(row, number))))
    }
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Empty => serializer.serialize_none(),
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Whole(number) => serializer.serialize_u64(*number),
            Cell::Real(number) => serializer.serialize_f64(*number),
        }
    }
}

#[derive(Serialize)]
struct Explanation<'a> {
    /// `sum`: intercept + terms + rest = margin. `ranking`: only the order of the terms means
    /// something.
    kind: &'static str,
    classes: Classes<'a>,
}

/// One value per class, under the class's name.
struct Classes<'a> {
    labels: &'a LabelSet,
    values: Vec<Class<'a>>,
}

impl Serialize for Classes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.labels.names().iter().zip(&self.values))
    }
}

#[derive(Serialize)]
struct Class<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    intercept: Option<f64>,
    terms: Vec<Term<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rest: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    margin: Option<f64>,
}

#[derive(Serialize)]
struct Term<'a> {
    term: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    block: Option<BlockKind>,
    amount: f64,
    spans: Vec<(usize, usize)>,
}

impl<'a> Explanation<'a> {
    fn of_document(scored: &'a Scored, row: &Row<'a>) -> Option<Self> {
        let (most, labels) = (row.context().explain?, row.labels());
        Some(match scored.explanation.as_ref()? {
            DocumentExplanation::Sum(classes) => Explanation::sum(classes, most, labels),
            DocumentExplanation::Ranking { labels: ranked, .. } => Explanation {
                kind: "ranking",
                classes: Classes {
                    labels,
                    values: ranked.iter().map(|terms| Class::ranking(terms, most)).collect(),
                },
            },
        })
    }

    fn of_paragraph(row: &Row<'a>) -> Option<Self> {
        let most = row.context().explain?;
        let number = row.paragraph_number()?;
        match row.scored()?.explanation.as_ref()? {
            DocumentExplanation::Ranking { paragraphs, .. } => {
                Some(Explanation::sum(paragraphs.get(number)?, most, row.labels()))
            }
            DocumentExplanation::Sum(_) => None,
        }
    }

    fn sum(classes: &'a [LabelExplanation], most: usize, labels: &'a LabelSet) -> Self {
        let values = classes.iter().map(|class| Class::sum(class, most)).collect();
        Explanation { kind: "sum", classes: Classes { labels, values } }
    }
}

impl<'a> Class<'a> {
    fn sum(explained: &'a LabelExplanation, most: usize) -> Self {
        let (listed, rest) = explained.top(most);
        Class {
            intercept: Some(explained.intercept),
            terms: listed.iter().map(Term::new).collect(),
            rest: Some(rest),
            margin: Some(explained.margin),
        }
    }

    fn ranking(terms: &'a [TermContribution], most: usize) -> Self {
        let listed = terms.get(..most).unwrap_or(terms);
        Class { intercept: None, terms: listed.iter().map(Term::new).collect(), rest: None, margin: None }
    }
}

impl<'a> Term<'a> {
    fn new(contribution: &'a TermContribution) -> Self {
        Term {
            term: &contribution.text,
            block: contribution.block,
            amount: contribution.contribution,
            spans: contribution.spans.iter().map(|span| (span.start(), span.end())).collect(),
        }
    }
}
