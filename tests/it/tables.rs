//! Reads what coding tools, statistics programs and crawlers export, in every command that reads
//! tables.

use crate::harness::{Finished, Sandbox, labelled_csv, rows};
use serde_json::{Value, json};
use standpoint::Model;

fn score(sandbox: &Sandbox, args: &[&str]) -> Finished {
    sandbox.run(&[&["score", "--model", "model.safetensors", "--format", "jsonl"], args].concat())
}

fn train(sandbox: &Sandbox, args: &[&str]) -> Finished {
    sandbox.run(&[&["train", "-o", "m.safetensors"], args].concat())
}

/// Ids, labels and slants: what must not depend on how records stand in a file.
fn scored(ran: &Finished) -> Vec<(Value, Value)> {
    ran.json().iter().map(|record| (record["id"].clone(), record["probabilities"].clone())).collect()
}

fn records() -> Vec<Value> {
    let record = |(number, row): (usize, standpoint::train::Row)| json!({"id": format!("r{number}"), "text": row.text, "label": row.label});
    rows(60).into_iter().enumerate().map(record).collect()
}

#[test]
fn json_scores_and_trains_alike_in_every_form() {
    let sandbox = Sandbox::with_model();
    let records = records();
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    let pretty: Vec<String> =
        records.iter().map(|record| serde_json::to_string_pretty(record).unwrap()).collect();
    let forms = [
        ("a.jsonl", lines.join("\n")),
        ("b.json", serde_json::to_string(&records).unwrap()),
        ("c.json", serde_json::to_string_pretty(&records).unwrap()),
        ("d.jsonl", serde_json::to_string(&records).unwrap()),
        ("e.json", pretty.join("\n")),
        ("f.ndjson", format!("\u{feff}{}", serde_json::to_string_pretty(&records).unwrap())),
        ("g.json", json!({"status": "ok", "totalResults": 60, "articles": records}).to_string()),
        ("h.json", lines.iter().map(|line| format!("\u{1e}{line}\n")).collect()),
    ];
    let mut expected = None;
    for (name, content) in &forms {
        sandbox.write(name, content);
        let found = scored(&score(&sandbox, &[name]).exits(0));
        assert_eq!(found.len(), 60, "{name}");
        assert_eq!(expected.get_or_insert_with(|| found.clone()), &found, "{name}");
        let args = ["score", "--model", "model.safetensors", "--format", "jsonl", "-"];
        assert_eq!(scored(&sandbox.run_with(&args, content.as_bytes()).exits(0)), found, "{name} on stdin");
        train(&sandbox, &[name, "--folds", "0", "--quiet"]).exits(0);
        let model = Model::from_bytes(&sandbox.read("m.safetensors")).unwrap();
        assert_eq!(model.provenance.rows, 60, "{name}");
    }
    for (number, record) in pretty.iter().take(3).enumerate() {
        sandbox.write(&format!("folder/{number}.json"), record);
    }
    let found = scored(&score(&sandbox, &["folder"]).exits(0));
    assert_eq!(found, expected.unwrap()[..3]);
}

#[test]
fn one_bad_record_of_an_array_costs_one_record() {
    let sandbox = Sandbox::with_model();
    let mut lines: Vec<String> = records().iter().take(5).map(|record| format!("  {record}")).collect();
    lines[2] = "  {\"id\": \"x\", \"text\": \"cut off},".replace(",", "");
    sandbox.write("a.json", format!("[\n{}\n]\n", lines.join(",\n")));
    let ran = score(&sandbox, &["a.json"]).exits(3).says("a.json, line 4, record 3");
    assert_eq!(ran.json().iter().filter(|record| record["error"].is_null()).count(), 4, "{ran}");
}

#[test]
fn nested_exports_are_read_by_paths() {
    let sandbox = Sandbox::with_model();
    let task = |(number, row): (usize, standpoint::train::Row)| {
        json!({
            "id": number,
            "annotations": [{"was_cancelled": number == 3, "result": [
                {"value": {"choices": [row.label]}, "from_name": "stance"},
                {"value": {"text": ["a note"]}, "from_name": "note"},
            ]}],
            "data": {"text": row.text, "source": row.group},
        })
    };
    let tasks: Vec<Value> = rows(60).into_iter().enumerate().map(task).collect();
    sandbox.write("tasks.json", serde_json::to_string(&tasks).unwrap());
    score(&sandbox, &["tasks.json"]).exits(1).says("no column `text`").says("`data.text`");
    let ran =
        score(&sandbox, &["tasks.json", "--text-column", "data.text", "--keep", "data.source"]).exits(0);
    assert_eq!((ran.json().len(), &ran.json()[2]["meta"]["data.source"]), (60, &json!("g1")));
    let columns = ["--text-column", "data.text", "--group-column", "data.source"];
    let labels = ["--label-column", "annotations.0.result.value.choices"];
    let ran = train(&sandbox, &[&["tasks.json"], &columns[..], &labels].concat()).exits(0);
    let ran = ran.prints("rows: 60 used").says("annotations.0.was_cancelled=false");
    assert!(!ran.stderr.contains("no column"), "{ran}");
    let model = Model::from_bytes(&sandbox.read("m.safetensors")).unwrap();
    assert_eq!(model.labels.names(), ["against", "for", "neutral"]);
    let args = ["evaluate", "tasks.json", "--model", "m.safetensors"];
    sandbox.run(&[&args, &columns[..], &labels].concat()).exits(0).prints("60 rows");
}

#[test]
fn pythons_nan_costs_no_row() {
    let sandbox = Sandbox::with_model();
    let lines: Vec<String> = records()
        .iter()
        .map(|record| {
            format!("{},\"score\":NaN,\"low\":-Infinity}}\n", record.to_string().trim_end_matches('}'))
        })
        .collect();
    sandbox.write("a.jsonl", lines.concat());
    assert_eq!(scored(&score(&sandbox, &["a.jsonl"]).exits(0)).len(), 60);
    sandbox.write("b.jsonl", "{\"text\": nan}\n");
    score(&sandbox, &["b.jsonl"]).exits(1).says("it is not valid JSON");
}

#[test]
fn missing_labels_are_left_out_and_told() {
    let sandbox = Sandbox::new();
    let mut lines: Vec<String> = labelled_csv(120).lines().map(str::to_owned).collect();
    let missing = ["NA", "NaN", "None", "null", "N/A", "#N/A", "<NA>"];
    for (number, value) in missing.iter().cycle().take(21).enumerate() {
        lines.push(format!("x{number},,{value},must defend courage {number}"));
    }
    sandbox.write("rows.csv", lines.join("\n"));
    let ran = train(&sandbox, &["rows.csv"]).exits(0).prints("rows: 120 used, 21 left out, 0 skipped");
    ran.says("`NA` in column `label` counts as missing, in 3 rows; --missing sets which values do");
    let names = |sandbox: &Sandbox| {
        Model::from_bytes(&sandbox.read("m.safetensors")).unwrap().labels.names().to_vec()
    };
    assert_eq!(names(&sandbox), ["against", "for", "neutral"]);
    let args = ["evaluate", "rows.csv", "--model", "m.safetensors"];
    sandbox.run(&args).exits(0).prints("120 rows").says("counts as missing");
    // A label may be called so.
    sandbox.write("named.csv", labelled_csv(120).replace(",neutral,", ",None,"));
    train(&sandbox, &["named.csv", "--missing", "NA"]).exits(0);
    assert_eq!(names(&sandbox), ["None", "against", "for"]);
    train(&sandbox, &["named.csv", "--missing", ""]).exits(0);
    assert_eq!(names(&sandbox).len(), 3);
    train(&sandbox, &["named.csv"]).exits(0).says("`None` in column `label` counts as missing, in 40 rows");
}

#[test]
fn missing_codings_are_no_label_of_a_coder() {
    let sandbox = Sandbox::new();
    let coded = |blank: &str| format!("text,a,b\n1,x,x\n2,x,{blank}\n3,y,y\n4,{blank},y\n5,x,y\n");
    sandbox.write("blank.csv", coded(""));
    sandbox.write("na.csv", coded("NA"));
    let run = |file: &str, more: &[&str]| {
        sandbox.run(&[&["agreement", file, "--columns", "a,b", "--format", "json"], more].concat()).exits(0)
    };
    let (blank, na) = (run("blank.csv", &[]), run("na.csv", &[]));
    assert_eq!(blank.stdout, na.stdout);
    na.says("`NA` in column `a` counts as missing, in 1 row;");
    assert_ne!(run("na.csv", &["--missing", ""]).stdout, blank.stdout);
}

#[test]
fn spellings_of_a_label_are_asked_about_in_every_command() {
    let sandbox = Sandbox::with_model();
    for (label, spelling) in
        [("for", "For\u{200b}"), ("for", "ｆｏｒ"), ("for", "[\"FOR\"]"), ("neutral", "neutral\u{a0}")]
    {
        // A list of one label is the label; what then differs is its case.
        sandbox.write(
            "rows.csv",
            labelled_csv(120).replacen(
                &format!(",{label},"),
                &format!(",{},", spelling.replace('"', "")),
                10,
            ),
        );
        let ran = train(&sandbox, &["rows.csv"]);
        if ran.code == Some(0) {
            // Blanks around a label are no part of it.
            assert_eq!(spelling, "neutral\u{a0}", "{ran}");
            continue;
        }
        ran.exits(1).says("(10 rows)").says("rows.csv, line ").says("--label-variants merge");
        train(&sandbox, &["rows.csv", "--label-variants", "merge"]).exits(0);
        let evaluate = ["evaluate", "rows.csv", "--model", "model.safetensors"];
        sandbox.run(&evaluate).exits(1).says("the model spells it `for`").says("--label-variants");
        let merged = [&evaluate[..], &["--label-variants", "merge"]].concat();
        sandbox.run(&merged).exits(0).prints("120 rows");
    }
    sandbox.write("numbers.csv", "text,a,b\nw,1,1.0\nx,0,false\ny,1,TRUE\nz,1,1\n");
    let args = ["agreement", "numbers.csv", "--columns", "a,b"];
    sandbox.run(&args).exits(0).says("differ only in spelling").says("--label-variants merge");
    let merged = [&args[..], &["--label-variants", "merge"]].concat();
    sandbox.run(&merged).exits(0).prints("4 rows coded by two or more, 4 of them unanimous");
}

#[test]
fn several_labels_in_a_cell_are_called_that() {
    let sandbox = Sandbox::with_model();
    for cell in
        ["for#against", "for|neutral", "\"for, against\"", "for;against", "\"[\"\"for\"\",\"\"against\"\"]\""]
    {
        sandbox.write("rows.csv", labelled_csv(120).replacen(",for,", &format!(",{cell},"), 8));
        train(&sandbox, &["rows.csv"])
            .exits(1)
            .says("cells contain several labels")
            .says("--ignore-label")
            .says("(8 rows)");
        sandbox
            .run(&["evaluate", "rows.csv", "--model", "model.safetensors"])
            .exits(1)
            .says("the cell holds several labels");
    }
    sandbox.write("rows.csv", labelled_csv(120).replacen(",for,", ",for#against,", 8));
    train(&sandbox, &["rows.csv", "--ignore-label", "for#against"]).exits(0).prints("8 left out");
    train(&sandbox, &["rows.csv", "--label-variants", "keep"]).exits(0);
}

#[test]
fn rejected_rows_are_told_with_the_condition_that_leaves_them_out() {
    let sandbox = Sandbox::with_model();
    let line = |(number, row): (usize, standpoint::train::Row)| {
        let answer = ["accept", "reject", "accept", "ignore"][number % 4];
        format!(
            "{}\n",
            json!({"text": row.text, "label": row.label, "a": row.label, "b": row.label, "answer": answer})
        )
    };
    sandbox.write("rows.jsonl", rows(120).into_iter().enumerate().map(line).collect::<String>());
    let told =
        "`answer` is `ignore` or `reject` in 60 of 120 rows, which are used anyway; --where answer=accept";
    let commands: [&[&str]; 3] = [
        &["train", "rows.jsonl", "-o", "m.safetensors"],
        &["evaluate", "rows.jsonl", "--model", "model.safetensors"],
        &["agreement", "rows.jsonl", "--columns", "a,b"],
    ];
    for command in commands {
        sandbox.run(command).exits(0).says(told);
        let ran = sandbox.run(&[command, &["--where", "answer=accept"]].concat()).exits(0);
        assert!(!ran.stderr.contains("`answer`") && ran.stdout.contains("60"), "{ran}");
    }
}

#[test]
fn decimal_commas_are_read_in_weights_and_thousands_refused() {
    let sandbox = Sandbox::with_model();
    sandbox.write(
        "rows.csv",
        "label;text;weight\nfor;must defend;0,5\nagainst;costly danger;1,5\nneutral;reported;2\n",
    );
    let ran =
        sandbox.run(&["evaluate", "rows.csv", "--model", "model.safetensors", "--format", "json"]).exits(0);
    let ran = ran.says("rows.csv, line 2: `0,5`: the comma is read as a decimal point (2 weights in all)");
    assert_eq!(serde_json::from_str::<Value>(&ran.stdout).unwrap()["weight"], 4.0);
    sandbox.write(
        "rows.csv",
        "label;text;weight\nfor;must defend;1,000\nagainst;costly;1.000,5\nneutral;reported;NA\nfor;must;1\n",
    );
    let ran = sandbox.run(&["evaluate", "rows.csv", "--model", "model.safetensors"]).exits(3);
    // What is missing is as good as a blank cell.
    ran.says("the weight is `1,000`")
        .says("the weight is `1.000,5`")
        .says("1 row without a weight, counted as 1");
    sandbox.write("rows.csv", "label,text,weight\nfor,must defend,2\nagainst,costly,\n");
    let ran = sandbox.run(&["evaluate", "rows.csv", "--model", "model.safetensors"]).exits(0);
    ran.says("1 row without a weight, counted as 1");
}

/// Texts of random words with random labels, which nothing can be learned from, each twice.
fn random_twice(column: &str, value: impl Fn(usize, usize) -> String) -> String {
    let mut state = 11u64;
    let mut next = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    };
    let mut out = format!("{column},label,text\n");
    for number in 0..60 {
        let words: Vec<String> = (0..20).map(|_| format!("word{}", next(60))).collect();
        let label = ["for", "against", "neutral"][next(3)];
        for coder in 0..2 {
            let text = if coder == 0 { words.join(" ") } else { words.join("  ").to_uppercase() };
            out.push_str(&format!("{},{label},{text}\n", value(number, coder)));
        }
    }
    out
}

#[test]
fn what_repeats_a_text_is_held_out_with_it_and_random_labels_give_chance() {
    let sandbox = Sandbox::new();
    let tables = [
        ("coders.csv", random_twice("coder", |_, coder| format!("c{coder}"))),
        ("ids.csv", random_twice("id", |number, _| format!("t{number}"))),
        (
            "sources.csv",
            random_twice("source", |number, coder| format!("s{}", (7 * number + 5 * coder) % 12)),
        ),
        (
            "dates.csv",
            random_twice("date", |number, coder| format!("2024-{:02}-01", 1 + (number + 6 * coder) % 12)),
        ),
    ];
    for (name, table) in &tables {
        sandbox.write(name, table);
        let ran =
            train(&sandbox, &[name, "--language", "none"]).exits(0).prints("60 rows repeat an earlier one");
        for line in ran.stdout.lines().filter(|line| {
            line.starts_with("macro-F1 ")
                || line.starts_with("random rows")
                || line.starts_with("unseen groups")
                || line.starts_with("later dates")
        }) {
            let figure = line
                .split_whitespace()
                .find_map(|word| word.trim_end_matches(',').parse::<f64>().ok())
                .unwrap();
            // Of 60 texts, chance is 1/3 with a standard deviation of 0.06; with leaks it is over
            // 0.8.
            assert!((0.1..0.52).contains(&figure), "{name}: {line}\n{ran}");
        }
    }
}

#[test]
fn dates_of_other_tools_are_counted_by_month() {
    let sandbox = Sandbox::with_model();
    let dates = [
        "May 17, 2024",
        "Friday, May 17, 2024",
        "Fri May 17 10:00:00 +0000 2024",
        "17-May-2024",
        "1715940000",
        "45429",
        "5/17/2024",
    ];
    let rows: String =
        dates.iter().map(|date| format!("{}\n", json!({"text": "must defend", "date": date}))).collect();
    sandbox.write("a.jsonl", rows);
    let by = ["a.jsonl", "--by", "date:day", "--by-output", "by.csv"];
    let first = |sandbox: &Sandbox| {
        String::from_utf8(sandbox.read("by.csv")).unwrap().lines().nth(1).unwrap().to_owned()
    };
    score(&sandbox, &by).exits(0).says("1 of 7 documents have no `date:day`");
    score(&sandbox, &[&by[..], &["--date-format", "mdy"]].concat()).exits(0);
    assert!(first(&sandbox).starts_with("2024-05-17,7,"), "{}", first(&sandbox));
    let labelled = |n: usize| {
        let label = if n.is_multiple_of(2) { "for" } else { "against" };
        format!("{}\n", json!({"text": "must defend", "label": label, "date": format!("0{}/06/2024", 1 + n)}))
    };
    let labelled: String = (0..6).map(labelled).collect();
    sandbox.write("b.jsonl", labelled);
    let months = |order: &str| {
        let args = [
            "evaluate",
            "b.jsonl",
            "--model",
            "model.safetensors",
            "--format",
            "json",
            "--date-format",
            order,
        ];
        let ran = sandbox.run(&args).exits(0);
        serde_json::from_str::<Value>(&ran.stdout).unwrap()["dates"]["parts"].as_array().unwrap().len()
    };
    assert_eq!((months("mdy"), months("dmy")), (6, 1));
    let plain = ["evaluate", "b.jsonl", "--model", "model.safetensors", "--format", "json"];
    let found: Value = serde_json::from_str(&sandbox.run(&plain).exits(0).stdout).unwrap();
    assert_eq!(found["dates"]["unreadable"], 6);
}
