//! Checks labels and models: the coded sample, the second coder, the last two models.

use serde::Serialize;

use crate::error::Result;
use crate::labeling::archive::Archive;
use crate::labeling::model_record::Compared;
use crate::labeling::queue::QueueKind;
use crate::labeling::sample::{Answers, Coding, CorrectedShare, MIN_CODED, Sample};
use crate::labeling::second::SecondReport;
use crate::labeling::workspace::{CurrentModel, Workspace};

/// What there is to check.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CheckReport {
    /// The random sample.
    pub sample: SampleReport,
    /// The second coder; `None` without one.
    pub second: Option<SecondReport>,
    /// The model in use and the one before it.
    pub compare: Option<Compared>,
}

/// How far the random sample is coded, and what it says.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SampleReport {
    /// Passages that were drawn.
    pub drawn: u64,
    /// Passages of the archive, of which they were drawn: each stands for `of / drawn` of them.
    pub of: u64,
    /// The seed of the draw.
    pub seed: u64,
    /// Those that are coded without a look at the model's answer, up to the first in the order of
    /// the draw that is not decided.
    pub coded: u64,
    /// Those of the coded ones that the model in use has learned, as it was trained before the
    /// draw.
    pub learned: u64,
    /// Passages that are not decided.
    pub open: u64,
    /// Passages that count once those before them in the order of the draw are decided.
    pub later: u64,
    /// Passages that were skipped or that the coder could not tell.
    pub skipped: u64,
    /// Passages that were labeled with the model's answer in sight.
    pub seen: u64,
    /// Coded passages that corrected shares need.
    pub least: u64,
    /// Shares of labels among all passages, corrected by the coded ones; `None` with fewer than
    /// `least`, or before all are scored.
    pub share_corrected: Option<Vec<CorrectedShare>>,
}

impl SampleReport {
    fn new(sample: Option<&Sample>, coding: Coding, archive: &Archive, current: &CurrentModel) -> Self {
        let least = MIN_CODED as u64;
        let Some(sample) = sample else { return SampleReport { least, ..SampleReport::default() } };
        let Coding { coded, open, later, skipped, seen } = coding;
        let CurrentModel { scores, classifier, held_out, .. } = current;
        let answers = Answers { archive, view: &scores.view(), labels: classifier.labels(), held_out };
        SampleReport {
            drawn: sample.units.len() as u64,
            of: sample.of,
            seed: sample.seed,
            coded: coded.len() as u64,
            learned: held_out.learned_of(&coded) as u64,
            open,
            later,
            skipped,
            seen,
            least,
            share_corrected: answers.corrected(&coded),
        }
    }
}

impl Workspace {
    /// Checks. The second coder's decisions are those that were read last:
    /// [`Workspace::set_second`] reads them again.
    ///
    /// # Errors
    /// Texts that are not read, and more labels in both folders than a model may have.
    pub fn check_report(&self) -> Result<CheckReport> {
        let archive = self.archive()?;
        let current = self.current();
        let sample = self.sample().clone();
        // Keys do not wait for what is computed: it is computed on a copy.
        let (coding, pairs) = {
            let decided = self.decided();
            let coding = sample.as_ref().map(|sample| sample.coding(&decided.decisions));
            let second = self.second();
            let pairs = second.as_ref().map(|second| {
                let unsettled = second.disagreements(&decided.decisions).len() as u64;
                (second.labels(&decided.decisions, |unit| archive.find(unit)), unsettled)
            });
            (coding.unwrap_or_default(), pairs)
        };
        let sample = SampleReport::new(sample.as_ref(), coding, archive, &current);
        let second = match (self.second().as_ref(), pairs) {
            (Some(second), Some((pairs, unsettled))) => {
                Some(SecondReport { unsettled, ..second.report(&pairs)? })
            }
            _ => None,
        };
        // The lock on the second coder is not held here, as the queue takes it.
        let open = second.as_ref().map(|_| self.next(QueueKind::Second, None, 0)).transpose()?;
        let second = second
            .map(|second| SecondReport { left: open.and_then(|queue| queue.left).unwrap_or(0), ..second });
        let compare = self.compared(&current)?;
        Ok(CheckReport { sample, second, compare })
    }

    /// How the model in use differs from the one before it: on the sample as far as it is coded
    /// now, else as it was when the model was trained.
    fn compared(&self, current: &CurrentModel) -> Result<Option<Compared>> {
        let (noted, before) = {
            let history = self.history();
            let noted = history.record(current.number).and_then(|record| record.compared.clone());
            let before = noted.as_ref().and_then(|compared| history.number_of(&compared.old));
            (noted, before.or(current.number.checked_sub(1)))
        };
        let Some(before) = before.filter(|_| self.sample().is_some()) else { return Ok(noted) };
        Ok(self.compare_on_sample(&self.model(before)?, current).or(noted))
    }
}
