//! Scores every text as it stands and under every change.

use crate::classifier::verdict::Verdict;
use crate::classifier::{Classifier, ScoreOptions, Worker, Workers};
use crate::error::{Error, Message, Result};
use crate::read::{InputOptions, RawRecord};
use crate::robustness::Change;
use crate::robustness::report::{Measure, Moved, RobustnessReport};
use crate::text::Document;
use crate::threads::Threads;

/// The texts to change, and how.
pub struct RobustnessInput<'a> {
    /// The records.
    pub records: Box<dyn Iterator<Item = Result<RawRecord>> + Send + 'a>,
    /// How records become documents. Where a column `title` is among those to carry along, it gives
    /// the titles of texts that have none of their own.
    pub options: &'a InputOptions,
    /// The changes, each once.
    pub changes: &'a [Change],
    /// Is told of each record that cannot be read.
    pub on_failure: &'a mut (dyn FnMut(Error) + Send),
}

/// What the changes did to one text.
struct ChangedText {
    id: String,
    moves: Vec<Option<Moved>>,
    /// How it was read.
    notes: Vec<Message>,
}

/// Reads texts once, and measures how far the model's answers move under each change. Labels are
/// the likeliest ones: whether the model would have abstained does not matter.
///
/// # Errors
/// A change that is named twice, or none. Records that cannot be read are counted.
pub fn robustness(
    classifier: &Classifier,
    input: RobustnessInput<'_>,
    threads: &Threads,
) -> Result<RobustnessReport> {
    let RobustnessInput { records, options, changes, on_failure } = input;
    check(changes)?;
    let measure = Measure::of(classifier.labels());
    let mut report = RobustnessReport::new(classifier.id(), measure, changes);
    let items = records.map(RawRecord::sized);
    let score = |worker: &mut Worker, raw: Result<RawRecord>| -> Result<ChangedText> {
        let document = raw?.document(options)?;
        let title = options.columns.iter().position(|column| column.name == "title");
        let title = title.and_then(|at| document.columns.get(at)).cloned().flatten();
        let moves = moves(worker, &document, title, changes);
        Ok(ChangedText { notes: document.notes().collect(), id: document.id, moves })
    };
    let score_options = ScoreOptions { label_always: true, ..ScoreOptions::default() };
    Workers::new(classifier, score_options, threads).score_in_order(items, score, |scored| {
        match scored {
            Ok(ChangedText { id, moves, notes }) => {
                report.add(&id, moves);
                report.notes.add(notes);
            }
            Err(error) => {
                report.failed += 1;
                on_failure(error);
            }
        }
        Ok::<(), Error>(())
    })?;
    Ok(report)
}

fn check(changes: &[Change]) -> Result<()> {
    use crate::named::Named;
    let expected = "one change or more, each once";
    let mut sorted = changes.to_vec();
    sorted.sort();
    let twice = sorted.iter().zip(sorted.iter().skip(1)).find(|(one, next)| one == next);
    match twice {
        _ if changes.is_empty() => Err(Error::invalid_parameter("changes", "none", expected)),
        Some((twice, _)) => {
            Err(Error::invalid_parameter("changes", format!("{} twice", twice.name()), expected))
        }
        None => Ok(()),
    }
}

/// What each change does to the answer to a text, whose title may stand apart.
fn moves(
    worker: &mut Worker,
    document: &Document,
    title: Option<String>,
    changes: &[Change],
) -> Vec<Option<Moved>> {
    let before = worker.score_document(document);
    let titled = Document { title: document.title.clone().or(title), ..document.clone() };
    let moved = |change: &Change| {
        let changed = if *change == Change::HeadlineAdded { &titled } else { document };
        let after = worker.score_document(&change.apply(changed)?);
        Some(moved(&before, &after))
    };
    changes.iter().map(moved).collect()
}

fn moved(before: &Verdict, after: &Verdict) -> Moved {
    let top = before.top();
    let moved = match (before.slant(), after.slant()) {
        (Some(before), Some(after)) => after - before,
        _ => after.probability(top).unwrap_or(0.0) - before.confidence(),
    };
    let flip = (after.top() != top).then(|| (top.to_owned(), after.top().to_owned()));
    Moved { moved: moved.abs(), flip }
}
