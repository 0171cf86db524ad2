//! `standpoint train`, as its users run it.

use crate::harness::{self, Sandbox, labelled_csv};
use standpoint::{Classifier, Model};

#[test]
fn a_csv_becomes_a_model_and_a_table() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(120));
    let ran = sandbox.run(&["train", "rows.csv", "--output", "m.safetensors"]).exits(0);
    for expected in
        ["rows: 120 used, 0 left out, 0 skipped", "converged", "macro-F1", "gold \\ predicted", "log loss"]
    {
        assert!(ran.stdout.contains(expected), "{expected}\n{ran}");
    }
    assert_eq!(sandbox.names(), ["m.safetensors", "rows.csv"]);
    let model = Model::from_bytes(&sandbox.read("m.safetensors")).unwrap();
    assert_eq!(model.labels.names(), ["against", "for", "neutral"]);
    assert_eq!((model.provenance.rows, model.provenance.groups, model.provenance.seed), (120, 60, 1));
    assert_eq!(model.provenance.date, None);
}

#[test]
fn the_same_rows_give_the_same_bytes_with_any_jobs_and_name() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(120));
    for (name, jobs) in [("a.safetensors", "1"), ("b.safetensors", "2"), ("c.safetensors", "1")] {
        sandbox.run(&["train", "rows.csv", "--output", name, "--jobs", jobs]).exits(0);
    }
    let first = sandbox.read("a.safetensors");
    assert!(first == sandbox.read("b.safetensors") && first == sandbox.read("c.safetensors"));
}

#[test]
fn options_reach_the_model() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(120).replace("id,article,label,text", "id,outlet,stance,body"));
    sandbox.write("more.csv", "stance,body\nfor,a guarantee\nagainst,a provocation\n");
    let args = [
        "train",
        "rows.csv",
        "-o",
        "m.safetensors",
        "--text-column",
        "body",
        "--label-column",
        "stance",
        "--group-column",
        "outlet",
        "--unit",
        "document",
        "--axis",
        "for=1",
        "--axis",
        "against=-1",
        "--ngrams",
        "1-3",
        "--chars",
        "2-4",
        "--min-df",
        "1",
        "--max-features",
        "500",
        "--c",
        "3",
        "--seed",
        "5",
        "--class-weight",
        "balanced",
        "--train-only",
        "more.csv",
        "--train-only-weight",
        "0.2",
        "--date",
        "2026-01-31",
        "--language",
        "none",
        "--min-words",
        "3",
        "--folds",
        "3",
        "--where",
        "stance=for",
        "--where",
        "stance=for",
    ];
    sandbox.run(&args).exits(1).says("too few of `against (0)`");
    sandbox.run(&args[..args.len() - 4]).exits(0);
    let model = Model::from_bytes(&sandbox.read("m.safetensors")).unwrap();
    assert_eq!(model.tokenizer_config.words, Some((1, 3)));
    assert_eq!(model.tokenizer_config.chars, Some((2, 4)));
    assert_eq!((model.tokenizer_config.language, model.tokenizer_config.stem), (None, false));
    assert_eq!(model.linear.features(), 500);
    assert_eq!(model.labels.axis(), Some(&[-1.0, 1.0, 0.0][..]));
    assert_eq!(model.unit, standpoint::model::Unit::Document);
    assert_eq!(model.thresholds.min_words, 3);
    let provenance = &model.provenance;
    assert_eq!((provenance.rows, provenance.train_only_rows, provenance.folds), (122, 2, 3));
    assert_eq!((provenance.c, provenance.balanced, provenance.seed), (3.0, true, 5));
    assert_eq!(provenance.date.as_deref(), Some("2026-01-31"));
}

#[test]
fn labels_in_other_notations_are_asked_about_and_missing_ones_are_left_out() {
    let sandbox = Sandbox::new();
    let train = |name: &str, rows: String| {
        sandbox.write(name, rows);
        sandbox.run(&["train", name, "-o", "m.safetensors"])
    };
    for label in ["{'for'}", "b'for'", "__label__for", "fоr", "For.", "np.str_('for')"] {
        let ran = train("rows.csv", labelled_csv(60) + &format!("x1,g9,{label},more words\n")).exits(1);
        ran.says("labels differ only in spelling");
    }
    for label in ["na", "?", "(blank)"] {
        let ran = train("rows.csv", labelled_csv(60) + &format!("x1,g9,{label},more words\n")).exits(1);
        ran.says("labels look like missing values").says("--missing");
    }
    train("rows.csv", labelled_csv(60) + "x1,g9,#REF!,more words\nx2,g9,\\N,more words\n").exits(0);
    let lines: String = crate::harness::rows(60)
        .iter()
        .map(|row| format!("{}\n", serde_json::json!({ "text": row.text, "label": row.label })))
        .collect();
    let empty = "{\"text\": \"a\", \"label\": []}\n{\"text\": \"b\", \"label\": \"NaN\"}\n";
    let ran = train("rows.jsonl", lines.clone() + empty).exits(0);
    assert!(ran.stdout.contains("60 used, 2 left out, 0 skipped"), "{ran}");
    let object = "{\"text\": \"a\", \"label\": {\"value\": \"for\"}}\n";
    train("rows.jsonl", lines + object).exits(1).says("--label-column label.value");
}

#[test]
fn labels_that_are_null_are_missing_in_every_command() {
    let sandbox = Sandbox::new();
    let row = |row: &standpoint::train::Row| {
        format!("{}\n", serde_json::json!({ "text": row.text, "label": row.label, "other": row.label }))
    };
    let lines: String = crate::harness::rows(60).iter().map(row).collect();
    let missing: String = ["null", "NaN", "[]", "[null]", "{}", "[\"NA\"]"]
        .iter()
        .enumerate()
        .map(|(at, label)| {
            format!("{{\"text\": \"Rain on day {at}.\", \"label\": {label}, \"other\": \"for\"}}\n")
        })
        .collect();
    sandbox.write("rows.jsonl", lines + &missing);
    let told = |ran: &crate::harness::Finished| {
        let all = format!("{}{}", ran.stdout, ran.stderr);
        assert!(all.contains("column `label` is null in 2 rows"), "{ran}");
        assert!(all.contains("column `label` is an empty list or object in 3 rows"), "{ran}");
        assert!(all.contains("`NA` in column `label` counts as missing, in 1 row"), "{ran}");
    };
    let ran = sandbox.run(&["train", "rows.jsonl", "-o", "m.safetensors"]).exits(0);
    assert!(ran.stdout.contains("60 used, 6 left out, 0 skipped"), "{ran}");
    told(&ran);
    told(&sandbox.run(&["evaluate", "rows.jsonl", "--model", "m.safetensors"]).exits(0));
    told(&sandbox.run(&["agreement", "rows.jsonl", "--columns", "label,other"]).exits(0));
}

#[test]
fn rows_that_cannot_be_used_are_listed_with_their_lines() {
    let sandbox = Sandbox::new();
    let rows = labelled_csv(60)
        + "x1,g9,,no label here\nx2,g9,for,\nx3,g9\nx4,g9,for,\"open\nx5,g9,for,fine again\n";
    sandbox.write("rows.csv", rows);
    let ran = sandbox.run(&["train", "rows.csv", "-o", "m.safetensors"]).exits(3);
    for expected in [
        "rows: 61 used, 0 left out, 4 skipped",
        "rows.csv, line 62, record 61: the row has no label",
        "rows.csv, line 63, record 62: the row has no text",
        "rows.csv, line 64, record 63: the row has 2 fields; the header has 4",
        "rows.csv, line 65, record 64: the quote that opens here",
    ] {
        assert!(ran.stdout.contains(expected), "{expected}\n{ran}");
    }
}

#[test]
fn data_that_cannot_be_trained_on_is_an_error_that_says_why() {
    let sandbox = Sandbox::new();
    let train = |csv: &str, more: &[&str]| {
        sandbox.write("rows.csv", csv);
        sandbox.run(&[&["train", "rows.csv", "-o", "m.safetensors"], more].concat())
    };
    train("id,label,txt\n1,a,b\n", &[])
        .exits(1)
        .says("no column `text`; found `id`, `label`, `txt`; did you mean `txt`?");
    train("id,lable,text\n1,a,b\n", &[]).exits(1).says("did you mean `lable`?");
    train("label,text\n", &[]).exits(1).says("found no labeled row");
    train("label,text\na,one two\na,three four\n", &[]).exits(1).says("at least two");
    train(&(labelled_csv(60) + "x,g99,rare,one lonely row\n"), &[])
        .exits(1)
        .says("`rare (1)`")
        .says("--folds");
    train("label,text\na,x y\nb,z w\n", &["--folds", "0"]).exits(1).says("lower --min-df");
    train(&labelled_csv(60), &["--group-column", "outlet"]).exits(1).says("no column `outlet`");
    train("label,text,w\na,x y,0\nb,z w,0\n", &["--weight-column", "w"]).exits(1).says("weight 0");
    train("label,text,w\na,x y,1e39\n", &["--weight-column", "w"])
        .exits(1)
        .says("rows.csv, line 2, record 1: the weight is `1e39`");
    train(&labelled_csv(60), &["--axis", "fro=1"]).exits(1).says("did you mean `for`?");
    assert_eq!(sandbox.names(), ["rows.csv"], "nothing is left behind");
}

#[test]
fn arguments_that_make_no_sense_are_refused_as_such() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(60));
    for wrong in [
        &["--c", "0"][..],
        &["--c", "x"],
        &["--ngrams", "3-1"],
        &["--ngrams", "0"],
        &["--chars", "1-99"],
        &["--min-df", "0"],
        &["--max-features", "0"],
        &["--folds", "1"],
        &["--jobs", "0"],
        &["--unit", "page"],
        &["--axis", "for"],
        &["--axis", "for=2"],
        &["--language", "xx"],
        &["--train-only-weight", "-1"],
        &["--max-df", "0"],
    ] {
        sandbox.run(&[&["train", "rows.csv", "-o", "m.safetensors"], wrong].concat()).exits(2);
    }
    sandbox.run(&["train", "rows.csv"]).exits(2);
    assert_eq!(sandbox.names(), ["rows.csv"]);
}

#[test]
fn a_label_that_fills_one_group_is_warned_about() {
    let sandbox = Sandbox::new();
    let mut rows = labelled_csv(90);
    for number in 0..6 {
        rows.push_str(&format!("o{number},lonely,other,entirely different vocabulary number {number}\n"));
    }
    sandbox.write("rows.csv", rows);
    let ran = sandbox.run(&["train", "rows.csv", "-o", "m.safetensors"]).exits(0);
    ran.says("all rows of `other` are in fold").says("has no row of `other`");
}

#[test]
fn without_groups_the_figures_are_said_to_flatter() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(60).replace("article", "pair"));
    sandbox
        .run(&["train", "rows.csv", "-o", "m.safetensors"])
        .exits(0)
        .says("no column source, outlet, author or article");
}

#[test]
fn ids_that_stand_twice_are_warned_about_with_both_lines() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(60).replace("\nr7,", "\nr3,"));
    let ran = sandbox.run(&["train", "rows.csv", "-o", "m.safetensors"]).exits(0);
    ran.says("rows.csv, line 9: duplicate id `r3`, first seen at rows.csv, line 5");
}

/// So that they hide no other warning.
#[test]
fn many_ids_that_stand_twice_are_counted() {
    let sandbox = Sandbox::new();
    let rows = labelled_csv(60).replace("article", "pair");
    let body = rows.split_once('\n').unwrap().1;
    sandbox.write("rows.csv", format!("{rows}{body}"));
    sandbox
        .run(&["train", "rows.csv", "-o", "m.safetensors"])
        .exits(0)
        .says("line 66: duplicate id `r4`")
        .says("55 more rows with duplicate ids")
        .says("no column source, outlet, author or article");
}

#[test]
fn invalid_bytes_are_replaced_and_reported() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "rows.csv",
        [labelled_csv(60).as_bytes(), "x,g,for,größer ".as_bytes(), b"bad \xff byte\n"].concat(),
    );
    sandbox.run(&["train", "rows.csv", "-o", "m.safetensors"]).exits(0).says("rows.csv, line 62, byte");
}

#[test]
fn long_rows_suggest_a_document_model() {
    let sandbox = Sandbox::new();
    let mut rows = String::from("label,text\n");
    for row in harness::rows(30) {
        rows.push_str(&format!(
            "{},{}\n",
            row.label,
            row.text.repeat(20).replace(',', " ") + &" word".repeat(260)
        ));
    }
    sandbox.write("rows.csv", rows);
    sandbox.run(&["train", "rows.csv", "-o", "m.safetensors"]).exits(0).says("--unit document");
}

#[test]
fn a_place_that_cannot_be_written_is_known_first_and_an_old_model_stays() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(60));
    sandbox
        .run(&["train", "rows.csv", "-o", "no/such/m.safetensors"])
        .exits(1)
        .says("cannot write the model");
    sandbox.write("m.safetensors", "old");
    sandbox.run(&["train", "rows.csv", "-o", "m.safetensors", "--folds", "40"]).exits(1);
    assert_eq!(sandbox.read("m.safetensors"), b"old");
    if cfg!(target_os = "linux") {
        sandbox.run(&["train", "rows.csv", "-o", "/dev/full"]).exits(1).says("No space left");
    }
}

#[test]
#[cfg(unix)]
fn an_interrupted_training_leaves_the_old_model_alone() {
    use std::process::Stdio;
    let sandbox = Sandbox::new();
    sandbox.write("m.safetensors", "old");
    sandbox
        .run(&["train", "m.safetensors", "-o", "m.safetensors"])
        .exits(2)
        .says("this file is an input and would be overwritten");
    let args = ["train", "-", "-o", "m.safetensors"];
    let mut child = sandbox.command(&args).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, labelled_csv(60).as_bytes()).unwrap();
    for _ in 0..200 {
        if sandbox.path("m.safetensors.partial").exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    assert!(sandbox.path("m.safetensors.partial").exists(), "it was at work when the signal came");
    std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), None, "ended by the signal");
    assert_eq!(sandbox.read("m.safetensors"), b"old");
}

#[test]
#[cfg(unix)]
fn an_interrupted_search_makes_a_model_of_the_best_so_far() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(400));
    let args = ["train", "rows.csv", "-o", "m.safetensors", "--tune", "--time", "10m", "--jobs", "1"];
    let mut child = sandbox.command(&args).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("1 trial finished")), "the search began");
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    assert!(lines.any(|line| line.contains("training with the best settings so far")), "it is said");
    let rest: Vec<String> = lines.collect();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{rest:?}");
    assert!(sandbox.path("m.safetensors").exists(), "{rest:?}");
}

#[test]
fn two_labels_in_any_script_are_enough() {
    let sandbox = Sandbox::new();
    let rows = labelled_csv(90).replace(",for,", ",за,").replace(",against,", ",проти,");
    sandbox.write("rows.csv", rows);
    let args = [
        "train",
        "rows.csv",
        "-o",
        "m.safetensors",
        "--ignore-label",
        "neutral",
        "--axis",
        "за=1",
        "--axis",
        "проти=-1",
    ];
    sandbox.run(&args).exits(0);
    let classifier = Classifier::from_bytes(&sandbox.read("m.safetensors")).unwrap();
    let verdict = classifier.score("guarantee deterrence must defend support courage");
    assert_eq!(verdict.top(), "за");
    assert!(verdict.slant().unwrap() > 0.3);
    assert!((verdict.probabilities().iter().sum::<f64>() - 1.0).abs() < 1e-12);
}

#[test]
fn how_texts_are_read_is_saved_and_done_alike_in_use() {
    let sandbox = Sandbox::new();
    let rows: String = harness::rows(90)
        .into_iter()
        .map(|row| format!("\"<p>{}</p>\",{},T &amp; U\n", row.text, row.label))
        .collect();
    sandbox.write("rows.csv", format!("body,label,head\n{rows}"));
    let read = ["--text-column", "head,body", "--text-format", "html"];
    sandbox.run(&[&["train", "rows.csv", "--output", "m.safetensors"], &read[..]].concat()).exits(0);
    let shown = sandbox.run(&["inspect", "m.safetensors"]).exits(0);
    assert!(shown.stdout.contains("head, body (html)"), "{shown}");
    assert!(!shown.stdout.contains("title        put"), "{shown}");
    sandbox.write("new.csv", "body,head\n\"<p>The guarantee &amp; courage.</p>\",Head &lt;1&gt;\n");
    let score = |more: &[&str]| {
        let args = ["score", "new.csv", "--model", "m.safetensors", "--paragraphs", "--format", "jsonl"];
        sandbox.run(&[&args[..], more].concat()).exits(0)
    };
    let texts = |ran: &harness::Finished| {
        let paragraphs = ran.json()[0]["paragraphs"].clone();
        let of = |paragraph: &serde_json::Value| paragraph["text"].as_str().unwrap().to_owned();
        paragraphs.as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    let ran = score(&[]);
    assert_eq!(texts(&ran), ["Head <1>", "The guarantee & courage."]);
    assert!(!ran.stderr.contains("markup"), "{ran}");
    let ran = score(&["--text-column", "body", "--text-format", "plain"])
        .says("read in another markup")
        .says("texts are read from body; the model was trained on head, body");
    assert_eq!(texts(&ran), ["<p>The guarantee &amp; courage.</p>"]);
}

#[test]
fn a_title_is_scored_where_it_was_asked_for() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.md", "---\ntitle: A guarantee for all\n---\n\nIt rained on the leaders.\n");
    let text = |more: &[&str]| {
        let args = ["score", "a.md", "--model", "model.safetensors", "--paragraphs", "--format", "jsonl"];
        sandbox.run(&[&args[..], more].concat()).exits(0)
    };
    let ran = text(&["--with-title"]).says("scored with their titles, unlike the model's training texts");
    assert_eq!(ran.json()[0]["paragraphs"][0]["text"], "A guarantee for all");
    assert_eq!(text(&[]).json()[0]["paragraphs"][0]["text"], "It rained on the leaders.");
    let printed = sandbox.run(&["paragraphs", "a.md", "--text", "--with-title"]).exits(0);
    assert_eq!(printed.stdout, "A guarantee for all\n\nIt rained on the leaders.\n");
}

/// The columns of labelled rows, with their names.
#[cfg(feature = "parquet")]
fn columns(csv: &str) -> Vec<(&str, Vec<&str>)> {
    let mut rows = csv.lines().map(|line| line.split(','));
    let mut columns: Vec<(&str, Vec<&str>)> = rows.next().unwrap().map(|name| (name, Vec::new())).collect();
    for row in rows {
        row.zip(&mut columns).for_each(|(field, (_, column))| column.push(field));
    }
    columns
}

#[cfg(feature = "parquet")]
fn parquet(csv: &str) -> Vec<u8> {
    let columns = columns(csv);
    let columns: Vec<_> = columns.iter().map(|(name, column)| (*name, column.as_slice())).collect();
    harness::parquet(&columns)
}

#[test]
#[cfg(all(feature = "parquet", feature = "spreadsheet"))]
fn rows_of_parquet_and_of_a_sheet_are_learned_like_rows_of_csv() {
    let sandbox = Sandbox::new();
    let csv = labelled_csv(120);
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    sandbox.write("rows.csv", &csv);
    sandbox.write("rows.parquet", parquet(&csv));
    sandbox.write("rows.xlsx", harness::xlsx([&rows, &[]]));
    let learned = |name: &str| {
        sandbox.run(&["train", name, "-o", "m.safetensors"]).exits(0);
        let ran = sandbox.run(&["evaluate", name, "--model", "m.safetensors", "--format", "json"]).exits(0);
        assert_eq!(ran.json()[0]["rows"], 120, "{ran}");
        Model::from_bytes(&sandbox.read("m.safetensors")).unwrap()
    };
    let first = learned("rows.csv");
    for name in ["rows.parquet", "rows.xlsx"] {
        let model = learned(name);
        assert_eq!(model.linear, first.linear, "{name}");
        assert_eq!((model.provenance.rows, model.provenance.groups), (120, 60), "{name}");
    }
}

#[test]
#[cfg(feature = "parquet")]
fn rows_of_parquet_are_named_by_their_numbers() {
    let sandbox = Sandbox::new();
    let csv = labelled_csv(60).replace("\nr7,", "\nr3,") + "x1,g9,,no label here\n";
    sandbox.write("rows.parquet", parquet(&csv));
    let ran = sandbox.run(&["train", "rows.parquet", "-o", "m.safetensors"]).exits(3);
    assert!(ran.stdout.contains("rows.parquet, record 61: the row has no label"), "{ran}");
    ran.says("rows.parquet, record 8: duplicate id `r3`, first seen at rows.parquet, record 4");
}
