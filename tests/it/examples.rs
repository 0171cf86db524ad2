//! Runs every example and checks what it prints.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::harness::{Finished, Sandbox};

/// An example, what it is given, and a line that it must print.
struct Example {
    name: &'static str,
    /// `OUTPUT` stands for a folder of its own.
    args: &'static [&'static str],
    input: &'static str,
    line: &'static str,
    /// Whether the features of this build are those that the example needs.
    is_built: bool,
}

const EXAMPLES: &[Example] = &[
    Example {
        name: "explain",
        args: &[],
        input: "",
        line: "Together: pro-guarantee p=0.78",
        is_built: cfg!(feature = "bundled-models"),
    },
    Example {
        name: "folder_to_parquet",
        args: &["data/articles", "OUTPUT/scores.parquet"],
        input: "",
        line: "9 documents, 0 failed",
        is_built: cfg!(all(feature = "bundled-models", feature = "parquet")),
    },
    Example {
        name: "linfa",
        args: &[],
        input: "",
        line: "900 texts of 3 classes",
        is_built: cfg!(feature = "train"),
    },
    Example {
        name: "own_labels",
        args: &[],
        input: "",
        line: "accuracy in cross-validation 1.00",
        is_built: cfg!(feature = "train"),
    },
    Example {
        name: "score",
        args: &[],
        input: "",
        line: "pro-guarantee p=0.96",
        is_built: cfg!(feature = "bundled-models"),
    },
    Example {
        name: "text_with_title",
        args: &[],
        input: "",
        line: "pro-guarantee p=1.00",
        is_built: cfg!(feature = "bundled-models"),
    },
    Example {
        name: "terms",
        args: &["1-2", "-"],
        input: "Ukraine needs guarantees.\n",
        line: r#"["ukrain","ukrain need","need","need guarante","guarante"]"#,
        is_built: true,
    },
    Example {
        name: "train_and_evaluate",
        args: &["tests/parity/rows.csv"],
        input: "",
        line: "90 rows were held out",
        is_built: cfg!(feature = "train"),
    },
];

/// Where cargo puts the examples: beside the folder of the test's own program.
fn program(name: &str) -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let profile = own.parent().and_then(Path::parent).unwrap();
    profile.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

#[test]
fn every_example_is_listed_here() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let name = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        path.file_stem().unwrap().to_str().unwrap().to_owned()
    };
    let mut found: Vec<String> = fs::read_dir(folder).unwrap().map(name).collect();
    let mut listed: Vec<&str> = EXAMPLES.iter().map(|example| example.name).collect();
    found.sort();
    listed.sort();
    assert_eq!(found, listed);
}

#[test]
fn every_example_runs_and_prints_its_line() {
    for example in EXAMPLES.iter().filter(|example| example.is_built) {
        let program = program(example.name);
        assert!(program.exists(), "{} is missing: run `cargo build --examples`", program.display());
        let sandbox = Sandbox::new();
        let output = sandbox.root().to_str().unwrap();
        let mut child = Command::new(program)
            .args(example.args.iter().map(|arg| arg.replace("OUTPUT", output)))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // One that reads nothing may have ended.
        let _ = child.stdin.take().unwrap().write_all(example.input.as_bytes());
        let finished = Finished::of(child.wait_with_output().unwrap(), &[example.name]).exits(0);
        let has_line = finished.stdout.lines().any(|line| line.trim_end() == example.line);
        assert!(has_line, "no line {:?}\n{finished}", example.line);
    }
}
