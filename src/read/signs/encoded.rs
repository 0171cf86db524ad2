//! Tells texts whose blanks and letters were encoded for an address (`Rain%20fell`,
//! `Rain+fell`).

/// Whether a text is encoded as a part of an address is. Addresses in a text are none.
pub(super) fn is_percent_encoded(text: &str) -> bool {
    let has_percent = memchr::memchr(b'%', text.as_bytes()).is_some();
    has_percent && text.split_ascii_whitespace().any(is_encoded_word) || has_plus_for_blanks(text)
}

/// Whether a word has a blank, a comma or a letter beyond ASCII in this form, and two signs.
fn is_encoded_word(word: &str) -> bool {
    const MIN_SIGNS: usize = 2;
    let bytes = word.as_bytes();
    if memchr::memchr(b'%', bytes).is_none() || word.contains(['/', '@', '=']) || word.starts_with("www.") {
        return false;
    }
    let (mut count, mut is_of_text) = (0, false);
    for at in memchr::memchr_iter(b'%', bytes) {
        let [high, low] = [1, 2].map(|offset| bytes.get(at + offset).copied().unwrap_or_default());
        if !(high.is_ascii_hexdigit() && low.is_ascii_hexdigit()) {
            return false;
        }
        count += 1;
        let is_letter = high.is_ascii_alphabetic() && bytes.get(at + 3) == Some(&b'%');
        is_of_text |= matches!([high, low], [b'2', b'0' | b'7' | b'c' | b'C']) || is_letter;
    }
    is_of_text && count >= MIN_SIGNS
}

/// Whether a text has a plus between its words, and no blank.
fn has_plus_for_blanks(text: &str) -> bool {
    const MIN_SIGNS: usize = 4;
    let text = text.trim_ascii();
    // Nearly every text has a blank near its beginning.
    if memchr::memchr3(b' ', b'\n', b'\t', text.as_bytes()).is_some() || text.contains("://") {
        return false;
    }
    let words: Vec<&str> = text.split('+').collect();
    words.len() > MIN_SIGNS
        && words.iter().all(|word| word.starts_with(|c: char| c.is_alphanumeric() || c == '%'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_texts_are_told_from_addresses_and_shares() {
        for text in [
            "It%20rained%2C%20they%20said.",
            "It rained%E2%80%94much",
            "It+rained%2C+they%27said+so",
            "It+rained+on+the+first+day.",
            "caf%C3%A9 and ink",
        ] {
            assert!(is_percent_encoded(text), "{text}");
        }
        for text in [
            "It rose by 5% and 20%, then 7%.",
            "See https://example.org/a%20b%20c and example.org/caf%C3%A9.",
            "50%20% of",
            "C+++",
            "LGBTQIA+",
            "a+b",
            "",
            "one + two + three + four + five",
        ] {
            assert!(!is_percent_encoded(text), "{text}");
        }
    }
}
