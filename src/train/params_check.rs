//! Checks the parameters of a training: each value's range, and that no value contradicts another.

use crate::error::{Error, Message, Result};
use crate::model::{BlockKind, Calibration, Model, OffTopicWindow, Preparation};
use crate::train::dataset::text_vectors::check_forms;
use crate::train::hyperparameters::Hyperparameters;
use crate::train::params::{CalibrationChoice, TrainParams};
use crate::train::{BlockSettings, OneGroup, Pruning};

impl TrainParams {
    /// Least number of out-of-domain texts: fewer give no threshold.
    pub const MIN_OUT_OF_DOMAIN: usize = 50;

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
        self.term_fault()
            .or_else(|| self.held_out_fault())
            .or_else(|| self.off_topic_fault())
            .or_else(|| self.window_fault())
            .or_else(|| self.document_fault())
            .or_else(|| self.fit_fault())
    }

    /// What is wrong with the terms and what they weigh.
    fn term_fault(&self) -> Option<Error> {
        let Hyperparameters { tokenizer_config, blocks, pruning, c, .. } = &self.settings;
        let &Pruning { min_df, max_df, max_features, strip } = pruning;
        let strip_fault = |strip: OneGroup| !(strip.max_share > 0.0 && strip.max_share <= 1.0);
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
        } else {
            return BlockSettings::fault(blocks, tokenizer_config).or_else(|| self.settings.scaling_fault());
        })
    }

    /// What is wrong with what is measured on held-out rows, or fitted to them.
    fn held_out_fault(&self) -> Option<Error> {
        let (low, high) = Calibration::RANGE;
        Some(if self.folds == 0 && self.learning_curve {
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
        } else {
            return None;
        })
    }

    /// What is wrong with the texts about anything else, or with the threshold for them.
    fn off_topic_fault(&self) -> Option<Error> {
        let outside = self.out_of_domain.len();
        Some(if self.folds == 0 && outside > 0 {
            needs_folds("out_of_domain", "needs cross-validation: the threshold comes from held-out texts")
        } else if outside > 0 && outside < Self::MIN_OUT_OF_DOMAIN {
            let expected = format!("at least {}", Self::MIN_OUT_OF_DOMAIN);
            let message =
                Message::naming("`out_of_domain`").then(format!(" has {outside} texts; expected {expected}"));
            Error::invalid_parameter("out_of_domain", format!("{outside} texts"), expected)
                .with_message(message)
        } else if outside > 0 && !self.settings.tokenizer_config.has_single_words() {
            Error::invalid_parameter("out_of_domain", "no single words", "single words as features")
                .with_message(Message::naming("`out_of_domain` needs single words as features"))
                .with_hint(Message::naming("give `words=1-1 or 1-2`"))
        } else if let Some(least) = self.off_topic_threshold.filter(|least| !least.is_finite()) {
            Error::invalid_parameter("off_topic_threshold", least, "a number")
        } else if self.off_topic_threshold.is_some() && outside == 0 {
            Error::invalid_parameter("off_topic_threshold", "no outside texts", "outside texts")
                .with_message(Message::naming("`off_topic_threshold` needs texts about anything else"))
                .with_hint(Message::naming("give `out_of_domain`"))
        } else {
            return None;
        })
    }

    /// What is wrong with how parts of a document count in it.
    fn document_fault(&self) -> Option<Error> {
        let is_weight = |weight: &f64| (0.0..=1.0).contains(weight);
        let wrong_weight = |name, weight| Error::invalid_parameter(name, weight, "a number from 0 to 1");
        if !is_weight(&self.lone_quotation_weight) {
            return Some(wrong_weight("lone_quotation_weight", self.lone_quotation_weight));
        }
        if let Some((_, weight)) = self.passage_label_weights.iter().find(|(_, weight)| !is_weight(weight)) {
            return Some(wrong_weight("passage_label_weight", *weight));
        }
        (self.passage_words > Model::MAX_PASSAGE_WORDS).then(|| {
            let expected = format!("at most {}", Model::MAX_PASSAGE_WORDS);
            Error::invalid_parameter("passage_words", self.passage_words, expected)
        })
    }

    /// What is wrong with the number of fits and their exactness.
    fn fit_fault(&self) -> Option<Error> {
        if self.folds == 1 || self.folds > 50 {
            return Some(Error::invalid_parameter(
                "folds",
                self.folds,
                "2 to 50, or 0 for no cross-validation",
            ));
        }
        (!(self.tolerance > 0.0 && self.tolerance < 1.0))
            .then(|| Error::invalid_parameter("tolerance", self.tolerance, "a number between 0 and 1"))
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
}
