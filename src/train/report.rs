//! Reports what a training found, and warns of what a user should know.

use rayon::prelude::*;
use serde::Serialize;

use crate::error::{Message, counted};
use crate::evaluate::Metrics;
use crate::label::LabelSet;
use crate::model::{Calibration, Thresholds, Unit};
use crate::text::boundaries::count_words;
use crate::text::language;
use crate::text::normalization::Normalized;
use crate::tokenizer::{TokenizerConfig, has_stemmer};
use crate::train::Row;
use crate::train::audit::leaks::{NearDuplicates, SourceTerm};
use crate::train::audit::suspects::Suspect;
use crate::train::dataset::row::Rows;
use crate::train::fit::FoldPredictions;
use crate::train::fit::{Fitted, Split};
use crate::train::hyperparameters::Hyperparameters;
use crate::train::validation::calibrate::CalibrationLogLoss;
use crate::train::validation::curve::LearningCurve;
use crate::train::validation::schemes::HeldOutFigures;
use crate::train::validation::trial::Trial;

/// A paragraph model whose median row is longer than this is probably meant to be a document model.
const LONG_PARAGRAPH: usize = 250;

/// Number of rows whose language is looked at.
const MAX_ASKED: usize = 500;

/// Figures and warnings of one training.
#[derive(Debug, Serialize)]
#[non_exhaustive]
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
    /// Whether its temperature was given, and not fitted to held-out rows.
    pub fixed_temperature: bool,
    /// When the model abstains.
    pub thresholds: Thresholds,
    /// Log loss on held-out folds by each method, where both were tried.
    pub calibration_log_loss: Option<CalibrationLogLoss>,
    /// Counts over all held-out rows, with the calibration; `None` without folds. Where
    /// hyperparameters were tuned on the same rows, it is a little too good; `held_out` is not.
    pub cross_validation: Option<Metrics>,
    /// How the same training, with its tuning, did on rows held out in each way that the rows
    /// allow.
    pub held_out: Vec<HeldOutFigures>,
    /// The hyperparameters of the model.
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

/// Warnings about the rows and how they fall into folds.
pub(crate) fn row_warnings(rows: &Rows, splits: &[Split], unit: Unit) -> Vec<Message> {
    let mut warnings: Vec<Message> = Vec::new();
    let mut lengths: Vec<usize> =
        rows.rows.par_iter().map(|row| count_words(&row.text, usize::MAX)).collect();
    lengths.sort_unstable();
    let median = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
    if unit == Unit::Paragraph && median > LONG_PARAGRAPH {
        let found = format!("the median row has {median} words: these look like whole documents; ");
        warnings.push(Message::from(found).then(Message::naming("consider `unit=document`")));
    }
    let empty = lengths.iter().take_while(|&&length| length == 0).count();
    if empty > 0 {
        let found = format!(
            "{} without words, from which only the frequency of labels can be learned",
            counted(empty, "row")
        );
        warnings.push(found.into());
    }
    let is_held_out =
        |class| (0..rows.len()).any(|row| rows.targets[row] == class && !rows.rows[row].train_only);
    let classes = rows.labels.names().iter().enumerate();
    for (class, name) in classes.filter(|(class, _)| is_held_out(*class)) {
        for (number, split) in (1..).zip(splits) {
            let has = |part: &[usize]| part.iter().any(|&row| rows.targets[row] == class);
            if !has(&split.test) {
                let found =
                    format!("fold {number} has no row of `{name}`: its groups are too few or too large");
                warnings.push(found.into());
            }
            if !has(&split.train) {
                let found =
                    format!("all rows of `{name}` are in fold {number}: none of them can be predicted there");
                warnings.push(found.into());
            }
        }
    }
    warnings
}

/// A warning if so many rows repeat others that nothing can be held out.
pub(crate) fn repeat_warning(rows: &Rows, folds: u32) -> Option<Message> {
    let found = rows.held_out_families();
    (folds > 0 && found < folds as usize).then(|| {
        let message = format!(
            "the rows have only {}, and rows that repeat a text or share an id are held out together: no cross-validation is \
             possible, and probabilities are not calibrated; ",
            counted(found, "different text")
        );
        Message::from(message).then(Message::naming("give rows of other texts, or lower `folds`"))
    })
}

/// What is said of a language without a stemmer.
pub(crate) fn stem_warning(tokenizer_config: &TokenizerConfig) -> Option<Message> {
    let language = tokenizer_config.language.filter(|language| !has_stemmer(*language))?;
    Some(
        format!(
            "there is no stemmer for `{}`: inflected forms count as separate words; only elisions and spellings are unified",
            language.code()
        )
        .into(),
    )
}

/// A warning if most rows are not in the language that they are said to be in.
pub(crate) fn language_warning(rows: &Rows, tokenizer_config: &TokenizerConfig) -> Option<Message> {
    let expected = tokenizer_config.language?;
    let is_other = |row: &&Row| {
        let normal = Normalized::read_as(&row.text, tokenizer_config.social_text);
        language::is_other(normal.text(), expected)
    };
    let step = rows.len().div_ceil(MAX_ASKED);
    let asked = rows.rows.iter().step_by(step.max(1));
    let other = asked.clone().filter(is_other).count();
    (2 * other > asked.count()).then(|| {
        let code = expected.code();
        Message::from(format!("most rows look like a language other than `{code}`; "))
            .then(Message::naming("give `language`."))
            .then(" The model will not abstain for `other-language`")
    })
}

/// Warnings about the fit on all rows and the thresholds.
pub(crate) fn fit_warnings(fitted: &Fitted, thresholds: &Thresholds) -> Vec<Message> {
    let mut warnings: Vec<Message> = Vec::new();
    if let Some(low) = thresholds.low_confidence.filter(|low| low.unit_coverage == 0.0) {
        let found = format!(
            "even the most confident held-out labels are wrong more often than {}: nearly every text will be `low-confidence`",
            low.max_error
        );
        warnings.push(found.into());
    }
    if !fitted.logistic.converged() {
        let found = format!(
            "the solver stopped after {} iterations without reaching its tolerance; the model is usable but not exact",
            fitted.logistic.iterations()
        );
        warnings.push(found.into());
    }
    warnings
}
