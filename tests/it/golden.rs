//! A small model of its own whose scores never change by a bit, whatever becomes of the code or of
//! the default model.
//!
//! `scores.jsonl` is what
//! `standpoint score texts.jsonl --model model.safetensors --paragraphs --explain 3` printed when
//! the arithmetic was settled. It may change once more only in a commit of its own that says by how
//! much.

use crate::harness;
use serde_json::Value;

/// Every field that the golden record has, the record has too, with the same value; new fields may
/// stand beside.
fn assert_holds(golden: &Value, found: &Value, at: &str) {
    match (golden, found) {
        (Value::Object(golden), Value::Object(found)) => {
            for (key, value) in golden {
                let other = found.get(key).unwrap_or_else(|| panic!("{at}: {key} is gone"));
                assert_holds(value, other, &format!("{at}.{key}"));
            }
        }
        (Value::Array(golden), Value::Array(found)) => {
            assert_eq!(golden.len(), found.len(), "{at}");
            for (number, (golden, found)) in golden.iter().zip(found).enumerate() {
                assert_holds(golden, found, &format!("{at}[{number}]"));
            }
        }
        // Numbers are printed so that reading them gives the same bits.
        _ => assert_eq!(golden, found, "{at}"),
    }
}

#[test]
fn the_golden_scores_stand() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");
    let sandbox = harness::Sandbox::new();
    for name in ["texts.jsonl", "model.safetensors"] {
        sandbox.write(name, std::fs::read(format!("{root}/{name}")).unwrap());
    }
    let golden = std::fs::read_to_string(format!("{root}/scores.jsonl")).unwrap();
    for jobs in ["1", "2"] {
        let args = [
            "score",
            "texts.jsonl",
            "--model",
            "model.safetensors",
            "--paragraphs",
            "--explain",
            "3",
            "--jobs",
            jobs,
        ];
        let ran = sandbox.run(&[&args[..], &["--format", "jsonl"]].concat()).exits(0);
        assert_eq!(golden.lines().count(), ran.stdout.lines().count());
        for (golden, found) in golden.lines().zip(ran.json()) {
            let golden: Value = serde_json::from_str(golden).unwrap();
            assert_holds(&golden, &found, golden["id"].as_str().unwrap());
        }
    }
}
