//! Reads results of `score` in full: the answer of each document with what was kept of its record.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, Message, Position, Result};
use crate::read::tables::column_names::{KEPT, columns_of_records};
use crate::read::tables::condition::Condition;
use crate::read::tables::result_files::ResultFiles;
use crate::read::tables::scored::without_apostrophe;
use crate::read::{Column, GROUP_COLUMNS, InputOptions, Inputs, Requirement, ScoredName};
use crate::text::Preparation;
use crate::text::document::Document;

/// Columns of the input that results may have kept, by their names there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptColumns {
    /// Candidates for the group: the first of them that has a value in a row is its group.
    pub group: Vec<String>,
    /// The date.
    pub date: String,
    /// The title.
    pub title: String,
}

impl Default for KeptColumns {
    /// The first of [`GROUP_COLUMNS`], `date` and `title`.
    fn default() -> Self {
        KeptColumns {
            group: GROUP_COLUMNS.map(str::to_owned).to_vec(),
            date: "date".to_owned(),
            title: "title".to_owned(),
        }
    }
}

impl KeptColumns {
    /// All names, without repeats.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for name in self.group.iter().chain([&self.date, &self.title]) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }

    /// Finds the group, the date and the title among the values of these columns.
    pub fn find<'v>(&'v self, value: impl Fn(&str) -> Option<&'v str>) -> KeptValues<'v> {
        let filled = |name: &str| value(name).filter(|value| !value.trim().is_empty());
        let group = self.group.iter().find_map(|name| Some((name.as_str(), filled(name)?)));
        KeptValues {
            group: group.map(|(_, value)| value),
            group_column: group.map(|(name, _)| name),
            date: filled(&self.date),
            title: filled(&self.title),
        }
    }
}

/// The values of [`KeptColumns`] in one record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeptValues<'v> {
    /// The group.
    pub group: Option<&'v str>,
    /// The column that it stands in.
    pub group_column: Option<&'v str>,
    /// The date.
    pub date: Option<&'v str>,
    /// The title.
    pub title: Option<&'v str>,
}

/// One result of `score`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ScoredResult {
    /// Which document it is about.
    pub name: ScoredName,
    /// The likeliest label.
    pub top: String,
    /// Why there is no label; `None` if the likeliest label was given.
    pub reason: Option<String>,
    /// The probability of the likeliest label, if the reader knows its column.
    pub confidence: Option<f64>,
    /// The slant, if the model has an axis.
    pub slant: Option<f64>,
    /// The share of loaded sentences, if it was asked for.
    pub loaded: Option<f64>,
    /// Words scored.
    pub words: Option<u64>,
    /// The share of them that the model knows.
    pub known: Option<f64>,
    /// The id of the model.
    pub model: Option<String>,
    /// The id of the loaded-language model, if there was one.
    pub loaded_language_model: Option<String>,
    /// The id of the document that it repeats.
    pub duplicate_of: Option<String>,
    /// Kept columns that the caller asked for, by name.
    pub kept: BTreeMap<String, String>,
    /// The labels that the record names.
    pub labels: Vec<String>,
}

/// One record of a result file.
#[derive(Clone, Debug, PartialEq)]
pub enum ResultRecord {
    /// A document was scored.
    Scored(Box<ScoredResult>),
    /// A document could not be scored.
    Failed,
}

/// How results are read.
#[derive(Clone, Debug)]
pub struct ResultOptions {
    /// What was kept of the input.
    pub kept: KeptColumns,
    /// The labels whose probabilities are read from columns of their own, as CSV and Parquet have
    /// them.
    pub labels: Vec<String>,
    /// Only results that meet these conditions on their columns are given.
    pub conditions: Vec<Condition>,
    /// The most bytes that one record may have.
    pub max_record: usize,
}

impl ResultOptions {
    /// All results, without what was kept of the input.
    pub fn new(max_record: usize) -> Self {
        ResultOptions { kept: KeptColumns::default(), labels: Vec::new(), conditions: Vec::new(), max_record }
    }
}

const COLUMNS: [&str; 14] = [
    "id",
    "record",
    "top",
    "reason",
    "slant",
    "loaded",
    "words",
    "known",
    "model",
    "bias_model",
    "duplicate_of",
    "probabilities",
    "meta",
    "paragraph",
];
/// Columns that only records of failures fill.
const FAILURES: [&str; 2] = ["error_kind", "error"];
/// What columns of probabilities begin with.
const PROBABILITY: &str = "p_";

/// Reads the results in some files, one after the other. An item is an error where a row or a file
/// cannot be read, or is no result of `score`.
pub fn read_results(
    files: &ResultFiles,
    options: &ResultOptions,
) -> impl Iterator<Item = Result<ResultRecord>> + use<> {
    let required = |name: &str| ["id", "top"].contains(&name);
    let column = |name: String| {
        let need = if required(&name) { Requirement::InHeader } else { Requirement::Optional };
        Column { name, need }
    };
    let own = COLUMNS.into_iter().chain(FAILURES).map(str::to_owned);
    let kept = options.kept.names().into_iter().map(|name| format!("{KEPT}{name}"));
    let labels = options.labels.iter().map(|label| format!("{PROBABILITY}{label}"));
    let asked = options.conditions.iter().map(|condition| condition.column.clone());
    let mut names: Vec<String> = Vec::new();
    for name in own.chain(kept).chain(labels).chain(asked) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let input = InputOptions {
        preparation: Preparation::from_columns(["path"]),
        columns: names.iter().cloned().map(column).collect(),
        max_record: options.max_record,
        ..InputOptions::default()
    };
    let kept: Vec<String> = options.kept.names().into_iter().map(str::to_owned).collect();
    let conditions = options.conditions.clone();
    Inputs::new(files.inputs(), input.clone()).filter_map(move |raw| {
        let document = match raw.and_then(|raw| raw.document(&input)) {
            Ok(document) => document,
            Err(error) => return Some(Err(error)),
        };
        let is_met = |condition: &Condition| is_met(condition, &document, &names);
        conditions.iter().all(is_met).then(|| result(document, &names, &kept))
    })
}

/// Whether a record has this value in a column; one of the columns that were kept may also be named
/// as the input names it.
fn is_met(condition: &Condition, document: &Document, names: &[String]) -> bool {
    let cell = |name: &str| {
        let at = names.iter().position(|other| other == name)?;
        let value = document.columns.get(at)?.as_deref()?;
        Some(without_apostrophe(value).unwrap_or(value).to_owned())
    };
    let Condition { column, value } = condition;
    let of_record = || match column.as_str() {
        "path" => Some(document.text.clone()),
        column => cell(column).or_else(|| cell(&format!("{KEPT}{column}"))),
    };
    let of_meta = || {
        let meta: BTreeMap<String, Option<String>> = serde_json::from_str(&cell("meta")?).ok()?;
        meta.get(column.strip_prefix(KEPT).unwrap_or(column)).cloned().flatten()
    };
    of_record().or_else(of_meta).unwrap_or_default() == *value
}

/// Whether the first result has a place for the document that it repeats. `score` gives results one
/// if it looks for near-duplicates, and leaves it empty in those that repeat nothing.
fn has_duplicates_marked(files: &ResultFiles, max_record: usize) -> bool {
    let options = InputOptions { max_record, ..InputOptions::default() };
    let has = |columns: &[String], name: &str| columns.iter().any(|column| column == name);
    // Records of failures have no place for it in JSON.
    let mut of_results = columns_of_records(files.inputs(), &options)
        .filter_map(Result::ok)
        .filter(|columns| has(columns, "top"));
    of_results.next().is_some_and(|columns| has(&columns, "duplicate_of"))
}

/// What all results of some files have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResultSurvey {
    /// The labels in the order of their bytes: of CSV and Parquet only those that are the likeliest
    /// of some document.
    pub labels: Vec<String>,
    /// The id of the model.
    pub model: String,
    /// The id of the loaded-language model, if there was one.
    pub loaded_language_model: Option<String>,
    /// Whether `score` looked for near-duplicates.
    pub has_duplicates_marked: bool,
}

/// Reads results once, to learn their labels and their model.
///
/// # Errors
/// A file that cannot be read or is no result of `score`, no result at all, or results of two
/// models.
pub fn survey_results(files: &ResultFiles, max_record: usize) -> Result<ResultSurvey> {
    let options = ResultOptions::new(max_record);
    let mut labels: BTreeSet<String> = BTreeSet::new();
    let mut found: Option<ResultSurvey> = None;
    for record in read_results(files, &options) {
        let ResultRecord::Scored(result) = record? else { continue };
        for label in result.labels {
            if !labels.contains(&label) {
                labels.insert(label);
            }
        }
        let model = result.model.unwrap_or_default();
        match &found {
            None => {
                let loaded_language_model = result.loaded_language_model;
                let has_duplicates_marked = has_duplicates_marked(files, max_record);
                found = Some(ResultSurvey {
                    labels: Vec::new(),
                    model,
                    loaded_language_model,
                    has_duplicates_marked,
                });
            }
            Some(first) if first.model != model => {
                return Err(Error::data(format!(
                    "results of two models, `{}` and `{model}`; expected those of one model: report on each by itself",
                    first.model
                )));
            }
            Some(_) => {}
        }
    }
    match found {
        Some(survey) => Ok(ResultSurvey { labels: labels.into_iter().collect(), ..survey }),
        None => Err(Error::malformed(
            Position::from_path(files.first().display().to_string()),
            "results",
            "no scored document; expected results of `standpoint score`",
        )),
    }
}

/// The cells of one record by the names of their columns.
struct Cells<'n> {
    names: &'n [String],
    values: Vec<Option<String>>,
    position: Position,
}

impl Cells<'_> {
    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.names.iter().position(|other| other == name)?;
        let value = self.values.get_mut(at)?.take().filter(|value| !value.is_empty())?;
        Some(without_apostrophe(&value).map(str::to_owned).unwrap_or(value))
    }

    fn number<T: std::str::FromStr>(&mut self, name: &str, expected: &str) -> Result<Option<T>> {
        let Some(written) = self.take(name) else { return Ok(None) };
        match written.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => self.malformed(format!("its `{name}` is {written:?}; expected {expected}").into()),
        }
    }

    fn share(&mut self, name: &str, low: f64, high: f64) -> Result<Option<f64>> {
        match self.number::<f64>(name, "a number")? {
            Some(value) if !(low..=high).contains(&value) => {
                self.malformed(format!("its `{name}` is {value}; expected {low} to {high}").into())
            }
            value => Ok(value),
        }
    }

    fn malformed<T>(&self, message: Message) -> Result<T> {
        Err(Error::malformed(self.position.clone(), "results", message))
    }
}

fn result(document: Document, names: &[String], kept_names: &[String]) -> Result<ResultRecord> {
    let position = document.position();
    let mut cells = Cells { names, values: document.columns, position };
    if FAILURES.into_iter().any(|name| cells.take(name).is_some()) {
        return Ok(ResultRecord::Failed);
    }
    let Some(top) = cells.take("top") else {
        return cells.malformed("it has no `top`; expected a result of `standpoint score`".into());
    };
    if cells.take("paragraph").is_some() {
        return cells.malformed(Message::naming(
            "it is about a paragraph; score without `paragraphs` to report on documents",
        ));
    }
    let probabilities = probabilities(&mut cells)?;
    let confidence = match probabilities.get(&top) {
        Some(&found) => Some(found),
        None => cells.share(&format!("{PROBABILITY}{top}"), 0.0, 1.0)?,
    };
    let kept = kept(&mut cells, kept_names)?;
    let labels = match probabilities.is_empty() {
        true => vec![top.clone()],
        false => probabilities.into_keys().collect(),
    };
    let model = cells.take("model");
    let name = ScoredName {
        id: cells.take("id").unwrap_or_default(),
        path: without_apostrophe(&document.text).map_or_else(|| document.text.clone(), str::to_owned),
        record: cells.number("record", "a whole number")?,
        model: model.clone().unwrap_or_default(),
    };
    Ok(ResultRecord::Scored(Box::new(ScoredResult {
        name,
        reason: cells.take("reason"),
        confidence,
        slant: cells.share("slant", -1.0, 1.0)?,
        loaded: cells.share("loaded", 0.0, 1.0)?,
        words: cells.number("words", "a whole number")?,
        known: cells.share("known", 0.0, 1.0)?,
        model,
        loaded_language_model: cells.take("bias_model"),
        duplicate_of: cells.take("duplicate_of"),
        kept,
        labels,
        top,
    })))
}

/// The object `probabilities` of a JSON record; empty in other formats.
fn probabilities(cells: &mut Cells<'_>) -> Result<BTreeMap<String, f64>> {
    let Some(written) = cells.take("probabilities") else { return Ok(BTreeMap::new()) };
    match serde_json::from_str::<BTreeMap<String, f64>>(&written) {
        Ok(found) if found.values().all(|p| (0.0..=1.0).contains(p)) => Ok(found),
        _ => cells.malformed("its `probabilities` are not shares from 0 to 1, one per label".into()),
    }
}

/// Kept values: those of `meta` in a JSON record, of columns elsewhere.
fn kept(cells: &mut Cells<'_>, names: &[String]) -> Result<BTreeMap<String, String>> {
    let mut meta: BTreeMap<String, Option<String>> = match cells.take("meta") {
        None => BTreeMap::new(),
        Some(written) => match serde_json::from_str(&written) {
            Ok(meta) => meta,
            Err(_) => return cells.malformed("its `meta` is not an object of texts".into()),
        },
    };
    let mut found = BTreeMap::new();
    for name in names {
        let value = meta.remove(name).flatten().or_else(|| cells.take(&format!("{KEPT}{name}")));
        found.extend(value.map(|value| (name.clone(), value)));
    }
    Ok(found)
}
