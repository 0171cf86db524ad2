//! Shows how far a long run has come: a bar on a terminal, a line every half minute elsewhere.

use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::terminal;
use crate::progress::Progress;
use crate::read::BytesRead;

/// Between two lines where no bar can be drawn.
const EVERY: Duration = Duration::from_secs(30);
/// The stages that read files, of which the share of the bytes is shown.
const READING: [&str; 4] = ["", "score", "counting words", "counting pairs"];
/// The bar of a stage whose end is known, and of another.
const BAR: &str = "{bar:24} {percent:>3}%  {msg}";
const SPINNER: &str = "{spinner} {msg}";

/// Counts documents and the bytes of their texts, and shows them with the share of the files' bytes
/// that are read. Of a stage of which the number of steps is known it counts these.
pub struct ShownProgress {
    show: Show,
    stage: Mutex<Stage>,
    /// Documents or steps of the present stage.
    done: AtomicU64,
    text_bytes: AtomicU64,
    /// Of each time that the files are read.
    read: Vec<BytesRead>,
    /// Bytes of all files; `None` where that cannot be known.
    total: Option<u64>,
    /// When the stage of tuning ends at the latest.
    limit: Option<Duration>,
}

#[derive(Clone, Copy)]
struct Stage {
    name: &'static str,
    /// Its steps; `None` where that is not known or files are read.
    steps: Option<u64>,
    begun: Instant,
}

enum Show {
    Nothing,
    Bar(ProgressBar),
    /// With the time of the last line.
    Lines(Mutex<Instant>),
}

impl ShownProgress {
    /// Nothing is shown to those who asked for quiet, or whose results come to the terminal.
    /// `total` counts the bytes of all files once.
    pub fn new(hidden: bool, read: Vec<BytesRead>, total: Option<u64>) -> Self {
        let begun = Instant::now();
        let total = total.map(|total| total * read.len() as u64);
        let show = match (hidden, stderr().is_terminal()) {
            (true, _) => Show::Nothing,
            (false, true) => Show::Bar(ProgressBar::new_spinner()),
            (false, false) => Show::Lines(Mutex::new(begun)),
        };
        let stage = Mutex::new(Stage { name: "", steps: None, begun });
        let [done, text_bytes] = std::array::from_fn(|_| AtomicU64::new(0));
        let progress = ShownProgress { show, stage, done, text_bytes, read, total, limit: None };
        progress.draw_bar();
        progress
    }

    /// The progress of a training, whose tuning ends after `limit` at the latest.
    #[cfg(feature = "train")]
    pub fn of_training(hidden: bool, limit: Option<Duration>) -> Self {
        ShownProgress { limit, ..ShownProgress::new(hidden, Vec::new(), None) }
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn bytes_read(&self) -> u64 {
        self.read.iter().map(|read| read.load(Ordering::Relaxed)).sum()
    }

    fn words(&self) -> String {
        let Stage { name, steps, begun } = *self.stage();
        let done = self.done.load(Ordering::Relaxed);
        let seconds = begun.elapsed().as_secs_f64();
        if READING.contains(&name) {
            let speed = self.text_bytes.load(Ordering::Relaxed) as f64 / 1e6 / seconds.max(1e-9);
            let left = self.total.and_then(|total| left(self.bytes_read(), total, seconds));
            return format!("{done} documents, {speed:.1} MB/s{}", suffix(left));
        }
        let left = steps.and_then(|steps| left(done, steps, seconds));
        match steps {
            Some(steps) => format!("{}: {done} of {steps}{}", shown(name), suffix(left)),
            None => shown(name).to_owned(),
        }
    }

    /// The time that the stage still takes, at most up to its limit.
    fn time_left(&self) -> Option<String> {
        let Stage { steps, begun, .. } = *self.stage();
        let done = self.done.load(Ordering::Relaxed);
        let by_steps = steps.filter(|_| done > 0).map(|steps| rest(done, steps, begun.elapsed()));
        let by_limit = self.limit.map(|limit| limit.saturating_sub(begun.elapsed()).as_secs_f64());
        let seconds = by_steps.into_iter().chain(by_limit).reduce(f64::min)?;
        Some(in_words(seconds))
    }

    /// Gives the bar the form of the stage.
    fn draw_bar(&self) {
        let Show::Bar(bar) = &self.show else { return };
        let Stage { name, steps, .. } = *self.stage();
        let length = if READING.contains(&name) { self.total } else { steps };
        if let Ok(style) = ProgressStyle::with_template(if length.is_some() { BAR } else { SPINNER }) {
            bar.set_style(style);
        }
        bar.set_length(length.unwrap_or(0));
        self.move_bar(bar);
    }

    fn move_bar(&self, bar: &ProgressBar) {
        let is_reading = READING.contains(&self.stage().name);
        bar.set_position(if is_reading { self.bytes_read() } else { self.done.load(Ordering::Relaxed) });
        bar.set_message(self.words());
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Show::Bar(bar) = &self.show {
            bar.finish_and_clear();
        }
    }
}

impl Progress for ShownProgress {
    fn begin(&self, name: &'static str, steps: Option<u64>) {
        self.done.store(0, Ordering::Relaxed);
        *self.stage() = Stage { name, steps: steps.filter(|steps| *steps > 0), begun: Instant::now() };
        self.draw_bar();
    }

    fn advance(&self, units: u64) {
        let done = self.done.fetch_add(units, Ordering::Relaxed) + units;
        match &self.show {
            // Words are dear and are read by people: now and then is enough.
            Show::Bar(bar)
                if done.is_multiple_of(64) || self.stage().steps.is_some_and(|steps| steps < 10_000) =>
            {
                self.move_bar(bar);
            }
            Show::Lines(last) => {
                if let Ok(mut last) = last.try_lock()
                    && last.elapsed() >= EVERY
                {
                    terminal::say(&self.words());
                    *last = Instant::now();
                }
            }
            _ => {}
        }
    }

    fn advance_bytes(&self, bytes: u64) {
        self.text_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    fn note(&self, note: &str) {
        let name = self.stage().name;
        let line = || format!("{}: {note}{}", shown(name), suffix(self.time_left()));
        match &self.show {
            Show::Nothing => {}
            Show::Bar(bar) => {
                let line = line();
                bar.suspend(|| terminal::say(&line));
            }
            Show::Lines(_) => terminal::say(&line()),
        }
    }
}

/// What a stage is called on the screen.
fn shown(stage: &'static str) -> &'static str {
    match stage {
        "compare" => "reading the scored records again",
        "near-duplicates" => "looking for near-duplicates",
        other => other,
    }
}

fn suffix(left: Option<String>) -> String {
    left.map_or(String::new(), |left| format!(", {left} left"))
}

/// The time that is left at the speed so far.
fn left(done: u64, total: u64, seconds: f64) -> Option<String> {
    if done == 0 || seconds < 1.0 {
        return None;
    }
    Some(in_words(rest(done, total, Duration::from_secs_f64(seconds))))
}

/// The seconds that are left at the speed so far.
fn rest(done: u64, total: u64, elapsed: Duration) -> f64 {
    total.saturating_sub(done) as f64 / done.max(1) as f64 * elapsed.as_secs_f64()
}

fn in_words(seconds: f64) -> String {
    match seconds {
        seconds if seconds < 90.0 => format!("{seconds:.0} s"),
        seconds if seconds < 5400.0 => format!("{:.0} min", seconds / 60.0),
        seconds => format!("{:.1} h", seconds / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_in_proportion_to_what_is_left() {
        assert_eq!(left(0, 100, 10.0), None);
        assert_eq!(left(50, 100, 0.5), None);
        assert_eq!(left(25, 100, 10.0).as_deref(), Some("30 s"));
        assert_eq!(left(1, 100, 10.0).as_deref(), Some("16 min"));
        assert_eq!(left(1, 1000, 10.0).as_deref(), Some("2.8 h"));
        assert_eq!(left(120, 100, 10.0).as_deref(), Some("0 s"));
    }

    #[test]
    fn what_is_counted_is_said_under_the_name_of_its_stage() {
        let progress = ShownProgress::new(true, vec![BytesRead::default()], None);
        progress.advance(1);
        progress.advance_bytes(10);
        progress.advance(1);
        assert!(progress.words().starts_with("2 documents, "), "{}", progress.words());
        progress.begin("singular vectors", Some(5));
        progress.advance(2);
        assert_eq!(progress.words(), "singular vectors: 2 of 5");
        progress.begin("compare", Some(7));
        assert_eq!(progress.words(), "reading the scored records again: 0 of 7");
        progress.begin("fitting", None);
        assert_eq!(progress.words(), "fitting");
    }

    #[test]
    fn a_limit_of_time_counts_where_it_is_nearer() {
        let mut progress = ShownProgress::new(true, Vec::new(), None);
        assert_eq!(progress.time_left(), None);
        progress.limit = Some(Duration::from_secs(61));
        progress.begin("tuning", Some(1000));
        assert!(["61 s", "60 s"].contains(&progress.time_left().unwrap().as_str()));
    }
}
