//! The same text has the same score, bit for bit: alone, in any batch, on any number of threads, in
//! any order.

use crate::harness;
use standpoint::classifier::explain::{DocumentExplanation, LabelExplanation, TermContribution};
use standpoint::classifier::{ScoreOptions, Workers};
use standpoint::label::ClassId;
use standpoint::model::Unit;
use standpoint::train::{TrainParams, train};
use standpoint::{Classifier, Span, Threads, Verdict};

/// The bundled loaded-language model.
const LOADED: &[u8] = include_bytes!("../../models/loaded.safetensors");

fn bits(verdict: &Verdict) -> Vec<u64> {
    let own = verdict.probabilities().iter().copied();
    let paragraphs = verdict.paragraphs().flat_map(|p| p.probabilities().iter().copied().chain([p.weight()]));
    own.chain(paragraphs).chain(verdict.slant()).chain(verdict.known()).map(|value| value.to_bits()).collect()
}

fn in_batch(classifier: &Classifier, texts: &[String], jobs: usize) -> Vec<Vec<u64>> {
    let mut found = Vec::new();
    let threads = Threads::new(jobs).unwrap();
    let workers = Workers::new(classifier, ScoreOptions::default(), &threads);
    workers
        .score_in_order(
            texts.iter().map(|text| (text, text.len())),
            |worker, text| worker.score_text(text),
            |verdict| {
                found.push(bits(&verdict));
                Ok::<(), ()>(())
            },
        )
        .unwrap();
    found
}

#[test]
fn alone_in_a_batch_and_on_any_number_of_threads() {
    let classifier = harness::small_classifier();
    let texts = harness::texts(3000);
    let alone: Vec<Vec<u64>> = texts.iter().map(|text| bits(&classifier.score(text))).collect();
    for jobs in [1, 2, 3] {
        assert_eq!(in_batch(&classifier, &texts, jobs), alone, "{jobs} jobs");
    }
    let backwards: Vec<String> = texts.iter().rev().cloned().collect();
    let mut found = in_batch(&classifier, &backwards, 2);
    found.reverse();
    assert_eq!(found, alone, "in the other order");
}

#[test]
fn a_loaded_language_model_changes_no_label_and_no_probability() {
    let plain = harness::small_classifier();
    let loaded = Classifier::bundled().unwrap();
    let both = plain.with_loaded_language_model(&Classifier::from_bytes(LOADED).unwrap()).unwrap();
    let mut texts = harness::texts(200);
    texts.extend(["", " \n", "\u{ad}", "Hello.", "привет, мир"].map(str::to_owned));
    for (with, without) in [
        (&both, both.without_loaded_language_model()),
        (&loaded, loaded.without_loaded_language_model()),
        (&plain, plain.without_loaded_language_model()),
    ] {
        assert_eq!((without.loaded_language_id(), without.id()), (None, with.id()));
        for text in &texts {
            let (one, two) = (with.score(text), without.score(text));
            assert!(
                bits(&one) == bits(&two) && one.label() == two.label() && one.reason() == two.reason(),
                "{text}"
            );
            assert_eq!(two.loaded(), None);
        }
    }
}

#[test]
fn the_largest_terms_are_the_first_of_all_terms() {
    let sandbox = harness::Sandbox::with_model();
    let texts = harness::texts(30);
    let rows = texts.iter().map(|text| format!("{}\n", serde_json::json!({"text": text})));
    sandbox.write("a.jsonl", rows.collect::<String>());
    let classifier = harness::small_classifier();
    let number = |value: &serde_json::Value| value.as_f64().unwrap().to_bits();
    for most in [0usize, 1, 3, 10_000] {
        let args = [
            "score",
            "a.jsonl",
            "--model",
            "model.safetensors",
            "--paragraphs",
            "--explain",
            &most.to_string(),
        ];
        let records = sandbox.run(&args).exits(0).json();
        for (text, record) in texts.iter().zip(&records) {
            let DocumentExplanation::Ranking { labels, paragraphs } =
                classifier.explain_verdict(text, &classifier.score(text))
            else {
                panic!("the model scores paragraphs");
            };
            for (label, terms) in classifier.labels().names().iter().zip(labels) {
                let listed = record["explanation"]["classes"][label]["terms"].as_array().unwrap();
                assert_eq!(listed.len(), terms.len().min(most));
                for (listed, term) in listed.iter().zip(&terms) {
                    let spans: Vec<_> = term.spans.iter().map(|span| (span.start(), span.end())).collect();
                    assert_eq!(listed["term"], term.text);
                    assert_eq!(number(&listed["amount"]), term.contribution.to_bits());
                    assert_eq!(listed["spans"], serde_json::json!(spans));
                }
            }
            assert_eq!(record["paragraphs"].as_array().unwrap().len(), paragraphs.len());
            for (record, sums) in record["paragraphs"].as_array().unwrap().iter().zip(&paragraphs) {
                for sum in sums {
                    let written = &record["explanation"]["classes"][&sum.label];
                    let (listed, rest) = sum.top(most);
                    assert_eq!(written["terms"].as_array().unwrap().len(), listed.len());
                    assert_eq!(number(&written["rest"]), rest.to_bits(), "{written}");
                    assert_eq!(number(&written["margin"]), sum.margin.to_bits());
                }
            }
        }
    }
}

#[test]
fn two_trainings_give_the_same_bytes_on_any_number_of_threads() {
    let bytes = |jobs, seed| {
        let params = TrainParams { seed, ..harness::params() };
        train(harness::rows(150), params, &Threads::new(jobs).unwrap()).unwrap().0.to_bytes().unwrap()
    };
    let first = bytes(1, 1);
    assert!(first == bytes(1, 1), "twice on one thread");
    assert!(first == bytes(2, 1), "on two threads");
    assert!(first == bytes(3, 1), "on three threads");
    assert!(first != bytes(1, 2), "the seed is part of the model");
}

#[test]
fn a_model_read_back_scores_as_the_one_written() {
    let model = harness::small_model();
    let bytes = model.to_bytes().unwrap();
    let before = Classifier::new(model).unwrap();
    let after = Classifier::from_bytes(&bytes).unwrap();
    assert_eq!(after.model().to_bytes().unwrap(), bytes);
    for text in harness::texts(50) {
        assert_eq!(bits(&before.score(&text)), bits(&after.score(&text)));
    }
}

#[test]
fn an_explanation_sums_to_the_margin_and_the_margins_to_the_probabilities() {
    for unit in [Unit::Paragraph, Unit::Document] {
        let params = TrainParams { unit, ..harness::params() };
        let model = train(harness::rows(120), params, &Threads::new(1).unwrap()).unwrap().0;
        let classifier = Classifier::new(model).unwrap();
        let mut worker = classifier.worker();
        for text in harness::texts(40) {
            let verdict = worker.score_text(&text);
            let explanation = classifier.explain_verdict(&text, &verdict);
            let units: Vec<(Vec<f64>, Vec<LabelExplanation>)> = match explanation {
                DocumentExplanation::Sum(labels) => vec![(verdict.probabilities().to_vec(), labels)],
                DocumentExplanation::Ranking { paragraphs, .. } => {
                    let scores = verdict.paragraphs().map(|p| p.probabilities().to_vec());
                    scores.zip(paragraphs).collect()
                }
            };
            for (probabilities, classes) in units {
                let mut margins = Vec::new();
                for class in &classes {
                    let (listed, rest) = class.top(3);
                    let sum =
                        class.intercept + listed.iter().map(|term| term.contribution).sum::<f64>() + rest;
                    assert!((sum - class.margin).abs() < 1e-9, "{sum} and {}", class.margin);
                    margins.push(class.margin);
                }
                classifier.model().calibration.apply(&mut margins);
                assert_eq!(margins, probabilities);
            }
            let of_paragraphs: Vec<f64> = (0..classifier.labels().len())
                .map(|class| verdict.paragraphs().map(|p| p.weight() * p.probabilities()[class]).sum())
                .collect();
            if unit == Unit::Paragraph {
                for (sum, p) in of_paragraphs.iter().zip(verdict.probabilities()) {
                    assert!((sum - p).abs() < 1e-9);
                }
            }
        }
    }
}

#[test]
fn the_sentences_of_an_explanation_sum_to_what_its_terms_do() {
    for unit in [Unit::Paragraph, Unit::Document] {
        let params = TrainParams { unit, ..harness::params() };
        let model = train(harness::rows(120), params, &Threads::new(1).unwrap()).unwrap().0;
        let classifier = Classifier::new(model).unwrap();
        for text in harness::texts(40) {
            let verdict = classifier.score(&text);
            let explanation = classifier.explain_verdict(&text, &verdict);
            for class in 0..classifier.labels().len() {
                let sentences = classifier.explain_sentences(&text, &verdict, ClassId::new(class));
                let sum: f64 = sentences.iter().map(|sentence| sentence.contribution).sum();
                let expected = match &explanation {
                    DocumentExplanation::Sum(labels) => labels[class].margin - labels[class].intercept,
                    DocumentExplanation::Ranking { labels, .. } => {
                        labels[class].iter().map(|term| term.contribution).sum()
                    }
                };
                assert!((sum - expected).abs() < 1e-9, "{sum} and {expected}: {text}");
                assert!(sentences.is_sorted_by(|a, b| a.contribution >= b.contribution));
                let mut spans: Vec<Span> = sentences.iter().map(|sentence| sentence.span()).collect();
                spans.sort_unstable();
                assert!(spans.windows(2).all(|pair| pair[0].end() <= pair[1].start()), "{spans:?}");
            }
        }
    }
}

#[test]
fn a_sentence_has_the_terms_that_stand_in_it_and_its_part_of_shared_ones() {
    let classifier = harness::small_classifier();
    // The soft hyphen is not read, and counts in the places.
    let text = "Leaders must de\u{ad}fend Ukraine. The report was published. Leaders must defend Ukraine.";
    let explained = classifier.explain_unit(text);
    for (class, label) in explained.iter().enumerate() {
        let mut sentences = classifier.explain_unit_sentences(text, ClassId::new(class));
        sentences.sort_by_key(|sentence| sentence.start);
        let shown: Vec<&str> = sentences.iter().map(|sentence| sentence.span().of(text)).collect();
        let written = [
            "Leaders must de\u{ad}fend Ukraine.",
            "The report was published.",
            "Leaders must defend Ukraine.",
        ];
        assert_eq!(shown, written);
        let sum: f64 = sentences.iter().map(|sentence| sentence.contribution).sum();
        assert!((label.intercept + sum - label.margin).abs() < 1e-9);
        for sentence in sentences {
            let part = |term: &TermContribution| {
                let inside = |span: &&Span| (sentence.start..sentence.end).contains(&span.start());
                let share = term.spans.iter().filter(inside).count() as f64 / term.spans.len() as f64;
                share * term.contribution
            };
            let expected: f64 = label.terms.iter().map(part).sum();
            assert!((sentence.contribution - expected).abs() < 1e-9, "{sentence:?} and {expected}");
        }
    }
}

#[test]
fn every_span_of_an_explanation_covers_the_words_of_its_term() {
    let classifier = harness::small_classifier();
    let text = "Leaders MUST defend Ukraine.\n\nNATO’s guarantee — a “guarantee” — was reported on Thursday.";
    let verdict = classifier.score(text);
    let DocumentExplanation::Ranking { labels, .. } = classifier.explain_verdict(text, &verdict) else {
        panic!("a paragraph model ranks");
    };
    let guarantee = labels[1].iter().find(|term| term.text == "guarante").unwrap();
    let covered: Vec<&str> = guarantee.spans.iter().map(|span| span.of(text)).collect();
    assert_eq!(covered, ["guarantee", "guarantee"]);
    for term in labels.iter().flatten() {
        assert!(term.spans.iter().all(|span| !span.of(text).is_empty()), "{term:?}");
    }
}

#[test]
fn texts_that_say_nothing_abstain_with_the_reason() {
    let classifier = harness::small_classifier();
    let reason = |text: &str| classifier.score(text).reason().map(|reason| reason.name());
    assert_eq!(reason(""), Some("too-short"));
    assert_eq!(reason("guarantee deterrence"), Some("too-short"));
    assert_eq!(reason("zzz yyy xxx www vvv uuu"), Some("nothing-known"));
    assert_eq!(reason("leaders must defend the guarantee today"), None);
    let nothing = classifier.score("zzz yyy xxx www vvv uuu");
    assert!(nothing.probabilities().iter().all(|p| p.is_finite()));
    assert_eq!(nothing.known(), Some(0.0));
    assert_eq!(classifier.score("").known(), None);
}

#[test]
fn an_error_ends_the_reading_and_nothing_is_lost_before_it() {
    let classifier = harness::small_classifier();
    for jobs in [1, 3] {
        let (mut read, mut taken) = (0, Vec::new());
        let threads = Threads::new(jobs).unwrap();
        let ended = Workers::new(&classifier, ScoreOptions::default(), &threads).score_in_order(
            (0..9000usize).map(|number| (number, 1)).inspect(|_| read += 1),
            |_, number| number,
            |number| {
                taken.push(number);
                if number == 1500 { Err("enough") } else { Ok(()) }
            },
        );
        assert_eq!(ended, Err("enough"));
        assert!(taken.iter().copied().eq(0..=1500), "{jobs} jobs: {} taken", taken.len());
        assert!(read < 9000, "{jobs} jobs: {read} read");
    }
}
