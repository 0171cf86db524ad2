//! Draws one row for each name: a mark or a bar at its figure, with the interval.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::statistics::Estimate;
use crate::write::report::chart::axis::{Area, Axis, Unit};
use crate::write::report::chart::svg::{Anchor, Caption, Point, Svg, WIDTH, fitted_apart};
use crate::write::report::numbers::{percent_with_ends, signed};

/// One row.
#[derive(Clone, Debug)]
pub(in crate::write::report) struct RangeRow {
    pub(in crate::write::report) name: String,
    /// How many texts it stands for, where a reader has to know.
    pub(in crate::write::report) size: Option<u64>,
    pub(in crate::write::report) estimate: Option<Estimate>,
    /// Which color and shape it has.
    pub(in crate::write::report) series: usize,
    /// Whether it says little, and is drawn so.
    pub(in crate::write::report) muted: bool,
}

const ROW: f64 = 24.0;
const TOP: f64 = 4.0;
const NAME: f64 = 152.0;
/// Where the figures end at the right.
const FIGURE: f64 = 112.0;

/// Draws the rows from top to bottom.
pub(in crate::write::report) fn ranges(
    out: &mut dyn Write,
    caption: Caption<'_>,
    axis: Axis,
    rows: &[RangeRow],
) -> io::Result<()> {
    let bottom = TOP + ROW * rows.len() as f64;
    let right = if axis.unit == Unit::Share { WIDTH - FIGURE } else { WIDTH - 52.0 };
    let area = Area { left: NAME, right: right - 8.0, top: TOP, bottom };
    let mut svg = Svg::new(bottom + 22.0);
    area.draw_across(&mut svg, axis);
    let names = names(rows);
    for (at, row) in rows.iter().enumerate() {
        let y = TOP + ROW * (at as f64 + 0.5);
        let tone = if row.muted { "soft" } else { "name" };
        let name = Point { x: NAME - 10.0, y: y + 4.0 };
        svg.text(tone, name, Anchor::End, &named(row, &names));
        let Some(estimate) = row.estimate else { continue };
        let place = |value: f64| Point { x: area.x(axis.place(value)), y };
        if let Some(interval) = estimate.interval {
            let class =
                if row.muted { "whisker muted".to_owned() } else { format!("whisker s{}", row.series % 8) };
            svg.line(&class, place(interval.low), place(interval.high));
        }
        svg.mark(row.series, row.muted, place(estimate.value));
        let figure = match axis.unit {
            Unit::Share => percent_with_ends(estimate),
            Unit::Slant => signed(estimate.value),
        };
        svg.text(tone, Point { x: WIDTH - 2.0, y: y + 4.0 }, Anchor::End, &figure);
    }
    svg.write(out, caption)
}

/// Columns of the chart that the size of a row needs beside its name.
const SIZE: f64 = 38.0;

/// The names of the rows as they are drawn.
fn names(rows: &[RangeRow]) -> BTreeMap<&str, String> {
    let sized = |is_sized: bool| {
        let of_kind = rows.iter().filter(move |row| row.size.is_some() == is_sized);
        of_kind.map(|row| row.name.as_str()).collect::<Vec<_>>()
    };
    let mut names = fitted_apart(&sized(false), NAME - 14.0);
    names.extend(fitted_apart(&sized(true), NAME - 14.0 - SIZE));
    names
}

/// The name of a row, with its size whole behind it.
fn named(row: &RangeRow, names: &BTreeMap<&str, String>) -> String {
    let name = names.get(row.name.as_str()).unwrap_or(&row.name);
    row.size.map_or_else(|| name.clone(), |size| format!("{name} (n={size})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Interval;

    #[test]
    fn a_figure_stands_at_its_part_of_the_axis_between_the_ends_of_its_interval() {
        let estimate = Estimate { value: 0.5, interval: Some(Interval { low: 0.0, high: 1.0 }) };
        let row = |estimate, muted: bool| RangeRow {
            name: "<a>".into(),
            size: muted.then_some(3),
            estimate,
            series: 0,
            muted,
        };
        let mut out = Vec::new();
        let caption = Caption { id: "x", title: "t", description: "d" };
        ranges(&mut out, caption, Axis::SHARE, &[row(Some(estimate), false), row(None, true)]).unwrap();
        let found = String::from_utf8(out).unwrap();
        assert!(
            found.contains("<line class=\"whisker s0\" x1=\"152.0\" y1=\"16.0\" x2=\"280.0\" y2=\"16.0\"/>"),
            "{found}"
        );
        assert!(found.contains("<circle class=\"mark s0\" cx=\"216.0\" cy=\"16.0\""), "{found}");
        assert!(found.contains("50\u{a0}% (0–100)</text>") && found.contains("&lt;a&gt;"), "{found}");
        assert_eq!(found.matches("<circle").count(), 1, "what has no figure has no mark");
        assert!(found.contains(">&lt;a&gt;</text>") && found.contains(">&lt;a&gt; (n=3)</text>"), "{found}");
    }
}
