//! Any bytes, read as a model, by themselves or in place of a part of a sound one.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use standpoint::{Classifier, Model, Verdict};
use standpoint_fuzz::guarded;

/// Of format 1.
const OLD: &[u8] = include_bytes!("../../tests/golden/model.safetensors");
const TEXT: &str =
    "The alliance gave guarantees on paper, and NATO sent troops to Ukraine.\n\nKyiv asked who would pay.";

fuzz_target!(|bytes: &[u8]| guarded(|| run(bytes)));

/// The first byte tells what the others take the place of.
fn run(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let sound = if *kind < 128 { OLD } else { new() };
    let (header, rest) = parts(sound);
    match kind % 5 {
        0 => check(bytes),
        1 => check(&edited(sound, bytes)),
        2 => check(&joined(&edited(header, bytes), rest)),
        3 => check(&joined(header, &edited(rest, bytes))),
        _ => check(&joined(&with_description(header, bytes), rest)),
    }
}

/// The same model as it is written now.
fn new() -> &'static [u8] {
    static NEW: OnceLock<Vec<u8>> = OnceLock::new();
    NEW.get_or_init(|| Model::from_bytes(OLD).and_then(|model| model.to_bytes()).expect("a sound model"))
}

/// The safetensors header and what follows it.
fn parts(sound: &[u8]) -> (&[u8], &[u8]) {
    let (length, rest) = sound.split_first_chunk::<8>().expect("a length");
    rest.split_at(u64::from_le_bytes(*length) as usize)
}

fn joined(header: &[u8], rest: &[u8]) -> Vec<u8> {
    let mut header = header.to_vec();
    header.resize(header.len().next_multiple_of(8), b' ');
    [&(header.len() as u64).to_le_bytes()[..], &header, rest].concat()
}

/// Our own description inside the header, edited.
fn with_description(header: &[u8], edits: &[u8]) -> Vec<u8> {
    let mut header: Value = serde_json::from_slice(header).expect("the header is JSON");
    let description = &mut header["__metadata__"]["standpoint"];
    let bytes = edited(description.as_str().expect("a string").as_bytes(), edits);
    *description = String::from_utf8_lossy(&bytes).into_owned().into();
    header.to_string().into_bytes()
}

/// Makes edits one after the other: two bytes tell the place, one how many bytes are taken out
/// there, one how many of the following are put in.
fn edited(original: &[u8], mut edits: &[u8]) -> Vec<u8> {
    let mut bytes = original.to_vec();
    while let Some(([low, high, out, in_], rest)) = edits.split_first_chunk::<4>() {
        let start = usize::from(u16::from_le_bytes([*low, *high])) % (bytes.len() + 1);
        let end = (start + usize::from(*out)).min(bytes.len());
        let (put_in, rest) = rest.split_at(usize::from(*in_).min(rest.len()));
        bytes.splice(start..end, put_in.iter().copied());
        edits = rest;
    }
    bytes
}

/// What is accepted as a model scores like one, and is the same when it is written and read once
/// more.
fn check(bytes: &[u8]) {
    let Ok(classifier) = Classifier::from_bytes(bytes) else { return };
    let written = classifier.model().to_bytes().expect("what was read can be written");
    let again = Model::from_bytes(&written).expect("what was written can be read");
    assert!(again.to_bytes().expect("it can be written again") == written, "it is written in two ways");

    let terms: Vec<String> = classifier.model().featurizer.vocabulary().iter().take(50).collect();
    let mut worker = classifier.worker();
    for text in ["", TEXT, &terms.join(" "), &terms.join("\n\n")] {
        let verdict = worker.score_text(text);
        check_verdict(&classifier, &verdict);
        check_verdict(&classifier, &worker.score_unit(text));
        classifier.explain_verdict(text, &verdict);
    }
}

fn check_verdict(classifier: &Classifier, verdict: &Verdict) {
    let sums_to_one = |probabilities: &[f64]| {
        assert_eq!(probabilities.len(), classifier.labels().len());
        assert!(probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "{probabilities:?}");
        assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{probabilities:?}");
    };
    sums_to_one(verdict.probabilities());
    verdict.paragraphs().for_each(|paragraph| sums_to_one(paragraph.probabilities()));
    assert!(verdict.slant().is_none_or(|slant| (-1.0..=1.0).contains(&slant)), "{:?}", verdict.slant());
    assert!(verdict.known().is_none_or(|known| (0.0..=1.0).contains(&known)), "{:?}", verdict.known());
}
