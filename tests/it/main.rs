//! Tests the program and the library from outside, as one binary: a module a subject.

mod harness;

mod abstain;
mod adapt;
mod agreement;
mod bad_input;
mod blocks;
mod commands;
mod compare;
mod corpus;
mod corpus_rates;
mod dialects;
mod doors;
mod evaluate;
mod examples;
mod exit_codes;
mod formats;
mod front_door;
mod golden;
mod house_style;
mod html;
mod label;
mod layers;
mod model_file;
mod models;
mod no_flags;
mod normal_text;
mod outputs;
mod overwriting;
mod paragraphs;
mod parity;
mod pipeline;
mod plain_texts;
mod posts;
mod published;
#[cfg(all(unix, feature = "bundled-models"))]
mod readme;
mod report;
mod report_page;
mod resume;
mod retrain;
mod robustness;
mod same_score;
mod sample;
#[cfg(unix)]
mod sample_pages;
mod score;
#[cfg(feature = "serve")]
mod serve;
mod suggest;
mod tables;
mod terminal;
mod text_column;
mod train;
mod traps;
mod vectors;
mod widths;
