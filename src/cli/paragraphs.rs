//! Shows how texts are cut, and what is left out.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::ValueEnum;

use crate::Document;
use crate::cli::exit::Exit;
use crate::cli::found::for_each_document;
use crate::cli::headings::{INPUT, OUTPUT};
use crate::cli::inputs::ReadArgs;
use crate::cli::terminal;
use crate::cli::terminal::{print_title, visible};
use crate::model::{Preparation, Unit};
use crate::text::CutParagraph;
use crate::text::boilerplate::Rule;
use crate::write::{Layout, TextColumn, write_paragraph};

/// Show how texts are split into paragraphs, and which rule drops each one that is left out
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint paragraphs data/articles
  standpoint paragraphs page.md --text")]
pub struct Args {
    /// Files or folders; - for standard input
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// Print the decoded text instead; all offsets refer to it
    #[arg(long, help_heading = OUTPUT)]
    text: bool,
    /// Output format [default: a table on a terminal, JSON lines elsewhere]
    #[arg(long, conflicts_with = "text", help_heading = OUTPUT)]
    format: Option<Format>,
    #[command(flatten, next_help_heading = INPUT)]
    read: ReadArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Jsonl,
}

impl Args {
    /// Lists the paragraphs of every document.
    pub fn run(self) -> anyhow::Result<Exit> {
        let default = if terminal::stdout_is_terminal() { Format::Table } else { Format::Jsonl };
        let format = self.format.unwrap_or(default);
        let mut out: Box<dyn Write> = match format {
            Format::Table if !self.text => Box::new(io::BufWriter::new(terminal::screen())),
            _ => Box::new(terminal::data()),
        };
        let exit = for_each_document(
            &self.inputs,
            &self.read.options(&self.read.preparation(&Preparation::for_unit(Unit::Paragraph))),
            |document| {
                if self.text { writeln!(out, "{}", document.text) } else { list(&mut out, document, format) }
            },
        )?;
        out.flush()?;
        Ok(exit)
    }
}

fn list(out: &mut impl Write, document: &Document, format: Format) -> io::Result<()> {
    if format == Format::Table {
        print_title(out, &visible(&document.id), terminal::style())?;
    }
    let layout = layout();
    for CutParagraph { span, rule } in document.paragraphs() {
        match format {
            Format::Jsonl => write_paragraph(out, document, span, rule.map(Rule::name))?,
            Format::Table => line(out, &layout, CutParagraph { span, rule }, span.of(&document.text))?,
        }
    }
    Ok(())
}

fn line(out: &mut impl Write, layout: &Layout, paragraph: CutParagraph, text: &str) -> io::Result<()> {
    // A character may take no column, or two.
    let most = 2 * terminal::width();
    let beginning: String = text.chars().take(most).collect();
    let CutParagraph { span, rule } = paragraph;
    let [start, end] = [span.start(), span.end()].map(|offset| offset.to_string());
    let cells =
        [start.as_str(), &end, rule.map_or("kept", Rule::name), &beginning.replace(char::is_control, " ")];
    let shown = layout.line(&cells, |_, cell| cell);
    writeln!(out, "{}", if rule.is_some() { terminal::style().dim(&shown) } else { shown })
}

/// Where a paragraph begins and ends, whether it is kept, and as much of its text as there is room
/// for.
fn layout() -> Layout {
    let columns = vec![
        TextColumn::number("").widened(8),
        TextColumn::number("").widened(8),
        TextColumn::text("").widened(15),
        TextColumn::text("").filling(1),
    ];
    Layout::new(columns, terminal::width())
}
