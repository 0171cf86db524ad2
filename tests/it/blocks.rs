//! Models of several blocks of features, as users train, look at and score with them.

use standpoint::model::BlockKind;
use standpoint::train::{BlockSettings, TrainParams, train};
use standpoint::{Classifier, Model, Threads};

use crate::harness::{self, Finished, Sandbox, labelled_csv};

fn params() -> TrainParams {
    let mut params = harness::params();
    params.settings.blocks = vec![
        BlockSettings { weight: 0.5, ..BlockSettings::new(BlockKind::Characters) },
        BlockSettings { ngrams: (1, 1), weight: 2.0, ..BlockSettings::new(BlockKind::Words) },
    ];
    params
}

fn model(jobs: usize) -> Model {
    train(harness::rows(120), params(), &Threads::new(jobs).unwrap()).unwrap().0
}

#[test]
fn the_same_rows_give_the_same_blocks_on_any_number_of_threads() {
    let bytes = model(1).to_bytes().unwrap();
    assert!(bytes == model(2).to_bytes().unwrap());
    let read = Model::from_bytes(&bytes).unwrap();
    assert_eq!(
        read.more_blocks.iter().map(|block| block.kind).collect::<Vec<_>>(),
        [BlockKind::Characters, BlockKind::Words]
    );
    assert!(read.to_bytes().unwrap() == bytes);
}

/// The objective as the solver has it, computed from what the saved model scores: the blocks'
/// weights are in the file.
#[test]
fn a_saved_model_scores_its_rows_as_they_were_learned() {
    let (model, report) = train(
        harness::rows(120),
        TrainParams { folds: 0, tolerance: 1e-10, ..params() },
        &Threads::new(1).unwrap(),
    )
    .unwrap();
    assert_eq!(report.features, model.features());
    let objective = |classifier: &Classifier, c: f64| {
        let mut worker = classifier.worker();
        let loss: f64 = harness::rows(120)
            .iter()
            .map(|row| {
                let class = classifier.labels().names().iter().position(|name| *name == row.label).unwrap();
                -worker.score_unit(&row.text).probabilities()[class].ln()
            })
            .sum();
        // The penalty is on what was learned, before the weight of the block was multiplied in.
        let square = |linear: &standpoint::model::Linear, weight: f64| {
            linear.weights().iter().map(|w| (f64::from(*w) / weight).powi(2)).sum::<f64>()
        };
        let model = classifier.model();
        let blocks =
            model.more_blocks.iter().zip([0.5, 2.0]).map(|(block, weight)| square(&block.linear, weight));
        c * loss + 0.5 * (square(&model.linear, 1.0) + blocks.sum::<f64>())
    };
    let found = objective(&Classifier::new(model).unwrap(), 10.0);
    assert!((found / report.objective - 1.0).abs() < 1e-5, "{found} and {}", report.objective);
}

#[test]
fn a_model_with_blocks_scores_alike_alone_and_in_any_batch() {
    let classifier = Classifier::new(model(1)).unwrap();
    let texts = harness::texts(60);
    let mut worker = classifier.worker();
    let alone: Vec<_> = texts.iter().map(|text| classifier.score(text).probabilities().to_vec()).collect();
    let in_turn: Vec<_> =
        texts.iter().rev().map(|text| worker.score_text(text).probabilities().to_vec()).collect();
    assert!(alone.iter().eq(in_turn.iter().rev()));
}

#[test]
fn explanations_say_which_block_a_terms_weight_comes_from() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(120));
    sandbox.write("a.txt", "Leaders must defend the guarantee with courage today.");
    let block = "characters:ngrams=2-4,min-df=3,weight=0.5";
    let args = [
        "train",
        "rows.csv",
        "-o",
        "m.safetensors",
        "--unit",
        "document",
        "--block",
        block,
        "--block",
        "words",
    ];
    // Wide enough for the settings in one line.
    let trained = sandbox.command(&args).env("COLUMNS", "160").output().unwrap();
    Finished::of(trained, &args)
        .exits(0)
        .prints("block characters:ngrams=2-4,min-df=3,weight=0.5, block words:ngrams=1-2,min-df=2,weight=1");
    sandbox
        .run(&["inspect", "m.safetensors", "--top", "900"])
        .exits(0)
        .prints(
            "block        characters: word n-grams none, character n-grams 2-4, language en, not stemmed;",
        )
        .prints("block        words: word n-grams 1-2, character n-grams none, language en, not stemmed;")
        .prints(" [characters]");
    let explained = sandbox.run(&["explain", "a.txt", "--model", "m.safetensors", "--top", "500"]).exits(0);
    assert!(explained.stdout.contains("guarantee [words]"), "{explained}");
    assert!(explained.stdout.contains("guarante\n"), "{explained}");
    let scored = sandbox
        .run(&["score", "a.txt", "--model", "m.safetensors", "--explain", "500", "--format", "jsonl"])
        .exits(0)
        .json();
    let explanation = &scored[0]["explanation"];
    assert_eq!(explanation["kind"], "sum");
    let class = &explanation["classes"]["for"];
    let terms = class["terms"].as_array().unwrap();
    let sum: f64 = terms.iter().map(|term| term["amount"].as_f64().unwrap()).sum();
    let margin = class["intercept"].as_f64().unwrap() + sum + class["rest"].as_f64().unwrap();
    assert!((margin - class["margin"].as_f64().unwrap()).abs() < 1e-9);
    for block in [serde_json::Value::Null, "characters".into(), "words".into()] {
        assert!(terms.iter().any(|term| term["block"] == block), "{block}: {class}");
    }
}

#[test]
fn a_block_that_cannot_be_made_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", labelled_csv(30));
    for (block, says) in [
        ("letters", "expected a block of stems, words, characters"),
        ("words:weight=0", "--block words: a weight of 0; expected a number above 0"),
        ("characters:ngrams=3-9", "--block characters: n-grams of 3 to 9; expected 1 <= shortest"),
    ] {
        sandbox.run(&["train", "rows.csv", "-o", "m.safetensors", "--block", block]).exits(2).says(says);
    }
    sandbox
        .run(&["train", "rows.csv", "-o", "m.safetensors", "--block", "words", "--block", "words"])
        .exits(2)
        .says("--block words: two blocks of this kind; expected one of each kind");
    sandbox
        .run(&["train", "rows.csv", "-o", "m.safetensors", "--block", "words:min-df=1000"])
        .exits(1)
        .says("block `words`: no term occurs in at least 1000 of the");
    assert_eq!(sandbox.names(), ["rows.csv"]);
}

#[test]
fn character_ngrams_are_folded_into_the_words_that_they_are_made_of() {
    let model = model(1);
    let labels = model.labels.clone();
    let for_class = labels.get("for").unwrap();
    assert!(model.has_characters());
    let words = model.strongest_words(for_class, 30);
    assert!(words.iter().all(|of| !of.term.starts_with('~') && of.block != Some(BlockKind::Characters)));
    assert!(words.windows(2).all(|pair| pair[0].weight >= pair[1].weight));
    // A word of the block of words has its own weight and what a text of the word alone gets from
    // the block of characters.
    let classifier = Classifier::new(Model::from_bytes(&model.to_bytes().unwrap()).unwrap()).unwrap();
    let found = words.iter().find(|of| of.term == "guarantee" && of.block == Some(BlockKind::Words)).unwrap();
    let explained = &classifier.explain_unit("guarantee")[for_class.index()];
    let of_blocks = explained.terms.iter().filter(|term| term.block.is_some()).map(|term| term.contribution);
    assert!((found.weight - of_blocks.sum::<f64>()).abs() < 1e-9, "{found:?} {explained:?}");
    let plain = harness::small_model();
    assert_eq!(plain.strongest_words(for_class, 5), plain.strongest_terms(for_class, 5));
}
