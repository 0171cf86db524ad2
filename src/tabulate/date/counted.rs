//! Reads dates that are counted from a day: seconds since 1970, and the days of spreadsheets.

use crate::tabulate::date::Date;

/// Days from 1 January 1970, in the years from 2001 to 2030, by seconds; ten digits that begin with
/// 19 or 20 may be a year.
const SECONDS: std::ops::RangeInclusive<i64> = 1_000_000_000..=1_899_999_999;
/// Days of a spreadsheet's calendar from 1990 to 2060. They begin on 30 December 1899.
const SERIALS: std::ops::RangeInclusive<i64> = 32_874..=58_806;
/// The number of 1 January 1970 in a spreadsheet.
const SERIAL_OF_1970: i64 = 25_569;
const SECONDS_OF_DAY: i64 = 86_400;

/// Reads `1715940000` (seconds), `1715940000000` (milliseconds), with microseconds too, and `45429`
/// (a spreadsheet's day), each with or without a fraction. The day is that of UTC.
pub(super) fn parse(text: &str) -> Option<Date> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let per_second = match whole.len() {
        5 => {
            let serial = whole.parse().ok().filter(|serial| SERIALS.contains(serial))?;
            return Date::from_days(serial - SERIAL_OF_1970);
        }
        10 => 1,
        13 => 1_000,
        16 => 1_000_000,
        _ => return None,
    };
    let seconds =
        Some(whole.parse::<i64>().ok()? / per_second).filter(|seconds| SECONDS.contains(seconds))?;
    Date::from_days(seconds / SECONDS_OF_DAY)
}

impl Date {
    /// The day that is so many days after 1 January 1970 (Howard Hinnant, "chrono-Compatible
    /// Low-Level Date Algorithms", civil_from_days).
    pub(crate) fn from_days(days: i64) -> Option<Self> {
        let days = days + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        // Years begin in March here.
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Some(Date {
            year: i32::try_from(year).ok()?,
            month: Some(i32::try_from(month).ok()?),
            day: Some(i32::try_from(day).ok()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<(i32, i32, i32)> {
        let date = parse(text)?;
        Some((date.year, date.month?, date.day?))
    }

    #[test]
    fn counted_days_are_those_of_the_calendar() {
        for text in ["1715940000", "1715940000.0", "1715940000000", "1715940000000000", "45429", "45429.5"] {
            assert_eq!(day(text), Some((2024, 5, 17)), "{text}");
        }
        assert_eq!(day("45351"), Some((2024, 2, 29)));
        assert_eq!(day("45352"), Some((2024, 3, 1)));
        assert_eq!(day("36526"), Some((2000, 1, 1)));
        assert_eq!(day("32874"), Some((1990, 1, 1)));
        assert_eq!(day("58806"), Some((2060, 12, 31)));
        assert_eq!(day("1000000000"), Some((2001, 9, 9)));
    }

    #[test]
    fn other_numbers_are_no_days() {
        for text in [
            "0",
            "12345",
            "99999",
            "2024051710",
            "1999123123",
            "999999999",
            "17159400000",
            "1e9",
            "-45429",
            "45429.",
            "45,429",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
