//! `standpoint paragraphs`, and what `score` makes of it.

use crate::harness::Sandbox;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Paragraph {
    schema: u32,
    id: String,
    start: usize,
    end: usize,
    kept: bool,
    rule: Option<String>,
    text: String,
}

const PAGE: &str = "\
---
title: On Paper
date: 2025-03-01
---

From: [[evening_talk]] <br/>

Leaders must [[defence|defend]] the guarantee <a class=\"yt-timestamp\" data-t=\"1\">[00:12:15]</a>. Deterrence and courage today.

## What is open

The guarantee leaves three things open:

- who signs,
- who pays,
- who defends.

Would you like me to shorten this piece, or to change its tone?

Добавить комментарий

Ваш адрес email не будет опубликован. Обязательные поля помечены *
";

#[test]
fn each_paragraph_is_shown_with_its_place_and_the_rule_that_dropped_it() {
    let sandbox = Sandbox::new();
    sandbox.write("page.md", PAGE);
    let text = sandbox.run(&["paragraphs", "page.md", "--text"]).exits(0).stdout;
    let ran = sandbox.run(&["paragraphs", "page.md"]).exits(0);
    let found: Vec<Paragraph> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for paragraph in &found {
        assert_eq!((paragraph.schema, paragraph.id.as_str()), (1, "page.md"));
        assert_eq!(text.get(paragraph.start..paragraph.end), Some(paragraph.text.as_str()));
        assert_eq!(paragraph.kept, paragraph.rule.is_none());
    }
    let shown: Vec<(&str, Option<&str>)> =
        found.iter().map(|paragraph| (paragraph.text.as_str(), paragraph.rule.as_deref())).collect();
    assert_eq!(
        shown,
        [
            ("From: evening_talk", Some("byline")),
            ("Leaders must defend the guarantee. Deterrence and courage today.", None),
            ("What is open", None),
            (
                "The guarantee leaves three things open:\n\n- who signs,\n\n- who pays,\n\n- who defends.",
                None
            ),
            ("Would you like me to shorten this piece, or to change its tone?", Some("assistant-offer")),
            ("Добавить комментарий", Some("comment-form")),
            ("Ваш адрес email не будет опубликован. Обязательные поля помечены *", Some("comment-form")),
        ]
    );
    let table = sandbox.run(&["paragraphs", "page.md", "--format", "table"]).exits(0);
    assert_eq!(table.stdout.lines().filter(|line| line.contains("  kept ")).count(), 3, "{table}");
    sandbox.run(&["paragraphs", "none.md"]).exits(1);
}

#[test]
fn score_leaves_boilerplate_out_unless_it_is_told_to_keep_it() {
    let sandbox = Sandbox::with_model();
    sandbox.write("page.md", PAGE);
    let spans = |args: &[&str]| {
        let all = [&["score", "page.md", "--model", "model.safetensors", "--paragraphs"], args].concat();
        let ran = sandbox.run(&all).exits(0);
        (ran.json()[0]["paragraphs"].as_array().unwrap().len(), ran.stderr.clone())
    };
    assert_eq!(spans(&[]).0, 3);
    let (kept, said) = spans(&["--keep-boilerplate"]);
    assert_eq!(kept, 7);
    assert!(
        said.contains("boilerplate is scored, but the model was trained without it"),
        "an override is stated: {said}"
    );
}

/// Invented documents of the shapes in which texts come: notes on a recording, a column out of a
/// chat assistant, a long read of one line a paragraph. Beside each stands what a careful reader
/// would keep and what they would leave out.
#[test]
fn documents_are_cut_as_a_careful_reader_would_cut_them() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/documents");
    let sandbox = Sandbox::new();
    for (name, source) in
        [("recording", "recording.md"), ("column", "column.txt"), ("long-read", "long-read.txt")]
    {
        let expected = |part: &str| std::fs::read_to_string(format!("{folder}/{name}.{part}.txt")).unwrap();
        let path = format!("{folder}/{source}");
        let ran = sandbox.run(&["paragraphs", &path, "--format", "jsonl"]).exits(0);
        let found: Vec<Paragraph> =
            ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let (kept, dropped): (Vec<&Paragraph>, Vec<&Paragraph>) = found.iter().partition(|p| p.kept);
        let kept: Vec<&str> = kept.iter().map(|paragraph| paragraph.text.as_str()).collect();
        assert_eq!(format!("{}\n", kept.join("\n\n")), expected("kept"), "{name}");
        let line = |p: &&Paragraph| format!("{}: {}\n", p.rule.as_ref().unwrap(), p.text);
        assert_eq!(dropped.iter().map(line).collect::<String>(), expected("dropped"), "{name}");
    }
}
