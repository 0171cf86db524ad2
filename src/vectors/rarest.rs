//! Chooses which counts to drop when a table is full.

/// The count up to which things are forgotten, so that at most half of the room is taken. `counts`
/// are more than there is room for.
pub(super) fn greatest_forgotten(mut counts: Vec<u64>, room: usize) -> u64 {
    let at = counts.len().saturating_sub(room / 2 + 1);
    if counts.is_empty() {
        return 0;
    }
    *counts.select_nth_unstable(at).1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_more_than_half_of_the_room_is_taken(counts in proptest::collection::vec(1u64..9, 1..50), room in 1usize..50) {
            let most = greatest_forgotten(counts.clone(), room);
            let kept = |above: u64| counts.iter().filter(|count| **count > above).count();
            prop_assert!(kept(most) <= room / 2);
            // One less would take more, unless there was room for all.
            prop_assert!(kept(most - 1) > room / 2 || counts.len() <= room / 2);
        }
    }
}
