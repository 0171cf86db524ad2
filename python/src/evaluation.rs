//! Measures models against labels, and coders against each other.

use std::borrow::Cow;
use std::collections::HashMap;

use pyo3::prelude::*;
use standpoint::agreement::measure_agreement;
use standpoint::classifier::ScoreOptions;
use standpoint::evaluate::{EvaluateParams, EvaluateRun, IntervalCaveat, evaluate_with, respell};
use standpoint::label::LabelVariants;
use standpoint::progress::Counters;
use standpoint::read::Coded;
use standpoint::training_rows::Seen;
use standpoint::write::{Evaluated, write_agreement, write_figures};
use standpoint::{Document, Error, Threads};

use crate::error::{exception, spelled};
use crate::guard::abandonable;
use crate::labeled::{Columns, no_group};
use crate::model::{NativeModel, prediction_sets};
use crate::preparation::preparation_with;
use crate::texts::Rows;

/// What a call says of the evaluation.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct EvaluateAsked {
    /// `None` for the model's.
    markup: Option<String>,
    as_documents: bool,
    merge_spellings: bool,
    f1_labels: Vec<String>,
    confidence_level: Option<f64>,
    set_rule: String,
    seed: u64,
    n_jobs: usize,
}

/// What a call says of the agreement.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct AgreementAsked {
    merge_spellings: bool,
    seed: u64,
    n_jobs: usize,
}

/// The figures of an evaluation, as the JSON that `standpoint evaluate` prints, and what it warns
/// of. Those warnings that say that figures are wrong come last, and are counted.
type EvaluationParts = (String, Vec<String>, usize);

#[pymethods]
impl NativeModel {
    /// The figures of the model on labeled rows.
    fn evaluate(
        &self,
        py: Python<'_>,
        rows: &Rows,
        columns: Columns,
        asked: EvaluateAsked,
    ) -> PyResult<EvaluationParts> {
        let preparation = preparation_with(py, &self.labeler.model().preparation, asked.markup.as_deref())?;
        let mut labeled = columns.gold_rows(py, rows, &preparation)?;
        let of_texts: Vec<String> = labeled.warnings.iter().map(spelled).collect();
        if asked.merge_spellings {
            respell(&mut labeled.rows, self.labeler.labels());
        }
        let sets = prediction_sets(py, &self.labeler, asked.confidence_level, &asked.set_rule)?;
        let params = EvaluateParams {
            score: ScoreOptions { prediction_sets: sets, ..ScoreOptions::default() },
            f1_labels: asked.f1_labels,
            as_documents: asked.as_documents,
            seed: asked.seed,
            ..EvaluateParams::default()
        };
        let (labeler, ungrouped) = (self.labeler.clone(), no_group(rows));
        let work = move |counters: &Counters| {
            let run = EvaluateRun { threads: &Threads::new(asked.n_jobs)?, progress: counters };
            let mut report = evaluate_with(&labeler, &labeled, params, run)?;
            let seen = Seen::compare(&labeler, &labeled.rows, asked.as_documents);
            let caveat = report.caveat.map(|caveat| match caveat {
                IntervalCaveat::Ungrouped => format!("{ungrouped}: {caveat}"),
                _ => caveat.to_string(),
            });
            let mut warnings: Vec<String> = caveat.into_iter().collect();
            let before = warnings.len();
            warnings.extend(of_texts);
            warnings.extend(seen.warnings());
            let told = warnings.len() - before;
            report.result.seen = seen.into_rows();
            let evaluated = Evaluated {
                model: labeler.id(),
                labels: labeler.labels(),
                findings: &report.result,
                skipped: report.skipped,
                group_columns: &report.group_columns,
            };
            let mut out = Vec::new();
            write_figures(&mut out, &evaluated)
                .map_err(|error| Error::run("cannot write the figures", Some(error)))?;
            Ok((out, warnings, told))
        };
        let (figures, warnings, told) = abandonable(py, work)?;
        Ok((text(py, figures)?, warnings, told))
    }
}

/// How far coders agree, as the JSON that `standpoint agreement` prints. The columns of the rows
/// are the coders'.
#[pyfunction]
pub fn agreement(
    py: Python<'_>,
    rows: &Rows,
    coders: Vec<String>,
    asked: AgreementAsked,
) -> PyResult<String> {
    let coded = CodedLabels::read(py, rows)?;
    let work = move |counters: &Counters| {
        let variants = asked.merge_spellings.then_some(LabelVariants::Merge);
        let threads = Threads::new(asked.n_jobs)?;
        let coded = coded.rows(coders.len());
        let report =
            threads.run(|| measure_agreement(coded.map(Ok), &coders, variants, asked.seed, counters))?;
        let mut out = Vec::new();
        write_agreement(&mut out, &report)
            .map_err(|error| Error::run("cannot write the figures", Some(error)))?;
        Ok(out)
    };
    text(py, abandonable(py, work)?)
}

/// The labels of all coders by their numbers, one row after the other: little to hold and to drop.
#[derive(Default)]
struct CodedLabels {
    names: Vec<String>,
    numbers: HashMap<String, u32>,
    cells: Vec<Option<u32>>,
}

impl CodedLabels {
    fn read(py: Python<'_>, rows: &Rows) -> PyResult<Self> {
        let (mut coded, mut start) = (CodedLabels::default(), 0);
        while start < rows.len() {
            let batch = rows.batch(py, start)?;
            start += batch.len();
            for cell in batch.iter().flat_map(|row| &row.texts) {
                let number = coded.number(cell);
                coded.cells.push(number);
            }
            py.check_signals()?;
        }
        Ok(coded)
    }

    /// The number of a label; `None` for a blank cell.
    fn number(&mut self, cell: &Option<Cow<'_, str>>) -> Option<u32> {
        let label = cell.as_deref().map(str::trim).filter(|label| !label.is_empty())?;
        if let Some(number) = self.numbers.get(label) {
            return Some(*number);
        }
        let number = u32::try_from(self.names.len()).ok()?;
        self.names.push(label.to_owned());
        self.numbers.insert(label.to_owned(), number);
        Some(number)
    }

    fn rows(&self, coders: usize) -> impl Iterator<Item = Coded> {
        let label = |number: &Option<u32>| self.names.get((*number)? as usize).cloned();
        self.cells.chunks(coders.max(1)).map(move |cells| Coded {
            document: Document::default(),
            labels: cells.iter().map(label).collect(),
        })
    }
}

fn text(py: Python<'_>, json: Vec<u8>) -> PyResult<String> {
    String::from_utf8(json).map_err(|error| exception(py, "InternalError", error.to_string()))
}
