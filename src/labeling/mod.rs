//! Holds what people decide about the passages of an archive, trains models on it and measures
//! both.
//!
//! A [`WorkFolder`] keeps decisions in a log of plain lines, models by number, and what the coder
//! chose. An [`Archive`] holds texts in memory, cut into passages. A [`Workspace`] joins the two
//! with a model: it gives the next passages of a [queue](QueueKind), saves decisions, trains on a
//! thread of its own, compares coders and models, and exports. All of it may be called from many
//! threads.

mod alone;
mod archive;
mod asking;
mod checking;
mod clock;
mod compared;
mod decided;
mod deciding;
mod decision;
mod evaluation;
mod export;
mod export_table;
mod files;
mod held_out;
mod history;
mod learn;
mod learned_before;
mod lock;
mod log;
mod model_record;
mod more_labels;
mod own_labels;
mod places;
mod queue;
mod ranking;
mod reading;
mod sample;
mod scores;
mod second;
mod session;
mod settings;
mod stage;
mod starting;
mod state;
mod training;
mod training_run;
mod unit;
mod work_folder;
mod workspace;

pub use archive::{Archive, ArchiveInput, ArchivedText};
pub use checking::{CheckReport, SampleReport};
pub use deciding::{Answer, LabelProbability, RecentDecision, Saved, UndoResult, Undone};
pub use decision::{Change, Decision, DecisionKind, NewDecision};
pub use export::ExportKind;
pub use history::HistoryEntry;
pub use model_record::{Basis, Compared, Figure, LabelsPoint, ModelRecord, TrainedFrom};
#[cfg(feature = "serve")]
pub(crate) use places::{message_without_folders, without_folders};
pub use queue::{Item, Queue, QueueKind};
pub use reading::{ReadReport, ReadState};
pub use sample::CorrectedShare;
pub use scores::{Scores, ScoresView, StoredVerdict};
pub use second::{OtherDecision, SecondReport};
pub use session::{NamedKey, Session};
pub use settings::SettingsChange;
pub use state::{Counts, Decisions, LabelCount};
pub use training::TrainingReport;
pub use training_run::RunState;
pub use unit::Unit;
pub use work_folder::WorkFolder;
pub use workspace::{CurrentModel, Opening, Workspace};

#[cfg(test)]
mod tests;
