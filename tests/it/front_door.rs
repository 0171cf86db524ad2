//! The library as its users see it: open a model, score, explain, move to another thread.

use serde_json::Value;
use standpoint::classifier::ScoreOptions;
use standpoint::model::{Preparation, SetRule, Unit};
use standpoint::text::{Markup, Record};
use standpoint::train::{TrainParams, train};
use standpoint::{Classifier, Document, Reason, Threads, Verdict, Worker};

use crate::harness::{self, Sandbox};

const TEXT: &str = "Leaders must defend the guarantee today and sign the treaty.\n\n\
                    A costly provocation, critics said, and pointless as well.";

fn document_classifier() -> Classifier {
    let params = TrainParams { unit: Unit::Document, ..harness::params() };
    Classifier::new(train(harness::rows(120), params, &Threads::new(1).unwrap()).unwrap().0).unwrap()
}

#[test]
fn a_model_is_named_after_its_file_and_hash() {
    let sandbox = Sandbox::new();
    let bytes = harness::small_model().to_bytes().unwrap();
    let path = sandbox.write("mine.v2.safetensors", &bytes);
    let classifier = Classifier::open(&path).unwrap();
    let file = classifier.file().unwrap();
    assert_eq!((file.size, file.sha256.len()), (bytes.len(), 64));
    assert_eq!(classifier.id(), format!("mine.v2@{}", &file.sha256[..12]));
    let from_bytes = Classifier::from_bytes(&bytes).unwrap();
    assert_eq!(from_bytes.id(), format!("model@{}", &file.sha256[..12]));
    let made = Classifier::new(harness::small_model()).unwrap();
    assert_eq!((made.id(), made.file()), ("model", None));
    assert_eq!(made.score(TEXT), classifier.score(TEXT));
}

#[test]
fn a_path_that_is_no_model_says_what_it_is() {
    let sandbox = Sandbox::new();
    let says = |path: &std::path::Path, what: &str| {
        let error = Classifier::open(path).unwrap_err().to_string();
        assert!(error.contains(what) && error.contains(path.to_str().unwrap()), "{error}");
    };
    says(&sandbox.path("missing.safetensors"), "cannot read the model");
    says(sandbox.root(), "it is not a regular file; expected a model file");
    says(&sandbox.write("text.safetensors", "no model"), "cannot be used as a model");
}

#[test]
#[cfg(feature = "bundled-models")]
fn the_bundled_classifier_finds_loaded_sentences() {
    let classifier = Classifier::bundled().unwrap();
    assert!(classifier.id().starts_with("stance@"));
    assert!(classifier.loaded_language_id().unwrap().starts_with("loaded@"));
    assert!(classifier.score(TEXT).loaded().is_some());
}

#[test]
fn a_worker_outlives_its_classifier_and_moves_to_another_thread() {
    fn is_shared<T: Send + Sync + 'static>(_: &T) {}
    fn moves<T: Send + 'static>(_: &T) {}
    let classifier = harness::small_classifier();
    let expected = classifier.score(TEXT);
    is_shared(&classifier);
    let mut worker: Worker = classifier.worker();
    moves(&worker);
    drop(classifier);
    let found = std::thread::spawn(move || worker.score_text(TEXT)).join().unwrap();
    assert_eq!(found, expected);
}

#[test]
fn every_way_in_gives_the_same_score_after_a_huge_text() {
    let classifier = document_classifier();
    let huge = TEXT.repeat(5000);
    let mut worker = classifier.worker();
    let expected: Verdict = classifier.score(TEXT);
    for _ in 0..2 {
        worker.score_unit(&huge);
        assert_eq!(worker.score_unit(TEXT), expected);
        assert_eq!(worker.score_text(TEXT), expected);
        assert_eq!(worker.score_document(&Document::new("a", TEXT)), expected);
    }
}

#[test]
fn a_text_and_a_record_are_prepared_as_the_model_asks() {
    let model = |markup, with_title| {
        let mut model = harness::small_model();
        model.preparation = Preparation { markup, with_title, ..model.preparation };
        Classifier::new(model).unwrap()
    };
    let plain = model(Markup::Plain, false);
    let marked_down = model(Markup::Markdown, false);
    let marked = TEXT.replace("guarantee", "**guarantee**");
    assert_eq!(marked_down.score(&marked), plain.score(TEXT));
    assert_eq!(marked_down.explain(&marked, 5), plain.explain(TEXT, 5));
    assert_eq!(marked_down.score_record(&Record::new(marked.as_str())), plain.score(TEXT));

    let titled = model(Markup::Plain, true);
    let title = "The envoy signs the treaty";
    let whole = format!("{title}\n\n{TEXT}");
    assert_eq!(titled.score_record(&Record::new(TEXT).with_title(title)), plain.score(&whole));
    // Where titles are not scored, a paragraph that repeats the title is boilerplate.
    assert_eq!(plain.score_record(&Record::new(&*whole).with_title(title)).paragraphs().len(), 2);
    let columns = Record::from_columns([title, TEXT]);
    assert_eq!(plain.score_record(&columns), plain.score(&whole));
}

#[test]
fn labels_are_names_on_the_surface() {
    let classifier = harness::small_classifier();
    let verdict = classifier.score(TEXT);
    let by_label: Vec<(&str, f64)> = verdict.by_label().collect();
    assert_eq!(by_label.len(), classifier.labels().len());
    assert!(by_label.iter().all(|(label, p)| verdict.probability(label) == Some(*p)));
    assert_eq!(verdict.probability(verdict.top()), Some(verdict.confidence()));
    assert_eq!(verdict.probability("no such label"), None);

    let json: Value = serde_json::to_value(&verdict).unwrap();
    assert_eq!(json["top"], verdict.top());
    assert_eq!(json["probabilities"][verdict.top()], verdict.confidence());
    assert_eq!(json["paragraphs"].as_array().unwrap().len(), verdict.paragraphs().len());
    let short = serde_json::to_value(classifier.score("")).unwrap();
    assert_eq!((&short["label"], &short["reason"]), (&Value::Null, &Reason::TooShort.name().into()));
    assert!(short.get("set").is_none() && short.get("paragraphs").is_none());
}

#[test]
fn the_strongest_terms_speak_for_the_top_label() {
    for classifier in [harness::small_classifier(), document_classifier()] {
        let terms = classifier.explain(TEXT, 4);
        assert_eq!(terms.len(), 4);
        assert!(terms.is_sorted_by(|a, b| a.contribution >= b.contribution));
        assert!(terms.iter().all(|term| term.contribution > 0.0 && !term.spans.is_empty()));
        let all = classifier.explain(TEXT, usize::MAX);
        assert_eq!(all[..4], terms);
        assert_eq!(classifier.explain("", 4), []);
    }
}

#[test]
fn options_change_one_worker_and_not_the_model() {
    let classifier = harness::small_classifier();
    let text = format!("{TEXT}\n\nShare this article");
    let paragraphs = |options| classifier.worker_with(options).score_text(&text).paragraphs().len();
    let keep_boilerplate = ScoreOptions { keep_boilerplate: true, ..ScoreOptions::default() };
    assert_eq!((paragraphs(ScoreOptions::default()), paragraphs(keep_boilerplate)), (2, 3));

    let label_always = ScoreOptions { label_always: true, ..ScoreOptions::default() };
    let verdict = classifier.worker_with(label_always).score_text("");
    assert_eq!((verdict.label(), verdict.reason()), (Some(verdict.top()), None));
    assert_eq!(classifier.score("").reason(), Some(Reason::TooShort));

    let sets = classifier.prediction_sets(0.9, SetRule::Lac).unwrap();
    let options = ScoreOptions { prediction_sets: Some(sets), ..ScoreOptions::default() };
    let mut worker = classifier.worker_with(options);
    assert!(worker.score_text(&text).paragraphs().all(|paragraph| paragraph.prediction_set().is_some()));
    assert!(worker.score_unit(TEXT).prediction_set().is_some());
    assert!(classifier.score(&text).paragraphs().all(|paragraph| paragraph.prediction_set().is_none()));
    assert!(classifier.prediction_sets(1.0, SetRule::Lac).is_err());
    assert_eq!(classifier.model().preparation, Preparation::for_unit(Unit::Paragraph));
}

#[test]
fn parameters_and_a_training_report_are_data() {
    let params = harness::params();
    let read: TrainParams = serde_json::from_value(serde_json::to_value(&params).unwrap()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), serde_json::to_value(&params).unwrap());
    let (model, report) = train(harness::rows(120), read, &Threads::new(1).unwrap()).unwrap();
    let report = serde_json::to_value(&report).unwrap();
    assert_eq!(report["labels"], serde_json::json!(model.labels.names()));
    assert!(report["cross_validation"]["macro_f1"].is_number(), "{report}");
    assert!(report["warnings"].is_array());
}
