//! A text that the model should not label gets none, and a reason.

use crate::harness::{Finished, Sandbox, labelled_csv};
use serde_json::Value;

const WAR: [&str; 8] =
    ["alliance", "treaty", "guarantee", "deterrence", "brigade", "ceasefire", "sanctions", "neutrality"];
const GARDEN: [&str; 8] =
    ["tomato", "compost", "seedling", "trowel", "lettuce", "pruning", "greenhouse", "mulch"];

/// Sentences of eleven words, each with three of the given ones.
fn sentences(words: [&str; 8], count: usize) -> Vec<String> {
    (0..count)
        .map(|n| {
            let word = |step: usize| words[(n * step + n / 8) % 8];
            format!("On day {n} the {} and the {} came before any {}", word(1), word(3), word(5))
        })
        .collect()
}

/// Two labels that share their subject, and texts about another one.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let of = |n: usize| {
        if n.is_multiple_of(2) { ("for", "and that is right") } else { ("against", "which is folly") }
    };
    let row = |(n, text): (usize, String)| format!("a{n},{},{text} {}\n", of(n).0, of(n).1);
    let rows: String = sentences(WAR, 120).into_iter().enumerate().map(row).collect();
    sandbox.write("rows.csv", format!("article,label,text\n{rows}"));
    let text = |(n, text): (usize, String)| format!("{text} {}\n", of(n).1);
    let outside: String = sentences(GARDEN, 60).into_iter().enumerate().map(text).collect();
    sandbox.write("outside.csv", format!("text\n{outside}"));
    sandbox
}

fn train(sandbox: &Sandbox, more: &[&str]) -> Finished {
    sandbox.run(&[&["train", "rows.csv", "--output", "m.safetensors"], more].concat())
}

fn score(sandbox: &Sandbox, text: &str, more: &[&str]) -> Value {
    sandbox.write("text.txt", text);
    let args = [&["score", "text.txt", "--model", "m.safetensors", "--format", "jsonl"], more].concat();
    sandbox.run(&args).exits(0).json().remove(0)
}

#[test]
fn a_text_about_something_else_is_off_topic() {
    let sandbox = sandbox();
    train(&sandbox, &["--outside", "outside.csv"]).exits(0).prints("off-topic       topic below");
    let inside = &sentences(WAR, 130)[125];
    let found = score(&sandbox, &format!("{inside} and that is right"), &[]);
    assert_eq!((&found["label"], &found["reason"]), (&"for".into(), &Value::Null), "{found}");
    let beyond = &sentences(GARDEN, 130)[125];
    let found = score(&sandbox, &format!("{beyond} and that is right"), &[]);
    assert_eq!(
        (&found["label"], &found["reason"], &found["top"]),
        (&Value::Null, &"off-topic".into(), &"for".into())
    );
    assert!(found["topic"].as_f64().unwrap() < 0.1, "{found}");
    let forced = score(&sandbox, &format!("{beyond} and that is right"), &["--no-abstain"]);
    assert_eq!((&forced["label"], &forced["probabilities"]), (&"for".into(), &found["probabilities"]));

    // Ten paragraphs of the subject and one of another: the document is judged by all of them.
    let long = format!("{}\n\n{beyond}", sentences(WAR, 10).join("\n\n"));
    assert_ne!(score(&sandbox, &long, &[])["reason"], "off-topic");
    train(&sandbox, &[]).exits(0);
    let without = score(&sandbox, &format!("{beyond} and that is right"), &[]);
    assert_eq!((&without["reason"], &without["topic"]), (&Value::Null, &Value::Null));
}

#[test]
fn the_threshold_of_off_topic_can_be_fixed_and_documents_have_their_own() {
    let sandbox = sandbox();
    let inside = format!("{} and that is right", &sentences(WAR, 130)[125]);
    let fixed = |least: &str| train(&sandbox, &["--outside", "outside.csv", "--off-topic-threshold", least]);
    fixed("1000").exits(0).prints("topic below 1000.000: 100.0 % of the outside texts, 100.0 % of the rows");
    assert_eq!(score(&sandbox, &inside, &[])["reason"], "off-topic");
    fixed("-1000").exits(0).prints("topic below -1000.000: 0.0 % of the outside texts, 0.0 % of the rows");
    let beyond = format!("{} and that is right", &sentences(GARDEN, 130)[125]);
    assert_eq!(score(&sandbox, &beyond, &[])["reason"], Value::Null);
    train(&sandbox, &["--off-topic-threshold", "1"]).exits(2).says("--outside");

    // Two rows a group: each document is as like the rows as two of them.
    let rows = String::from_utf8(sandbox.read("rows.csv")).unwrap();
    let pairs = rows.lines().enumerate().map(|(n, row)| match row.split_once(',') {
        Some((_, rest)) if n > 0 => format!("g{},{rest}\n", n / 2),
        _ => format!("{row}\n"),
    });
    sandbox.write("rows.csv", pairs.collect::<String>());
    fixed("1").exits(0).prints("(documents of several units: 1.732)");
    let scored = |text: &str| {
        let found = score(&sandbox, text, &[]);
        (found["topic"].as_f64().unwrap(), found["reason"].as_str() == Some("off-topic"))
    };
    let (topic, off_topic) = scored(&inside);
    assert!(topic > 1.732 && !off_topic, "{topic}");
    let some = |words, at: usize| format!("{} and that is right", &sentences(words, 130)[at]);
    let (topic, off_topic) = scored(&[some(WAR, 125), some(WAR, 126)].join("\n\n"));
    assert!(topic > 1.732 && !off_topic, "{topic}");
    // A document between the two thresholds is off-topic; the same words in one paragraph are one
    // unit, and are not.
    let mixed = |beyonds: usize| -> Vec<String> {
        std::iter::once(some(WAR, 125)).chain((0..beyonds).map(|at| some(GARDEN, 120 + at))).collect()
    };
    let lies_between = |beyonds: &usize| {
        let (topic, off_topic) = scored(&mixed(*beyonds).join("\n\n"));
        topic > 1.0 && topic < 1.732 && off_topic
    };
    let beyonds = (1..8).find(lies_between).expect("a document lies between the thresholds");
    let (topic, off_topic) = scored(&mixed(beyonds).join(" "));
    assert!(topic > 1.0 && topic < 1.732 && !off_topic, "{topic}");
}

/// An article that speaks of its subject in two sentences only.
#[test]
fn a_long_text_is_judged_by_its_best_window_however_it_is_cut() {
    let sandbox = sandbox();
    let some = |words, at: usize| format!("{} and that is right.", &sentences(words, 130)[at]);
    let beyond: Vec<String> = (0..12).map(|at| some(GARDEN, at)).collect();
    let inside = [some(WAR, 125), some(WAR, 126)];
    let article = [&beyond[..5], &inside[..], &beyond[5..]].concat();
    let outside = ["--outside", "outside.csv", "--off-topic-threshold", "1.5"];
    let window = ["--off-topic-window", "20", "--off-topic-window-threshold", "2"];

    // As a whole, the article is off-topic. Its best 20 words are not, wherever they stand.
    train(&sandbox, &outside).exits(0);
    let whole = score(&sandbox, &article.join("\n\n"), &[]);
    assert_eq!(whole["reason"], "off-topic", "{whole}");
    assert_eq!(whole["words"], 224);
    let mut topics = Vec::new();
    for unit in [&[][..], &["--unit", "document"], &["--passage-words", "50"], &["--passage-words", "1000"]] {
        train(&sandbox, &[&outside[..], &window, unit].concat()).exits(0);
        for blanks in ["\n\n", " "] {
            let found = score(&sandbox, &article.join(blanks), &[]);
            assert_eq!((&found["reason"], &found["words"]), (&Value::Null, &224.into()), "{unit:?} {found}");
            assert_eq!(found["probabilities"].as_object().unwrap().len(), 2);
            topics.push(found["topic"].clone());
        }
    }
    assert!(topics.windows(2).all(|pair| pair[0] == pair[1]), "{topics:?}");
    let topic = topics[0].as_f64().unwrap();
    assert!(topic > 2.0 && topic > 1.5 * whole["topic"].as_f64().unwrap(), "{topic}");
    let classifier = standpoint::Classifier::open(sandbox.path("m.safetensors")).unwrap();
    for text in [article.join("\n\n"), article.join(" ")] {
        assert_eq!(classifier.score(&text).topic(), Some(topic));
        // One text leaves nothing to the next.
        assert_eq!(classifier.worker().score_unit(&text).topic(), Some(topic));
    }
    sandbox.write("two.csv", format!("text\n\"{}\"\n\"{}\"\n", article.join(" "), beyond.join(" ")));
    for jobs in ["1", "2"] {
        let args = ["score", "two.csv", "--model", "m.safetensors", "--format", "jsonl", "--jobs", jobs];
        let records = sandbox.run(&args).exits(0).json();
        assert_eq!((&records[0]["topic"], &records[0]["reason"]), (&topics[0], &Value::Null));
        assert_eq!(records[1]["reason"], "off-topic");
    }

    // What it lacks is said. A short text is judged as a whole.
    sandbox.write("beyond.txt", beyond.join("\n\n"));
    let explain = ["explain", "beyond.txt", "--model", "m.safetensors"];
    sandbox
        .run(&explain)
        .exits(0)
        .prints("off-topic: the topic score of the 20 words in a row that are most like")
        .prints("below the threshold of 2.000");
    sandbox.write("short.txt", &beyond[0]);
    let explain = ["explain", "short.txt", "--model", "m.safetensors"];
    sandbox
        .run(&explain)
        .exits(0)
        .prints("off-topic: the topic score of the text is")
        .prints("below the threshold of 1.500");
    let short = score(&sandbox, &inside.join(" "), &[]);
    train(&sandbox, &outside).exits(0);
    assert_eq!(short["topic"], score(&sandbox, &inside.join(" "), &[])["topic"]);
}

#[test]
fn the_threshold_of_windows_comes_from_held_out_documents() {
    let sandbox = sandbox();
    let rows = String::from_utf8(sandbox.read("rows.csv")).unwrap();
    let groups = rows.lines().enumerate().map(|(n, row)| match row.split_once(',') {
        Some((_, rest)) if n > 0 => format!("g{},{rest}\n", n / 4),
        _ => format!("{row}\n"),
    });
    sandbox.write("rows.csv", groups.collect::<String>());
    // Documents of 25 words are two rows or two outside texts.
    let rule = ["--outside", "outside.csv", "--off-topic-window"];
    let mut files = Vec::new();
    for jobs in ["1", "2"] {
        train(&sandbox, &[&rule[..], &["5", "--jobs", jobs]].concat())
            .exits(0)
            .prints("off-topic long  topic of the best 5 words below")
            .prints("documents made of the outside texts, 0.0 % of those made of rows");
        files.push(sandbox.read("m.safetensors"));
    }
    assert!(files[0] == files[1]);
    sandbox
        .run(&["inspect", "m.safetensors"])
        .exits(0)
        .prints("words below")
        .prints("texts of 10 words or more");
    let few = train(&sandbox, &[&rule[..], &["40"]].concat()).exits(0);
    let few = few.says("fewer than 30 documents of 80 words or more").says("--off-topic-window-threshold");
    assert!(!few.stdout.contains("off-topic long"), "{few}");
    let fixed = [&rule[..], &["40", "--off-topic-window-threshold", "-1"]].concat();
    train(&sandbox, &fixed)
        .exits(0)
        .prints("topic of the best 40 words below -1.000, for texts of 80 words or more");

    train(&sandbox, &["--off-topic-window", "5"]).exits(2).says("--outside");
    let no_window = ["--outside", "outside.csv", "--off-topic-window-threshold", "1"];
    train(&sandbox, &no_window).exits(2).says("--off-topic-window");
    train(&sandbox, &[&rule[..], &["20000"]].concat())
        .exits(2)
        .says("--off-topic-window 20000: expected at most 10000");
}

#[test]
fn outside_texts_that_cannot_be_used_are_told() {
    let sandbox = sandbox();
    sandbox.write("few.csv", "text\none\ntwo\n");
    train(&sandbox, &["--outside", "few.csv"]).exits(2).says("--outside has 2 texts; expected at least 50");
    train(&sandbox, &["--outside", "none.csv"]).exits(1).says("none.csv");
    train(&sandbox, &["--outside", "outside.csv", "--folds", "0"]).exits(2).says("give --folds");
    let chars = ["--outside", "outside.csv", "--ngrams", "0-0", "--chars", "2-4"];
    train(&sandbox, &chars).exits(2).says("--outside needs single words");
}

#[test]
fn a_text_that_says_as_much_for_one_label_as_for_the_other_is_of_low_confidence() {
    let sandbox = sandbox();
    train(&sandbox, &["--max-error", "0.01"]).exits(0).prints("low-confidence  p below");
    let inside = &sentences(WAR, 130)[125];
    assert_eq!(score(&sandbox, &format!("{inside} and that is right"), &[])["label"], "for");
    let torn = score(&sandbox, &format!("{inside} and that is right which is folly"), &[]);
    assert_eq!((&torn["label"], &torn["reason"]), (&Value::Null, &"low-confidence".into()), "{torn}");
    train(&sandbox, &["--max-error", "1"]).exits(2).says("--max-error 1: expected a share from 0, below 1");
    train(&sandbox, &["--max-error", "0.1", "--folds", "0"])
        .exits(2)
        .says("--max-error needs cross-validation");
}

#[test]
fn a_text_in_another_language_is_told_and_part_of_one_does_not_count() {
    let sandbox = sandbox();
    train(&sandbox, &[]).exits(0);
    let german = "Die Minister trafen sich am Dienstag in Brüssel und vereinbarten, dass die Gespräche über die Lage \
                  im kommenden Frühjahr weitergehen sollen, sobald alle Seiten ihre Vorschläge vorgelegt haben.";
    let found = score(&sandbox, german, &[]);
    assert_eq!((&found["label"], &found["reason"]), (&Value::Null, &"other-language".into()), "{found}");
    let english: Vec<String> =
        sentences(WAR, 6).into_iter().map(|text| format!("{text} and that is right.")).collect();
    let mixed = score(&sandbox, &format!("{}\n\n{german}", english.join("\n\n")), &["--paragraphs"]);
    assert_eq!((&mixed["label"], &mixed["reason"]), (&"for".into(), &Value::Null), "{mixed}");
    assert_eq!(mixed["paragraphs"][6]["weight"], 0.0);

    train(&sandbox, &["--language", "none"]).exits(0);
    assert_ne!(score(&sandbox, german, &[])["reason"], "other-language");
    train(&sandbox, &["--language", "de"]).exits(0).says("most rows look like a language other than `de`");
    assert_ne!(score(&sandbox, english[0].as_str(), &[])["reason"], "other-language");
}

#[test]
fn passages_and_quotations_are_what_the_model_was_trained_for() {
    let sandbox = sandbox();
    let two =
        "The alliance came before any treaty and that is right.\n\nSo said the first and the last of them.";
    train(&sandbox, &[]).exits(0);
    let paragraphs = |found: Value| found["paragraphs"].as_array().unwrap().len();
    assert_eq!(paragraphs(score(&sandbox, two, &["--paragraphs"])), 2);
    train(&sandbox, &["--passage-words", "50"]).exits(0);
    assert_eq!(paragraphs(score(&sandbox, two, &["--paragraphs"])), 1);

    let said = "The alliance and the treaty came before \"any of this which is folly\" and that is right";
    let plain = "The alliance and the treaty came before and that is right";
    train(&sandbox, &["--quotations", "skip"]).exits(0);
    let (quoted, without) = (score(&sandbox, said, &[]), score(&sandbox, plain, &[]));
    assert_eq!((&quoted["words"], &without["words"]), (&12.into(), &11.into()));
    train(&sandbox, &["--quotations", "score"]).exits(0);
    assert_eq!(score(&sandbox, said, &[])["words"], 17);
}

#[test]
fn loaded_sentences_are_counted_by_a_second_model() {
    let sandbox = sandbox();
    train(&sandbox, &[]).exits(0);
    let none = score(&sandbox, "The alliance came before any treaty.", &[]);
    assert_eq!((&none["loaded"], &none["bias_model"]), (&Value::Null, &Value::Null));

    let row = |n: usize| match n % 2 {
        0 => format!("p{},loaded,the shameful cabal of puppets crawled on day {n}\n", n / 2),
        _ => format!("p{},plain,the committee of ministers met on day {n}\n", n / 2),
    };
    sandbox.write("loaded.csv", format!("pair,label,text\n{}", (0..60).map(row).collect::<String>()));
    let bias = ["train", "loaded.csv", "--group-column", "pair", "--output", "b.safetensors"];
    sandbox.run(&bias).exits(0);
    let second = ["--loaded-model", "b.safetensors", "--paragraphs"];
    sandbox.write("text.txt", "The alliance came.");
    let args = ["score", "text.txt", "--model", "m.safetensors", "--bias-model", "b.safetensors"];
    sandbox.run(&args).exits(4).says("train it with --axis LABEL=1");
    sandbox.run(&[&bias[..], &["--axis", "loaded=1"]].concat()).exits(0);
    let text = "The shameful cabal of puppets crawled again. The committee of ministers met on Monday.\n\n\
                The committee of ministers met on Tuesday. The committee of ministers met with Gen. Smith.";
    let found = score(&sandbox, text, &second);
    assert_eq!(found["loaded"], 0.25, "{found}");
    assert_eq!(
        (&found["paragraphs"][0]["loaded"], &found["paragraphs"][1]["loaded"]),
        (&0.5.into(), &0.0.into())
    );
    assert!(found["bias_model"].as_str().unwrap().starts_with("b@"));
    assert_eq!(score(&sandbox, text, &[])["probabilities"], found["probabilities"]);
}

#[test]
fn thresholds_are_the_same_with_any_number_of_threads() {
    let sandbox = sandbox();
    let more = ["--outside", "outside.csv", "--max-error", "0.1", "--passage-words", "40"];
    let mut files = Vec::new();
    for jobs in ["1", "2"] {
        train(&sandbox, &[&more[..], &["--jobs", jobs]].concat()).exits(0);
        files.push(sandbox.read("m.safetensors"));
    }
    assert!(files[0] == files[1]);
    sandbox
        .run(&["inspect", "m.safetensors"])
        .exits(0)
        .prints("passages     paragraphs are joined until they have 40 words");
    // Rows without groups do not know of passages; they train all the same.
    sandbox.write("rows.csv", labelled_csv(120));
    train(&sandbox, &more).exits(0);
}
