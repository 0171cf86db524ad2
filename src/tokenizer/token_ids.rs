//! A text to the numbers of its tokens, by which they were remembered.

use crate::text::span::Span;
use crate::tokenizer::config::Punctuation;
use crate::tokenizer::{LINE_END, PARAGRAPH_END, TokenKind, Tokenizer, WordIdCache, split};

impl Tokenizer {
    /// Calls `found` with the number of each token of `text`, in order, and gives how many of them are words. `number` gives
    /// a token's number by its normal form and by whether it is a word; `seen` remembers them from text to text, so it must
    /// be used with one tokenizer and one `number` only.
    #[inline]
    pub fn numbers(
        &self,
        text: &str,
        seen: &mut WordIdCache,
        number: &mut impl FnMut(&str, bool) -> u32,
        found: &mut impl FnMut(u32),
    ) -> usize {
        let bytes = text.as_bytes();
        let mut words = 0;
        let mut ask = |token: TokenKind<'_>| number(&self.form(token), !matches!(token, TokenKind::Mark(_)));
        // A word holds a letter or digit; what stands between words holds none.
        let token = |(from, to): (usize, usize)| {
            let text = text.get(from..to).unwrap_or("");
            match text.chars().next() {
                Some(mark) if !text.contains(char::is_alphanumeric) => TokenKind::Mark(mark),
                _ => TokenKind::Word(text),
            }
        };
        let mut answered = |number: u32, _| found(number);
        self.each(text, &mut |raw, source| {
            words += usize::from(!matches!(raw, TokenKind::Mark(_)));
            // These do not stand in the text as they are.
            let sign = match raw {
                TokenKind::Quotation => Some(0),
                TokenKind::Mark(LINE_END) => Some(1),
                TokenKind::Mark(PARAGRAPH_END) => Some(2),
                TokenKind::Word(_) | TokenKind::Mark(_) => None,
            };
            let place = (source.start(), source.end());
            if let Some(sign) = sign {
                seen.answer(bytes, &mut |place| ask(token(place)), &mut answered);
                answered(seen.sign(sign, || ask(raw)), place);
            } else if seen.ask(bytes, place) {
                seen.answer(bytes, &mut |place| ask(token(place)), &mut answered);
            }
        });
        seen.answer(bytes, &mut |place| ask(token(place)), &mut answered);
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
pub fn are_words_alike(tokenizers: [&Tokenizer; 2]) -> bool {
    tokenizers.iter().all(|tokenizer| tokenizer.tokenizer_config.punctuation == Punctuation::Drop)
}

/// Calls `found` with each word of a text, inside quotations and out: its number for each of two tokenizers that are
/// [alike](are_words_alike), and its place. `number` gives those of a word by its normal forms; `seen` remembers them, as in
/// [`Tokenizer::numbers`].
#[inline]
pub fn words_of_both(
    [one, two]: [&Tokenizer; 2],
    text: &str,
    seen: &mut WordIdCache<[u32; 2]>,
    number: &mut impl FnMut([&str; 2]) -> [u32; 2],
    found: &mut impl FnMut([u32; 2], Span),
) {
    let bytes = text.as_bytes();
    let mut ask = |(from, to): (usize, usize)| {
        let word = TokenKind::Word(text.get(from..to).unwrap_or(""));
        let first = one.form(word);
        let second = (!one.tokenizer_config.has_forms_of(&two.tokenizer_config)).then(|| two.form(word));
        number([&first, second.as_deref().unwrap_or(&first)])
    };
    let mut answered = |numbers, (from, to)| found(numbers, Span::new(from, to));
    split::words(text, &mut |source| {
        if seen.ask(bytes, (source.start(), source.end())) {
            seen.answer(bytes, &mut ask, &mut answered);
        }
    });
    seen.answer(bytes, &mut ask, &mut answered);
}
