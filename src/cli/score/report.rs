//! Counts the answers of a run as they pass, and writes the page about them.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;

use crate::cli::report_page::{SeenDocuments, known_training, spelled, too_many_groups};
use crate::pipeline::{Run, RunReport};
use crate::read::{Column, KeptColumns, Requirement};
use crate::tabulate::{Answer, DateOrder, GroupKey, Overview, OverviewOptions};
use crate::write::{NearDuplicates, Outcome, OutputFile, ScoredPage, TrainingNote, write_scored_page};

/// The page of a run.
pub struct RunPage {
    counts: Arc<Mutex<Counts>>,
    kept: KeptColumns,
    /// The names of all carried columns, in their order.
    columns: Vec<String>,
    files: Vec<String>,
}

/// What is counted while outcomes pass.
struct Counts {
    overview: Overview,
    seen: SeenDocuments,
}

/// The usual columns. Where some of those for groups are kept, the others are passed over, as they
/// are by `report`, which sees the kept ones only.
fn usual_columns(keep: &[String]) -> KeptColumns {
    let mut usual = KeptColumns::default();
    if usual.group.iter().any(|name| keep.contains(name)) {
        usual.group.retain(|name| keep.contains(name));
    }
    usual
}

impl RunPage {
    /// Makes the run carry the columns that the page needs. Its groups and dates are those that the
    /// run counts by, or the usual ones; of the usual ones only those that results keep, if any.
    pub fn new(run: &mut Run<'_>, inputs: &[PathBuf], date_order: Option<DateOrder>) -> anyhow::Result<Self> {
        let mut kept = usual_columns(&run.context.keep);
        let column = |key: &GroupKey| key.column().to_owned();
        if let Some(key) = run.group_keys.iter().find(|key| key.period().is_none()) {
            kept.group = vec![column(key)];
        }
        if let Some(key) = run.group_keys.iter().find(|key| key.period().is_some()) {
            kept.date = column(key);
        }
        for name in kept.names() {
            if !run.input.columns.iter().any(|column| column.name == name) {
                run.input.columns.push(Column { name: name.to_owned(), need: Requirement::Optional });
            }
        }
        let overview = Overview::new(run.classifier.labels().names(), &OverviewOptions { date_order })?;
        let training = known_training(run.classifier, &[], &run.input, &kept.group)?;
        let seen = SeenDocuments::new(training, true);
        Ok(RunPage {
            counts: Arc::new(Mutex::new(Counts { overview, seen })),
            columns: run.input.columns.iter().map(|column| column.name.clone()).collect(),
            kept,
            files: inputs.iter().map(|input| input.display().to_string()).collect(),
        })
    }

    /// What counts the outcomes that are written.
    pub fn watch(&self) -> impl FnMut(&Outcome) -> crate::Result<()> + Send + 'static + use<> {
        let (counts, columns, kept) = (Arc::clone(&self.counts), self.columns.clone(), self.kept.clone());
        move |outcome| {
            let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
            let Counts { overview, seen } = &mut *counts;
            let Ok(scored) = outcome else {
                overview.add_failure();
                return Ok(());
            };
            let values = &scored.document.columns;
            let value = |name: &str| {
                let at = columns.iter().position(|column| column == name)?;
                values.get(at)?.as_deref()
            };
            let found = kept.find(value);
            let verdict = &scored.verdict;
            let record = scored.document.record;
            seen.add(&scored.id, record, found.group);
            seen.add_text(&scored.id, record, &scored.document.text);
            overview.add(&Answer {
                id: &scored.id,
                record,
                title: found.title,
                group: found.group,
                group_column: found.group_column,
                date: found.date,
                top: verdict.top_class(),
                reason: verdict.reason(),
                confidence: Some(verdict.confidence()),
                slant: verdict.slant(),
                loaded: verdict.loaded(),
                words: verdict.words() as u64,
                known: verdict.known(),
                duplicate_of: scored.duplicate_of.as_deref(),
                document: Some(&scored.document),
            })
        }
    }

    /// Writes the page of a finished run, and gives what is to be told about it.
    pub fn write(
        &self,
        out: &mut OutputFile,
        run: &Run<'_>,
        report: &RunReport,
    ) -> anyhow::Result<Vec<String>> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let Counts { overview, seen } = &mut *counts;
        let (mut warnings, note) = (seen.warnings(), seen.note());
        let mut worker = run.classifier.worker_with(run.score.clone());
        for pick in overview.picks_mut().iter_mut() {
            pick.explain_kept(&mut worker);
        }
        let filters = spelled(&run.context.output_conditions);
        // Texts that were chosen by their answers are unlike any training.
        let drift = match filters.is_empty() {
            true => report.tally.drift(&run.context),
            false => Vec::new(),
        };
        let near_duplicates = match (run.context.drop_duplicates, run.context.duplicates) {
            (true, _) => {
                NearDuplicates::LeftOut { texts: report.results.dropped, option: "--drop-duplicates" }
            }
            (false, true) => NearDuplicates::Marked,
            (false, false) => NearDuplicates::NotSought,
        };
        let page = ScoredPage {
            overview,
            title: None,
            files: &self.files,
            filters: &filters,
            near_duplicates,
            model_id: run.classifier.id(),
            loaded_language_id: run.classifier.loaded_language_id(),
            model: Some(run.classifier.model()),
            training: TrainingNote { warnings: &warnings, note: &note },
            drift: &drift,
            coded: None,
            has_texts: true,
        };
        write_scored_page(out, &page).context("cannot write the report")?;
        warnings.extend(too_many_groups(overview, "--by"));
        Ok(warnings)
    }
}
