//! Measures models against labels, and coders against each other.

use pyo3::prelude::*;
use standpoint::Threads;
use standpoint::agreement::measure_agreement;
use standpoint::evaluate::{EvaluateParams, EvaluateRun, evaluate_with};
use standpoint::label::LabelVariants;
use standpoint::progress::Counters;
use standpoint::read::Coded;
use standpoint::write::{Evaluated, write_agreement, write_figures};
use standpoint::{Document, Error};

use crate::error::exception;
use crate::guard::interruptible;
use crate::labeled::Columns;
use crate::model::NativeModel;
use crate::texts::Rows;

/// What a call says of the evaluation.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct EvaluateAsked {
    as_documents: bool,
    seed: u64,
    n_jobs: usize,
}

#[pymethods]
impl NativeModel {
    /// The figures of the model on labeled rows, as the JSON that `standpoint evaluate` prints.
    fn evaluate(
        &self,
        py: Python<'_>,
        rows: &Rows,
        columns: Columns,
        asked: EvaluateAsked,
    ) -> PyResult<String> {
        let labeled = columns.gold_rows(py, rows, &self.labeler.model().preparation)?;
        let params = EvaluateParams {
            as_documents: asked.as_documents,
            seed: asked.seed,
            ..EvaluateParams::default()
        };
        let counters = Counters::default();
        let work = || {
            let run = EvaluateRun { threads: &Threads::new(asked.n_jobs)?, progress: &counters };
            let report = evaluate_with(&self.labeler, &labeled, params, run)?;
            let evaluated = Evaluated {
                model: self.labeler.id(),
                labels: self.labeler.labels(),
                findings: &report.result,
                skipped: report.skipped,
                group_columns: &report.group_columns,
            };
            let mut out = Vec::new();
            write_figures(&mut out, &evaluated)
                .map_err(|error| Error::run("cannot write the figures", Some(error)))?;
            Ok(out)
        };
        let figures = interruptible(py, &counters, work, |_| Ok(()))?;
        text(py, figures)
    }
}

/// How far coders agree, as the JSON that `standpoint agreement` prints. The columns of the rows
/// are the coders'; `asked` says whether spellings are merged, the seed and the number of threads.
#[pyfunction]
pub fn agreement(
    py: Python<'_>,
    rows: &Rows,
    coders: Vec<String>,
    asked: (bool, u64, usize),
) -> PyResult<String> {
    let (merge, seed, jobs) = asked;
    let mut coded = Vec::with_capacity(rows.len());
    while coded.len() < rows.len() {
        for row in rows.batch(py, coded.len())? {
            let label = |label: &Option<std::borrow::Cow<'_, str>>| {
                label.as_deref().map(str::trim).filter(|label| !label.is_empty()).map(str::to_owned)
            };
            let labels = row.texts.iter().map(label).collect();
            coded.push(Coded { document: Document::default(), labels });
        }
    }
    let mut out = Vec::new();
    let counters = Counters::default();
    let work = || {
        let variants = merge.then_some(LabelVariants::Merge);
        let coded = coded.into_iter().map(Ok);
        let report =
            Threads::new(jobs)?.run(|| measure_agreement(coded, &coders, variants, seed, &counters))?;
        write_agreement(&mut out, &report)
            .map_err(|error| Error::run("cannot write the figures", Some(error)))
    };
    interruptible(py, &counters, work, |_| Ok(()))?;
    text(py, out)
}

fn text(py: Python<'_>, json: Vec<u8>) -> PyResult<String> {
    String::from_utf8(json).map_err(|error| exception(py, "InternalError", error.to_string()))
}
