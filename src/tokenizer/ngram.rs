//! Makes terms of tokens: word n-grams joined by a space, character n-grams behind a `~`.

use crate::text::span::Span;
use crate::tokenizer::{QUOTATION, TokenBuf, TokenizerConfig};

/// Stands before every character n-gram, so that it can never equal a word n-gram: no token begins
/// with it.
pub(super) const CHAR_MARK: char = '~';

/// A term as it may stand in a vocabulary, and the place in the text that it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term<'a> {
    /// Words joined by a space, or `~` and the characters of a character n-gram, in which a space
    /// stands for the word's bound.
    pub text: &'a str,
    /// From the first word's first byte to the last word's end; the whole word for a character
    /// n-gram.
    pub span: Span,
    /// Whether the term is one single word.
    pub is_word: bool,
}

/// Whether a vocabulary term is a character n-gram.
pub fn is_char_ngram(term: &str) -> bool {
    term.starts_with(CHAR_MARK)
}

/// Whether a vocabulary term is a single word: no word holds a blank, and no mark holds a letter or
/// digit.
pub fn is_word(term: &str) -> bool {
    term == QUOTATION || !term.contains(' ') && !is_char_ngram(term) && term.contains(char::is_alphanumeric)
}

pub(super) fn each(
    tokenizer_config: &TokenizerConfig,
    buf: &TokenBuf,
    scratch: &mut String,
    found: &mut dyn FnMut(Term<'_>),
) {
    for index in 0..buf.len() {
        if let Some(range) = tokenizer_config.words {
            words(range, buf, index, scratch, found);
        }
        if let (Some(range), Some((word, token))) = (tokenizer_config.chars, buf.get(index))
            && token.is_word
        {
            chars(range, word, token.source, scratch, found);
        }
    }
}

fn words(
    (low, high): (u8, u8),
    buf: &TokenBuf,
    start: usize,
    scratch: &mut String,
    found: &mut dyn FnMut(Term<'_>),
) {
    scratch.clear();
    let mut whole: Option<Span> = None;
    for n in 1..=high {
        let Some((word, token)) = buf.get(start + usize::from(n) - 1) else { break };
        if n > 1 {
            scratch.push(' ');
        }
        scratch.push_str(word);
        let covered = whole.map_or(token.source, |so_far| so_far.join(token.source));
        whole = Some(covered);
        if n >= low {
            found(Term { text: scratch, span: covered, is_word: n == 1 && token.is_word });
        }
    }
}

fn chars(range: (u8, u8), word: &str, span: Span, scratch: &mut String, found: &mut dyn FnMut(Term<'_>)) {
    char_ngrams(range, word, scratch, &mut |text| found(Term { text, span, is_word: false }));
}

/// Calls `found` with the character n-grams of a token, as they stand in a vocabulary. As
/// scikit-learn's `char_wb`: of the word between two spaces; a word shorter than the n-gram gives
/// itself once.
pub fn char_ngrams((low, high): (u8, u8), word: &str, scratch: &mut String, found: &mut dyn FnMut(&str)) {
    let padded = format!(" {word} ");
    let length = word.chars().count() + 2;
    let bounds = || padded.char_indices().map(|(at, _)| at).chain(std::iter::once(padded.len()));
    for n in usize::from(low)..=usize::from(high) {
        let mut give = |gram: &str| {
            scratch.clear();
            scratch.push(CHAR_MARK);
            scratch.push_str(gram);
            found(scratch);
        };
        if length <= n {
            give(&padded);
            break;
        }
        for (start, end) in bounds().zip(bounds().skip(n)) {
            give(padded.get(start..end).unwrap_or(""));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokenizer::Tokenizer;

    fn terms(tokenizer_config: TokenizerConfig, text: &str) -> Vec<String> {
        let tokenizer = Tokenizer::new(&TokenizerConfig { stem: false, ..tokenizer_config }).unwrap();
        let (mut buf, mut out) = (TokenBuf::default(), Vec::new());
        tokenizer.tokenize(text, &mut buf);
        tokenizer.terms(&buf, &mut String::new(), &mut |term| {
            out.push(format!("{}|{}", term.text, term.span.of(text)))
        });
        out
    }

    #[test]
    fn word_ngrams_come_in_the_order_of_the_text() {
        assert_eq!(
            terms(TokenizerConfig { words: Some((1, 3)), ..TokenizerConfig::default() }, "Not one, inch"),
            [
                "not|Not",
                "not one|Not one",
                "not one inch|Not one, inch",
                "one|one",
                "one inch|one, inch",
                "inch|inch"
            ]
        );
        assert_eq!(
            terms(TokenizerConfig { words: Some((2, 2)), ..TokenizerConfig::default() }, "a b c"),
            ["a b|a b", "b c|b c"]
        );
    }

    #[test]
    fn character_ngrams_stay_within_the_word() {
        let tokenizer_config =
            || TokenizerConfig { words: None, chars: Some((3, 4)), ..TokenizerConfig::default() };
        assert_eq!(
            terms(tokenizer_config(), "Nato"),
            ["~ na|Nato", "~nat|Nato", "~ato|Nato", "~to |Nato", "~ nat|Nato", "~nato|Nato", "~ato |Nato"]
        );
        // scikit-learn: " a " is shorter than 4, so it is given once, as its whole, and no longer n
        // is tried.
        assert_eq!(terms(tokenizer_config(), "a"), ["~ a |a"]);
    }
}
