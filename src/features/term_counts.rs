//! Counts the features of one text.

use crate::features::NgramTable;

/// Places at the beginning, at least and at most.
const MIN_SLOTS: usize = 1 << 6;
const MAX_INITIAL_SLOTS: usize = 1 << 18;

/// Features of a text with their counts, in the order of first occurrence. The table that finds
/// them again is as large as the text needs, not as the vocabulary: it stays in the processor's
/// nearest cache.
#[derive(Debug)]
pub struct TermCounts {
    /// What is no feature, then `len - 1` features, then what is left of other texts.
    all: Vec<(u32, u32)>,
    len: usize,
    /// One past a feature's place in `all`, by its hash; 0 where free. At least half stay free, and
    /// `all` is half as long or longer.
    places: Vec<u32>,
}

impl Default for TermCounts {
    fn default() -> Self {
        let mut counts = TermCounts { all: Vec::new(), len: 0, places: Vec::new() };
        counts.clear(0);
        counts
    }
}

impl TermCounts {
    /// Forgets all, and makes room for a text of so many tokens. A huge one gets room as it needs
    /// it: it may say the same again and again.
    pub fn clear(&mut self, tokens: usize) {
        self.len = 0;
        self.free_places((4 * tokens + 2).next_power_of_two().clamp(MIN_SLOTS, MAX_INITIAL_SLOTS));
        self.add(NgramTable::UNKNOWN);
    }

    /// Counts one occurrence. `NgramTable::UNKNOWN` can be counted as if it were a feature.
    #[inline]
    pub fn add(&mut self, node: u32) {
        self.add_all(1, |counting| counting.add(node));
    }

    /// Counts what `each` adds. Of features that are new, `most` at most: any more are left out.
    #[inline]
    pub fn add_all(&mut self, most: usize, each: impl FnOnce(&mut Counting<'_>)) {
        while self.len + most > self.places.len() / 2 {
            self.grow();
        }
        // No more than there are places for, though `all` may be longer.
        let all = self.all.get_mut(..self.len + most).unwrap_or_default();
        let mut counting = Counting { all, len: self.len, places: &mut self.places };
        each(&mut counting);
        self.len = counting.len;
    }

    /// Features and counts.
    pub fn all(&self) -> &[(u32, u32)] {
        self.all.get(1..self.len).unwrap_or(&[])
    }

    /// Makes so many places, all free, and room for the features that they are enough for.
    fn free_places(&mut self, places: usize) {
        if self.all.len() < places / 2 {
            self.all.resize(places / 2, (0, 0));
        }
        self.places.clear();
        self.places.resize(places, 0);
    }

    #[cold]
    fn grow(&mut self) {
        let places = 4 * self.places.len();
        self.free_places(places);
        for (number, &(node, _)) in (1u32..).zip(self.all.iter().take(self.len)) {
            let mut at = first(node, places);
            while let Some(place) = self.places.get_mut(at) {
                if *place == 0 {
                    *place = number;
                    break;
                }
                at = (at + 1) & (places - 1);
            }
        }
    }

    /// Forgets all, and gives back the room of more than so many features.
    pub fn shrink(&mut self, kept: usize) {
        self.clear(0);
        self.all.truncate(kept.max(MIN_SLOTS));
        self.all.shrink_to(kept);
        self.places.shrink_to(2 * kept);
    }
}

/// Counts with room for some occurrences: what changes is in registers of the processor while they
/// are counted.
#[derive(Debug)]
pub struct Counting<'c> {
    all: &'c mut [(u32, u32)],
    len: usize,
    places: &'c mut [u32],
}

impl Counting<'_> {
    /// Counts one occurrence, as [`TermCounts::add`].
    #[inline(always)]
    pub fn add(&mut self, node: u32) {
        let at = first(node, self.places.len());
        let Some(place) = self.places.get_mut(at) else { return };
        // No branch on whether the feature has occurred before, because it would be unpredictable.
        let is_new = *place == 0;
        let index = if is_new { self.len } else { *place as usize - 1 };
        let Some((found, count)) = self.all.get_mut(index) else { return };
        if !is_new & (*found != node) {
            self.len = add_behind((self.all, self.len), self.places, (node, at));
            return;
        }
        *found = node;
        *count = if is_new { 1 } else { count.saturating_add(1) };
        *place = index as u32 + 1;
        self.len += usize::from(is_new);
    }
}

/// Where a feature is looked for first, in a power of two of places.
#[inline]
fn first(node: u32, places: usize) -> usize {
    (node.wrapping_mul(0x9e37_79b9) >> (32 - places.trailing_zeros())) as usize
}

/// Counts one occurrence of a feature whose first place another one has; gives how many features
/// there are then.
#[inline(never)]
fn add_behind(
    (all, len): (&mut [(u32, u32)], usize),
    places: &mut [u32],
    (node, first): (u32, usize),
) -> usize {
    let mask = places.len() - 1;
    let mut at = (first + 1) & mask;
    while let Some(place) = places.get_mut(at) {
        let is_new = *place == 0;
        let index = if is_new { len } else { *place as usize - 1 };
        let Some((found, count)) = all.get_mut(index) else { break };
        if is_new {
            (*found, *count, *place) = (node, 1, len as u32 + 1);
            return len + 1;
        }
        if *found == node {
            *count = count.saturating_add(1);
            break;
        }
        at = (at + 1) & mask;
    }
    len
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_in_order_and_grow_past_what_was_asked_for() {
        let mut counts = TermCounts::default();
        counts.clear(1);
        for round in 1..=2 {
            (0..5000u32).for_each(|node| counts.add(node.wrapping_mul(2_654_435_761)));
            assert!(counts.all().iter().all(|(_, count)| *count == round));
        }
        assert_eq!(counts.all().len(), 5000);
        assert!(
            counts
                .all()
                .iter()
                .map(|(node, _)| *node)
                .eq((0..5000u32).map(|node| node.wrapping_mul(2_654_435_761)))
        );
        counts.clear(1);
        counts.add(7);
        counts.add(NgramTable::UNKNOWN);
        assert_eq!(counts.all(), [(7, 1)]);
    }

    #[test]
    fn new_features_beyond_what_was_said_are_left_out_whatever_was_counted_before() {
        let mut counts = TermCounts::default();
        (0..5000).for_each(|node| counts.add(node));
        counts.clear(1);
        counts.add_all(2, |counting| (0..500).chain(0..2).for_each(|node| counting.add(node)));
        assert_eq!(counts.all(), [(0, 2), (1, 2)]);
        counts.add(9);
        assert_eq!(counts.all(), [(0, 2), (1, 2), (9, 1)]);
    }
}
