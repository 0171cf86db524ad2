//! Finds the texts that hold some words, whatever their case.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::scan::find_pair;
use crate::serve::answer::Refusal;

/// The most characters of a query. The time that a search can take grows with them.
const MAX_QUERY: usize = 256;

/// No letter that has a capital comes after this character.
const LAST_WITH_CASE: char = '\u{1FFFF}';

/// The most forms of one letter.
const MAX_FORMS: usize = 4;

/// The letters that are one letter in another form (`σ`, `ς` and `Σ`), by their small form.
static FORMS: LazyLock<HashMap<char, Vec<char>>> = LazyLock::new(|| {
    let mut forms: HashMap<char, Vec<char>> = HashMap::new();
    for letter in '\0'..=LAST_WITH_CASE {
        forms.entry(small(letter)).or_default().push(letter);
    }
    forms.retain(|_, forms| forms.len() > 1);
    forms
});

/// What is looked for: each letter in all its forms. Every text holds no letters.
#[derive(Debug)]
pub(super) struct Search(Vec<Letter>);

impl Search {
    /// Looks for the words of a query.
    ///
    /// # Errors
    /// A query that is too long.
    pub(super) fn new(query: &str) -> Result<Self, Refusal> {
        let query = query.trim();
        if query.chars().nth(MAX_QUERY).is_some() {
            return Err(Refusal::bad_request(format!("the search has more than {MAX_QUERY} characters")));
        }
        Ok(Search(query.chars().map(Letter::new).collect()))
    }

    /// Whether one of the parts of a text holds it.
    pub(super) fn finds<'t>(&self, parts: impl IntoIterator<Item = &'t str>) -> bool {
        let Some((first, others)) = self.0.split_first() else { return true };
        let ends = first.bytes_by(|bytes| bytes.last());
        let begins = others.first().map(|second| second.bytes_by(|bytes| bytes.first()));
        let is_alone = begins.is_none();
        let begins = begins.unwrap_or_default();
        // The last byte of the first letter, and the first of the second.
        let may_be = |byte: u8, next: u8| is_one_of(byte, ends) & (is_alone | is_one_of(next, begins));
        parts.into_iter().any(|part| {
            let mut from = 0;
            while let Some(at) = find_pair(part.as_bytes(), from, may_be) {
                from = at + 1;
                let (before, after) = part.split_at_checked(from).unwrap_or_default();
                if before.chars().next_back().is_some_and(|letter| first.is(letter))
                    && begins_with(after, others)
                {
                    return true;
                }
            }
            false
        })
    }
}

/// A letter in all its forms.
#[derive(Debug)]
struct Letter(Vec<char>);

impl Letter {
    fn new(letter: char) -> Self {
        Letter(FORMS.get(&small(letter)).cloned().unwrap_or_else(|| vec![letter]))
    }

    fn is(&self, letter: char) -> bool {
        self.0.contains(&letter)
    }

    /// A byte of each form; the first form's in the places that are left.
    fn bytes_by(&self, which: fn(&[u8]) -> Option<&u8>) -> [u8; MAX_FORMS] {
        let mut forms = self.0.iter().cycle();
        std::array::from_fn(|_| {
            let form = forms.next().copied().unwrap_or_default();
            which(form.encode_utf8(&mut [0; 4]).as_bytes()).copied().unwrap_or_default()
        })
    }
}

fn begins_with(text: &str, letters: &[Letter]) -> bool {
    let mut found = text.chars();
    letters.iter().all(|letter| found.next().is_some_and(|found| letter.is(found)))
}

/// Without a branch, for many bytes at once.
fn is_one_of(byte: u8, bytes: [u8; MAX_FORMS]) -> bool {
    bytes.iter().fold(false, |any, one| any | (byte == *one))
}

/// The small form of a letter, by its capital: of `ς` and `ſ` that is `σ` and `s`. A letter that
/// becomes several letters stays as it is.
fn small(letter: char) -> char {
    let capital = alone(letter.to_uppercase()).unwrap_or(letter);
    alone(capital.to_lowercase()).unwrap_or(capital)
}

fn alone(mut letters: impl Iterator<Item = char>) -> Option<char> {
    letters.next().filter(|_| letters.next().is_none())
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
    fn the_longest_query_is_looked_for_and_a_longer_one_is_refused() {
        for letter in ["ж", "a", "\u{1f642}"] {
            let query = letter.repeat(MAX_QUERY);
            assert!(finds(&query, &query.to_uppercase()) && !finds(&query, &query[letter.len()..]));
            assert!(Search::new(&letter.repeat(MAX_QUERY + 1)).is_err());
        }
    }

    #[test]
    fn all_forms_of_all_letters_are_known() {
        assert!(FORMS.values().all(|forms| forms.len() <= MAX_FORMS));
        let mut letters = LAST_WITH_CASE..=char::MAX;
        assert!(letters.all(|letter| small(letter) == letter));
        for forms in ["kK\u{212A}", "sSſ", "åÅ\u{212B}", "θΘϑϴ", "дДᲁ", "ǆǅǄ"] {
            let pairs = forms.chars().flat_map(|one| forms.chars().map(move |other| (one, other)));
            for (one, other) in pairs {
                assert!(finds(&format!("{one}x"), &format!("д{other}X")), "{one} {other}");
            }
        }
    }

    proptest! {
        #[test]
        fn what_holds_the_small_letters_of_a_query_is_found(text in "[aAbBéÉжЖїЇ€ .*]{0,90}", query in "[aAbBéÉжЖїЇ€.*]{1,3}") {
            prop_assert_eq!(finds(&query, &text), text.to_lowercase().contains(&query.to_lowercase()));
        }
    }
}
