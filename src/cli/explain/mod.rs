//! Explains scores term by term.

mod style_words;

use std::io::{self, Write};
use std::path::PathBuf;

use style_words::{FoldedTerms, StyleWords};

use crate::classifier::explain::{Detail, DocumentExplanation, LabelExplanation, TermContribution};
use crate::cli::exit::Exit;
use crate::cli::headings::{INPUT, MODEL, OUTPUT};
use crate::cli::inputs::{ReadArgs, for_each_document};
use crate::cli::terminal::visible;
use crate::cli::{model, terminal};
use crate::error::counted;
use crate::model::BlockKind;
use crate::{Document, Verdict};

/// Explain scores: which terms speak for each label, and how they add up
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint explain data/articles/a-guarantee-on-paper.txt
  echo 'NATO must give Ukraine binding security guarantees now.' | standpoint explain - --top 5")]
pub struct Args {
    /// File or folder; - for standard input
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// Model file [default: the bundled stance model]
    #[arg(long, value_name = "FILE", help_heading = MODEL)]
    model: Option<PathBuf>,
    /// Terms for each label
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = OUTPUT)]
    top: usize,
    /// List function words (it, we, said) one by one instead of in one line of style words
    #[arg(long, help_heading = OUTPUT)]
    style_words: bool,
    #[command(flatten, next_help_heading = INPUT)]
    read: ReadArgs,
}

impl Args {
    /// Explains every document.
    pub fn run(self) -> anyhow::Result<Exit> {
        let classifier = model::open(self.model.as_ref())?;
        let style = if self.style_words { None } else { Some(StyleWords::new(classifier.model())?) };
        let mut worker = classifier.worker();
        let mut out = terminal::screen();
        let exit = for_each_document(
            &self.inputs,
            &self.read.options_for(&classifier.model().preparation, false),
            |text| {
                let verdict = worker.score_document(text);
                // What is folded is a sum of all terms, and what is not among the largest is, too.
                let terms = if style.is_some() { usize::MAX } else { self.top };
                let detail = Detail { terms, paragraphs: true };
                let explanation = classifier.explain_verdict_in(&text.text, &verdict, detail);
                let printer = Printer { top: self.top, style: style.as_ref() };
                printer.print(&mut out, (text, &verdict), &explanation)
            },
        )?;
        out.flush()?;
        Ok(exit)
    }
}

/// Prints explanations.
struct Printer<'p> {
    /// Terms for each label.
    top: usize,
    /// The words that are folded into one line, if they are.
    style: Option<&'p StyleWords>,
}

impl Printer<'_> {
    fn print(
        &self,
        out: &mut impl Write,
        (document, verdict): (&Document, &Verdict),
        explanation: &DocumentExplanation,
    ) -> io::Result<()> {
        let style = terminal::style();
        let answer = match verdict.reason() {
            None => verdict.top().to_owned(),
            Some(reason) => format!("no label ({reason}); likeliest: {}", verdict.top()),
        };
        writeln!(out, "{}", style.bold(&format!("{}: {answer}", visible(&document.id))))?;
        match explanation {
            DocumentExplanation::Sum(labels) => self.sums(out, verdict, labels),
            DocumentExplanation::Ranking { labels, paragraphs } => {
                if let [only] = paragraphs.as_slice() {
                    return self.sums(out, verdict, only);
                }
                writeln!(
                    out,
                    "The probabilities are the weighted mean over {} paragraphs; terms are ranked by paragraph weight x \
                     contribution.",
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
            writeln!(out, "\n  {}", style.bold(&format!("{name}  p {probability:.3}")))?;
            writeln!(out, "  {:>9.4}  intercept", explained.intercept)?;
            let (others, rest) = match self.style {
                None => {
                    let (listed, rest) = explained.top(self.top);
                    self.listed(out, listed.iter())?;
                    (explained.count() - listed.len(), rest)
                }
                Some(style) => {
                    let (terms, folded) = style.split(explained.terms.iter());
                    let (listed, others) = terms.split_at(self.top.min(terms.len()));
                    self.listed(out, listed.iter().copied())?;
                    fold(out, &folded)?;
                    (others.len(), others.iter().map(|term| term.contribution).sum())
                }
            };
            writeln!(out, "  {rest:>+9.4}  {}", counted(others, "other term"))?;
            writeln!(out, "  {:>9.4}  = margin", explained.margin)?;
        }
        writeln!(out)
    }

    fn listed<'t>(
        &self,
        out: &mut impl Write,
        terms: impl Iterator<Item = &'t TermContribution>,
    ) -> io::Result<()> {
        for term in terms {
            writeln!(out, "  {:>+9.4}  {}{}", term.contribution, visible(&term.text), marks(term))?;
        }
        Ok(())
    }

    fn terms(&self, out: &mut impl Write, document: &Document, terms: &[TermContribution]) -> io::Result<()> {
        let (terms, folded) = match self.style {
            Some(style) => {
                let (terms, folded) = style.split(terms.iter());
                (terms, Some(folded))
            }
            None => (terms.iter().collect(), None),
        };
        for term in terms.into_iter().take(self.top).filter(|term| term.contribution > 0.0) {
            let first = term.spans.first().map_or("", |span| span.of(&document.text));
            writeln!(
                out,
                "  {:>+9.4}  {}  \"{}\"{}",
                term.contribution,
                visible(&term.text),
                visible(first),
                marks(term)
            )?;
        }
        folded.map_or(Ok(()), |folded| fold(out, &folded))
    }
}

/// The line of the terms that are shown as one sum.
fn fold(out: &mut impl Write, folded: &FoldedTerms<'_>) -> io::Result<()> {
    match folded.contribution() {
        Some(sum) => writeln!(out, "  {sum:>+9.4}  {}", visible(&folded.name())),
        None => Ok(()),
    }
}

/// The block of a term, if it has one, and how often it occurs, if more than once.
fn marks(term: &TermContribution) -> String {
    let times = if term.spans.len() > 1 { format!("  x{}", term.spans.len()) } else { String::new() };
    BlockKind::mark(term.block) + &times
}
