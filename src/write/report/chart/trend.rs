//! Draws a figure over time as a line with a band, above the counts that it is made of.

use std::io::{self, Write};

use crate::statistics::Estimate;
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

/// Draws the periods from left to right. A line is drawn between neighbors that have a figure.
pub(in crate::write::report) fn trend(
    out: &mut dyn Write,
    caption: Caption<'_>,
    axis: Axis,
    points: &[TrendPoint],
) -> io::Result<()> {
    let mut svg = Svg::new(280.0);
    LINE.draw_up(&mut svg, axis);
    let step = 1.0 / points.len().max(1) as f64;
    let x = |at: usize| LINE.x(step * (at as f64 + 0.5));
    let y = |value: f64| LINE.y(axis.place(value));
    let places = || points.iter().enumerate().map(|(at, point)| (x(at), point.estimate));
    for run in runs(places()) {
        band(&mut svg, &run, y);
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

/// Neighbors that all have a figure.
fn runs(places: impl Iterator<Item = (f64, Option<Estimate>)>) -> Vec<Vec<(f64, Estimate)>> {
    let mut runs: Vec<Vec<(f64, Estimate)>> = vec![Vec::new()];
    for (x, estimate) in places {
        match (estimate, runs.last_mut()) {
            (Some(estimate), Some(run)) => run.push((x, estimate)),
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// The intervals as one area; a period without an interval has that of its own figure.
fn band(svg: &mut Svg, run: &[(f64, Estimate)], y: impl Fn(f64) -> f64) {
    let end = |of: &Estimate, high: bool| match of.interval {
        None => of.value,
        Some(interval) if high => interval.high,
        Some(interval) => interval.low,
    };
    let upper = run.iter().map(|(x, of)| Point { x: *x, y: y(end(of, true)) });
    let lower = run.iter().rev().map(|(x, of)| Point { x: *x, y: y(end(of, false)) });
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
    use crate::statistics::Interval;

    #[test]
    fn the_line_breaks_where_a_period_has_no_figure() {
        let point = |value: Option<f64>| TrendPoint {
            name: "2024-05".into(),
            estimate: value
                .map(|value| Estimate { value, interval: Some(Interval { low: value - 3.0, high: value }) }),
            documents: 2,
            muted: false,
        };
        let mut out = Vec::new();
        let points = [point(Some(0.0)), point(Some(1.0)), point(None), point(Some(-1.0))];
        let caption = Caption { id: "x", title: "t", description: "d" };
        trend(&mut out, caption, Axis::SLANT, &points).unwrap();
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
