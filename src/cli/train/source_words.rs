//! Names the words that character n-grams of one group come from.

use std::collections::BTreeMap;

use crate::tokenizer::is_char_ngram;
use crate::train::{Row, SourceTerm};

/// The terms with words for character n-grams: of the words of the group that hold an n-gram, the
/// most frequent. Each word is listed once for a group, with the figures of its heaviest term.
pub fn source_words(terms: &[SourceTerm], rows: &[Row]) -> Vec<SourceTerm> {
    let mut found: Vec<SourceTerm> = Vec::new();
    for term in terms {
        let word = match is_char_ngram(&term.term) {
            true => word_of(term, rows).unwrap_or_else(|| term.term.clone()),
            false => term.term.clone(),
        };
        if !found.iter().any(|before| before.term == word && before.group == term.group) {
            found.push(SourceTerm { term: word, ..term.clone() });
        }
    }
    found
}

fn word_of(term: &SourceTerm, rows: &[Row]) -> Option<String> {
    // What stands before the characters marks an n-gram.
    let ngram: String = term.term.chars().skip(1).collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.group.as_deref() == Some(term.group.as_str())) {
        let text = row.text.to_lowercase();
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
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

    #[test]
    fn ngrams_are_named_by_the_words_of_their_group() {
        let row = |group: &str, text: &str| Row { group: Some(group.into()), ..Row::new("a", text) };
        let rows =
            [row("Alpha", "AlphaWire reports. Alphawire, again"), row("Beta", "alphabet alphabet alphabet")];
        let term = |term: &str| SourceTerm {
            term: term.to_owned(),
            group: "Alpha".to_owned(),
            rows: 9,
            share: 1.0,
            weight: 0.5,
        };
        let listed = |terms: &[&str]| -> Vec<String> {
            let terms: Vec<SourceTerm> = terms.iter().map(|name| term(name)).collect();
            source_words(&terms, &rows).into_iter().map(|term| term.term).collect()
        };
        assert_eq!(
            listed(&["~ alph", "~pha", "~orts ", "~xyz", "again"]),
            ["alphawire", "reports", "~xyz", "again"]
        );
    }
}
