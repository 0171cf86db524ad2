//! Input that is damaged, hostile or not what it is called: it is named, and the rest of the batch
//! goes on.

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};

use crate::harness::{Finished, Sandbox};
use serde_json::Value;

const GOOD: &str = "Leaders must defend the guarantee: deterrence and courage support Ukraine today.";
/// Unpacked bytes of what unpacks to far more than its own size.
const BOMB: u64 = 400 << 20;
/// Address space of a run that reads a bomb: less than the bomb.
const ROOM: u64 = 300 << 20;

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_model();
    sandbox.write("good.txt", GOOD);
    sandbox
}

fn args<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["score", "--model", "model.safetensors", "--format", "jsonl"], more].concat()
}

fn score(sandbox: &Sandbox, more: &[&str]) -> Finished {
    sandbox.run(&args(more))
}

#[track_caller]
fn ids(ran: &Finished) -> Vec<String> {
    let scored =
        |record: &Value| record["error"].is_null().then(|| record["id"].as_str().unwrap().to_owned());
    ran.json().iter().filter_map(scored).collect()
}

/// Kind, line and message of each error.
#[track_caller]
fn errors(ran: &Finished) -> Vec<(String, Option<u64>, String)> {
    let error = |record: &Value| {
        let error = &record["error"];
        let text = |name: &str| error[name].as_str().unwrap().to_owned();
        (!error.is_null()).then(|| (text("kind"), error["line"].as_u64(), text("message")))
    };
    ran.json().iter().filter_map(error).collect()
}

/// Checks that a run over `name` and a good file gives one error of this kind on this line, which
/// begins with the file's name and says `what`, and that the good file is scored.
#[track_caller]
fn is_one_error(sandbox: &Sandbox, name: &str, kind: &str, line: Option<u64>, what: &str) -> Finished {
    one_error(score(sandbox, &[name, "good.txt"]), name, kind, line, what)
}

#[track_caller]
fn one_error(ran: Finished, name: &str, kind: &str, line: Option<u64>, what: &str) -> Finished {
    let ran = ran.exits(3);
    let found = errors(&ran);
    assert_eq!(found.len(), 1, "{ran}");
    let (found_kind, found_line, message) = &found[0];
    assert_eq!((found_kind.as_str(), *found_line), (kind, line), "{ran}");
    assert!(message.starts_with(name) && message.contains(what), "the message lacks {what:?}\n{ran}");
    assert_eq!(ids(&ran).last().map(String::as_str), Some("good.txt"), "{ran}");
    ran
}

/// Runs the program with no more address space than `ROOM`, where the system can do that.
fn score_in_little_room(sandbox: &Sandbox, more: &[&str]) -> Finished {
    let args = args(&[more, &["--jobs", "1"]].concat());
    if !cfg!(target_os = "linux") {
        return sandbox.run(&args);
    }
    let limited = format!("ulimit -v {} && exec \"$0\" \"$@\"", ROOM >> 10);
    let mut command = Command::new("sh");
    command.args(["-c", &limited, env!("CARGO_BIN_EXE_standpoint")]).args(&args).current_dir(sandbox.root());
    Finished::of(command.output().unwrap(), &args)
}

fn gzip(bytes: impl Read) -> Vec<u8> {
    let mut packed = Vec::new();
    flate2::read::GzEncoder::new(bytes, flate2::Compression::fast()).read_to_end(&mut packed).unwrap();
    packed
}

/// So many times the same letter.
fn letters(count: u64) -> impl Read {
    std::io::repeat(b'a').take(count)
}

#[test]
fn of_a_compressed_file_cut_in_half_all_that_is_whole_is_scored() {
    let sandbox = sandbox();
    // Not ASCII from the first row on: the encoding is decided by the rows that are there.
    let rows: String = (0u64..300)
        .map(|n| format!("{n},{:x},\"Київ: {GOOD}\"\n", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
        .collect();
    let csv = format!("id,noise,text\n{rows}");
    for (name, packed) in [
        ("a.csv.gz", gzip(csv.as_bytes())),
        ("a.csv.zst", zstd::encode_all(letters(0).chain(csv.as_bytes()), 1).unwrap()),
    ] {
        sandbox.write(name, &packed[..packed.len() / 2]);
        let ran = is_one_error(&sandbox, name, "io", None, "data is damaged or truncated");
        let found = ids(&ran);
        let whole = found.len() - 1;
        // A zstd frame of this size is one block, of which half is nothing.
        assert!(whole > 50 || name.ends_with("zst"), "only {whole} rows\n{ran}");
        assert!(found[..whole].iter().enumerate().all(|(n, id)| *id == n.to_string()), "{ran}");
    }
}

#[test]
fn a_small_file_that_unpacks_to_a_huge_one_is_one_error_in_little_memory() {
    let sandbox = sandbox();
    let end = format!("\n{{\"id\":\"after\",\"text\":\"{GOOD}\"}}\n");
    let bomb = || letters(BOMB).chain(end.as_bytes());
    let gzip = gzip(bomb());
    let zstd = zstd::encode_all(bomb(), 1).unwrap();
    assert!(gzip.len() < 4 << 20 && zstd.len() < 100 << 10, "{} and {} bytes", gzip.len(), zstd.len());
    for (packing, packed) in [("gz", gzip), ("zst", zstd)] {
        for (format, line) in [("jsonl", Some(1)), ("txt", None), ("csv", Some(1))] {
            let name = format!("a.{format}.{packing}");
            sandbox.write(&name, &packed);
            let ran = score_in_little_room(&sandbox, &[&name, "good.txt"]);
            let ran = one_error(ran, &name, "too-large", line, "raise the limit with --max-record");
            // Lines after the long one are records of their own.
            assert_eq!(ids(&ran).len(), if format == "jsonl" { 2 } else { 1 }, "{ran}");
            fs::remove_file(sandbox.path(&name)).unwrap();
        }
    }
}

#[test]
fn a_line_far_over_the_limit_is_one_error_and_the_next_line_is_read() {
    let sandbox = sandbox();
    let long = "word ".repeat(8 << 20);
    sandbox.write("a.csv", format!("id,text\n1,{GOOD}\n2,{long}\n3,{GOOD}\n"));
    sandbox.write("b.csv", format!("id,text\n1,{GOOD}\n2,\"{long}\"\n3,{GOOD}\n"));
    sandbox.write(
        "a.jsonl",
        format!("{{\"id\":1,\"text\":\"x\"}}\n{{\"text\":\"{long}\"}}\n{{\"id\":3,\"text\":\"x\"}}\n"),
    );
    sandbox.write("a.txt", &long);
    let told = "larger than 16777216 bytes";
    for (name, line, before) in [("a.csv", Some(3), 2), ("a.jsonl", Some(2), 2), ("a.txt", None, 0)] {
        let ran = is_one_error(&sandbox, name, "too-large", line, told);
        assert_eq!(ids(&ran)[..before], ["1", "3"][..before], "{ran}");
    }
    // In quotes it might be a text with a quote that was forgotten: either is one error.
    let ran = score(&sandbox, &["b.csv", "good.txt"]).exits(3);
    assert_eq!((errors(&ran).len(), ids(&ran)), (1, vec!["1".into(), "3".into(), "good.txt".to_owned()]));
}

#[test]
fn what_is_no_text_is_told_whatever_its_name() {
    let sandbox = sandbox();
    let zip = b"PK\x03\x04\x14\0\0\0\x08\0\x21\x5a\x11\x57\n\x9c\xbc, and so on".as_slice();
    for name in ["z.csv", "z.txt", "z.jsonl", "z.md", "z.html", "z"] {
        sandbox.write(name, zip);
        is_one_error(
            &sandbox,
            name,
            "text",
            None,
            "it is a zip archive, which is not supported; unpack it first",
        );
    }
    sandbox.write("p.txt", "%PDF-1.7\n%and so on\n");
    is_one_error(
        &sandbox,
        "p.txt",
        "text",
        None,
        "it is a PDF, which is not supported; convert it to text first",
    );
    sandbox.write("twice.txt.gz", gzip(gzip(GOOD.as_bytes()).as_slice()));
    is_one_error(&sandbox, "twice.txt.gz", "text", None, "it is gzip, not text");
}

#[test]
fn a_model_file_is_no_text() {
    let sandbox = sandbox();
    is_one_error(&sandbox, "model.safetensors", "text", None, "binary data (it contains zero bytes)");
    let model = sandbox.read("model.safetensors");
    sandbox.write("m.txt", &model);
    is_one_error(&sandbox, "m.txt", "text", Some(1), "it contains a zero byte");
    sandbox.write("m.csv", &model);
    is_one_error(&sandbox, "m.csv", "csv", Some(1), "binary data");
    sandbox.write("m.jsonl", &model);
    let ran = score(&sandbox, &["m.jsonl", "good.txt"]).exits(3);
    assert!(errors(&ran).iter().all(|(kind, ..)| kind == "json"), "{ran}");
    assert_eq!(ids(&ran), ["good.txt"]);
}

#[test]
fn zero_bytes_are_no_text_and_spoil_only_their_record() {
    let sandbox = sandbox();
    let text = format!("{GOOD}\0{GOOD}");
    sandbox.write("a.txt", &text);
    is_one_error(&sandbox, "a.txt", "text", Some(1), "it contains a zero byte, so it is not text; remove it");
    sandbox.write("a.md", &text);
    is_one_error(&sandbox, "a.md", "markdown", Some(1), "it contains a zero byte");
    sandbox.write("a.csv", format!("id,text\n1,{GOOD}\n2,{text}\n3,{GOOD}\n"));
    let ran = is_one_error(&sandbox, "a.csv", "csv", Some(3), "it contains a zero byte");
    assert_eq!(ids(&ran), ["1", "3", "good.txt"]);
    sandbox.write(
        "a.jsonl",
        format!(
            "{{\"id\":1,\"text\":\"x\"}}\n{{\"text\":\"{text}\"}}\n{{\"id\":3,\"text\":\"a \\u0000 b\"}}\n"
        ),
    );
    let ran = is_one_error(&sandbox, "a.jsonl", "json", Some(2), "it is not valid JSON: control character");
    assert_eq!(ids(&ran), ["1", "3", "good.txt"], "an escaped one is a character");
}

#[test]
fn pages_that_would_take_minutes_do_not() {
    let sandbox = sandbox();
    let nested = |tags: &str, times: usize| format!("<html><body>{}<p>{GOOD} {GOOD}", tags.repeat(times));
    let deep = format!("{}{}", nested("<div>", 100_000), "</div>".repeat(100_000));
    // Ends that close nothing hide how deep a page is.
    for page in
        [deep, nested("<div></p>", 49_000), nested("<div></x>", 49_000), nested("<b><div></b>", 33_000)]
    {
        sandbox.write("a.html", page);
        let ran = score(&sandbox, &["a.html", "good.txt"]).exits(0);
        assert!(ran.json()[0]["words"].as_u64().unwrap() >= 20, "{ran}");
    }
    for text in [format!("{} {GOOD}", ">".repeat(100_000)), "[".repeat(100_000), "*a _b ".repeat(50_000)] {
        sandbox.write("a.md", text);
        score(&sandbox, &["a.md", "good.txt"]).exits(0);
    }
}

#[test]
fn a_csv_of_ten_thousand_columns_is_read_and_its_faults_are_short() {
    let sandbox = sandbox();
    let columns = |value: &str, count: usize| vec![value; count].join(",");
    sandbox.write(
        "a.csv",
        format!(
            "{},text\n{},{GOOD}\n{},{GOOD}\n",
            columns("c", 9999),
            columns("1", 9999),
            columns("1", 9000)
        ),
    );
    let told = "the row has 9001 fields; the header has 10000";
    let ran = is_one_error(&sandbox, "a.csv", "csv", Some(3), told);
    assert_eq!(ids(&ran), ["a.csv#1", "good.txt"]);
    sandbox.write("b.csv", format!("{}\n{}\n", columns("column", 10_000), columns("1", 10_000)));
    let ran = is_one_error(&sandbox, "b.csv", "missing-column", Some(1), "no column `text`; found `column`");
    assert!(errors(&ran)[0].2.len() < 1000 && errors(&ran)[0].2.contains(" and 9980 more"), "{ran}");
}

#[test]
fn lines_that_are_no_objects_are_told_apart() {
    let sandbox = sandbox();
    for (line, what) in [
        (format!("[\"{GOOD}\"]"), "it is an array; expected one JSON object per line"),
        (format!("\"{GOOD}\""), "it is not a JSON object"),
        ("{\"text\":".to_owned(), "it is not valid JSON"),
        ("[".repeat(200_000), "it is an array"),
    ] {
        sandbox
            .write("a.jsonl", format!("{{\"id\":1,\"text\":\"x\"}}\n{line}\n{{\"id\":3,\"text\":\"x\"}}\n"));
        let ran = is_one_error(&sandbox, "a.jsonl", "json", Some(2), what);
        assert_eq!(ids(&ran), ["1", "3", "good.txt"]);
    }
    let deep = format!("{{\"text\":\"x\",\"other\":{}{}}}\n", "[".repeat(200_000), "]".repeat(200_000));
    sandbox.write("a.jsonl", deep);
    score(&sandbox, &["a.jsonl"]).exits(0);
}

#[test]
fn a_key_that_is_asked_for_stands_once() {
    let sandbox = sandbox();
    for (fields, key) in [
        (r#""text":"one","text":"two""#, "text"),
        (r#""text":"one","te\u0078t":"one""#, "text"),
        (r#""id":1,"text":"one","id":2"#, "id"),
    ] {
        sandbox.write("a.jsonl", format!("{{{fields}}}\n"));
        let told = format!("the value of `{key}` cannot be used: the object has this key more than once");
        is_one_error(&sandbox, "a.jsonl", "json", Some(1), &told);
    }
    sandbox.write("a.jsonl", "{\"tag\":1,\"text\":\"one\",\"tag\":2}\n");
    score(&sandbox, &["a.jsonl"]).exits(0);
    let ran = score(&sandbox, &["a.jsonl", "good.txt", "--keep", "tag"]);
    one_error(ran, "a.jsonl", "json", Some(1), "`tag`");
}

#[test]
fn half_a_surrogate_pair_is_an_error_in_json_and_replaced_elsewhere() {
    let sandbox = sandbox();
    for fields in [r#""text":"a \ud800 b""#, r#""text":"\udc00""#, r#""text":"x","id":"\ud83d""#] {
        sandbox.write("a.jsonl", format!("{{{fields}}}\n"));
        is_one_error(&sandbox, "a.jsonl", "json", Some(1), "half of a surrogate pair");
    }
    sandbox.write("a.jsonl", r#"{"text":"\ud83d\ude00 x","other":"\ud83d"}"#);
    score(&sandbox, &["a.jsonl"]).exits(0);
    // As some programs write them in UTF-8.
    let bytes = [GOOD.as_bytes(), b" \xed\xa0\x80 ", "Київ".as_bytes()].concat();
    sandbox.write("a.txt", &bytes);
    sandbox.write("a.csv", [b"text\n".as_slice(), &bytes, b"\n"].concat());
    let ran = score(&sandbox, &["a.txt", "a.csv"]).exits(0);
    ran.says("a.txt, line 1, byte 81: 3 invalid sequences").says("a.csv, line 2, byte 86: 3 invalid");
}

#[test]
fn an_empty_file_has_a_text_without_words_no_records_or_no_header() {
    let sandbox = sandbox();
    for name in ["e.txt", "e.md", "e.html", "e", "e.txt.gz"] {
        sandbox.write(name, "");
        let ran = score(&sandbox, &[name, "good.txt"]).exits(0);
        assert_eq!(ids(&ran), [name, "good.txt"]);
        assert_eq!(ran.json()[0]["reason"], "too-short", "{ran}");
    }
    for name in ["e.jsonl", "e.warc", "e.jsonl.zst"] {
        sandbox.write(name, "");
        assert_eq!(ids(&score(&sandbox, &[name, "good.txt"]).exits(0)), ["good.txt"]);
    }
    for name in ["e.csv", "e.tsv", "e.csv.gz"] {
        sandbox.write(name, "");
        is_one_error(&sandbox, name, "csv", Some(1), "it is empty; expected a header line");
    }
    sandbox.write("e.csv", "\n\n");
    is_one_error(&sandbox, "e.csv", "csv", Some(1), "expected a header line");
    // A gzip file without anything in it.
    sandbox.write("e.csv.gz", gzip(letters(0)));
    is_one_error(&sandbox, "e.csv.gz", "csv", Some(1), "it is empty");
}

#[test]
#[cfg(unix)]
fn a_pipe_is_read_like_a_file_when_it_is_named_and_passed_over_in_a_folder() {
    let sandbox = sandbox();
    for name in ["pipe", "rows.csv", "f/waits.txt"] {
        fs::create_dir_all(sandbox.path("f")).unwrap();
        assert!(Command::new("mkfifo").arg(sandbox.path(name)).status().unwrap().success());
    }
    let (pipe, rows) = (sandbox.path("pipe"), sandbox.path("rows.csv"));
    let writer = std::thread::spawn(move || {
        fs::write(pipe, GOOD).unwrap();
        fs::write(rows, format!("id,text\n1,{GOOD}\n2\n")).unwrap();
    });
    let ran = score(&sandbox, &["pipe", "rows.csv", "good.txt"]);
    writer.join().unwrap();
    let ran = one_error(ran, "rows.csv", "csv", Some(3), "the row has 1 fields");
    assert_eq!(ids(&ran), ["pipe", "1", "good.txt"]);
    sandbox.write("f/a.txt", GOOD);
    let ran = score(&sandbox, &["f"]).exits(0).says("skipped files of unknown type: 1 not a regular file");
    assert_eq!(ids(&ran), ["f/a.txt"]);
}

/// Results wait in their pipe until somebody reads them, and as long the program does not read far
/// ahead.
#[test]
fn a_file_that_is_cut_while_it_is_read_is_told_even_where_a_line_ends() {
    let sandbox = sandbox();
    let line = format!("{{\"text\":\"{}\"}}\n", GOOD.repeat(50));
    let lines = (48 << 20) / line.len();
    for (cut_lines, more) in [(lines * 3 / 4, 0), (lines * 3 / 4, line.len() / 2)] {
        sandbox.write("a.jsonl", line.repeat(lines));
        let args = args(&["a.jsonl", "good.txt"]);
        let mut child = sandbox.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = [0];
        child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
        let cut = cut_lines * line.len() + more;
        fs::OpenOptions::new()
            .write(true)
            .open(sandbox.path("a.jsonl"))
            .unwrap()
            .set_len(cut as u64)
            .unwrap();
        let mut output = child.wait_with_output().unwrap();
        output.stdout.insert(0, first[0]);
        let told = format!("the file ends after {cut} of {} bytes", lines * line.len());
        let ran = one_error(Finished::of(output, &args), "a.jsonl", "io", None, &told);
        assert_eq!(ids(&ran).len(), cut_lines + 1, "every whole line is a record");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_folder_that_may_not_be_entered_is_one_error() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = sandbox();
    sandbox.write("f/a.txt", GOOD);
    sandbox.write("f/closed/b.txt", GOOD);
    sandbox.write("f/z.txt", GOOD);
    let closed = sandbox.path("f/closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let args = args(&["f", "good.txt"]);
    let output = sandbox.command_without_rights(&args).output().unwrap();
    // So that the folder can be removed.
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    let ran = Finished::of(output, &args).exits(3).says("f/closed: cannot read: Permission denied");
    assert_eq!(ids(&ran), ["f/a.txt", "f/z.txt", "good.txt"]);
    assert_eq!(errors(&ran).len(), 1);
}

#[test]
#[cfg(target_os = "linux")]
fn names_of_any_bytes_are_read_and_cannot_break_a_line_or_drive_a_terminal() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let sandbox = sandbox();
    fs::create_dir(sandbox.path("f")).unwrap();
    for name in [&b"a\nb.txt"[..], b"c\x1b[31m\t\"d\".txt", b"e\xff.txt", b"g,h.txt"] {
        fs::write(sandbox.path("f").join(OsStr::from_bytes(name)), GOOD).unwrap();
    }
    fs::write(sandbox.path("f").join(OsStr::from_bytes(b"x\ny\x07\xff.csv")), "").unwrap();
    let expected = ["f/a\nb.txt", "f/c\u{1b}[31m\t\"d\".txt", "f/e\u{fffd}.txt", "f/g,h.txt"];
    let ran = one_error(
        score(&sandbox, &["f", "good.txt"]),
        "f/x\ny\u{7}\u{fffd}.csv",
        "csv",
        Some(1),
        "it is empty",
    );
    assert_eq!(ids(&ran)[..4], expected);
    let told = ran.stderr.lines().filter(|line| line.contains("it is empty")).collect::<Vec<_>>();
    assert!(told.len() == 1 && told[0].contains("f/x\u{fffd}y\u{fffd}\u{fffd}.csv"), "{ran}");
    assert!(!ran.stderr.contains(|c: char| c.is_control() && c != '\n'), "{ran}");

    let shown =
        |format| sandbox.run(&["score", "--model", "model.safetensors", "f", "--format", format]).exits(3);
    let ran = shown("csv");
    let mut reader = csv::Reader::from_reader(ran.stdout.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    assert_eq!(rows.iter().take(4).map(|row| &row[0]).collect::<Vec<_>>(), expected);
    let ran = shown("table");
    assert_eq!(ran.stdout.lines().count(), 6, "{ran}");
    assert!(!ran.stdout.contains(|c: char| c.is_control() && c != '\n'), "{ran}");
}

#[test]
fn an_output_in_the_folder_that_is_read_is_not_read() {
    let sandbox = sandbox();
    sandbox.write("f/a.txt", GOOD);
    sandbox.write("f/b.csv", format!("id,text\n1,{GOOD}\n2\n"));
    for output in ["f/o.jsonl", "f/o.csv"] {
        let run = || {
            let ran =
                sandbox.run(&["score", "--model", "model.safetensors", "f", "--output", output]).exits(3);
            (ran.stderr.lines().count(), sandbox.read(output))
        };
        let first = run();
        assert_eq!(run(), first, "{output}");
        fs::remove_file(sandbox.path(output)).unwrap();
    }
    // Given by itself it is read, and that is refused.
    sandbox.run(&["score", "--model", "model.safetensors", "f", "--output", "f/o.csv"]).exits(3);
    let before = sandbox.read("f/o.csv");
    sandbox
        .run(&["score", "--model", "model.safetensors", "f/a.txt", "f/o.csv", "--output", "f/../f/o.csv"])
        .exits(2)
        .says("this file is an input and would be overwritten");
    assert_eq!(sandbox.read("f/o.csv"), before);
}

#[test]
fn many_bad_files_are_each_told_in_the_results_and_a_few_on_the_terminal() {
    let sandbox = sandbox();
    for number in 0..200 {
        sandbox.write(&format!("f/{number:03}.csv"), "");
    }
    let ran = score(&sandbox, &["f", "good.txt"]).exits(3);
    assert_eq!((errors(&ran).len(), ids(&ran).len()), (200, 1));
    assert!(ran.stderr.lines().count() < 20, "{ran}");
    assert!(ran.stderr.contains("197 more"), "{ran}");
}
