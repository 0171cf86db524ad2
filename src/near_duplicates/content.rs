//! Hashes what a text says, so that copies are found that differ in typography alone.

use crate::near_duplicates::words::words;

/// A hash of the words of a text in their order, as
/// [`Signature`](crate::near_duplicates::Signature) tells words apart; `None` without words.
pub fn content_hash(text: &str) -> Option<u64> {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let (mut hash, mut count) = (0u64, 0u64);
    words(text, |word| {
        hash = (hash.rotate_left(5) ^ word).wrapping_mul(FACTOR);
        count += 1;
    });
    (count > 0).then_some(hash ^ count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typography_does_not_count_and_words_in_their_order_do() {
        let hash = content_hash("The harbour was closed.");
        assert_eq!(hash, content_hash("the HARBOUR  was clo\u{ad}sed"));
        assert_ne!(hash, content_hash("Closed was the harbour."));
        assert_ne!(hash, content_hash("The harbour was closed closed."));
        assert_eq!(content_hash(" - "), None);
    }
}
