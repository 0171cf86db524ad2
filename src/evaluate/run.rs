//! Evaluates a classifier on labeled rows.

use serde::{Deserialize, Serialize};

use crate::classifier::{Classifier, ScoreOptions};
use crate::error::Result;
use crate::evaluate::bootstrap::Drawing;
use crate::evaluate::caveat::IntervalCaveat;
use crate::evaluate::evaluation::{Evaluation, LabeledPrediction};
use crate::evaluate::mistakes::{WorstRows, WrongRow};
use crate::evaluate::result::{EvaluationResult, F1OfLabels};
use crate::evaluate::rows::{RowScorer, check_not_empty, classes_named, gold_classes};
use crate::progress::{Progress, Silent};
use crate::read::Labeled;
use crate::threads::Threads;

/// How rows are scored and compared with their labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EvaluateParams {
    /// How texts are scored: prediction sets, among others.
    pub score: ScoreOptions,
    /// Whether each row is scored as a document, cut into paragraphs, and not as one unit.
    pub as_documents: bool,
    /// Decides which clusters the bootstrap draws.
    pub seed: u64,
    /// How many of the worst mistakes are reported.
    pub mistakes: usize,
    /// The labels over which F1 is averaged besides: `FAVOR` and `AGAINST` for SemEval's F_avg.
    pub f1_labels: Vec<String>,
}

impl Default for EvaluateParams {
    fn default() -> Self {
        EvaluateParams {
            score: ScoreOptions::default(),
            as_documents: false,
            seed: 1,
            mistakes: 0,
            f1_labels: Vec::new(),
        }
    }
}

/// The result of [`evaluate`].
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct EvaluationReport {
    /// The model's labels, in class order.
    pub labels: Vec<String>,
    /// Every figure.
    #[serde(flatten)]
    pub result: EvaluationResult,
    /// The columns that gave groups.
    pub group_columns: Vec<String>,
    /// Rows that could not be read.
    pub skipped: usize,
    /// Why the intervals may be wrong, if they may.
    pub caveat: Option<IntervalCaveat>,
    /// The worst mistakes: the least probability of the gold label first.
    pub mistakes: Vec<WrongRow>,
}

/// Scores labeled rows and compares the answers with their labels.
///
/// ```
/// use standpoint::evaluate::{EvaluateParams, evaluate};
/// use standpoint::read::{Gold, Labeled};
/// # use standpoint::train::{Row, TrainParams, train};
/// use standpoint::{Classifier, Document, Threads};
///
/// # let threads = Threads::new(1)?;
/// # let texts = [("warm", "sun and a mild wind"), ("cold", "snow and a hard frost")];
/// # let rows: Vec<Row> = (0..20)
/// #     .map(|n| Row::new(texts[n % 2].0, format!("day {n} brought {}", texts[n % 2].1)))
/// #     .collect();
/// # let (model, _) = train(rows, TrainParams::default(), &threads)?;
/// # let classifier = Classifier::new(model)?;
/// let row = |label: &str, text: &str| Gold {
///     document: Document::new(label, text),
///     label: label.to_owned(),
///     group: None,
///     weight: 1.0,
///     date: None,
/// };
/// let rows = vec![row("warm", "a mild wind at noon"), row("cold", "snow at night")];
/// let labeled = Labeled { rows, ..Labeled::default() };
/// let report = evaluate(&classifier, &labeled, EvaluateParams::default(), &threads)?;
/// assert_eq!(report.result.metrics.accuracy(), Some(1.0));
/// # Ok::<(), standpoint::Error>(())
/// ```
///
/// # Errors
/// No row, or a label that the model does not have.
pub fn evaluate(
    classifier: &Classifier,
    labeled: &Labeled,
    params: EvaluateParams,
    threads: &Threads,
) -> Result<EvaluationReport> {
    evaluate_with(classifier, labeled, params, EvaluateRun { threads, progress: &Silent })
}

/// Where an evaluation runs.
#[derive(Clone, Copy)]
pub struct EvaluateRun<'a> {
    /// On which threads.
    pub threads: &'a Threads,
    /// Is told of each row, and may stop the evaluation: within half a second it ends with
    /// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped).
    pub progress: &'a dyn Progress,
}

impl std::fmt::Debug for EvaluateRun<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EvaluateRun").field("threads", self.threads).finish_non_exhaustive()
    }
}

/// Does what [`evaluate`] does, and reports to somebody who may stop it.
///
/// # Errors
/// As [`evaluate`], and [`ErrorKind::Stopped`](crate::ErrorKind::Stopped).
pub fn evaluate_with(
    classifier: &Classifier,
    labeled: &Labeled,
    params: EvaluateParams,
    EvaluateRun { threads, progress }: EvaluateRun<'_>,
) -> Result<EvaluationReport> {
    let labels = classifier.labels();
    let gold = gold_classes(&labeled.rows, labels)?;
    check_not_empty(labeled)?;
    let f1_classes = classes_named(&params.f1_labels, labels)?;
    let mut evaluation = Evaluation::new(labels.len());
    let mut worst = WorstRows::new(params.mistakes);
    let mut gold = gold.into_iter().enumerate();
    let scorer = RowScorer::new(classifier, params.score, threads, params.as_documents);
    scorer.for_each(&labeled.rows, progress, |row, verdict| {
        let Some((number, gold)) = gold.next() else { return };
        worst.add(number, gold, &verdict);
        let (group, date) = (row.group.as_deref(), row.date.as_deref());
        evaluation.add(&LabeledPrediction { gold, verdict: &verdict, weight: row.weight, group, date });
    })?;
    let drawing = Drawing { seed: params.seed, progress };
    let f1_of_labels = (!f1_classes.is_empty()).then(|| F1OfLabels {
        f1: threads.run(|| evaluation.drawn_mean_f1(&f1_classes, drawing)),
        labels: params.f1_labels,
    });
    let mut result = threads.run(|| evaluation.drawn_result(drawing));
    progress.check()?;
    result.f1_of_labels = f1_of_labels;
    result.has_weights |= labeled.has_weights;
    result.best_temperature = result.best_temperature.map(|best| best.of(&classifier.model().calibration));
    Ok(EvaluationReport {
        labels: labels.names().to_vec(),
        group_columns: labeled.group_columns.iter().cloned().collect(),
        skipped: labeled.skipped.len(),
        caveat: IntervalCaveat::new(result.clusters, !result.groups.is_empty()),
        mistakes: worst.finish(),
        result,
    })
}

#[cfg(all(test, feature = "bundled-models"))]
mod tests {
    use super::*;
    use crate::progress::testing::check_stops;
    use crate::read::Gold;
    use crate::text::document::Document;

    #[test]
    fn a_stop_at_any_question_ends_an_evaluation_on_any_number_of_threads() {
        let classifier = Classifier::bundled().unwrap();
        let row = |number: usize| Gold {
            document: Document::new(
                number.to_string(),
                format!("day {number} brought guarantees for Ukraine and talk of NATO"),
            ),
            label: ["nato-skeptical", "pro-guarantee"][number % 2].to_owned(),
            group: None,
            weight: 1.0,
            date: Some(format!("2024-0{}-01", 1 + number % 9)),
        };
        let labeled = Labeled { rows: (0..2000).map(row).collect(), ..Labeled::default() };
        for jobs in [1, 2] {
            let threads = &Threads::new(jobs).unwrap();
            check_stops(|progress| {
                let params = EvaluateParams {
                    f1_labels: vec!["pro-guarantee".to_owned()],
                    ..EvaluateParams::default()
                };
                evaluate_with(&classifier, &labeled, params, EvaluateRun { threads, progress })
            });
        }
    }
}
