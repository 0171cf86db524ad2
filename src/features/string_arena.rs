//! Keeps strings in one block of bytes, and finds them by a hash table.

use std::hash::BuildHasher;
use std::ops::Range;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Strings by number, one after the other in one block of bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct StringArena {
    bytes: String,
    ends: Vec<usize>,
}

impl StringArena {
    /// None yet, with room for so many strings of so many bytes in all.
    pub fn with_capacity(strings: usize, bytes: usize) -> Self {
        StringArena { bytes: String::with_capacity(bytes), ends: Vec::with_capacity(strings) }
    }

    /// Adds one at the end.
    pub fn push(&mut self, string: &str) {
        self.bytes.push_str(string);
        self.ends.push(self.bytes.len());
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The string of a number.
    pub fn get(&self, number: u32) -> Option<&str> {
        self.bytes.get(self.place(number)?)
    }

    /// Length in bytes of the string of a number; 0 without one.
    pub fn bytes(&self, number: u32) -> usize {
        self.place(number).map_or(0, |place| place.len())
    }

    fn place(&self, number: u32) -> Option<Range<usize>> {
        let number = number as usize;
        let end = *self.ends.get(number)?;
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        Some(start..end)
    }

    /// Some of them with blanks between; a number that is none's is blank.
    pub fn joined(&self, numbers: &[u32]) -> String {
        let mut out = String::new();
        for (place, number) in numbers.iter().enumerate() {
            out.push_str(if place > 0 { " " } else { "" });
            out.push_str(self.get(*number).unwrap_or(""));
        }
        out
    }

    /// All in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|number| self.get(number).unwrap_or(""))
    }
}

/// Distinct strings, numbered in the order of their insertion.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interner {
    strings: StringArena,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Interner {
    /// A table of strings that are distinct, under the numbers that they have.
    pub fn from_distinct(strings: StringArena) -> Self {
        let hasher = DefaultHashBuilder::default();
        let hash = |number: u32| hasher.hash_one(strings.get(number).unwrap_or(""));
        let mut index = HashTable::with_capacity(strings.len());
        (0..strings.len() as u32)
            .for_each(|number| _ = index.insert_unique(hash(number), number, |&n| hash(n)));
        Interner { strings, index, hasher }
    }

    /// Makes room for others.
    pub fn reserve(&mut self, others: &StringArena) {
        let Interner { strings, index, hasher } = self;
        strings.bytes.reserve_exact(others.bytes.len());
        strings.ends.reserve_exact(others.len());
        index.reserve(others.len(), |&number| hasher.hash_one(strings.get(number).unwrap_or("")));
    }

    /// The strings by number.
    pub fn strings(&self) -> &StringArena {
        &self.strings
    }

    /// Number of terms.
    #[cfg(feature = "train")]
    pub fn len(&self) -> usize {
        self.strings.len()
    }

    /// The term of a number.
    pub fn get(&self, number: u32) -> Option<&str> {
        self.strings.get(number)
    }

    /// The number of a term.
    pub fn find(&self, term: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(term);
        self.index.find(hash, |&number| self.get(number) == Some(term)).copied()
    }

    /// The number of a term, which is added if it is new.
    pub fn insert(&mut self, term: &str) -> u32 {
        let Interner { strings, index, hasher } = self;
        let hash = hasher.hash_one(term);
        if let Some(&number) = index.find(hash, |&number| strings.get(number) == Some(term)) {
            return number;
        }
        let number = strings.len() as u32;
        strings.push(term);
        index.insert_unique(hash, number, |&number| hasher.hash_one(strings.get(number).unwrap_or("")));
        number
    }

    /// Terms in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.strings.iter()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_term_is_found_under_its_number(terms in proptest::collection::vec("[a-cä]{1,3}", 0..60)) {
            let mut table = Interner::default();
            for term in &terms {
                let number = table.insert(term);
                prop_assert_eq!(table.insert(term), number);
            }
            let made_at_once = Interner::from_distinct(table.strings().clone());
            for table in [table, made_at_once] {
                for (number, term) in table.iter().enumerate() {
                    prop_assert_eq!(table.find(term), Some(number as u32));
                }
                prop_assert_eq!(table.find("zzz"), None);
            }
        }
    }
}
