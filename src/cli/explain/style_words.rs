//! Separates terms of function words from the other terms.

use std::collections::HashSet;

use crate::Model;
use crate::classifier::explain::TermContribution;
use crate::text::Language;
use crate::tokenizer::{TokenBuf, Tokenizer};

/// Verbs by which English news reports speech; lists of function words have none.
const REPORTING: &str = "said say says saying told tell tells telling";
/// Words that stand for a sum of terms.
const SHOWN: usize = 3;

/// The function words of a model's language, as its terms have them.
pub struct StyleWords {
    words: HashSet<String>,
}

impl StyleWords {
    /// The words of the model's language; none for a model without a language.
    pub fn new(model: &Model) -> crate::Result<Self> {
        let config = &model.tokenizer_config;
        let Some(language) = config.language else { return Ok(StyleWords { words: HashSet::new() }) };
        let tokenizer = Tokenizer::new(config)?;
        let listed = stop_words::lookup(language.code()).unwrap_or_default();
        let reporting = if language == Language::English { REPORTING } else { "" };
        let mut tokens = TokenBuf::default();
        let mut words = HashSet::new();
        for word in listed.iter().copied().chain(reporting.split_whitespace()) {
            tokenizer.tokenize(word, &mut tokens);
            words.extend(tokens.iter().map(|(word, _)| word.to_owned()));
        }
        Ok(StyleWords { words })
    }

    /// Splits terms into those of other words and those of nothing but function words, in their
    /// order.
    pub fn split<'t>(
        &self,
        terms: impl Iterator<Item = &'t TermContribution>,
    ) -> (Vec<&'t TermContribution>, FoldedTerms<'t>) {
        let (style, others) = terms.partition(|term| self.is_style(&term.text));
        (others, FoldedTerms(style))
    }

    fn is_style(&self, term: &str) -> bool {
        let mut words = term.split(' ').peekable();
        words.peek().is_some() && words.all(|word| self.words.contains(word))
    }
}

/// Terms that are shown as one sum.
pub struct FoldedTerms<'t>(Vec<&'t TermContribution>);

impl FoldedTerms<'_> {
    /// What the terms add together; `None` without any.
    pub fn contribution(&self) -> Option<f64> {
        (!self.0.is_empty()).then(|| self.0.iter().map(|term| term.contribution).sum())
    }

    /// The terms that add or take most: `style words (it, we, said …)`.
    pub fn name(&self) -> String {
        let mut largest = self.0.clone();
        largest.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
        let shown: Vec<&str> = largest.iter().take(SHOWN).map(|term| term.text.as_str()).collect();
        let more = if largest.len() > SHOWN { " …" } else { "" };
        format!("style words ({}{more})", shown.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Threads;
    use crate::train::{Row, TrainParams, train};

    fn model(language: Option<Language>) -> Model {
        let row = |n: usize| {
            let (label, text) =
                [("a", "It said the harbour was theirs"), ("b", "They say guarantees of peace")][n % 2];
            Row::new(label, format!("{text} on day {n}"))
        };
        let mut params = TrainParams { folds: 0, ..TrainParams::default() };
        params.settings.tokenizer_config.language = language;
        params.settings.tokenizer_config.stem = language.is_some();
        train((0..20).map(row).collect::<Vec<_>>(), params, &Threads::new(1).unwrap()).unwrap().0
    }

    #[test]
    fn terms_of_nothing_but_function_words_are_style() {
        let words = StyleWords::new(&model(Some(Language::English))).unwrap();
        for term in ["it", "they say", "it said", "this"] {
            assert!(words.is_style(term), "{term}");
        }
        for term in ["guarante", "of peac", "~ it", "\"…\"", ""] {
            assert!(!words.is_style(term), "{term}");
        }
        assert!(!StyleWords::new(&model(None)).unwrap().is_style("it"));
    }
}
