//! Prints explanations for reading on a terminal.

use std::io::{self, Write};

use crate::Verdict;
use crate::classifier::SentenceContribution;
use crate::classifier::explain::{DocumentExplanation, LabelExplanation, TermContribution};
use crate::cli::explain::Explained;
use crate::cli::explain::style_words::{FoldedTerms, StyleWords};
use crate::cli::terminal::{self, print_hanging, print_title, visible};
use crate::error::counted;
use crate::model::BlockKind;
use crate::tokenizer::QUOTATION;

/// Prints explanations.
pub struct Printer<'p> {
    /// Terms for each label.
    pub top: usize,
    /// Sentences for the likeliest label.
    pub sentences: usize,
    /// The words that are folded into one line, if they are.
    pub style: Option<&'p StyleWords>,
}

impl Printer<'_> {
    /// Prints the answer, the sentences that decided it, and the terms of each label.
    pub fn print(&self, out: &mut impl Write, explained: &Explained<'_>) -> io::Result<()> {
        let style = terminal::style();
        let Explained { document, verdict, .. } = explained;
        let answer = match verdict.reason() {
            None => verdict.top().to_owned(),
            Some(reason) => format!("no label ({reason}); likeliest: {}", verdict.top()),
        };
        print_title(out, &format!("{}: {answer}", visible(&document.id)), style)?;
        if let Some(why) = explained.why_off_topic() {
            terminal::print_wrapped(out, &why)?;
        }
        self.ranking(out, explained)?;
        if let Some(sums) = explained.sums() {
            return self.sums(out, verdict, sums);
        }
        let DocumentExplanation::Ranking { labels, paragraphs } = &explained.terms else { return Ok(()) };
        let how = format!(
            "The probabilities are the weighted mean over {} paragraphs; terms are ranked by paragraph weight x contribution. Each \
             paragraph has an exact sum of its own (score --paragraphs --explain N), the text has none.",
            paragraphs.len()
        );
        writeln!(out)?;
        terminal::print_wrapped(out, &how)?;
        for ((name, probability), terms) in verdict.by_label().zip(labels) {
            writeln!(out)?;
            print_title(out, &format!("  {name}  p {probability:.3}"), style)?;
            self.terms(out, &document.text, terms)?;
        }
        writeln!(out)
    }

    /// The sentences that count most, and what all others add together. One sentence alone is the
    /// text.
    fn ranking(&self, out: &mut impl Write, explained: &Explained<'_>) -> io::Result<()> {
        let mut ranked: Vec<&SentenceContribution> = explained.sentences.iter().collect();
        if ranked.len() < 2 || self.sentences == 0 {
            return Ok(());
        }
        ranked.sort_by(|a, b| {
            b.contribution.abs().total_cmp(&a.contribution.abs()).then(a.start.cmp(&b.start))
        });
        let heading = format!("  sentences that decided on {}", explained.verdict.top());
        writeln!(out)?;
        print_title(out, &heading, terminal::style())?;
        let (listed, others) = ranked.split_at(self.sentences.min(ranked.len()));
        for sentence in listed {
            let text = sentence.span().of(&explained.document.text);
            let text = visible(&text.split_whitespace().collect::<Vec<_>>().join(" "));
            print_hanging(out, &format!("  {:>+9.4}  {text}", sentence.contribution))?;
        }
        if others.is_empty() {
            return Ok(());
        }
        let rest: f64 = others.iter().map(|sentence| sentence.contribution).sum();
        writeln!(out, "  {rest:>+9.4}  {}", counted(others.len(), "other sentence"))
    }

    /// One exact sum a class.
    fn sums(&self, out: &mut impl Write, verdict: &Verdict, labels: &[LabelExplanation]) -> io::Result<()> {
        let style = terminal::style();
        for (explained, (name, probability)) in labels.iter().zip(verdict.by_label()) {
            writeln!(out)?;
            print_title(out, &format!("  {name}  p {probability:.3}"), style)?;
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
            if others > 0 {
                writeln!(out, "  {rest:>+9.4}  {}", counted(others, "other term"))?;
            }
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
            print_hanging(out, &format!("  {:>+9.4}  {}{}", term.contribution, name(term), marks(term)))?;
        }
        Ok(())
    }

    fn terms(&self, out: &mut impl Write, text: &str, terms: &[TermContribution]) -> io::Result<()> {
        let (terms, folded) = match self.style {
            Some(style) => {
                let (terms, folded) = style.split(terms.iter());
                (terms, Some(folded))
            }
            None => (terms.iter().collect(), None),
        };
        for term in terms.into_iter().take(self.top).filter(|term| term.contribution > 0.0) {
            let first = term.spans.first().map_or("", |span| span.of(text));
            let what = format!("{}  \"{}\"{}", name(term), visible(first), marks(term));
            print_hanging(out, &format!("  {:>+9.4}  {what}", term.contribution))?;
        }
        folded.map_or(Ok(()), |folded| fold(out, &folded))
    }
}

/// The line of the terms that are shown as one sum.
fn fold(out: &mut impl Write, folded: &FoldedTerms<'_>) -> io::Result<()> {
    match folded.contribution() {
        Some(sum) => print_hanging(out, &format!("  {sum:>+9.4}  {}", visible(&folded.name()))),
        None => Ok(()),
    }
}

/// A term as it stands in the vocabulary, with a word for the one that stands for any quotation.
fn name(term: &TermContribution) -> String {
    let what = if term.text == QUOTATION { " (any quotation)" } else { "" };
    visible(&term.text) + what
}

/// The block of a term, if it has one, and how often it occurs, if more than once.
fn marks(term: &TermContribution) -> String {
    let times = if term.spans.len() > 1 { format!("  x{}", term.spans.len()) } else { String::new() };
    BlockKind::mark(term.block) + &times
}
