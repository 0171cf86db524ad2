//! Runs `serve` and speaks plain HTTP with it, byte by byte where a test asks for it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::Sandbox;

/// A server that runs, with a browser that was let in.
pub struct Served {
    child: Child,
    /// Kept open, so that the program can go on printing.
    stdout: BufReader<ChildStdout>,
    /// What it printed first.
    pub line: String,
    /// Host and port.
    pub host: String,
    /// The cookie, as the browser sends it.
    pub cookie: String,
    /// The token that was used.
    pub token: String,
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Whether the body came to its end.
    pub is_whole: bool,
}

impl Served {
    /// Starts `serve` on any free port, lets a browser in, and waits until the texts are read.
    pub fn start(sandbox: &Sandbox, args: &[&str]) -> Self {
        let mut served = Served::start_locked(sandbox, args);
        served.enter();
        served.wait_until(|session| session["archive"]["state"] == "read");
        served
    }

    /// Starts `serve` with some variables in its environment, and lets a browser in.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    pub fn start_with(sandbox: &Sandbox, args: &[&str], variables: &[(&str, &Path)]) -> Self {
        let mut served = Served::spawn_with(sandbox, args, Stdio::inherit, variables);
        served.enter();
        served.wait_until(|session| session["archive"]["state"] == "read");
        served
    }

    /// Starts `serve` on a table that the caller writes, and lets a browser in.
    pub fn start_reading(sandbox: &Sandbox, args: &[&str]) -> (Self, ChildStdin) {
        let args = [["-", "--input-format", "csv"].as_slice(), args].concat();
        let mut served = Served::spawn(sandbox, &args, Stdio::piped);
        let table = served.child.stdin.take().unwrap();
        served.enter();
        (served, table)
    }

    fn enter(&mut self) {
        let reply = self.plain("GET", &format!("/open?token={}", self.token), &[], b"");
        assert_eq!(reply.status, 200, "{reply:?}");
        self.cookie = reply.header("set-cookie").split(';').next().unwrap().to_owned();
    }

    /// Waits until what the page knows of its session is as it shall be.
    pub fn wait_until(&self, is_done: impl Fn(&Value) -> bool) -> Value {
        self.wait_for("/api/session", is_done)
    }

    /// Waits until all texts are scored.
    pub fn wait_until_scored(&self) -> Value {
        self.wait_until(|session| session["archive"]["scoring"] == false)
    }

    /// Waits until an answer is as it shall be.
    pub fn wait_for(&self, path: &str, is_done: impl Fn(&Value) -> bool) -> Value {
        let started = Instant::now();
        loop {
            let answer = self.json(path);
            if is_done(&answer) {
                return answer;
            }
            assert!(started.elapsed() < Duration::from_secs(120), "{path}: {answer}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Starts `serve` on any free port, and lets nobody in.
    pub fn start_locked(sandbox: &Sandbox, args: &[&str]) -> Self {
        Served::spawn(sandbox, args, Stdio::inherit)
    }

    fn spawn(sandbox: &Sandbox, args: &[&str], stream: fn() -> Stdio) -> Self {
        Served::spawn_with(sandbox, args, stream, &[])
    }

    fn spawn_with(
        sandbox: &Sandbox,
        args: &[&str],
        stream: fn() -> Stdio,
        variables: &[(&str, &Path)],
    ) -> Self {
        let fixed = ["serve", "--no-browser", "--port", "0", "--model", "model.safetensors", "--jobs", "1"];
        let args: Vec<&str> = fixed.iter().chain(args).copied().collect();
        let mut command = sandbox.command(&args);
        command.envs(variables.iter().copied());
        let mut child = command.stdin(stream()).stdout(Stdio::piped()).stderr(stream()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let address = line
            .split_whitespace()
            .find_map(|word| word.strip_prefix("http://"))
            .unwrap_or_else(|| panic!("{line}"));
        let (host, rest) = address.split_once('/').unwrap();
        let token = rest.strip_prefix("open?token=").unwrap_or("");
        let (host, token) = (host.to_owned(), token.to_owned());
        Served { child, stdout, line, host, cookie: String::new(), token }
    }

    /// Asks the program to end, as Ctrl-C does.
    #[cfg(unix)]
    pub fn interrupt(&self) {
        std::process::Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
    }

    /// Waits for the end of the program, and gives its code and what it said on standard error.
    pub fn end(mut self) -> (Option<i32>, String) {
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code(), said)
    }

    /// Ends the program as if the power went, and gives what it printed after its first line.
    pub fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        rest
    }

    pub fn connect(&self) -> TcpStream {
        self.try_connect().unwrap()
    }

    fn try_connect(&self) -> std::io::Result<TcpStream> {
        let stream = TcpStream::connect(&self.host)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(stream)
    }

    /// Ends the program by a signal that it cannot see, after a time, while the caller goes on.
    #[cfg(unix)]
    pub fn kill_after(&self, time: Duration) -> std::thread::JoinHandle<()> {
        let id = self.child.id().to_string();
        std::thread::spawn(move || {
            std::thread::sleep(time);
            std::process::Command::new("kill").args(["-9", &id]).status().unwrap();
        })
    }

    /// Sends bytes as they are, and reads the answer to its end; no status where nobody answers.
    pub fn raw(&self, bytes: &[u8]) -> Reply {
        let Ok(mut stream) = self.try_connect() else {
            return Reply::none(Vec::new());
        };
        // A server that refuses may close before all is sent.
        let _ = stream.write_all(bytes);
        Reply::read(&mut stream)
    }

    /// A request with no headers but those given, and the right Host.
    pub fn plain(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let own = [("Host", self.host.as_str()), ("Connection", "close")];
        let mut request = format!("{method} {path} HTTP/1.1\r\n");
        for (name, value) in
            own.iter().filter(|(name, _)| headers.iter().all(|(other, _)| other != name)).chain(headers)
        {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            request.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        self.raw(&[request.as_bytes(), b"\r\n", body].concat())
    }

    /// What a browser that was let in gets, with further headers.
    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        let headers: Vec<(&str, &str)> =
            [("Cookie", self.cookie.as_str())].iter().chain(headers).copied().collect();
        self.plain("GET", path, &headers, b"")
    }

    /// What the page gets.
    pub fn get(&self, path: &str) -> Reply {
        self.get_with(path, &[])
    }

    /// What the page gets as JSON.
    #[track_caller]
    pub fn json(&self, path: &str) -> Value {
        self.get(path).json()
    }

    /// What the page sends.
    pub fn post(&self, path: &str, body: &Value) -> Reply {
        self.plain("POST", path, &self.page_headers("application/json"), body.to_string().as_bytes())
    }

    /// The headers that the page's own script sends.
    pub fn page_headers<'s>(&'s self, kind: &'s str) -> Vec<(&'s str, &'s str)> {
        vec![
            ("Cookie", &self.cookie),
            ("X-Standpoint", "1"),
            ("Content-Type", kind),
            ("Sec-Fetch-Site", "same-origin"),
        ]
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Reply {
    pub fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        let mut buffer = [0; 1 << 16];
        // A connection that is reset has told what it had to tell.
        while let Ok(read @ 1..) = stream.read(&mut buffer) {
            bytes.extend_from_slice(&buffer[..read]);
        }
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let Some(end) = end else { return Reply::none(bytes) };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let header = |line: &str| {
            line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        };
        let headers: Vec<(String, String)> = lines.filter_map(header).collect();
        let is_chunked = headers.contains(&("transfer-encoding".to_owned(), "chunked".to_owned()));
        let (body, is_whole) =
            if is_chunked { joined(&bytes[end + 4..]) } else { (bytes[end + 4..].to_vec(), true) };
        Reply { status, headers, body, is_whole }
    }

    /// No answer, but perhaps some bytes.
    fn none(body: Vec<u8>) -> Self {
        Reply { status: 0, headers: Vec::new(), body, is_whole: false }
    }

    /// A header; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/json", "{}", self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self
    }
}

/// The chunks of a body put together, and whether the last one was there.
fn joined(mut chunks: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    while let Some(line) = chunks.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&chunks[..line]).unwrap(), 16).unwrap();
        if size == 0 {
            return (body, true);
        }
        let end = (line + 2 + size).min(chunks.len());
        body.extend_from_slice(&chunks[line + 2..end]);
        chunks = &chunks[(end + 2).min(chunks.len())..];
    }
    (body, false)
}
