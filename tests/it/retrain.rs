//! `standpoint train` with tuning, splits, audits and sets: what a researcher has to defend.

use crate::harness::{Sandbox, labelled_csv, rows};
use standpoint::Model;

/// Rows with an outlet, which signs its texts and has one label nearly always, and dates.
fn outlets(count: usize) -> String {
    let mut out = String::from("id,source,date,label,text\n");
    for (number, row) in rows(count).into_iter().enumerate() {
        let outlet = number / 3 % 12;
        // Two texts in three have the label of their outlet, whatever their words say.
        let label = ["for", "against", "neutral"][outlet % 3];
        let (label, text) = if number % 3 == 0 { (row.label.as_str(), row.text) } else { (label, row.text) };
        let (month, day) = (1 + number % 12, 1 + number % 28);
        out.push_str(&format!(
            "r{number},o{outlet},2024-{month:02}-{day:02},{label},{text} bylineof{outlet} bylineof{outlet}\n"
        ));
    }
    out
}

fn macro_f1(model: &Model, by: &str) -> f64 {
    model.provenance.held_out.iter().find(|figure| figure.by == by).unwrap_or_else(|| panic!("{by}")).macro_f1
}

#[test]
fn three_ways_to_hold_out_stand_side_by_side_and_unseen_outlets_are_harder() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", outlets(360));
    let ran = sandbox.run(&["train", "rows.csv", "-o", "m.safetensors"]).exits(0);
    let ran = ran.prints("random rows").prints("unseen groups").prints("later dates");
    let ran = ran.prints("Group-specific terms").prints("bylineof");
    ran.prints(" on groups that it has never seen, not the ");
    let model = Model::from_bytes(&sandbox.read("m.safetensors")).unwrap();
    assert_eq!(model.provenance.held_out.len(), 3);
    assert!(macro_f1(&model, "random rows") > macro_f1(&model, "unseen groups") + 0.1);
    let later = model.provenance.held_out.iter().find(|figure| figure.by == "later dates").unwrap();
    assert!((60..=100).contains(&later.rows), "{}", later.rows);

    sandbox.run(&["train", "rows.csv", "-o", "s.safetensors", "--strip-source-terms"]).exits(0);
    let stripped = Model::from_bytes(&sandbox.read("s.safetensors")).unwrap();
    let holds = |model: &Model| model.featurizer.vocabulary().iter().any(|term| term.contains("bylineof"));
    assert!(holds(&model) && !holds(&stripped));
    assert!(stripped.provenance.settings.contains("source terms stripped"));
}

#[test]
fn tuning_finds_the_same_with_the_same_trials_and_any_jobs() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(90));
    let train = |name: &str, more: &[&str]| {
        sandbox.run(&[&["train", "rows.csv", "-o", name, "--tune", "--folds", "3"], more].concat()).exits(0)
    };
    let ran = train("a.safetensors", &["--trials", "3"]);
    let ran = ran.prints("Tried").prints("settings were chosen on these rows").prints("random rows");
    assert_eq!(ran.stdout.matches("C 300: ").count(), 3, "{ran}");
    train("b.safetensors", &["--trials", "3", "--jobs", "1"]);
    assert!(sandbox.read("a.safetensors") == sandbox.read("b.safetensors"));
    let one_label = train("e.safetensors", &["--trials", "1", "--f1-labels", "for"]);
    one_label.says("1 trial finished, mean F1 ").prints("Tried    mean F1  settings");
    // A budget that is over at once finishes one trial, and says so; the same trials give the same
    // bytes.
    sandbox.write("rows.csv", labelled_csv(4000));
    train("c.safetensors", &["--time", "1s"]).says(" finished; the time is up");
    let trials = Model::from_bytes(&sandbox.read("c.safetensors")).unwrap().provenance.trials.unwrap();
    train("d.safetensors", &["--trials", &trials.to_string()]);
    assert!(sandbox.read("c.safetensors") == sandbox.read("d.safetensors"));
    assert_eq!(Model::from_bytes(&sandbox.read("a.safetensors")).unwrap().provenance.trials, Some(3));
}

#[cfg(unix)]
#[test]
fn ctrl_c_while_tuning_keeps_the_best_so_far() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(300));
    let args = ["train", "rows.csv", "-o", "m.safetensors", "--tune", "--time", "10m"];
    let mut child = sandbox
        .command(&args)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stderr.take().unwrap()));
    let first = lines.find(|line| line.as_ref().unwrap().contains("1 trial finished, macro-F1 "));
    assert!(first.is_some());
    let sent = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let said: Vec<String> = lines.map(|line| line.unwrap()).collect();
    assert!(child.wait().unwrap().success(), "{said:?}");
    assert!(said.iter().any(|line| line.contains("training with the best settings so far")), "{said:?}");
    assert!(Model::from_bytes(&sandbox.read("m.safetensors")).unwrap().provenance.trials.unwrap() >= 1);
    assert_eq!(sandbox.names(), ["m.safetensors", "rows.csv"], "nothing half-written");
}

#[test]
fn wrong_labels_are_at_the_head_of_the_audit_with_their_terms() {
    let sandbox = Sandbox::new();
    let mut lines: Vec<String> = labelled_csv(240).lines().map(str::to_owned).collect();
    // Every label is right but these.
    let wrong = [13, 77, 151];
    for at in wrong {
        let fields: Vec<String> = lines[at].splitn(4, ',').map(str::to_owned).collect();
        let other = if fields[2] == "for" { "against" } else { "for" };
        lines[at] = format!("{},{},{other},{}", fields[0], fields[1], fields[3]);
    }
    sandbox.write("rows.csv", lines.join("\n"));
    sandbox
        .run(&["train", "rows.csv", "-o", "m.safetensors", "--audit", "audit.csv"])
        .exits(0)
        .prints("labels that look wrong");
    let audit = String::from_utf8(sandbox.read("audit.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(audit.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let head: Vec<&str> = rows.iter().take(8).map(|row| &row[0]).collect();
    for at in wrong {
        assert!(head.contains(&format!("r{}", at - 1).as_str()), "row {at}: {audit}");
    }
    for row in &rows {
        let (of_label, of_expected): (f64, f64) = (row[4].parse().unwrap(), row[5].parse().unwrap());
        assert!(row[2] != row[3] && of_label < of_expected && !row[6].is_empty(), "{row:?}");
    }
}

#[test]
fn sets_hold_the_right_label_as_often_as_was_asked_for() {
    let sandbox = Sandbox::new();
    let all: Vec<String> = labelled_csv(1200).lines().map(str::to_owned).collect();
    sandbox.write("train.csv", all[..601].join("\n"));
    sandbox.write("test.csv", format!("{}\n{}\n", all[0], all[601..].join("\n")));
    sandbox.run(&["train", "train.csv", "-o", "m.safetensors", "--unit", "document"]).exits(0);
    for rule in ["lac", "class-conditional"] {
        let args = [
            "evaluate",
            "test.csv",
            "--model",
            "m.safetensors",
            "--confidence-level",
            "0.9",
            "--set-rule",
            rule,
        ];
        let found = &sandbox.run(&[&args[..], &["--format", "json"]].concat()).exits(0).json()[0]["sets"];
        let coverage = found["coverage"].as_f64().unwrap();
        // 600 rows: a standard error of 0.012, and models of all rows are a little surer than those
        // of the folds.
        assert!((0.86..=0.95).contains(&coverage), "{rule}: {found}");
        assert!(found["mean_size"].as_f64().unwrap() < 2.0, "{found}");
    }
    let scored = sandbox
        .run(&[
            "score",
            "test.csv",
            "--model",
            "m.safetensors",
            "--confidence-level",
            "0.6",
            "--format",
            "jsonl",
        ])
        .exits(0)
        .json();
    let size = |record: &serde_json::Value| record["set"].as_array().unwrap().len();
    assert!(scored.iter().all(|record| size(record) <= 3));
    assert!(scored.iter().any(|record| size(record) == 1));
    sandbox
        .run(&["score", "test.csv", "--model", "m.safetensors", "--coverage", "0.6", "--format", "csv"])
        .exits(0)
        .prints(",set,")
        .prints("{for}");
    for wrong in ["0", "1", "x", "-1"] {
        sandbox
            .run(&["score", "test.csv", "--model", "m.safetensors", &format!("--confidence-level={wrong}")])
            .exits(2);
    }
}

#[test]
fn sets_are_of_units_and_need_held_out_rows() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(120));
    sandbox.write("a.txt", "Leaders said a guarantee must deter.\n\nA costly provocation, and pointless.");
    sandbox.run(&["train", "rows.csv", "-o", "m.safetensors"]).exits(0);
    sandbox
        .run(&["score", "a.txt", "--model", "m.safetensors", "--coverage", "0.9"])
        .exits(2)
        .says("--paragraphs");
    let args = [
        "score",
        "a.txt",
        "--model",
        "m.safetensors",
        "--coverage",
        "0.9",
        "--paragraphs",
        "--format",
        "jsonl",
    ];
    let record = &sandbox.run(&args).exits(0).json()[0];
    assert!(record.get("set").is_none());
    assert_eq!(record["paragraphs"].as_array().unwrap().iter().filter(|p| p["set"].is_array()).count(), 2);
    sandbox.run(&["train", "rows.csv", "-o", "n.safetensors", "--folds", "0"]).exits(0);
    sandbox
        .run(&["evaluate", "rows.csv", "--model", "n.safetensors", "--coverage", "0.9"])
        .exits(4)
        .says("--folds");
}

#[test]
fn a_batch_unlike_the_training_is_said_to_be_so() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(240));
    sandbox
        .run(&["train", "rows.csv", "-o", "m.safetensors", "--unit", "document", "--language", "none"])
        .exits(0);
    let score = |input: &str| {
        sandbox
            .run(&[
                "score",
                input,
                "--model",
                "m.safetensors",
                "--output",
                "out.csv",
                "--summary",
                "run.json",
            ])
            .exits(0)
    };
    let like = score("rows.csv");
    assert!(!like.stderr.contains("differ from the model's training data"), "{like}");
    let mut other = String::from("id,text\n");
    for number in 0..150 {
        other
            .push_str(&format!("x{number},guarantee recipe {number} with butter flour and salted almonds\n"));
    }
    sandbox.write("other.csv", other);
    score("other.csv").says("these texts differ from the model's training data: known words");
    let summary: serde_json::Value = serde_json::from_slice(&sandbox.read("run.json")).unwrap();
    assert!(summary["unlike_training"][0].as_str().unwrap().starts_with("known words"), "{summary}");
    assert_eq!(summary["units"]["count"], 150);
}

#[test]
fn unlabelled_texts_count_in_the_idf_and_are_noted() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(120));
    sandbox.write("archive.csv", format!("text\n{}", "the guarantee of the day\n".repeat(200)));
    sandbox.run(&["train", "rows.csv", "-o", "a.safetensors"]).exits(0);
    sandbox.run(&["train", "rows.csv", "-o", "b.safetensors", "--unlabelled", "archive.csv"]).exits(0);
    let [a, b] =
        ["a", "b"].map(|name| Model::from_bytes(&sandbox.read(&format!("{name}.safetensors"))).unwrap());
    let idf = |model: &Model, term: &str| {
        model.featurizer.idf()[model.featurizer.vocabulary().find(term).unwrap() as usize]
    };
    assert!(idf(&b, "guarante") < idf(&a, "guarante") && idf(&b, "provoc") > idf(&a, "provoc"));
    assert_eq!(b.provenance.unlabeled.as_ref().map(|texts| texts.texts), Some(200));
    assert_eq!(a.provenance.unlabeled, None);
}

#[test]
fn a_learning_curve_says_whether_more_labels_would_help() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(200));
    let ran = sandbox.run(&["train", "rows.csv", "-o", "m.safetensors", "--learning-curve"]).exits(0);
    let ran = ran.prints("Learned from").prints("the last step added");
    sandbox.run(&["train", "rows.csv", "-o", "n.safetensors"]).exits(0);
    assert!(
        sandbox.read("m.safetensors") == sandbox.read("n.safetensors"),
        "a figure changes no model\n{ran}"
    );
    sandbox.run(&["train", "rows.csv", "-o", "n.safetensors", "--learning-curve", "--folds", "0"]).exits(2);
}

#[test]
fn a_model_is_compared_with_the_one_before_on_new_rows_only() {
    let sandbox = Sandbox::new();
    let all: Vec<String> = labelled_csv(300).lines().map(str::to_owned).collect();
    sandbox.write("old.csv", all[..101].join("\n"));
    sandbox.write("new.csv", format!("{}\n{}", all[0], all[101..].join("\n")));
    sandbox.run(&["train", "old.csv", "-o", "old.safetensors"]).exits(0);
    let train = |more: &[&str]| sandbox.run(&[&["train", "-o", "m.safetensors"], more].concat());
    let ran = train(&["old.csv", "new.csv", "--compare-with", "old.safetensors"]).exits(0);
    let ran =
        ran.prints("which neither model was trained on").prints("\n200 rows; intervals").prints("McNemar");
    assert!(!ran.stderr.contains("was not trained on exactly"), "{ran}");
    train(&["new.csv", "old.csv", "--compare-with", "old.safetensors"])
        .exits(0)
        .says("was not trained on exactly");
    train(&["old.csv", "--compare-with", "old.safetensors"]).exits(2).says("OLD.csv NEW.csv");
    sandbox.write("other.csv", labelled_csv(60).replace(",neutral,", ",undecided,"));
    train(&["old.csv", "other.csv", "--compare-with", "old.safetensors"]).exits(1).says("different labels");
}

#[test]
fn labels_that_differ_in_case_or_blanks_are_asked_about() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(120).replacen(",for,", ",For,", 12));
    let train = |more: &[&str]| sandbox.run(&[&["train", "rows.csv", "-o", "m.safetensors"], more].concat());
    train(&[]).exits(1).says("`For` (12 rows) and `for` (28 rows)").says("--label-variants");
    train(&["--label-variants", "merge"]).exits(0);
    assert_eq!(Model::from_bytes(&sandbox.read("m.safetensors")).unwrap().labels.len(), 3);
    train(&["--label-variants", "keep"]).exits(0);
    assert_eq!(Model::from_bytes(&sandbox.read("m.safetensors")).unwrap().labels.len(), 4);
}

#[test]
fn odd_rows_are_trained_on_or_refused_with_a_reason() {
    let sandbox = Sandbox::new();
    let train = |csv: &str, more: &[&str]| {
        sandbox.write("rows.csv", csv);
        sandbox.run(&[&["train", "rows.csv", "-o", "m.safetensors"], more].concat())
    };
    // Three rows.
    train("label,text\na,one two\nb,one three\na,one four\n", &[]).exits(1).says("--folds");
    // Two hundred classes.
    let mut many = String::from("label,text\n");
    (0..1000).for_each(|n| many.push_str(&format!("class {},word{} said\n", n % 200, n % 200)));
    train(&many, &["--no-splits"]).exits(0);
    // One class in a thousand rows.
    let mut lopsided = String::from("label,text\n");
    (0..1000).for_each(|n| {
        lopsided.push_str(&format!(
            "{},some words of row {}\n",
            if n % 200 == 0 { "rare" } else { "common" },
            n % 7
        ));
    });
    train(&lopsided, &[]).exits(0).prints("baseline (the most frequent label for every row): accuracy 0.995");
    // All texts the same.
    let same = format!("label,text\n{}", "a,the same text\nb,the same text\n".repeat(20));
    train(&same, &[]).exits(0).prints("repeat an earlier one");
    // As many groups as rows; a group that holds a whole label; dates of five kinds, and wrong
    // ones.
    let dates = [
        "2024-05-17",
        "17.05.2024",
        "2024/05",
        "Fri, 17 May 2024 10:00:00 GMT",
        "2023",
        "05/06/2024",
        "soon",
    ];
    let mut dated = String::from("source,date,label,text\n");
    for (number, row) in rows(140).into_iter().enumerate() {
        let date = dates[number % dates.len()];
        dated.push_str(&format!("g{number},\"{date}\",{},{}\n", row.label, row.text));
    }
    train(&dated, &[])
        .exits(0)
        .says("the date `05/06/2024` cannot be read (40 rows in all)")
        .prints("later dates");
    // A budget of a second, weights that are none.
    train(&labelled_csv(60), &["--tune", "--time", "1s", "--folds", "2"]).exits(0);
    train(&labelled_csv(60), &["--tune", "--folds", "0"]).exits(2);
    train(&labelled_csv(60), &["--trials", "5"]).exits(2);
    train(&labelled_csv(60), &["--tune", "--trials", "0"]).exits(2);
    train(&labelled_csv(60), &["--tune", "--time", "5 apples"]).exits(2);
    let weighted = |weight: &str| {
        let mut csv = String::from("label,text,w\n");
        rows(60).iter().for_each(|row| csv.push_str(&format!("{},{},1\n", row.label, row.text)));
        csv + &format!("for,a guarantee,{weight}\n")
    };
    for weight in ["-1", "NaN", "inf", "heavy"] {
        train(&weighted(weight), &["--weight-column", "w"])
            .exits(3)
            .prints(&format!("the weight is `{weight}`"));
    }
}
