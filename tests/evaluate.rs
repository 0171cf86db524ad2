//! `standpoint evaluate`, as its users run it.

mod harness;

use harness::{Bench, labelled_csv};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Figures {
    schema: u32,
    model: String,
    rows: u64,
    skipped: u64,
    accuracy: Option<f64>,
    macro_f1: Option<f64>,
    log_loss: Option<f64>,
    brier: Option<f64>,
    confidence: Option<f64>,
    coverage: Option<f64>,
    accuracy_answered: Option<f64>,
    labels: Vec<OfLabel>,
    confusion: Vec<Vec<u64>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfLabel {
    label: String,
    rows: u64,
    predicted: u64,
    precision: Option<f64>,
    recall: Option<f64>,
    f1: Option<f64>,
}

fn evaluate(bench: &Bench, args: &[&str]) -> harness::Ran {
    bench.run(&[&["evaluate", "--model", "model.safetensors"], args].concat())
}

fn figures(bench: &Bench, args: &[&str]) -> Figures {
    let ran = evaluate(bench, &[args, &["--format", "json"]].concat()).exits(0);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}\n{ran}"))
}

#[test]
fn figures_agree_with_their_own_confusion_matrix() {
    let bench = Bench::with_model();
    bench.write("rows.csv", labelled_csv(150));
    let figures = figures(&bench, &["rows.csv"]);
    assert_eq!((figures.schema, figures.rows, figures.skipped), (1, 150, 0));
    assert!(figures.model.starts_with("model@"));
    let right: u64 = (0..3).map(|class| figures.confusion[class][class]).sum();
    assert_eq!(figures.accuracy, Some(right as f64 / 150.0));
    let mut sum = 0.0;
    for (class, of) in figures.labels.iter().enumerate() {
        assert_eq!(of.label, ["against", "for", "neutral"][class]);
        assert_eq!(of.rows, figures.confusion[class].iter().sum::<u64>());
        assert_eq!(of.predicted, figures.confusion.iter().map(|row| row[class]).sum::<u64>());
        let (precision, recall) = (of.precision.unwrap(), of.recall.unwrap());
        assert!((of.f1.unwrap() - 2.0 * precision * recall / (precision + recall)).abs() < 1e-12);
        sum += of.f1.unwrap();
    }
    assert!((figures.macro_f1.unwrap() - sum / 3.0).abs() < 1e-12);
    assert_eq!((figures.coverage, figures.accuracy_answered), (Some(1.0), figures.accuracy));
    assert!(
        figures.log_loss.unwrap() > 0.0 && figures.brier.unwrap() < 1.0 && figures.confidence.unwrap() > 0.3
    );
}

#[test]
fn rows_are_units_unless_they_are_called_documents() {
    let bench = Bench::with_model();
    let text = "Leaders must defend the guarantee.\n\nA costly pointless provocation.";
    bench.write("rows.csv", format!("label,text\nfor,\"{text}\"\n"));
    let unit = figures(&bench, &["rows.csv"]);
    let document = figures(&bench, &["rows.csv", "--documents"]);
    assert_ne!(unit.log_loss, document.log_loss);
    let classifier = harness::small_classifier();
    let p = classifier.score(text).probabilities[1];
    assert!((document.log_loss.unwrap() + p.ln()).abs() < 1e-12);
}

#[test]
fn conditions_and_ignored_labels_leave_rows_out() {
    let bench = Bench::with_model();
    bench.write("rows.csv", labelled_csv(60).replace(",neutral,", ",off-topic,"));
    let found = figures(&bench, &["rows.csv", "--ignore-label", "off-topic", "--where", "article=g0"]);
    assert_eq!(found.rows, 2);
    assert_eq!(found.labels[2].f1, None, "no row and no prediction: undefined, not zero");
    bench.write("notes.csv", "label,text,note\nfor,must defend,\nfor,must support,x\n");
    assert_eq!(
        figures(&bench, &["notes.csv", "--where", "note="]).rows,
        1,
        "an empty field is an empty value"
    );
    evaluate(&bench, &["rows.csv", "--where", "nosuch=1"]).exits(1).says("no column `nosuch`");
    evaluate(&bench, &["rows.csv", "--where", "article=none"])
        .exits(1)
        .says("no labelled row was read (60 left out");
}

#[test]
fn an_unknown_label_is_an_error_with_its_lines() {
    let bench = Bench::with_model();
    bench.write("rows.csv", labelled_csv(20).replacen(",for,", ",fro,", 2));
    evaluate(&bench, &["rows.csv"])
        .exits(1)
        .says("`fro` is not a label of this model; its labels are `against`, `for`, `neutral`; did you mean `for`?")
        .says("rows.csv, line 3; rows.csv, line 6");
}

#[test]
fn fail_under_has_its_own_exit_code() {
    let bench = Bench::with_model();
    bench.write("rows.csv", labelled_csv(60).replacen(",for,", ",neutral,", 5));
    evaluate(&bench, &["rows.csv", "--fail-under", "0.1"]).exits(0);
    let ran = evaluate(&bench, &["rows.csv", "--fail-under", "1"]).exits(5);
    for wrong in ["nan", "60", "-1"] {
        evaluate(&bench, &["rows.csv", "--fail-under", wrong]).exits(2);
    }
    assert!(ran.stdout.contains("macro-F1"), "the figures are printed all the same\n{ran}");
}

#[test]
fn rows_that_cannot_be_read_show_in_the_exit_code() {
    let bench = Bench::with_model();
    bench.write("rows.jsonl", "{\"label\":\"for\",\"text\":\"must defend\"}\n{\"label\":\"for\"}\n");
    evaluate(&bench, &["rows.jsonl"]).exits(3).says("rows.jsonl, line 2, record 2: no column `text`");
    evaluate(&bench, &["not-there.csv"]).exits(1);
}

#[test]
fn duplicate_ids_are_warned_about() {
    let bench = Bench::with_model();
    bench.write("rows.csv", "id,label,text\n1,for,must defend\n1,for,must support\n");
    evaluate(&bench, &["rows.csv"])
        .exits(0)
        .says("rows.csv, line 3: id `1` stands already at rows.csv, line 2");
}
