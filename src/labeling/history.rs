//! Keeps the models of a work folder by number, with what was measured of each, and says which one
//! is in use.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::classifier::Classifier;
use crate::error::{Error, Position, Result, list};
use crate::labeling::decision::Decision;
use crate::labeling::files::{read_json, replace, replace_json};
use crate::model::Model;

/// What a model was trained on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrainedFrom {
    /// The model that the folder was opened with.
    Start,
    /// The corpus and one's own labels.
    Corpus,
    /// One's own labels alone.
    Own,
}

/// A figure with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Macro-F1.
    pub macro_f1: f64,
    /// The lower end of the interval; `None` with too few groups.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

/// Macro-F1 with a number of labels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabelsPoint {
    /// Labels that were learned.
    pub labels: u64,
    /// Macro-F1 on rows that were held out.
    pub macro_f1: f64,
}

/// The passages on which two models are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Those of the random sample that neither model has learned.
    Sample,
    /// All that were labeled, each judged by models that have not learned it.
    #[default]
    HeldOut,
}

/// How a model differs from the one before, on passages that were labeled without a look at an
/// answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// The model before.
    pub old: String,
    /// The model.
    pub new: String,
    /// Which passages they are.
    #[serde(default)]
    pub basis: Basis,
    /// Passages.
    pub rows: u64,
    /// Passages whose likeliest label changed; `None` in older files.
    #[serde(default)]
    pub changed: Option<u64>,
    /// Macro-F1 of the model less that of the one before.
    pub difference: f64,
    /// The lower end of its interval.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// All of it in a sentence.
    pub sentence: String,
}

/// What is known of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelRecord {
    /// Its number, from 1; 0 for the model that the folder was opened with.
    pub number: u32,
    /// Its id in results.
    pub id: String,
    /// What it was trained on.
    pub from: TrainedFrom,
    /// One's own labels that it learned.
    pub labels: u64,
    /// All rows that it learned.
    pub rows: u64,
    /// When it was trained, as RFC 3339 writes it.
    pub when: String,
    /// What was held out together: `source`, `article`, or nothing.
    #[serde(default)]
    pub grouped_by: Option<String>,
    /// On labels held out at random.
    #[serde(default)]
    pub random: Option<Figure>,
    /// On labels of sources, or articles, that it had never seen.
    #[serde(default)]
    pub unseen: Option<Figure>,
    /// Of the model that the folder was opened with, on the same labels.
    #[serde(default)]
    pub baseline: Option<Figure>,
    /// Macro-F1 against the number of labels.
    #[serde(default)]
    pub curve: Vec<LabelsPoint>,
    /// What further labels would bring, in a sentence.
    #[serde(default)]
    pub more: Option<String>,
    /// How it differs from the model before.
    #[serde(default)]
    pub compared: Option<Compared>,
    /// What a coder should know, one sentence each.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// A passage whose label looks wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct SuspectUnit {
    pub(super) unit: String,
    /// The label that a model expects that did not learn it.
    pub(super) expected: String,
}

/// What models that did not learn a passage say of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct HeldOut {
    /// In the order of the probabilities.
    pub(super) labels: Vec<String>,
    /// By the id of the passage.
    pub(super) probabilities: BTreeMap<String, Vec<f32>>,
    /// The most suspicious first.
    pub(super) suspects: Vec<SuspectUnit>,
    /// The ids of all passages that the model learned, those without probabilities too.
    #[serde(default)]
    pub(super) learned: BTreeSet<String>,
}

impl HeldOut {
    /// Whether the model learned a passage: then it must not be asked about it.
    pub(super) fn is_learned(&self, unit: &str) -> bool {
        self.learned.contains(unit) || self.probabilities.contains_key(unit)
    }

    /// How many of the passages of some decisions the model learned.
    pub(super) fn learned_of(&self, decisions: &[Decision]) -> usize {
        decisions.iter().filter(|decision| self.is_learned(&decision.unit)).count()
    }

    /// What a model says that did not learn the passage, in the order of the labels.
    pub(super) fn of(&self, unit: &str) -> Option<Vec<f64>> {
        let probabilities = self.probabilities.get(unit)?;
        Some(probabilities.iter().copied().map(f64::from).collect())
    }
}

/// A model of the history as a page shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct HistoryEntry {
    /// What is known of it.
    #[serde(flatten)]
    pub record: ModelRecord,
    /// Whether it is in use.
    pub current: bool,
}

/// The models of a work folder.
#[derive(Debug)]
pub(super) struct History {
    folder: PathBuf,
    /// By number, from 0.
    records: BTreeMap<u32, ModelRecord>,
    current: u32,
}

impl History {
    /// Finds the models of a folder.
    pub(super) fn open(folder: PathBuf, start: &Classifier) -> Result<Self> {
        let io = |error| Error::io(Position::from_path(folder.display().to_string()), "read", error);
        let mut records = BTreeMap::from([(0, start_record(start))]);
        for entry in fs::read_dir(&folder).map_err(io)? {
            let path = entry.map_err(io)?.path();
            if let Some(number) = number_of(&path)
                && let Some(record) = read_json::<ModelRecord>(&path)?
            {
                records.insert(number, ModelRecord { number, ..record });
            }
        }
        let current = fs::read_to_string(folder.join("current")).unwrap_or_default();
        let current = current.trim().parse().ok().filter(|number| records.contains_key(number)).unwrap_or(0);
        Ok(History { folder, records, current })
    }

    /// The models, the newest last.
    pub(super) fn entries(&self) -> Vec<HistoryEntry> {
        let entry = |record: &ModelRecord| HistoryEntry {
            record: record.clone(),
            current: record.number == self.current,
        };
        self.records.values().map(entry).collect()
    }

    /// One's own labels that the newest model learned.
    pub(super) fn last_labels(&self) -> u64 {
        self.records.last_key_value().map_or(0, |(_, record)| record.labels)
    }

    pub(super) fn current(&self) -> u32 {
        self.current
    }

    pub(super) fn record(&self, number: u32) -> Option<&ModelRecord> {
        self.records.get(&number)
    }

    /// The number of the model with this id.
    pub(super) fn number_of(&self, id: &str) -> Option<u32> {
        self.records.values().find(|record| record.id == id).map(|record| record.number)
    }

    /// Where the file of a model is; `None` for the model that the folder was opened with.
    ///
    /// # Errors
    /// No such model.
    pub(super) fn file(&self, number: u32) -> Result<Option<PathBuf>> {
        if !self.records.contains_key(&number) {
            let numbers: Vec<String> = self.records.keys().map(u32::to_string).collect();
            return Err(Error::invalid_parameter("number", number, format!("one of {}", list(&numbers))));
        }
        Ok((number > 0).then(|| self.path(number, "safetensors")))
    }

    /// Writes a model under the next number. It is not in use yet.
    pub(super) fn add(&mut self, model: &Model, record: ModelRecord, held_out: &HeldOut) -> Result<u32> {
        let last = self.records.last_key_value().map_or(0, |(number, _)| *number);
        let number = last.checked_add(1).ok_or_else(|| {
            Error::data(format!("{}: no number is left for another model", self.folder.display()))
        })?;
        replace(&self.path(number, "safetensors"), &model.to_bytes()?)?;
        replace_json(&self.path(number, "held-out.json"), held_out)?;
        let record = ModelRecord { number, ..record };
        replace_json(&self.path(number, "json"), &record)?;
        self.records.insert(number, record);
        Ok(number)
    }

    /// Notes more of a model.
    pub(super) fn update(&mut self, number: u32, change: impl FnOnce(&mut ModelRecord)) -> Result<()> {
        let Some(record) = self.records.get_mut(&number) else { return Ok(()) };
        change(record);
        replace_json(&self.folder.join(file_name(number, "json")), record)
    }

    /// Takes a model into use.
    pub(super) fn set_current(&mut self, number: u32) -> Result<()> {
        self.file(number)?;
        replace(&self.folder.join("current"), format!("{number}\n").as_bytes())?;
        self.current = number;
        Ok(())
    }

    /// What was said of passages by models that did not learn them, when the model of this number
    /// was trained.
    pub(super) fn held_out(&self, number: u32) -> Result<HeldOut> {
        Ok(read_json(&self.path(number, "held-out.json"))?.unwrap_or_default())
    }

    fn path(&self, number: u32, extension: &str) -> PathBuf {
        self.folder.join(file_name(number, extension))
    }
}

fn start_record(start: &Classifier) -> ModelRecord {
    let provenance = &start.model().provenance;
    ModelRecord {
        number: 0,
        id: start.id().to_owned(),
        from: TrainedFrom::Start,
        labels: 0,
        rows: provenance.rows,
        when: provenance.date.clone().unwrap_or_default(),
        grouped_by: None,
        random: None,
        unseen: None,
        baseline: None,
        curve: Vec::new(),
        more: None,
        compared: None,
        warnings: Vec::new(),
    }
}

fn file_name(number: u32, extension: &str) -> String {
    format!("{number:03}.{extension}")
}

/// The number of a model whose record has this name.
fn number_of(path: &Path) -> Option<u32> {
    let name = path.file_name()?.to_str()?;
    let number = name.strip_suffix(".json")?.parse().ok()?;
    (name == file_name(number, "json") && number > 0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_learned_is_known_in_older_files_by_its_probabilities() {
        let older = r#"{"labels": ["a", "b"], "probabilities": {"u": [0.25, 0.75]}, "suspects": []}"#;
        let mut held_out: HeldOut = serde_json::from_str(older).unwrap();
        assert!(held_out.is_learned("u") && !held_out.is_learned("v"));
        held_out.learned.insert("v".to_owned());
        assert_eq!((held_out.is_learned("v"), held_out.of("v")), (true, None));
        assert_eq!(held_out.of("u"), Some(vec![0.25, 0.75]));
    }

    #[test]
    fn records_are_known_by_their_names() {
        let number = |name: &str| number_of(Path::new(name));
        assert_eq!((number("models/001.json"), number("models/1000.json")), (Some(1), Some(1000)));
        for other in
            ["1.json", "000.json", "001.held-out.json", "001.safetensors", "current", "001.json.partial"]
        {
            assert_eq!(number(other), None, "{other}");
        }
    }
}
