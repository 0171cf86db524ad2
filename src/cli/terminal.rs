//! What depends on whether somebody is looking: colour, progress, warnings.

use std::io::{IsTerminal, stderr, stdout};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use standpoint::output::Style;

/// Most warnings of one kind that are printed one by one.
const MOST_WARNINGS: usize = 10;

/// Colour on a terminal, unless `NO_COLOR` is set to anything (no-color.org).
pub fn style() -> Style {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if stdout().is_terminal() && !refused { Style::Coloured } else { Style::Plain }
}

/// Whether results are read by a person.
pub fn stdout_is_terminal() -> bool {
    stdout().is_terminal()
}

/// A spinner with a count on a terminal, nothing elsewhere.
pub fn progress(quiet: bool) -> ProgressBar {
    if quiet || !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} documents, {per_sec}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Prints warnings, the first few in full.
pub fn warn(quiet: bool, warnings: &[String]) {
    if quiet {
        return;
    }
    for warning in warnings.iter().take(MOST_WARNINGS) {
        eprintln!("warning: {warning}");
    }
    if warnings.len() > MOST_WARNINGS {
        eprintln!("warning: {} more like these", warnings.len() - MOST_WARNINGS);
    }
}
