//! Turns labeled rows into counted features.

mod compact_row;
pub(crate) mod count;
pub(crate) mod data;
mod document_terms;
mod pairs;
pub(crate) mod row;
mod selection;

pub(crate) use compact_row::{CompactRow, Entries};
pub(crate) use document_terms::{DocumentTermMatrix, SelectedTerm};
pub use document_terms::{OneGroup, Pruning};
pub use row::{Row, rows_sha256};
pub(crate) use selection::{FeatureSelection, SelectionParams, UnlabeledCorpus};
