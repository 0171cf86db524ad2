//! Features of one text to their counts.

/// Features of a text with their counts, in the order of first occurrence. The table that finds them again is as large as the
/// text needs, not as the vocabulary: it stays in the processor's nearest cache.
#[derive(Debug, Default)]
pub struct Counts {
    all: Vec<(u32, u32)>,
    /// One past a feature's place in `all`, by its hash; 0 where free. At most half full.
    places: Vec<u32>,
}

impl Counts {
    /// Forgets all, and makes room for a text of so many tokens.
    pub fn clear(&mut self, tokens: usize) {
        self.all.clear();
        self.places.clear();
        self.places.resize((2 * tokens).next_power_of_two().max(64), 0);
    }

    /// Counts one occurrence.
    #[inline]
    pub fn add(&mut self, node: u32) {
        let mask = self.places.len() - 1;
        let mut at = Self::first(node, self.places.len());
        while let Some(place) = self.places.get_mut(at) {
            match self.all.get_mut((*place as usize).wrapping_sub(1)) {
                Some((found, count)) if *found == node => {
                    *count = count.saturating_add(1);
                    return;
                }
                Some(_) => at = (at + 1) & mask,
                None => {
                    self.all.push((node, 1));
                    *place = self.all.len() as u32;
                    if 2 * self.all.len() > self.places.len() {
                        self.grow();
                    }
                    return;
                }
            }
        }
    }

    /// Features and counts.
    pub fn all(&self) -> &[(u32, u32)] {
        &self.all
    }

    #[inline]
    fn first(node: u32, places: usize) -> usize {
        (node.wrapping_mul(0x9e37_79b9) >> (32 - places.trailing_zeros())) as usize
    }

    #[cold]
    fn grow(&mut self) {
        let places = 4 * self.places.len();
        self.places.clear();
        self.places.resize(places, 0);
        for (number, &(node, _)) in (1u32..).zip(&self.all) {
            let mut at = Self::first(node, places);
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
        self.all.clear();
        self.all.shrink_to(kept);
        self.places.clear();
        self.places.shrink_to(2 * kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_in_order_and_grow_past_what_was_asked_for() {
        let mut counts = Counts::default();
        counts.clear(1);
        for round in 1..=2 {
            (0..5000u32).for_each(|node| counts.add(node.wrapping_mul(2_654_435_761)));
            assert!(counts.all.iter().all(|(_, count)| *count == round));
        }
        assert_eq!(counts.all.len(), 5000);
        assert!(
            counts
                .all
                .iter()
                .map(|(node, _)| *node)
                .eq((0..5000u32).map(|node| node.wrapping_mul(2_654_435_761)))
        );
        counts.clear(1);
        counts.add(7);
        assert_eq!(counts.all, [(7, 1)]);
    }
}
