//! Runs `serve`: opens a page in the browser to read, label, retrain and check.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::cli::common::RunArgs;
use crate::cli::exit::Exit;
use crate::cli::guideline;
use crate::cli::headings::{INPUT, MODEL, RUNNING, SERVER};
use crate::cli::inputs::ReadArgs;
use crate::cli::interrupt;
use crate::cli::model::LoadedModelArgs;
use crate::cli::{flags, terminal};
use crate::error::counted;
use crate::labeling::{Opening, WorkFolder};
use crate::serve::{Remains, ServeOptions, Server};

/// Open a page in the browser: read texts, label them, retrain the model and check it
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint serve articles/
  standpoint serve news.csv --work news-labels --coder Eva
  standpoint serve news.csv --no-browser")]
pub struct Args {
    /// Files or folders to read and label; without any, paste or drop texts on the page
    #[arg(value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Folder for labels and models [default: the name of the first input with -labels, in the
    /// current folder]
    #[arg(long, value_name = "FOLDER", help_heading = SERVER)]
    work: Option<PathBuf>,
    /// Name of the coder, saved with each label [default: the last one used, or coder]
    #[arg(long, value_name = "NAME", help_heading = SERVER)]
    coder: Option<String>,
    /// Guideline to show beside the texts, in Markdown [default: the codebook of the bundled model,
    /// if that model is used]
    #[arg(long, value_name = "FILE", help_heading = SERVER)]
    guideline: Option<PathBuf>,
    /// Work folder of a second coder, to measure agreement; it is only read
    #[arg(long, value_name = "FOLDER", help_heading = SERVER)]
    second: Option<PathBuf>,
    /// Port to listen on: if it is taken, the next free one; 0 for any free one
    #[arg(long, value_name = "N", default_value_t = 8765, help_heading = SERVER)]
    port: u16,
    /// Print an address that works once, and open no browser
    #[arg(long, help_heading = SERVER)]
    no_browser: bool,
    /// Listen on this address, so that other machines can connect; the connection is not encrypted
    #[arg(long, value_name = "ADDRESS", requires = "token_file", help_heading = SERVER, hide_short_help = true)]
    host: Option<String>,
    /// File with the token that lets other machines in: at least 32 letters and digits, in a file
    /// that only its owner can read
    #[arg(long, value_name = "FILE", requires = "host", help_heading = SERVER, hide_short_help = true)]
    token_file: Option<PathBuf>,
    /// Model file [default: the last one of the work folder, or the bundled stance model]
    #[arg(long, value_name = "FILE", help_heading = MODEL)]
    model: Option<PathBuf>,
    #[command(flatten, next_help_heading = MODEL)]
    loaded: LoadedModelArgs,
    #[command(flatten, next_help_heading = INPUT)]
    read: ReadArgs,
    #[command(flatten, next_help_heading = RUNNING)]
    run: RunArgs,
}

impl Args {
    /// Serves until Ctrl-C.
    pub fn run(self) -> anyhow::Result<Exit> {
        let (start, loaded_language) = self.loaded.open_both(self.model.as_ref())?;
        let work =
            self.work.clone().unwrap_or_else(|| work_folder(self.inputs.first().map(PathBuf::as_path)));
        let options = ServeOptions {
            host: self.host.clone(),
            port: self.port,
            token: self.token_file.as_deref().map(token).transpose()?,
            guideline: match &self.guideline {
                Some(file) => Some(guideline::read(file)?),
                None => guideline::bundled().filter(|_| self.model.is_none()),
            },
            is_guideline_of_model: self.guideline.is_none(),
        };
        let workspace = Opening {
            work: work.clone(),
            inputs: self.inputs.clone(),
            options: self.read.options_for(&start.model().preparation, self.run.quiet),
            start,
            is_start_chosen: self.model.is_some(),
            loaded_language,
            corpus: None,
            coder: self.coder.clone(),
            second: self.second.clone(),
            trains_by_itself: true,
            threads: self.run.jobs.background_pool()?,
        };
        let server = Server::start(options, workspace)?;
        let (remains, folder) = (server.remains(), work.clone());
        interrupt::explain_by(move || farewell(&remains, &folder))?;
        self.tell(&server, &work)?;
        if !self.no_browser && self.host.is_none() {
            server.open_browser(|file| {
                terminal::say(&format!("no browser could be opened; open {} in one", file.display()));
            });
        }
        server.run(|notes| {
            terminal::warn(self.run.quiet, &notes.iter().map(flags::in_message).collect::<Vec<_>>())
        })?;
        Ok(Exit::Done)
    }

    /// Says where the page is, and where labels go.
    fn tell(&self, server: &Server, work: &Path) -> anyhow::Result<()> {
        let mut out = terminal::screen();
        match server.entry_address() {
            Some(address) if self.no_browser => writeln!(out, "Open {address} (works once)")?,
            _ => writeln!(out, "The page is at {}", server.address())?,
        }
        out.flush()?;
        if !self.run.quiet {
            terminal::say(&format!("labels and models go to {}; Ctrl-C ends", work.display()));
        }
        Ok(())
    }
}

/// What Ctrl-C says.
fn farewell(remains: &Remains, work: &Path) -> String {
    remains.close();
    let saved = counted(usize::try_from(remains.decisions()).unwrap_or(usize::MAX), "decision");
    let training = if remains.is_training() { "; the training that ran is lost" } else { "" };
    format!(
        "{saved} in {}{training}; go on with --work {}",
        WorkFolder::log_path(work).display(),
        work.display()
    )
}

/// The folder beside an input that has its name.
fn work_folder(input: Option<&Path>) -> PathBuf {
    let absolute = input.and_then(|input| std::path::absolute(input).ok());
    let stem = absolute.as_deref().and_then(Path::file_stem).and_then(OsStr::to_str).unwrap_or("standpoint");
    PathBuf::from(format!("{stem}-labels"))
}

/// Reads the token from a file that nobody else may read.
fn token(file: &Path) -> anyhow::Result<String> {
    let failed = || format!("{}: cannot read the token", file.display());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(file).with_context(failed)?.permissions().mode();
        if mode & 0o077 != 0 {
            anyhow::bail!("{}: others may read the token; run chmod 600 on the file", file.display());
        }
    }
    std::fs::read_to_string(file).with_context(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_work_folder_has_the_name_of_the_first_input() {
        let folder = |input: &str| work_folder(Some(Path::new(input))).display().to_string();
        assert_eq!(folder("../archive/news.2024.csv"), "news.2024-labels");
        assert_eq!(folder("articles/"), "articles-labels");
        assert_eq!(work_folder(None), Path::new("standpoint-labels"));
    }
}
