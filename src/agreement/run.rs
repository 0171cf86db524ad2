//! Measures the agreement of coded rows.

use serde::Serialize;

use crate::agreement::annotations::Annotations;
use crate::agreement::coders::Agreement;
use crate::error::{Error, Position, Result, counted};
use crate::evaluate::bootstrap::Drawing;
use crate::label::{LabelSpellings, LabelVariants};
use crate::progress::Progress;
use crate::read::Coded;

/// The result of [`measure_agreement`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AgreementReport {
    /// The names of the coders.
    pub coders: Vec<String>,
    /// Groups of labels that differ only in spelling. They count as different labels, unless they
    /// were merged.
    pub near_labels: Vec<Vec<String>>,
    /// Cells that hold several labels. Each counts as a label of its own.
    pub several_labels: Vec<String>,
    /// Every figure.
    #[serde(flatten)]
    pub agreement: Agreement,
    /// Rows that were read, whether or not several coders coded them.
    pub rows_read: u64,
    /// Rows that could not be read.
    pub skipped: u64,
}

/// Measures how well coders agree on rows, such as those of
/// [`read_annotations`](crate::read::read_annotations). Rows that cannot be read are counted.
///
/// Labels that differ only in spelling are counted as they are, and listed; with
/// [`LabelVariants::Merge`] they are one.
///
/// # Errors
/// A file that cannot be read, no row, a coder without any label, no row that two coders coded, and
/// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped).
pub fn measure_agreement(
    rows: impl Iterator<Item = Result<Coded>>,
    coders: &[String],
    variants: Option<LabelVariants>,
    seed: u64,
    progress: &dyn Progress,
) -> Result<AgreementReport> {
    let mut labels = Vec::new();
    let mut skipped = 0;
    for row in rows {
        progress.check()?;
        match row {
            Ok(coded) => labels.push(coded.labels),
            // An error about one record costs that record; one about a file ends the reading.
            Err(error) if error.position().is_some_and(|position| position.record.is_some()) => skipped += 1,
            Err(error) => return Err(error),
        }
    }
    check(&labels, coders, skipped)?;
    if variants == Some(LabelVariants::Merge) {
        merge(&mut labels);
    }
    let annotations = Annotations::new(coders.len(), &labels)?;
    let agreement = Agreement::drawn(&annotations, Drawing { seed, progress });
    progress.check()?;
    let owned = |labels: Vec<&str>| labels.into_iter().map(str::to_owned).collect();
    Ok(AgreementReport {
        coders: coders.to_vec(),
        near_labels: annotations.near_labels().into_iter().map(owned).collect(),
        several_labels: spellings(&labels).cells_of_several().into_iter().cloned().collect(),
        agreement,
        rows_read: labels.len() as u64,
        skipped,
    })
}

fn spellings(rows: &[Vec<Option<String>>]) -> LabelSpellings {
    let mut spellings = LabelSpellings::default();
    rows.iter().flatten().flatten().for_each(|label| spellings.add(label, Position::default));
    spellings
}

/// Gives labels that differ only in spelling one spelling.
fn merge(rows: &mut [Vec<Option<String>>]) {
    let merged = spellings(rows).merged();
    for label in rows.iter_mut().flatten().flatten() {
        if let Some(chosen) = merged.get(label) {
            label.clone_from(chosen);
        }
    }
}

/// Whether two coders gave a row different labels.
pub fn disagree(labels: &[Option<String>]) -> bool {
    let mut given = labels.iter().flatten();
    given.next().is_some_and(|first| given.any(|label| label != first))
}

/// Refuses rows without figures. A column without any label is a slip.
fn check(rows: &[Vec<Option<String>>], coders: &[String], skipped: u64) -> Result<()> {
    if rows.is_empty() {
        return Err(Error::data(format!("no row was read ({skipped} skipped)")));
    }
    for (coder, name) in coders.iter().enumerate() {
        if !rows.iter().any(|row| row.get(coder).is_some_and(Option::is_some)) {
            return Err(Error::data(format!(
                "column `{name}` is blank in all {}; expected labels",
                counted(rows.len(), "row")
            )));
        }
    }
    if !rows.iter().any(|row| row.iter().flatten().count() > 1) {
        return Err(Error::data(format!(
            "none of the {} has labels of two coders; expected rows that several people coded",
            counted(rows.len(), "row")
        )));
    }
    Ok(())
}
