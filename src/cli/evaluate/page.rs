//! The page of an evaluation: which rows it explains, and the file that it goes to.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::cli::inputs::refuse_input_as_output;
use crate::read::Gold;
use crate::write::{Evaluated, Mistake, Output, OutputFile, Report, write_report};
use crate::{ClassId, Classifier, Verdict};

/// So many mistakes are explained.
const MISTAKES: usize = 20;

/// Rows that were answered wrongly, by the probability of their gold label.
#[derive(Default)]
pub struct Worst(Vec<Wrong>);

struct Wrong {
    probability: f64,
    row: usize,
    gold: ClassId,
}

impl Worst {
    /// Looks at the answer on a row.
    pub fn add(&mut self, row: usize, gold: ClassId, verdict: &Verdict) {
        if verdict.top_class() != gold {
            let probability = verdict.class_probability(gold);
            self.0.push(Wrong { probability, row, gold });
            // What cannot be among the worst any more need not be kept.
            if self.0.len() >= 100 * MISTAKES {
                self.trim();
            }
        }
    }

    fn trim(&mut self) {
        self.0.sort_by(|a, b| a.probability.total_cmp(&b.probability).then(a.row.cmp(&b.row)));
        self.0.truncate(MISTAKES);
    }

    /// Explains the worst.
    pub fn explained(mut self, classifier: &Classifier, rows: &[Gold], documents: bool) -> Vec<Mistake> {
        self.trim();
        let mut worker = classifier.worker();
        let wrong = self.0.into_iter().filter_map(|wrong| Some((wrong.gold, rows.get(wrong.row)?)));
        wrong.map(|(gold, row)| Mistake::new(&mut worker, &row.document, gold, documents)).collect()
    }
}

/// A page's file, opened before the work starts.
pub struct Page {
    path: PathBuf,
    file: OutputFile,
}

impl Page {
    /// Opens the file, if one is asked for.
    pub fn open(path: Option<&Path>, inputs: &[PathBuf]) -> anyhow::Result<Option<Self>> {
        let Some(path) = path else { return Ok(None) };
        refuse_input_as_output(inputs, Some(path))?;
        let file = OutputFile::create(path)
            .with_context(|| format!("{}: cannot write the report there", path.display()))?;
        Ok(Some(Page { path: path.to_owned(), file }))
    }

    /// Writes the page.
    pub fn write(
        mut self,
        evaluated: Evaluated<'_>,
        classifier: &Classifier,
        mistakes: &[Mistake],
    ) -> anyhow::Result<()> {
        let model = classifier.model();
        let language = model.tokenizer_config.language.map(|language| language.code());
        let report = Report { evaluated, model, language, mistakes };
        write_report(&mut self.file, &report)
            .and_then(|()| self.file.commit())
            .with_context(|| format!("{}: cannot write the report", self.path.display()))
    }
}
