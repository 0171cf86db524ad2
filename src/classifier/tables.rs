//! Lays a model's vocabulary and weights out in flat tables of integers, in which no string is compared once a word is known.
//!
//! Every word that stands in a term has a node, and so has every n-gram that is a term or begins one.

use crate::error::{Error, Result};
use crate::features::{Interner, NgramTable};
use crate::model::Model;
use crate::prefetch::prefetch;
use crate::threads::Threads;
use crate::tokenizer::{is_char_ngram, is_word};

/// The node of a word or n-gram that is not in the model.
pub(super) const UNKNOWN: u32 = NgramTable::UNKNOWN;
/// Added to a token's node: it is a feature by itself.
pub(super) const FEATURE: u32 = 1 << 30;
/// Added to a token's node: it is a word, and a feature by itself.
pub(super) const KNOWN: u32 = 1 << 31;

const NONE: u32 = u32::MAX;

/// Models with fewer nodes are in a near cache as a whole, and ready sooner without sorting.
const LARGE: usize = 1 << 17;

/// A word, or an n-gram by its last word: the node of those before it, that word, and the feature that it is; [`NONE`] for what
/// it has not.
#[derive(Clone, Copy, Debug)]
struct Node {
    parent: u32,
    word: u32,
    feature: u32,
}

/// The tables.
#[derive(Debug)]
pub(super) struct Tables {
    /// The words of all terms; character n-grams are among them.
    words: Interner,
    /// For each of them its node, with [`FEATURE`] and [`KNOWN`].
    tokens: Vec<u32>,
    pub ngrams: NgramTable,
    /// For each node its idf, 0 for what is no feature, and its weight in each column. Those that occur often stand together
    /// at the beginning.
    records: Vec<f32>,
    stride: usize,
    /// Topic weights by node, for words, and a 0 for what has no node.
    topic: Vec<f32>,
}

impl Tables {
    /// Builds the tables of a model.
    ///
    /// # Errors
    /// A vocabulary with more n-grams than can be numbered.
    pub(super) fn new(model: &Model) -> Result<Self> {
        let vocabulary = model.featurizer.vocabulary();
        let features = 0..vocabulary.len() as u32;
        let ngrams: usize = features.map(|feature| vocabulary.word_ids(feature).len() - 1).sum();
        if ngrams + vocabulary.words().len() >= UNKNOWN as usize {
            return Err(Error::model("its vocabulary has too many terms"));
        }
        let number_nodes = || {
            let nodes = nodes(model);
            let order = order(model, &nodes);
            (nodes, order)
        };
        let (words, (nodes, order)) =
            Threads::join(|| Interner::from_distinct(vocabulary.words().clone()), number_nodes);
        let mut tables = Tables {
            words,
            tokens: Vec::new(),
            ngrams: NgramTable::with_capacity(ngrams, nodes.len()),
            records: Vec::new(),
            stride: 1 + model.linear.intercepts().len(),
            topic: Vec::new(),
        };
        tables.fill(model, &nodes, &order);
        Ok(tables)
    }

    /// Fills the tables with nodes, which are numbered anew by their order.
    fn fill(&mut self, model: &Model, nodes: &[Node], order: &[u32]) {
        let mut new = vec![UNKNOWN; nodes.len()];
        for (number, &old) in (0u32..).zip(order) {
            if let Some(slot) = new.get_mut(old as usize) {
                *slot = number;
            }
        }
        let renumbered = |node: u32| new.get(node as usize).copied().unwrap_or(NONE);
        let Tables { words, tokens, ngrams, records, stride, topic } = self;
        let fill_records = || {
            let (idf, columns) = (model.featurizer.idf(), *stride - 1);
            records.reserve_exact(nodes.len() * *stride);
            for &old in order {
                let feature = nodes.get(old as usize).map_or(NONE, |node| node.feature) as usize;
                let weights = model.linear.weights().get(feature * columns..(feature + 1) * columns);
                match (idf.get(feature), weights) {
                    (Some(idf), Some(weights)) => {
                        records.push(*idf);
                        records.extend_from_slice(weights);
                    }
                    _ => records.extend(std::iter::repeat_n(0.0, *stride)),
                }
            }
            if let Some(weights) = &model.topic {
                *topic = vec![0.0; nodes.len() + 1];
                for (old, node) in (0u32..).zip(nodes) {
                    if let Some(slot) = topic.get_mut(renumbered(old) as usize) {
                        *slot = weights.weights().get(node.feature as usize).copied().unwrap_or(0.0);
                    }
                }
            }
        };
        let fill_ngrams = || {
            // In their new order: of a large model, what occurs often stands where it is looked for first.
            let longer = order.iter().filter_map(|&old| {
                nodes.get(old as usize).filter(|node| node.parent != NONE).map(|node| (old, node))
            });
            ngrams.extend(longer.map(|(old, node)| [node.parent, node.word, old].map(renumbered)));
        };
        Threads::join(fill_records, fill_ngrams);
        tokens.extend((0u32..).zip(nodes).zip(words.iter()).map(|((word, node), text)| {
            let flags = match node.feature != NONE {
                true if is_word(text) => FEATURE | KNOWN,
                true => FEATURE,
                false => 0,
            };
            renumbered(word) | flags
        }));
    }

    /// Node and flags of a token in its normal form.
    pub(super) fn token(&self, normal: &str) -> u32 {
        let token = self.words.find(normal).and_then(|number| self.tokens.get(number as usize));
        token.copied().unwrap_or(UNKNOWN)
    }

    /// The node of a character n-gram.
    pub(super) fn char_ngram(&self, term: &str) -> Option<u32> {
        Some(self.token(term) & UNKNOWN).filter(|node| *node != UNKNOWN)
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
        // What is in no memory would take longest to find.
        prefetch(&self.records, (node as usize * self.stride).min(self.records.len()));
    }

    /// Idf and weights of all nodes, if a node has so many; 0 for what is no feature.
    pub(super) fn records<const STRIDE: usize>(&self) -> &[[f32; STRIDE]] {
        if STRIDE == self.stride { self.records.as_chunks().0 } else { &[] }
    }

    /// Idf of a node; 0 for one that is no feature.
    #[inline]
    pub(super) fn idf(&self, node: u32) -> f64 {
        self.records.get(node as usize * self.stride).map_or(0.0, |idf| f64::from(*idf))
    }

    /// Idf and weights of a feature; `None` for a node that is none.
    #[inline]
    pub(super) fn feature(&self, node: u32) -> Option<(f64, &[f32])> {
        let start = node as usize * self.stride;
        let (idf, weights) = self.records.get(start..start + self.stride)?.split_first()?;
        (*idf != 0.0).then(|| (f64::from(*idf), weights))
    }
}

/// The nodes of a vocabulary in the order in which they are made, words first.
fn nodes(model: &Model) -> Vec<Node> {
    let vocabulary = model.featurizer.vocabulary();
    let words = vocabulary.words();
    let (low, high) =
        model.tokenizer_config.words.map_or((1, 0), |(low, high)| (usize::from(low), usize::from(high)));
    let mut nodes = Vec::with_capacity(words.len() + vocabulary.len());
    nodes.extend((0..words.len() as u32).map(|word| Node { parent: NONE, word, feature: NONE }));
    // The words of the term before, and the node of the n-gram up to each: terms that begin alike stand together.
    let mut path: Vec<(u32, u32)> = Vec::new();
    for feature in 0..vocabulary.len() as u32 {
        let numbers = vocabulary.word_ids(feature);
        let numbers = numbers.get(..high + 1).unwrap_or(numbers);
        let alike = path.iter().zip(numbers).take_while(|((before, _), word)| before == *word).count();
        path.truncate(alike);
        for &word in numbers.iter().skip(alike) {
            let node = match path.last() {
                None => word,
                Some(&(_, parent)) => {
                    nodes.push(Node { parent, word, feature: NONE });
                    nodes.len() as u32 - 1
                }
            };
            path.push((word, node));
        }
        let is_char_ngram = |word: u32| words.get(word).is_some_and(is_char_ngram);
        if let [.., (word, node)] = path.as_slice()
            && ((low..=high).contains(&path.len()) || is_char_ngram(*word))
            && let Some(node) = nodes.get_mut(*node as usize)
        {
            node.feature = feature;
        }
    }
    nodes
}

/// The order in which nodes are numbered: in a large model by their idf, so that what is often looked up stands together.
fn order(model: &Model, nodes: &[Node]) -> Vec<u32> {
    let mut order: Vec<u64> = (0u64..)
        .zip(nodes)
        .map(|(number, node)| {
            let idf = model.featurizer.idf().get(node.feature as usize);
            u64::from(idf.map_or(NONE, |idf| idf.to_bits())) << 32 | number
        })
        .collect();
    if nodes.len() >= LARGE {
        order.sort_unstable();
    }
    order.into_iter().map(|both| both as u32).collect()
}
