//! What a first user trips over: the program says it, and does not go on with something else.

use crate::harness::{Sandbox, labelled_csv, rows};

/// A sample of scored rows with the labels filled in.
fn coded(sandbox: &Sandbox, more: &[&str]) {
    sandbox.write("news.csv", labelled_csv(90));
    let score = ["score", "news.csv", "--model", "model.safetensors", "--quiet", "--output", "scores.csv"];
    sandbox.run(&score).exits(0);
    let sample = ["sample", "scores.csv", "--n", "30", "--quiet", "--output", "blind.csv"];
    sandbox.run(&[&sample, more].concat()).exits(0);
    let labels: Vec<String> = rows(90).into_iter().map(|row| row.label).collect();
    let blind = String::from_utf8(sandbox.read("blind.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(blind.as_bytes());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(reader.headers().unwrap()).unwrap();
    for row in reader.records() {
        let row = row.unwrap();
        let number: usize = row[0].trim_start_matches('r').parse().unwrap();
        let label = labels[number].as_str();
        writer
            .write_record(row.iter().enumerate().map(|(at, cell)| if at == 2 { label } else { cell }))
            .unwrap();
    }
    sandbox.write("coded.csv", writer.into_inner().unwrap());
}

#[test]
fn a_sample_is_evaluated_with_the_model_that_it_was_drawn_from() {
    let sandbox = Sandbox::with_model();
    coded(&sandbox, &[]);
    let evaluate = |more: &[&str]| sandbox.run(&[&["evaluate", "coded.csv", "--documents"], more].concat());
    evaluate(&["--model", "model.safetensors"]).exits(0);
    sandbox.write("renamed.safetensors", sandbox.read("model.safetensors"));
    let same = evaluate(&["--model", "renamed.safetensors"]).exits(0);
    assert!(!same.stderr.contains("sampled"), "a name is no model: {same}");
    sandbox.write("other.csv", labelled_csv(150));
    sandbox.run(&["train", "other.csv", "--output", "other.safetensors", "--quiet"]).exits(0);
    evaluate(&["--model", "other.safetensors"])
        .exits(0)
        .says("warning: the rows were sampled from results of model@")
        .says("but other@");
}

#[cfg(feature = "bundled-models")]
#[test]
fn the_default_model_is_not_evaluated_on_the_sample_of_another() {
    let sandbox = Sandbox::with_model();
    coded(&sandbox, &[]);
    // Labels that the bundled model knows, so that nothing else is wrong.
    let coded = String::from_utf8(sandbox.read("coded.csv")).unwrap();
    let labels = [
        (",for,", ",pro-guarantee,"),
        (",against,", ",nato-skeptical,"),
        (",neutral,", ",neutral-analysis,"),
    ];
    sandbox.write("coded.csv", labels.iter().fold(coded, |coded, (own, its)| coded.replace(own, its)));
    sandbox
        .run(&["evaluate", "coded.csv", "--documents"])
        .exits(2)
        .says("the rows were sampled from results of model@")
        .says("give --model with the file of the model to evaluate");
}

#[test]
fn shares_are_given_for_equal_weights_too() {
    let sandbox = Sandbox::with_model();
    coded(&sandbox, &["--stratify", "none"]);
    let args = ["evaluate", "coded.csv", "--model", "model.safetensors"];
    sandbox.run(&args).exits(0).prints("as predicted").prints("corrected for the model's errors");
    let json = sandbox.run(&[&args[..], &["--format", "json"]].concat()).exits(0).json();
    assert!(
        json[0]["labels"][0]["share"].is_object() || json[0].to_string().contains("corrected"),
        "{}",
        json[0]
    );
    let plain = sandbox.run(&["evaluate", "news.csv", "--model", "model.safetensors"]).exits(0);
    assert!(!plain.stdout.contains("corrected"), "rows without weights: {plain}");
}

#[test]
fn suggested_rows_are_no_sample_to_compare_on() {
    let sandbox = Sandbox::new();
    let all = labelled_csv(180);
    let lines: Vec<&str> = all.lines().collect();
    sandbox.write("old.csv", format!("{}\n", lines[..121].join("\n")));
    let news = lines[121..].iter().map(|line| format!("{line}\n"));
    sandbox.write("plain.csv", format!("{}\n{}", lines[0], news.clone().collect::<String>()));
    let why = |line: String| format!("uncertain,{line}");
    sandbox.write("next.csv", format!("why,{}\n{}", lines[0], news.map(why).collect::<String>()));
    sandbox.run(&["train", "old.csv", "--output", "old.safetensors", "--quiet"]).exits(0);
    let compare = |new: &str| {
        sandbox
            .run(&[
                "train",
                "old.csv",
                new,
                "--output",
                "new.safetensors",
                "--compare-with",
                "old.safetensors",
            ])
            .exits(0)
    };
    compare("next.csv")
        .says("next.csv: these rows were picked by `suggest`, so they are not a random sample");
    let plain = compare("plain.csv");
    assert!(!plain.stderr.contains("random sample"), "{plain}");
}

#[test]
fn a_label_that_was_mistyped_once_is_asked_about_without_folds_too() {
    let sandbox = Sandbox::new();
    let csv = labelled_csv(60).replacen(",against,", ",againts,", 1);
    sandbox.write("rows.csv", csv);
    let train = |more: &[&str]| {
        sandbox.run(&[&["train", "rows.csv", "--output", "m.safetensors", "--folds", "0"], more].concat())
    };
    let found =
        "labels of one row look mistyped: `againts` (1 row), at rows.csv, line 2, for `against` (19 rows)";
    train(&[]).exits(1).says(found).says("--ignore-label").says("--label-variants keep");
    train(&["--label-variants", "merge"]).exits(1).says(found);
    train(&["--label-variants", "keep"]).exits(0);
    train(&["--ignore-label", "againts"]).exits(0);
}

#[test]
fn quotations_are_shown_as_they_are() {
    let sandbox = Sandbox::new();
    let mut csv = String::from("label,text\n");
    for (number, row) in rows(60).iter().enumerate() {
        let quotation =
            if number % 3 == 0 { " \"\"we will never ever sign such a paper\"\" he said" } else { "" };
        csv.push_str(&format!("{},\"{}{quotation}\"\n", row.label, row.text));
    }
    sandbox.write("rows.csv", csv);
    sandbox.run(&["train", "rows.csv", "--output", "m.safetensors", "--quotations", "skip"]).exits(0);
    let inspected = sandbox.run(&["inspect", "m.safetensors", "--top", "200"]).exits(0).prints("  \"…\"\n");
    assert!(!inspected.stdout.contains("\\\""), "{inspected}");
    let explained = sandbox
        .run(&["explain", "rows.csv", "--model", "m.safetensors", "--top", "99"])
        .exits(0)
        .prints("  \"…\" (any quotation)");
    assert!(!explained.stdout.contains("\\\""), "{explained}");
}

#[test]
fn a_failed_start_has_no_speed_and_says_its_error_once() {
    let sandbox = Sandbox::with_model();
    sandbox.write("bad.txt", b"zero \0 byte");
    for format in ["table", "jsonl"] {
        let args = ["score", "none.txt", "--model", "model.safetensors", "--format", format];
        let ran = sandbox.run(&args).exits(1);
        assert_eq!(ran.stderr.matches("none.txt: cannot open").count(), 1, "{ran}");
        assert_eq!(
            (ran.stdout.as_str(), ran.stderr.lines().count()),
            ("", 1),
            "what is not there is no result: {ran}"
        );
        let args = ["score", "bad.txt", "--model", "model.safetensors", "--format", format];
        let ran = sandbox.run(&args).exits(1).says("0 documents, 1 failed\n");
        assert!(!ran.stderr.contains("documents/s"), "{ran}");
        assert_eq!(ran.stderr.matches("bad.txt").count(), 1, "{ran}");
    }
    let ran = sandbox.run(&["score", "no/folder", "nor-this", "--model", "model.safetensors"]).exits(1);
    assert!(
        ran.says("no/folder: cannot open: ").says("; nor-this: cannot open: ").stderr.lines().count() == 1
    );
}

#[test]
fn counting_by_a_column_that_nothing_has_is_an_error_that_lists_those_there() {
    let sandbox = Sandbox::with_model();
    sandbox.write(
        "a.jsonl",
        "{\"text\":\"Leaders must defend the guarantee.\",\"outlet\":\"Echo\",\"desk\":null}\n",
    );
    sandbox.write("b.txt", "Leaders must defend the guarantee.");
    let by = |file: &str, column: &str| {
        let args = ["score", file, "--model", "model.safetensors", "--by", column, "--output", "out.jsonl"];
        sandbox.run(&args)
    };
    by("a.jsonl", "outlte")
        .exits(2)
        .says("--by outlte: no text has a value in a column `outlte`; found `desk`, `outlet`, `text`");
    by("a.jsonl", "desk").exits(2).says("no text has a value in a column `desk`");
    by("b.txt", "outlet").exits(2).says("the files have no columns");
    assert!(!sandbox.names().iter().any(|name| name.starts_with("out.jsonl")), "{:?}", sandbox.names());
    by("a.jsonl", "outlet").exits(0);
}

#[test]
fn training_on_the_labels_of_the_bundled_model_names_adapt() {
    let sandbox = Sandbox::new();
    let named = |csv: String, labels: [&str; 3]| {
        let renamed = csv.replace(",for,", &format!(",{},", labels[0]));
        renamed
            .replace(",neutral,", &format!(",{},", labels[1]))
            .replace(",against,", &format!(",{},", labels[2]))
    };
    let train = |labels: [&str; 3], more: &[&str]| {
        sandbox.write("rows.csv", named(labelled_csv(60), labels));
        sandbox.run(&[&["train", "rows.csv", "-o", "m.safetensors", "--no-splits"], more].concat()).exits(0)
    };
    let bundled = ["pro-guarantee", "neutral-analysis", "nato-skeptical"];
    if cfg!(feature = "bundled-corpus") {
        let ran = train(bundled, &[]).says("`standpoint adapt` also tries your rows together with");
        assert_eq!(ran.stderr.matches("adapt").count(), 1, "{ran}");
    }
    assert!(!train(bundled, &["--quiet"]).stderr.contains("adapt"));
    assert!(!train(["for", "neutral", "against"], &[]).stderr.contains("adapt"));
}

#[test]
fn training_prints_what_is_published_first_and_why_a_row_is_missing() {
    let sandbox = Sandbox::new();
    let without_groups: String = labelled_csv(120)
        .lines()
        .map(|line| {
            let fields: Vec<&str> = line.splitn(4, ',').collect();
            format!("{},{},{}\n", fields[0], fields[2], fields[3])
        })
        .collect();
    let repeated = without_groups.lines().nth(5).unwrap().replacen("r4,", "again,", 1);
    sandbox.write("plain.csv", format!("{without_groups}{repeated}\n"));
    let ran = sandbox.run(&["train", "plain.csv", "--output", "m.safetensors"]).exits(0);
    assert!(
        ran.stdout.contains("no figures for unseen groups: the rows have no groups (--group-column)"),
        "{ran}"
    );
    assert!(
        ran.stdout.contains("no figures for later dates: the rows have no dates (--date-column)"),
        "{ran}"
    );
    assert!(ran.stdout.contains("1 row repeats an earlier one, 0 with another label"), "{ran}");
    let place = |what: &str| ran.stdout.find(what).unwrap_or_else(|| panic!("{what}\n{ran}"));
    assert!(place("macro-F1") < place("iteration") && place("iteration") < place("settings: "), "{ran}");
    assert!(ran.stderr.contains("model written to m.safetensors ("), "{ran}");

    sandbox.write("rows.csv", labelled_csv(120));
    let ran = sandbox.run(&["train", "rows.csv", "--output", "m.safetensors"]).exits(0);
    assert!(ran.stdout.starts_with("Held out "), "{ran}");
    assert!(ran.stdout.contains("gold \\ predicted  against  for  neutral\n"), "names on columns: {ran}");
    let ran = sandbox
        .run(&["train", "rows.csv", "--output", "m.safetensors", "--f1-labels", "for,against"])
        .exits(0);
    let figure = ran.stdout.lines().find(|line| line.starts_with("F1 of for, against ")).unwrap();
    assert!(figure.rsplit(' ').next().unwrap().parse::<f64>().unwrap() > 0.3, "{ran}");
    sandbox
        .run(&["train", "rows.csv", "--output", "m.safetensors", "--f1-labels", "for,favor"])
        .exits(2)
        .says("--f1-labels `favor`");
}

#[test]
fn the_audit_names_file_record_and_line() {
    let sandbox = Sandbox::new();
    let mut lines: Vec<String> = labelled_csv(240).lines().map(str::to_owned).collect();
    lines[0] = format!("split,{}", lines[0]);
    for (number, line) in lines.iter_mut().enumerate().skip(1) {
        let label = if number == 201 {
            line.replacen(",for,", ",against,", 1).replacen(",neutral,", ",against,", 1)
        } else {
            line.clone()
        };
        *line = format!("{},{label}", if number <= 60 { "other" } else { "train" });
    }
    sandbox.write("rows.csv", format!("{}\n", lines.join("\n")));
    let args =
        ["train", "rows.csv", "--where", "split=train", "--output", "m.safetensors", "--audit", "audit.csv"];
    sandbox.run(&args).exits(0);
    let audit = String::from_utf8(sandbox.read("audit.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(audit.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|found| found == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert!(!rows.is_empty() && rows.len() <= 18, "at most a tenth of 180: {audit}");
    for row in rows {
        let record: usize = row[column("record")].parse().unwrap();
        let line: usize = row[column("line")].parse().unwrap();
        assert_eq!((row[column("id")].to_owned(), record + 1), (format!("r{}", record - 1), line), "{row:?}");
        assert_eq!(&row[column("path")], "rows.csv");
        assert!(row[column("p_label")].parse::<f64>().unwrap() <= 0.1, "{row:?}");
    }
}

#[test]
fn a_measurement_of_next_to_nothing_is_called_so() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.txt", "Leaders must defend the guarantee: deterrence today.");
    sandbox
        .run(&["bench", "a.txt", "--model", "model.safetensors", "--jobs", "1"])
        .exits(0)
        .says("which is too short to measure; give more texts, or no input for 2000 made-up texts");
}

#[test]
fn a_repeated_row_is_shown_by_whole_words() {
    let sandbox = Sandbox::new();
    let text = "The ministers of the northern provinces agreed on Monday to guarantee the harbour against blockades.";
    let more = format!("a1,x,for,\"{text}\"\na2,y,for,\"{text}\"\n");
    sandbox.write("rows.csv", labelled_csv(90) + &more);
    let ran = sandbox.run(&["train", "rows.csv", "--output", "m.safetensors", "--no-splits"]).exits(0);
    let shown = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains(": The ministers of the northern provinces agreed on Monday to…"), "{ran}");
}

#[test]
fn an_explanation_has_no_line_of_no_terms() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.txt", "Leaders must defend deterrence.");
    let explain = ["explain", "a.txt", "--model", "model.safetensors", "--top"];
    let all = sandbox.run(&[&explain[..], &["100"]].concat()).exits(0);
    assert!(all.stdout.contains("= margin") && !all.stdout.contains("other term"), "{all}");
    sandbox.run(&[&explain[..], &["1"]].concat()).exits(0).prints("other term");
}

/// Character n-grams are for programs: people see the words that they are of.
#[test]
fn screens_show_words_instead_of_character_ngrams() {
    let sandbox = Sandbox::new();
    let mut csv = String::from("outlet,label,text\n");
    for (number, row) in rows(90).iter().enumerate() {
        let wire = if number % 5 == 0 { "sternzeitung" } else { "today" };
        csv.push_str(&format!("o{},{},{} {wire}\n", number % 5, row.label, row.text));
    }
    sandbox.write("rows.csv", csv);
    let train = ["train", "rows.csv", "--output", "m.safetensors", "--no-splits", "--group-column", "outlet"];
    let more = ["--chars", "3-4", "--folds", "3"];
    let trained = sandbox.run(&[&train[..], &more].concat()).exits(0);
    assert!(trained.stdout.contains("sternzeitung") && !trained.stdout.contains('~'), "{trained}");
    let card = sandbox.run(&["inspect", "m.safetensors"]).exits(0);
    assert!(card.stdout.contains("deterr") && !card.stdout.contains('~'), "{card}");
    sandbox.write("a.txt", "Leaders must defend deterrence, said the deterrents.");
    let model = ["--model", "m.safetensors"];
    let explained = sandbox.run(&[&["explain", "a.txt"], &model[..]].concat()).exits(0);
    assert!(explained.stdout.contains("deterr") && !explained.stdout.contains('~'), "{explained}");
    let page = sandbox.run(&[&["explain", "a.txt", "--html", "e.html"], &model[..]].concat());
    page.exits(0);
    assert!(!String::from_utf8(sandbox.read("e.html")).unwrap().contains('~'));
    let score = [&["score", "a.txt", "--explain", "4"], &model[..]].concat();
    let table = sandbox.run(&[&score[..], &["--format", "table"]].concat()).exits(0);
    assert!(table.stdout.contains("deterr") && !table.stdout.contains('~'), "{table}");
    let data = sandbox.run(&[&score[..], &["--format", "jsonl"]].concat()).exits(0);
    assert!(data.stdout.contains("\"~"), "{data}");
}

#[test]
fn a_table_without_the_usual_text_column_is_not_one_text_on_standard_input() {
    let sandbox = Sandbox::with_model();
    let csv =
        "title;body;date\nA;Leaders must defend the guarantee today.;2026-01-09\nB;It rained.;2026-01-10\n";
    let args = ["score", "-", "--model", "model.safetensors", "--format", "jsonl"];
    let ran = sandbox.run_with(&args, csv.as_bytes()).exits(0).says("texts are read from `body`");
    assert_eq!(ran.json().len(), 2, "{ran}");
    sandbox.write("a.txt", csv);
    let args = ["score", "a.txt", "--model", "model.safetensors", "--format", "jsonl"];
    assert_eq!(sandbox.run(&args).exits(0).json().len(), 2);
    let prose = "Body, mind and soul\nAll three, they say, are one.\n";
    let args = ["score", "-", "--model", "model.safetensors", "--format", "jsonl"];
    assert_eq!(sandbox.run_with(&args, prose.as_bytes()).exits(0).json().len(), 1);
}

#[test]
fn a_column_that_is_missing_comes_with_the_option_that_names_it() {
    let sandbox = Sandbox::with_model();
    sandbox.write("rows.csv", labelled_csv(60).replacen("label,text", "Stance,text", 1));
    for args in [
        &["train", "rows.csv", "--output", "m.safetensors"][..],
        &["evaluate", "rows.csv", "--model", "model.safetensors"],
    ] {
        sandbox
            .run(args)
            .exits(1)
            .says("name the column of the labels with --label-column")
            .says("--header-row");
    }
    sandbox.write("news.csv", "id,story\n1,Leaders must defend the guarantee.\n");
    sandbox
        .run(&["score", "news.csv", "--model", "model.safetensors"])
        .exits(1)
        .says("name the column of the texts with --text-column")
        .says("--header-row");
    sandbox.write("news.csv", "id,text,outlet\n1,Leaders must defend the guarantee.,A\n");
    sandbox
        .run(&[
            "score",
            "news.csv",
            "--model",
            "model.safetensors",
            "--columns",
            "id,outlet",
            "--output",
            "s.csv",
        ])
        .exits(2)
        .says("to have a column of the input, name it in --keep");
}

#[test]
fn too_few_groups_are_listed_with_what_to_do() {
    let sandbox = Sandbox::new();
    let outlet = |number: usize| ["Anvil", "Beacon", "Courier"][number % 3];
    let mut csv = String::from("text,label,outlet\n");
    for (number, row) in rows(60).into_iter().enumerate() {
        csv.push_str(&format!("{},{},{}\n", row.text, row.label, outlet(number / 3)));
    }
    sandbox.write("rows.csv", csv);
    let train = ["train", "rows.csv", "--output", "m.safetensors"];
    sandbox
        .run(&train)
        .exits(1)
        .says("found 3: `Anvil`, `Beacon`, `Courier`. Lower --folds to 3, or choose another --group-column");
    sandbox
        .run(&[&train[..], &["--folds", "3"]].concat())
        .exits(0)
        .prints("off-topic       not checked; `train --outside` teaches it");
}

#[test]
#[cfg(feature = "bundled-models")]
fn who_evaluates_other_labels_on_the_bundled_model_is_told_to_name_a_model() {
    let sandbox = Sandbox::with_model();
    sandbox.write("rows.csv", labelled_csv(60));
    sandbox.run(&["evaluate", "rows.csv"]).exits(1).says("name the model of these labels with --model");
    sandbox.write("rows.csv", labelled_csv(60).replacen(",for,", ",fro,", 1));
    sandbox
        .run(&["evaluate", "rows.csv", "--model", "model.safetensors"])
        .exits(1)
        .says("Leave such rows out with --ignore-label");
}

#[test]
fn the_page_of_a_run_has_the_groups_that_were_kept() {
    let sandbox = Sandbox::with_model();
    let mut csv = String::from("id,author,outlet,text\n");
    for (number, row) in rows(60).into_iter().enumerate() {
        let outlet = if number % 3 == 0 { "" } else { "The Weekly" };
        csv.push_str(&format!("n{number},Ann,{outlet},{}\n", row.text));
    }
    sandbox.write("news.csv", csv);
    let score =
        ["score", "news.csv", "--model", "model.safetensors", "--keep", "outlet", "--output", "s.jsonl"];
    sandbox.run(&[&score[..], &["--report", "page.html"]].concat()).exits(0);
    let page = String::from_utf8(sandbox.read("page.html")).unwrap();
    assert!(page.contains("By <bdi>outlet</bdi>") && !page.contains("Ann"), "{page}");
}

#[test]
fn what_is_told_of_texts_to_label_names_options_as_the_command_line_does() {
    let sandbox = Sandbox::with_model();
    let next = [
        "label",
        "next",
        "work",
        "--inputs",
        "news.csv",
        "--queue",
        "random",
        "--model",
        "model.safetensors",
    ];
    sandbox.write("news.csv", "id,story\n1,Leaders must defend the guarantee.\n");
    sandbox.run(&next).exits(1).says("name the column of the texts with --text-column");
    sandbox.write("news.csv", "id,body\n1,Leaders must defend the guarantee.\n");
    sandbox.run(&next).exits(0).says("texts are read from `body` (--text-column sets another)");
}
