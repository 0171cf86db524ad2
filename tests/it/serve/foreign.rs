//! What another page, another name, or a client of another protocol gets: nothing.

use serde_json::json;

use super::client::{Reply, Served};
use crate::harness::Sandbox;

#[test]
fn another_name_is_refused_before_all_else() {
    let sandbox = Sandbox::with_model();
    let served = Served::start_locked(&sandbox, &[]);
    let entry = format!("/open?token={}", served.token);
    for host in ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost", "evil.example:80", "x@127.0.0.1:80"]
    {
        for path in ["/", "/read", "/assets/app.css", "/api/session", "/nothing", entry.as_str()] {
            let reply = served.plain("GET", path, &[("Host", host)], b"").expect(421);
            assert!(reply.header("set-cookie").is_empty(), "{reply:?}");
        }
        // Before the method and the body, too.
        served.plain("DELETE", "/", &[("Host", host)], b"").expect(421);
        served
            .plain("POST", "/open", &[("Host", host)], format!("token={}", served.token).as_bytes())
            .expect(421);
    }
    let missing =
        served.raw(format!("GET {entry} HTTP/1.1\r\nConnection: close\r\n\r\n").as_bytes()).expect(400);
    assert!(missing.header("set-cookie").is_empty());
    served.raw(format!("GET {entry} HTTP/1.0\r\n\r\n").as_bytes()).expect(400);
    let twice = format!(
        "GET {entry} HTTP/1.1\r\nHost: {}\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        served.host
    );
    served.raw(twice.as_bytes()).expect(400);
    let absolute = format!(
        "GET http://evil.example{entry} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        served.host
    );
    served.raw(absolute.as_bytes()).expect(421);
    let port = served.host.rsplit_once(':').unwrap().1;
    // None of these used the token up.
    served.plain("GET", &entry, &[("Host", &format!("localhost:{port}"))], b"").expect(200);
}

#[test]
fn another_page_can_send_nothing_that_changes_anything() {
    let sandbox = Sandbox::with_model();
    let served = Served::start(&sandbox, &[]);
    let own = format!("http://{}", served.host);
    let body = json!({ "text": "Leaders must defend the guarantee." }).to_string();
    let send = |headers: &[(&str, &str)]| served.plain("POST", "/api/read", headers, body.as_bytes()).status;
    let page = served.page_headers("application/json");
    assert_eq!(send(&page), 200);
    assert_eq!(send(&[page.clone(), vec![("Origin", &own)]].concat()), 200);
    let without = |name: &str| page.iter().filter(|(other, _)| *other != name).copied().collect::<Vec<_>>();
    assert_eq!(send(&without("X-Standpoint")), 403, "a form cannot add a header");
    for site in ["cross-site", "same-site"] {
        assert_eq!(
            send(&[without("Sec-Fetch-Site"), vec![("Sec-Fetch-Site", site)]].concat()),
            403,
            "{site}"
        );
    }
    // A browser that does not tell the site tells the origin.
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1"] {
        assert_eq!(send(&[without("Sec-Fetch-Site"), vec![("Origin", origin)]].concat()), 403, "{origin}");
    }
    for kind in ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=b"] {
        assert_eq!(send(&[without("Content-Type"), vec![("Content-Type", kind)]].concat()), 415, "{kind}");
    }
    // No permission is ever given to another origin.
    let asked = [("Origin", "http://evil.example"), ("Access-Control-Request-Method", "POST")];
    let preflight = served.plain("OPTIONS", "/api/read", &[asked.as_slice(), &page].concat(), b"");
    assert_eq!(preflight.status, 405);
    let read = served.get_with("/api/session", &[("Origin", "http://evil.example")]);
    for reply in [preflight, read] {
        assert!(reply.headers.iter().all(|(name, _)| !name.starts_with("access-control")), "{reply:?}");
    }
}

#[test]
fn getting_changes_nothing() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.csv", "id,source,text\n1,Gazette,Leaders must defend the guarantee.\n");
    let served = Served::start(&sandbox, &["a.csv", "--work", "work"]);
    let queue = served.json("/api/queue?kind=random");
    assert!(queue["items"].is_array());
    let before = saved(&sandbox);
    for path in [
        "/",
        "/read",
        "/label",
        "/check",
        "/api/session",
        "/api/texts",
        "/api/texts/0",
        "/api/groups?by=source",
        "/api/queue?kind=uncertain",
        "/api/queue?kind=random&limit=50",
        "/api/labels",
        "/api/training",
        "/api/check",
        "/api/export?what=labels",
        "/api/export?what=table",
    ] {
        let status = served.get(path).status;
        assert!(matches!(status, 200 | 303), "{path}: {status}");
    }
    assert_eq!(saved(&sandbox), before);
    for path in [
        "/api/read",
        "/api/read-file",
        "/api/decisions",
        "/api/decisions/1",
        "/api/undo",
        "/api/train",
        "/api/train/stop",
        "/api/models/1/use",
        "/api/check/sample",
    ] {
        let status =
            served.get_with(path, &[("X-Standpoint", "1"), ("Content-Type", "application/json")]).status;
        assert!(matches!(status, 404 | 405), "{path}: {status}");
    }
    assert_eq!(saved(&sandbox), before);
}

/// The files of the work folder with their sizes.
fn saved(sandbox: &Sandbox) -> Vec<(String, u64)> {
    let entry = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.unwrap();
        (entry.file_name().into_string().unwrap(), entry.metadata().unwrap().len())
    };
    let mut files: Vec<_> = std::fs::read_dir(sandbox.path("work")).unwrap().map(entry).collect();
    files.sort();
    files
}

#[test]
fn no_socket_is_opened_for_another_protocol() {
    let sandbox = Sandbox::with_model();
    let served = Served::start(&sandbox, &[]);
    let upgrade = [
        ("Connection", "Upgrade, close"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    for path in ["/", "/read", "/api/session", "/assets/app.js"] {
        let reply =
            served.get_with(path, &[upgrade.as_slice(), &[("Origin", "http://evil.example")]].concat());
        assert_eq!(reply.status, 403, "{path}");
    }
    served.plain("TRACE", "/", &[], b"").expect(405);
    served.plain("PUT", "/api/read", &[], b"{}").expect(405);
}

fn has_headers(reply: &Reply) {
    let policy = reply.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none';"), "{reply:?}");
    let allowed: Vec<&str> = policy
        .split(';')
        .flat_map(|directive| directive.split_whitespace().skip(1))
        .filter(|source| !["'none'", "'self'"].contains(source))
        .collect();
    assert_eq!(allowed, [""; 0], "{policy}");
    for directive in [
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ] {
        assert!(policy.contains(directive), "{policy}");
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(reply.header(name), value, "{name} of {reply:?}");
    }
    assert!(reply.headers.iter().all(|(name, _)| !name.starts_with("access-control") && name != "server"));
}

#[test]
fn every_answer_tells_the_browser_what_it_may_do() {
    let sandbox = Sandbox::with_model();
    let served = Served::start(&sandbox, &[]);
    for path in [
        "/",
        "/read",
        "/label",
        "/check",
        "/assets/app.css",
        "/assets/app.js",
        "/assets/none.js",
        "/api/session",
        "/nothing",
    ] {
        has_headers(&served.get(path));
        has_headers(&served.plain("GET", path, &[], b""));
        has_headers(&served.plain("GET", path, &[("Host", "evil.example")], b""));
    }
    has_headers(&served.plain("POST", "/api/read", &[("Cookie", &served.cookie)], b"{}").expect(403));
    has_headers(&served.plain("GET", "/open?token=x", &[("Accept", "text/html")], b"").expect(401));
    has_headers(&served.plain("PUT", "/read", &[], b"").expect(405));
    let of_kind = |kind: &'static str| served.plain("POST", "/api/read", &served.page_headers(kind), b"{}");
    has_headers(&of_kind("text/plain").expect(415));
    let long = [served.page_headers("application/json"), vec![("Content-Length", "99999999")]].concat();
    has_headers(&served.plain("POST", "/api/read", &long, b"").expect(413));
    has_headers(&served.plain("POST", "/open", &[], b"token=x").expect(401));
    // The address that was printed was used; what shows the way in has the headers as well.
    let locked = Served::start_locked(&Sandbox::with_model(), &[]);
    let entered = locked.plain("GET", &format!("/open?token={}", locked.token), &[], b"");
    has_headers(&entered.expect(200));
}

#[test]
fn screens_hold_no_script_and_no_style_of_their_own() {
    let sandbox = Sandbox::with_model();
    let served = Served::start(&sandbox, &[]);
    let locked = served.plain("GET", "/read", &[("Accept", "text/html")], b"");
    let entry = served.plain("GET", "/open?token=x", &[("Accept", "text/html")], b"");
    for reply in [served.get("/read"), served.get("/label"), served.get("/check"), locked, entry] {
        let page = reply.text();
        let scripts = page.matches("<script").count();
        assert_eq!(scripts, page.matches("<script type=\"module\" src=\"/assets/").count(), "{page}");
        for inline in ["<style", " style=", " onclick=", " onload=", "javascript:", "http://", "https://"] {
            assert!(!page.contains(inline), "{inline}\n{page}");
        }
    }
}

#[test]
fn no_path_of_a_client_leads_to_a_file() {
    let sandbox = Sandbox::with_model();
    sandbox.write("secret.txt", "TOP-SECRET leaders must defend the guarantee");
    let served = Served::start(&sandbox, &[]);
    for path in [
        "/assets/../secret.txt",
        "/assets/..%2fsecret.txt",
        "/assets/%2e%2e/secret.txt",
        "/../secret.txt",
        "/assets//secret.txt",
        "/assets/app.css%00.txt",
        "/assets/",
        "//etc/passwd",
        "/api/texts/..%2f..%2fsecret.txt",
        "/api/export?what=../secret.txt",
        "/secret.txt",
    ] {
        let reply = served.get(path);
        assert!((400..500).contains(&reply.status), "{path}: {}", reply.status);
        assert!(!reply.text().contains("TOP-SECRET"), "{path}");
    }
    // The name of a dropped file says what it may be, and opens nothing.
    for name in ["secret.txt", "..%2Fsecret.txt", "%2Fetc%2Fpasswd", "-"] {
        let headers = [served.page_headers("application/octet-stream"), vec![("X-File-Name", name)]].concat();
        let reply =
            served.plain("POST", "/api/read-file", &headers, b"Deterrence today: leaders must defend it.");
        let shown = reply.expect(200).json();
        assert_eq!(shown["documents"][0]["text"], "Deterrence today: leaders must defend it.", "{name}");
        assert!(!shown.to_string().contains("etc/"), "{shown}");
    }
}
