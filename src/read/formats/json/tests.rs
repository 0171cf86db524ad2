//! Tests the reader of JSON on lines, arrays, lists and damaged files.

use proptest::prelude::*;

use super::*;
use crate::error::Position;
use crate::read::{Column, RawRecord, Requirement};
use crate::text::document::Document;

fn lines(bytes: &[u8], max_record: usize) -> Vec<Result<RawRecord>> {
    let source = Source::new("x".into(), Box::new(std::io::Cursor::new(bytes.to_vec())));
    JsonLines::new(source, max_record).collect()
}

fn document(line: &str) -> Result<Document> {
    let options = InputOptions {
        columns: vec![Column { name: "n".into(), need: Requirement::Optional }],
        ..InputOptions::default()
    };
    let mut document = Document { columns: vec![None], ..Document::default() };
    fill(line, Position::default(), &options, &mut document).map(|()| document)
}

#[test]
fn blank_lines_are_no_records_and_lines_are_counted() {
    let found: Vec<(u64, u64)> = lines(b"{}\n\n  \n{}", 99)
        .into_iter()
        .map(|raw| raw.map(|raw| (raw.record.unwrap(), raw.line.unwrap())).unwrap())
        .collect();
    assert_eq!(found, [(1, 1), (2, 4)]);
}

#[test]
fn a_line_over_the_limit_is_one_error_and_the_rest_goes_on() {
    let mut bytes = vec![b'x'; 600 << 10];
    bytes.extend_from_slice(b"\n{}\n");
    let found = lines(&bytes, 1000);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].as_ref().unwrap_err().name(), "too-large");
    assert_eq!(found[1].as_ref().unwrap().line, Some(2));
}

#[test]
fn ids_and_columns_stay_as_they_are_written() {
    let document = document(r#"{"id":1.50,"text":"caf\u00e9","n":null}"#).unwrap();
    assert_eq!((document.id.as_str(), document.text.as_str()), ("1.50", "café"));
    assert_eq!(document.columns, [None]);
}

#[test]
fn what_is_no_object_or_has_no_text_is_an_error() {
    assert!(document("[1]").unwrap_err().to_string().contains("it is an array"));
    assert!(document("{\"text\":").unwrap_err().to_string().contains("not valid JSON"));
    assert!(document("{\"txt\":\"x\"}").unwrap_err().to_string().contains("did you mean `txt`"));
}

#[test]
fn what_python_prints_is_called_that() {
    for (line, sign) in [
        (r#"{"text":"It rained.","n":nan}"#, "`nan`"),
        (r#"{"text":"It rained.","n": -inf, "m": 1}"#, "`inf`"),
        (r#"{"text":"It rained.","n":None}"#, "`None`"),
        ("{\n\"n\": True,\n\"text\": \"It rained.\"}", "`True`"),
        ("{'text': 'It rained.'}", "`'`"),
    ] {
        let error = document(line).unwrap_err().to_string();
        assert!(error.contains(sign) && error.contains("json.dumps"), "{line}: {error}");
    }
    for line in [r#"{"text":"It rained.","n":nano}"#, r#"{"text":"None"#, r#"{"text":"x" "n":1}"#] {
        assert!(!document(line).unwrap_err().to_string().contains("Python"), "{line}");
    }
}

#[test]
fn a_text_that_is_no_string_is_an_error_with_a_way_out() {
    let error = |line: &str| document(line).unwrap_err().to_string();
    assert!(error(r#"{"text":["a","b"]}"#).contains("a list; join its elements first"));
    assert!(error(r#"{"text":{"body":"a"}}"#).contains("an object; give the path"));
    assert!(error(r#"{"post":{"full_text":"a"}}"#).contains("may be at `post.full_text`"));
}

#[test]
fn values_that_a_script_assigns_are_read() {
    for (script, count) in [
        ("window.A.posts.part0 = [ {\"text\": \"One.\"},\n{\"text\": \"Two.\"} ];\n", 2),
        ("const posts =\n[{\"text\":\"One.\"}]", 1),
        ("var post = {\"text\": \"One.\"};", 1),
    ] {
        let source = Source::new("x".into(), Box::new(std::io::Cursor::new(script.as_bytes().to_vec())));
        let found: Vec<_> = open(source, &InputOptions::default()).unwrap().map(Result::unwrap).collect();
        assert_eq!(found.len(), count, "{script}");
        let last = found.into_iter().next_back().unwrap();
        assert_eq!(last.line, Some(if script.starts_with("var") { 1 } else { 2 }), "{script}");
        let text = last.document(&InputOptions::default()).unwrap().text;
        assert_eq!(text, if count > 1 { "Two." } else { "One." }, "{script}");
        assert!(begins(script.as_bytes()), "{script}");
    }
}

#[test]
fn values_that_are_no_text_are_errors_and_null_is_none() {
    for line in [
        r#"{"text":"a \ud800 b"}"#,
        r#"{"text":{"a":1}}"#,
        r#"{"text":7}"#,
        r#"{"text":"x","id":"\udfff"}"#,
        r#"{"text":"x","text":"x"}"#,
        r#"{"text":"x","n":1,"n":1}"#,
    ] {
        assert_eq!(document(line).unwrap_err().name(), "json", "{line}");
    }
    assert_eq!(document(r#"{"a":1,"text":"x","a":2}"#).unwrap().text, "x", "nobody asked for `a`");
    let empty = document(r#"{"text":null,"id":null}"#).unwrap();
    assert_eq!((empty.text.as_str(), empty.id.as_str()), ("", ""));
}

proptest! {
    #[test]
    fn no_line_panics_and_none_is_lost(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let expected = bytes.split(|&b| b == b'\n').filter(|line| !line.iter().all(|byte| byte.is_ascii_whitespace() || *byte == RECORD_SEPARATOR)).count();
        let found = lines(&bytes, 1000);
        prop_assert_eq!(found.len(), expected);
        for raw in found.into_iter().flatten() {
            let _ = raw.document(&InputOptions::default());
        }
    }
}

/// Gives its bytes a few at a time.
struct Slow(std::io::Cursor<Vec<u8>>, usize);

impl std::io::Read for Slow {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(bytes.len());
        self.0.read(&mut bytes[..count])
    }
}

fn read_with(content: &[u8], piece: usize, options: &InputOptions) -> Vec<Result<Document>> {
    let reader = Slow(std::io::Cursor::new(content.to_vec()), piece);
    let source = Source::new("x".into(), Box::new(reader));
    match open(source, options) {
        Ok(records) => records.map(|raw| raw?.document(options)).collect(),
        Err(error) => vec![Err(error)],
    }
}

/// Each record as its text and line, or the message about it.
fn read(content: &str) -> Vec<String> {
    let read = read_with(content.as_bytes(), 1 << 20, &InputOptions::default());
    assert_eq!(read.len(), read_with(content.as_bytes(), 3, &InputOptions::default()).len(), "{content}");
    let shown = |read: Result<Document>| match read {
        Ok(document) => format!("{} {}", document.line.unwrap(), document.text),
        Err(error) => error.to_string(),
    };
    read.into_iter().map(shown).collect()
}

#[test]
fn objects_are_read_however_they_stand() {
    for content in [
        "{\"text\":\"a\"}\n\n{\"text\":\"b\"}\n",
        "[{\"text\":\"a\"},\n\n{\"text\":\"b\"}]",
        "{\n\"text\":\"a\"} \n{\n  \"text\":\"b\"\n}\n",
        "{\"text\":\"a\"},\n\n{\"text\":\"b\"},\n",
        "\u{1e}{\"text\":\"a\"}\n\n\u{1e}{\"text\":\"b\"}\n",
        "\u{1e}{\"text\":\n\"a\"}\n\u{1e}{\"text\":\"b\"}\n",
        "[{\"text\":\"a\"}]\n\n[{\"text\":\"b\"}]\n",
        "{\"n\":2,\"rows\":[{\"text\":\"a\"},\n\n{\"text\":\"b\"}],\"more\":[1,\"[{\"]}",
    ] {
        let found = read(content);
        let texts: Vec<&str> = found.iter().filter_map(|found| found.split(' ').nth(1)).collect();
        assert_eq!(texts, ["a", "b"], "{content}: {found:?}");
    }
    assert_eq!(read("[\n  {\n    \"text\": \"a\"\n  },\n  {\n    \"text\": \"b\"\n  }\n]\n"), ["2 a", "5 b"]);
    assert_eq!(read("{\n \"text\": \"one\"\n}"), ["1 one"]);
    assert_eq!(read("[1]\n{\"text\":\"a\"}\n")[1], "2 a");
    assert!(read("[]").is_empty() && read(" ").is_empty() && read("[\n]\n").is_empty());
}

#[test]
fn a_damaged_object_costs_one_record() {
    let good = |text: &str| format!("  {{\n    \"text\": \"{text}\"\n  }}");
    for bad in [
        "  {\n    \"text\": \"x\n  }",
        "  {\n    \"text\": \"x\"\n",
        "  {\n    \"text\": [}\n  }",
        "  {\n    \"text\": x\n  }",
        "  17",
        "  {\n    \"text\": \"x\", \"list\": [{\"text\": 1}\n  }",
    ] {
        let found = read(&format!("[\n{},\n{bad},\n{}\n]\n", good("a"), good("b")));
        assert_eq!(found.len(), 3, "{bad}: {found:?}");
        assert!(found[0] == "2 a" && found[2].ends_with(" b"), "{bad}: {found:?}");
        assert!(found[1].contains("line 5, record 2"), "{bad}: {found:?}");
    }
    let small = r#"[{"text":"a"}, {"text":"x}, {"text":"b"}, {"text":"c"}]"#;
    let found = read(small);
    assert_eq!((found[0].as_str(), found.last().unwrap().as_str()), ("1 a", "1 c"), "{found:?}");
    let cut = read("[{\"text\":\"a\"},\n{\"text\":\"b");
    assert!(cut[0] == "1 a" && cut[1].contains("line 2, record 2") && cut[1].contains("skipped"), "{cut:?}");
    assert!(read("[{\"text\":\"a\"},\n")[1].contains("the file ends inside its array"));
}

#[test]
fn a_damaged_line_leaves_json_lines_what_they_are() {
    for bad in ["{\"text\":\"x", "{\"text\":\"x\",", "{\"text\":\"x\"", "{\"text\":{\"x\":1}", "{"] {
        let found = read(&format!("{bad}\n{{\"text\":\"b\"}}\n{{\"text\":\"c\"}}\n"));
        assert_eq!(found[1..], ["2 b", "3 c"], "{bad}: {found:?}");
    }
}

#[test]
fn tables_of_other_forms_are_refused_by_name() {
    for (content, told) in [
        (r#"{"text":{"0":"a","1":"b"},"label":{"0":"x","1":"y"}}"#, "orient='columns'"),
        (r#"{"columns":["text"],"index":[0],"data":[["a"]]}"#, "orient='split'"),
        (r#"{"0":{"text":"a"},"1":{"text":"b"}}"#, "orient='records'"),
        (r#"[["a","b"]]"#, "arrays, whose values have no names"),
        (r#"["a","b"]"#, "strings, which have no names"),
        (r#"{"articles":[{"content":"a"}]}"#, "its list `articles` have `content`"),
        (r#"{"data":{"text":"a"}}"#, "`data.text`"),
        (r#"{"data":{"text":"a"},"includes":{"users":[{"id":1}]}}"#, "`data.text`"),
        (r#"{"text":["a","b"]}"#, "not a string but a list"),
    ] {
        let found = read(content);
        assert!(found.len() == 1 && found[0].contains(told), "{content}: {found:?}");
    }
}

#[test]
fn the_list_of_an_article_is_no_list_of_records() {
    let long = "word ".repeat(200);
    let article = format!("{{\"body\":\"{long}\",\"comments\":[{{\"text\":\"a\"}}]}}");
    assert!(read(&article)[0].contains("no column `text`"));
    let two = r#"{"a":[{"text":"a"}],"b":[{"text":"b"}]}"#;
    assert!(read(two)[0].contains("no column `text`"));
    assert!(read("{\"rows\":[{\"text\":\"a\"}]}\n{\"rows\":[{\"text\":\"b\"}]}\n")[0].contains("`rows`"));
}

#[test]
fn a_long_array_is_read_within_a_small_limit() {
    let options = InputOptions { max_record: 1000, ..InputOptions::default() };
    let rows: Vec<String> = (0..2000).map(|n| format!("{{\"text\":\"text {n}\"}}")).collect();
    for (before, behind) in [("[", "]"), ("{\"n\":1,\"rows\":[", "],\"end\":{\"a\":[]}}")] {
        let content = format!("{before}{}{behind}", rows.join(","));
        let found = read_with(content.as_bytes(), 4096, &options);
        assert_eq!(found.len(), 2000, "{before}");
        assert!(found.iter().all(Result::is_ok), "{before}");
    }
    let content = format!("{{\"rows\":[{}],\"others\": [ {{\"text\":\"x\"}}]}}", rows.join(","));
    let found = read_with(content.as_bytes(), 4096, &options);
    assert_eq!(found.len(), 2001);
    assert!(found[2000].as_ref().unwrap_err().to_string().contains("several lists"));
    let large = format!("[{{\"text\":\"{}\"}},{{\"text\":\"b\"}}]", "x".repeat(600_000));
    let found = read_with(large.as_bytes(), 4096, &options);
    assert_eq!(found[0].as_ref().unwrap_err().name(), "too-large");
    assert_eq!((found.len(), found[1].as_ref().unwrap().text.as_str()), (2, "b"));
}

#[test]
fn pythons_numbers_and_mongos_objects_are_values() {
    let nan = document("{\"text\":\"x NaN\",\"score\":NaN,\"n\":-Infinity}").unwrap();
    assert_eq!((nan.text.as_str(), &nan.columns), ("x NaN", &vec![None]));
    assert_eq!(document("{\"text\":NaN}").unwrap().text, "");
    assert!(document("{\"text\":NaNo}").is_err() && document("{\"text\":\"x\",\"n\":nan}").is_err());
    let mongo = document(r#"{"text":"x","id":{"$oid":"65f0"},"n":{"$date":{"$numberLong":"17"}}}"#).unwrap();
    assert_eq!((mongo.id.as_str(), mongo.columns[0].as_deref()), ("65f0", Some("17")));
    let kept = document(r#"{"text":"x","n":{"$oid":"1","b":2}}"#).unwrap();
    assert_eq!(kept.columns[0].as_deref(), Some(r#"{"$oid":"1","b":2}"#));
}

#[test]
fn text_that_begins_with_a_bracket_is_no_json() {
    for (text, is_json) in [
        ("[Music] Welcome", false),
        ("[ {\"a\":1}]", true),
        ("[\n", true),
        ("[]", true),
        ("[{x}] a", false),
        ("\u{1e}{\"a\":1}", true),
    ] {
        assert_eq!(begins(text.as_bytes()), is_json, "{text}");
    }
}

proptest! {
    #[test]
    fn the_same_records_come_of_every_form(
        texts in proptest::collection::vec("x[a-z{}\\[\\]\"\\\\,:\n é]{0,12}", 1..8),
        piece in 1usize..40,
    ) {
        let rows: Vec<serde_json::Value> = texts.iter().map(|text| serde_json::json!({"id": 1, "text": text, "more": {"a": [text]}})).collect();
        let one_a_line: Vec<String> = rows.iter().map(ToString::to_string).collect();
        let pretty: Vec<String> = rows.iter().map(|row| serde_json::to_string_pretty(row).unwrap()).collect();
        for content in [
            one_a_line.join("\n"),
            pretty.join("\n"),
            pretty.join(""),
            serde_json::to_string(&rows).unwrap(),
            serde_json::to_string_pretty(&rows).unwrap(),
            serde_json::to_string_pretty(&serde_json::json!({"count": 3, "data": rows})).unwrap(),
        ] {
            let found: Vec<String> = read_with(content.as_bytes(), piece, &InputOptions::default())
                .into_iter()
                .map(|document| document.unwrap().text)
                .collect();
            prop_assert_eq!(&found, &texts, "{}", content);
        }
    }

    #[test]
    fn no_json_panics(content in "[{\\[]?[{}\\[\\]\",:a1 \\\\\n]{0,60}", piece in 1usize..20) {
        let options = InputOptions { max_record: 30, ..InputOptions::default() };
        let _ = read_with(content.as_bytes(), piece, &options);
        let _ = read_with(format!("{{\"a\":[{{\"text\":1}},{content}").as_bytes(), piece, &options);
    }
}
