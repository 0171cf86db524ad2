//! Learns topic weights from rows and out-of-domain texts, and the score under which a text is off-topic.

use std::collections::BTreeMap;

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

/// Least number of documents of several rows for which documents get a threshold of their own.
const MIN_DOCUMENTS: usize = 30;
/// Most rows of a document.
const DOCUMENT_ROWS: usize = 3;

/// The single words of rows and of out-of-domain texts.
pub(crate) struct TopicWords {
    pub rows: DocumentTermMatrix,
    pub out_of_domain: DocumentTermMatrix,
}

/// How like each held-out text is to the rows that it was not counted with.
#[derive(Default)]
pub(crate) struct OffTopicScores {
    /// Each held-out row by its number.
    pub rows: Vec<(usize, TopicScore)>,
    /// The likeness of each held-out text.
    pub out_of_domain: Vec<f64>,
}

/// What the likeness of a text comes from.
#[derive(Clone, Copy, Default)]
pub(crate) struct TopicScore {
    /// Sum of its words' weights.
    sum: f64,
    words: usize,
}

impl TopicScore {
    /// `None` without words.
    fn likeness(self) -> Option<f64> {
        Topic::likeness(self.sum, self.words)
    }
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
            let score = |&text: &usize| (text, topic_score(counted, text, &of_term));
            texts.iter().map(score).collect::<Vec<_>>()
        };
        let out_of_domain = of(&self.out_of_domain, &held_out);
        OffTopicScores {
            rows: of(&self.rows, fold.test),
            out_of_domain: out_of_domain.into_iter().filter_map(|(_, score)| score.likeness()).collect(),
        }
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

/// Scores a counted text by the topic weight of each term.
fn topic_score(counted: &DocumentTermMatrix, text: usize, of_term: &[f64]) -> TopicScore {
    let mut score = TopicScore::default();
    for (term, count) in counted.row(text) {
        score.sum += of_term[term as usize] * f64::from(count);
        score.words += count as usize;
    }
    score
}

/// The thresholds for the scores of all folds, with the shares that lie under the one for units: `fixed`, or what the recall asks for.
/// `None` without texts on both sides. Documents have a threshold of their own where there are enough of them.
pub(crate) fn threshold<'l>(
    groups: &[usize],
    folds: impl Iterator<Item = &'l OffTopicScores>,
    fixed: Option<f64>,
) -> Option<OffTopic> {
    let (mut held_out, mut out_of_domain) = (Vec::new(), Vec::new());
    for fold in folds {
        held_out.extend(&fold.rows);
        out_of_domain.extend(&fold.out_of_domain);
    }
    let mut rows: Vec<f64> = held_out.iter().filter_map(|(_, score)| score.likeness()).collect();
    rows.sort_by(f64::total_cmp);
    out_of_domain.sort_by(f64::total_cmp);
    let recalled = at_share(&out_of_domain, RECALL)?.min(at_share(&rows, MAX_FALSE_ALARMS)?);
    let least = fixed.unwrap_or(recalled);
    let under = |sorted: &[f64]| sorted.partition_point(|&value| value < least) as f64 / sorted.len() as f64;
    let (recall, false_alarms) = (under(&out_of_domain), under(&rows));
    let document = document_threshold(&documents(groups, held_out), least, false_alarms);
    Some(OffTopic { least, document, recall, false_alarms })
}

/// Held-out documents: the rows of a group one after the other, [`DOCUMENT_ROWS`] at a time, and their likeness in order. A group may be an
/// outlet with hundreds of rows, which no document has.
fn documents(groups: &[usize], held_out: Vec<(usize, TopicScore)>) -> Vec<f64> {
    let mut of_group: BTreeMap<usize, Vec<TopicScore>> = BTreeMap::new();
    held_out.into_iter().for_each(|(row, score)| of_group.entry(groups[row]).or_default().push(score));
    let documents =
        of_group.values().flat_map(|rows| rows.chunks(DOCUMENT_ROWS)).filter(|rows| rows.len() > 1);
    let whole = |rows: &[TopicScore]| {
        let sum = |sum: TopicScore, row: &TopicScore| TopicScore {
            sum: sum.sum + row.sum,
            words: sum.words + row.words,
        };
        rows.iter().fold(TopicScore::default(), sum).likeness()
    };
    let mut likeness: Vec<f64> = documents.filter_map(whole).collect();
    likeness.sort_by(f64::total_cmp);
    likeness
}

/// The likeness under which as many documents lie as units do under theirs. The likeness of a text grows with the root of its length,
/// whichever its subject: so it is no lower than that of units, and no higher than that of a document of such units. `None` for few documents.
fn document_threshold(documents: &[f64], least: f64, false_alarms: f64) -> Option<f64> {
    let longest = least.max(least * (DOCUMENT_ROWS as f64).sqrt());
    let alike = at_share(documents, false_alarms).filter(|_| documents.len() >= MIN_DOCUMENTS)?;
    Some(alike.clamp(least, longest))
}

/// The value with at most this share of all values under it; `None` of no values.
fn at_share(sorted: &[f64], share: f64) -> Option<f64> {
    sorted.get((share * sorted.len() as f64) as usize).or(sorted.last()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of one word each, whose likeness is their sum.
    fn scores(rows: impl Iterator<Item = f64>, out_of_domain: impl Iterator<Item = f64>) -> OffTopicScores {
        let rows = rows.enumerate().map(|(row, sum)| (row, TopicScore { sum, words: 1 })).collect();
        OffTopicScores { rows, out_of_domain: out_of_domain.collect() }
    }

    fn found(scores: &OffTopicScores, group_rows: usize, fixed: Option<f64>) -> OffTopic {
        let groups: Vec<usize> = (0..scores.rows.len()).map(|row| row / group_rows).collect();
        threshold(&groups, [scores].into_iter(), fixed).unwrap()
    }

    #[test]
    fn the_threshold_recognizes_out_of_domain_texts_and_spares_rows() {
        let numbers = || (0..100).map(f64::from);
        let apart = found(&scores(numbers().map(|n| 5.0 + n), numbers().map(|n| -n)), 1, None);
        assert_eq!((apart.least, apart.recall, apart.false_alarms), (-4.0, 0.95, 0.0));
        let mixed = scores(numbers(), numbers());
        let of_mixed = found(&mixed, 1, None);
        assert_eq!((of_mixed.least, of_mixed.recall, of_mixed.false_alarms), (25.0, 0.25, 0.25));
        assert!(threshold(&[], [&OffTopicScores::default()].into_iter(), None).is_none());
        let fixed = found(&mixed, 1, Some(50.0));
        assert_eq!((fixed.least, fixed.recall, fixed.false_alarms), (50.0, 0.5, 0.5));
    }

    #[test]
    fn documents_have_a_threshold_of_their_own_where_there_are_enough() {
        let rows =
            |count: i32| scores((0..count).map(|n| f64::from(n % 10)), (0..100).map(|n| f64::from(-n)));
        assert_eq!(found(&rows(200), 1, Some(1.0)).document, None, "no group has two rows");
        assert_eq!(found(&rows(58), 2, Some(1.0)).document, None, "29 documents");
        // One row in ten is under 1, and of the documents of 0 and 1, 2 and 3, ... one in five is at 1 / sqrt(2).
        assert_eq!(found(&rows(200), 2, Some(1.0)).document, Some(1.0), "no lower than that of units");
        // Three rows in ten are under 3; documents are at 1, 5, 9, 13, 17 over sqrt(2).
        assert_eq!(found(&rows(200), 2, Some(3.0)).document, Some(5.0 / 2f64.sqrt()));
        // A group of a hundred rows is no document: rows of it are, three at a time, and the last alone is none.
        let most = found(&rows(300), 100, Some(5.0)).document.unwrap();
        assert!((5.0..=5.0 * 3f64.sqrt()).contains(&most), "{most}");
        let far = found(&scores((0..90).map(|_| 50.0), (0..90).map(f64::from)), 3, Some(2.0));
        assert_eq!(far.document, Some(2.0 * 3f64.sqrt()), "no higher than a document of units at theirs");
        let negative = found(&scores((0..90).map(|_| 50.0), (0..90).map(f64::from)), 3, Some(-2.0));
        assert_eq!(negative.document, Some(-2.0));
    }
}
