//! Writes what was decided to a file.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::cli::exit::{Exit, usage};
use crate::cli::headings::OUTPUT;
use crate::cli::label::work::WorkArgs;
use crate::cli::named::named;
use crate::labeling::ExportKind;
use crate::write::{Output, OutputFile, OutputPaths};

/// Write the labels, the input table with the labels beside it, or the page of an evaluation
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint label export news-labels table --output coded.csv
  standpoint label export news-labels labels --output labels.csv")]
pub struct Args {
    #[command(flatten)]
    work: WorkArgs,
    /// What to write: the input table with the decisions, the same for Excel, the labels with their
    /// texts, or the page of an evaluation on the blind sample
    #[arg(value_name = "WHAT", value_parser = named::<ExportKind>(), help_heading = None::<&str>)]
    what: ExportKind,
    /// File to write
    #[arg(long, value_name = "FILE", help_heading = OUTPUT)]
    output: PathBuf,
}

impl Args {
    pub fn run(self) -> anyhow::Result<Exit> {
        if is_inside(&self.output, self.work.folder()) {
            return Err(usage("--output is in the work folder; expected a file elsewhere"));
        }
        let path = OutputPaths::new(self.work.read_inputs()?).claim("output", &self.output)?;
        let workspace = match self.what {
            ExportKind::Table | ExportKind::Excel => self.work.open_scored()?,
            ExportKind::Labels | ExportKind::Evaluation => self.work.open()?,
        };
        let mut file = OutputFile::create(&path)?;
        workspace.export(self.what, &mut file)?;
        file.commit().context("cannot write the export")?;
        Ok(Exit::Done)
    }
}

fn is_inside(file: &Path, folder: &Path) -> bool {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let real = |path: &Path| path.canonicalize().ok();
    real(parent).zip(real(folder)).is_some_and(|(parent, folder)| parent.starts_with(folder))
}
