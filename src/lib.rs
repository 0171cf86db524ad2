//! Stance and bias classification of news texts.
//!
//! A tokenizer and a TF-IDF featurizer feed a multinomial logistic regression that is trained, through linfa, on labelled
//! paragraphs. A [`Classifier`] scores texts with calibrated probabilities, abstains with a [`Reason`], and every score can
//! be explained term by term. The labels live in the training data and in the model, never in the code.
//!

#![deny(missing_docs)]
#![forbid(unsafe_code)]
// No panic is reachable from input.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

// The order of the rooms: a module uses only what stands above it. tests/layers.rs holds it.
pub mod error;
pub mod span;
pub mod label;
pub mod document;
pub mod verdict;
pub mod token;
pub mod feature;
pub mod model;
pub mod classify;
pub mod explain;
pub mod evaluate;
// Its indices are its own: rows and classes are numbered here, not read.
#[allow(clippy::indexing_slicing)]
pub mod train;
