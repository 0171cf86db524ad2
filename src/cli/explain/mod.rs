//! Explains scores: which sentences decided, and which terms.

mod page;
mod printer;
mod style_words;

use std::io::Write;
use std::path::PathBuf;

use page::Page;
use printer::Printer;
use style_words::StyleWords;

use crate::classifier::explain::{Detail, DocumentExplanation, LabelExplanation};
use crate::classifier::verdict::Reason;
use crate::classifier::{SentenceContribution, Worker};
use crate::cli::exit::Exit;
use crate::cli::found::{files, for_each_found};
use crate::cli::headings::{INPUT, MODEL, OUTPUT};
use crate::cli::inputs::ReadArgs;
use crate::cli::{model, terminal};
use crate::model::OffTopic;
use crate::{Document, Verdict};

/// Sentences that are listed where nobody says how many.
const USUAL_SENTENCES: usize = 5;

/// Explain scores: which sentences and terms speak for each label, and how they add up
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint explain data/articles/a-guarantee-on-paper.txt
  standpoint explain data/articles --html explained.html
  standpoint score data/articles --explain 5 --output terms.jsonl
  echo 'NATO must give Ukraine binding guarantees now.' | standpoint explain - --top 5")]
pub struct Args {
    /// Files or folders; - for standard input
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
    /// Model file [default: the bundled stance model]
    #[arg(long, value_name = "FILE", help_heading = MODEL)]
    model: Option<PathBuf>,
    /// Terms for each label
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = OUTPUT)]
    top: usize,
    /// Sentences that count most for or against the likeliest label; 0 for none [default: 5, or as
    /// many as --top if that is fewer]
    #[arg(long, value_name = "N", help_heading = OUTPUT)]
    sentences: Option<usize>,
    /// List function words (it, we, said) one by one instead of in one line of style words
    #[arg(long, help_heading = OUTPUT)]
    style_words: bool,
    /// Write a page with the texts and the sentences that decided to this file, and print nothing
    #[arg(long, value_name = "FILE.html", help_heading = OUTPUT)]
    html: Option<PathBuf>,
    #[command(flatten, next_help_heading = INPUT)]
    read: ReadArgs,
}

/// A text with its answer and what decided it.
pub struct Explained<'e> {
    pub document: &'e Document,
    pub verdict: &'e Verdict,
    /// What each sentence adds to the likeliest label.
    pub sentences: Vec<SentenceContribution>,
    pub terms: DocumentExplanation,
    /// When the model calls a text off-topic.
    pub off_topic: Option<OffTopic>,
}

impl Explained<'_> {
    /// Why the text is off-topic, if it is.
    fn why_off_topic(&self) -> Option<String> {
        let off = self.off_topic.filter(|_| self.verdict.reason() == Some(Reason::OffTopic))?;
        let (words, topic) = (self.verdict.words(), self.verdict.topic()?);
        let least = off.least_for(self.verdict.paragraphs().len(), words);
        let judged = match off.window_for(words) {
            Some(window) => {
                format!("the {} words in a row that are most like the training texts", window.words)
            }
            None => "the text".to_owned(),
        };
        Some(format!(
            "off-topic: the topic score of {judged} is {topic:.3}, below the threshold of {least:.3}"
        ))
    }

    /// The exact sums of a text that was scored as one unit, or that has one passage only.
    pub fn sums(&self) -> Option<&[LabelExplanation]> {
        match &self.terms {
            DocumentExplanation::Sum(labels) => Some(labels),
            DocumentExplanation::Ranking { paragraphs, .. } => match paragraphs.as_slice() {
                [only] => Some(only),
                _ => None,
            },
        }
    }
}

impl Args {
    /// Explains every document.
    pub fn run(self) -> anyhow::Result<Exit> {
        let found = files(&self.inputs, self.html.as_deref().as_slice(), false)?;
        let page = Page::open(self.html.as_deref(), &found, self.model.as_ref())?;
        let classifier = model::open(self.model.as_ref())?;
        let style = if self.style_words { None } else { Some(StyleWords::new(classifier.model())?) };
        let options = self.read.options_for(&classifier.model().preparation, false);
        let mut worker = classifier.worker();
        let (top, style) = (self.top, style.as_ref());
        if let Some(page) = page {
            let mut page = page.begin(&classifier)?;
            let exit = for_each_found(found, &options, |text| {
                let verdict = worker.score_document(text);
                page.add(&self.explained(&worker, text, &verdict), top, style)
            })?;
            page.finish(exit)?;
            return Ok(exit);
        }
        let mut out = terminal::screen();
        let exit = for_each_found(found, &options, |text| {
            let verdict = worker.score_document(text);
            let printer = Printer { top, sentences: self.sentences(), style };
            printer.print(&mut out, &self.explained(&worker, text, &verdict))
        })?;
        out.flush()?;
        Ok(exit)
    }

    fn sentences(&self) -> usize {
        self.sentences.unwrap_or(USUAL_SENTENCES.min(self.top))
    }

    fn explained<'e>(&self, worker: &Worker, document: &'e Document, verdict: &'e Verdict) -> Explained<'e> {
        let has_characters = worker.classifier().model().has_characters();
        // What is folded is a sum of all terms, and what is not among the largest is, too.
        let terms = if self.style_words && !has_characters { self.top } else { usize::MAX };
        let detail = Detail { terms, paragraphs: true };
        let classifier = worker.classifier();
        let wants_sentences = self.sentences() > 0 || self.html.is_some();
        let sentences = match wants_sentences {
            true => classifier.explain_sentences(&document.text, verdict, verdict.top_class()),
            false => Vec::new(),
        };
        let terms = classifier.explain_verdict_in(&document.text, verdict, detail);
        let terms = if has_characters { terms.in_words(&document.text) } else { terms };
        let off_topic = classifier.model().thresholds.off_topic;
        Explained { document, verdict, sentences, terms, off_topic }
    }
}
