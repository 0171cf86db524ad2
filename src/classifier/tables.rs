//! Lays vocabularies and weights out in flat tables of integers, in which no string is compared
//! once a word is known.
//!
//! Every word that stands in a term has a node, and so has every n-gram that is a term or begins
//! one. Blocks of features that are made of the same tokens have one set of nodes.

use crate::classifier::nodes::{Nodes, Renumbered};
use crate::error::{Error, Result};
use crate::features::{Interner, NgramTable};
use crate::model::{BlockView, Topic};
use crate::prefetch::prefetch;
use crate::threads::Threads;
use crate::tokenizer::{TokenKind, is_word};

/// The node of a word or n-gram that is in none of the vocabularies.
pub(super) const UNKNOWN: u32 = NgramTable::UNKNOWN;
/// Added to a token's node: it is a feature by itself.
pub(super) const FEATURE: u32 = 1 << 30;
/// Added to a token's node: it is a word, and a feature of the first block by itself.
pub(super) const KNOWN: u32 = 1 << 31;

/// What a node is in a block that has no such feature.
const NONE: u32 = u32::MAX;

/// The tables of one block or of several.
#[derive(Debug)]
pub(super) struct Tables {
    /// The words of all terms; character n-grams are among them.
    words: Interner,
    /// For each of them its node, with [`FEATURE`] and [`KNOWN`].
    tokens: Vec<u32>,
    pub ngrams: NgramTable,
    /// Idf and weights of the first block, by node. Those that occur often stand together at the
    /// beginning.
    pub first: Records,
    /// The other blocks.
    pub others: Vec<OtherBlock>,
    /// Topic weights by node, for words, and a 0 for all other nodes and for what has none.
    topic: Vec<f32>,
}

/// One row for each node or feature: its idf, 0 for a node that is no feature, and its weight in
/// each column.
#[derive(Debug)]
pub(super) struct Records {
    values: Vec<f32>,
    stride: usize,
}

/// A block beside the first one: the feature that each node is, and what the features weigh.
#[derive(Debug)]
pub(super) struct OtherBlock {
    /// [`NONE`] for a node that is none.
    features: Vec<u32>,
    pub records: Records,
}

impl Tables {
    /// Builds the tables of blocks that are made of the same tokens; topic weights are those of the
    /// first block's features.
    ///
    /// # Errors
    /// Vocabularies with more n-grams than can be numbered.
    pub(super) fn new(first: BlockView<'_>, others: &[BlockView<'_>], topic: Option<&Topic>) -> Result<Self> {
        let most = std::iter::once(&first).chain(others).map(|block| {
            let vocabulary = block.featurizer.vocabulary();
            let features = 0..vocabulary.len() as u32;
            let ngrams: usize = features.map(|feature| vocabulary.word_ids(feature).len() - 1).sum();
            (ngrams, vocabulary.words().len())
        });
        let (ngrams, words) = most.fold((0, 0), |sum, more| (sum.0 + more.0, sum.1 + more.1));
        if ngrams + words >= UNKNOWN as usize {
            return Err(Error::model("its vocabulary has too many terms"));
        }
        let own = first.featurizer.vocabulary();
        let (mut words, mut nodes) =
            Threads::join(|| Interner::from_distinct(own.words().clone()), || Nodes::new(first));
        others.iter().for_each(|block| nodes.add(*block, &mut words));
        let nodes = nodes.renumbered();
        let fill_records = || {
            let records = Records::by_node(first, &nodes);
            let other = |(number, block): (usize, &BlockView<'_>)| OtherBlock {
                features: nodes.spread(number + 1, NONE, 0..block.linear.features() as u32),
                records: Records::by_feature(*block),
            };
            let others: Vec<OtherBlock> = others.iter().enumerate().map(other).collect();
            let topic = topic.map_or(Vec::new(), |topic| {
                let mut weights = nodes.spread(0, 0.0, topic.weights().iter().copied());
                // Behind the last word that has a weight are n-grams alone, which have none. The
                // last entry is for these, and for terms without a node.
                weights
                    .truncate(weights.iter().rposition(|weight| *weight != 0.0).map_or(0, |last| last + 1));
                weights.push(0.0);
                weights.shrink_to_fit();
                weights
            });
            (records, others, topic)
        };
        let fill_ngrams = || {
            let mut table = NgramTable::with_capacity(ngrams, nodes.len());
            table.extend(nodes.ngrams());
            table
        };
        let ((first, others, topic), ngrams) = Threads::join(fill_records, fill_ngrams);
        let mut tables = Tables { words, tokens: Vec::new(), ngrams, first, others, topic };
        tables.tokens = tables.tokens_of(&nodes);
        Ok(tables)
    }

    /// The token of each word.
    fn tokens_of(&self, nodes: &Renumbered) -> Vec<u32> {
        let token = |(text, node): (&str, u32)| match self.first.feature(node) {
            Some(_) if is_word(text) => node | FEATURE | KNOWN,
            _ if self.is_feature(node) => node | FEATURE,
            _ => node,
        };
        self.words.iter().zip(nodes.of_words()).map(token).collect()
    }

    /// Node and flags of a token in its normal form.
    #[inline]
    pub(super) fn token(&self, normal: &str) -> u32 {
        let token = self.words.find(normal).and_then(|number| self.tokens.get(number as usize));
        token.copied().unwrap_or(UNKNOWN)
    }

    /// As [`Tables::token`]. What is not one of a text's words is no known word either.
    #[inline]
    pub(super) fn token_of_kind(&self, normal: &str, kind: TokenKind) -> u32 {
        let token = self.token(normal);
        if kind.is_counted() { token } else { token & !KNOWN }
    }

    /// The node of a character n-gram.
    pub(super) fn char_ngram(&self, term: &str) -> Option<u32> {
        Some(self.token(term) & UNKNOWN).filter(|node| *node != UNKNOWN)
    }

    /// Whether a node is a feature of any block.
    #[inline]
    pub(super) fn is_feature(&self, node: u32) -> bool {
        self.first.feature(node).is_some() || self.others.iter().any(|other| other.has(node))
    }

    /// The topic weight of a node.
    #[inline]
    pub(super) fn topic(&self, node: u32) -> f64 {
        let last = self.topic.len().saturating_sub(1);
        self.topic.get((node as usize).min(last)).map_or(0.0, |weight| f64::from(*weight))
    }

    /// Says that a node's idf and weights will be asked for.
    #[inline]
    pub(super) fn prefetch(&self, node: u32) {
        let Records { values, stride } = &self.first;
        // What is in no memory would take longest to find.
        prefetch(values, (node as usize * stride).min(values.len()));
    }
}

impl OtherBlock {
    fn has(&self, node: u32) -> bool {
        self.features.get(node as usize).is_some_and(|feature| *feature != NONE)
    }

    /// Replaces `own` by those of the counted nodes that are features of the block, with their
    /// counts.
    #[inline]
    pub(super) fn select(&self, counted: &[(u32, u32)], own: &mut Vec<(u32, u32)>) {
        own.clear();
        own.resize(counted.len(), (0, 0));
        let mut len = 0;
        for &(node, count) in counted {
            let feature = self.features.get(node as usize).copied().unwrap_or(NONE);
            // No branch on whether it is one, because it would be unpredictable: what is none is
            // written over.
            if let Some(slot) = own.get_mut(len) {
                *slot = (feature, count);
            }
            len += usize::from(feature != NONE);
        }
        own.truncate(len);
    }
}

impl Records {
    /// Those of a block by node, zeros for nodes that are no feature.
    fn by_node(block: BlockView<'_>, nodes: &Renumbered) -> Self {
        let columns = block.linear.intercepts().len();
        let stride = 1 + columns;
        let mut values = vec![0.0; nodes.len() * stride];
        let rows = block.featurizer.idf().iter().zip(block.linear.weights().chunks_exact(columns));
        for (node, (idf, weights)) in nodes.of_features(0).zip(rows) {
            let start = node as usize * stride;
            if let Some((first, others)) =
                values.get_mut(start..start + stride).and_then(<[f32]>::split_first_mut)
            {
                *first = *idf;
                others.copy_from_slice(weights);
            }
        }
        Records { values, stride }
    }

    /// Those of a block by feature.
    fn by_feature(block: BlockView<'_>) -> Self {
        let columns = block.linear.intercepts().len();
        let mut values = Vec::with_capacity(block.linear.features() * (1 + columns));
        for (idf, weights) in block.featurizer.idf().iter().zip(block.linear.weights().chunks_exact(columns))
        {
            values.push(*idf);
            values.extend_from_slice(weights);
        }
        Records { values, stride: 1 + columns }
    }

    /// All rows, if a row has so many numbers.
    pub(super) fn rows<const STRIDE: usize>(&self) -> &[[f32; STRIDE]] {
        debug_assert_eq!(STRIDE, self.stride, "a row has the idf and a weight for each label");
        if STRIDE == self.stride { self.values.as_chunks().0 } else { &[] }
    }

    /// Gives the idf in a row; 0 for a row that is no feature's.
    #[inline]
    pub(super) fn idf(&self) -> impl Fn(u32) -> f64 + Copy + use<'_> {
        let (values, stride) = (self.values.as_slice(), self.stride);
        move |row| values.get(row as usize * stride).map_or(0.0, |idf| f64::from(*idf))
    }

    /// Idf and weights in a row; `None` for a row that is no feature's.
    #[inline]
    pub(super) fn feature(&self, row: u32) -> Option<(f64, &[f32])> {
        let start = row as usize * self.stride;
        let (idf, weights) = self.values.get(start..start + self.stride)?.split_first()?;
        (*idf != 0.0).then(|| (f64::from(*idf), weights))
    }
}
