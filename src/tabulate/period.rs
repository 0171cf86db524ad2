//! Cuts dates to periods of time.

use serde::{Deserialize, Serialize};

use crate::tabulate::date::{Date, DateOrder, days_of_month};

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// `2024`
    Year,
    /// `2024-05`
    Month,
    /// `2024-W20`: the week of ISO 8601, which begins on Monday and belongs to the year of its
    /// Thursday.
    Week,
    /// `2024-05-17`
    Day,
}

impl Period {
    /// All periods, longest first.
    pub const ALL: [Period; 4] = [Period::Year, Period::Month, Period::Week, Period::Day];

    /// Returns the name that users write.
    pub fn name(self) -> &'static str {
        match self {
            Period::Year => "year",
            Period::Month => "month",
            Period::Week => "week",
            Period::Day => "day",
        }
    }

    /// Returns the period with a name.
    pub fn parse(name: &str) -> Option<Self> {
        Period::ALL.into_iter().find(|period| period.name() == name)
    }

    /// Returns the period of the date at the front of `text`; `None` if there is no date, if the
    /// date is ambiguous (`05/06/2024`), or if it is less precise than the period (`2024-05` for a
    /// week).
    ///
    /// Dates may be written as `2024-05-17`, `2024/05/17`, `2024.05.17`, `20240517`, `17.05.2024`,
    /// `May 17, 2024` and `Fri, 17 May 2024`, each with or without a time after it, and as
    /// `2024-05`, `2024/05` and `2024`; as seconds or milliseconds since 1970 (`1715940000`) and as
    /// days of a spreadsheet (`45429`). Time zones are ignored: the day is the one that is written.
    ///
    /// ```
    /// use standpoint::tabulate::Period;
    ///
    /// assert_eq!(Period::Week.cut("2021-01-03T08:00:00Z").as_deref(), Some("2020-W53"));
    /// assert_eq!(Period::Month.cut("05/06/2024"), None);
    /// ```
    pub fn cut(self, text: &str) -> Option<String> {
        self.cut_in(text, None)
    }

    /// As [`Period::cut`], with the order of day and month where both are numbers.
    pub(crate) fn cut_in(self, text: &str, order: Option<DateOrder>) -> Option<String> {
        let date = Date::parse_in(text, order)?;
        let year = date.year;
        Some(match self {
            Period::Year => format!("{year:04}"),
            Period::Month => format!("{year:04}-{:02}", date.month?),
            Period::Week => {
                let (year, week) = date.iso_week()?;
                format!("{year:04}-W{week:02}")
            }
            Period::Day => format!("{year:04}-{:02}-{:02}", date.month?, date.day?),
        })
    }

    /// Whether `later` is the name of the period right after `earlier`.
    pub(crate) fn follows(self, earlier: &str, later: &str) -> bool {
        let numbers = |name: &str| -> Vec<i32> {
            name.split(['-', 'W']).filter_map(|number| number.parse().ok()).collect()
        };
        let turns = |[a, last]: [i32; 2], [b, first]: [i32; 2], whole: i32| {
            (a == b && first == last + 1) || (b == a + 1 && last == whole && first == 1)
        };
        match (self, &numbers(earlier)[..], &numbers(later)[..]) {
            (Period::Year, &[a], &[b]) => b == a + 1,
            (Period::Month, &[a, m], &[b, n]) => turns([a, m], [b, n], 12),
            (Period::Week, &[a, v], &[b, w]) => {
                // The 28th of December is in the last week of its year.
                let last = self.cut(&format!("{a:04}-12-28")).map(|name| numbers(&name));
                let last = last.and_then(|numbers| numbers.last().copied()).unwrap_or(52);
                turns([a, v], [b, w], last)
            }
            (Period::Day, &[a, m, d], &[b, n, e]) => {
                let whole = days_of_month(a, m).unwrap_or(31);
                turns([a * 12 + m, d], [b * 12 + n, e], whole)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_date_is_cut_to_each_period() {
        let cut = |text| Period::ALL.map(|period| period.cut(text));
        let all = ["2024", "2024-05", "2024-W20", "2024-05-17"].map(|text| Some(text.to_owned()));
        assert_eq!(cut("2024-05-17T10:00:00Z"), all);
        assert_eq!(cut("Fri, 17 May 2024 10:00:00 GMT"), all);
        assert_eq!(cut("2024-05"), [Some("2024".into()), Some("2024-05".into()), None, None]);
        assert_eq!(cut("2024"), [Some("2024".into()), None, None, None]);
        assert_eq!(cut("05/17/2024"), [None, None, None, None]);
    }

    #[test]
    fn a_period_follows_the_one_before_it_alone() {
        let cases = [
            (Period::Year, ["2013", "2014", "2016"]),
            (Period::Month, ["2023-12", "2024-01", "2025-02"]),
            (Period::Week, ["2020-W52", "2020-W53", "2022-W01"]),
            (Period::Week, ["2020-W53", "2021-W01", "2021-W03"]),
            (Period::Week, ["2021-W52", "2022-W01", "2021-W53"]),
            (Period::Day, ["2024-02-28", "2024-02-29", "2024-03-02"]),
            (Period::Day, ["2023-12-31", "2024-01-01", "2024-01-03"]),
        ];
        for (period, [before, next, later]) in cases {
            assert!(period.follows(before, next), "{before} {next}");
            assert!(!period.follows(next, later) && !period.follows(next, before), "{next} {later}");
            assert!(!period.follows(before, before) && !period.follows("", next));
        }
        assert!(!Period::Week.follows("2020-W52", "2021-W01"), "2020 has 53 weeks");
    }

    #[test]
    fn names_are_found_again() {
        Period::ALL.into_iter().for_each(|period| assert_eq!(Period::parse(period.name()), Some(period)));
        assert_eq!(Period::parse("fortnight"), None);
    }

    proptest! {
        #[test]
        fn what_was_cut_is_cut_to_itself(year in 1..=9999, month in 1..=12, day in 1..=28) {
            let date = format!("{year:04}-{month:02}-{day:02}");
            for period in [Period::Year, Period::Month, Period::Day] {
                let cut = period.cut(&date).unwrap();
                prop_assert!(date.starts_with(&cut));
                prop_assert_eq!(period.cut(&cut), Some(cut));
            }
        }
    }
}
