//! Stance and bias classification of news texts.
//!
//! A tokenizer and a TF-IDF featurizer feed a multinomial logistic regression that is trained, through linfa, on labelled
//! paragraphs. A [`Classifier`] scores texts with calibrated probabilities, abstains with a [`Reason`], and every score can
//! be explained term by term. The labels live in the training data and in the model, never in the code.
//!
//! ```
//! use standpoint::train::{Row, TrainParams, train};
//! use standpoint::{Classifier, Pool};
//!
//! let texts = [("warm", "sun and a mild wind"), ("cold", "snow and a hard frost")];
//! let rows = (0..20).map(|n| {
//!     let (label, text) = texts[n % 2];
//!     Row::new(label, format!("day {n} brought {text}"))
//! });
//! let pool = Pool::new(1)?;
//! let (model, report) = train(rows.collect::<Vec<_>>(), TrainParams::default(), &pool)?;
//! assert_eq!(report.cross_validation.unwrap().accuracy(), Some(1.0));
//!
//! let classifier = Classifier::new(model)?;
//! let verdict = classifier.score("At night came hard frost and snow.");
//! let label = verdict.decision.label().expect("these words are known");
//! assert_eq!(classifier.labels().name(label), "cold");
//! # Ok::<(), standpoint::Error>(())
//! ```

#![deny(missing_docs)]
// But for the one instruction in prefetch.rs.
#![deny(unsafe_code)]
// No panic is reachable from input.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

// ARCHITECTURE.md has the order of these rooms, and tests/it/layers checks it.
pub mod error;
mod prefetch;
pub mod progress;
mod random;
mod scan;
mod threads;

pub mod label;

pub mod text;

pub mod statistics;

pub mod tokenizer;

pub mod features;

pub mod near_duplicates;

pub mod model;

pub mod read;

pub mod classifier;

pub mod tabulate;

pub mod evaluate;

pub mod agreement;

// Its indices are its own: rows and classes are numbered here, not read.
#[cfg(feature = "train")]
#[allow(clippy::indexing_slicing)]
pub mod train;

pub mod active_learning;

pub mod pipeline;

pub mod write;

#[cfg(feature = "cli")]
pub mod cli;

pub use classifier::verdict::{Decision, Reason, Verdict};
pub use classifier::{Classifier, Worker};
pub use error::{Error, ErrorKind, Result};
pub use label::{ClassId, LabelSet};
pub use model::Model;
pub use text::{Document, Span};
pub use threads::Threads;
