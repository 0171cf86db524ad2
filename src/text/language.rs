//! Names languages, and tells whether a text is in another one than expected. The only file that
//! knows whatlang.

use whatlang::Lang;

use serde::{Deserialize, Serialize};

macro_rules! languages {
    ($($name:ident $code:literal),+ $(,)?) => {
        /// A language that texts may be in, known by its ISO 639-1 code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Language {
            $(
                #[doc = concat!("`", $code, "`")]
                #[serde(rename = $code)]
                $name,
            )+
        }

        impl Language {
            /// Every language, by code.
            pub const ALL: &[Language] = &[$(Language::$name),+];

            /// ISO 639-1 code.
            pub fn code(self) -> &'static str {
                match self { $(Language::$name => $code),+ }
            }
        }
    };
}

languages! {
    Arabic "ar", Catalan "ca", Danish "da", Dutch "nl", English "en", Finnish "fi", French "fr", German "de", Greek "el",
    Hungarian "hu", Italian "it", Norwegian "no", Portuguese "pt", Romanian "ro", Russian "ru", Spanish "es",
    Swedish "sv", Tamil "ta", Turkish "tr",
}

/// So many bytes of a text are looked at: languages do not change in the middle of a paragraph.
const LOOKED_AT: usize = 2000;

/// Whether a text is reliably in another language. A text that is too short or too mixed to tell is
/// not.
pub fn is_other(text: &str, expected: Language) -> bool {
    let looked_at = if text.len() > LOOKED_AT { beginning(text) } else { text };
    whatlang::detect(looked_at).is_some_and(|found| found.is_reliable() && found.lang() != lang(expected))
}

/// The first bytes of a long text, cut between two characters.
fn beginning(text: &str) -> &str {
    (0..=LOOKED_AT).rev().find_map(|end| text.get(..end)).unwrap_or("")
}

fn lang(language: Language) -> Lang {
    match language {
        Language::Arabic => Lang::Ara,
        Language::Catalan => Lang::Cat,
        Language::Danish => Lang::Dan,
        Language::Dutch => Lang::Nld,
        Language::English => Lang::Eng,
        Language::Finnish => Lang::Fin,
        Language::French => Lang::Fra,
        Language::German => Lang::Deu,
        Language::Greek => Lang::Ell,
        Language::Hungarian => Lang::Hun,
        Language::Italian => Lang::Ita,
        Language::Norwegian => Lang::Nob,
        Language::Portuguese => Lang::Por,
        Language::Romanian => Lang::Ron,
        Language::Russian => Lang::Rus,
        Language::Spanish => Lang::Spa,
        Language::Swedish => Lang::Swe,
        Language::Tamil => Lang::Tam,
        Language::Turkish => Lang::Tur,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "The ministers met on Tuesday and agreed that the talks would go on in the spring.";
    const GERMAN: &str =
        "Die Minister trafen sich am Dienstag und vereinbarten, dass die Gespräche im Frühjahr weitergehen.";
    const RUSSIAN: &str =
        "Министры встретились во вторник и договорились продолжить переговоры весной этого года.";

    #[test]
    fn a_text_in_another_language_is_told_from_one_in_the_expected() {
        let texts = [(ENGLISH, Language::English), (GERMAN, Language::German), (RUSSIAN, Language::Russian)];
        for (text, own) in texts {
            for (_, other) in texts {
                assert_eq!(is_other(text, other), own != other, "{text}");
            }
        }
    }

    #[test]
    fn what_cannot_be_told_is_not_in_another_language() {
        for text in ["", "OK", "12 345", "Kyiv"] {
            assert!(!is_other(text, Language::English), "{text}");
        }
        assert!(is_other(&RUSSIAN.repeat(100), Language::English), "only its beginning is looked at");
    }
}
