//! `standpoint evaluate`, as its users run it.

use crate::harness::{self, Sandbox, labelled_csv};
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
    mcc: Option<f64>,
    calibration_error: Option<f64>,
    calibration_error_debiased: Option<f64>,
    weight: f64,
    weighted: bool,
    intervals: Intervals,
    resampling: Resampling,
    reliability: Vec<Bin>,
    error_by_coverage: Curve,
    best_temperature: Option<BestTemperature>,
    group_columns: Vec<String>,
    groups: Vec<OfGroup>,
    dates: Option<Dates>,
    /// Only where the rows of the training are known.
    seen: Option<Seen>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    rows: u64,
    texts: u64,
    groups: std::collections::BTreeMap<String, u64>,
    training_rows: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BestTemperature {
    factor: f64,
    temperature: Option<f64>,
    log_loss: f64,
}

type Ends = Option<(f64, f64)>;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Intervals {
    accuracy: Ends,
    macro_f1: Ends,
    mcc: Ends,
    log_loss: Ends,
    brier: Ends,
    calibration_error: Ends,
    confidence: Ends,
    coverage: Ends,
    accuracy_answered: Ends,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Resampling {
    unit: String,
    units: u64,
    replicates: u64,
    seed: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bin {
    low: f64,
    high: f64,
    weight: f64,
    confidence: f64,
    accuracy: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Curve {
    area: Option<f64>,
    points: Vec<Point>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Point {
    coverage: f64,
    error: f64,
    threshold: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfGroup {
    group: Option<String>,
    rows: u64,
    accuracy: Option<f64>,
    interval: Ends,
    macro_f1: Option<f64>,
    log_loss: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dates {
    period: String,
    missing: u64,
    unreadable: u64,
    parts: Vec<OfPeriod>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfPeriod {
    date: String,
    rows: u64,
    accuracy: Option<f64>,
    interval: Ends,
    macro_f1: Option<f64>,
    log_loss: Option<f64>,
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
    intervals: LabelIntervals,
    shares: Option<Shares>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelIntervals {
    precision: Ends,
    recall: Ends,
    f1: Ends,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shares {
    raw: Option<Share>,
    corrected: Option<Share>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Share {
    value: f64,
    interval: Ends,
}

/// A text that the small model takes for `for`, and one for `against`.
const FOR: &str = "guarantee deterrence must defend support courage";
const AGAINST: &str = "provocation escalation costly pointless neutrality danger";

fn evaluate(sandbox: &Sandbox, args: &[&str]) -> harness::Finished {
    sandbox.run(&[&["evaluate", "--model", "model.safetensors"], args].concat())
}

fn figures(sandbox: &Sandbox, args: &[&str]) -> Figures {
    let ran = evaluate(sandbox, &[args, &["--format", "json"]].concat()).exits(0);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}\n{ran}"))
}

#[test]
fn figures_agree_with_their_own_confusion_matrix() {
    let sandbox = Sandbox::with_model();
    sandbox.write("rows.csv", labelled_csv(150));
    let figures = figures(&sandbox, &["rows.csv"]);
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
    let sandbox = Sandbox::with_model();
    let text = "Leaders must defend the guarantee.\n\nA costly pointless provocation.";
    sandbox.write("rows.csv", format!("label,text\nfor,\"{text}\"\n"));
    let unit = figures(&sandbox, &["rows.csv"]);
    let document = figures(&sandbox, &["rows.csv", "--documents"]);
    assert_ne!(unit.log_loss, document.log_loss);
    let classifier = harness::small_classifier();
    let p = classifier.score(text).probabilities()[1];
    assert!((document.log_loss.unwrap() + p.ln()).abs() < 1e-12);
}

#[test]
fn conditions_and_ignored_labels_leave_rows_out() {
    let sandbox = Sandbox::with_model();
    sandbox.write("rows.csv", labelled_csv(60).replace(",neutral,", ",off-topic,"));
    let found = figures(&sandbox, &["rows.csv", "--ignore-label", "off-topic", "--where", "article=g0"]);
    assert_eq!(found.rows, 2);
    assert_eq!(found.labels[2].f1, None, "no row and no prediction: undefined, not zero");
    sandbox.write("notes.csv", "label,text,note\nfor,must defend,\nfor,must support,x\n");
    assert_eq!(
        figures(&sandbox, &["notes.csv", "--where", "note="]).rows,
        1,
        "an empty field is an empty value"
    );
    evaluate(&sandbox, &["rows.csv", "--where", "nosuch=1"]).exits(1).says("no column `nosuch`");
    evaluate(&sandbox, &["rows.csv", "--where", "article=none"])
        .exits(1)
        .says("found no labeled row (60 left out");
}

#[test]
fn an_unknown_label_is_an_error_with_its_lines() {
    let sandbox = Sandbox::with_model();
    sandbox.write("rows.csv", labelled_csv(20).replacen(",for,", ",fro,", 2));
    evaluate(&sandbox, &["rows.csv"])
        .exits(1)
        .says("`fro` is not a label of this model; its labels are `against`, `for`, `neutral`; did you mean `for`?")
        .says("rows.csv, line 3; rows.csv, line 6");
}

#[test]
fn fail_under_has_its_own_exit_code() {
    let sandbox = Sandbox::with_model();
    sandbox.write("rows.csv", labelled_csv(60).replacen(",for,", ",neutral,", 5));
    evaluate(&sandbox, &["rows.csv", "--fail-under", "0.1"]).exits(0);
    let ran = evaluate(&sandbox, &["rows.csv", "--fail-under", "1"]).exits(5);
    for wrong in ["nan", "60", "-1"] {
        evaluate(&sandbox, &["rows.csv", "--fail-under", wrong]).exits(2);
    }
    assert!(ran.stdout.contains("macro-F1"), "the figures are printed all the same\n{ran}");
}

#[test]
fn rows_that_cannot_be_read_show_in_the_exit_code() {
    let sandbox = Sandbox::with_model();
    sandbox.write("rows.jsonl", "{\"label\":\"for\",\"text\":\"must defend\"}\n{\"label\":\"for\"}\n");
    evaluate(&sandbox, &["rows.jsonl"]).exits(3).says("rows.jsonl, line 2, record 2: no column `text`");
    evaluate(&sandbox, &["not-there.csv"]).exits(1);
}

#[test]
fn duplicate_ids_are_warned_about() {
    let sandbox = Sandbox::with_model();
    sandbox.write("rows.csv", "id,label,text\n1,for,must defend\n1,for,must support\n");
    evaluate(&sandbox, &["rows.csv"])
        .exits(0)
        .says("rows.csv, line 3: duplicate id `1`, first seen at rows.csv, line 2");
}

/// Four of six right: two of three `against`, two of three `for`.
const SIX: [(&str, &str); 6] = [
    ("against", AGAINST),
    ("against", AGAINST),
    ("against", FOR),
    ("for", FOR),
    ("for", FOR),
    ("for", AGAINST),
];

/// The six rows with one more column, whose values follow from the row's number.
fn six(column: &str, value: impl Fn(usize) -> String) -> String {
    let row = |(at, (label, text)): (usize, &(&str, &str))| format!("{label},{text},{}\n", value(at));
    format!("label,text,{column}\n{}", SIX.iter().enumerate().map(row).collect::<String>())
}

#[test]
fn figures_are_those_known_by_hand() {
    let sandbox = Sandbox::with_model();
    sandbox.write("rows.csv", six("note", |_| String::new()));
    let found = figures(&sandbox, &["rows.csv"]);
    assert_eq!(found.confusion, [[2, 1, 0], [1, 2, 0], [0, 0, 0]]);
    assert_eq!(found.accuracy, Some(4.0 / 6.0));
    // Gorodkin: (4 x 6 - 18) / (36 - 18).
    assert!((found.mcc.unwrap() - 1.0 / 3.0).abs() < 1e-15);
    assert_eq!((found.weight, found.weighted, found.group_columns.len()), (6.0, false, 0));
    assert_eq!(found.resampling, Resampling { unit: "row".into(), units: 6, replicates: 1000, seed: 1 });
    let (low, high) = found.intervals.accuracy.unwrap();
    assert!(low < 0.5 && high > 0.9, "six rows say little: {low} {high}");
    assert_eq!(found.labels[2].intervals.f1, None);
    assert!(found.labels[0].intervals.precision.is_some() && found.labels[0].intervals.recall.is_some());
    assert!(found.labels[0].shares.is_none() && found.dates.is_none() && found.groups.is_empty());
    let weight: f64 = found.reliability.iter().map(|bin| bin.weight).sum();
    let error: f64 =
        found.reliability.iter().map(|bin| bin.weight / 6.0 * (bin.accuracy - bin.confidence).abs()).sum();
    assert_eq!(weight, 6.0);
    assert!((found.calibration_error.unwrap() - error).abs() < 1e-12);
    // Kumar, Liang & Ma 2019; bins of one row say nothing about chance.
    let squares: f64 = found
        .reliability
        .iter()
        .filter(|bin| bin.weight > 1.0)
        .map(|bin| {
            let chance = bin.accuracy * (1.0 - bin.accuracy) / (bin.weight - 1.0);
            bin.weight / 6.0 * ((bin.accuracy - bin.confidence).powi(2) - chance)
        })
        .sum();
    assert!((found.calibration_error_debiased.unwrap() - squares.max(0.0).sqrt()).abs() < 1e-12);
    assert_eq!(found.intervals.calibration_error, None, "no interval that its figure is outside of");
    let shown = evaluate(&sandbox, &["rows.csv"]).exits(0).stdout;
    let line = shown.lines().find(|line| line.starts_with("calibration error")).unwrap();
    assert!(line.ends_with("  -"), "{line}");
    assert!(found.reliability.iter().all(|bin| bin.low < bin.confidence && bin.confidence <= bin.high));
    let rows = String::from_utf8(sandbox.read("rows.csv")).unwrap();
    sandbox.write("twice.csv", format!("{rows}{}", rows.split_once('\n').unwrap().1));
    let twice = figures(&sandbox, &["twice.csv"]);
    let last = twice.error_by_coverage.points.last().unwrap();
    assert_eq!((last.coverage, last.error), (1.0, 2.0 / 6.0));
    assert!(last.threshold > 1.0 / 3.0 && twice.error_by_coverage.area == found.error_by_coverage.area);
    assert!(found.error_by_coverage.area.unwrap() > 0.0);
}

#[test]
fn the_temperature_that_suits_the_rows_is_named_and_can_be_fixed() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(120));
    sandbox.write("six.csv", six("note", |_| String::new()));
    let trained = |more: &[&str]| {
        sandbox.run(&[&["train", "rows.csv", "-o", "model.safetensors"], more].concat()).exits(0)
    };
    trained(&["--calibration", "temperature"]);
    let fitted = figures(&sandbox, &["six.csv"]);
    let seen = fitted.seen.as_ref().unwrap();
    assert_eq!((seen.rows, seen.texts, seen.groups.len(), seen.training_rows), (6, 0, 0, 120), "{seen:?}");
    let best = fitted.best_temperature.unwrap();
    // Two of six are wrong, and the model is nearly certain of all.
    assert!(best.factor > 1.5 && best.log_loss < fitted.log_loss.unwrap() - 0.1, "{best:?}");
    let evaluated = || sandbox.run(&["evaluate", "six.csv", "--model", "model.safetensors"]).exits(0);
    evaluated().prints("would give the lowest log loss on these rows");
    let temperature = best.temperature.unwrap();
    let said = trained(&["--temperature", &temperature.to_string()]);
    said.prints("fixed").prints("by the fixed temperature").prints(", by a fitted one ");
    sandbox.run(&["inspect", "model.safetensors"]).exits(0).prints("fixed");
    let fixed = figures(&sandbox, &["six.csv"]);
    assert!((fixed.log_loss.unwrap() - best.log_loss).abs() < 1e-9, "{:?} {best:?}", fixed.log_loss);
    let again = fixed.best_temperature.unwrap();
    assert!(
        (again.factor - 1.0).abs() < 0.05
            && (again.temperature.unwrap() - temperature).abs() < 0.05 * temperature
    );
    assert_eq!(fixed.accuracy, fitted.accuracy, "a temperature changes no label");
    evaluated().prints("no other temperature would give a lower log loss on these rows");
    trained(&["--temperature", "0.5", "--folds", "0"]).prints("temperature 0.5000, fixed");
    sandbox
        .run(&["train", "rows.csv", "-o", "m.safetensors", "--temperature", "1", "--calibration", "vector"])
        .exits(2)
        .says("--temperature cannot be given with --calibration vector");
}

#[test]
fn a_column_of_weights_counts_where_it_is_there() {
    let sandbox = Sandbox::with_model();
    sandbox.write("plain.csv", six("note", |_| String::new()));
    // The two wrong rows weigh 3 and 1, the others 1: 4 of 8 right.
    sandbox.write("rows.csv", six("weight", |at| if at == 2 { "3" } else { "1" }.to_owned()));
    let found = figures(&sandbox, &["rows.csv"]);
    assert_eq!((found.rows, found.weight, found.weighted), (6, 8.0, true));
    assert_eq!(found.accuracy, Some(0.5));
    assert_eq!(found.confusion[0], [2, 1, 0], "the matrix counts rows");
    let share = |class: usize| {
        let shares = found.labels[class].shares.as_ref().unwrap();
        (shares.raw.as_ref().unwrap().value, shares.corrected.as_ref().unwrap().value)
    };
    assert_eq!((share(0), share(1), share(2)), ((3.0 / 8.0, 5.0 / 8.0), (5.0 / 8.0, 3.0 / 8.0), (0.0, 0.0)));
    let shares = found.labels[0].shares.as_ref().unwrap();
    let (low, high) = shares.corrected.as_ref().unwrap().interval.unwrap();
    assert!(low < 0.5 && high > 0.7 && shares.raw.as_ref().unwrap().interval.is_some());
    let table = evaluate(&sandbox, &["rows.csv"]).exits(0);
    assert!(
        table.stdout.contains("of weight 8.0") && table.stdout.contains("corrected for the model's errors"),
        "{table}"
    );
    assert!(!evaluate(&sandbox, &["plain.csv"]).exits(0).stdout.contains("corrected"));

    sandbox.write("named.csv", six("w", |at| if at == 2 { "3" } else { "1" }.to_owned()));
    assert_eq!(figures(&sandbox, &["named.csv", "--weight-column", "w"]).accuracy, Some(0.5));
    assert_eq!(figures(&sandbox, &["named.csv"]).accuracy, Some(4.0 / 6.0));
    evaluate(&sandbox, &["plain.csv", "--weight-column", "w"]).exits(1).says("no column `w`");
    sandbox.write("bad.csv", six("weight", |at| ["1", "-1", "nan", "", "heavy", "2"][at].to_owned()));
    let ran = evaluate(&sandbox, &["bad.csv", "--weight-column", "weight"])
        .exits(3)
        .says("the weight is `-1`; expected a number of at least 0");
    assert!(ran.stdout.contains("2 rows of weight 3.0"), "{ran}");
    sandbox.write("none.csv", six("weight", |_| "0".to_owned()));
    let found = figures(&sandbox, &["none.csv"]);
    assert_eq!((found.rows, found.accuracy, found.error_by_coverage.area), (6, None, None));
    evaluate(&sandbox, &["none.csv"]).exits(0);
}

#[test]
fn groups_are_drawn_together_and_have_a_table() {
    let sandbox = Sandbox::with_model();
    sandbox.write("rows.csv", six("outlet", |at| ["a", "a", "a", "b", "b", ""][at].to_owned()));
    let found = figures(&sandbox, &["rows.csv"]);
    assert_eq!((found.group_columns.as_slice(), found.resampling.units), (&["outlet".to_owned()][..], 3));
    assert_eq!(found.resampling.unit, "group");
    let groups: Vec<(Option<&str>, u64, Option<f64>)> =
        found.groups.iter().map(|group| (group.group.as_deref(), group.rows, group.accuracy)).collect();
    assert_eq!(groups, [(Some("a"), 3, Some(2.0 / 3.0)), (Some("b"), 2, Some(1.0)), (None, 1, Some(0.0))]);
    assert!(found.groups[0].interval.is_some() && found.groups[0].log_loss.is_some());
    assert_eq!(found.groups[1].macro_f1, None, "one gold label");
    let table = evaluate(&sandbox, &["rows.csv"]).exits(0);
    assert!(table.stdout.contains("resamples of 3 groups by outlet, seed 1"), "{table}");
    assert!(table.stdout.contains("(none)"), "{table}");

    sandbox.write("own.csv", six("publisher", |at| format!("p{}", at / 3)));
    assert_eq!(figures(&sandbox, &["own.csv"]).resampling.units, 6);
    assert_eq!(figures(&sandbox, &["own.csv", "--group-column", "publisher"]).resampling.units, 2);
}

#[test]
fn a_seed_decides_the_intervals_and_nothing_else_does() {
    let sandbox = Sandbox::with_model();
    sandbox.write("rows.csv", labelled_csv(60).replacen(",for,", ",neutral,", 8));
    let one = evaluate(&sandbox, &["rows.csv", "--format", "json", "--jobs", "1"]).exits(0).stdout;
    assert_eq!(one, evaluate(&sandbox, &["rows.csv", "--format", "json", "--jobs", "3"]).exits(0).stdout);
    let other = figures(&sandbox, &["rows.csv", "--seed", "2"]);
    let one: Figures = serde_json::from_str(&one).unwrap();
    assert_ne!(one.intervals, other.intervals);
    assert_eq!(one.accuracy, other.accuracy);
}

#[test]
fn one_group_gives_figures_without_intervals_and_as_many_groups_as_rows_those_of_rows() {
    let sandbox = Sandbox::with_model();
    sandbox.write("one.csv", six("source", |_| "only".to_owned()));
    let one = figures(&sandbox, &["one.csv"]);
    assert_eq!((one.accuracy, one.intervals.accuracy), (Some(4.0 / 6.0), None));
    evaluate(&sandbox, &["one.csv"]).exits(0).says("all rows are in one group, so there are no intervals");
    sandbox.write("each.csv", six("source", |at| format!("s{at}")));
    sandbox.write("rows.csv", six("note", |_| String::new()));
    let (each, rows) = (figures(&sandbox, &["each.csv"]), figures(&sandbox, &["rows.csv"]));
    assert_eq!(each.intervals, rows.intervals);
    evaluate(&sandbox, &["each.csv"]).exits(0).says("6 groups are few");
    evaluate(&sandbox, &["rows.csv"]).exits(0).says("rows that belong together are treated as independent");
    assert_eq!(evaluate(&sandbox, &["rows.csv", "--quiet"]).exits(0).stderr, "");
    assert_eq!(each.groups.len(), 6);
}

#[test]
fn the_largest_and_the_worst_of_many_groups_are_shown() {
    let sandbox = Sandbox::with_model();
    let mut csv = String::from("label,source,text\n");
    for group in 0..30 {
        for row in 0..3 {
            let label = if group == 29 { "neutral" } else { "for" };
            csv.push_str(&format!("{label},\"g{group}\",{FOR} {row}\n"));
        }
    }
    sandbox.write("rows.csv", csv);
    let table = evaluate(&sandbox, &["rows.csv"]).exits(0);
    let (largest, worst) =
        table.stdout.split_once("Worst groups below the mean").unwrap_or_else(|| panic!("{table}"));
    assert!(largest.contains("Largest 20 of 30 groups") && !largest.contains("g29"), "{table}");
    assert!(worst.lines().nth(2).unwrap().starts_with("g29"), "{table}");
    assert!(worst.matches("\ng").count() == 1, "groups that are all right are not among the worst: {table}");
    assert_eq!(figures(&sandbox, &["rows.csv"]).groups.len(), 30);
}

#[test]
fn dates_make_a_table_and_those_that_cannot_be_read_are_counted() {
    let sandbox = Sandbox::with_model();
    let dates = ["2024-05-17", "17.05.2024", "\"Sat, 1 Jun 2024 10:00:00 GMT\"", "05/06/2024", "", "soon"];
    sandbox.write("rows.csv", six("date", |at| dates[at].to_owned()));
    let found = figures(&sandbox, &["rows.csv"]).dates.unwrap();
    assert_eq!((found.period.as_str(), found.missing, found.unreadable), ("month", 1, 2));
    let parts: Vec<(&str, u64, Option<f64>)> =
        found.parts.iter().map(|part| (part.date.as_str(), part.rows, part.accuracy)).collect();
    assert_eq!(parts, [("2024-05", 2, Some(1.0)), ("2024-06", 1, Some(0.0))]);
    is_near(found.parts[0].interval, WILSON_2_OF_2);
    is_near(found.parts[1].interval, (0.0, 0.793_451));
    assert!(found.parts[0].macro_f1.is_none() && found.parts[0].log_loss.is_some());
    let table = evaluate(&sandbox, &["rows.csv"]).exits(0);
    assert!(table.stdout.contains("By month") && table.stdout.contains("2024-06"), "{table}");
    assert!(table.stdout.contains("1 rows without a date, 2 with an unreadable or ambiguous one"), "{table}");

    sandbox.write("years.csv", six("published", |at| format!("{}", 2019 + at)));
    assert!(figures(&sandbox, &["years.csv"]).dates.is_none());
    let found = figures(&sandbox, &["years.csv", "--date-column", "published"]).dates.unwrap();
    assert_eq!((found.period.as_str(), found.parts.len(), found.missing), ("year", 6, 0));
    sandbox.write("none.csv", six("date", |_| "yesterday".to_owned()));
    assert_eq!(figures(&sandbox, &["none.csv"]).dates.unwrap().unreadable, 6);
    evaluate(&sandbox, &["none.csv"]).exits(0).prints("6 with an unreadable or ambiguous one");
}

#[test]
fn one_label_in_all_rows_leaves_the_correlation_undefined() {
    let sandbox = Sandbox::with_model();
    sandbox.write("rows.csv", format!("label,text\nfor,{FOR}\nfor,{FOR} today\n"));
    let found = figures(&sandbox, &["rows.csv"]);
    assert_eq!((found.accuracy, found.mcc, found.macro_f1), (Some(1.0), None, None));
    evaluate(&sandbox, &["rows.csv"]).exits(0);
}

/// Wilson's intervals of shares of few rows.
const WILSON_2_OF_2: (f64, f64) = (0.342_380, 1.0);
const WILSON_2_OF_3: (f64, f64) = (0.207_660, 0.938_508);

#[track_caller]
fn is_near(interval: Ends, expected: (f64, f64)) {
    let (low, high) = interval.expect("an interval");
    assert!(
        (low - expected.0).abs() < 1e-6 && (high - expected.1).abs() < 1e-6,
        "{interval:?} is not {expected:?}"
    );
}

#[test]
fn rows_that_all_agree_claim_no_certainty() {
    let sandbox = Sandbox::with_model();
    sandbox.write(
        "rows.csv",
        format!("label,outlet,date,text\nfor,a,2024-05-01,{FOR}\nagainst,b,2024-05-02,{AGAINST}\n"),
    );
    let found = figures(&sandbox, &["rows.csv"]);
    assert_eq!((found.accuracy, found.macro_f1), (Some(1.0), Some(1.0)));
    assert!((found.mcc.unwrap() - 1.0).abs() < 1e-12);
    let Intervals { accuracy, macro_f1, mcc, coverage, .. } = found.intervals;
    assert_eq!([accuracy, macro_f1, mcc, coverage], [None; 4]);
    is_near(found.dates.unwrap().parts[0].interval, WILSON_2_OF_2);
    let shown = evaluate(&sandbox, &["rows.csv", "--report", "page.html"]).exits(0).stdout;
    let accuracy = shown.lines().find(|line| line.starts_with("accuracy")).unwrap();
    assert_eq!(accuracy.split_whitespace().collect::<Vec<_>>(), ["accuracy", "1.000", "-"]);
    let page = page(&sandbox);
    for certain in ["1.000 to 1.000", "[1.000, 1.000]", "100–100"] {
        assert!(!shown.contains(certain) && !page.contains(certain), "{certain} of two rows: {shown}");
    }
    assert!(page.contains("<h1>2 of 2\u{a0}rows got their gold label; macro-F1 is 1.00</h1>"), "{page}");
    sandbox.write("ten.csv", labelled_csv(10));
    evaluate(&sandbox, &["ten.csv", "--report", "page.html"]).exits(0);
    let page = self::page(&sandbox);
    let headline = page.split_once("<h1>").unwrap().1.split_once("</h1>").unwrap().0;
    assert!(headline.contains('%') && headline.contains(" of 10\u{a0}rows got their"), "{headline}");
}

#[test]
fn the_terminal_the_page_and_json_have_the_same_intervals() {
    let sandbox = Sandbox::with_model();
    let csv = six("outlet", |at| ["a", "b"][at / 3].to_owned());
    let dated = csv.lines().skip(1).enumerate().map(|(at, line)| format!("{line},2024-0{}\n", 1 + at % 2));
    sandbox.write("rows.csv", format!("label,text,outlet,date\n{}", dated.collect::<String>()));
    let found = figures(&sandbox, &["rows.csv"]);
    let shown = evaluate(&sandbox, &["rows.csv", "--report", "page.html"]).exits(0).stdout;
    let page = page(&sandbox);
    let shares = [
        (found.labels[0].precision, found.labels[0].intervals.precision),
        (found.labels[1].recall, found.labels[1].intervals.recall),
        (found.groups[0].accuracy, found.groups[0].interval),
        (found.dates.as_ref().unwrap().parts[0].accuracy, found.dates.as_ref().unwrap().parts[0].interval),
    ];
    for (value, interval) in shares {
        assert_eq!(value, Some(2.0 / 3.0));
        is_near(interval, WILSON_2_OF_3);
    }
    // Precision and recall of two labels, two groups, two months.
    assert_eq!(shown.matches("0.667 [0.208, 0.939]").count(), 8, "{shown}");
    let figures = page.split_once("id=\"confidence\"").unwrap().0;
    let parts = page.split_once("id=\"parts\"").unwrap().1;
    for section in [figures, parts] {
        let cell = "0.667 <span class=\"ends\">0.208 to 0.939</span>";
        assert_eq!(section.matches(cell).count(), 4, "{section}");
    }
    assert_eq!(shown.matches('[').count(), 8, "one method in each table: {shown}");
    let unwrapped = shown.replace('\n', " ");
    assert!(unwrapped.contains("those by label, group and date are Wilson's"), "{shown}");
    assert!(page.contains("Intervals by label, group and date are Wilson’s"), "{page}");
}

#[test]
fn macro_f1_of_one_gold_label_is_not_shown() {
    let sandbox = Sandbox::with_model();
    let rows =
        [("for", FOR, "both,2024-01"), ("against", AGAINST, "both,2024-01"), ("for", FOR, "one,2024-02")];
    let csv = |rows: &[(&str, &str, &str)]| {
        let lines = rows.iter().map(|(label, text, more)| format!("{label},{text},{more}\n"));
        format!("label,text,outlet,date\n{}", lines.collect::<String>())
    };
    sandbox.write("rows.csv", csv(&rows));
    sandbox.write("one.csv", csv(&rows[2..]));
    let found = figures(&sandbox, &["rows.csv"]);
    let dates = found.dates.unwrap();
    assert_eq!([found.groups[0].macro_f1, dates.parts[0].macro_f1], [Some(1.0); 2]);
    assert_eq!([found.groups[1].macro_f1, dates.parts[1].macro_f1], [None; 2]);
    let shown = evaluate(&sandbox, &["rows.csv", "--report", "page.html"]).exits(0).stdout;
    for (name, macro_f1) in [("both", "1.000"), ("one", "-"), ("2024-01", "1.000"), ("2024-02", "-")] {
        let line = shown.lines().find(|line| line.split_whitespace().next() == Some(name)).unwrap();
        assert_eq!(line.split_whitespace().rev().nth(1), Some(macro_f1), "{shown}");
    }
    assert!(page(&sandbox).contains("gold label; macro-F1 is 1.00</h1>"));

    let one = figures(&sandbox, &["one.csv"]);
    assert_eq!((one.accuracy, one.macro_f1, one.intervals.macro_f1), (Some(1.0), None, None));
    let shown = evaluate(&sandbox, &["one.csv", "--report", "page.html"]).exits(0).stdout;
    let line = shown.lines().find(|line| line.starts_with("macro-F1")).unwrap();
    assert_eq!(line.split_whitespace().collect::<Vec<_>>(), ["macro-F1", "-", "-"]);
    let page = page(&sandbox);
    assert!(page.contains("got their gold label</h1>") && !page.contains("macro-F1 is"), "{page}");
}

#[test]
fn error_against_coverage_begins_at_ten_rows_everywhere() {
    let sandbox = Sandbox::with_model();
    sandbox.write("nine.csv", labelled_csv(9));
    let found = figures(&sandbox, &["nine.csv"]);
    assert!(found.error_by_coverage.points.is_empty() && found.error_by_coverage.area.is_some());
    let shown = evaluate(&sandbox, &["nine.csv", "--report", "page.html"]).exits(0).stdout;
    assert!(!shown.contains("answered, surest") && !shown.contains("area under the curve"), "{shown}");
    let page = || String::from_utf8(sandbox.read("page.html")).unwrap();
    crate::report::well_formed(&page());
    assert!(!page().contains("coverage-chart") && !page().contains("Error against coverage"));

    sandbox.write("rows.csv", labelled_csv(40));
    let found = figures(&sandbox, &["rows.csv"]);
    let least = found.error_by_coverage.points.iter().map(|point| point.coverage).fold(1.0, f64::min);
    assert!((0.25..0.35).contains(&least), "{:?}", found.error_by_coverage);
    let shown = evaluate(&sandbox, &["rows.csv", "--report", "page.html"]).exits(0).stdout;
    let percent = |line: &str| line.trim_start().split(' ').next().unwrap().parse::<u32>().unwrap();
    let table = shown.split_once("answered, surest").unwrap().1.split_once("area under").unwrap().0;
    let on_screen: Vec<u32> = table.lines().skip(1).filter(|line| !line.is_empty()).map(percent).collect();
    assert!(on_screen.len() > 1 && on_screen.iter().all(|percent| *percent >= 25), "{shown}");
    let page = page();
    assert!(page.contains("id=\"coverage-chart-title\""));
    let table =
        page.split_once("<caption>Error against coverage").unwrap().1.split_once("</table>").unwrap().0;
    let on_page: Vec<u32> = table.split("<th scope=\"row\">").skip(1).map(percent).collect();
    assert!(on_page.len() > 1 && on_page.iter().all(|percent| *percent >= 25), "{table}");
}

#[test]
fn two_hundred_labels_are_evaluated() {
    let sandbox = Sandbox::new();
    let mut csv = String::from("label,text\n");
    for row in 0..600 {
        csv.push_str(&format!("c{:03},word{} and word{}\n", row % 200, row % 200, (row + 1) % 200));
    }
    sandbox.write("rows.csv", csv);
    let train = ["train", "rows.csv", "--output", "model.safetensors", "--folds", "0", "--quiet"];
    sandbox.run(&train).exits(0);
    let found = figures(&sandbox, &["rows.csv"]);
    assert_eq!((found.rows, found.labels.len(), found.confusion.len()), (600, 200, 200));
    let right: u64 = (0..200).map(|class| found.confusion[class][class]).sum();
    assert_eq!(found.accuracy, Some(right as f64 / 600.0));
    evaluate(&sandbox, &["rows.csv"]).exits(0).prints("c199");
}

#[test]
fn rows_of_any_kind_cost_themselves_and_nothing_else() {
    let sandbox = Sandbox::with_model();
    let good = format!("{{\"label\":\"for\",\"text\":\"{FOR}\"}}\n");
    let junk = [
        "{\"label\":\"for\",\"text\":7}",
        "{\"label\":\" \",\"text\":\"must defend\"}",
        "{\"label\":null,\"text\":\"must defend\"}",
        "{\"label\":\"for\",\"text\":\"\\ud800\"}",
        "{\"label\":\"for\",\"text\":\"must defend\",\"weight\":true}",
        "{\"label\":\"for\",\"text\":\"must defend\",\"weight\":\"1e308\"}",
        "{\"label\":\"for\",\"text\":\" \"}",
        "[1]",
        "\"x\"",
        "{",
    ];
    let odd = [
        "{\"label\":\"for\",\"text\":\"must defend\",\"weight\":1e38,\"date\":20240517,\"source\":[1,2]}",
        "{\"label\":\"for\",\"text\":\"must defend\",\"weight\":1e-300,\"date\":{\"a\":1},\"source\":{\"x\":null}}",
        "{\"label\":\"for\",\"text\":\"must \\u0000 defend\",\"weight\":0,\"date\":\"9999-99-99\",\"source\":\"\\u202e\\u0000\"}",
    ];
    sandbox.write("rows.jsonl", format!("{good}{}\n{}\n", junk.join("\n"), odd.join("\n")));
    let ran = evaluate(&sandbox, &["rows.jsonl", "--format", "json", "--report", "page.html"]).exits(3);
    let found: Figures = serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}\n{ran}"));
    // A null is a missing label, and leaves its row out.
    assert_eq!((found.rows, found.skipped), (4, 9), "{ran}");
    assert_eq!(found.groups.len(), 4);
    let table = evaluate(&sandbox, &["rows.jsonl"]).exits(3);
    assert!(!table.stdout.contains(['\0', '\u{202e}']), "{table}");
}

#[test]
fn rows_and_groups_of_the_training_are_warned_of() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(120));
    let train = ["train", "rows.csv", "--output", "model.safetensors", "--no-splits", "--quiet"];
    let more = ["--save-corpus", "rows.corpus", "--no-text-hashes"];
    sandbox.run(&[&train[..], &more].concat()).exits(0);
    let all = evaluate(&sandbox, &["rows.csv", "--report", "page.html"]).exits(0);
    let same = "these are the rows that the model was trained on";
    assert!(all.stderr.contains(same) && page(&sandbox).contains(same), "{all}");
    assert_eq!(evaluate(&sandbox, &["rows.csv", "--quiet"]).exits(0).stderr, "");

    // Of some rows, and of other texts of the same groups, the model file cannot tell.
    let csv = labelled_csv(120);
    let some: Vec<&str> = csv.lines().take(41).collect();
    sandbox.write("some.csv", some.join("\n"));
    let other = format!("{} yesterday\n", some.join(" yesterday\n")).replacen(" yesterday", "", 1);
    sandbox.write("other.csv", other.replace(",g1,", ",new,"));
    let unknown = evaluate(&sandbox, &["some.csv", "--report", "page.html"]).exits(0);
    assert!(!unknown.stderr.contains("trained on"), "{unknown}");
    assert!(
        page(&sandbox).contains(
            "Rows of the training: The model records only a hash of its training data. It cannot tell whether"
        ),
        "{}",
        page(&sandbox)
    );
    for training in ["rows.csv", "rows.corpus"] {
        let args = ["some.csv", "--training-rows", training, "--report", "page.html", "--format", "json"];
        let seen = evaluate(&sandbox, &args).exits(0);
        let seen = seen.says("the model was trained on the text of all 40 rows");
        let seen = seen.says(
            "all 40 rows come from groups in the model's training data (g0, g1, g10, g11, g12 and 15 more)",
        );
        assert_eq!(
            (&seen.json()[0]["seen"]["texts"], &seen.json()[0]["seen"]["rows"]),
            (&40.into(), &40.into())
        );
        assert!(page(&sandbox).contains("trained on the text of all 40 rows. These figures are too good: "));
        assert!(page(&sandbox).contains("nothing about new texts. All 40 rows come from groups in"));
        let others = evaluate(&sandbox, &["other.csv", "--training-rows", training]).exits(0);
        assert!(!others.stderr.contains("trained on the text"), "{others}");
        others.says("38 of 40 rows come from groups in the model's training data");
    }
    sandbox.write("new.csv", other.replace(",g", ",new"));
    let args = ["new.csv", "--training-rows", "rows.csv", "--report", "page.html"];
    let unseen = evaluate(&sandbox, &args).exits(0);
    assert!(!unseen.stderr.contains("trained on") && !unseen.stderr.contains("training data"), "{unseen}");
    assert!(page(&sandbox).contains("No text or group of these rows is among 120 rows"));
}

#[test]
fn a_model_knows_the_rows_that_it_was_trained_on() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(120));
    let train = ["train", "rows.csv", "--output", "model.safetensors", "--no-splits", "--quiet"];
    sandbox.run(&train).exits(0);
    let csv = labelled_csv(120);
    let some: Vec<&str> = csv.lines().take(41).collect();
    sandbox.write("some.csv", some.join("\n"));
    let seen = evaluate(&sandbox, &["some.csv", "--report", "page.html"]).exits(0);
    let seen = seen.says("the model was trained on the text of all 40 rows");
    seen.says("all 40 rows come from groups in the model's training data (g0, g1, ");
    assert!(page(&sandbox).contains("trained on the text of all 40 rows. These figures are too good: "));
    sandbox.write("new.csv", some.join(" yesterday\n").replace(",g", ",new"));
    let unseen = evaluate(&sandbox, &["new.csv", "--report", "page.html"]).exits(0);
    assert!(!unseen.stderr.contains("trained on") && !unseen.stderr.contains("training data"), "{unseen}");
    assert!(page(&sandbox).contains("No text or group of these rows is among "), "{}", page(&sandbox));
    let card = sandbox.run(&["inspect", "model.safetensors"]).exits(0);
    assert!(card.stdout.contains("texts and 60 groups, by which"), "{card}");
    // The same rows make the same file, with hashes or without.
    let first = sandbox.read("model.safetensors");
    sandbox.run(&train).exits(0);
    assert!(sandbox.read("model.safetensors") == first);
    sandbox.run(&[&train[..], &["--no-text-hashes"]].concat()).exits(0);
    assert!(sandbox.read("model.safetensors").len() < first.len());
    assert!(!sandbox.run(&["inspect", "model.safetensors"]).exits(0).stdout.contains("hashes  "));
}

fn page(sandbox: &Sandbox) -> String {
    String::from_utf8(sandbox.read("page.html")).unwrap()
}
