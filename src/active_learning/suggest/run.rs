//! Suggests texts to label from files.

use serde::Serialize;

use crate::active_learning::suggest::offer::Offer;
use crate::active_learning::suggest::params::SuggestParams;
use crate::active_learning::suggest::pick::Pick;
use crate::active_learning::suggest::shortlist::{Passed, Shortlist};
use crate::classifier::{Classifier, ScoreOptions, Workers};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::read::{DocumentNotes, InputOptions, RawRecord};
use crate::threads::Threads;

/// The texts to choose from, and those that are labeled already.
pub struct SuggestInput<'a> {
    /// The pool: records of one text each, which is never cut.
    pub pool: Box<dyn Iterator<Item = Result<RawRecord>> + Send + 'a>,
    /// Records that are labeled already. Neither they nor near-duplicates of them are picked.
    pub labeled: Box<dyn Iterator<Item = Result<RawRecord>> + Send + 'a>,
    /// How records become documents.
    pub options: &'a InputOptions,
    /// Is told of each record of the pool that cannot be read.
    pub on_failure: &'a mut (dyn FnMut(Error) + Send),
    /// Is told of each text, and may stop the reading: within half a second it ends with
    /// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped).
    pub progress: &'a dyn Progress,
}

/// The result of [`suggest`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Suggestions {
    /// The texts to label: the likeliest ones of rare labels first, then the most uncertain.
    pub picks: Vec<Pick>,
    /// Texts of the pool that were read.
    pub read: u64,
    /// Records of the pool that could not be read.
    pub failed: u64,
    /// Texts that are labeled already, or nearly repeat one that is.
    pub already_labeled: u64,
    /// Texts on which the model abstains for another reason than low confidence.
    pub abstained: Vec<AbstainedCount>,
    /// How the texts were read.
    #[serde(skip)]
    pub notes: DocumentNotes,
}

/// Texts on which the model abstains for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AbstainedCount {
    /// The reason's name, as it stands in results.
    pub reason: &'static str,
    /// How many texts.
    pub texts: u64,
}

/// Reads a pool of texts once, and picks those whose labels would teach a model most.
///
/// # Errors
/// As [`SuggestParams::check`]; a labeled record that cannot be read; and
/// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped). Records of the pool that cannot be read are
/// counted.
pub fn suggest(
    classifier: &Classifier,
    input: SuggestInput<'_>,
    params: SuggestParams,
    threads: &Threads,
) -> Result<Suggestions> {
    let SuggestInput { pool, labeled, options, on_failure, progress } = input;
    let mut shortlist = Shortlist::new(classifier, params)?;
    progress.begin("suggest", None);
    let mut notes = DocumentNotes::default();
    for raw in labeled {
        progress.check()?;
        let document = raw.and_then(|raw| raw.document(options));
        let document =
            document.map_err(|error| Error::data(format!("cannot read the labeled texts: {error}")))?;
        notes.add(document.notes());
        shortlist.exclude(&document.text);
    }
    let (mut read, mut failed) = (0, 0);
    let items = pool.map(RawRecord::sized);
    Workers::new(classifier, ScoreOptions::default(), threads).score_in_order(
        items,
        |worker, raw| match progress.is_stopped() {
            true => None,
            false => {
                Some(raw.and_then(|raw| raw.document(options)).map(|document| Offer::new(worker, document)))
            }
        },
        |offer| {
            progress.check()?;
            progress.advance(1);
            let Some(offer) = offer else { return Ok(()) };
            match offer {
                Ok(offer) => {
                    read += 1;
                    notes.add(offer.document.notes());
                    shortlist.add(offer);
                }
                Err(error) => {
                    failed += 1;
                    on_failure(error);
                }
            }
            Ok::<(), Error>(())
        },
    )?;
    let Passed { labeled: already_labeled, unfit } = shortlist.passed().clone();
    Ok(Suggestions {
        picks: shortlist.finish(progress)?,
        read,
        failed,
        already_labeled,
        abstained: unfit
            .into_iter()
            .map(|(reason, texts)| AbstainedCount { reason: reason.name(), texts })
            .collect(),
        notes,
    })
}

#[cfg(all(test, feature = "bundled-models"))]
mod tests {
    use super::*;
    use crate::progress::testing::check_stops;
    use crate::read::{Format, Input, Inputs};

    #[test]
    fn a_stop_at_any_question_ends_a_suggestion_on_any_number_of_threads() {
        let classifier = Classifier::bundled().unwrap();
        let options = InputOptions { format: Some(Format::Jsonl), ..InputOptions::default() };
        let line = |number: usize| {
            format!(
                "{{\"text\":\"day {number} brought guarantees for Ukraine, {} and talk of NATO\"}}\n",
                number * 7919
            )
        };
        let read = |numbers: std::ops::Range<usize>| {
            let lines: String = numbers.map(line).collect();
            Box::new(Inputs::new([Input::from_bytes("texts", lines.into_bytes())], options.clone()))
        };
        for jobs in [1, 2] {
            let threads = &Threads::new(jobs).unwrap();
            check_stops(|progress| {
                let input = SuggestInput {
                    pool: read(0..2000),
                    labeled: read(2000..2100),
                    options: &options,
                    on_failure: &mut |error| panic!("{error}"),
                    progress,
                };
                suggest(&classifier, input, SuggestParams::default(), threads)
            });
        }
    }
}
