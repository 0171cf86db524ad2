//! Writes a comparison of two models as JSON, and the documents on which they differ as CSV.

use std::io::{self, Write};

use serde::Serialize;

use crate::evaluate::{ComparisonResult, Difference, Differing};
use crate::label::LabelSet;
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
    pub compared: &'a ComparisonResult,
    /// The documents on which they differ.
    pub differing: &'a [Differing],
    /// Rows that could not be read.
    pub skipped: usize,
}

/// Writes one JSON object and a line end.
///
/// # Errors
/// What the system answers to writing.
pub fn write_comparison(out: &mut impl Write, comparing: &Comparing<'_>) -> io::Result<()> {
    write_line(out, &Comparison::new(comparing))
}

/// Writes the documents on which the models differ, one per row, after the names of the columns.
///
/// # Errors
/// What the system answers to writing.
pub fn write_differences(out: &mut impl Write, comparing: &Comparing<'_>) -> io::Result<()> {
    let mut out = ::csv::Writer::from_writer(out);
    let columns = ["id", "path", "record", "gold", "a", "b", "p_gold_a", "p_gold_b"];
    out.write_record(columns).map_err(io::Error::from)?;
    for row in comparing.differing {
        out.write_record([
            row.id.clone(),
            row.path.clone(),
            row.record.map_or(String::new(), |record| record.to_string()),
            row.gold.clone(),
            row.predicted[0].clone(),
            row.predicted[1].clone(),
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
    accuracy: FigureJson,
    macro_f1: FigureJson,
    log_loss: FigureJson,
    mcnemar: OfMcNemar,
    resampling: Resampling,
    differences: Vec<DocumentJson<'a>>,
}

#[derive(Serialize)]
struct FigureJson {
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
struct DocumentJson<'a> {
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
    fn new(comparing: &Comparing<'a>) -> Self {
        let Comparing { models, compared, differing, skipped, .. } = *comparing;
        let document = |of: &'a Differing| DocumentJson {
            id: &of.id,
            path: &of.path,
            record: of.record,
            gold: &of.gold,
            a: &of.predicted[0],
            b: &of.predicted[1],
            p_gold_a: of.gold_probabilities[0],
            p_gold_b: of.gold_probabilities[1],
        };
        Comparison {
            schema: SCHEMA_VERSION,
            models,
            rows: compared.rows,
            skipped,
            accuracy: FigureJson::new(compared.accuracy),
            macro_f1: FigureJson::new(compared.macro_f1),
            log_loss: FigureJson::new(compared.log_loss),
            mcnemar: OfMcNemar {
                only_a: compared.mcnemar.only_first,
                only_b: compared.mcnemar.only_second,
                exact_p: compared.mcnemar.exact,
                mid_p: compared.mcnemar.mid_p,
            },
            resampling: Resampling::new(compared.grouped, compared.clusters, compared.seed),
            differences: differing.iter().map(document).collect(),
        }
    }
}

impl FigureJson {
    fn new(of: Difference) -> Self {
        FigureJson {
            a: of.first,
            b: of.second,
            difference: of.difference.map(|difference| difference.value),
            interval: ends(of.difference),
            p: of.p,
        }
    }
}
