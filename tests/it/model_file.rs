//! Attacks on the model file: whatever the bytes say, the answer is an error that names the fault,
//! never a panic.

use crate::harness;
use std::fs;

use serde_json::{Value, json};
use standpoint::model::BlockKind;
use standpoint::train::{BlockSettings, train};
use standpoint::{Model, Threads};

fn bytes() -> Vec<u8> {
    harness::small_model().to_bytes().unwrap()
}

/// A model with a further block, which is of format 3.
fn bytes_with_block() -> Vec<u8> {
    let mut params = harness::params();
    params.settings.blocks = vec![BlockSettings::new(BlockKind::Characters)];
    train(harness::rows(60), params, &Threads::new(1).unwrap()).unwrap().0.to_bytes().unwrap()
}

/// A model of format 1, which has the vocabulary as text.
fn bytes_of_format_1() -> Vec<u8> {
    fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/model.safetensors")).unwrap()
}

/// What each format has beside weights, intercepts and idf.
const VOCABULARIES: [[&str; 2]; 2] = [["words", "terms"], ["vocabulary", "vocabulary_ends"]];

/// The safetensors header and what follows it.
fn parts(bytes: &[u8]) -> (Value, Vec<u8>) {
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    (serde_json::from_slice(&bytes[8..8 + length]).unwrap(), bytes[8 + length..].to_vec())
}

fn joined(header: &Value, rest: &[u8]) -> Vec<u8> {
    let mut json = header.to_string().into_bytes();
    json.resize(json.len().next_multiple_of(8), b' ');
    [&(json.len() as u64).to_le_bytes()[..], &json, rest].concat()
}

/// Our own description inside the header's metadata, changed and put back.
fn with_description(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    with_description_of(&bytes(), change)
}

fn with_description_of(bytes: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let (mut header, rest) = parts(bytes);
    let mut description: Value =
        serde_json::from_str(header["__metadata__"]["standpoint"].as_str().unwrap()).unwrap();
    change(&mut description);
    header["__metadata__"]["standpoint"] = Value::String(description.to_string());
    joined(&header, &rest)
}

fn refused(bytes: &[u8], what: &str) {
    match Model::from_bytes(bytes) {
        Ok(_) => panic!("accepted: {what}"),
        Err(error) => assert!(!error.to_string().is_empty(), "{what}"),
    }
}

#[test]
fn the_untouched_parts_make_the_model_again() {
    let (header, rest) = parts(&bytes());
    assert!(Model::from_bytes(&joined(&header, &rest)).is_ok());
    assert!(Model::from_bytes(&with_description(|_| ())).is_ok());
}

#[test]
fn a_file_of_a_newer_version_says_what_to_install() {
    let said = |bytes: &[u8]| Model::from_bytes(bytes).unwrap_err().to_string();
    let this = env!("CARGO_PKG_VERSION");
    let newer = said(&with_description(|d| {
        d["format"] = json!(9);
        d["written_by"] = json!("12.3.0-beta.1");
        d["later"] = json!({"what": "a format has later"});
    }));
    assert!(newer.contains("format 9") && newer.contains("formats 1 to 3"), "{newer}");
    assert!(
        newer.contains(&format!(
            "standpoint 12.3.0-beta.1 wrote it: install that version or a later one (this is {this})"
        )),
        "{newer}"
    );
    // A file that does not say who wrote it, or lies about it.
    let nameless =
        format!("it does not say which version wrote it: install the newest (this is {this}), or retrain it");
    for writer in [json!(null), json!(""), json!("1.0\u{1b}[2J"), json!("9".repeat(1000))] {
        let said = said(&with_description(|d| {
            d["format"] = json!(4);
            d["written_by"] = writer;
        }));
        assert!(said.contains(&nameless), "{said}");
    }
    // Of a format that is known, with a field or a choice that is not.
    for field in [|d: &mut Value| d["later"] = json!(1), |d: &mut Value| d["unit"] = json!("page")] {
        let said = said(&with_description(field));
        assert!(said.contains("unknown ") && said.contains(&nameless), "{said}");
    }
    let zero = said(&with_description(|d| d["format"] = json!(0)));
    assert!(zero.contains("retrain it") && !zero.contains("install"), "{zero}");
}

#[test]
fn a_file_cut_at_any_length_is_refused() {
    let bytes = bytes();
    for length in 0..bytes.len() {
        refused(&bytes[..length], &format!("cut at {length}"));
    }
    refused(&[bytes.as_slice(), b"x"].concat(), "one byte too many");
}

#[test]
fn every_byte_may_be_wrong_without_a_panic() {
    for bytes in [bytes(), bytes_of_format_1(), bytes_with_block()] {
        for at in 0..bytes.len().min(6000) {
            for flip in [0x01, 0x80, 0xff] {
                let mut wrong = bytes.clone();
                wrong[at] ^= flip;
                // What is taken for a model can be written, and is the same when it is read again.
                if let Ok(model) = Model::from_bytes(&wrong) {
                    let written = model.to_bytes().unwrap();
                    assert!(Model::from_bytes(&written).unwrap().to_bytes().unwrap() == written);
                }
            }
        }
    }
}

#[test]
fn every_field_of_the_description_is_checked() {
    type Change = fn(&mut Value);
    let cases: Vec<(&str, Change)> = vec![
        ("format", |d| d["format"] = json!(3)),
        ("another format than it is of", |d| d["format"] = json!(1)),
        ("format missing", |d| drop(d.as_object_mut().unwrap().remove("format"))),
        ("unit", |d| d["unit"] = json!("page")),
        ("paragraph_weight", |d| d["paragraph_weight"] = json!("heavy")),
        ("preparation", |d| d["preparation"] = json!({"drop_boilerplate": "yes"})),
        ("preparation gone", |d| drop(d.as_object_mut().unwrap().remove("preparation"))),
        ("passages", |d| d["passage_words"] = json!(1_000_000)),
        ("quotations", |d| d["recipe"]["quotations"] = json!("sing")),
        ("a topic without weights", |d| {
            d["thresholds"]["off_topic"] = json!({"least": 0.0, "recall": 0.9, "false_alarms": 0.1});
        }),
        ("a threshold over 1", |d| {
            d["thresholds"]["low_confidence"] = json!({"max_error": 0.1, "unit": 7.0, "document": 0.5, "unit_coverage": 1.0, "document_coverage": 1.0});
        }),
        ("unknown field", |d| d["surprise"] = json!(1)),
        ("rules", |d| d["recipe"]["rules"] = json!(99)),
        ("language", |d| d["recipe"]["language"] = json!("xx")),
        ("words", |d| d["recipe"]["words"] = json!([3, 1])),
        ("words zero", |d| d["recipe"]["words"] = json!([0, 200])),
        ("no terms", |d| {
            d["recipe"]["words"] = Value::Null;
            d["recipe"]["chars"] = Value::Null;
        }),
        ("chars", |d| d["recipe"]["chars"] = json!([1, 99])),
        ("stem", |d| d["recipe"]["stem"] = json!("yes")),
        ("labels gone", |d| d["labels"] = json!([])),
        ("one label", |d| d["labels"].as_array_mut().unwrap().truncate(1)),
        ("two labels", |d| d["labels"].as_array_mut().unwrap().truncate(2)),
        ("labels out of order", |d| d["labels"].as_array_mut().unwrap().reverse()),
        ("a label twice", |d| d["labels"][1] = d["labels"][0].clone()),
        ("a blank label", |d| d["labels"][0]["name"] = json!(" ")),
        ("a label with a control character", |d| d["labels"][0]["name"] = json!("\u{1b}[31m")),
        ("a label too long", |d| d["labels"][2]["name"] = json!("z".repeat(500))),
        ("a label more", |d| d["labels"].as_array_mut().unwrap().push(json!({"name": "zz", "axis": 0.0}))),
        ("an axis out of range", |d| d["labels"][0]["axis"] = json!(-7.0)),
        ("an axis for some", |d| d["labels"][0]["axis"] = Value::Null),
        ("temperature zero", |d| d["calibration"] = json!({"temperature": 0.0})),
        ("temperature below", |d| d["calibration"] = json!({"temperature": -1.0})),
        ("temperature huge", |d| d["calibration"] = json!({"temperature": 1e300})),
        ("calibration", |d| d["calibration"] = json!({"magic": 1.0})),
        ("min_words", |d| d["thresholds"]["min_words"] = json!(-5)),
        ("data hash", |d| d["provenance"]["data_sha256"] = json!("abc")),
        ("date", |d| d["provenance"]["date"] = json!("2026\n")),
        ("min_words huge", |d| d["thresholds"]["min_words"] = json!(u32::MAX)),
        ("c", |d| d["provenance"]["c"] = json!(-1.0)),
        ("max_df", |d| d["provenance"]["max_df"] = json!(1e300)),
        ("min_df", |d| d["provenance"]["min_df"] = json!(0)),
        ("max_features", |d| d["provenance"]["max_features"] = json!(0)),
        ("folds", |d| d["provenance"]["folds"] = json!(u32::MAX)),
        ("macro_f1", |d| d["provenance"]["macro_f1"] = json!(7.0)),
        ("unicode", |d| d["provenance"]["unicode"] = json!(["\u{1b}[31m", "17.0.0"])),
        ("groups", |d| d["provenance"]["groups"] = json!(1_000_000)),
        ("train_only_rows", |d| d["provenance"]["train_only_rows"] = json!(1_000_000)),
        ("rows by class", |d| d["provenance"]["rows_by_class"] = json!([1])),
        ("rows", |d| d["provenance"]["rows"] = json!("many")),
        ("provenance", |d| d["provenance"] = Value::Null),
    ];
    let sandbox = harness::Sandbox::with_model();
    for (what, change) in cases {
        let wrong = with_description(change);
        refused(&wrong, what);
        sandbox.write("wrong.safetensors", wrong);
        sandbox.run(&["inspect", "wrong.safetensors"]).exits(4).says("cannot be used as a model");
    }
}

#[test]
fn every_field_of_a_block_is_checked() {
    type Change = fn(&mut Value);
    let cases: [(&str, Change); 11] = [
        ("a format without blocks", |d| d["format"] = json!(2)),
        ("the first format", |d| d["format"] = json!(1)),
        ("no blocks", |d| d["blocks"] = json!([])),
        ("blocks gone", |d| drop(d.as_object_mut().unwrap().remove("blocks"))),
        ("an unknown kind", |d| d["blocks"][0]["kind"] = json!("letters")),
        ("another kind", |d| d["blocks"][0]["kind"] = json!("words")),
        ("a kind twice", |d| {
            let block = d["blocks"][0].clone();
            d["blocks"].as_array_mut().unwrap().push(block);
        }),
        ("a block more", |d| {
            let mut block = d["blocks"][0].clone();
            block["kind"] = json!("words");
            d["blocks"].as_array_mut().unwrap().push(block);
        }),
        ("an unknown field", |d| d["blocks"][0]["weight"] = json!(1)),
        ("rules", |d| d["blocks"][0]["recipe"]["rules"] = json!(99)),
        ("no terms", |d| d["blocks"][0]["recipe"]["chars"] = Value::Null),
    ];
    let bytes = bytes_with_block();
    assert!(Model::from_bytes(&with_description_of(&bytes, |_| ())).is_ok());
    for (what, change) in cases {
        refused(&with_description_of(&bytes, change), what);
    }
}

#[test]
fn every_tensor_is_checked() {
    for (bytes, own) in [bytes(), bytes_of_format_1()].into_iter().zip(VOCABULARIES) {
        check_tensors(&bytes, &[&["weights", "intercepts", "idf"][..], &own].concat());
    }
    let of_block = ["weights", "idf", "words", "terms"].map(|name| format!("characters.{name}"));
    check_tensors(&bytes_with_block(), &of_block.each_ref().map(String::as_str));
    refused(&joined(&json!({"__metadata__": {"standpoint": "{}"}}), &[]), "no tensors");
    refused(&joined(&json!({}), &[]), "no metadata");
}

fn check_tensors(bytes: &[u8], names: &[&str]) {
    let (header, rest) = parts(bytes);
    assert!(Model::from_bytes(&joined(&header, &rest)).is_ok());
    for &name in names {
        let mut without = header.clone();
        without.as_object_mut().unwrap().remove(name);
        refused(&joined(&without, &rest), &format!("{name} gone"));

        for (what, key, value) in [
            ("type", "dtype", json!("F64")),
            ("unknown type", "dtype", json!("X9")),
            ("shape", "shape", json!([1])),
            ("shape too large", "shape", json!([u64::MAX, 8])),
            ("offsets", "data_offsets", json!([0, 1_000_000_000_000u64])),
            ("offsets the wrong way round", "data_offsets", json!([8, 0])),
        ] {
            let mut wrong = header.clone();
            wrong[name][key] = value;
            refused(&joined(&wrong, &rest), &format!("{name}: {what}"));
        }
    }
    let mut more = header.clone();
    more["more"] = json!({"dtype": "U8", "shape": [0], "data_offsets": [rest.len(), rest.len()]});
    refused(&joined(&more, &rest), "a tensor more");
}

/// Overwrites some bytes of a tensor.
fn with_tensor(bytes: &[u8], name: &str, change: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let (header, mut rest) = parts(bytes);
    let bound = |at: usize| header[name]["data_offsets"][at].as_u64().unwrap() as usize;
    change(&mut rest[bound(0)..bound(1)]);
    joined(&header, &rest)
}

#[test]
fn every_value_is_checked() {
    let bytes = bytes();
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for name in ["weights", "intercepts", "idf"] {
            let wrong = with_tensor(&bytes, name, |bytes| bytes[..4].copy_from_slice(&value.to_le_bytes()));
            refused(&wrong, &format!("{value} in {name}"));
        }
        for name in ["characters.weights", "characters.idf"] {
            let wrong = with_tensor(&bytes_with_block(), name, |bytes| {
                bytes[..4].copy_from_slice(&value.to_le_bytes())
            });
            refused(&wrong, &format!("{value} in {name}"));
        }
    }
    type Change = fn(&mut [u8]);
    let wrong: [(&str, &str, Change); 7] = [
        ("idf", "an idf of zero", |bytes| bytes[..4].copy_from_slice(&0f32.to_le_bytes())),
        ("words", "words that are not UTF-8", |bytes| bytes[0] = 0xff),
        ("words", "words out of order", |bytes| bytes[0] = b'z'),
        ("words", "an empty word", |bytes| bytes[0] = b'\n'),
        ("words", "a last word without an end", |bytes| {
            *bytes.iter_mut().rfind(|byte| **byte == b'\n').unwrap() = b'x'
        }),
        ("terms", "more words alike than there are", |bytes| bytes[0] = 1),
        ("terms", "a term without words", |bytes| bytes[1] = 0),
    ];
    for (name, what, change) in wrong {
        refused(&with_tensor(&bytes, name, change), what);
    }
    let wrong: [(&str, &str, Change); 5] = [
        ("vocabulary", "a vocabulary that is not UTF-8", |bytes| bytes[0] = 0xff),
        ("vocabulary", "a vocabulary out of order", |bytes| bytes[0] = b'z'),
        ("vocabulary_ends", "an empty term", |bytes| bytes[..4].fill(0)),
        ("vocabulary_ends", "an end past the bytes", |bytes| bytes[..4].fill(0xff)),
        ("vocabulary_ends", "two ends alike", |bytes| {
            let second: [u8; 4] = bytes[4..8].try_into().unwrap();
            bytes[..4].copy_from_slice(&second);
        }),
    ];
    for (name, what, change) in wrong {
        refused(&with_tensor(&bytes_of_format_1(), name, change), what);
    }
}

#[test]
fn a_model_of_format_1_becomes_one_of_format_2() {
    let old = Model::from_bytes(&bytes_of_format_1()).unwrap();
    let bytes = old.to_bytes().unwrap();
    let new = Model::from_bytes(&bytes).unwrap();
    assert!(bytes.len() < bytes_of_format_1().len());
    assert!(old.featurizer.vocabulary().iter().eq(new.featurizer.vocabulary().iter()));
    assert_eq!(old.linear.weights(), new.linear.weights());
    assert_eq!(new.to_bytes().unwrap(), bytes);
}

#[test]
fn a_header_that_lies_about_its_length_is_refused() {
    let bytes = bytes();
    for length in [0, 1, 7, 1 << 19, 1 << 20, 1 << 30, u64::MAX / 2, u64::MAX - 8, u64::MAX] {
        let mut wrong = bytes.clone();
        wrong[..8].copy_from_slice(&length.to_le_bytes());
        refused(&wrong, &format!("length {length}"));
    }
}

#[test]
fn the_program_refuses_a_damaged_model_with_exit_code_4() {
    let sandbox = harness::Sandbox::with_model();
    sandbox.write("a.txt", "Leaders must defend the guarantee today.");
    let bytes = sandbox.read("model.safetensors");
    for part in 0..20 {
        fs::write(sandbox.path("cut.safetensors"), &bytes[..bytes.len() * part / 20]).unwrap();
        sandbox
            .run(&["score", "a.txt", "--model", "cut.safetensors"])
            .exits(4)
            .says("cut.safetensors cannot be used");
    }
    sandbox.write("text.safetensors", "this is no model at all, just a text");
    for command in [
        &["score", "a.txt", "--model", "text.safetensors"][..],
        &["explain", "a.txt", "--model", "text.safetensors"],
        &["inspect", "text.safetensors"],
        &["inspect", "not-there.safetensors"],
        &["bench", "a.txt", "--model", "text.safetensors"],
        &["evaluate", "a.txt", "--model", "text.safetensors"],
    ] {
        sandbox.run(command).exits(4);
    }
}
