//! Gives each row the sum of its words' vectors, weighed by tf-idf.

use std::sync::Arc;

use rayon::prelude::*;

use crate::error::{Error, Message, Result};
use crate::features::{Featurizer, NgramTable, SparseRow, TermCounts, Vocabulary, Weighting};
use crate::model::{Block, BlockKind, Linear};
use crate::tokenizer::{HouseStyle, LanguageRules, Tokenizer, TokenizerConfig, WordIdCache};
use crate::train::Row;
use crate::train::dataset::counted::Corpus;
use crate::train::solver::csc::Column;
use crate::vectors::Vectors;

/// The texts' vectors: for each text its tf-idf row over the words that have vectors, of unit
/// length and with the idf of the vectors' archive, times the words' vectors.
#[derive(Debug)]
pub(crate) struct TextVectors {
    vectors: Arc<Vectors>,
    /// As the rows' terms are made, but single words.
    tokenizer_config: TokenizerConfig,
    values: Vec<f64>,
}

impl TextVectors {
    /// The vectors of all rows, where a model's own terms are made by `own`.
    ///
    /// # Errors
    /// No vectors, or a recipe that makes other words of texts than theirs; a stop.
    pub(crate) fn of_rows(corpus: Corpus<'_>, own: &TokenizerConfig) -> Result<Self> {
        let vectors = corpus.vectors.ok_or_else(|| {
            Error::invalid_parameter("vectors", "none", "word vectors, which a block of vectors needs")
        })?;
        check_forms(vectors, own)?;
        let tokenizer_config = TokenizerConfig { words: Some((1, 1)), chars: None, ..own.clone() };
        let tokenizer = Tokenizer::new(&tokenizer_config)?.with_min_words(corpus.min_words);
        let featurizer = featurizer(vectors)?;
        let of_row = |buffers: &mut Buffers, row: &Row| {
            corpus.progress.check()?;
            Ok(buffers.vector(&row.text, &tokenizer, vectors, &featurizer))
        };
        let rows = corpus.rows.rows.par_iter().map_init(Buffers::default, of_row);
        let values = rows.collect::<Result<Vec<Vec<f64>>>>()?.concat();
        Ok(TextVectors { vectors: Arc::clone(vectors), tokenizer_config, values })
    }

    /// The vector of a row.
    fn row(&self, row: usize) -> &[f64] {
        let dimensions = self.vectors.dimensions();
        &self.values[row * dimensions..(row + 1) * dimensions]
    }

    /// Numbers of all rows.
    pub(crate) fn entries(&self) -> usize {
        self.values.len()
    }
}

/// The numbers of the rows' vectors as columns.
pub(crate) struct VectorColumns {
    texts: Arc<TextVectors>,
    scale: f64,
    rows: usize,
}

impl VectorColumns {
    /// Columns for so many rows, whose values are multiplied by `scale`.
    pub(crate) fn new(texts: &Arc<TextVectors>, scale: f64, rows: usize) -> Self {
        VectorColumns { texts: Arc::clone(texts), scale, rows }
    }

    /// Number of columns.
    pub(crate) fn len(&self) -> usize {
        self.texts.vectors.dimensions()
    }

    /// Columns of as many entries as there are rows.
    pub(crate) fn columns(&self) -> impl Iterator<Item = Column> {
        let valued_entries = self.rows as u32;
        (0..self.len() as u32).map(move |key| Column { key, factor: 1.0, unit_entries: 0, valued_entries })
    }

    /// Columns and values of a row.
    pub(crate) fn row(&self, row: usize) -> impl Iterator<Item = (u32, f64)> {
        (0u32..).zip(self.texts.row(row).iter().map(|value| self.scale * value))
    }

    /// The block of features that adds to a model's margins what was learned for the columns: each
    /// word with its weights.
    ///
    /// # Errors
    /// A weight too large for f32.
    pub(crate) fn finish(&self, learned: &[f64], classes: usize) -> Result<Block> {
        let TextVectors { vectors, tokenizer_config, .. } = &*self.texts;
        let weights: Vec<f32> =
            multiply_out(vectors, self.scale, learned).iter().map(|&weight| weight as f32).collect();
        Ok(Block {
            kind: BlockKind::Vectors,
            tokenizer_config: tokenizer_config.clone(),
            featurizer: featurizer(vectors)?,
            linear: Linear::new(weights, vec![0.0; Linear::columns(classes)], classes)?,
        })
    }
}

/// One thread's buffers.
#[derive(Default)]
struct Buffers {
    ids: WordIdCache,
    counts: TermCounts,
    row: SparseRow,
}

impl Buffers {
    fn vector(
        &mut self,
        text: &str,
        tokenizer: &Tokenizer,
        vectors: &Vectors,
        featurizer: &Featurizer,
    ) -> Vec<f64> {
        let Buffers { ids, counts, row } = self;
        counts.clear(0);
        let mut id = |word: &str, _| vectors.find(word).unwrap_or(NgramTable::UNKNOWN);
        tokenizer.token_ids(tokenizer.normalize(text).text(), ids, &mut id, &mut |id| counts.add(id));
        featurizer.vectorize(counts.all(), row);
        let mut sum = vec![0.0; vectors.dimensions()];
        for (word, weight) in row.iter() {
            sum.iter_mut().zip(vectors.vector(word)).for_each(|(sum, value)| *sum += weight * value);
        }
        sum
    }
}

fn featurizer(vectors: &Vectors) -> Result<Featurizer> {
    let idf: Vec<f32> = (0..vectors.len() as u32).filter_map(|word| vectors.idf(word)).collect();
    Featurizer::new(Weighting::TfIdf, Vocabulary::from_terms(vectors.words())?, idf)
}

/// Refuses vectors of words in other forms than a model's.
pub(crate) fn check_forms(vectors: &Vectors, tokenizer_config: &TokenizerConfig) -> Result<()> {
    if vectors.tokenizer_config().has_forms_of(tokenizer_config) {
        return Ok(());
    }
    let forms = |config: &TokenizerConfig| {
        let language = config.language.map_or("none", |language| language.code());
        let stem = if config.stem { "stems" } else { "no stems" };
        let case = if config.fold_case { "" } else { ", case kept" };
        let style = if config.house_style == HouseStyle::Unify { ", one house style" } else { "" };
        let rules = if config.language_rules == LanguageRules::Full { " (full rules)" } else { "" };
        format!("language {language}{rules}, {stem}{case}{style}")
    };
    let (found, expected) = (forms(vectors.tokenizer_config()), forms(tokenizer_config));
    let message = Message::parameter("vectors").then(format!(
        " were made with {found}; the model is trained with {expected}, and both must be the same"
    ));
    Err(Error::invalid_parameter("vectors", found, expected)
        .with_message(message)
        .with_hint("make the vectors again with the model's settings, or train with theirs"))
}

/// Multiplies learned weights out: for each word that has a vector, what one unit of its tf-idf
/// weight adds to each column. `learned` holds a row of columns for each dimension.
fn multiply_out(vectors: &Vectors, scale: f64, learned: &[f64]) -> Vec<f64> {
    let columns = learned.len() / vectors.dimensions().max(1);
    let mut out = Vec::with_capacity(vectors.len() * columns);
    for word in 0..vectors.len() as u32 {
        let start = out.len();
        out.resize(start + columns, 0.0);
        for (value, learned) in vectors.vector(word).zip(learned.chunks_exact(columns.max(1))) {
            let own = &mut out[start..];
            own.iter_mut().zip(learned).for_each(|(out, learned)| *out += scale * value * learned);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;
    use crate::read::{Input, InputOptions, Inputs};
    use crate::threads::Threads;
    use crate::train::BlockSettings;
    use crate::train::dataset::blocks::BlockColumns;
    use crate::train::dataset::data::Data;
    use crate::train::dataset::row::Rows;
    use crate::train::fit::{FitParams, fit};
    use crate::train::hyperparameters::Hyperparameters;
    use crate::train::{TrainParams, train};
    use crate::vectors::{Archive, VectorsParams, make_vectors};

    const WORDS: [&str; 10] =
        ["rain", "snow", "frost", "storm", "cloud", "tax", "wage", "bank", "loan", "price"];

    /// Vectors of words of two themes.
    fn vectors() -> Arc<Vectors> {
        let theme = |from: usize, n: usize| {
            let words: Vec<&str> = (0..20).map(|k| WORDS[from + (k * k + n * (k + 1)) % 5]).collect();
            format!("on day {n} {}", words.join(" "))
        };
        let text: Vec<String> = (0..80).map(|n| theme(5 * (n % 2), n)).collect();
        let read = || {
            let input = Input::from_bytes("news.txt", text.join("\n\n").into_bytes());
            Box::new(Inputs::new([input], InputOptions::default()))
        };
        let archive = Archive {
            passes: [read(), read()],
            options: &InputOptions::default(),
            on_failure: &mut |error| panic!("{error}"),
        };
        let params = VectorsParams { min_count: 2, dimensions: 5, ..VectorsParams::default() };
        make_vectors(archive, &params, &Threads::new(1).unwrap(), &Silent).unwrap().0.into()
    }

    /// Rows of three labels about two of the words each.
    fn rows(labels: usize) -> Vec<Row> {
        (0..60)
            .map(|n| {
                let label = n % labels;
                let (own, other) = (WORDS[3 * label + n % 3], WORDS[3 * label + n % 2]);
                Row::new(
                    ["a", "b", "c"][label],
                    format!("on day {n} there was {own} and {other} and more of {own}"),
                )
            })
            .collect()
    }

    fn settings() -> Hyperparameters {
        let block = BlockSettings { weight: 0.5, ..BlockSettings::new(BlockKind::Vectors) };
        Hyperparameters { blocks: vec![block], ..Hyperparameters::default() }
    }

    #[test]
    fn a_texts_vector_is_the_sum_of_its_words_by_tf_idf() {
        let vectors = vectors();
        let rows =
            Rows::new(vec![Row::new("a", "No rain, rain! A tax; unheard of"), Row::new("b", "")]).unwrap();
        let corpus =
            Corpus { rows: &rows, unlabeled: &[], min_words: 5, vectors: Some(&vectors), progress: &Silent };
        let found = TextVectors::of_rows(corpus, &TokenizerConfig::default()).unwrap();
        let id = |word| vectors.find(word).unwrap();
        let idf = |word| f64::from(vectors.idf(id(word)).unwrap());
        let weights = [("rain", (1.0 + 2f64.ln()) * idf("rain")), ("tax", idf("tax"))];
        let length = weights.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        for dimension in 0..vectors.dimensions() {
            let of = |word| vectors.vector(id(word)).nth(dimension).unwrap();
            let plain: f64 = weights.iter().map(|(word, weight)| weight / length * of(word)).sum();
            assert!((found.row(0)[dimension] - plain).abs() < 1e-12, "{dimension}");
            assert_eq!(found.row(1)[dimension], 0.0);
        }
    }

    #[test]
    fn multiplied_out_weights_give_the_margins_of_the_two_blocks() {
        let vectors = vectors();
        for labels in [2, 3] {
            let rows = rows(labels);
            let data_rows = Rows::new(rows.clone()).unwrap();
            let corpus = Corpus {
                rows: &data_rows,
                unlabeled: &[],
                min_words: 5,
                vectors: Some(&vectors),
                progress: &Silent,
            };
            let settings = settings();
            let data = Data::new(corpus, &settings).unwrap();
            let all: Vec<usize> = (0..rows.len()).collect();
            let fitted = fit(&data, FitParams { settings: &settings, tolerance: 1e-9 }, &all).unwrap();
            let (terms, columns) = (fitted.features.own.len(), fitted.logistic.intercepts().len());
            let [BlockColumns::Vectors(block)] = fitted.features.blocks.as_slice() else {
                panic!("one block")
            };
            let learned = &fitted.logistic.weights()[terms * columns..];
            assert!(learned.iter().any(|weight| weight.abs() > 1e-3));
            let out = multiply_out(&vectors, 0.5, learned);
            let tokenizer = Tokenizer::new(&settings.tokenizer_config).unwrap();
            let featurizer = featurizer(&vectors).unwrap();
            for (row, text) in rows.iter().map(|row| row.text.as_str()).enumerate() {
                let plain: Vec<f64> = (0..columns)
                    .map(|column| {
                        let pairs = block.row(row).zip(learned.chunks_exact(columns));
                        pairs.map(|((_, value), own)| value * own[column]).sum()
                    })
                    .collect();
                let mut counts = TermCounts::default();
                let mut id = |word: &str, _| vectors.find(word).unwrap_or(NgramTable::UNKNOWN);
                tokenizer.token_ids(text, &mut WordIdCache::default(), &mut id, &mut |id| counts.add(id));
                let mut weighed = SparseRow::default();
                featurizer.vectorize(counts.all(), &mut weighed);
                for (column, plain) in plain.iter().enumerate() {
                    let product: f64 = weighed
                        .iter()
                        .map(|(word, value)| value * out[word as usize * columns + column])
                        .sum();
                    assert!((product - plain).abs() < 1e-9, "{product} {plain}");
                }
            }
        }
    }

    #[test]
    fn a_model_scores_without_the_vectors_what_it_has_learned_with_them() {
        let vectors = vectors();
        // `loan` and `price` stand in no row, but beside `tax` and `bank` in the archive.
        let rows: Vec<Row> = rows(3).into_iter().filter(|row| row.label != "b").collect();
        let params = TrainParams {
            settings: settings(),
            vectors: Some(vectors.clone()),
            folds: 3,
            min_words: 1,
            ..TrainParams::default()
        };
        let (model, report) = train(&rows, params.clone(), &Threads::new(2).unwrap()).unwrap();
        assert!(report.cross_validation.is_some());
        let note = model.provenance.vectors.as_ref().unwrap();
        assert_eq!((note.words, &note.sha256), (vectors.len() as u64, &vectors.digest().unwrap()));
        let read = crate::Model::from_bytes(&model.to_bytes().unwrap()).unwrap();
        let classifier = crate::Classifier::new(read).unwrap();
        let probability = |text: &str| classifier.worker().score_unit(text).probabilities()[1];
        // Labels are a and c: rain, snow and frost; wage, bank and loan.
        assert!(
            probability("There was price and tax.") > 0.5 && probability("There was cloud and storm.") < 0.5
        );
        let without = TrainParams { vectors: None, settings: Hyperparameters::default(), ..params.clone() };
        let (without, _) = train(&rows, without, &Threads::new(1).unwrap()).unwrap();
        assert!(without.more_blocks.is_empty());
        let (again, _) = train(&rows, params, &Threads::new(1).unwrap()).unwrap();
        assert_eq!(again.to_bytes().unwrap(), model.to_bytes().unwrap(), "on any number of threads");
    }

    #[test]
    fn vectors_of_other_words_and_scales_without_vectors_are_refused() {
        let vectors = Some(vectors());
        let mut params =
            TrainParams { vectors: vectors.clone(), settings: settings(), ..TrainParams::default() };
        assert!(params.check().is_ok());
        params.settings.tokenizer_config.stem = false;
        let error = params.check().unwrap_err();
        assert_eq!(error.parameter(), Some("vectors"));
        assert!(
            error.to_string().contains("stems; the model is trained with language en, no stems"),
            "{error}"
        );
        let mut params =
            TrainParams { vectors: vectors.clone(), settings: settings(), ..TrainParams::default() };
        params.settings.blocks[0].weight = 0.0;
        assert_eq!(params.check().unwrap_err().parameter(), Some("vectors_scale"));
        let without = Hyperparameters::default;
        for (vectors, settings) in [(None, settings()), (vectors, without())] {
            let params = TrainParams { vectors, settings, ..TrainParams::default() };
            assert_eq!(params.check().unwrap_err().parameter(), Some("vectors"));
        }
    }

    #[test]
    fn tuning_tries_scales() {
        let options = crate::train::Tuning { trials: 40, ..Default::default() };
        let options = crate::train::TrainOptions { tuning: Some(&options), ..Default::default() };
        let params = TrainParams {
            settings: settings(),
            vectors: Some(vectors()),
            folds: 3,
            held_out: false,
            ..TrainParams::default()
        };
        let (_, report) =
            crate::train::train_with(rows(3), params, &options, &Threads::new(2).unwrap()).unwrap();
        let scales: std::collections::BTreeSet<String> =
            report.trials.iter().map(|trial| format!("{:?}", trial.settings.blocks)).collect();
        assert!(scales.len() >= 5, "{scales:?}");
        assert!(scales.contains("[]"), "no vectors are tried too: {scales:?}");
        assert!(report.trials.iter().all(|trial| trial.settings.tokenizer_config.stem));
    }
}
