//! The training text keeps the promises that data/SOURCES.md makes.

use std::collections::{BTreeMap, BTreeSet};

use standpoint::Threads;
use standpoint::tokenizer::TokenizerConfig;
use standpoint::train::{ClassWeight, Hyperparameters, Row as TrainRow, TrainParams, train};

/// One row of `data/stance`.
struct Row {
    id: String,
    article: String,
    genre: String,
    period: String,
    label: String,
    hard: String,
    training_weight: String,
    text: String,
}

/// The columns of a file, and its rows.
fn table(path: &str) -> (String, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let read = |row: csv::Result<csv::StringRecord>| row.unwrap_or_else(|e| panic!("{path}: {e}"));
    let rows = reader.records().map(|row| read(row).iter().map(str::to_owned).collect()).collect();
    (header.join(","), rows)
}

/// File names of `data/stance`, in order.
fn files() -> Vec<String> {
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut files: Vec<String> = std::fs::read_dir("data/stance").unwrap().map(name).collect();
    files.sort();
    files
}

fn stance() -> Vec<Row> {
    let read = |file: String| {
        let (header, rows) = table(&format!("data/stance/{file}"));
        assert_eq!(header, "id,article,genre,period,label,hard,training_weight,text", "{file}");
        rows
    };
    let row = |cells: Vec<String>| {
        let [id, article, genre, period, label, hard, training_weight, text] = cells.try_into().unwrap();
        Row { id, article, genre, period, label, hard, training_weight, text }
    };
    files().into_iter().flat_map(read).map(row).collect()
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Letters and digits in lower case: what is left when spelling of blanks and marks is put aside.
fn bare(text: &str) -> String {
    text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// How often each value occurs.
fn counts<'a>(values: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    counts
}

#[test]
fn there_are_enough_rows_of_each_kind() {
    let rows = stance();
    let labels = counts(rows.iter().map(|row| row.label.as_str()));
    assert_eq!(
        labels.keys().copied().collect::<Vec<_>>(),
        ["nato-skeptical", "neutral-analysis", "pro-guarantee"]
    );
    let share = |label: &str| labels[label] as f64 / rows.len() as f64;
    assert!(rows.len() >= 1800 && (0.45..=0.6).contains(&share("neutral-analysis")), "{labels:?}");
    assert!((share("pro-guarantee") - share("nato-skeptical")).abs() < 0.01, "{labels:?}");
    let distinct = |of: fn(&Row) -> &str| rows.iter().map(of).collect::<BTreeSet<_>>().len();
    assert!(distinct(|row| &row.article) >= 300 && distinct(|row| &row.genre) >= 14);
    let marked = counts(rows.iter().map(|row| row.hard.as_str()));
    assert_eq!(marked.keys().copied().collect::<Vec<_>>(), ["", "yes"]);
    assert!(marked["yes"] >= 400, "{marked:?}");
    for row in &rows {
        let weight = if row.hard == "yes" { "0.5" } else { "1" };
        assert_eq!(row.training_weight, weight, "{}", row.id);
    }
    let periods = counts(rows.iter().map(|row| row.period.as_str()));
    for year in 2008..=2026 {
        assert!(periods.contains_key(year.to_string().as_str()), "nothing is set in {year}");
    }
    assert!(
        periods.keys().all(|period| (2000..=2026).contains(&period.parse::<u32>().unwrap())),
        "{periods:?}"
    );
}

#[test]
fn ids_are_unique_and_an_article_stands_in_one_file() {
    let mut ids = BTreeSet::new();
    let mut genres: BTreeMap<String, String> = BTreeMap::new();
    for row in stance() {
        assert!(ids.insert(row.id.clone()), "{} stands twice", row.id);
        assert!(row.id.starts_with(&format!("{}-", row.article)), "{} is not of {}", row.id, row.article);
        assert_eq!(*genres.entry(row.article).or_insert_with(|| row.genre.clone()), row.genre, "{}", row.id);
    }
    for file in files() {
        for row in table(&format!("data/stance/{file}")).1 {
            assert_eq!(format!("{}.csv", row[2]), file);
        }
    }
    for row in table("data/phrases/phrases.csv").1 {
        assert!(ids.insert(row[0].clone()), "{} stands twice", row[0]);
    }
}

/// What slips into text that was written in many sittings.
fn artefact(text: &str) -> Option<String> {
    let fragments =
        ["  ", " ,", " .  ", ",,", "â€", "Ã©", "\u{fffd}", "lorem ipsum", "TODO", "```", "&amp;", "\\n"];
    if let Some(found) = fragments.iter().find(|fragment| text.contains(**fragment)) {
        return Some(format!("{found:?}"));
    }
    if text.trim() != text || text.chars().any(char::is_control) {
        return Some("stray blanks or control characters".to_owned());
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(' ').collect();
    let twice = |pair: &&[&str]| {
        pair[0] == pair[1] && ["the", "a", "an", "of", "to", "and", "for", "with"].contains(&pair[0])
    };
    words.windows(2).find(twice).map(|pair| format!("\"{} {}\"", pair[0], pair[1]))
}

#[test]
fn texts_are_clean_and_stand_once() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut check = |id: &str, text: &str, least: usize, most: usize| {
        let count = words(text);
        assert!((least..=most).contains(&count), "{id} has {count} words");
        if let Some(found) = artefact(text) {
            panic!("{id} holds {found}");
        }
        if let Some(other) = seen.insert(bare(text), id.to_owned()) {
            panic!("{id} says the same as {other}");
        }
    };
    stance().iter().for_each(|row| check(&row.id, &row.text, 20, 200));
    for (name, columns, least, most) in [
        ("phrases/phrases.csv", "id,label,text", 3, 14),
        ("offtopic/offtopic.csv", "id,subject,genre,text", 20, 200),
        ("loaded/loaded.csv", "id,pair,label,text", 5, 45),
    ] {
        let (header, rows) = table(&format!("data/{name}"));
        assert_eq!(header, columns);
        rows.iter().for_each(|row| check(&row[0], row.last().unwrap(), least, most));
    }
}

/// Sets of five words that follow each other.
fn shingles(text: &str) -> BTreeSet<String> {
    let words: Vec<String> = text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect();
    words.windows(5).map(|window| window.join(" ")).collect()
}

/// So texts that contradict each other by their labels cannot stand in two articles, nor in two
/// folds.
#[test]
fn no_two_paragraphs_are_nearly_the_same_and_no_sample_article_is_trained_on() {
    let rows = stance();
    let mut of_shingle: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let sets: Vec<BTreeSet<String>> = rows.iter().map(|row| shingles(&row.text)).collect();
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
        assert!((count as f64) < 0.2 * union as f64, "{} and {} are nearly the same", rows[a].id, rows[b].id);
    }
    let mut articles = 0;
    for entry in std::fs::read_dir("data/articles").unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let of_article = shingles(&text);
        let trained = of_article.iter().filter(|shingle| of_shingle.contains_key(*shingle)).count();
        // Half a million words have many a run of five by chance; runs of nine are sentences.
        assert!(trained * 25 < of_article.len(), "{trained} of {} five-word runs", of_article.len());
        let all: Vec<String> = text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect();
        let sentence =
            all.windows(9).find(|run| run.windows(5).all(|five| of_shingle.contains_key(&five.join(" "))));
        assert!(sentence.is_none(), "{sentence:?}");
        articles += 1;
    }
    assert_eq!(articles, 9);
}

/// Genres that take a side, or take none, by their nature.
const ONE_SIDED: [&str; 2] = ["wire-report", "polemic"];

#[test]
fn genres_hold_every_label() {
    let rows = stance();
    let genres = counts(rows.iter().map(|row| row.genre.as_str()));
    let one_sided: usize = ONE_SIDED.iter().map(|genre| genres[genre]).sum();
    assert!(3 * one_sided <= rows.len(), "{one_sided} of {} rows are of one-sided genres", rows.len());
    for (genre, all) in genres.into_iter().filter(|(genre, _)| !ONE_SIDED.contains(genre)) {
        let labels = counts(rows.iter().filter(|row| row.genre == genre).map(|row| row.label.as_str()));
        let least = labels.values().min().unwrap();
        assert!(labels.len() == 3 && 10 * least >= all, "{genre}: {labels:?}");
    }
}

#[test]
fn genre_and_length_do_not_give_the_label_away() {
    let row = |row: Row| TrainRow {
        group: Some(row.article),
        // Lengths in steps of a quarter: 20, 25, 31 ... words.
        ..TrainRow::new(
            row.label,
            format!(
                "genre{} length{}",
                row.genre.replace('-', ""),
                ((words(&row.text) as f64).ln() / 0.22) as u32
            ),
        )
    };
    let tokenizer_config =
        TokenizerConfig { language: None, stem: false, words: Some((1, 2)), ..TokenizerConfig::default() };
    for class_weight in [ClassWeight::None, ClassWeight::Balanced] {
        let params = TrainParams {
            settings: Hyperparameters {
                tokenizer_config: tokenizer_config.clone(),
                class_weight,
                ..Hyperparameters::default()
            },
            ..TrainParams::default()
        };
        let rows: Vec<_> = stance().into_iter().map(row).collect();
        let report = train(rows, params, &Threads::new(2).unwrap()).unwrap().1;
        let found = report.cross_validation.unwrap().macro_f1().unwrap();
        assert!(found <= 0.45, "{class_weight:?}: macro-F1 {found:.3} from genre and length alone");
    }
}

#[test]
fn loaded_sentences_stand_in_pairs() {
    let mut pairs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in table("data/loaded/loaded.csv").1 {
        pairs.entry(row[1].clone()).or_default().push(row[2].clone());
    }
    assert!(pairs.len() >= 600);
    for (pair, mut labels) in pairs {
        labels.sort();
        // Some have a second plain sentence: as in print, plain ones are more.
        assert!(labels == ["loaded", "plain"] || labels == ["loaded", "plain", "plain"], "{pair}");
    }
    assert!(table("data/offtopic/offtopic.csv").1.len() >= 300);
    assert!(table("data/phrases/phrases.csv").1.len() >= 900);
}

#[test]
fn sources_counts_what_is_there() {
    let sources = std::fs::read_to_string("data/SOURCES.md").unwrap();
    let rows = stance();
    let line = |of: &str, rows: &[&Row]| {
        let count = |label: &str| rows.iter().filter(|row| row.label == label).count();
        format!(
            "{of} {} | {} | {} | {} | {} | {} |",
            rows.iter().map(|row| &row.article).collect::<BTreeSet<_>>().len(),
            rows.len(),
            count("pro-guarantee"),
            count("nato-skeptical"),
            count("neutral-analysis"),
            rows.iter().filter(|row| row.hard == "yes").count()
        )
    };
    let mut expected = vec![line("| **all of `stance/`** | |", &rows.iter().collect::<Vec<_>>())];
    for file in files() {
        let of_file: Vec<&Row> = rows.iter().filter(|row| format!("{}.csv", row.genre) == file).collect();
        let begins = format!("| `stance/{file}` |");
        let about = sources
            .lines()
            .find_map(|line| line.strip_prefix(&begins))
            .and_then(|line| line.split('|').next());
        expected.push(line(&format!("{begins}{}|", about.unwrap_or(" ? ")), &of_file));
    }
    for name in ["phrases/phrases.csv", "offtopic/offtopic.csv", "loaded/loaded.csv"] {
        let count = table(&format!("data/{name}")).1.len();
        let found = sources.lines().any(|line| {
            line.starts_with(&format!("| `{name}`"))
                && line.split('|').any(|cell| cell.trim() == count.to_string())
        });
        assert!(found, "data/SOURCES.md does not say that {name} has {count} rows");
    }
    let lacking: Vec<String> =
        expected.into_iter().filter(|line| !sources.lines().any(|l| l == line)).collect();
    assert!(lacking.is_empty(), "data/SOURCES.md lacks\n{}", lacking.join("\n"));
}

/// Offers, captions and the like are told by phrases; none may cost a row of the training text.
#[test]
fn no_row_is_taken_for_a_promotion_or_a_caption() {
    const RULES: [&str; 6] = ["log-in", "cookies", "caption", "promotion", "rights", "notice"];
    let mut files: Vec<String> = files().into_iter().map(|file| format!("data/stance/{file}")).collect();
    files.extend(
        ["loaded/loaded", "offtopic/offtopic", "phrases/phrases"].map(|file| format!("data/{file}.csv")),
    );
    let mut rows = 0;
    for file in files {
        let (header, table) = table(&file);
        let text = header.split(',').position(|name| name == "text").unwrap();
        for row in &table {
            let all = standpoint::text::paragraph::paragraphs(&row[text]);
            for (paragraph, rule) in
                all.iter().zip(standpoint::text::boilerplate::rules(&row[text], &all, None))
            {
                let name = rule.map_or("", standpoint::text::boilerplate::Rule::name);
                assert!(!RULES.contains(&name), "{file}: {name}: {}", paragraph.span.of(&row[text]));
            }
            rows += 1;
        }
    }
    assert!(rows > 3000, "{rows}");
}
