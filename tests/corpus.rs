//! The training text keeps the promises that data/SOURCES.md makes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// One row: id, article, genre, label, text.
type Row = [String; 5];

fn files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir("data/stance").unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn stance() -> Vec<Row> {
    let mut rows = Vec::new();
    for file in files() {
        let mut reader = csv::Reader::from_path(&file).unwrap();
        assert_eq!(
            reader.headers().unwrap(),
            vec!["id", "article", "genre", "label", "text"],
            "{}",
            file.display()
        );
        for record in reader.records() {
            let record = record.unwrap_or_else(|e| panic!("{}: {e}", file.display()));
            rows.push(std::array::from_fn(|column| record[column].to_owned()));
        }
    }
    rows
}

fn phrases() -> Vec<[String; 3]> {
    let mut reader = csv::Reader::from_path("data/phrases/phrases.csv").unwrap();
    assert_eq!(reader.headers().unwrap(), vec!["id", "label", "text"]);
    reader
        .records()
        .map(|record| record.unwrap())
        .map(|r| std::array::from_fn(|column| r[column].to_owned()))
        .collect()
}

/// Letters and digits in lower case: what is left when spelling of blanks and marks is put aside.
fn bare(text: &str) -> String {
    text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn there_are_enough_rows_articles_and_genres() {
    let rows = stance();
    let mut by_label: BTreeMap<&str, usize> = BTreeMap::new();
    rows.iter().for_each(|row| *by_label.entry(&row[3]).or_default() += 1);
    assert_eq!(
        by_label.keys().copied().collect::<Vec<_>>(),
        ["nato-skeptical", "neutral-analysis", "pro-guarantee"]
    );
    assert!(rows.len() >= 240 && by_label.values().all(|&count| count >= 80), "{by_label:?}");
    assert!(rows.iter().map(|row| &row[1]).collect::<BTreeSet<_>>().len() >= 60);
    assert!(rows.iter().map(|row| &row[2]).collect::<BTreeSet<_>>().len() >= 8);
}

#[test]
fn ids_are_unique_and_an_article_has_one_genre() {
    let rows = stance();
    let mut genres: BTreeMap<&str, &str> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    for [id, article, genre, ..] in &rows {
        assert!(ids.insert(id.clone()), "{id} stands twice");
        assert!(id.starts_with(&format!("{article}-")), "{id} is not of {article}");
        assert_eq!(genres.insert(article, genre).unwrap_or(genre), genre, "{article}");
    }
    for [id, ..] in phrases() {
        assert!(ids.insert(id.clone()), "{id} stands twice");
    }
}

#[test]
fn each_genre_has_a_file_of_its_name() {
    for file in files() {
        let name = file.file_stem().unwrap().to_str().unwrap();
        for record in csv::Reader::from_path(&file).unwrap().records() {
            assert_eq!(&record.unwrap()[2], name);
        }
    }
}

#[test]
fn texts_are_clean_and_stand_once() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let paragraphs = stance().into_iter().map(|[id, _, _, _, text]| (id, text, 20, 200));
    let phrases = phrases().into_iter().map(|[id, _, text]| (id, text, 3, 14));
    for (id, text, least, most) in paragraphs.chain(phrases) {
        let words = text.split_whitespace().count();
        assert!((least..=most).contains(&words), "{id} has {words} words");
        assert!(!text.chars().any(|c| c.is_control() || c == '\u{fffd}'), "{id}");
        assert!(!text.contains("  ") && text.trim() == text, "{id} has stray blanks");
        if let Some(other) = seen.insert(bare(&text), id.clone()) {
            panic!("{id} says the same as {other}");
        }
    }
}

/// Sets of five words that follow each other.
fn shingles(text: &str) -> BTreeSet<String> {
    let words: Vec<String> = text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect();
    words.windows(5).map(|window| window.join(" ")).collect()
}

#[test]
fn no_two_paragraphs_are_nearly_the_same_and_no_sample_article_is_trained_on() {
    let rows = stance();
    let mut of_shingle: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let sets: Vec<BTreeSet<String>> = rows.iter().map(|row| shingles(&row[4])).collect();
    for (number, set) in sets.iter().enumerate() {
        set.iter().for_each(|shingle| of_shingle.entry(shingle.clone()).or_default().push(number));
    }
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for holders in of_shingle.values() {
        for (at, &a) in holders.iter().enumerate() {
            holders[at + 1..].iter().for_each(|&b| *shared.entry((a, b)).or_default() += 1);
        }
    }
    for ((a, b), count) in shared {
        let union = sets[a].len() + sets[b].len() - count;
        assert!((count as f64) < 0.2 * union as f64, "{} and {} are nearly the same", rows[a][0], rows[b][0]);
    }
    let mut articles = 0;
    for entry in std::fs::read_dir("data/articles").unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let of_article = shingles(&text);
        let trained = of_article.iter().filter(|shingle| of_shingle.contains_key(*shingle)).count();
        assert!(
            trained * 50 < of_article.len(),
            "{trained} of {} five-word runs are in data/stance",
            of_article.len()
        );
        articles += 1;
    }
    assert_eq!(articles, 9);
}

#[test]
fn sources_counts_what_is_there() {
    let sources = std::fs::read_to_string("data/SOURCES.md").unwrap();
    let rows = stance();
    let count = |label: &str| rows.iter().filter(|row| row[3] == label).count();
    let articles = rows.iter().map(|row| &row[1]).collect::<BTreeSet<_>>().len();
    let line = format!(
        "| **all of `stance/`** | | {articles} | {} | {} | {} | {} |",
        rows.len(),
        count("pro-guarantee"),
        count("nato-skeptical"),
        count("neutral-analysis")
    );
    assert!(sources.contains(&line), "data/SOURCES.md lacks the line\n{line}");
    for file in files() {
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(sources.contains(&format!("`stance/{name}`")), "{name} is not in data/SOURCES.md");
    }
}

/// The columns of a file, and its rows by column.
fn table(path: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    (header, rows)
}

#[test]
fn what_no_model_uses_yet_is_clean_and_counted_too() {
    let sources = std::fs::read_to_string("data/SOURCES.md").unwrap();
    let mut seen: BTreeMap<String, String> =
        stance().into_iter().map(|[id, _, _, _, text]| (bare(&text), id)).collect();
    for (name, columns, least, most) in [
        ("offtopic/offtopic.csv", "id,subject,genre,text", 25, 180),
        ("loaded/loaded.csv", "id,pair,label,text", 5, 45),
        ("candidates/dry-genres.csv", "id,article,genre,period,label,hard,text", 20, 200),
    ] {
        let (header, rows) = table(&format!("data/{name}"));
        assert_eq!(header.join(","), columns);
        let line = sources.lines().find(|line| line.starts_with(&format!("| `{name}`"))).unwrap();
        assert!(line.ends_with(&format!("| {} |", rows.len())), "{name} has {} rows: {line}", rows.len());
        for row in &rows {
            let (id, text) = (&row[0], row.last().unwrap());
            let words = text.split_whitespace().count();
            assert!((least..=most).contains(&words), "{id} has {words} words");
            assert!(!text.chars().any(|c| c.is_control() || c == '\u{fffd}'), "{id}");
            assert!(!text.contains("  ") && text.trim() == text, "{id} has stray blanks");
            if let Some(other) = seen.insert(bare(text), id.clone()) {
                panic!("{id} says the same as {other}");
            }
        }
    }
    let mut pairs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in table("data/loaded/loaded.csv").1 {
        pairs.entry(row[1].clone()).or_default().push(row[2].clone());
    }
    for (pair, mut labels) in pairs {
        labels.sort();
        assert_eq!(labels, ["loaded", "plain"], "{pair}");
    }
}
