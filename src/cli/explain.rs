//! Explains scores term by term.

use std::io::{self, Write};
use std::path::PathBuf;

use crate::classifier::explain::{Detail, DocumentExplanation, LabelExplanation, TermContribution};
use crate::cli::exit::Exit;
use crate::cli::inputs::{ReadArgs, for_each_document};
use crate::cli::{model, terminal};
use crate::model::BlockKind;
use crate::{Document, Verdict};

/// Explain scores: which terms speak for each label, and how the sum comes about
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint explain data/articles/a-guarantee-on-paper.txt
  echo 'NATO must give Ukraine binding security guarantees now.' | standpoint explain - --top 5")]
pub struct Args {
    /// File or folder; - for standard input
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// Model file [default: the stance model inside the program]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Terms for each label
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
    #[command(flatten)]
    read: ReadArgs,
}

impl Args {
    /// Explains every document.
    pub fn run(self) -> anyhow::Result<Exit> {
        let classifier = model::open(self.model.as_ref())?;
        let mut worker = classifier.worker();
        let mut out = terminal::screen();
        let exit = for_each_document(
            &self.inputs,
            &self.read.options_for(&classifier.model().preparation, false),
            |text| {
                let verdict = worker.score_document(text);
                let detail = Detail { terms: self.top, paragraphs: true };
                let explanation = classifier.explain_verdict_in(&text.text, &verdict, detail);
                self.print(&mut out, text, &verdict, &explanation)
            },
        )?;
        out.flush()?;
        Ok(exit)
    }

    fn print(
        &self,
        out: &mut impl Write,
        document: &Document,
        verdict: &Verdict,
        explanation: &DocumentExplanation,
    ) -> io::Result<()> {
        let style = terminal::style();
        let answer = match verdict.reason() {
            None => verdict.top().to_owned(),
            Some(reason) => format!("no label ({reason}); likeliest {}", verdict.top()),
        };
        writeln!(out, "{}", style.bold(&format!("{}: {answer}", document.id.escape_debug())))?;
        match explanation {
            DocumentExplanation::Sum(labels) => self.sums(out, verdict, labels),
            DocumentExplanation::Ranking { labels, paragraphs } => {
                if let [only] = paragraphs.as_slice() {
                    return self.sums(out, verdict, only);
                }
                writeln!(
                    out,
                    "The probabilities are the weighted mean of {} paragraphs'; terms are ranked by paragraph weight x contribution.",
                    paragraphs.len()
                )?;
                let named = verdict.by_label().zip(labels);
                for ((name, probability), terms) in named {
                    writeln!(out, "\n  {}", style.bold(&format!("{name}  p {probability:.3}")))?;
                    self.terms(out, document, terms)?;
                }
                writeln!(out)
            }
        }
    }

    /// One exact sum a class.
    fn sums(&self, out: &mut impl Write, verdict: &Verdict, labels: &[LabelExplanation]) -> io::Result<()> {
        let style = terminal::style();
        for (explained, (name, probability)) in labels.iter().zip(verdict.by_label()) {
            let (listed, rest) = explained.top(self.top);
            writeln!(out, "\n  {}", style.bold(&format!("{name}  p {probability:.3}")))?;
            writeln!(out, "  {:>9.4}  intercept", explained.intercept)?;
            for term in listed {
                writeln!(out, "  {:>+9.4}  {}{}", term.contribution, term.text.escape_debug(), marks(term))?;
            }
            writeln!(out, "  {rest:>+9.4}  {} other terms", explained.count() - listed.len())?;
            writeln!(out, "  {:>9.4}  = margin", explained.margin)?;
        }
        writeln!(out)
    }

    fn terms(&self, out: &mut impl Write, document: &Document, terms: &[TermContribution]) -> io::Result<()> {
        for term in terms.iter().take(self.top).filter(|term| term.contribution > 0.0) {
            let first = term.spans.first().map_or("", |span| span.of(&document.text));
            writeln!(
                out,
                "  {:>+9.4}  {}  \"{}\"{}",
                term.contribution,
                term.text.escape_debug(),
                first.escape_debug(),
                marks(term)
            )?;
        }
        Ok(())
    }
}

/// The block of a term, if it has one, and how often it occurs, if more than once.
fn marks(term: &TermContribution) -> String {
    let times = if term.spans.len() > 1 { format!("  x{}", term.spans.len()) } else { String::new() };
    BlockKind::mark(term.block) + &times
}
