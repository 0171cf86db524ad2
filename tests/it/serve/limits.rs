//! How much a client may send, and how many may wait.

use std::io::Write;
use std::time::Duration;

use super::client::{Reply, Served};
use crate::harness::Sandbox;

#[test]
fn bodies_and_headers_that_are_too_large_are_refused() {
    let sandbox = Sandbox::with_model();
    let served = Served::start(&sandbox, &[]);
    let limit = 64 << 20;
    let head = |length: &str| {
        let mut head =
            format!("POST /api/read HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{length}\r\n", served.host);
        for (name, value) in served.page_headers("application/json") {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head + "\r\n"
    };
    // What it says is enough: nothing of it is read.
    let reply = served.raw(head(&format!("Content-Length: {}", limit + 1)).as_bytes()).expect(413);
    assert_eq!(reply.json()["error"], "more than 64 MB were sent");
    let mut stream = served.connect();
    stream.write_all(head("Transfer-Encoding: chunked").as_bytes()).unwrap();
    let chunk = [b"100000\r\n".as_slice(), &vec![b' '; 1 << 20], b"\r\n"].concat();
    for _ in 0..=64 {
        if stream.write_all(&chunk).is_err() {
            break;
        }
    }
    assert_eq!(Reply::read(&mut stream).status, 413);
    // As many headers as a browser sends fit; 17 KB do not.
    let padding = |size: usize| served.get_with("/read", &[("X-Padding", "x".repeat(size).as_str())]).status;
    assert_eq!((padding(15 << 10), padding(17 << 10)), (200, 431));
}

#[test]
fn whoever_is_not_let_in_may_send_little() {
    let sandbox = Sandbox::with_model();
    let served = Served::start_locked(&sandbox, &[]);
    let send = |size: usize| served.plain("POST", "/open", &[], "x".repeat(size).as_bytes());
    assert_eq!(send(4096).status, 401);
    assert_eq!(send(4097).expect(413).json()["error"], "more than 4 KB were sent");
    // A body that does not tell its length is not read further either.
    let chunked = format!(
        "POST /open HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n1001\r\n{}\r\n0\r\n\r\n",
        served.host,
        "x".repeat(4097)
    );
    served.raw(chunked.as_bytes()).expect(413);
    let form = format!("token={}", served.token);
    served.plain("POST", "/open", &[], form.as_bytes()).expect(200);
}

#[test]
fn a_small_body_is_read_wherever_it_is_sent_so_that_the_connection_goes_on() {
    let sandbox = Sandbox::with_model();
    let served = Served::start(&sandbox, &[]);
    for (path, cookie, status) in [
        ("/api/train/stop", served.cookie.as_str(), 200),
        ("/api/models/0/use", served.cookie.as_str(), 200),
        ("/api/nothing", served.cookie.as_str(), 404),
        ("/api/train/stop", "standpoint=none", 401),
    ] {
        let mut stream = served.connect();
        stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nX-Standpoint: 1\r\n\
             Content-Type: application/json\r\nContent-Length: 2\r\n\r\n",
            served.host
        );
        stream.write_all(head.as_bytes()).unwrap();
        // Long enough for an answer that does not wait for the body.
        std::thread::sleep(Duration::from_millis(150));
        stream.write_all(b"{}").unwrap();
        std::thread::sleep(Duration::from_millis(150));
        let further =
            format!("GET /assets/app.css HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", served.host);
        let sent = stream.write_all(further.as_bytes());
        let answers = Reply::read(&mut stream);
        assert_eq!(answers.status, status, "{path}: {answers:?}");
        let second = answers.text().contains("HTTP/1.1 200 ");
        assert!(sent.is_ok() && second, "{path}: the connection was closed: {sent:?}");
    }
}

#[test]
fn no_more_than_64_connections_are_held() {
    let sandbox = Sandbox::with_model();
    let served = Served::start(&sandbox, &[]);
    let mut waiting: Vec<_> = (0..64).map(|_| served.connect()).collect();
    // The connections are taken in their order.
    std::thread::sleep(Duration::from_millis(300));
    let mut further = served.connect();
    let request =
        format!("GET /assets/app.css HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", served.host);
    further.write_all(request.as_bytes()).unwrap();
    further.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    assert_eq!(Reply::read(&mut further).status, 0, "the 65th waits");
    waiting.pop();
    further.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    assert_eq!(Reply::read(&mut further).status, 200);
}
