//! Records what a model was trained on and how: enough to repeat the training and to tell two
//! models apart.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::model::LearnedTexts;

/// The data, the parameters and the figures of a training. It is saved with the model, shown by
/// `standpoint inspect`, and holds no time of day, no path and no name of a machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// SHA-256 of the rows trained on: label, group, weight and text of each, in order.
    pub data_sha256: String,
    /// Rows with a label.
    pub rows: u64,
    /// Of those, rows for training only, never held out.
    pub train_only_rows: u64,
    /// Distinct groups of the rows that may be held out; without a group column, each row is one.
    pub groups: u64,
    /// Rows of each class, in class order.
    pub rows_by_class: Vec<u64>,
    /// Seed of the folds.
    pub seed: u64,
    /// Folds of the cross-validation that the calibration comes from; 0 for none.
    pub folds: u32,
    /// Inverse strength of the L2 penalty.
    pub c: f64,
    /// Whether classes were weighted to equal sums.
    pub balanced: bool,
    /// Lowest document frequency of a term.
    pub min_df: u32,
    /// Highest share of rows that may hold a term.
    pub max_df: f64,
    /// Limit on the number of features.
    pub max_features: Option<u64>,
    /// Iterations of the solver.
    pub iterations: u32,
    /// Whether it reached its tolerance.
    pub converged: bool,
    /// Final value of the objective.
    pub objective: f64,
    /// Macro-F1 of the cross-validation, before calibration (which does not change it).
    pub macro_f1: Option<f64>,
    /// Version of the Unicode tables: word boundaries, then normalization.
    pub unicode: (String, String),
    /// The date that was passed in, if any.
    pub date: Option<String>,
    /// The parameters, as options of the command line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub settings: String,
    /// Finished trials of the tuning; `None` for settings that were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trials: Option<u32>,
    /// Figures of the same training on rows held out at random, by groups, and by time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_out: Vec<HeldOutFigure>,
    /// Unlabeled texts that count in the idf.
    #[serde(rename = "unlabelled", default, skip_serializing_if = "Option::is_none")]
    pub unlabeled: Option<TextsNote>,
    /// Out-of-domain texts, which the threshold of `off-topic` comes from.
    #[serde(rename = "outside", default, skip_serializing_if = "Option::is_none")]
    pub out_of_domain: Option<TextsNote>,
    /// Whether the temperature of the calibration was given, and not fitted to held-out rows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fixed_temperature: bool,
    /// Word vectors that were learned from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vectors: Option<VectorsNote>,
    /// How a corpus and the caller's rows were joined; `None` for a model of rows alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adaptation: Option<Adaptation>,
    /// The texts and groups that it learned, by their hashes; of an adapted model the caller's own.
    /// `None` where they were too many, or were not to be named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learned_texts: Option<LearnedTexts>,
}

/// What a model was adapted from, and to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adaptation {
    /// SHA-256 of the corpus, which a model trained on it alone notes as its data.
    pub corpus_sha256: String,
    /// Rows of the corpus that were learned from; 0 where the caller's rows did better alone.
    pub corpus_rows: u64,
    /// SHA-256 of the caller's rows.
    pub own_sha256: String,
    /// The caller's rows: paragraphs, and passages of longer texts.
    pub own_rows: u64,
    /// Factor on the weight of each of them; 1 where they stand alone.
    pub own_weight: f64,
    /// What the margins of a model of the caller's rows alone were multiplied by before they were
    /// added; `None` if they were not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooled_share: Option<f64>,
    /// Macro-F1 on the caller's texts by nested cross-validation, in which every fold chose for
    /// itself.
    pub macro_f1: Option<f64>,
}

impl Adaptation {
    fn is_sound(&self, is_hash: impl Fn(&str) -> bool) -> bool {
        is_hash(&self.corpus_sha256)
            && is_hash(&self.own_sha256)
            && self.own_weight.is_finite()
            && self.own_weight > 0.0
            && self.pooled_share.is_none_or(|share| share.is_finite() && share > 0.0)
            && self.macro_f1.is_none_or(|f1| (0.0..=1.0).contains(&f1))
    }
}

/// Word vectors used in a training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VectorsNote {
    /// SHA-256 of their file.
    pub sha256: String,
    /// Number of words.
    pub words: u64,
    /// What the texts' vectors were multiplied by.
    pub scale: f64,
}

impl VectorsNote {
    fn is_sound(&self, is_hash: impl Fn(&str) -> bool) -> bool {
        is_hash(&self.sha256) && self.words > 0 && self.scale.is_finite() && self.scale > 0.0
    }
}

/// Macro-F1 on rows that were held out in one way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldOutFigure {
    /// `random rows`, `unseen groups` or `later dates`.
    pub by: String,
    /// Rows held out.
    pub rows: u64,
    /// Macro-F1 over them.
    pub macro_f1: f64,
}

/// Texts used in a training besides its rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextsNote {
    /// How many.
    pub texts: u64,
    /// SHA-256 over all of them, in order.
    pub sha256: String,
}

impl Provenance {
    /// Returns the versions of the Unicode tables of this program: word boundaries, then
    /// normalization.
    #[cfg(any(feature = "train", test))]
    pub(crate) fn unicode_tables() -> (String, String) {
        let (a, b, c) = unicode_segmentation::UNICODE_VERSION;
        let (d, e, f) = unicode_normalization::UNICODE_VERSION;
        (format!("{a}.{b}.{c}"), format!("{d}.{e}.{f}"))
    }

    /// Checks the values as far as that is possible without the data.
    ///
    /// # Errors
    /// A hash that is none, a date that is none, or numbers that are not finite.
    pub(crate) fn check(&self) -> Result<()> {
        let is_hash = |hash: &str| hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
        let is_text = |text: &str| text.len() <= 500 && !text.chars().any(char::is_control);
        let is_figure =
            |figure: &HeldOutFigure| is_text(&figure.by) && (0.0..=1.0).contains(&figure.macro_f1);
        let is_date = |date: &String| date.len() <= 40 && !date.chars().any(char::is_control);
        let is_version = |version: &String| {
            version.len() <= 20
                && version.split('.').count() == 3
                && version.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        };
        let rows = self.rows_by_class.iter().try_fold(0u64, |sum, &count| sum.checked_add(count));
        let checks = [
            ("data_sha256", is_hash(&self.data_sha256)),
            ("outside", self.out_of_domain.as_ref().is_none_or(|texts| is_hash(&texts.sha256))),
            ("unlabelled", self.unlabeled.as_ref().is_none_or(|texts| is_hash(&texts.sha256))),
            ("adaptation", self.adaptation.as_ref().is_none_or(|found| found.is_sound(is_hash))),
            ("vectors", self.vectors.as_ref().is_none_or(|vectors| vectors.is_sound(is_hash))),
            ("settings", is_text(&self.settings)),
            ("held_out", self.held_out.len() <= 10 && self.held_out.iter().all(is_figure)),
            ("date", self.date.as_ref().is_none_or(is_date)),
            (
                "learned_texts",
                self.learned_texts.as_ref().is_none_or(|learned| learned.texts.len() as u64 <= self.rows),
            ),
            ("unicode", is_version(&self.unicode.0) && is_version(&self.unicode.1)),
            ("rows_by_class", rows == Some(self.rows)),
            ("train_only_rows", self.train_only_rows <= self.rows),
            ("groups", self.groups <= self.rows),
            ("folds", self.folds <= 1000),
            ("c", self.c.is_finite() && self.c > 0.0),
            ("min_df", self.min_df >= 1),
            ("max_df", self.max_df > 0.0 && self.max_df <= 1.0),
            ("max_features", self.max_features != Some(0)),
            ("objective", self.objective.is_finite() && self.objective >= 0.0),
            ("macro_f1", self.macro_f1.is_none_or(|f1| (0.0..=1.0).contains(&f1))),
        ];
        match checks.iter().find(|(_, sound)| !sound) {
            None => Ok(()),
            Some((field, _)) => {
                Err(Error::model(format!("the value of `{field}` in its provenance cannot be")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provenance_without_a_hash_is_refused() {
        assert!(Provenance::default().check().is_err());
        let sound = Provenance {
            data_sha256: "0".repeat(64),
            rows: 5,
            rows_by_class: vec![2, 3],
            c: 1.0,
            min_df: 1,
            max_df: 1.0,
            unicode: Provenance::unicode_tables(),
            ..Provenance::default()
        };
        sound.check().unwrap();
        assert!(
            Provenance { rows: 6, ..sound.clone() }
                .check()
                .unwrap_err()
                .to_string()
                .contains("rows_by_class")
        );
        assert!(Provenance { max_df: 1e300, ..sound.clone() }.check().is_err());
        let vectors = VectorsNote { sha256: "0".repeat(64), words: 2, scale: 0.5 };
        let with = |vectors| Provenance { vectors: Some(vectors), ..sound.clone() };
        with(vectors.clone()).check().unwrap();
        for wrong in [
            VectorsNote { sha256: "x".into(), ..vectors.clone() },
            VectorsNote { words: 0, ..vectors.clone() },
            VectorsNote { scale: 0.0, ..vectors.clone() },
            VectorsNote { scale: f64::NAN, ..vectors },
        ] {
            assert!(with(wrong).check().unwrap_err().to_string().contains("`vectors`"));
        }
        assert!(Provenance { date: Some("2026\n".into()), ..sound }.check().is_err());
    }
}
