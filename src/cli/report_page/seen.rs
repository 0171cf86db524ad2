//! Counts the scored documents that the model was trained on, as far as that is known.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;

use crate::Classifier;
use crate::cli::training_rows::read_training_rows;
use crate::evaluate::SeenRows;
use crate::read::{Column, GROUP_COLUMNS, InputOptions, LabeledColumns, Requirement};
use crate::training_rows::{Known, KnownTraining};

/// The documents of a page, compared with the rows of the model's training.
pub struct SeenDocuments {
    /// `None` where the rows are not at hand: then nothing is counted.
    training: Option<KnownTraining>,
    seen: SeenRows,
    /// Whether the texts of the documents follow.
    texts_follow: bool,
    /// The hashes of the documents whose texts have not been compared yet; none is kept where no
    /// texts follow.
    open: HashSet<u64>,
}

impl SeenDocuments {
    /// Nothing is compared yet. `texts_follow` says whether texts can be compared, not only groups.
    pub fn new(training: Option<KnownTraining>, texts_follow: bool) -> Self {
        let training_rows = training.as_ref().map_or(0, |training| training.texts.rows());
        let seen = SeenRows { training_rows, ..SeenRows::default() };
        SeenDocuments { training, seen, texts_follow, open: HashSet::new() }
    }

    /// Counts a document and compares its group.
    pub fn add(&mut self, id: &str, record: Option<u64>, group: Option<&str>) {
        let Some(training) = &self.training else { return };
        self.seen.rows += 1;
        training.texts.count_group(&mut self.seen, group);
        if self.texts_follow {
            self.open.insert(hash(id, record));
        }
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

    /// Whether all texts were compared.
    fn has_all_texts(&self) -> bool {
        self.open.is_empty() && (self.texts_follow || self.seen.rows == 0)
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
        let (compared, rest) = match self.has_all_texts() {
            true => ("text or group", ""),
            false => ("group", " Not all of their texts were compared."),
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
        return Ok(KnownTraining::from_model(classifier));
    }
    // The column of the results may have another name in the training.
    let others = GROUP_COLUMNS.into_iter().filter(|name| groups.iter().all(|group| group != name));
    let names = groups.iter().map(String::as_str).chain(others);
    let group = names.map(|name| Column { name: name.to_owned(), need: Requirement::Optional }).collect();
    let columns = LabeledColumns { group, date: None, ..LabeledColumns::default() };
    Ok(Some(KnownTraining::from_texts(read_training_rows(files, options, &columns)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::TrainingTexts;

    fn documents(texts_follow: bool) -> SeenDocuments {
        let mut texts = TrainingTexts::default();
        texts.add("Leaders met in the town hall.", Some("Herald"));
        let mut seen = SeenDocuments::new(Some(KnownTraining::from_texts(texts)), texts_follow);
        seen.add("a", None, Some("Sun"));
        seen.add("b", None, None);
        seen
    }

    #[test]
    fn nothing_is_kept_of_documents_whose_texts_do_not_follow() {
        let seen = documents(false);
        assert!(seen.open.is_empty() && !seen.wants_texts());
        assert_eq!(
            seen.note(),
            "No group of these documents is among 1 rows that the model was trained on. Not all of their texts were compared."
        );
    }

    #[test]
    fn each_text_that_follows_is_compared_once() {
        let mut seen = documents(true);
        assert!(seen.wants_texts());
        seen.add_text("a", None, "They left.");
        assert!(seen.note().ends_with("Not all of their texts were compared."));
        seen.add_text("b", None, "Nobody came.");
        assert!(!seen.wants_texts());
        assert_eq!(
            seen.note(),
            "No text or group of these documents is among 1 rows that the model was trained on."
        );
        seen.add_text("b", None, "Leaders met in the town hall.");
        assert!(seen.warnings().is_empty());
    }
}
