//! `standpoint sample`, as its users run it.

use std::collections::{BTreeMap, HashSet};

use crate::harness::{self, Finished, Sandbox, labelled_csv, rows};

fn sample(sandbox: &Sandbox, args: &[&str]) -> Finished {
    sandbox.run(&[&["sample"], args].concat())
}

/// The rows of a CSV by its header.
fn records(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// A folder with `news.csv` of so many rows, and its results in the file of this name.
fn scored(count: usize, output: &str, more: &[&str]) -> Sandbox {
    let sandbox = Sandbox::with_model();
    sandbox.write("news.csv", labelled_csv(count));
    let args = ["score", "news.csv", "--model", "model.safetensors", "--quiet", "--output", output];
    sandbox.run(&[&args, more].concat()).exits(0);
    sandbox
}

/// The likeliest label of each row, by its id.
fn tops(count: usize) -> BTreeMap<String, String> {
    let classifier = harness::small_classifier();
    let top = |text: &str| classifier.score(text).top().to_owned();
    rows(count).iter().enumerate().map(|(number, row)| (format!("r{number}"), top(&row.text))).collect()
}

#[test]
fn a_blind_sheet_has_texts_and_neither_weights_nor_labels() {
    let sandbox = scored(300, "scores.csv", &[]);
    let ran = sample(&sandbox, &["scores.csv", "--n", "60", "--output", "blind.csv"]).exits(0);
    assert_eq!(ran.stdout, "");
    let written = String::from_utf8(sandbox.read("blind.csv")).unwrap();
    assert_eq!(written.lines().next().unwrap(), "id,text,label,path,record,model,weights_file");
    let drawn = records(&written);
    assert!(drawn.iter().all(|row| row["weights_file"] == "blind.weights.csv"), "{written}");
    let weights = records(std::str::from_utf8(&sandbox.read("blind.weights.csv")).unwrap());
    let same = |(a, b): (&BTreeMap<String, String>, &BTreeMap<String, String>)| {
        ["id", "path", "record"].iter().all(|name| a[*name] == b[*name])
    };
    assert!(weights.len() == 60 && drawn.iter().zip(&weights).all(same));
    assert_eq!(drawn.len(), 60);
    let tops = tops(300);
    let mut sizes: BTreeMap<&str, f64> = BTreeMap::new();
    tops.values().for_each(|top| *sizes.entry(top).or_default() += 1.0);
    let mut found: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (row, of_row) in drawn.iter().zip(&weights) {
        let number: usize = row["id"].trim_start_matches('r').parse().unwrap();
        assert_eq!(row["text"], rows(300)[number].text);
        assert_eq!((row["label"].as_str(), row["path"].as_str()), ("", "news.csv"));
        assert_eq!(row["record"], (number + 1).to_string());
        found.entry(&tops[&row["id"]]).or_default().push(of_row["weight"].parse().unwrap());
    }
    assert_eq!(found.len(), 3);
    for (top, weights) in found {
        assert_eq!(weights.len(), 20, "{top}");
        assert!(weights.iter().all(|weight| *weight == sizes[top] / 20.0), "{top} {weights:?}");
    }
    let ids: Vec<&String> = drawn.iter().map(|row| &row["id"]).collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 60, "without replacement");
    let strata: Vec<&String> = ids.iter().map(|id| &tops[*id]).collect();
    let changes = strata.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(changes > 20, "rows are shuffled, not stratum by stratum: {strata:?}");
}

/// A sheet with every row coded by its likeliest label, and its rows in another order.
fn coded(sheet: &str, tops: &BTreeMap<String, String>) -> String {
    let mut rows: Vec<String> = records(sheet)
        .iter()
        .map(|row| {
            format!(
                "{},{},{},{},{},{},\"{}\"",
                row["id"],
                tops[&row["id"]],
                row["path"],
                row["record"],
                row["model"],
                row.get("weights_file").or(row.get("weight")).unwrap(),
                row["text"]
            )
        })
        .collect();
    rows.reverse();
    rows.join("\n")
}

#[test]
fn a_coded_sheet_finds_its_weights_beside_it_and_never_goes_without() {
    let sandbox = scored(300, "scores.csv", &[]);
    let tops = tops(300);
    sample(&sandbox, &["scores.csv", "--n", "33", "--allocate", "proportional", "--output", "blind.csv"])
        .exits(0)
        .says("strata: the likeliest label (top) of every text, also where the model gives no label");
    let with_weights =
        sample(&sandbox, &["scores.csv", "--n", "33", "--allocate", "proportional"]).exits(0).says("hide it");
    let sheet = String::from_utf8(sandbox.read("blind.csv")).unwrap();
    let header = "id,label,path,record,model";
    sandbox.write("by-anna.csv", format!("{header},weights_file,text\n{}\n", coded(&sheet, &tops)));
    sandbox.write("in-one.csv", format!("{header},weight,text\n{}\n", coded(&with_weights.stdout, &tops)));
    let evaluate = |file: &str| {
        sandbox.run(&["evaluate", file, "--documents", "--model", "model.safetensors", "--format", "json"])
    };
    let apart = evaluate("by-anna.csv").exits(0);
    assert_eq!(apart.stdout, evaluate("in-one.csv").exits(0).stdout);
    let weight = apart.json()[0]["weight"].as_f64().unwrap();
    assert!((weight - 300.0).abs() < 1e-9 && apart.stdout.contains("corrected"), "{apart}");

    // A row of another sample, then no file at all.
    let weights = String::from_utf8(sandbox.read("blind.weights.csv")).unwrap();
    let fewer: Vec<&str> = weights.lines().take(33).collect();
    sandbox.write("blind.weights.csv", fewer.join("\n"));
    evaluate("by-anna.csv").exits(3).says("blind.weights.csv has no weight for path `news.csv`, record `");
    std::fs::remove_file(sandbox.path("blind.weights.csv")).unwrap();
    evaluate("by-anna.csv")
        .exits(1)
        .says("by-anna.csv: cannot read the weights of its rows")
        .says("put blind.weights.csv beside it, or name a column with --weight-column");
}

#[test]
fn every_form_of_results_gives_the_same_sample() {
    let sandbox = scored(200, "scores.csv", &[]);
    let run = |sandbox: &Sandbox, scores: &str, seed: &str| {
        sample(sandbox, &[scores, "--n", "30", "--seed", seed]).exits(0).stdout
    };
    let expected = run(&sandbox, "scores.csv", "1");
    assert_eq!(records(&expected).len(), 30);
    assert_ne!(expected, run(&sandbox, "scores.csv", "2"));
    let mut forms = vec!["scores.csv.gz", "scores.jsonl"];
    if cfg!(feature = "parquet") {
        forms.push("scores.parquet");
    }
    for form in forms {
        sandbox
            .run(&["score", "news.csv", "--model", "model.safetensors", "--quiet", "--output", form])
            .exits(0);
        assert_eq!(run(&sandbox, form, "1"), expected, "{form}");
    }
    // Neither does the order of the rows count.
    let text = String::from_utf8(sandbox.read("scores.csv")).unwrap();
    let (header, body) = text.split_once('\n').unwrap();
    let reversed: Vec<&str> = body.lines().rev().collect();
    sandbox.write("reversed.csv", format!("{header}\n{}\n", reversed.join("\n")));
    assert_eq!(run(&sandbox, "reversed.csv", "1"), expected);
}

#[test]
fn strata_can_be_labels_kept_columns_or_none() {
    let sandbox = Sandbox::with_model();
    // A short text has a `top` and no label.
    let mut text = labelled_csv(90).replace("id,article", "id,source").replace(",g1,", ",,");
    (0..10).for_each(|n| text.push_str(&format!("s{n},short,neutral,must\n")));
    sandbox.write("news.csv", &text);
    for output in ["scores.csv", "scores.jsonl"] {
        let args =
            ["score", "news.csv", "--model", "model.safetensors", "--quiet", "--keep", "source", "--output"];
        sandbox.run(&[&args[..], &[output]].concat()).exits(0);
        let run = |args: &[&str]| sample(&sandbox, &[&[output], args].concat());
        let of_label =
            run(&["--n", "20", "--stratify", "label"]).exits(0).says("(none): 5 of 10, weight 2.000");
        assert_eq!(records(&of_label.stdout).iter().filter(|row| row["id"].starts_with('s')).count(), 5);
        let all = run(&["--n", "20", "--stratify", "none"]).exits(0).says("all: 20 of 100, weight 5.000");
        assert!(records(&all.stdout).iter().all(|row| row["weight"] == "5"));
        let kept = run(&["--n", "50", "--stratify", "meta_source"])
            .exits(0)
            .says("short: ")
            .says("(none): 2 of 2, weight 1.000");
        let drawn = records(&kept.stdout);
        let population: f64 = drawn.iter().map(|row| row["weight"].parse::<f64>().unwrap()).sum();
        assert!((population - 100.0).abs() < 1e-9, "{population}");
        run(&["--n", "50", "--stratify", "meta_date"]).exits(1).says("date");
        let plain = run(&["--n", "50", "--stratify", "source"]).exits(0);
        assert_eq!(plain.stdout, kept.stdout, "the plain name means the kept column, too");
        run(&["--n", "50", "--stratify", "date"]).exits(1).says("date");
        run(&["--n", "50", "--stratify", "meta_"]).exits(2).says("expected top, label, none");
        run(&["--n", "20", "--stratify", "meta_source"])
            .exits(1)
            .says("more strata than the 20 rows to draw");
    }
}

#[test]
fn proportional_shares_follow_the_sizes_and_none_goes_without() {
    let sandbox = scored(300, "scores.csv", &[]);
    let text = String::from_utf8(sandbox.read("scores.csv")).unwrap();
    // 100 rows of one label, 100 of another, and 2 of the third.
    let mut neutral = 0;
    let kept: Vec<&str> = text
        .lines()
        .filter(|line| {
            !line.contains(",neutral,") || {
                neutral += 1;
                neutral <= 2
            }
        })
        .collect();
    sandbox.write("few.csv", format!("{}\n", kept.join("\n")));
    let ran = sample(&sandbox, &["few.csv", "--n", "21", "--allocate", "proportional"]).exits(0);
    ran.says("neutral: 1 of 2, weight 2.000");
    sample(&sandbox, &["few.csv", "--n", "21"]).exits(0).says("neutral: 2 of 2, weight 1.000");
}

#[test]
fn a_sample_larger_than_the_input_is_all_of_it() {
    let sandbox = scored(12, "scores.csv", &[]);
    let ran =
        sample(&sandbox, &["scores.csv", "--n", "500"]).exits(0).says("only 12 texts, and all were drawn");
    let drawn = records(&ran.stdout);
    assert_eq!(drawn.len(), 12);
    assert!(drawn.iter().all(|row| row["weight"] == "1"));
    assert_eq!(sample(&sandbox, &["scores.csv", "--n", "500", "--quiet"]).exits(0).stderr, "");
}

#[test]
fn files_of_one_text_are_read_again_and_what_failed_is_not_drawn() {
    let sandbox = Sandbox::with_model();
    for (number, row) in rows(8).iter().enumerate() {
        sandbox.write(&format!("news/{number}.txt"), &row.text);
    }
    sandbox.write("news/bad.txt", b"zero \0 byte");
    for output in ["scores.jsonl", "scores.csv"] {
        sandbox
            .run(&["score", "news", "--model", "model.safetensors", "--quiet", "--output", output])
            .exits(3);
        let ran = sample(&sandbox, &[output, "--n", "6"]).exits(0).says("1 record that could not be scored");
        let drawn = records(&ran.stdout);
        assert_eq!(drawn.len(), 6);
        for row in drawn {
            assert_eq!(row["text"].as_bytes(), sandbox.read(&row["path"]), "{ran}");
            assert_eq!(row["record"], "");
        }
    }
}

#[test]
fn texts_that_are_not_what_was_scored_are_refused() {
    let sandbox = scored(30, "scores.csv", &[]);
    sandbox.write("news.csv", labelled_csv(30).replace("\nr", "\nq"));
    sample(&sandbox, &["scores.csv", "--n", "5"]).exits(1).says("` in the results").says("has changed");
    sandbox.write("news.csv", labelled_csv(2));
    sample(&sandbox, &["scores.csv", "--n", "25"]).exits(1).says("no longer exists");
    std::fs::remove_file(sandbox.path("news.csv")).unwrap();
    sample(&sandbox, &["scores.csv", "--n", "5", "--output", "blind.csv"])
        .exits(1)
        .says("news.csv: cannot read the texts again")
        .says("cannot open");
    assert!(!sandbox.names().iter().any(|name| name.starts_with("blind")), "{:?}", sandbox.names());
    let input = rows(3)[0].text.clone();
    let ran = sandbox
        .run_with(&["score", "-", "--model", "model.safetensors", "--format", "csv"], input.as_bytes());
    sandbox.write("stdin.csv", ran.exits(0).stdout);
    sample(&sandbox, &["stdin.csv", "--n", "1"]).exits(1).says("standard input and cannot be read again");
}

#[test]
fn what_is_no_result_of_score_is_refused() {
    let sandbox = scored(12, "paragraphs.csv", &["--paragraphs"]);
    sample(&sandbox, &["paragraphs.csv", "--n", "5"]).exits(1).says("score without --paragraphs");
    sample(&sandbox, &["news.csv", "--n", "5"]).exits(1).says("no column `path`");
    sandbox.write("no_top.csv", "id,path,record,label\n1,a.txt,,for\n");
    sample(&sandbox, &["no_top.csv", "--n", "5"]).exits(1).says("no column `top`");
    sandbox.write("no_top.jsonl", "{\"id\":\"1\",\"path\":\"a.txt\",\"record\":null}\n");
    sample(&sandbox, &["no_top.jsonl", "--n", "5"]).exits(1).says("it has no `top`");
    sandbox.write("empty.csv", "id,path,record,label,top\n");
    sample(&sandbox, &["empty.csv", "--n", "5"]).exits(1).says("nothing to draw from");
    sample(&sandbox, &["none.csv", "--n", "5"]).exits(1).says("none.csv: cannot open");
    sample(&sandbox, &["paragraphs.csv", "--n", "0"]).exits(2);
    sample(&sandbox, &["paragraphs.csv"]).exits(2).says("--n");
    // The file of the weights may not replace texts either.
    sandbox.write("blind.weights.csv", labelled_csv(12));
    sandbox
        .run(&[
            "score",
            "blind.weights.csv",
            "--model",
            "model.safetensors",
            "--quiet",
            "--output",
            "of-it.csv",
        ])
        .exits(0);
    sample(&sandbox, &["of-it.csv", "--n", "5", "--output", "blind.csv"])
        .exits(2)
        .says("contains scored texts and would be overwritten");
    sample(&sandbox, &["news.csv", "--n", "5", "--output", "news.csv"]).exits(2).says("would be overwritten");
}

#[test]
fn hostile_results_cost_themselves() {
    let sandbox = scored(12, "scores.csv", &[]);
    let mut bytes = sandbox.read("scores.csv");
    bytes.extend_from_slice(b"x,\"news.csv\n\xff\0,,,\n");
    sandbox.write("scores.csv", bytes);
    let ran = sample(&sandbox, &["scores.csv", "--n", "5", "--excel"]).exits(3);
    assert!(ran.stdout.starts_with("\u{feff}id,"), "{ran}");
    sandbox.write("twice.csv", [sandbox.read("scores.csv"), sandbox.read("scores.csv")].concat());
    let one =
        String::from_utf8_lossy(&sandbox.read("scores.csv")).lines().take(2).collect::<Vec<_>>().join("\n");
    let row = one.lines().last().unwrap();
    sandbox.write("twice.csv", format!("{one}\n{row}\n"));
    sample(&sandbox, &["twice.csv", "--n", "5"]).exits(1).says("record 1 of news.csv occurs twice");
    sandbox.write("odd.csv", "id,path,record,label,top\nx,news.csv,one,for,for\n");
    sample(&sandbox, &["odd.csv", "--n", "5"]).exits(1).says("its `record` is `one`");
}
