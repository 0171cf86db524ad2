//! Reads labeled rows and turns them into counted features.

pub(crate) mod blocks;
mod compact_row;
pub(crate) mod count;
pub(crate) mod counted;
pub(crate) mod data;
mod document_terms;
mod from_files;
mod pairs;
mod repeats;
pub(crate) mod row;
mod scaling;
mod selection;
pub(crate) mod terms;
pub(crate) mod text_vectors;
mod tokens;

pub(crate) use compact_row::{CompactRow, Entries};
pub(crate) use document_terms::{DocumentTermMatrix, SelectedTerm};
pub use document_terms::{OneGroup, Pruning};
pub use from_files::{SourceRow, TrainingFiles, TrainingRows, read_texts};
pub(crate) use repeats::hold_together;
pub(crate) use row::add_texts;
pub use row::{Row, rows_sha256};
pub(crate) use scaling::Scaling;
pub(crate) use selection::{FeatureSelection, SelectionParams, UnlabeledCorpus};
