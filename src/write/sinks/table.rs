//! Writes results as a table for reading on a terminal: fixed widths, one line a document, written as it comes.

use std::io;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::classifier::explain::{DocumentExplanation, TermContribution};
use crate::model::BlockKind;
use crate::write::printable::shown;
use crate::write::{Mark, Outcome, Output, RunContext, Scored, Sink, Style, printable};

/// Columns for a document's name.
const NAME_WIDTH: usize = 40;
/// Columns for a label, at most.
const MAX_LABEL_WIDTH: usize = 24;

/// A table of documents.
#[derive(Debug)]
pub struct TableSink<W: Output> {
    out: W,
    context: RunContext,
    style: Style,
    label_width: usize,
}

impl<W: Output> TableSink<W> {
    /// Writes to `out`.
    pub fn new(out: W, context: RunContext, style: Style) -> Self {
        let longest = context.labels.names().iter().map(|name| name.width()).max().unwrap_or(0);
        TableSink {
            out,
            context,
            style,
            label_width: longest.clamp("nothing-extracted".len() + 2, MAX_LABEL_WIDTH),
        }
    }

    /// Writes one line: nothing of the input leaves it or drives the terminal.
    fn write_line(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "{}", shown(line, self.style))
    }

    fn line(&mut self, name: &str, label: &str, figures: [&str; 5]) -> io::Result<()> {
        let name = fit_end(name, NAME_WIDTH);
        let line = self.cells(&name, label, figures);
        self.write_line(&line)
    }

    /// The cells of one line; `loaded` has a place where a second model fills it.
    fn cells(&self, name: &str, label: &str, figures: [&str; 5]) -> String {
        let [probability, slant, words, known, loaded] = figures;
        let label = fit_start(label, self.label_width);
        let line = format!("{name}  {label}  {probability:>5}  {slant:>6}  {words:>6}  {known:>5}");
        if self.context.loaded_language_model.is_some() { format!("{line}  {loaded:>6}") } else { line }
    }

    fn document(&mut self, scored: &Scored) -> io::Result<()> {
        let verdict = &scored.verdict;
        let label = match verdict.reason() {
            None => verdict.top().to_owned(),
            Some(reason) => format!("({reason})"),
        };
        let probability = format!("{:.2}", verdict.confidence());
        // Adding zero makes -0 a plain 0.
        let rounded = |value: f64| (value * 100.0).round() / 100.0 + 0.0;
        let slant = verdict.slant().map_or("-".to_owned(), |slant| format!("{:+.2}", rounded(slant)));
        let words = verdict.words().to_string();
        let (known, loaded) = (percent(verdict.known()), percent(verdict.loaded()));
        self.line(&scored.document.id, &label, [&probability, &slant, &words, &known, &loaded])?;
        if self.context.paragraphs {
            self.paragraphs(scored)?;
        }
        match &scored.explanation {
            Some(DocumentExplanation::Sum(labels)) => {
                self.terms(labels.iter().map(|label| label.terms.as_slice()))
            }
            Some(DocumentExplanation::Ranking { labels, .. }) => self.terms(labels.iter().map(Vec::as_slice)),
            None => Ok(()),
        }
    }

    fn paragraphs(&mut self, scored: &Scored) -> io::Result<()> {
        for (number, paragraph) in scored.verdict.paragraphs().enumerate() {
            let probability = format!("{:.2}", paragraph.confidence());
            let text = paragraph.span().of(&scored.document.text).replace(char::is_whitespace, " ");
            let name = format!("  {}. {}", number + 1, fit_start(&text, NAME_WIDTH - 6).trim_end());
            let weight = format!("x{:.2}", paragraph.weight());
            let words = paragraph.words().to_string();
            self.line(
                &name,
                paragraph.top(),
                [&probability, &weight, &words, "", &percent(paragraph.loaded())],
            )?;
        }
        Ok(())
    }

    fn terms<'t>(&mut self, classes: impl Iterator<Item = &'t [TermContribution]>) -> io::Result<()> {
        let most = self.context.explain.unwrap_or(0);
        let labels = self.context.labels.clone();
        for (name, terms) in labels.names().iter().zip(classes) {
            let listed: Vec<String> = terms
                .iter()
                .take(most)
                .map(|term| {
                    let block = BlockKind::mark(term.block);
                    format!("{}{block} {:+.3}", printable(&term.text), term.contribution)
                })
                .collect();
            self.write_line(&format!("    {name}: {}", listed.join(", ")))?;
        }
        Ok(())
    }
}

impl<W: Output> Sink for TableSink<W> {
    fn begin(&mut self) -> io::Result<()> {
        let slant = if self.context.labels.axis().is_some() { "slant" } else { "" };
        let name = fit_start("document", NAME_WIDTH);
        let header = self.cells(&name, "label", ["p", slant, "words", "known", "loaded"]);
        self.write_line(&self.style.bold(&header))
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        match outcome {
            Ok(scored) => self.document(scored),
            Err(failure) => {
                let line = format!(
                    "{}  failed: {}",
                    fit_end(&failure.id, NAME_WIDTH),
                    printable(&failure.error.display_with(self.context.spelling))
                );
                self.write_line(&self.style.dim(&line))
            }
        }
    }

    fn checkpoint(&mut self) -> io::Result<Mark> {
        self.out.end_segment()
    }

    fn finish(&mut self) -> io::Result<Mark> {
        self.out.finish()
    }

    fn commit(self: Box<Self>) -> io::Result<()> {
        self.out.commit()
    }

    fn discard(self: Box<Self>) {
        self.out.discard();
    }
}

/// A share in percent; a dash for none.
fn percent(share: Option<f64>) -> String {
    share.map_or("-".to_owned(), |share| format!("{:.0}%", 100.0 * share))
}

/// Text cut or filled to a width, its beginning kept.
fn fit_start(text: &str, width: usize) -> String {
    let text = printable(text);
    if text.width() <= width {
        return fill(text, width);
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    fill(kept, width)
}

/// Text cut or filled to a width, its end kept: the end of a path tells more than its beginning.
fn fit_end(text: &str, width: usize) -> String {
    let text = printable(text);
    if text.width() <= width {
        return fill(text, width);
    }
    let mut kept: Vec<char> = Vec::new();
    let mut used = 1;
    for c in text.chars().rev() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        kept.push(c);
    }
    fill(std::iter::once('…').chain(kept.into_iter().rev()).collect(), width)
}

fn fill(mut text: String, width: usize) -> String {
    text.extend(std::iter::repeat_n(' ', width.saturating_sub(text.width())));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_to_columns_not_bytes() {
        assert_eq!(fit_start("abcdef", 4), "abc…");
        assert_eq!(fit_end("abcdef", 4), "…def");
        assert_eq!(fit_end("日本語", 4), "…語 ");
        assert_eq!(fit_start("ab", 4), "ab  ");
    }
}
