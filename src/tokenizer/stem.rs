//! Reduces words to their stems with the Snowball stemmers. The only file that knows rust-stemmers.

use std::borrow::Cow;
use std::fmt;

use rust_stemmers::Algorithm;

use crate::text::Language;

/// Words longer than this many bytes are not words of a language and are left as they are.
const MAX_WORD_BYTES: usize = 64;

/// Whether the words of a language can be cut to their stems.
#[cfg(feature = "train")]
pub(crate) fn has_stemmer(language: Language) -> bool {
    algorithm(language).is_some()
}

fn algorithm(language: Language) -> Option<Algorithm> {
    Some(match language {
        Language::Arabic => Algorithm::Arabic,
        Language::Catalan => return None,
        Language::Danish => Algorithm::Danish,
        Language::Dutch => Algorithm::Dutch,
        Language::English => Algorithm::English,
        Language::Finnish => Algorithm::Finnish,
        Language::French => Algorithm::French,
        Language::German => Algorithm::German,
        Language::Greek => Algorithm::Greek,
        Language::Hungarian => Algorithm::Hungarian,
        Language::Italian => Algorithm::Italian,
        Language::Norwegian => Algorithm::Norwegian,
        Language::Portuguese => Algorithm::Portuguese,
        Language::Romanian => Algorithm::Romanian,
        Language::Russian => Algorithm::Russian,
        Language::Spanish => Algorithm::Spanish,
        Language::Swedish => Algorithm::Swedish,
        Language::Tamil => Algorithm::Tamil,
        Language::Turkish => Algorithm::Turkish,
    })
}

/// A Snowball stemmer for one language.
pub(super) struct Stemmer(rust_stemmers::Stemmer);

impl fmt::Debug for Stemmer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stemmer")
    }
}

impl Stemmer {
    /// `None` for a language without one.
    pub(super) fn new(language: Language) -> Option<Self> {
        algorithm(language).map(|algorithm| Stemmer(rust_stemmers::Stemmer::create(algorithm)))
    }

    /// Replaces the word `text[start..]` by its stem. Abbreviations and designators ("u.s", "f-16")
    /// have none.
    pub(super) fn stem_from(&self, text: &mut String, start: usize) {
        let is_word = |word: &&str| {
            word.len() <= MAX_WORD_BYTES && !word.contains(|c: char| c == '.' || c.is_ascii_digit())
        };
        let Some(word) = text.get(start..).filter(is_word) else { return };
        match self.0.stem(word) {
            // Nearly every stem is a prefix of its word: then nothing is copied.
            Cow::Borrowed(stem) if word.starts_with(stem) => {
                let end = start + stem.len();
                text.truncate(end);
            }
            stem => {
                let stem = stem.into_owned();
                text.truncate(start);
                text.push_str(&stem);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stem(language: Language, word: &str) -> String {
        let mut text = format!("x{word}");
        if let Some(stemmer) = Stemmer::new(language) {
            stemmer.stem_from(&mut text, 1);
        }
        text.split_off(1)
    }

    #[test]
    fn english_words_are_cut_to_their_stems() {
        for (word, expected) in
            [("negotiations", "negoti"), ("happy", "happi"), ("deterring", "deter"), ("don't", "don't")]
        {
            assert_eq!(stem(Language::English, word), expected);
        }
    }

    #[test]
    fn other_languages_have_stemmers_too() {
        assert_eq!(stem(Language::German, "verhandlungen"), "verhandl");
        assert_eq!(stem(Language::Russian, "переговоры"), "переговор");
    }

    proptest! {
        #[test]
        fn no_stemmer_panics(word in "\\PC{0,20}|[a-zäöüßéèа-яïç']{0,20}") {
            for language in Language::ALL {
                stem(*language, &word);
            }
        }
    }
}
