//! Holds the terms of a model: sorted words, and each term as the ids of its words.

use std::cmp::Ordering;
use std::sync::OnceLock;

use crate::error::{Error, Result};
use crate::features::{Interner, StringArena, TermSource, TermWords};
use crate::tokenizer::{TokenizerConfig, is_char_ngram};

/// The terms of a model, sorted by their bytes; a term's place is its feature's number.
///
/// A term is a list of words that a blank joins. A character n-gram is one word, whatever it holds.
/// Since a blank comes before every byte of other words, the order of the terms' bytes is that of
/// their words' numbers.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// The words of all terms, sorted by their bytes.
    words: StringArena,
    /// Number of terms.
    len: usize,
    /// The words of each term; nothing where they were given up and not asked for since.
    terms: OnceLock<TermWords>,
    /// Where they can be read again.
    source: Option<TermSource>,
}

impl Vocabulary {
    /// The longest term in bytes.
    pub const MAX_TERM_BYTES: usize = 1024;

    /// Takes sorted words, and the words of each term.
    ///
    /// # Errors
    /// Words or terms out of order, blank or too long, terms of more words than a recipe can ask
    /// for, words with blanks or control characters, more words than all terms have, numbers that
    /// are no word's, ends outside of the numbers, and character n-grams among words.
    pub(crate) fn new(words: StringArena, terms: TermWords) -> Result<Self> {
        if words.len() > terms.words() {
            return Err(Error::model(format!(
                "its vocabulary has {} words, and its terms have {} in all; expected words of terms only",
                words.len(),
                terms.words()
            )));
        }
        check_words(&words)?;
        let is_single = words.iter().map(is_char_ngram).collect::<Vec<_>>();
        let mut before: &[u32] = &[];
        for term in 0..terms.len() {
            let own = terms.get(term as u32);
            if own.is_empty() {
                return Err(Error::model(format!(
                    "vocabulary term {term} has no words, or its offsets are wrong"
                )));
            }
            match before.cmp(own) {
                Ordering::Less => {}
                Ordering::Equal => {
                    return Err(Error::model(format!("vocabulary term {term} occurs twice")));
                }
                Ordering::Greater => {
                    return Err(Error::model(format!(
                        "vocabulary term {term} does not come after the one before it; expected sorted, distinct terms"
                    )));
                }
            }
            check_term((&words, &is_single), own, term)?;
            before = own;
        }
        let rest = terms.words() - terms.end();
        if rest > 0 {
            return Err(Error::model(format!("its vocabulary has {rest} words that belong to no term")));
        }
        Ok(Vocabulary { words, len: terms.len(), terms: terms.into(), source: None })
    }

    /// Takes terms in the order of their bytes, each as a list of numbers, where words have any
    /// numbers.
    ///
    /// # Errors
    /// Terms out of order, blank or too long, terms that occur twice, and terms of 2^32 words in
    /// all.
    pub(crate) fn from_word_ids(all: &StringArena, mut numbers: Vec<u32>, ends: Vec<usize>) -> Result<Self> {
        let mut new = vec![None; all.len()];
        let mut used: Vec<u32> = Vec::new();
        for &number in &numbers {
            if let Some(slot @ None) = new.get_mut(number as usize) {
                *slot = Some(0);
                used.push(number);
            }
        }
        used.sort_unstable_by_key(|&number| all.get(number));
        let mut words = StringArena::default();
        for (place, &number) in (0u32..).zip(&used) {
            words.push(all.get(number).unwrap_or(""));
            if let Some(slot) = new.get_mut(number as usize) {
                *slot = Some(place);
            }
        }
        for number in &mut numbers {
            *number = new.get(*number as usize).copied().flatten().unwrap_or(u32::MAX);
        }
        let ends = ends.into_iter().map(u32::try_from).collect::<std::result::Result<_, _>>();
        let ends = ends.map_err(|_| Error::model("its vocabulary has too many terms"))?;
        Vocabulary::new(words, TermWords::new(numbers, ends))
    }

    /// Takes terms as text, in order.
    ///
    /// # Errors
    /// Terms out of order, blank or too long, and terms that occur twice.
    pub fn from_terms<T: AsRef<str>>(terms: impl Iterator<Item = T>) -> Result<Self> {
        let mut words = Interner::default();
        let (mut numbers, mut ends) = (Vec::new(), Vec::new());
        for term in terms {
            numbers.extend(split(term.as_ref()).map(|word| words.insert(word)));
            ends.push(numbers.len());
        }
        Vocabulary::from_word_ids(words.strings(), numbers, ends)
    }

    /// Number of features.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The words of all terms, sorted by their bytes.
    pub(crate) fn words(&self) -> &StringArena {
        &self.words
    }

    /// The words of a feature's term.
    pub fn word_ids(&self, feature: u32) -> &[u32] {
        self.terms().get(feature)
    }

    fn terms(&self) -> &TermWords {
        self.terms.get_or_init(|| {
            let read = |from: TermSource| (from.read)(from.bytes, self.words.len(), self.len).ok();
            // The same bytes were read before.
            self.source.and_then(read).unwrap_or_default()
        })
    }

    /// The vocabulary, with a source from which its terms can be read again.
    pub(crate) fn with_source(self, source: TermSource) -> Self {
        Vocabulary { source: Some(source), ..self }
    }

    /// Gives up the words of the terms, if they can be read again: scoring has tables of its own.
    pub(crate) fn forget_terms(&mut self) {
        if self.source.is_some() {
            self.terms = OnceLock::new();
        }
    }

    /// The feature of a term, by halving.
    pub fn find(&self, term: &str) -> Option<u32> {
        let number = |word| search(self.words.len(), |number| self.words.get(number).cmp(&Some(word)));
        let numbers = split(term).map(number).collect::<Option<Vec<u32>>>()?;
        search(self.len(), |feature| self.word_ids(feature).cmp(&numbers))
    }

    /// The term of a feature; blank for a number that is none.
    pub fn term(&self, feature: u32) -> String {
        self.words.joined(self.word_ids(feature))
    }

    /// Terms in order.
    pub fn iter(&self) -> impl Iterator<Item = String> + '_ {
        (0..self.len() as u32).map(|feature| self.term(feature))
    }
}

/// The words of a term.
fn split(term: &str) -> impl Iterator<Item = &str> {
    let most = if is_char_ngram(term) { 1 } else { usize::MAX };
    term.splitn(most, ' ')
}

/// The number below `len` that is equal to what is looked for, among sorted ones.
fn search(len: usize, compared: impl Fn(u32) -> Ordering) -> Option<u32> {
    let (mut low, mut high) = (0, len as u32);
    while low < high {
        let middle = low + (high - low) / 2;
        match compared(middle) {
            Ordering::Less => low = middle + 1,
            Ordering::Equal => return Some(middle),
            Ordering::Greater => high = middle,
        }
    }
    None
}

fn check_words(words: &StringArena) -> Result<()> {
    let mut before = "";
    for (number, word) in words.iter().enumerate() {
        let found = if word.is_empty() || word.len() > Vocabulary::MAX_TERM_BYTES {
            format!("has {} bytes; expected 1 to {}", word.len(), Vocabulary::MAX_TERM_BYTES)
        } else if word.bytes().any(|byte| byte < b' ') {
            // Of no text.
            "has a control character".to_owned()
        } else if word.contains(' ') && !is_char_ngram(word) {
            "has a blank".to_owned()
        } else if before >= word {
            "does not come after the one before it; expected sorted, distinct words".to_owned()
        } else {
            before = word;
            continue;
        };
        return Err(Error::model(format!("word {number} of its vocabulary {found}")));
    }
    Ok(())
}

/// Checks the words of one term; those that are single may stand with no others.
fn check_term((words, is_single): (&StringArena, &[bool]), own: &[u32], term: usize) -> Result<()> {
    if own.len() > usize::from(TokenizerConfig::MAX_NGRAM) {
        return Err(Error::model(format!(
            "vocabulary term {term} has {} words; expected 1 to {}",
            own.len(),
            TokenizerConfig::MAX_NGRAM
        )));
    }
    let mut length = own.len() - 1;
    for &number in own {
        let is_single = is_single.get(number as usize).ok_or_else(|| {
            Error::model(format!("vocabulary term {term} has a word {number}; there are {}", words.len()))
        })?;
        if own.len() > 1 && *is_single {
            return Err(Error::model(format!("vocabulary term {term} has a character n-gram among words")));
        }
        length += words.bytes(number);
    }
    if length > Vocabulary::MAX_TERM_BYTES {
        return Err(Error::model(format!(
            "vocabulary term {term} has {length} bytes; expected 1 to {}",
            Vocabulary::MAX_TERM_BYTES
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(terms: &[&str]) -> Result<Vocabulary> {
        Vocabulary::from_terms(terms.iter().copied())
    }

    #[test]
    fn only_sorted_terms_make_a_vocabulary() {
        let vocabulary = of(&["a", "b", "ä"]).unwrap();
        assert_eq!(
            ["a", "b", "ä", "", "c"].map(|term| vocabulary.find(term)),
            [Some(0), Some(1), Some(2), None, None]
        );
        for wrong in [&["b", "a"][..], &["", "a"], &["a", "a"], &["a  b"], &[&"x".repeat(2000)]] {
            assert!(of(wrong).is_err(), "{wrong:?}");
        }
        assert!(of(&["a b", "a b\u{1}", "a b c"]).is_err(), "no token holds a control character");
        assert!(of(&["x x x x x x x x"]).is_ok());
        assert!(of(&["x x x x x x x x x"]).is_err(), "no recipe has n-grams of nine words");
        assert!(of(&[&format!("{0} {0}", "x".repeat(600))]).is_err());
        assert!(of(&["a ~b"]).is_err());
    }

    #[test]
    fn words_and_numbers_must_fit_together() {
        let words = |all: &[&str]| {
            let mut words = StringArena::default();
            all.iter().for_each(|word| words.push(word));
            words
        };
        let sound = words(&["a", "b", "~a b"]);
        assert_eq!(
            Vocabulary::new(sound.clone(), TermWords::new(vec![0, 0, 1, 2], vec![1, 3, 4]))
                .unwrap()
                .iter()
                .collect::<Vec<_>>(),
            ["a", "a b", "~a b"]
        );
        let error =
            Vocabulary::new(words(&["a", "b", "c"]), TermWords::new(vec![0, 1], vec![1, 2])).unwrap_err();
        assert!(error.to_string().contains("3 words, and its terms have 2 in all"), "{error}");
        for (numbers, ends) in [
            (vec![0, 0, 1, 2], vec![1, 3]),
            (vec![0, 0, 1, 2], vec![1, 3, 5]),
            (vec![0, 0, 1, 2], vec![1, 3, 3]),
            (vec![0, 0, 1, 2], vec![3, 1, 4]),
            (vec![0, 0, 1, 3], vec![1, 3, 4]),
            (vec![0, 0, 2], vec![1, 3]),
        ] {
            assert!(
                Vocabulary::new(sound.clone(), TermWords::new(numbers.clone(), ends.clone())).is_err(),
                "{numbers:?} {ends:?}"
            );
        }
        for wrong in [&["b", "a"][..], &["a", "a"], &["", "a"], &["a\n", "b"], &["a b", "c"]] {
            assert!(
                Vocabulary::new(words(wrong), TermWords::new(vec![0, 1], vec![1, 2])).is_err(),
                "{wrong:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn a_vocabulary_gives_its_terms_back_and_finds_them(
            terms in proptest::collection::btree_set("[!-}äд]{1,3}( [!-}äд]{1,2}){0,3}|~[a-d ]{1,3}", 0..60)
        ) {
            let vocabulary = Vocabulary::from_terms(terms.iter()).unwrap();
            prop_assert!(vocabulary.iter().eq(terms.iter().cloned()));
            for (feature, term) in terms.iter().enumerate() {
                prop_assert_eq!(vocabulary.find(term), Some(feature as u32));
                prop_assert_eq!(vocabulary.find(&format!("{term} x")).is_some(), terms.contains(&format!("{term} x")));
            }
        }
    }
}
