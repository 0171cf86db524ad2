//! Counts values that belong to no group, and describes them to the user.

use serde::{Deserialize, Serialize};

use crate::error::Message;
use crate::tabulate::{Cut, GroupKey};

/// Documents without a known value of one key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    /// The column is missing or empty.
    pub missing: u64,
    /// The value is not a date that the period can be cut from.
    pub unreadable: u64,
    /// One unreadable value, at most 40 characters of it: the first in the order of bytes.
    pub example: Option<String>,
}

impl Unknown {
    const MAX_EXAMPLE_CHARS: usize = 40;

    pub(crate) fn add(&mut self, cut: &Cut<'_>) {
        match cut {
            Cut::Known(_) => {}
            Cut::Missing => self.missing += 1,
            Cut::Unreadable(value) => {
                self.unreadable += 1;
                self.example = Some(value.trim().chars().take(Self::MAX_EXAMPLE_CHARS).collect());
            }
        }
    }

    pub(crate) fn merge(&mut self, other: &Unknown) {
        self.missing = self.missing.wrapping_add(other.missing);
        self.unreadable = self.unreadable.wrapping_add(other.unreadable);
        // The least, so that neither cuts nor order matter.
        let least = self.example.iter().chain(&other.example).min().cloned();
        self.example = least;
    }

    /// The sum of both; `None` if it overflows, as in no real run.
    pub(crate) fn count(&self) -> Option<u64> {
        self.missing.checked_add(self.unreadable)
    }

    /// Describes them among so many documents, if there are any.
    pub(crate) fn note(&self, key: &GroupKey, documents: u64) -> Option<Message> {
        let count = self.count().filter(|&count| count > 0)?;
        let unreadable = self.unreadable;
        let example = self.example.as_ref().map_or(String::new(), |example| {
            format!(" ({unreadable} because the date is unreadable or ambiguous: {example:?})")
        });
        let note: Message = format!(
            "{count} of {documents} documents have no `{key}`{example}; they are counted under an empty value"
        )
        .into();
        let hint = Message::naming(". For dates such as 5/17/2024 give `date_format`: mdy or dmy");
        Some(if unreadable > 0 { note.then(hint) } else { note })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Unknown {
        let key = GroupKey::parse("date:day").unwrap();
        let mut all = Unknown::default();
        for value in values {
            let mut one = Unknown::default();
            one.add(&key.cut(Some(value)));
            all.merge(&one);
        }
        all
    }

    #[test]
    fn the_example_is_the_first_in_the_order_of_bytes_and_cut() {
        let long = "é".repeat(100);
        let unknown = of(&["2024-05-17", &long, ""]);
        assert_eq!((unknown.missing, unknown.unreadable), (1, 1));
        assert_eq!(unknown.example.as_deref(), Some("é".repeat(40).as_str()));
        assert_eq!(of(&[&long, "b", "c"]).example.as_deref(), Some("b"));
    }

    #[test]
    fn nothing_is_said_where_all_is_known() {
        assert_eq!(of(&["2024-05-17"]).note(&GroupKey::parse("date:day").unwrap(), 1), None);
    }
}
