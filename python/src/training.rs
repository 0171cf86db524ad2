//! Trains models on rows in memory.

use pyo3::prelude::*;
use serde_json::Value;
use standpoint::Threads;
use standpoint::model::Preparation;
use standpoint::progress::Counters;
use standpoint::train::{TrainOptions, TrainParams, Tuning, train_with};

use crate::error::{exception, parameter_error, raise};
use crate::guard::interruptible;
use crate::labeled::Columns;
use crate::model::NativeModel;
use crate::texts::Rows;

/// What a call says of the training.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct TrainAsked {
    /// The parameters that differ from the defaults, as the JSON of [`TrainParams`].
    params: String,
    /// Trials of a search for hyperparameters; none for 0.
    trials: usize,
    n_jobs: usize,
}

/// Trains a model. Gives it with the report as JSON.
#[pyfunction]
pub fn train(
    py: Python<'_>,
    rows: &Rows,
    columns: Columns,
    asked: TrainAsked,
) -> PyResult<(NativeModel, String)> {
    let params = params(py, &asked.params)?;
    params.check().map_err(|error| raise(py, &error))?;
    let preparation = params.preparation.clone().unwrap_or_else(|| Preparation::for_unit(params.unit));
    preparation.check().map_err(|error| raise(py, &error))?;
    let rows = columns.training_rows(py, rows, &preparation)?;
    let counters = Counters::default();
    let work = || {
        let threads = Threads::new(asked.n_jobs)?;
        let tuning = Tuning { trials: asked.trials, ..Tuning::default() };
        let options = TrainOptions { tuning: (asked.trials > 0).then_some(&tuning), progress: &counters };
        let (model, report) = train_with(rows, params, &options, &threads)?;
        Ok((NativeModel::of_bytes(model.to_bytes()?)?, report))
    };
    let (model, mut report) = interruptible(py, &counters, work, |_| Ok(()))?;
    // A number for each label and row, which would be most of the report.
    report.predictions.clear();
    Ok((model, crate::json::written(py, &report)?))
}

/// The default parameters with what was given in their place.
fn params(py: Python<'_>, given: &str) -> PyResult<TrainParams> {
    let internal = |error: serde_json::Error| exception(py, "InternalError", error.to_string());
    let mut all = serde_json::to_value(TrainParams::default()).map_err(internal)?;
    merge(&mut all, serde_json::from_str(given).map_err(internal)?);
    serde_json::from_value(all)
        .map_err(|error| parameter_error(py, format!("a parameter cannot be read: {error}")))
}

/// Puts the values of `given` in the place of those of the same keys.
fn merge(into: &mut Value, given: Value) {
    match (into, given) {
        (Value::Object(into), Value::Object(given)) => {
            given.into_iter().for_each(|(key, value)| merge(into.entry(key).or_insert(Value::Null), value));
        }
        (into, given) => *into = given,
    }
}
