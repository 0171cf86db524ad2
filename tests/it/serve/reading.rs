//! Texts that are pasted and dropped, hostile ones too.

use serde_json::{Value, json};

use super::client::Served;
use crate::harness::Sandbox;

/// What stands at a place that is counted in UTF-16.
fn at(text: &str, place: &Value) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let [start, end] = ["start", "end"].map(|end| place[end].as_u64().unwrap() as usize);
    String::from_utf16(&units[start..end]).unwrap()
}

#[test]
fn a_pasted_text_is_answered_with_what_decided() {
    let sandbox = Sandbox::with_model();
    let served = Served::start(&sandbox, &[]);
    let text = "🙂 Leaders must defend the guarantee.\n\nA costly pointless provocation, a danger.";
    let reply =
        served.post("/api/read", &json!({ "text": text, "title": "On guarantees" })).expect(200).json();
    let document = &reply["documents"][0];
    assert_eq!((&document["text"], &document["title"]), (&text.into(), &"On guarantees".into()));
    let paragraphs = document["paragraphs"].as_array().unwrap();
    assert_eq!(paragraphs.len(), 2, "{document}");
    assert_eq!(at(text, &paragraphs[1]), "A costly pointless provocation, a danger.");
    let words: Vec<String> =
        document["words"].as_array().unwrap().iter().map(|place| at(text, place)).collect();
    assert!(
        words.iter().any(|word| word == "defend" || word == "guarantee" || word.contains("provocation")),
        "{words:?}"
    );
    let sum: f64 = document["verdict"]["probabilities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["probability"].as_f64().unwrap())
        .sum();
    assert!((sum - 1.0).abs() < 1e-9, "{document}");
}

#[test]
fn a_dropped_file_is_read_by_its_format() {
    let sandbox = Sandbox::with_model();
    let served = Served::start(&sandbox, &[]);
    let drop = |name: &str, bytes: &[u8]| {
        let headers = [served.page_headers("application/octet-stream"), vec![("X-File-Name", name)]].concat();
        served.plain("POST", "/api/read-file", &headers, bytes)
    };
    let rows: String = (0..25).map(|row| format!("r{row},Leaders must defend guarantee {row}.\n")).collect();
    let reply = drop("a.csv", format!("id,text\n{rows}").as_bytes()).expect(200).json();
    assert_eq!((reply["documents"].as_array().unwrap().len(), &reply["more"]), (20, &5.into()));
    assert_eq!(reply["documents"][3]["id"], "r3");
    let reply =
        drop("n%C3%A9.html", b"<html><body><p>Leaders must defend the guarantee today.</p></body></html>");
    assert!(reply.expect(200).json()["documents"][0]["text"].as_str().unwrap().contains("defend"));
    // Nothing that can be read: said without a folder, a trace or a panic.
    for (name, bytes) in [
        ("a.parquet", b"PAR1nonsense".as_slice()),
        ("a.pdf", b"%PDF-1.7"),
        ("a.xlsx", b"PK\x03\x04"),
        ("a.jsonl", b"{\"no\": 1}"),
    ] {
        let reply = drop(name, bytes);
        assert_eq!(reply.status, 422, "{name}");
        let said = reply.json()["error"].as_str().unwrap().to_owned();
        assert!(said.starts_with(name) && !said.contains('/') && !said.contains("panicked"), "{said}");
    }
}

#[test]
fn hostile_texts_come_back_as_they_are_and_only_as_text() {
    let sandbox = Sandbox::with_model();
    let served = Served::start(&sandbox, &[]);
    for text in [
        "</script><script>alert(1)</script><img src=x onerror=alert(1)>",
        "\u{202e}gnihton\u{2066} must defend \u{200b}\u{feff}",
        "a\u{0}b must defend",
        "javascript:alert(1)",
        &"must defend ".repeat(90_000),
        &"x".repeat(1 << 20),
        "{{ 7*7 }} ${7*7} <%= 7*7 %>",
    ] {
        let reply = served
            .post("/api/read", &json!({ "text": text, "title": text.chars().take(50).collect::<String>() }))
            .expect(200);
        assert_eq!(
            (reply.header("content-type"), reply.header("x-content-type-options")),
            ("application/json", "nosniff")
        );
        assert_eq!(reply.json()["documents"][0]["text"], text);
    }
    for broken in ["", "{", "[]", "{\"text\": 1}", "{\"title\": \"\"}", &"[".repeat(100_000)] {
        let headers = served.page_headers("application/json");
        let reply = served.plain("POST", "/api/read", &headers, broken.as_bytes());
        assert_eq!(reply.status, 400, "{broken:.20}");
        assert!(reply.json()["error"].as_str().unwrap().starts_with("the request is not understood"));
    }
}
