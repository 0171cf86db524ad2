//! Texts without labels to those whose labels would teach a model most.
//!
//! A [`Shortlist`] is offered the texts of a pool one after the other and keeps those that the model is least sure of, and
//! those most like its rarest labels. [`Shortlist::finish`] picks from them, and passes over what nearly repeats a text
//! that is labelled or picked already.

mod best;
mod offer;
mod pick;
mod shortlist;

pub use offer::Offer;
pub use pick::{Pick, Why};
pub use shortlist::{Passed, Shortlist, Wants};
