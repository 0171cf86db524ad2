//! Writes results as a table for reading on a terminal: one line per document, as wide as the
//! terminal, written as it comes.

use std::io;

use unicode_width::UnicodeWidthStr;

use crate::classifier::explain::{DocumentExplanation, TermContribution};
use crate::classifier::verdict::Verdict;
use crate::model::BlockKind;
use crate::write::document_name::{title, title_place};
use crate::write::fit::wrapped;
use crate::write::published_groups::signed;
use crate::write::sinks::streamed_table::{StreamedTable, TableForm, TableRow};
#[cfg(feature = "cli")]
use crate::write::text_table::Layout;
use crate::write::text_table::TextColumn;
use crate::write::{Mark, Outcome, Output, RunContext, Scored, Sink, printable};

/// Least columns for a document's name.
const MIN_NAME_WIDTH: usize = 24;
/// Columns that a label is cut to at the least.
const MAX_LABEL_WIDTH: usize = 24;
/// Columns for a kept column of the input, and those that it is cut to.
const KEPT_WIDTH: usize = 24;
const MIN_KEPT_WIDTH: usize = 10;

/// A table of documents.
#[derive(Debug)]
pub struct TableSink<W: Output> {
    table: StreamedTable<W>,
    context: RunContext,
    form: TableForm,
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

/// Decimals where nobody says how many.
pub(crate) const USUAL_DIGITS: usize = 2;

/// Says which columns a table of documents leaves out at a width, if it leaves out any.
#[cfg(feature = "cli")]
pub fn left_out(context: &RunContext, width: usize, digits: Option<usize>) -> Option<String> {
    let (_, kept) = title_and_kept(context);
    let digits = digits.unwrap_or(USUAL_DIGITS);
    Layout::new(columns(context, &kept, digits), width).note()
}

/// The place of the kept column that holds titles, and those of the others.
fn title_and_kept(context: &RunContext) -> (Option<usize>, Vec<usize>) {
    let title = title_place(&context.keep);
    (title, (0..context.keep.len()).filter(|place| Some(*place) != title).collect())
}

impl<W: Output> TableSink<W> {
    /// Writes to `out`.
    pub fn new(out: W, context: RunContext, form: TableForm) -> Self {
        let (title, kept) = title_and_kept(&context);
        let table = StreamedTable::new(out, columns(&context, &kept, form.digits), form);
        TableSink { table, context, form, kept, title }
    }

    /// The cells of a line.
    fn cells(&self, [name, label]: [&str; 2], figures: FigureCells, kept: &[&str]) -> Vec<String> {
        let FigureCells { probability, slant, words, known, loaded } = figures;
        let mut cells = vec![name.to_owned(), label.to_owned(), probability];
        if self.context.labels.axis().is_some() {
            cells.push(slant);
        }
        cells.extend([words, known]);
        if self.context.loaded_language_model.is_some() {
            cells.push(loaded);
        }
        cells.extend(kept.iter().map(|cell| (*cell).to_owned()));
        cells
    }

    fn document(&mut self, scored: &Scored) -> io::Result<()> {
        let verdict = &scored.verdict;
        let label = match verdict.reason() {
            None => verdict.top().to_owned(),
            Some(reason) => format!("({reason})"),
        };
        let figures = FigureCells::of_document(verdict, self.form.digits);
        let title = title(scored, self.title);
        let cell =
            |place: &usize| scored.document.columns.get(*place).and_then(Option::as_deref).unwrap_or("");
        let kept: Vec<&str> = self.kept.iter().map(cell).collect();
        self.table.row(TableRow {
            cells: self.cells([title.unwrap_or(&scored.document.id), &label], figures, &kept),
            // The end of an id tells more than its beginning.
            keeps_end: title.is_none(),
            class: verdict.reason().is_none().then(|| self.class_of(verdict.top())).flatten(),
            is_dim: verdict.reason().is_some(),
            bytes: scored.document.text.len(),
        })?;
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
                probability: format!("{:.*}", self.form.digits, paragraph.confidence()),
                slant: format!("x{:.*}", self.form.digits, paragraph.weight()),
                words: paragraph.words().to_string(),
                known: String::new(),
                loaded: percent(paragraph.loaded(), self.form.digits),
            };
            let class = self.class_of(paragraph.top());
            let cells = self.cells([&name, paragraph.top()], figures, &[]);
            self.table.row(TableRow { cells, class, ..TableRow::default() })?;
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
            for line in wrapped(&listed, 4, self.form.width) {
                self.table.text(line)?;
            }
        }
        Ok(())
    }
}

/// The columns of the table.
fn columns(context: &RunContext, kept: &[usize], digits: usize) -> Vec<TextColumn> {
    let longest = context.labels.names().iter().map(|name| name.width()).max().unwrap_or(0);
    let label_width = longest.max("nothing-extracted".len() + 2);
    let mut columns = vec![
        TextColumn::text("document").filling(MIN_NAME_WIDTH),
        TextColumn::text("label").widened(label_width).shrinking(label_width.min(MAX_LABEL_WIDTH)),
        TextColumn::number("p").widened(digits + 3).ranked(1),
    ];
    if context.labels.axis().is_some() {
        columns.push(TextColumn::number("slant").widened(digits + 4).ranked(2));
    }
    columns.push(TextColumn::number("words").widened(6).ranked(4));
    columns.push(TextColumn::number("known").widened(digits + 3).ranked(5));
    if context.loaded_language_model.is_some() {
        columns.push(TextColumn::number("loaded").widened(digits + 4).ranked(6));
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
    /// The figures of a document. One that the model cannot judge has no probability and no slant
    /// to show.
    fn of_document(verdict: &Verdict, digits: usize) -> Self {
        let is_judged = verdict.decision().is_judged();
        let slant = verdict.slant().filter(|_| is_judged);
        FigureCells {
            probability: if is_judged {
                format!("{:.digits$}", verdict.confidence())
            } else {
                "-".to_owned()
            },
            slant: slant.map_or("-".to_owned(), |slant| signed(slant, digits)),
            words: verdict.words().to_string(),
            known: percent(verdict.known(), digits),
            loaded: percent(verdict.loaded(), digits),
        }
    }
}

impl<W: Output> Sink for TableSink<W> {
    fn begin(&mut self) -> io::Result<()> {
        self.table.begin()
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        match outcome {
            Ok(scored) => self.document(scored),
            Err(failure) => {
                let label = format!("(failed: {})", failure.error.name());
                let cells = self.cells([&failure.id, &label], FigureCells::default(), &[]);
                let row = TableRow { cells, keeps_end: true, is_dim: true, ..TableRow::default() };
                self.table.row(row)
            }
        }
    }

    fn checkpoint(&mut self) -> io::Result<Mark> {
        self.table.checkpoint()
    }

    fn finish(&mut self) -> io::Result<Mark> {
        self.table.finish(&[])
    }

    fn commit(self: Box<Self>) -> io::Result<()> {
        self.table.commit()
    }

    fn discard(self: Box<Self>) {
        self.table.discard();
    }
}

/// A share in percent, as exact as a share with so many decimals; a dash for none.
fn percent(share: Option<f64>, digits: usize) -> String {
    let decimals = digits.saturating_sub(2);
    share.map_or("-".to_owned(), |share| format!("{:.decimals$}%", 100.0 * share))
}
