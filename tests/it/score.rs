//! `standpoint score`, as its users run it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::process::Stdio;

use crate::harness::{self, Finished, Sandbox};
use serde::Deserialize;

/// Schema 1, declared once more: a field that is renamed or not declared here fails every test.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    schema: u32,
    id: String,
    path: String,
    record: Option<u64>,
    label: Option<String>,
    top: String,
    reason: Option<String>,
    probabilities: BTreeMap<String, f64>,
    slant: Option<f64>,
    words: u64,
    known: Option<f64>,
    topic: Option<f64>,
    loaded: Option<f64>,
    model: String,
    bias_model: Option<String>,
    extraction: Option<String>,
    paragraphs: Option<Vec<Paragraph>>,
    explanation: Option<Explanation>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Paragraph {
    start: usize,
    end: usize,
    weight: f64,
    words: u64,
    top: String,
    probabilities: BTreeMap<String, f64>,
    loaded: Option<f64>,
    text: Option<String>,
    explanation: Option<Explanation>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Explanation {
    kind: String,
    classes: BTreeMap<String, Class>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    intercept: Option<f64>,
    terms: Vec<Term>,
    rest: Option<f64>,
    margin: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Term {
    term: String,
    amount: f64,
    spans: Vec<(usize, usize)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ErrorRecord {
    schema: u32,
    id: String,
    path: Option<String>,
    record: Option<u64>,
    error: Fault,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    kind: String,
    message: String,
    line: Option<u64>,
}

const FOR: &str = "Leaders must defend the guarantee: deterrence and courage support Ukraine today.";
const AGAINST: &str = "A costly provocation, a pointless escalation, a danger: neutrality today.";

#[track_caller]
fn records(ran: &Finished) -> Vec<Record> {
    let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}\n{ran}"));
    ran.stdout.lines().filter(|line| !line.contains("\"error\":")).map(parse).collect()
}

#[track_caller]
fn errors(ran: &Finished) -> Vec<ErrorRecord> {
    let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}\n{ran}"));
    ran.stdout.lines().filter(|line| line.contains("\"error\":")).map(parse).collect()
}

fn score(sandbox: &Sandbox, args: &[&str]) -> Finished {
    sandbox.run(&[&["score", "--model", "model.safetensors"], args].concat())
}

fn score_with(sandbox: &Sandbox, args: &[&str], input: &[u8]) -> Finished {
    sandbox.run_with(&[&["score", "--model", "model.safetensors"], args].concat(), input)
}

#[test]
fn a_record_says_everything_that_its_schema_promises() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.txt", FOR);
    let ran = score(&sandbox, &["a.txt"]).exits(0);
    let record = &records(&ran)[0];
    assert_eq!(
        (record.schema, record.id.as_str(), record.path.as_str(), record.record),
        (1, "a.txt", "a.txt", None)
    );
    assert_eq!(
        (record.label.as_deref(), record.top.as_str(), record.reason.as_deref()),
        (Some("for"), "for", None)
    );
    assert_eq!(record.probabilities.keys().collect::<Vec<_>>(), ["against", "for", "neutral"]);
    assert!((record.probabilities.values().sum::<f64>() - 1.0).abs() < 1e-12);
    let slant = record.probabilities["for"] - record.probabilities["against"];
    assert!((record.slant.unwrap() - slant).abs() < 1e-12);
    assert_eq!(record.words, 11);
    assert!(record.known.unwrap() > 0.8);
    // Of a model without outside texts, and without a second model.
    assert_eq!((record.topic, record.loaded, &record.bias_model), (None, None, &None));
    assert_eq!(record.extraction, None, "it is no page");
    let (name, hash) = record.model.split_once('@').unwrap();
    assert_eq!((name, hash.len()), ("model", 12));
    assert!(hash.bytes().all(|b| b.is_ascii_hexdigit()));
    assert!(record.paragraphs.is_none() && record.explanation.is_none());
}

#[test]
fn a_folder_is_scored_in_the_order_of_its_paths() {
    let sandbox = Sandbox::with_model();
    for name in ["f/b.txt", "f/a/z.md", "f/a.jsonl", "f/c.csv", "f/.hidden.txt", "f/d.pdf"] {
        let text = match name.rsplit('.').next().unwrap() {
            "jsonl" => format!("{{\"text\":\"{FOR}\"}}\n{{\"id\":7,\"text\":\"{AGAINST}\"}}"),
            "csv" => format!("id,text\nx,\"{FOR}\"\n,\"{AGAINST}\"\n"),
            _ => FOR.to_owned(),
        };
        sandbox.write(name, text);
    }
    let ran = score(&sandbox, &["f"]).exits(0).says("skipped files of unknown type: 1 .pdf");
    let ids: Vec<String> = records(&ran).into_iter().map(|record| record.id).collect();
    assert_eq!(ids, ["f/a.jsonl#1", "7", "f/a/z.md", "f/b.txt", "x", "f/c.csv#2"]);
}

#[test]
fn standard_input_may_hold_json_lines_csv_or_one_text() {
    let sandbox = Sandbox::with_model();
    let ids = |input: String| -> Vec<String> {
        let ran = score_with(&sandbox, &["-"], input.as_bytes()).exits(0);
        records(&ran).into_iter().map(|record| record.id).collect()
    };
    assert_eq!(ids(FOR.to_owned()), ["-"]);
    assert_eq!(ids(format!("\n {{\"text\":\"{FOR}\"}}\n")), ["-#1"]);
    assert_eq!(ids(format!("date;text\n2025;{FOR}\n2024;{FOR}\n")), ["-#1", "-#2"]);
}

#[test]
fn paragraphs_carry_offsets_weights_and_text() {
    let sandbox = Sandbox::with_model();
    let text = format!("Kurz.\n\n{FOR}\n\n“{AGAINST}”");
    sandbox.write("a.txt", &text);
    let ran = score(&sandbox, &["a.txt", "--paragraphs"]).exits(0);
    let record = records(&ran).remove(0);
    let paragraphs = record.paragraphs.unwrap();
    assert_eq!(paragraphs.len(), 3);
    for paragraph in &paragraphs {
        assert_eq!(paragraph.text.as_deref(), text.get(paragraph.start..paragraph.end));
    }
    assert!(paragraphs.iter().all(|p| p.loaded.is_none()));
    assert_eq!(paragraphs[0].weight, 0.0, "a heading does not count");
    assert_eq!((paragraphs[1].top.as_str(), paragraphs[2].top.as_str()), ("for", "against"));
    assert!((paragraphs.iter().map(|p| p.weight).sum::<f64>() - 1.0).abs() < 1e-12);
    for (label, p) in &record.probabilities {
        let mean: f64 =
            paragraphs.iter().map(|paragraph| paragraph.weight * paragraph.probabilities[label]).sum();
        assert!((mean - p).abs() < 1e-9);
    }
    assert_eq!(paragraphs.iter().map(|p| p.words).sum::<u64>(), record.words);
    let ran = score(&sandbox, &["a.txt", "--paragraphs", "--no-text"]).exits(0);
    assert!(records(&ran)[0].paragraphs.as_ref().unwrap().iter().all(|p| p.text.is_none()));
}

#[test]
fn explanations_rank_documents_and_sum_paragraphs() {
    let sandbox = Sandbox::with_model();
    let text = format!("{FOR}\n\n{AGAINST}");
    sandbox.write("a.txt", &text);
    let ran = score(&sandbox, &["a.txt", "--paragraphs", "--explain", "2"]).exits(0);
    let record = records(&ran).remove(0);
    let ranking = record.explanation.unwrap();
    assert_eq!(ranking.kind, "ranking");
    for class in ranking.classes.values() {
        assert_eq!((class.terms.len(), class.intercept, class.rest, class.margin), (2, None, None, None));
        assert!(class.terms[0].amount >= class.terms[1].amount);
        for term in &class.terms {
            let stem = &term.term.split(' ').next().unwrap()[..3];
            for &(start, end) in &term.spans {
                assert!(text[start..end].to_lowercase().starts_with(stem), "{term:?}");
            }
        }
    }
    for paragraph in record.paragraphs.unwrap() {
        let sum = paragraph.explanation.unwrap();
        assert_eq!(sum.kind, "sum");
        for class in sum.classes.values() {
            let listed: f64 = class.terms.iter().map(|term| term.amount).sum();
            let total = class.intercept.unwrap() + listed + class.rest.unwrap();
            assert!((total - class.margin.unwrap()).abs() < 1e-9);
        }
    }
    score(&sandbox, &["a.txt", "--format", "csv", "--explain", "2"]).exits(2).says("--format jsonl");
}

#[test]
fn csv_has_a_column_for_each_label_and_for_errors() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.csv", format!("id,text\n1,\"{FOR}\"\n2\n"));
    let ran = score(&sandbox, &["a.csv", "--format", "csv"]).exits(3);
    let mut reader = csv::Reader::from_reader(ran.stdout.as_bytes());
    assert_eq!(
        reader.headers().unwrap(),
        vec![
            "id",
            "path",
            "record",
            "label",
            "top",
            "reason",
            "p_against",
            "p_for",
            "p_neutral",
            "slant",
            "words",
            "known",
            "topic",
            "loaded",
            "model",
            "bias_model",
            "error_kind",
            "error_message",
            "error_line",
            "extraction"
        ]
    );
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    assert_eq!((&rows[0][0], &rows[0][3], &rows[0][16]), ("1", "for", ""));
    assert_eq!((&rows[1][0], &rows[1][3], &rows[1][16], &rows[1][18]), ("a.csv#2", "", "csv", "3"));
    // The same numbers as in JSON lines, to the last digit.
    let json = records(&score(&sandbox, &["a.csv"])).remove(0);
    assert_eq!(rows[0][7].parse::<f64>().unwrap(), json.probabilities["for"]);

    sandbox.write("b.txt", format!("{FOR}\n\n{AGAINST}"));
    let ran = score(&sandbox, &["b.txt", "--format", "csv", "--paragraphs"]).exits(0);
    let mut reader = csv::Reader::from_reader(ran.stdout.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[1][5], &rows[1][9]), ("2", "against"));
    sandbox.write("c.txt", "");
    let ran = score(&sandbox, &["c.txt", "--format", "csv", "--paragraphs"]).exits(0);
    let mut reader = csv::Reader::from_reader(ran.stdout.as_bytes());
    let row = reader.records().next().unwrap().unwrap();
    assert_eq!(
        (&row[0], &row[4], &row[5]),
        ("c.txt", "too-short", ""),
        "a text without paragraphs is not lost"
    );
}

#[test]
fn a_table_has_one_line_a_document_and_no_escape_sequences_off_a_terminal() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.txt", FOR);
    sandbox.write("b\u{1b}[31m.txt", "Too short.");
    let ran = score(&sandbox, &["a.txt", "b\u{1b}[31m.txt", "--format", "table"]).exits(0);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{ran}");
    assert!(lines[0].starts_with("document") && lines[0].contains("slant"));
    assert!(lines[1].starts_with("a.txt") && lines[1].contains(" for "));
    assert!(lines[2].contains("(too-short)"));
    assert!(!ran.stdout.contains('\u{1b}'), "{ran}");
}

#[test]
fn the_outputs_extension_tells_the_format_and_none_means_json_lines() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.txt", FOR);
    score(&sandbox, &["a.txt", "--output", "o.csv"]).exits(0);
    assert!(String::from_utf8(sandbox.read("o.csv")).unwrap().starts_with("id,path"));
    score(&sandbox, &["a.txt", "--output", "o.jsonl"]).exits(0);
    assert!(sandbox.read("o.jsonl").starts_with(b"{\"schema\":1"));
    score(&sandbox, &["a.txt", "--output", "O.CSV"]).exits(0);
    assert_eq!(sandbox.read("O.CSV"), sandbox.read("o.csv"));
    score(&sandbox, &["a.txt", "--output", "o"]).exits(0);
    assert_eq!(sandbox.read("o"), sandbox.read("o.jsonl"));
    score(&sandbox, &["a.txt", "--output", "o.xyz"]).exits(2).says("expected a name ending in .txt, .jsonl");
    assert_eq!(sandbox.names(), ["O.CSV", "a.txt", "model.safetensors", "o", "o.csv", "o.jsonl"]);
}

#[test]
fn a_text_without_words_abstains_and_no_abstain_forces_a_label() {
    let sandbox = Sandbox::with_model();
    sandbox.write("empty.txt", "");
    sandbox.write("blank.jsonl", "{\"text\":\" \"}\n");
    sandbox.write("foreign.txt", "Приклад тексту зовсім іншою мовою, тут.");
    let ran = score(&sandbox, &["empty.txt", "blank.jsonl", "foreign.txt"]).exits(0);
    let found = records(&ran);
    let reasons: Vec<_> = found.iter().map(|record| record.reason.as_deref().unwrap()).collect();
    assert_eq!(reasons, ["too-short", "too-short", "other-language"]);
    assert!(found.iter().all(|record| record.label.is_none() && !record.top.is_empty()));
    assert_eq!((found[0].words, found[0].known, found[2].known), (0, None, Some(0.0)));
    let forced = records(&score(&sandbox, &["empty.txt", "--no-abstain"]).exits(0));
    assert_eq!(forced[0].label.as_deref(), Some(forced[0].top.as_str()));
}

#[test]
fn bad_records_are_reported_and_the_rest_goes_on() {
    let sandbox = Sandbox::with_model();
    let long = "x".repeat(3000);
    sandbox.write(
        "a.csv",
        format!("id,text\n1,\"{FOR}\"\n2,\"open {FOR}\n3,\"{FOR}\"\n4,{long}\n5,\"{FOR}\"\n"),
    );
    sandbox.write("b.jsonl", format!("[1]\n{{\"txt\":1}}\nnot json\n{{\"text\":\"{FOR}\"}}\n"));
    let ran = score(&sandbox, &["a.csv", "b.jsonl", "--max-record", "2K"]).exits(3);
    assert_eq!(records(&ran).iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["1", "3", "5", "b.jsonl#4"]);
    let found = errors(&ran);
    let kinds: Vec<(&str, Option<u64>)> =
        found.iter().map(|record| (record.error.kind.as_str(), record.error.line)).collect();
    assert_eq!(
        kinds,
        [
            ("csv", Some(3)),
            ("too-large", Some(5)),
            ("json", Some(1)),
            ("missing-column", Some(2)),
            ("json", Some(3))
        ]
    );
    assert_eq!(
        (found[0].schema, found[0].id.as_str(), found[0].path.as_deref()),
        (1, "a.csv#2", Some("a.csv"))
    );
    assert_eq!(found[0].record, Some(2));
    assert!(found[3].error.message.contains("did you mean `txt`"));
}

#[test]
fn a_missing_column_names_those_that_are_there() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.csv", "id,Text\n1,x\n");
    score(&sandbox, &["a.csv"]).exits(1).says("no column `text`; found `id`, `Text`; did you mean `Text`?");
    score(&sandbox, &["a.csv", "--text-column", "Text", "--id-column", "nr"]).exits(1).says("no column `nr`");
    score(&sandbox, &["a.csv", "--text-column", "Text"]).exits(0);
    sandbox.write("b.csv", format!("id^text\n1^{FOR}\n"));
    assert_eq!(records(&score(&sandbox, &["b.csv", "--delimiter", "^"]).exits(0))[0].id, "1");
}

#[test]
fn windows_files_with_marks_and_bad_bytes_are_read() {
    let sandbox = Sandbox::with_model();
    let body = format!("\u{feff}id,text\r\n1,\"{FOR}\"\r\n");
    sandbox.write("bom.csv", body);
    sandbox.write(
        "bad.txt",
        [b"Leaders must defend the gua\xffrantee\ntoday \xfe", "«Über» – ".as_bytes(), FOR.as_bytes()]
            .concat(),
    );
    let ran = score(&sandbox, &["bom.csv", "bad.txt"]).exits(0);
    assert_eq!(records(&ran)[0].id, "1");
    ran.says("bad.txt, line 1, byte 27: 2 invalid sequences replaced with U+FFFD");
}

#[test]
fn what_cannot_be_read_is_said() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.txt", FOR);
    fs::create_dir(sandbox.path("empty")).unwrap();
    sandbox.run(&["score"]).exits(2);
    score(&sandbox, &["not-there.txt"]).exits(1).says("not-there.txt: cannot open");
    score(&sandbox, &["empty"]).exits(1).says("found nothing to read in empty");
    let ran = score(&sandbox, &["not-there.txt", "a.txt"]).exits(3);
    assert_eq!((records(&ran).len(), errors(&ran).len()), (1, 1));
    sandbox.write("empty.csv", "");
    score(&sandbox, &["empty.csv"]).exits(1).says("it is empty; expected a header line");
    sandbox.run(&["score", "a.txt", "--model", "nowhere"]).exits(4).says("nowhere: cannot read the model");
    sandbox.run(&["score", "a.txt", "--model", "empty"]).exits(4).says("not a regular file");
    sandbox.write("a.pdf", "%PDF-1.7 and so on");
    score(&sandbox, &["a.pdf"]).exits(1).says("it is a PDF, which is not supported; convert it to text");
    score_with(&sandbox, &["-"], b"\x1f\x8b\x08\x00").exits(1).says("the gzip data is damaged or truncated");
}

#[test]
#[cfg(unix)]
fn a_loop_of_links_is_walked_once() {
    let sandbox = Sandbox::with_model();
    sandbox.write("f/a.txt", FOR);
    std::os::unix::fs::symlink(sandbox.path("f"), sandbox.path("f/loop")).unwrap();
    let ran = score(&sandbox, &["f"]).exits(0).says("a link to a parent folder");
    assert_eq!(records(&ran).len(), 1);
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_without_permission_is_an_error_record() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::with_model();
    let path = sandbox.write("a.txt", FOR);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    sandbox.write("b.txt", FOR);
    let args = ["score", "--model", "model.safetensors", "a.txt", "b.txt"];
    let ran = Finished::of(sandbox.command_without_rights(&args).output().unwrap(), &args).exits(3);
    assert_eq!((records(&ran).len(), errors(&ran).len()), (1, 1));
    assert_eq!(errors(&ran)[0].error.kind, "io");
}

#[test]
fn an_output_that_cannot_be_written_is_known_before_the_work() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.txt", FOR);
    score(&sandbox, &["a.txt", "--output", "no/such/folder/o.jsonl"])
        .exits(1)
        .says("no/such/folder/o.jsonl: cannot write:");
    fs::create_dir(sandbox.path("o.jsonl")).unwrap();
    score(&sandbox, &["a.txt", "--output", "o.jsonl"]).exits(1).says("it is a folder");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error_and_a_closed_pipe_is_not() {
    let sandbox = Sandbox::with_model();
    let many: String = (0..4000).map(|_| format!("{{\"text\":\"{FOR}\"}}\n")).collect();
    sandbox.write("a.jsonl", many);
    score(&sandbox, &["a.jsonl", "--output", "/dev/full"]).exits(1).says("No space left");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let args = ["score", "--model", "model.safetensors", "a.jsonl"];
    let output = sandbox.command(&args).stdout(Stdio::from(full)).output().unwrap();
    Finished::of(output, &args).exits(1).says("No space left");

    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    sandbox.write("b.txt", FOR);
    let args_b = ["score", "--model", "model.safetensors", "b.txt", "none.txt"];
    let status = sandbox.command(&args_b).stdout(Stdio::null()).stderr(Stdio::from(full())).status().unwrap();
    assert_eq!(status.code(), Some(3), "a full stderr stops nothing");

    let mut child = sandbox.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    Finished::of(child.wait_with_output().unwrap(), &args).exits(0);
}

#[test]
#[cfg(unix)]
fn an_interrupted_run_leaves_the_old_output_alone() {
    let sandbox = Sandbox::with_model();
    sandbox.write("o.jsonl", "old");
    let args = ["score", "--model", "model.safetensors", "-", "--output", "o.jsonl"];
    let mut child = sandbox.command(&args).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Enough for some batches to be written; then it waits for more, and nothing is finished when
    // the signal comes.
    let line = format!("{{\"text\":\"{FOR}\"}}\n");
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(line.repeat(20_000).as_bytes()).unwrap();
    let partial = sandbox.path("o.jsonl.partial");
    for _ in 0..200 {
        if fs::metadata(&partial).is_ok_and(|metadata| metadata.len() > 0) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    assert!(fs::metadata(&partial).unwrap().len() > 0, "it was writing when the signal came");
    let kill = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(child.wait().unwrap().code(), None, "ended by the signal");
    assert_eq!(sandbox.read("o.jsonl"), b"old");
}

#[test]
fn results_do_not_depend_on_jobs_or_company() {
    let sandbox = Sandbox::with_model();
    let texts = harness::texts(300);
    let lines: String =
        texts.iter().map(|text| format!("{}\n", serde_json::json!({ "text": text }))).collect();
    sandbox.write("all.jsonl", lines);
    let one = score(&sandbox, &["all.jsonl", "--jobs", "1", "--paragraphs"]).exits(0).stdout;
    let two = score(&sandbox, &["all.jsonl", "--jobs", "2", "--paragraphs"]).exits(0).stdout;
    assert_eq!(one, two);
    let third: serde_json::Value = serde_json::from_str(one.lines().nth(2).unwrap()).unwrap();
    sandbox.write("alone.txt", &texts[2]);
    let alone = score(&sandbox, &["alone.txt", "--paragraphs"]).exits(0).json().remove(0);
    assert_eq!(third["probabilities"], alone["probabilities"]);
    assert_eq!(third["paragraphs"], alone["paragraphs"]);
    score(&sandbox, &["all.jsonl", "--jobs", "0"]).exits(2);
}

#[test]
fn front_matter_gives_the_id_and_is_not_scored() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.md", format!("---\ntitle: Provocation\nid: n-1\n---\n\n{FOR} [[neutrality|courage]]\n"));
    let ran = score(&sandbox, &["a.md", "--paragraphs"]).exits(0);
    let record = records(&ran).remove(0);
    assert_eq!((record.id.as_str(), record.path.as_str()), ("n-1", "a.md"));
    assert_eq!(record.paragraphs.unwrap()[0].text.as_deref(), Some(format!("{FOR} courage").as_str()));
}

#[test]
fn duplicate_ids_are_all_kept() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.csv", format!("id,text\n1,\"{FOR}\"\n1,\"{AGAINST}\"\n"));
    assert_eq!(records(&score(&sandbox, &["a.csv"]).exits(0)).len(), 2);
}

#[test]
fn an_output_is_never_what_is_read() {
    let sandbox = Sandbox::with_model();
    sandbox.write("in.csv", format!("text\n\"{FOR}\"\n"));
    let before = sandbox.read("in.csv");
    score(&sandbox, &["in.csv", "--output", "./in.csv"])
        .exits(2)
        .says("this file is an input and would be overwritten");
    assert_eq!(sandbox.read("in.csv"), before);
    score(&sandbox, &["in.csv", "--output", "model.safetensors"])
        .exits(2)
        .says("this file is an input and would be overwritten");
}

#[test]
#[cfg(unix)]
fn an_output_that_is_a_link_stays_one_and_a_pipe_is_written_to() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.txt", FOR);
    sandbox.write("target.jsonl", "old");
    std::os::unix::fs::symlink("target.jsonl", sandbox.path("link.jsonl")).unwrap();
    score(&sandbox, &["a.txt", "--output", "link.jsonl"]).exits(0);
    assert!(fs::symlink_metadata(sandbox.path("link.jsonl")).unwrap().is_symlink());
    assert!(sandbox.read("target.jsonl").starts_with(b"{\"schema\":1"));

    let made = std::process::Command::new("mkfifo").arg(sandbox.path("pipe")).status().unwrap();
    assert!(made.success());
    let pipe = sandbox.path("pipe");
    let reader = std::thread::spawn(move || fs::read(pipe).unwrap());
    score(&sandbox, &["a.txt", "--output", "pipe"]).exits(0);
    assert_eq!(reader.join().unwrap(), sandbox.read("target.jsonl"));
}

#[test]
fn warnings_beyond_the_first_are_counted_and_cannot_drive_the_terminal() {
    let sandbox = Sandbox::with_model();
    sandbox.write(
        "a.csv",
        [
            b"text\n".as_slice(),
            &"größere – ".bytes().chain(*b"bad \xff bytes\n").collect::<Vec<u8>>().repeat(15),
        ]
        .concat(),
    );
    score(&sandbox, &["a.csv"]).exits(0).says("warning: 5 more like these");
    sandbox.write("b.csv", "te\u{1b}]0;x\u{7}xt,other\n1,2\n");
    let ran = score(&sandbox, &["b.csv"]).exits(1);
    assert!(!ran.stderr.contains('\u{1b}') && !ran.stderr.contains('\u{7}'), "{ran}");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(bytes), &mut plain).unwrap();
    plain
}

#[test]
fn compressed_files_are_read_whatever_their_name() {
    let sandbox = Sandbox::with_model();
    let csv = format!("id,text\n1,\"{FOR}\"\n");
    let line = format!("{{\"id\":\"2\",\"text\":\"{FOR}\"}}\n");
    sandbox.write("f/a.csv.gz", [gzip(csv.as_bytes()), gzip(format!("3,\"{FOR}\"\n").as_bytes())].concat());
    sandbox.write("f/b.jsonl.zst", zstd::encode_all(line.as_bytes(), 3).unwrap());
    sandbox.write("f/c.txt", gzip(FOR.as_bytes()));
    let ran = score(&sandbox, &["f"]).exits(0);
    assert_eq!(records(&ran).iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["1", "3", "2", "f/c.txt"]);
    let ran = score_with(&sandbox, &["-"], &gzip(line.as_bytes())).exits(0);
    assert_eq!(records(&ran)[0].id, "2");
}

#[test]
fn a_compressed_file_cut_in_half_gives_what_is_whole_and_an_error() {
    let sandbox = Sandbox::with_model();
    let noise: String =
        (0..20_000).map(|n| format!("{{\"text\":\"{FOR} {}\"}}\n", n * 7919 % 10_007)).collect();
    let whole = gzip(noise.as_bytes());
    sandbox.write("a.jsonl.gz", &whole[..whole.len() / 2]);
    let ran = score(&sandbox, &["a.jsonl.gz"]).exits(3).says("the gzip data is damaged or truncated");
    assert!(records(&ran).len() > 1000 && records(&ran).iter().all(|record| record.label.is_some()));
}

#[test]
fn a_small_file_that_unpacks_to_a_huge_one_is_one_error() {
    let sandbox = Sandbox::with_model();
    let huge = zstd::encode_all(std::io::Read::take(std::io::repeat(b'a'), 400 << 20), 3).unwrap();
    assert!(huge.len() < 100 << 10);
    sandbox.write(
        "a.jsonl.zst",
        [huge.clone(), zstd::encode_all(format!("\n{{\"text\":\"{FOR}\"}}\n").as_bytes(), 3).unwrap()]
            .concat(),
    );
    sandbox.write("b.txt.zst", huge);
    let ran = score(&sandbox, &["a.jsonl.zst", "b.txt.zst"]).exits(3);
    assert_eq!(
        errors(&ran).iter().map(|e| e.error.kind.as_str()).collect::<Vec<_>>(),
        ["too-large", "too-large"]
    );
    assert_eq!(records(&ran).len(), 1);
}

#[test]
fn pages_are_read_by_their_article_in_the_encoding_that_they_declare() {
    let sandbox = Sandbox::with_model();
    let article = format!("<p>{FOR} {FOR}</p><p>“{FOR}”, said the minister, in Київ, and left.</p>");
    let page = format!(
        "<html><head><meta charset=\"windows-1251\"><title>On Paper</title></head><body><nav>Home</nav><article>{article}</article></body></html>"
    );
    let (bytes, ..) = encoding_rs::WINDOWS_1251.encode(&page);
    sandbox.write("a.html", &bytes);
    let ran = score(&sandbox, &["a.html", "--paragraphs"]).exits(0);
    let paragraphs = records(&ran).remove(0).paragraphs.unwrap();
    assert_eq!(paragraphs.len(), 2, "{ran}");
    assert!(paragraphs[1].text.as_deref().unwrap().ends_with("in Київ, and left."));
    let ran = score_with(&sandbox, &["-"], page.replace("windows-1251", "utf-8").as_bytes()).exits(0);
    assert_eq!(records(&ran)[0].words, paragraphs.iter().map(|p| p.words).sum::<u64>());
}

#[test]
fn other_encodings_are_found_out_or_named() {
    let sandbox = Sandbox::with_model();
    let text = format!("{FOR} Le ministre a déclaré que les garanties étaient nécessaires à l’Ukraine.");
    let scored = |bytes: &[u8], args: &[&str]| {
        sandbox.write("a.txt", bytes);
        let ran = score(&sandbox, &[&["a.txt", "--paragraphs"], args].concat()).exits(0);
        records(&ran).remove(0).paragraphs.unwrap().remove(0).text.unwrap()
    };
    let (western, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(scored(&western, &[]), text);
    score(&sandbox, &["a.txt"]).exits(0).says("a.txt: not UTF-8; guessed to be windows-1252");
    sandbox.write("b.txt", [FOR.as_bytes(), &b"\x81\x20"[..]].concat());
    score(&sandbox, &["b.txt", "--encoding", "gb18030"])
        .exits(0)
        .says("b.txt, line 1, byte 80: 1 invalid sequence");
    assert_eq!(scored(&utf16, &[]), text);
    assert_eq!(scored(&western, &["--encoding", "latin1"]), text);
    assert_ne!(scored(&western, &["--encoding", "windows-1251"]), text);
    score(&sandbox, &["a.txt", "--encoding", "nonsense"]).exits(2).says("windows-1251");
}

/// A record of a web archive, compressed by itself as crawlers do it.
fn warc_record(kind: &str, id: &str, block: &[u8]) -> Vec<u8> {
    let http = if kind == "warcinfo" { "application/warc-fields" } else { "application/http" };
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{id}>\r\nWARC-Target-URI: https://example.org/{id}\r\n\
         WARC-Date: 2024-05-06T07:08:09Z\r\nContent-Type: {http}\r\nContent-Length: {}\r\n\r\n",
        block.len()
    );
    gzip(&[head.as_bytes(), block, b"\r\n\r\n"].concat())
}

fn warc_response(id: &str, status: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\n\r\n");
    warc_record("response", id, &[head.as_bytes(), body].concat())
}

fn article(text: &str) -> String {
    format!(
        "<title>T</title><body><nav>Home</nav><article><p>{text} {text}</p><p>{text} Київ.</p></article></body>"
    )
}

#[test]
fn pages_of_an_archive_are_read_each_in_its_own_encoding() {
    let sandbox = Sandbox::with_model();
    let western = format!("<html><meta charset=windows-1251>{}", article(FOR));
    let archive = [
        warc_record("warcinfo", "info", b"software: none\r\n"),
        warc_record("request", "asked", b"GET / HTTP/1.1\r\n\r\n"),
        warc_response("one", "200 OK", "text/html", &encoding_rs::WINDOWS_1251.encode(&western).0),
        warc_response("image", "200 OK", "image/png", b"\x89PNG\r\n\x1a\n\0\0\xff"),
        warc_response("gone", "404 Not Found", "text/html", article(FOR).as_bytes()),
        warc_response("two", "200 OK", "text/html; charset=utf-8", article(AGAINST).as_bytes()),
    ]
    .concat();
    sandbox.write("f/a.warc.gz", &archive);
    let ran = score(&sandbox, &["f", "--paragraphs"])
        .exits(0)
        .says("2 documents;")
        .says("against 1 (50 %), for 1 (50 %)");
    let found = records(&ran);
    let expected = [("<urn:uuid:one>", 1, "for"), ("<urn:uuid:two>", 2, "against")];
    for (record, (id, number, label)) in found.iter().zip(expected) {
        assert_eq!(
            (record.id.as_str(), record.path.as_str(), record.record),
            (id, "f/a.warc.gz", Some(number))
        );
        assert_eq!(record.label.as_deref(), Some(label));
        let paragraphs = record.paragraphs.as_ref().unwrap();
        assert_eq!(paragraphs.len(), 2, "{ran}");
        assert!(paragraphs[1].text.as_deref().unwrap().ends_with(" Київ."), "{ran}");
    }
    assert_eq!(found.len(), 2);
    let by_content = score_with(&sandbox, &["-"], &archive).exits(0);
    sandbox.write("a.txt", &archive);
    let by_name = score(&sandbox, &["a.txt", "--input-format", "warc"]).exits(0);
    for ran in [by_content, by_name] {
        assert_eq!(records(&ran).iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), expected.map(|e| e.0));
    }
    let plain = zstd::encode_all(gunzip(&archive).as_slice(), 3).unwrap();
    sandbox.write("b.warc.zst", plain);
    let ran = score(&sandbox, &["b.warc.zst", "--encoding", "utf-8"]).exits(0);
    ran.says("b.warc.zst, record 1, line 1, byte ").says("invalid sequences replaced with U+FFFD");
}

#[test]
fn an_archive_cut_short_gives_what_is_whole_and_an_error() {
    let sandbox = Sandbox::with_model();
    let page = |id: &str| warc_response(id, "200 OK", "text/html", article(FOR).as_bytes());
    let whole = [page("one"), page("two"), page("three")].concat();
    sandbox.write("a.warc.gz", &whole[..whole.len() - 100]);
    let ran = score(&sandbox, &["a.warc.gz"]).exits(3).says("the gzip data is damaged or truncated");
    let ids = |ran: &Finished| records(ran).into_iter().map(|record| record.id).collect::<Vec<_>>();
    assert_eq!(ids(&ran), ["<urn:uuid:one>", "<urn:uuid:two>"]);
    assert_eq!(errors(&ran)[0].error.kind, "io");

    let plain = gunzip(&whole);
    sandbox.write("b.warc", &plain[..plain.len() - 100]);
    let ran = score(&sandbox, &["b.warc"]).exits(3).says("b.warc, record 3: the file ends inside the record");
    assert_eq!(ids(&ran), ["<urn:uuid:one>", "<urn:uuid:two>"]);
    let fault = &errors(&ran)[0];
    assert_eq!((fault.id.as_str(), fault.record, fault.error.kind.as_str()), ("b.warc#3", Some(3), "warc"));
    assert_eq!(fault.error.line, None);
}

#[test]
#[cfg(feature = "parquet")]
fn parquet_is_read_row_by_row_and_never_from_a_stream() {
    let sandbox = Sandbox::with_model();
    let bytes = harness::parquet(&[("id", &["a", ""]), ("title", &["Ink", ""]), ("body", &[FOR, AGAINST])]);
    sandbox.write("f/x.parquet", &bytes);
    sandbox.write("x.data", &bytes);
    sandbox.write("x.csv", &bytes);
    sandbox.write("x.parquet.gz", gzip(&bytes));
    let args = ["--text-column", "title,body", "--paragraphs"];
    let ran = score(&sandbox, &[&["f", "x.data"], &args[..]].concat()).exits(0);
    let found = records(&ran);
    let ids: Vec<&str> = found.iter().map(|record| record.id.as_str()).collect();
    assert_eq!(ids, ["a", "f/x.parquet#2", "a", "x.data#2"]);
    let paragraphs = found[0].paragraphs.as_ref().unwrap();
    assert_eq!(paragraphs.iter().map(|p| p.text.as_deref().unwrap()).collect::<Vec<_>>(), ["Ink", FOR]);
    assert_eq!((found[1].record, found[1].top.as_str()), (Some(2), "against"));

    score_with(&sandbox, &["-"], &bytes)
        .exits(1)
        .says("so standard input cannot be used; write it to a file first");
    score_with(&sandbox, &["-", "--input-format", "parquet"], &bytes)
        .exits(1)
        .says("-: it is Parquet, which must be read from its end");
    score(&sandbox, &["x.parquet.gz"])
        .exits(1)
        .says("x.parquet.gz: it is Parquet inside gzip; unpack it first");
    score(&sandbox, &["x.csv"]).exits(1).says("give it its own name (.parquet) or --input-format parquet");
    assert_eq!(
        records(&score(&sandbox, &[&["x.csv", "--input-format", "parquet"], &args[..2]].concat())).len(),
        2
    );
    score(&sandbox, &["f"]).exits(0).says("no column `text`; texts are read from `body`");
}

#[test]
#[cfg(feature = "spreadsheet")]
fn a_file_that_unpacks_to_too_much_costs_only_itself() {
    let sandbox = Sandbox::with_model();
    // Twenty gigabytes of blanks in one row, and a table of a million columns.
    let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    let row = |cells: &str| format!("<table:table-row>{cells}</table:table-row>");
    let rows =
        row(&cell("text")) + &row(&cell("x<text:s text:c=\"16777215\"/>").repeat(1200)) + &row(&cell(FOR));
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"S\">{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    let mimetype = ("mimetype", "application/vnd.oasis.opendocument.spreadsheet");
    sandbox.write("a.ods", harness::zipped(&[mimetype, ("content.xml", &content)]));
    sandbox.write("b.csv", format!("text{}\nx\n", ",".repeat(1_000_000)));
    sandbox.write("z.txt", FOR);
    let ran = score(&sandbox, &["a.ods", "b.csv", "z.txt"]).exits(3).says("it has 1000001 columns");
    let kinds: Vec<String> = errors(&ran).iter().map(|found| found.error.kind.clone()).collect();
    assert_eq!((kinds.len(), kinds[0].as_str()), (2, "too-large"), "{ran}");
    assert_eq!(records(&ran).len(), 2, "the row behind it and the text are scored");
}

#[test]
#[cfg(feature = "parquet")]
fn a_falsified_footer_is_one_error_and_the_rest_goes_on() {
    let sandbox = Sandbox::with_model();
    let mut bytes = harness::parquet(&[("text", &[FOR])]);
    sandbox.write("cut.parquet", &bytes[..bytes.len() / 2]);
    let at = bytes.len() - 8;
    bytes[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    sandbox.write("false.parquet", &bytes);
    sandbox.write("text.parquet", "id,text\n");
    sandbox.write("z.txt", FOR);
    let ran = score(&sandbox, &["cut.parquet", "false.parquet", "text.parquet", "z.txt"]).exits(3);
    let found = errors(&ran);
    assert!(found.iter().all(|e| e.error.kind == "parquet" && e.error.line.is_none()), "{ran}");
    for (error, expected) in found.iter().zip(["truncated", "claims 4294967295 bytes", "not Parquet"]) {
        assert!(error.error.message.contains(expected), "{ran}");
    }
    assert_eq!((found.len(), records(&ran).len()), (3, 1));
}

#[test]
#[cfg(feature = "spreadsheet")]
fn a_sheet_is_read_row_by_row() {
    let sandbox = Sandbox::with_model();
    let book = harness::xlsx([&[&["text"], &[FOR]], &[&["id", "text"], &["n-1", AGAINST], &[], &["", FOR]]]);
    sandbox.write("x.xlsx", &book);
    sandbox.write("f/x.csv", &book);
    assert_eq!(records(&score(&sandbox, &["x.xlsx"]).exits(0))[0].id, "x.xlsx#1");
    let ran = score(&sandbox, &["x.xlsx", "--sheet", "Two"]).exits(0);
    let found = records(&ran);
    assert_eq!(found.iter().map(|record| record.id.as_str()).collect::<Vec<_>>(), ["n-1", "x.xlsx#2"]);
    score(&sandbox, &["x.xlsx", "--sheet", "Tow"]).exits(1).says("found `One`, `Two`; did you mean `Two`?");
    score(&sandbox, &["x.xlsx", "--text-column", "body"]).exits(1).says("x.xlsx, line 1: no column `body`");
    score(&sandbox, &["f"]).exits(1).says("it is a spreadsheet; give it its own name (.xlsx or .ods)");
    score_with(&sandbox, &["-"], &book).exits(1).says("it is a zip archive");
    score_with(&sandbox, &["-", "--input-format", "xlsx"], &book).exits(1).says("write it to a file first");
}

#[test]
fn what_is_not_read_is_told_with_what_makes_text_of_it() {
    let sandbox = Sandbox::with_model();
    sandbox.write("z.txt", FOR);
    let (zip, ole2): (&[u8], &[u8]) = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0");
    for (name, tool, beginning) in [
        ("a.docx", "pandoc", zip),
        ("a.doc", "soffice", ole2),
        ("a.rtf", "soffice", b"{\\rtf1"),
        ("a.xls", ".xlsx or CSV", ole2),
    ] {
        sandbox.write(name, beginning);
        let ran = score(&sandbox, &[name, "z.txt"]).exits(3).says(tool);
        assert_eq!(errors(&ran)[0].error.kind, "text", "{ran}");
    }
    sandbox.write("f/a.docx", "x");
    sandbox.write("f/a.txt", FOR);
    score(&sandbox, &["f"])
        .exits(0)
        .says("skipped files of unknown type: 1 .docx; name one on its own to learn how to convert it");
    sandbox.write("a.doc", "whatever is inside");
    assert_eq!(records(&score(&sandbox, &["a.doc", "--input-format", "text"]).exits(0)).len(), 1);
    #[cfg(feature = "spreadsheet")]
    {
        sandbox.write("b.csv", harness::zipped(&[("word/document.xml", "<w/>")]));
        score(&sandbox, &["b.csv"]).exits(1).says("it is a Word document, which is not supported");
    }
}

#[test]
fn quiet_prints_results_only() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.txt", FOR);
    assert_eq!(score(&sandbox, &["a.txt", "--quiet"]).exits(0).stderr, "");
    score(&sandbox, &["a.txt"]).exits(0).says("1 document;").says("for 1 (100 %)");
}
