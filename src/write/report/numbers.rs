//! Spells numbers for readers: percentages, signed numbers, counts, ranges.

use crate::statistics::{Estimate, Interval};

/// A space at which no line ends.
const SPACE: char = '\u{a0}';

/// A count with commas between thousands.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut spelled = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            spelled.push(',');
        }
        spelled.push(digit);
    }
    spelled
}

/// A count with its noun, which gets an s unless it is one.
pub(super) fn counted(number: u64, noun: &str) -> String {
    format!("{}{SPACE}{noun}{}", count(number), if number == 1 { "" } else { "s" })
}

/// A share in percent: whole, or with as many decimals as keep what is neither nothing nor all from
/// looking like it.
pub(super) fn percent(share: f64) -> String {
    format!("{}{SPACE}%", percent_digits(share))
}

/// A share with its interval: `41 % (38–44)`.
pub(super) fn percent_with_ends(estimate: Estimate) -> String {
    match estimate.interval {
        None => percent(estimate.value),
        Some(Interval { low, high }) => {
            format!("{} ({}–{})", percent(estimate.value), percent_digits(low), percent_digits(high))
        }
    }
}

/// The most decimals of a percentage.
const MAX_DECIMALS: usize = 6;

fn percent_digits(share: f64) -> String {
    // A mean of many ones is not always 1 to the last digit.
    let percent = (1e11 * share).round() / 1e9;
    let is_told = |spelled: &String| match spelled.parse::<f64>() {
        Ok(told) => (told == 0.0) == (percent == 0.0) && (told == 100.0) == (percent == 100.0),
        Err(_) => true,
    };
    let spelled = |decimals: usize| format!("{percent:.decimals$}");
    (0..MAX_DECIMALS).map(spelled).find(is_told).unwrap_or_else(|| spelled(MAX_DECIMALS))
}

/// A number with its sign, a true minus, as wide as a plus; nothing before zero.
pub(crate) fn signed(number: f64) -> String {
    let spelled = format!("{:.2}", number.abs());
    let sign = match spelled.as_str() {
        "0.00" => "",
        _ if number < 0.0 => "−",
        _ => "+",
    };
    format!("{sign}{spelled}")
}

/// The ends of an interval of signed numbers: `+0.15 to +0.27`.
pub(crate) fn ends(interval: Interval) -> String {
    format!("{} to {}", signed(interval.low), signed(interval.high))
}

/// A mean with its interval: `+0.21 (+0.15 to +0.27)`.
pub(crate) fn signed_with_ends(estimate: Estimate) -> String {
    match estimate.interval {
        None => signed(estimate.value),
        Some(interval) => format!("{} ({})", signed(estimate.value), ends(interval)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_commas_and_nouns_their_number() {
        assert_eq!([0, 999, 1000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!((counted(1, "text"), counted(0, "text")), ("1\u{a0}text".into(), "0\u{a0}texts".into()));
    }

    #[test]
    fn shares_are_whole_percent_and_never_rounded_to_nothing_or_all() {
        assert_eq!(
            [0.0, 0.002, 0.414, 0.99991, 1.0 - f64::EPSILON, 1.0].map(percent),
            ["0\u{a0}%", "0.2\u{a0}%", "41\u{a0}%", "99.99\u{a0}%", "100\u{a0}%", "100\u{a0}%"]
        );
        let interval = Some(Interval { low: 0.38, high: 0.442 });
        assert_eq!(percent_with_ends(Estimate { value: 0.41, interval }), "41\u{a0}% (38–44)");
    }

    #[test]
    fn zero_has_no_sign() {
        assert_eq!([-0.5, -0.001, 0.0, 0.251].map(signed), ["−0.50", "0.00", "0.00", "+0.25"]);
        let interval = Some(Interval { low: -0.1, high: 0.3 });
        assert_eq!(signed_with_ends(Estimate { value: 0.1, interval }), "+0.10 (−0.10 to +0.30)");
        assert_eq!([0.05, -0.0004, 0.0, -0.132].map(signed), ["+0.05", "0.00", "0.00", "−0.13"]);
        let interval = Some(Interval { low: -0.077, high: 0.064 });
        assert_eq!(signed_with_ends(Estimate { value: -0.003, interval }), "0.00 (−0.08 to +0.06)");
        assert_eq!(signed_with_ends(Estimate { value: 0.031, interval: None }), "+0.03");
    }
}
