//! Applies the spelling rules of single languages to folded words, before they are stemmed, as
//! Snowball 3 does.

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

/// What Catalan drops before a vowel, without the apostrophe.
const CATALAN: &[&str] = &["l", "d", "s", "n", "m", "t"];
/// What French writes as one letter or as two.
const FRENCH_LETTERS: [(&str, &str); 4] = [("œ", "oe"), ("Œ", "OE"), ("æ", "ae"), ("Æ", "AE")];
/// What Catalan writes with a full stop or with a point of its own.
const CATALAN_LETTERS: [(&str, &str); 2] = [("l.l", "l·l"), ("L.L", "L·L")];
/// The shortest name of Turkish before an apostrophe, in letters: `AB'ye`.
const MIN_TURKISH_NAME: usize = 2;

/// Applies the rules of a language to the word `text[start..]`: without the elided word before it,
/// and with one spelling where writers choose between two.
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

/// Whether a language has rules that models of earlier versions do not know: those of
/// [`apply_further`].
#[cfg(feature = "train")]
pub(super) fn has_further_rules(language: Language) -> bool {
    use Language::{Catalan, French, German, Russian, Turkish};

    matches!(language, Turkish | Russian | German | French | Catalan)
}

/// Applies the further rules of a language to the word `text[start..]`, which models of earlier
/// versions do not know.
pub(super) fn apply_further(language: Language, text: &mut String, start: usize) {
    match language {
        Language::Turkish => cut_turkish_suffix(text, start),
        Language::Russian => remove_stress(text, start),
        Language::German => write_umlauts(text, start),
        Language::French => write_letters(text, start, &FRENCH_LETTERS),
        Language::Catalan => {
            cut_elision(CATALAN, text, start);
            write_letters(text, start, &CATALAN_LETTERS);
        }
        _ => {}
    }
}

/// Takes off what Turkish writes behind the apostrophe of a name: `Diyarbakır'da`.
fn cut_turkish_suffix(text: &mut String, start: usize) {
    let word = text.get(start..).unwrap_or("");
    let Some((name, suffix)) = word.split_once('\'') else { return };
    if name.to_lowercase() == "kur" && suffix.to_lowercase().starts_with("an") {
        // The Koran, whose name has an apostrophe.
        let end = start + "kur'an".len();
        text.truncate(end);
        text.replace_range(start + "kur".len()..start + "kur'".len(), "");
    } else if name.chars().nth(MIN_TURKISH_NAME - 1).is_some() {
        let end = start + name.len();
        text.truncate(end);
    }
}

/// Takes the stress marks off Russian vowels.
fn remove_stress(text: &mut String, start: usize) {
    const STRESS: [char; 4] = ['\u{301}', '\u{300}', '\u{341}', '\u{340}'];
    if text.get(start..).is_some_and(|word| word.contains(STRESS)) {
        let plain: String = text.get(start..).unwrap_or("").chars().filter(|c| !STRESS.contains(c)).collect();
        text.replace_range(start.., &plain);
    }
    // Those of two letters have composed.
    replace(text, start, &[('\u{450}', 'е'), ('\u{45d}', 'и'), ('\u{400}', 'Е'), ('\u{40d}', 'И')]);
}

/// Writes German words in one way: `groesse` as `grösse`, `groß` as `gross`. The e behind `qu`, or
/// behind a u that follows a vowel, makes no umlaut: `Quelle`, `neue`.
fn write_umlauts(text: &mut String, start: usize) {
    let word = text.get(start..).unwrap_or("");
    if !word.contains(['ß', 'ẞ', 'e', 'E']) {
        return;
    }
    let mut written = String::with_capacity(word.len() + 1);
    let mut before = ' ';
    let mut letters = word.chars().peekable();
    while let Some(c) = letters.next() {
        let has_e = letters.peek().is_some_and(|next| matches!(next, 'e' | 'E'));
        let umlaut = match c {
            'a' => Some('ä'),
            'o' => Some('ö'),
            'A' => Some('Ä'),
            'O' => Some('Ö'),
            'u' | 'U' if "qaeiouyäöüQAEIOUYÄÖÜ".contains(before) => None,
            'u' => Some('ü'),
            'U' => Some('Ü'),
            _ => None,
        };
        match (c, umlaut.filter(|_| has_e)) {
            ('ß', _) => written.push_str("ss"),
            ('ẞ', _) => written.push_str("SS"),
            (_, Some(umlaut)) => {
                written.push(umlaut);
                letters.next();
            }
            (c, None) => written.push(c),
        }
        before = c;
    }
    if written != word {
        text.replace_range(start.., &written);
    }
}

/// Writes some letters of a word as others: `cœur` as `coeur`, `col.legi` as `col·legi`.
fn write_letters(text: &mut String, start: usize, letters: &[(&str, &str)]) {
    for (from, to) in letters {
        if text.get(start..).is_some_and(|word| word.contains(from)) {
            let word = text.split_off(start);
            text.push_str(&word.replace(from, to));
        }
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
    use crate::tokenizer::{LanguageRules, TokenBuf, Tokenizer, TokenizerConfig};

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

    /// As [`assert_same`], under the rules of new models, and different under those of earlier
    /// ones.
    fn assert_same_now(language: Language, pairs: &[(&str, &str)]) {
        for (stem, fold_accents) in [(true, true), (false, true), (true, false), (false, false)] {
            let of = |text, language_rules| {
                let language = Some(language);
                let own = TokenizerConfig {
                    language,
                    stem,
                    fold_accents,
                    language_rules,
                    ..TokenizerConfig::default()
                };
                tokens(own, text)
            };
            for (one, other) in pairs {
                assert_eq!(of(one, LanguageRules::Full), of(other, LanguageRules::Full), "{one}");
                assert_ne!(of(one, LanguageRules::Basic), of(other, LanguageRules::Basic), "{one}");
            }
        }
    }

    #[test]
    fn turkish_names_lose_what_stands_behind_the_apostrophe() {
        let pairs = [
            ("Diyarbakır'da NATO’nun AB'ye", "Diyarbakır NATO AB"),
            ("TÜRKİYE'NİN", "Türkiye"),
            ("İstanbul'dan", "istanbul"),
            ("Kur'an'da", "Kuran"),
        ];
        assert_same_now(Language::Turkish, &pairs);
        let own = TokenizerConfig {
            language: Some(Language::Turkish),
            stem: false,
            language_rules: LanguageRules::Full,
            ..TokenizerConfig::default()
        };
        assert_eq!(tokens(own, "O'nun yanı"), ["o'nun", "yanı"]);
    }

    #[test]
    fn russian_words_lose_their_stress_marks() {
        assert_same_now(
            Language::Russian,
            &[
                ("за\u{301}мок и замо\u{301}к", "замок и замок"),
                ("вѐрите", "верите"),
                ("ВОЙНА\u{301}", "война"),
            ],
        );
    }

    #[test]
    fn german_words_are_one_with_and_without_umlauts() {
        assert_same_now(
            Language::German,
            &[
                ("Groesse der Strasse", "Größe der Straße"),
                ("ueber MUENCHEN", "über München"),
                ("Aerzte", "Ärzte"),
            ],
        );
        let own = TokenizerConfig {
            language: Some(Language::German),
            stem: false,
            fold_accents: false,
            language_rules: LanguageRules::Full,
            ..TokenizerConfig::default()
        };
        assert_eq!(
            tokens(own, "Quelle neue Steuer Bauer Straße"),
            ["quelle", "neue", "steuer", "bauer", "strasse"]
        );
    }

    #[test]
    fn french_words_are_one_with_and_without_ligatures() {
        assert_same_now(
            Language::French,
            &[("cœur ŒUVRES", "coeur oeuvres"), ("l'Œil", "l'oeil"), ("ex æquo", "ex aequo")],
        );
    }

    #[test]
    fn catalan_words_lose_elisions_and_have_one_point() {
        let own = TokenizerConfig {
            language: Some(Language::Catalan),
            fold_accents: false,
            language_rules: LanguageRules::Full,
            ..TokenizerConfig::default()
        };
        let words = tokens(own.clone(), "l'Alt d’abril s'ha n'és col·legi");
        assert_eq!(words, ["alt", "abril", "ha", "és", "col·legi"]);
        for text in ["col.legi", "coŀlegi", "COL·LEGI"] {
            assert_eq!(tokens(own.clone(), text), ["col·legi"], "{text}");
        }
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
