//! Prints shell completions.

use clap_complete::Shell;

use crate::cli::exit::Exit;

/// Print completions for a shell
#[derive(clap::Args)]
#[command(after_long_help = "Example:
  standpoint completions bash > /etc/bash_completion.d/standpoint")]
pub struct Args {
    /// Which shell
    shell: Shell,
}

impl Args {
    /// Prints them.
    pub fn run(self) -> anyhow::Result<Exit> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut crate::cli::command(), "standpoint", &mut script);
        std::io::Write::write_all(&mut std::io::stdout(), &script)?;
        Ok(Exit::Done)
    }
}
