//! `standpoint vectors`, as its users run it, and against a plain computation of the same.

use std::collections::BTreeMap;

use crate::harness::{Finished, Sandbox};
use standpoint::vectors::Vectors;

const THEMES: [[&str; 6]; 3] = [
    ["rain", "snow", "wind", "cloud", "storm", "frost"],
    ["tax", "budget", "bank", "price", "wage", "loan"],
    ["goal", "team", "coach", "match", "league", "stadium"],
];
const SHARED: [&str; 6] = ["the", "a", "of", "on", "was", "new"];

/// Paragraphs of words of one theme each with words of all; the same every time.
fn paragraphs(count: usize) -> Vec<String> {
    let mut state = 11u64;
    let mut next = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    };
    (0..count)
        .map(|_| {
            let theme = THEMES[next(3)];
            let words: Vec<&str> =
                (0..25).map(|_| if next(3) == 0 { SHARED[next(6)] } else { theme[next(6)] }).collect();
            words.join(" ")
        })
        .collect()
}

/// A folder of texts of two paragraphs, half of them in a table.
fn archive(sandbox: &Sandbox, count: usize) {
    let mut table = String::from("id,text\n");
    for (number, text) in paragraphs(2 * count).chunks(2).enumerate() {
        match number % 2 {
            0 => _ = sandbox.write(&format!("archive/{number:03}.txt"), text.join("\n\n")),
            _ => table.push_str(&format!("{number},\"{}\"\n", text.join("\n\n"))),
        }
    }
    sandbox.write("archive/table.csv", table);
}

fn vectors(sandbox: &Sandbox, args: &[&str]) -> Finished {
    sandbox.run(&[&["vectors", "archive", "--output", "news.vectors"], args].concat())
}

fn open(sandbox: &Sandbox) -> Vectors {
    Vectors::open(sandbox.path("news.vectors")).unwrap()
}

fn cosine(vectors: &Vectors, a: &str, b: &str) -> f64 {
    let row = |word: &str| vectors.vector(vectors.find(word).unwrap());
    row(a).zip(row(b)).map(|(a, b)| a * b).sum()
}

#[test]
fn words_of_one_theme_point_the_same_way() {
    let sandbox = Sandbox::new();
    archive(&sandbox, 60);
    vectors(&sandbox, &["--dimensions", "8", "--language", "none"])
        .exits(0)
        .says("vectors of 24 words, 8 numbers each, from 60 texts");
    let vectors = open(&sandbox);
    for [first, second, ..] in THEMES {
        for other in THEMES.iter().flatten().filter(|word| ![first, second].contains(word)) {
            let is_theme = THEMES.iter().any(|theme| theme.contains(&first) && theme.contains(other));
            if !is_theme {
                let (near, far) = (cosine(&vectors, first, second), cosine(&vectors, first, other));
                assert!(near > far + 0.5, "{first} {second} {near}, {other} {far}");
            }
        }
    }
    assert_eq!((vectors.archive().texts, vectors.archive().min_count), (60, 20));
}

#[test]
fn the_number_of_threads_and_a_second_run_change_no_byte() {
    let sandbox = Sandbox::new();
    archive(&sandbox, 60);
    let made: Vec<Vec<u8>> = ["1", "2", "3", "1"]
        .iter()
        .map(|jobs| {
            vectors(&sandbox, &["--dimensions", "8", "--jobs", jobs, "--quiet"]).exits(0);
            sandbox.read("news.vectors")
        })
        .collect();
    assert!(made.windows(2).all(|pair| pair[0] == pair[1]));
    // Other texts make another archive.
    sandbox.write("archive/zzz.txt", "The wind was new.");
    vectors(&sandbox, &["--dimensions", "8", "--quiet"]).exits(0);
    assert_ne!(sandbox.read("news.vectors"), made[0]);
}

/// The leading left singular vectors of a matrix times the roots of their singular values, by power
/// iteration.
fn singular_vectors(matrix: &[Vec<f64>], count: usize) -> Vec<Vec<f64>> {
    let size = matrix.len();
    let times = |x: &[f64]| -> Vec<f64> {
        let inner: Vec<f64> =
            (0..size).map(|j| (0..size).map(|i| matrix[i][j] * x[i]).sum::<f64>()).collect();
        (0..size).map(|i| (0..size).map(|j| matrix[i][j] * inner[j]).sum::<f64>()).collect()
    };
    let mut found: Vec<Vec<f64>> = Vec::new();
    for seed in 0..count {
        let mut x: Vec<f64> = (0..size).map(|i| ((i * 37 + seed * 11) % 17) as f64 - 8.0).collect();
        let mut square = 0.0;
        for _ in 0..3000 {
            x = times(&x);
            for other in &found {
                let shared: f64 = x.iter().zip(other).map(|(a, b)| a * b).sum();
                x.iter_mut().zip(other).for_each(|(a, b)| *a -= shared * b);
            }
            square = x.iter().map(|a| a * a).sum::<f64>().sqrt();
            x.iter_mut().for_each(|a| *a /= square);
        }
        found.push(x);
        // The length of the last product is the square of the singular value.
        let root = square.sqrt().sqrt();
        let last = found.last_mut().unwrap();
        last.push(root);
    }
    found.into_iter().map(|x| x[..size].iter().map(|a| a * x[size]).collect()).collect()
}

#[test]
fn the_vectors_are_those_of_a_plain_computation() {
    let sandbox = Sandbox::new();
    archive(&sandbox, 60);
    vectors(&sandbox, &["--dimensions", "4", "--language", "none"]).exits(0);
    let found = open(&sandbox);

    let texts = paragraphs(120);
    let words: Vec<&str> = {
        let mut words: Vec<&str> = texts.iter().flat_map(|text| text.split(' ')).collect();
        words.sort_unstable();
        words.dedup();
        words
    };
    assert!(found.words().eq(words.iter().copied()));
    let number: BTreeMap<&str, usize> = words.iter().enumerate().map(|(at, word)| (*word, at)).collect();
    let size = words.len();
    let mut counts = vec![vec![0.0; size]; size];
    for text in &texts {
        let ids: Vec<usize> = text.split(' ').map(|word| number[word]).collect();
        for (at, &word) in ids.iter().enumerate() {
            for (other, &context) in ids.iter().enumerate().filter(|(other, _)| *other != at) {
                if at.abs_diff(other) <= 5 {
                    counts[word][context] += 1.0 / at.abs_diff(other) as f64;
                }
            }
        }
    }
    let sums: Vec<f64> = counts.iter().map(|row| row.iter().sum()).collect();
    let smoothed: f64 = sums.iter().map(|sum| sum.powf(0.75)).sum();
    let information: Vec<Vec<f64>> = (0..size)
        .map(|i| {
            let one = |j: usize| (counts[i][j] * smoothed / (sums[i] * sums[j].powf(0.75))).ln().max(0.0);
            (0..size).map(one).collect()
        })
        .collect();
    let columns = singular_vectors(&information, 4);
    let mut rows: Vec<Vec<f64>> =
        (0..size).map(|i| columns.iter().map(|column| column[i]).collect()).collect();
    for column in 0..4 {
        let mean = rows.iter().map(|row| row[column]).sum::<f64>() / size as f64;
        rows.iter_mut().for_each(|row| row[column] -= mean);
    }
    for row in &mut rows {
        let length = row.iter().map(|a| a * a).sum::<f64>().sqrt();
        row.iter_mut().for_each(|a| *a /= length);
    }
    // Signs of columns are free, so angles are compared; each number is kept in one byte.
    for (i, a) in words.iter().enumerate() {
        for (j, b) in words.iter().enumerate() {
            let plain: f64 = rows[i].iter().zip(&rows[j]).map(|(a, b)| a * b).sum();
            assert!((cosine(&found, a, b) - plain).abs() < 0.02, "{a} {b}: {} {plain}", cosine(&found, a, b));
        }
    }
    let texts_with =
        |word: &str| texts.chunks(2).filter(|text| text.join(" ").split(' ').any(|w| w == word)).count();
    for word in ["the", "rain", "stadium"] {
        let idf = (61.0 / (1.0 + texts_with(word) as f64)).ln() + 1.0;
        assert!((f64::from(found.idf(found.find(word).unwrap()).unwrap()) - idf).abs() < 1e-6, "{word}");
    }
}

#[test]
fn an_archive_that_is_too_small_or_cannot_be_read_twice_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("archive/a.txt", "");
    vectors(&sandbox, &[]).exits(1).says("0 words that occur at least 20 times").says("--min-count");
    assert_eq!(sandbox.names(), ["archive"]);
    sandbox.write("archive/a.txt", paragraphs(30).join("\n\n"));
    vectors(&sandbox, &[]).exits(1).says("as many as dimensions, 100").says("--dimensions");
    let args = ["vectors", "-", "--output", "news.vectors"];
    sandbox.run_with(&args, paragraphs(30).join(" ").as_bytes()).exits(2).says("read twice");
    sandbox.run(&["vectors", "nothing", "--output", "news.vectors"]).exits(1).says("nothing");
    vectors(&sandbox, &["--dimensions", "0"]).exits(2).says("--dimensions 0: expected at least 1");
    vectors(&sandbox, &["--language", "xx"]).exits(2).says("--language xx");
    assert_eq!(sandbox.names(), ["archive"]);
}

#[test]
fn records_that_cannot_be_read_are_told_and_the_others_count() {
    let sandbox = Sandbox::new();
    archive(&sandbox, 60);
    sandbox.write("archive/broken.txt", b"zero \0 byte");
    vectors(&sandbox, &["--dimensions", "8"]).exits(3).says("broken.txt").says("from 60 texts");
}

#[test]
fn hostile_texts_make_no_vectors_and_no_crash() {
    let sandbox = Sandbox::new();
    archive(&sandbox, 30);
    sandbox.write("archive/long.txt", "x".repeat(300_000));
    sandbox.write("archive/same.txt", "rain ".repeat(60_000));
    sandbox.write("archive/lines.txt", "\n\u{301}\n".repeat(50_000));
    sandbox.write("archive/marks.txt", "\u{201c}".repeat(50_000));
    let args = ["--dimensions", "8", "--max-pairs", "60", "--max-words", "20"];
    vectors(&sandbox, &args).exits(0).says("more word pairs than --max-pairs").says("vectors of 20 words");
    let vectors = open(&sandbox);
    assert!(
        vectors
            .words()
            .flat_map(|word| vectors.find(word))
            .flat_map(|word| vectors.vector(word))
            .all(f64::is_finite)
    );
}

/// Rows about some words of two themes, and an archive that knows more words of both.
fn labelled(sandbox: &Sandbox) {
    archive(sandbox, 60);
    vectors(sandbox, &["--dimensions", "8", "--quiet"]).exits(0);
    let mut rows = String::from("id,label,text\n");
    for number in 0..60 {
        let (label, theme) = [("weather", THEMES[0]), ("money", THEMES[1])][number % 2];
        let words = [theme[number % 3], theme[number / 2 % 3], theme[number / 3 % 3]].join(" and ");
        rows.push_str(&format!("{number},{label},the new {words} of day {number}\n"));
    }
    sandbox.write("rows.csv", rows);
}

fn train(sandbox: &Sandbox, model: &str, args: &[&str]) -> Finished {
    let usual = ["train", "rows.csv", "--output", model, "--folds", "3", "--no-splits", "--min-words", "1"];
    sandbox.run(&[&usual[..], args].concat())
}

#[test]
fn vectors_in_languages_with_rules_of_their_own_fit_their_models() {
    let sandbox = Sandbox::new();
    labelled(&sandbox);
    for language in ["de", "ca", "en"] {
        vectors(&sandbox, &["--language", language, "--dimensions", "8"]).exits(0);
        train(&sandbox, "m.safetensors", &["--vectors", "news.vectors", "--language", language]).exits(0);
    }
}

#[test]
fn a_model_knows_words_that_stand_in_no_row_and_scores_without_the_vectors() {
    let sandbox = Sandbox::new();
    labelled(&sandbox);
    train(&sandbox, "plain.safetensors", &[]).exits(0);
    train(&sandbox, "with.safetensors", &["--vectors", "news.vectors", "--vectors-scale", "0.5"]).exits(0);
    let inspected = sandbox.run(&["inspect", "with.safetensors"]).exits(0);
    inspected.prints("vectors    of 24 words, scale 0.5, sha256\n");
    std::fs::remove_file(sandbox.path("news.vectors")).unwrap();
    // Words that no row has.
    sandbox.write("new.csv", "id,text\n1,cloud and storm and frost\n2,price and wage and loan\n");
    let labels = |model| {
        let args = ["score", "new.csv", "--model", model, "--format", "jsonl", "--no-abstain", "--quiet"];
        let scored = sandbox.run(&args).exits(0);
        scored.json().iter().map(|line| line["top"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(labels("with.safetensors"), ["weather", "money"]);
    let explained = sandbox
        .run_with(&["explain", "-", "--model", "with.safetensors"], b"The new cloud and storm and frost.");
    explained.exits(0).prints("[vectors]");
}

#[test]
fn training_with_vectors_is_the_same_on_any_number_of_threads_and_tries_scales() {
    let sandbox = Sandbox::new();
    labelled(&sandbox);
    let vectors = ["--vectors", "news.vectors", "--quiet"];
    train(&sandbox, "one.safetensors", &[&vectors[..], &["--jobs", "1"]].concat()).exits(0);
    train(&sandbox, "two.safetensors", &[&vectors[..], &["--jobs", "2"]].concat()).exits(0);
    assert_eq!(sandbox.read("one.safetensors"), sandbox.read("two.safetensors"));
    let tuned =
        train(&sandbox, "tuned.safetensors", &["--vectors", "news.vectors", "--tune", "--trials", "4"]);
    tuned.exits(0).prints("vectors:scale=");
    train(&sandbox, "a.safetensors", &["--vectors", "news.vectors", "--learning-curve"]).exits(0);
}

#[test]
fn vectors_that_do_not_fit_are_refused() {
    let sandbox = Sandbox::new();
    labelled(&sandbox);
    train(&sandbox, "a.safetensors", &["--vectors", "news.vectors", "--no-stem"]).exits(2).says("no stems");
    train(&sandbox, "a.safetensors", &["--vectors-scale", "0.5"]).exits(2).says("--vectors");
    train(&sandbox, "a.safetensors", &["--vectors", "news.vectors", "--vectors-scale", "0"])
        .exits(2)
        .says("--vectors-scale 0");
    train(&sandbox, "a.safetensors", &["--vectors", "rows.csv"])
        .exits(4)
        .says("cannot be used as word vectors");
    train(&sandbox, "a.safetensors", &["--vectors", "missing"])
        .exits(4)
        .says("missing: cannot read the vectors");
    train(&sandbox, "a.safetensors", &[]).exits(0);
    train(&sandbox, "b.safetensors", &["--vectors", "a.safetensors"]).exits(4).says("but not word vectors");
    train(&sandbox, "news.vectors", &["--vectors", "news.vectors"])
        .exits(2)
        .says("is an input and would be overwritten");
}

#[test]
fn a_corpus_with_vectors_is_not_saved() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", "label,text\n");
    let args =
        ["train", "rows.csv", "-o", "m.safetensors", "--vectors", "v.vectors", "--save-corpus", "c.corpus"];
    sandbox
        .run(&args)
        .exits(2)
        .says("--save-corpus <FILE>")
        .says("cannot be used with")
        .says("--vectors <FILE>");
}

#[test]
fn the_vectors_in_data_are_those_that_sources_md_names() {
    let vectors = Vectors::open("data/vectors/news.vectors").unwrap();
    let sources = std::fs::read_to_string("data/SOURCES.md").unwrap();
    for stated in [&vectors.digest().unwrap(), &vectors.archive().sha256] {
        assert!(sources.contains(stated.as_str()), "{stated}");
    }
    assert!(sources.contains("100 numbers and an idf for each of 19,377 word stems"));
    assert_eq!((vectors.len(), vectors.dimensions(), vectors.archive().texts), (19_377, 100, 36_274));
    // Words alone, each once.
    assert!(vectors.words().all(|word| !word.contains(char::is_whitespace) && word.len() < 40));
}
