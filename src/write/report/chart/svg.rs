//! Draws shapes and texts as scalable vector graphics, all in the style of the page.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::io::{self, Write};

use crate::write::fit::fit_apart;
use crate::write::report::escape::Escaped;

/// The width of all drawings, in their own units: that of a phone, so that texts keep their size
/// there.
pub(in crate::write::report) const WIDTH: f64 = 400.0;

/// The lengths, in columns of a terminal, that are tried for names that would be cut alike.
const MAX_COLUMNS: usize = 40;
const MIN_COLUMNS: usize = 4;

/// A place in a drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// What is said about a drawing to readers who do not see it. All parts are texts, not markup.
#[derive(Clone, Copy, Debug)]
pub(in crate::write::report) struct Caption<'a> {
    /// Unique in the page.
    pub(in crate::write::report) id: &'a str,
    pub(in crate::write::report) title: &'a str,
    pub(in crate::write::report) description: &'a str,
}

/// A coordinate, to a tenth.
pub(super) struct At(pub(super) f64);

impl Display for At {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // No -0.0: the same place is written in one way.
        write!(f, "{:.1}", if self.0.abs() < 0.05 { 0.0 } else { self.0 })
    }
}

/// The side of a text that its place stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    fn name(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

/// A drawing that grows.
pub(super) struct Svg {
    height: f64,
    body: String,
}

/// The number of series that differ in color and shape; further ones start over.
const SERIES: usize = 8;

impl Svg {
    pub(super) fn new(height: f64) -> Self {
        Svg { height, body: String::new() }
    }

    fn push(&mut self, element: fmt::Arguments<'_>) {
        self.body.push_str(&element.to_string());
        self.body.push('\n');
    }

    pub(super) fn line(&mut self, class: &str, from: Point, to: Point) {
        let (x1, y1, x2, y2) = (At(from.x), At(from.y), At(to.x), At(to.y));
        self.push(format_args!("<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"));
    }

    pub(super) fn rectangle(&mut self, class: &str, corner: Point, size: Point) {
        let (x, y, width, height) = (At(corner.x), At(corner.y), At(size.x), At(size.y));
        self.push(format_args!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
        ));
    }

    pub(super) fn circle(&mut self, class: &str, at: Point, radius: f64) {
        let (x, y, r) = (At(at.x), At(at.y), At(radius));
        self.push(format_args!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>"));
    }

    /// A line through points, or the outline of an area.
    pub(super) fn path(&mut self, class: &str, points: &[Point], closed: bool) {
        let places: Vec<String> =
            points.iter().map(|point| format!("{} {}", At(point.x), At(point.y))).collect();
        let end = if closed { "Z" } else { "" };
        self.push(format_args!("<path class=\"{class}\" d=\"M{}{end}\"/>", places.join("L")));
    }

    /// A text from the data or of the page.
    pub(super) fn text(&mut self, class: &str, at: Point, anchor: Anchor, text: &str) {
        let (x, y, anchor) = (At(at.x), At(at.y), anchor.name());
        self.push(format_args!(
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>",
            Escaped(text)
        ));
    }

    /// A text that reads upwards.
    pub(super) fn upward_text(&mut self, at: Point, text: &str) {
        let (x, y) = (At(at.x), At(at.y));
        self.push(format_args!(
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" transform=\"rotate(-90 {x} {y})\">{}</text>",
            Escaped(text)
        ));
    }

    /// The mark of a series, which its shape tells as well as its color.
    pub(super) fn mark(&mut self, series: usize, muted: bool, at: Point) {
        let series = series % SERIES;
        let class = if muted { "mark muted".to_owned() } else { format!("mark s{series}") };
        let corner = |x: f64, y: f64| Point { x: at.x + x, y: at.y + y };
        match series {
            0 => self.circle(&class, at, 4.5),
            1 => self.rectangle(&class, corner(-4.0, -4.0), Point { x: 8.0, y: 8.0 }),
            2 => self.path(&class, &[corner(0.0, -5.0), corner(5.0, 4.0), corner(-5.0, 4.0)], true),
            3 => {
                let corners = [corner(0.0, -5.5), corner(5.5, 0.0), corner(0.0, 5.5), corner(-5.5, 0.0)];
                self.path(&class, &corners, true);
            }
            4 => self.path(&class, &[corner(0.0, 5.0), corner(5.0, -4.0), corner(-5.0, -4.0)], true),
            5 => self.rectangle(&class, corner(-5.5, -2.5), Point { x: 11.0, y: 5.0 }),
            6 => self.rectangle(&class, corner(-2.5, -5.5), Point { x: 5.0, y: 11.0 }),
            _ => self.circle(&class, at, 3.0),
        }
    }

    /// Writes the drawing.
    pub(super) fn write(self, out: &mut dyn Write, caption: Caption<'_>) -> io::Result<()> {
        let Caption { id, title, description } = caption;
        writeln!(
            out,
            "<svg viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n\
             <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>",
            At(self.height),
            Escaped(title),
            Escaped(description)
        )?;
        writeln!(out, "{}</svg>", self.body)
    }
}

/// The width of a character in the small type of drawings, whichever font the reader has: that of a
/// wide one.
fn width_of(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'f' | 't' | 'r' | 'I' | '.' | ',' | ' ' | '-' | '\'' | '(' | ')' => 4.8,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 11.5,
        'A'..='Z' => 8.4,
        '\0'..='\u{24f}' => 7.4,
        '\u{1100}'.. => 12.0,
        _ => 8.4,
    }
}

/// The width of a text.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(width_of).sum()
}

/// A text that takes at most so many units of width. An ellipsis stands where it was cut.
fn fitted(text: &str, width: f64) -> String {
    let mut used = 0.0;
    let mut cut = None;
    for (at, c) in text.char_indices() {
        if used <= width - 8.0 {
            cut = Some(at);
        }
        used += width_of(c);
        if used > width {
            return format!("{}…", text.get(..cut.unwrap_or(0)).unwrap_or("").trim_end());
        }
    }
    text.to_owned()
}

/// Names that take at most so many units of width. Different names are cut differently.
pub(super) fn fitted_apart<'a>(names: &[&'a str], room: f64) -> BTreeMap<&'a str, String> {
    let cut: BTreeMap<&str, String> = names.iter().map(|name| (*name, fitted(name, room))).collect();
    let is_alike = |name: &&&str| cut.values().filter(|other| cut.get(**name) == Some(*other)).count() > 1;
    let alike: Vec<&str> = names.iter().filter(is_alike).copied().collect();
    let fits = |cut: &BTreeMap<&str, String>| cut.values().all(|name| width(name) <= room);
    let mut columns = (MIN_COLUMNS..=MAX_COLUMNS).rev();
    let apart = columns.find_map(|columns| Some(fit_apart(alike.iter().copied(), columns)).filter(fits));
    cut.into_iter().chain(apart.into_iter().flatten()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(draw: impl FnOnce(&mut Svg)) -> String {
        let mut svg = Svg::new(10.0);
        draw(&mut svg);
        let mut out = Vec::new();
        let caption = Caption { id: "a", title: "x < y", description: "\"z\"" };
        svg.write(&mut out, caption).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn texts_of_a_drawing_are_no_markup() {
        let found = drawn(|svg| {
            svg.text("n", Point { x: 1.0, y: -0.01 }, Anchor::End, "</svg><script>\u{202e}");
        });
        assert!(found.contains("&lt;/svg&gt;&lt;script&gt;\u{fffd}</text>"), "{found}");
        assert!(found.contains(">x &lt; y</title>") && found.contains("y=\"0.0\""), "{found}");
    }

    #[test]
    fn neighboring_series_differ_in_shape() {
        let shapes: Vec<String> =
            (0..SERIES).map(|series| drawn(|svg| svg.mark(series, true, Point { x: 9.0, y: 9.0 }))).collect();
        for (at, shape) in shapes.iter().enumerate() {
            assert!(!shapes[..at].contains(shape), "{at}");
        }
    }

    #[test]
    fn long_names_are_cut_to_fit() {
        assert_eq!(fitted("Le Monde", 100.0), "Le Monde");
        assert_eq!(fitted(&"m".repeat(30), 100.0), format!("{}…", "m".repeat(8)));
        assert_eq!(fitted("\u{4e00}\u{4e8c}\u{4e09}", 30.0), "\u{4e00}…");
        assert_eq!(fitted("abc", 0.0), "…");
    }

    #[test]
    fn names_are_cut_where_they_differ() {
        let names = ["The Long Outlet Name North", "The Long Outlet Name South", "Echo"];
        let cut = fitted_apart(&names, 138.0);
        assert_eq!(cut[names[0]], "The Long Outl…North");
        assert_eq!(cut[names[1]], "The Long Outl…South");
        assert_eq!(cut["Echo"], "Echo");
        assert!(cut.values().all(|name| width(name) <= 138.0));
        assert_eq!(fitted_apart(&names, 400.0)[names[0]], names[0]);
    }
}
