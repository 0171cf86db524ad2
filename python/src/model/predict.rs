//! Predicts labels and probabilities, and nothing else.

use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyList, PyString};
use standpoint::classifier::{ScoreOptions, Workers};
use standpoint::{Threads, Verdict, Worker};

use crate::error::{input_error, raise};
use crate::guard::detached;
use crate::model::NativeModel;
use crate::texts::{LargeTexts, Rows, TextRow, has_large};

/// What is done about a text that contains a zero byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OnZero {
    Refuse,
    /// It is taken for a missing one.
    Skip,
}

#[pymethods]
impl NativeModel {
    /// The label of each row; `None` where the model abstains or the text is missing. `skip_zero`
    /// takes texts that contain a zero byte for missing ones.
    #[pyo3(signature = (rows, jobs, skip_zero=false))]
    fn predict<'py>(
        &self,
        py: Python<'py>,
        rows: &Rows,
        jobs: usize,
        skip_zero: bool,
    ) -> PyResult<Bound<'py, PyList>> {
        let on_zero = if skip_zero { OnZero::Skip } else { OnZero::Refuse };
        let names = self.label_names.get_or_init(py, || {
            self.labeler.labels().names().iter().map(|name| PyString::new(py, name).unbind()).collect()
        });
        let labels = PyList::empty(py);
        self.for_each_verdict(py, rows, VerdictOptions { jobs, on_zero }, |verdict| {
            let label = verdict
                .and_then(|verdict| verdict.label().and_then(|label| self.labeler.labels().get(label)));
            labels.append(label.and_then(|class| names.get(class.index())))
        })?;
        Ok(labels)
    }

    /// The probabilities of each row as 64-bit floats, one row after the other; NaN where the text
    /// is missing.
    fn predict_proba<'py>(
        &self,
        py: Python<'py>,
        rows: &Rows,
        jobs: usize,
    ) -> PyResult<Bound<'py, PyByteArray>> {
        let classes = self.labeler.labels().len();
        let mut bytes = Vec::with_capacity(rows.len().saturating_mul(classes * 8));
        let options = VerdictOptions { jobs, on_zero: OnZero::Refuse };
        self.for_each_verdict(py, rows, options, |verdict| {
            match verdict {
                Some(verdict) => {
                    bytes.extend(
                        verdict.probabilities().iter().flat_map(|probability| probability.to_ne_bytes()),
                    );
                }
                None => (0..classes).for_each(|_| bytes.extend(f64::NAN.to_ne_bytes())),
            }
            Ok(())
        })?;
        Ok(PyByteArray::new(py, &bytes))
    }
}

impl NativeModel {
    /// Scores rows batch by batch and hands each verdict on, in order; `None` for a row whose text
    /// is missing.
    fn for_each_verdict(
        &self,
        py: Python<'_>,
        rows: &Rows,
        VerdictOptions { jobs, on_zero }: VerdictOptions,
        mut each: impl FnMut(Option<Verdict>) -> PyResult<()>,
    ) -> PyResult<()> {
        // The classifier keeps buffers between calls, so a loop over single texts needs no worker.
        let threads =
            if jobs == 1 { None } else { Some(Threads::new(jobs).map_err(|error| raise(py, &error))?) };
        let workers =
            threads.as_ref().map(|threads| Workers::new(&self.labeler, ScoreOptions::default(), threads));
        let mut start = 0;
        while start < rows.len() {
            let batch = rows.batch_for(py, start, jobs)?;
            if on_zero == OnZero::Refuse
                && let Some(row) = batch.iter().find(|row| row.holds_zero())
            {
                return Err(input_error(
                    py,
                    format!(
                        "texts[{}] contains a zero byte, so it is not text; remove it or put None",
                        row.number
                    ),
                ));
            }
            start += batch.len();
            let verdicts = if has_large(&batch) {
                let options = &ScoreOptions::default();
                let large = LargeTexts { classifier: &self.labeler, options, jobs };
                large.score(py, &batch, move |worker, row| verdict(worker, row, on_zero))?
            } else {
                detached(py, || Ok(self.verdicts(&batch, workers.as_ref(), on_zero)))?
            };
            verdicts.into_iter().try_for_each(&mut each)?;
            py.check_signals()?;
        }
        Ok(())
    }

    fn verdicts(
        &self,
        batch: &[TextRow<'_>],
        workers: Option<&Workers<'_>>,
        on_zero: OnZero,
    ) -> Vec<Option<Verdict>> {
        let Some(workers) = workers else {
            return batch.iter().map(|row| self.verdict(row, on_zero)).collect();
        };
        let mut verdicts = Vec::with_capacity(batch.len());
        let done = workers.score_in_order(
            batch.iter().map(|row| (row, row.bytes())),
            |worker, row| verdict(worker, row, on_zero),
            |verdict| {
                verdicts.push(verdict);
                Ok::<(), std::convert::Infallible>(())
            },
        );
        match done {
            Ok(()) => verdicts,
            Err(never) => match never {},
        }
    }

    fn verdict(&self, row: &TextRow<'_>, on_zero: OnZero) -> Option<Verdict> {
        if is_skipped(row, on_zero) {
            return None;
        }
        let verdict = match (row.texts.as_slice(), &row.title) {
            ([Some(text)], None) => self.labeler.score(text),
            _ => self.labeler.score_record(&row.record()),
        };
        Some(verdict.without_paragraphs())
    }
}

/// How the rows of a call are scored.
#[derive(Clone, Copy)]
struct VerdictOptions {
    jobs: usize,
    on_zero: OnZero,
}

fn is_skipped(row: &TextRow<'_>, on_zero: OnZero) -> bool {
    row.is_missing() || on_zero == OnZero::Skip && row.holds_zero()
}

fn verdict(worker: &mut Worker, row: &TextRow<'_>, on_zero: OnZero) -> Option<Verdict> {
    (!is_skipped(row, on_zero)).then(|| worker.score_record(&row.record()).without_paragraphs())
}
