//! What can be done while the texts are read, and how it ends if they cannot be.

use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::client::Served;
use crate::harness::Sandbox;

/// Far more than are read before the first are counted.
const ROWS: usize = 3000;

fn write_rows(table: &mut impl Write) {
    writeln!(table, "id,source,text").unwrap();
    for row in 0..ROWS {
        writeln!(table, "{row},Gazette,Leaders must defend guarantee {row} and deterrence today.").unwrap();
    }
    table.flush().unwrap();
}

#[test]
fn the_page_answers_and_reads_what_is_pasted_while_the_texts_are_read() {
    let sandbox = Sandbox::with_model();
    sandbox.write("guideline.md", "# When a label applies");
    let (served, mut table) =
        Served::start_reading(&sandbox, &["--work", "work", "--guideline", "guideline.md"]);
    let session = served.json("/api/session");
    assert_eq!((&session["archive"]["state"], &session["archive"]["texts"]), (&"reading".into(), &0.into()));
    write_rows(&mut table);
    let session = served.wait_until(|session| session["archive"]["texts"].as_u64() > Some(1000));
    assert_eq!(
        (&session["archive"]["state"], &session["archive"]["scoring"]),
        (&"reading".into(), &true.into())
    );
    assert_eq!(session["guideline"], "# When a label applies");
    for screen in ["/read", "/label", "/check"] {
        served.get(screen).expect(200);
    }
    let read = served.post("/api/read", &json!({ "text": "Leaders must defend the guarantee: deterrence" }));
    assert!(read.expect(200).json()["documents"][0]["verdict"]["probabilities"].is_array());
    // The first texts are shown before the others are read.
    let first = served.json("/api/texts/first");
    let rows = first.as_array().unwrap();
    assert_eq!((rows.len(), &rows[49]["id"], &rows[49]["top"]), (50, &"49".into(), &Value::Null));
    assert_eq!(served.json("/api/texts/49")["id"], "49");
    // What needs all texts says how many there are, and changes nothing.
    for path in [
        "/api/texts",
        "/api/texts/2000",
        "/api/groups",
        "/api/queue?kind=random",
        "/api/labels",
        "/api/check",
        "/api/export?what=table",
    ] {
        let reply = served.get(path).expect(503);
        assert_eq!(reply.header("retry-after"), "1", "{path}");
        assert!(reply.json()["reading"]["texts"].as_u64() > Some(1000), "{path}: {}", reply.text());
    }
    for path in ["/api/decisions", "/api/undo", "/api/train", "/api/check/sample"] {
        served.post(path, &json!({})).expect(503);
    }
    assert_eq!(sandbox.read("work/labels.jsonl").len(), 0);
    drop(table);
    let session = served.wait_until(|session| session["archive"]["state"] == "read");
    assert_eq!(session["archive"]["texts"], ROWS);
    assert_eq!(served.json("/api/texts")["total"], ROWS);
    assert_eq!(served.json("/api/queue?kind=random&limit=2")["items"].as_array().unwrap().len(), 2);
}

#[test]
fn texts_that_cannot_be_read_are_told_on_the_page_and_by_the_exit_code() {
    let sandbox = Sandbox::with_model();
    let (served, mut table) = Served::start_reading(&sandbox, &["--work", "work"]);
    assert!(sandbox.path("work/open.html").exists());
    writeln!(table, "id,text").unwrap();
    drop(table);
    let session = served.wait_until(|session| session["archive"]["state"] == "failed");
    assert!(session["archive"]["error"].as_str().unwrap().contains("found no text to label"), "{session}");
    assert_eq!(session["archive"]["scoring"], false);
    let (code, said) = served.end();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("found no text to label in -"), "{said}");
    assert!(!sandbox.path("work/open.html").exists());
    // What is seen at once opens no page.
    let args = ["serve", "none.csv", "--work", "other", "--port", "0", "--model", "model.safetensors"];
    let ran = sandbox.run(&args);
    assert!(!ran.stdout.contains("The page is at"), "{ran}");
    ran.exits(1).says("none.csv");
    assert!(!sandbox.path("other").exists(), "a wrong name leaves no work folder behind");
}

#[test]
#[cfg(unix)]
fn ctrl_c_does_not_wait_for_the_texts() {
    let sandbox = Sandbox::with_model();
    let (served, mut table) = Served::start_reading(&sandbox, &["--work", "work"]);
    write_rows(&mut table);
    served.wait_until(|session| session["archive"]["texts"].as_u64() > Some(1000));
    let asked = Instant::now();
    served.interrupt();
    let (_, said) = served.end();
    // Half a second, and what a machine under load adds to it.
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    assert!(said.contains("stopped; 0 decisions in work/labels.jsonl"), "{said}");
    assert!(!sandbox.path("work/open.html").exists());
    drop(table);
}

#[test]
fn a_title_column_changes_no_answer_of_the_page() {
    let sandbox = Sandbox::with_model();
    let title = "Leaders must defend the guarantee of deterrence";
    let text = format!("{title}\n\nA costly pointless provocation, a danger.");
    sandbox.write("news.csv", format!("id,title,text\na,{title},\"{text}\"\n"));
    let args = ["score", "news.csv", "--model", "model.safetensors", "--format", "jsonl"];
    let scored = sandbox.run(&args).exits(0).json().remove(0);
    let served = Served::start(&sandbox, &["news.csv"]);
    served.wait_until_scored();
    let row = served.json("/api/texts")["rows"][0].clone();
    let shown = served.json("/api/texts/0");
    assert_eq!((&row["title"], &shown["title"]), (&title.into(), &title.into()));
    assert_eq!((&row["label"], &row["reason"]), (&scored["label"], &scored["reason"]), "{row}");
    let probabilities = shown["verdict"]["probabilities"].as_array().unwrap();
    assert!(!probabilities.is_empty());
    for of in probabilities {
        assert_eq!(scored["probabilities"][of["label"].as_str().unwrap()], of["probability"], "{shown}");
    }
    assert_eq!(shown["left_out"], serde_json::json!([]), "the title is a part of the text: {shown}");
}

#[test]
fn a_folder_that_a_page_has_open_is_not_written_by_a_command() {
    let sandbox = Sandbox::with_model();
    sandbox.write("news.csv", "id,text\na,Leaders must defend the guarantee.\n");
    let _served = Served::start(&sandbox, &["news.csv", "--work", "work"]);
    let args = ["label", "undo", "work", "--model", "model.safetensors"];
    let ran = sandbox.run(&args).exits(1);
    #[cfg(unix)]
    ran.says("it is open at http://127.0.0.1:");
}
