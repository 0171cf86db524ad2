//! Writes manual pages.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::CommandFactory;

use crate::cli::exit::Exit;

/// Write a manual page for each command
#[derive(clap::Args)]
#[command(after_help = "Example:
  standpoint man target/man && man target/man/standpoint-score.1")]
pub struct Args {
    /// Folder for the pages; made if it is not there
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Args {
    /// Writes them.
    pub fn run(self) -> anyhow::Result<Exit> {
        let shown = self.folder.display();
        std::fs::create_dir_all(&self.folder).with_context(|| format!("{shown}: cannot make the folder"))?;
        clap_mangen::generate_to(crate::cli::Cli::command(), &self.folder)
            .with_context(|| format!("{shown}: cannot write the pages"))?;
        Ok(Exit::Done)
    }
}
