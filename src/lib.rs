//! Classifies the stance of news texts, and gives each a label, a calibrated probability and the
//! words that decided it.
//!
//! ```
//! # #[cfg(feature = "bundled-models")] {
//! use standpoint::Classifier;
//!
//! let classifier = Classifier::bundled()?; // or Classifier::open("mine.safetensors")?
//! let text = "NATO must give Ukraine binding security guarantees now.";
//! let verdict = classifier.score(text);
//! println!("{} p={:.2}", verdict.label().unwrap_or("(abstained)"), verdict.confidence());
//! for term in classifier.explain(text, 3) {
//!     println!("{:+.3} {}", term.contribution, term.text);
//! }
//! for scored in classifier.score_files(["data/articles"])? {
//!     let scored = scored?;
//!     println!("{}\t{}", scored.id, scored.verdict.top());
//! }
//! # assert_eq!(verdict.top(), "pro-guarantee");
//! # }
//! # Ok::<(), standpoint::Error>(())
//! ```
//!
//! - A [`Classifier`] is a model made ready for scoring. It is a cheap handle that threads share.
//! - A [`Verdict`] is the answer for one text: label, probabilities, [`Reason`] for no label.
//! - A [`text::Record`] is a text from memory with a title or several columns.
//! - A [`Worker`] scores many texts on one thread; [`classifier::Workers`] score them in order on
//!   several.
//! - [`robustness`] measures how far answers move under changes that leave the meaning of texts as
//!   it is.
//! - `labeling` holds what people decide about texts, trains models on it and measures both.
//! - [`classifier::explain`] breaks a score down word by word.
//! - [`Classifier::score_files`] reads and scores files and folders, [`Classifier::score_inputs`]
//!   bytes and readers too; [`pipeline`] runs long jobs that can be resumed.
//!
//! A tokenizer and a TF-IDF featurizer feed a multinomial logistic regression, which the feature
//! `train` trains through linfa on labeled paragraphs. The labels live in the training data and in
//! the model, never in the code:
//!
//! ```
//! # #[cfg(feature = "train")] {
//! use standpoint::train::{Row, TrainParams, train};
//! use standpoint::{Classifier, Threads};
//!
//! let texts = [("warm", "sun and a mild wind"), ("cold", "snow and a hard frost")];
//! let rows = (0..20).map(|n| {
//!     let (label, text) = texts[n % 2];
//!     Row::new(label, format!("day {n} brought {text}"))
//! });
//! let threads = Threads::new(1)?;
//! let (model, report) = train(rows.collect::<Vec<_>>(), TrainParams::default(), &threads)?;
//! assert_eq!(report.cross_validation.unwrap().accuracy(), Some(1.0));
//!
//! let classifier = Classifier::new(model)?;
//! assert_eq!(classifier.score("At night came hard frost and snow.").label(), Some("cold"));
//! # }
//! # Ok::<(), standpoint::Error>(())
//! ```
//!
//! # Cargo features
//!
//! All are on by default; without any of them the library reads text, Markdown, CSV, JSON, web
//! archives, subtitles, lines of fastText and the exports of press databases, and scores.
//!
//! - `bundled-corpus`: what the default stance model was trained on, for `train::adapt`; brings
//!   `train`
//! - `bundled-models`: the default models, for [`Classifier::bundled`]
//! - `cli`: the command line program
//! - `feeds`, `mail`: read RSS, RDF and Atom feeds, and `.eml` and `.mbox` mail
//! - `html`: extracts articles from HTML pages
//! - `parquet`, `spreadsheet`: read these formats, and write Parquet and `.xlsx`
//! - `serve`: serves a page for reading, labeling, retraining and checking to this machine's
//!   browser; brings `train`
//! - `train`: trains models, and learns word vectors

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
pub(crate) mod named;
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

#[cfg(feature = "train")]
pub mod vectors;

// Indices do not come from input here: rows and classes are numbered by the training itself.
#[cfg(feature = "train")]
#[allow(clippy::indexing_slicing)]
pub mod train;

pub mod training_rows;

pub mod active_learning;

pub mod robustness;

pub mod write;

pub mod pipeline;

#[cfg(feature = "train")]
pub mod labeling;

#[cfg(feature = "serve")]
pub mod serve;

#[cfg(feature = "cli")]
pub mod cli;

pub use classifier::verdict::{Reason, Verdict};
pub use classifier::{Classifier, Worker};
pub use error::{Error, ErrorKind, Result};
pub use label::LabelSet;
pub use model::Model;
pub use named::Named;
pub use text::{Document, Span};
pub use threads::Threads;
