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
    let mut ran = 0;
    for block in readme.split("```sh\n").skip(1) {
        for line in block.split("```").next().unwrap().lines() {
            let mut command = std::process::Command::new("sh");
            command.args(["-c", line]).current_dir(sandbox.root()).env("PATH", &path);
            harness::Finished::of(command.output().unwrap(), &[line]).exits(0);
            ran += 1;
        }
    }
    assert!(ran >= 10, "only {ran} commands were found");
}

/// The table on the first screen, and the explained article.
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
