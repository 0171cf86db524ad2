//! Counts the scored documents that the model was trained on, as far as that is known.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;

use crate::Classifier;
#[cfg(feature = "train")]
use crate::cli::training_rows::add;
use crate::cli::training_rows::{Known, KnownTraining};
use crate::evaluate::{SeenRows, TrainingTexts};
use crate::read::{Column, GROUP_COLUMNS, InputOptions, Inputs, Requirement};
#[cfg(feature = "train")]
use crate::train::TrainingCorpus;

/// The documents of a page, compared with the rows of the model's training.
pub struct SeenDocuments {
    /// `None` where the rows are not at hand: then nothing is counted.
    training: Option<KnownTraining>,
    seen: SeenRows,
    /// The hashes of the documents whose texts have not been compared yet.
    open: HashSet<u64>,
}

impl SeenDocuments {
    /// Nothing is compared yet.
    pub fn new(training: Option<KnownTraining>) -> Self {
        let training_rows = training.as_ref().map_or(0, |training| training.texts.rows());
        let seen = SeenRows { training_rows, ..SeenRows::default() };
        SeenDocuments { training, seen, open: HashSet::new() }
    }

    /// Counts a document and compares its group. Its text may follow.
    pub fn add(&mut self, id: &str, record: Option<u64>, group: Option<&str>) {
        let Some(training) = &self.training else { return };
        self.seen.rows += 1;
        training.texts.count_group(&mut self.seen, group);
        self.open.insert(hash(id, record));
    }

    /// Compares the text of a document that was counted, if nobody has done so.
    pub fn add_text(&mut self, id: &str, record: Option<u64>, text: &str) {
        if let Some(training) = &self.training
            && self.open.remove(&hash(id, record))
        {
            // `score` cuts every text into its parts.
            self.seen.texts += u64::from(training.texts.has_text(text, true));
        }
    }

    /// Whether there are texts to compare.
    pub fn wants_texts(&self) -> bool {
        !self.open.is_empty()
    }

    /// What is to be warned of.
    pub fn warnings(&self) -> Vec<String> {
        self.seen.warnings_of_scored()
    }

    /// What the page says where nothing is to be warned of.
    pub fn note(&self) -> String {
        let rows = self.seen.training_rows;
        let Some(training) = &self.training else {
            return "The model records only a hash of its training data, so whether these documents were in it is not \
                    known here."
                .to_owned();
        };
        let (compared, rest) = match self.wants_texts() {
            false => ("text or group", ""),
            true => ("group", " Not all of their texts were compared."),
        };
        let (among, unknown) = match training.known {
            Known::All => ("rows that the model was trained on", ""),
            Known::Corpus => (
                "rows of the corpus that the model was adapted from",
                " The model records only a hash of its other training data.",
            ),
            Known::Labels => {
                ("labels that the model learned", " The model records only a hash of the corpus beside them.")
            }
        };
        format!("No {compared} of these documents is among {rows} {among}.{rest}{unknown}")
    }
}

fn hash(id: &str, record: Option<u64>) -> u64 {
    let mut hasher = DefaultHasher::new();
    (id, record).hash(&mut hasher);
    hasher.finish()
}

/// The rows that the model was trained on: those of files, or those inside the program.
///
/// # Errors
/// A file or a record that cannot be read.
pub fn known_training(
    classifier: &Classifier,
    files: &[PathBuf],
    options: &InputOptions,
    groups: &[String],
) -> anyhow::Result<Option<KnownTraining>> {
    if files.is_empty() {
        return Ok(KnownTraining::at_hand(classifier));
    }
    let mut training = TrainingTexts::default();
    // The column of the results may have another name in the training.
    let names = groups.iter().map(String::as_str).chain(GROUP_COLUMNS);
    let column = |name: &str| Column { name: name.to_owned(), need: Requirement::Optional };
    let mut options = options.clone();
    for name in names {
        if !options.columns.iter().any(|column| column.name == name) {
            options.columns.push(column(name));
        }
    }
    for file in files {
        #[cfg(feature = "train")]
        if TrainingCorpus::is_corpus(file) {
            add(&mut training, TrainingCorpus::open(file)?.rows());
            continue;
        }
        for raw in Inputs::new(vec![file.clone()], options.clone()) {
            let document = raw?.document(&options)?;
            let mut groups = document.columns.iter().flatten().map(String::as_str);
            training.add(&document.text, groups.find(|group| !group.trim().is_empty()));
        }
    }
    Ok(Some(KnownTraining::named(training)))
}
