//! Applies the spelling rules of single languages to folded words, before they are stemmed, as Snowball 3 does.

use std::borrow::Cow;

use crate::text::Language;

/// What French drops before a vowel, without the apostrophe.
const FRENCH: &[&str] =
    &["l", "d", "j", "m", "t", "s", "n", "c", "ç", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"];
/// What Italian drops before a vowel, without the apostrophe.
const ITALIAN: &[&str] = &[
    "l", "un", "d", "c", "m", "t", "s", "v", "n", "all", "dall", "dell", "nell", "sull", "coll", "pell",
    "gl", "agl", "dagl", "degl", "negl", "sugl", "quest", "quell",
];

/// Applies the rules of a language to the word `text[start..]`: without the elided word before it, and with one spelling where
/// writers choose between two.
pub(super) fn apply(language: Language, text: &mut String, start: usize) {
    match language {
        Language::French => cut_elision(FRENCH, text, start),
        Language::Italian => cut_elision(ITALIAN, text, start),
        Language::Russian => replace(text, start, &[('ё', 'е'), ('Ё', 'Е')]),
        Language::Greek => replace(text, start, &[('ς', 'σ')]),
        // The stemmer knows the letters with a cedilla.
        Language::Romanian => replace(text, start, &[('ș', 'ş'), ('ț', 'ţ'), ('Ș', 'Ş'), ('Ț', 'Ţ')]),
        _ => {}
    }
}

/// A Turkish word with the small letters of I and İ, which are ı and i.
pub(super) fn turkish_small_i(word: &str) -> Cow<'_, str> {
    if !word.contains(['I', 'İ']) {
        return Cow::Borrowed(word);
    }
    // A dot of its own makes the other letter of I.
    Cow::Owned(word.replace("I\u{307}", "i").replace('İ', "i").replace('I', "ı"))
}

/// Takes off one of the elided words; nothing where nothing would be left.
fn cut_elision(elided: &[&str], text: &mut String, start: usize) {
    let word = text.get(start..).unwrap_or("");
    let Some((before, rest)) = word.split_once('\'') else { return };
    let before = before.to_lowercase();
    if rest.starts_with(char::is_alphanumeric) && elided.contains(&before.as_str()) {
        text.replace_range(start..text.len() - rest.len(), "");
    }
}

fn replace(text: &mut String, start: usize, letters: &[(char, char)]) {
    let Some(word) =
        text.get(start..).filter(|word| word.contains(|c| letters.iter().any(|(from, _)| *from == c)))
    else {
        return;
    };
    let other = |c: char| letters.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to);
    let replaced: String = word.chars().map(other).collect();
    text.truncate(start);
    text.push_str(&replaced);
}

#[cfg(test)]
mod tests {
    use crate::text::Language;
    use crate::tokenizer::{TokenBuf, Tokenizer, TokenizerConfig};

    fn tokens(config: TokenizerConfig, text: &str) -> Vec<String> {
        let mut buf = TokenBuf::default();
        Tokenizer::new(&config).unwrap().tokenize(text, &mut buf);
        buf.iter().map(|(normal, _)| normal.to_owned()).collect()
    }

    /// Texts that are one under every recipe of a language.
    fn assert_same(language: Language, pairs: &[(&str, &str)]) {
        for (stem, fold_accents) in [(true, true), (false, true), (true, false), (false, false)] {
            let config = TokenizerConfig {
                language: Some(language),
                stem,
                fold_accents,
                ..TokenizerConfig::default()
            };
            for (one, other) in pairs {
                assert_eq!(tokens(config.clone(), one), tokens(config.clone(), other), "{one}");
            }
        }
    }

    #[test]
    fn french_words_lose_what_is_elided_before_them() {
        let pairs = [
            ("l'armée d’État qu'elle", "armée état elle"),
            ("L'ARMÉE", "armée"),
            ("lorsqu'il puisqu'on jusqu'ici quoiqu'un", "il on ici un"),
            ("c'est n'est j'ai m'a t'a s'il", "est est ai a a il"),
        ];
        assert_same(Language::French, &pairs);
        let plain = TokenizerConfig {
            language: Some(Language::French),
            stem: false,
            fold_case: false,
            ..TokenizerConfig::default()
        };
        assert_eq!(
            tokens(plain, "L'Otan aujourd'hui quelqu'un d'"),
            ["Otan", "aujourd'hui", "quelqu'un", "d"]
        );
    }

    #[test]
    fn italian_words_lose_what_is_elided_before_them() {
        let pairs = [
            ("l'esercito dell’alleanza un'idea", "esercito alleanza idea"),
            ("all'Europa dall'Italia nell'anno sull'accordo quest'anno", "europa italia anno accordo anno"),
            ("c'è d'accordo", "è accordo"),
        ];
        assert_same(Language::Italian, &pairs);
    }

    #[test]
    fn letters_that_writers_choose_between_are_one() {
        assert_same(Language::Russian, &[("самолёт ещё ЕЁ полёты", "самолет еще ее полеты")]);
        assert_same(Language::Romanian, &[("și țară acțiunile", "şi ţară acţiunile")]);
        assert_same(Language::Greek, &[("ΟΔΟΣ ΠΟΛΕΜΟΣ", "οδος πολεμος")]);
        let other = TokenizerConfig { language: None, stem: false, ..TokenizerConfig::default() };
        assert_eq!(tokens(other, "ещё l'armée IŞIK"), ["ещё", "l'armee", "isik"]);
    }

    #[test]
    fn turkish_capitals_have_their_own_small_letters() {
        assert_same(
            Language::Turkish,
            &[("IŞIK BARIŞ DİYARBAKIR İSTANBUL I\u{307}L", "ışık barış diyarbakır istanbul il")],
        );
        let plain = TokenizerConfig {
            language: Some(Language::Turkish),
            stem: false,
            fold_accents: false,
            ..TokenizerConfig::default()
        };
        assert_eq!(tokens(plain, "IŞIK İL"), ["ışık", "il"]);
    }
}
