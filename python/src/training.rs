//! Trains models on rows in memory.

use pyo3::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use standpoint::error::{Message, Position};
use standpoint::label::{LabelSpellings, LabelVariants};
use standpoint::model::Preparation;
use standpoint::progress::Counters;
use standpoint::train::{Preset, Row, TrainOptions, TrainParams, Tuning, train_with};
use standpoint::{Named, Result, Threads};

use crate::error::{exception, keyword, parameter_error, raise, spelled};
use crate::guard::abandonable;
use crate::json::{expected, in_python, written};
use crate::labeled::{Columns, TrainingRows, no_group};
use crate::model::NativeModel;
use crate::texts::Rows;

/// What a call says of the training.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct TrainAsked {
    /// The parameters that differ from the defaults, as a list of [`GivenParameter`] in JSON.
    params: String,
    /// The settings that the others start from; `None` for those that suit the rows.
    preset: Option<String>,
    /// Trials of a search for hyperparameters; none for 0.
    trials: usize,
    /// Whether labels that differ only in spelling are one label; `None` refuses them.
    merge_spellings: Option<bool>,
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
    let preset = asked.preset.as_deref().map(|name| preset(py, name)).transpose()?;
    let given = given(py, &asked.params)?;
    let [general, posts] = [Preset::General, Preset::Posts].map(|other| {
        let params = params(py, &given, preset.unwrap_or(other))?;
        params.check().map_err(|error| raise(py, &error))?;
        Ok::<TrainParams, PyErr>(params)
    });
    let (general, posts) = (general?, posts?);
    let preparation = general.preparation.clone().unwrap_or_else(|| Preparation::for_unit(general.unit));
    preparation.check().map_err(|error| raise(py, &error))?;
    let TrainingRows { rows: mut training, signs } = columns.training_rows(py, rows, &preparation)?;
    settle_labels(&mut training, asked.merge_spellings).map_err(|error| raise(py, &error))?;
    let lacks_groups = general.folds > 0 && training.iter().all(|row| row.group.is_none());
    let work = move |counters: &Counters| {
        let threads = Threads::new(asked.n_jobs)?;
        let are_posts = preset.is_none() && threads.run(|| Preset::for_rows(&training)) == Preset::Posts;
        let params = if are_posts { posts } else { general };
        let tuning = Tuning { trials: asked.trials, ..Tuning::default() };
        let options = TrainOptions { tuning: (asked.trials > 0).then_some(&tuning), progress: counters };
        let (model, report) = train_with(training, params, &options, &threads)?;
        Ok((NativeModel::from_training(model.to_bytes()?)?, report, are_posts))
    };
    let (model, mut report, are_posts) = abandonable(py, work)?;
    // A number for each label and row, which would be most of the report.
    report.predictions.clear();
    if lacks_groups {
        let warning = format!(
            "{}: rows that belong together may be in different folds, and the figures may be too good",
            no_group(rows)
        );
        report.warnings.insert(0, Message::from(warning));
    }
    if are_posts {
        let note = "the texts look like posts on social media, so the training started from preset='posts'; preset='general' \
                    gives the usual settings";
        report.warnings.insert(0, Message::from(note));
    }
    report.warnings.splice(0..0, signs.notes());
    report.warnings = report.warnings.iter().map(|warning| spelled(warning).into()).collect();
    Ok((model, written(py, &report)?))
}

/// Merges or refuses labels that differ only in spelling, as the command line does.
fn settle_labels(rows: &mut [Row], merge: Option<bool>) -> Result<()> {
    let mut spellings = LabelSpellings::default();
    for (number, row) in rows.iter().enumerate() {
        spellings.add(&row.label, || Position::from_path(format!("label[{number}]")));
    }
    let variants = merge.map(|merge| if merge { LabelVariants::Merge } else { LabelVariants::Keep });
    // A missing label is `None`; none of those here says that it is missing.
    let chosen = spellings.settle(variants, &[])?;
    for row in rows {
        if let Some(label) = chosen.get(&row.label) {
            row.label.clone_from(label);
        }
    }
    Ok(())
}

/// The preset of this name.
fn preset(py: Python<'_>, name: &str) -> PyResult<Preset> {
    Preset::from_name(name).ok_or_else(|| {
        let names = Preset::ALL.map(Preset::name).join(", ");
        parameter_error(py, format!("preset='{name}': expected one of {names}, or None"))
    })
}

fn given(py: Python<'_>, json: &str) -> PyResult<Vec<GivenParameter>> {
    serde_json::from_str(json).map_err(|error| exception(py, "InternalError", error.to_string()))
}

/// The default parameters, with the settings of the preset, with what was given in their place.
fn params(py: Python<'_>, given: &[GivenParameter], preset: Preset) -> PyResult<TrainParams> {
    let internal = |error: serde_json::Error| exception(py, "InternalError", error.to_string());
    let mut settings = preset.settings();
    if given.iter().any(|parameter| parameter.name == "chars") {
        // Who says which characters there are wants no others beside them.
        settings.blocks.clear();
    }
    let defaults = TrainParams::default();
    // Whole, so that each of its parts can be wrong alone.
    let preparation = Some(Preparation::for_unit(defaults.unit));
    let defaults = TrainParams { settings, preparation, ..defaults };
    let defaults = serde_json::to_value(defaults).map_err(internal)?;
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
