//! Scores the same text through every way in: a file, a row of each kind of table, memory, and the
//! archive of the page.

use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::json;
use standpoint::labeling::{Archive, Opening, Workspace};
use standpoint::model::{Markup, Preparation};
use standpoint::progress::Silent;
use standpoint::read::{Input, InputOptions, Inputs};
use standpoint::text::Record;
use standpoint::{Classifier, Document, Model, Threads};

use crate::harness::{self, Sandbox};

const WORDS: [&str; 10] = [
    "guarantee",
    "deterrence",
    "escalation",
    "neutrality",
    "reported",
    "according",
    "nato",
    "the",
    "Ünknown",
    "“said”",
];

/// The columns of one record as paragraphs, and perhaps a title.
type Content = (Vec<Vec<String>>, Option<String>);

fn sentence(words: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(&WORDS[..]), words).prop_map(|words| words.join(" "))
}

fn content(columns: usize) -> impl Strategy<Value = Content> {
    let paragraph = sentence(6..20).prop_map(|sentence| format!("{sentence}."));
    let column = proptest::collection::vec(paragraph, 1..4);
    let columns = proptest::collection::vec(column, columns);
    // A title that a paragraph repeats makes that paragraph boilerplate.
    (columns, proptest::option::of(sentence(3..7)), any::<bool>()).prop_map(
        |(mut columns, title, repeats)| {
            if let (Some(title), true) = (&title, repeats) {
                columns[0].insert(0, title.clone());
            }
            (columns, title)
        },
    )
}

fn written(markup: Markup, paragraphs: &[String]) -> String {
    match markup {
        Markup::Plain => paragraphs.join("\n\n"),
        Markup::Html => {
            let paragraphs: String = paragraphs.iter().map(|text| format!("<p>{text}</p>\n")).collect();
            format!("<html><body><article>{paragraphs}</article></body></html>")
        }
        Markup::Markdown => {
            paragraphs.iter().map(|text| format!("*{text}*")).collect::<Vec<_>>().join("\n\n")
        }
    }
}

/// The file that holds this title and column, where its format has a place for them.
fn file(markup: Markup, column: &str, title: Option<&str>) -> Option<(&'static str, String)> {
    match (markup, title) {
        (Markup::Plain, None) => Some(("a.txt", column.to_owned())),
        (Markup::Plain, Some(_)) => None,
        (Markup::Html, Some(title)) => Some((
            "a.html",
            column.replacen("<body>", &format!("<head><title>{title}</title></head><body>"), 1),
        )),
        (Markup::Html, None) => Some(("a.html", column.to_owned())),
        (Markup::Markdown, Some(title)) => Some(("a.md", format!("---\ntitle: {title}\n---\n{column}"))),
        (Markup::Markdown, None) => Some(("a.md", column.to_owned())),
    }
}

/// One record as each kind of table. None has a title apart from its columns.
fn tables(names: &[String], columns: &[String]) -> Vec<(&'static str, Vec<u8>)> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(names).unwrap();
    csv.write_record(columns).unwrap();
    let object: serde_json::Map<_, _> =
        names.iter().zip(columns).map(|(name, column)| (name.clone(), json!(column))).collect();
    let mut tables =
        vec![("a.csv", csv.into_inner().unwrap()), ("a.jsonl", serde_json::to_vec(&object).unwrap())];
    #[cfg(feature = "parquet")]
    {
        let cells: Vec<[&str; 1]> = columns.iter().map(|column| [column.as_str()]).collect();
        let columns: Vec<(&str, &[&str])> =
            names.iter().zip(&cells).map(|(name, cell)| (name.as_str(), &cell[..])).collect();
        tables.push(("a.parquet", harness::parquet(&columns)));
    }
    tables
}

/// Every number of the answer, as exact as its bits.
fn answer(classifier: &Classifier, document: &Document) -> String {
    format!("{:?}", classifier.worker().score_document(document))
}

fn read(input: Input, preparation: &Preparation) -> Document {
    let options = InputOptions { preparation: preparation.clone(), ..InputOptions::default() };
    let records: Vec<_> = Inputs::new([input], options.clone()).collect::<Result<_, _>>().unwrap();
    let [record] = records.try_into().unwrap_or_else(|_| panic!("one record"));
    record.document(&options).unwrap()
}

/// Checks what the page says of an archive of one text: the answer of `score`, in the precision in
/// which the page keeps it.
fn check_archive(classifier: &Classifier, path: PathBuf, document: &Document) -> Result<(), TestCaseError> {
    let verdict = classifier.worker().score_document(document);
    let work = tempfile::tempdir().unwrap();
    let opening = Opening {
        work: work.path().join("work"),
        inputs: vec![path.clone()],
        options: Archive::options(classifier.model()),
        start: classifier.clone(),
        is_start_chosen: false,
        loaded_language: None,
        corpus: None,
        coder: None,
        second: None,
        trains_by_itself: false,
        threads: Threads::new(1).unwrap(),
    };
    let workspace = Workspace::open(opening).unwrap();
    workspace.read(&Silent).unwrap();
    workspace.score_now(&Silent).unwrap();
    let current = workspace.current();
    let view = current.scores.view();
    let found = view.text(0).unwrap();
    let probabilities: Vec<f32> = verdict.probabilities().iter().map(|&p| p as f32).collect();
    let top = classifier.labels().get(verdict.top()).unwrap();
    let expected = (top, verdict.reason(), verdict.slant().map(|slant| slant as f32));
    prop_assert_eq!((found.top, found.reason, found.slant), expected, "the page about {}", path.display());
    prop_assert_eq!(found.probabilities, probabilities, "the page about {}", path.display());
    Ok(())
}

fn check(classifier: &Classifier, (columns, title): Content) -> Result<(), TestCaseError> {
    let markup = classifier.model().preparation.markup;
    let columns = columns.iter().map(|paragraphs| written(markup, paragraphs)).collect();
    check_columns(classifier, columns, title)
}

/// Checks a record of columns as they are written in files.
fn check_columns(
    classifier: &Classifier,
    columns: Vec<String>,
    title: Option<String>,
) -> Result<(), TestCaseError> {
    let preparation = &classifier.model().preparation;
    let record = Record::from_columns(columns.clone());
    let record = title.iter().fold(record, |record, title| record.with_title(title));
    let prepared = preparation.prepare_record(&record);
    let (text, own_title, extraction) = (prepared.text, prepared.title, prepared.extraction);
    let document =
        Document { text: text.clone(), title: own_title.clone(), extraction, ..Document::default() };
    let expected = answer(classifier, &document);

    let found = format!("{:?}", classifier.score_record(&record));
    prop_assert_eq!(&found, &expected, "Classifier::score_record");
    let (verdict, explanation) = classifier.explain_record(&record);
    prop_assert_eq!(format!("{verdict:?}"), expected.clone(), "Classifier::explain_record");
    prop_assert_eq!(explanation, classifier.explain_verdict(&text, &verdict), "Classifier::explain_record");
    if let ([column], None) = (columns.as_slice(), &title) {
        let found = format!("{:?}", classifier.score(column));
        prop_assert_eq!(&found, &expected, "Classifier::score");
        let found = format!("{:?}", classifier.worker().score_text(column));
        prop_assert_eq!(&found, &expected, "Worker::score_text");
    }
    let mut inputs: Vec<(&str, Vec<u8>)> = Vec::new();
    if title.is_none() {
        inputs = tables(&preparation.text_columns, &columns);
    }
    if let [column] = columns.as_slice() {
        let file = file(preparation.markup, column, title.as_deref());
        inputs.extend(file.map(|(name, content)| (name, content.into_bytes())));
    }
    let sandbox = Sandbox::new();
    if let Some(title) = &title {
        // A column called `title` is no part of a record: no door may take it for its title.
        let names = [&preparation.text_columns[..], &["title".to_owned()]].concat();
        for (name, bytes) in tables(&names, &[&columns[..], std::slice::from_ref(title)].concat()) {
            let path = sandbox.write(&format!("titled-{name}"), &bytes);
            let document = read(Input::from_path(path.clone()), preparation);
            check_archive(classifier, path, &document)?;
        }
    }
    for (name, bytes) in inputs {
        let path = sandbox.write(name, &bytes);
        let upload = Input::from_bytes(name, bytes.clone());
        let [of_file, of_bytes] =
            [classifier.score_files([&path]).unwrap(), classifier.score_inputs([upload])];
        for (door, mut scored) in [("score_files", of_file), ("score_inputs", of_bytes)] {
            let found = format!("{:?}", scored.next().unwrap().unwrap().verdict);
            prop_assert_eq!(&found, &expected, "{} by {}", name, door);
        }
        check_archive(classifier, path.clone(), &read(Input::from_path(path.clone()), preparation))?;
        for (door, input) in [
            ("path", Input::from_path(path)),
            ("reader", Input::from_reader(name, std::io::Cursor::new(bytes.clone()))),
            ("bytes", Input::from_bytes(name, bytes)),
        ] {
            let document = read(input, preparation);
            prop_assert_eq!(&document.text, &text, "the text of {} as {}", name, door);
            prop_assert_eq!(document.extraction, extraction, "the extraction of {} as {}", name, door);
            prop_assert_eq!(&answer(classifier, &document), &expected, "{} as {}", name, door);
        }
    }
    Ok(())
}

#[test]
fn the_same_answer_comes_through_every_door() {
    let model = harness::small_model().to_bytes().unwrap();
    for markup in [Markup::Plain, Markup::Html, Markup::Markdown] {
        if markup == Markup::Html && !cfg!(feature = "html") {
            continue;
        }
        for (with_title, columns) in [(false, 1), (false, 2), (true, 1), (true, 2)] {
            let preparation = Preparation {
                drop_boilerplate: true,
                markup,
                with_title,
                ..Preparation::from_columns(["head", "body"].into_iter().take(columns))
            };
            let classifier =
                Classifier::new(Model { preparation, ..Model::from_bytes(&model).unwrap() }).unwrap();
            let config = ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
            proptest!(config, |(content in content(columns))| check(&classifier, content)?);
        }
    }
}

/// Pages of which an article is not simply there: a list, data for machines, a boilerplate line,
/// nothing.
#[test]
#[cfg(feature = "html")]
fn pages_give_the_same_text_way_and_reason_through_every_door() {
    let sentence = "Deterrence and the guarantee, according to nato, are reported without neutrality.";
    let pages = [
        (
            format!(
                "<html><body><article><ul>{}</ul></article></body></html>",
                format!("<li>{sentence}</li>").repeat(8)
            ),
            "article container",
        ),
        (
            format!(
                "<html><body><script type=\"application/ld+json\">{}</script></body></html>",
                json!({"articleBody": format!("{sentence}\n\n{sentence}")})
            ),
            "structured-data",
        ),
        ("<html><body><p>All rights reserved.</p></body></html>".to_owned(), "nothing"),
        ("<html><body><div id=\"root\"></div></body></html>".to_owned(), "nothing"),
    ];
    let model = harness::small_model().to_bytes().unwrap();
    let preparation =
        Preparation { markup: Markup::Html, drop_boilerplate: true, ..Preparation::from_columns(["body"]) };
    let classifier = Classifier::new(Model { preparation, ..Model::from_bytes(&model).unwrap() }).unwrap();
    for (page, way) in pages {
        let verdict = classifier.score(&page);
        assert_eq!(
            verdict.reason().map(|reason| reason.name()) == Some("nothing-extracted"),
            way == "nothing",
            "{page}"
        );
        let prepared = classifier.model().preparation.prepare(&[page.as_str()], None);
        assert!(
            way.split(' ').any(|way| prepared.extraction.is_some_and(|found| found.name() == way)),
            "{page}"
        );
        check_columns(&classifier, vec![page], None).unwrap();
    }
    let one = "<p>Nothing but words.</p>";
    let both = classifier.model().preparation.prepare(&["<p>All rights reserved.</p>", one], None);
    assert!(both.extraction.is_some_and(|found| found.name() != "nothing"), "one column of two has a text");
    assert_eq!(classifier.model().preparation.prepare(&[" "], None).extraction, None, "blank is no page");
}
