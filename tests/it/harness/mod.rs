//! Shares between the tests: the program to run in a folder of its own, labeled rows and a model
//! trained on them, and files of the binary formats.

#[cfg(any(feature = "parquet", feature = "spreadsheet"))]
mod containers;
mod corpus;
mod sandbox;

#[cfg(feature = "parquet")]
pub use containers::parquet;
#[cfg(feature = "spreadsheet")]
pub use containers::{xlsx, zipped};
pub use corpus::{labelled_csv, params, rows, small_classifier, small_model, texts};
pub use sandbox::{Finished, Sandbox};

/// All commands of the program.
pub const COMMANDS: &[&str] = &[
    "score",
    "train",
    "vectors",
    "adapt",
    #[cfg(feature = "serve")]
    "serve",
    "label",
    "report",
    "evaluate",
    "compare",
    "agreement",
    "sample",
    "suggest",
    "robustness",
    "explain",
    "paragraphs",
    "inspect",
    "bench",
    "completions",
    "man",
];
