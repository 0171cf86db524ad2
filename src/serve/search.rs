//! Finds the texts that hold some words, whatever their case.

/// What is looked for.
#[derive(Debug)]
pub(super) struct Search(Needle);

#[derive(Debug)]
enum Needle {
    /// Nothing: every text holds it.
    Nothing,
    /// Characters of ASCII, in small letters.
    Bytes(Vec<u8>),
    /// Others, in small letters.
    Text(String),
}

impl Search {
    pub(super) fn new(query: &str) -> Self {
        let query = query.trim().to_lowercase();
        Search(match query.is_ascii() {
            _ if query.is_empty() => Needle::Nothing,
            true => Needle::Bytes(query.into_bytes()),
            false => Needle::Text(query),
        })
    }

    /// Whether one of the parts of a text holds it.
    pub(super) fn finds<'t>(&self, parts: impl IntoIterator<Item = &'t str>) -> bool {
        match &self.0 {
            Needle::Nothing => true,
            Needle::Bytes(needle) => parts.into_iter().any(|part| holds(part.as_bytes(), needle)),
            Needle::Text(needle) => {
                parts.into_iter().any(|part| part.to_lowercase().contains(needle.as_str()))
            }
        }
    }
}

/// Whether bytes hold others, whatever the case of letters of ASCII. Both cases of the first are looked for at once: that rules most
/// places out.
fn holds(text: &[u8], needle: &[u8]) -> bool {
    let Some((&first, rest)) = needle.split_first() else { return true };
    let upper = first.to_ascii_uppercase();
    let Some(last) = text.len().checked_sub(needle.len()) else { return false };
    let starts = text.get(..=last).unwrap_or(&[]).iter().enumerate();
    starts.filter(|(_, byte)| **byte == first || **byte == upper).any(|(at, _)| {
        text.get(at + 1..at + needle.len()).is_some_and(|found| found.eq_ignore_ascii_case(rest))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_found_in_any_case_and_nothing_is_found_everywhere() {
        let finds = |query: &str, text: &str| Search::new(query).finds([text]);
        assert!(finds("nato", "The NATO summit") && finds(" Summit ", "The NATO summit") && finds("", ""));
        assert!(finds("київ", "У Києві. КИЇВ") && finds("É", "été"));
        assert!(!finds("nato", "NAT") && !finds("x", "") && !finds("natoo", "nato"));
        assert!(Search::new("b").finds(["a", "B"]));
    }

    proptest! {
        #[test]
        fn bytes_are_found_where_their_small_letters_are(text in "[aAbB é]{0,12}", query in "[abAB ]{1,4}") {
            let small = text.to_ascii_lowercase();
            prop_assert_eq!(holds(text.as_bytes(), query.to_lowercase().as_bytes()), small.contains(&query.to_lowercase()));
        }
    }
}
