//! Writes the worst mistakes as a list: labels, the text with the places that count, the terms.

use std::io::{self, Write};

use crate::write::report::Report;
use crate::write::report::escape::{Escaped, Isolated};
use crate::write::report::marked::{Words, excerpt_with_marks};
use crate::write::report::mistake::Mistake;
use crate::write::report::numbers::signed;

/// Writes the section.
pub(super) fn write(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let is_right = report.evaluated.findings.metrics.accuracy() == Some(1.0);
    // Who lists no mistakes does not say thereby that there are none.
    if report.mistakes.is_empty() && !is_right {
        return Ok(());
    }
    writeln!(out, "<section aria-labelledby=\"mistakes\">\n<h2 id=\"mistakes\">Worst mistakes</h2>")?;
    if report.mistakes.is_empty() {
        writeln!(out, "<p>Every row got its gold label.</p>\n</section>")?;
        return Ok(());
    }
    writeln!(
        out,
        "<p>The {} rows whose gold label the model found least probable. The marks show what speaks for the likeliest label \
         rather than for the gold label: <mark class=\"for strong\"><span class=\"sign\" aria-hidden=\"true\">+</span>for the \
         likeliest \
         label</mark>, underlined; <mark class=\"not\"><span class=\"sign\" aria-hidden=\"true\">−</span>for the gold label</mark>, dotted. \
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
    let words = Words { plus: "for the likeliest label", minus: "for the gold label" };
    excerpt_with_marks(out, &mistake.text, &mistake.marks, words)?;
    writeln!(out, "</blockquote>")
}
