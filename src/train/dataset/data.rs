//! Counts the terms of labeled rows once for every fold and fit that shares a tokenizer configuration.

use rayon::prelude::*;

use crate::error::Result;
use crate::progress::Progress;
use crate::tokenizer::{TokenizerConfig, is_word};
use crate::train::dataset::count::{CountedTerms, count};
use crate::train::dataset::row::Rows;
use crate::train::dataset::{DocumentTermMatrix, FeatureSelection, SelectionParams, UnlabeledCorpus};
use crate::train::hyperparameters::Hyperparameters;

/// Rows with more entries than this are fitted one fold after the other: each fit holds them once more.
const MAX_IN_PARALLEL: usize = 20_000_000;

/// What a training learns from, and whom it reports to.
#[derive(Clone, Copy)]
pub(crate) struct Corpus<'c> {
    pub rows: &'c Rows<'c>,
    /// Texts without labels whose words count in the idf.
    pub unlabeled: &'c [String],
    /// The fewest words of a text that gets a label.
    pub min_words: u32,
    pub progress: &'c dyn Progress,
}

/// What all folds and fits of one tokenizer configuration share.
pub(crate) struct Data<'a> {
    pub rows: &'a Rows<'a>,
    pub corpus: Corpus<'a>,
    pub counted: DocumentTermMatrix,
    tokenizer_config: TokenizerConfig,
    /// Least number of rows that hold each of its n-grams.
    min_df: u32,
    background: Option<UnlabeledCorpus>,
    /// Whether the term of each number is a single word; n-grams have higher ones.
    is_word: Vec<bool>,
}

/// Words of some rows, and how many of them a model knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct WordCounts {
    pub all: u64,
    pub known: u64,
}

impl<'a> Data<'a> {
    /// Counts the rows' terms, and how many of the unlabeled texts hold them. Hyperparameters with a lower `min_df` than this one
    /// cannot be fitted.
    pub(crate) fn new(corpus: Corpus<'a>, tokenizer_config: &TokenizerConfig, min_df: u32) -> Result<Self> {
        let Corpus { rows, unlabeled, min_words, progress } = corpus;
        let texts: Vec<&str> = rows.rows.iter().map(|row| row.text.as_str()).collect();
        let kept = CountedTerms { min_df, only_words: false, min_words };
        let (counted, ids) = count(&texts, tokenizer_config, kept, progress)?;
        let is_word = counted.terms().singles().iter().map(is_word).collect();
        let background = (!unlabeled.is_empty()).then(|| UnlabeledCorpus {
            texts: unlabeled.len() as u32,
            frequency: ids.frequencies(unlabeled, counted.terms(), progress),
        });
        progress.check()?;
        let tokenizer_config = tokenizer_config.clone();
        Ok(Data { rows, corpus, counted, tokenizer_config, min_df, background, is_word })
    }

    /// Whether hyperparameters can be fitted to what was counted.
    pub(crate) fn is_for(&self, settings: &Hyperparameters) -> bool {
        self.tokenizer_config == settings.tokenizer_config && self.min_df <= settings.pruning.min_df
    }

    /// The rows among these that are like what will be scored: all but those for training only.
    pub(crate) fn typical(&self, rows: &[usize]) -> Vec<usize> {
        rows.iter().copied().filter(|&row| !self.rows.rows[row].train_only).collect()
    }

    /// Chooses features on some of the rows.
    pub(crate) fn select(&self, settings: &Hyperparameters, chosen: &[usize]) -> Result<FeatureSelection> {
        let choice = SelectionParams {
            weighting: settings.weighting,
            pruning: &settings.pruning,
            groups: &self.rows.groups,
            background: self.background.as_ref().filter(|_| settings.use_unlabeled),
        };
        FeatureSelection::fit(&self.counted, chosen, &choice)
    }

    /// Counts the words of a row, and those of them that a selection knows.
    pub(crate) fn words(&self, row: usize, selection: &FeatureSelection) -> WordCounts {
        let words = self.counted.row(row).filter(|(term, _)| self.is_word.get(*term as usize) == Some(&true));
        let mut counts = WordCounts::default();
        for (term, count) in words {
            counts.all += u64::from(count);
            counts.known += if selection.feature(term).is_some() { u64::from(count) } else { 0 };
        }
        counts
    }

    /// Calls `each` for every item, on all threads where the rows are few enough to be held once for each. A stop ends the calls,
    /// even where `each` makes nothing of it.
    pub(crate) fn each<T: Sync, R: Send>(
        &self,
        items: &[T],
        each: impl Fn(&T) -> Result<R> + Send + Sync,
    ) -> Result<Vec<R>> {
        let checked = |item: &T| {
            self.corpus.progress.check()?;
            each(item)
        };
        let found = if self.counted.entries() > MAX_IN_PARALLEL {
            items.iter().map(checked).collect::<Result<Vec<R>>>()
        } else {
            items.par_iter().map(checked).collect()
        };
        self.corpus.progress.check()?;
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;
    use crate::tokenizer::Punctuation;
    use crate::train::Row;

    #[test]
    fn words_are_told_from_pairs_marks_and_characters() {
        let tokenizer_config = TokenizerConfig {
            chars: Some((2, 3)),
            punctuation: Punctuation::Tokens,
            stem: false,
            ..TokenizerConfig::default()
        };
        let rows = Rows::new(vec![Row::new("a", "one two, one!"), Row::new("b", "two three")]).unwrap();
        let corpus = Corpus { rows: &rows, unlabeled: &[], min_words: 5, progress: &Silent };
        let data = Data::new(corpus, &tokenizer_config, 1).unwrap();
        let settings = Hyperparameters { tokenizer_config, ..Hyperparameters::default() };
        let selection = data.select(&settings, &[0, 1]).unwrap();
        assert_eq!(data.words(0, &selection), WordCounts { all: 3, known: 1 }, "`two` stands in both rows");
    }

    #[test]
    fn each_unlabeled_text_counts_once_for_a_term() {
        let rows = Rows::new(vec![Row::new("a", "sun wind"), Row::new("b", "rain wind")]).unwrap();
        let texts = ["sun and sun".to_owned(), "wind and sun".to_owned(), "none".to_owned()];
        let tokenizer_config = TokenizerConfig { words: Some((1, 1)), ..TokenizerConfig::default() };
        let corpus = Corpus { rows: &rows, unlabeled: &texts, min_words: 5, progress: &Silent };
        let data = Data::new(corpus, &tokenizer_config, 1).unwrap();
        let found = data.background.unwrap();
        let of = |term: &str| found.frequency[data.counted.terms().singles().find(term).unwrap() as usize];
        assert_eq!((found.texts, of("sun"), of("wind"), of("rain")), (3, 2, 1, 0));
    }
}
