//! `standpoint suggest`, as its users run it.

use std::collections::{BTreeMap, HashSet};

use crate::harness::{self, Finished, Sandbox, labelled_csv, rows};
use standpoint::train::{TrainParams, train};
use standpoint::{Classifier, Threads};

fn suggest(sandbox: &Sandbox, args: &[&str]) -> Finished {
    sandbox.run(&[&["suggest", "--model", "model.safetensors"], args].concat())
}

/// The rows of a CSV by its header.
fn records(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// Texts that the small model has not seen, as CSV with the columns id, article, label, text.
fn pool(sandbox: &Sandbox, count: usize) {
    sandbox.write("pool.csv", labelled_csv(count + 120).replace("label,text", "gold,text"));
}

fn entropy(probabilities: &[f64]) -> f64 {
    probabilities.iter().map(|p| -p * p.ln()).sum()
}

#[test]
fn the_least_certain_texts_are_picked_and_no_label_is_told() {
    let sandbox = Sandbox::with_model();
    pool(&sandbox, 200);
    let ran = suggest(&sandbox, &["pool.csv", "-n", "12"]).exits(0).says("320 texts read; 12 picked");
    let header = ran.stdout.lines().next().unwrap();
    assert_eq!(header, "id,text,label,path,record,why");
    let picks = records(&ran.stdout);
    let classifier = harness::small_classifier();
    let unsure = |text: &str| entropy(classifier.worker().score_unit(text).probabilities());
    let mut all: Vec<f64> = rows(320).iter().map(|row| unsure(&row.text)).collect();
    all.sort_by(f64::total_cmp);
    let found: Vec<f64> = picks.iter().map(|pick| unsure(&pick["text"])).collect();
    assert_eq!(found, all.iter().rev().take(12).copied().collect::<Vec<_>>(), "{ran}");
    for pick in &picks {
        assert_eq!(
            (pick["label"].as_str(), pick["path"].as_str(), pick["why"].as_str()),
            ("", "pool.csv", "uncertain")
        );
        let number: usize = pick["id"].trim_start_matches('r').parse().unwrap();
        assert_eq!(pick["record"], (number + 1).to_string());
        assert_eq!(pick["text"], rows(320)[number].text);
    }
}

#[test]
fn rare_labels_get_their_share() {
    let sandbox = Sandbox::new();
    // Of 60 rows `for` keeps 6 of 20.
    let mut few = rows(60);
    let mut kept = 0;
    few.retain(|row| {
        row.label != "for" || {
            kept += 1;
            kept <= 6
        }
    });
    let model = train(few, TrainParams::default(), &Threads::new(1).unwrap()).unwrap().0;
    sandbox.write("model.safetensors", model.to_bytes().unwrap());
    pool(&sandbox, 200);
    let ran =
        suggest(&sandbox, &["pool.csv", "-n", "20", "--rare-share", "0.25", "--output", "next.csv"]).exits(0);
    assert_eq!(ran.stdout, "");
    let picks = records(&String::from_utf8(sandbox.read("next.csv")).unwrap());
    let why: Vec<&str> = picks.iter().map(|pick| pick["why"].as_str()).collect();
    assert_eq!(why[..5], ["rare:for"; 5], "{why:?}");
    assert_eq!(why[5..], ["uncertain"; 15], "{why:?}");
    let classifier = Classifier::new(model).unwrap();
    let of_for = |text: &str| classifier.worker().score_unit(text).probabilities()[1];
    let most = rows(320).iter().map(|row| of_for(&row.text)).fold(0.0, f64::max);
    assert_eq!(of_for(&picks[0]["text"]), most);
    let distinct: HashSet<&str> = picks.iter().map(|pick| pick["text"].as_str()).collect();
    assert_eq!(distinct.len(), 20);
    let none = suggest(&sandbox, &["pool.csv", "-n", "20", "--rare-share", "0"]).exits(0);
    assert!(!none.stdout.contains("rare:"), "{none}");
}

#[test]
fn what_is_labelled_and_what_repeats_is_passed_over() {
    let sandbox = Sandbox::with_model();
    let rows = rows(40);
    let twice: String = rows.iter().chain(&rows).map(|row| format!("{}\n", row.text)).collect();
    sandbox.write("pool.csv", format!("text\n{twice}"));
    let labelled: String =
        rows[..15].iter().map(|row| format!("{},{}\n", row.label, row.text.to_uppercase())).collect();
    sandbox.write("labeled.csv", format!("label,text\n{labelled}"));
    let ran = suggest(&sandbox, &["pool.csv", "-n", "60", "--labelled", "labeled.csv"])
        .exits(0)
        .says("80 texts read, 30 already labeled")
        .says("; 25 picked")
        .says("only 25 distinct texts to suggest");
    let found: HashSet<String> =
        records(&ran.stdout).into_iter().map(|mut pick| pick.remove("text").unwrap()).collect();
    assert_eq!(found, rows[15..].iter().map(|row| row.text.clone()).collect(), "{ran}");
}

#[test]
fn what_the_model_cannot_read_is_not_worth_a_label() {
    let sandbox = Sandbox::with_model();
    sandbox.write(
        "pool.csv",
        "text\nmust defend\nqq ww ee rr tt yy\n\"\"\nleaders of nato must defend ukraine today\n",
    );
    suggest(&sandbox, &["pool.csv"]).exits(0).says("4 texts read, 2 too-short, 1 nothing-known; 1 picked");
}

#[test]
fn a_record_is_one_text_and_is_never_cut() {
    let sandbox = Sandbox::with_model();
    let text = "Leaders must defend the guarantee.\n\nA costly pointless provocation.";
    sandbox.write("pool/a.txt", text);
    let ran = suggest(&sandbox, &["pool"]).exits(0);
    let picks = records(&ran.stdout);
    assert_eq!((picks.len(), picks[0]["text"].trim_end(), picks[0]["record"].as_str()), (1, text, ""));
}

#[test]
fn picks_are_the_same_in_every_run_on_any_number_of_threads() {
    let sandbox = Sandbox::with_model();
    pool(&sandbox, 1500);
    let run = |jobs: &str, seed: &str| {
        suggest(&sandbox, &["pool.csv", "-n", "30", "--jobs", jobs, "--seed", seed]).exits(0).stdout
    };
    assert_eq!(run("1", "1"), run("2", "1"));
    // Texts that differ in unknown words only are equally good: the seed says which comes first.
    sandbox.write(
        "pool.csv",
        "text\nmust defend the courage of ukraine qqq\nmust defend the courage of ukraine www\n",
    );
    let first = |seed: &str| {
        let ran = suggest(&sandbox, &["pool.csv", "-n", "1", "--seed", seed]).exits(0);
        records(&ran.stdout)[0]["text"].clone()
    };
    let firsts: HashSet<String> = (0..20).map(|seed| first(&seed.to_string())).collect();
    assert_eq!(firsts.len(), 2, "{firsts:?}");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let sandbox = Sandbox::with_model();
    pool(&sandbox, 10);
    suggest(&sandbox, &["pool.csv", "-n", "0"]).exits(2);
    suggest(&sandbox, &["pool.csv", "--rare-share", "1.5"]).exits(2).says("a share from 0 to 1");
    suggest(&sandbox, &["pool.csv", "--rare-share", "nan"]).exits(2);
    suggest(&sandbox, &["pool.csv", "--text-column", "txt"])
        .exits(1)
        .says("no column `txt`")
        .says("did you mean `text`");
    suggest(&sandbox, &["none.csv"]).exits(1).says("none.csv: cannot open");
    suggest(&sandbox, &["pool.csv", "--labelled", "none.csv"]).exits(1).says("none.csv: cannot open");
    suggest(&sandbox, &["pool.csv", "--output", "pool.csv"]).exits(2).says("would be overwritten");
    sandbox.write("empty.csv", "text\n");
    suggest(&sandbox, &["empty.csv", "--output", "next.csv"])
        .exits(1)
        .says("there is no text to suggest: 0 texts read");
    assert!(!sandbox.names().iter().any(|name| name.starts_with("next")), "{:?}", sandbox.names());
    sandbox.write("bad.safetensors", "no model");
    sandbox.run(&["suggest", "pool.csv", "--model", "bad.safetensors"]).exits(4);
}

#[test]
fn hostile_records_cost_themselves() {
    let sandbox = Sandbox::with_model();
    let mut bytes =
        b"text,x\n=must defend ukraine with courage \xff\x1b[31m,1\nzero \0 byte,2\nshort\n".to_vec();
    bytes.extend_from_slice("💥".repeat(50).as_bytes());
    bytes.extend_from_slice(b",3\n");
    sandbox.write("pool.csv", bytes);
    let ran =
        suggest(&sandbox, &["pool.csv", "--encoding", "utf-8", "--excel"]).exits(3).says("2 unreadable");
    assert!(!ran.stderr.contains('\u{1b}'), "{ran}");
    assert!(ran.stdout.contains("'=must defend"), "{ran}");
}
