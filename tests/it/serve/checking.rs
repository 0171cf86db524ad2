//! The blind sample, its evaluation, two coders and the table, over the page's own interface.

use serde_json::{Value, json};

use super::client::Served;
use super::labeling::{decide, own, sandbox, start};
use crate::harness::Sandbox;

fn scored(served: &Served) {
    served.wait_until_scored();
    served.post("/api/session", &json!({ "every": 0 })).expect(200);
}

fn train(served: &Served) -> Value {
    served.post("/api/train", &json!({ "from": "own" })).expect(202);
    let training = served.wait_for("/api/training", |training| training["state"] != "running");
    assert_eq!(training["state"], "idle", "{training}");
    training
}

#[test]
fn what_the_model_learned_before_the_draw_is_told_and_a_training_mends_it() {
    let sandbox = sandbox();
    let served = start(&sandbox);
    scored(&served);
    decide(&served, "random", 45, |_, item| own(item));
    let training = train(&served);
    assert_eq!(
        (&training["labels"], &training["fresh"], &training["held_back"]),
        (&45.into(), &0.into(), &0.into())
    );
    let sample = served.post("/api/check/sample", &json!({ "size": 40, "seed": 1 })).expect(200).json();
    let sample = &sample["sample"];
    let number = |of: &Value, name: &str| of[name].as_u64().unwrap();
    // Whatever was labeled before counts, in the order of the draw, and nothing is said to be
    // skipped.
    let before = number(sample, "coded") + number(sample, "later");
    assert!(before > 0 && number(sample, "skipped") + number(sample, "seen") == 0, "{sample}");
    assert_eq!(before + number(sample, "open"), 40, "{sample}");
    decide(&served, "sample", number(sample, "open") as usize, |_, item| own(item));
    let check = served.json("/api/check");
    assert_eq!(
        (number(&check["sample"], "coded"), number(&check["sample"], "learned")),
        (40, before),
        "{check}"
    );
    let refused = served.get("/api/export?what=evaluation");
    assert_eq!(refused.status, 422);
    let said = refused.json();
    assert!(said["error"].as_str().unwrap().contains(&format!("has learned {before} of the 40")), "{said}");
    assert!(
        said["error"].as_str().unwrap().to_lowercase().contains("retrain it without the sample"),
        "{said}"
    );

    let training = train(&served);
    assert_eq!(
        (number(&training, "held_back"), number(&training, "labels")),
        (40, 45 - before),
        "the sample is kept"
    );
    let check = served.json("/api/check");
    assert_eq!(check["sample"]["learned"], 0, "{check}");
    // What neither model has learned: 40 passages without those that the first one learned.
    let compare = &check["compare"];
    if 40 - before >= 20 {
        assert_eq!((&compare["basis"], number(compare, "rows")), (&"sample".into(), 40 - before), "{check}");
    } else {
        assert_eq!(compare["basis"], "held-out", "{check}");
    }
    let page = served.get("/api/export?what=evaluation").expect(200).text();
    assert!(page.contains("40\u{a0}rows") && page.contains("groups by"), "{page}");
    let is_right = page.contains("<h1>100\u{a0}%");
    assert_eq!(page.contains("Every row got its gold label"), is_right, "{page}");
}

#[test]
fn the_models_view_stays_hidden_until_the_sample_is_coded() {
    let sandbox = sandbox();
    let served = start(&sandbox);
    scored(&served);
    served.post("/api/check/sample", &json!({ "size": 3, "seed": 2 })).expect(200);
    let saved = decide(&served, "random", 1, |_, item| own(item));
    assert!(saved[0]["answer"]["top"].is_string(), "not of the sample: {saved:?}");
    let saved = decide(&served, "sample", 1, |_, item| own(item));
    assert!(saved[0]["answer"].is_null(), "{saved:?}");
    // Who has not seen it may change a slip: the change is blind, and it counts.
    let undone = served.post("/api/undo", &json!({})).expect(200).json()["undone"].clone();
    assert_eq!(undone["seen"], false, "{undone}");
    let sent = json!({ "unit": undone["unit"], "kind": "label", "label": "for", "seen": false });
    served.post("/api/decisions", &sent).expect(200);
    assert_eq!(served.json("/api/labels")["recent"][0]["seen"], false);
    let saved = decide(&served, "sample", 2, |_, item| own(item));
    assert!(saved[0]["answer"].is_null() && saved[1]["answer"]["top"].is_string(), "{saved:?}");
    assert_eq!(served.json("/api/check")["sample"]["coded"], 3);
}

#[test]
fn a_share_of_passages_that_no_label_fits_is_a_share_of_its_own() {
    let sandbox = sandbox();
    let served = start(&sandbox);
    scored(&served);
    served.post("/api/check/sample", &json!({ "size": 32, "seed": 1 })).expect(200);
    decide(&served, "sample", 30, |_, item| own(item));
    for _ in 0..2 {
        let unit = served.json("/api/queue?kind=sample&limit=1")["items"][0]["unit"].clone();
        served.post("/api/decisions", &json!({ "unit": unit, "kind": "none" })).expect(200);
    }
    let check = served.json("/api/check");
    let shares = check["sample"]["share_corrected"].as_array().unwrap();
    assert_eq!((shares.len(), &shares[3]["label"]), (4, &Value::Null), "{check}");
    assert_eq!((&shares[3]["raw"], shares[3]["corrected"].as_f64().unwrap()), (&0.0.into(), 2.0 / 32.0));
    let sum: f64 = shares.iter().map(|share| share["corrected"].as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{check}");
}

#[test]
fn a_disagreement_is_settled_with_both_labels_in_sight() {
    let sandbox = sandbox();
    let eva = start(&sandbox);
    scored(&eva);
    let unit = eva.json("/api/queue?kind=random&limit=1")["items"][0]["unit"].clone();
    let note = json!({ "unit": unit, "kind": "label", "label": "for", "note": "see the last line" });
    eva.post("/api/decisions", &note).expect(200);
    eva.kill();
    let ben = Served::start(&sandbox, &["news.csv", "--work", "other", "--coder", "Ben", "--second", "work"]);
    scored(&ben);
    assert_eq!(ben.json("/api/check")["second"]["left"], 1);
    let item = ben.json("/api/queue?kind=second&limit=1")["items"][0].clone();
    assert!(item["other"].is_null(), "blind: {item}");
    ben.post("/api/decisions", &json!({ "unit": unit, "kind": "label", "label": "against" })).expect(200);
    let item = ben.json("/api/queue?kind=disagreements&limit=1")["items"][0].clone();
    let other = &item["other"];
    assert_eq!((&other["coder"], &other["label"]), (&"Eva".into(), &"for".into()), "{item}");
    assert_eq!((&other["note"], &item["decided"]["label"]), (&"see the last line".into(), &"against".into()));
    let second = ben.json("/api/check")["second"].clone();
    assert_eq!((&second["left"], &second["unsettled"]), (&0.into(), &1.into()), "{second}");
    let settled = json!({ "unit": unit, "kind": "label", "label": "for", "seen": true });
    ben.post("/api/decisions", &settled).expect(200);
    let second = ben.json("/api/check")["second"].clone();
    assert_eq!((&second["disagreements"], &second["unsettled"]), (&1.into(), &0.into()), "{second}");
}

#[test]
fn a_table_has_the_models_label_and_the_sample_and_opens_in_excel() {
    let sandbox = sandbox();
    let served = start(&sandbox);
    scored(&served);
    served.post("/api/check/sample", &json!({ "size": 2, "seed": 1 })).expect(200);
    decide(&served, "sample", 2, |_, item| own(item));
    let table = served.get("/api/export?what=table").expect(200);
    let text = table.text();
    assert!(text.lines().next().unwrap().ends_with(",coded_seen,coded_model_label,coded_sample"), "{text}");
    assert_eq!(text.lines().filter(|line| line.ends_with(",true")).count(), 2, "{text}");
    let labels = ["for", "against", "neutral"];
    let labeled = |line: &&str| labels.iter().any(|label| line.ends_with(&format!(",{label},false")));
    assert!(text.lines().filter(labeled).count() > 10, "texts that nobody labeled have the model's: {text}");
    let excel = served.get("/api/export?what=excel").expect(200);
    assert_eq!(excel.header("content-disposition"), "attachment; filename=\"coded-excel.csv\"");
    assert!(excel.body.starts_with(b"\xef\xbb\xbf") && !table.body.starts_with(b"\xef\xbb\xbf"));
}

#[test]
fn groups_have_the_slant_of_labeled_texts_and_periods_of_enough_texts() {
    let sandbox = Sandbox::with_model();
    let mut rows = String::from("id,author,date,text\n");
    for month in 1..=12 {
        rows.push_str(&format!(
            "a{month},Ada,2024-{month:02}-03,Leaders must defend the guarantee: deterrence\n"
        ));
    }
    rows.push_str("b,Bo,2023-01-03,Zzz qqq xxx www vvv\n");
    sandbox.write("news.csv", rows);
    let served = Served::start(&sandbox, &["news.csv"]);
    scored(&served);
    let groups = served.json("/api/groups?by=source");
    assert_eq!(groups["column"], "author", "{groups}");
    let of = |name: &str| {
        let all = groups["groups"].as_array().unwrap();
        all.iter().find(|group| group["name"] == name).unwrap().clone()
    };
    assert!(of("Ada")["slant"]["value"].as_f64().unwrap() > 0.0, "{groups}");
    assert_eq!(of("Bo")["abstained"], 1.0, "{groups}");
    assert!(of("Bo")["slant"].is_null(), "what has no label has no slant: {groups}");
    let dates = served.json("/api/groups?by=date");
    assert_eq!((&dates["period"], dates["groups"].as_array().unwrap().len()), (&"year".into(), 2), "{dates}");
    assert_eq!(served.json("/api/groups?by=month")["groups"].as_array().unwrap().len(), 13);
    let most = served.json("/api/texts?sort=confidence");
    let rows = most["rows"].as_array().unwrap();
    let confidences: Vec<f64> = rows.iter().map(|row| row["confidence"].as_f64().unwrap()).collect();
    assert!(confidences.windows(2).all(|two| two[0] >= two[1]), "the most certain first: {confidences:?}");
}
