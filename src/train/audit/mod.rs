//! Finds what is wrong with labeled rows: labels that look wrong, near-duplicates, terms that give
//! a source away.

pub(crate) mod leaks;
pub(crate) mod suspects;

pub use leaks::{NearDuplicates, RowPair, SourceTerm};
pub use suspects::Suspect;
