//! Every command whose screen has a table or aligned columns, at four widths. Throughput is left
//! out of the snapshots, as no two measurements are alike.

use super::{WIDTHS, at, fits, is_drawn};
use crate::harness::{Finished, Sandbox, labelled_csv, rows};

/// Names have room at 120 columns.
#[track_caller]
fn cuts_nothing_at_120(sandbox: &Sandbox, args: &[&str]) {
    let ran = at(sandbox, 120, args).exits(0);
    fits(&ran, 120);
    assert!(!ran.stdout.contains('…'), "a name is cut: {ran}");
}

#[track_caller]
fn at_80(sandbox: &Sandbox, args: &[&str]) -> Finished {
    at(sandbox, 80, args).exits(0)
}

/// Rows with long names of labels, dates, and outlets of which some have a word of their own; the
/// last repeats the first.
fn long_names(count: usize) -> String {
    let mut csv = String::from("outlet,date,label,text\n");
    let mut line = |number: usize, row: &standpoint::train::Row| {
        let label = format!("clearly-and-firmly-{}", row.label);
        let (outlet, month) = (number / 6 % 5, 1 + number % 9);
        let own = if outlet == 0 { "sternzeitung" } else { "today" };
        let text = &row.text;
        csv.push_str(&format!("The Outlet of Number {outlet},2024-0{month}-11,{label},{text} {own}\n"));
    };
    let rows = rows(count);
    rows.iter().enumerate().for_each(|(number, row)| line(number, row));
    line(count, &rows[0]);
    csv
}

#[test]
fn a_training_and_a_search_for_settings() {
    let sandbox = Sandbox::new();
    sandbox.write("news/of-a-folder-with-a-long-name/rows.csv", long_names(90));
    let train = ["train", "news/of-a-folder-with-a-long-name/rows.csv", "-o", "m.safetensors"];
    let labels = "clearly-and-firmly-for,clearly-and-firmly-against";
    let more = ["--group-column", "outlet", "--learning-curve", "--max-error", "0.2", "--f1-labels", labels];
    let with_more = [&train[..], &more].concat();
    is_drawn(&sandbox, "train", &with_more);
    cuts_nothing_at_120(&sandbox, &with_more);
    let tune = ["--no-splits", "--f1-labels", labels, "--tune", "--trials", "3", "--folds", "3"];
    is_drawn(&sandbox, "tune", &[&train[..], &tune].concat());
}

#[test]
fn an_adaptation() {
    let sandbox = Sandbox::new();
    sandbox.write("base.csv", labelled_csv(90));
    let save = ["train", "base.csv", "-o", "base.safetensors", "--no-splits", "--save-corpus", "base.corpus"];
    at_80(&sandbox, &save);
    let mut own = String::from("outlet,label,text\n");
    for (number, row) in rows(180).iter().skip(90).enumerate() {
        own.push_str(&format!("o{},{},{} of {number}\n", number / 3, row.label, row.text));
    }
    sandbox.write("mine.csv", own);
    let args = ["adapt", "mine.csv", "--corpus", "base.corpus", "--output", "mine.safetensors"];
    is_drawn(&sandbox, "adapt", &args);
    is_drawn(&sandbox, "inspect", &["inspect", "mine.safetensors", "--top", "3"]);
}

#[test]
fn a_comparison_of_models() {
    let sandbox = Sandbox::with_model();
    sandbox.write("few.csv", labelled_csv(24));
    at_80(&sandbox, &["train", "few.csv", "-o", "a-model-of-few-rows.safetensors", "--folds", "0"]);
    let mut csv = String::from("id,label,text\n");
    for (number, row) in rows(90).iter().enumerate() {
        let text: String = row.text.split(' ').take(6).collect::<Vec<_>>().join(" ");
        csv.push_str(&format!("news/of-a-folder-with-a-long-name/article-{number},{},{text}\n", row.label));
    }
    sandbox.write("rows.csv", csv);
    let models = ["model.safetensors", "a-model-of-few-rows.safetensors"];
    let args = [&["compare"], &models[..], &["rows.csv"]].concat();
    is_drawn(&sandbox, "compare", &args);
    cuts_nothing_at_120(&sandbox, &args);
}

#[test]
fn an_agreement_of_coders() {
    let sandbox = Sandbox::new();
    let mut csv = String::from("id,text,Annabelle of the first wave,ben,cleo\n");
    for (number, row) in rows(40).iter().enumerate() {
        let other = if number % 3 == 0 { "neutral" } else { row.label.as_str() };
        let third = if number % 7 == 0 { "" } else { row.label.as_str() };
        csv.push_str(&format!("article-{number},{},{},{other},{third}\n", row.text, row.label));
    }
    sandbox.write("coded.csv", csv);
    let columns = "Annabelle of the first wave,ben,cleo";
    is_drawn(&sandbox, "agreement", &["agreement", "coded.csv", "--columns", columns]);
}

#[test]
fn a_measurement_of_robustness() {
    let sandbox = Sandbox::with_model();
    // Headlines and paragraphs of few words, which pull in different directions.
    let words: Vec<String> = rows(30).iter().flat_map(|row| row.text.split(' ').map(str::to_owned)).collect();
    let mut csv = String::from("id,text\n");
    for (number, words) in words.chunks_exact(15).take(24).enumerate() {
        let paragraphs: Vec<String> = words.chunks(5).map(|words| words.join(" ")).collect();
        let id = format!("news/of-a-folder-with-a-long-name/article-{number}");
        csv.push_str(&format!("{id},\"{}\"\n", paragraphs.join("\n\n")));
    }
    sandbox.write("news.csv", csv);
    let args = ["robustness", "news.csv", "--model", "model.safetensors"];
    is_drawn(&sandbox, "robustness", &args);
    cuts_nothing_at_120(&sandbox, &args);
}

#[test]
fn an_evaluation_with_sets_weights_and_an_average_of_some_labels() {
    let sandbox = Sandbox::with_model();
    let mut csv = String::from("label,weight,text\n");
    for (number, row) in rows(60).iter().enumerate() {
        csv.push_str(&format!("{},{},{}\n", row.label, 1 + number % 3, row.text));
    }
    sandbox.write("rows.csv", csv);
    let more = ["--confidence-level", "0.9", "--f1-labels", "for,against"];
    let args = [&["evaluate", "rows.csv", "--model", "model.safetensors"], &more[..]].concat();
    is_drawn(&sandbox, "evaluate-sets", &args);
}

#[test]
fn explanations_paragraphs_and_chosen_columns() {
    let sandbox = Sandbox::with_model();
    let text = rows(3).iter().map(|row| row.text.clone() + ".").collect::<Vec<_>>();
    let address = "https://news.example/".to_owned() + &"deterrence-".repeat(12);
    let article = format!("{}\n\n{} {}\n\n{address} must defend.\n", text[0], text[1], text[2]);
    let name = "news/of-a-folder-with-a-long-name/and-of-another-one/article.txt";
    sandbox.write(name, article);
    is_drawn(&sandbox, "explain", &["explain", name, "--model", "model.safetensors", "--top", "3"]);
    is_drawn(&sandbox, "paragraphs", &["paragraphs", name, "--format", "table"]);
    let columns = "id,label,p_for,p_against,slant,words,known";
    let args = ["score", name, "--model", "model.safetensors", "--format", "table", "--columns", columns];
    is_drawn(&sandbox, "columns", &args);
}

#[test]
fn a_measurement_of_throughput_fits() {
    let sandbox = Sandbox::with_model();
    sandbox.write("rows.csv", labelled_csv(6));
    for width in WIDTHS {
        let args = ["bench", "rows.csv", "--model", "model.safetensors", "--jobs", "1"];
        let ran = at(&sandbox, width, &args).exits(0).prints("words/s");
        fits(&ran, width);
    }
}
