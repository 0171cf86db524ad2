//! Spells figures in sentences as the page spells them beside its charts.

use crate::statistics::Interval;

/// A difference with its sign, a true minus, and no sign before zero.
pub(super) fn signed(value: f64) -> String {
    let spelled = format!("{:.2}", value.abs());
    match spelled.as_str() {
        "0.00" => spelled,
        _ if value < 0.0 => format!("−{spelled}"),
        _ => format!("+{spelled}"),
    }
}

/// The ends of an interval of a difference.
pub(super) fn ends(interval: Interval) -> String {
    format!("{} to {}", signed(interval.low), signed(interval.high))
}

/// A difference with the interval that it has.
pub(super) fn signed_with_ends(value: f64, interval: Option<Interval>) -> String {
    interval.map_or_else(|| signed(value), |interval| format!("{} ({})", signed(value), ends(interval)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_has_no_sign_and_minus_is_one() {
        let spelled = [0.05, -0.0004, 0.0, -0.132].map(signed);
        assert_eq!(spelled, ["+0.05", "0.00", "0.00", "−0.13"]);
    }

    #[test]
    fn an_interval_stands_behind_its_figure_with_as_many_decimals() {
        let interval = Interval { low: -0.077, high: 0.064 };
        assert_eq!(signed_with_ends(-0.003, Some(interval)), "0.00 (−0.08 to +0.06)");
        assert_eq!(signed_with_ends(0.031, None), "+0.03");
    }
}
