//! Learns topic weights from rows and out-of-domain texts, and scores texts that were held out from
//! the learning.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::features::Featurizer;
use crate::model::{BestWindow, DocumentFrequency, Topic};
use crate::tokenizer::TokenizerConfig;
use crate::train::dataset::DocumentTermMatrix;
use crate::train::dataset::count::{CountedTerms, count};
use crate::train::dataset::counted::Corpus;

/// Documents that are judged by their best window are made of texts until they have as many words
/// as so many windows: a news article of 400 words for windows of 80.
const DOCUMENT_WINDOWS: usize = 5;

/// The single words of rows and of out-of-domain texts.
pub(crate) struct TopicWords {
    rows: WordsOfTexts,
    out_of_domain: WordsOfTexts,
    /// Words of the windows that long texts are judged by; 0 for none.
    window_words: usize,
}

/// The single words of texts.
struct WordsOfTexts {
    counted: DocumentTermMatrix,
    /// The words of each text in their order; empty where nobody asks for windows.
    in_order: Vec<Vec<u32>>,
}

/// How like each held-out text is to the rows that it was not counted with.
#[derive(Default)]
pub(crate) struct OffTopicScores {
    /// Each held-out row by its number.
    pub rows: Vec<(usize, TopicScore)>,
    /// The likeness of each held-out text.
    pub out_of_domain: Vec<f64>,
    /// The likeness of the best window of each document that is made of held-out rows, ...
    pub row_windows: Vec<f64>,
    /// ... and of each that is made of held-out texts.
    pub out_of_domain_windows: Vec<f64>,
}

/// What the likeness of a text comes from.
#[derive(Clone, Copy, Default)]
pub(crate) struct TopicScore {
    /// Sum of its words' weights.
    pub sum: f64,
    pub words: usize,
}

impl TopicScore {
    /// `None` without words.
    pub(super) fn likeness(self) -> Option<f64> {
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
    /// The group of every row.
    pub groups: &'f [usize],
}

impl TopicWords {
    /// Counts the single words of all of them, and keeps their order where there are windows.
    pub(crate) fn new(
        corpus: Corpus<'_>,
        out_of_domain: &[String],
        tokenizer_config: &TokenizerConfig,
        window_words: u32,
    ) -> Result<Self> {
        let words = |texts: Vec<&str>| -> Result<WordsOfTexts> {
            let kept = CountedTerms { min_df: 1, only_words: true, min_words: corpus.min_words };
            let (counted, ids) = count(&texts, tokenizer_config, kept, corpus.progress)?;
            let in_order = match window_words {
                0 => Vec::new(),
                _ => ids.in_order(&texts, counted.terms(), corpus.progress)?,
            };
            Ok(WordsOfTexts { counted, in_order })
        };
        Ok(TopicWords {
            rows: words(corpus.rows.rows.iter().map(|row| row.text.as_str()).collect())?,
            out_of_domain: words(out_of_domain.iter().map(String::as_str).collect())?,
            window_words: window_words as usize,
        })
    }

    /// Number of out-of-domain texts.
    pub(crate) fn out_of_domain(&self) -> usize {
        self.out_of_domain.counted.len()
    }

    /// Topic weights of a featurizer's words by how many of the chosen rows and out-of-domain texts
    /// hold them.
    pub(crate) fn topic(&self, featurizer: &Featurizer, rows: &[usize], out_of_domain: &[usize]) -> Vec<f32> {
        let features = featurizer.vocabulary().len();
        let inside = frequencies(&self.rows.counted, rows, featurizer);
        let beyond = frequencies(&self.out_of_domain.counted, out_of_domain, featurizer);
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
        let (held_out, others): (Vec<usize>, Vec<usize>) = (0..self.out_of_domain()).partition(in_fold);
        let weights = self.topic(featurizer, fold.train, &others);
        let rows = Weighed::new(&self.rows, featurizer, &weights);
        let out_of_domain = Weighed::new(&self.out_of_domain, featurizer, &weights);
        let mut by_group: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        fold.test.iter().for_each(|&row| by_group.entry(fold.groups[row]).or_default().push(row));
        OffTopicScores {
            rows: fold.test.iter().map(|&row| (row, rows.score(row))).collect(),
            out_of_domain: held_out.iter().filter_map(|&text| out_of_domain.score(text).likeness()).collect(),
            row_windows: by_group
                .values()
                .flat_map(|group| rows.best_windows(group, self.window_words))
                .collect(),
            out_of_domain_windows: out_of_domain.best_windows(&held_out, self.window_words),
        }
    }
}

/// The single words of texts, and what each of them weighs.
struct Weighed<'w> {
    words: &'w WordsOfTexts,
    of_term: Vec<f64>,
}

impl<'w> Weighed<'w> {
    fn new(words: &'w WordsOfTexts, featurizer: &Featurizer, weights: &[f32]) -> Self {
        let weight = |term| {
            featurizer.vocabulary().find(term).map_or(0.0, |feature| f64::from(weights[feature as usize]))
        };
        Weighed { words, of_term: words.counted.terms().singles().iter().map(weight).collect() }
    }

    fn score(&self, text: usize) -> TopicScore {
        let mut score = TopicScore::default();
        for (term, count) in self.words.counted.row(text) {
            score.sum += self.of_term[term as usize] * f64::from(count);
            score.words += count as usize;
        }
        score
    }

    /// The likeness of the best window of each document that the texts make, one after the other: a
    /// document ends where it has the words of [`DOCUMENT_WINDOWS`] windows. Of what is left at the
    /// end, too little to be judged by a window makes no document.
    fn best_windows(&self, texts: &[usize], window_words: usize) -> Vec<f64> {
        let mut found = Vec::new();
        if window_words == 0 {
            return found;
        }
        let (mut window, mut words) = (BestWindow::default(), 0);
        for (place, &text) in (1..).zip(texts) {
            if words == 0 {
                window.begin(window_words);
            }
            let in_order = &self.words.in_order[text];
            let weight = |term: u32| self.of_term.get(term as usize).copied().unwrap_or(0.0);
            in_order.iter().for_each(|&term| window.push(weight(term)));
            words += in_order.len();
            let least = if place == texts.len() { 2 } else { DOCUMENT_WINDOWS };
            if words >= least * window_words {
                found.extend(window.likeness());
                words = 0;
            }
        }
        found
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_of_windows_are_texts_one_after_the_other() {
        // Texts of three words each: the first weighs 1, the others -1.
        let in_order = vec![vec![0, 1, 1]; 12];
        let words = WordsOfTexts { counted: DocumentTermMatrix::default(), in_order };
        let weighed = Weighed { words: &words, of_term: vec![1.0, -1.0] };
        // A document of five windows of three words is five texts; of the last two texts there are
        // two windows.
        let best = -1.0 / 3f64.sqrt();
        let all: Vec<usize> = (0..12).collect();
        assert_eq!(weighed.best_windows(&all, 3), [best; 3]);
        assert_eq!(weighed.best_windows(&all[..11], 3), [best; 2], "one window is judged as a whole");
        assert_eq!(weighed.best_windows(&all, 0), Vec::<f64>::new());
        assert_eq!(weighed.best_windows(&[], 3), Vec::<f64>::new());
    }
}
