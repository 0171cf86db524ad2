//! Runs `report`: makes a page from results of `score`.

mod coded;
mod columns;
mod seen;
mod texts;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use coded::read_coded;
use columns::{FoundColumns, kept_columns};
pub use seen::{SeenDocuments, known_training};
use texts::{Wanted, add_texts, files_of_texts};

use crate::cli::exit::{Exit, usage};
use crate::cli::found::files;
use crate::cli::headings::{GROUPS, INPUT, MODEL, OUTPUT, RUNNING};
use crate::cli::inputs::{GroupArgs, ReadArgs};
use crate::cli::values::condition;
use crate::cli::{model, terminal};
use crate::label::ClassId;
use crate::label::LabelSet;
use crate::read::{
    Condition, KeptColumns, ResultFiles, ResultOptions, ResultRecord, ResultSurvey, ScoredResult, is_stdin,
    read_results, survey_results,
};
use crate::tabulate::{Answer, Overview, OverviewOptions};
use crate::text::Preparation;
use crate::write::{
    NearDuplicates, Output, OutputFile, OutputPaths, ScoredPage, TrainingNote, drift_of_results,
    write_scored_page,
};
use crate::{Classifier, Error, Named, Reason};

/// Make a page from the results of `score`: label shares by outlet, slant over time, and the texts
/// to read
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint report scores.jsonl --output page.html
  standpoint report scores.jsonl --texts articles/ --output page.html
  standpoint report scores.jsonl --where label=pro-guarantee --output argued.html
  standpoint score articles/ | standpoint report - --output page.html
  standpoint report scores.csv --group-column outlet --title 'Guarantees in the press' --output page.html")]
pub struct Args {
    /// Results of `score`: JSON, CSV, TSV, Parquet or spreadsheets, files or folders; - for
    /// standard input. Groups, dates and titles are those that `score --keep` kept
    #[arg(value_name = "SCORED", required = true)]
    inputs: Vec<PathBuf>,
    /// Write the page to this file
    #[arg(long, value_name = "FILE.html", help_heading = OUTPUT)]
    output: PathBuf,
    /// Title of the page [default: a sentence that says what the texts argue]
    #[arg(long, value_name = "TEXT", help_heading = OUTPUT)]
    title: Option<String>,
    /// The files or folders that were scored: shows the texts, with the sentences that decided
    #[arg(long, value_name = "PATH", num_args = 1.., help_heading = INPUT)]
    texts: Vec<PathBuf>,
    /// A sample of these texts, drawn by `sample` and coded by people: adds shares corrected for
    /// the model's errors
    #[arg(long, value_name = "FILE", conflicts_with = "conditions", help_heading = INPUT)]
    coded: Option<PathBuf>,
    /// Report only on results whose column has this value, e.g. label=for; may be given several
    /// times
    #[arg(long = "where", value_name = "COLUMN=VALUE", value_parser = condition, help_heading = INPUT)]
    conditions: Vec<Condition>,
    /// The model that made the results, for its figures [default: the bundled stance model, if it
    /// made them]
    #[arg(long, value_name = "FILE", help_heading = MODEL)]
    model: Option<PathBuf>,
    /// The training rows of the model (labeled files, or a corpus of `train --save-corpus`), to
    /// warn of texts and groups that it has seen [default: for the bundled model, its own]
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = INPUT)]
    training_rows: Vec<PathBuf>,
    #[command(flatten, next_help_heading = GROUPS)]
    groups: GroupArgs,
    #[command(flatten, next_help_heading = INPUT)]
    read: ReadArgs,
    /// Print only errors
    #[arg(long, short, help_heading = RUNNING)]
    quiet: bool,
}

impl Args {
    /// Reads the results twice, for their labels and for their answers, and writes the page.
    pub fn run(self) -> anyhow::Result<Exit> {
        if [&self.inputs, &self.texts].iter().all(|paths| paths.iter().any(|path| is_stdin(path))) {
            return Err(usage(
                "--texts -: standard input holds the results; give the texts as files or folders",
            ));
        }
        let found = files(&self.inputs, &[&self.output], self.quiet)?;
        if let Some(error) = found.errors.into_iter().next() {
            return Err(error.into());
        }
        let texts = files_of_texts(&self.texts, &self.output, self.quiet)?;
        let read = found.files.iter().chain(&texts).chain(&self.model).chain(&self.coded);
        let read = read.chain(&self.training_rows);
        let claimed = OutputPaths::new(read).passing(&found.outputs).claim("output", &self.output)?;
        let mut out = OutputFile::create(&claimed)?;
        let results = ResultFiles::open(found.files.clone())?;
        let max_record = self.read.options(&Preparation::default()).max_record;
        let survey = survey_results(&results, max_record)?;
        let classifier = self.model_of(&survey)?;
        let labels = labels(&survey, classifier.as_ref())?;
        let options = ResultOptions {
            kept: kept_columns(&self.groups),
            labels: labels.clone(),
            conditions: self.conditions.clone(),
            ..ResultOptions::new(max_record)
        };
        let mut overview =
            Overview::new(&labels, &OverviewOptions { date_order: self.groups.date_format.order() })?;
        let mut seen = self.seen_documents(classifier.as_ref(), &options.kept)?;
        let mut columns = FoundColumns::default();
        for record in read_results(&results, &options) {
            if let Some(answer) = answer(&record?, &labels, &options.kept)? {
                overview.add(&answer)?;
                columns.see(&answer);
                seen.add(answer.id, answer.record, answer.group);
            } else {
                overview.add_failure();
            }
        }
        self.check_found(&overview)?;
        if overview.documents() > 0 {
            columns.check(&self.groups)?;
        }
        if let Some(classifier) = classifier.as_ref().filter(|_| !texts.is_empty()) {
            let input = self.read.options_for(&classifier.model().preparation, self.quiet);
            let wanted = Wanted { overview: &mut overview, seen: &mut seen };
            let missing = add_texts(wanted, classifier, texts, &input);
            terminal::warn(self.quiet, &missing);
        }
        let (warnings, note) = (seen.warnings(), seen.note());
        terminal::warn(self.quiet, &warnings);
        terminal::warn(self.quiet, too_many_groups(&overview, "--group-column").as_slice());
        let coded = match (&self.coded, &classifier) {
            (Some(file), Some(classifier)) => {
                let input = self.read.options(&classifier.model().preparation);
                Some(read_coded(file, classifier, &input, self.quiet)?)
            }
            _ => None,
        };
        let model = classifier.as_ref().map(Classifier::model);
        // Texts that were chosen by their answers are unlike any training.
        let model_of_all = model.filter(|_| self.conditions.is_empty());
        let drift = model_of_all.map_or_else(Vec::new, |model| drift_of_results(&overview, model));
        let files: Vec<String> = self.inputs.iter().map(|path| name_of(path)).collect();
        let page = ScoredPage {
            overview: &overview,
            title: self.title.as_deref(),
            files: &files,
            filters: &spelled(&self.conditions),
            near_duplicates: near_duplicates(&survey, &overview),
            model_id: &survey.model,
            loaded_language_id: survey.loaded_language_model.as_deref(),
            model,
            training: TrainingNote { warnings: &warnings, note: if model.is_some() { &note } else { "" } },
            drift: &drift,
            coded: coded.as_ref().map(|evaluation| &evaluation.result),
            has_texts: !self.texts.is_empty(),
        };
        write_scored_page(&mut out, &page)
            .and_then(|()| out.commit())
            .with_context(|| format!("{}: cannot write the page", self.output.display()))?;
        if !self.quiet {
            terminal::say(&format!("page written to {}", self.output.display()));
        }
        Ok(Exit::Done)
    }

    /// What compares the documents with the rows that their model was trained on.
    fn seen_documents(
        &self,
        classifier: Option<&Classifier>,
        kept: &KeptColumns,
    ) -> anyhow::Result<SeenDocuments> {
        let Some(classifier) = classifier else { return Ok(SeenDocuments::new(None, false)) };
        let input = self.read.options(&self.read.preparation(&classifier.model().preparation));
        let training = known_training(classifier, &self.training_rows, &input, &kept.group)?;
        Ok(SeenDocuments::new(training, !self.texts.is_empty()))
    }

    /// Refuses conditions that no result meets.
    fn check_found(&self, overview: &Overview) -> anyhow::Result<()> {
        if self.conditions.is_empty() || overview.documents() + overview.failed() > 0 {
            return Ok(());
        }
        Err(usage(format!(
            "--where: no result has {}; expected a column of the results, such as label, top or reason, or one that `score --keep` kept",
            spelled(&self.conditions).join(" and ")
        )))
    }

    /// The model that made the results: the one that is named, or the bundled one if it is that.
    fn model_of(&self, survey: &ResultSurvey) -> anyhow::Result<Option<Classifier>> {
        let is_theirs = |classifier: &Classifier| hash(classifier.id()) == hash(&survey.model);
        match &self.model {
            Some(path) => {
                let classifier = Classifier::open(path)?;
                if !is_theirs(&classifier) {
                    return Err(usage(format!(
                        "--model {}: found {}, but the results were made by {}; give that model",
                        path.display(),
                        classifier.id(),
                        survey.model
                    )));
                }
                Ok(Some(classifier))
            }
            None => {
                let bundled = model::open(None).ok().filter(is_theirs);
                if bundled.is_none()
                    && (self.coded.is_some() || !self.texts.is_empty() || !self.training_rows.is_empty())
                {
                    return Err(usage(format!(
                        "--texts, --coded and --training-rows need the model that made the results, {}; give its file with --model",
                        survey.model
                    )));
                }
                Ok(bundled)
            }
        }
    }
}

/// What a reader of the page calls a file that was read.
fn name_of(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// The conditions as the page names them.
pub fn spelled(conditions: &[Condition]) -> Vec<String> {
    conditions.iter().map(|Condition { column, value }| format!("{column} = {value}")).collect()
}

/// Whether repeats are marked; those that `score --drop-duplicates` left out are not among the
/// results.
fn near_duplicates(survey: &ResultSurvey, overview: &Overview) -> NearDuplicates<'static> {
    match survey.has_duplicates_marked || overview.repeats() > 0 {
        true => NearDuplicates::Marked,
        false => NearDuplicates::NotSought,
    }
}

/// Says that groups were too many to compare, where they were, and which option names others.
pub fn too_many_groups(overview: &Overview, option: &str) -> Option<String> {
    overview.has_too_many_groups().then(|| {
        format!(
            "the page compares no groups: `{}` has too many different values; name another column with {option}",
            overview.group_name()
        )
    })
}

/// The hash in the id of a model.
fn hash(id: &str) -> &str {
    id.rsplit_once('@').map_or(id, |(_, hash)| hash)
}

/// The labels in class order: those of the model if it is at hand.
fn labels(survey: &ResultSurvey, classifier: Option<&Classifier>) -> crate::Result<Vec<String>> {
    let Some(classifier) = classifier else { return Ok(survey.labels.clone()) };
    let known: &LabelSet = classifier.labels();
    match survey.labels.iter().find(|label| known.get(label).is_none()) {
        None => Ok(known.names().to_vec()),
        Some(other) => Err(Error::data(format!(
            "the results have the label `{other}`; expected those of the model {}",
            classifier.id()
        ))),
    }
}

/// The answer of one record; `None` for one that could not be scored.
fn answer<'r>(
    record: &'r ResultRecord,
    labels: &[String],
    kept: &'r KeptColumns,
) -> crate::Result<Option<Answer<'r>>> {
    let ResultRecord::Scored(result) = record else { return Ok(None) };
    let ScoredResult { name, top, reason, .. } = &**result;
    let reason = match reason {
        None => None,
        Some(reason) => Some(<Reason as Named>::from_name(reason).ok_or_else(|| {
            Error::data(format!("{}: its reason `{reason}` is not one that this version knows", name.id))
        })?),
    };
    let class = labels.iter().position(|label| label == top);
    let top = class
        .map(ClassId::new)
        .ok_or_else(|| Error::data(format!("{}: an unknown label `{top}`", name.id)))?;
    let found = kept.find(|name| result.kept.get(name).map(String::as_str));
    Ok(Some(Answer {
        id: &name.id,
        record: name.record,
        title: found.title,
        group: found.group,
        group_column: found.group_column,
        date: found.date,
        top,
        reason,
        confidence: result.confidence,
        slant: result.slant,
        loaded: result.loaded,
        words: result.words.unwrap_or(0),
        known: result.known,
        duplicate_of: result.duplicate_of.as_deref(),
        document: None,
    }))
}
