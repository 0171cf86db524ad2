//! `standpoint robustness`, as its users run it.

use serde_json::Value;

use crate::harness::Sandbox;

const TEXTS: &str = "id,title,text\n\
    a,A day,\"Ministers met in Kiev.\n\nThe defence programme of the US, they said, \"\"is not what we wanted at all\"\".\"\n\
    b,,Nothing in this one changes\n\
    c,,The envoys travelled to Odessa — twice — and organised a guarantee.\n";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_model();
    sandbox.write("texts.csv", TEXTS);
    sandbox
}

fn report(sandbox: &Sandbox, args: &[&str]) -> Value {
    let args = [&["robustness", "texts.csv", "--format", "json", "--model"], args].concat();
    sandbox.run(&args).exits(0).json().remove(0)
}

#[test]
fn every_change_is_counted_where_it_changes_a_text() {
    let sandbox = sandbox();
    let found = report(&sandbox, &["model.safetensors"]);
    let texts = |name: &str| {
        let changes = found["changes"].as_array().unwrap();
        changes.iter().find(|change| change["change"] == name).unwrap()["texts"].as_u64().unwrap()
    };
    assert_eq!((&found["schema"], &found["texts"], &found["failed"]), (&1.into(), &3.into(), &0.into()));
    assert_eq!((texts("spelling-american"), texts("names-ukrainian"), texts("quotes-single")), (2, 2, 1));
    assert_eq!((texts("spelling-british"), texts("dashes-em"), texts("headline-added")), (0, 1, 1));
    let sum: u64 =
        found["changes"].as_array().unwrap().iter().map(|one| one["texts"].as_u64().unwrap()).sum();
    assert_eq!(found["all"]["texts"], sum);
}

#[test]
fn a_label_that_turns_is_listed_with_its_text() {
    let sandbox = Sandbox::new();
    let row = |n: usize| match n % 2 {
        0 => format!("{n},for,they organise a guarantee in Kiev on day {n}\n"),
        _ => format!("{n},against,they organize a folly in Kyiv on day {n}\n"),
    };
    sandbox.write("rows.csv", format!("id,label,text\n{}", (0..80).map(row).collect::<String>()));
    sandbox.write("texts.csv", "id,text\nx,They met in Kiev\ny,They met on day 5\n");
    for (style, flips) in [("keep", 1), ("unify", 0)] {
        let train =
            ["train", "rows.csv", "--output", "m.safetensors", "--folds", "2", "--house-style", style];
        sandbox.run(&train).exits(0);
        let found = report(&sandbox, &["m.safetensors", "--changes", "names-ukrainian"]);
        let change = &found["changes"][0];
        assert_eq!((&change["texts"], &found["all"]["flips"]), (&1.into(), &flips.into()), "{found}");
        assert_eq!((&found["measure"], &found["changes"][1]), (&"top-probability".into(), &Value::Null));
        if flips == 1 {
            assert_eq!(change["flipped"][0]["id"], "x");
            assert_eq!(
                (&change["flipped"][0]["from"], &change["flipped"][0]["to"]),
                (&"for".into(), &"against".into())
            );
            assert_eq!(change["moved_most"], "x");
        } else {
            assert_eq!(change["greatest_move"], 0.0, "{found}");
        }
    }
    let table = ["robustness", "texts.csv", "--model", "m.safetensors", "--changes", "names-ukrainian"];
    sandbox.run(&table).exits(0).prints("names-ukrainian").prints("No label flips.");
    sandbox.run(&["inspect", "m.safetensors"]).exits(0).prints("house style  unified");
}

#[test]
fn what_is_asked_wrongly_is_told() {
    let sandbox = sandbox();
    let run = |args: &[&str]| sandbox.run(&[&["robustness", "--model", "model.safetensors"], args].concat());
    run(&["texts.csv", "--changes", "spelling-martian"]).exits(2).says("spelling-british");
    run(&["texts.csv", "--changes", "dashes-em,dashes-em"])
        .exits(2)
        .says("--changes")
        .says("dashes-em twice");
    sandbox.write("empty.csv", "id,text\n");
    run(&["empty.csv"]).says("no text was read");
    let train =
        ["train", "texts.csv", "--output", "m.safetensors", "--language", "de", "--house-style", "unify"];
    sandbox.run(&train).exits(2).says("house styles are unified in English only; the language is de");
}

#[test]
fn the_answer_is_the_same_on_any_number_of_threads() {
    let sandbox = sandbox();
    let one = report(&sandbox, &["model.safetensors", "--jobs", "1"]);
    assert_eq!(report(&sandbox, &["model.safetensors", "--jobs", "2"]), one);
}
