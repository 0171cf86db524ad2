//! Recognizes labels that look mistyped.

use crate::label::key::spelling_key;

/// Whether a label is another with one letter wrong, missing, too many or swapped with its
/// neighbor. Short labels may resemble each other by chance, and numbers may differ in one digit.
pub(super) fn is_slip(label: &str, meant: &str) -> bool {
    const MIN_LETTERS: usize = 5;
    const MAX_LETTERS: usize = 100;
    let keys = [label, meant].map(spelling_key);
    let [label, meant] = &keys;
    let lengths = keys.each_ref().map(|key| key.chars().count());
    let digits = |key: &str| key.chars().filter(char::is_ascii_digit).collect::<String>();
    lengths.iter().all(|length| (MIN_LETTERS..=MAX_LETTERS).contains(length))
        && {
            let [a, b] = lengths;
            a.abs_diff(b) <= 1
        }
        && digits(label) == digits(meant)
        && strsim::osa_distance(label, meant) == 1
}
