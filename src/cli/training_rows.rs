//! Finds the rows that a model was trained on, as far as they are at hand.

use std::path::{Path, PathBuf};

use crate::evaluate::TrainingTexts;
use crate::read::{InputOptions, Inputs, LabeledColumns, read_labeled};
#[cfg(feature = "train")]
use crate::train::{Row, TrainingCorpus};
use crate::{Classifier, Error, ErrorKind};

/// Rows of a training that others can be compared with.
pub struct KnownTraining {
    pub texts: TrainingTexts,
    pub known: Known,
}

/// Which rows of a training are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// All of them.
    All,
    /// Of an adapted model, those of its corpus.
    Corpus,
    /// Of an adapted model, all but those of its corpus.
    Labels,
}

impl KnownTraining {
    /// The rows of the corpus inside the program, if the model was trained on it or adapted from
    /// it, and the labels that the model itself names.
    pub fn of_model(classifier: &Classifier) -> Option<Self> {
        let provenance = &classifier.model().provenance;
        let is_adapted = provenance.adaptation.is_some();
        // To unpack the corpus takes longer than to evaluate a few rows.
        let may_be_known = is_adapted || crate::model::is_bundled_stance(classifier.id());
        let corpus = may_be_known.then(|| bundled_corpus(classifier)).flatten();
        let known = match (&corpus, &provenance.learned_texts) {
            (None, None) => return None,
            (Some(_), None) if is_adapted => Known::Corpus,
            (None, Some(_)) if is_adapted => Known::Labels,
            _ => Known::All,
        };
        let mut texts = corpus.unwrap_or_default();
        provenance.learned_texts.iter().for_each(|learned| texts.add_learned(learned));
        Some(KnownTraining { texts, known })
    }

    /// Rows that the user names.
    pub fn of_texts(texts: TrainingTexts) -> Self {
        KnownTraining { texts, known: Known::All }
    }
}

#[cfg(feature = "train")]
fn bundled_corpus(classifier: &Classifier) -> Option<TrainingTexts> {
    let provenance = &classifier.model().provenance;
    let hash = provenance.adaptation.as_ref().map_or(&provenance.data_sha256, |of| &of.corpus_sha256);
    let corpus = TrainingCorpus::bundled().ok().filter(|corpus| corpus.sha256() == *hash)?;
    let mut training = TrainingTexts::default();
    add(&mut training, corpus.rows());
    Some(training)
}

#[cfg(not(feature = "train"))]
fn bundled_corpus(_: &Classifier) -> Option<TrainingTexts> {
    None
}

/// Reads the rows of a training: all of a packed corpus, and those of a labeled file that have a
/// label, whichever it is. In a file without the column of labels, nothing tells rows apart: all of
/// them count.
///
/// # Errors
/// A file that cannot be read.
pub fn read_training_rows(
    files: &[PathBuf],
    options: &InputOptions,
    columns: &LabeledColumns,
) -> anyhow::Result<TrainingTexts> {
    let mut training = TrainingTexts::default();
    let columns = LabeledColumns { conditions: Vec::new(), ignored_labels: Vec::new(), ..columns.clone() };
    for file in files {
        #[cfg(feature = "train")]
        if TrainingCorpus::is_corpus(file) {
            add(&mut training, TrainingCorpus::open(file)?.rows());
            continue;
        }
        let lacks_label = |error: &Error| lacks_column(error, &columns.label);
        match read_labeled(std::slice::from_ref(file), options, &columns) {
            Ok(labeled) if labeled.rows.is_empty() && labeled.skipped.iter().any(lacks_label) => {
                add_all(&mut training, file, options, &columns)?;
            }
            Ok(labeled) => {
                labeled.rows.iter().for_each(|row| training.add(&row.document.text, row.group.as_deref()));
            }
            Err(error) if lacks_label(&error) => add_all(&mut training, file, options, &columns)?,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(training)
}

fn lacks_column(error: &Error, name: &str) -> bool {
    matches!(error.kind(), ErrorKind::MissingColumn { column, .. } if column == name)
}

/// Adds all rows of a file, whatever their columns say.
fn add_all(
    training: &mut TrainingTexts,
    file: &Path,
    options: &InputOptions,
    columns: &LabeledColumns,
) -> anyhow::Result<()> {
    let options = InputOptions { columns: columns.group.clone(), ..options.clone() };
    for raw in Inputs::new(vec![file.to_owned()], options.clone()) {
        let document = raw?.document(&options)?;
        let mut groups = document.columns.iter().flatten().map(String::as_str);
        training.add(&document.text, groups.find(|group| !group.trim().is_empty()));
    }
    Ok(())
}

/// Adds rows of a corpus.
#[cfg(feature = "train")]
fn add(training: &mut TrainingTexts, rows: &[Row]) {
    rows.iter().for_each(|row| training.add(&row.text, row.group.as_deref()));
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: &str = "Leaders met in the town hall.";
    const BOB: &str = "Nobody came to the market.";

    /// Which of two texts a file of this name and content has among its rows, and how many it has.
    fn read(name: &str, content: &str) -> (u64, [bool; 2]) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        std::fs::write(&file, content).unwrap();
        let training =
            read_training_rows(&[file], &InputOptions::default(), &LabeledColumns::default()).unwrap();
        (training.rows(), [ALICE, BOB].map(|text| training.has_text(text, false)))
    }

    #[test]
    fn undecided_rows_of_a_coded_table_are_no_training() {
        let header = "id,text,label,decision,coder,time,seen,sample";
        let decided = format!("1,{ALICE},for,label,eva,2026-05-01,false,false");
        let open = format!("2,{BOB},,,,,,false");
        let skipped = format!("2,{BOB},,skip,eva,2026-05-01,false,false");
        for other in [open, skipped] {
            let table = format!("{header}\n{decided}\n{other}\n");
            assert_eq!(read("coded.csv", &table), (1, [true, false]), "{table}");
        }
    }

    #[test]
    fn all_rows_of_a_file_without_labels_count() {
        assert_eq!(read("rows.csv", &format!("text,stance\n{ALICE},for\n{BOB},\n")), (2, [true, true]));
        let line = |text: &str| format!("{{\"text\":\"{text}\",\"stance\":\"for\"}}\n");
        assert_eq!(read("rows.jsonl", &(line(ALICE) + &line(BOB))), (2, [true, true]));
    }
}
