//! Defines the commands: one per file, each with `Args`, `run` and an [`Exit`].

#[cfg(feature = "train")]
mod adapt;
mod agreement;
mod bench;
mod common;
mod compare;
mod completions;
mod evaluate;
mod exit;
mod explain;
mod figure_format;
mod flags;
mod found;
#[cfg(feature = "serve")]
mod guideline;
mod headings;
mod inputs;
mod inspect;
mod interrupt;
#[cfg(feature = "train")]
mod label;
mod man;
mod model;
mod named;
mod paragraphs;
mod progress;
mod report;
mod report_page;
mod robustness;
mod sample;
mod score;
#[cfg(feature = "serve")]
mod serve;
mod suggest;
mod terminal;
#[cfg(feature = "train")]
mod train;
mod training_rows;
mod values;
#[cfg(feature = "train")]
mod vectors;

use std::ffi::OsString;
use std::io::Write;

use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};
pub use exit::Exit;

use crate::pipeline::RunOptions;

/// Shown by `standpoint` alone. The first works as it stands.
const EXAMPLES: &str = "\
Examples:
  echo 'NATO must give Ukraine binding guarantees now.' | standpoint score -
  standpoint score articles/ --output scores.csv
  standpoint train labeled.csv --output mine.safetensors";

/// Classifies the stance of news texts: a label, a calibrated probability and the words that
/// decided it
#[derive(Parser)]
#[command(version, about, after_help = EXAMPLES, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Score(score::Args),
    #[cfg(feature = "train")]
    Train(Box<train::Args>),
    #[cfg(feature = "train")]
    Adapt(Box<adapt::Args>),
    #[cfg(feature = "train")]
    Vectors(vectors::Args),
    #[cfg(feature = "serve")]
    Serve(Box<serve::Args>),
    #[cfg(feature = "train")]
    Label(Box<label::Args>),
    Report(report_page::Args),
    Evaluate(evaluate::Args),
    Compare(compare::Args),
    Agreement(agreement::Args),
    Sample(sample::Args),
    Suggest(suggest::Args),
    Robustness(robustness::Args),
    Explain(explain::Args),
    Paragraphs(paragraphs::Args),
    Inspect(inspect::Args),
    Bench(bench::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// The command line, with the sections of its help in order.
fn command() -> clap::Command {
    headings::in_order(Cli::command())
}

impl Command {
    fn run(self, settings: RunOptions) -> anyhow::Result<Exit> {
        match self {
            Command::Score(args) => args.run(settings),
            #[cfg(feature = "train")]
            Command::Train(args) => (*args).run(),
            #[cfg(feature = "train")]
            Command::Adapt(args) => (*args).run(),
            #[cfg(feature = "train")]
            Command::Vectors(args) => args.run(),
            #[cfg(feature = "serve")]
            Command::Serve(args) => (*args).run(),
            #[cfg(feature = "train")]
            Command::Label(args) => (*args).run(),
            Command::Report(args) => args.run(),
            Command::Evaluate(args) => args.run(),
            Command::Compare(args) => args.run(),
            Command::Agreement(args) => args.run(),
            Command::Sample(args) => args.run(),
            Command::Suggest(args) => args.run(),
            Command::Robustness(args) => args.run(),
            Command::Explain(args) => args.run(),
            Command::Paragraphs(args) => args.run(),
            Command::Inspect(args) => args.run(),
            Command::Bench(args) => args.run(),
            Command::Completions(args) => args.run(),
            Command::Man(args) => args.run(),
        }
    }
}

/// Options that change how a run goes, not what it writes.
const INDIFFERENT: [&str; 8] =
    ["jobs", "quiet", "resume", "restart", "output", "by_output", "summary", "report"];

/// The options of a command as they were given, all but those, and the program's version.
fn settings(matches: &ArgMatches) -> RunOptions {
    let mut settings =
        RunOptions::from([("standpoint".to_owned(), vec![env!("CARGO_PKG_VERSION").to_owned()])]);
    let Some((name, given)) = matches.subcommand() else { return settings };
    let command = command();
    let arguments = command.find_subcommand(name).into_iter().flat_map(clap::Command::get_arguments);
    for id in arguments.map(|argument| argument.get_id().as_str()).filter(|id| !INDIFFERENT.contains(id)) {
        if let Ok(Some(values)) = given.try_get_raw(id) {
            let shown = values.map(|value| value.to_string_lossy().into_owned()).collect();
            settings.insert(id.replace('_', "-"), shown);
        }
    }
    settings
}

/// Runs the command that this process was started with.
pub fn main() -> Exit {
    run(std::env::args_os())
}

/// Parses `arguments`, of which the first is the name of the program, and runs the command.
pub fn run(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    if arguments.len() <= 1 {
        let about = command().get_about().map_or(String::new(), ToString::to_string);
        terminal::say(&about);
        let _ = writeln!(std::io::stderr(), "\n{EXAMPLES}\n\nMore: standpoint --help");
        return Exit::Usage;
    }
    let parsed = command().try_get_matches_from(arguments);
    let parsed = parsed.and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, settings(&matches))));
    let (cli, settings) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            terminal::print_usage(&error);
            return if error.use_stderr() { Exit::Usage } else { Exit::Done };
        }
    };
    match cli.command.run(settings) {
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
        command().debug_assert();
    }

    #[test]
    fn commands_with_many_options_list_them_in_sections_and_the_usual_ones_first() {
        for command in command().get_subcommands_mut() {
            let options: Vec<&clap::Arg> =
                command.get_arguments().filter(|argument| !argument.is_positional()).collect();
            let is_loose = |option: &&&clap::Arg| option.get_help_heading().is_none();
            let loose: Vec<String> =
                options.iter().filter(is_loose).map(|option| option.get_id().to_string()).collect();
            if options.len() > 12 {
                assert_eq!(loose, [""; 0], "{}: options in no section", command.get_name());
                let [short, long] =
                    [command.render_help(), command.render_long_help()].map(|help| help.to_string());
                assert!(short.lines().count() + 10 < long.lines().count(), "{}", command.get_name());
            }
        }
    }

    #[test]
    fn the_sections_have_one_order_in_all_commands() {
        for command in command().get_subcommands_mut() {
            let help = command.render_long_help().to_string();
            let sections = [
                "Input:",
                "Model:",
                "Output:",
                "Abstention:",
                "Groups:",
                "Validation:",
                "Server:",
                "Running:",
            ];
            let places: Vec<usize> =
                sections.iter().filter_map(|section| help.find(&format!("\n{section}\n"))).collect();
            assert!(places.is_sorted(), "{}: {help}", command.get_name());
            let known = |option: &&clap::Arg| {
                option.get_help_heading().is_none_or(|name| sections.contains(&format!("{name}:").as_str()))
            };
            assert!(command.get_arguments().all(|option| known(&option)), "{}", command.get_name());
        }
    }

    #[test]
    fn arguments_stand_above_the_sections() {
        fn check(command: &clap::Command) {
            let mut arguments = command.get_positionals();
            let in_section = arguments.find(|argument| argument.get_help_heading().is_some());
            assert!(in_section.is_none(), "{}: {in_section:?}", command.get_name());
            command.get_subcommands().for_each(check);
        }
        check(&command());
    }

    #[test]
    fn every_command_has_an_example() {
        for command in command().get_subcommands() {
            let help = command.get_after_long_help().or(command.get_after_help());
            let help = help.map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("standpoint "), "{}", command.get_name());
        }
    }
}
