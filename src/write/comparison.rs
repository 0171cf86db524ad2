//! A comparison of two models as JSON, and the documents on which they differ as comma-separated values.

use std::io::{self, Write};

use serde::Serialize;

use crate::classifier::verdict::Verdict;
use crate::evaluate::{Compared, Difference};
use crate::label::{ClassId, LabelSet};
use crate::text::document::Document;
use crate::write::SCHEMA_VERSION;
use crate::write::evaluation_json::{Resampling, ends};
use crate::write::records::write_line;

/// What all forms of a comparison are made of.
#[derive(Clone, Copy, Debug)]
pub struct Comparing<'a> {
    /// The models' names and the beginnings of their hashes.
    pub models: [&'a str; 2],
    /// The classes of both.
    pub labels: &'a LabelSet,
    /// What was found.
    pub compared: &'a Compared,
    /// The documents on which they differ.
    pub differing: &'a [Differing],
    /// Rows that could not be read.
    pub skipped: usize,
}

/// A document whose likeliest labels differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Differing {
    /// Its id.
    pub id: String,
    path: String,
    record: Option<u64>,
    /// Its gold label.
    pub gold: ClassId,
    /// The first model's likeliest label and the second's.
    pub tops: [ClassId; 2],
    /// The gold label's probabilities.
    pub gold_probabilities: [f64; 2],
}

impl Differing {
    /// The document, if the answers on it differ.
    pub fn of(document: &Document, gold: ClassId, verdicts: [&Verdict; 2]) -> Option<Self> {
        let tops = verdicts.map(Verdict::top_class);
        let of_gold = |verdict: &Verdict| verdict.class_probability(gold);
        (tops[0] != tops[1]).then(|| Differing {
            id: document.id.clone(),
            path: document.path.clone(),
            record: document.record,
            gold,
            tops,
            gold_probabilities: verdicts.map(of_gold),
        })
    }
}

/// Writes one JSON object and a line end.
///
/// # Errors
/// What the system answers to writing.
pub fn write_comparison(out: &mut impl Write, comparing: &Comparing<'_>) -> io::Result<()> {
    write_line(out, &Comparison::of(comparing))
}

/// Writes the documents on which the models differ, one a row, after the names of the columns.
///
/// # Errors
/// What the system answers to writing.
pub fn write_differences(out: &mut impl Write, comparing: &Comparing<'_>) -> io::Result<()> {
    let mut out = ::csv::Writer::from_writer(out);
    let columns = ["id", "path", "record", "gold", "a", "b", "p_gold_a", "p_gold_b"];
    out.write_record(columns).map_err(io::Error::from)?;
    for row in comparing.differing {
        let name = |class: ClassId| comparing.labels.name(class).to_owned();
        out.write_record([
            row.id.clone(),
            row.path.clone(),
            row.record.map_or(String::new(), |record| record.to_string()),
            name(row.gold),
            name(row.tops[0]),
            name(row.tops[1]),
            row.gold_probabilities[0].to_string(),
            row.gold_probabilities[1].to_string(),
        ])
        .map_err(io::Error::from)?;
    }
    out.flush()
}

/// Fields are added, never renamed.
#[derive(Serialize)]
struct Comparison<'a> {
    schema: u32,
    models: [&'a str; 2],
    rows: u64,
    skipped: usize,
    accuracy: OfFigure,
    macro_f1: OfFigure,
    log_loss: OfFigure,
    mcnemar: OfMcNemar,
    resampling: Resampling,
    differences: Vec<OfDocument<'a>>,
}

#[derive(Serialize)]
struct OfFigure {
    a: Option<f64>,
    b: Option<f64>,
    /// b - a.
    difference: Option<f64>,
    interval: Option<[f64; 2]>,
    p: Option<f64>,
}

#[derive(Serialize)]
struct OfMcNemar {
    only_a: u64,
    only_b: u64,
    exact_p: f64,
    mid_p: f64,
}

#[derive(Serialize)]
struct OfDocument<'a> {
    id: &'a str,
    path: &'a str,
    record: Option<u64>,
    gold: &'a str,
    a: &'a str,
    b: &'a str,
    p_gold_a: f64,
    p_gold_b: f64,
}

impl<'a> Comparison<'a> {
    fn of(comparing: &Comparing<'a>) -> Self {
        let Comparing { models, labels, compared, differing, skipped } = *comparing;
        let document = |of: &'a Differing| OfDocument {
            id: &of.id,
            path: &of.path,
            record: of.record,
            gold: labels.name(of.gold),
            a: labels.name(of.tops[0]),
            b: labels.name(of.tops[1]),
            p_gold_a: of.gold_probabilities[0],
            p_gold_b: of.gold_probabilities[1],
        };
        Comparison {
            schema: SCHEMA_VERSION,
            models,
            rows: compared.rows,
            skipped,
            accuracy: OfFigure::of(compared.accuracy),
            macro_f1: OfFigure::of(compared.macro_f1),
            log_loss: OfFigure::of(compared.log_loss),
            mcnemar: OfMcNemar {
                only_a: compared.mcnemar.only_first,
                only_b: compared.mcnemar.only_second,
                exact_p: compared.mcnemar.exact,
                mid_p: compared.mcnemar.mid_p,
            },
            resampling: Resampling::of(compared.grouped, compared.units, compared.seed),
            differences: differing.iter().map(document).collect(),
        }
    }
}

impl OfFigure {
    fn of(of: Difference) -> Self {
        OfFigure {
            a: of.first,
            b: of.second,
            difference: of.difference.map(|difference| difference.value),
            interval: ends(of.difference),
            p: of.p,
        }
    }
}
