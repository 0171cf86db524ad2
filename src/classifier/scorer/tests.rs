//! Compares margins of compiled tables with those of a model taken literally.

use std::path::Path;

use proptest::prelude::*;

use super::{CharNgramCache, MAX_CHAR_NGRAMS, TextScorer};
use crate::classifier::Classifier;
use crate::classifier::explain::row_by;
use crate::features::Weighting;
use crate::label::LabelSet;
use crate::model::{Block, BlockKind, Linear, Model};
use crate::progress::Silent;
use crate::text::SocialText;
use crate::threads::Threads;
use crate::tokenizer::{Punctuation, Quotations, TokenizerConfig};
use crate::train::{Row, TrainParams, train};

const TEXTS: [&str; 6] = [
    "Not one inch, said the U.S. envoy, and \"we will never sign such a paper\" was heard.",
    "One inch of land? They don’t sign — F-16s do not sign a paper either!",
    "The paper was signed; the envoy said it was one inch from peace.",
    "Peace, said they. Café régime; земля і мир, мир і земля.",
    "We will sign the paper. We will sign the land. We will not.",
    "An inch of peace… of land, of land, of land #OneInch @OfLandAndPeace: responsibilities, responsibilities.",
];

fn classifier(tokenizer_config: TokenizerConfig, weighting: Weighting, classes: usize) -> Classifier {
    Classifier::new(model(tokenizer_config, weighting, classes)).unwrap()
}

/// A model with the terms of further models as blocks.
fn with_blocks(
    own: (TokenizerConfig, Weighting),
    more: Vec<(BlockKind, TokenizerConfig, Weighting)>,
    classes: usize,
) -> Classifier {
    let mut all = model(own.0, own.1, classes);
    for (kind, tokenizer_config, weighting) in more {
        let Model { tokenizer_config, featurizer, linear, .. } = model(tokenizer_config, weighting, classes);
        let none = vec![0.0; linear.intercepts().len()];
        let linear = Linear::new(linear.weights().to_vec(), none, classes).unwrap();
        all.more_blocks.push(Block { kind, tokenizer_config, featurizer, linear });
    }
    let all = Model::from_bytes(&all.to_bytes().unwrap()).unwrap();
    Classifier::new(all).unwrap()
}

fn model(tokenizer_config: TokenizerConfig, weighting: Weighting, classes: usize) -> Model {
    let rows = TEXTS.iter().enumerate().map(|(n, text)| Row::new(["a", "b", "c"][n % classes], *text));
    let mut params = TrainParams { folds: 0, ..TrainParams::default() };
    params.settings.tokenizer_config = tokenizer_config;
    params.settings.weighting = weighting;
    params.settings.pruning.min_df = 1;
    let (model, _) = train(rows.collect::<Vec<_>>(), params, &Threads::new(1).unwrap()).unwrap();
    assert_eq!(model.labels, LabelSet::new(["a", "b", "c"].into_iter().take(classes)).unwrap());
    model
}

fn classifiers_with_blocks() -> Vec<Classifier> {
    use BlockKind::{Characters, Stems, Vectors, Words};
    use Weighting::{Binary, Idf, TfIdf};
    let own = TokenizerConfig::default;
    let one = || TokenizerConfig { words: Some((1, 1)), ..own() };
    let long = || TokenizerConfig { words: Some((2, 4)), ..own() };
    let plain = || TokenizerConfig { stem: false, ..own() };
    let chars = || TokenizerConfig { words: None, chars: Some((2, 4)), ..plain() };
    let marks = || TokenizerConfig { punctuation: Punctuation::Breaks, ..plain() };
    vec![
        with_blocks((own(), TfIdf), vec![(Vectors, one(), TfIdf)], 3),
        with_blocks((one(), TfIdf), vec![(Stems, long(), Idf), (Vectors, own(), Binary)], 2),
        with_blocks((own(), Binary), vec![(Words, plain(), TfIdf), (Vectors, one(), TfIdf)], 3),
        // Characters of the model's own tokens, of tokens that another block has, and of two
        // ranges.
        with_blocks((plain(), TfIdf), vec![(Characters, chars(), TfIdf)], 3),
        with_blocks(
            (own(), TfIdf),
            vec![(Characters, chars(), TfIdf), (Words, plain(), TfIdf), (Vectors, one(), TfIdf)],
            2,
        ),
        with_blocks(
            (TokenizerConfig { chars: Some((3, 3)), ..plain() }, TfIdf),
            vec![(Words, marks(), Idf), (Characters, chars(), TfIdf)],
            3,
        ),
    ]
}

#[test]
fn words_without_known_character_ngrams_are_forgotten_as_well() {
    let holding = |words| CharNgramCache { all: vec![(0, 0); words], nodes: Vec::new() };
    assert!(!holding(MAX_CHAR_NGRAMS).is_full());
    assert!(holding(MAX_CHAR_NGRAMS + 1).is_full());
}

#[test]
fn blocks_of_the_same_tokens_are_read_once() {
    let readings = |classifier: &Classifier| 1 + classifier.models().main.more_readings.len();
    let found: Vec<usize> = classifiers_with_blocks().iter().map(readings).collect();
    assert_eq!(found, [1, 1, 2, 1, 2, 3]);
}

#[test]
fn a_block_adds_to_the_margins_what_its_terms_weigh() {
    let config = TokenizerConfig::default;
    let both = with_blocks(
        (config(), Weighting::TfIdf),
        vec![(BlockKind::Words, TokenizerConfig { stem: false, ..config() }, Weighting::Idf)],
        3,
    );
    let apart = [
        classifier(config(), Weighting::TfIdf, 3),
        classifier(TokenizerConfig { stem: false, ..config() }, Weighting::Idf, 3),
    ];
    for text in TEXTS {
        let found = plainly(&both, text).0;
        let [one, two] = [0, 1].map(|at| plainly(&apart[at], text).0);
        for class in 0..3 {
            let intercept = apart[1].model().linear.intercept(class);
            let expected = one[class] + two[class] - intercept;
            assert!((found[class] - expected).abs() < 1e-12);
        }
    }
}

#[test]
fn explanations_of_blocks_are_exact_sums_that_name_the_block() {
    for classifier in classifiers_with_blocks() {
        let mut kinds = std::collections::BTreeSet::new();
        for text in TEXTS {
            for explained in classifier.explain_unit(text) {
                let sum: f64 = explained.terms.iter().map(|term| term.contribution).sum();
                assert!((explained.intercept + sum - explained.margin).abs() < 1e-12);
                kinds.extend(explained.terms.iter().map(|term| term.block));
            }
        }
        let expected = classifier.model().blocks().map(|block| block.kind).collect();
        assert_eq!(kinds, expected);
    }
}

fn classifiers() -> Vec<Classifier> {
    let tokenizer_config = TokenizerConfig::default;
    let marks = Punctuation::Breaks;
    vec![
        classifier(tokenizer_config(), Weighting::TfIdf, 3),
        classifier(
            TokenizerConfig { words: Some((1, 4)), punctuation: marks, ..tokenizer_config() },
            Weighting::TfIdf,
            2,
        ),
        classifier(
            TokenizerConfig { words: Some((2, 3)), quotations: Quotations::Skip, ..tokenizer_config() },
            Weighting::Idf,
            3,
        ),
        classifier(
            TokenizerConfig { chars: Some((2, 4)), stem: false, ..tokenizer_config() },
            Weighting::Binary,
            2,
        ),
        classifier(
            TokenizerConfig { words: None, chars: Some((3, 3)), fold_case: false, ..tokenizer_config() },
            Weighting::TfIdf,
            3,
        ),
        classifier(
            TokenizerConfig {
                chars: Some((1, 2)),
                punctuation: Punctuation::Tokens,
                quotations: Quotations::Skip,
                ..tokenizer_config()
            },
            Weighting::TfIdf,
            3,
        ),
        classifier(
            TokenizerConfig { social_text: SocialText::Expand, words: Some((1, 3)), ..tokenizer_config() },
            Weighting::TfIdf,
            3,
        ),
        classifier(
            TokenizerConfig {
                social_text: SocialText::Expand,
                punctuation: Punctuation::Tokens,
                chars: Some((3, 4)),
                ..tokenizer_config()
            },
            Weighting::TfIdf,
            2,
        ),
    ]
}

/// The margins of a text, term by term, before lone quotations are weighed.
fn plainly(classifier: &Classifier, text: &str) -> (Vec<f64>, bool) {
    let model = &classifier.models().main;
    let row = row_by(model, &model.tokenizers, text, &mut |_, _| {}, &Silent);
    let mut margins = Vec::new();
    classifier.model().margins(&row, &mut margins);
    (margins, !row.is_empty())
}

/// Whether compiled tables give the margins of the plain way, bit for bit.
fn check(classifier: &Classifier, scorer: &mut TextScorer, text: &str) -> Result<(), TestCaseError> {
    let mut margins = Vec::new();
    let normal = classifier.models().main.normalize(text);
    let stats = scorer.score_text(&classifier.models().main, normal.text(), &mut margins);
    let (expected, any) = plainly(classifier, normal.text());
    let bits = |margins: &[f64]| margins.iter().map(|m| m.to_bits()).collect::<Vec<_>>();
    prop_assert_eq!(bits(&margins), bits(&expected));
    prop_assert_eq!(stats.any_feature, any);
    prop_assert!(stats.known <= stats.words);
    Ok(())
}

#[test]
fn every_line_of_the_corpus_has_the_margins_of_the_plain_way() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut lines = 0;
    for (model, folder) in [("stance", "stance"), ("stance", "articles"), ("loaded", "loaded")] {
        let bytes = std::fs::read(root.join(format!("models/{model}.safetensors"))).unwrap();
        let classifier = Classifier::new(Model::from_bytes(&bytes).unwrap()).unwrap();
        let mut scorer = TextScorer::default();
        for file in std::fs::read_dir(root.join("data").join(folder)).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            for line in text.lines() {
                check(&classifier, &mut scorer, line).unwrap();
                lines += 1;
            }
        }
    }
    assert!(lines > 5000, "{lines}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn compiled_tables_give_the_margins_of_the_plain_way_bit_for_bit(
        texts in prop::collection::vec(
            prop::collection::vec(prop::sample::select(
                TEXTS.iter().flat_map(|text| text.split(' ')).chain(["unheard", "\n", "\n\n", "“", "\"", "F - 16", "#OneInch", "#oneinch", "@NotOfLand"]).collect::<Vec<_>>()
            ), 0..600).prop_map(|words| words.join(" ")),
            1..4,
        )
    ) {
        // Proptest runs this on one thread: the models are trained once.
        thread_local!(static MODELS: Vec<Classifier> = [classifiers(), classifiers_with_blocks()].concat());
        MODELS.with(|models| {
            for classifier in models {
                let mut scorer = TextScorer::default();
                for text in &texts {
                    check(classifier, &mut scorer, text)?;
                }
            }
            Ok::<(), TestCaseError>(())
        })?;
    }
}
