//! Compares two classifiers on the same labeled rows.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::classifier::verdict::Verdict;
use crate::classifier::{Classifier, ScoreOptions};
use crate::error::{Error, Result, list};
use crate::evaluate::caveat::IntervalCaveat;
use crate::evaluate::comparison::{Comparison, ComparisonResult};
use crate::evaluate::evaluation::LabeledPrediction;
use crate::evaluate::rows::{RowScorer, check_not_empty, gold_classes};
use crate::label::{ClassId, LabelSet};
use crate::progress::Silent;
use crate::read::{Gold, Labeled};
use crate::threads::Threads;

/// How rows are scored and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompareParams {
    /// Whether each row is scored as a document, cut into paragraphs, and not as one unit.
    pub as_documents: bool,
    /// Decides which clusters the bootstrap draws.
    pub seed: u64,
}

impl Default for CompareParams {
    fn default() -> Self {
        CompareParams { as_documents: false, seed: 1 }
    }
}

/// The result of [`compare`].
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ComparisonReport {
    /// The labels of both models, in class order.
    pub labels: Vec<String>,
    /// The figures of both and their differences.
    #[serde(flatten)]
    pub result: ComparisonResult,
    /// The documents on which the models differ.
    pub differing: Vec<Differing>,
    /// Rows that could not be read.
    pub skipped: usize,
    /// Why the intervals may be wrong, if they may.
    pub caveat: Option<IntervalCaveat>,
}

/// A document for which two models predict different labels.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Differing {
    /// Its id.
    pub id: String,
    /// The path of its file.
    pub path: String,
    /// Its record within the file, from 1; `None` where the file is one document.
    pub record: Option<u64>,
    /// Its gold label.
    pub gold: String,
    /// The likeliest label of the first model and of the second.
    pub predicted: [String; 2],
    /// The gold label's probabilities.
    pub gold_probabilities: [f64; 2],
}

impl Differing {
    /// Returns the row if the two answers on it differ.
    fn new(row: &Gold, gold: ClassId, verdicts: [&Verdict; 2], labels: &LabelSet) -> Option<Self> {
        let predicted = verdicts.map(Verdict::top_class);
        let of_gold = |verdict: &Verdict| verdict.class_probability(gold);
        (predicted[0] != predicted[1]).then(|| Differing {
            id: row.document.id.clone(),
            path: row.document.path.clone(),
            record: row.document.record,
            gold: row.label.clone(),
            predicted: predicted.map(|class| labels.name(class).to_owned()),
            gold_probabilities: verdicts.map(of_gold),
        })
    }
}

/// Scores the same rows with two classifiers, and compares their answers.
///
/// `rows` holds the rows as each classifier reads them: the same value twice where both prepare
/// texts alike, else two readings that [`keep_common_rows`] made equal. Labels, groups and weights
/// are those of the first.
///
/// # Errors
/// No row, classifiers with different labels, a label that they do not have, or two readings of
/// different length.
pub fn compare(
    classifiers: [&Classifier; 2],
    rows: [&Labeled; 2],
    params: CompareParams,
    threads: &Threads,
) -> Result<ComparisonReport> {
    let labels = classifiers[0].labels();
    check_same_labels(labels, classifiers[1].labels())?;
    check_not_empty(rows[0])?;
    if rows[0].rows.len() != rows[1].rows.len() {
        return Err(Error::data(format!(
            "{} rows for the first model and {} for the second; expected the same rows",
            rows[0].rows.len(),
            rows[1].rows.len()
        )));
    }
    let gold = gold_classes(&rows[0].rows, labels)?;
    let [first, second] = classifiers
        .map(|classifier| RowScorer::new(classifier, ScoreOptions::default(), threads, params.as_documents));
    let mut verdicts: Vec<Verdict> = Vec::with_capacity(gold.len());
    first.for_each(&rows[0].rows, &Silent, |_, verdict| verdicts.push(verdict))?;
    let mut comparison = Comparison::new(labels.len());
    let mut differing = Vec::new();
    let mut before = rows[0].rows.iter().zip(gold).zip(&verdicts);
    second.for_each(&rows[1].rows, &Silent, |_, verdict| {
        let Some(((row, gold), first)) = before.next() else { return };
        let prediction = |verdict| {
            let (group, date) = (row.group.as_deref(), row.date.as_deref());
            LabeledPrediction { gold, verdict, weight: row.weight, group, date }
        };
        comparison.add([&prediction(first), &prediction(&verdict)]);
        differing.extend(Differing::new(row, gold, [first, &verdict], labels));
    })?;
    let result = threads.run(|| comparison.result(params.seed));
    Ok(ComparisonReport {
        labels: labels.names().to_vec(),
        caveat: IntervalCaveat::new(result.clusters, result.grouped),
        result,
        differing,
        skipped: rows[0].skipped.len(),
    })
}

/// Leaves in two readings of the same files only the rows that both have, and lists in the first
/// what either skipped: a model may join other columns than another, or read them as other markup.
pub fn keep_common_rows(first: &mut Labeled, second: &mut Labeled) {
    let place = |row: &Gold| row.document.position().to_string();
    let places = |labeled: &Labeled| labeled.rows.iter().map(place).collect::<HashSet<String>>();
    let common = places(second);
    first.rows.retain(|row| common.contains(&place(row)));
    let common = places(first);
    second.rows.retain(|row| common.contains(&place(row)));
    let known: HashSet<String> = first.skipped.iter().map(ToString::to_string).collect();
    let new = std::mem::take(&mut second.skipped);
    first.skipped.extend(new.into_iter().filter(|error| !known.contains(&error.to_string())));
}

/// Checks that two models have the same labels: figures of models with different labels say nothing
/// about each other.
///
/// # Errors
/// Different labels; the message lists those that only one model has.
pub fn check_same_labels(first: &LabelSet, second: &LabelSet) -> Result<()> {
    let only = |one: &LabelSet, other: &LabelSet| {
        let names: Vec<&String> = one.names().iter().filter(|name| other.get(name).is_none()).collect();
        list(&names)
    };
    if first.names() == second.names() {
        return Ok(());
    }
    Err(Error::data(format!(
        "the models have different labels and cannot be compared: only A has {}, only B has {}. Train both on the same labels, \
         or evaluate each by itself",
        only(first, second),
        only(second, first)
    )))
}
