//! Each command ends with the exit code that the reference lists.

use std::process::Stdio;

use crate::harness::{self, Finished, Sandbox, labelled_csv};

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_model();
    sandbox.write("news.csv", labelled_csv(120));
    sandbox.write("bad.safetensors", "no model at all, but long enough to be looked into");
    sandbox.write("coded.csv", "id,text,a,b\n1,Leaders must act.,for,for\n2,They met today.,for,against\n");
    sandbox.run(&["score", "news.csv", "--model", "model.safetensors", "--output", "scores.csv"]).exits(0);
    sandbox
}

/// A run of each command that prints something.
const COMMANDS: [&str; 19] = [
    "--help",
    "--version",
    "score --help",
    "help score",
    "score news.csv --model model.safetensors --format jsonl",
    "score news.csv --model model.safetensors --format csv",
    "score news.csv --model model.safetensors --format table",
    "train news.csv --folds 2 --no-splits --output new.safetensors",
    "evaluate news.csv --model model.safetensors",
    "evaluate news.csv --model model.safetensors --format json",
    "compare model.safetensors model.safetensors news.csv",
    "agreement coded.csv --columns a,b",
    "sample scores.csv -n 20",
    "suggest news.csv --model model.safetensors -n 20",
    "explain news.csv --model model.safetensors",
    "paragraphs news.csv",
    "inspect model.safetensors",
    "bench news.csv --model model.safetensors --jobs 1",
    "completions bash",
];

#[test]
#[cfg(unix)]
fn whoever_stops_reading_makes_no_failure() {
    let sandbox = sandbox();
    let ways = |command: &str| {
        let more = ["explain", "paragraphs", "inspect"].iter().any(|name| command.starts_with(name));
        if more { 2 } else { 1 }
    };
    for command in COMMANDS {
        for _ in 0..ways(command) {
            let args: Vec<&str> = command.split(' ').collect();
            let (reader, writer) = std::io::pipe().unwrap();
            // Nobody reads.
            drop(reader);
            let output = sandbox.command(&args).stdin(Stdio::null()).stdout(writer).output().unwrap();
            let ran = Finished::of(output, &args).exits(0);
            assert!(!ran.stderr.contains("standpoint: "), "{ran}");
        }
    }
}

#[test]
fn arguments_that_make_no_sense_are_2() {
    let sandbox = sandbox();
    for name in harness::COMMANDS {
        sandbox.run(&[name, "--no-such-option"]).exits(2);
    }
    let score = "score news.csv --model model.safetensors";
    let train = "train news.csv --output m.safetensors";
    for (command, says) in [
        (format!("{score} --keep article,article"), "--keep `article` twice"),
        (format!("{score} --text-column text,text"), "--text-column `text` twice"),
        (format!("{score} --jobs 100000"), "--jobs 100000: expected at most 1024"),
        (format!("{score} --jobs 0"), "--jobs"),
        (format!("{score} --confidence-level 0 --paragraphs"), "--confidence-level 0"),
        (format!("{score} --confidence-level 1 --paragraphs"), "--confidence-level 1"),
        (format!("{score} --confidence-level NaN --paragraphs"), "--confidence-level NaN"),
        (format!("{score} --by article,article --by-output by.csv"), "article"),
        (format!("{train} --calibration vector --folds 0"), "--calibration needs cross-validation"),
        (format!("{train} --calibration temperature --folds 0"), "--calibration needs cross-validation"),
        (format!("{train} --vectors-scale 0.5"), "--vectors"),
        ("vectors news.csv --output v --max-pairs 0".to_owned(), "--max-pairs 0: expected at least 1"),
        (format!("{train} --folds 1"), "--folds 1: expected"),
        (format!("{train} --folds 51"), "--folds 51: expected"),
        (format!("{train} --max-error NaN"), "--max-error NaN"),
        (format!("{train} --max-error=-0.1"), "--max-error -0.1"),
        (format!("{train} --max-error 1"), "--max-error 1"),
        (format!("{train} --c inf"), "--c inf"),
        (format!("{train} --c 0"), "--c 0"),
        (format!("{train} --tolerance NaN"), "--tolerance NaN"),
        (format!("{train} --max-df inf"), "--max-df inf"),
        (format!("{train} --train-only-weight inf"), "--train-only-weight inf"),
        (format!("{train} --train-only-weight=-1"), "--train-only-weight -1"),
        (format!("{train} --axis for=inf --axis against=0"), "axis"),
        ("suggest news.csv --model model.safetensors --rare-share NaN".to_owned(), "expected a share"),
        ("sample scores.csv -n 0".to_owned(), "0"),
        ("sample scores.csv -n 5 --stratify meta_".to_owned(), "cannot stratify"),
        ("agreement coded.csv --columns a,a".to_owned(), "`a` twice"),
        ("evaluate news.csv --model model.safetensors --fail-under NaN".to_owned(), "from 0 to 1"),
    ] {
        sandbox.run(&command.split(' ').collect::<Vec<_>>()).exits(2).says(says);
    }
    for seed in ["0", "18446744073709551615"] {
        sandbox.run(&["sample", "scores.csv", "-n", "5", "--seed", seed]).exits(0);
        let train =
            ["train", "news.csv", "--output", "m.safetensors", "--folds", "2", "--no-splits", "--seed", seed];
        sandbox.run(&train).exits(0);
        let card = sandbox.run(&["inspect", "m.safetensors"]).exits(0).stdout;
        let words: Vec<&str> = card.split_whitespace().collect();
        assert!(words.join(" ").contains(&format!("seed {seed},")), "{card}");
    }
    for seed in ["-1", "18446744073709551616", "1e3"] {
        sandbox.run(&["sample", "scores.csv", "-n", "5", &format!("--seed={seed}")]).exits(2);
    }
}

#[test]
fn a_model_that_cannot_be_used_is_4() {
    let sandbox = sandbox();
    for model in ["bad.safetensors", "none.safetensors"] {
        for command in [
            format!("score news.csv --model {model}"),
            format!("score news.csv --model model.safetensors --loaded-model {model}"),
            format!("evaluate news.csv --model {model}"),
            format!("compare {model} model.safetensors news.csv"),
            format!("compare model.safetensors {model} news.csv"),
            format!("suggest news.csv --model {model}"),
            format!("explain news.csv --model {model}"),
            format!("inspect {model}"),
            format!("bench news.csv --model {model}"),
            format!("train news.csv --output m.safetensors --compare-with {model}"),
            format!("train news.csv --output m.safetensors --vectors {model}"),
        ] {
            sandbox.run(&command.split(' ').collect::<Vec<_>>()).exits(4).says(model);
        }
    }
}

#[test]
fn what_cannot_be_read_or_written_is_1() {
    let sandbox = sandbox();
    for command in [
        "score none.csv --model model.safetensors",
        "train none.csv --output m.safetensors",
        "vectors none.csv --output v",
        "vectors news.csv --output no/such/folder",
        "evaluate none.csv --model model.safetensors",
        "report none.csv --output page.html",
        "report scores.csv --output no/such/folder",
        "compare model.safetensors model.safetensors none.csv",
        "agreement none.csv --columns a,b",
        "sample none.csv -n 5",
        "suggest none.csv --model model.safetensors",
        "explain none.csv --model model.safetensors",
        "paragraphs none.csv",
        "bench none.csv --model model.safetensors",
        "score news.csv --model model.safetensors --output no/such/folder.csv",
        "train news.csv --output no/such/folder",
        "man model.safetensors/man",
        "agreement coded.csv --columns a,c",
    ] {
        sandbox.run(&command.split(' ').collect::<Vec<_>>()).exits(1);
    }
    sandbox.write("half.jsonl", "{\"text\": \"They must act.\"}\nnot json\n");
    for command in [
        "score half.jsonl --model model.safetensors",
        "explain half.jsonl --model model.safetensors",
        "paragraphs half.jsonl",
    ] {
        sandbox.run(&command.split(' ').collect::<Vec<_>>()).exits(3);
    }
}
