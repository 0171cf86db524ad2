//! `standpoint agreement`, as its users run it.

use crate::harness::{Finished, Sandbox};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Figures {
    schema: u32,
    coders: Vec<String>,
    rows: u64,
    skipped: u64,
    unanimous: u64,
    agreement: Option<f64>,
    agreement_interval: Option<[f64; 2]>,
    alpha: Option<f64>,
    alpha_interval: Option<[f64; 2]>,
    labels: Vec<OfLabel>,
    pairs: Vec<OfPair>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfLabel {
    label: String,
    codings: u64,
    agreement: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfPair {
    coders: [String; 2],
    rows: u64,
    agreement: Option<f64>,
    agreement_interval: Option<[f64; 2]>,
    kappa: Option<f64>,
    kappa_interval: Option<[f64; 2]>,
    confusion: Vec<Vec<u64>>,
}

/// Krippendorff's example of four observers with missing codings ("Computing Krippendorff's
/// Alpha-Reliability", 2011, C).
const FOUR: [&str; 4] = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."];

fn four_coders() -> String {
    let cell = |coder: usize, row: usize| FOUR[coder][row..=row].replace('.', "");
    let row = |row: usize| {
        format!("u{row},text {row},{},{},{},{}\n", cell(0, row), cell(1, row), cell(2, row), cell(3, row))
    };
    format!("id,text,a,b,c,d\n{}", (0..12).map(row).collect::<String>())
}

fn agreement(sandbox: &Sandbox, args: &[&str]) -> Finished {
    sandbox.run(&[&["agreement"], args].concat())
}

fn figures(sandbox: &Sandbox, args: &[&str]) -> Figures {
    let ran = agreement(sandbox, &[args, &["--format", "json"]].concat()).exits(0);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}\n{ran}"))
}

#[test]
fn four_coders_with_blank_cells_have_the_alpha_of_the_literature() {
    let sandbox = Sandbox::new();
    sandbox.write("coded.csv", four_coders());
    let found = figures(&sandbox, &["coded.csv", "--columns", "a,b,c,d"]);
    assert!((found.alpha.unwrap() - 0.743).abs() < 5e-4, "{found:?}");
    let [low, high] = found.alpha_interval.unwrap();
    assert!(low < 0.743 && 0.743 < high && high <= 1.0, "{found:?}");
    assert_eq!((found.schema, found.rows, found.skipped, found.pairs.len()), (1, 11, 0, 6));
    assert_eq!(found.coders, ["a", "b", "c", "d"]);
    // Units 2, 6 and 8 are not coded alike; unit 12 was coded once.
    assert_eq!(found.unanimous, 8, "{found:?}");
    let codings: Vec<(&str, u64)> =
        found.labels.iter().map(|label| (label.label.as_str(), label.codings)).collect();
    assert_eq!(codings, [("1", 9), ("2", 13), ("3", 10), ("4", 5), ("5", 3)]);
    assert!(found.labels.iter().all(|label| label.agreement.is_some_and(|share| share > 0.5)));
}

#[test]
fn two_coders_have_the_kappa_and_alpha_that_are_computed_by_hand() {
    let sandbox = Sandbox::new();
    let mut rows = String::from("id,text,coder_a,coder_b\n");
    // Cohen's layout: 140 of 200 on the diagonal, 82 expected there, so that kappa is 58 / 118.
    let table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]];
    let mut number = 0;
    for (first, row) in ["x", "y", "z"].iter().zip(table) {
        for (second, count) in ["x", "y", "z"].iter().zip(row) {
            for _ in 0..count {
                rows.push_str(&format!("r{number},text {number},{first},{second}\n"));
                number += 1;
            }
        }
    }
    sandbox.write("coded.csv", &rows);
    let found = figures(&sandbox, &["coded.csv", "--columns", "coder_a,coder_b"]);
    let [pair] = &found.pairs[..] else { panic!("{found:?}") };
    assert!((pair.kappa.unwrap() - 58.0 / 118.0).abs() < 1e-12, "{pair:?}");
    assert_eq!((pair.rows, pair.agreement, found.agreement), (200, Some(0.7), Some(0.7)));
    assert_eq!(pair.coders, ["coder_a", "coder_b"]);
    assert_eq!(pair.confusion, table.map(|row| row.to_vec()));
    let [low, high] = pair.agreement_interval.unwrap();
    // By the normal approximation 0.636 to 0.764.
    assert!((low - 0.636).abs() < 0.015 && (high - 0.764).abs() < 0.015, "{pair:?}");
    assert_eq!(pair.agreement_interval, found.agreement_interval);
    let [low, high] = pair.kappa_interval.unwrap();
    assert!(low < 0.4915 && 0.4916 < high, "{pair:?}");
    // x 220 (88 + 14 + 18 + 88 + 10 + 2), of which 2 x 88 met another x.
    assert_eq!(found.labels[0].codings, 220);
    assert_eq!(found.labels[0].agreement, Some(176.0 / 220.0));
}

#[test]
fn the_table_shows_figures_and_the_file_has_every_disagreement() {
    let sandbox = Sandbox::new();
    let mut rows = String::from("id,text,a,b\n");
    for number in 0..30 {
        let label = if number % 2 == 0 { "against" } else { "for" };
        rows.push_str(&format!("r{number},=text {number},for,{label}\n"));
    }
    sandbox.write("coded.csv", rows);
    let ran = agreement(&sandbox, &["coded.csv", "--columns", "a,b"]).exits(0);
    for expected in [
        "2 coders; 30 rows coded by two or more, 15 of them unanimous",
        "Krippendorff's alpha  -0.3",
        "a and b: 30 rows",
        "Cohen's kappa  0.000",
        "the first 10 of 15 disagreements",
        "id   a    b        text\nr0   for  against  =text 0\nr2 ",
        "--output FILE.csv writes all",
    ] {
        assert!(ran.stdout.contains(expected), "{expected}\n{ran}");
    }
    agreement(&sandbox, &["coded.csv", "--columns", "a,b", "--output", "d.csv", "--excel"]).exits(0);
    let written = String::from_utf8(sandbox.read("d.csv")).unwrap();
    assert!(written.starts_with("\u{feff}id,text,a,b\nr0,'=text 0,for,against\nr2,"), "{written}");
    assert_eq!(written.lines().count(), 16);
}

#[test]
fn figures_are_the_same_in_every_run_and_intervals_follow_the_seed() {
    let sandbox = Sandbox::new();
    sandbox.write("coded.csv", four_coders());
    let run = |seed: &str| {
        let args = ["coded.csv", "--columns", "a,b,c,d", "--format", "json", "--seed", seed];
        agreement(&sandbox, &args).exits(0).stdout
    };
    assert_eq!(run("1"), run("1"));
    assert_ne!(run("1"), run("2"));
}

#[test]
fn one_label_only_is_undefined_and_not_perfect() {
    let sandbox = Sandbox::new();
    sandbox.write("coded.jsonl", "{\"text\":\"x\",\"a\":\"for\",\"b\":\"for\"}\n".repeat(5));
    let found = figures(&sandbox, &["coded.jsonl", "--columns", "a,b"]);
    assert_eq!((found.alpha, found.alpha_interval, found.agreement), (None, None, Some(1.0)));
    assert_eq!((found.pairs[0].kappa, found.pairs[0].kappa_interval), (None, None));
    agreement(&sandbox, &["coded.jsonl", "--columns", "a,b"]).exits(0).prints("Krippendorff's alpha  -\n");
}

#[test]
fn labels_that_differ_in_capitals_are_told_and_not_merged() {
    let sandbox = Sandbox::new();
    sandbox.write("coded.csv", "text,a,b\nx,For,for\ny,for,for \nz,against,against\n");
    let found = figures(&sandbox, &["coded.csv", "--columns", "a,b"]);
    assert_eq!(found.labels.len(), 4);
    agreement(&sandbox, &["coded.csv", "--columns", "a,b"])
        .exits(0)
        .says("\"For\" and \"for\" and \"for \" differ only in spelling");
    let quiet = agreement(&sandbox, &["coded.csv", "--columns", "a,b", "--quiet"]).exits(0);
    assert_eq!(quiet.stderr, "");
}

#[test]
fn spellings_lists_and_doubtful_blanks_are_told() {
    let sandbox = Sandbox::new();
    sandbox.write("coded.csv", "text,a,b\nx,\"2,0\",2\ny,tax;farm,na\nz,tax,farm\n");
    agreement(&sandbox, &["coded.csv", "--columns", "a,b"])
        .exits(0)
        .says("\"2\" and \"2,0\" differ only in spelling")
        .says("cells such as \"tax;farm\" hold several labels")
        .says("`na` in column `b` counts as a label, in 1 row; name it in --missing");
    sandbox.write("coded.jsonl", "{\"text\": \"x\", \"a\": {\"choice\": \"for\"}, \"b\": \"for\"}\n");
    agreement(&sandbox, &["coded.jsonl", "--columns", "a,b"]).exits(1).says("--columns a.choice");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("coded.csv", "text,a,b,c\nx,for,,\ny,,for,\n");
    agreement(&sandbox, &["coded.csv", "--columns", "a"]).exits(2).says("two or more columns");
    agreement(&sandbox, &["coded.csv", "--columns", "a,a"]).exits(2).says("names `a` twice");
    agreement(&sandbox, &["coded.csv"]).exits(2).says("--columns");
    agreement(&sandbox, &["coded.csv", "--columns", "a,bb"])
        .exits(1)
        .says("no column `bb`")
        .says("did you mean `b`");
    agreement(&sandbox, &["coded.csv", "--columns", "a,c"])
        .exits(1)
        .says("column `c` is blank in all 2 rows");
    agreement(&sandbox, &["coded.csv", "--columns", "a,b"]).exits(1).says("has labels of two coders");
    sandbox.write("empty.csv", "text,a,b\n");
    agreement(&sandbox, &["empty.csv", "--columns", "a,b"]).exits(1).says("no row was read");
    agreement(&sandbox, &["none.csv", "--columns", "a,b"]).exits(1).says("none.csv");
    let ran = agreement(&sandbox, &["coded.csv", "--columns", "a,b", "--output", "coded.csv"]);
    ran.exits(2).says("would be overwritten");
    assert!(String::from_utf8(sandbox.read("coded.csv")).unwrap().contains("for"));
}

#[test]
fn hostile_rows_cost_themselves_and_nothing_is_left_of_a_failed_run() {
    let sandbox = Sandbox::new();
    let mut bytes = b"text,a,b\nx,for,for\ny,for\nz\0,for,for\n".to_vec();
    bytes.extend_from_slice(b"w\xff\xfe,ag\x1b[31m,for\n");
    sandbox.write("coded.csv", bytes);
    let ran = agreement(&sandbox, &["coded.csv", "--columns", "a,b", "--encoding", "utf-8"]).exits(3);
    assert!(!ran.stdout.contains('\u{1b}') && !ran.stderr.contains('\u{1b}'), "{ran:?}", ran = ran.stdout);
    ran.says("coded.csv, line 3").prints("2 rows coded by two or more, 1 of them unanimous");
    agreement(&sandbox, &["coded.csv", "--columns", "a,c", "--output", "out.csv"]).exits(1);
    assert_eq!(sandbox.names(), ["coded.csv"]);
}
