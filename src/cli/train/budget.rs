//! Limits `--tune`: by trials, by time, or by Ctrl-C.

use crate::error::counted;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::cli::exit::usage;
use crate::cli::{interrupt, terminal};
use crate::train::Tuning;

/// Options of the search.
#[derive(clap::Args)]
pub struct TuneArgs {
    /// Search for the settings that do best in cross-validation, starting from those given. Ctrl-C
    /// ends the search and trains with the best so far
    #[arg(long)]
    tune: bool,
    /// End the search after N trials [default: 24]
    #[arg(long, value_name = "N", requires = "tune")]
    trials: Option<usize>,
    /// Start no new trial after this time: 90s, 5m, 1h. The model records the number of finished
    /// trials; --trials with that number gives the same model
    #[arg(long, value_name = "TIME", requires = "tune", value_parser = duration, conflicts_with = "trials")]
    time: Option<Duration>,
}

/// With a time and no number, the time alone ends the search.
const NO_LIMIT: usize = 1000;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static SEARCHING: AtomicBool = AtomicBool::new(false);

impl TuneArgs {
    /// Whether a search was asked for, and makes sense.
    pub fn is_asked(&self, folds: u32) -> anyhow::Result<bool> {
        if self.tune && folds == 0 {
            return Err(usage("--tune needs cross-validation; give --folds"));
        }
        match self.trials {
            Some(0) => Err(usage("--trials 0: expected at least 1")),
            _ => Ok(self.tune),
        }
    }

    /// The time that the search may take, if there is a limit.
    pub fn time(&self) -> Option<Duration> {
        self.time
    }

    /// Calls `search` with the budget, during which Ctrl-C ends the search and not the program.
    /// Later it ends the program with `safe`, which says what is safe.
    pub fn within<T>(
        &self,
        quiet: bool,
        safe: String,
        search: impl FnOnce(&Tuning<'_>) -> T,
    ) -> anyhow::Result<T> {
        SEARCHING.store(true, Ordering::SeqCst);
        ctrlc::set_handler(move || {
            // The second time, or once the search is over, it ends the program as ever.
            if INTERRUPTED.swap(true, Ordering::SeqCst) || !SEARCHING.load(Ordering::SeqCst) {
                interrupt::stop(&safe);
            }
            // Said despite `--quiet`: who stops it must learn that a model is still made.
            terminal::say(
                "tuning: interrupted: training with the best settings so far; press Ctrl-C again to end the program",
            );
        })?;
        let started = Instant::now();
        let stop = |finished: usize| {
            let late = self.time.is_some_and(|most| started.elapsed() >= most);
            let interrupted = INTERRUPTED.load(Ordering::SeqCst);
            if late || interrupted {
                SEARCHING.store(false, Ordering::SeqCst);
                if !quiet {
                    let end = if interrupted { "interrupted" } else { "the time is up" };
                    terminal::say(&format!("tuning: {} finished; {end}", counted(finished, "trial")));
                }
            }
            late || interrupted
        };
        let trials =
            self.trials.unwrap_or(if self.time.is_some() { NO_LIMIT } else { Tuning::default().trials });
        let abandon = || INTERRUPTED.load(Ordering::SeqCst);
        let found = search(&Tuning { trials, stop: &stop, abandon: &abandon, ..Tuning::default() });
        SEARCHING.store(false, Ordering::SeqCst);
        Ok(found)
    }
}

/// A number with s, m or h behind it; seconds without.
fn duration(written: &str) -> Result<Duration, String> {
    let digits = written.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match written.get(digits.len()..).unwrap_or("") {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        other => return Err(format!("unknown unit {other}; expected s, m or h")),
    };
    let number: u64 = digits.parse().map_err(|_| "expected a time such as 90s, 5m or 1h".to_owned())?;
    let seconds = number.checked_mul(unit).filter(|&seconds| seconds > 0);
    seconds.map(Duration::from_secs).ok_or_else(|| "expected a time of at least one second".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("5m"), Ok(Duration::from_secs(300)));
        assert_eq!(duration("7"), Ok(Duration::from_secs(7)));
        for wrong in ["", "m", "0s", "5x", "-1m", "99999999999999999999h"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
