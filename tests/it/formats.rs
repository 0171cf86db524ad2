//! Files whose name does not tell what they hold, folders that are columns, and formats of many
//! texts.

use serde_json::Value;

use crate::harness::{Finished, Sandbox};

const FOR: &str = "Leaders must defend the guarantee: deterrence and courage support Ukraine today.";

fn score(sandbox: &Sandbox, more: &[&str]) -> Finished {
    sandbox.run(&[&["score", "--model", "model.safetensors", "--format", "jsonl"], more].concat())
}

/// Probabilities, word count and title column of each result, without its names.
#[track_caller]
fn scores(ran: &Finished) -> Vec<(Value, Value)> {
    ran.json().iter().map(|record| (record["probabilities"].clone(), record["words"].clone())).collect()
}

#[test]
fn the_same_bytes_have_the_same_score_under_every_name() {
    let markdown = format!(
        "---\ntitle: Ink\ntags:\n  - nato\n---\n\n# Ink\n\n{FOR} See [[Kyiv|the *capital*]] and [[Paper]].\n\n```\ncode fear\n```\n"
    );
    let page = format!("<!doctype html><html><body><p>{FOR}</p><script>fear(fear)</script></body></html>");
    let lines = format!("{{\"text\":\"{FOR}\"}}\n");
    let table = format!("id\ttext\n1\t{FOR}\n");
    for (extension, bytes) in [("md", markdown), ("html", page), ("jsonl", lines), ("tsv", table)] {
        let sandbox = Sandbox::with_model();
        let named = format!("a.{extension}");
        sandbox.write(&named, &bytes);
        let expected = scores(&score(&sandbox, &[&named]).exits(0));
        for name in ["b.txt", "b", "b.doc"] {
            sandbox.write(name, &bytes);
            assert_eq!(scores(&score(&sandbox, &[name]).exits(0)), expected, "{name} of {named}");
        }
        score(&sandbox, &["b.txt"]).exits(0).says("b.txt: read as ").says("by its content");
        let piped = sandbox
            .run_with(&["score", "--model", "model.safetensors", "--format", "jsonl", "-"], bytes.as_bytes());
        assert_eq!(scores(&piped.exits(0)), expected, "standard input of {named}");
        let plain = scores(&score(&sandbox, &["b.txt", "--input-format", "text"]).exits(0));
        assert_ne!(plain, expected, "{named}");
    }
}

#[test]
fn a_plain_text_stays_plain_and_nothing_is_said() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.txt", format!("* {FOR}\n\n# 1 of 2, he said.\n\nIn other words, text, he said.\n"));
    let ran = score(&sandbox, &["a.txt"]).exits(0);
    assert!(!ran.stderr.contains("content"), "{ran}");
}

#[test]
fn text_under_the_name_of_a_workbook_is_a_table_and_markup_is_told() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.xls", format!("id\ttext\n7\t{FOR}\n"));
    let ran = score(&sandbox, &["a.xls"]).exits(0).says("a.xls: read as a table, by its content");
    assert_eq!(ran.json()[0]["id"], "7");
    let utf16: Vec<u8> =
        format!("\u{feff}id\ttext\r\n8\t{FOR}\r\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    sandbox.write("b.xls", utf16);
    assert_eq!(score(&sandbox, &["b.xls"]).exits(0).json()[0]["id"], "8");
    sandbox.write("c.xls", "<html><table><tr><td>text</td></tr></table></html>");
    score(&sandbox, &["c.xls"]).exits(1).says("an HTML page with a table").says("save it as .xlsx or CSV");
    sandbox.write(
        "d.xls",
        "<?xml version=\"1.0\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>",
    );
    score(&sandbox, &["d.xls"]).exits(1).says("an XML spreadsheet of 2003");
    sandbox.write("e.xls", b"\x09\x08\x06\0\0\0");
    score(&sandbox, &["e.xls"]).exits(1).says("one of Excel's own formats");
}

#[test]
fn archives_before_warc_are_refused_by_any_name() {
    let sandbox = Sandbox::with_model();
    for name in ["a.arc", "a.warc", "a.txt", "a"] {
        sandbox.write(
            name,
            "filedesc://a.arc 0.0.0.0 20240603080000 text/plain 8\n1 0 x\n\nhttp://e.org/ 1.2.3.4\n",
        );
        score(&sandbox, &[name]).exits(1).says("warcio recompress");
    }
}

/// Labeled rows of one source.
fn rows(label: &str, word: &str) -> String {
    let row = |at: usize| {
        format!("{{\"text\":\"{word} {word} on day number {at} of the talks\",\"label\":\"{label}\"}}\n")
    };
    (0..12).map(row).collect()
}

#[test]
fn folders_give_columns_and_commands_take_folders() {
    let sandbox = Sandbox::with_model();
    for (source, label, word) in [("The%20Ink", "for", "guarantee"), ("Paper", "against", "taxes")] {
        sandbox.write(&format!("d/source={source}/part-0.jsonl"), rows(label, word));
        sandbox.write(&format!("d/source={source}/_part-1.jsonl"), "no line of the table");
    }
    sandbox.write("d/_SUCCESS", "");
    let ran = score(&sandbox, &["d", "--keep", "source"]).exits(0);
    let sources: Vec<Value> = ran.json().iter().map(|record| record["meta"]["source"].clone()).collect();
    assert_eq!((sources.len(), &sources[0], &sources[23]), (24, &"Paper".into(), &"The Ink".into()));
    let trained = ["train", "d", "--output", "m.safetensors", "--min-df", "1", "--folds", "2"];
    sandbox.run(&trained).exits(0);
    let by_source =
        ["evaluate", "d", "--model", "m.safetensors", "--where", "source=The Ink", "--format", "json"];
    assert!(
        sandbox.run(&by_source).exits(0).stdout.contains("\"rows\": 12")
            || sandbox.run(&by_source).stdout.contains("\"rows\":12")
    );
    sandbox
        .run(&["train", "d", "--output", "d/source=Paper/part-0.jsonl"])
        .exits(2)
        .says("this file is an input and would be overwritten");
}

#[test]
fn lines_of_fasttext_train_and_evaluate() {
    let sandbox = Sandbox::new();
    let line = |at: usize| match at % 2 {
        0 => format!("__label__for the guarantee must hold on day {at}\n"),
        _ => format!("__label__against the taxes are too high on day {at}\n"),
    };
    let lines: String = (0..24).map(line).collect();
    sandbox.write("a.train", &lines);
    sandbox.write("a.txt", format!("{lines}__label__for __label__against both\n"));
    sandbox.run(&["train", "a.train", "--output", "m.safetensors", "--min-df", "1", "--folds", "2"]).exits(0);
    sandbox.run(&["evaluate", "a.train", "--model", "m.safetensors"]).exits(0);
    sandbox
        .run(&["evaluate", "a.txt", "--model", "m.safetensors"])
        .exits(3)
        .says("a.txt, line 25, record 25: it has 2 labels (`for`, `against`); expected one");
}
