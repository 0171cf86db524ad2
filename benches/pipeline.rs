//! Times each stage with Criterion: tokenize, featurize, score, load, train. Run it with
//! `make bench`.

#![allow(missing_docs)]

use std::fs;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use standpoint::features::{SparseRow, TermCounts};
use standpoint::tokenizer::{TokenBuf, Tokenizer, TokenizerConfig};
use standpoint::train::{Row, TrainParams, train};
use standpoint::{Classifier, Model, Threads};

/// The sample articles, one after the other: real prose in length and words, and the same every
/// time.
fn articles() -> Vec<String> {
    let mut paths: Vec<_> =
        fs::read_dir("data/articles").unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

fn rows() -> Vec<Row> {
    let mut reader = csv::Reader::from_path("tests/parity/rows.csv").unwrap();
    reader.records().map(|record| record.unwrap()).map(|record| Row::new(&record[0], &record[2])).collect()
}

fn benches(c: &mut Criterion) {
    let texts = articles();
    let bytes = texts.iter().map(String::len).sum::<usize>() as u64;
    let model = fs::read("models/stance.safetensors").unwrap();

    let mut group = c.benchmark_group("articles");
    group.throughput(Throughput::Bytes(bytes));
    let tokenizer = Tokenizer::new(&TokenizerConfig::default()).unwrap();
    let mut tokens = TokenBuf::default();
    group.bench_function("tokenise", |b| {
        b.iter(|| {
            for text in &texts {
                tokenizer.tokenize(text, &mut tokens);
                black_box(tokens.len());
            }
        });
    });
    let classifier = Classifier::from_bytes(&model).unwrap();
    // Term by term, as explanations go; scoring has tables instead.
    let featurizer = &classifier.model().featurizer;
    let (mut counts, mut scratch, mut row) = (TermCounts::default(), String::new(), SparseRow::default());
    group.bench_function("featurise", |b| {
        b.iter(|| {
            for text in &texts {
                tokenizer.tokenize(text, &mut tokens);
                counts.clear(tokens.len());
                tokenizer.terms(&tokens, &mut scratch, &mut |term| {
                    featurizer
                        .vocabulary()
                        .find(term.text)
                        .into_iter()
                        .for_each(|feature| counts.add(feature));
                });
                featurizer.vectorize(counts.all(), &mut row);
                black_box(row.len());
            }
        });
    });
    let mut worker = classifier.worker();
    group.bench_function("score", |b| {
        b.iter(|| texts.iter().map(|text| worker.score_text(text).words()).sum::<usize>());
    });
    group.finish();

    c.bench_function("load the default model", |b| b.iter(|| Model::from_bytes(black_box(&model)).unwrap()));
    let pool = Threads::new(1).unwrap();
    c.bench_function("train on 90 paragraphs", |b| {
        b.iter(|| train(rows(), TrainParams { folds: 0, ..TrainParams::default() }, &pool).unwrap());
    });
}

criterion_group!(pipeline, benches);
criterion_main!(pipeline);
