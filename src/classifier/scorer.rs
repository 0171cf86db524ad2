//! Computes the margins of a text with compiled tables: the same numbers, bit for bit, as tokens, terms, a row and the model's
//! weights give one after the other.

use crate::classifier::compiled_model::CompiledModel;
use crate::classifier::tables::{FEATURE, KNOWN, Tables, UNKNOWN};
use crate::features::{Featurizer, NgramLookup, TermCounts};
use crate::model::Model;
use crate::tokenizer::{WordIdCache, char_ngrams};

/// Character n-grams that are remembered for words seen, at most, before all are forgotten.
const MAX_CHAR_NGRAMS: usize = 1 << 20;

/// One thread's buffers for one model.
#[derive(Debug, Default)]
pub(super) struct TextScorer {
    word_ids: WordIdCache,
    /// Words seen of a model with character n-grams.
    forms: CharNgramCache,
    /// The tokens of a text: nodes with flags or, for a model with character n-grams, numbers of forms.
    tokens: Vec<u32>,
    walk: NgramLookup,
    counts: TermCounts,
    values: Vec<f64>,
}

/// What a unit of text holds.
#[derive(Debug, Default)]
pub(super) struct UnitStats {
    pub words: usize,
    pub known: usize,
    /// Sum of the topic weights of the known words.
    pub topic: f64,
    pub any_feature: bool,
}

impl TextScorer {
    /// Computes the margins of a normal text into `margins`.
    pub(super) fn score_text(
        &mut self,
        model: &CompiledModel,
        text: &str,
        margins: &mut Vec<f64>,
    ) -> UnitStats {
        let words = self.read(model, text);
        self.score_tokens(model, words, margins)
    }

    /// The tokens that [`TextScorer::score_tokens`] scores, to be replaced.
    pub(super) fn tokens_mut(&mut self) -> &mut Vec<u32> {
        &mut self.tokens
    }

    /// Computes the margins of the tokens into `margins`; `words` of them are words.
    pub(super) fn score_tokens(
        &mut self,
        CompiledModel { model, tables, .. }: &CompiledModel,
        words: usize,
        margins: &mut Vec<f64>,
    ) -> UnitStats {
        let mut stats = UnitStats { words, ..UnitStats::default() };
        let forms = model.tokenizer_config.chars.map(|_| &self.forms);
        let token = |token: &u32| forms.map_or(*token, |forms| forms.token(*token));
        let tokens = self.tokens.iter().map(token);
        stats.known = tokens.clone().filter(|token| *token >= KNOWN).count();
        if model.topic.is_some() {
            // Without a branch: a sum that began at 0 is the same with 0 more.
            let weight = |token| if token >= KNOWN { tables.topic(token & UNKNOWN) } else { 0.0 };
            tokens.for_each(|token| stats.topic += weight(token));
        }
        self.count(model, tables);
        self.vectorize(&model.featurizer, tables);
        self.sum(model, tables, margins);
        stats.any_feature = !self.counts.all().is_empty();
        stats
    }

    /// Fills `tokens` from a text, and gives how many of them are words.
    fn read(&mut self, CompiledModel { model, tokenizer, tables }: &CompiledModel, text: &str) -> usize {
        let TextScorer { word_ids, forms, tokens, .. } = self;
        tokens.clear();
        match model.tokenizer_config.chars {
            None => {
                let mut token = |normal: &str, _| tables.token(normal);
                tokenizer.token_ids(text, word_ids, &mut token, &mut |token| tokens.push(token))
            }
            Some(range) => {
                if forms.nodes.len() > MAX_CHAR_NGRAMS {
                    (*forms, *word_ids) = Default::default();
                }
                let mut form = |normal: &str, is_word: bool| forms.add(normal, range, is_word, tables);
                tokenizer.token_ids(text, word_ids, &mut form, &mut |form| tokens.push(form))
            }
        }
    }

    /// Counts the features of all tokens: at each its word n-grams from the shortest, then its character n-grams.
    fn count(&mut self, model: &Model, tables: &Tables) {
        let TextScorer { forms, tokens, walk, counts, .. } = self;
        counts.clear(tokens.len());
        let high = model.tokenizer_config.words.map_or(0, |(_, high)| usize::from(high));
        let word = |token: u32| if token & FEATURE != 0 { token & UNKNOWN } else { UNKNOWN };
        let node = |token: u32| token & UNKNOWN;
        // The usual recipe: all nodes of pairs are features, so that a block is counted in one go.
        if model.tokenizer_config.chars.is_none() && high == 2 {
            walk.each(&tables.ngrams, (tokens, high), node, &mut |block, longer| {
                counts.add_all(2 * block.len(), |counts| {
                    for (&token, &pair) in block.iter().zip(longer.pairs()) {
                        for node in [word(token), pair] {
                            tables.prefetch(node);
                            counts.add(node);
                        }
                    }
                });
            });
            return;
        }
        let forms = model.tokenizer_config.chars.map(|_| &*forms);
        let token = |token| forms.map_or(token, |forms| forms.token(token));
        walk.each(&tables.ngrams, (tokens, high), |form| node(token(form)), &mut |block, longer| {
            for (at, &form) in block.iter().enumerate() {
                counts.add(word(token(form)));
                let features = longer.at(at).filter(|node| tables.feature(*node).is_some());
                features.for_each(|node| counts.add(node));
                forms.into_iter().flat_map(|forms| forms.chars(form)).for_each(|node| counts.add(*node));
            }
        });
    }

    /// The weight of each counted feature, as the model weighs them.
    fn vectorize(&mut self, featurizer: &Featurizer, tables: &Tables) {
        let TextScorer { counts, values, .. } = self;
        values.clear();
        // First all that must be fetched from memory, then the arithmetic: the processor can wait for many at once.
        values.extend(counts.all().iter().map(|(node, _)| tables.idf(*node)));
        let (weighting, mut squared_norm) = (featurizer.weighting(), 0.0);
        for (value, (_, count)) in values.iter_mut().zip(counts.all()) {
            *value = weighting.weight(*count, *value);
            squared_norm += *value * *value;
        }
        weighting.normalize(squared_norm, values);
    }

    /// The margins: intercept plus weight x value, summed in the order of first occurrence, as `Linear::margins` does.
    fn sum(&self, model: &Model, tables: &Tables, margins: &mut Vec<f64>) {
        margins.clear();
        margins.extend(model.linear.intercepts().iter().copied().map(f64::from));
        let features = self.counts.all().iter().map(|(node, _)| *node).zip(&self.values);
        match margins.as_mut_slice() {
            // The usual numbers of columns, held in registers.
            [sum] => {
                let records = tables.records();
                for (node, value) in features {
                    if let Some([_, a]) = records.get(node as usize) {
                        *sum += value * f64::from(*a);
                    }
                }
            }
            [one, two, three] => {
                let (mut x, mut y, mut z) = (*one, *two, *three);
                let records = tables.records();
                for (node, value) in features {
                    if let Some([_, a, b, c]) = records.get(node as usize) {
                        x += value * f64::from(*a);
                        y += value * f64::from(*b);
                        z += value * f64::from(*c);
                    }
                }
                (*one, *two, *three) = (x, y, z);
            }
            margins => {
                for (node, value) in features {
                    let weights = tables.feature(node).map_or(&[][..], |(_, weights)| weights);
                    margins
                        .iter_mut()
                        .zip(weights)
                        .for_each(|(sum, weight)| *sum += value * f64::from(*weight));
                }
            }
        }
        model.linear.split(margins);
    }

    /// Gives back the room of more than so many tokens.
    pub(super) fn shrink(&mut self, kept: usize) {
        self.tokens.clear();
        self.tokens.shrink_to(kept);
        self.values.clear();
        self.values.shrink_to(kept);
        self.counts.shrink(kept);
    }
}

/// Tokens of a model with character n-grams: each with its own node and those of its n-grams.
#[derive(Debug, Default)]
struct CharNgramCache {
    /// Node with flags, and the end of its character n-grams in `nodes`.
    all: Vec<(u32, u32)>,
    nodes: Vec<u32>,
}

impl CharNgramCache {
    fn add(&mut self, normal: &str, range: (u8, u8), is_word: bool, tables: &Tables) -> u32 {
        if is_word {
            char_ngrams(range, normal, &mut String::new(), &mut |term| {
                self.nodes.extend(tables.char_ngram(term));
            });
        }
        self.all.push((tables.token(normal), self.nodes.len() as u32));
        self.all.len() as u32 - 1
    }

    fn token(&self, form: u32) -> u32 {
        self.all.get(form as usize).map_or(UNKNOWN, |(token, _)| *token)
    }

    fn chars(&self, form: u32) -> &[u32] {
        let end = self.all.get(form as usize).map_or(0, |(_, end)| *end as usize);
        let before = (form as usize).checked_sub(1).and_then(|before| self.all.get(before));
        self.nodes.get(before.map_or(0, |(_, end)| *end as usize)..end).unwrap_or(&[])
    }
}

#[cfg(all(test, feature = "train"))]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::TextScorer;
    use crate::classifier::Classifier;
    use crate::classifier::explain::row_with_places;
    use crate::features::Weighting;
    use crate::label::LabelSet;
    use crate::model::Model;
    use crate::text::normalization::Normalized;
    use crate::threads::Threads;
    use crate::tokenizer::{Punctuation, Quotations, TokenizerConfig};
    use crate::train::{Row, TrainParams, train};

    const TEXTS: [&str; 6] = [
        "Not one inch, said the U.S. envoy, and \"we will never sign such a paper\" was heard.",
        "One inch of land? They don’t sign — F-16s do not sign a paper either!",
        "The paper was signed; the envoy said it was one inch from peace.",
        "Peace, said they. Café régime; земля і мир, мир і земля.",
        "We will sign the paper. We will sign the land. We will not.",
        "An inch of peace… of land, of land, of land: responsibilities, responsibilities.",
    ];

    fn classifier(tokenizer_config: TokenizerConfig, weighting: Weighting, classes: usize) -> Classifier {
        let rows = TEXTS.iter().enumerate().map(|(n, text)| Row::new(["a", "b", "c"][n % classes], *text));
        let mut params = TrainParams { folds: 0, ..TrainParams::default() };
        params.settings.tokenizer_config = tokenizer_config;
        params.settings.weighting = weighting;
        params.settings.pruning.min_df = 1;
        let (model, _) = train(rows.collect::<Vec<_>>(), params, &Threads::new(1).unwrap()).unwrap();
        assert_eq!(model.labels, LabelSet::new(["a", "b", "c"].into_iter().take(classes)).unwrap());
        Classifier::new(model).unwrap()
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
        ]
    }

    /// The margins of a text, term by term.
    fn plainly(classifier: &Classifier, text: &str) -> (Vec<f64>, bool) {
        let row = row_with_places(&classifier.models().main, text, &mut |_, _| {});
        let mut margins = Vec::new();
        classifier.model().linear.margins(&row, &mut margins);
        (margins, !row.is_empty())
    }

    /// Whether compiled tables give the margins of the plain way, bit for bit.
    fn check(classifier: &Classifier, scorer: &mut TextScorer, text: &str) -> Result<(), TestCaseError> {
        let mut margins = Vec::new();
        let normal = Normalized::new(text);
        let stats = scorer.score_text(&classifier.models().main, normal.text(), &mut margins);
        let (expected, any) = plainly(classifier, normal.text());
        let bits = |margins: &[f64]| margins.iter().map(|m| m.to_bits()).collect::<Vec<_>>();
        prop_assert_eq!(bits(&margins), bits(&expected));
        prop_assert_eq!(stats.any_feature, any);
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
                    TEXTS.iter().flat_map(|text| text.split(' ')).chain(["unheard", "\n", "\n\n", "“", "\"", "F - 16"]).collect::<Vec<_>>()
                ), 0..600).prop_map(|words| words.join(" ")),
                1..4,
            )
        ) {
            // Proptest runs this on one thread: the models are trained once.
            thread_local!(static MODELS: Vec<Classifier> = classifiers());
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
}
