//! Forms of the results: columns that travel along, compressed files, tables for publication,
//! counts.

use std::io::Read;

use crate::harness::{Finished, Sandbox};
use serde_json::{Value, json};

const FOR: &str =
    "Courage and support: the guarantee must defend deterrence, and NATO leaders must support the guarantee.";
const AGAINST: &str =
    "A costly provocation, a pointless escalation: neutrality is the way out of this danger, not NATO.";

fn score(sandbox: &Sandbox, args: &[&str]) -> Finished {
    sandbox.run(&[&["score", "--model", "model.safetensors"], args].concat())
}

/// A story of some length, with words of its own.
fn story(number: usize) -> String {
    (0..60).map(|word| format!("word{} ", (number * 7919 + word * word * 31) % 10_007)).collect()
}

fn news(sandbox: &Sandbox) {
    let rows = [
        format!("1,Herald,2024-05-17,\"{} {FOR}\"", story(1)),
        format!("2,Post,2024-05-18,\"Reprinted: {} {FOR}\"", story(1)),
        format!("3,Post,2024-06-01,\"{} {AGAINST}\"", story(2)),
        format!("4,=HYPERLINK(1),,\"{} {AGAINST}\"", story(3)),
        "5,Herald,2024-05-30,\"Hm.\"".to_owned(),
        "6,Herald".to_owned(),
    ];
    sandbox.write("news.csv", format!("id,source,date,text\n{}\n", rows.join("\n")));
}

#[test]
fn columns_of_the_input_travel_to_the_output() {
    let sandbox = Sandbox::with_model();
    news(&sandbox);
    let ran = score(&sandbox, &["news.csv", "--keep", "source,date", "--format", "jsonl"]).exits(3);
    let metas: Vec<Value> = ran.json().iter().map(|record| record["meta"].clone()).collect();
    assert_eq!(metas[0], json!({"source": "Herald", "date": "2024-05-17"}));
    assert_eq!(metas[3], json!({"source": "=HYPERLINK(1)", "date": null}));
    let ran = score(&sandbox, &["news.csv", "--keep", "source,date", "--format", "csv"]).exits(3);
    let mut rows = csv::Reader::from_reader(ran.stdout.as_bytes());
    let header = rows.headers().unwrap().clone();
    let at = header.iter().position(|name| name == "meta_source").unwrap();
    assert_eq!((&header[at + 1], &header[at + 2]), ("meta_date", "error_kind"));
    let sources: Vec<String> = rows.records().map(|row| row.unwrap()[at].to_owned()).collect();
    assert_eq!(sources, ["Herald", "Post", "Post", "=HYPERLINK(1)", "Herald", ""]);
}

#[test]
fn front_matter_and_json_values_travel_too_and_a_name_that_nothing_has_is_told() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.md", format!("---\ntitle: A day\nsource: Herald\n---\n\n{FOR}\n"));
    sandbox.write("b.jsonl", format!("{}\n", json!({"text": FOR, "source": {"name": "x"}, "title": 7})));
    let ran = score(&sandbox, &["a.md", "b.jsonl", "--keep", "title,source,sorce", "--format", "jsonl"])
        .exits(0)
        .says("no record has a value in the kept column `sorce`");
    let metas: Vec<Value> = ran.json().iter().map(|record| record["meta"].clone()).collect();
    assert_eq!(metas[0], json!({"title": "A day", "source": "Herald", "sorce": null}));
    assert_eq!(metas[1], json!({"title": "7", "source": "{\"name\":\"x\"}", "sorce": null}));
}

#[test]
fn a_header_without_a_column_that_is_to_be_kept_is_told_at_once() {
    let sandbox = Sandbox::with_model();
    news(&sandbox);
    let error = "no column `sorce`; found `id`, `source`, `date`, `text`; did you mean `source`?";
    score(&sandbox, &["news.csv", "--keep", "sorce"]).exits(1).says(error);
    score(&sandbox, &["news.csv", "--by", "sorce", "--by-output", "by.csv"]).exits(1).says(error);
    let ran = score(&sandbox, &["news.csv", "--by", "sorce", "--output", "scores.csv"]).exits(1).says(error);
    assert_eq!(ran.stdout, "", "there is no table of no groups");
    let kept = ["news.csv", "--keep", "source", "--columns", "id,sourc", "--output", "scores.csv"];
    score(&sandbox, &kept).exits(2).says("did you mean `source`?");
}

#[test]
fn excel_gets_a_byte_order_mark_and_no_formulas() {
    let sandbox = Sandbox::with_model();
    news(&sandbox);
    let ran = score(&sandbox, &["news.csv", "--keep", "source", "--format", "csv", "--excel"]).exits(3);
    assert!(ran.stdout.starts_with("\u{feff}id,path,"), "{ran}");
    assert!(ran.stdout.contains(",'=HYPERLINK(1),"), "{ran}");
    // Numbers below zero stay numbers.
    assert!(ran.stdout.contains(",-0."), "{ran}");
    score(&sandbox, &["news.csv", "--excel", "--format", "jsonl"]).exits(2).says("--excel is for CSV");
}

#[test]
fn compressed_outputs_hold_what_plain_ones_hold() {
    let sandbox = Sandbox::with_model();
    news(&sandbox);
    for (plain, packed) in [("a.csv", "b.csv.gz"), ("a.jsonl", "b.jsonl.zst"), ("a.csv", "b.csv.zst")] {
        score(&sandbox, &["news.csv", "--output", plain]).exits(3);
        score(&sandbox, &["news.csv", "--output", packed]).exits(3);
        let bytes = sandbox.read(packed);
        let mut text = Vec::new();
        match packed.ends_with("gz") {
            true => flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut text).unwrap(),
            false => zstd::stream::read::Decoder::new(&bytes[..]).unwrap().read_to_end(&mut text).unwrap(),
        };
        assert_eq!(text, sandbox.read(plain), "{packed}");
    }
    sandbox.write("none.jsonl", "");
    score(&sandbox, &["none.jsonl", "--output", "none.jsonl.gz"]).exits(0);
    let mut text = String::new();
    flate2::read::GzDecoder::new(&sandbox.read("none.jsonl.gz")[..]).read_to_string(&mut text).unwrap();
    assert_eq!(text, "");
}

#[test]
fn reprints_are_marked_and_stories_counted() {
    let sandbox = Sandbox::with_model();
    news(&sandbox);
    let args = ["news.csv", "--mark-duplicates", "--summary", "summary.json", "--format"];
    let ran =
        score(&sandbox, &[&args[..], &["jsonl"]].concat()).exits(3).says("5 documents, 4 stories, 1 failed");
    let of: Vec<Value> = ran.json().iter().take(5).map(|record| record["duplicate_of"].clone()).collect();
    assert_eq!(of, [json!(null), json!("1"), json!(null), json!(null), json!(null)]);
    let summary: Value = serde_json::from_slice(&sandbox.read("summary.json")).unwrap();
    assert_eq!(
        (&summary["documents"], &summary["stories"], &summary["failed"]),
        (&json!(5), &json!(4), &json!(1))
    );
    let ran = score(&sandbox, &[&args[..], &["csv"]].concat()).exits(3);
    assert!(
        ran.stdout.lines().next().unwrap().contains(",model,bias_model,duplicate_of,error_kind,"),
        "{ran}"
    );
    let ran = score(&sandbox, &["news.csv", "--format", "jsonl"]).exits(3);
    assert_eq!(ran.json()[1].get("duplicate_of"), None);
}

#[test]
fn a_summary_counts_labels_reasons_and_failures_by_kind() {
    let sandbox = Sandbox::with_model();
    news(&sandbox);
    for number in 0..5 {
        sandbox.write(&format!("bad/{number}.jsonl"), "[1]\n");
    }
    let ran =
        score(&sandbox, &["news.csv", "bad", "--summary", "summary.json", "--output", "out.jsonl"]).exits(3);
    let ran = ran
        .says("5 documents, 6 failed")
        .says("abstained 1 (20 %): too-short 1 (20 %)")
        .says("failed (json): bad/0.jsonl, line 1, record 1: it is an array")
        .says("failed (json): 2 more");
    assert!(!ran.stderr.contains("bad/3.jsonl"), "{ran}");
    let summary: Value = serde_json::from_slice(&sandbox.read("summary.json")).unwrap();
    assert_eq!(summary["schema"], 1);
    assert_eq!(summary["abstained"], json!([{"name": "too-short", "documents": 1, "share": 0.2}]));
    assert_eq!(summary["labels"][0], json!({"name": "against", "documents": 2, "share": 0.4}));
    let kinds: Vec<(&str, u64)> = summary["failures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| (kind["kind"].as_str().unwrap(), kind["count"].as_u64().unwrap()))
        .collect();
    assert_eq!(kinds, [("csv", 1), ("json", 5)]);
    assert_eq!(summary["failures"][1]["first"].as_array().unwrap().len(), 3);
    assert!(summary["documents_per_second"].as_f64().unwrap() > 0.0);
}

#[test]
fn the_table_for_publication_counts_by_source_and_month() {
    let sandbox = Sandbox::with_model();
    news(&sandbox);
    let args = ["news.csv", "--mark-duplicates", "--by", "source,date:month", "--by-output", "by.csv"];
    score(&sandbox, &[&args[..], &["--output", "out.csv"]].concat())
        .exits(3)
        .says("1 of 5 documents have no `date:month`");
    let table = String::from_utf8(sandbox.read("by.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let header: Vec<String> = rows.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(header[..4], ["source", "date:month", "documents", "stories"]);
    assert_eq!(header[4..7], ["share_against", "share_against_low", "share_against_high"]);
    let rows: Vec<Vec<String>> =
        rows.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let groups: Vec<String> = rows.iter().map(|row| row[..4].join("|")).collect();
    assert_eq!(groups, ["=HYPERLINK(1)||1|1", "Herald|2024-05|2|2", "Post|2024-05|1|1", "Post|2024-06|1|1"]);
    assert_eq!(rows[3][4], "1");
    // Nothing that was only counted stands in the results.
    assert!(!String::from_utf8(sandbox.read("out.csv")).unwrap().contains("meta_"));
    score(&sandbox, &["news.csv", "--by", "date:fortnight", "--by-output", "by.csv"]).exits(2).says("week");
    score(&sandbox, &["news.csv", "--by", "date"]).exits(3).says("date        documents");
}

/// Each row of a Parquet file as text, with the names and types of its columns.
#[cfg(feature = "parquet")]
fn parquet(bytes: Vec<u8>) -> (Vec<String>, Vec<Vec<String>>, usize) {
    use arrow_cast::display::{ArrayFormatter, FormatOptions};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let builder = ParquetRecordBatchReaderBuilder::try_new(file.reopen().unwrap()).unwrap();
    let groups = builder.metadata().num_row_groups();
    let columns = builder
        .schema()
        .fields()
        .iter()
        .map(|field| format!("{} {}", field.name(), field.data_type()))
        .collect();
    let mut rows = Vec::new();
    for batch in builder.build().unwrap() {
        let batch = batch.unwrap();
        let options = FormatOptions::default();
        let cells: Vec<ArrayFormatter> =
            batch.columns().iter().map(|column| ArrayFormatter::try_new(column, &options).unwrap()).collect();
        rows.extend(
            (0..batch.num_rows()).map(|row| cells.iter().map(|cell| cell.value(row).to_string()).collect()),
        );
    }
    (columns, rows, groups)
}

#[test]
#[cfg(feature = "parquet")]
fn parquet_holds_the_columns_of_the_csv_with_types() {
    let sandbox = Sandbox::with_model();
    news(&sandbox);
    for extra in [&["--keep", "source", "--mark-duplicates"][..], &["--paragraphs"]] {
        score(&sandbox, &[&["news.csv", "--output", "out.csv"], extra].concat()).exits(3);
        score(&sandbox, &[&["news.csv", "--output", "out.parquet"], extra].concat()).exits(3);
        let (columns, rows, groups) = parquet(sandbox.read("out.parquet"));
        let csv = sandbox.read("out.csv");
        let mut reader = csv::Reader::from_reader(&csv[..]);
        let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let kinds: Vec<&str> = columns.iter().map(|column| column.rsplit_once(' ').unwrap().1).collect();
        assert!(columns.iter().map(|column| column.rsplit_once(' ').unwrap().0).eq(names.iter()));
        for (name, kind) in names.iter().zip(kinds) {
            let expected = match name.as_str() {
                "record" | "words" | "paragraph" | "start" | "end" | "error_line" => "Int64",
                "slant" | "known" | "topic" | "loaded" | "weight" => "Float64",
                name if name.starts_with("p_") => "Float64",
                _ => "Utf8",
            };
            assert_eq!(kind, expected, "{name}");
        }
        let expected: Vec<Vec<String>> =
            reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        let number = |cell: &String| cell.parse::<f64>().map_or(cell.clone(), |number| number.to_string());
        let numbers = |rows: &[Vec<String>]| {
            rows.iter().map(|row| row.iter().map(number).collect()).collect::<Vec<Vec<_>>>()
        };
        assert_eq!(numbers(&rows), numbers(&expected));
        assert_eq!(groups, 1);
    }
    sandbox.write("none.jsonl", "");
    score(&sandbox, &["none.jsonl", "--output", "none.parquet"]).exits(0);
    assert_eq!(parquet(sandbox.read("none.parquet")).1.len(), 0);
    score(&sandbox, &["news.csv", "--output", "x.parquet.gz"])
        .exits(2)
        .says("parquet compresses its own data");
    score(&sandbox, &["news.csv", "--format", "parquet", "--explain", "3"]).exits(2).says("--format jsonl");
}

#[test]
#[cfg(feature = "parquet")]
fn row_groups_end_at_fixed_record_counts() {
    let sandbox = Sandbox::with_model();
    let rows: String = (0..9000).map(|number| format!("{number},\"{FOR}\"\n")).collect();
    sandbox.write("many.csv", format!("id,text\n{rows}"));
    score(&sandbox, &["many.csv", "--output", "out.parquet"]).exits(0);
    let (_, rows, groups) = parquet(sandbox.read("out.parquet"));
    assert_eq!((rows.len(), groups), (9000, 3));
    assert_eq!(rows[8999][0], "8999");
}
