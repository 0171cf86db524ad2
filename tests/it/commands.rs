//! The smaller commands, and what all commands share.

use crate::harness::{self, COMMANDS, Sandbox};

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
    for command in COMMANDS {
        let ran = sandbox.run(&[command, "--help"]).exits(0);
        assert!(ran.stdout.contains("Usage:") && ran.stdout.contains("Example"), "{ran}");
    }
    assert_eq!(sandbox.run(&["scroe"]).exits(2).says("score").stdout, "");
}

/// The sections of a command's help, each with its options.
fn sections(help: &str) -> Vec<(&str, usize)> {
    let mut sections: Vec<(&str, usize)> = Vec::new();
    for line in help.lines() {
        match line.strip_suffix(':').filter(|name| !name.starts_with(' ')) {
            Some(name) => sections.push((name, 0)),
            None if line.trim_start().starts_with('-') => {
                if let Some((_, options)) = sections.last_mut() {
                    *options += 1;
                }
            }
            None => {}
        }
    }
    sections
}

#[test]
fn the_help_of_commands_with_many_options_is_in_sections() {
    let known = ["Input", "Model", "Output", "Abstention", "Groups", "Validation", "Server", "Running"];
    let sandbox = Sandbox::new();
    let mut long = 0;
    for command in COMMANDS {
        let ran = sandbox.run(&[command, "--help"]).exits(0);
        let sections = sections(&ran.stdout);
        let options = || sections.iter().filter(|(name, _)| *name != "Examples" && *name != "Example");
        let all: usize = options().map(|(_, options)| options).sum();
        if all <= 10 {
            continue;
        }
        long += 1;
        let headed: Vec<&str> =
            options().map(|(name, _)| *name).filter(|name| known.contains(name)).collect();
        let in_order: Vec<&str> = known.into_iter().filter(|name| headed.contains(name)).collect();
        assert_eq!(headed, in_order, "{command}");
        assert!(headed.len() >= 2, "{ran}");
        // --help and --version stand by themselves.
        let loose = options().find(|(name, _)| *name == "Options").map_or(0, |(_, options)| *options);
        assert!(loose <= 2, "{command} has {loose} options in no section\n{ran}");
    }
    assert!(long >= 12, "{long}");
    let score = sandbox.run(&["score", "--help"]).exits(0);
    for name in ["Input", "Model", "Output", "Abstention", "Groups", "Running"] {
        assert!(score.stdout.contains(&format!("\n{name}:\n")), "{name}\n{score}");
    }
}

#[test]
fn the_short_help_of_every_command_is_shorter() {
    let sandbox = Sandbox::new();
    for command in COMMANDS {
        let [short, long] = ["-h", "--help"].map(|help| sandbox.run(&[command, help]).exits(0));
        assert!(short.stdout.contains("Usage:"), "{short}");
        assert!(short.stdout.len() < long.stdout.len(), "{command}\n{short}");
    }
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
    let words = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("Each paragraph has an exact sum of its own") && words.contains("the text has none")
    );
    sandbox
        .run(&["explain", "none.txt", "--model", "model.safetensors"])
        .exits(1)
        .says("none.txt: cannot open");
}

#[test]
fn explain_ranks_the_sentences_that_decided() {
    let sandbox = Sandbox::with_model();
    let text = "They met on Monday. Leaders must defend the guarantee of deterrence. A costly provocation, they said. \
                Nobody spoke.";
    sandbox.write("a.txt", text);
    let args = ["explain", "a.txt", "--model", "model.safetensors", "--style-words", "--top", "0"];
    let ran = sandbox.run(&[&args[..], &["--sentences", "2"]].concat()).exits(0);
    let ranked = ran.stdout.split("  sentences that decided on for\n").nth(1).unwrap();
    let lines: Vec<&str> = ranked.lines().take(3).map(str::trim_start).collect();
    assert!(
        lines[0].starts_with('+') && lines[0].ends_with("Leaders must defend the guarantee of deterrence."),
        "{ran}"
    );
    assert!(lines[1].starts_with('-') && lines[1].contains("A costly provocation"), "{ran}");
    assert!(lines[2].ends_with("2 other sentences"), "{ran}");
    // Intercept + sentences = margin.
    let number = |line: &str| line.split_whitespace().next().unwrap().parse::<f64>().unwrap();
    let of_for = ran.stdout.split("\n  for  p ").nth(1).unwrap().lines().skip(1);
    let of_for: Vec<&str> = of_for.take_while(|line| !line.is_empty()).collect();
    let (intercept, margin) = (number(of_for[0]), number(of_for[of_for.len() - 1]));
    let sum: f64 = lines.iter().map(|line| number(line)).sum();
    assert!((intercept + sum - margin).abs() < 5e-4, "{ran}");
    // As many sentences as terms, and five at most, where nobody says how many.
    let listed = |top: &str| {
        let args = ["explain", "a.txt", "--model", "model.safetensors", "--top", top];
        let ran = sandbox.run(&args).exits(0).stdout;
        let ranked = ran.split("  sentences that decided on for\n").nth(1).unwrap();
        ranked.lines().take_while(|line| !line.is_empty()).count()
    };
    assert_eq!((listed("1"), listed("10")), (2, 4), "one and the others; all four");
    let without = sandbox.run(&[&args[..], &["--sentences", "0"]].concat()).exits(0);
    assert!(!without.stdout.contains("sentences"), "{without}");
}

#[test]
fn explain_writes_a_page() {
    let sandbox = Sandbox::with_model();
    let text = "They met. Leaders must defend the guarantee (1 < 2).\n\nCourage and support, they said.";
    sandbox.write("texts/a.txt", text);
    let explain = |input: &str| {
        sandbox.run(&["explain", input, "--model", "model.safetensors", "--html", "texts/page.html"])
    };
    // The page stands among the texts, and is not one of them.
    for _ in 0..2 {
        assert_eq!(explain("texts").exits(0).stdout, "");
    }
    let page = String::from_utf8(sandbox.read("texts/page.html")).unwrap();
    crate::report::well_formed(&page);
    for part in [
        "<h2 id=\"text-1\"><bdi>texts/a.txt</bdi></h2>",
        "(for the label) </span>Leaders must defend the guarantee (1 &lt; 2).</mark>",
        "Sentences by what they add to for",
        "<bdi>style words (",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert!(!page.contains("text-2") && !page.contains("<script"));
    // A run that fails replaces nothing.
    sandbox.write("bad.jsonl", "[1]\n");
    explain("bad.jsonl").exits(1);
    assert_eq!(sandbox.read("texts/page.html"), page.as_bytes());
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
        "for      40 rows  axis +1",
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
