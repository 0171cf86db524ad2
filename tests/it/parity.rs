//! The same answers as independent implementations: scikit-learn on text, linfa-logistic on small
//! dense data.

use linfa::ParamGuard;
use linfa::dataset::{Dataset, DatasetBase};
use linfa::metrics::ToConfusionMatrix;
use linfa::traits::{Fit, Predict};
use linfa_logistic::{LogisticRegression, MultiLogisticRegression};
use ndarray::{Array1, Array2};
use serde::Deserialize;
use standpoint::tokenizer::TokenizerConfig;
use standpoint::train::{
    BlockSettings, ClassWeight, Csc, CscBuilder, Hyperparameters, Logistic, Pruning, Row, TrainParams, train,
};
use standpoint::{Classifier, Threads};

#[derive(Deserialize)]
struct Fixture {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    words: String,
    chars: String,
    min_df: u32,
    max_features: Option<usize>,
    c: f64,
    balanced: bool,
    drop: Option<String>,
    classes: Vec<String>,
    vocabulary: Vec<String>,
    idf: Vec<f64>,
    intercept: Vec<f64>,
    probabilities: Vec<Vec<f64>>,
}

fn range(written: &str) -> Option<(u8, u8)> {
    let (low, high) = written.split_once('-')?;
    Some((low.parse().ok()?, high.parse().ok()?))
}

fn fixture_rows(drop: Option<&str>) -> Vec<Row> {
    let mut reader = csv::Reader::from_path("tests/parity/rows.csv").unwrap();
    reader
        .records()
        .map(|record| record.unwrap())
        .filter(|record| Some(&record[0]) != drop)
        .map(|record| Row { weight: record[1].parse().unwrap(), ..Row::new(&record[0], &record[2]) })
        .collect()
}

#[test]
fn vocabulary_idf_and_probabilities_are_those_of_scikit_learn() {
    let fixture: Fixture =
        serde_json::from_str(&std::fs::read_to_string("tests/parity/fixture.json").unwrap()).unwrap();
    for case in fixture.cases {
        let params = TrainParams {
            settings: Hyperparameters {
                tokenizer_config: TokenizerConfig {
                    words: range(&case.words),
                    chars: range(&case.chars),
                    ..TokenizerConfig::default()
                },
                pruning: Pruning {
                    min_df: case.min_df,
                    max_features: case.max_features,
                    ..Pruning::default()
                },
                c: case.c,
                class_weight: if case.balanced { ClassWeight::Balanced } else { ClassWeight::None },
                ..Hyperparameters::default()
            },
            folds: 0,
            tolerance: 1e-12,
            ..TrainParams::default()
        };
        let rows = fixture_rows(case.drop.as_deref());
        let texts: Vec<String> = rows.iter().map(|row| row.text.clone()).collect();
        let (model, report) = train(rows, params, &Threads::new(2).unwrap()).unwrap();
        assert!(report.converged, "{}", case.name);
        assert_eq!(model.labels.names(), case.classes, "{}", case.name);

        assert_eq!(model.featurizer.idf().len(), case.idf.len());
        let vocabulary: Vec<String> = model.featurizer.vocabulary().iter().collect();
        assert_eq!(vocabulary, case.vocabulary, "{}", case.name);
        assert_eq!(model.linear.intercepts().len(), case.intercept.len());
        assert_eq!(texts.len(), case.probabilities.len());
        assert!(case.probabilities.iter().all(|row| row.len() == case.classes.len()));
        for (ours, theirs) in model.featurizer.idf().iter().zip(&case.idf) {
            assert!((f64::from(*ours) - theirs).abs() < 1e-6, "{}: idf {ours} and {theirs}", case.name);
        }
        for (ours, theirs) in model.linear.intercepts().iter().zip(&case.intercept) {
            assert!((f64::from(*ours) - theirs).abs() < 1e-4, "{}: intercept {ours} and {theirs}", case.name);
        }
        let classifier = Classifier::new(model).unwrap();
        let mut worker = classifier.worker();
        for (text, theirs) in texts.iter().zip(&case.probabilities) {
            for (ours, theirs) in worker.score_unit(text).probabilities().iter().zip(theirs) {
                assert!((ours - theirs).abs() < 1e-5, "{}: {ours} and {theirs}", case.name);
            }
        }
    }
}

#[derive(Deserialize)]
struct Unions {
    cases: Vec<Union>,
}

#[derive(Deserialize)]
struct Union {
    c: f64,
    blocks: Vec<BlockSettings>,
    rows: Vec<(String, String)>,
    features: Vec<usize>,
    probabilities: Vec<Vec<f64>>,
}

#[test]
fn blocks_are_a_feature_union_of_scikit_learn() {
    let written = std::fs::read_to_string("tests/parity/blocks.json").unwrap();
    let unions: Unions = serde_json::from_str(&written).unwrap();
    for Union { c, blocks, rows, features, probabilities } in unions.cases {
        let own = TokenizerConfig {
            language: None,
            stem: false,
            words: Some((1, 1)),
            ..TokenizerConfig::default()
        };
        let settings = Hyperparameters { tokenizer_config: own, blocks, c, ..Hyperparameters::default() };
        let params = TrainParams { settings, folds: 0, tolerance: 1e-12, ..TrainParams::default() };
        let all: Vec<Row> = rows.iter().map(|(label, text)| Row::new(label, text)).collect();
        let (model, report) = train(all, params, &Threads::new(2).unwrap()).unwrap();
        let card = model.card();
        let found: Vec<usize> =
            std::iter::once(card.features).chain(card.blocks.iter().map(|block| block.features)).collect();
        assert_eq!((&found, report.features), (&features, features.iter().sum()));
        let classifier = Classifier::new(model).unwrap();
        let mut worker = classifier.worker();
        for ((_, text), theirs) in rows.iter().zip(&probabilities) {
            for (ours, theirs) in worker.score_unit(text).probabilities().iter().zip(theirs) {
                assert!((ours - theirs).abs() < 1e-5, "{ours} and {theirs}");
            }
        }
    }
}

/// Unit-length rows: linfa-logistic's log-sum-exp takes one maximum for the whole matrix.
fn dense(rows: usize, features: usize, classes: usize) -> (Array2<f64>, Array1<usize>) {
    let mut state = 11u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1u32 << 31) - 0.5
    };
    let mut x = Array2::from_shape_simple_fn((rows, features), &mut next);
    let mut y = Array1::zeros(rows);
    for (number, mut row) in x.rows_mut().into_iter().enumerate() {
        y[number] = number % classes;
        row[number % classes] += 0.4;
        let length = row.iter().map(|value| value * value).sum::<f64>().sqrt();
        // f32 is what our rows hold.
        row.mapv_inplace(|value| f64::from((value / length) as f32));
    }
    (x, y)
}

fn sparse(x: &Array2<f64>) -> Csc {
    let mut builder = CscBuilder::new(x.ncols());
    for row in x.rows() {
        builder.push((0u32..).zip(row.iter().copied()));
    }
    builder.build()
}

#[test]
fn many_classes_reach_the_objective_and_coefficients_of_linfa_logistic() {
    let (x, y) = dense(200, 8, 3);
    for c in [0.3, 1.0, 10.0] {
        let theirs = MultiLogisticRegression::default()
            .alpha(1.0 / c)
            .gradient_tolerance(1e-9)
            .max_iterations(2000)
            .fit(&Dataset::new(x.clone(), y.clone()))
            .unwrap();
        let ours = Logistic::new(3).c(c).tolerance(1e-14).check().unwrap();
        let ours = ours.fit(&DatasetBase::new(sparse(&x), y.clone())).unwrap();
        let weights = Array2::from_shape_vec((8, 3), ours.weights().to_vec()).unwrap();
        for (a, b) in weights.iter().zip(theirs.params()) {
            assert!((a - b).abs() < 1e-4, "C {c}: {a} and {b}");
        }
        // Intercepts are told up to a constant that all classes share.
        let centred = |values: Vec<f64>| {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            values.into_iter().map(|value| value - mean).collect::<Vec<_>>()
        };
        for (a, b) in centred(ours.intercepts().to_vec()).iter().zip(centred(theirs.intercept().to_vec())) {
            assert!((a - b).abs() < 1e-4, "C {c}: intercepts {a} and {b}");
        }
        let probabilities = theirs.predict_probabilities(&x);
        let loss: f64 = y.iter().enumerate().map(|(row, &class)| -probabilities[[row, class]].ln()).sum();
        let objective = c * loss + 0.5 * theirs.params().iter().map(|w| w * w).sum::<f64>();
        let relative = (ours.objective() - objective).abs() / objective;
        assert!(relative < 1e-6, "C {c}: objectives {} and {objective}", ours.objective());
    }
}

#[test]
fn two_classes_reach_the_objective_and_coefficients_of_linfa_logistic() {
    let (x, y) = dense(150, 6, 2);
    let c = 5.0;
    let theirs = LogisticRegression::default()
        .alpha(1.0 / c)
        .gradient_tolerance(1e-9)
        .max_iterations(2000)
        .fit(&Dataset::new(x.clone(), y.clone()))
        .unwrap();
    let ours = Logistic::new(2).c(c).tolerance(1e-14).check().unwrap();
    let ours = ours.fit(&DatasetBase::new(sparse(&x), y.clone())).unwrap();
    // linfa-logistic may take either class for the positive one.
    let sign = if theirs.labels().pos.class == 1 { 1.0 } else { -1.0 };
    for (a, b) in ours.weights().iter().zip(theirs.params()) {
        assert!((a - sign * b).abs() < 1e-4, "{a} and {b}");
    }
    assert!((ours.intercepts()[0] - sign * theirs.intercept()).abs() < 1e-4);
    let loss: f64 = theirs
        .predict_probabilities(&x)
        .iter()
        .zip(&y)
        .map(|(p, &class)| if (class == 1) == (sign > 0.0) { -p.ln() } else { -(1.0 - p).ln() })
        .sum();
    let objective = c * loss + 0.5 * theirs.params().iter().map(|w| w * w).sum::<f64>();
    assert!((ours.objective() - objective).abs() / objective < 1e-6);
}

#[test]
fn the_estimator_works_with_linfas_datasets_and_metrics() {
    let (x, y) = dense(120, 6, 3);
    let dataset = DatasetBase::new(sparse(&x), y.clone()).with_weights(Array1::ones(120));
    // Unchecked parameters can be fitted too: linfa checks them on the way.
    let fitted = Logistic::new(3).c(10.0).fit(&dataset).unwrap();
    let predicted: Array1<usize> = fitted.predict(&dataset);
    let matrix = predicted.confusion_matrix(&y).unwrap();
    assert!(matrix.accuracy() > 0.6, "{}", matrix.accuracy());
    assert!(Logistic::new(3).c(-1.0).fit(&dataset).is_err());
}
