//! Names the words that character n-grams of one group come from.

use std::collections::BTreeMap;

use crate::tokenizer::{TokenBuf, Tokenizer, is_char_ngram};
use crate::train::{Row, SourceTerm};

/// The terms with words for character n-grams: of the words of the group that hold an n-gram, the
/// most frequent, as the tokenizer of the model makes them. Each word is listed once for a group,
/// with the figures of its heaviest term.
pub fn source_words(terms: &[SourceTerm], rows: &[Row], tokenizer: &Tokenizer) -> Vec<SourceTerm> {
    let mut found: Vec<SourceTerm> = Vec::new();
    for term in terms {
        let word = match is_char_ngram(&term.term) {
            true => word_of(term, rows, tokenizer).unwrap_or_else(|| term.term.clone()),
            false => term.term.clone(),
        };
        if !found.iter().any(|before| before.term == word && before.group == term.group) {
            found.push(SourceTerm { term: word, ..term.clone() });
        }
    }
    found
}

fn word_of(term: &SourceTerm, rows: &[Row], tokenizer: &Tokenizer) -> Option<String> {
    // What stands before the characters marks an n-gram.
    let ngram: String = term.term.chars().skip(1).collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut tokens = TokenBuf::default();
    for row in rows.iter().filter(|row| row.group.as_deref() == Some(term.group.as_str())) {
        tokenizer.tokenize(&row.text, &mut tokens);
        for (word, _) in tokens.iter() {
            // A blank in an n-gram is the bound of a word.
            if format!(" {word} ").contains(&ngram) {
                *counts.entry(word.to_owned()).or_default() += 1;
            }
        }
    }
    let most = counts.iter().max_by(|(a, x), (b, y)| x.cmp(y).then(b.cmp(a)));
    most.map(|(word, _)| word.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;
    use crate::tokenizer::TokenizerConfig;

    #[test]
    fn ngrams_are_named_by_the_words_of_their_group() {
        let config =
            TokenizerConfig { language: Some(Language::English), stem: true, ..TokenizerConfig::default() };
        let tokenizer = Tokenizer::new(&config).unwrap();
        let row = |group: &str, text: &str| Row { group: Some(group.into()), ..Row::new("a", text) };
        let rows =
            [row("Alpha", "AlphaWire reported. Alphawire, again"), row("Beta", "alphabet alphabet alphabet")];
        let term = |term: &str| SourceTerm {
            term: term.to_owned(),
            group: "Alpha".to_owned(),
            rows: 9,
            share: 1.0,
            weight: 0.5,
        };
        let listed = |terms: &[&str]| -> Vec<String> {
            let terms: Vec<SourceTerm> = terms.iter().map(|name| term(name)).collect();
            source_words(&terms, &rows, &tokenizer).into_iter().map(|term| term.term).collect()
        };
        // The stem of an n-gram is that of the terms.
        let found = listed(&["~ alph", "~pha", "~port ", "report", "~xyz", "again"]);
        assert_eq!(found, ["alphawir", "report", "~xyz", "again"]);
    }
}
