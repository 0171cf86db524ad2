//! Imports point one way: a room uses only what stands before it, and only some rooms know some crates.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the bottom up. `main` stands for the binary with its `cli`.
const ORDER: &[&str] = &[
    "error",
    "prefetch",
    "progress",
    "random",
    "scan",
    "threads",
    "label",
    "text",
    "tokenizer",
    "features",
    "near_duplicates",
    "model",
    "read",
    "classifier",
    "statistics",
    "tabulate",
    "evaluate",
    "agreement",
    "train",
    "active_learning",
    "pipeline",
    "write",
    "cli",
    "main",
];

/// Crates and the files or folders that alone may name them.
const OWNERS: &[(&str, &[&str])] = &[
    ("linfa", &["train/"]),
    ("ndarray", &["train/"]),
    ("rust_stemmers", &["tokenizer/stem.rs"]),
    ("whatlang", &["text/language.rs"]),
    ("unicode_segmentation", &["tokenizer/", "text/boundaries.rs", "model/provenance.rs"]),
    ("unicode_normalization", &["tokenizer/", "near_duplicates/", "model/provenance.rs"]),
    ("rayon", &["threads.rs", "classifier/", "evaluate/", "train/"]),
    ("csv", &["read/", "write/"]),
    ("csv_core", &["read/"]),
    ("serde_json", &["read/", "pipeline/", "write/", "model/file.rs", "model/header.rs"]),
    ("safetensors", &["model/file.rs"]),
    ("flate2", &["read/", "write/sinks/compressed.rs"]),
    ("zstd", &["read/", "write/sinks/compressed.rs"]),
    ("parquet", &["read/", "write/sinks/parquet.rs"]),
    ("arrow_array", &["read/formats/parquet/", "write/sinks/parquet.rs"]),
    ("arrow_cast", &["read/formats/parquet/"]),
    ("arrow_schema", &["read/formats/parquet/", "write/sinks/parquet.rs"]),
    ("encoding_rs", &["read/"]),
    ("chardetng", &["read/"]),
    ("pulldown_cmark", &["read/"]),
    ("dom_smoothie", &["read/formats/html.rs"]),
    ("calamine", &["read/"]),
    ("quick_xml", &["read/"]),
    ("zip", &["read/"]),
    ("html_escape", &["read/formats/html.rs"]),
    ("clap", &["cli/"]),
    ("anyhow", &["cli/"]),
    ("indicatif", &["cli/"]),
    ("ctrlc", &["cli/"]),
];

/// A source file: its path below src, and its lines without comments and without its tests.
struct Source {
    path: String,
    lines: Vec<(usize, String)>,
}

impl Source {
    fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap();
        first.trim_end_matches(".rs")
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let text = fs::read_to_string(&file).unwrap();
            let code = text.split("#[cfg(test)]\n").next().unwrap();
            let lines = code
                .lines()
                .enumerate()
                .map(|(at, line)| (at + 1, line.split("//").next().unwrap().to_owned()))
                .collect();
            Source { path: file.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(), lines }
        })
        .collect()
}

/// The names that follow `prefix` in a line, also inside braces: `crate::{a::B, c}` gives a and c.
fn names_after(line: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in line.match_indices(prefix) {
        if line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &line[at + prefix.len()..];
        let inside = rest.strip_prefix('{').map_or(rest, |list| list);
        let parts: Vec<&str> = if rest.starts_with('{') { inside.split(',').collect() } else { vec![inside] };
        for part in parts {
            let name: String = part.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            names.push(name);
        }
    }
    names
}

#[test]
fn a_room_uses_only_what_stands_before_it() {
    let rank: BTreeMap<&str, usize> = ORDER.iter().enumerate().map(|(rank, room)| (*room, rank)).collect();
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.path != "lib.rs" && source.path != "main.rs") {
        let own = *rank.get(source.room()).unwrap_or_else(|| panic!("{} is in no known room", source.path));
        for (number, line) in &source.lines {
            for name in names_after(line, "crate::") {
                match rank.get(name.as_str()) {
                    Some(&other) if other > own => {
                        wrong.push(format!("{}:{number} uses {name}", source.path))
                    }
                    Some(_) => {}
                    None => wrong.push(format!("{}:{number} uses crate::{name}; name its room", source.path)),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "imports that point the wrong way:\n{}", wrong.join("\n"));
}

#[test]
fn only_some_rooms_know_some_crates() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (number, line) in &source.lines {
            for (krate, owners) in OWNERS {
                let named = line.match_indices(&format!("{krate}::")).any(|(at, _)| {
                    !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                        || line[..at].ends_with(" ::")
                });
                // `standpoint::write::sinks::csv` and `crate::csv` are ours.
                let owned = owners.iter().any(|owner| source.path.starts_with(owner));
                if named && !owned {
                    wrong.push(format!("{}:{number} names {krate}", source.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "crates outside their rooms:\n{}", wrong.join("\n"));
}

#[test]
fn the_library_never_prints_exits_or_reads_flags() {
    let forbidden = ["println!", "eprintln!", "print!(", "dbg!", "process::exit", "env::args", "env::var"];
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !["cli", "main"].contains(&source.room())) {
        for (number, line) in &source.lines {
            if forbidden.iter().any(|word| line.contains(word)) {
                wrong.push(format!("{}:{number} {line}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_one_file_holds_unsafe_code() {
    let is_unsafe =
        |line: &str| line.contains("unsafe {") || line.contains("unsafe fn") || line.contains("unsafe impl");
    let holds = |source: &&Source| {
        source.lines.iter().any(|(_, line)| is_unsafe(line) || line.contains("allow(unsafe_code)"))
    };
    let files: Vec<String> = sources().iter().filter(holds).map(|source| source.path.clone()).collect();
    assert_eq!(files, ["prefetch.rs"]);
}

#[test]
fn from_token_to_model_nothing_knows_a_path() {
    let mut wrong = Vec::new();
    for source in
        sources().iter().filter(|source| ["tokenizer", "features", "model"].contains(&source.room()))
    {
        for (number, line) in &source.lines {
            if line.contains("std::path") || line.contains("std::fs") {
                wrong.push(format!("{}:{number} {line}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The standard library's exp, ln and pow come from the system and differ between machines; libm's do not.
#[test]
fn nothing_that_reaches_a_score_calls_the_systems_mathematics() {
    let forbidden = [
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
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !["cli", "main"].contains(&source.room())) {
        for (number, line) in &source.lines {
            if forbidden.iter().any(|call| line.contains(call)) {
                wrong.push(format!("{}:{number} {line}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
