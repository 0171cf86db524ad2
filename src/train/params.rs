//! What was asked of a training, and the plan that a check makes of it.

use crate::error::{Error, Result};
use crate::model::{Model, ParagraphWeight, Preparation, Unit};
use crate::train::hyperparameters::Hyperparameters;
use crate::train::validation::calibrate::CalibrationChoice;
use crate::train::{OneGroup, Pruning};

/// Everything that a training can be asked for. The defaults are meant for a few hundred to a few thousand paragraphs.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainParams {
    /// Terms, weights and C; where tuning starts from.
    pub settings: Hyperparameters,
    /// What one row is.
    pub unit: Unit,
    /// What was done to the rows' texts before, and is to be done to others; `None` for what suits the unit.
    pub preparation: Option<Preparation>,
    /// How paragraphs make a document.
    pub paragraph_weight: ParagraphWeight,
    /// Words of the passages that a document's paragraphs are joined into before they are scored; 0 for none.
    pub passage_words: u32,
    /// Axis value of labels; empty for a model without an axis.
    pub axis: Vec<(String, f64)>,
    /// A text of fewer words is `too-short`.
    pub min_words: u32,
    /// Greatest share of wrong labels among those that are given; `None` to give all.
    pub max_error: Option<f64>,
    /// How margins become probabilities.
    pub calibration: CalibrationChoice,
    /// Texts about anything else, for the threshold of `off-topic`; empty for a model without.
    pub outside: Vec<String>,
    /// Texts without labels whose words count in the idf; empty for the rows' own alone.
    pub unlabelled: Vec<String>,
    /// Whether to hold out at random, by groups and by time beside the cross-validation, where the rows allow it.
    pub held_out: bool,
    /// Whether to measure how many labels are enough.
    pub learning_curve: bool,
    /// Folds of the cross-validation; 0 for none, which leaves the model uncalibrated.
    pub folds: u32,
    /// Decides how groups of one size are dealt to folds.
    pub seed: u64,
    /// Greatest distance of the objective from its least value, relative to the value.
    pub tolerance: f64,
    /// A date to note in the model.
    pub date: Option<String>,
}

impl Default for TrainParams {
    fn default() -> Self {
        TrainParams {
            settings: Hyperparameters::default(),
            unit: Unit::Paragraph,
            preparation: None,
            paragraph_weight: ParagraphWeight::default(),
            passage_words: 0,
            axis: Vec::new(),
            min_words: 5,
            max_error: None,
            calibration: CalibrationChoice::Auto,
            outside: Vec::new(),
            unlabelled: Vec::new(),
            held_out: true,
            learning_curve: false,
            folds: 5,
            seed: 1,
            tolerance: 1e-6,
            date: None,
        }
    }
}

/// Checked parameters; only [`TrainParams::check`] makes one.
#[derive(Debug)]
pub struct Plan {
    pub(super) params: TrainParams,
}

impl TrainParams {
    /// Of fewer outside texts no threshold can be told.
    pub const LEAST_OUTSIDE: usize = 50;

    /// Checks every value.
    ///
    /// # Errors
    /// The first value outside its range, with what was expected.
    pub fn check(self) -> Result<Plan> {
        let Hyperparameters { tokenizer_config, pruning, c, .. } = &self.settings;
        tokenizer_config.check()?;
        let &Pruning { min_df, max_df, max_features, strip } = pruning;
        let strip_fault = |strip: OneGroup| !(strip.max_share > 0.0 && strip.max_share <= 1.0);
        let fault = if !(c.is_finite() && *c > 0.0) {
            format!("--c {c}: expected a positive number")
        } else if min_df == 0 {
            "--min-df 0: expected at least 1".to_owned()
        } else if !(max_df > 0.0 && max_df <= 1.0) {
            format!("--max-df {max_df}: expected a share above 0, at most 1")
        } else if max_features == Some(0) {
            "--max-features 0: expected at least 1".to_owned()
        } else if strip.is_some_and(strip_fault) {
            "terms of one group: expected a share above 0, at most 1".to_owned()
        } else if self.folds == 0 && self.learning_curve {
            "--learning-curve needs cross-validation; give --folds".to_owned()
        } else if let Some(share) = self.max_error.filter(|share| !(0.0..1.0).contains(share)) {
            format!("--max-error {share}: expected a share from 0, below 1")
        } else if self.folds == 0 && self.max_error.is_some() {
            "--max-error needs cross-validation: what is wrong is known of held-out rows only; give --folds"
                .to_owned()
        } else if self.folds == 0 && !self.outside.is_empty() {
            "--outside needs cross-validation: the threshold comes from held-out texts; give --folds"
                .to_owned()
        } else if !self.outside.is_empty() && self.outside.len() < Self::LEAST_OUTSIDE {
            format!("--outside has {} texts; expected at least {}", self.outside.len(), Self::LEAST_OUTSIDE)
        } else if !self.outside.is_empty() && !tokenizer_config.has_single_words() {
            "--outside needs single words as features; give --ngrams 1-1 or 1-2".to_owned()
        } else if self.passage_words > Model::MOST_PASSAGE_WORDS {
            format!("--passage-words {}: expected at most {}", self.passage_words, Model::MOST_PASSAGE_WORDS)
        } else if self.folds == 1 || self.folds > 50 {
            format!("--folds {}: expected 2 to 50, or 0 for no cross-validation", self.folds)
        } else if !(self.tolerance > 0.0 && self.tolerance < 1.0) {
            format!("--tolerance {}: expected a number between 0 and 1", self.tolerance)
        } else {
            return Ok(Plan { params: self });
        };
        Err(Error::parameter(fault))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_outside_their_range_are_named() {
        type Change = fn(&mut TrainParams);
        let wrong: [(&str, Change); 13] = [
            ("--learning-curve", |p| (p.learning_curve, p.folds) = (true, 0)),
            ("--max-error", |p| p.max_error = Some(1.0)),
            ("--max-error", |p| (p.max_error, p.folds) = (Some(0.1), 0)),
            ("--outside", |p| p.outside = vec!["one text".to_owned()]),
            ("--outside", |p| (p.outside, p.folds) = (vec![String::new(); 99], 0)),
            ("--outside", |p| {
                (p.outside, p.settings.tokenizer_config.words) = (vec![String::new(); 99], Some((2, 2)))
            }),
            ("--passage-words", |p| p.passage_words = 1_000_000),
            ("--c", |p| p.settings.c = f64::NAN),
            ("--min-df", |p| p.settings.pruning.min_df = 0),
            ("--max-df", |p| p.settings.pruning.max_df = 1.5),
            ("--max-features", |p| p.settings.pruning.max_features = Some(0)),
            ("--folds", |p| p.folds = 1),
            ("--tolerance", |p| p.tolerance = 0.0),
        ];
        for (name, change) in wrong {
            let mut params = TrainParams::default();
            change(&mut params);
            assert!(params.check().unwrap_err().to_string().starts_with(name));
        }
        assert!(TrainParams::default().check().is_ok());
    }
}
