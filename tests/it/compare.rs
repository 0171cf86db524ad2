//! `standpoint compare`, as its users run it.

use crate::harness::{self, Finished, Sandbox};
use serde::Deserialize;
use standpoint::Threads;
use standpoint::train::{Row, TrainParams, train};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Comparison {
    schema: u32,
    models: (String, String),
    rows: u64,
    skipped: u64,
    accuracy: Figure,
    macro_f1: Figure,
    log_loss: Figure,
    mcnemar: McNemar,
    resampling: Resampling,
    differences: Vec<Difference>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Figure {
    a: Option<f64>,
    b: Option<f64>,
    difference: Option<f64>,
    interval: Option<(f64, f64)>,
    p: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct McNemar {
    only_a: u64,
    only_b: u64,
    exact_p: f64,
    mid_p: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Resampling {
    unit: String,
    units: u64,
    replicates: u64,
    seed: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    id: String,
    path: String,
    record: Option<u64>,
    gold: String,
    a: String,
    b: String,
    p_gold_a: f64,
    p_gold_b: f64,
}

const FOR: &str = "guarantee deterrence must defend support courage";
const AGAINST: &str = "provocation escalation costly pointless neutrality danger";
const NEUTRAL: &str = "reported according percent meeting statement thursday";

/// `a.safetensors`, and `b.safetensors` that takes for and against for each other.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("a.safetensors", harness::small_model().to_bytes().unwrap());
    write_model(&sandbox, "b.safetensors", |label| match label {
        "for" => "against",
        "against" => "for",
        other => other,
    });
    let rows = [
        ("against", AGAINST),
        ("against", AGAINST),
        ("against", FOR),
        ("for", FOR),
        ("for", FOR),
        ("for", AGAINST),
        ("neutral", NEUTRAL),
        ("neutral", NEUTRAL),
    ];
    let row = |(at, (label, text)): (usize, &(&str, &str))| format!("r{at},{label},s{},{text}\n", at / 2);
    sandbox.write(
        "rows.csv",
        format!("id,label,source,text\n{}", rows.iter().enumerate().map(row).collect::<String>()),
    );
    sandbox
}

/// A small model whose labels are renamed.
fn write_model(sandbox: &Sandbox, name: &str, label: impl Fn(&str) -> &str) {
    let rows: Vec<Row> = harness::rows(120)
        .into_iter()
        .map(|row| Row { label: label(&row.label).to_owned(), ..row })
        .collect();
    let (model, _) = train(rows, TrainParams::default(), &Threads::new(1).unwrap()).unwrap();
    sandbox.write(name, model.to_bytes().unwrap());
}

fn compare(sandbox: &Sandbox, args: &[&str]) -> Finished {
    sandbox.run(&[&["compare", "a.safetensors", "b.safetensors"], args].concat())
}

fn compared(sandbox: &Sandbox, args: &[&str]) -> Comparison {
    let ran = compare(sandbox, &[args, &["--format", "json"]].concat()).exits(0);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}\n{ran}"))
}

#[test]
fn differences_are_those_known_by_hand() {
    let found = compared(&sandbox(), &["rows.csv"]);
    assert_eq!((found.schema, found.rows, found.skipped), (1, 8, 0));
    assert!(found.models.0.starts_with("a@") && found.models.1.starts_with("b@"));
    assert_eq!((found.accuracy.a, found.accuracy.b), (Some(6.0 / 8.0), Some(4.0 / 8.0)));
    assert_eq!(found.accuracy.difference, Some(-0.25));
    // F1 of A: 2/3, 2/3, 1; of B: 1/3, 1/3, 1.
    assert!((found.macro_f1.difference.unwrap() + 2.0 / 9.0).abs() < 1e-12);
    assert!(found.log_loss.difference.unwrap() > 0.0);
    // Four rows to two: twice 22/64, less the 15/64 of the split itself.
    assert_eq!((found.mcnemar.only_a, found.mcnemar.only_b), (4, 2));
    assert!((found.mcnemar.exact_p - 44.0 / 64.0).abs() < 1e-12);
    assert!((found.mcnemar.mid_p - 29.0 / 64.0).abs() < 1e-12);
    // Only the first of four groups differs, by two rows: drawn 0 to 3 times, but for a chance of 1
    // in 256, and left out with a chance of 81 in 256.
    assert_eq!(found.accuracy.interval, Some((-0.75, 0.0)));
    assert!((found.accuracy.p.unwrap() - 2.0 * 81.0 / 256.0).abs() < 0.1, "{found:?}");
    let drawn = (found.resampling.unit.as_str(), found.resampling.units, found.resampling.replicates);
    assert_eq!((drawn, found.resampling.seed), (("group", 4, 1000), 1));
}

#[test]
fn documents_on_which_the_models_differ_are_listed() {
    let sandbox = sandbox();
    let found = compared(&sandbox, &["rows.csv", "--differences", "differ.csv"]);
    let ids: Vec<&str> = found.differences.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["r0", "r1", "r2", "r3", "r4", "r5"]);
    let first = &found.differences[0];
    assert_eq!((first.gold.as_str(), first.a.as_str(), first.b.as_str()), ("against", "against", "for"));
    assert_eq!((first.path.as_str(), first.record), ("rows.csv", Some(1)));
    assert!(first.p_gold_a > 0.5 && first.p_gold_b < 0.5);
    let csv = String::from_utf8(sandbox.read("differ.csv")).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!((lines.len(), lines[0]), (7, "id,path,record,gold,a,b,p_gold_a,p_gold_b"));
    assert!(lines[3].starts_with("r2,rows.csv,3,against,for,against,0."), "{csv}");
    let table = compare(&sandbox, &["rows.csv"]).exits(0);
    assert!(table.stdout.contains("6 rows on which they differ"), "{table}");
    assert!(table.stdout.contains("correct in A only: 4, in B only: 2; McNemar mid-p 0.453"), "{table}");
    assert!(table.stdout.contains("accuracy     0.750   0.500   -0.250"), "{table}");
}

#[test]
fn a_model_differs_from_itself_in_nothing() {
    let sandbox = sandbox();
    sandbox.write("b.safetensors", sandbox.read("a.safetensors"));
    let found = compared(&sandbox, &["rows.csv"]);
    let nothing =
        |figure: &Figure| (figure.difference, figure.interval, figure.p) == (Some(0.0), None, Some(1.0));
    assert!(nothing(&found.accuracy) && nothing(&found.macro_f1) && nothing(&found.log_loss), "{found:?}");
    assert!(found.differences.is_empty());
    compare(&sandbox, &["rows.csv"]).exits(0).prints("The models give every row the same label.");
}

#[test]
fn models_with_different_labels_are_refused() {
    let sandbox = sandbox();
    write_model(&sandbox, "b.safetensors", |label| if label == "for" { "pro" } else { label });
    compare(&sandbox, &["rows.csv"])
        .exits(1)
        .says("the models have different labels and cannot be compared: only A has `for`, only B has `pro`");
    compare(&sandbox, &["rows.csv", "--format", "xml"]).exits(2);
    sandbox.run(&["compare", "a.safetensors", "none.safetensors", "rows.csv"]).exits(4);
}

#[test]
fn models_that_read_other_columns_are_compared_on_the_rows_that_both_can_read() {
    let sandbox = sandbox();
    sandbox.write(
        "train.csv",
        harness::labelled_csv(120).replace("id,article,label,text", "id,article,label,body"),
    );
    let train = ["train", "train.csv", "--text-column", "body", "--output", "b.safetensors", "--quiet"];
    sandbox.run(&train).exits(0);
    sandbox.write(
        "rows.csv",
        format!("id,label,text,body\n1,for,{FOR},{AGAINST}\n2,for,{FOR},\n3,for,{FOR},{FOR}\n"),
    );
    let ran = compare(&sandbox, &["rows.csv", "--format", "json"]).exits(3).says("the row has no text");
    let found: Comparison = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((found.rows, found.skipped, found.differences.len()), (2, 1, 1));
    assert_eq!((found.differences[0].id.as_str(), found.accuracy.b), ("1", Some(0.5)));
}

#[test]
fn bad_rows_and_unknown_labels_are_told() {
    let sandbox = sandbox();
    sandbox
        .write("rows.jsonl", "{\"label\":\"for\",\"text\":\"must defend\"}\n{\"label\":\"for\"}\n[]\nno\n");
    let ran = compare(&sandbox, &["rows.jsonl"]).exits(3).says("no column `text`");
    assert!(ran.stdout.contains("1 rows; intervals"), "{ran}");
    sandbox.write("wrong.csv", "label,text\nfro,must defend\n");
    compare(&sandbox, &["wrong.csv"]).exits(1).says("did you mean `for`?");
    sandbox.write("none.csv", "label,text\n");
    compare(&sandbox, &["none.csv"]).exits(1).says("found no labeled row");
    compare(&sandbox, &["rows.csv", "--differences", "rows.csv"]).exits(2);
    assert!(String::from_utf8(sandbox.read("rows.csv")).unwrap().starts_with("id,label"));
}
