//! Counts the terms of all rows under one tokenizer configuration, and how many of the unlabeled
//! texts hold them.

use std::sync::Arc;

use crate::error::Result;
use crate::progress::Progress;
use crate::tokenizer::TokenizerConfig;
use crate::train::dataset::count::{CountedTerms, count};
use crate::train::dataset::row::Rows;
use crate::train::dataset::{DocumentTermMatrix, UnlabeledCorpus};
use crate::vectors::Vectors;

/// What a training learns from, and whom it reports to.
#[derive(Clone, Copy)]
pub(crate) struct Corpus<'c> {
    pub rows: &'c Rows<'c>,
    /// Texts without labels whose words count in the idf.
    pub unlabeled: &'c [String],
    /// The fewest words of a text that gets a label.
    pub min_words: u32,
    /// Word vectors, for a block of them.
    pub vectors: Option<&'c Arc<Vectors>>,
    pub progress: &'c dyn Progress,
}

/// The terms of all rows under one tokenizer configuration.
pub(crate) struct Counted {
    pub matrix: DocumentTermMatrix,
    /// How many of the unlabeled texts hold them; `None` without such texts.
    pub background: Option<UnlabeledCorpus>,
}

impl Counted {
    /// Counts the terms. N-grams of several words in fewer than `min_df` rows are left out.
    pub(crate) fn new(corpus: Corpus<'_>, tokenizer_config: &TokenizerConfig, min_df: u32) -> Result<Self> {
        let Corpus { rows, unlabeled, min_words, progress, .. } = corpus;
        let texts: Vec<&str> = rows.rows.iter().map(|row| row.text.as_str()).collect();
        let kept = CountedTerms { min_df, only_words: false, min_words };
        let (matrix, ids) = count(&texts, tokenizer_config, kept, progress)?;
        let background = (!unlabeled.is_empty()).then(|| UnlabeledCorpus {
            texts: unlabeled.len() as u32,
            frequency: ids.frequencies(unlabeled, matrix.terms(), progress),
        });
        progress.check()?;
        Ok(Counted { matrix, background })
    }
}
