//! Stores a counted row in half the memory of pairs, because most terms occur once in a text.

/// Added to a term that occurs several times; its count stands behind it.
const SEVERAL: u32 = 1 << 31;

/// The terms of one row with their counts, in the order of first occurrence. Terms are numbered
/// below 2^31.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompactRow {
    numbers: Box<[u32]>,
    terms: usize,
}

impl CompactRow {
    /// Packs terms, each with a count of at least 1.
    pub fn pack(counts: &[(u32, u32)]) -> Self {
        let several = counts.iter().filter(|(_, count)| *count != 1).count();
        let mut packed = Vec::with_capacity(counts.len() + several);
        for &(term, count) in counts {
            if count == 1 {
                packed.push(term);
            } else {
                packed.extend([term | SEVERAL, count]);
            }
        }
        CompactRow { numbers: packed.into_boxed_slice(), terms: counts.len() }
    }

    /// How many terms.
    pub fn len(&self) -> usize {
        self.terms
    }

    /// The terms and their counts.
    #[inline]
    pub fn iter(&self) -> Entries<'_> {
        Entries(self.numbers.iter())
    }
}

/// Terms and counts of a [`CompactRow`] row.
#[derive(Clone, Debug, Default)]
pub struct Entries<'p>(std::slice::Iter<'p, u32>);

impl Iterator for Entries<'_> {
    type Item = (u32, u32);

    #[inline]
    fn next(&mut self) -> Option<(u32, u32)> {
        let first = *self.0.next()?;
        match first & SEVERAL {
            0 => Some((first, 1)),
            _ => Some((first ^ SEVERAL, *self.0.next()?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_packed_row_gives_back_what_was_packed(
            counts in prop::collection::vec((0u32..SEVERAL, prop_oneof![Just(1u32), 1u32..]), 0..40)
        ) {
            let packed = CompactRow::pack(&counts);
            prop_assert_eq!(packed.len(), counts.len());
            prop_assert_eq!(packed.iter().collect::<Vec<_>>(), counts);
        }
    }
}
