//! Gives the ids of a text's tokens, from the cache where they are remembered.

use crate::text::span::Span;
use crate::tokenizer::config::Punctuation;
use crate::tokenizer::whole_names::is_whole_name;
use crate::tokenizer::word_cache::Sign;
use crate::tokenizer::{LINE_END, PARAGRAPH_END, TokenKind, Tokenizer, WordIdCache, split};

impl Tokenizer {
    /// Calls `found` with the id of each token of the normal `text`, in order, and gives how many
    /// of them are words. `id` gives a token's id by its normal form and by what it is;
    /// `word_ids` remembers them from text to text, so it must be used with one tokenizer and one
    /// `id` only.
    #[inline]
    pub(crate) fn token_ids(
        &self,
        text: &str,
        word_ids: &mut WordIdCache,
        id: &mut impl FnMut(&str, TokenKind) -> u32,
        found: &mut impl FnMut(u32),
    ) -> usize {
        let bytes = text.as_bytes();
        let mut words = 0;
        let mut id_of = |sign: Option<Sign>, place: Span| {
            let token = place.of(text);
            let kind = sign.map_or_else(|| kind(token), Sign::kind);
            id(&self.form(kind, token), kind)
        };
        let mut resolved = |id: u32, _| found(id);
        self.each(text, &mut |kind, place| {
            words += usize::from(kind.is_counted());
            if let Some(sign) = Sign::of(kind) {
                word_ids.resolve(bytes, &mut id_of, &mut resolved);
                resolved(word_ids.sign(sign, place, &mut id_of), place);
            } else if word_ids.request(place) {
                word_ids.resolve(bytes, &mut id_of, &mut resolved);
            }
        });
        word_ids.resolve(bytes, &mut id_of, &mut resolved);
        words
    }

    /// A token's normal form.
    fn form(&self, kind: TokenKind, token: &str) -> String {
        let mut form = String::new();
        self.normal(kind, token, &mut form);
        form
    }
}

/// What a token is that stands in the text as it is. A word holds a letter or digit; what stands
/// between words holds none.
fn kind(token: &str) -> TokenKind {
    debug_assert!(!token.is_empty(), "the token lies in the text");
    match token.chars().next() {
        Some(mark) if !token.contains(char::is_alphanumeric) => TokenKind::Mark(mark),
        _ if is_whole_name(token) => TokenKind::Name,
        _ => TokenKind::Word,
    }
}

impl Sign {
    /// The sign that stands for a token; none for what stands in the text as it is.
    #[inline]
    fn of(kind: TokenKind) -> Option<Sign> {
        match kind {
            TokenKind::Quotation => Some(Sign::Quotation),
            TokenKind::Mark(LINE_END) => Some(Sign::LineEnd),
            TokenKind::Mark(PARAGRAPH_END) => Some(Sign::ParagraphEnd),
            TokenKind::Word | TokenKind::Name | TokenKind::Mark(_) => None,
        }
    }

    fn kind(self) -> TokenKind {
        match self {
            Sign::Quotation => TokenKind::Quotation,
            Sign::LineEnd => TokenKind::Mark(LINE_END),
            Sign::ParagraphEnd => TokenKind::Mark(PARAGRAPH_END),
        }
    }
}

/// Whether two tokenizers cut texts into the same words, apart from quotations that one of them
/// takes for one token, drop all that stands between and read nothing twice.
pub(crate) fn have_same_word_boundaries(tokenizers: [&Tokenizer; 2]) -> bool {
    let [one, two] = tokenizers;
    one.joins_phrases() == two.joins_phrases()
        && one.tokenizer_config.social_text == two.tokenizer_config.social_text
        && tokenizers.iter().all(|tokenizer| {
            tokenizer.tokenizer_config.punctuation == Punctuation::Drop && !tokenizer.expands_names()
        })
}

/// Calls `found` with each word of a normal text, inside quotations and out: its id for each of two
/// tokenizers that [have the same word boundaries](have_same_word_boundaries), and its place. `id`
/// gives the ids of a word by its normal forms; `word_ids` remembers them, as in
/// [`Tokenizer::token_ids`].
#[inline]
pub(crate) fn shared_word_ids(
    [one, two]: [&Tokenizer; 2],
    text: &str,
    word_ids: &mut WordIdCache<[u32; 2]>,
    id: &mut impl FnMut([&str; 2]) -> [u32; 2],
    found: &mut impl FnMut([u32; 2], Span),
) {
    let bytes = text.as_bytes();
    let mut ids_of = |_, place: Span| {
        let word = place.of(text);
        debug_assert!(!word.is_empty(), "the word lies in the text");
        let first = one.form(TokenKind::Word, word);
        let second = (!one.tokenizer_config.has_forms_of(&two.tokenizer_config))
            .then(|| two.form(TokenKind::Word, word));
        id([&first, second.as_deref().unwrap_or(&first)])
    };
    split::words(text, one.joins_phrases(), &mut |place| {
        if word_ids.request(place) {
            word_ids.resolve(bytes, &mut ids_of, found);
        }
    });
    word_ids.resolve(bytes, &mut ids_of, found);
}
