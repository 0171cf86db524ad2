//! What a training has to say for itself.

use rayon::prelude::*;

use crate::error::Message;
use crate::evaluate::Metrics;
use crate::label::LabelSet;
use crate::model::{Calibration, Thresholds, Unit};
use crate::statistics::Interval;
use crate::text::Language;
use crate::text::boundaries::count_words;
use crate::text::language;
use crate::train::audit::leaks::{NearDuplicates, SourceTerm};
use crate::train::audit::suspects::Suspect;
use crate::train::dataset::row::Rows;
use crate::train::fit::{Fitted, Split};
use crate::train::hyperparameters::Hyperparameters;
use crate::train::params::TrainParams;
use crate::train::validation::abstention_threshold::FoldPredictions;
use crate::train::validation::curve::LearningCurve;
use crate::train::validation::splits::SplitKind;
use crate::train::validation::tune::Trial;

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
    /// Log loss on held-out folds by temperature and by vector scaling, where both were tried.
    pub calibration_log_loss: Option<(f64, f64)>,
    /// Counts over all held-out rows, with the calibration; `None` without folds. Where settings were tuned on the same rows it
    /// flatters a little; `held_out` does not.
    pub cross_validation: Option<Metrics>,
    /// How the same training, with its tuning, did on rows held out in each way that the rows allow.
    pub held_out: Vec<HeldOutFigures>,
    /// The settings of the model.
    pub settings: Hyperparameters,
    /// Every trial of the tuning; empty without.
    pub trials: Vec<Trial>,
    /// Calibrated probabilities of every held-out row by the models that did not see it.
    pub predictions: Vec<FoldPredictions>,
    /// Rows whose labels look wrong, the most suspicious first.
    pub suspects: Vec<Suspect>,
    /// Near-duplicates among the rows.
    pub near_duplicates: NearDuplicates,
    /// Heavy terms that stand for one group.
    pub source_terms: Vec<SourceTerm>,
    /// Macro-F1 against the number of rows, if it was asked for.
    pub learning_curve: Option<LearningCurve>,
    /// What a user should know, one sentence each.
    pub warnings: Vec<Message>,
}

/// What was found on rows that were held out in one way.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldOutFigures {
    /// How.
    pub kind: SplitKind,
    /// Counts.
    pub meter: Metrics,
    /// Macro-F1's bootstrap interval, by group.
    pub interval: Option<Interval>,
    /// The settings that were chosen inside each training part; equal settings once.
    pub settings: Vec<Hyperparameters>,
}

impl TrainReport {
    pub(super) fn new(rows: &Rows, splits: &[Split], params: &TrainParams) -> Self {
        let mut warnings: Vec<Message> = Vec::new();
        let mut lengths: Vec<usize> =
            rows.rows.par_iter().map(|row| count_words(&row.text, usize::MAX)).collect();
        lengths.sort_unstable();
        let median = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
        if params.unit == Unit::Paragraph && median > LONG_PARAGRAPH {
            let found = format!("the median row has {median} words: these look like whole documents; ");
            warnings.push(Message::from(found).then(Message::naming("consider `unit` document")));
        }
        let empty = lengths.iter().take_while(|&&length| length == 0).count();
        if empty > 0 {
            let found = format!("{empty} row(s) have no words and teach only how frequent their label is");
            warnings.push(found.into());
        }
        for (class, name) in rows.labels.names().iter().enumerate() {
            for (number, split) in (1..).zip(splits) {
                let has = |part: &[usize]| part.iter().any(|&row| rows.targets[row] == class);
                if !has(&split.test) {
                    let found =
                        format!("fold {number} has no row of `{name}`: its groups are too few or too large");
                    warnings.push(found.into());
                }
                if !has(&split.train) {
                    let found = format!(
                        "all rows of `{name}` are in fold {number}: none of them can be predicted there"
                    );
                    warnings.push(found.into());
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
            calibration_log_loss: None,
            cross_validation: None,
            held_out: Vec::new(),
            settings: params.settings.clone(),
            trials: Vec::new(),
            predictions: Vec::new(),
            suspects: Vec::new(),
            near_duplicates: NearDuplicates::default(),
            source_terms: Vec::new(),
            learning_curve: None,
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
            let code = expected.code();
            self.warnings.push(
                Message::from(format!("most rows look like another language than `{code}`; "))
                    .then(Message::naming("give `language`."))
                    .then(" The model will not abstain for `other-language`"),
            );
        }
        few
    }

    pub(super) fn fitted(&mut self, fitted: &Fitted, thresholds: Thresholds) {
        let Fitted { selection, logistic: fitted } = fitted;
        self.features = selection.len();
        self.iterations = fitted.iterations();
        self.converged = fitted.converged();
        self.objective = fitted.objective();
        self.thresholds = thresholds;
        if let Some(low) = thresholds.low_confidence.filter(|low| low.unit_coverage == 0.0) {
            let found = format!(
                "even the surest held-out labels are wrong more often than {}: nearly every text will be `low-confidence`",
                low.max_error
            );
            self.warnings.push(found.into());
        }
        if !fitted.converged() {
            let found = format!(
                "the solver stopped after {} iterations short of its tolerance; the model is usable but not exact",
                fitted.iterations()
            );
            self.warnings.push(found.into());
        }
    }
}
