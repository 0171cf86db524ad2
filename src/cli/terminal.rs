//! Adapts output to a terminal: color, progress, warnings.

use std::ffi::OsStr;
use std::io::{IsTerminal, StdoutLock, Write, stderr, stdout};

use crate::pipeline::Notes;
use crate::write::{Destination, Screen, Style, USUAL_WIDTH, hanging, printable, wrap};

/// A narrower terminal wraps lines.
const MIN_WIDTH: usize = 40;

/// Color on a terminal, or anywhere if `CLICOLOR_FORCE` asks for it, unless `NO_COLOR` is set to
/// anything (no-color.org).
pub fn style() -> Style {
    let [refused, forced] = ["NO_COLOR", "CLICOLOR_FORCE"].map(std::env::var_os);
    style_for(stdout().is_terminal(), refused.as_deref(), forced.as_deref())
}

fn style_for(terminal: bool, no_color: Option<&OsStr>, forced: Option<&OsStr>) -> Style {
    let is_set = |value: Option<&OsStr>| value.is_some_and(|value| !value.is_empty());
    let forced = is_set(forced.filter(|value| *value != "0"));
    if (terminal || forced) && !is_set(no_color) { Style::Colored } else { Style::Plain }
}

/// The columns that a line may have: `COLUMNS` if it is set to a number, else the terminal's own.
pub fn width() -> usize {
    let terminal =
        || terminal_size::terminal_size_of(stdout()).map(|(terminal_size::Width(columns), _)| columns);
    width_for(std::env::var("COLUMNS").ok().as_deref(), terminal)
}

fn width_for(given: Option<&str>, terminal: impl Fn() -> Option<u16>) -> usize {
    let given = given.and_then(|given| given.trim().parse().ok()).filter(|columns| *columns > 0);
    given.or_else(terminal).map_or(USUAL_WIDTH, usize::from).max(MIN_WIDTH)
}

/// The columns that a message on stderr may have, if somebody reads it on a terminal.
pub fn message_columns() -> Option<usize> {
    stderr().is_terminal().then(|| {
        let terminal = || terminal_size::terminal_size_of(stderr()).map(|(columns, _)| columns.0);
        width_for(std::env::var("COLUMNS").ok().as_deref(), terminal)
    })
}

/// The columns that a table on stderr may have.
pub fn message_width() -> usize {
    message_columns().unwrap_or_else(width)
}

/// Standard output for tables and everything else that people read. Nothing of the input drives a
/// terminal, not even later, by way of a file.
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

/// A text on one line, in which what no reader sees is written out (`\u{202e}`); quotation marks
/// and backslashes stay as they are.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut escaped = text.escape_debug().peekable();
    while let Some(c) = escaped.next() {
        match escaped.peek() {
            Some(&quoted @ ('"' | '\'' | '\\')) if c == '\\' => {
                shown.push(quoted);
                escaped.next();
            }
            _ => shown.push(c),
        }
    }
    shown
}

/// Prints a sentence in lines that fit.
pub fn print_wrapped(out: &mut impl Write, sentence: &str) -> std::io::Result<()> {
    wrap(sentence, width()).iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Prints lines of a name and a value, in as many lines as the terminal needs.
pub fn print_hanging(out: &mut impl Write, lines: &str) -> std::io::Result<()> {
    hanging(lines, width()).iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Prints what stands above a table or a list, in bold lines that fit.
pub fn print_title(out: &mut impl Write, title: &str, style: Style) -> std::io::Result<()> {
    hanging(title, width()).iter().try_for_each(|line| writeln!(out, "{}", style.bold(line)))
}

/// Prints a line on stderr, on a terminal in as many lines as it needs. Control characters of names
/// and texts cannot drive the terminal.
pub fn say(line: &str) {
    for line in lines_of_message(&printable(line), message_columns()) {
        // A closed or full stderr is no reason to stop.
        let _ = writeln!(stderr(), "{line}");
    }
}

/// A message in lines of so many columns, if there is a limit; those after the first are indented.
fn lines_of_message(line: &str, columns: Option<usize>) -> Vec<String> {
    match columns.map(|columns| hanging(line, columns)) {
        Some(lines) if !lines.is_empty() => lines,
        _ => vec![line.to_owned()],
    }
}

/// Prints help, or what is wrong with the arguments. What the arguments quote cannot drive the
/// terminal.
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
    fn marks_stay_and_what_nobody_sees_is_written_out() {
        assert_eq!(visible(r#""…" don't \o/"#), r#""…" don't \o/"#);
        assert_eq!(visible("a\nb\u{202e}\u{7}"), r"a\nb\u{202e}\u{7}");
        assert_eq!(visible(r"\n"), r"\n");
    }

    #[test]
    fn messages_are_broken_between_words_on_a_terminal_only() {
        let message = "warning: rows.csv, line 7: no column `label`; did you mean `labels`?";
        assert_eq!(lines_of_message(message, None), [message]);
        assert_eq!(
            lines_of_message(message, Some(40)),
            ["warning: rows.csv, line 7: no column", "  `label`; did you mean `labels`?"]
        );
        assert_eq!(lines_of_message("", Some(40)), [""]);
        assert_eq!(lines_of_message("  a  table row", Some(40)), ["  a  table row"]);
    }

    #[test]
    fn color_is_for_terminals_where_it_is_not_refused() {
        let [empty, one, zero] = ["", "1", "0"].map(|value| Some(OsStr::new(value)));
        assert_eq!(style_for(true, None, None), Style::Colored);
        assert_eq!(style_for(true, empty, None), Style::Colored);
        assert_eq!(style_for(true, one, None), Style::Plain);
        assert_eq!(style_for(false, None, None), Style::Plain);
        assert_eq!(style_for(false, None, one), Style::Colored);
        assert_eq!(style_for(false, None, zero), Style::Plain);
        assert_eq!(style_for(false, one, one), Style::Plain);
    }

    #[test]
    fn a_width_that_is_given_counts_before_the_terminals() {
        assert_eq!(width_for(Some("60"), || Some(200)), 60);
        assert_eq!(width_for(Some("wide"), || Some(200)), 200);
        assert_eq!(width_for(Some("0"), || None), USUAL_WIDTH);
        assert_eq!(width_for(None, || Some(3)), MIN_WIDTH);
    }
}
