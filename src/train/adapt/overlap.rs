//! Leaves rows out of a corpus whose texts are among the caller's: a model that learned them would
//! know the answers of held-out rows.

use std::borrow::Cow;
use std::collections::HashSet;

use rayon::prelude::*;

use crate::error::{Error, Message, Result, counted, list};
use crate::label::LabelSet;
use crate::near_duplicates::content_hash;
use crate::train::dataset::Row;

/// The rows of a corpus that have other words than all these texts.
pub(super) fn without<'c, 't>(corpus: &'c [Row], texts: impl Iterator<Item = &'t String>) -> Cow<'c, [Row]> {
    let own: HashSet<u64> = texts.filter_map(|text| content_hash(text)).collect();
    let is_other = |row: &Row| content_hash(&row.text).is_none_or(|hash| !own.contains(&hash));
    let kept: Vec<bool> = corpus.par_iter().map(is_other).collect();
    if kept.iter().all(|&kept| kept) {
        return Cow::Borrowed(corpus);
    }
    corpus.iter().zip(kept).filter(|(_, kept)| *kept).map(|(row, _)| row.clone()).collect()
}

/// Checks that what is left of a corpus has all its labels.
///
/// # Errors
/// A label that is only in rows that were left out.
pub(super) fn check_labels(left: &[Row], labels: &LabelSet) -> Result<()> {
    let found: HashSet<&str> = left.iter().map(|row| row.label.as_str()).collect();
    let is_lost = |name: &&String| !found.contains(name.as_str());
    let lost: Vec<&String> = labels.names().iter().filter(is_lost).collect();
    if lost.is_empty() {
        return Ok(());
    }
    Err(Error::data(format!(
        "all corpus rows with the label {} are among your rows, which leaves none to learn it from; expected texts that are not \
         in the corpus. Give only new rows, or train on all rows with `standpoint train`",
        list(&lost)
    )))
}

/// What to say of the rows that were left out.
pub(super) fn warning(left_out: usize) -> Message {
    format!(
        "left out {} of the corpus with the text of one of your rows: a model that learned from such rows would know the answers \
         of held-out rows",
        counted(left_out, "row")
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_with_the_words_of_ones_own_are_left_out() {
        let corpus = ["One text.", "another", "!", "one  TEXT"].map(|text| Row::new("a", text));
        let without = |texts: &[&str]| -> Vec<String> {
            let texts: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
            without(&corpus, texts.iter()).iter().map(|row| row.text.clone()).collect()
        };
        assert_eq!(without(&["one text", "!"]), ["another", "!"]);
        assert_eq!(without(&["one other text"]).len(), 4);
    }

    #[test]
    fn a_label_of_which_nothing_is_left_is_refused() {
        let labels = LabelSet::new(["a", "b"]).unwrap();
        assert!(check_labels(&[Row::new("a", "x"), Row::new("b", "y")], &labels).is_ok());
        let error = check_labels(&[Row::new("a", "x")], &labels).unwrap_err().to_string();
        assert!(error.contains("with the label `b` are among"), "{error}");
    }
}
