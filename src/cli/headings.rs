//! Names the sections in which `--help` lists options.

pub const INPUT: &str = "Input";
pub const MODEL: &str = "Model";
pub const OUTPUT: &str = "Output";
pub const ABSTENTION: &str = "Abstention";
pub const GROUPS: &str = "Groups";
pub const VALIDATION: &str = "Validation";
pub const SERVER: &str = "Server";
pub const RUNNING: &str = "Running";

/// The order of the sections in every command.
const ORDER: [&str; 8] = [INPUT, MODEL, OUTPUT, ABSTENTION, GROUPS, VALIDATION, SERVER, RUNNING];

/// Lists the options of all subcommands, and of those below them, by section, those of a section in
/// the order in which they are defined.
pub fn in_order(mut command: clap::Command) -> clap::Command {
    for below in command.get_subcommands_mut() {
        let mut options: Vec<clap::Arg> = below.get_arguments().cloned().collect();
        let place = |option: &clap::Arg| {
            option.get_help_heading().map(|heading| ORDER.iter().position(|name| *name == heading))
        };
        options.sort_by_key(place);
        let mut options = options.into_iter();
        *below = in_order(std::mem::take(below).mut_args(|option| options.next().unwrap_or(option)));
    }
    command
}
