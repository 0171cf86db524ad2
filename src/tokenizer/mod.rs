//! Splits text into tokens and makes terms of them, as the saved [`TokenizerConfig`] says.

mod config;
mod fold;
pub(crate) mod house_style;
mod language_rules;
mod ngram;
mod split;
mod stem;
mod token_buf;
mod token_ids;
mod whole_names;
mod word_cache;

pub use config::{
    HouseStyle, LINE_END, LanguageRules, PARAGRAPH_END, Punctuation, QUOTATION, Quotations,
    TOKENIZER_VERSION, TokenizerConfig,
};
pub use ngram::{Term, char_ngrams, is_char_ngram, is_word};
#[cfg(feature = "train")]
pub(crate) use stem::has_stemmer;
pub use token_buf::TokenBuf;
pub(crate) use token_buf::TokenKind;
pub(crate) use token_ids::{have_same_word_boundaries, shared_word_ids};
pub(crate) use word_cache::WordIdCache;

use crate::error::Result;
use crate::text::normalization::Normalized;
use crate::text::quotation::{self, Beside, QuotationMarks};
use crate::text::{Language, SocialText, Span};
use crate::tokenizer::whole_names::WholeNames;

/// A checked configuration, ready to run. Threads share it.
#[derive(Debug)]
pub struct Tokenizer {
    tokenizer_config: TokenizerConfig,
    stemmer: Option<stem::Stemmer>,
    min_words: usize,
}

/// Quotations are skipped where at least so many words stand beside them, unless another number is
/// asked for.
const MIN_WORDS: usize = 5;

impl Tokenizer {
    /// Makes a configuration ready to run.
    ///
    /// # Errors
    /// What [`TokenizerConfig::check`] refuses.
    pub fn new(tokenizer_config: &TokenizerConfig) -> Result<Self> {
        tokenizer_config.check()?;
        let stemmer =
            tokenizer_config.language.filter(|_| tokenizer_config.stem).and_then(stem::Stemmer::new);
        Ok(Tokenizer { tokenizer_config: tokenizer_config.clone(), stemmer, min_words: MIN_WORDS })
    }

    /// The same tokenizer for a model that gives no label to texts of fewer words: a text that has
    /// fewer beside its quotations is read with them.
    #[must_use]
    pub fn with_min_words(self, min_words: u32) -> Self {
        Tokenizer { min_words: (min_words as usize).max(1), ..self }
    }

    /// The configuration that it follows.
    pub fn tokenizer_config(&self) -> &TokenizerConfig {
        &self.tokenizer_config
    }

    /// Replaces what is in `buf` by the tokens of `text`.
    pub fn tokenize(&self, text: &str, buf: &mut TokenBuf) {
        let normal = self.normalize(text);
        self.tokenize_normal(normal.text(), buf);
        buf.tokens.iter_mut().for_each(|token| token.source = normal.source(token.source));
    }

    /// The normal form of a text in which its tokens are found.
    pub(crate) fn normalize<'t>(&self, text: &'t str) -> Normalized<'t> {
        Normalized::read_as(text, self.tokenizer_config.social_text)
    }

    /// As [`Tokenizer::tokenize`], of normal text.
    pub(crate) fn tokenize_normal(&self, text: &str, buf: &mut TokenBuf) {
        buf.clear();
        self.each(text, &mut |kind, source| {
            let start = buf.normal.len();
            self.normal(kind, source.of(text), &mut buf.normal);
            buf.push(start, source, kind);
        });
    }

    /// The quotations of normal text that the recipe takes for one token each, in order: none where
    /// hardly anything stands beside them.
    pub(crate) fn quotations(&self, text: &str) -> impl Iterator<Item = Span> {
        let skipped = self.tokenizer_config.quotations == Quotations::Skip
            && quotation::beside(text, self.quotation_marks(), self.min_words) == Beside::Enough;
        skipped.then(|| quotation::quotations(text, self.quotation_marks())).into_iter().flatten()
    }

    /// Whether normal text has a few words beside its quotations, too few for these to be skipped.
    /// A text of nothing but quotations has none: what it quotes is all that it says.
    pub(crate) fn finds_few_words_beside_quotations(&self, text: &str) -> bool {
        self.tokenizer_config.quotations == Quotations::Skip
            && quotation::beside(text, self.quotation_marks(), self.min_words) == Beside::Few
    }

    /// The marks that quotations stand between.
    fn quotation_marks(&self) -> QuotationMarks {
        match self.tokenizer_config.house_style {
            HouseStyle::Keep => QuotationMarks::Double,
            HouseStyle::Unify => QuotationMarks::DoubleAndSingle,
        }
    }

    /// Calls `found` with what each token of the normal text is, and its place.
    #[inline]
    fn each(&self, text: &str, found: &mut impl FnMut(TokenKind, Span)) {
        let mut from = 0;
        for quotation in self.quotations(text) {
            self.each_of_part(text.get(from..quotation.start()).unwrap_or(""), from, found);
            found(TokenKind::Quotation, quotation);
            from = quotation.end();
        }
        self.each_of_part(text.get(from..).unwrap_or(""), from, found);
    }

    /// The words and marks of a part of the text that begins at byte `from`, and the names that are
    /// read as a whole, each before its words.
    #[inline]
    fn each_of_part(&self, part: &str, from: usize, found: &mut impl FnMut(TokenKind, Span)) {
        if self.expands_names() && WholeNames::are_in(part) {
            return self.each_with_names(part, from, found);
        }
        self.each_word_or_mark(part, from, found);
    }

    #[inline(never)]
    fn each_with_names(&self, part: &str, from: usize, found: &mut impl FnMut(TokenKind, Span)) {
        let mut names = WholeNames::new(part);
        self.each_word_or_mark(part, 0, &mut |kind, place| {
            let name = if kind == TokenKind::Word { names.begun_by(place) } else { None };
            if let Some(name) = name {
                found(TokenKind::Name, name.shifted(from));
            }
            found(kind, place.shifted(from));
        });
    }

    #[inline]
    fn each_word_or_mark(&self, part: &str, from: usize, found: &mut impl FnMut(TokenKind, Span)) {
        let marks = self.tokenizer_config.punctuation;
        if marks == Punctuation::Drop {
            let word = &mut |source: Span| found(TokenKind::Word, source.shifted(from));
            return split::words(part, self.joins_phrases(), word);
        }
        let mut end = 0;
        split::words(part, self.joins_phrases(), &mut |source| {
            each_mark(marks, (part, from), Span::new(end, source.start()), found);
            end = source.end();
            found(TokenKind::Word, source.shifted(from));
        });
        each_mark(marks, (part, from), Span::new(end, part.len()), found);
    }

    /// Whether names and tags of several words are read as a whole, too.
    fn expands_names(&self) -> bool {
        self.tokenizer_config.social_text == SocialText::Expand
    }

    /// Whether phrases that stand for one word are one token.
    fn joins_phrases(&self) -> bool {
        self.tokenizer_config.unifies_house_style()
    }

    /// Appends a token's normal form to `out`; `word` is its part of the normal text.
    fn normal(&self, kind: TokenKind, word: &str, out: &mut String) {
        match kind {
            TokenKind::Word => {}
            TokenKind::Name => return self.normal(TokenKind::Word, &whole_names::as_one_word(word), out),
            TokenKind::Quotation => return out.push_str(QUOTATION),
            TokenKind::Mark(mark) => return out.push(mark),
        }
        let start = out.len();
        let unifies = self.tokenizer_config.unifies_house_style();
        if let Some(form) = unifies.then(|| house_style::form(word)).flatten() {
            return out.push_str(form);
        }
        match (self.tokenizer_config.fold_case, self.tokenizer_config.language) {
            (true, Some(Language::Turkish)) => fold::fold(&language_rules::turkish_small_i(word), true, out),
            (case, _) => fold::fold(word, case, out),
        }
        // English words are the same with and without their accents, and so must be their stems;
        // the stemmers of other languages go by the accents.
        let english = self.tokenizer_config.language == Some(Language::English);
        if let Some(language) = self.tokenizer_config.language.filter(|_| !english) {
            language_rules::apply(language, out, start);
            if self.tokenizer_config.language_rules == LanguageRules::Full {
                language_rules::apply_further(language, out, start);
            }
        }
        if self.tokenizer_config.fold_accents && english {
            fold::strip_accents_from(out, start);
        }
        if unifies {
            house_style::unify(out, start);
        }
        if let Some(stemmer) = &self.stemmer {
            stemmer.stem_from(out, start);
        }
        if self.tokenizer_config.fold_accents && !english {
            fold::strip_accents_from(out, start);
        }
    }

    /// Calls `found` with every term of the tokens, in the order of the text: at each word its word
    /// n-grams from the shortest, then its character n-grams from the shortest.
    pub fn terms(&self, buf: &TokenBuf, scratch: &mut String, found: &mut dyn FnMut(Term<'_>)) {
        ngram::each(&self.tokenizer_config, buf, scratch, found);
    }
}

/// Calls `found` with the marks between two words of a part of the text that begins at byte `from`.
/// Blanks and control characters are none, and the signs that stand for something else may not be
/// made by a text.
fn each_mark(
    marks: Punctuation,
    (part, from): (&str, usize),
    gap: Span,
    found: &mut impl FnMut(TokenKind, Span),
) {
    let at_gap = from + gap.start();
    let mut push = |mark: char, (start, end): (usize, usize)| {
        found(TokenKind::Mark(mark), Span::new(at_gap + start, at_gap + end));
    };
    // Where the line breaks that stand together begin, and how many they are.
    let mut breaks: Option<(usize, usize)> = None;
    let text = gap.of(part);
    for (at, mark) in text.char_indices().chain(std::iter::once((text.len(), ' '))) {
        if mark == '\n' && marks == Punctuation::Breaks {
            breaks = Some(breaks.map_or((at, 1), |(start, count)| (start, count + 1)));
        }
        let is_mark = !(mark.is_whitespace()
            || mark.is_control()
            || matches!(mark, ngram::CHAR_MARK | LINE_END | PARAGRAPH_END));
        if let Some((start, count)) = breaks.filter(|_| is_mark || at == text.len()) {
            push(if count == 1 { LINE_END } else { PARAGRAPH_END }, (start, at));
            breaks = None;
        }
        if is_mark {
            push(mark, (at, at + mark.len_utf8()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(tokenizer_config: &TokenizerConfig, text: &str) -> Vec<String> {
        let mut buf = TokenBuf::default();
        Tokenizer::new(tokenizer_config).unwrap().tokenize(text, &mut buf);
        buf.iter().map(|(normal, _)| normal.to_owned()).collect()
    }

    fn plain() -> TokenizerConfig {
        TokenizerConfig { stem: false, ..TokenizerConfig::default() }
    }

    #[test]
    fn names_that_a_reader_takes_for_one_word_stay_one_word() {
        for tokenizer_config in [plain(), TokenizerConfig::default()] {
            assert_eq!(tokens(&tokenizer_config, "The U.S. sent F-16s."), ["the", "u.s", "sent", "f-16"]);
            assert_eq!(tokens(&tokenizer_config, "the U.K. and F\u{2011}16s"), ["the", "u.k", "and", "f-16"]);
        }
        assert_eq!(tokens(&plain(), "an F-16 and two Su-35s"), ["an", "f-16", "and", "two", "su-35"]);
        assert_eq!(tokens(&plain(), "They don't; Kyiv’s didn’t"), ["they", "don't", "kyiv's", "didn't"]);
    }

    #[test]
    fn compounds_are_two_words_so_that_each_is_known() {
        assert_eq!(tokens(&plain(), "pro-Ukraine, post-2014"), ["pro", "ukraine", "post", "2014"]);
    }

    #[test]
    fn article_5_is_a_two_gram() {
        let tokenizer = Tokenizer::new(&TokenizerConfig::default()).unwrap();
        let (mut buf, mut seen) = (TokenBuf::default(), Vec::new());
        tokenizer.tokenize("Under Article 5", &mut buf);
        tokenizer.terms(&buf, &mut String::new(), &mut |term| seen.push(term.text.to_owned()));
        assert_eq!(seen, ["under", "under articl", "articl", "articl 5", "5"]);
    }

    #[test]
    fn composed_and_decomposed_letters_are_one_form() {
        assert_eq!(tokens(&plain(), "Café"), tokens(&plain(), "Cafe\u{301}"));
        assert_eq!(tokens(&plain(), "Café ÉLYSÉE"), ["cafe", "elysee"]);
        assert_eq!(
            tokens(&TokenizerConfig::default(), "régime régimes"),
            tokens(&TokenizerConfig::default(), "regime regimes")
        );
        // й is a letter of its own, not и with an accent.
        assert_eq!(tokens(&plain(), "Зеленський"), ["зеленський"]);
    }

    #[test]
    fn stems_join_the_forms_of_a_word() {
        assert_eq!(
            tokens(&TokenizerConfig::default(), "guarantees guaranteed guarantee")[..2],
            ["guarante", "guarante"]
        );
        assert_eq!(tokens(&TokenizerConfig::default(), "Kyiv's"), ["kyiv"]);
    }

    #[test]
    fn offsets_point_into_the_original_text() {
        let text = "« Café » – the U.S. said F-16s";
        let mut buf = TokenBuf::default();
        Tokenizer::new(&plain()).unwrap().tokenize(text, &mut buf);
        let sources: Vec<&str> = buf.iter().map(|(_, span)| span.of(text)).collect();
        assert_eq!(sources, ["Café", "the", "U.S", "said", "F-16s"]);
    }

    #[test]
    fn marks_are_tokens_but_no_words_where_the_recipe_says_so() {
        let tokenizer_config =
            TokenizerConfig { punctuation: Punctuation::Tokens, chars: Some((3, 3)), ..plain() };
        let text = "«No» ~ said U.S. envoy…\n\u{0}— why?!";
        assert_eq!(
            tokens(&tokenizer_config, text),
            ["«", "no", "»", "said", "u.s", ".", "envoy", "…", "—", "why", "?", "!"]
        );
        let (mut buf, mut marks, mut grams) = (TokenBuf::default(), Vec::new(), Vec::new());
        let tokenizer = Tokenizer::new(&tokenizer_config).unwrap();
        tokenizer.tokenize(text, &mut buf);
        assert_eq!((buf.words(), buf.len()), (5, 12));
        buf.iter().for_each(|(_, span)| marks.push(span.of(text)));
        assert_eq!(marks[4..8], ["U.S", ".", "envoy", "…"]);
        tokenizer.terms(&buf, &mut String::new(), &mut |term| {
            grams.push((term.text.to_owned(), term.is_word));
        });
        assert!(grams.contains(&("« no".to_owned(), false)) && grams.contains(&("?".to_owned(), false)));
        assert!(grams.contains(&("why".to_owned(), true)) && grams.contains(&("~ wh".to_owned(), false)));
        assert!(!grams.iter().any(|(term, _)| term == "~ ? "), "a mark has no character n-grams");
    }

    #[test]
    fn ends_of_lines_and_paragraphs_are_tokens_where_the_recipe_says_so() {
        let tokenizer_config =
            TokenizerConfig { punctuation: Punctuation::Breaks, fold_case: false, ..plain() };
        let text = "One ¶ line.\r\nTwo\n\n  \nThree ↵ ~";
        assert_eq!(tokens(&tokenizer_config, text), ["One", "line", ".", "↵", "Two", "¶", "Three"]);
        let mut buf = TokenBuf::default();
        Tokenizer::new(&tokenizer_config).unwrap().tokenize(text, &mut buf);
        let places: Vec<&str> = buf.iter().map(|(_, span)| span.of(text)).collect();
        assert_eq!(places[3..6], ["\n", "Two", "\n\n  \n"]);
        assert_eq!(buf.words(), 4);
    }

    #[test]
    fn capitals_stay_where_the_recipe_says_so() {
        let tokenizer_config = TokenizerConfig { fold_case: false, ..plain() };
        assert_eq!(tokens(&tokenizer_config, "NATO’s Café F-16s"), ["NATO's", "Cafe", "F-16"]);
    }

    #[test]
    fn recipes_outside_the_range_are_refused() {
        for words in [Some((0, 1)), Some((2, 1)), Some((1, 9)), None] {
            assert!(TokenizerConfig { words, ..TokenizerConfig::default() }.check().is_err(), "{words:?}");
        }
        assert!(TokenizerConfig { rules: 99, ..TokenizerConfig::default() }.check().is_err());
    }
}
