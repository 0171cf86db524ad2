//! Learns topic weights from rows and out-of-domain texts, and the score under which a text is off-topic.

use crate::error::Result;
use crate::features::Featurizer;
use crate::model::{DocumentFrequency, OffTopic, Topic};
use crate::tokenizer::TokenizerConfig;
use crate::train::dataset::DocumentTermMatrix;
use crate::train::dataset::count::{CountedTerms, count};
use crate::train::dataset::counted::Corpus;

/// Share of the held-out out-of-domain texts that lie under the threshold ...
const RECALL: f64 = 0.95;
/// ... unless more than this share of the held-out rows would lie under it as well.
const MAX_FALSE_ALARMS: f64 = 0.25;

/// The single words of rows and of out-of-domain texts.
pub(crate) struct TopicWords {
    pub rows: DocumentTermMatrix,
    pub out_of_domain: DocumentTermMatrix,
}

/// How like each held-out text is to the rows that it was not counted with.
#[derive(Default)]
pub(crate) struct OffTopicScores {
    pub rows: Vec<f64>,
    pub out_of_domain: Vec<f64>,
}

/// What is held out in one fold, and what its model learned from.
pub(crate) struct TopicFold<'f> {
    /// Number of the fold.
    pub fold: u32,
    /// Number of folds.
    pub folds: u32,
    /// Rows that are held out.
    pub test: &'f [usize],
    /// Rows to count.
    pub train: &'f [usize],
}

impl TopicWords {
    /// Counts the single words of all of them.
    pub(crate) fn new(
        corpus: Corpus<'_>,
        out_of_domain: &[String],
        tokenizer_config: &TokenizerConfig,
    ) -> Result<Self> {
        let words = |texts: Vec<&str>| -> Result<DocumentTermMatrix> {
            let kept = CountedTerms { min_df: 1, only_words: true, min_words: corpus.min_words };
            Ok(count(&texts, tokenizer_config, kept, corpus.progress)?.0)
        };
        Ok(TopicWords {
            rows: words(corpus.rows.rows.iter().map(|row| row.text.as_str()).collect())?,
            out_of_domain: words(out_of_domain.iter().map(String::as_str).collect())?,
        })
    }

    /// Topic weights of a featurizer's words by how many of the chosen rows and out-of-domain texts hold them.
    pub(crate) fn topic(&self, featurizer: &Featurizer, rows: &[usize], out_of_domain: &[usize]) -> Vec<f32> {
        let features = featurizer.vocabulary().len();
        let inside = frequencies(&self.rows, rows, featurizer);
        let beyond = frequencies(&self.out_of_domain, out_of_domain, featurizer);
        (0..features)
            .map(|feature| match (inside[feature], beyond[feature]) {
                (0, 0) => 0.0,
                (i, o) => Topic::log_odds(
                    DocumentFrequency { with_word: i, texts: rows.len() },
                    DocumentFrequency { with_word: o, texts: out_of_domain.len() },
                ),
            })
            .collect()
    }

    /// Scores one fold's texts by the weights of all others.
    pub(crate) fn hold_out(&self, featurizer: &Featurizer, fold: TopicFold<'_>) -> OffTopicScores {
        let in_fold = |text: &usize| *text % fold.folds as usize == fold.fold as usize;
        let (held_out, others): (Vec<usize>, Vec<usize>) = (0..self.out_of_domain.len()).partition(in_fold);
        let weights = self.topic(featurizer, fold.train, &others);
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
        OffTopicScores { rows: of(&self.rows, fold.test), out_of_domain: of(&self.out_of_domain, &held_out) }
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

/// The threshold for the scores of all folds, with the shares that lie under it. `None` without texts on both sides.
pub(crate) fn threshold<'l>(folds: impl Iterator<Item = &'l OffTopicScores>) -> Option<OffTopic> {
    let (mut rows, mut out_of_domain) = (Vec::new(), Vec::new());
    for fold in folds {
        rows.extend(&fold.rows);
        out_of_domain.extend(&fold.out_of_domain);
    }
    rows.sort_by(f64::total_cmp);
    out_of_domain.sort_by(f64::total_cmp);
    let recalled = at_share(&out_of_domain, RECALL)?;
    let least = recalled.min(at_share(&rows, MAX_FALSE_ALARMS)?);
    let under = |sorted: &[f64]| sorted.partition_point(|&value| value < least) as f64 / sorted.len() as f64;
    Some(OffTopic { least, recall: under(&out_of_domain), false_alarms: under(&rows) })
}

/// The value with at most this share of all values under it; `None` of no values.
fn at_share(sorted: &[f64], share: f64) -> Option<f64> {
    sorted.get((share * sorted.len() as f64) as usize).or(sorted.last()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_recognizes_out_of_domain_texts_and_spares_rows() {
        let apart = OffTopicScores {
            rows: (0..100).map(|n| 5.0 + f64::from(n)).collect(),
            out_of_domain: (0..100).map(|n| -f64::from(n)).collect(),
        };
        let found = threshold([&apart].into_iter()).unwrap();
        assert_eq!((found.least, found.recall, found.false_alarms), (-4.0, 0.95, 0.0));
        let mixed = OffTopicScores {
            rows: (0..100).map(f64::from).collect(),
            out_of_domain: (0..100).map(f64::from).collect(),
        };
        let found = threshold([&mixed].into_iter()).unwrap();
        assert_eq!((found.least, found.recall, found.false_alarms), (25.0, 0.25, 0.25));
        assert!(threshold([&OffTopicScores::default()].into_iter()).is_none());
    }
}
