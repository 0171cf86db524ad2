//! Says what is safe when Ctrl-C ends the program, and how to go on.

use crate::cli::exit::INTERRUPTED;
use crate::cli::terminal;

/// Ends the program at Ctrl-C with this line. What is written is whole or can be continued at any
/// moment, so nothing is waited for.
///
/// # Errors
/// The system's error if signals cannot be watched.
pub fn explain(line: String) -> anyhow::Result<()> {
    explain_by(move || line.clone())
}

/// Ends the program at Ctrl-C with the line that `line` gives then. Nothing else is waited for.
///
/// # Errors
/// The system's error if signals cannot be watched.
pub fn explain_by(line: impl Fn() -> String + Send + 'static) -> anyhow::Result<()> {
    ctrlc::set_handler(move || stop(&line()))?;
    Ok(())
}

/// Ends the program with a line about what is safe.
pub fn stop(line: &str) {
    terminal::say(&format!("standpoint: stopped; {line}"));
    // Whoever waits for the program sees that a signal has ended it.
    #[cfg(unix)]
    let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGINT);
    std::process::exit(INTERRUPTED);
}
