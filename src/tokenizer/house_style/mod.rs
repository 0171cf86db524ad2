//! Brings the spellings that English house styles choose between to one form: transliterated names,
//! British and American spelling, dotted and plain abbreviations.
//!
//! A rule stands here only where it is right in any text. "Vladimir" and "Volodymyr" stay two
//! words, because the first names other people, too.

mod names;
mod phrases;
mod spelling;

use std::borrow::Cow;

pub(super) use phrases::{form, is_phrase};

/// One of the two ways in which a house may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// "colour", "organise", "travelled".
    British,
    /// "color", "organize", "traveled".
    American,
}

/// The language that names of places and people are transliterated from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transliteration {
    /// "Kyiv", "Zelenskyy".
    Ukrainian,
    /// "Kiev", "Zelensky".
    Russian,
}

/// Replaces the word `text[start..]`, whose accents are folded, by the one form of all its
/// spellings.
pub(super) fn unify(text: &mut String, start: usize) {
    let Some(word) = text.get(start..) else { return };
    let lower = lower_case(word);
    if let Some(unified) = unified(&lower) {
        let unified = with_case_of(word, &unified);
        text.truncate(start);
        text.push_str(&unified);
    }
}

/// A word in lower case in the spelling of a house; `None` where it is that already.
pub(crate) fn respelled(word: &str, spelling: Spelling) -> Option<String> {
    match spelling {
        Spelling::American => spelling::american(word),
        Spelling::British => spelling::british(word),
    }
}

/// A name in lower case as it is transliterated from a language; `None` where it is that already.
pub(crate) fn transliterated(word: &str, from: Transliteration) -> Option<&'static str> {
    names::transliterated(word, from).filter(|name| *name != word)
}

/// The one form of a word in lower case; `None` where it has that form.
fn unified(word: &str) -> Option<String> {
    let (base, ending) = match word.strip_suffix("'s") {
        Some(base) => (base, "'s"),
        None => (word, ""),
    };
    if let Some(name) = names::unified(base) {
        return Some([name, ending].concat());
    }
    let joined = phrases::without_hyphen(base);
    match spelling::american(joined.as_deref().unwrap_or(base)) {
        Some(american) => Some([&american, ending].concat()),
        None => joined.map(|joined| [&joined, ending].concat()),
    }
}

fn lower_case(word: &str) -> Cow<'_, str> {
    match word.contains(char::is_uppercase) {
        true => Cow::Owned(word.to_lowercase()),
        false => Cow::Borrowed(word),
    }
}

/// `unified`, which is in lower case, with a capital where `word` begins with one, and in capitals
/// where `word` is.
pub(crate) fn with_case_of<'u>(word: &str, unified: &'u str) -> Cow<'u, str> {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    match (letters.next().is_some_and(char::is_uppercase), letters.next().is_some_and(char::is_uppercase)) {
        (true, true) => Cow::Owned(unified.to_uppercase()),
        (true, false) => {
            let mut rest = unified.chars();
            Cow::Owned(rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect())
        }
        (false, _) => Cow::Borrowed(unified),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::Language;
    use crate::tokenizer::{HouseStyle, TokenBuf, Tokenizer, TokenizerConfig};

    fn tokens(text: &str, more: impl FnOnce(&mut TokenizerConfig)) -> Vec<String> {
        let mut config = TokenizerConfig { house_style: HouseStyle::Unify, ..TokenizerConfig::default() };
        more(&mut config);
        let mut buf = TokenBuf::default();
        Tokenizer::new(&config).unwrap().tokenize(text, &mut buf);
        buf.iter().map(|(normal, _)| normal.to_owned()).collect()
    }

    #[test]
    fn texts_of_two_houses_have_the_same_tokens() {
        let pairs = [
            ("Kiev, Kharkov’s port Odessa and the Donbass", "Kyiv, Kharkiv's port Odesa and the Donbas"),
            ("Zelenskyy Zelenskiy ZELENSKYI's", "Zelensky Zelensky Zelensky's"),
            ("the defence programme’s centre", "the defense program's center"),
            ("organised labour criticises neighbours", "organized labor criticizes neighbors"),
            ("travelled, cancelled, unrivalled", "traveled, canceled, unrivaled"),
            ("the US, USA, U.S.A. and United\nStates", "the U.S., U.S., U.S. and U.S."),
            ("U.K. E.U. United Kingdom European Union U.N.", "UK EU UK EU UN"),
            ("US-led and UK-based", "U.S.-led and U.K.-based"),
            ("ten per cent by e-mail, co-operation", "ten percent by email, cooperation"),
            ("N.A.T.O. U.S.S.R. U.A.E. D.C. G.O.P.", "NATO USSR UAE DC GOP"),
            ("Per cent, PER CENT, per cent", "Percent, PERCENT, percent"),
            ("whilst towards Türkiye", "while toward Turkey"),
        ];
        for (one, other) in pairs {
            for stem in [true, false] {
                for fold_case in [true, false] {
                    let more =
                        |config: &mut TokenizerConfig| (config.stem, config.fold_case) = (stem, fold_case);
                    if fold_case || !one.contains("ZEL") {
                        assert_eq!(tokens(one, more), tokens(other, more), "{one}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_pronoun_is_not_the_country() {
        assert_eq!(tokens("They told us that the US left us.", |_| {})[5], "u.s");
        assert_eq!(tokens("They told us; Us too", |_| {})[2..], ["us", "us", "too"]);
        assert_eq!(tokens("the united states of mind", |_| {})[1..3], ["unit", "state"]);
    }

    #[test]
    fn abbreviations_in_small_letters_are_words_as_they_are_stemmed() {
        let text = "NATO's USSR UAE UAE's DC GOP Percent PERCENT";
        let kept = tokens(text, |config| config.house_style = HouseStyle::Keep);
        assert_eq!(tokens(text, |_| {}), kept);
    }

    #[test]
    fn words_that_only_look_british_stay() {
        let words = "advise exercise surprised promises compromise enterprise otherwise raised precise wise \
            revising supervised expertise franchise disguise paradise treatise advertised rising uprising four \
            hours our tour source court journal courage controlled rolled called pulled metres' tyre analyses \
            patrolling compelled rebelled excelled propelled premise noise louise denise valise Promise likewise";
        for word in words.split_whitespace().filter(|word| *word != "metres'") {
            let lower = word.to_lowercase();
            assert_eq!(unified(&lower), None, "{word}");
        }
    }

    #[test]
    fn offsets_point_into_the_original_text() {
        let config = TokenizerConfig { house_style: HouseStyle::Unify, ..TokenizerConfig::default() };
        let text = "« Kiev » — the United States’ co-operation";
        let mut buf = TokenBuf::default();
        Tokenizer::new(&config).unwrap().tokenize(text, &mut buf);
        let found: Vec<(&str, &str)> = buf.iter().map(|(normal, span)| (normal, span.of(text))).collect();
        assert_eq!(
            found,
            [("kyiv", "Kiev"), ("the", "the"), ("u.s", "United States"), ("cooper", "co-operation")]
        );
    }

    #[test]
    fn a_style_is_unified_in_english_only() {
        let german = TokenizerConfig {
            language: Some(Language::German),
            house_style: HouseStyle::Unify,
            ..TokenizerConfig::default()
        };
        assert!(german.check().unwrap_err().to_string().contains("English"));
        assert_eq!(
            tokens("Kiev, the US and per cent", |config| config.house_style = HouseStyle::Keep),
            ["kiev", "the", "us", "and", "per", "cent"]
        );
    }

    proptest! {
        #[test]
        fn unifying_is_done_once_and_every_spelling_of_a_word_is_one(
            word in "[a-z]{1,7}(our|ours|ise|ised|ising|isation|ize|izing|yse|tre|led|ling|ogue|ence|)|[a-z'-]{0,12}"
        ) {
            let once = unified(&word).unwrap_or_else(|| word.clone());
            prop_assert_eq!(unified(&once), None, "{}", word);
            for spelling in [Spelling::British, Spelling::American] {
                let other = respelled(&word, spelling).unwrap_or_else(|| word.clone());
                prop_assert_eq!(unified(&other).unwrap_or(other), once.clone(), "{}", word);
            }
        }
    }
}
