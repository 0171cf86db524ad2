//! Writes manual pages.

use std::path::PathBuf;

use anyhow::Context as _;

use crate::cli::exit::Exit;
use crate::write::{Output, OutputFile, OutputPaths};

/// Write a manual page for each command
#[derive(clap::Args)]
#[command(after_long_help = "Example:
  standpoint man target/man && man target/man/standpoint-score.1")]
pub struct Args {
    /// Folder for the pages; created if it does not exist
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Args {
    /// Writes them.
    pub fn run(self) -> anyhow::Result<Exit> {
        let shown = self.folder.display();
        std::fs::create_dir_all(&self.folder)
            .with_context(|| format!("{shown}: cannot create the folder"))?;
        let mut command = crate::cli::command().disable_help_subcommand(true);
        command.build();
        let mut paths = OutputPaths::default();
        let pages = commands(command).into_iter().map(clap_mangen::Man::new);
        let claimed: Vec<_> = pages
            .map(|page| Ok((paths.claim("folder", &self.folder.join(page.get_filename()))?, page)))
            .collect::<anyhow::Result<_>>()?;
        for (path, page) in claimed {
            let mut file = OutputFile::create(&path)?;
            page.render(&mut file).and_then(|()| file.commit()).context("cannot write the pages")?;
        }
        Ok(Exit::Done)
    }
}

/// A command with all below it.
fn commands(command: clap::Command) -> Vec<clap::Command> {
    let below: Vec<clap::Command> =
        command.get_subcommands().filter(|below| !below.is_hide_set()).cloned().flat_map(commands).collect();
    std::iter::once(command).chain(below).collect()
}
