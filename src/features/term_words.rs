//! Holds the words of each term as numbers.

use crate::error::Result;

/// The numbers of the words of all terms, term by term.
#[derive(Clone, Debug, Default)]
pub(crate) struct TermWords {
    numbers: Vec<u32>,
    /// Where the words of each term end.
    ends: Vec<u32>,
}

impl TermWords {
    /// Takes the numbers of all terms, and where those of each term end.
    pub fn new(numbers: Vec<u32>, ends: Vec<u32>) -> Self {
        TermWords { numbers, ends }
    }

    /// Number of terms.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// How many words all terms have.
    pub fn words(&self) -> usize {
        self.numbers.len()
    }

    /// The words of a term; none for a number that is no term's, or where the ends are wrong.
    pub fn get(&self, term: u32) -> &[u32] {
        let end = |term: u32| self.ends.get(term as usize).map_or(0, |end| *end as usize);
        let start = term.checked_sub(1).map_or(0, end);
        self.numbers.get(start..end(term)).unwrap_or(&[])
    }

    /// Where the words of the last term end.
    pub fn end(&self) -> usize {
        self.ends.last().map_or(0, |end| *end as usize)
    }
}

/// Where the words of all terms can be read again: bytes that never go away.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TermSource {
    pub bytes: &'static [u8],
    /// Reads them, from their bytes, the number of words and the number of terms.
    pub read: fn(&[u8], usize, usize) -> Result<TermWords>,
}
