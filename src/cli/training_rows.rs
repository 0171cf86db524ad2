//! Reads the files that a model was trained on.

use std::path::{Path, PathBuf};

use crate::evaluate::TrainingTexts;
use crate::read::{InputOptions, Inputs, LabeledColumns, read_labeled};
#[cfg(feature = "train")]
use crate::train::{TrainingCorpus, add_texts};
use crate::{Error, ErrorKind};

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
            add_texts(&mut training, TrainingCorpus::open(file)?.rows());
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
