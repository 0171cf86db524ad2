//! The pages that the README shows are what `make report` makes today.

use std::path::Path;

use crate::harness::{Finished, Sandbox};
use crate::models::make_variable;

/// The commands of `make report`, with the values of its variables.
fn commands() -> Vec<String> {
    let makefile = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Makefile")).unwrap();
    let recipe = makefile.split("\nreport:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let settings = make_variable("STANCE_ARGS");
    let (files, settings) = settings.split_first().unwrap();
    let replaced = |line: &str| {
        // $(subst data/stance/*.csv,FILES,$(STANCE_ARGS))
        let begin = format!("$(subst {files},");
        let line = match line.split_once(&begin) {
            Some((before, after)) => {
                let (chosen, after) = after.split_once(",$(STANCE_ARGS))").unwrap();
                format!("{before}{chosen} {}{after}", settings.join(" "))
            }
            None => line.to_owned(),
        };
        line.trim().replace("cargo run --locked --quiet --", "standpoint")
    };
    recipe.replace("\\\n", " ").lines().map(replaced).collect()
}

#[test]
fn the_sample_pages_are_what_make_report_makes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sandbox = Sandbox::new();
    for folder in ["data", "models"] {
        std::os::unix::fs::symlink(root.join(folder), sandbox.path(folder)).unwrap();
    }
    for folder in ["target", "docs"] {
        std::fs::create_dir(sandbox.path(folder)).unwrap();
    }
    let program = Path::new(env!("CARGO_BIN_EXE_standpoint")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let commands = commands();
    assert_eq!(commands.len(), 5, "{commands:?}");
    for line in &commands {
        assert!(line.starts_with("standpoint ") && !line.contains("$("), "{line}");
        let mut command = std::process::Command::new("sh");
        command.args(["-c", line]).current_dir(sandbox.root()).env("PATH", &path);
        Finished::of(command.output().unwrap(), &[line]).exits(0);
    }
    for page in ["docs/report.html", "docs/scored.html"] {
        let committed = std::fs::read(root.join(page)).unwrap();
        assert!(sandbox.read(page) == committed, "{page}: run `make report` and commit what it makes");
    }
}

/// Each picture of a page stands beside the page, and the README says how both are made.
#[test]
fn the_readme_names_what_makes_its_pictures() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    for name in ["scored", "report"] {
        assert!(readme.contains(&format!("](docs/{name}.png)](docs/{name}.html)")), "{name}");
        let picture = std::fs::metadata(root.join(format!("docs/{name}.png"))).unwrap();
        assert!(picture.len() < 300_000, "{name}");
    }
    let said = readme.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("`make report`") && said.contains("`make pictures`"));
}
