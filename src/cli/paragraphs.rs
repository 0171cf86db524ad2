//! Shows how texts are cut, and what is left out.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::ValueEnum;

use crate::cli::exit::Exit;
use crate::cli::found::for_each_document;
use crate::cli::headings::{INPUT, OUTPUT};
use crate::cli::inputs::ReadArgs;
use crate::cli::terminal;
use crate::cli::terminal::visible;
use crate::model::{Preparation, Unit};
use crate::text::CutParagraph;
use crate::text::boilerplate::Rule;
use crate::write::text_table::fit_start;
use crate::write::write_paragraph;
use crate::{Document, Span};

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
        writeln!(out, "{}", terminal::style().bold(&visible(&document.id)))?;
    }
    for CutParagraph { span, rule } in document.paragraphs() {
        let rule = rule.map(Rule::name);
        match format {
            Format::Jsonl => write_paragraph(out, document, span, rule)?,
            Format::Table => line(out, document, span, rule)?,
        }
    }
    Ok(())
}

fn line(out: &mut impl Write, document: &Document, span: Span, rule: Option<&str>) -> io::Result<()> {
    let place = format!("{:>8} {:>8}  {:<15}  ", span.start(), span.end(), rule.unwrap_or("kept"));
    let room = terminal::width().saturating_sub(place.chars().count());
    // A character may take no column, or two.
    let beginning: String = span.of(&document.text).chars().take(2 * room + 1).collect();
    let beginning = beginning.replace(char::is_control, " ");
    let shown = place + &fit_start(&beginning, room);
    writeln!(out, "{}", if rule.is_some() { terminal::style().dim(&shown) } else { shown })
}
