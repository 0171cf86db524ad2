//! Writes explanations as a page.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::Classifier;
use crate::classifier::explain::{DocumentExplanation, TermContribution};
use crate::cli::exit::Exit;
use crate::cli::explain::Explained;
use crate::cli::explain::style_words::StyleWords;
use crate::model::BlockKind;
use crate::read::FoundFiles;
use crate::write::{ExplainedText, ExplanationPage, LabelTerms, Output, OutputFile, OutputPaths};

/// The file of the page, opened before the work starts.
pub struct Page {
    path: PathBuf,
    file: OutputFile,
}

impl Page {
    /// Opens the file, if one is asked for.
    pub fn open(
        path: Option<&Path>,
        found: &FoundFiles,
        model: Option<&PathBuf>,
    ) -> anyhow::Result<Option<Self>> {
        let Some(path) = path else { return Ok(None) };
        let read = found.files.iter().chain(model);
        let claimed = OutputPaths::new(read).passing(&found.outputs).claim("html", path)?;
        Ok(Some(Page { path: path.to_owned(), file: OutputFile::create(&claimed)? }))
    }

    /// Begins the page about answers of a model.
    pub fn begin(self, classifier: &Classifier) -> anyhow::Result<BegunPage> {
        let page = ExplanationPage::new(self.file, classifier)
            .with_context(|| format!("{}: cannot write the page", self.path.display()))?;
        Ok(BegunPage { path: self.path, page })
    }
}

/// A page that texts are added to.
pub struct BegunPage {
    path: PathBuf,
    page: ExplanationPage<OutputFile>,
}

impl BegunPage {
    /// Adds a text with so many terms for each label.
    pub fn add(
        &mut self,
        explained: &Explained<'_>,
        top: usize,
        style: Option<&StyleWords>,
    ) -> io::Result<()> {
        let of_label: Vec<&[TermContribution]> = match (explained.sums(), &explained.terms) {
            (Some(sums), _) => sums.iter().map(|label| label.terms.as_slice()).collect(),
            (None, DocumentExplanation::Ranking { labels, .. }) => labels.iter().map(Vec::as_slice).collect(),
            (None, DocumentExplanation::Sum(_)) => Vec::new(),
        };
        let labels = explained.verdict.by_label().zip(of_label);
        let terms: Vec<LabelTerms> = labels
            .map(|((label, probability), terms)| LabelTerms {
                label: label.to_owned(),
                probability,
                terms: shown(terms, top, style),
            })
            .collect();
        self.page.add(&ExplainedText {
            document: explained.document,
            verdict: explained.verdict,
            sentences: &explained.sentences,
            terms: &terms,
        })
    }

    /// Ends the page. Where no text could be explained, a page that stood there stays.
    pub fn finish(self, exit: Exit) -> anyhow::Result<()> {
        if exit == Exit::Failed {
            return Ok(());
        }
        self.page
            .finish()
            .and_then(Output::commit)
            .with_context(|| format!("{}: cannot write the page", self.path.display()))
    }
}

/// The terms that speak most for a label, and what its style words add together.
fn shown(terms: &[TermContribution], top: usize, style: Option<&StyleWords>) -> Vec<(String, f64)> {
    let (terms, folded) = match style {
        Some(style) => {
            let (terms, folded) = style.split(terms.iter());
            (terms, folded.contribution().map(|sum| (folded.name(), sum)))
        }
        None => (terms.iter().collect(), None),
    };
    let speaking = terms.into_iter().take(top).filter(|term| term.contribution > 0.0);
    let named =
        speaking.map(|term| (format!("{}{}", term.text, BlockKind::mark(term.block)), term.contribution));
    named.chain(folded).collect()
}
