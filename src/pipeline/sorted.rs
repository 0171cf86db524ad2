//! Holds results back until the last one is there, and gives them in another order.

use std::cmp::Ordering;

use crate::classifier::verdict::Reason;
use crate::error::{Error, Result};
use crate::tabulate::{DateOrder, Period};
use crate::write::{Outcome, Scored};

/// What results are sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SortBy {
    /// The highest slant first.
    Slant,
    /// The most probable likeliest label first.
    Confidence,
    /// The earliest date first.
    Date,
    /// The titles in the order of their letters.
    Title,
    /// The values of a column of the input: the lowest number first, then the texts in the order of
    /// their letters.
    Column(String),
}

impl SortBy {
    /// The orders that have a name; any other name is that of a column.
    pub const NAMES: [&str; 4] = ["slant", "confidence", "date", "title"];

    /// The order of this name.
    pub fn from_name(name: &str) -> Self {
        match name {
            "slant" => SortBy::Slant,
            "confidence" => SortBy::Confidence,
            "date" => SortBy::Date,
            "title" => SortBy::Title,
            column => SortBy::Column(column.to_owned()),
        }
    }

    /// The column of the input that holds what is sorted by, if that is not part of the answer.
    pub fn column(&self) -> Option<&str> {
        match self {
            SortBy::Slant | SortBy::Confidence => None,
            SortBy::Date => Some("date"),
            SortBy::Title => Some("title"),
            SortBy::Column(name) => Some(name),
        }
    }
}

/// How results are sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sorting {
    /// By what.
    pub by: SortBy,
    /// The order of day and month in dates of numbers.
    pub date_order: Option<DateOrder>,
}

/// The most results that are held: some gigabytes.
const MAX_HELD: usize = 1_000_000;

/// Results that are held back, in the order of the input.
pub(super) struct HeldResults {
    sorting: Sorting,
    /// The place of the column that is sorted by among those that documents carry.
    place: Option<usize>,
    /// Whether the texts themselves are part of the results.
    with_texts: bool,
    results: Vec<(Option<Key>, Outcome)>,
    most: usize,
}

/// What a result is sorted by.
#[derive(Debug, PartialEq)]
enum Key {
    /// The highest first.
    Number(f64),
    /// The lowest first.
    Ascending(f64),
    /// The first letters, or the earliest date, first.
    Text(String),
}

impl HeldResults {
    pub(super) fn new(sorting: Sorting, place: Option<usize>, with_texts: bool) -> Self {
        HeldResults { sorting, place, with_texts, results: Vec::new(), most: MAX_HELD }
    }

    /// Holds a result.
    ///
    /// # Errors
    /// A result too many.
    pub(super) fn add(&mut self, mut outcome: Outcome) -> Result<()> {
        if self.results.len() >= self.most {
            return Err(Error::run(
                format!(
                    "results that are sorted are held until the last one is there, and there are more than {}; leave them \
                     unsorted, or sort the file afterwards",
                    self.most
                ),
                None,
            ));
        }
        let key = outcome.as_ref().ok().and_then(|scored| self.key(scored));
        if let (Ok(scored), false) = (&mut outcome, self.with_texts) {
            scored.document.text = String::new();
        }
        self.results.push((key, outcome));
        Ok(())
    }

    fn key(&self, scored: &Scored) -> Option<Key> {
        let verdict = &scored.verdict;
        let column = || {
            let value = scored.document.columns.get(self.place?)?.as_deref()?.trim();
            (!value.is_empty()).then_some(value)
        };
        match &self.sorting.by {
            // What the model cannot judge is not certain, however probable its likeliest label.
            SortBy::Slant | SortBy::Confidence
                if verdict.reason().is_some_and(|reason| reason != Reason::LowConfidence) =>
            {
                None
            }
            SortBy::Slant => verdict.slant().map(Key::Number),
            SortBy::Confidence => Some(Key::Number(verdict.confidence())),
            SortBy::Date => {
                let cut = |period: Period| period.cut_in(column()?, self.sorting.date_order);
                [Period::Day, Period::Month, Period::Year].into_iter().find_map(cut).map(Key::Text)
            }
            SortBy::Title => {
                let title = column().or(scored.document.title.as_deref());
                title.map(|title| Key::Text(title.to_lowercase()))
            }
            SortBy::Column(_) => column().map(|value| match value.parse::<f64>() {
                Ok(number) if number.is_finite() => Key::Ascending(number),
                _ => Key::Text(value.to_lowercase()),
            }),
        }
    }

    /// The results in their order. Ties, and what cannot be sorted, stay in the order of the input,
    /// the latter at the end.
    pub(super) fn in_order(mut self) -> impl Iterator<Item = Outcome> {
        self.results.sort_by(|(a, _), (b, _)| compare(a.as_ref(), b.as_ref()));
        self.results.into_iter().map(|(_, outcome)| outcome)
    }
}

fn compare(a: Option<&Key>, b: Option<&Key>) -> Ordering {
    match (a, b) {
        (Some(Key::Number(a)), Some(Key::Number(b))) => b.total_cmp(a),
        (Some(Key::Ascending(a)), Some(Key::Ascending(b))) => a.total_cmp(b),
        (Some(Key::Text(a)), Some(Key::Text(b))) => a.cmp(b),
        (Some(Key::Ascending(_)), Some(Key::Text(_))) => Ordering::Less,
        (Some(Key::Text(_)), Some(Key::Ascending(_))) => Ordering::Greater,
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LabelSet;
    use crate::classifier::verdict::Verdict;
    use crate::text::document::Document;
    use crate::write::Failure;

    fn scored(id: &str, confidence: f64, column: Option<&str>) -> Outcome {
        let labels = LabelSet::new(["con", "pro"]).unwrap();
        let labels = labels.with_axis(&[("con".to_owned(), -1.0), ("pro".to_owned(), 1.0)]).unwrap();
        let verdict = Verdict::from_probabilities(labels, vec![1.0 - confidence, confidence]);
        let document = Document { columns: vec![column.map(str::to_owned)], ..Document::new(id, "text") };
        Ok(Scored::new(document, verdict))
    }

    fn order(by: SortBy, outcomes: Vec<Outcome>) -> Vec<String> {
        let mut held = HeldResults::new(Sorting { by, date_order: None }, Some(0), false);
        outcomes.into_iter().for_each(|outcome| held.add(outcome).unwrap());
        held.in_order().map(|outcome| outcome.map_or_else(|failure| failure.id, |scored| scored.id)).collect()
    }

    #[test]
    fn ties_and_what_has_no_value_keep_the_order_of_the_input() {
        let failure = || Err(Failure { id: "f".to_owned(), error: Error::data("unreadable") });
        let all = |columns: [Option<&str>; 4]| {
            let [a, b, c, d] = columns;
            vec![
                failure(),
                scored("a", 0.6, a),
                scored("b", 0.9, b),
                scored("c", 0.6, c),
                scored("d", 0.8, d),
            ]
        };
        let none = || all([None; 4]);
        assert_eq!(order(SortBy::Slant, none()), ["f", "a", "b", "c", "d"], "none of these has a slant");
        assert_eq!(order(SortBy::Confidence, none()), ["b", "d", "a", "c", "f"]);
        let dates = all([Some("2024-05-17"), Some("soon"), Some("2024"), Some("1 March 2024")]);
        assert_eq!(order(SortBy::Date, dates), ["c", "d", "a", "f", "b"]);
        let titles = all([Some("b"), Some("A"), Some(" "), Some("aa")]);
        assert_eq!(order(SortBy::Title, titles), ["b", "d", "a", "f", "c"]);
        let pages = all([Some("Appendix"), Some("10"), Some("9"), None]);
        assert_eq!(order(SortBy::from_name("page"), pages), ["c", "b", "a", "f", "d"]);
    }

    #[test]
    fn what_is_held_is_bounded_and_has_texts_only_where_they_are_written() {
        let sorting = Sorting { by: SortBy::Slant, date_order: None };
        let mut held = HeldResults { most: 1, ..HeldResults::new(sorting.clone(), None, true) };
        held.add(scored("a", 0.5, None)).unwrap();
        let error = held.add(scored("b", 0.5, None)).unwrap_err().to_string();
        assert!(error.contains("more than 1; leave them unsorted"), "{error}");
        assert_eq!(held.in_order().next().unwrap().unwrap().document.text, "text");
        let mut held = HeldResults::new(sorting, None, false);
        held.add(scored("a", 0.5, None)).unwrap();
        assert_eq!(held.in_order().next().unwrap().unwrap().document.text, "");
    }
}
