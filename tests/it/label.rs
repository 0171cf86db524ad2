//! `label`: what the page of `serve` does, by commands in a work folder.

use serde_json::{Value, json};

use crate::harness::{Finished, Sandbox, labelled_csv};

/// The label that a passage's own words ask for.
fn own(passage: &str) -> &'static str {
    const WORDS: [(&str, [&str; 3]); 3] = [
        ("against", ["provocation", "escalation", "costly"]),
        ("for", ["guarantee", "deterrence", "defend"]),
        ("neutral", ["reported", "percent", "meeting"]),
    ];
    let count = |words: &[&str; 3]| words.iter().map(|word| passage.matches(word).count()).sum::<usize>();
    WORDS.iter().max_by_key(|(_, words)| count(words)).unwrap().0
}

/// Texts without labels, `together` of the rows of the small corpus in each, as paragraphs that are
/// `times` as long.
fn texts(rows: usize, together: usize, times: usize) -> Vec<u8> {
    let csv = labelled_csv(rows);
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let found: Vec<String> = rows.records().map(|row| row.unwrap()[3].to_owned()).collect();
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["id", "outlet", "text"]).unwrap();
    for (number, part) in found.chunks(together).enumerate() {
        let paragraphs: Vec<String> = part.iter().map(|text| vec![text.as_str(); times].join(" ")).collect();
        let outlet = format!("Outlet {}", number % 7);
        out.write_record([&format!("t{number}"), &outlet, &paragraphs.join("\n\n")]).unwrap();
    }
    out.into_inner().unwrap()
}

/// A folder of texts and a work folder.
struct Desk(Sandbox);

impl Desk {
    fn new(texts: Vec<u8>) -> Self {
        let sandbox = Sandbox::with_model();
        sandbox.write("news.csv", texts);
        Desk(sandbox)
    }

    /// Runs `label ACTION WORK`, with the model that labeling begins with.
    fn label(&self, work: &str, action: &str, more: &[&str]) -> Finished {
        let fixed = ["--model", "model.safetensors", "--jobs", "1"];
        self.0.run(&[&["label", action, work], more, &fixed].concat())
    }

    fn run(&self, command: &str) -> Finished {
        self.0.run(&command.split(' ').collect::<Vec<_>>())
    }

    /// The next passages of a queue, which are decided by `label`.
    fn decide(&self, work: &str, queue: &str, count: usize, label: impl Fn(usize, &Value) -> Value) {
        let count = count.to_string();
        let found =
            self.label(work, "next", &["--queue", queue, "-n", &count, "--inputs", "news.csv"]).exits(0);
        let lines: Vec<Value> = found.json();
        assert_eq!(lines.len().to_string(), count, "{found}");
        let filled = lines.iter().enumerate().map(|(number, line)| {
            let mut line = line.clone();
            line["label"] = label(number, &line);
            line.to_string() + "\n"
        });
        self.0.write("filled.jsonl", filled.collect::<String>());
        self.label(work, "decide", &["--from", "filled.jsonl"]).exits(0);
    }

    fn export(&self, what: &str, file: &str) -> String {
        self.label("work", "export", &[what, "--output", file]).exits(0);
        String::from_utf8(self.0.read(file)).unwrap()
    }

    /// Trains on an export, and gives the model and what was said.
    fn train(&self, file: &str) -> (Vec<u8>, Finished) {
        let ran =
            self.run(&format!("train {file} --folds 2 --no-splits --output trained.safetensors")).exits(0);
        (self.0.read("trained.safetensors"), ran)
    }
}

fn truth(_: usize, line: &Value) -> Value {
    json!(own(line["passage"].as_str().unwrap()))
}

#[test]
fn what_the_model_of_a_work_folder_learned_is_known_in_its_exports() {
    let desk = Desk::new(texts(90, 1, 1));
    desk.decide("work", "random", 45, truth);
    desk.label("work", "train", &["--on", "own"]).exits(0).prints("trained on 45 labels");
    desk.decide("work", "random", 10, truth);
    let table = desk.export("table", "coded.csv");
    assert!(table.starts_with("id,outlet,text,label,decision,"), "{table}");
    desk.export("labels", "labels.csv");
    for file in ["coded.csv", "labels.csv"] {
        let ran = desk.run(&format!("evaluate {file} --model work/models/001.safetensors")).exits(0);
        ran.says("the model was trained on the text of 45 of 55 rows");
    }
    let ran = desk.run("evaluate labels.csv --model model.safetensors").exits(0);
    assert!(!ran.stderr.contains("sampled from results"), "{ran}");
}

#[test]
fn the_table_and_the_labels_train_the_same_model() {
    for (texts, decided) in [(texts(90, 1, 1), 45), (texts(90, 3, 12), 60)] {
        let desk = Desk::new(texts);
        desk.label("work", "sample", &["-n", "90", "--inputs", "news.csv"]).exits(0);
        desk.decide("work", "sample", decided, truth);
        let open = desk.label("work", "next", &["--queue", "sample", "-n", "1"]).exits(0).json().remove(0);
        let unit = open["unit"].as_str().unwrap();
        desk.label("work", "decide", &[unit, "--kind", "unsure"]).exits(0);
        desk.export("table", "coded.csv");
        desk.export("labels", "labels.csv");
        let (of_table, ran) = desk.train("coded.csv");
        ran.prints(&format!("rows: {decided} used")).says("without a label");
        let (of_labels, _) = desk.train("labels.csv");
        assert!(of_table == of_labels, "{decided}");
    }
}

#[test]
fn a_table_without_a_label_anywhere_has_no_row() {
    let desk = Desk::new(texts(30, 1, 1));
    desk.label("work", "sample", &["-n", "5", "--inputs", "news.csv"]).exits(0);
    desk.export("table", "coded.csv");
    desk.run("train coded.csv --output trained.safetensors").exits(1).says("found no labeled row");
}

#[test]
fn decisions_are_saved_changed_and_undone() {
    let desk = Desk::new(texts(30, 1, 1));
    desk.label("work", "next", &[]).exits(1).says("--inputs");
    assert!(!desk.0.path("work").exists(), "no folder is made for a name that was misspelled");
    let next = || {
        desk.label("work", "next", &["--queue", "random", "-n", "2", "--inputs", "news.csv"]).exits(0).json()
    };
    let found = next();
    let unit = found[0]["unit"].as_str().unwrap();
    desk.label("work", "decide", &[unit, "for", "--note", "see line 1", "--flag"])
        .exits(0)
        .says("1 decision saved");
    desk.label("work", "decide", &[unit, "against"]).exits(0);
    let log = String::from_utf8(desk.0.read("work/labels.jsonl")).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["label"], &lines[0]["note"]), (&"for".into(), &"see line 1".into()));
    let seen: Vec<&Value> = lines.iter().map(|line| &line["seen"]).collect();
    assert_eq!(seen, [false, true], "a second thought may follow a look at another label: {log}");
    assert_eq!(next()[0]["unit"], found[1]["unit"]);
    desk.label("work", "undo", &[]).exits(0).says("decision 2");
    desk.label("work", "undo", &[]).exits(0).says("decision 1");
    desk.label("work", "undo", &[]).exits(0).says("no decision is left");
    assert_eq!(next()[0]["unit"], found[0]["unit"]);
    for refused in
        [&["nothing:0:0000000000000000", "for"][..], &[unit, "warm"], &[unit], &[unit, "--kind", "maybe"]]
    {
        desk.label("work", "decide", refused).exits(2);
    }
    desk.0.write(
        "half.jsonl",
        format!(
            "\u{feff}{}\nno json\n{{\"unit\": 1}}\n{}\n",
            json!({ "unit": unit, "label": "for" }),
            json!({ "unit": unit, "lable": "for" })
        ),
    );
    let ran = desk.label("work", "decide", &["--from", "half.jsonl"]).exits(3);
    ran.says("half.jsonl:2: ")
        .says("half.jsonl:3: ")
        .says("half.jsonl:4: unknown field")
        .says("1 decision saved");
}

#[test]
fn a_sample_a_second_coder_and_two_models_are_checked() {
    let desk = Desk::new(texts(90, 1, 1));
    desk.label("work", "check", &["--inputs", "news.csv"]).exits(0).prints("No sample is drawn");
    for work in ["work", "ben"] {
        desk.label(work, "sample", &["-n", "40", "--seed", "3", "--inputs", "news.csv"])
            .exits(0)
            .says("40 passages");
    }
    desk.decide("work", "sample", 40, truth);
    let other = |number: usize, line: &Value| {
        if number.is_multiple_of(8) { json!("neutral") } else { truth(0, line) }
    };
    desk.decide("ben", "sample", 40, other);
    let check = desk.label("work", "check", &["--second", "ben"]).exits(0);
    for said in ["40 of 40 passages coded blind", "corrected", "Krippendorff's alpha  0.", "Cohen's kappa"] {
        assert!(check.stdout.contains(said), "{said}: {check}");
    }
    let json =
        desk.label("work", "check", &["--second", "ben", "--format", "json"]).exits(0).json().remove(0);
    assert_eq!((&json["sample"]["coded"], &json["second"]["both"]), (&40.into(), &40.into()));
    let disagreements = ["--queue", "disagreements", "--second", "ben", "-n", "1"];
    let found = desk.label("work", "next", &disagreements).exits(0).json().remove(0);
    assert_eq!((&found["other"]["label"], found["label"].is_null()), (&"neutral".into(), true), "{found}");
    let settled = |_: usize, line: &Value| line["other"]["label"].clone();
    desk.label("work", "next", &["--queue", "disagreements"]).exits(2).says("--second");
    let lines: Vec<Value> =
        desk.label("work", "next", &["--queue", "disagreements", "--second", "ben"]).exits(0).json();
    let lines = lines.into_iter().map(|mut line| {
        line["label"] = settled(0, &line);
        format!("{line}\n")
    });
    desk.0.write("settled.jsonl", lines.collect::<String>());
    desk.label("work", "decide", &["--from", "settled.jsonl"]).exits(0);
    let after =
        desk.label("work", "check", &["--second", "ben", "--format", "json"]).exits(0).json().remove(0);
    for figure in ["both", "share", "alpha", "kappa", "disagreements"] {
        assert_eq!(after["second"][figure], json["second"][figure], "what was settled is not agreement");
    }
    assert_eq!(after["second"]["unsettled"], 0);
    desk.label("work", "sample", &["-n", "0"]).exits(2).says("-n 0");
    desk.decide("work", "random", 30, truth);
    desk.label("work", "train", &["--on", "own"]).exits(0).prints("trained on 30 labels");
    let compared = desk.label("work", "compare", &["0", "1"]).exits(0);
    assert!(compared.stdout.starts_with("On 40 passages of the blind sample that neither"), "{compared}");
    desk.label("work", "compare", &["0", "7"]).exits(2);
    desk.label("work", "use", &["0"]).exits(0).says("model 0 is in use");
    assert_eq!(desk.0.read("work/models/current"), b"0\n");
    let page = desk.export("evaluation", "page.html");
    assert!(page.to_lowercase().contains("<!doctype html>"));
    desk.label("work", "export", &["labels", "--output", "work/labels.jsonl"])
        .exits(2)
        .says("in the work folder");
    desk.label("work", "export", &["table", "--output", "news.csv"]).exits(2);
}

#[test]
fn labels_keys_and_when_to_retrain_are_set_by_a_command() {
    let desk = Desk::new(texts(6, 1, 1));
    let settings = |more: &[&str]| desk.label("work", "settings", more);
    settings(&[]).exits(1).says("name them with --inputs");
    settings(&["--inputs", "news.csv"]).exits(0).prints("labels of the model").prints("  1  against");
    let unit = desk.label("work", "next", &["-n", "1", "--queue", "random"]).exits(0).json().remove(0);
    let unit = unit["unit"].as_str().unwrap();
    let refused = desk.label("work", "decide", &[unit, "own"]).exits(2);
    refused.says("expected one of `against`").says("label settings work --labels").says("session.toml");
    desk.0.write("own.jsonl", json!({ "unit": unit, "label": "own" }).to_string());
    desk.label("work", "decide", &["--from", "own.jsonl"]).exits(1).says("label settings work --labels");

    let changed =
        settings(&["--labels", "own, other", "--every", "50", "--key", "own=J", "--key", ":skip=x"]);
    changed
        .exits(0)
        .prints("  j  own")
        .prints("  2  other")
        .prints("  x  skip")
        .prints("after 50 new labels");
    desk.label("work", "decide", &[unit, "own"]).exits(0);
    let session = String::from_utf8(desk.0.read("work/session.toml")).unwrap();
    assert!(session.contains("labels = [\"own\", \"other\"]") && session.contains("every = 50"), "{session}");
    let json = settings(&["--format", "json"]).exits(0).json().remove(0);
    assert_eq!(json["labels"], json!([{ "name": "own", "key": "j" }, { "name": "other", "key": "2" }]));
    assert_eq!((&json["labels_from"], &json["every"]), (&json!("own"), &json!(50)));
    for (wrong, says) in [
        (["--labels", "own"], "--labels only one label"),
        (["--labels", "own,own"], "--labels `own` twice"),
        (["--every", "10001"], "--every 10001"),
        (["--key", "gone=x"], "expected one of `own`"),
        (["--key", "own=xy"], "expected NAME=KEY"),
        (["--key", "other=j"], "`j` would do two things"),
    ] {
        settings(&wrong).exits(2).says(says);
        assert_eq!(String::from_utf8(desk.0.read("work/session.toml")).unwrap(), session, "{wrong:?}");
    }
    settings(&["--key", "own="]).exits(0).prints("  -  own");
    let usual = settings(&["--model-labels", "--keys", "usual", "--every", "0"]).exits(0);
    usual.prints("labels of the model").prints("  s  skip").prints("only on request").prints("page: on");
    settings(&["--keys", "off"]).exits(0).prints("page: off");
}

/// Each row of an exported table without the columns that are added.
fn own_columns(table: &str, delimiter: &str) -> Vec<String> {
    table.lines().map(|line| line.split(delimiter).take(3).collect::<Vec<_>>().join(delimiter)).collect()
}

#[test]
fn an_exported_table_is_written_as_the_input_is() {
    let rows = [
        ("1", "007", "Leaders \u{201e}defend\u{201c} it"),
        ("2", "", "=1+1 costly"),
        ("3", " x ", "percent"),
    ];
    let table = |delimiter: &str, end: &str, field: fn(&str) -> String| {
        let rows = [("id", "code", "text")].into_iter().chain(rows);
        let row = |(id, code, text)| [id, code, text].map(field).join(delimiter) + end;
        rows.map(row).collect::<String>()
    };
    let bare = |field: &str| field.to_owned();
    let quoted = |field: &str| format!("\"{field}\"");
    let non_numeric = |field: &str| match field {
        "1" | "2" | "3" | "007" => field.to_owned(),
        _ => format!("\"{field}\""),
    };
    for (name, delimiter, input) in [
        ("a.csv", ",", table(",", "\n", bare)),
        ("b.csv", ";", table(";", "\r\n", bare)),
        ("c.tsv", "\t", table("\t", "\n", bare)),
        ("d.csv", ",", table(",", "\n", quoted)),
        ("e.csv", "|", table("|", "\r\n", non_numeric)),
        ("f.csv", ";", format!("\u{feff}{}", table(";", "\r\n", quoted))),
    ] {
        let desk = Desk(Sandbox::with_model());
        desk.0.write(name, &input);
        let unit = desk
            .label("work", "next", &["-n", "1", "--queue", "random", "--inputs", name])
            .exits(0)
            .json()
            .remove(0);
        desk.label("work", "decide", &[unit["unit"].as_str().unwrap(), "for"]).exits(0);
        let table = desk.export("table", "coded.csv");
        let ends = |text: &str| (text.matches("\r\n").count(), text.matches('\n').count());
        assert_eq!(ends(&table), ends(&input), "{name}");
        assert_eq!(own_columns(&table, delimiter), own_columns(&input, delimiter), "{name}");
        // It is read again as what it is.
        let again = desk.run("score coded.csv --model model.safetensors --format jsonl").exits(0).json();
        let ids: Vec<&str> = again.iter().map(|row| row["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["1", "2", "3"], "{name}");
    }
}

#[cfg(all(feature = "parquet", feature = "spreadsheet"))]
#[test]
fn tables_of_other_formats_are_exported_as_csv() {
    use crate::harness::{parquet, xlsx};

    let texts = ["Leaders must defend the guarantee.", "A costly provocation, they say."];
    let lines = [
        json!({ "id": "a", "rank": 1, "text": texts[0], "tags": ["x", 2] }),
        json!({ "id": "b", "text": texts[1], "more": null }),
    ];
    let csv = |rows: [&str; 3]| rows.join("\n") + "\n";
    let columns: [(&str, &[&str]); 3] = [("id", &["a", "b"]), ("text", &texts), ("rank", &["1", ""])];
    let rows: [&[&str]; 3] = [&["id", "text", "rank"], &["a", texts[0], "1"], &["b", texts[1], ""]];
    let table = csv([
        "id,text,rank",
        "a,Leaders must defend the guarantee.,1",
        "b,\"A costly provocation, they say.\",",
    ]);
    for (name, bytes, expected) in [
        ("a.jsonl", lines.map(|line| line.to_string()).join("\n").into_bytes(), {
            csv([
                "id,rank,tags,text,more",
                "a,1,\"[\"\"x\"\",2]\",Leaders must defend the guarantee.,",
                "b,,,\"A costly provocation, they say.\",",
            ])
        }),
        ("b.parquet", parquet(&columns), table.clone()),
        ("c.xlsx", xlsx([&rows, &[]]), table.clone()),
        // Of two columns without a name none can be asked for.
        ("d.csv", table.replace('\n', ",,\n").into_bytes(), table),
    ] {
        let desk = Desk(Sandbox::with_model());
        desk.0.write(name, bytes);
        let next = ["-n", "1", "--queue", "random", "--inputs", name];
        let unit = desk.label("work", "next", &next).exits(0).json().remove(0);
        desk.label("work", "decide", &[unit["unit"].as_str().unwrap(), "for"]).exits(0);
        let found = desk.export("table", "coded.csv");
        let columns = expected.lines().next().unwrap();
        let mut own = csv::Reader::from_reader(found.as_bytes());
        let mut wanted = csv::Reader::from_reader(expected.as_bytes());
        assert!(found.starts_with(&format!("{columns},label,decision,")), "{name}: {found}");
        for (row, wanted) in own.records().zip(wanted.records()) {
            let (row, wanted) = (row.unwrap(), wanted.unwrap());
            assert_eq!(
                row.iter().take(wanted.len()).collect::<Vec<_>>(),
                wanted.iter().collect::<Vec<_>>(),
                "{name}"
            );
        }
    }
}

#[test]
fn a_text_beside_a_table_stands_in_its_columns() {
    let desk = Desk(Sandbox::with_model());
    desk.0.write("news/a.csv", "outlet,id,text\nEcho,1,A costly provocation.\n");
    desk.0.write("news/b.txt", "Leaders must defend it.");
    desk.label("work", "next", &["-n", "1", "--queue", "random", "--inputs", "news"]).exits(0);
    let table = desk.export("table", "coded.csv");
    assert!(
        table.contains("\nEcho,1,A costly provocation.,")
            && table.contains("\n,news/b.txt,Leaders must defend it.,"),
        "{table}"
    );
    desk.0.write("mixed/a.csv", "title,body\nCosts,A costly provocation.\n");
    desk.0.write("mixed/b.md", "---\ntitle: Duty\n---\n\nLeaders must defend it.\n");
    desk.label("work2", "next", &["-n", "1", "--queue", "random", "--inputs", "mixed"]).exits(0);
    desk.label("work2", "export", &["table", "--output", "mixed.csv"]).exits(0);
    let table = String::from_utf8(desk.0.read("mixed.csv")).unwrap();
    assert!(table.starts_with("title,body,id,"), "{table}");
    assert!(
        table.contains("\nCosts,A costly provocation.,,")
            && table.contains("\nDuty,Leaders must defend it.,mixed/b.md,"),
        "{table}"
    );
}

/// Texts that the bundled model was trained on are easily taken for an archive.
#[cfg(all(feature = "bundled-models", feature = "bundled-corpus"))]
#[test]
fn a_first_model_that_has_learned_the_texts_is_told() {
    let desk = Desk(Sandbox::new());
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/data/stance/letter.csv");
    let rows: Vec<[String; 2]> = csv::Reader::from_path(data)
        .unwrap()
        .deserialize::<std::collections::HashMap<String, String>>()
        .map(|row| row.map(|row| [row["text"].clone(), row["label"].clone()]).unwrap())
        .take(40)
        .collect();
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["text"]).unwrap();
    rows.iter().for_each(|[text, _]| table.write_record([text]).unwrap());
    desk.0.write("news.csv", table.into_inner().unwrap());
    let next = desk.run("label next work --inputs news.csv --queue random -n 40").exits(0).json();
    let of = |passage: &Value| rows.iter().find(|[text, _]| passage == text.trim()).map(|[_, label]| label);
    let filled = next
        .iter()
        .map(|line| json!({ "unit": line["unit"], "label": of(&line["passage"]) }).to_string() + "\n");
    desk.0.write("filled.jsonl", filled.collect::<String>());
    desk.run("label decide work --from filled.jsonl").exits(0);
    let ran = desk.run("label train work --on own").exits(0);
    let said = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("The first model was trained on the texts of") && said.contains("too good"),
        "{ran}"
    );
}
