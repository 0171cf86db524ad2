//! Where the usual text column is missing, the likely one is taken or suggested.

#[cfg(feature = "parquet")]
use crate::harness::parquet;
#[cfg(feature = "spreadsheet")]
use crate::harness::xlsx;
use crate::harness::{Sandbox, labelled_csv};

const NOTE: &str = "no column `text`; texts are read from `body` (--text-column sets another)";

#[test]
fn the_only_likely_column_is_taken_and_said() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.csv", "id,body\n1,Leaders must defend the guarantee today.\n");
    sandbox
        .write("a.jsonl", "{\"id\":\"1\",\"body\":\"Leaders must defend the guarantee today.\"}\n".repeat(3));
    #[cfg(feature = "parquet")]
    sandbox.write(
        "a.parquet",
        parquet(&[("id", &["1"]), ("body", &["Leaders must defend the guarantee today."])]),
    );
    #[cfg(feature = "spreadsheet")]
    sandbox
        .write("a.xlsx", xlsx([&[&["id", "body"], &["1", "Leaders must defend the guarantee today."]], &[]]));
    for name in sandbox.names().into_iter().filter(|name| name.starts_with("a.")) {
        let args = ["score", &name, "--model", "model.safetensors", "--format", "jsonl"];
        let ran = sandbox.run(&args).exits(0).says(&format!("{name}: {NOTE}"));
        assert_eq!(ran.json()[0]["top"], "for", "{ran}");
        assert_eq!(ran.stderr.matches(NOTE).count(), 1, "{ran}");
    }
}

#[test]
fn training_and_evaluating_take_it_too() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(120).replacen(",text", ",body", 1));
    sandbox.run(&["train", "rows.csv", "--output", "m.safetensors"]).exits(0).says(NOTE);
    sandbox.run(&["evaluate", "rows.csv", "--model", "m.safetensors"]).exits(0).says(NOTE);
}

#[test]
fn nothing_is_guessed_where_several_columns_are_likely_or_one_was_named() {
    let sandbox = Sandbox::with_model();
    sandbox.write("two.csv", "content,body\na,b\n");
    let score = |args: &[&str]| sandbox.run(&[&["score", "--model", "model.safetensors"], args].concat());
    score(&["two.csv"]).exits(1).says("the texts may be in `content` or `body`: give --text-column");
    sandbox.write("one.csv", "body\nb\n");
    score(&["one.csv", "--text-column", "story"])
        .exits(1)
        .says("no column `story`")
        .says("the texts may be in `body`: give --text-column body");
}
