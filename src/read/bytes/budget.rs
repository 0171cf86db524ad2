//! Bounds what a reader holds of one file at once, whatever the file claims of itself.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes that every reader may hold, besides what grows with the largest record that is allowed.
const BASE_BYTES: u64 = 128 << 20;
/// Copies of the largest record that a reader may hold.
const RECORDS: u64 = 6;

/// The bytes that the reader of a file may hold at once. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    left: Arc<AtomicU64>,
    limit: u64,
}

/// Bytes that were taken from a budget, which has them again when the share is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    from: Budget,
    bytes: u64,
}

/// The answer to a claim that goes beyond a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OverBudget {
    claimed: u64,
    limit: u64,
}

impl fmt::Display for OverBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let OverBudget { claimed, limit } = self;
        write!(f, "reading it takes {claimed} bytes of memory; at most {limit} are allowed for one file")
    }
}

impl Budget {
    /// The budget of a file whose records have `max_record` bytes at most.
    pub(crate) fn for_records_of(max_record: usize) -> Self {
        let records = u64::try_from(max_record).unwrap_or(u64::MAX).saturating_mul(RECORDS);
        Budget::new(BASE_BYTES.saturating_add(records))
    }

    pub(crate) fn new(limit: u64) -> Self {
        Budget { left: Arc::new(AtomicU64::new(limit)), limit }
    }

    /// Takes bytes before they are allocated.
    pub(crate) fn take(&self, bytes: u64) -> Result<Share, OverBudget> {
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes))
            .map(|_| Share { from: self.clone(), bytes })
            .map_err(|left| OverBudget {
                claimed: bytes.saturating_add(self.limit.saturating_sub(left)),
                limit: self.limit,
            })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.from.left.fetch_add(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_may_be_taken_again_and_what_is_over_is_refused() {
        let budget = Budget::new(100);
        let first = budget.take(60).unwrap();
        let other = budget.clone();
        let error = other.take(41).unwrap_err();
        assert_eq!(
            error.to_string(),
            "reading it takes 101 bytes of memory; at most 100 are allowed for one file"
        );
        assert!(other.take(u64::MAX).is_err());
        let second = other.take(40).unwrap();
        assert!(budget.take(1).is_err());
        drop((first, second));
        assert!(budget.take(100).is_ok());
    }
}
