//! Picks the texts whose labels would teach a model most.
//!
//! [`suggest`] reads a pool of unlabeled texts and picks those that the model is least sure of, and
//! the likeliest ones of labels with few rows. It passes over texts that nearly repeat one that is
//! labeled or picked already.

mod best;
mod offer;
mod params;
mod pick;
mod rare;
mod run;
mod shortlist;

#[cfg(feature = "train")]
pub(crate) use offer::uncertainty;
pub use params::SuggestParams;
pub use pick::{Pick, Why};
#[cfg(feature = "train")]
pub(crate) use rare::quotas;
pub use run::{AbstainedCount, SuggestInput, Suggestions, suggest};
