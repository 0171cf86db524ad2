//! Writes results as a table for reading on a terminal: one line per document, as wide as the terminal, written as it comes.

use std::io;

use unicode_width::UnicodeWidthStr;

use crate::classifier::explain::{DocumentExplanation, TermContribution};
use crate::classifier::verdict::{Reason, Verdict};
use crate::model::BlockKind;
use crate::write::printable::shown;
use crate::write::text_table::{Layout, TextColumn, fit_end, wrapped};
use crate::write::{Mark, Outcome, Output, RunContext, Scored, Sink, Style, printable};

/// Least columns for a document's name.
const MIN_NAME_WIDTH: usize = 24;
/// Columns that a label is cut to at the least.
const MAX_LABEL_WIDTH: usize = 24;
/// Columns for a kept column of the input, and those that it is cut to.
const KEPT_WIDTH: usize = 24;
const MIN_KEPT_WIDTH: usize = 10;
/// Columns that hold a document's title where it has one.
const TITLES: [&str; 2] = ["title", "headline"];

/// The places of the first columns of the table.
const NAME: usize = 0;
const LABEL: usize = 1;

/// A table of documents.
#[derive(Debug)]
pub struct TableSink<W: Output> {
    out: W,
    context: RunContext,
    style: Style,
    width: usize,
    layout: Layout,
    /// The places of the kept columns that have a column in the table.
    kept: Vec<usize>,
    /// The place of the kept column that holds titles.
    title: Option<usize>,
}

/// The figures of one line.
#[derive(Default)]
struct FigureCells {
    probability: String,
    slant: String,
    words: String,
    known: String,
    loaded: String,
}

impl<W: Output> TableSink<W> {
    /// Writes lines of at most `width` columns to `out`.
    pub fn new(out: W, context: RunContext, style: Style, width: usize) -> Self {
        let is_title = |name: &String| TITLES.iter().any(|title| name.eq_ignore_ascii_case(title));
        let title = context.keep.iter().position(is_title);
        let kept: Vec<usize> = (0..context.keep.len()).filter(|place| Some(*place) != title).collect();
        let layout = Layout::new(columns(&context, &kept), width);
        TableSink { out, context, style, width, layout, kept, title }
    }

    /// Writes one line: nothing of the input leaves it or drives the terminal.
    fn write_line(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "{}", shown(line, self.style))
    }

    /// A line, with the label in the color of its class if it is one.
    fn line(
        &self,
        [name, label]: [&str; 2],
        figures: &FigureCells,
        kept: &[&str],
        class: Option<usize>,
    ) -> String {
        let FigureCells { probability, slant, words, known, loaded } = figures;
        let mut cells: Vec<&str> = vec![name, label, probability];
        if self.context.labels.axis().is_some() {
            cells.push(slant);
        }
        cells.extend([words.as_str(), known]);
        if self.context.loaded_language_model.is_some() {
            cells.push(loaded);
        }
        cells.extend(kept);
        self.layout.line(&cells, |column, cell| match class {
            Some(class) if column == LABEL => self.style.class(class, &cell),
            _ => cell,
        })
    }

    /// The title of a document where it has one, else the end of its id.
    fn name(&self, scored: &Scored) -> String {
        let column = self.title.and_then(|place| scored.document.columns.get(place)?.as_deref());
        let title = column.or(scored.document.title.as_deref()).map(str::trim);
        match title.filter(|title| !title.is_empty()) {
            Some(title) => title.to_owned(),
            None => fit_end(&scored.document.id, self.layout.width(NAME)),
        }
    }

    fn document(&mut self, scored: &Scored) -> io::Result<()> {
        let verdict = &scored.verdict;
        let label = match verdict.reason() {
            None => verdict.top().to_owned(),
            Some(reason) => format!("({reason})"),
        };
        let figures = FigureCells::of_document(verdict);
        let name = self.name(scored);
        let cell =
            |place: &usize| scored.document.columns.get(*place).and_then(Option::as_deref).unwrap_or("");
        let kept: Vec<&str> = self.kept.iter().map(cell).collect();
        let class = verdict.reason().is_none().then(|| self.class_of(verdict.top())).flatten();
        let line = self.line([&name, &label], &figures, &kept, class);
        let line = if verdict.reason().is_some() { self.style.dim(&line) } else { line };
        self.write_line(&line)?;
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

    fn class_of(&self, label: &str) -> Option<usize> {
        self.context.labels.names().iter().position(|name| name == label)
    }

    fn paragraphs(&mut self, scored: &Scored) -> io::Result<()> {
        for (number, paragraph) in scored.verdict.paragraphs().enumerate() {
            let text = paragraph.span().of(&scored.document.text).replace(char::is_whitespace, " ");
            let name = format!("  {}. {}", number + 1, text.trim_start());
            let figures = FigureCells {
                probability: format!("{:.2}", paragraph.confidence()),
                slant: format!("x{:.2}", paragraph.weight()),
                words: paragraph.words().to_string(),
                known: String::new(),
                loaded: percent(paragraph.loaded()),
            };
            let class = self.class_of(paragraph.top());
            let line = self.line([&name, paragraph.top()], &figures, &[], class);
            self.write_line(&line)?;
        }
        Ok(())
    }

    fn terms<'t>(&mut self, classes: impl Iterator<Item = &'t [TermContribution]>) -> io::Result<()> {
        let most = self.context.explain.unwrap_or(0);
        let labels = self.context.labels.clone();
        for (name, terms) in labels.names().iter().zip(classes) {
            let term = |term: &TermContribution| {
                let block = BlockKind::mark(term.block);
                format!("{}{block} {:+.3}", printable(&term.text), term.contribution)
            };
            let mut listed: Vec<String> = terms.iter().take(most).map(term).collect();
            match listed.first_mut() {
                Some(first) => *first = format!("{name}: {first}"),
                None => listed.push(format!("{name}:")),
            }
            for line in wrapped(&listed, 4, self.width) {
                self.write_line(&line)?;
            }
        }
        Ok(())
    }
}

/// The columns of the table.
fn columns(context: &RunContext, kept: &[usize]) -> Vec<TextColumn> {
    let longest = context.labels.names().iter().map(|name| name.width()).max().unwrap_or(0);
    let label_width = longest.max("nothing-extracted".len() + 2);
    let mut columns = vec![
        TextColumn::text("document").filling(MIN_NAME_WIDTH),
        TextColumn::text("label").widened(label_width).shrinking(label_width.min(MAX_LABEL_WIDTH)),
        TextColumn::number("p").widened(5).ranked(1),
    ];
    if context.labels.axis().is_some() {
        columns.push(TextColumn::number("slant").widened(6).ranked(2));
    }
    columns.push(TextColumn::number("words").widened(6).ranked(4));
    columns.push(TextColumn::number("known").widened(5).ranked(5));
    if context.loaded_language_model.is_some() {
        columns.push(TextColumn::number("loaded").widened(6).ranked(6));
    }
    let names = kept.iter().filter_map(|place| context.keep.get(*place));
    columns.extend(
        names.map(|name| {
            TextColumn::text(name.as_str()).widened(KEPT_WIDTH).shrinking(MIN_KEPT_WIDTH).ranked(3)
        }),
    );
    columns
}

impl FigureCells {
    /// The figures of a document. One that the model cannot judge has no probability and no slant to show.
    fn of_document(verdict: &Verdict) -> Self {
        let is_judged = verdict.reason().is_none_or(|reason| reason == Reason::LowConfidence);
        // Adding zero makes -0 a plain 0.
        let rounded = |value: f64| (value * 100.0).round() / 100.0 + 0.0;
        let slant = verdict.slant().filter(|_| is_judged);
        FigureCells {
            probability: if is_judged { format!("{:.2}", verdict.confidence()) } else { "-".to_owned() },
            slant: slant.map_or("-".to_owned(), |slant| format!("{:+.2}", rounded(slant))),
            words: verdict.words().to_string(),
            known: percent(verdict.known()),
            loaded: percent(verdict.loaded()),
        }
    }
}

impl<W: Output> Sink for TableSink<W> {
    fn begin(&mut self) -> io::Result<()> {
        let headings = self.style.bold(&self.layout.headings());
        self.write_line(&headings)
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        match outcome {
            Ok(scored) => self.document(scored),
            Err(failure) => {
                let name = fit_end(&failure.id, self.layout.width(NAME));
                let label = format!("(failed: {})", failure.error.name());
                let line = self.line([&name, &label], &FigureCells::default(), &[], None);
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
