//! Keeps the models of a work folder by number, and says which one is in use.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::classifier::Classifier;
use crate::error::{Error, Position, Result, list};
use crate::labeling::files::{read_json, replace, replace_json};
use crate::labeling::held_out::HeldOut;
use crate::labeling::model_record::ModelRecord;
use crate::model::Model;

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
        let mut records = BTreeMap::from([(0, ModelRecord::of_start(start))]);
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
        let path = self.path(number, "json");
        let Some(record) = self.records.get_mut(&number) else { return Ok(()) };
        change(record);
        replace_json(&path, record)
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
