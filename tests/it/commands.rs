//! The smaller commands, and what all commands share.

use crate::harness::{self, Sandbox};

#[test]
fn alone_it_shows_three_examples_and_the_first_works() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(&[]).exits(2);
    let examples: Vec<&str> = ran.stderr.lines().filter(|line| line.starts_with("  ")).collect();
    assert_eq!(examples.len(), 3, "{ran}");
    let (echo, command) = examples[0].trim().split_once(" | ").unwrap();
    let text = echo.strip_prefix("echo '").and_then(|rest| rest.strip_suffix('\'')).unwrap();
    let args: Vec<&str> = command.split(' ').skip(1).collect();
    if standpoint::model::bundled_stance().is_some() {
        let ran = sandbox.run_with(&args, text.as_bytes()).exits(0);
        assert_eq!(ran.json()[0]["label"], "pro-guarantee", "{ran}");
    }
}

#[test]
fn help_and_version_go_to_stdout_and_mistakes_to_stderr() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(&["--version"]).exits(0);
    assert!(ran.stdout.starts_with("standpoint "), "{ran}");
    for command in [
        "score",
        "train",
        "vectors",
        "adapt",
        #[cfg(feature = "serve")]
        "serve",
        "report",
        "evaluate",
        "compare",
        "agreement",
        "sample",
        "suggest",
        "robustness",
        "explain",
        "inspect",
        "bench",
        "completions",
        "man",
    ] {
        let ran = sandbox.run(&[command, "--help"]).exits(0);
        assert!(ran.stdout.contains("Usage:") && ran.stdout.contains("Example"), "{ran}");
    }
    assert_eq!(sandbox.run(&["scroe"]).exits(2).says("score").stdout, "");
}

#[test]
fn explain_lists_terms_that_sum_to_the_margin() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.txt", "Leaders must defend the guarantee: deterrence today.");
    let ran = sandbox.run(&["explain", "a.txt", "--model", "model.safetensors", "--top", "3"]).exits(0);
    assert!(ran.stdout.starts_with("a.txt: for"), "{ran}");
    let of_for = ran.stdout.split("\n  for  ").nth(1).unwrap().split("\n\n").next().unwrap();
    let numbers: Vec<f64> =
        of_for.lines().skip(1).map(|line| line.split_whitespace().next().unwrap().parse().unwrap()).collect();
    let (margin, parts) = numbers.split_last().unwrap();
    assert_eq!(parts.len(), 6, "intercept, three terms, style words and the rest\n{ran}");
    assert!(of_for.contains("  style words (") && !of_for.contains("  the\n"), "{ran}");
    assert!((parts.iter().sum::<f64>() - margin).abs() < 5e-4, "{ran}");
    let args = ["explain", "a.txt", "--model", "model.safetensors", "--top", "99", "--style-words"];
    let listed = sandbox.run(&args).exits(0);
    assert!(listed.stdout.contains("  the\n") && !listed.stdout.contains("style words"), "{listed}");

    sandbox.write("b.txt", "Leaders must defend the guarantee.\n\nA costly pointless provocation, a danger.");
    let ran = sandbox.run(&["explain", "b.txt", "--model", "model.safetensors"]).exits(0);
    assert!(
        ran.stdout.contains("weighted mean over 2 paragraphs") && ran.stdout.contains("\"provocation\""),
        "{ran}"
    );
    sandbox
        .run(&["explain", "none.txt", "--model", "model.safetensors"])
        .exits(1)
        .says("none.txt: cannot open");
}

#[test]
fn inspect_tells_labels_sizes_provenance_and_the_strongest_terms() {
    let sandbox = Sandbox::with_model();
    let ran = sandbox.run(&["inspect", "model.safetensors", "--top", "2"]).exits(0);
    let model = harness::small_model();
    let digest = standpoint::model::digest(&sandbox.read("model.safetensors"));
    for expected in [
        digest.as_str(),
        model.provenance.data_sha256.as_str(),
        &format!("features     {}", model.linear.features()),
        "for  40 rows  axis +1",
        "strongest for against",
        "word n-grams 1-2",
        "120 (0 for training only) in 60 groups",
    ] {
        assert!(ran.stdout.contains(expected), "{expected}\n{ran}");
    }
    let strongest = ran.stdout.split("strongest for for\n").nth(1).unwrap();
    assert!(strongest.lines().take(2).all(|line| line.trim_start().starts_with('+')), "{ran}");
}

#[test]
fn bench_checks_the_answers_and_prints_a_row_for_each_number_of_jobs() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.txt", "Leaders must defend the guarantee: deterrence today.");
    let ran = sandbox.run(&["bench", "a.txt", "--model", "model.safetensors", "--jobs", "1,2"]).exits(0);
    assert!(ran.stdout.contains("every value of --jobs gives the same answers"), "{ran}");
    assert_eq!(
        ran.stdout.lines().filter(|line| line.trim_start().starts_with(['1', '2'])).count(),
        3,
        "{ran}"
    );
    assert!(ran.stdout.contains("features and score") && ran.stdout.contains("read  "), "{ran}");
    sandbox.run(&["bench", "--model", "model.safetensors", "--jobs", "0"]).exits(2);
    let json = ["bench", "a.txt", "--model", "model.safetensors", "--jobs", "2", "--format", "json"];
    let figures: serde_json::Value = serde_json::from_str(&sandbox.run(&json).exits(0).stdout).unwrap();
    assert_eq!(
        (&figures["documents"], &figures["words"], &figures["verified"]),
        (&1.into(), &7.into(), &true.into())
    );
    assert_eq!(figures["jobs"][0]["jobs"], 2);
    for stage in ["read", "tokenise", "features_and_score", "write"] {
        assert!(figures["ns_per_word"][stage].is_number(), "{stage}");
    }
}

#[test]
fn completions_and_manual_pages_are_written() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish"] {
        assert!(sandbox.run(&["completions", shell]).exits(0).stdout.contains("standpoint"));
    }
    sandbox.run(&["man", "pages"]).exits(0);
    let page = String::from_utf8(sandbox.read("pages/standpoint-score.1")).unwrap();
    assert!(page.contains("paragraphs"));
    sandbox.write("file", "");
    sandbox.run(&["man", "file"]).exits(1);
}
