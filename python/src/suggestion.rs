//! Suggests the texts to label next.

use pyo3::prelude::*;
use serde_json::{Map, Value};
use standpoint::active_learning::suggest::{SuggestInput, SuggestParams, suggest};
use standpoint::progress::Counters;
use standpoint::read::{Format, Input, InputOptions, Inputs};
use standpoint::text::Preparation;
use standpoint::{Error, Threads};

use crate::error::exception;
use crate::guard::abandonable;
use crate::model::NativeModel;
use crate::texts::{Rows, TextRow, for_each_row};

/// What a call says of the suggestion.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct SuggestAsked {
    n: usize,
    rare_share: f64,
    seed: u64,
    n_jobs: usize,
}

#[pymethods]
impl NativeModel {
    /// The texts of a pool whose labels would teach the model most, as JSON.
    fn suggest(
        &self,
        py: Python<'_>,
        pool: &Rows,
        labeled: Option<&Rows>,
        asked: SuggestAsked,
    ) -> PyResult<String> {
        let text_columns = (0..pool.text_columns()).map(text_column).collect();
        let pool = self.as_lines(py, pool)?;
        let labeled = labeled.map(|rows| self.as_lines(py, rows)).transpose()?.unwrap_or_default();
        let preparation = Preparation { text_columns, ..self.labeler.model().preparation.clone() };
        let options = InputOptions {
            preparation,
            format: Some(Format::Jsonl),
            max_record: usize::MAX >> 1,
            ..InputOptions::default()
        };
        let params = SuggestParams { texts: asked.n, rare_share: asked.rare_share, seed: asked.seed };
        let labeler = self.labeler.clone();
        let work = move |counters: &Counters| {
            let params = params.check()?;
            let read =
                |lines: Vec<u8>| Box::new(Inputs::new([Input::from_bytes("texts", lines)], options.clone()));
            let mut first: Option<Error> = None;
            let input = SuggestInput {
                pool: read(pool),
                labeled: read(labeled),
                options: &options,
                on_failure: &mut |error| first = first.take().or(Some(error)),
                progress: counters,
            };
            let suggestions = suggest(&labeler, input, params, &Threads::new(asked.n_jobs)?)?;
            match first {
                Some(error) => Err(error),
                None => Ok(suggestions),
            }
        };
        let suggestions = abandonable(py, work)?;
        crate::json::written(py, &suggestions)
    }
}

/// The name of a column of text, whatever it is called in the table that the rows come from.
fn text_column(number: usize) -> String {
    format!("text{number}")
}

impl NativeModel {
    /// Rows as JSON lines. Those whose text is missing are left out.
    fn as_lines(&self, py: Python<'_>, rows: &Rows) -> PyResult<Vec<u8>> {
        let (mut lines, mut start) = (Vec::new(), 0);
        while start < rows.len() {
            let batch = rows.batch(py, start)?;
            start += batch.len();
            let written: serde_json::Result<Vec<Option<Vec<u8>>>> =
                for_each_row(py, &batch, |row| (!row.is_missing()).then(|| line(row)).transpose())?
                    .into_iter()
                    .collect();
            let written = written.map_err(|error| exception(py, "InternalError", error.to_string()))?;
            lines.extend(written.into_iter().flatten().flatten());
            py.check_signals()?;
        }
        Ok(lines)
    }
}

/// A row as a line of JSON, with columns of text by number and the row's number, from 0, as id.
fn line(row: &TextRow<'_>) -> serde_json::Result<Vec<u8>> {
    let texts = row.texts.iter().map(|text| Value::from(text.as_deref().unwrap_or("")));
    let mut object: Map<String, Value> = (0..).map(text_column).zip(texts).collect();
    object.insert("id".to_owned(), Value::from(row.number.to_string()));
    let mut line = serde_json::to_vec(&object)?;
    line.push(b'\n');
    Ok(line)
}
