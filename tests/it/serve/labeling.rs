//! Decisions, trainings, checks and exports over the page's own interface.

use std::time::Duration;

use serde_json::{Value, json};

use super::client::Served;
use crate::harness::{self, Sandbox};

const LABELS: [&str; 3] = ["against", "for", "neutral"];

pub(super) fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_model();
    sandbox.write("news.csv", harness::labelled_csv(90));
    sandbox
}

pub(super) fn start(sandbox: &Sandbox) -> Served {
    Served::start(sandbox, &["news.csv", "--work", "work", "--coder", "Eva"])
}

/// Labels the next passages of a queue one by one, each with the label that `label` gives, and
/// returns the answers.
pub(super) fn decide(
    served: &Served,
    kind: &str,
    count: usize,
    label: impl Fn(usize, &Value) -> String,
) -> Vec<Value> {
    (0..count)
        .map(|number| {
            let queue = served.json(&format!("/api/queue?kind={kind}&limit=1"));
            let item = queue["items"][0].clone();
            let sent = json!({ "unit": item["unit"], "kind": "label", "label": label(number, &item), "milliseconds": 900, "seen": false });
            served.post("/api/decisions", &sent).expect(200).json()
        })
        .collect()
}

/// The label that the passage's own words ask for.
pub(super) fn own(item: &Value) -> String {
    const WORDS: [[&str; 3]; 3] = [
        ["provocation", "escalation", "costly"],
        ["guarantee", "deterrence", "defend"],
        ["reported", "percent", "meeting"],
    ];
    let passage = item["passage"].as_str().unwrap();
    let count = |words: &[&str; 3]| words.iter().map(|word| passage.matches(word).count()).sum::<usize>();
    let best = (0..3).max_by_key(|class| (count(&WORDS[*class]), *class)).unwrap();
    LABELS[best].to_owned()
}

#[test]
fn texts_that_the_model_cannot_judge_are_listed_last_and_have_no_slant() {
    let sandbox = Sandbox::with_model();
    let rows = [
        "a,guarantee",
        "b,A costly provocation and pointless danger",
        "c,Leaders must defend the guarantee: deterrence",
    ];
    sandbox.write("news.csv", format!("id,text\n{}\n", rows.join("\n")));
    let served = Served::start(&sandbox, &["news.csv"]);
    served.wait_until_scored();
    for query in ["sort=slant", "sort=slant&descending=true", "sort=confidence"] {
        let rows = served.json(&format!("/api/texts?{query}"))["rows"].clone();
        let last = &rows[2];
        assert_eq!((&last["id"], &last["reason"]), (&json!("a"), &json!("too-short")), "{query}: {rows}");
        assert!(last["slant"].is_null() && rows[0]["slant"].is_number(), "{query}: {rows}");
    }
    let view = served.json("/api/texts/0");
    assert!(view["verdict"]["slant"].is_null(), "{view}");
}

#[test]
fn the_archive_is_listed_searched_and_grouped() {
    let sandbox = Sandbox::with_model();
    let rows = [
        "a,Gazette,2024-05-01,Leaders must defend the guarantee: deterrence",
        "b,Herald,2024-06-02,A costly provocation and pointless danger",
        "c,Gazette,2023-01-03,According to the statement percent meeting",
    ];
    sandbox.write("news.csv", format!("id,source,date,text\n{}\n", rows.join("\n")));
    let served = Served::start(&sandbox, &["news.csv"]);
    let session = served.wait_until_scored();
    assert_eq!(
        (&session["archive"]["texts"], &session["archive"]["names"]),
        (&3.into(), &json!(["news.csv"]))
    );
    assert_eq!(session["model"]["labels"][0], json!({ "name": "against", "key": "1" }));
    let ids = |query: &str| {
        let rows = served.json(&format!("/api/texts?{query}"))["rows"].clone();
        rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect::<String>()
    };
    assert_eq!(
        (ids(""), ids("sort=date"), ids("sort=date&descending=true")),
        ("abc".into(), "cab".into(), "bac".into())
    );
    assert_eq!(
        (ids("query=COSTLY"), ids("source=Gazette"), ids("label=for")),
        ("b".into(), "ac".into(), "a".into())
    );
    assert_eq!(
        (ids("sort=date&descending=true&offset=2"), ids("sort=slant&descending=true")),
        ("c".into(), "acb".into())
    );
    assert_eq!((ids("sort=slant"), ids("offset=1&limit=1")), ("bca".into(), "b".into()));
    assert_eq!((ids("source=gaz"), ids("source=%20HERALD%20")), ("ac".into(), "b".into()));
    assert_eq!(served.json("/api/texts?query=costly")["matched"], 1);
    served.get("/api/texts?sort=nothing").expect(400);
    served.get("/api/texts/3").expect(404);
    served.get("/api/texts/-1").expect(404);
    let shown = served.json("/api/texts/1");
    assert_eq!(
        (&shown["id"], &shown["source"], &shown["verdict"]["top"]),
        (&"b".into(), &"Herald".into(), &"against".into())
    );
    let groups = served.json("/api/groups?by=source");
    assert_eq!((&groups["groups"][0]["name"], &groups["groups"][0]["texts"]), (&"Gazette".into(), &2.into()));
    let months = served.json("/api/groups?by=month");
    let names: Vec<&str> =
        months["groups"].as_array().unwrap().iter().map(|group| group["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["2023-01", "2024-05", "2024-06"]);
}

#[test]
fn what_was_answered_is_on_disk_when_the_program_is_killed_and_is_undone_after_a_restart() {
    let sandbox = sandbox();
    let served = start(&sandbox);
    let saved = decide(&served, "random", 5, |number, _| LABELS[number % 3].to_owned());
    assert_eq!(saved[4]["sequence"], 5);
    assert_eq!(saved[4]["counts"]["total"], 5);
    assert!(saved[4]["answer"]["probabilities"].is_array());
    served.kill();
    let log = String::from_utf8(sandbox.read("work/labels.jsonl")).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let labels: Vec<&str> = lines.iter().map(|line| line["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["against", "for", "neutral", "against", "for"]);
    assert!(
        lines
            .iter()
            .all(|line| line["coder"] == "Eva" && line["seen"] == false && line["milliseconds"] == 900)
    );

    let served = start(&sandbox);
    assert_eq!(served.json("/api/labels")["counts"]["total"], 5);
    let undone = served.post("/api/undo", &json!({})).expect(200).json();
    assert_eq!((&undone["undone"]["sequence"], &undone["undone"]["unit"]), (&5.into(), &lines[4]["unit"]));
    assert_eq!(undone["counts"]["total"], 4);
    let changed = served
        .post("/api/decisions/4", &json!({ "label": "neutral", "note": "on reflection", "flag": true }));
    assert_eq!(changed.expect(200).json()["counts"]["flagged"], 1);
    let recent = served.json("/api/labels");
    assert_eq!(
        (&recent["recent"][0]["label"], &recent["recent"][0]["seen"]),
        (&"neutral".into(), &true.into())
    );
    for _ in 0..6 {
        served.post("/api/undo", &json!({})).expect(200);
    }
    assert!(served.post("/api/undo", &json!({})).json()["undone"].is_null());
}

/// Kills of the program while it saves.
#[cfg(unix)]
const KILLS: u64 = 12;

#[test]
#[cfg(unix)]
fn nothing_that_was_answered_is_lost_whenever_the_program_is_killed() {
    let sandbox = sandbox();
    let mut saved: Vec<(u64, String)> = Vec::new();
    for kill in 0..KILLS {
        let served = start(&sandbox);
        let queue = served.json("/api/queue?kind=random&limit=50");
        let units: Vec<Value> =
            queue["items"].as_array().unwrap().iter().map(|item| item["unit"].clone()).collect();
        let killer = served.kill_after(Duration::from_millis(3 + kill * 37 % 101));
        for unit in units.iter().cycle() {
            let sent = json!({ "unit": unit, "kind": "label", "label": LABELS[kill as usize % 3] });
            let reply = served.post("/api/decisions", &sent);
            let Ok(answer) = serde_json::from_slice::<Value>(&reply.body) else { break };
            saved.push((answer["sequence"].as_u64().unwrap(), unit.as_str().unwrap().to_owned()));
        }
        killer.join().unwrap();
    }
    assert!(saved.len() as u64 > KILLS, "{saved:?}");
    drop(start(&sandbox));
    let log = String::from_utf8(sandbox.read("work/labels.jsonl")).unwrap();
    let found: std::collections::HashSet<(u64, String)> = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|line| (line["sequence"].as_u64().unwrap(), line["unit"].as_str().unwrap().to_owned()))
        .collect();
    assert!(saved.iter().all(|answered| found.contains(answered)), "{log}");
}

#[test]
fn a_request_that_is_sent_again_is_answered_and_not_done_again() {
    let sandbox = sandbox();
    let served = start(&sandbox);
    let queue = served.json("/api/queue?kind=random&limit=2");
    let decide = |item: usize, request: &str| {
        let unit = &queue["items"][item]["unit"];
        let sent = json!({ "unit": unit, "kind": "label", "label": "for", "request": request });
        served.post("/api/decisions", &sent).expect(200).json()
    };
    let (first, second) = (decide(0, "a1"), decide(1, "a2"));
    assert_eq!((&decide(0, "a1"), &second["sequence"]), (&first, &2.into()));
    let undo = || served.post("/api/undo", &json!({ "request": "a3" })).expect(200).json();
    let undone = undo();
    assert_eq!((undo(), &undone["undone"]["sequence"]), (undone.clone(), &2.into()));
    let log = String::from_utf8(sandbox.read("work/labels.jsonl")).unwrap();
    assert_eq!(log.lines().count(), 3, "{log}");
    // What was undone was shown: deciding it anew is no longer blind, whatever the page says.
    let sent = json!({ "unit": queue["items"][1]["unit"], "kind": "label", "label": "for", "seen": false });
    served.post("/api/decisions", &sent).expect(200);
    assert_eq!(served.json("/api/labels")["recent"][0]["seen"], true);
    for wrong in [json!(""), json!(7), json!("x".repeat(101))] {
        served.post("/api/undo", &json!({ "request": wrong })).expect(400);
    }
}

#[test]
fn labels_come_back_as_text_whatever_they_hold() {
    let sandbox = sandbox();
    let served = start(&sandbox);
    let labels = json!(["</script>", "<img src=x onerror=alert(1)>"]);
    let session = served.post("/api/session", &json!({ "labels": labels })).expect(200);
    assert_eq!(session.header("content-type"), "application/json");
    let session = session.json();
    assert_eq!(
        (&session["model"]["labels"][0]["name"], &session["labels_from"]),
        (&"</script>".into(), &"own".into())
    );
    decide(&served, "random", 1, |_, _| "</script>".to_owned());
    assert_eq!(served.json("/api/labels")["recent"][0]["label"], "</script>");
    for screen in ["/read", "/label", "/check"] {
        assert!(!served.get(screen).text().contains("onerror"), "{screen}");
    }
    sandbox.write("labels.csv", served.get("/api/export?what=labels").expect(200).body);
    assert!(String::from_utf8(sandbox.read("labels.csv")).unwrap().contains("</script>"));
}

#[test]
fn no_folder_of_the_machine_reaches_the_page() {
    let sandbox = sandbox();
    sandbox.write("texts/a.txt", "Leaders must defend the guarantee.");
    sandbox.write("texts/b.csv", "id,text\nc,\n");
    sandbox.write("work/labels.jsonl", "{\"sequence\": 1, \"ki");
    let root = sandbox.root().display().to_string();
    let (texts, work) = (format!("{root}/texts"), format!("{root}/work"));
    let served = Served::start(&sandbox, &[&texts, "--work", &work]);
    let session = served.json("/api/session").to_string();
    assert!(session.contains("labels.jsonl: 19 bytes were cut off"), "{session}");
    assert!(!session.contains(&root), "{session}");
    sandbox.run(&["serve", "--model", "model.safetensors", "--coder", " "]).exits(2).says("coder");
}

#[test]
fn a_folder_of_texts_is_exported_with_its_texts() {
    let sandbox = sandbox();
    sandbox.write("texts/a.txt", "Leaders must defend the guarantee.");
    let served = Served::start(&sandbox, &["texts", "--work", "work"]);
    let table = served.get("/api/export?what=table").expect(200).text();
    assert!(table.starts_with("id,text,label,"), "{table}");
    assert!(table.contains(",Leaders must defend the guarantee.,"), "{table}");
}

#[test]
fn decisions_that_are_none_are_refused_and_nothing_is_written() {
    let sandbox = sandbox();
    let served = start(&sandbox);
    let unit = served.json("/api/queue?kind=random")["items"][0]["unit"].clone();
    for wrong in [
        json!({ "unit": unit, "kind": "label" }),
        json!({ "unit": unit, "kind": "label", "label": "</script>" }),
        json!({ "unit": unit, "kind": "skip", "label": "for" }),
        json!({ "unit": "javascript:alert(1):1:0123456789abcdef", "kind": "skip" }),
        json!({ "unit": unit, "kind": "nothing" }),
        json!({ "unit": unit, "kind": "skip", "note": "x".repeat(20_000) }),
        json!({}),
    ] {
        let reply = served.post("/api/decisions", &wrong);
        assert!(matches!(reply.status, 400 | 422), "{wrong}: {}", reply.status);
        assert!(reply.json()["error"].is_string());
    }
    served.post("/api/decisions/99", &json!({ "label": "for" })).expect(422);
    served.post("/api/models/99/use", &json!({})).expect(422);
    served.get("/api/queue?kind=nothing").expect(400);
    assert_eq!(sandbox.read("work/labels.jsonl").len(), 0);
}

#[test]
fn queues_are_blind_and_do_not_repeat_what_is_decided() {
    let sandbox = sandbox();
    let served = start(&sandbox);
    served.wait_until_scored();
    for kind in ["uncertain", "random"] {
        let queue = served.json(&format!("/api/queue?kind={kind}&limit=3"));
        assert_eq!((&queue["kind"], queue["items"].as_array().unwrap().len()), (&kind.into(), 3));
        for secret in ["probabilit", "confidence", "slant", "answer", "verdict"] {
            assert!(!queue.to_string().contains(&format!("\"{secret}")), "{queue}");
        }
        let after = queue["items"][2]["unit"].as_str().unwrap().replace('#', "%23");
        let next = served.json(&format!("/api/queue?kind={kind}&limit=3&after={after}"));
        let units = |queue: &Value| {
            queue["items"].as_array().unwrap().iter().map(|item| item["unit"].clone()).collect::<Vec<_>>()
        };
        assert!(units(&next).iter().all(|unit| !units(&queue).contains(unit)), "{next}");
    }
    let first = served.json("/api/queue?kind=random&limit=1")["items"][0]["unit"].clone();
    decide(&served, "random", 1, |_, item| own(item));
    assert!(!served.json("/api/queue?kind=random&limit=50").to_string().contains(first.as_str().unwrap()));
}

#[test]
fn a_training_runs_alone_and_its_model_is_used_and_left_again() {
    let sandbox = sandbox();
    let served = start(&sandbox);
    served.post("/api/session", &json!({ "every": 0 })).expect(200);
    decide(&served, "random", 45, |_, item| own(item));
    assert_eq!(served.post("/api/train", &json!({ "from": "own" })).expect(202).json()["state"], "running");
    let second = served.post("/api/train", &json!({ "from": "own" }));
    let said = second.expect(409).json();
    assert_eq!(
        (&said["training"]["state"], &said["error"]),
        (&"running".into(), &"a training runs already".into())
    );
    // Keys are answered meanwhile.
    decide(&served, "random", 1, |_, item| own(item));
    let training = served.wait_for("/api/training", |training| training["state"] != "running");
    assert_eq!(training["state"], "idle", "{training}");
    let newest = training["history"].as_array().unwrap().last().unwrap();
    assert_eq!((&newest["current"], &newest["from"]), (&true.into(), &"own".into()), "{training}");
    assert!(newest["random"]["macro_f1"].as_f64().unwrap() > 0.5, "{training}");
    let session = served.json("/api/session");
    assert_eq!(session["model"]["number"], newest["number"]);
    served.post("/api/models/0/use", &json!({})).expect(200);
    assert_eq!(served.json("/api/session")["model"]["number"], 0);
    assert!(sandbox.path("work/models").read_dir().unwrap().count() > 0);
    served.post("/api/train/stop", &json!({})).expect(200);
}

#[test]
fn own_labels_are_asked_at_random_until_there_are_a_hundred() {
    let sandbox = Sandbox::with_model();
    sandbox.write("news.csv", harness::labelled_csv(150));
    let served = start(&sandbox);
    let session = served.wait_until_scored();
    assert_eq!(session["queue"], "uncertain");
    let queue = served.json("/api/queue?kind=uncertain&limit=1");
    assert_eq!(queue["items"][0]["at_random"], false, "what was scored is ranked: {queue}");
    let own = json!({ "labels": ["for", "mixed"], "every": 0 });
    assert_eq!(served.post("/api/session", &own).expect(200).json()["queue"], "random");
    decide(&served, "random", 99, |number, _| ["for", "mixed"][number % 2].to_owned());
    assert_eq!(served.json("/api/session")["queue"], "random");
    decide(&served, "random", 1, |_, _| "mixed".to_owned());
    assert_eq!(served.json("/api/session")["queue"], "uncertain");
    let of_model = json!({ "labels": ["for", "against"] });
    assert_eq!(served.post("/api/session", &of_model).expect(200).json()["queue"], "uncertain");
}

#[test]
fn a_training_that_cannot_be_says_why() {
    let sandbox = sandbox();
    let served = start(&sandbox);
    served.post("/api/train", &json!({ "from": "own" })).expect(202);
    let training = served.wait_for("/api/training", |training| training["state"] != "running");
    assert_eq!(training["state"], "failed", "{training}");
    assert!(training["error"].as_str().unwrap().contains("expected at least 20"), "{training}");
    served.post("/api/train", &json!({ "from": "nothing" })).expect(400);
}

#[test]
fn a_sample_is_drawn_coded_and_corrects_shares_and_a_second_coder_is_compared() {
    let sandbox = sandbox();
    let served = start(&sandbox);
    served.wait_until_scored();
    served.post("/api/check/sample", &json!({ "size": 0, "seed": 1 })).expect(400);
    served.post("/api/check/sample", &json!({ "size": 30, "seed": 1 })).expect(200);
    decide(&served, "sample", 30, |_, item| own(item));
    let check = served.json("/api/check");
    assert_eq!((&check["sample"]["drawn"], &check["sample"]["coded"]), (&30.into(), &30.into()));
    let shares = check["sample"]["share_corrected"].as_array().unwrap();
    assert!(shares.iter().all(|share| share["low"].as_f64() <= share["corrected"].as_f64()), "{check}");
    assert!(check["second"].is_null());
    served.kill();

    let other =
        Served::start(&sandbox, &["news.csv", "--work", "other", "--coder", "Ben", "--second", "work"]);
    decide(
        &other,
        "second",
        10,
        |number, item| if number < 3 { LABELS[number].to_owned() } else { own(item) },
    );
    let second = other.json("/api/check")["second"].clone();
    assert_eq!((&second["name"], &second["both"]), (&"Eva".into(), &10.into()), "{second}");
    let count = second["disagreements"].as_u64().unwrap();
    let queue = other.json("/api/queue?kind=disagreements&limit=9");
    assert_eq!(queue["left"].as_u64(), Some(count), "{queue}");
}

#[test]
fn exports_are_files_that_can_be_read_again() {
    let sandbox = sandbox();
    let served = start(&sandbox);
    decide(&served, "random", 24, |_, item| own(item));
    let reply = served.get("/api/export?what=labels").expect(200);
    assert_eq!(reply.header("content-disposition"), "attachment; filename=\"labels.csv\"");
    assert_eq!(reply.header("content-type"), "application/octet-stream");
    sandbox.write("labels.csv", &reply.body);
    sandbox.run(&["train", "labels.csv", "--output", "again.safetensors", "--quiet"]).exits(0);
    sandbox.run(&["train", "work/labels.jsonl", "--output", "log.safetensors", "--quiet"]).exits(0);
    let table = served.get("/api/export?what=table").expect(200);
    sandbox.write("table.csv", &table.body);
    let input = harness::labelled_csv(90);
    let text = table.text();
    assert_eq!(text.lines().count(), input.lines().count(), "a line a text");
    let unchanged = |(line, own): (&str, &str)| line.starts_with(own);
    assert!(text.lines().zip(input.lines()).all(unchanged), "the input stands unchanged in the table");
    let ran = sandbox.run(&["score", "table.csv", "--model", "model.safetensors"]);
    assert_eq!(ran.code, Some(0), "{ran}");
    let refused = served.get("/api/export?what=evaluation");
    assert_eq!(refused.status, 422);
    assert!(refused.json()["error"].as_str().unwrap().contains("expected at least 2"));
}

#[test]
fn a_second_start_says_where_the_folder_is_open_and_ctrl_c_what_is_saved() {
    let sandbox = sandbox();
    let served = start(&sandbox);
    decide(&served, "random", 2, |_, item| own(item));
    let args = [
        "serve",
        "news.csv",
        "--work",
        "work",
        "--model",
        "model.safetensors",
        "--no-browser",
        "--port",
        "0",
    ];
    sandbox.run(&args).exits(1).says(&format!("it is open at http://{}/", served.host));
    #[cfg(unix)]
    {
        let mut command = sandbox.command(&args);
        drop(served);
        let mut child = command
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.as_mut().unwrap()), &mut first)
            .unwrap();
        assert!(sandbox.path("work/open.html").exists());
        std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("stopped; 2 decisions in work/labels.jsonl"), "{said}");
        assert!(!sandbox.path("work/open.html").exists());
    }
}

#[test]
fn what_the_coder_chooses_is_remembered() {
    let sandbox = sandbox();
    let served = start(&sandbox);
    let sent = json!({ "keys": { "for": "f", ":undo": "z" }, "keys_on": false, "every": 30 });
    let session = served.post("/api/session", &sent).expect(200).json();
    assert_eq!(
        (&session["keys"]["for"], &session["keys_on"], &session["every"]),
        (&"f".into(), &false.into(), &30.into())
    );
    for wrong in [
        json!({ "keys": { "for": "x".repeat(21) } }),
        json!({ "coder": " " }),
        json!({ "coder": "a\nb" }),
        json!({ "every": 1_000_000 }),
        json!({ "labels": ["one"] }),
        json!({ "labels": ["one", ""] }),
        json!({ "labels": ["one", "two", "one "] }),
    ] {
        served.post("/api/session", &wrong).expect(400);
    }
    served.kill();
    let served = Served::start(&sandbox, &["news.csv", "--work", "work"]);
    let session = served.json("/api/session");
    assert_eq!(
        (&session["keys"][":undo"], &session["coder"], &session["every"]),
        (&"z".into(), &"Eva".into(), &30.into())
    );
}
