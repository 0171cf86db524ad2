//! Every command that the README shows runs.

use crate::harness;
use std::path::Path;

#[test]
fn every_command_of_the_readme_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let sandbox = harness::Sandbox::new();
    std::os::unix::fs::symlink(root.join("data"), sandbox.path("data")).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_standpoint")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let (mut ran, mut trained) = (0, 0);
    for block in readme.split("```sh\n").skip(1) {
        let commands = block.split("```").next().unwrap().replace("\\\n", " ");
        for line in commands.lines() {
            let mut command = std::process::Command::new("sh");
            command.args(["-c", line]).current_dir(sandbox.root()).env("PATH", &path);
            let finished = harness::Finished::of(command.output().unwrap(), &[line]).exits(0);
            ran += 1;
            if line.starts_with("standpoint train data/stance/*.csv") {
                trained += 1;
                is_what_the_training_prints(&readme, &finished);
            }
        }
    }
    assert!(ran >= 10, "only {ran} commands were found");
    assert_eq!(trained, 1, "the training whose figures are shown");
}

/// The table of figures on rows that were held out.
#[track_caller]
fn is_what_the_training_prints(readme: &str, ran: &harness::Finished) {
    let table = readme.lines().skip_while(|line| !line.starts_with("    Held out "));
    let table: Vec<&str> = table.take_while(|line| !line.is_empty()).collect();
    assert_eq!(table.len(), 4, "a heading and three ways to hold rows out");
    for line in table {
        let line = line.strip_prefix("    ").unwrap();
        assert!(ran.stdout.lines().any(|printed| printed == line), "not printed: {line}\n{ran}");
    }
}

/// The table on the first screen, and the explained article.
/// `examples/score.rs` is compiled and run by the tests.
#[test]
fn the_library_code_of_the_readme_is_that_of_an_example() {
    let (readme, example) = (include_str!("../../README.md"), include_str!("../../examples/score.rs"));
    let (_, code) = readme.split_once("```rust\n").unwrap();
    let (code, rest) = code.split_once("```").unwrap();
    let code: Vec<&str> = code.lines().map(str::trim).collect();
    let example: Vec<&str> = example.lines().map(str::trim).collect();
    assert!(code.len() > 8);
    for line in code {
        let line =
            if line.starts_with("let text = ") { line.trim_start_matches("let text = ") } else { line };
        assert!(example.iter().any(|run| run.contains(line.trim_end_matches(';'))), "{line}");
    }
    assert!(!rest.contains("```rust"), "each block of code needs an example");
}

#[test]
fn what_the_readme_shows_is_what_the_commands_print() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let sandbox = harness::Sandbox::new();
    for args in [
        ["score", "data/articles", "--format", "table"],
        ["explain", "data/articles/the-price-of-a-signature.txt", "--top", "5"],
    ] {
        let run = sandbox.command(&args).current_dir(root).output().unwrap();
        let ran = harness::Finished::of(run, &args).exits(0);
        for line in ran.stdout.lines() {
            assert!(readme.contains(line), "the README lacks the line\n{line}\n{ran}");
        }
    }
}

/// Examples may be wider: they are code.
#[test]
fn no_comment_is_wider_than_a_hundred_columns() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files: Vec<_> =
        ["src", "tests", "benches", "examples", "fuzz/fuzz_targets", "fuzz/src", "python/src"]
            .iter()
            .flat_map(|folder| walkdir::WalkDir::new(root.join(folder)))
            .map(|entry| entry.unwrap().into_path())
            .filter(|path| path.extension().is_some_and(|end| end == "rs"))
            .collect();
    assert!(files.len() > 500, "only {} files were found", files.len());
    for path in files {
        let mut in_example = false;
        for (number, line) in (1..).zip(std::fs::read_to_string(&path).unwrap().lines()) {
            let Some(comment) = line.trim_start().strip_prefix("//") else {
                in_example = false;
                continue;
            };
            in_example ^= comment.trim_start_matches(['/', '!', ' ']).starts_with("```");
            let is_wide = line.chars().count() > 100 && !in_example;
            assert!(!is_wide, "{}:{number} is wider than 100 columns: {line}", path.display());
        }
    }
}

/// Tables may be wider: a row cannot be broken.
#[test]
fn no_line_of_the_documentation_is_wider_than_a_hundred_columns() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["", "docs", "docs/internals", "docs/reference", "models", "data", "python"];
    let is_markdown = |path: &std::path::PathBuf| path.extension().is_some_and(|end| end == "md");
    let files: Vec<_> = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(is_markdown)
        .collect();
    assert!(files.len() > 25, "only {} files were found", files.len());
    for path in files {
        for (number, line) in (1..).zip(std::fs::read_to_string(&path).unwrap().lines()) {
            let is_wide = line.chars().count() > 100 && !line.starts_with('|');
            assert!(!is_wide, "{}:{number} is wider than 100 columns: {line}", path.display());
        }
    }
}
