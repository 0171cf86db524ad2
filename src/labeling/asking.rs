//! Asks for decisions: gives the next passages of each queue.

use std::collections::HashSet;

use crate::error::Result;
use crate::labeling::archive::Archive;
use crate::labeling::decided::Decided;
use crate::labeling::decision::Decision;
use crate::labeling::queue::{Item, Queue, QueueKind, Taken, next_of};
use crate::labeling::sample::Sample;
use crate::labeling::workspace::{Workspace, no_unit};

/// Most passages that are given at once.
const MAX_ITEMS: usize = 50;

/// With fewer labels of one's own set, passages are chosen at random where no queue is asked for.
const FEW_LABELS: u64 = 100;

/// Which passages are asked for.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    archive: &'a Archive,
    sample: Option<&'a Sample>,
    kind: QueueKind,
    after: Option<usize>,
    limit: usize,
}

impl Wanted<'_> {
    /// Passages that are neither decided nor kept for the sample.
    fn left_at_random(&self, decided: &Decided) -> u64 {
        let is_open = |unit: &&usize| !decided.has(**unit);
        let of_sample = self.sample.map_or(0, |sample| sample.numbers().iter().filter(is_open).count());
        self.archive.units().len().saturating_sub(decided.len() + of_sample) as u64
    }
}

impl Workspace {
    /// The next passages of a queue, at most `limit`: those that stand behind `after`, the id of a
    /// passage, then from the beginning. None that is decided comes, but in queues that ask again,
    /// and none that nearly repeats a decided one, but in queues whose passages are counted.
    /// Nothing is read from disk.
    ///
    /// # Errors
    /// Texts that are not read, and a parameter `unit` that is no passage of the archive.
    pub fn next(&self, kind: QueueKind, after: Option<&str>, limit: usize) -> Result<Queue> {
        let archive = self.archive()?;
        let after = after.map(|id| archive.find(id).ok_or_else(|| no_unit(id))).transpose()?;
        // First the sample, then what is decided, as everywhere: who waits for one does not hold
        // the other.
        let sample = self.sample();
        let limit = limit.min(MAX_ITEMS);
        let wanted = Wanted { archive, sample: sample.as_ref(), kind, after, limit };
        let decided = self.decided();
        let mut at_random = Vec::new();
        let (units, left) = match kind {
            QueueKind::Random => {
                let left = wanted.left_at_random(&decided);
                (Self::open_units(self.random()?, wanted, &decided), Some(left))
            }
            QueueKind::Uncertain => {
                let current = self.current();
                let ranking = current.ranked();
                // Before a model has ranked anything, chance is as good.
                let order = match ranking.as_ref() {
                    Some(ranking) => ranking.order.as_slice(),
                    None => self.random()?,
                };
                let units = Self::open_units(order, wanted, &decided);
                let is_random =
                    |unit: &&usize| ranking.as_ref().is_none_or(|ranking| ranking.is_random(**unit));
                at_random = units.iter().filter(is_random).copied().collect();
                (units, None)
            }
            QueueKind::Suspicious | QueueKind::Disagreements | QueueKind::Sample | QueueKind::Second => {
                let order = self.listed(wanted, &decided);
                let left = order.len() as u64;
                (Self::open_units(&order, wanted, &decided), Some(left))
            }
        };
        drop(decided);
        drop(sample);
        let item = |unit| Some(Item { at_random: at_random.contains(&unit), ..self.item(unit)? });
        let mut items: Vec<Item> = units.into_iter().filter_map(item).collect();
        if kind == QueueKind::Disagreements {
            let second = self.second();
            let of = |unit: &str| second.as_ref().and_then(|second| second.of(unit));
            items.iter_mut().for_each(|item| item.other = of(&item.unit));
        }
        Ok(Queue { kind, left, items })
    }

    /// The queue to begin with: at random while there are few labels of a set that the first model
    /// does not know.
    pub fn usual_queue(&self) -> QueueKind {
        let of_model = self.start.labels();
        let are_own = self.session().labels.iter().any(|label| of_model.get(label).is_none());
        match are_own && self.label_count() < FEW_LABELS {
            true => QueueKind::Random,
            false => QueueKind::Uncertain,
        }
    }

    fn open_units(
        order: &[u32],
        Wanted { archive, sample, kind, after, limit }: Wanted<'_>,
        decided: &Decided,
    ) -> Vec<usize> {
        if !kind.skips_repeats() {
            return next_of(order, after, limit, |_| true);
        }
        // What is on the screen, and what is given here, is not repeated either.
        let mut given = Taken::default();
        if let Some((unit, (_, passage))) = after.and_then(|unit| Some((unit, archive.passage(unit)?))) {
            given.add(unit, passage);
        }
        // Models learn nothing of a sample: who labels for a model labels elsewhere.
        let is_open = |unit: usize| {
            !decided.has(unit) && !sample.is_some_and(|sample| sample.numbers().contains(&unit))
        };
        next_of(order, after, limit, |unit| {
            let passage = archive.passage(unit).filter(|_| is_open(unit));
            passage.is_some_and(|(_, passage)| !decided.repeats(unit, passage, &mut given))
        })
    }

    /// The passages of a queue that is a list: those that are to be decided about still.
    fn listed(&self, Wanted { archive, sample, kind, .. }: Wanted<'_>, decided: &Decided) -> Vec<u32> {
        let decisions = &decided.decisions;
        let ids: Vec<String> = match kind {
            QueueKind::Suspicious => {
                let current = self.current();
                // Who has decided again since the model was trained, or changed a label to what it
                // expects, need not look again.
                let is_open = |decision: &Decision, expected: &str| {
                    let is_other = decision.label.as_deref().is_some_and(|label| label != expected);
                    is_other && decision.model != current.classifier.id()
                };
                let suspects = current.held_out.suspects.iter().filter(|suspect| {
                    decisions.of(&suspect.unit).is_some_and(|decision| is_open(decision, &suspect.expected))
                });
                suspects.map(|suspect| suspect.unit.clone()).collect()
            }
            QueueKind::Disagreements => {
                self.second().as_ref().map(|second| second.disagreements(decisions)).unwrap_or_default()
            }
            QueueKind::Second => {
                let second = self.second();
                let units = second.as_ref().map(|second| second.units()).unwrap_or_default();
                units.into_iter().filter(|unit| decisions.of(unit).is_none()).collect()
            }
            _ => {
                let units = sample.iter().flat_map(|sample| &sample.units);
                // Who has seen the answer cannot unsee it: nothing is asked twice.
                let is_open = |unit: &&String| decisions.of(unit).is_none();
                units.filter(is_open).cloned().collect()
            }
        };
        let mut seen = HashSet::new();
        let units = ids.iter().filter_map(|id| archive.find(id));
        units.filter_map(|unit| u32::try_from(unit).ok()).filter(|unit| seen.insert(*unit)).collect()
    }
}
