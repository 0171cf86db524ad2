//! Parses what a table is grouped by: a column, or the period of a column's dates.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::tabulate::date::Date;
use crate::tabulate::{DateOrder, Period};

/// A column whose values, or the periods of whose dates, make groups.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GroupKey {
    column: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    period: Option<Period>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<DateOrder>,
}

/// The result of cutting one value by a key.
#[derive(Debug, PartialEq)]
pub(crate) enum Cut<'a> {
    Known(Cow<'a, str>),
    Missing,
    Unreadable(&'a str),
}

impl GroupKey {
    /// Parses `source` (the values of a column) or `date:month` (the periods of a column's dates).
    ///
    /// The period follows the last colon, so `dc:date:month` is the column `dc:date` by month. A
    /// column with a colon in its name that is not cut to periods is written with a colon at its
    /// end: `dc:source:`.
    ///
    /// # Errors
    /// No column, or another word after the last colon than a period.
    pub fn parse(text: &str) -> Result<Self> {
        let key = match text.rsplit_once(':') {
            None => GroupKey { column: text.to_owned(), period: None, order: None },
            Some((column, "")) if column.contains(':') => {
                GroupKey { column: column.to_owned(), period: None, order: None }
            }
            Some((column, name)) => match Period::parse(name) {
                Some(period) => GroupKey { column: column.to_owned(), period: Some(period), order: None },
                None => {
                    let expected = "a period: `year`, `month`, `week` or `day`";
                    let message = format!("`{text}`: found {name:?} after the colon, expected {expected}.");
                    return Err(Error::invalid_parameter("by", text, expected)
                        .with_message(message)
                        .with_hint(format!("If `{text}` is a column's name, write `{text}:`")));
                }
            },
        };
        if key.column.trim().is_empty() {
            let expected = "a column to group by, such as `source` or `date:month`";
            return Err(Error::invalid_parameter("by", text, expected)
                .with_message(format!("found {text:?}, expected {expected}")));
        }
        Ok(key)
    }

    /// The key of a column's values.
    pub(crate) fn of_column(column: &str) -> Self {
        GroupKey { column: column.to_owned(), period: None, order: None }
    }

    /// A date as exact as it is written, read in the order of this key: `2024-05-17`, `2024-05` or
    /// `2024`.
    pub(crate) fn date(&self, date: &str) -> Option<String> {
        Date::parse_in(date, self.order).map(|date| date.to_string())
    }

    /// The day of a date, read in the order of this key.
    #[cfg(feature = "serve")]
    pub(crate) fn day(&self, date: &str) -> Option<String> {
        Period::Day.cut_in(date, self.order)
    }

    /// Parses keys that are separated by commas: `source,date:month`. Spaces around a key are
    /// ignored.
    ///
    /// # Errors
    /// A key that cannot be parsed, or one that is given twice.
    pub fn parse_list(text: &str) -> Result<Vec<Self>> {
        let keys = text.split(',').map(|part| GroupKey::parse(part.trim())).collect::<Result<Vec<_>>>()?;
        GroupKey::check(&keys)?;
        Ok(keys)
    }

    /// Refuses an empty list and repeated keys.
    pub(crate) fn check(keys: &[GroupKey]) -> Result<()> {
        if keys.is_empty() {
            return Err(Error::invalid_parameter("by", "no column", "at least one")
                .with_message("found no column to group by, expected at least one"));
        }
        for (at, key) in keys.iter().enumerate() {
            if keys.iter().take(at).any(|other| other == key) {
                return Err(Error::invalid_parameter("by", format!("`{key}` twice"), "each key once")
                    .with_message(format!("`{key}` is named twice"))
                    .with_hint("name each key once"));
            }
        }
        Ok(())
    }

    /// The name of the column.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// The period that its dates are cut to, if there is one.
    pub fn period(&self) -> Option<Period> {
        self.period
    }

    /// The key with the order of day and month of its dates, where both are numbers.
    #[must_use]
    pub fn with_date_format(self, order: Option<DateOrder>) -> Self {
        GroupKey { order, ..self }
    }

    pub(crate) fn cut<'a>(&self, value: Option<&'a str>) -> Cut<'a> {
        match (value, self.period) {
            (None | Some(""), _) => Cut::Missing,
            (Some(value), None) => Cut::Known(Cow::Borrowed(value)),
            (Some(value), Some(_)) if value.trim().is_empty() => Cut::Missing,
            (Some(value), Some(period)) => period
                .cut_in(value, self.order)
                .map_or(Cut::Unreadable(value), |cut| Cut::Known(Cow::Owned(cut))),
        }
    }
}

/// The name of the key's column in the table: `source`, `date:month`.
impl fmt::Display for GroupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.column)?;
        self.period.map_or(Ok(()), |period| write!(f, ":{}", period.name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (String, Option<Period>) {
        let key = GroupKey::parse(text).unwrap();
        (key.column().to_owned(), key.period())
    }

    #[test]
    fn a_key_is_a_column_with_or_without_a_period() {
        assert_eq!(parsed("source"), ("source".into(), None));
        assert_eq!(parsed("date:week"), ("date".into(), Some(Period::Week)));
        assert_eq!(parsed("dc:date:day"), ("dc:date".into(), Some(Period::Day)));
        assert_eq!(parsed("dc:source:"), ("dc:source".into(), None));
        assert_eq!(GroupKey::parse("dc:date:day").unwrap().to_string(), "dc:date:day");
        assert_eq!(GroupKey::parse("dc:source:").unwrap().to_string(), "dc:source");
    }

    #[test]
    fn a_wrong_key_is_told_what_was_expected() {
        let message = |text| GroupKey::parse_list(text).unwrap_err().to_string();
        assert_eq!(
            message("date:fortnight"),
            "`date:fortnight`: found \"fortnight\" after the colon, expected a period: `year`, `month`, `week` or \
             `day`. If `date:fortnight` is a column's name, write `date:fortnight:`"
        );
        for text in ["", " ", ":month", "source,,date"] {
            assert!(message(text).contains("expected a column to group by"), "{text}");
        }
        assert!(message("date:").contains("expected a period"));
        assert_eq!(message("source, source"), "`source` is named twice; name each key once");
        assert_eq!(GroupKey::parse("date:fortnight").unwrap_err().name(), "parameter");
    }

    #[test]
    fn one_column_may_be_cut_to_two_periods() {
        let keys = GroupKey::parse_list("date:year, date:month").unwrap();
        assert_eq!(keys.iter().map(GroupKey::to_string).collect::<Vec<_>>(), ["date:year", "date:month"]);
    }

    #[test]
    fn values_stand_as_they_are_and_dates_are_cut() {
        let [source, date] = ["source", "date:month"].map(|text| GroupKey::parse(text).unwrap());
        assert_eq!(source.cut(Some(" BBC ")), Cut::Known(" BBC ".into()));
        assert_eq!(source.cut(Some("")), Cut::Missing);
        assert_eq!(date.cut(Some("2024-05-17")), Cut::Known("2024-05".into()));
        assert_eq!(date.cut(Some(" ")), Cut::Missing);
        assert_eq!(date.cut(Some("05/17/2024")), Cut::Unreadable("05/17/2024"));
        let american = date.with_date_format(Some(DateOrder::Mdy));
        assert_eq!(american.cut(Some("05/06/2024")), Cut::Known("2024-05".into()));
    }
}
