//! Lays a text out in another way, and puts its paragraphs in another order.

use crate::random::Random;
use crate::robustness::headline;
use crate::text::paragraph::paragraphs;

/// The longest line of a hard-wrapped text.
const COLUMNS: usize = 72;
/// Decides how paragraphs are shuffled.
const SEED: u64 = 1;

/// The paragraphs of a text, each on one line.
fn lines(text: &str) -> Vec<String> {
    let line = |paragraph: &str| paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    paragraphs(text).iter().map(|paragraph| line(paragraph.span.of(text))).collect()
}

/// The paragraphs with something else between them.
pub(super) fn joined(text: &str, between: &str) -> String {
    lines(text).join(between)
}

pub(super) fn hard_wrapped(text: &str) -> String {
    lines(text).iter().map(|line| wrapped(line)).collect::<Vec<_>>().join("\n\n")
}

fn wrapped(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut column = 0;
    for word in line.split(' ') {
        let width = word.chars().count();
        if column > 0 {
            let fits = column + 1 + width <= COLUMNS;
            out.push(if fits { ' ' } else { '\n' });
            column = if fits { column + 1 } else { 0 };
        }
        out.push_str(word);
        column += width;
    }
    out
}

pub(super) fn reversed(text: &str) -> String {
    reordered(text, |body| body.reverse())
}

pub(super) fn shuffled(text: &str) -> String {
    reordered(text, |body| Random::new(SEED).shuffle(body))
}

/// The text with its paragraphs behind the headline in another order.
fn reordered(text: &str, order: impl Fn(&mut [&str])) -> String {
    let mut all: Vec<&str> = paragraphs(text).iter().map(|paragraph| paragraph.span.of(text)).collect();
    let first = usize::from(headline::of(text).is_some());
    let before = all.clone();
    order(all.get_mut(first..).unwrap_or(&mut []));
    // White space between paragraphs is no change of their order.
    if all == before { text.to_owned() } else { all.join("\n\n") }
}
