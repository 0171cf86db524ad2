//! Folds the character n-grams of a text into the words that they come from, for people.

use std::collections::BTreeMap;

use crate::classifier::explain::{DocumentExplanation, LabelExplanation, TermContribution};
use crate::model::BlockKind;
use crate::text::span::Span;
use crate::tokenizer::{is_char_ngram, is_word};

impl DocumentExplanation {
    /// The explanation of a text with its character n-grams in the words that they come from. Every
    /// term must be listed. Sums stay as they are.
    #[must_use]
    pub fn in_words(self, text: &str) -> Self {
        match self {
            DocumentExplanation::Sum(labels) => DocumentExplanation::Sum(sums_in_words(labels, text)),
            DocumentExplanation::Ranking { labels, paragraphs } => DocumentExplanation::Ranking {
                labels: labels.into_iter().map(|terms| folded(terms, text)).collect(),
                paragraphs: paragraphs.into_iter().map(|labels| sums_in_words(labels, text)).collect(),
            },
        }
    }
}

impl DocumentExplanation {
    /// The explanation with no more than so many terms of each label listed.
    #[must_use]
    pub(crate) fn listing(self, count: usize) -> Self {
        let listing = |labels: Vec<LabelExplanation>| {
            labels.into_iter().map(|label| label.listing(count)).collect::<Vec<_>>()
        };
        match self {
            DocumentExplanation::Sum(labels) => DocumentExplanation::Sum(listing(labels)),
            DocumentExplanation::Ranking { mut labels, paragraphs } => {
                labels.iter_mut().for_each(|terms| terms.truncate(count));
                let paragraphs = paragraphs.into_iter().map(listing).collect();
                DocumentExplanation::Ranking { labels, paragraphs }
            }
        }
    }
}

fn sums_in_words(labels: Vec<LabelExplanation>, text: &str) -> Vec<LabelExplanation> {
    let in_words = |label: LabelExplanation| label.with_terms(|terms| folded(terms, text));
    labels.into_iter().map(in_words).collect()
}

/// The terms with each character n-gram shared out among the places where it stands, which are
/// whole words: to the term of the word that stands there in the same block, or else to a term of
/// its own.
fn folded(terms: Vec<TermContribution>, text: &str) -> Vec<TermContribution> {
    let (ngrams, mut words): (Vec<_>, Vec<_>) =
        terms.into_iter().partition(|term| is_char_ngram(&term.text) && !term.spans.is_empty());
    if ngrams.is_empty() {
        return words;
    }
    let mut at_place: BTreeMap<(Option<BlockKind>, Span), usize> = BTreeMap::new();
    let mut of_word: BTreeMap<(Option<BlockKind>, String), usize> = BTreeMap::new();
    for (number, term) in words.iter().enumerate().filter(|(_, term)| is_word(&term.text)) {
        for span in &term.spans {
            at_place.entry((term.block, *span)).or_insert(number);
        }
        of_word.entry((term.block, term.text.clone())).or_insert(number);
    }
    for ngram in ngrams {
        let share = ngram.contribution / ngram.spans.len() as f64;
        for span in ngram.spans {
            let (block, feature) = (ngram.block, ngram.feature);
            let number = *at_place.entry((block, span)).or_insert_with(|| {
                let word = span.of(text).to_lowercase();
                *of_word.entry((block, word.clone())).or_insert_with(|| {
                    words.push(TermContribution {
                        text: word,
                        block,
                        contribution: 0.0,
                        spans: Vec::new(),
                        feature,
                    });
                    words.len() - 1
                })
            });
            if let Some(word) = words.get_mut(number) {
                word.contribution += share;
                if !word.spans.contains(&span) {
                    word.spans.push(span);
                }
            }
        }
    }
    words.iter_mut().for_each(|word| word.spans.sort_unstable());
    // Ties go to the earlier feature, as they do without folding.
    words.sort_by(|a, b| b.contribution.total_cmp(&a.contribution).then(a.feature.cmp(&b.feature)));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(text: &str, contribution: f64, spans: &[(usize, usize)], feature: u32) -> TermContribution {
        let spans = spans.iter().map(|(start, end)| Span::new(*start, *end)).collect();
        TermContribution { text: text.to_owned(), block: None, contribution, spans, feature }
    }

    #[test]
    fn ngrams_go_to_the_words_of_their_places_and_nothing_is_lost() {
        let text = "Peace needs peaceful Leaders";
        let terms = vec![
            term("peace need", 0.6, &[(0, 11)], 1),
            term("~eace", 0.4, &[(0, 5), (12, 20)], 2),
            term("peac", 0.3, &[(0, 5)], 3),
            term("~lead", -0.6, &[(21, 28)], 4),
        ];
        let all: f64 = terms.iter().map(|term| term.contribution).sum();
        let found = folded(terms, text);
        let shown: Vec<(&str, i64)> = found
            .iter()
            .map(|term| (term.text.as_str(), (term.contribution * 10.0).round() as i64))
            .collect();
        assert_eq!(shown, [("peace need", 6), ("peac", 5), ("peaceful", 2), ("leaders", -6)]);
        let folded: f64 = found.iter().map(|term| term.contribution).sum();
        assert!((all - folded).abs() < 1e-12);
        assert_eq!(found[1].spans, [Span::new(0, 5)]);
    }

    #[test]
    fn terms_without_ngrams_stay_as_they_are() {
        let terms = vec![term("b", 0.1, &[(2, 3)], 1), term("a", 0.1, &[(0, 1)], 0)];
        assert_eq!(folded(terms.clone(), "a b"), terms);
    }
}
