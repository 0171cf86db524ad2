//! Checks labels and models: the coded sample, the second coder, the last two models.

use serde::Serialize;

use crate::error::Result;
use crate::labeling::decision::Decision;
use crate::labeling::history::Compared;
use crate::labeling::sample::{Answers, CorrectedShare, MIN_CODED};
use crate::labeling::second::SecondReport;
use crate::labeling::workspace::Workspace;

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
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SampleReport {
    /// Passages that were drawn.
    pub drawn: u64,
    /// Passages of the archive, of which they were drawn: each stands for `of / drawn` of them.
    pub of: u64,
    /// The seed of the draw.
    pub seed: u64,
    /// Those that are coded without a look at the model's answer, up to the first in the order of the draw that is not decided.
    pub coded: u64,
    /// Coded passages that corrected shares need.
    pub least: u64,
    /// Shares of labels among all passages, corrected by the coded ones; `None` with fewer than `least`, or before all are scored.
    pub share_corrected: Option<Vec<CorrectedShare>>,
}

impl Workspace {
    /// Checks. The second coder's decisions are those that were read last: [`Workspace::set_second`] reads them again.
    ///
    /// # Errors
    /// Texts that are not read, and more labels in both folders than a model may have.
    pub fn check_report(&self) -> Result<CheckReport> {
        let archive = self.archive()?;
        let current = self.current();
        let sample = self.sample().clone();
        // Keys do not wait for what is computed: it is computed on a copy.
        let (coded, pairs) = {
            let decided = self.decided();
            let coded = sample.iter().flat_map(|sample| sample.coded(&decided.decisions));
            let second = self.second();
            let pairs = second.as_ref().map(|second| second.labels(&decided.decisions));
            (coded.cloned().collect::<Vec<Decision>>(), pairs)
        };
        let least = MIN_CODED as u64;
        let sample = match sample {
            None => SampleReport { drawn: 0, of: 0, seed: 0, coded: 0, least, share_corrected: None },
            Some(sample) => {
                let view = current.scores.view();
                let labels = current.classifier.labels();
                let held_out = &current.held_out;
                let answers = Answers { archive, view: &view, labels, held_out };
                SampleReport {
                    drawn: sample.units.len() as u64,
                    of: sample.of,
                    seed: sample.seed,
                    coded: coded.len() as u64,
                    least,
                    share_corrected: answers.corrected(&coded),
                }
            }
        };
        let second = match (self.second().as_ref(), pairs) {
            (Some(second), Some(pairs)) => Some(second.report(&pairs)?),
            _ => None,
        };
        let compare = self.history().record(current.number).and_then(|record| record.compared.clone());
        Ok(CheckReport { sample, second, compare })
    }
}
