//! Holds the tokens of a text: what they are, their normal forms and their places.

use crate::text::Span;

/// One token: its normal form in the buffer, and where it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    normal: Span,
    pub(super) source: Span,
    pub(super) is_word: bool,
}

/// The tokens of one text; owned, and reused from text to text.
#[derive(Clone, Debug, Default)]
pub struct TokenBuf {
    pub(super) normal: String,
    pub(super) tokens: Vec<Token>,
    words: usize,
}

impl TokenBuf {
    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Number of tokens that are words, and not marks between them. Of a name that is read as a
    /// whole, too, only the words count.
    pub fn words(&self) -> usize {
        self.words
    }

    /// Whether there are no tokens.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Normal form of each token with its place in the text, in order. A name that is read as a
    /// whole comes before its words, which stand inside its place.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Span)> {
        self.tokens.iter().map(|token| (token.normal.of(&self.normal), token.source))
    }

    pub(super) fn get(&self, index: usize) -> Option<(&str, &Token)> {
        self.tokens.get(index).map(|token| (token.normal.of(&self.normal), token))
    }

    /// Adds a token whose normal form stands in the buffer from `start` on.
    pub(super) fn push(&mut self, start: usize, source: Span, kind: TokenKind) {
        let normal = Span::new(start, self.normal.len());
        self.tokens.push(Token { normal, source, is_word: kind.is_word() });
        self.words += usize::from(kind.is_counted());
    }

    pub(super) fn clear(&mut self) {
        self.normal.clear();
        self.tokens.clear();
        self.words = 0;
    }
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Word,
    /// A name or tag of several words as a whole, before its words.
    Name,
    Quotation,
    Mark(char),
}

impl TokenKind {
    /// Whether it is made of letters and digits, or stands for words.
    #[inline]
    pub(crate) fn is_word(self) -> bool {
        !matches!(self, TokenKind::Mark(_))
    }

    /// Whether it is one of the words that a text is said to have. What is read as a whole is not:
    /// its words are.
    #[inline]
    pub(crate) fn is_counted(self) -> bool {
        matches!(self, TokenKind::Word | TokenKind::Quotation)
    }
}
