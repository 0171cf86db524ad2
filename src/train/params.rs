//! Checks what is asked of a training.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Message, Result};
use crate::label::LabelSet;
use crate::model::{BlockKind, Calibration, Model, OffTopicWindow, ParagraphWeight, Preparation, Unit};
use crate::named::named;
use crate::train::dataset::text_vectors::check_forms;
use crate::train::hyperparameters::Hyperparameters;
use crate::train::{BlockSettings, OneGroup, Pruning};
use crate::vectors::Vectors;

/// Everything that a training can be asked for. The defaults are meant for a few hundred to a few
/// thousand paragraphs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainParams {
    /// Terms, weights and C; where tuning starts from.
    pub settings: Hyperparameters,
    /// What one row is.
    pub unit: Unit,
    /// What was done to the rows' texts before, and is to be done to others; `None` for what suits
    /// the unit.
    pub preparation: Option<Preparation>,
    /// How paragraphs make a document.
    pub paragraph_weight: ParagraphWeight,
    /// Words of the passages that a document's paragraphs are joined into before they are scored; 0
    /// for none.
    pub passage_words: u32,
    /// How much the quotations count in a text that has fewer than `min_words` words beside them,
    /// from 0 to 1; without meaning where quotations are not skipped.
    pub lone_quotation_weight: f64,
    /// How much a passage of a label counts in its document, from 0 to 1; 1 for those that are not
    /// named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub passage_label_weights: Vec<(String, f64)>,
    /// Axis value of labels; empty for a model without an axis.
    pub axis: Vec<(String, f64)>,
    /// A text of fewer words is `too-short`.
    pub min_words: u32,
    /// Greatest share of wrong labels among those that are given; `None` to give all.
    pub max_error: Option<f64>,
    /// How margins become probabilities.
    pub calibration: CalibrationChoice,
    /// A temperature to take as it is; `None` to fit one, or what `calibration` says, to held-out
    /// rows.
    pub temperature: Option<f64>,
    /// Texts about anything else (out-of-domain texts), for the threshold of `off-topic`; empty for
    /// a model without.
    pub out_of_domain: Vec<String>,
    /// The topic score below which a text is `off-topic`; `None` for the one that held-out texts
    /// give. Needs `out_of_domain`.
    pub off_topic_threshold: Option<f64>,
    /// Words of a window: a text of at least twice as many is judged by its best window, the one
    /// most like the rows. 0 to judge all texts by all of their words. Needs `out_of_domain`.
    #[serde(skip_serializing_if = "is_zero")]
    pub off_topic_window: u32,
    /// The topic score of the best window below which a long text is `off-topic`; `None` for the
    /// one that held-out texts give. Needs `off_topic_window`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_topic_window_threshold: Option<f64>,
    /// Texts without labels whose words count in the idf; empty for the rows' own alone.
    pub unlabeled: Vec<String>,
    /// Word vectors, which let what a label teaches about one word pass to words like it; they need
    /// a block of the kind [`BlockKind::Vectors`].
    #[serde(skip)]
    pub vectors: Option<Arc<Vectors>>,
    /// Whether to hold out at random, by groups and by time beside the cross-validation, where the
    /// rows allow it.
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
    /// Whether the model names the texts and groups of its rows by hashes, so that figures on them
    /// are known to be too good. More texts than
    /// [`LearnedTexts::MAX_TEXTS`](crate::model::LearnedTexts::MAX_TEXTS) are not named.
    #[serde(skip_serializing)]
    pub name_texts: bool,
}

impl Default for TrainParams {
    fn default() -> Self {
        TrainParams {
            settings: Hyperparameters::default(),
            unit: Unit::Paragraph,
            preparation: None,
            paragraph_weight: ParagraphWeight::default(),
            passage_words: 0,
            lone_quotation_weight: 1.0,
            passage_label_weights: Vec::new(),
            axis: Vec::new(),
            min_words: 5,
            max_error: None,
            calibration: CalibrationChoice::Auto,
            temperature: None,
            out_of_domain: Vec::new(),
            off_topic_threshold: None,
            off_topic_window: 0,
            off_topic_window_threshold: None,
            unlabeled: Vec::new(),
            vectors: None,
            held_out: true,
            learning_curve: false,
            folds: 5,
            seed: 1,
            tolerance: 1e-6,
            date: None,
            name_texts: true,
        }
    }
}

fn is_zero(words: &u32) -> bool {
    *words == 0
}

/// Which calibration to fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CalibrationChoice {
    /// Vector scaling if it has the lower log loss on held-out folds without a lower macro-F1
    /// there, and no scale is negative; else the temperature.
    #[default]
    Auto,
    /// One temperature: what is scored may have other shares of labels than the rows.
    Temperature,
    /// A scale and a shift for each class.
    Vector,
}

named!(CalibrationChoice { Auto: "auto", Temperature: "temperature", Vector: "vector" });

/// Checked parameters; only [`TrainParams::plan`] makes one.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(super) params: TrainParams,
}

impl TrainParams {
    /// Least number of out-of-domain texts: fewer give no threshold.
    pub const MIN_OUT_OF_DOMAIN: usize = 50;

    /// With the language rules of new models.
    pub(crate) fn with_current_language_rules(mut self) -> Self {
        self.settings.tokenizer_config = self.settings.tokenizer_config.with_current_language_rules();
        self
    }

    /// Checks every value, and keeps them.
    pub(crate) fn plan(self) -> Result<Plan> {
        self.check()?;
        Ok(Plan { params: self })
    }

    /// Checks every value.
    ///
    /// # Errors
    /// The first value outside its range, with what was expected.
    pub fn check(&self) -> Result<()> {
        self.settings.tokenizer_config.check()?;
        self.preparation.as_ref().map_or(Ok(()), Preparation::check_columns)?;
        self.check_vectors()?;
        self.fault().map_or(Ok(()), Err)
    }

    /// The weights of passages by class; nothing where none is named.
    ///
    /// # Errors
    /// A label that the rows lack, or one that is named twice.
    pub(crate) fn passage_label_weights_of(&self, labels: &LabelSet) -> Result<Vec<f64>> {
        if self.passage_label_weights.is_empty() {
            return Ok(Vec::new());
        }
        let mut weights = vec![None; labels.len()];
        for (name, weight) in &self.passage_label_weights {
            match weights.get_mut(labels.require(name)?.index()) {
                Some(slot @ None) => *slot = Some(*weight),
                _ => {
                    let found = format!("`{name}` twice");
                    return Err(Error::invalid_parameter("passage_label_weight", found, "each label once"));
                }
            }
        }
        let weights: Vec<f64> = weights.into_iter().map(|weight| weight.unwrap_or(1.0)).collect();
        if weights.iter().all(|weight| *weight == 0.0) {
            let expected = "a weight above 0 for one label or more";
            return Err(Error::invalid_parameter("passage_label_weight", "0 for every label", expected));
        }
        Ok(weights)
    }

    /// Checks that there are vectors and a block of them, or neither.
    fn check_vectors(&self) -> Result<()> {
        let block = self.settings.blocks.iter().find(|block| block.kind == BlockKind::Vectors);
        match (&self.vectors, block) {
            (None, Some(_)) => Err(Error::invalid_parameter("vectors", "none", "word vectors")
                .with_message(Message::naming("a block of vectors needs `vectors`"))),
            // Training brings the rules of the language up to date.
            (Some(vectors), Some(_)) => {
                let config = &self.settings.tokenizer_config;
                check_forms(vectors, config)
                    .or_else(|_| check_forms(vectors, &config.clone().with_current_language_rules()))
            }
            (Some(_), None) => Err(Error::invalid_parameter("vectors", "no block of vectors", "one")
                .with_message(Message::naming("`vectors` needs a block of vectors"))),
            (None, None) => Ok(()),
        }
    }

    /// What is wrong with the windows of `off-topic`.
    fn window_fault(&self) -> Option<Error> {
        let (words, least) = (self.off_topic_window, self.off_topic_window_threshold);
        if words > OffTopicWindow::MAX_WORDS {
            let expected = format!("at most {}", OffTopicWindow::MAX_WORDS);
            return Some(Error::invalid_parameter("off_topic_window", words, expected));
        }
        if words > 0 && self.out_of_domain.is_empty() {
            let found = "no outside texts";
            return Some(
                Error::invalid_parameter("off_topic_window", found, "outside texts")
                    .with_message(Message::naming("`off_topic_window` needs texts about anything else"))
                    .with_hint(Message::naming("give `out_of_domain`")),
            );
        }
        let least = least?;
        if !least.is_finite() {
            return Some(Error::invalid_parameter("off_topic_window_threshold", least, "a number"));
        }
        (words == 0).then(|| {
            Error::invalid_parameter("off_topic_window_threshold", "no windows", "windows")
                .with_message(Message::naming("`off_topic_window_threshold` needs windows"))
                .with_hint(Message::naming("give `off_topic_window`"))
        })
    }

    /// The first value that is outside its range or contradicts another.
    fn fault(&self) -> Option<Error> {
        let Hyperparameters { tokenizer_config, blocks, pruning, c, .. } = &self.settings;
        let &Pruning { min_df, max_df, max_features, strip } = pruning;
        let strip_fault = |strip: OneGroup| !(strip.max_share > 0.0 && strip.max_share <= 1.0);
        let outside = self.out_of_domain.len();
        let (low, high) = Calibration::RANGE;
        Some(if !(c.is_finite() && *c > 0.0) {
            Error::invalid_parameter("c", c, "a positive number")
        } else if min_df == 0 {
            Error::invalid_parameter("min_df", min_df, "at least 1")
        } else if !(max_df > 0.0 && max_df <= 1.0) {
            Error::invalid_parameter("max_df", max_df, "a share above 0, at most 1")
        } else if max_features == Some(0) {
            Error::invalid_parameter("max_features", 0, "at least 1")
        } else if let Some(strip) = strip.filter(|strip| strip_fault(*strip)) {
            let expected = "a share above 0, at most 1";
            Error::invalid_parameter("strip", strip.max_share, expected)
                .with_message(format!("terms of one group: expected {expected}"))
        } else if let Some(fault) = BlockSettings::fault(blocks, tokenizer_config) {
            fault
        } else if let Some(fault) = self.settings.scaling_fault() {
            fault
        } else if self.folds == 0 && self.learning_curve {
            needs_folds("learning_curve", "needs cross-validation")
        } else if let Some(share) = self.max_error.filter(|share| !(0.0..1.0).contains(share)) {
            Error::invalid_parameter("max_error", share, "a share from 0, below 1")
        } else if let Some(temperature) = self.temperature.filter(|fixed| !(low..=high).contains(fixed)) {
            Error::invalid_parameter("temperature", temperature, format!("{low} to {high}"))
        } else if self.temperature.is_some() && self.calibration == CalibrationChoice::Vector {
            Error::invalid_parameter("temperature", "vector scaling beside it", "one calibration")
                .with_message(Message::naming("`temperature` cannot be given with `calibration=vector`"))
                .with_hint(Message::naming("leave one of them out"))
        } else if self.folds == 0 && self.temperature.is_none() && self.calibration != CalibrationChoice::Auto
        {
            needs_folds("calibration", "needs cross-validation, because it is fitted to held-out rows")
        } else if self.folds == 0 && self.max_error.is_some() {
            needs_folds("max_error", "needs cross-validation, because errors are measured on held-out rows")
        } else if self.folds == 0 && outside > 0 {
            needs_folds("out_of_domain", "needs cross-validation: the threshold comes from held-out texts")
        } else if outside > 0 && outside < Self::MIN_OUT_OF_DOMAIN {
            let expected = format!("at least {}", Self::MIN_OUT_OF_DOMAIN);
            let message =
                Message::naming("`out_of_domain`").then(format!(" has {outside} texts; expected {expected}"));
            Error::invalid_parameter("out_of_domain", format!("{outside} texts"), expected)
                .with_message(message)
        } else if outside > 0 && !tokenizer_config.has_single_words() {
            Error::invalid_parameter("out_of_domain", "no single words", "single words as features")
                .with_message(Message::naming("`out_of_domain` needs single words as features"))
                .with_hint(Message::naming("give `words=1-1 or 1-2`"))
        } else if let Some(least) = self.off_topic_threshold.filter(|least| !least.is_finite()) {
            Error::invalid_parameter("off_topic_threshold", least, "a number")
        } else if self.off_topic_threshold.is_some() && outside == 0 {
            Error::invalid_parameter("off_topic_threshold", "no outside texts", "outside texts")
                .with_message(Message::naming("`off_topic_threshold` needs texts about anything else"))
                .with_hint(Message::naming("give `out_of_domain`"))
        } else if let Some(fault) = self.window_fault() {
            fault
        } else if !(0.0..=1.0).contains(&self.lone_quotation_weight) {
            Error::invalid_parameter(
                "lone_quotation_weight",
                self.lone_quotation_weight,
                "a number from 0 to 1",
            )
        } else if let Some((_, weight)) =
            self.passage_label_weights.iter().find(|(_, weight)| !(0.0..=1.0).contains(weight))
        {
            Error::invalid_parameter("passage_label_weight", weight, "a number from 0 to 1")
        } else if self.passage_words > Model::MAX_PASSAGE_WORDS {
            let expected = format!("at most {}", Model::MAX_PASSAGE_WORDS);
            Error::invalid_parameter("passage_words", self.passage_words, expected)
        } else if self.folds == 1 || self.folds > 50 {
            Error::invalid_parameter("folds", self.folds, "2 to 50, or 0 for no cross-validation")
        } else if !(self.tolerance > 0.0 && self.tolerance < 1.0) {
            Error::invalid_parameter("tolerance", self.tolerance, "a number between 0 and 1")
        } else {
            return None;
        })
    }
}

/// Reports a parameter that means nothing without cross-validation; `reason` goes on after its
/// name.
fn needs_folds(name: &'static str, reason: &'static str) -> Error {
    Error::invalid_parameter(name, "0 folds", "cross-validation")
        .with_message(Message::parameter(name).then(" ").then(reason))
        .with_hint(Message::naming("give `folds`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_outside_their_range_are_named() {
        type Change = fn(&mut TrainParams);
        let wrong: &[(&str, Change)] = &[
            ("off_topic_threshold", |p| p.off_topic_threshold = Some(0.9)),
            ("off_topic_threshold", |p| {
                p.off_topic_threshold = Some(f64::INFINITY);
                p.out_of_domain = vec!["one text".to_owned(); 60];
            }),
            ("off_topic_window", |p| p.off_topic_window = 80),
            ("off_topic_window", |p| {
                p.off_topic_window = 20_000;
                p.out_of_domain = vec!["one text".to_owned(); 60];
            }),
            ("off_topic_window_threshold", |p| p.off_topic_window_threshold = Some(2.0)),
            ("off_topic_window_threshold", |p| {
                (p.off_topic_window, p.off_topic_window_threshold) = (80, Some(f64::NAN));
                p.out_of_domain = vec!["one text".to_owned(); 60];
            }),
            ("temperature", |p| p.temperature = Some(0.0)),
            ("temperature", |p| p.temperature = Some(f64::NAN)),
            ("temperature", |p| p.temperature = Some(101.0)),
            ("temperature", |p| (p.temperature, p.calibration) = (Some(1.0), CalibrationChoice::Vector)),
            ("learning_curve", |p| (p.learning_curve, p.folds) = (true, 0)),
            ("max_error", |p| p.max_error = Some(1.0)),
            ("max_error", |p| p.max_error = Some(f64::NAN)),
            ("max_error", |p| p.max_error = Some(-0.1)),
            ("calibration", |p| (p.calibration, p.folds) = (CalibrationChoice::Vector, 0)),
            ("text_column", |p| p.preparation = Some(Preparation::from_columns(["a", "b", "a"]))),
            ("max_error", |p| (p.max_error, p.folds) = (Some(0.1), 0)),
            ("out_of_domain", |p| p.out_of_domain = vec!["one text".to_owned()]),
            ("out_of_domain", |p| (p.out_of_domain, p.folds) = (vec![String::new(); 99], 0)),
            ("out_of_domain", |p| {
                (p.out_of_domain, p.settings.tokenizer_config.words) = (vec![String::new(); 99], Some((2, 2)))
            }),
            ("passage_words", |p| p.passage_words = 1_000_000),
            ("lone_quotation_weight", |p| p.lone_quotation_weight = f64::NAN),
            ("passage_label_weight", |p| p.passage_label_weights = vec![("a".to_owned(), 1.5)]),
            ("house_style", |p| {
                p.settings.tokenizer_config.language = None;
                p.settings.tokenizer_config.house_style = crate::tokenizer::HouseStyle::Unify;
            }),
            ("c", |p| p.settings.c = f64::NAN),
            ("min_df", |p| p.settings.pruning.min_df = 0),
            ("max_df", |p| p.settings.pruning.max_df = 1.5),
            ("max_features", |p| p.settings.pruning.max_features = Some(0)),
            ("block", |p| {
                p.settings.blocks =
                    vec![BlockSettings { weight: -1.0, ..BlockSettings::new(BlockKind::Words) }]
            }),
            ("naive_bayes", |p| p.settings.naive_bayes = -0.5),
            ("naive_bayes", |p| p.settings.naive_bayes = f64::NAN),
            ("ngram_weight", |p| p.settings.ngram_weight = 0.0),
            ("ngram_weight", |p| p.settings.ngram_weight = f64::INFINITY),
            ("label_smoothing", |p| p.settings.label_smoothing = 1.0),
            ("folds", |p| p.folds = 1),
            ("tolerance", |p| p.tolerance = 0.0),
        ];
        for &(name, change) in wrong {
            let mut params = TrainParams::default();
            change(&mut params);
            assert_eq!(params.check().unwrap_err().parameter(), Some(name));
        }
        assert!(TrainParams::default().check().is_ok());
        let fixed = TrainParams {
            temperature: Some(1.2),
            calibration: CalibrationChoice::Temperature,
            folds: 0,
            ..TrainParams::default()
        };
        assert!(fixed.check().is_ok(), "nothing is fitted, so nothing needs to be held out");
    }

    #[test]
    fn parameters_are_written_and_read_back_and_may_be_given_in_part() {
        let params = TrainParams {
            axis: vec![("for".to_owned(), 1.0)],
            max_error: Some(0.2),
            ..TrainParams::default()
        };
        let written = serde_json::to_string(&params).unwrap();
        assert_eq!(serde_json::from_str::<TrainParams>(&written).unwrap(), params);
        let part = r#"{"folds": 3, "settings": {"c": 2.5, "weighting": "binary", "pruning": {"min_df": 1}}}"#;
        let read: TrainParams = serde_json::from_str(part).unwrap();
        let mut expected = TrainParams { folds: 3, ..TrainParams::default() };
        expected.settings.c = 2.5;
        expected.settings.weighting = crate::features::Weighting::Binary;
        expected.settings.pruning.min_df = 1;
        assert_eq!(read, expected);
        assert!(serde_json::from_str::<TrainParams>(r#"{"fold": 3}"#).is_err());
    }
}
