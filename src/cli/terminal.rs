//! What depends on whether somebody is looking: colour, progress, warnings.

use std::ffi::OsStr;
use std::io::{IsTerminal, StdoutLock, Write, stderr, stdout};

use crate::pipeline::Notes;
use crate::write::{Destination, Screen, Style, printable};

/// Colour on a terminal, unless `NO_COLOR` is set to anything (no-color.org).
pub fn style() -> Style {
    style_for(stdout().is_terminal(), std::env::var_os("NO_COLOR").as_deref())
}

fn style_for(terminal: bool, no_color: Option<&OsStr>) -> Style {
    let refused = no_color.is_some_and(|value| !value.is_empty());
    if terminal && !refused { Style::Colored } else { Style::Plain }
}

/// Standard output for tables and everything else that people read. Nothing of the input drives a terminal, not even later, by way of a file.
pub fn screen() -> Screen<StdoutLock<'static>> {
    Screen::new(stdout().lock(), style())
}

/// Standard output for data: byte for byte, unless it is a terminal. It must be flushed.
pub fn data() -> Destination {
    Destination::stdout().escaped()
}

/// Whether results are read by a person.
pub fn stdout_is_terminal() -> bool {
    stdout().is_terminal()
}

/// Prints a line on stderr. Control characters of names and texts cannot drive the terminal.
pub fn say(line: &str) {
    // A closed or full stderr is no reason to stop.
    let _ = writeln!(stderr(), "{}", printable(line));
}

/// Prints help, or what is wrong with the arguments. What the arguments quote cannot drive the terminal.
pub fn print_usage(error: &clap::Error) {
    let plain = error.render().to_string();
    let is_harmless = plain.lines().all(|line| printable(line) == line);
    if is_harmless || !error.use_stderr() {
        // A closed pipe while help is printed is no failure.
        let _ = error.print();
    } else {
        plain.lines().for_each(say);
    }
}

/// Prints some warnings, the first few in full.
pub fn warn(quiet: bool, warnings: &[String]) {
    if quiet {
        return;
    }
    let notes: Notes = warnings.iter().cloned().collect();
    notes.lines().for_each(|line| say(&format!("warning: {line}")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_for_terminals_where_it_is_not_refused() {
        assert_eq!(style_for(true, None), Style::Colored);
        assert_eq!(style_for(true, Some(OsStr::new(""))), Style::Colored);
        assert_eq!(style_for(true, Some(OsStr::new("1"))), Style::Plain);
        assert_eq!(style_for(false, None), Style::Plain);
    }
}
