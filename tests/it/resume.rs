//! A run that is killed is gone on with, and the file that it ends in is the one that an
//! undisturbed run writes.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::{self, Sandbox};
use serde_json::Value;

/// Between two checkpoints.
const CHECKPOINT: usize = 4096;
/// Of the input that is scored while runs are killed.
const MEGABYTES: usize = 20;
/// Kills of each format.
const KILLS: usize = 50;

/// About so many bytes of CSV rows that differ from each other.
fn news(bytes: usize) -> String {
    let rows = harness::rows(600);
    let mut csv = String::from("id,source,text\n");
    let mut number = 0;
    while csv.len() < bytes {
        let at = |step: usize| &rows[(number * step + number / 600) % rows.len()].text;
        csv.push_str(&format!("n{number},outlet {},{} {} {}\n", number % 7, at(1), at(7), at(11)));
        number += 1;
    }
    csv
}

struct Kill<'b> {
    sandbox: &'b Sandbox,
    args: Vec<&'b str>,
    state: u64,
}

impl Kill<'_> {
    fn random(&mut self, below: u128) -> u64 {
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.state >> 20) as u128 % below.max(1)) as u64
    }

    /// Starts the program and kills it after `after`; true if it had come to its end by then.
    fn run(&self, extra: &[&str], after: Duration) -> bool {
        let args = [&self.args, extra].concat();
        let mut child = self.sandbox.command(&args).stderr(Stdio::null()).spawn().unwrap();
        let end = Instant::now() + after;
        while Instant::now() < end {
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success(), "{args:?}: {status}");
                return true;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        false
    }
}

/// `extra` arguments may name a file `TABLE`.
fn survives_kills(output: &str, extra: &[&str]) {
    let sandbox = Sandbox::with_model();
    sandbox.write("news.csv", news(MEGABYTES << 20));
    let args = |run: &str| {
        let own = [format!("{run}.{output}"), format!("{run}.table.csv"), format!("{run}.json")];
        let [name, table, summary] = own.map(|name| &*name.leak());
        let head = ["score", "news.csv", "--model", "model.safetensors", "--keep", "source"];
        let tail = ["--output", name, "--summary", summary];
        let extra = extra.iter().map(|&word| if word == "TABLE" { table } else { &*word.to_owned().leak() });
        (name, head.into_iter().chain(tail).chain(extra).collect::<Vec<&'static str>>())
    };
    let (whole, undisturbed) = args("whole");
    let started = Instant::now();
    sandbox.run(&undisturbed).exits(0);
    let undisturbed = started.elapsed();
    let (name, args) = args("killed");
    let mut kill = Kill { sandbox: &sandbox, args, state: 99 };
    let (mut kills, mut went_on, mut finished) = (0, 0, 0);
    while kills < KILLS {
        let after = kill.random(undisturbed.as_millis());
        let partial = sandbox.path(&format!("{name}.partial")).exists();
        let ended = kill.run(if partial { &["--resume"] } else { &[] }, Duration::from_millis(after));
        // A kill may fall after the renaming, when all is done.
        if ended || sandbox.path(name).exists() {
            finished += 1;
            assert!(sandbox.read(name) == sandbox.read(whole), "after {kills} kills");
            std::fs::remove_file(sandbox.path(name)).unwrap();
            continue;
        }
        kills += 1;
        let journal = sandbox.path(&format!("{name}.partial.journal"));
        let lines = std::fs::read_to_string(journal).map_or(0, |journal| journal.lines().count());
        went_on += usize::from(lines > 1);
    }
    sandbox.run(&[&kill.args[..], &["--resume"]].concat()).exits(0);
    assert!(sandbox.read(name) == sandbox.read(whole), "{output}");
    assert!(
        went_on > KILLS / 4,
        "only {went_on} of {KILLS} kills fell behind a checkpoint ({finished} ended)"
    );
    assert!(!sandbox.names().iter().any(|name| name.contains(".partial")), "{:?}", sandbox.names());
    let summary = |name: &str| {
        let mut summary: Value = serde_json::from_slice(&sandbox.read(name)).unwrap();
        let fields = summary.as_object_mut().unwrap();
        for speed in ["seconds", "documents_per_second", "megabytes_per_second"] {
            fields.remove(speed).unwrap();
        }
        summary
    };
    assert_eq!(summary("killed.json"), summary("whole.json"));
    if extra.contains(&"TABLE") {
        assert!(sandbox.read("killed.table.csv") == sandbox.read("whole.table.csv"));
    }
}

#[test]
fn json_lines_survive_kills() {
    survives_kills("jsonl", &[]);
}

#[test]
fn gzipped_csv_survives_kills() {
    survives_kills("csv.gz", &["--paragraphs"]);
}

#[test]
fn zstd_json_lines_survive_kills() {
    survives_kills("jsonl.zst", &[]);
}

#[test]
#[cfg(feature = "parquet")]
fn parquet_survives_kills() {
    survives_kills("parquet", &["--mark-duplicates", "--by", "source", "--by-output", "TABLE"]);
}

/// A run that has done two checkpoints and was then killed.
fn unfinished(sandbox: &Sandbox, csv: &str) {
    sandbox.write("news.csv", csv);
    let args = ["score", "-", "--model", "model.safetensors", "--output", "out.csv", "--format", "csv"];
    break_off(sandbox, &args, csv);
}

/// Kills the run of these arguments, of which `out.*` is written, after two checkpoints.
fn break_off(sandbox: &Sandbox, args: &[&str], csv: &str) {
    let output = args.iter().find(|arg| arg.starts_with("out.")).unwrap();
    let mut child = sandbox.command(args).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    // The input stays open: the run waits for more until it is killed.
    std::io::Write::write_all(child.stdin.as_mut().unwrap(), csv.as_bytes()).unwrap();
    let journal = sandbox.path(&format!("{output}.partial.journal"));
    let end = Instant::now() + Duration::from_secs(60);
    while std::fs::read_to_string(&journal).map_or(0, |journal| journal.lines().count()) < 3 {
        assert!(Instant::now() < end, "no checkpoint in a minute");
        std::thread::sleep(Duration::from_millis(5));
    }
    // Not SIGINT, though it does the same: a shell lets its background jobs ignore that.
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    child.wait().unwrap();
}

fn again<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let head = ["score", "-", "--model", "model.safetensors", "--output", "out.csv", "--format", "csv"];
    [&head[..], more].concat()
}

#[test]
fn an_unfinished_run_is_neither_overlooked_nor_mistaken_for_another() {
    let sandbox = Sandbox::with_model();
    let csv = news(6 << 20);
    assert!(csv.lines().count() > 3 * CHECKPOINT, "{}", csv.lines().count());
    unfinished(&sandbox, &csv);
    let kept = sandbox.read("out.csv.partial");
    let input = csv.as_bytes();
    sandbox
        .run_with(&again(&[]), input)
        .exits(1)
        .says("out.csv.partial: found an unfinished run (")
        .says("--resume")
        .says("--restart");
    sandbox
        .run_with(&again(&["--resume", "--no-abstain"]), input)
        .exits(1)
        .says("no-abstain was `false`, and is now `true`");
    sandbox
        .run_with(&again(&["--resume", "--keep", "source"]), input)
        .exits(1)
        .says("keep was not given, and is now `source`");
    sandbox.run_with(&again(&["--resume", "--quote", "'"]), input).exits(1).says("quote was ");
    assert_eq!(sandbox.read("out.csv.partial"), kept);
    let other = csv.replacen("n5000,", "n5001,", 1);
    sandbox
        .run_with(&again(&["--resume"]), other.as_bytes())
        .exits(1)
        .says("the input has changed: records 4097 to 8192");
    let short: String = csv.split_inclusive('\n').take(5000).collect();
    sandbox
        .run_with(&again(&["--resume"]), short.as_bytes())
        .exits(1)
        .says("the input has changed: it has 4999 records");
    let model = sandbox.read("model.safetensors");
    sandbox.write("model.safetensors", another_model());
    sandbox.run_with(&again(&["--resume"]), input).exits(1).says("model was `model@");
    sandbox.write("model.safetensors", model);
    // Threads and quiet may differ.
    sandbox.run_with(&again(&["--resume", "--jobs", "1", "--quiet"]), input).exits(0);
    let resumed = sandbox.read("out.csv");
    sandbox.run_with(&again(&[]), input).exits(0);
    assert!(sandbox.read("out.csv") == resumed);
    assert!(!sandbox.names().iter().any(|name| name.contains(".partial")), "{:?}", sandbox.names());
}

fn another_model() -> Vec<u8> {
    let params = standpoint::train::TrainParams {
        settings: standpoint::train::Hyperparameters { c: 3.0, ..Default::default() },
        ..harness::params()
    };
    let pool = standpoint::Threads::new(1).unwrap();
    standpoint::train::train(harness::rows(120), params, &pool).unwrap().0.to_bytes().unwrap()
}

#[test]
fn an_unfinished_run_can_be_thrown_away() {
    let sandbox = Sandbox::with_model();
    let csv = news(6 << 20);
    unfinished(&sandbox, &csv);
    let short: String = csv.split_inclusive('\n').take(11).collect();
    sandbox.run_with(&again(&["--restart"]), short.as_bytes()).exits(0);
    assert_eq!(String::from_utf8(sandbox.read("out.csv")).unwrap().lines().count(), 11);
    assert!(!sandbox.names().iter().any(|name| name.contains(".partial")), "{:?}", sandbox.names());
}

#[test]
fn a_file_without_its_journal_or_with_less_than_it_says_is_not_trusted() {
    let sandbox = Sandbox::with_model();
    let csv = news(6 << 20);
    unfinished(&sandbox, &csv);
    // The end of the file is lost: the run goes on from the checkpoint before.
    let kept = sandbox.read("out.csv.partial");
    sandbox.write("out.csv.partial", &kept[..kept.len() * 2 / 3]);
    sandbox.run_with(&again(&["--resume"]), csv.as_bytes()).exits(0);
    let resumed = sandbox.read("out.csv");
    sandbox.run_with(&again(&[]), csv.as_bytes()).exits(0);
    assert!(sandbox.read("out.csv") == resumed);
    sandbox.write("out.csv.partial", "id,path\n");
    sandbox.run_with(&again(&["--resume"]), csv.as_bytes()).exits(1).says("it has no journal");
    assert_eq!(sandbox.read("out.csv.partial"), b"id,path\n");
}

#[test]
fn resuming_needs_a_regular_file_and_does_no_harm_where_nothing_was_begun() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.txt", "NATO must give guarantees.");
    let score = |more: &[&'static str]| {
        sandbox.run(&[&["score", "a.txt", "--model", "model.safetensors"], more].concat())
    };
    score(&["--resume"]).exits(2).says("need an --output");
    score(&["--resume", "--output", "/dev/null"]).exits(2).says("regular file");
    score(&["--resume", "--output", "out.jsonl"]).exits(0);
    assert_eq!(sandbox.names(), ["a.txt", "model.safetensors", "out.jsonl"]);
}

#[test]
fn a_run_that_cannot_begin_leaves_nothing_behind() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.txt", "NATO must give guarantees.");
    let args = ["score", "a.txt", "--model", "model.safetensors", "--output", "out.jsonl"];
    for more in [&["--summary", "no/such/folder.json"][..], &["--by", "a", "--by-output", "no/such.csv"]] {
        sandbox.run(&[&args[..], more].concat()).exits(1).says("cannot write:");
    }
    sandbox.run(&[&args[..], &["--by", "slant", "--by-output", "by.csv"]].concat()).exits(2).says("slant");
    assert_eq!(sandbox.names(), ["a.txt", "model.safetensors"]);
}

#[test]
fn what_is_kept_is_what_was_written_or_the_run_is_not_resumed() {
    let csv = news(6 << 20);
    let mut names = vec!["out.csv", "out.jsonl", "out.csv.gz", "out.jsonl.zst", "out.json.gz", "out.html"];
    if cfg!(feature = "parquet") {
        names.push("out.parquet");
    }
    for name in names {
        let sandbox = Sandbox::with_model();
        let args = ["score", "-", "--model", "model.safetensors", "--output", name];
        let resume = || sandbox.run_with(&[&args[..], &["--resume"]].concat(), csv.as_bytes());
        break_off(&sandbox, &args, &csv);
        let (partial, journal) = (format!("{name}.partial"), format!("{name}.partial.journal"));
        let kept = sandbox.read(&partial);
        for at in [5, kept.len() / 8] {
            let mut flipped = kept.clone();
            flipped[at] ^= 4;
            sandbox.write(&partial, &flipped);
            resume()
                .exits(1)
                .says(&format!("{partial}: the unfinished file has changed: bytes 1 to "))
                .says("--restart");
            assert!(sandbox.read(&partial) == flipped, "{name}");
        }
        sandbox.write(&partial, &kept);
        let lines = sandbox.read(&journal);
        let edited =
            String::from_utf8(lines.clone()).unwrap().replacen("\"documents\":4096", "\"documents\":4095", 1);
        assert!(edited.as_bytes() != lines);
        sandbox.write(&journal, edited);
        resume()
            .exits(1)
            .says(&format!("{journal}: the journal of the unfinished run has changed"))
            .says("--restart");
        sandbox.write(&journal, lines);
        resume().exits(0);
        let resumed = sandbox.read(name);
        sandbox.run_with(&args, csv.as_bytes()).exits(0);
        assert!(sandbox.read(name) == resumed, "{name}");
    }
}

#[test]
fn a_run_in_the_folder_that_it_scores_is_resumed() {
    let sandbox = Sandbox::with_model();
    sandbox.write("texts/news.csv", news(6 << 20));
    let score = |more: &[&str]| {
        let head = ["score", "texts", "--model", "model.safetensors", "--quiet", "--by", "source"];
        let tail =
            ["--by-output", "texts/by.csv", "--summary", "texts/sums.json", "--output", "texts/out.csv"];
        [&head[..], &tail, more].concat().iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()
    };
    let words = score(&[]);
    let args: Vec<&str> = words.iter().map(String::as_str).collect();
    sandbox.run(&args).exits(0);
    let whole = sandbox.read("texts/out.csv");
    std::fs::remove_file(sandbox.path("texts/out.csv")).unwrap();
    let mut child = sandbox.command(&args).stderr(Stdio::null()).spawn().unwrap();
    let journal = sandbox.path("texts/out.csv.partial.journal");
    let end = Instant::now() + Duration::from_secs(60);
    while std::fs::read_to_string(&journal).map_or(0, |journal| journal.lines().count()) < 2 {
        assert!(Instant::now() < end, "no checkpoint in a minute");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // The tables have their names before the results do: here they are left from the run before.
    assert!(sandbox.path("texts/by.csv").exists() && sandbox.path("texts/out.csv.partial").exists());
    let words = score(&["--resume"]);
    sandbox.run(&words.iter().map(String::as_str).collect::<Vec<_>>()).exits(0);
    assert!(sandbox.read("texts/out.csv") == whole);
}

#[test]
#[cfg(unix)]
fn a_run_that_was_killed_between_its_results_and_the_end_is_finished() {
    let sandbox = Sandbox::with_model();
    let csv = news(3 << 20);
    let args = ["score", "-", "--model", "model.safetensors", "--output", "out.csv"];
    let mut child = sandbox.command(&args).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let journal = sandbox.path("out.csv.partial.journal");
    while !std::fs::read(&journal).is_ok_and(|lines| lines.ends_with(b"\n")) {
        std::thread::sleep(Duration::from_millis(2));
    }
    // A second name keeps the journal, which the run removes at its end.
    std::fs::hard_link(&journal, sandbox.path("kept")).unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), csv.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    let whole = sandbox.read("out.csv");
    std::fs::rename(sandbox.path("kept"), &journal).unwrap();
    let resume = [&args[..], &["--resume", "--summary", "sums.json"]].concat();
    sandbox.run_with(&resume, b"").exits(0).says(&format!("{} documents", csv.lines().count() - 1));
    assert!(sandbox.read("out.csv") == whole && !journal.exists());
    let summary: Value = serde_json::from_slice(&sandbox.read("sums.json")).unwrap();
    assert_eq!(summary["documents"], csv.lines().count() - 1);
    // With a file that is not the one that was finished, the run begins anew.
    sandbox.run_with(&resume, b"id,text\n1,They must act.\n").exits(0).says("1 document;");
    assert_eq!(String::from_utf8(sandbox.read("out.csv")).unwrap().lines().count(), 2);
}
