//! The shipped models are what `make models` makes, and do what the README says.

mod harness;

use harness::Bench;

/// The value of a variable in the Makefile, its continued lines joined.
fn make_variable(name: &str) -> Vec<String> {
    let makefile = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Makefile")).unwrap();
    let joined = makefile.replace("\\\n", " ");
    let line = joined.lines().find_map(|line| line.strip_prefix(&format!("{name} := "))).unwrap();
    line.split_whitespace().map(str::to_owned).collect()
}

/// The arguments as a shell would give them: `*.csv` stands for the files in the order of their names.
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
fn the_committed_model_is_what_make_models_makes() {
    let bench = Bench::new();
    let output = bench.path("stance.safetensors");
    let mut args = vec!["train".to_owned()];
    args.extend(expanded(make_variable("STANCE_ARGS")));
    args.extend(["--output".to_owned(), output.to_str().unwrap().to_owned(), "--quiet".to_owned()]);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut command = bench.command(&args);
    let run = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    harness::Ran::of(run, &args).exits(0);
    let committed = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/models/stance.safetensors")).unwrap();
    assert!(bench.read("stance.safetensors") == committed, "run `make models` and commit what it makes");
}

#[test]
#[cfg(feature = "embedded-model")]
fn the_embedded_model_is_the_committed_one() {
    let committed = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/models/stance.safetensors")).unwrap();
    assert!(standpoint::model::embedded() == Some(committed.as_slice()));
}

/// The nine sample articles with the labels that their authors gave them. `transcript-morning-desk.txt` is neutral and
/// called pro-guarantee: a known failure, told in models/stance.md.
#[test]
#[cfg(feature = "embedded-model")]
fn the_sample_articles_are_scored_as_they_were_meant_but_for_one() {
    let bench = Bench::new();
    let args = ["score", "data/articles", "--format", "jsonl"];
    let run = bench.command(&args).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    let tops: Vec<(String, String)> = harness::Ran::of(run, &args)
        .exits(0)
        .json()
        .iter()
        .map(|record| {
            let name = record["path"].as_str().unwrap().trim_start_matches("data/articles/").to_owned();
            (name, record["top"].as_str().unwrap().to_owned())
        })
        .collect();
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
    let names: Vec<&str> = tops.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, meant.map(|(name, _)| name));
    let wrong: Vec<_> = tops.iter().zip(meant).filter(|((_, top), (_, label))| top != label).collect();
    assert!(wrong.iter().all(|(_, (name, _))| *name == "transcript-morning-desk.txt"), "{wrong:?}");
}
