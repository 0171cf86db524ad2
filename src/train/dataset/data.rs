//! Labelled rows to the counts of their terms, made once for every fold and fit that shares a recipe.

use rayon::prelude::*;

use crate::error::Result;
use crate::tokenizer::{TokenizerConfig, is_word};
use crate::train::dataset::count::{CountedTerms, count};
use crate::train::dataset::row::Rows;
use crate::train::dataset::{DocumentTermMatrix, FeatureSelection, SelectionParams, UnlabeledCorpus};
use crate::train::hyperparameters::Hyperparameters;

/// Rows with more entries than this are fitted one fold after the other: each fit holds them once more.
const MOST_IN_PARALLEL: usize = 20_000_000;

/// What all folds and fits of one recipe share.
pub(crate) struct Data<'a> {
    pub rows: &'a Rows<'a>,
    pub counted: DocumentTermMatrix,
    tokenizer_config: TokenizerConfig,
    /// Least number of rows that hold each of its n-grams.
    least: u32,
    background: Option<UnlabeledCorpus>,
    /// Whether the term of each number is a single word; n-grams have higher ones.
    is_word: Vec<bool>,
}

impl<'a> Data<'a> {
    /// Counts the rows' terms, and how many of the unlabelled texts hold them. Settings that ask for a lower `min_df` than `least` cannot
    /// be fitted.
    pub(crate) fn new(
        rows: &'a Rows<'a>,
        tokenizer_config: &TokenizerConfig,
        least: u32,
        unlabelled: &[String],
    ) -> Result<Self> {
        let texts: Vec<&str> = rows.rows.iter().map(|row| row.text.as_str()).collect();
        let (counted, numbers) =
            count(&texts, tokenizer_config, CountedTerms { min_df: least, only_words: false })?;
        let is_word = counted.terms().singles().iter().map(is_word).collect();
        let background = (!unlabelled.is_empty()).then(|| UnlabeledCorpus {
            texts: unlabelled.len() as u32,
            frequency: numbers.frequencies(unlabelled, counted.terms()),
        });
        Ok(Data { rows, counted, tokenizer_config: tokenizer_config.clone(), least, background, is_word })
    }

    /// Whether settings can be fitted to what was counted.
    pub(crate) fn is_for(&self, settings: &Hyperparameters) -> bool {
        self.tokenizer_config == settings.tokenizer_config && self.least <= settings.pruning.min_df
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

    /// Words of a row, and how many of them a selection knows.
    pub(crate) fn words(&self, row: usize, selection: &FeatureSelection) -> (u64, u64) {
        let words = self.counted.row(row).filter(|(term, _)| self.is_word.get(*term as usize) == Some(&true));
        words.fold((0, 0), |(all, known), (term, count)| {
            let count = u64::from(count);
            (all + count, known + if selection.feature(term).is_some() { count } else { 0 })
        })
    }

    /// Calls `each` for every item, on all threads where the rows are few enough to be held once for each.
    pub(crate) fn each<T: Sync, R: Send>(
        &self,
        items: &[T],
        each: impl Fn(&T) -> Result<R> + Send + Sync,
    ) -> Result<Vec<R>> {
        if self.counted.entries() > MOST_IN_PARALLEL {
            items.iter().map(each).collect()
        } else {
            items.par_iter().map(each).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
        let data = Data::new(&rows, &tokenizer_config, 1, &[]).unwrap();
        let settings = Hyperparameters { tokenizer_config, ..Hyperparameters::default() };
        let selection = data.select(&settings, &[0, 1]).unwrap();
        assert_eq!(data.words(0, &selection), (3, 1), "`two` stands in both rows");
    }

    #[test]
    fn each_unlabelled_text_counts_once_for_a_term() {
        let rows = Rows::new(vec![Row::new("a", "sun wind"), Row::new("b", "rain wind")]).unwrap();
        let texts = ["sun and sun".to_owned(), "wind and sun".to_owned(), "none".to_owned()];
        let tokenizer_config = TokenizerConfig { words: Some((1, 1)), ..TokenizerConfig::default() };
        let data = Data::new(&rows, &tokenizer_config, 1, &texts).unwrap();
        let found = data.background.unwrap();
        let of = |term: &str| found.frequency[data.counted.terms().singles().find(term).unwrap() as usize];
        assert_eq!((found.texts, of("sun"), of("wind"), of("rain")), (3, 2, 1, 0));
    }
}
