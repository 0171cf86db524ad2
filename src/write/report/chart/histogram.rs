//! Draws how many texts have a slant in each bin.

use std::io::{self, Write};

use crate::write::report::chart::axis::{Area, Axis};
use crate::write::report::chart::svg::{Anchor, Caption, Point, Svg, WIDTH};
use crate::write::report::numbers::count;

const AREA: Area = Area { left: 46.0, right: WIDTH - 16.0, top: 12.0, bottom: 180.0 };

/// Draws one bar for each bin of equal width along the axis, which is named by `across`.
pub(in crate::write::report) fn histogram(
    out: &mut dyn Write,
    caption: Caption<'_>,
    bins: &[u64],
    across: &str,
) -> io::Result<()> {
    let mut svg = Svg::new(222.0);
    AREA.draw_across(&mut svg, Axis::SLANT);
    let most = bins.iter().copied().max().unwrap_or(0).max(1);
    let step = 1.0 / bins.len().max(1) as f64;
    for (at, documents) in bins.iter().enumerate() {
        let (left, right) = (AREA.x(step * at as f64), AREA.x(step * (at + 1) as f64));
        let top = AREA.y(*documents as f64 / most as f64);
        let size = Point { x: right - left - 2.0, y: AREA.bottom - top };
        svg.rectangle("bar s0", Point { x: left + 1.0, y: top }, size);
    }
    let left = Point { x: AREA.left, y: AREA.bottom };
    svg.line("axis", left, Point { x: AREA.right, ..left });
    svg.text("tick", Point { x: AREA.left - 6.0, y: AREA.top + 8.0 }, Anchor::End, &count(most));
    svg.text("tick", Point { x: AREA.left - 6.0, y: AREA.bottom }, Anchor::End, "texts");
    AREA.name_across(&mut svg, across);
    svg.write(out, caption)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fullest_bin_has_the_full_height_and_an_empty_one_none() {
        let mut out = Vec::new();
        let caption = Caption { id: "x", title: "t", description: "d" };
        histogram(&mut out, caption, &[0, 1200, 600, 0], "slant").unwrap();
        let found = String::from_utf8(out).unwrap();
        for height in ["height=\"168.0\"", "height=\"84.0\"", "height=\"0.0\"", ">1,200</text>"] {
            assert!(found.contains(height), "{height}: {found}");
        }
        let mut none = Vec::new();
        histogram(&mut none, caption, &[0; 4], "slant").unwrap();
        assert!(!String::from_utf8(none).unwrap().contains("NaN"));
    }
}
