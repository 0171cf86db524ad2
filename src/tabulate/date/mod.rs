//! Parses the date at the front of a text, if it is unambiguous.

mod counted;
mod eastern;
mod names;

use std::fmt;

use crate::named::named;

/// The order of day and month in dates of numbers alone, such as `05/06/2024`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// Month, day, year, as in the United States: `5/17/2024`, `05/17/24`.
    Mdy,
    /// Day, month, year, as in most other countries: `17/5/2024`, `17.05.24`.
    Dmy,
}

named!(DateOrder { Mdy: "mdy", Dmy: "dmy" });

impl DateOrder {
    /// Writes a date as `2024-05-17`, or as `2024-05` or `2024` where it is less exact; `None`
    /// where it cannot be read.
    ///
    /// ```
    /// use standpoint::tabulate::DateOrder;
    ///
    /// assert_eq!(DateOrder::Mdy.rewrite("05/06/24").as_deref(), Some("2024-05-06"));
    /// assert_eq!(DateOrder::Dmy.rewrite("05/06/24").as_deref(), Some("2024-06-05"));
    /// assert_eq!(DateOrder::Mdy.rewrite("17/05/2024"), None);
    /// ```
    pub fn rewrite(self, written: &str) -> Option<String> {
        Date::parse_in(written, Some(self)).map(|date| date.to_string())
    }
}

/// No date is longer.
const MAX_LENGTH: usize = 80;

/// A year, or a month, or a day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Date {
    pub(crate) year: i32,
    pub(crate) month: Option<i32>,
    pub(crate) day: Option<i32>,
}

/// `2024-05-17`, or `2024-05` or `2024` where it is less exact.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Date { year, month, day } = self;
        match (month, day) {
            (Some(month), Some(day)) => write!(f, "{year:04}-{month:02}-{day:02}"),
            (Some(month), None) => write!(f, "{year:04}-{month:02}"),
            _ => write!(f, "{year:04}"),
        }
    }
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Date {
    /// Without an order of day and month.
    #[cfg(test)]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::parse_in(text, None)
    }

    /// Parses `2024-05-17`, `2024/05/17`, `2024.05.17` and `20240517`, each with or without a time
    /// after it; `2024-05`, `2024/05`, `2024`, `17.05.2024`; RFC 2822's
    /// `Fri, 17 May 2024 10:00:00 GMT`, and other dates with the name of a month;
    /// `2024年5月17日` and `2024년 5월 17일`; seconds since 1970 and days of a spreadsheet. Times
    /// and zones are ignored: the day is the one that is written. `05/17/2024` is refused because
    /// `05/06/2024` would be ambiguous. `order` settles that.
    pub(crate) fn parse_in(text: &str, order: Option<DateOrder>) -> Option<Self> {
        let text = text.trim();
        let ordered = order.and_then(|order| ordered(text, order));
        ordered
            .or_else(|| year_first(text))
            .or_else(|| day_first(text))
            .or_else(|| rfc_2822(text))
            .or_else(|| names::parse(text))
            .or_else(|| eastern::parse(text))
            .or_else(|| counted::parse(text))
    }

    /// Makes a date if it is in the calendar, in the years 1 to 9999.
    fn new(year: &str, month: Option<i32>, day: Option<&str>) -> Option<Self> {
        let year = year.parse().ok().filter(|year| (1..=9999).contains(year))?;
        let day = day.map(str::parse::<i32>).transpose().ok()?;
        if let Some(month) = month {
            let days = days_of_month(year, month)?;
            if day.is_some_and(|day| !(1..=days).contains(&day)) {
                return None;
            }
        }
        Some(Date { year, month, day })
    }

    /// Returns the year and number of the ISO 8601 week: weeks begin on Monday and belong to the
    /// year of their Thursday.
    pub(crate) fn iso_week(self) -> Option<(i32, i32)> {
        let before: i32 = (1..self.month?).filter_map(|month| days_of_month(self.year, month)).sum();
        let ordinal = before + self.day?;
        // 1 January of the year 1 is a Monday.
        let past = self.year - 1;
        let weekday = (365 * past + past / 4 - past / 100 + past / 400 + ordinal - 1) % 7;
        let thursday = ordinal + 3 - weekday;
        let (year, thursday) = if thursday < 1 {
            (past, thursday + days_of_year(past))
        } else if thursday > days_of_year(self.year) {
            (self.year + 1, thursday - days_of_year(self.year))
        } else {
            (self.year, thursday)
        };
        Some((year, (thursday - 1) / 7 + 1))
    }
}

fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of_year(year: i32) -> i32 {
    365 + i32::from(is_leap(year))
}

pub(super) fn days_of_month(year: i32, month: i32) -> Option<i32> {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(28 + i32::from(is_leap(year))),
        _ => None,
    }
}

fn year_first(text: &str) -> Option<Date> {
    let (year, rest) = digits(text);
    match year.len() {
        // With 14 digits a time follows: 20240517100000.
        8 | 14 if ends(rest) => {
            let month = year.get(4..6)?.parse().ok()?;
            Date::new(year.get(..4)?, Some(month), Some(year.get(6..8)?))
        }
        4 if rest.is_empty() => Date::new(year, None, None),
        4 => {
            let separator = rest.chars().next().filter(|c| ['-', '/', '.'].contains(c))?;
            let (month, rest) = short(rest.strip_prefix(separator)?)?;
            // 2024.05 may as well be a number.
            if rest.is_empty() && separator != '.' {
                return Date::new(year, Some(month.parse().ok()?), None);
            }
            let (day, rest) = short(rest.strip_prefix(separator)?)?;
            ends(rest).then(|| Date::new(year, Some(month.parse().ok()?), Some(day)))?
        }
        _ => None,
    }
}

fn day_first(text: &str) -> Option<Date> {
    let (day, rest) = short(text)?;
    let (month, rest) = short(rest.strip_prefix('.')?)?;
    let (year, rest) = digits(rest.strip_prefix('.')?);
    (year.len() == 4 && ends(rest)).then(|| Date::new(year, Some(month.parse().ok()?), Some(day)))?
}

/// Two numbers in a known order, and a year of four digits or of two: 69 to 99 are of the last
/// century, as in POSIX.
fn ordered(text: &str, order: DateOrder) -> Option<Date> {
    let (first, rest) = short(text)?;
    let separator = rest.chars().next().filter(|c| ['/', '-', '.'].contains(c))?;
    // With points the day stands first everywhere.
    if separator == '.' && order == DateOrder::Mdy {
        return None;
    }
    let (second, rest) = short(rest.strip_prefix(separator)?)?;
    let (year, rest) = digits(rest.strip_prefix(separator)?);
    let (month, day) = if order == DateOrder::Mdy { (first, second) } else { (second, first) };
    let year = match year.len() {
        4 => year.to_owned(),
        2 => format!("{}{year}", if year < "69" { "20" } else { "19" }),
        _ => return None,
    };
    ends(rest).then(|| Date::new(&year, Some(month.parse().ok()?), Some(day)))?
}

/// RFC 2822, 3.3: an optional day of the week, day, English month of three letters, year of four
/// digits.
fn rfc_2822(text: &str) -> Option<Date> {
    let named = |(name, _): &(&str, &str)| WEEKDAYS.iter().any(|day| name.trim().eq_ignore_ascii_case(day));
    let text = text.split_once(',').filter(named).map_or(text, |(_, rest)| rest);
    let (day, rest) = short(text.trim_start())?;
    let mut parts = rest.strip_prefix(char::is_whitespace)?.trim_start().splitn(2, char::is_whitespace);
    let name = parts.next()?;
    let month = (1..).zip(MONTHS).find(|(_, month)| name.eq_ignore_ascii_case(month))?.0;
    let (year, rest) = digits(parts.next()?.trim_start());
    (year.len() == 4 && ends(rest)).then(|| Date::new(year, Some(month), Some(day)))?
}

/// The digits that a text begins with, and what follows them.
fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// As [`digits`], if they are one or two.
fn short(text: &str) -> Option<(&str, &str)> {
    Some(digits(text)).filter(|(number, _)| (1..=2).contains(&number.len()))
}

/// Whether a date may be followed by this: nothing, a time, or a zone.
fn ends(rest: &str) -> bool {
    let mut chars = rest.chars();
    match chars.next() {
        None => true,
        Some('T' | 't' | ' ' | ',') => chars.as_str().trim_start().starts_with(|c: char| c.is_ascii_digit()),
        Some('Z' | 'z') => chars.as_str().is_empty(),
        Some('+' | '-') => chars.as_str().split_once(':').is_some_and(|(hours, minutes)| {
            [hours, minutes].iter().all(|part| part.len() == 2 && digits(part).1.is_empty())
        }),
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Option<(i32, i32, i32)> {
        let date = Date::parse(text)?;
        Some((date.year, date.month?, date.day?))
    }

    fn week(text: &str) -> Option<(i32, i32)> {
        Date::parse(text)?.iso_week()
    }

    #[test]
    fn the_same_day_is_read_in_every_form() {
        for text in [
            "2024-05-17",
            " 2024-05-17\n",
            "2024-5-17",
            "2024-05-17T10:00:00Z",
            "2024-05-17t10:00",
            "2024-05-17 10:00:00+02:00",
            "2024-05-17, 10:00",
            "2024-05-17Z",
            "2024-05-17-05:00",
            "2024/05/17",
            "2024/05/17 10:00",
            "2024.05.17",
            "20240517",
            "20240517T100000Z",
            "20240517100000",
            "17.05.2024",
            "17.5.2024 10:00",
            "Fri, 17 May 2024 10:00:00 GMT",
            "fri,17 MAY 2024 10:00 +0200",
            "17 May 2024",
            "17  May  2024 10:00:00",
        ] {
            assert_eq!(day(text), Some((2024, 5, 17)), "{text}");
        }
    }

    #[test]
    fn what_has_two_readings_or_is_in_no_calendar_is_not_read() {
        for text in [
            "",
            "05/17/2024",
            "17/05/2024",
            "05-06-2024",
            "17.05.24",
            "05.17.2024",
            "2024-13-01",
            "2024-00-10",
            "2024-05-32",
            "2023-02-29",
            "1900-02-29",
            "0000-00-00",
            "0000",
            "2024-05-17abc",
            "2024-05-17-3",
            "2024-05/17",
            "2024-137",
            "2024.05",
            "202405",
            "12024-05-17",
            "Fri, 17 May 24",
            "yesterday",
            "２０２４-05-17",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_order_of_day_and_month_is_not_guessed_but_taken() {
        let read = |order: DateOrder, text| order.rewrite(text);
        for text in
            ["5/17/2024", "05/17/24", "05-17-2024 10:00 AM", "2024-05-17", "May 17, 2024", "17.05.2024"]
        {
            assert_eq!(read(DateOrder::Mdy, text).as_deref(), Some("2024-05-17"), "{text}");
        }
        for text in ["17/5/2024", "17.05.24", "17-05-2024", "2024-05-17", "17.5.2024, 10:00"] {
            assert_eq!(read(DateOrder::Dmy, text).as_deref(), Some("2024-05-17"), "{text}");
        }
        for (order, text) in
            [(DateOrder::Mdy, "17/05/2024"), (DateOrder::Dmy, "05/17/2024"), (DateOrder::Mdy, "5/17/224")]
        {
            assert_eq!(read(order, text), None, "{text}");
        }
        assert_eq!(read(DateOrder::Mdy, "1/2/69").as_deref(), Some("1969-01-02"));
        assert_eq!(read(DateOrder::Mdy, "1/2/68").as_deref(), Some("2068-01-02"));
        assert_eq!(read(DateOrder::Dmy, "2024").as_deref(), Some("2024"));
    }

    #[test]
    fn a_month_or_a_year_may_stand_alone() {
        assert_eq!(Date::parse("2024-05"), Some(Date { year: 2024, month: Some(5), day: None }));
        assert_eq!(Date::parse("2024/5"), Some(Date { year: 2024, month: Some(5), day: None }));
        assert_eq!(Date::parse("2024"), Some(Date { year: 2024, month: None, day: None }));
        assert_eq!(week("2024-05"), None);
    }

    #[test]
    fn weeks_are_those_of_iso_8601_at_the_turns_of_years() {
        for (text, expected) in [
            ("2021-01-03", (2020, 53)),
            ("2021-01-04", (2021, 1)),
            ("2020-12-31", (2020, 53)),
            ("2019-12-30", (2020, 1)),
            ("2016-01-01", (2015, 53)),
            ("2008-12-29", (2009, 1)),
            ("2010-01-03", (2009, 53)),
            ("2024-05-17", (2024, 20)),
            ("2000-02-29", (2000, 9)),
            ("1900-03-01", (1900, 9)),
            ("0001-01-01", (1, 1)),
            ("9999-12-31", (9999, 52)),
        ] {
            assert_eq!(week(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_week_has_seven_days_and_follows_the_one_before() {
        let mut days = 0;
        let mut last = week("1999-01-03").unwrap();
        for year in 1999..=2030 {
            for month in 1..=12 {
                for day in 1..=days_of_month(year, month).unwrap() {
                    let now = week(&format!("{year}-{month:02}-{day:02}")).unwrap();
                    if (year, month) == (1999, 1) && day <= 3 {
                        continue;
                    }
                    if now != last {
                        assert!(days == 0 || days == 7, "{year}-{month}-{day}: {days} days");
                        assert!(now == (last.0, last.1 + 1) || (now.0, now.1) == (last.0 + 1, 1));
                        days = 0;
                    }
                    days += 1;
                    last = now;
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn no_text_is_a_panic(text in "\\PC{0,30}|[0-9]{0,5}[-/. T][0-9]{0,3}[-/. :TZ+]{0,2}[0-9]{0,5}|[0-9]{7,15}|([A-Z]?[a-z]{2},? ?)?[0-9]{0,3} ?[A-Z][a-z]{2} ?[0-9]{0,5}.{0,3}") {
            if let Some(date) = Date::parse(&text) {
                prop_assert!((1..=9999).contains(&date.year));
                prop_assert_eq!(date.iso_week().is_some(), date.day.is_some());
            }
        }

        #[test]
        fn every_day_of_the_calendar_is_read_back(year in 1..=9999i32, month in 1..=12i32, nth in 0..31i32) {
            let nth = nth % days_of_month(year, month).unwrap() + 1;
            prop_assert_eq!(day(&format!("{year:04}-{month:02}-{nth:02}")), Some((year, month, nth)));
            prop_assert_eq!(day(&format!("{year:04}{month:02}{nth:02}")), Some((year, month, nth)));
            prop_assert_eq!(day(&format!("{nth:02}.{month:02}.{year:04}")), Some((year, month, nth)));
        }
    }
}
