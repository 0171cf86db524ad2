//! Explains scores term by term.

use std::io::{self, Write};
use std::path::PathBuf;

use crate::classifier::explain::{ClassExplanation, Contribution, DocumentExplanation, document};
use crate::cli::exit::Exit;
use crate::cli::inputs::{ReadArgs, for_each_document};
use crate::cli::{model, terminal};
use crate::{Classifier, Document, Verdict};

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
        let loaded = model::load(self.model.as_ref())?;
        let mut worker = loaded.classifier.worker();
        let mut out = io::stdout().lock();
        let exit = for_each_document(
            &self.inputs,
            &self.read.options_for(&loaded.classifier.model().preparation, false),
            |text| {
                let verdict = worker.document(text);
                let explanation = document(&mut worker, &text.text, &verdict);
                self.print(&mut out, &loaded.classifier, text, &verdict, &explanation)
            },
        )?;
        out.flush()?;
        Ok(exit)
    }

    fn print(
        &self,
        out: &mut impl Write,
        classifier: &Classifier,
        document: &Document,
        verdict: &Verdict,
        explanation: &DocumentExplanation,
    ) -> io::Result<()> {
        let labels = classifier.labels();
        let style = terminal::style();
        let answer = match (verdict.decision.label(), verdict.decision.reason()) {
            (Some(class), _) => labels.name(class).to_owned(),
            (None, Some(reason)) => format!("no label ({reason}); likeliest {}", labels.name(verdict.top)),
            (None, None) => String::new(),
        };
        writeln!(out, "{}", style.bold(&format!("{}: {answer}", document.id.escape_debug())))?;
        match explanation {
            DocumentExplanation::Sum(classes) => self.sums(out, classifier, verdict, classes),
            DocumentExplanation::Ranking { classes, paragraphs } => {
                if let [only] = paragraphs.as_slice() {
                    return self.sums(out, classifier, verdict, only);
                }
                writeln!(
                    out,
                    "The probabilities are the weighted mean of {} paragraphs'; terms are ranked by paragraph weight x contribution.",
                    paragraphs.len()
                )?;
                let named = labels.names().iter().zip(&verdict.probabilities).zip(classes);
                for ((name, probability), terms) in named {
                    writeln!(out, "\n  {}", style.bold(&format!("{name}  p {probability:.3}")))?;
                    self.terms(out, document, terms)?;
                }
                writeln!(out)
            }
        }
    }

    /// One exact sum a class.
    fn sums(
        &self,
        out: &mut impl Write,
        classifier: &Classifier,
        verdict: &Verdict,
        classes: &[ClassExplanation],
    ) -> io::Result<()> {
        let style = terminal::style();
        for (explained, probability) in classes.iter().zip(&verdict.probabilities) {
            let name = classifier.labels().name(explained.class);
            let (listed, rest) = explained.top(self.top);
            writeln!(out, "\n  {}", style.bold(&format!("{name}  p {probability:.3}")))?;
            writeln!(out, "  {:>9.4}  intercept", explained.intercept)?;
            for term in listed {
                writeln!(out, "  {:>+9.4}  {}{}", term.amount, term.term.escape_debug(), times(term))?;
            }
            writeln!(out, "  {rest:>+9.4}  {} other terms", explained.terms.len() - listed.len())?;
            writeln!(out, "  {:>9.4}  = margin", explained.margin)?;
        }
        writeln!(out)
    }

    fn terms(&self, out: &mut impl Write, document: &Document, terms: &[Contribution]) -> io::Result<()> {
        for term in terms.iter().take(self.top).filter(|term| term.amount > 0.0) {
            let first = term.spans.first().map_or("", |span| span.of(&document.text));
            writeln!(
                out,
                "  {:>+9.4}  {}  \"{}\"{}",
                term.amount,
                term.term.escape_debug(),
                first.escape_debug(),
                times(term)
            )?;
        }
        Ok(())
    }
}

fn times(term: &Contribution) -> String {
    if term.spans.len() > 1 { format!("  x{}", term.spans.len()) } else { String::new() }
}
