//! Lists what says most for a class in words: character n-grams are folded into the words that they
//! are made of.

use std::collections::BTreeMap;

use crate::features::SparseRow;
use crate::label::ClassId;
use crate::model::{BlockView, Model, TermWeight};
use crate::tokenizer::{char_ngrams, is_char_ngram, is_word};

impl Model {
    /// Whether some of its terms are character n-grams.
    pub fn has_characters(&self) -> bool {
        self.blocks().any(|block| block.tokenizer_config.chars.is_some())
    }

    /// Returns the words and word n-grams that say most for a class, at most `count`, the greatest
    /// first. A word's weight is what a text of this word alone gets from it and from its character
    /// n-grams; those of no word that the model knows are left out. Of a model that knows no words,
    /// these are its [strongest terms](Model::strongest_terms).
    pub fn strongest_words(&self, class: ClassId, count: usize) -> Vec<TermWeight> {
        let of_characters: Vec<BlockView<'_>> =
            self.blocks().filter(|block| block.tokenizer_config.chars.is_some()).collect();
        let Some(of_words) = self.words_of(&of_characters) else {
            return self.strongest_terms(class, count);
        };
        let beside = of_characters.into_iter().filter(|block| block.kind != of_words.kind).collect();
        let folding = Folding { of_words, beside, class };
        let mut strongest: Vec<TermWeight> = Vec::new();
        for block in self.blocks().filter(|block| block.tokenizer_config.words.is_some()) {
            let terms = (0u32..).zip(block.featurizer.vocabulary().iter());
            strongest.extend(terms.filter(|(_, term)| !is_char_ngram(term)).map(|(feature, term)| {
                let weight = match block.kind == folding.of_words.kind && is_word(&term) {
                    true => folding.weight(&term, feature),
                    false => block.linear.weight(feature, class.index()),
                };
                TermWeight { term, block: block.kind, weight }
            }));
        }
        // The sort is stable: ties go to the earlier term.
        strongest.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        strongest.truncate(count);
        strongest
    }

    /// The block whose words are those that character n-grams are made of: one of the same words,
    /// or else the first that has words. `None` where there are no n-grams to fold, or no words.
    fn words_of(&self, of_characters: &[BlockView<'_>]) -> Option<BlockView<'_>> {
        let first = of_characters.first()?;
        let has_words = |block: &BlockView<'_>| block.tokenizer_config.words.is_some_and(|(low, _)| low == 1);
        let is_alike = |block: &BlockView<'_>| block.tokenizer_config.stem == first.tokenizer_config.stem;
        let blocks = || self.blocks().filter(has_words);
        blocks().find(is_alike).or_else(|| blocks().next())
    }
}

/// What character n-grams are folded into.
struct Folding<'m> {
    /// The block of the words.
    of_words: BlockView<'m>,
    /// Further blocks that have character n-grams.
    beside: Vec<BlockView<'m>>,
    class: ClassId,
}

impl Folding<'_> {
    /// What a text of one word adds to the margin of the class by the word and by its character
    /// n-grams.
    fn weight(&self, word: &str, feature: u32) -> f64 {
        let beside = self.beside.iter().map(|block| self.alone(block, word, None));
        self.alone(&self.of_words, word, Some(feature)) + beside.sum::<f64>()
    }

    /// What the terms of one word in a block add: the word itself, if it is one of them, and its
    /// character n-grams.
    fn alone(&self, block: &BlockView<'_>, word: &str, itself: Option<u32>) -> f64 {
        let mut found: BTreeMap<u32, u32> = BTreeMap::new();
        found.extend(itself.map(|feature| (feature, 1)));
        if let Some(range) = block.tokenizer_config.chars {
            char_ngrams(range, word, &mut String::new(), &mut |term| {
                if let Some(feature) = block.featurizer.vocabulary().find(term) {
                    *found.entry(feature).or_default() += 1;
                }
            });
        }
        let counts: Vec<(u32, u32)> = found.into_iter().collect();
        let mut row = SparseRow::default();
        block.featurizer.vectorize(&counts, &mut row);
        row.iter().map(|(feature, value)| value * block.linear.weight(feature, self.class.index())).sum()
    }
}
