//! Checks that imports point one way: a room uses only the rooms below it, and only some rooms name
//! some crates.
//!
//! ARCHITECTURE.md has the order of the rooms. The rules see every path of every file, in imports
//! and in code, and leave out the items that are compiled for tests only.

mod paths;
mod planted;
mod rooms;
mod rules;
mod source;

use source::Source;

/// Crates and the files or folders that alone may name them.
const OWNERS: &[(&str, &[&str])] = &[
    // What every room may name: serialization, numbers and tables of the same bits everywhere.
    ("serde", &[""]),
    ("hashbrown", &[""]),
    ("libm", &[""]),
    ("sha2", &["model/file.rs", "train/", "vectors/run.rs"]),
    ("strsim", &["error/", "label/mistyped.rs"]),
    ("twox_hash", &["read/fingerprint.rs"]),
    ("linfa", &["train/"]),
    ("ndarray", &["train/"]),
    ("rust_stemmers", &["tokenizer/stem.rs"]),
    ("whatlang", &["text/language.rs"]),
    ("unicode_segmentation", &["tokenizer/", "text/boundaries.rs", "model/provenance.rs"]),
    (
        "unicode_normalization",
        &["label/", "text/normalization/", "tokenizer/", "near_duplicates/", "model/provenance.rs"],
    ),
    ("unicode_width", &["write/fit.rs", "write/hanging.rs", "write/sinks/table.rs", "write/text_table/"]),
    ("rayon", &["threads.rs", "classifier/", "evaluate/", "vectors/", "train/"]),
    ("memchr", &["read/", "write/earlier.rs"]),
    ("csv", &["read/", "write/"]),
    ("csv_core", &["read/"]),
    (
        "serde_json",
        &[
            "text/markup/flight.rs",
            "text/markup/script_state.rs",
            "text/markup/structured_data.rs",
            "read/",
            "pipeline/",
            "labeling/",
            "serve/",
            "write/",
            "cli/",
            "model/file.rs",
            "model/header.rs",
            "train/corpus/packed.rs",
            "vectors/file.rs",
        ],
    ),
    ("ppmd_rust", &["train/corpus/packed.rs"]),
    ("safetensors", &["model/file.rs", "vectors/file.rs"]),
    ("zerocopy", &["model/file.rs"]),
    ("flate2", &["read/", "write/sinks/compressed.rs"]),
    ("zstd", &["read/", "write/sinks/compressed.rs"]),
    ("parquet", &["read/", "write/sinks/parquet.rs"]),
    ("brotli_decompressor", &["read/formats/parquet/"]),
    ("bytes", &["read/formats/parquet/", "write/sinks/parquet.rs"]),
    ("chrono", &["read/formats/parquet/"]),
    ("half", &["read/formats/parquet/"]),
    ("lz4_flex", &["read/formats/parquet/"]),
    ("num_bigint", &["read/formats/parquet/"]),
    ("ryu", &["read/formats/parquet/"]),
    ("snap", &["read/formats/parquet/"]),
    ("encoding_rs", &["read/"]),
    ("chardetng", &["read/"]),
    ("pulldown_cmark", &["text/markup/markdown.rs"]),
    ("dom_smoothie", &["text/markup/article.rs"]),
    ("html_escape", &["label/key.rs", "text/markup/visible_text.rs"]),
    ("calamine", &["read/"]),
    ("mail_parser", &["read/formats/mail/"]),
    ("quick_xml", &["read/"]),
    ("zip", &["read/"]),
    ("rust_xlsxwriter", &["write/workbook.rs"]),
    ("walkdir", &["read/"]),
    ("clap", &["cli/"]),
    ("clap_complete", &["cli/"]),
    ("clap_mangen", &["cli/"]),
    ("anyhow", &["cli/"]),
    ("indicatif", &["cli/"]),
    ("signal_hook", &["cli/"]),
    ("stop_words", &["cli/explain/"]),
    ("terminal_size", &["cli/"]),
    ("ctrlc", &["cli/"]),
    ("axum", &["serve/"]),
    ("basic_toml", &["labeling/files.rs"]),
    ("getrandom", &["serve/secret.rs"]),
    ("hyper", &["serve/connections.rs", "serve/stream.rs"]),
    ("hyper_util", &["serve/connections.rs"]),
    ("percent_encoding", &["serve/"]),
    ("subtle", &["serve/secret.rs"]),
    ("thread_priority", &["threads.rs"]),
    ("tokio", &["serve/"]),
    ("tower_http", &["serve/"]),
];

/// Words of code that prints, exits, or reads arguments or the environment.
const TERMINAL: &[&str] =
    &["println!", "eprintln!", "print!", "eprint!", "dbg!", "process::exit", "env::args", "env::var"];

/// The system's exp, ln and pow differ between machines; libm's do not.
const SYSTEM_MATHEMATICS: &[&str] = &[
    ".exp()",
    ".ln()",
    ".exp2()",
    ".log2()",
    ".log10()",
    ".ln_1p()",
    ".exp_m1()",
    ".powf(",
    ".powi(",
    ".dot(",
];

/// Comparisons that end at the first difference: their time tells how much of a guess was right.
const COMPARISONS: &[&str] =
    &["==", "!=", "PartialEq", "PartialOrd", "Hash", ".eq(", ".ne(", ".cmp(", ".starts_with(", ".ends_with("];

fn holds_secrets(source: &Source) -> bool {
    ["serve/access.rs", "serve/secret.rs"].contains(&&*source.path)
}

fn order() -> Vec<String> {
    rooms::rooms(include_str!("../../../ARCHITECTURE.md"))
}

fn is_library(source: &Source) -> bool {
    !["cli", "main"].contains(&source.room())
}

#[track_caller]
fn nothing(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn architecture_md_lists_the_modules_of_the_library() {
    let sources = source::sources();
    let lib = sources.iter().find(|source| source.path == "lib.rs").unwrap();
    let (mut listed, mut declared) = (order(), rooms::modules(lib));
    listed.sort();
    declared.sort();
    assert_eq!(listed, declared);
}

#[test]
fn a_room_uses_only_what_stands_below_it() {
    nothing(&rules::upward_paths(&source::sources(), &order()));
}

#[test]
fn files_of_a_folder_import_each_other_in_one_direction() {
    nothing(&rules::circles(&source::sources()));
}

#[test]
fn only_some_rooms_name_some_crates() {
    nothing(&rules::crates_outside_their_owners(&source::sources(), OWNERS));
}

#[test]
fn every_dependency_has_its_owners_and_every_owner_a_dependency() {
    let manifest = include_str!("../../../Cargo.toml");
    let (_, dependencies) = manifest.split_once("\n[dependencies]\n").unwrap();
    let (dependencies, _) = dependencies.split_once("\n[").unwrap();
    let name = |line: &str| Some(line.split_once(" = ")?.0.replace('-', "_"));
    let lines = dependencies.lines().filter(|line| !line.starts_with('#'));
    let mut named: Vec<String> = lines.filter_map(name).collect();
    let mut owned: Vec<String> = OWNERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    named.sort_unstable();
    owned.sort_unstable();
    assert_eq!(named, owned);
}

#[test]
fn only_the_command_line_prints_exits_or_reads_arguments() {
    nothing(&rules::words(&source::sources(), TERMINAL, is_library));
}

#[test]
fn main_only_calls_the_command_line() {
    let sources = source::sources();
    let main = sources.iter().find(|source| source.path == "main.rs").unwrap();
    let outside: Vec<String> = paths::named(main).into_iter().filter_map(|named| named.outside).collect();
    assert_eq!(outside, ["std", "standpoint"]);
    assert!(main.code.contains("standpoint::cli::main()"));
    assert!(main.code.lines().count() < 20);
}

#[test]
fn only_one_file_holds_unsafe_code() {
    let is_bound = |source: &Source| source.path != "prefetch.rs";
    let unsafe_words = &["unsafe ", "unsafe{", "allow(unsafe_code", "expect(unsafe_code"];
    nothing(&rules::words(&source::sources(), unsafe_words, is_bound));
}

#[test]
fn from_tokenizer_to_model_nothing_knows_a_path() {
    let is_bound = |source: &Source| ["tokenizer", "features", "model"].contains(&source.room());
    nothing(&rules::words(&source::sources(), &["std::path", "std::fs"], is_bound));
}

#[test]
fn nothing_that_reaches_a_score_calls_the_systems_mathematics() {
    nothing(&rules::words(&source::sources(), SYSTEM_MATHEMATICS, is_library));
}

#[test]
fn secrets_are_compared_in_constant_time() {
    let sources = source::sources();
    nothing(&rules::words(&sources, COMPARISONS, holds_secrets));
    let secret = sources.iter().find(|source| source.path == "serve/secret.rs").unwrap();
    assert_eq!(secret.code.matches(".ct_eq(").count(), 1);
    // Outside of its type a secret is written and nothing else: into the cookie, the file and the
    // address that let a browser in.
    let revealed = rules::words(&sources, &["reveal()"], |source| source.path != secret.path);
    let files: Vec<&str> = revealed.iter().filter_map(|place| place.split(':').next()).collect();
    assert_eq!(files, ["serve/access.rs", "serve/browser.rs", "serve/mod.rs"], "{revealed:?}");
}
