//! Draws a figure over time as a line with a band, above the counts that it is made of.

use std::io::{self, Write};

use crate::statistics::{Estimate, Interval};
use crate::tabulate::Period;
use crate::write::report::chart::axis::{Area, Axis};
use crate::write::report::chart::svg::{Anchor, Caption, Point, Svg, WIDTH};
use crate::write::report::numbers::count;

/// One period.
#[derive(Clone, Debug)]
pub(in crate::write::report) struct TrendPoint {
    pub(in crate::write::report) name: String,
    pub(in crate::write::report) estimate: Option<Estimate>,
    pub(in crate::write::report) documents: u64,
    /// Whether it says little, and is drawn so.
    pub(in crate::write::report) muted: bool,
}

const LINE: Area = Area { left: 46.0, right: WIDTH - 12.0, top: 10.0, bottom: 180.0 };
const COUNTS: Area = Area { left: 46.0, right: WIDTH - 12.0, top: 200.0, bottom: 240.0 };
/// Names of periods that have room below.
const NAMES: usize = 6;

/// Draws the periods from left to right, with an empty place where others lie between them. A line
/// is drawn between neighbors that have a figure, and a band between those that have an interval.
pub(in crate::write::report) fn trend(
    out: &mut dyn Write,
    caption: Caption<'_>,
    axis: Axis,
    period: Period,
    points: &[TrendPoint],
) -> io::Result<()> {
    let points = &with_gaps(period, points);
    let mut svg = Svg::new(280.0);
    LINE.draw_up(&mut svg, axis);
    let step = 1.0 / points.len().max(1) as f64;
    let x = |at: usize| LINE.x(step * (at as f64 + 0.5));
    let y = |value: f64| LINE.y(axis.place(value));
    let places = || points.iter().enumerate().map(|(at, point)| (x(at), point.estimate));
    for run in runs(places().map(|(x, of)| Some((x, of?.interval?)))) {
        band(&mut svg, &run, y);
    }
    for run in runs(places().map(|(x, of)| Some((x, of?)))) {
        let line: Vec<Point> = run.iter().map(|(x, of)| Point { x: *x, y: y(of.value) }).collect();
        svg.path("curve", &line, false);
    }
    for (at, point) in points.iter().enumerate() {
        let Some(estimate) = point.estimate else { continue };
        let class = if point.muted { "mark muted" } else { "mark s0" };
        svg.circle(class, Point { x: x(at), y: y(estimate.value) }, 3.5);
    }
    counts(&mut svg, points, x);
    let every = points.len().div_ceil(NAMES).max(1);
    for (at, point) in points.iter().enumerate().filter(|(at, _)| at % every == 0) {
        svg.text("tick", Point { x: x(at), y: COUNTS.bottom + 16.0 }, Anchor::Middle, &point.name);
    }
    svg.write(out, caption)
}

/// The periods, with an empty one wherever some are left out.
fn with_gaps(period: Period, points: &[TrendPoint]) -> Vec<TrendPoint> {
    let mut all: Vec<TrendPoint> = Vec::new();
    for point in points {
        if all.last().is_some_and(|before| !period.follows(&before.name, &point.name)) {
            all.push(TrendPoint { name: "…".to_owned(), estimate: None, documents: 0, muted: true });
        }
        all.push(point.clone());
    }
    all
}

/// Neighbors that all are there.
fn runs<P>(places: impl Iterator<Item = Option<P>>) -> Vec<Vec<P>> {
    let mut runs: Vec<Vec<P>> = vec![Vec::new()];
    for place in places {
        match (place, runs.last_mut()) {
            (Some(place), Some(run)) => run.push(place),
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// Intervals as one area.
fn band(svg: &mut Svg, run: &[(f64, Interval)], y: impl Fn(f64) -> f64) {
    let upper = run.iter().map(|(x, of)| Point { x: *x, y: y(of.high) });
    let lower = run.iter().rev().map(|(x, of)| Point { x: *x, y: y(of.low) });
    svg.path("band", &upper.chain(lower).collect::<Vec<_>>(), true);
}

fn counts(svg: &mut Svg, points: &[TrendPoint], x: impl Fn(usize) -> f64) {
    let most = points.iter().map(|point| point.documents).max().unwrap_or(0).max(1);
    let width = (0.7 * (COUNTS.right - COUNTS.left) / points.len().max(1) as f64).min(24.0);
    for (at, point) in points.iter().enumerate() {
        let top = COUNTS.y(point.documents as f64 / most as f64);
        let corner = Point { x: x(at) - width / 2.0, y: top };
        let class = if point.muted { "count muted" } else { "count" };
        svg.rectangle(class, corner, Point { x: width, y: COUNTS.bottom - top });
    }
    let left = Point { x: COUNTS.left, y: COUNTS.bottom };
    svg.line("axis", left, Point { x: COUNTS.right, ..left });
    svg.text("tick", Point { x: COUNTS.left - 6.0, y: COUNTS.top + 8.0 }, Anchor::End, &count(most));
    svg.text("tick", Point { x: COUNTS.left - 6.0, y: COUNTS.bottom }, Anchor::End, "texts");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(name: &str, value: Option<f64>, has_interval: bool) -> TrendPoint {
        let interval = |value: f64| has_interval.then_some(Interval { low: value - 3.0, high: value });
        let estimate = value.map(|value| Estimate { value, interval: interval(value) });
        TrendPoint { name: name.to_owned(), estimate, documents: 2, muted: false }
    }

    #[test]
    fn a_gap_stands_for_periods_that_are_left_out_and_no_band_for_a_figure_without_an_interval() {
        let drawn = |names: [&str; 3], has_interval: bool| {
            let mut out = Vec::new();
            let points = names.map(|name| point(name, Some(0.0), has_interval || name != "2021"));
            let caption = Caption { id: "x", title: "t", description: "d" };
            trend(&mut out, caption, Axis::SLANT, Period::Year, &points).unwrap();
            String::from_utf8(out).unwrap()
        };
        let count = |drawn: &str, class: &str| drawn.matches(&format!("class=\"{class}\"")).count();
        let whole = drawn(["2020", "2021", "2022"], true);
        assert_eq!((count(&whole, "curve"), count(&whole, "band"), whole.contains('…')), (1, 1, false));
        let gap = drawn(["2020", "2021", "2024"], true);
        assert_eq!((count(&gap, "curve"), count(&gap, "band"), gap.contains('…')), (2, 2, true));
        let unsure = drawn(["2020", "2021", "2022"], false);
        assert_eq!((count(&unsure, "curve"), count(&unsure, "band")), (1, 2));
    }

    #[test]
    fn the_line_breaks_where_a_period_has_no_figure() {
        let mut out = Vec::new();
        let points = [
            point("2024-05", Some(0.0), true),
            point("2024-06", Some(1.0), true),
            point("2024-07", None, true),
            point("2024-08", Some(-1.0), true),
        ];
        let caption = Caption { id: "x", title: "t", description: "d" };
        trend(&mut out, caption, Axis::SLANT, Period::Month, &points).unwrap();
        let found = String::from_utf8(out).unwrap();
        assert_eq!(found.matches("class=\"curve\"").count(), 2, "{found}");
        assert_eq!(found.matches("class=\"mark s0\"").count(), 3);
        // The band of -3 ends at the axis, at 180 down.
        assert!(
            found.contains("class=\"band\" d=\"M88.8 95.0L174.2 10.0L174.2 180.0L88.8 180.0Z\""),
            "{found}"
        );
    }
}
