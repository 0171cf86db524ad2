//! The shipped models are what `make models` makes, and do what the README says.

use crate::harness::{self, Sandbox};

/// The value of a variable in the Makefile, its continued lines joined.
pub fn make_variable(name: &str) -> Vec<String> {
    let makefile = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Makefile")).unwrap();
    let joined = makefile.replace("\\\n", " ");
    let line = joined.lines().find_map(|line| line.strip_prefix(&format!("{name} := "))).unwrap();
    line.split_whitespace().map(str::to_owned).collect()
}

/// The arguments as a shell would give them: `*.csv` stands for the files in the order of their
/// names.
fn expanded(words: Vec<String>) -> Vec<String> {
    let expand = |word: String| match word.strip_suffix("*.csv") {
        None => vec![word],
        Some(folder) => {
            let mut files: Vec<String> = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| format!("{folder}{}", entry.unwrap().file_name().to_str().unwrap()))
                .filter(|file| file.ends_with(".csv"))
                .collect();
            files.sort();
            files
        }
    };
    words.into_iter().flat_map(expand).collect()
}

#[test]
fn the_committed_models_are_what_make_models_makes() {
    for (name, variable) in [("stance", "STANCE_ARGS"), ("loaded", "LOADED_ARGS")] {
        let sandbox = Sandbox::new();
        let file = format!("{name}.safetensors");
        let output = sandbox.path(&file);
        let mut args = vec!["train".to_owned()];
        args.extend(expanded(make_variable(variable)));
        args.extend(["--output".to_owned(), output.to_str().unwrap().to_owned(), "--quiet".to_owned()]);
        let corpus = sandbox.path("stance.corpus");
        if name == "stance" {
            args.extend(["--save-corpus".to_owned(), corpus.to_str().unwrap().to_owned()]);
        }
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let mut command = sandbox.command(&args);
        let run = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
        harness::Finished::of(run, &args).exits(0);
        for file in sandbox.names() {
            let committed = std::fs::read(format!("{}/models/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
            assert!(sandbox.read(&file) == committed, "{file}: run `make models` and commit what it makes");
        }
    }
}

#[test]
#[cfg(feature = "bundled-models")]
fn the_embedded_models_are_the_committed_ones() {
    let committed = |name: &str| {
        std::fs::read(format!("{}/models/{name}.safetensors", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    assert!(standpoint::model::bundled_stance() == Some(committed("stance").as_slice()));
    assert!(standpoint::model::bundled_loaded_language() == Some(committed("loaded").as_slice()));
}

/// The nine sample articles with the labels that their authors gave them.
/// `notes-from-the-logistics-yard.md` and `the-weekly-ledger.txt` speak of lorries and bills more
/// than of their argument: their best words are on topic.
#[test]
#[cfg(feature = "bundled-models")]
fn the_sample_articles_are_scored_as_they_were_meant() {
    let sandbox = Sandbox::new();
    let args = ["score", "data/articles", "--format", "jsonl"];
    let run = sandbox.command(&args).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    let records = harness::Finished::of(run, &args).exits(0).json();
    let meant = [
        ("a-guarantee-on-paper.txt", "pro-guarantee"),
        ("address-to-the-chamber.txt", "pro-guarantee"),
        ("episode-61-show-notes.md", "nato-skeptical"),
        ("harbour-talks-end-without-text.txt", "neutral-analysis"),
        ("notes-from-the-logistics-yard.md", "pro-guarantee"),
        ("the-price-of-a-signature.txt", "nato-skeptical"),
        ("the-weekly-ledger.txt", "nato-skeptical"),
        ("transcript-morning-desk.txt", "neutral-analysis"),
        ("what-would-a-backstop-do.md", "neutral-analysis"),
    ];
    assert_eq!(records.len(), meant.len());
    for (record, (name, top)) in records.iter().zip(meant) {
        assert!(record["path"].as_str().unwrap().ends_with(name), "{record}");
        assert_eq!(record["top"], top, "{name}");
        assert_eq!(record["label"], top, "{name}: {record}");
        assert!(record["loaded"].as_f64().is_some(), "{name}");
    }
}
