//! Draws groups by two means, with the intervals of both.

use std::io::{self, Write};

use crate::statistics::Estimate;
use crate::write::report::chart::axis::{Area, Axis};
use crate::write::report::chart::name_places::{Frame, NamePlace, NamePlaces};
use crate::write::report::chart::svg::{Caption, Point, Svg, WIDTH, fitted_apart};

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
/// Names stay off the line at the bottom, and may go a little beyond the right end.
const NAMES: Frame = Frame { left: AREA.left, right: WIDTH - 4.0, top: 0.0, bottom: AREA.bottom };
/// What a name takes across at the most.
const NAME: f64 = 110.0;

/// A drawing of slant across and a share up. A name is left out where it would cover another.
#[derive(Debug)]
pub(in crate::write::report) struct Scatter<'p> {
    points: &'p [ScatterPoint],
    /// Of shares.
    up: Axis,
    /// Each point's name as it is drawn, and where.
    names: Vec<(String, Option<NamePlace>)>,
}

impl<'p> Scatter<'p> {
    /// Places the names, those of the first points first.
    pub(in crate::write::report) fn new(points: &'p [ScatterPoint]) -> Self {
        let highest = |of: &Estimate| of.interval.map_or(of.value, |interval| interval.high);
        let most = points.iter().map(|point| highest(&point.up)).fold(0.0, f64::max);
        let mut scatter = Scatter { points, up: Axis::of_shares_to(most), names: Vec::new() };
        let mut places = NamePlaces::new(NAMES, points.iter().map(|point| scatter.mark(point)));
        let names = fitted_apart(&points.iter().map(|point| point.name.as_str()).collect::<Vec<_>>(), NAME);
        for point in points {
            let name = names.get(point.name.as_str()).unwrap_or(&point.name).clone();
            let place = places.take(scatter.mark(point), &name);
            scatter.names.push((name, place));
        }
        scatter
    }

    /// How many points have no room for their name.
    pub(in crate::write::report) fn unnamed(&self) -> usize {
        self.names.iter().filter(|(_, place)| place.is_none()).count()
    }

    fn place(&self, across: f64, up: f64) -> Point {
        Point { x: AREA.x(Axis::SLANT.place(across)), y: AREA.y(self.up.place(up)) }
    }

    fn mark(&self, point: &ScatterPoint) -> Point {
        self.place(point.across.value, point.up.value)
    }

    /// Draws it, with the names of its axes.
    pub(in crate::write::report) fn write(
        &self,
        out: &mut dyn Write,
        caption: Caption<'_>,
        [across_name, up_name]: [&str; 2],
    ) -> io::Result<()> {
        let mut svg = Svg::new(314.0);
        AREA.draw_across(&mut svg, Axis::SLANT);
        AREA.draw_up(&mut svg, self.up);
        AREA.name_across(&mut svg, across_name);
        AREA.name_up(&mut svg, up_name);
        for point in self.points {
            let class = if point.muted { "whisker muted" } else { "whisker s0" };
            let (across, up) = (point.across.value, point.up.value);
            if let Some(interval) = point.across.interval {
                svg.line(class, self.place(interval.low, up), self.place(interval.high, up));
            }
            if let Some(interval) = point.up.interval {
                svg.line(class, self.place(across, interval.low), self.place(across, interval.high));
            }
        }
        for (point, (_, place)) in self.points.iter().zip(&self.names) {
            if let Some(NamePlace { at, is_far: true, .. }) = *place {
                svg.line("leader", self.mark(point), Point { y: at.y - LEADER_END, ..at });
            }
        }
        for point in self.points {
            svg.mark(0, point.muted, self.mark(point));
        }
        for (point, (name, place)) in self.points.iter().zip(&self.names) {
            let tone = if point.muted { "soft halo" } else { "name halo" };
            if let Some(place) = place {
                svg.text(tone, place.at, place.anchor, name);
            }
        }
        svg.write(out, caption)
    }
}

/// How far above the line of a name its leader ends: at the middle of its letters.
const LEADER_END: f64 = 4.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(points: &[ScatterPoint]) -> (String, usize) {
        let mut out = Vec::new();
        let caption = Caption { id: "x", title: "t", description: "d" };
        let scatter = Scatter::new(points);
        scatter.write(&mut out, caption, ["slant", "loaded"]).unwrap();
        (String::from_utf8(out).unwrap(), scatter.unnamed())
    }

    fn point(name: &str, across: f64, up: f64) -> ScatterPoint {
        let exact = |value| Estimate { value, interval: None };
        ScatterPoint { name: name.into(), across: exact(across), up: exact(up), muted: false }
    }

    #[test]
    fn a_name_that_would_cover_another_stands_in_the_next_free_place() {
        let points = [point("first", 0.0, 0.5), point("second", 0.01, 0.5), point("third", 1.0, 0.1)];
        let (found, unnamed) = drawn(&points);
        for name in [">first<", ">second<", ">third<"] {
            assert!(found.contains(name), "{found}");
        }
        assert_eq!(unnamed, 0);
        assert_eq!(found.matches("class=\"mark s0\"").count(), 3);
        assert!(found.contains("text-anchor=\"end\">third<"), "it stays inside of the drawing");
        assert!(!found.contains("leader"), "{found}");
    }

    #[test]
    fn names_without_a_free_place_are_left_out_and_counted() {
        let crowd: Vec<ScatterPoint> =
            (0..30).map(|number| point(&format!("outlet {number}"), 0.0, 0.5)).collect();
        let (found, unnamed) = drawn(&crowd);
        assert!(unnamed > 5 && unnamed < 25, "{unnamed}");
        assert_eq!(found.matches(">outlet ").count(), 30 - unnamed);
        assert!(found.contains("class=\"leader\""), "{found}");
    }
}
