//! Trains models on rows in memory.

use pyo3::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use standpoint::Threads;
use standpoint::error::Message;
use standpoint::model::Preparation;
use standpoint::progress::Counters;
use standpoint::train::{TrainOptions, TrainParams, Tuning, train_with};

use crate::error::{exception, keyword, parameter_error, raise};
use crate::guard::interruptible;
use crate::json::{expected, in_python, written};
use crate::labeled::{Columns, no_group};
use crate::model::NativeModel;
use crate::texts::Rows;

/// What a call says of the training.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct TrainAsked {
    /// The parameters that differ from the defaults, as a list of [`GivenParameter`] in JSON.
    params: String,
    /// Trials of a search for hyperparameters; none for 0.
    trials: usize,
    n_jobs: usize,
}

/// A parameter that differs from its default.
#[derive(Deserialize)]
struct GivenParameter {
    /// Its name in Python.
    name: String,
    /// Its place in the JSON of [`TrainParams`].
    place: Vec<String>,
    value: Value,
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
    let training = columns.training_rows(py, rows, &preparation)?;
    let lacks_groups = params.folds > 0 && training.iter().all(|row| row.group.is_none());
    let counters = Counters::default();
    let work = || {
        let threads = Threads::new(asked.n_jobs)?;
        let tuning = Tuning { trials: asked.trials, ..Tuning::default() };
        let options = TrainOptions { tuning: (asked.trials > 0).then_some(&tuning), progress: &counters };
        let (model, report) = train_with(training, params, &options, &threads)?;
        Ok((NativeModel::from_training(model.to_bytes()?)?, report))
    };
    let (model, mut report) = interruptible(py, &counters, work, |_| Ok(()))?;
    // A number for each label and row, which would be most of the report.
    report.predictions.clear();
    if lacks_groups {
        let warning = format!(
            "{}: rows that belong together may be in different folds, and the figures may be too good",
            no_group(rows)
        );
        report.warnings.insert(0, Message::from(warning));
    }
    let spelled = |warning: &Message| Message::from(warning.with_names(keyword));
    report.warnings = report.warnings.iter().map(spelled).collect();
    Ok((model, written(py, &report)?))
}

/// The default parameters with what was given in their place.
fn params(py: Python<'_>, given: &str) -> PyResult<TrainParams> {
    let internal = |error: serde_json::Error| exception(py, "InternalError", error.to_string());
    let given: Vec<GivenParameter> = serde_json::from_str(given).map_err(internal)?;
    let defaults = serde_json::to_value(TrainParams::default()).map_err(internal)?;
    let mut all = defaults.clone();
    given.iter().for_each(|parameter| parameter.put(&mut all));
    serde_json::from_value(all).map_err(|error| {
        // Each alone shows which one is wrong.
        let alone = given.iter().find_map(|parameter| {
            let mut one = defaults.clone();
            parameter.put(&mut one);
            let error = serde_json::from_value::<TrainParams>(one).err()?;
            Some(format!("{}{}: {}", keyword(&parameter.name), in_python(&parameter.value), expected(&error)))
        });
        parameter_error(py, alone.unwrap_or_else(|| format!("a parameter cannot be read: {error}")))
    })
}

impl GivenParameter {
    /// Puts the value in its place.
    fn put(&self, into: &mut Value) {
        let mut place = into;
        for key in &self.place {
            if !place.is_object() {
                *place = Value::Object(serde_json::Map::new());
            }
            match place {
                Value::Object(members) => place = members.entry(key.as_str()).or_insert(Value::Null),
                _ => return,
            }
        }
        place.clone_from(&self.value);
    }
}
