//! Numbers the words and n-grams of vocabularies: each has one node, whichever of the vocabularies
//! hold it.

use hashbrown::HashMap;

use crate::features::Interner;
use crate::model::BlockView;
use crate::tokenizer::is_char_ngram;

/// What is missing: the parent of a word, the node of a term that no text has.
const NONE: u32 = u32::MAX;

/// Models with fewer nodes are in a near cache as a whole, and ready sooner without sorting.
const LARGE: usize = 1 << 17;

/// A word, or an n-gram by its last word: the node of those before it, [`NONE`] for a word, and the
/// node of that word.
#[derive(Clone, Copy, Debug)]
struct Node {
    parent: u32,
    word: u32,
}

/// Nodes in the order in which they are made.
#[derive(Debug)]
pub(super) struct Nodes {
    all: Vec<Node>,
    /// The node of each word.
    of_words: Vec<u32>,
    /// For each block the node of each feature.
    of_features: Vec<Vec<u32>>,
    /// Those of the first block in the order of their new numbers; `None` where they keep theirs.
    order: Option<Vec<u32>>,
}

/// The n-grams that have a node, by parent and word; `None` where each that is asked for is new.
type Known = Option<HashMap<(u32, u32), u32>>;

impl Nodes {
    /// Numbers the words of a block, then its n-grams.
    pub(super) fn new(block: BlockView<'_>) -> Self {
        let words = block.featurizer.vocabulary().words().len() as u32;
        let all = (0..words).map(|word| Node { parent: NONE, word }).collect();
        let mut nodes = Nodes { all, of_words: (0..words).collect(), of_features: Vec::new(), order: None };
        let of_features = nodes.place(block, |word| word, None);
        nodes.order = order(block, nodes.all.len(), &of_features);
        nodes.of_features.push(of_features);
        nodes
    }

    /// Numbers those words and n-grams of another block that have no node yet; words are added to
    /// `words`.
    pub(super) fn add(&mut self, block: BlockView<'_>, words: &mut Interner) {
        words.reserve(block.featurizer.vocabulary().words());
        let own: Vec<u32> = block
            .featurizer
            .vocabulary()
            .words()
            .iter()
            .map(|word| {
                let number = words.insert(word) as usize;
                if let Some(&node) = self.of_words.get(number) {
                    return node;
                }
                let node = self.all.len() as u32;
                self.all.push(Node { parent: NONE, word: node });
                self.of_words.push(node);
                node
            })
            .collect();
        let vocabulary = block.featurizer.vocabulary();
        let has_longer = (0..vocabulary.len() as u32).any(|feature| vocabulary.word_ids(feature).len() > 1);
        let known = has_longer.then(|| {
            let longer = (0u32..).zip(&self.all).filter(|(_, node)| node.parent != NONE);
            longer.map(|(number, node)| ((node.parent, node.word), number)).collect()
        });
        let of_word = |word: u32| own.get(word as usize).copied().unwrap_or(NONE);
        let of_features = self.place(block, of_word, known);
        self.of_features.push(of_features);
    }

    /// Makes the nodes that the n-grams of a block need, and gives the node of each feature:
    /// [`NONE`] for a term that the block's recipe does not make.
    fn place(&mut self, block: BlockView<'_>, of_word: impl Fn(u32) -> u32, mut known: Known) -> Vec<u32> {
        let vocabulary = block.featurizer.vocabulary();
        let config = block.tokenizer_config;
        let (low, high) = config.words.map_or((1, 0), |(low, high)| (usize::from(low), usize::from(high)));
        let is_char_ngram = |word: u32| vocabulary.words().get(word).is_some_and(is_char_ngram);
        // The words of the term before, and the node of the n-gram up to each: terms that begin
        // alike stand together.
        let mut path: Vec<(u32, u32)> = Vec::new();
        let mut found = Vec::with_capacity(vocabulary.len());
        for feature in 0..vocabulary.len() as u32 {
            let numbers = vocabulary.word_ids(feature);
            let numbers = numbers.get(..high + 1).unwrap_or(numbers);
            let alike = path.iter().zip(numbers).take_while(|((before, _), word)| before == *word).count();
            path.truncate(alike);
            for &word in numbers.iter().skip(alike) {
                let node = match path.last() {
                    None => of_word(word),
                    Some(&(_, parent)) => self.child((parent, of_word(word)), known.as_mut()),
                };
                path.push((word, node));
            }
            found.push(match path.as_slice() {
                [(word, node)] if is_char_ngram(*word) => config.chars.map_or(NONE, |_| *node),
                [.., (_, node)] if (low..=high).contains(&path.len()) => *node,
                _ => NONE,
            });
        }
        found
    }

    fn child(&mut self, (parent, word): (u32, u32), known: Option<&mut HashMap<(u32, u32), u32>>) -> u32 {
        let new = self.all.len() as u32;
        let number = known.map_or(new, |known| *known.entry((parent, word)).or_insert(new));
        if number == new {
            self.all.push(Node { parent, word });
        }
        number
    }

    /// The same nodes under new numbers: in a large model by the idf in the first block, so that
    /// what is often looked up stands together.
    pub(super) fn renumbered(mut self) -> Renumbered {
        let new = self.order.as_mut().map(|order| {
            order.extend(order.len() as u32..self.all.len() as u32);
            let mut new = vec![NONE; self.all.len()];
            for (number, &old) in (0u32..).zip(&*order) {
                if let Some(slot) = new.get_mut(old as usize) {
                    *slot = number;
                }
            }
            new
        });
        Renumbered { nodes: self, new }
    }
}

/// Numbers of the nodes of the first block, sorted by the idf; `None` in a model that is not large.
fn order(block: BlockView<'_>, nodes: usize, of_features: &[u32]) -> Option<Vec<u32>> {
    if nodes < LARGE {
        return None;
    }
    let mut order: Vec<u64> = (0..nodes as u64).map(|number| u64::from(NONE) << 32 | number).collect();
    for (&node, idf) in of_features.iter().zip(block.featurizer.idf()) {
        if let Some(slot) = order.get_mut(node as usize) {
            *slot = u64::from(idf.to_bits()) << 32 | u64::from(node);
        }
    }
    order.sort_unstable();
    Some(order.into_iter().map(|both| both as u32).collect())
}

/// Nodes under their last numbers.
#[derive(Debug)]
pub(super) struct Renumbered {
    nodes: Nodes,
    /// The last number of each node, if it is another; see [`Nodes::renumbered`].
    new: Option<Vec<u32>>,
}

impl Renumbered {
    /// Number of nodes.
    pub(super) fn len(&self) -> usize {
        self.nodes.all.len()
    }

    fn last(&self, node: u32) -> u32 {
        let new = |new: &Vec<u32>| new.get(node as usize).copied().unwrap_or(NONE);
        self.new.as_ref().map_or(node, new)
    }

    /// The node of each word.
    pub(super) fn of_words(&self) -> impl Iterator<Item = u32> {
        self.nodes.of_words.iter().map(|node| self.last(*node))
    }

    /// The node of each feature of a block; a number that no node has for a feature that has none.
    pub(super) fn of_features(&self, block: usize) -> impl Iterator<Item = u32> {
        self.nodes.of_features.get(block).into_iter().flatten().map(|node| self.last(*node))
    }

    /// Values of a block's features by node, with `rest` for all other nodes.
    pub(super) fn spread<T: Copy>(&self, block: usize, rest: T, values: impl Iterator<Item = T>) -> Vec<T> {
        let mut of_nodes = vec![rest; self.len()];
        for (node, value) in self.of_features(block).zip(values) {
            if let Some(slot) = of_nodes.get_mut(node as usize) {
                *slot = value;
            }
        }
        of_nodes
    }

    /// Parent, word and child of each n-gram, in the order of the numbers: in a large model, what
    /// occurs often stands where it is looked for first.
    pub(super) fn ngrams(&self) -> impl Iterator<Item = [u32; 3]> {
        let order = self.nodes.order.as_deref();
        let longer = (0..self.len() as u32).filter_map(move |number| {
            let old = order.map_or(Some(number), |order| order.get(number as usize).copied())?;
            self.nodes.all.get(old as usize).filter(|node| node.parent != NONE).map(|node| (old, node))
        });
        longer.map(|(old, node)| [node.parent, node.word, old].map(|node| self.last(node)))
    }
}
