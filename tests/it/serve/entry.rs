//! Who is let in, by what, and how often.

use std::fs;

use super::client::{Reply, Served};
use crate::harness::Sandbox;

#[test]
fn the_address_lets_in_once_and_the_cookie_stays_with_the_page() {
    let sandbox = Sandbox::with_model();
    let served = Served::start_locked(&sandbox, &[]);
    assert!(served.host.starts_with("127.0.0.1:"), "{}", served.line);
    assert_eq!(served.token.len(), 64, "32 bytes in hexadecimal: {}", served.line);
    let path = format!("/open?token={}", served.token);
    assert_eq!(served.plain("GET", "/open", &[], b"").status, 401);
    assert_eq!(served.plain("GET", &format!("/open?token={}", "0".repeat(64)), &[], b"").status, 401);
    // Who only looks takes nothing.
    let looked = served.plain("HEAD", &path, &[], b"").expect(200);
    assert!(looked.header("set-cookie").is_empty() && looked.body.is_empty(), "{looked:?}");
    assert_eq!(served.plain("HEAD", "/open?token=0", &[], b"").status, 401);
    let reply = served.plain("GET", &path, &[], b"").expect(200);
    let cookie = reply.header("set-cookie").to_owned();
    for part in ["; HttpOnly", "; SameSite=Strict", "; Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains(&served.token) && !cookie.contains("Domain"), "{cookie}");
    assert!(reply.text().contains("url=/read") && !reply.text().contains(&served.token));
    let again = served.plain("GET", &path, &[("Accept", "text/html")], b"").expect(401);
    assert!(
        again.header("set-cookie").is_empty() && again.text().contains("used already"),
        "{}",
        again.text()
    );
}

#[test]
fn nothing_but_the_entry_and_the_style_is_answered_without_the_cookie() {
    let sandbox = Sandbox::with_model();
    let served = Served::start(&sandbox, &[]);
    let paths = [
        "/",
        "/read",
        "/label",
        "/check",
        "/api/session",
        "/api/texts",
        "/api/export?what=labels",
        "/nothing",
    ];
    let wrong = format!("{}0", served.cookie);
    for path in paths {
        assert_eq!(served.plain("GET", path, &[], b"").status, 401, "{path}");
        assert_eq!(served.plain("GET", path, &[("Cookie", &wrong)], b"").status, 401, "{path}");
    }
    let shown = served.plain("GET", "/read", &[("Accept", "text/html")], b"").expect(401);
    assert!(shown.header("content-type").starts_with("text/html") && shown.text().contains("open.html"));
    for path in ["/api/read", "/api/undo", "/api/train"] {
        let headers = [("X-Standpoint", "1"), ("Content-Type", "application/json")];
        assert_eq!(served.plain("POST", path, &headers, b"{}").status, 401, "{path}");
    }
    assert_eq!(served.plain("GET", "/assets/app.css", &[], b"").status, 200);
    assert_eq!(served.get("/read").status, 200);
    assert_eq!(served.get("/").expect(303).header("location"), "/read");
}

#[test]
fn a_file_that_only_its_owner_reads_lets_in_again() {
    let sandbox = Sandbox::with_model();
    let served = Served::start(&sandbox, &["--work", "work"]);
    let token = || {
        let page = String::from_utf8(sandbox.read("work/open.html")).unwrap();
        let value = page.split("name=\"token\" value=\"").nth(1).unwrap();
        assert!(page.contains(&format!("action=\"http://{}/open\"", served.host)), "{page}");
        value.split('"').next().unwrap().to_owned()
    };
    let first = token();
    assert_ne!(first, served.token, "that one is used");
    // The form of a file on disk comes from nowhere, as browsers tell it.
    let headers = [
        ("Origin", "null"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    let post = |token: &str| served.plain("POST", "/open", &headers, format!("token={token}").as_bytes());
    let cookie = post(&first).expect(200).header("set-cookie").to_owned();
    assert!(cookie.starts_with(&served.cookie), "{cookie}");
    assert_ne!(token(), first);
    post(&first).expect(401);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(sandbox.path("work/open.html")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

/// The browser is a script that notes how it was called and what the file held.
#[test]
#[cfg(target_os = "linux")]
fn the_browser_is_given_a_file_and_no_list_of_processes_shows_the_token() {
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;
    use std::process::Stdio;
    use std::time::{Duration, Instant};

    let sandbox = Sandbox::with_model();
    let script = sandbox.write(
        "bin/xdg-open",
        "#!/bin/sh\ncat \"$1\" > opened.part\nprintf '%s\\n' \"$@\" > called\nmv opened.part opened\nsleep 60\n",
    );
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", sandbox.path("bin").display(), std::env::var("PATH").unwrap());
    let args = ["serve", "--port", "0", "--model", "model.safetensors", "--work", "work"];
    let mut command = sandbox.command(&args);
    let mut child = command.env("PATH", path).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let started = Instant::now();
    while !sandbox.path("opened").exists() && started.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let arguments = fs::read_to_string(format!("/proc/{}/cmdline", child.id())).unwrap();
    // The page answers though the program that opened the browser has not ended.
    let address = String::from_utf8(sandbox.read("opened")).unwrap();
    let address = address.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let mut stream = std::net::TcpStream::connect(&address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(stream, "GET /read HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    assert_eq!(Reply::read(&mut stream).status, 401);
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    let page = String::from_utf8(sandbox.read("opened")).unwrap();
    let token = page.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(token.len(), 64, "{page}");
    let called = String::from_utf8(sandbox.read("called")).unwrap();
    assert_eq!(called.trim(), "work/open.html");
    for shown in [&called, &arguments, &said] {
        assert!(!shown.contains(token), "{shown}");
    }
    assert!(said.contains("The page is at http://127.0.0.1:"), "{said}");
}

#[test]
fn only_this_machine_is_listened_to() {
    let sandbox = Sandbox::with_model();
    let served = Served::start(&sandbox, &[]);
    let port = served.host.rsplit_once(':').unwrap().1;
    // The address by which this machine reaches others, if it has one; nothing is sent.
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    if socket.connect("192.0.2.1:9").is_ok() {
        let own = socket.local_addr().unwrap().ip();
        if !own.is_loopback() {
            assert!(std::net::TcpStream::connect(format!("{own}:{port}")).is_err(), "{own}");
        }
    }
    assert!(std::net::TcpStream::connect(format!("127.0.0.2:{port}")).is_err());
}

#[test]
fn other_machines_need_a_token_that_is_kept_to_oneself() {
    let sandbox = Sandbox::with_model();
    let token = "a-token-of-more-than-32-characters";
    sandbox.write("token", format!("{token}\n"));
    sandbox.run(&["serve", "--host", "127.0.0.1"]).exits(2).says("--token-file");
    sandbox.run(&["serve", "--token-file", "token"]).exits(2).says("--host");
    let args = ["--host", "127.0.0.1", "--token-file", "token"];
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let all: Vec<&str> =
            ["serve", "--model", "model.safetensors", "--port", "0"].iter().chain(&args).copied().collect();
        fs::set_permissions(sandbox.path("token"), fs::Permissions::from_mode(0o644)).unwrap();
        sandbox.run(&all).exits(1).says("chmod 600");
        fs::set_permissions(sandbox.path("token"), fs::Permissions::from_mode(0o600)).unwrap();
        sandbox.write("token", "short");
        sandbox.run(&all).exits(2).says("at least 32 letters");
        sandbox.write("token", token);
    }
    let served = Served::start_locked(&sandbox, &args);
    assert!(!served.line.contains(token), "{}", served.line);
    assert_eq!(served.plain("GET", "/read", &[], b"").status, 401);
    // Browsers remember addresses: there the token is not taken, but in a form.
    let address = format!("/open?token={token}");
    let locked = served.plain("GET", &address, &[("Accept", "text/html")], b"").expect(401);
    assert!(locked.text().contains("<input type=\"password\" name=\"token\""), "{}", locked.text());
    assert!(locked.headers.iter().all(|(name, _)| name != "set-cookie"), "{locked:?}");
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    served.plain("POST", "/open", &[form], b"token=wrong").expect(401);
    for _ in 0..2 {
        let reply = served.plain("POST", "/open", &[form], format!("token={token}").as_bytes()).expect(200);
        let cookie = reply.header("set-cookie").split(';').next().unwrap();
        assert_eq!(served.plain("GET", "/read", &[("Cookie", cookie)], b"").status, 200);
    }
    assert!(!sandbox.path("standpoint-labels/open.html").exists());
}

#[test]
fn a_taken_port_is_passed_over() {
    let sandbox = Sandbox::with_model();
    let first = Served::start(&sandbox, &["--work", "a"]);
    let port = first.host.rsplit_once(':').unwrap().1;
    let other = Sandbox::with_model();
    let ran = std::process::Command::new(env!("CARGO_BIN_EXE_standpoint"))
        .args(["serve", "--model", "model.safetensors", "--no-browser", "--port", port])
        .current_dir(other.root())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn();
    let mut child = ran.unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line)
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.contains("http://127.0.0.1:") && !line.contains(&format!(":{port}/")), "{line}");
}
