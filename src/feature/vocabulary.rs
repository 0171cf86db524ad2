//! Terms and their numbers: a growing table for fitting, a sorted one for scoring.

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
    /// The most terms that a table can hold.
    pub const MOST: usize = u32::MAX as usize;

    /// An empty table with room for so many terms of so many bytes in all.
    pub fn with_capacity(terms: usize, bytes: usize) -> Self {
        TermTable {
            bytes: String::with_capacity(bytes),
            ends: Vec::with_capacity(terms),
            index: HashTable::with_capacity(terms),
            hasher: DefaultHashBuilder::default(),
        }
    }

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
pub struct Vocabulary(TermTable);

impl Vocabulary {
    /// The longest term in bytes.
    pub const LONGEST_TERM: usize = 1024;

    /// Takes a table whose terms stand in order.
    ///
    /// # Errors
    /// Terms out of order, blank or too long.
    pub fn from_table(table: TermTable) -> Result<Self> {
        let mut before: Option<&str> = None;
        for (number, term) in table.iter().enumerate() {
            if term.is_empty() || term.len() > Self::LONGEST_TERM {
                return Err(Error::model(format!(
                    "vocabulary term {number} has {} bytes; expected 1 to {}",
                    term.len(),
                    Self::LONGEST_TERM
                )));
            }
            if before.is_some_and(|before| before >= term) {
                return Err(Error::model(format!(
                    "vocabulary term {number} does not come after the one before it; expected sorted, distinct terms"
                )));
            }
            before = Some(term);
        }
        Ok(Vocabulary(table))
    }

    /// Number of features.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The feature of a term.
    pub fn find(&self, term: &str) -> Option<u32> {
        self.0.find(term)
    }

    /// The term of a feature.
    pub fn term(&self, feature: u32) -> &str {
        self.0.get(feature).unwrap_or("")
    }

    /// Terms in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(terms: &[&str]) -> TermTable {
        let mut table = TermTable::default();
        for term in terms {
            table.insert(term);
        }
        table
    }

    #[test]
    fn only_sorted_terms_make_a_vocabulary() {
        assert!(Vocabulary::from_table(table(&["a", "b", "ä"])).is_ok());
        assert!(Vocabulary::from_table(table(&["b", "a"])).is_err());
        assert!(Vocabulary::from_table(table(&["", "a"])).is_err());
        assert!(Vocabulary::from_table(table(&[&"x".repeat(2000)])).is_err());
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
