//! Tells the date and the time of a message from other words.

use crate::read::formats::dates;

/// What a stamp says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) has_date: bool,
    /// `AM` or `PM`.
    pub(super) has_half: bool,
}

/// Longest stamp in bytes: `Wednesday, September 12, 2024 at 11:22:01 PM`.
const MAX_STAMP: usize = 60;

/// What some words say, if they are a time, with a date or without.
pub(super) fn stamp(written: &str) -> Option<Stamp> {
    if written.len() > MAX_STAMP || !written.contains(':') {
        return None;
    }
    let (mut stamp, mut times, mut numbers, mut months) = (Stamp::default(), 0, 0, 0);
    for word in words(written) {
        if is_time(word) {
            times += 1;
        } else if word.split_once('T').is_some_and(|(date, time)| is_numeric_date(date) && is_time(time)) {
            times += 1;
            stamp.has_date = true;
        } else if is_numeric_date(word) {
            stamp.has_date = true;
        } else if is_half(word) {
            stamp.has_half = true;
        } else if word.trim_end_matches(['.', ',']).bytes().all(|byte| byte.is_ascii_digit()) {
            numbers += 1;
        } else if dates::month(word).is_some() {
            months += 1;
        } else if !matches!(word, "at" | "um" | "à" | "Today" | "Yesterday") {
            return None;
        }
    }
    let is_written_out = months == 1 && (1..=2).contains(&numbers);
    stamp.has_date |= is_written_out;
    (times == 1 && (is_written_out || numbers + months == 0)).then_some(stamp)
}

fn words(written: &str) -> impl Iterator<Item = &str> {
    written.split([' ', ',', '\u{a0}', '\u{202f}']).filter(|word| !word.is_empty())
}

/// Whether a word is a time: `18:22`, `6:22:01pm`, `18:22:01Z`.
fn is_time(word: &str) -> bool {
    let word = word.trim_end_matches(['p', 'P', 'a', 'A', 'm', 'M', 'Z']);
    let parts: Vec<&str> = word.split([':', '.']).collect();
    let is_part =
        |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    word.contains(':') && (2..=4).contains(&parts.len()) && parts.iter().all(is_part)
}

/// Whether a word is a date: `12.03.24`, `12/03/2024`, `2024-03-12`, `12-Mar-24`.
fn is_numeric_date(word: &str) -> bool {
    let parts: Vec<&str> = word.trim_end_matches('.').split(['.', '/', '-']).collect();
    let is_number =
        |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [first, middle, last] => {
            is_number(first) && is_number(last) && (is_number(middle) || dates::month(middle).is_some())
        }
        _ => false,
    }
}

fn is_half(word: &str) -> bool {
    ["am", "pm", "a.m.", "p.m."].iter().any(|half| word.eq_ignore_ascii_case(half))
}

/// The date of a stamp in the form of ISO 8601 where its order is sure, else as it is written.
pub(super) fn date(written: &str) -> String {
    let sure = words(written).find_map(|word| {
        let word = word.split('T').next().unwrap_or(word);
        let parts = |sign: char| {
            let parts: Vec<&str> = word.trim_end_matches('.').split(sign).collect();
            <[&str; 3]>::try_from(parts).ok()
        };
        match (parts('.'), parts('-')) {
            (Some([day, month, year]), _) if year.len() != 1 && day.len() < 3 => iso(year, month, day),
            (_, Some([year, month, day])) if year.len() == 4 => iso(year, month, day),
            (_, Some([day, month, year])) => iso(year, &(dates::month(month)?).to_string(), day),
            _ => None,
        }
    });
    let month_first = |written: &str| dates::to_iso(written.split(" at ").next().unwrap_or(written));
    sure.or_else(|| month_first(written)).unwrap_or_else(|| written.to_owned())
}

fn iso(year: &str, month: &str, day: &str) -> Option<String> {
    const CENTURY: u32 = 2000;
    let number = |part: &str| part.parse::<u32>().ok();
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    let year = if year < 100 { year + CENTURY } else { year };
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_told_from_words() {
        for (written, has_date, has_half) in [
            ("12.03.24, 18:22:01", true, false),
            ("3/12/24, 6:22\u{202f}PM", true, true),
            ("2024-03-12T18:22:01Z", true, false),
            ("12-Mar-24 06:22 PM", true, true),
            ("Mar 12, 2024 at 6:22 PM", true, true),
            ("18:22", false, false),
            ("6:22pm", false, false),
        ] {
            assert_eq!(stamp(written), Some(Stamp { has_date, has_half }), "{written}");
        }
        for written in ["", "12.03.24", "3: 4", "Ann 18:22", "12 18:22", "John 3:16 says", "a:b", "1:2:3:4:5"]
        {
            assert_eq!(stamp(written), None, "{written}");
        }
    }

    #[test]
    fn dates_of_a_sure_order_are_written_as_iso_8601() {
        for (written, expected) in [
            ("12.03.24, 18:22:01", "2024-03-12"),
            ("2024-03-12 18:22", "2024-03-12"),
            ("12-Mar-24 06:22 PM", "2024-03-12"),
            ("Mar 12, 2024 at 6:22 PM", "2024-03-12"),
            ("3/12/24, 6:22 PM", "3/12/24, 6:22 PM"),
            ("18:22", "18:22"),
        ] {
            assert_eq!(date(written), expected);
        }
    }
}
