//! What a training has to say for itself.

use crate::evaluate::Meter;
use crate::feature::Featurizer;
use crate::label::LabelSet;
use crate::language;
use crate::model::{Calibration, Thresholds, Unit};

use crate::token::Language;

use super::folds::Folds;
use super::logistic::FittedLogistic;
use super::params::TrainParams;
use super::row::Rows;

/// A paragraph model whose median row is longer than this is probably meant to be a document model.
const LONG_PARAGRAPH: usize = 250;

/// So many rows are asked for their language.
const ASKED: usize = 500;

/// Figures and warnings of one training.
#[derive(Debug)]
pub struct TrainReport {
    /// The classes.
    pub labels: LabelSet,
    /// Rows of each class, in class order.
    pub rows_by_class: Vec<u64>,
    /// Distinct groups of the rows that may be held out.
    pub groups: usize,
    /// Features of the model.
    pub features: usize,
    /// Newton steps of the final fit.
    pub iterations: u32,
    /// Whether the final fit reached its tolerance.
    pub converged: bool,
    /// The objective's value.
    pub objective: f64,
    /// The calibration.
    pub calibration: Calibration,
    /// When the model abstains.
    pub thresholds: Thresholds,
    /// Counts over all held-out rows, with the calibration; `None` without folds.
    pub cross_validation: Option<Meter>,
    /// What a user should know, one sentence each.
    pub warnings: Vec<String>,
}

impl TrainReport {
    pub(super) fn new(rows: &Rows, folds: &Folds, params: &TrainParams) -> Self {
        let mut warnings = Vec::new();
        let mut lengths: Vec<usize> =
            rows.rows.iter().map(|row| row.text.split_whitespace().count()).collect();
        lengths.sort_unstable();
        let median = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
        if params.unit == Unit::Paragraph && median > LONG_PARAGRAPH {
            warnings.push(format!(
                "the median row has {median} words: these look like whole documents; consider --unit document"
            ));
        }
        let empty = lengths.iter().take_while(|&&length| length == 0).count();
        if empty > 0 {
            warnings.push(format!("{empty} row(s) have no words and teach only how frequent their label is"));
        }
        for (class, name) in rows.labels.names().iter().enumerate() {
            for fold in 0..params.folds {
                let in_fold = |row: &usize| folds[*row] == Some(fold) && rows.targets[*row] == class;
                let elsewhere = |row: &usize| folds[*row] != Some(fold) && rows.targets[*row] == class;
                if !(0..rows.len()).any(|row| in_fold(&row)) {
                    warnings.push(format!(
                        "fold {} has no row of `{name}`: its groups are too few or too large",
                        fold + 1
                    ));
                }
                if !(0..rows.len()).any(|row| elsewhere(&row)) {
                    warnings.push(format!(
                        "all rows of `{name}` are in fold {}: none of them can be predicted there",
                        fold + 1
                    ));
                }
            }
        }
        TrainReport {
            labels: rows.labels.clone(),
            rows_by_class: rows.class_counts(),
            groups: rows.held_out_groups(),
            features: 0,
            iterations: 0,
            converged: false,
            objective: f64::NAN,
            calibration: Calibration::default(),
            thresholds: Thresholds::default(),
            cross_validation: None,
            warnings,
        }
    }

    /// Whether the rows are in the language that they are said to be in. If most are not, it says so.
    pub(super) fn expects(&mut self, expected: Language, rows: &Rows) -> bool {
        let step = rows.len().div_ceil(ASKED);
        let asked = rows.rows.iter().step_by(step.max(1));
        let other = asked.clone().filter(|row| language::is_other(&row.text, expected)).count();
        let few = 2 * other <= asked.count();
        if !few {
            self.warnings.push(format!(
                "most rows look like another language than `{}`; give --language. The model will not abstain for `other-language`",
                expected.code()
            ));
        }
        few
    }

    pub(super) fn fitted(
        &mut self,
        featurizer: &Featurizer,
        fitted: &FittedLogistic,
        calibration: Calibration,
        thresholds: Thresholds,
    ) {
        self.features = featurizer.vocabulary().len();
        self.iterations = fitted.iterations();
        self.converged = fitted.converged();
        self.objective = fitted.objective();
        self.calibration = calibration;
        self.thresholds = thresholds;
        if let Some(low) = thresholds.low_confidence.filter(|low| low.unit_coverage == 0.0) {
            self.warnings.push(format!(
                "even the surest held-out labels are wrong more often than {}: nearly every text will be `low-confidence`",
                low.max_error
            ));
        }
        if !fitted.converged() {
            self.warnings.push(format!(
                "the solver stopped after {} iterations short of its tolerance; the model is usable but not exact",
                fitted.iterations()
            ));
        }
    }
}
