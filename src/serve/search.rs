//! Finds the texts that hold some words, whatever their case.

use regex::{Regex, RegexBuilder, escape};

use crate::serve::answer::Refusal;

/// What is looked for; `None` for nothing, which every text holds.
#[derive(Debug)]
pub(super) struct Search(Option<Regex>);

impl Search {
    /// Looks for the words of a query.
    ///
    /// # Errors
    /// A query that is too long.
    pub(super) fn new(query: &str) -> Result<Self, Refusal> {
        let query = query.trim();
        if query.is_empty() {
            return Ok(Search(None));
        }
        let words = RegexBuilder::new(&escape(query)).case_insensitive(true).build();
        words.map(|words| Search(Some(words))).map_err(|_| Refusal::bad_request("the search is too long"))
    }

    /// Whether one of the parts of a text holds it.
    pub(super) fn finds<'t>(&self, parts: impl IntoIterator<Item = &'t str>) -> bool {
        let Some(words) = &self.0 else { return true };
        parts.into_iter().any(|part| words.is_match(part))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finds(query: &str, text: &str) -> bool {
        Search::new(query).unwrap().finds([text])
    }

    #[test]
    fn words_are_found_in_any_case_and_nothing_is_found_everywhere() {
        assert!(finds("nato", "The NATO summit") && finds(" Summit ", "The NATO summit") && finds("", ""));
        assert!(finds("київ", "У Києві. КИЇВ") && finds("É", "été"));
        assert!(!finds("nato", "NAT") && !finds("x", "") && !finds("natoo", "nato"));
        assert!(Search::new("b").unwrap().finds(["a", "B"]));
    }

    #[test]
    fn letters_with_two_small_forms_are_found_and_signs_stand_for_themselves() {
        assert!(finds("οδοσ", "ΟΔΟΣ") && finds("ΟΔΟΣ", "οδος"));
        assert!(finds("(a.c)*", "x (A.C)* y") && !finds("a.c", "abc") && !finds("\\d", "1"));
        assert!(finds("ґанок", "ҐАНОК") && !finds("ганок", "ґанок"));
    }

    #[test]
    fn the_longest_query_that_a_request_can_hold_is_looked_for_or_refused() {
        for query in ["ж".repeat(8000), "a".repeat(16_000), "\u{1f642}".repeat(4000)] {
            let found = Search::new(&query).map(|search| search.finds([query.to_uppercase().as_str()]));
            assert!(found.is_ok_and(|found| found) || Search::new(&query).is_err());
        }
    }

    proptest! {
        #[test]
        fn what_holds_the_small_letters_of_a_query_is_found(text in "[aAbBéÉжЖїЇ .*]{0,12}", query in "[aAbBéÉжЖїЇ.*]{1,3}") {
            prop_assert_eq!(finds(&query, &text), text.to_lowercase().contains(&query.to_lowercase()));
        }
    }
}
