//! Labelled rows to the counts of their terms, made once for every fold and fit that shares a recipe.

use rayon::prelude::*;

use crate::error::Result;
use crate::feature::{Background, Choice, Counted, Selection};
use crate::token::{Recipe, Term, TokenBuf, Tokenizer, is_word};

use super::row::Rows;
use super::settings::Settings;

/// Rows that are tokenized at once: enough for every thread, few enough that their terms do not pile up.
const TOKENIZED_AT_ONCE: usize = 2048;

/// Rows with more entries than this are fitted one fold after the other: each fit holds them twice.
const MOST_IN_PARALLEL: usize = 20_000_000;

/// What all folds and fits of one recipe share.
pub(super) struct Data<'a> {
    pub rows: &'a Rows,
    pub counted: Counted,
    recipe: Recipe,
    background: Option<Background>,
    /// Whether the term of each number is a single word.
    is_word: Vec<bool>,
}

impl<'a> Data<'a> {
    /// Counts the rows' terms, and how many of the unlabelled texts hold them.
    pub(super) fn new(rows: &'a Rows, recipe: &Recipe, unlabelled: &[String]) -> Result<Self> {
        let tokenizer = Tokenizer::new(recipe)?;
        let texts: Vec<&str> = rows.rows.iter().map(|row| row.text.as_str()).collect();
        let counted = count(&texts, &tokenizer, |_| true);
        let is_word = counted.terms().iter().map(is_word).collect();
        let background = (!unlabelled.is_empty()).then(|| frequencies(unlabelled, &tokenizer, &counted));
        Ok(Data { rows, counted, recipe: recipe.clone(), background, is_word })
    }

    /// Whether it was counted by this recipe.
    pub(super) fn is_of(&self, recipe: &Recipe) -> bool {
        self.recipe == *recipe
    }

    /// The rows among these that are like what will be scored: all but those for training only.
    pub(super) fn typical(&self, rows: &[usize]) -> Vec<usize> {
        rows.iter().copied().filter(|&row| !self.rows.rows[row].train_only).collect()
    }

    /// Chooses features on some of the rows.
    pub(super) fn select(&self, settings: &Settings, chosen: &[usize]) -> Result<Selection> {
        let choice = Choice {
            weighting: settings.weighting,
            pruning: &settings.pruning,
            groups: &self.rows.groups,
            background: self.background.as_ref().filter(|_| settings.use_unlabelled),
        };
        Selection::fit(&self.counted, chosen, &choice)
    }

    /// Words of a row, and how many of them a selection knows.
    pub(super) fn words(&self, row: usize, selection: &Selection) -> (u64, u64) {
        let words = self.counted.row(row).iter().filter(|(term, _)| self.is_word[*term as usize]);
        words.fold((0, 0), |(all, known), &(term, count)| {
            let count = u64::from(count);
            (all + count, known + if selection.feature(term).is_some() { count } else { 0 })
        })
    }

    /// Calls `each` for every item, on all threads where the rows are few enough to be held once for each.
    pub(super) fn each<T: Sync, R: Send>(
        &self,
        items: &[T],
        each: impl Fn(&T) -> Result<R> + Send + Sync,
    ) -> Result<Vec<R>> {
        if self.counted.entries() > MOST_IN_PARALLEL {
            items.iter().map(each).collect()
        } else {
            items.par_iter().map(each).collect()
        }
    }
}

/// Tokenizes every text once and counts the terms that are wanted.
pub(super) fn count(
    texts: &[&str],
    tokenizer: &Tokenizer,
    wanted: impl Fn(&Term<'_>) -> bool + Sync,
) -> Counted {
    let mut counted = Counted::default();
    for texts in texts.chunks(TOKENIZED_AT_ONCE) {
        let one = |text: &str, (tokens, scratch): &mut (TokenBuf, String)| {
            let mut one = Counted::default();
            tokenizer.tokenize(text, tokens);
            let mut terms = Vec::new();
            tokenizer.terms(tokens, scratch, &mut |term| {
                if wanted(&term) {
                    terms.push(term.text.to_owned());
                }
            });
            one.push_row(terms.iter().map(String::as_str));
            one
        };
        let counts: Vec<Counted> = texts
            .par_iter()
            .map_init(|| (TokenBuf::default(), String::new()), |buffers, text| one(text, buffers))
            .collect();
        for one in &counts {
            counted.push_counted(one.terms().iter().zip(one.row(0).iter().map(|(_, count)| *count)));
        }
    }
    counted
}

/// How many texts hold each counted term.
fn frequencies(texts: &[String], tokenizer: &Tokenizer, counted: &Counted) -> Background {
    let terms = counted.terms().len();
    let parts: Vec<Vec<u32>> = texts
        .par_chunks(texts.len().div_ceil(rayon::current_num_threads()).max(1))
        .map(|texts| {
            let (mut tokens, mut scratch) = (TokenBuf::default(), String::new());
            // The last text, from 1, that held each term.
            let (mut last, mut frequency) = (vec![0u32; terms], vec![0u32; terms]);
            for (number, text) in (1u32..).zip(texts) {
                tokenizer.tokenize(text, &mut tokens);
                tokenizer.terms(&tokens, &mut scratch, &mut |term| {
                    if let Some(term) = counted.terms().find(term.text).map(|term| term as usize)
                        && last[term] != number
                    {
                        last[term] = number;
                        frequency[term] += 1;
                    }
                });
            }
            frequency
        })
        .collect();
    let mut frequency = vec![0; terms];
    for part in parts {
        frequency.iter_mut().zip(part).for_each(|(sum, more)| *sum += more);
    }
    Background { texts: texts.len() as u32, frequency }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Punctuation;
    use crate::train::Row;

    #[test]
    fn words_are_told_from_pairs_marks_and_characters() {
        let recipe = Recipe {
            chars: Some((2, 3)),
            punctuation: Punctuation::Tokens,
            stem: false,
            ..Recipe::default()
        };
        let rows = Rows::new(vec![Row::new("a", "one two, one!"), Row::new("b", "two three")]).unwrap();
        let data = Data::new(&rows, &recipe, &[]).unwrap();
        let settings = Settings { recipe, ..Settings::default() };
        let selection = data.select(&settings, &[0, 1]).unwrap();
        assert_eq!(data.words(0, &selection), (3, 1), "`two` stands in both rows");
    }

    #[test]
    fn each_unlabelled_text_counts_once_for_a_term() {
        let rows = Rows::new(vec![Row::new("a", "sun wind"), Row::new("b", "rain wind")]).unwrap();
        let texts = ["sun and sun".to_owned(), "wind and sun".to_owned(), "none".to_owned()];
        let recipe = Recipe { words: Some((1, 1)), ..Recipe::default() };
        let data = Data::new(&rows, &recipe, &texts).unwrap();
        let found = data.background.unwrap();
        let of = |term: &str| found.frequency[data.counted.terms().find(term).unwrap() as usize];
        assert_eq!((found.texts, of("sun"), of("wind"), of("rain")), (3, 2, 1, 0));
    }
}
