//! Results and counts in the formats that people publish: each is read back.

use std::collections::BTreeMap;

use crate::harness::{Finished, Sandbox, labelled_csv};

const MODEL: [&str; 3] = ["--model", "model.safetensors", "--quiet"];

fn score(sandbox: &Sandbox, more: &[&str]) -> Finished {
    sandbox.run(&[&["score", "news.csv"], &MODEL[..], more].concat())
}

/// Rows of 30 texts of 15 articles, the last of which repeats the first.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_model();
    let csv = labelled_csv(30);
    let first = csv.lines().nth(1).unwrap().replacen("r0,", "r30,", 1);
    sandbox.write("news.csv", format!("{csv}{first}\n"));
    sandbox
}

fn text(sandbox: &Sandbox, name: &str) -> String {
    String::from_utf8(sandbox.read(name)).unwrap()
}

/// The cells of a table with a header, row by row.
fn table(text: &str, delimiter: u8) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

#[test]
fn a_kept_column_that_is_called_as_one_of_the_results_keeps_its_own_heading() {
    let sandbox = sandbox();
    score(&sandbox, &["--keep", "label,article", "--output", "s.md"]).exits(0);
    let table = text(&sandbox, "s.md");
    let header = table.lines().next().unwrap();
    assert!(header.contains("| meta\\_label |") && header.contains("| article |"), "{header}");
    assert_eq!(header.matches("| label |").count(), 1, "{header}");
}

#[test]
fn the_name_of_the_output_tells_the_format() {
    let sandbox = sandbox();
    for name in ["s.csv", "s.tsv", "s.json", "s.jsonl", "s.md", "s.html", "s.tex"] {
        score(&sandbox, &["--output", name]).exits(0);
    }
    assert_eq!(table(&text(&sandbox, "s.tsv"), b'\t'), table(&text(&sandbox, "s.csv"), b','));
    let array: Vec<serde_json::Value> = serde_json::from_str(&text(&sandbox, "s.json")).unwrap();
    let lines: Vec<serde_json::Value> =
        text(&sandbox, "s.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(array, lines);
    let rows =
        |name: &str, begin: &str| text(&sandbox, name).lines().filter(|line| line.starts_with(begin)).count();
    assert_eq!((rows("s.md", "| r"), rows("s.html", "<tr><td>r"), rows("s.tex", "r")), (31, 31, 31));
    assert!(text(&sandbox, "s.html").ends_with("</tbody>\n</table>\n"));
    assert!(text(&sandbox, "s.tex").ends_with("\\bottomrule\n\\end{tabular}\n"));
}

#[cfg(feature = "spreadsheet")]
#[test]
fn a_workbook_has_the_cells_of_the_csv_and_the_same_bytes_again() {
    use calamine::{Data, Reader, Xlsx};

    let sandbox = sandbox();
    for name in ["s.csv", "s.xlsx", "t.xlsx"] {
        score(&sandbox, &["--output", name]).exits(0);
    }
    assert!(sandbox.read("s.xlsx") == sandbox.read("t.xlsx"));
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(sandbox.read("s.xlsx"))).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let mut rows = sheet.rows();
    let names: Vec<String> = rows.next().unwrap().iter().map(ToString::to_string).collect();
    let expected = table(&text(&sandbox, "s.csv"), b',');
    let mut count = 0;
    for (row, expected) in rows.zip(&expected) {
        count += 1;
        for (name, cell) in names.iter().zip(row) {
            match cell {
                Data::Float(number) => assert_eq!(*number, expected[name].parse::<f64>().unwrap(), "{name}"),
                cell => assert_eq!(cell.to_string(), expected[name], "{name}"),
            }
        }
    }
    assert_eq!(count, expected.len());
    score(&sandbox, &["--output", "s.xlsx", "--resume"])
        .exits(2)
        .says("an .xlsx file is written in one piece");
}

#[test]
fn an_unknown_extension_is_refused_with_those_that_are_known() {
    let sandbox = sandbox();
    for more in [&["--output", "s.xls"][..], &["--by", "article", "--by-output", "c.doc"]] {
        score(&sandbox, more).exits(2).says("expected a name ending in").says(".md").says(".tex");
    }
    assert_eq!(sandbox.names(), ["model.safetensors", "news.csv"]);
    score(&sandbox, &["--output", "s.xls", "--format", "csv"]).exits(0);
}

#[test]
fn numbers_are_rounded_for_people_only() {
    let sandbox = sandbox();
    score(&sandbox, &["--output", "s.csv", "--columns", "id,p_for"]).exits(0);
    score(&sandbox, &["--output", "s.md", "--columns", "id,p_for", "--digits", "2"]).exits(0);
    let exact: f64 = table(&text(&sandbox, "s.csv"), b',')[0]["p_for"].parse().unwrap();
    let shown = text(&sandbox, "s.md");
    assert_eq!(shown.lines().nth(2).unwrap(), format!("| r0 | {exact:.2} |"));
    assert!(exact.to_string().len() > 10, "data has all digits: {exact}");
    score(&sandbox, &["--output", "t.csv", "--digits", "2"]).exits(2).says("--digits does not apply to csv");
}

#[test]
fn the_table_of_a_terminal_has_chosen_columns_and_decimals() {
    let sandbox = sandbox();
    score(&sandbox, &["--output", "s.csv"]).exits(0);
    let first = &table(&text(&sandbox, "s.csv"), b',')[0];
    let (p, slant): (f64, f64) = (first["p_for"].parse().unwrap(), first["slant"].parse().unwrap());
    let shown = score(&sandbox, &["--format", "table", "--columns", "id,p_for,label", "--digits", "3"])
        .exits(0)
        .stdout;
    let lines: Vec<Vec<&str>> = shown.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["id", "p_for", "label"], "{shown}");
    assert_eq!(lines[1][..2], ["r0", &format!("{p:.3}")], "{shown}");
    assert_eq!(lines.len(), 32, "{shown}");
    let shown = score(&sandbox, &["--format", "table", "--digits", "4"]).exits(0).stdout;
    let line = shown.lines().nth(1).unwrap();
    assert!(line.contains(&format!("{slant:+.4}")), "{shown}");
    let all = first.keys().cloned().collect::<Vec<_>>().join(",");
    let shown = score(&sandbox, &["--format", "table", "--columns", &all]).exits(0).stdout;
    assert!(
        shown.lines().all(|line| line.chars().count() <= 100) && shown.contains("no room for "),
        "{shown}"
    );
    score(&sandbox, &["--format", "table", "--columns", "id", "--explain", "2"])
        .exits(2)
        .says("--explain and --columns exclude each other");
    score(&sandbox, &["--format", "jsonl", "--columns", "id"])
        .exits(2)
        .says("jsonl has no columns to choose (--columns)");
}

#[test]
fn results_that_people_read_can_be_sorted() {
    let sandbox = sandbox();
    let rows = |text: String| -> Vec<f64> {
        text.lines().skip(2).map(|line| line.split('|').nth(2).unwrap().trim().parse().unwrap()).collect()
    };
    score(&sandbox, &["--output", "s.md", "--columns", "id,slant", "--digits", "17"]).exits(0);
    let mut expected = rows(text(&sandbox, "s.md"));
    score(&sandbox, &["--output", "s.md", "--columns", "id,slant", "--digits", "17", "--sort", "slant"])
        .exits(0);
    let sorted = rows(text(&sandbox, "s.md"));
    assert_ne!(sorted, expected);
    expected.sort_by(|a, b| b.total_cmp(a));
    assert_eq!(sorted, expected);
    // What is counted on the way is counted in the order of the input.
    let reports = |more: &[&str]| {
        let report = ["--mark-duplicates", "--report", "page.html", "--output", "s.html"];
        score(&sandbox, &[&report[..], more].concat()).exits(0);
        text(&sandbox, "page.html")
    };
    assert_eq!(reports(&[]), reports(&["--sort", "confidence"]));
    sandbox.write(
        "news.csv",
        "id,title,date,text\na,Zoo,2024-05-02,They met.\nb,Ape,May 2024,They met.\nc,,2023,They met.\n",
    );
    let ids = |by: &str| {
        let shown = score(&sandbox, &["--format", "table", "--columns", "id", "--sort", by]).exits(0).stdout;
        shown.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        (ids("date"), ids("title")),
        (["c", "b", "a"].map(str::to_owned).to_vec(), ["b", "a", "c"].map(str::to_owned).to_vec())
    );
    for format in ["jsonl", "csv", "parquet"] {
        let refused = score(&sandbox, &["--sort", "slant", "--format", format]).exits(2);
        refused.says(&format!("--sort does not apply to {format}, whose results are written as they come"));
    }
    score(&sandbox, &["--sort", "slant", "--output", "s.md", "--resume"]).exits(2).says("--resume");
}

#[test]
fn columns_and_rows_can_be_chosen() {
    let sandbox = sandbox();
    score(&sandbox, &["--output", "all.csv"]).exits(0);
    let chosen = ["--output", "s.csv", "--columns", "slant,id,label", "--where", "label=for"];
    score(&sandbox, &chosen).exits(0);
    let found = text(&sandbox, "s.csv");
    assert!(found.starts_with("slant,id,label\n"), "{found}");
    let expected: Vec<String> = table(&text(&sandbox, "all.csv"), b',')
        .into_iter()
        .filter(|row| row["label"] == "for")
        .map(|row| row["id"].clone())
        .collect();
    let ids: Vec<String> = table(&found, b',').into_iter().map(|row| row["id"].clone()).collect();
    assert!(!ids.is_empty() && ids == expected, "{ids:?}");
    score(&sandbox, &["--output", "s.csv", "--columns", "id,labl"]).exits(2).says("did you mean `label`?");
    score(&sandbox, &["--output", "s.csv", "--columns", "id,id"]).exits(2).says("--columns `id` twice");
    score(&sandbox, &["--output", "s.csv", "--where", "lable=for"]).exits(2).says("--where `lable`");
    score(&sandbox, &["--output", "s.jsonl", "--columns", "id"])
        .exits(2)
        .says("jsonl has no columns to choose");
    let none = ["--output", "none.json", "--where", "id=nobody"];
    score(&sandbox, &none).exits(0);
    assert_eq!(text(&sandbox, "none.json"), "[\n]\n");
}

#[test]
fn repeats_can_be_left_out_of_results_and_counts() {
    let sandbox = sandbox();
    let by = ["--by", "article", "--by-output", "c.json"];
    score(&sandbox, &[&by[..], &["--output", "all.csv", "--mark-duplicates"]].concat()).exits(0);
    let count = |name: &str| {
        let groups: Vec<serde_json::Value> = serde_json::from_str(&text(&sandbox, name)).unwrap();
        groups.iter().find(|group| group["article"] == "g0").unwrap()["documents"].as_u64().unwrap()
    };
    assert_eq!(count("c.json"), 3);
    score(&sandbox, &[&by[..], &["--output", "s.csv", "--drop-duplicates"]].concat()).exits(0);
    assert_eq!(count("c.json"), 2);
    let rows = |name: &str| table(&text(&sandbox, name), b',');
    let repeats = rows("all.csv").iter().filter(|row| !row["duplicate_of"].is_empty()).count();
    assert!(repeats > 0);
    assert_eq!(rows("s.csv").len() + repeats, rows("all.csv").len());
    assert!(rows("s.csv").iter().all(|row| row["id"] != "r30"));
}

#[test]
fn counts_by_group_are_printed_with_bars_where_no_file_is_named() {
    let sandbox = sandbox();
    let ran = score(&sandbox, &["--by", "article", "--output", "s.csv"]).exits(0);
    assert!(ran.stdout.contains("article") && ran.stdout.contains("█"), "{ran}");
    // Standard output is for the results where no file takes them.
    let ran = score(&sandbox, &["--by", "article"]).exits(0);
    assert_eq!(ran.json().len(), 31);
    assert!(ran.stderr.contains("█"), "{ran}");
    for name in ["c.tsv", "c.json", "c.jsonl", "c.md", "c.html", "c.tex", "c.txt", "c.csv"] {
        score(&sandbox, &["--output", "s.csv", "--by", "article", "--by-output", name]).exits(0);
        assert!(text(&sandbox, name).contains("g14"), "{name}");
    }
    assert!(text(&sandbox, "c.md").contains("| g0 | 3 |"));
    let exact = table(&text(&sandbox, "c.csv"), b',')[0]["share_for_low"].clone();
    assert!(exact.parse::<f64>().is_ok() && exact.len() > 5 || exact == "0", "{exact}");
}

#[test]
fn tables_of_groups_for_people_have_few_columns_and_data_files_have_all() {
    let sandbox = sandbox();
    let written = |name: &str, more: &[&str]| {
        let by = ["--output", "s.csv", "--by", "article", "--by-output", name];
        score(&sandbox, &[&by[..], more].concat()).exits(0);
        text(&sandbox, name)
    };
    let markdown = written("c.md", &["--mark-duplicates"]);
    let heads: Vec<&str> =
        markdown.lines().next().unwrap().trim_matches('|').split('|').map(str::trim).collect();
    assert_eq!(heads[..3], ["article", "documents", "stories"]);
    assert_eq!(heads[3..8], ["against", "for", "neutral", "abstained", "slant"]);
    assert!(heads.len() <= 11, "{markdown}");
    let row = markdown.lines().find(|line| line.starts_with("| g14 |")).unwrap();
    assert!(row.contains("% (") && row.contains(" to ") && !row.contains("0.000"), "{row}");
    let latex = written("c.tex", &["--digits", "2"]);
    assert!(
        latex.contains("\\begin{tabular}{lrrrrrr}") && latex.contains(" & 67\\% (21 to 94) & "),
        "{latex}"
    );
    let html = written("c.html", &[]);
    assert_eq!(html.matches("<th scope=\"col\"").count(), 7, "{html}");
    let plain = written("c.txt", &[]);
    assert!(plain.starts_with("article  documents ") && plain.contains("% ("), "{plain}");
    assert!(!plain.contains('…') && !plain.contains("no room"), "{plain}");
    for name in ["c.csv", "c.tsv", "c.json", "c.jsonl"] {
        let data = written(name, &["--mark-duplicates"]);
        for column in
            ["share_for_low", "share_for_high", "abstained_low", "slant_high", "stories_share_for_low"]
        {
            assert!(data.contains(column), "{name} lacks {column}");
        }
    }
}

/// Texts with a title, an outlet and a page, of which one is too short.
fn titled() -> Sandbox {
    let sandbox = Sandbox::with_model();
    let mut csv = String::from("title,outlet,page,label,text\n");
    for (number, line) in labelled_csv(6).lines().skip(1).enumerate() {
        let text = line.splitn(4, ',').nth(3).unwrap();
        let outlet = ["Gazette", "Echo"][number % 2];
        csv.push_str(&format!("Day {number},{outlet},{},coded {number},{text}\n", 10 - number));
    }
    csv.push_str("Short,Echo,11,none,Hm.\n");
    sandbox.write("news/news.csv", csv);
    sandbox.write("news/a.md", labelled_csv(1).lines().nth(1).unwrap().splitn(4, ',').nth(3).unwrap());
    sandbox
}

fn score_titled(sandbox: &Sandbox, more: &[&str]) -> Finished {
    sandbox.run(&[&["score", "news/news.csv", "news/a.md"], &MODEL[..], more].concat())
}

/// The cells of a Markdown table, line by line, without the rule.
fn cells(markdown: &str) -> Vec<Vec<String>> {
    let cells =
        |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    markdown.lines().filter(|line| !line.starts_with("| ---")).map(cells).collect()
}

#[test]
fn tables_to_publish_have_the_columns_that_readers_want() {
    let sandbox = titled();
    let keep = ["--keep", "title,outlet", "--mark-duplicates"];
    let written = |name: &str, more: &[&str]| {
        score_titled(&sandbox, &[&keep[..], &["--output", name], more].concat()).exits(0);
        text(&sandbox, name)
    };
    let table = cells(&written("s.md", &[]));
    assert_eq!(
        table[0],
        ["document", "label", "probability", "slant", "reason", "outlet", "duplicate\\_of"],
        "{table:?}"
    );
    assert_eq!((table[1][0].as_str(), table[1][5].as_str()), ("Day 0", "Gazette"));
    assert!(table[1][2].parse::<f64>().is_ok_and(|p| p > 0.3), "{:?}", table[1]);
    assert_eq!(table[7][..5], ["Short", "", "", "", "too-short"]);
    assert_eq!(table[8][0], "a.md", "a text without a title has the name of its file");
    assert!(written("s.tex", &[]).contains("\\begin{tabular}{llrrlll}"), "{}", text(&sandbox, "s.tex"));
    assert_eq!(written("s.html", &[]).matches("<th scope").count(), 7);
    let chosen = cells(&written("c.md", &["--columns", "path,document,probability,outlet"]));
    assert_eq!(chosen[0], ["path", "document", "probability", "outlet"]);
    assert_eq!(chosen[1][0], "news/news.csv");
    let paragraphs = cells(&written("p.md", &["--paragraphs", "--no-text"]));
    assert_eq!(
        paragraphs[0],
        [
            "document",
            "label",
            "reason",
            "paragraph",
            "top",
            "probability",
            "weight",
            "outlet",
            "duplicate\\_of"
        ],
        "{paragraphs:?}"
    );
    // Data files have all columns, and these two on request.
    let data = written("s.csv", &[]);
    let head = data.lines().next().unwrap();
    assert!(
        head.starts_with("id,path,record,label,top,") && head.contains(",meta_title,meta_outlet,"),
        "{head}"
    );
    assert!(!head.contains("document") && !head.contains("probability"), "{head}");
    let asked = written("t.csv", &["--columns", "document,probability"]);
    assert!(asked.starts_with("document,probability\nDay 0,0."), "{asked}");
}

#[test]
fn a_failure_has_its_kind_in_a_table_to_publish() {
    let sandbox = titled();
    sandbox.write("news/bad.jsonl", "[1]\n");
    let args = ["score", "news/bad.jsonl", "news/a.md", "--output", "s.md"];
    sandbox.run(&[&args[..], &MODEL[..]].concat()).exits(3);
    let table = cells(&text(&sandbox, "s.md"));
    assert_eq!((table[1][0].as_str(), table[1][4].as_str()), ("bad.jsonl#1", "failed: json"), "{table:?}");
}

#[test]
fn kept_columns_are_known_by_their_own_names() {
    let sandbox = titled();
    let keep = ["--keep", "title,outlet,page,label"];
    let rows = |name: &str, more: &[&str]| {
        let ran = score_titled(&sandbox, &[&keep[..], &["--output", name], more].concat()).exits(0);
        (text(&sandbox, name), ran)
    };
    let (csv, _) = rows("s.csv", &["--columns", "title,outlet", "--where", "outlet=Echo"]);
    // Data files have the names by which other commands find the columns.
    assert_eq!(csv, "meta_title,meta_outlet\nDay 1,Echo\nDay 3,Echo\nDay 5,Echo\nShort,Echo\n");
    assert_eq!(csv, rows("s.csv", &["--columns", "meta_title,outlet", "--where", "meta_outlet=Echo"]).0);
    for by in ["page", "meta_page"] {
        let (table, _) = rows("s.md", &["--columns", "title,page", "--sort", by]);
        let pages: Vec<String> = cells(&table)[1..].iter().map(|row| row[1].clone()).collect();
        assert_eq!(pages, ["5", "6", "7", "8", "9", "10", "11", ""], "{table}");
    }
    score_titled(&sandbox, &["--keep", "page", "--format", "table", "--sort", "outlet"])
        .exits(2)
        .says("--sort outlet: expected one of `slant`, `confidence`, `date`, `title`, or a column that --keep names");
    score_titled(&sandbox, &["--keep", "page", "--format", "csv", "--columns", "id,meta_page,page"])
        .exits(2)
        .says("`page` twice");

    // `label` is one of the results, too.
    let loud = ["score", "news/news.csv", "--model", "model.safetensors", "--output", "l.csv"];
    let asked = ["--columns", "id,label", "--where", "label="];
    let ran = sandbox.run(&[&loud[..], &keep, &asked].concat()).exits(0);
    let clash = "`label` is a column of the results; the kept column of this name is `meta_label`";
    let ran = ran.says(&format!("--columns: {clash}")).says(&format!("--where: {clash}"));
    assert_eq!(text(&sandbox, "l.csv").lines().count(), 2, "{ran}");
    assert!(text(&sandbox, "l.csv").starts_with("id,label\n"));
}
