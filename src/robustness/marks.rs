//! Writes quotation marks, apostrophes and dashes as another house does.

use crate::text::Span;
use crate::text::normalization::Normalized;
use crate::text::quotation::{QuotationMarks, quotations};

/// The text with these marks around its quotations, and around all else that stands between double
/// marks.
pub(super) fn quoted(text: &str, [open, close]: [&str; 2]) -> String {
    let mut out = String::with_capacity(text.len());
    let single = single_marks(text);
    let mut single = single.iter().peekable();
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let of_single = single.next_if(|(place, _)| *place <= at).map(|(_, opens)| *opens);
        let opens = match c {
            '“' | '«' => Some(true),
            '”' | '»' => Some(false),
            '"' => Some(before.is_none_or(|before| before.is_whitespace() || "([{—–-'‘".contains(before))),
            _ => of_single,
        };
        match opens {
            Some(true) => out.push_str(open),
            Some(false) => out.push_str(close),
            None => out.push(c),
        }
        before = Some(c);
    }
    out
}

/// The places of the single marks that quotations stand between, and whether each opens one.
fn single_marks(text: &str) -> Vec<(usize, bool)> {
    let normal = Normalized::new(text);
    let place = |at: usize| normal.source(Span::new(at, at + 1)).start();
    let found = quotations(normal.text(), QuotationMarks::DoubleAndSingle);
    let is_single = |span: &Span| {
        let quoted = span.of(normal.text());
        quoted.starts_with('\'') && !quoted.starts_with("''")
    };
    found
        .filter(is_single)
        .flat_map(|span| [(place(span.start()), true), (place(span.end() - 1), false)])
        .collect()
}

/// The text with this apostrophe inside of words.
pub(super) fn with_apostrophe(text: &str, apostrophe: char) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut is_behind_letter = false;
    while let Some(c) = chars.next() {
        let is_inside = is_behind_letter && chars.peek().is_some_and(|next| next.is_alphabetic());
        out.push(if is_inside && matches!(c, '\'' | '’') { apostrophe } else { c });
        is_behind_letter = c.is_alphabetic();
    }
    out
}

/// How dashes are written. A dash between numbers, as in "2014–2015", is none of them.
const DASHES: [&str; 9] = [" — ", " – ", " -- ", " --- ", " - ", "—", "--", " —", "— "];

/// The text with this dash, its blanks included, between words.
pub(super) fn with_dashes(text: &str, dash: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let at_dash = DASHES.iter().filter(|dash| rest.starts_with(**dash)).max_by_key(|dash| dash.len());
        let is_between = |found: &&&str| {
            let after = rest.get(found.len()..).and_then(|after| after.chars().next());
            let is_inner = |c: char| !c.is_whitespace() && c != '-' && c != '—';
            out.chars().next_back().is_some_and(is_inner) && after.is_some_and(is_inner)
        };
        let taken = match at_dash.filter(is_between) {
            Some(found) => {
                out.push_str(dash);
                found.len()
            }
            None => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = rest.get(taken..).unwrap_or("");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_marks_of_quotations_change_and_apostrophes_stay() {
        let text = "‘We don’t want the soldiers’ homes,’ he said; it’s 'theirs'.";
        assert_eq!(quoted(text, ["“", "”"]), "“We don’t want the soldiers’ homes,” he said; it’s 'theirs'.");
    }

    #[test]
    fn ranges_and_lists_have_no_dashes() {
        for text in ["2014–2015", "- an item\n- another", "well-known", "---"] {
            assert_eq!(with_dashes(text, " – "), text);
        }
        assert_eq!(with_dashes("one - two -- three—four", "—"), "one—two—three—four");
    }
}
