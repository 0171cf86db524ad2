//! Runs the scoring of many records: results in order, counts, checkpoints, and a journal to resume
//! from.
//!
//! A [`Run`] takes records and a [`RunOutput`], reports to a
//! [`Progress`](crate::progress::Progress) and gives a [`ScoredRun`], which is complete when it is
//! committed. [`Classifier::score_files`](crate::Classifier::score_files) and
//! [`Classifier::score_to_file`](crate::Classifier::score_to_file) are the short ways to the same
//! results.

mod duplicates;
mod group_counts;
mod journal;
mod notes;
mod output;
mod record;
mod report;
mod run;
mod score_files;
mod sorted;
mod state;
mod summary;
mod tally;

pub use group_counts::carried_columns;
pub use journal::{Checkpoint, RunOptions};
pub(crate) use journal::{Journal, UnfinishedRun};
pub use notes::Notes;
pub use output::{OnUnfinished, OpenedOutput, RunOutput};
pub use report::{ResultCounts, RunReport, ScoredRun};
pub use run::Run;
pub use score_files::ScoredFiles;
pub use sorted::{SortBy, Sorting};
pub use summary::{Speed, write_summary};
pub use tally::{Failures, Tally};

/// Records between two checkpoints: often enough to lose little, seldom enough to cost nothing.
const MAX_UNSAVED: u64 = 4096;
