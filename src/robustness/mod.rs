//! Measures how far a model's answers move under changes of a text that leave its meaning as it is:
//! spelling, marks, layout, headlines, the order of paragraphs.

mod change;
mod headline;
mod layout;
mod marks;
mod report;
mod run;
mod words;

pub use change::Change;
pub use report::{ChangeReport, Flip, Measure, Moves, RobustnessReport};
pub use run::{RobustnessInput, robustness};
