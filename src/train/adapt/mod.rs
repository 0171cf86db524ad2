//! Adapts a model to the caller's rows: trains on them together with a corpus, or alone, whichever
//! does better on rows held out.
//!
//! The weight of the caller's rows, and whether the corpus is used at all, are chosen by
//! cross-validation on these rows only, with whole groups held out. Each fold also chooses for
//! itself, by a cross-validation inside its training part: the figure of these choices is the
//! honest one.

mod candidate;
mod choice;
mod figures;
mod more_labels;
mod options;
mod overlap;
mod own_rows;
mod phases;
mod report;
mod retrain;
mod run;

pub use more_labels::MoreLabels;
pub use options::{AdaptOptions, TrainedOn};
pub use report::{AdaptCandidate, AdaptReport, AnsweredShares};
pub use retrain::{Beside, Measures, Retrained, measure_beside, retrain};
pub use run::adapt;
