//! Maps values to places in a drawing, and labels the axes.

use crate::write::report::chart::svg::{Anchor, Point, Svg};
use crate::write::report::numbers::{percent, signed};

/// How the values of an axis are spelled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::write::report) enum Unit {
    Share,
    Slant,
}

/// The values that an axis covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::write::report) struct Axis {
    pub(in crate::write::report) low: f64,
    pub(in crate::write::report) high: f64,
    pub(in crate::write::report) unit: Unit,
}

impl Axis {
    /// From nothing to all.
    pub(in crate::write::report) const SHARE: Axis = Axis { low: 0.0, high: 1.0, unit: Unit::Share };
    /// From one end of a model's axis to the other.
    pub(in crate::write::report) const SLANT: Axis = Axis { low: -1.0, high: 1.0, unit: Unit::Slant };

    /// Shares up to at least this one, to a round number.
    pub(in crate::write::report) fn of_shares_to(highest: f64) -> Self {
        let high = [0.1, 0.2, 0.4, 0.6, 0.8].into_iter().find(|end| highest <= *end).unwrap_or(1.0);
        Axis { high, ..Axis::SHARE }
    }

    /// How far along the axis a value stands, from 0 to 1: what lies outside stands at the end.
    pub(super) fn place(self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// The values that are labeled.
    pub(super) fn ticks(self) -> [f64; 5] {
        [0.0, 0.25, 0.5, 0.75, 1.0].map(|part| self.low + part * (self.high - self.low))
    }

    /// Spells a value.
    pub(super) fn spell(self, value: f64) -> String {
        match self.unit {
            Unit::Share => percent(value),
            Unit::Slant => match signed(value).strip_suffix("0") {
                Some(short) if short.ends_with('0') => short.trim_end_matches(".0").to_owned(),
                Some(short) => short.to_owned(),
                None => signed(value),
            },
        }
    }
}

/// The part of a drawing that values are drawn in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// An area less wide than this has a label at every other line only.
const MIN_LABELED: f64 = 170.0;

impl Area {
    /// The place across at a part of the width.
    pub(super) fn x(&self, part: f64) -> f64 {
        self.left + part * (self.right - self.left)
    }

    /// The place up at a part of the height.
    pub(super) fn y(&self, part: f64) -> f64 {
        self.bottom - part * (self.bottom - self.top)
    }

    /// Draws lines and labels below for an axis that goes across.
    pub(super) fn draw_across(&self, svg: &mut Svg, axis: Axis) {
        let every = if self.right - self.left < MIN_LABELED { 2 } else { 1 };
        for (at, tick) in axis.ticks().into_iter().enumerate() {
            let x = self.x(axis.place(tick));
            let class = if axis.unit == Unit::Slant && tick == 0.0 { "zero" } else { "grid" };
            svg.line(class, Point { x, y: self.top }, Point { x, y: self.bottom });
            if at % every > 0 {
                continue;
            }
            svg.text("tick", Point { x, y: self.bottom + 15.0 }, Anchor::Middle, &axis.spell(tick));
        }
    }

    /// Draws lines and labels at the left for an axis that goes up.
    pub(super) fn draw_up(&self, svg: &mut Svg, axis: Axis) {
        for tick in axis.ticks() {
            let y = self.y(axis.place(tick));
            let class = if axis.unit == Unit::Slant && tick == 0.0 { "zero" } else { "grid" };
            svg.line(class, Point { x: self.left, y }, Point { x: self.right, y });
            svg.text("tick", Point { x: self.left - 6.0, y: y + 4.0 }, Anchor::End, &axis.spell(tick));
        }
    }

    /// Names the axis that goes across.
    pub(super) fn name_across(&self, svg: &mut Svg, name: &str) {
        let at = Point { x: (self.left + self.right) / 2.0, y: self.bottom + 34.0 };
        svg.text("name", at, Anchor::Middle, name);
    }

    /// Names the axis that goes up.
    pub(super) fn name_up(&self, svg: &mut Svg, name: &str) {
        svg.upward_text(Point { x: 12.0, y: (self.top + self.bottom) / 2.0 }, name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_at_their_part_of_the_axis_and_never_outside() {
        assert_eq!([-2.387, -1.0, 0.0, 1.5].map(|value| Axis::SLANT.place(value)), [0.0, 0.0, 0.5, 1.0]);
        assert_eq!(Axis::of_shares_to(0.15).high, 0.2);
        assert_eq!(Axis::of_shares_to(0.95), Axis::SHARE);
    }

    #[test]
    fn ticks_are_spelled_shortly() {
        let spelled = |axis: Axis| axis.ticks().map(|tick| axis.spell(tick)).join(" ");
        assert_eq!(spelled(Axis::SLANT), "−1 −0.5 0 +0.5 +1");
        assert_eq!(spelled(Axis::SHARE).replace('\u{a0}', ""), "0% 25% 50% 75% 100%");
    }
}
