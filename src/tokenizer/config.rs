//! Describes how text becomes terms: the saved [`TokenizerConfig`].

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::named::named;
use crate::text::{Language, SocialText};
#[cfg(feature = "train")]
use crate::tokenizer::{language_rules::has_further_rules, stem::has_stemmer};

/// Version of the rules in this folder. A model made under other rules is refused, not scored
/// differently.
pub const TOKENIZER_VERSION: u32 = 1;

/// The saved list of steps that turns text into terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenizerConfig {
    /// Version of the rules; see [`TOKENIZER_VERSION`].
    pub rules: u32,
    /// Language of the texts; `None` leaves words unstemmed.
    pub language: Option<Language>,
    /// Whether words are cut to their stems.
    pub stem: bool,
    /// Whether capital letters are made small.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub fold_case: bool,
    /// Whether accents are taken off Latin letters.
    pub fold_accents: bool,
    /// Shortest and longest word n-gram; `None` for none.
    pub words: Option<(u8, u8)>,
    /// Shortest and longest character n-gram within word bounds; `None` for none.
    pub chars: Option<(u8, u8)>,
    /// How quotations are read.
    #[serde(default, skip_serializing_if = "Quotations::are_scored")]
    pub quotations: Quotations,
    /// How punctuation marks are read.
    #[serde(default, skip_serializing_if = "Punctuation::is_dropped")]
    pub punctuation: Punctuation,
    /// How spellings and quotation marks that English house styles choose between are read.
    #[serde(default, skip_serializing_if = "HouseStyle::is_kept")]
    pub house_style: HouseStyle,
    /// How far the spelling rules of the language go.
    #[serde(default, skip_serializing_if = "LanguageRules::are_basic")]
    pub language_rules: LanguageRules,
    /// How names, tags and lengthened words of social media are read.
    #[serde(default, skip_serializing_if = "SocialText::is_plain")]
    pub social_text: SocialText,
}

/// How spellings and quotation marks that English house styles choose between are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HouseStyle {
    /// They stay as they are written.
    #[default]
    Keep,
    /// They are brought to one form: "Kiev" and "Kyiv", "defence" and "defense", "US" and "United
    /// States"; and speech between single quotation marks is a quotation. English only.
    Unify,
}

named!(HouseStyle { Keep: "keep", Unify: "unify" });

impl HouseStyle {
    fn is_kept(&self) -> bool {
        *self == HouseStyle::Keep
    }
}

/// How far the spelling rules of single languages go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LanguageRules {
    /// As in models of earlier versions: elisions, letters that writers choose between, Turkish
    /// capitals.
    #[default]
    Basic,
    /// Also what Turkish writes behind an apostrophe, Russian stress marks, ß and `oe` of German,
    /// and the point of Catalan.
    Full,
}

impl LanguageRules {
    /// The rules of new models. Models of languages without further rules stay as they are.
    #[cfg(feature = "train")]
    pub(crate) fn current(language: Option<Language>) -> Self {
        if language.is_some_and(has_further_rules) { LanguageRules::Full } else { LanguageRules::Basic }
    }

    fn are_basic(&self) -> bool {
        *self == LanguageRules::Basic
    }
}

/// How the marks between words are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Punctuation {
    /// They only part words.
    #[default]
    Drop,
    /// Each mark is a token of its own and stands in n-grams as words do, but is not counted as a
    /// word.
    Tokens,
    /// The ends of lines and paragraphs are such tokens too: [`LINE_END`] and [`PARAGRAPH_END`].
    Breaks,
}

named!(Punctuation { Drop: "drop", Tokens: "tokens", Breaks: "breaks" });

impl Punctuation {
    fn is_dropped(&self) -> bool {
        *self == Punctuation::Drop
    }
}

/// How a quotation of four or more words between double quotation marks is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quotations {
    /// Its words are words like others.
    #[default]
    Score,
    /// One token, [`QUOTATION`], stands for all of it: what is asked for is what the author says,
    /// not who is quoted.
    Skip,
}

named!(Quotations { Score: "score", Skip: "skip" });

impl Quotations {
    fn are_scored(&self) -> bool {
        *self == Quotations::Score
    }
}

/// The token that stands for a skipped quotation. No word of a text looks like it.
pub const QUOTATION: &str = "\"…\"";

/// The token that stands for the end of a line. No mark of a text makes it.
pub const LINE_END: char = '↵';
/// The token that stands for a blank line. No mark of a text makes it.
pub const PARAGRAPH_END: char = '¶';

fn yes() -> bool {
    true
}

fn is_yes(value: &bool) -> bool {
    *value
}

impl Default for TokenizerConfig {
    fn default() -> Self {
        TokenizerConfig {
            rules: TOKENIZER_VERSION,
            language: Some(Language::English),
            stem: true,
            fold_case: true,
            fold_accents: true,
            words: Some((1, 2)),
            chars: None,
            quotations: Quotations::Score,
            punctuation: Punctuation::Drop,
            house_style: HouseStyle::Keep,
            language_rules: LanguageRules::Basic,
            social_text: SocialText::Plain,
        }
    }
}

impl TokenizerConfig {
    /// The longest n-gram of words or characters.
    pub const MAX_NGRAM: u8 = 8;

    /// Checks versions and ranges.
    ///
    /// # Errors
    /// Rules of another version, an n-gram range outside `1..=8` or the wrong way round, no n-grams
    /// at all, or a house style that is unified in another language than English.
    pub fn check(&self) -> Result<()> {
        if self.rules != TOKENIZER_VERSION {
            let message = format!(
                "it uses tokenizer rules {}; this version knows rules {TOKENIZER_VERSION}.",
                self.rules
            );
            return Err(Error::invalid_parameter("rules", self.rules, TOKENIZER_VERSION.to_string())
                .with_message(message)
                .with_hint("Retrain the model"));
        }
        for (name, what, range) in [("words", "word", self.words), ("chars", "character", self.chars)] {
            if let Some((low, high)) = range
                && !(1 <= low && low <= high && high <= Self::MAX_NGRAM)
            {
                let found = format!("{low}-{high}");
                let expected = format!("1 <= shortest <= longest <= {}", Self::MAX_NGRAM);
                let message = format!("{what} n-grams {found}: expected {expected}");
                return Err(Error::invalid_parameter(name, found, expected).with_message(message));
            }
        }
        if self.unifies_house_style() && self.language != Some(Language::English) {
            let found = self.language.map_or("none", Language::code);
            return Err(Error::invalid_parameter("house_style", "unify", "keep, or texts in English")
                .with_message(format!("house styles are unified in English only; the language is {found}")));
        }
        if self.words.is_none() && self.chars.is_none() {
            return Err(Error::invalid_parameter(
                "words",
                "no n-grams",
                "word n-grams, character n-grams or both",
            )
            .with_message("a tokenizer needs word n-grams, character n-grams or both"));
        }
        Ok(())
    }

    /// With the rules of new models, and with stems only where the language has a stemmer.
    #[cfg(feature = "train")]
    #[must_use]
    pub(crate) fn with_current_language_rules(self) -> Self {
        TokenizerConfig {
            language_rules: LanguageRules::current(self.language),
            stem: self.stem && self.language.is_none_or(has_stemmer),
            ..self
        }
    }

    /// Whether every word has the same normal form as by another recipe.
    pub(crate) fn has_forms_of(&self, other: &TokenizerConfig) -> bool {
        let form = |tokenizer_config: &TokenizerConfig| {
            (
                tokenizer_config.language,
                tokenizer_config.stem,
                tokenizer_config.fold_case,
                tokenizer_config.fold_accents,
                tokenizer_config.house_style,
                tokenizer_config.language_rules,
            )
        };
        form(self) == form(other)
    }

    /// Whether texts have the same tokens as by another recipe, which may make other terms of them.
    pub(crate) fn has_tokens_of(&self, other: &TokenizerConfig) -> bool {
        let cut = |config: &TokenizerConfig| (config.quotations, config.punctuation, config.social_text);
        cut(self) == cut(other) && self.has_forms_of(other)
    }

    /// Whether spellings and quotation marks are brought to one form.
    pub(super) fn unifies_house_style(&self) -> bool {
        self.house_style == HouseStyle::Unify
    }

    /// Whether single words are features, so that the share of known words can be told.
    pub fn has_single_words(&self) -> bool {
        self.words.is_some_and(|(low, _)| low == 1)
    }
}
