//! Counts the terms of labeled rows once for every fold and fit that makes them alike.

use rayon::prelude::*;

use crate::error::Result;
use crate::tokenizer::{TokenizerConfig, is_word};
use crate::train::block_settings::BlockSettings;
use crate::train::dataset::blocks::{BlockColumns, CountedBlock};
use crate::train::dataset::counted::{Corpus, Counted};
use crate::train::dataset::row::Rows;
use crate::train::dataset::{
    DocumentTermMatrix, FeatureSelection, Scaling, SelectionParams, UnlabeledCorpus,
};
use crate::train::hyperparameters::Hyperparameters;

/// Rows with more entries than this are fitted one fold after the other: each fit holds them once
/// more.
const MAX_IN_PARALLEL: usize = 20_000_000;

/// What all folds and fits share that make their terms alike.
pub(crate) struct Data<'a> {
    pub rows: &'a Rows<'a>,
    pub corpus: Corpus<'a>,
    pub counted: DocumentTermMatrix,
    blocks: Vec<CountedBlock>,
    tokenizer_config: TokenizerConfig,
    /// Least number of rows that hold each of its n-grams.
    min_df: u32,
    background: Option<UnlabeledCorpus>,
    /// Whether the term of each number is a single word; n-grams have higher ones.
    is_word: Vec<bool>,
}

/// Features that were chosen on some of the rows. The columns of blocks are numbered behind the
/// model's own terms, block after block.
pub(crate) struct Features {
    /// The model's own terms.
    pub own: FeatureSelection,
    /// The columns of each block.
    pub blocks: Vec<BlockColumns>,
}

impl Features {
    /// Number of columns.
    pub(crate) fn len(&self) -> usize {
        self.own.len() + self.blocks.iter().map(BlockColumns::len).sum::<usize>()
    }

    /// Each block with the number of its first column.
    pub(crate) fn numbered_blocks(&self) -> impl Iterator<Item = (usize, &BlockColumns)> {
        let mut next = self.own.len();
        self.blocks.iter().map(move |block| {
            let first = next;
            next += block.len();
            (first, block)
        })
    }

    /// Columns and values of a row.
    pub(crate) fn row(&self, data: &Data<'_>, row: usize) -> Vec<(u32, f64)> {
        let mut values: Vec<(u32, f64)> = self.own.row(data.counted.row(row)).collect();
        for (first, block) in self.numbered_blocks() {
            values.extend(block.row(row).map(|(column, value)| (first as u32 + column, value)));
        }
        values
    }

    /// The text of a column's term.
    pub(crate) fn text(&self, data: &Data<'_>, column: u32) -> Option<String> {
        if let Some(term) = self.own.term(column) {
            return Some(data.counted.terms().text(term));
        }
        let inside = |(first, block): (usize, &BlockColumns)| {
            (column as usize).checked_sub(first).and_then(|own| block.text(own as u32))
        };
        self.numbered_blocks().find_map(inside)
    }
}

/// Words of some rows, and how many of them a model knows. Names that are read as a whole, too, are
/// among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct WordCounts {
    pub all: u64,
    pub known: u64,
}

impl<'a> Data<'a> {
    /// Counts the rows' terms as some hyperparameters make them. Others with a lower `min_df` than
    /// these cannot be fitted.
    pub(crate) fn new(corpus: Corpus<'a>, settings: &Hyperparameters) -> Result<Self> {
        let Hyperparameters { tokenizer_config, pruning, blocks, .. } = settings;
        let Counted { matrix, background } = Counted::new(corpus, tokenizer_config, pruning.min_df)?;
        let is_word = matrix.terms().singles().iter().map(is_word).collect();
        let block = |block| CountedBlock::new(corpus, block, tokenizer_config);
        Ok(Data {
            rows: corpus.rows,
            corpus,
            counted: matrix,
            blocks: blocks.iter().map(block).collect::<Result<_>>()?,
            tokenizer_config: tokenizer_config.clone(),
            min_df: pruning.min_df,
            background,
            is_word,
        })
    }

    /// Whether hyperparameters can be fitted to what was counted.
    pub(crate) fn is_for(&self, settings: &Hyperparameters) -> bool {
        self.tokenizer_config == settings.tokenizer_config
            && self.min_df <= settings.pruning.min_df
            && self.blocks.len() == settings.blocks.len()
            && self.blocks.iter().zip(&settings.blocks).all(|(counted, block)| counted.is_for(block))
    }

    /// The rows among these that are like what will be scored.
    pub(crate) fn typical(&self, rows: &[usize]) -> Vec<usize> {
        rows.iter().copied().filter(|&row| self.rows.typical[row]).collect()
    }

    /// Chooses features on some of the rows.
    pub(crate) fn select(&self, settings: &Hyperparameters, chosen: &[usize]) -> Result<Features> {
        let choice = SelectionParams {
            weighting: settings.weighting,
            pruning: &settings.pruning,
            groups: &self.rows.groups,
            background: self.background.as_ref().filter(|_| settings.use_unlabeled),
            scaling: Some(Scaling::new(settings, self.rows)),
        };
        let block = |(counted, own): (&CountedBlock, &BlockSettings)| {
            counted.select((settings, own), self.rows, chosen)
        };
        Ok(Features {
            own: FeatureSelection::fit(&self.counted, chosen, &choice)?,
            blocks: self.blocks.iter().zip(&settings.blocks).map(block).collect::<Result<_>>()?,
        })
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

    /// Calls `each` for every item, on all threads where the rows are few enough to be held once
    /// for each. A stop ends the calls, even where `each` makes nothing of it.
    pub(crate) fn each<T: Sync, R: Send>(
        &self,
        items: &[T],
        each: impl Fn(&T) -> Result<R> + Send + Sync,
    ) -> Result<Vec<R>> {
        let checked = |item: &T| {
            self.corpus.progress.check()?;
            each(item)
        };
        let entries = self.blocks.iter().map(|block| block.entries()).sum::<usize>() + self.counted.entries();
        let found = if entries > MAX_IN_PARALLEL {
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
        let corpus = Corpus { rows: &rows, unlabeled: &[], min_words: 5, vectors: None, progress: &Silent };
        let mut settings = Hyperparameters { tokenizer_config, ..Hyperparameters::default() };
        settings.pruning.min_df = 1;
        let data = Data::new(corpus, &settings).unwrap();
        settings.pruning.min_df = 2;
        let features = data.select(&settings, &[0, 1]).unwrap();
        assert_eq!(
            data.words(0, &features.own),
            WordCounts { all: 3, known: 1 },
            "`two` stands in both rows"
        );
    }

    #[test]
    fn each_unlabeled_text_counts_once_for_a_term() {
        let rows = Rows::new(vec![Row::new("a", "sun wind"), Row::new("b", "rain wind")]).unwrap();
        let texts = ["sun and sun".to_owned(), "wind and sun".to_owned(), "none".to_owned()];
        let tokenizer_config = TokenizerConfig { words: Some((1, 1)), ..TokenizerConfig::default() };
        let corpus =
            Corpus { rows: &rows, unlabeled: &texts, min_words: 5, vectors: None, progress: &Silent };
        let settings = Hyperparameters { tokenizer_config, ..Hyperparameters::default() };
        let data = Data::new(corpus, &settings).unwrap();
        let found = data.background.unwrap();
        let of = |term: &str| found.frequency[data.counted.terms().singles().find(term).unwrap() as usize];
        assert_eq!((found.texts, of("sun"), of("wind"), of("rain")), (3, 2, 1, 0));
    }
}
