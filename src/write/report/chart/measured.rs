//! Draws how far confidence can be trusted: reliability, and error against coverage.

use std::io::{self, Write};

use crate::evaluate::{Bin, CoveragePoint};
use crate::statistics::Interval;
use crate::write::report::chart::axis::{Area, Axis};
use crate::write::report::chart::svg::{Anchor, Caption, Point, Svg, WIDTH};
use crate::write::report::numbers::count;

const AREA: Area = Area { left: 52.0, right: WIDTH - 26.0, top: 14.0, bottom: 270.0 };
const HEIGHT: f64 = 314.0;

/// Draws how sure the answers of each bin were against how many were right.
pub(in crate::write::report) fn reliability(out: &mut dyn Write, bins: &[Bin]) -> io::Result<()> {
    let mut svg = Svg::new(HEIGHT);
    AREA.draw_across(&mut svg, Axis::SHARE);
    AREA.draw_up(&mut svg, Axis::SHARE);
    AREA.name_across(&mut svg, "confidence");
    AREA.name_up(&mut svg, "share of right answers");
    let place = |across: f64, up: f64| Point { x: AREA.x(across), y: AREA.y(up) };
    svg.line("ideal", place(0.0, 0.0), place(1.0, 1.0));
    for bin in bins {
        if let Some(Interval { low, high }) = bin.interval() {
            svg.line("whisker s0", place(bin.confidence, low), place(bin.confidence, high));
        }
    }
    for bin in bins {
        let at = place(bin.confidence, bin.accuracy);
        svg.mark(0, bin.rows < MIN_ROWS, at);
        let below = if bin.accuracy > 0.5 { 16.0 } else { -9.0 };
        let (anchor, aside) = if bin.confidence > 0.9 { (Anchor::End, -6.0) } else { (Anchor::Start, 6.0) };
        svg.text("tick", Point { y: at.y + below, x: at.x + aside }, anchor, &count(bin.rows));
    }
    let caption = Caption {
        id: "reliability-chart",
        title: "Reliability diagram",
        description: "One mark for each bin of confidence. Horizontal: mean confidence. Vertical: share of right answers with \
                      its 95 % interval. Beside it: the number of rows. On the dashed line the two are equal. The table has the \
                      numbers.",
    };
    svg.write(out, caption)
}

/// Bins of fewer rows are drawn gray.
const MIN_ROWS: u64 = 10;

/// Draws the error against the coverage.
pub(in crate::write::report) fn coverage(out: &mut dyn Write, points: &[CoveragePoint]) -> io::Result<()> {
    let mut svg = Svg::new(HEIGHT);
    let worst = points.iter().map(|point| point.error).fold(0.0, f64::max);
    let up = Axis::of_shares_to(worst);
    AREA.draw_across(&mut svg, Axis::SHARE);
    AREA.draw_up(&mut svg, up);
    AREA.name_across(&mut svg, "share of rows answered");
    AREA.name_up(&mut svg, "share of wrong labels");
    let place = |point: &CoveragePoint| Point { x: AREA.x(point.coverage), y: AREA.y(up.place(point.error)) };
    svg.path("curve", &points.iter().map(place).collect::<Vec<_>>(), false);
    let caption = Caption {
        id: "coverage-chart",
        title: "Error against coverage",
        description: "Horizontal: the share of rows that are answered, most confident first. Vertical: the share of wrong labels \
                      among them. The table has the numbers.",
    };
    svg.write(out, caption)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(draw: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        draw(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_perfectly_calibrated_bin_lies_on_the_line() {
        let bin = Bin { low: 0.4, high: 0.6, rows: 30, weight: 30.0, confidence: 0.5, accuracy: 0.5 };
        let svg = drawn(|out| reliability(out, &[bin]));
        // The middle of 52 to 374 across, of 270 to 14 up.
        assert!(svg.contains("class=\"mark s0\" cx=\"213.0\" cy=\"142.0\""), "{svg}");
        assert!(svg.contains("role=\"img\"") && svg.contains("<title") && svg.contains("<desc"));
        assert!(svg.contains(">30</text>") && svg.contains("class=\"whisker s0\""), "{svg}");
    }

    #[test]
    fn the_curve_fills_its_scale() {
        let point = |coverage, error| CoveragePoint { coverage, error, threshold: 0.5 };
        let svg = drawn(|out| coverage(out, &[point(0.5, 0.0), point(1.0, 0.2)]));
        assert!(svg.contains("d=\"M213.0 270.0L374.0 14.0\""), "{svg}");
        let flat = drawn(|out| coverage(out, &[point(1.0, 0.0)]));
        assert!(flat.contains("d=\"M374.0 270.0\"") && !flat.contains("NaN"), "{flat}");
    }
}
