//! Draws figures as scalable vector graphics in the page, each with a title and a description.

use std::fmt::{self, Display, Formatter};
use std::io::{self, Write};

use crate::evaluate::{Bin, CoveragePoint};

const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 46.0;

/// A drawing of points between 0 and 1 on the one axis and 0 and `most` on the other.
struct Chart<'a> {
    /// Unique in the page.
    id: &'a str,
    title: &'a str,
    description: &'a str,
    across: &'a str,
    up: &'a str,
    most: f64,
}

impl Chart<'_> {
    fn x(&self, share: f64) -> f64 {
        LEFT + share * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        HEIGHT - BOTTOM - value / self.most * (HEIGHT - TOP - BOTTOM)
    }

    /// The beginning with title, description, grid and axes.
    fn begin(&self, out: &mut dyn Write) -> io::Result<()> {
        let Chart { id, title, description, across, up, .. } = self;
        writeln!(
            out,
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n\
             <title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-desc\">{description}</desc>"
        )?;
        let (left, right, bottom, top) = (self.x(0.0), self.x(1.0), self.y(0.0), self.y(self.most));
        for step in 0..=5 {
            let share = f64::from(step) / 5.0;
            let (x, y) = (At(self.x(share)), At(self.y(share * self.most)));
            writeln!(
                out,
                "<line class=\"grid\" x1=\"{x}\" y1=\"{}\" x2=\"{x}\" y2=\"{}\"/>\
                 <line class=\"grid\" x1=\"{}\" y1=\"{y}\" x2=\"{}\" y2=\"{y}\"/>\
                 <text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{share:.1}</text>\
                 <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{:.2}</text>",
                At(top),
                At(bottom),
                At(left),
                At(right),
                At(bottom + 17.0),
                At(left - 7.0),
                At(self.y(share * self.most) + 4.0),
                share * self.most
            )?;
        }
        let middle = At((top + bottom) / 2.0);
        writeln!(
            out,
            "<path class=\"axis\" d=\"M{} {}V{}H{}\"/>\
             <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{across}</text>\
             <text x=\"13\" y=\"{middle}\" text-anchor=\"middle\" transform=\"rotate(-90 13 {middle})\">{up}</text>",
            At(left),
            At(top),
            At(bottom),
            At(right),
            At((left + right) / 2.0),
            At(HEIGHT - 8.0)
        )
    }
}

/// A place in a drawing, to a tenth.
struct At(f64);

impl Display for At {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1}", self.0)
    }
}

/// Draws how sure the answers of each bin were against how many were right.
pub(super) fn reliability(out: &mut dyn Write, bins: &[Bin]) -> io::Result<()> {
    let chart = Chart {
        id: "reliability-chart",
        title: "Reliability diagram",
        description: "One circle for each bin of confidence: across its mean confidence, up its share of right \
                      answers, the area by the weight of its rows. On the dashed line they are equal; a stroke leads from the \
                      line to the circle. The table below has the numbers.",
        across: "confidence",
        up: "share of right answers",
        most: 1.0,
    };
    chart.begin(out)?;
    let (left, right, bottom, top) = (chart.x(0.0), chart.x(1.0), chart.y(0.0), chart.y(1.0));
    writeln!(
        out,
        "<line class=\"ideal\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
        At(left),
        At(bottom),
        At(right),
        At(top)
    )?;
    let heaviest = bins.iter().map(|bin| bin.weight).fold(0.0, f64::max);
    for bin in bins {
        let (x, y) = (At(chart.x(bin.confidence)), At(chart.y(bin.accuracy)));
        let radius = 3.0 + 9.0 * (bin.weight / heaviest).sqrt();
        writeln!(
            out,
            "<line class=\"gap\" x1=\"{x}\" y1=\"{}\" x2=\"{x}\" y2=\"{y}\"/>\
             <circle class=\"dot\" cx=\"{x}\" cy=\"{y}\" r=\"{}\"/>",
            At(chart.y(bin.confidence)),
            At(radius)
        )?;
    }
    writeln!(out, "</svg>")
}

/// Draws the error against the coverage.
pub(super) fn coverage(out: &mut dyn Write, points: &[CoveragePoint]) -> io::Result<()> {
    let worst = points.iter().map(|point| point.error).fold(0.0, f64::max);
    // The scale ends at a tenth, so that its five steps are round.
    let most = ((worst * 10.0).ceil() / 10.0).clamp(0.1, 1.0);
    let chart = Chart {
        id: "coverage-chart",
        title: "Error against coverage",
        description: "Across the share of rows that are answered, the surest first; up the share of wrong labels \
                      among them. The table below has the numbers.",
        across: "share of rows answered",
        up: "share of wrong labels",
        most,
    };
    chart.begin(out)?;
    let place =
        |point: &CoveragePoint| format!("{} {}", At(chart.x(point.coverage)), At(chart.y(point.error)));
    let path: Vec<String> = points.iter().map(place).collect();
    writeln!(out, "<path class=\"curve\" d=\"M{}\"/>", path.join("L"))?;
    for point in points {
        let (x, y) = (At(chart.x(point.coverage)), At(chart.y(point.error)));
        writeln!(out, "<circle class=\"step\" cx=\"{x}\" cy=\"{y}\" r=\"2\"/>")?;
    }
    writeln!(out, "</svg>")
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
        let bin = Bin { low: 0.4, high: 0.6, weight: 3.0, confidence: 0.5, accuracy: 0.5 };
        let svg = drawn(|out| reliability(out, &[bin]));
        // The middle of 52 to 406 across, of 274 to 12 up.
        assert!(svg.contains("cx=\"229.0\" cy=\"143.0\" r=\"12.0\""), "{svg}");
        assert!(svg.contains("role=\"img\"") && svg.contains("<title") && svg.contains("<desc"));
    }

    #[test]
    fn the_curve_fills_its_scale() {
        let point = |coverage, error| CoveragePoint { coverage, error, threshold: 0.5 };
        let svg = drawn(|out| coverage(out, &[point(0.5, 0.0), point(1.0, 0.2)]));
        assert!(svg.contains("d=\"M229.0 274.0L406.0 12.0\""), "{svg}");
        let flat = drawn(|out| coverage(out, &[point(1.0, 0.0)]));
        assert!(flat.contains("cx=\"406.0\" cy=\"274.0\"") && !flat.contains("NaN"), "{flat}");
    }
}
