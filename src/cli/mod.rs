//! The commands: one a file, each of the same shape: arguments, `run`, an [`Exit`].

mod bench;
mod completions;
mod evaluate;
mod exit;
mod explain;
mod inputs;
mod inspect;
mod man;
mod model;
mod paragraphs;
mod report;
mod score;
mod terminal;
mod train;

use std::io::Write;

use clap::{CommandFactory, Parser, Subcommand};

pub use exit::Exit;

/// Shown by `standpoint` alone. The first works as it stands.
const EXAMPLES: &str = "\
Examples:
  echo 'NATO must give Ukraine binding security guarantees now.' | standpoint score -
  standpoint score articles/ --output scores.csv
  standpoint train labelled.csv --output mine.safetensors";

/// Says what each of many news texts argues, how sure that is, and why.
#[derive(Parser)]
#[command(version, about, after_help = EXAMPLES, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Score(score::Args),
    Train(train::Args),
    Evaluate(evaluate::Args),
    Explain(explain::Args),
    Paragraphs(paragraphs::Args),
    Inspect(inspect::Args),
    Bench(bench::Args),
    Completions(completions::Args),
    Man(man::Args),
}

impl Command {
    fn run(self) -> anyhow::Result<Exit> {
        match self {
            Command::Score(args) => args.run(),
            Command::Train(args) => args.run(),
            Command::Evaluate(args) => args.run(),
            Command::Explain(args) => args.run(),
            Command::Paragraphs(args) => args.run(),
            Command::Inspect(args) => args.run(),
            Command::Bench(args) => args.run(),
            Command::Completions(args) => args.run(),
            Command::Man(args) => args.run(),
        }
    }
}

/// Parses the arguments and runs the command.
pub fn main() -> Exit {
    if std::env::args_os().len() == 1 {
        let about = Cli::command().get_about().map_or(String::new(), ToString::to_string);
        let _ = writeln!(std::io::stderr(), "{about}\n\n{EXAMPLES}\n\nMore: standpoint --help");
        return Exit::Usage;
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let failed = error.use_stderr();
            // A closed pipe while help is printed is no failure.
            let _ = error.print();
            return if failed { Exit::Usage } else { Exit::Done };
        }
    };
    match cli.command.run() {
        Ok(exit) => exit,
        Err(error) if exit::is_closed_pipe(&error) => Exit::Done,
        Err(error) => {
            terminal::say(&format!("standpoint: {}", exit::message(&error)));
            exit::of_error(&error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_an_example() {
        for command in Cli::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("standpoint "), "{}", command.get_name());
        }
    }
}
