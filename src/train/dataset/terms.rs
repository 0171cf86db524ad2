//! Numbers the distinct terms of counted rows, and sorts them by bytes.

use crate::error::Result;
use crate::features::{Interner, Vocabulary};

/// Terms by number: first those that are text by themselves, tokens and character n-grams; then
/// word n-grams, each the number of a shorter one and that of its last word. No n-gram's text is
/// written before somebody asks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    singles: Interner,
    longer: Vec<(u32, u32)>,
}

impl Terms {
    /// Terms without word n-grams. Tokens must not hold blanks or control characters, nor begin as
    /// character n-grams do.
    pub fn new(singles: Interner) -> Self {
        Terms { singles, longer: Vec::new() }
    }

    /// Tokens and character n-grams.
    pub fn singles(&self) -> &Interner {
        &self.singles
    }

    /// Number of terms.
    pub fn len(&self) -> usize {
        self.singles.len() + self.longer.len()
    }

    /// Adds the n-gram of a term and one word more, which must not be there, and gives its number;
    /// `None` for one that is too long for a vocabulary.
    pub fn push(&mut self, parent: u32, word: u32) -> Option<u32> {
        let number = self.len() as u32;
        self.longer.push((parent, word));
        if self.bytes(number) > Vocabulary::MAX_TERM_BYTES {
            self.longer.pop();
            return None;
        }
        Some(number)
    }

    /// Length of a term.
    fn bytes(&self, term: u32) -> usize {
        match self.parts(term) {
            Some((parent, word)) => self.bytes(parent) + 1 + self.bytes(word),
            None => self.singles.get(term).map_or(0, str::len),
        }
    }

    fn parts(&self, term: u32) -> Option<(u32, u32)> {
        let place = (term as usize).checked_sub(self.singles.len())?;
        self.longer.get(place).copied()
    }

    /// A term's text; blank for a number that is none.
    pub fn text(&self, term: u32) -> String {
        let mut words = Vec::new();
        self.words(term, &mut words);
        self.singles.strings().joined(&words)
    }

    /// Some of the terms as a vocabulary.
    ///
    /// # Errors
    /// Terms that are not in the order of their bytes.
    pub fn vocabulary(&self, chosen: impl Iterator<Item = u32>) -> Result<Vocabulary> {
        let (mut words, mut ends) = (Vec::new(), Vec::new());
        for term in chosen {
            self.words(term, &mut words);
            ends.push(words.len());
        }
        Vocabulary::from_word_ids(self.singles.strings(), words, ends)
    }

    /// Appends the numbers of a term's words.
    fn words(&self, term: u32, out: &mut Vec<u32>) {
        match self.parts(term) {
            Some((parent, word)) => {
                self.words(parent, out);
                out.push(word);
            }
            None => out.push(term),
        }
    }

    /// All numbers in the order of the terms' bytes.
    ///
    /// A blank is less than every byte of a token, so that the order of n-grams is that of their
    /// words, one after the other, and a shorter one comes before all that begin with it.
    pub fn sorted(&self) -> Vec<u32> {
        let singles = self.singles.len();
        let mut roots: Vec<u32> = (0..singles as u32).collect();
        roots.sort_unstable_by_key(|&single| self.singles.get(single));
        let mut ranks = vec![0u32; singles];
        for (rank, &single) in (0u32..).zip(&roots) {
            if let Some(slot) = ranks.get_mut(single as usize) {
                *slot = rank;
            }
        }
        let rank = |word: u32| u64::from(ranks.get(word as usize).copied().unwrap_or(0));
        // Children of one parent stand together, by the order of their last words.
        let mut children: Vec<(u64, u32)> = (singles as u32..)
            .zip(&self.longer)
            .map(|(term, &(parent, word))| (u64::from(parent) << 32 | rank(word), term))
            .collect();
        children.sort_unstable();
        let mut ends = vec![0u32; self.len()];
        for (place, (key, _)) in (1u32..).zip(&children) {
            if let Some(end) = ends.get_mut((key >> 32) as usize) {
                *end = place;
            }
        }
        let mut sorted = Vec::with_capacity(self.len());
        let mut waiting: Vec<u32> = roots.into_iter().rev().collect();
        while let Some(term) = waiting.pop() {
            sorted.push(term);
            // The last child is the first to be put aside.
            let last = ends.get(term as usize).copied().unwrap_or(0) as usize;
            let own = children.get(..last).unwrap_or(&[]).iter().rev();
            waiting.extend(own.take_while(|(key, _)| (key >> 32) as u32 == term).map(|(_, child)| *child));
        }
        sorted
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashMap};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn terms_too_long_for_a_vocabulary_are_not_taken() {
        let mut singles = Interner::default();
        singles.insert("a");
        singles.insert(&"x".repeat(Vocabulary::MAX_TERM_BYTES - 2));
        let mut terms = Terms::new(singles);
        assert_eq!(terms.push(0, 1), Some(2));
        assert_eq!((terms.push(2, 0), terms.push(0, 0)), (None, Some(3)));
        assert_eq!((terms.text(3), terms.text(4)), ("a a".to_owned(), String::new()));
    }

    proptest! {
        #[test]
        fn numbers_come_in_the_order_of_the_terms_bytes(
            texts in prop::collection::vec(prop::collection::vec("[!.aä~]{0,2}", 1..5), 0..40)
        ) {
            // Every beginning of an n-gram is a term.
            let all: BTreeSet<Vec<&str>> = texts
                .iter()
                .flat_map(|words| (1..=words.len()).map(|n| words[..n].iter().map(String::as_str).collect()))
                .collect();
            let mut singles = Interner::default();
            texts.iter().flatten().for_each(|word| _ = singles.insert(word));
            let mut terms = Terms::new(singles.clone());
            let mut numbers: HashMap<Vec<&str>, u32> = HashMap::new();
            for words in &all {
                let (last, rest) = words.split_last().unwrap();
                let word = singles.find(last).unwrap();
                let number = if rest.is_empty() { word } else { terms.push(numbers[rest], word).unwrap() };
                prop_assert_eq!(terms.text(number), words.join(" "));
                numbers.insert(words.clone(), number);
            }
            let sorted: Vec<String> = terms.sorted().into_iter().map(|term| terms.text(term)).collect();
            prop_assert_eq!(sorted.len(), terms.len());
            prop_assert!(sorted.is_sorted_by(|a, b| a < b), "{:?}", sorted);
        }
    }
}
