//! Finds the headline of a text, and writes it in another way or leaves it out.

use crate::text::Span;
use crate::text::paragraph::paragraphs;

/// Longer first paragraphs, in words, are no headlines.
const MAX_WORDS: usize = 25;
/// Words that have no capital inside of a headline.
const SMALL_WORDS: &[&str] = &[
    "a", "an", "the", "and", "or", "but", "of", "in", "on", "at", "to", "for", "by", "as", "with", "from",
    "is",
];

/// The place of the headline: a short first paragraph that does not end as a sentence does, with
/// more behind it.
pub(super) fn of(text: &str) -> Option<Span> {
    let all = paragraphs(text);
    let first = all.first().filter(|first| all.len() > 1 && first.words <= MAX_WORDS)?;
    let ends_sentence = first.span.of(text).ends_with(['.', '!', '…', ':', ';', ',', '"', '”']);
    (!ends_sentence).then_some(first.span)
}

pub(super) fn in_capitals(text: &str) -> Option<String> {
    rewritten(text, |headline| headline.to_uppercase())
}

pub(super) fn in_title_case(text: &str) -> Option<String> {
    rewritten(text, |headline| headline.split(' ').map(with_capital).collect::<Vec<_>>().join(" "))
}

fn with_capital(word: &str) -> String {
    let mut rest = word.chars();
    match rest.next() {
        Some(first) if !SMALL_WORDS.contains(&word) => first.to_uppercase().chain(rest).collect(),
        _ => word.to_owned(),
    }
}

pub(super) fn removed(text: &str) -> Option<String> {
    of(text).and_then(|headline| text.get(headline.end()..)).map(|rest| rest.trim_start().to_owned())
}

/// The text behind its title; `None` where it begins with it.
pub(super) fn added(text: &str, title: &str) -> Option<String> {
    let (title, text) = (title.trim(), text.trim_start());
    let begins_with_it = text.get(..title.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(title));
    (!title.is_empty() && !begins_with_it).then(|| format!("{title}\n\n{text}"))
}

fn rewritten(text: &str, rewrite: impl Fn(&str) -> String) -> Option<String> {
    let place = of(text)?;
    let headline = rewrite(place.of(text));
    Some([text.get(..place.start())?, &headline, text.get(place.end()..)?].concat())
}
