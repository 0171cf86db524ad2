//! Draws groups by two means, with the intervals of both.

use std::io::{self, Write};

use crate::statistics::Estimate;
use crate::write::report::chart::axis::{Area, Axis};
use crate::write::report::chart::svg::{Anchor, Caption, Point, Svg, WIDTH, fitted};

/// One group.
#[derive(Clone, Debug)]
pub(in crate::write::report) struct ScatterPoint {
    pub(in crate::write::report) name: String,
    pub(in crate::write::report) across: Estimate,
    pub(in crate::write::report) up: Estimate,
    /// Whether it says little, and is drawn so.
    pub(in crate::write::report) muted: bool,
}

const AREA: Area = Area { left: 52.0, right: WIDTH - 20.0, top: 12.0, bottom: 270.0 };
/// How near two names may stand, up and down.
const LEADING: f64 = 12.0;
/// What a name takes across.
const NAME: f64 = 110.0;

/// Draws slant across and a share up. Names are left out where they would cover another.
pub(in crate::write::report) fn scatter(
    out: &mut dyn Write,
    caption: Caption<'_>,
    names: [&str; 2],
    points: &[ScatterPoint],
) -> io::Result<()> {
    let mut svg = Svg::new(314.0);
    let highest = |of: &Estimate| of.interval.map_or(of.value, |interval| interval.high);
    let most = points.iter().map(|point| highest(&point.up)).fold(0.0, f64::max);
    let up = Axis::of_shares_to(most);
    AREA.draw_across(&mut svg, Axis::SLANT);
    AREA.draw_up(&mut svg, up);
    let [across_name, up_name] = names;
    AREA.name_across(&mut svg, across_name);
    AREA.name_up(&mut svg, up_name);
    let place =
        |across: f64, value: f64| Point { x: AREA.x(Axis::SLANT.place(across)), y: AREA.y(up.place(value)) };
    for point in points {
        let class = if point.muted { "whisker muted" } else { "whisker s0" };
        let (across, of_up) = (point.across.value, point.up.value);
        if let Some(interval) = point.across.interval {
            svg.line(class, place(interval.low, of_up), place(interval.high, of_up));
        }
        if let Some(interval) = point.up.interval {
            svg.line(class, place(across, interval.low), place(across, interval.high));
        }
    }
    let mut taken: Vec<Point> = Vec::new();
    for point in points {
        let at = place(point.across.value, point.up.value);
        svg.mark(0, point.muted, at);
        let covers = |other: &Point| (other.x - at.x).abs() < NAME && (other.y - at.y).abs() < LEADING;
        if taken.iter().any(covers) {
            continue;
        }
        taken.push(at);
        let tone = if point.muted { "soft" } else { "name" };
        let (anchor, x) =
            if at.x > AREA.right - NAME { (Anchor::End, at.x - 8.0) } else { (Anchor::Start, at.x + 8.0) };
        svg.text(tone, Point { x, y: at.y - 5.0 }, anchor, &fitted(&point.name, NAME));
    }
    svg.write(out, caption)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_would_cover_another_is_left_out() {
        let exact = |value| Estimate { value, interval: None };
        let point = |name: &str, across, up| ScatterPoint {
            name: name.into(),
            across: exact(across),
            up: exact(up),
            muted: false,
        };
        let mut out = Vec::new();
        let caption = Caption { id: "x", title: "t", description: "d" };
        let points = [point("first", 0.0, 0.5), point("second", 0.01, 0.5), point("third", 1.0, 0.1)];
        scatter(&mut out, caption, ["slant", "loaded"], &points).unwrap();
        let found = String::from_utf8(out).unwrap();
        assert!(
            found.contains(">first<") && !found.contains(">second<") && found.contains(">third<"),
            "{found}"
        );
        assert_eq!(found.matches("class=\"mark s0\"").count(), 3);
        assert!(found.contains("text-anchor=\"end\">third<"), "it stays inside of the drawing");
    }
}
