//! Gives the ids of a text's tokens, from the cache where they are remembered.

use crate::text::span::Span;
use crate::tokenizer::config::Punctuation;
use crate::tokenizer::word_cache::Sign;
use crate::tokenizer::{LINE_END, PARAGRAPH_END, TokenKind, Tokenizer, WordIdCache, split};

impl Tokenizer {
    /// Calls `found` with the id of each token of the normal `text`, in order, and gives how many of them are words. `id` gives
    /// a token's id by its normal form and by whether it is a word; `word_ids` remembers them from text to text, so it must
    /// be used with one tokenizer and one `id` only.
    #[inline]
    pub(crate) fn token_ids(
        &self,
        text: &str,
        word_ids: &mut WordIdCache,
        id: &mut impl FnMut(&str, bool) -> u32,
        found: &mut impl FnMut(u32),
    ) -> usize {
        let bytes = text.as_bytes();
        let mut words = 0;
        let mut compute = |token: TokenKind<'_>| id(&self.form(token), !matches!(token, TokenKind::Mark(_)));
        // A word holds a letter or digit; what stands between words holds none.
        let token = |(from, to): (usize, usize)| {
            debug_assert!(text.get(from..to).is_some(), "the token lies in the text");
            let text = text.get(from..to).unwrap_or("");
            match text.chars().next() {
                Some(mark) if !text.contains(char::is_alphanumeric) => TokenKind::Mark(mark),
                _ => TokenKind::Word(text),
            }
        };
        let mut resolved = |id: u32, _| found(id);
        self.each(text, &mut |raw, source| {
            words += usize::from(!matches!(raw, TokenKind::Mark(_)));
            // These do not stand in the text as they are.
            let sign = match raw {
                TokenKind::Quotation => Some(Sign::Quotation),
                TokenKind::Mark(LINE_END) => Some(Sign::LineEnd),
                TokenKind::Mark(PARAGRAPH_END) => Some(Sign::ParagraphEnd),
                TokenKind::Word(_) | TokenKind::Mark(_) => None,
            };
            let place = (source.start(), source.end());
            if let Some(sign) = sign {
                word_ids.resolve(bytes, &mut |place| compute(token(place)), &mut resolved);
                resolved(word_ids.sign(sign, || compute(raw)), place);
            } else if word_ids.request(bytes, place) {
                word_ids.resolve(bytes, &mut |place| compute(token(place)), &mut resolved);
            }
        });
        word_ids.resolve(bytes, &mut |place| compute(token(place)), &mut resolved);
        words
    }

    /// A token's normal form.
    fn form(&self, token: TokenKind<'_>) -> String {
        let mut form = String::new();
        self.normal(token, &mut form);
        form
    }
}

/// Whether two tokenizers cut texts into the same words, apart from quotations that one of them takes for one token, and drop all
/// that stands between.
pub(crate) fn have_same_word_boundaries(tokenizers: [&Tokenizer; 2]) -> bool {
    let [one, two] = tokenizers;
    one.joins_phrases() == two.joins_phrases()
        && one.tokenizer_config.social_text == two.tokenizer_config.social_text
        && tokenizers.iter().all(|tokenizer| tokenizer.tokenizer_config.punctuation == Punctuation::Drop)
}

/// Calls `found` with each word of a normal text, inside quotations and out: its id for each of two tokenizers that
/// [have the same word boundaries](have_same_word_boundaries), and its place. `id` gives the ids of a word by its normal forms;
/// `word_ids` remembers them, as in [`Tokenizer::token_ids`].
#[inline]
pub(crate) fn shared_word_ids(
    [one, two]: [&Tokenizer; 2],
    text: &str,
    word_ids: &mut WordIdCache<[u32; 2]>,
    id: &mut impl FnMut([&str; 2]) -> [u32; 2],
    found: &mut impl FnMut([u32; 2], Span),
) {
    let bytes = text.as_bytes();
    let mut compute = |(from, to): (usize, usize)| {
        debug_assert!(text.get(from..to).is_some(), "the word lies in the text");
        let word = TokenKind::Word(text.get(from..to).unwrap_or(""));
        let first = one.form(word);
        let second = (!one.tokenizer_config.has_forms_of(&two.tokenizer_config)).then(|| two.form(word));
        id([&first, second.as_deref().unwrap_or(&first)])
    };
    let mut resolved = |ids, (from, to)| found(ids, Span::new(from, to));
    split::words(text, one.joins_phrases(), &mut |source| {
        if word_ids.request(bytes, (source.start(), source.end())) {
            word_ids.resolve(bytes, &mut compute, &mut resolved);
        }
    });
    word_ids.resolve(bytes, &mut compute, &mut resolved);
}
