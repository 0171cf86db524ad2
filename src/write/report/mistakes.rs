//! Writes the worst mistakes as a list: labels, the text with the places that count, the terms.

use std::io::{self, Write};

use crate::text::span::Span;
use crate::write::report::Report;
use crate::write::report::escape::{Escaped, Isolated};
use crate::write::report::excerpt::excerpt;
use crate::write::report::mistake::{Mark, Mistake};

/// Writes the section.
pub(super) fn write(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    writeln!(out, "<section aria-labelledby=\"mistakes\">\n<h2 id=\"mistakes\">Worst mistakes</h2>")?;
    if report.mistakes.is_empty() {
        writeln!(out, "<p>Every row got its gold label.</p>\n</section>")?;
        return Ok(());
    }
    writeln!(
        out,
        "<p>The {} rows whose gold label the model found least probable. Marked is what speaks for the likeliest label \
         rather than for the gold label: <mark class=\"for strong\"><span class=\"sign\">+</span>for the likeliest \
         label</mark>, underlined; <mark class=\"not\"><span class=\"sign\">−</span>for the gold label</mark>, dotted. \
         Bold marks count more.</p>\n<ol class=\"mistakes\">",
        report.mistakes.len()
    )?;
    for mistake in report.mistakes {
        one(out, report, mistake)?;
    }
    writeln!(out, "</ol>\n</section>")
}

fn one(out: &mut dyn Write, report: &Report<'_>, mistake: &Mistake) -> io::Result<()> {
    let labels = report.evaluated.labels;
    let (gold, top) = (Isolated(labels.name(mistake.gold)), Isolated(labels.name(mistake.top)));
    writeln!(
        out,
        "<li>\n<h3>{}</h3>\n<p>Gold <strong>{gold}</strong> ({:.3}), likeliest <strong>{top}</strong> ({:.3}){}. \
         <span class=\"place\">{}</span></p>",
        Isolated(&mistake.id),
        mistake.gold_probability,
        mistake.top_probability,
        mistake.reason.map_or(String::new(), |reason| format!(", no label given ({reason})")),
        Isolated(&mistake.place)
    )?;
    text(out, report.language, mistake)?;
    let list = |out: &mut dyn Write, name: &Isolated<'_>, positive: bool| -> io::Result<()> {
        let terms: Vec<String> = mistake
            .terms
            .iter()
            .filter(|(_, amount)| (*amount > 0.0) == positive)
            .map(|(term, amount)| format!("{} {}", Isolated(term), signed(*amount)))
            .collect();
        let terms = if terms.is_empty() { "no term".to_owned() } else { terms.join(", ") };
        writeln!(out, "<p class=\"terms\">For {name}: {terms}.</p>")
    };
    list(out, &top, true)?;
    list(out, &gold, false)?;
    writeln!(out, "</li>")
}

/// The text in the language of the model, with its marks.
fn text(out: &mut dyn Write, language: Option<&str>, mistake: &Mistake) -> io::Result<()> {
    let language = language.map_or(String::new(), |code| format!(" lang=\"{}\"", Escaped(code)));
    write!(out, "<blockquote{language} dir=\"auto\">")?;
    let parts = excerpt(&mistake.text, &mistake.marks);
    let mut end = 0;
    for part in &parts {
        if part.start() > end {
            write!(out, "{GAP}")?;
        }
        marked(out, &mistake.text, *part, &mistake.marks)?;
        end = part.end();
    }
    if end < mistake.text.len() {
        write!(out, "{GAP}")?;
    }
    writeln!(out, "</blockquote>")
}

/// Where a text is cut.
const GAP: &str = "<span class=\"gap-text\"> […] </span>";

fn marked(out: &mut dyn Write, text: &str, part: Span, marks: &[Mark]) -> io::Result<()> {
    let mut at = part.start();
    for mark in marks {
        let (start, end) = (mark.span.start().max(at), mark.span.end().min(part.end()));
        if start >= end {
            continue;
        }
        let (class, sign) = if mark.amount > 0.0 { ("for", '+') } else { ("not", '−') };
        let strong = if mark.strong { " strong" } else { "" };
        write!(
            out,
            "{}<mark class=\"{class}{strong}\"><span class=\"sign\">{sign}</span>{}</mark>",
            Escaped(Span::new(at, start).of(text)),
            Escaped(Span::new(start, end).of(text))
        )?;
        at = end;
    }
    write!(out, "{}", Escaped(Span::new(at, part.end()).of(text)))
}

/// A number with its sign; a true minus, as wide as a plus.
pub(super) fn signed(amount: f64) -> String {
    let sign = if amount < 0.0 { '−' } else { '+' };
    format!("{sign}{:.2}", amount.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, marks: &[(usize, usize, f64)]) -> String {
        let marks: Vec<Mark> = marks
            .iter()
            .map(|&(start, end, amount)| Mark { span: Span::new(start, end), amount, strong: amount > 1.0 })
            .collect();
        let mut out = Vec::new();
        marked(&mut out, text, Span::new(0, text.len()), &marks).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn marks_carry_a_sign_and_texts_no_markup() {
        assert_eq!(
            shown("a <b> & c", &[(0, 1, 2.0), (3, 4, -0.5)]),
            "<mark class=\"for strong\"><span class=\"sign\">+</span>a</mark> &lt;\
             <mark class=\"not\"><span class=\"sign\">−</span>b</mark>&gt; &amp; c"
        );
    }

    #[test]
    fn marks_that_reach_out_of_the_part_or_overlap_are_cut() {
        assert_eq!(shown("abc", &[(0, 99, 1.0), (1, 2, 1.0)]).matches("<mark").count(), 1);
        assert_eq!(shown("abc", &[(7, 9, 1.0)]), "abc");
        assert_eq!((signed(-0.5), signed(0.0)), ("−0.50".to_owned(), "+0.00".to_owned()));
    }
}
