//! What fails on the machine is told without its folders and without the inside of the program.

use std::fs;

use serde_json::{Value, json};

use super::client::Served;
use super::labeling::{decide, own, sandbox};
use crate::harness::Sandbox;

/// What no answer holds: the folder in which all of this happens, and what programs say that fail.
fn is_discreet(sandbox: &Sandbox, what: &str, said: &str) {
    let folder = sandbox.root().display().to_string();
    for secret in [&*folder, "/home/", "/etc/", "src/", ".rs", "panicked", "backtrace", "RUST_"] {
        assert!(!said.contains(secret), "{what} says {secret}: {said}");
    }
}

/// A folder where a file is to be written: nothing can be.
fn block(sandbox: &Sandbox, name: &str) {
    fs::create_dir_all(sandbox.path(&format!("work/{name}.partial"))).unwrap();
}

#[test]
fn no_error_names_a_folder_of_the_machine_or_tells_of_the_inside_of_the_program() {
    let sandbox = sandbox();
    let path = |name: &str| sandbox.path(name).display().to_string();
    let served = Served::start(&sandbox, &[&path("news.csv"), "--work", &path("work")]);
    served.post("/api/session", &json!({ "every": 0 })).expect(200);
    decide(&served, "random", 45, |_, item| own(item));
    served.wait_until_scored();
    for name in ["session.json", "session.toml", "sample.json"] {
        block(&sandbox, name);
    }
    fs::remove_file(sandbox.path("news.csv")).unwrap();
    fs::remove_dir_all(sandbox.path("work/models")).unwrap();
    sandbox.write("work/models", "");

    let post = |path: &str, body: Value| served.post(path, &body);
    for (what, reply) in [
        ("a session that cannot be written", post("/api/session", json!({ "every": 7 }))),
        ("a sample that cannot be written", post("/api/check/sample", json!({ "size": 50, "seed": 1 }))),
        ("a model that is not there", post("/api/models/7/use", json!({}))),
        ("a decision about nothing", post("/api/decisions", json!({ "unit": "x", "kind": "skip" }))),
        ("an object of another kind", post("/api/decisions", json!({ "unit": [] }))),
        ("a table whose input is gone", served.get("/api/export?what=table")),
        ("an evaluation without a sample", served.get("/api/export?what=evaluation")),
        ("an unknown export", served.get("/api/export?what=%2Fetc%2Fpasswd")),
        ("a text that is not there", served.get("/api/texts/900")),
        ("a path that is not there", served.get("/home/eva/.ssh/id_rsa")),
    ] {
        assert!((400..600).contains(&reply.status), "{what} got {}: {}", reply.status, reply.text());
        is_discreet(&sandbox, what, &reply.text());
    }
    for (name, bytes) in
        [("%2Fhome%2Feva%2Fa.xlsx", b"PK\x03\x04 damaged".as_slice()), ("a.parquet", b"PAR1")]
    {
        let headers = [served.page_headers("application/octet-stream"), vec![("X-File-Name", name)]].concat();
        let reply = served.plain("POST", "/api/read-file", &headers, bytes);
        assert_eq!(reply.status, 422, "{name}: {}", reply.text());
        is_discreet(&sandbox, name, &reply.text());
    }

    served.post("/api/train", &json!({ "from": "own" })).expect(202);
    let training = served.wait_for("/api/training", |training| training["state"] != "running");
    assert_eq!(training["state"], "failed", "{training}");
    is_discreet(&sandbox, "a training", &training.to_string());
    is_discreet(&sandbox, "the session", &served.json("/api/session").to_string());
}
