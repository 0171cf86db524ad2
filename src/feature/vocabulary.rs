//! Terms and their numbers: a growing table for fitting, a sorted one for scoring.

use std::cmp::Ordering;
use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::error::{Error, Result};

/// Distinct terms in one block of bytes, numbered in the order of their insertion.
#[derive(Clone, Debug, Default)]
pub struct TermTable {
    bytes: String,
    ends: Vec<usize>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl TermTable {
    /// Number of terms.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The term of a number.
    pub fn get(&self, number: u32) -> Option<&str> {
        term_at(&self.bytes, &self.ends, number)
    }

    /// The number of a term.
    pub fn find(&self, term: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(term);
        self.index.find(hash, |&number| self.get(number) == Some(term)).copied()
    }

    /// The number of a term, which is added if it is new.
    pub fn insert(&mut self, term: &str) -> u32 {
        let TermTable { bytes, ends, index, hasher } = self;
        let hash = hasher.hash_one(term);
        if let Some(&number) = index.find(hash, |&number| term_at(bytes, ends, number) == Some(term)) {
            return number;
        }
        let number = ends.len() as u32;
        bytes.push_str(term);
        ends.push(bytes.len());
        index.insert_unique(hash, number, |&number| {
            hasher.hash_one(term_at(bytes, ends, number).unwrap_or(""))
        });
        number
    }

    /// Terms in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|number| self.get(number).unwrap_or(""))
    }
}

fn term_at<'b>(bytes: &'b str, ends: &[usize], number: u32) -> Option<&'b str> {
    let number = number as usize;
    let end = *ends.get(number)?;
    let start = number.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    bytes.get(start..end)
}

/// The terms of a model, sorted by their bytes; a term's place is its feature's number.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    bytes: String,
    ends: Vec<usize>,
}

impl Vocabulary {
    /// The longest term in bytes.
    pub const LONGEST_TERM: usize = 1024;

    /// Takes the terms' bytes one after the other, in order, and where each ends.
    ///
    /// # Errors
    /// Ends outside the bytes or inside a character, terms out of order, blank, too long or with control characters.
    pub fn new(bytes: String, ends: Vec<usize>) -> Result<Self> {
        let mut before = "";
        let mut start = 0;
        for (number, &end) in ends.iter().enumerate() {
            let Some(term) = bytes.get(start..end) else {
                return Err(Error::model(format!(
                    "vocabulary term {number} ends at byte {end}, outside its bounds"
                )));
            };
            if term.is_empty() || term.len() > Self::LONGEST_TERM {
                return Err(Error::model(format!(
                    "vocabulary term {number} has {} bytes; expected 1 to {}",
                    term.len(),
                    Self::LONGEST_TERM
                )));
            }
            match before.cmp(term) {
                Ordering::Less => {}
                Ordering::Equal => {
                    return Err(Error::model(format!("vocabulary term {number} stands twice")));
                }
                Ordering::Greater => {
                    return Err(Error::model(format!(
                        "vocabulary term {number} does not come after the one before it; expected sorted, distinct terms"
                    )));
                }
            }
            (before, start) = (term, end);
        }
        // Of no text; and n-grams that begin alike could stand apart.
        if let Some(at) = bytes.bytes().position(|byte| byte < b' ') {
            return Err(Error::model(format!("its vocabulary has a control character at byte {at}")));
        }
        if start != bytes.len() {
            return Err(Error::model(format!(
                "its vocabulary has {} bytes that belong to no term",
                bytes.len() - start
            )));
        }
        Ok(Vocabulary { bytes, ends })
    }

    /// Takes terms in order.
    ///
    /// # Errors
    /// As [`Vocabulary::new`].
    pub fn of<T: AsRef<str>>(terms: impl Iterator<Item = T>) -> Result<Self> {
        let (mut bytes, mut ends) = (String::new(), Vec::new());
        for term in terms {
            bytes.push_str(term.as_ref());
            ends.push(bytes.len());
        }
        Vocabulary::new(bytes, ends)
    }

    /// Number of features.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The feature of a term, by halving.
    pub fn find(&self, term: &str) -> Option<u32> {
        let (mut low, mut high) = (0, self.len() as u32);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.term(middle).cmp(term) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Some(middle),
                Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The term of a feature.
    pub fn term(&self, feature: u32) -> &str {
        term_at(&self.bytes, &self.ends, feature).unwrap_or("")
    }

    /// Terms in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|feature| self.term(feature))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_sorted_terms_make_a_vocabulary() {
        let of = |terms: &[&str]| Vocabulary::of(terms.iter().copied());
        let vocabulary = of(&["a", "b", "ä"]).unwrap();
        assert_eq!(
            ["a", "b", "ä", "", "c"].map(|term| vocabulary.find(term)),
            [Some(0), Some(1), Some(2), None, None]
        );
        for wrong in [&["b", "a"][..], &["", "a"], &["a", "a"], &[&"x".repeat(2000)]] {
            assert!(of(wrong).is_err(), "{wrong:?}");
        }
        assert!(of(&["a b", "a b\u{1}", "a b c"]).is_err(), "no token holds a control character");
        assert!(Vocabulary::new("ä".to_owned(), vec![1]).is_err());
        assert!(Vocabulary::new("ab".to_owned(), vec![1]).is_err());
        assert!(Vocabulary::new("ab".to_owned(), vec![3]).is_err());
    }

    proptest! {
        #[test]
        fn every_term_is_found_under_its_number(terms in proptest::collection::vec("[a-cä]{1,3}", 0..60)) {
            let mut table = TermTable::default();
            for term in &terms {
                let number = table.insert(term);
                prop_assert_eq!(table.insert(term), number);
            }
            for (number, term) in table.iter().enumerate() {
                prop_assert_eq!(table.find(term), Some(number as u32));
            }
            prop_assert_eq!(table.find("zzz"), None);
        }
    }
}
