//! Tells which results of a run are written, shows them to the page, and says if there are none.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::cli::report_page::spelled;
use crate::read::Condition;
use crate::write::{Outcome, ResultFilter, RunContext};

/// Counts of the results that conditions choose, while they come.
pub struct WrittenResults {
    conditions: Vec<Condition>,
    /// Those that meet the conditions.
    matching: Arc<AtomicU64>,
    /// Those of them that are left out as near-duplicates.
    dropped: Arc<AtomicU64>,
}

impl WrittenResults {
    /// Starts the counts of a run.
    pub fn new(context: &RunContext) -> Self {
        WrittenResults {
            conditions: context.output_conditions.clone(),
            matching: Arc::default(),
            dropped: Arc::default(),
        }
    }

    /// Counts the results of the run, and hands those that are written to `page`; `None` if there
    /// is neither a page nor a condition, so that nobody asks.
    ///
    /// # Errors
    /// A condition on a column that the results do not have.
    pub fn watch<P: FnMut(&Outcome) -> crate::Result<()> + Send + 'static>(
        &self,
        context: &RunContext,
        mut page: Option<P>,
    ) -> crate::Result<Option<impl FnMut(&Outcome) -> crate::Result<()> + Send + 'static + use<P>>> {
        if page.is_none() && self.conditions.is_empty() {
            return Ok(None);
        }
        let filter = ResultFilter::new(context)?;
        let (matching, dropped) = (Arc::clone(&self.matching), Arc::clone(&self.dropped));
        Ok(Some(move |outcome: &Outcome| {
            if !filter.meets_conditions(outcome) {
                return Ok(());
            }
            matching.fetch_add(1, Ordering::Relaxed);
            if filter.is_dropped(outcome) {
                dropped.fetch_add(1, Ordering::Relaxed);
                return Ok(());
            }
            page.as_mut().map_or(Ok(()), |page| page(outcome))
        }))
    }

    /// Results that are left out as near-duplicates.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Says that no result meets the conditions, if none does.
    pub fn warning(&self) -> Option<String> {
        let is_empty = self.matching.load(Ordering::Relaxed) == 0;
        (is_empty && !self.conditions.is_empty())
            .then(|| format!("--where: no result has {}", spelled(&self.conditions).join(" and ")))
    }
}
