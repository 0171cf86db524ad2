//! Rows and outside texts to topic weights, and to the likeness under which a text is off-topic.

use crate::error::Result;
use crate::features::Featurizer;
use crate::model::{OffTopic, Topic};
use crate::tokenizer::TokenizerConfig;
use crate::train::dataset::DocumentTermMatrix;
use crate::train::dataset::count::{CountedTerms, count};
use crate::train::dataset::row::Rows;

/// The threshold lies where so many of the held-out outside texts are recognized ...
const RECALL: f64 = 0.95;
/// ... but never so high that more of the held-out rows are taken for outside texts.
const MOST_FALSE_ALARMS: f64 = 0.25;

/// The single words of rows and of outside texts.
pub(crate) struct Words {
    pub rows: DocumentTermMatrix,
    pub outside: DocumentTermMatrix,
}

/// How like each held-out text is to the rows it was not counted with.
#[derive(Default)]
pub(crate) struct OffTopicScores {
    pub rows: Vec<f64>,
    pub outside: Vec<f64>,
}

impl Words {
    /// Counts the single words of all of them, as the recipe makes them.
    pub(crate) fn new(rows: &Rows, outside: &[String], tokenizer_config: &TokenizerConfig) -> Result<Self> {
        let words = |texts: Vec<&str>| -> Result<DocumentTermMatrix> {
            Ok(count(&texts, tokenizer_config, CountedTerms { min_df: 1, only_words: true })?.0)
        };
        Ok(Words {
            rows: words(rows.rows.iter().map(|row| row.text.as_str()).collect())?,
            outside: words(outside.iter().map(String::as_str).collect())?,
        })
    }

    /// Topic weights of a featurizer's words by how many of the chosen rows and outside texts hold them.
    pub(crate) fn topic(&self, featurizer: &Featurizer, rows: &[usize], outside: &[usize]) -> Vec<f32> {
        let features = featurizer.vocabulary().len();
        let inside = frequencies(&self.rows, rows, featurizer);
        let beyond = frequencies(&self.outside, outside, featurizer);
        (0..features)
            .map(|feature| match (inside[feature], beyond[feature]) {
                (0, 0) => 0.0,
                (i, o) => Topic::log_odds((i, rows.len()), (o, outside.len())),
            })
            .collect()
    }

    /// The likenesses of one fold's texts, by the weights of all others.
    pub(crate) fn hold_out(
        &self,
        featurizer: &Featurizer,
        (held, kept): (&[usize], &[usize]),
        (fold, folds): (u32, u32),
    ) -> OffTopicScores {
        let in_fold = |text: &usize| *text % folds as usize == fold as usize;
        let (outside, others): (Vec<usize>, Vec<usize>) = (0..self.outside.len()).partition(in_fold);
        let weights = self.topic(featurizer, kept, &others);
        let of = |counted: &DocumentTermMatrix, texts: &[usize]| {
            let of_term: Vec<f64> = counted
                .terms()
                .singles()
                .iter()
                .map(|term| featurizer.vocabulary().find(term))
                .map(|feature| feature.map_or(0.0, |feature| f64::from(weights[feature as usize])))
                .collect();
            texts.iter().filter_map(|&text| likeness(counted, text, &of_term)).collect()
        };
        OffTopicScores { rows: of(&self.rows, held), outside: of(&self.outside, &outside) }
    }
}

/// How many of the chosen texts hold each feature that is a single word.
fn frequencies(counted: &DocumentTermMatrix, chosen: &[usize], featurizer: &Featurizer) -> Vec<u32> {
    let mut of_term = vec![0u32; counted.terms().len()];
    for &text in chosen {
        counted.row(text).for_each(|(term, _)| of_term[term as usize] += 1);
    }
    let mut of_feature = vec![0; featurizer.vocabulary().len()];
    for (term, frequency) in counted.terms().singles().iter().zip(of_term) {
        if let Some(feature) = featurizer.vocabulary().find(term) {
            of_feature[feature as usize] = frequency;
        }
    }
    of_feature
}

/// The likeness of a counted text by the topic weight of each term.
fn likeness(counted: &DocumentTermMatrix, text: usize, of_term: &[f64]) -> Option<f64> {
    let (mut sum, mut words) = (0.0, 0);
    for (term, count) in counted.row(text) {
        sum += of_term[term as usize] * f64::from(count);
        words += count as usize;
    }
    Topic::likeness(sum, words)
}

/// The threshold for the likenesses of all folds, with what it does to them. `None` without texts on both sides.
pub(crate) fn threshold<'l>(folds: impl Iterator<Item = &'l OffTopicScores>) -> Option<OffTopic> {
    let (mut rows, mut outside) = (Vec::new(), Vec::new());
    for fold in folds {
        rows.extend(&fold.rows);
        outside.extend(&fold.outside);
    }
    rows.sort_by(f64::total_cmp);
    outside.sort_by(f64::total_cmp);
    let recalled = at_share(&outside, RECALL)?;
    let least = recalled.min(at_share(&rows, MOST_FALSE_ALARMS)?);
    let under = |sorted: &[f64]| sorted.partition_point(|&value| value < least) as f64 / sorted.len() as f64;
    Some(OffTopic { least, recall: under(&outside), false_alarms: under(&rows) })
}

/// The value with at most this share of all values under it; `None` of no values.
fn at_share(sorted: &[f64], share: f64) -> Option<f64> {
    sorted.get((share * sorted.len() as f64) as usize).or(sorted.last()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_recognizes_outside_texts_and_spares_rows() {
        let apart = OffTopicScores {
            rows: (0..100).map(|n| 5.0 + f64::from(n)).collect(),
            outside: (0..100).map(|n| -f64::from(n)).collect(),
        };
        let found = threshold([&apart].into_iter()).unwrap();
        assert_eq!((found.least, found.recall, found.false_alarms), (-4.0, 0.95, 0.0));
        let mixed = OffTopicScores {
            rows: (0..100).map(f64::from).collect(),
            outside: (0..100).map(f64::from).collect(),
        };
        let found = threshold([&mixed].into_iter()).unwrap();
        assert_eq!((found.least, found.recall, found.false_alarms), (25.0, 0.25, 0.25));
        assert!(threshold([&OffTopicScores::default()].into_iter()).is_none());
    }
}
