//! Counts the words of an archive in bounded memory.

use std::cmp::Reverse;

use hashbrown::HashMap;

use crate::features::{Interner, StringArena};
use crate::text::document::Document;
use crate::tokenizer::Tokenizer;
use crate::vectors::rarest::greatest_forgotten;
use crate::vectors::splitter::{NO_WORD, Splitter};

/// Distinct words that one thread remembers before it forgets them all.
const MAX_REMEMBERED: usize = 1 << 19;

/// The distinct words of one document with their counts.
#[derive(Debug, Default)]
pub(super) struct DocumentWords {
    words: StringArena,
    counts: Vec<u64>,
}

/// Counts the words of documents on one thread.
#[derive(Debug)]
pub(super) struct DocumentCounter<'t> {
    tokenizer: &'t Tokenizer,
    drop_boilerplate: bool,
    splitter: Splitter<'t>,
    interner: Interner,
    ids: Vec<u32>,
}

impl<'t> DocumentCounter<'t> {
    pub(super) fn new(tokenizer: &'t Tokenizer, drop_boilerplate: bool) -> Self {
        DocumentCounter {
            tokenizer,
            drop_boilerplate,
            splitter: Splitter::new(tokenizer, drop_boilerplate),
            interner: Interner::default(),
            ids: Vec::new(),
        }
    }

    pub(super) fn count(&mut self, document: &Document) -> DocumentWords {
        if self.interner.len() > MAX_REMEMBERED {
            *self = DocumentCounter::new(self.tokenizer, self.drop_boilerplate);
        }
        let DocumentCounter { splitter, interner, ids, .. } = self;
        ids.clear();
        splitter.split(document, &mut |word| interner.insert(word), &mut |words| {
            ids.extend(words.iter().copied().filter(|&id| id != NO_WORD));
        });
        ids.sort_unstable();
        let mut counted = DocumentWords::default();
        for same in ids.chunk_by(|a, b| a == b) {
            let word = same.first().and_then(|&id| interner.get(id));
            counted.words.push(word.unwrap_or(""));
            counted.counts.push(same.len() as u64);
        }
        counted
    }
}

/// How often a word occurs, and in how many texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Occurrences {
    pub count: u64,
    pub texts: u64,
}

/// A word that gets a vector.
pub(super) type CountedWord = (String, Occurrences);

/// Counts the words of all documents. Where there are more distinct ones than it may hold, it
/// forgets the rarest until half of its room is free; a forgotten word that comes again starts
/// from 0.
#[derive(Debug)]
pub(super) struct WordCounts {
    words: HashMap<String, Occurrences>,
    max_distinct: usize,
    /// The greatest count that was forgotten.
    forgotten: u64,
}

impl WordCounts {
    /// Distinct words that are held: about 0.4 GB.
    pub(super) const MAX_DISTINCT: usize = 4_000_000;

    pub(super) fn new(max_distinct: usize) -> Self {
        WordCounts { words: HashMap::new(), max_distinct, forgotten: 0 }
    }

    pub(super) fn add(&mut self, document: &DocumentWords) {
        for (word, count) in document.words.iter().zip(&document.counts) {
            let known = self.words.entry_ref(word).or_default();
            known.count += count;
            known.texts += 1;
        }
        if self.words.len() > self.max_distinct {
            self.forget_the_rarest();
        }
    }

    fn forget_the_rarest(&mut self) {
        let counts = self.words.values().map(|word| word.count).collect();
        let most = greatest_forgotten(counts, self.max_distinct);
        self.words.retain(|_, word| word.count > most);
        self.forgotten = self.forgotten.max(most);
    }

    /// The greatest count that a forgotten word had; 0 if none was forgotten.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// The words that occur at least `min_count` times, `max_words` of them at most: those that
    /// occur most often, ties by their bytes. They are ordered by their bytes.
    pub(super) fn most_frequent(self, min_count: u64, max_words: usize) -> Vec<CountedWord> {
        let mut words: Vec<CountedWord> =
            self.words.into_iter().filter(|(_, word)| word.count >= min_count).collect();
        words.sort_unstable_by(|a, b| (Reverse(a.1.count), &a.0).cmp(&(Reverse(b.1.count), &b.0)));
        words.truncate(max_words);
        words.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::VectorsParams;

    fn counted(texts: &[&str], max_distinct: usize) -> WordCounts {
        let tokenizer = Tokenizer::new(&VectorsParams::default().tokenizer_config()).unwrap();
        let mut counter = DocumentCounter::new(&tokenizer, true);
        let mut counts = WordCounts::new(max_distinct);
        for text in texts {
            counts.add(&counter.count(&Document::new("a", *text)));
        }
        counts
    }

    #[test]
    fn words_are_counted_once_a_token_and_once_a_text() {
        let counts = counted(&["Rain fell, rain and more rains.", "No rain. Snow fell"], 100);
        let words = counts.most_frequent(2, 10);
        let found: Vec<(&str, u64, u64)> =
            words.iter().map(|(word, seen)| (word.as_str(), seen.count, seen.texts)).collect();
        assert_eq!(found, [("fell", 2, 2), ("rain", 4, 2)]);
    }

    #[test]
    fn the_most_frequent_are_taken_and_ties_go_by_their_bytes() {
        let words = counted(&["d d d c c b b a"], 100).most_frequent(1, 2);
        assert_eq!(words.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>(), ["b", "d"]);
    }

    #[test]
    fn the_rarest_are_forgotten_where_there_is_no_room() {
        let counts = counted(&["a a a b b c c", "a d e", "a b b"], 4);
        assert_eq!(counts.forgotten(), 2);
        let words = counts.most_frequent(1, 10);
        assert_eq!(
            words,
            [
                ("a".into(), Occurrences { count: 5, texts: 3 }),
                ("b".into(), Occurrences { count: 2, texts: 1 })
            ]
        );
    }
}
