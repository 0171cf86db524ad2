//! Serves with little patience, and lets clients be slow.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::*;
use crate::read::InputOptions;
use crate::train::{Row, TrainParams, train};
use crate::{Classifier, Threads};

const PATIENCE: Duration = Duration::from_millis(400);
/// Long after that, on a slow machine, and long before a client that waits is cut by itself.
const SOON: Duration = Duration::from_secs(10);

/// A server that goes on to the end of the tests; its folder, its address and a cookie.
fn served() -> (tempfile::TempDir, String, String) {
    let row = |number: usize| match number % 2 {
        0 => Row::new("warm", format!("day {number} brought warm sun and a mild wind")),
        _ => Row::new("cold", format!("day {number} brought cold snow and a hard frost")),
    };
    let rows: Vec<Row> = (0..40).map(row).collect();
    let (model, _) = train(rows, TrainParams::default(), &Threads::new(1).unwrap()).unwrap();
    let classifier = Classifier::new(model).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("a.txt");
    std::fs::write(&input, "The morning brought warm sun.").unwrap();
    let options =
        ServeOptions { host: None, port: 0, token: None, guideline: None, is_guideline_of_model: false };
    let workspace = Opening {
        work: folder.path().join("work"),
        inputs: vec![input],
        options: InputOptions::default(),
        is_start_chosen: false,
        start: classifier,
        loaded_language: None,
        corpus: None,
        coder: None,
        second: None,
        trains_by_itself: true,
        threads: Threads::new(1).unwrap(),
    };
    let limits = Limits { patience: PATIENCE, ..Limits::default() };
    let server = Server::start_within(limits, options, workspace).unwrap();
    let token = server.app.gate.access.one_time_token().unwrap();
    let cookie = server.app.enter(token.reveal()).unwrap();
    let cookie = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
    let host = server.address().strip_prefix("http://").unwrap().trim_end_matches('/').to_owned();
    std::thread::spawn(|| server.run(|_| ()));
    (folder, host, cookie)
}

fn connect(host: &str) -> TcpStream {
    let stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

/// Reads until the connection ends, and says how long that took.
fn to_end(mut stream: TcpStream) -> (String, Duration) {
    let (started, mut answer) = (Instant::now(), Vec::new());
    let _ = stream.read_to_end(&mut answer);
    (String::from_utf8_lossy(&answer).into_owned(), started.elapsed())
}

#[test]
fn clients_that_do_not_finish_are_cut() {
    let (_folder, host, cookie) = served();
    let silent = connect(&host);
    assert!(to_end(silent).1 < SOON, "a client that says nothing");
    let mut slow = connect(&host);
    write!(slow, "GET /read HTTP/1.1\r\nHost: {host}\r\nX-Slow: ").unwrap();
    assert!(to_end(slow).1 < SOON, "a client whose header does not end");
    let mut slow = connect(&host);
    write!(
        slow,
        "POST /api/read HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nX-Standpoint: 1\r\n\
         Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{\"te"
    )
    .unwrap();
    let (answer, elapsed) = to_end(slow);
    assert!(
        answer.starts_with("HTTP/1.1 408 ") && elapsed < SOON,
        "a client whose body does not end: {answer}"
    );
    let head = answer.split("\r\n\r\n").next().unwrap().to_lowercase();
    for (name, value) in headers::HEADERS {
        assert!(head.contains(&format!("{name}: {}", value.to_lowercase())), "{name}: {head}");
    }
}

#[test]
fn a_client_that_sends_one_byte_at_a_time_is_cut_all_the_same() {
    let (_folder, host, _) = served();
    let mut slow = connect(&host);
    let started = Instant::now();
    let request = format!("GET /read HTTP/1.1\r\nHost: {host}\r\nX-Slow: {}", "x".repeat(1500));
    for byte in request.bytes() {
        if slow.write_all(&[byte]).is_err() {
            break;
        }
        std::thread::sleep(PATIENCE / 20);
    }
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
}
