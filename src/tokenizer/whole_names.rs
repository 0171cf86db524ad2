//! Finds the names and tags that are read as a whole beside their words.

use crate::text::normalization::{JOINT, is_of_name};
use crate::text::span::Span;

/// The names of several words in a normal text, found one after the other.
pub(super) struct WholeNames<'t> {
    text: &'t str,
    /// Where the last run of letters, digits and joints ends that was looked at.
    behind: usize,
}

impl<'t> WholeNames<'t> {
    /// Whether a text has any.
    #[inline]
    pub(super) fn are_in(text: &str) -> bool {
        text.contains(JOINT)
    }

    pub(super) fn new(text: &'t str) -> Self {
        WholeNames { text, behind: 0 }
    }

    /// The name whose first word is this one. Words must be given in order.
    pub(super) fn begun_by(&mut self, word: Span) -> Option<Span> {
        if word.start() < self.behind {
            return None;
        }
        let rest = self.text.get(word.start()..)?;
        let run = rest.find(|c| !(is_of_name(c) || JOINT.contains(c))).unwrap_or(rest.len());
        self.behind = word.start() + run;
        // An underscore at the end of a name is a joint with nothing behind it.
        let name = rest.get(..run)?.trim_end_matches(JOINT);
        name.contains(JOINT).then(|| Span::new(word.start(), word.start() + name.len()))
    }
}

/// Whether a token of normal text is such a name.
pub(super) fn is_whole_name(token: &str) -> bool {
    token.contains(JOINT)
}

/// The name as one word.
pub(super) fn as_one_word(name: &str) -> String {
    name.replace(JOINT, "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::text::{SocialText, Span};
    use crate::tokenizer::{Punctuation, Quotations, TokenBuf, TokenKind, Tokenizer, TokenizerConfig};

    fn tokenizer(social_text: SocialText, more: TokenizerConfig) -> Tokenizer {
        Tokenizer::new(&TokenizerConfig { social_text, stem: false, ..more }).unwrap()
    }

    /// What each token of a text is, its normal form and its place in the text.
    fn tokens(tokenizer: &Tokenizer, text: &str) -> Vec<(TokenKind, String, Span)> {
        let (normal, mut found) = (tokenizer.normalize(text), Vec::new());
        tokenizer.each(normal.text(), &mut |kind, place| {
            let mut form = String::new();
            tokenizer.normal(kind, place.of(normal.text()), &mut form);
            found.push((kind, form, normal.source(place)));
        });
        found
    }

    #[test]
    fn a_name_comes_before_its_words_and_counts_as_its_words() {
        let tokenizer = tokenizer(SocialText::Expand, TokenizerConfig::default());
        for (text, expected, words) in [
            ("#StopTheTunnel now", "stopthetunnel|StopTheTunnel stop|Stop the|The tunnel|Tunnel now|now", 4),
            (
                "@mayor_of_port_ #stopthetunnel",
                "mayorofport|mayor_of_port mayor|mayor of|of port|port stopthetunnel|stopthetunnel",
                4,
            ),
            (
                "#_AbCd! (#Harbor2031)",
                "abcd|AbCd ab|Ab cd|Cd harbor2031|Harbor2031 harbor|Harbor 2031|2031",
                4,
            ),
            ("#SayNooooo", "saynoo|SayNooooo say|Say noo|Nooooo", 2),
            ("#港のAbCd", "港のabcd|港のAbCd 港|港 の|の ab|Ab cd|Cd", 4),
            (
                "#Tunnel @ann_ #G20 C#MakeAll StopThe",
                "tunnel|Tunnel ann|ann g20|G20 c|C makeall|MakeAll stopthe|StopThe",
                6,
            ),
            ("@AbCd@social.example", "abcd|AbCd ab|Ab cd|Cd", 2),
        ] {
            let mut buf = TokenBuf::default();
            tokenizer.tokenize(text, &mut buf);
            let found: Vec<String> =
                buf.iter().map(|(normal, span)| format!("{normal}|{}", span.of(text))).collect();
            assert_eq!((found.join(" ").as_str(), buf.words()), (expected, words), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn without_the_names_tokens_are_those_of_split_names(
            text in "( |#|@|_|Ab|cDe|USA|12|eee|é|港|\u{200b}|\u{ad}|\u{301}|\u{2009}|'|\\.|-|\"|x.org/a |\n){0,40}",
            punctuation in prop::sample::select(vec![Punctuation::Drop, Punctuation::Tokens, Punctuation::Breaks]),
        ) {
            let config = TokenizerConfig { punctuation, quotations: Quotations::Skip, ..TokenizerConfig::default() };
            let [split, expanded] = [SocialText::Normalize, SocialText::Expand]
                .map(|social_text| tokens(&tokenizer(social_text, config.clone()), &text));
            let words: Vec<_> =
                expanded.iter().filter(|(kind, ..)| *kind != TokenKind::Name).cloned().collect();
            prop_assert_eq!(words, split);
            for (number, (_, name, place)) in
                expanded.iter().enumerate().filter(|(_, (kind, ..))| *kind == TokenKind::Name)
            {
                let [(_, first, start), (_, second, next)] = &expanded[number + 1..number + 3] else {
                    panic!("two words follow")
                };
                prop_assert!(place.start() == start.start() && next.start() < place.end());
                let begin: String = first.chars().chain(second.chars().take(1)).collect();
                prop_assert!(name.starts_with(&begin), "{} {}", name, begin);
            }
        }
    }
}
