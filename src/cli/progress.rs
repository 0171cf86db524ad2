//! Shows how far a long run has come: a bar on a terminal, a line every half minute elsewhere.

use std::io::{IsTerminal, stderr};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::terminal;
use crate::progress::Progress;
use crate::read::BytesRead;

/// Between two lines where no bar can be drawn.
const EVERY: Duration = Duration::from_secs(30);

/// Counts documents and the bytes of their texts, and shows them with the share of the files' bytes that are read. Of a stage of
/// which the number of steps is known it counts these.
pub struct ShownProgress {
    show: Show,
    started: Instant,
    documents: AtomicU64,
    /// Steps of the present stage; 0 while documents are read.
    steps: AtomicU64,
    text_bytes: AtomicU64,
    /// Of each time that the files are read.
    read: Vec<BytesRead>,
    /// Bytes of all files; `None` where that cannot be known.
    total: Option<u64>,
}

enum Show {
    Nothing,
    Bar(ProgressBar),
    /// With the time of the last line.
    Lines(Mutex<Instant>),
}

impl ShownProgress {
    /// Nothing is shown to those who asked for quiet, or whose results come to the terminal. `total` counts the bytes of all files once.
    pub fn new(hidden: bool, read: Vec<BytesRead>, total: Option<u64>) -> Self {
        let started = Instant::now();
        let total = total.map(|total| total * read.len() as u64);
        let show = match (hidden, stderr().is_terminal()) {
            (true, _) => Show::Nothing,
            (false, true) => Show::Bar(bar(total)),
            (false, false) => Show::Lines(Mutex::new(started)),
        };
        let [documents, steps, text_bytes] = std::array::from_fn(|_| AtomicU64::new(0));
        ShownProgress { show, started, documents, steps, text_bytes, read, total }
    }

    fn bytes_read(&self) -> u64 {
        self.read.iter().map(|read| read.load(Ordering::Relaxed)).sum()
    }

    fn words(&self) -> String {
        let steps = self.steps.load(Ordering::Relaxed);
        if steps > 0 {
            return format!("step {} of {steps}", self.documents.load(Ordering::Relaxed));
        }
        let seconds = self.started.elapsed().as_secs_f64();
        let speed = self.text_bytes.load(Ordering::Relaxed) as f64 / 1e6 / seconds.max(1e-9);
        let left = self.total.and_then(|total| left(self.bytes_read(), total, seconds));
        let left = left.map_or(String::new(), |left| format!(", {left} left"));
        format!("{} documents, {speed:.1} MB/s{left}", self.documents.load(Ordering::Relaxed))
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Show::Bar(bar) = &self.show {
            bar.finish_and_clear();
        }
    }
}

impl Progress for ShownProgress {
    fn begin(&self, _: &'static str, total: Option<u64>) {
        self.documents.store(0, Ordering::Relaxed);
        self.steps.store(total.unwrap_or(0), Ordering::Relaxed);
    }

    fn advance(&self, documents: u64) {
        let done = self.documents.fetch_add(documents, Ordering::Relaxed) + documents;
        match &self.show {
            // Words are dear and are read by people: now and then is enough.
            Show::Bar(bar) if done.is_multiple_of(64) || self.steps.load(Ordering::Relaxed) > 0 => {
                bar.set_position(self.bytes_read());
                bar.set_message(self.words());
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
}

fn bar(total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => (ProgressBar::new(total), "{bar:24} {percent:>3}%  {msg}"),
        None => (ProgressBar::new_spinner(), "{spinner} {msg}"),
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// The time that is left at the speed so far.
fn left(read: u64, total: u64, seconds: f64) -> Option<String> {
    if read == 0 || seconds < 1.0 {
        return None;
    }
    let rest = total.saturating_sub(read) as f64 / read as f64 * seconds;
    Some(match rest {
        rest if rest < 90.0 => format!("{rest:.0} s"),
        rest if rest < 5400.0 => format!("{:.0} min", rest / 60.0),
        rest => format!("{:.1} h", rest / 3600.0),
    })
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
    fn what_is_counted_is_said() {
        let progress = ShownProgress::new(true, vec![BytesRead::default()], None);
        progress.advance(1);
        progress.advance_bytes(10);
        progress.advance(1);
        assert!(progress.words().starts_with("2 documents, "), "{}", progress.words());
        progress.begin("singular vectors", Some(5));
        progress.advance(2);
        assert_eq!(progress.words(), "step 2 of 5");
    }
}
