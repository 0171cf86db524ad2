//! Documents to verdicts: the [`Classifier`] that threads share, the [`Worker`] with one thread's buffers, and batches.

mod batch;
mod compiled_model;
pub mod explain;
mod loaded_language;
mod scorer;
mod shared_tokens;
mod totals;
pub mod verdict;

pub use batch::{BatchSize, score_in_order};
use compiled_model::Compiled;
use loaded_language::{Bias, Sentences};
use scorer::{TextScorer, UnitStats};
use shared_tokens::{ModelSlot, PartTokens, SharedTokens};
use totals::{DocumentTotals, weighted_mean};

use crate::classifier::verdict::{Decision, ParagraphScore, Reason, UnitScore, Verdict};
use crate::error::{Error, Result};
use crate::features::{SparseRow, TermCounts};
use crate::label::{LabelSet, argmax};
use crate::model::{LowConfidence, Model, Preparation, SetRule, Sets, Unit};
use crate::text::document::Document;
use crate::text::paragraph::{Paragraph, paragraphs, passages};
use crate::text::sentence::sentences;
use crate::text::span::Span;
use crate::text::{boilerplate, language};
use crate::tokenizer::{Term, TokenBuf, Tokenizer};

/// A text of which a greater share of words is known is not asked for its language: two thirds of the words of another
/// language are never in a vocabulary by chance, and asking takes time.
const KNOWN_LANGUAGE: f64 = 2.0 / 3.0;

/// A model made ready for scoring. It is never changed, and any number of threads may share it.
#[derive(Debug)]
pub struct Classifier {
    model: Model,
    tokenizer: Tokenizer,
    compiled: Compiled,
    bias: Option<Box<Bias>>,
    sets: Option<Sets>,
}

/// One thread's buffers.
#[derive(Debug)]
pub struct Worker<'c> {
    classifier: &'c Classifier,
    bag: TextScorer,
    margins: Vec<f64>,
    second: Option<Box<Second<'c>>>,
}

/// One thread's buffers for the model of sentences.
#[derive(Debug)]
struct Second<'c> {
    worker: Worker<'c>,
    /// Words of both models, where they can be read together.
    both: Option<SharedTokens>,
}

impl Classifier {
    /// Makes a model ready.
    ///
    /// # Errors
    /// Parts that do not fit together.
    pub fn new(model: Model) -> Result<Self> {
        model.check()?;
        let tokenizer = Tokenizer::new(&model.tokenizer_config)?;
        let compiled = Compiled::new(&model)?;
        Ok(Classifier { model, tokenizer, compiled, bias: None, sets: None })
    }

    /// Reads a model file's bytes and makes the model ready.
    ///
    /// # Errors
    /// As [`Model::from_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        Classifier::new(Model::from_bytes(bytes)?)
    }

    /// The same classifier with another preparation than its model asks for.
    pub fn with_preparation(mut self, preparation: Preparation) -> Self {
        self.model.preparation = preparation;
        self
    }

    /// The same classifier with a second model of sentences, which says how many of them are loaded: those whose likeliest
    /// label has an axis value over 0.
    ///
    /// # Errors
    /// A second model without an axis, or with one that has no label over 0.
    pub fn with_bias(mut self, sentences: Classifier) -> Result<Self> {
        self.bias = Some(Box::new(Bias::new(sentences)?));
        Ok(self)
    }

    /// The same classifier, which gives every unit a set of labels that holds the right one with this probability.
    ///
    /// # Errors
    /// A coverage outside 0 to 1, or a model trained without cross-validation.
    pub fn with_coverage(mut self, coverage: f64, rule: SetRule) -> Result<Self> {
        let conformal = self.model.conformal.as_ref().ok_or_else(|| {
            Error::model("it was trained without cross-validation and cannot give sets of labels; retrain it with --folds")
        })?;
        self.sets = Some(conformal.sets(coverage, rule)?);
        Ok(self)
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The classes.
    pub fn labels(&self) -> &LabelSet {
        &self.model.labels
    }

    /// Buffers for one thread.
    pub fn worker(&self) -> Worker<'_> {
        Worker {
            classifier: self,
            bag: TextScorer::default(),
            margins: Vec::new(),
            second: self.bias.as_ref().map(|bias| {
                let sentences = bias.classifier();
                let both = SharedTokens::can_read([self, sentences]).then(SharedTokens::default);
                Box::new(Second { worker: sentences.worker(), both })
            }),
        }
    }

    /// Scores one text by itself. For many texts make one [`Worker`] a thread, or call [`score_in_order`].
    pub fn score(&self, text: &str) -> Verdict {
        self.worker().score(text)
    }

    /// The places of a document's text that are scored: its paragraphs without boilerplate, or all of it.
    pub fn scored_spans(&self, document: &Document) -> Vec<Span> {
        match self.model.unit {
            Unit::Document => vec![Span::new(0, document.text.len())],
            Unit::Paragraph => self.kept_paragraphs(&document.text, document.title.as_deref()),
        }
    }

    /// Paragraphs that are no boilerplate, joined into passages where the model asks for them. What is dropped ends a passage.
    fn kept_paragraphs(&self, text: &str, title: Option<&str>) -> Vec<Span> {
        let all = paragraphs(text);
        let join = |run: &[Paragraph]| match self.model.passage_words {
            0 => run.iter().map(|paragraph| paragraph.span).collect(),
            least => passages(run, least),
        };
        if !self.model.preparation.drop_boilerplate {
            return join(&all);
        }
        let rules = boilerplate::rules(text, &all, title);
        let mut kept = Vec::new();
        let mut rest = all.as_slice();
        for run in rules.split(Option::is_some) {
            let (now, after) = rest.split_at_checked(run.len()).unwrap_or((rest, &[]));
            kept.extend(join(now));
            rest = after.get(1..).unwrap_or(&[]);
        }
        kept
    }

    /// Whether a unit is in another language than the model's.
    fn is_foreign(&self, text: &str, found: &UnitStats) -> bool {
        let Some(expected) =
            self.model.tokenizer_config.language.filter(|_| self.model.thresholds.other_language)
        else {
            return false;
        };
        let mostly_known = self.model.tokenizer_config.has_single_words()
            && found.known as f64 >= KNOWN_LANGUAGE * found.words as f64;
        !mostly_known && language::is_other(text, expected)
    }

    /// Why a text gets no label, if it gets none. `confidence` is the probability of its top class.
    fn reason(&self, sums: &DocumentTotals, confidence: f64) -> Option<Reason> {
        let thresholds = &self.model.thresholds;
        let least = |low: LowConfidence| if sums.units > 1 { low.document } else { low.unit };
        if self.too_few(sums.words) {
            Some(Reason::TooShort)
        } else if 2 * sums.foreign_words > sums.words {
            Some(Reason::OtherLanguage)
        } else if !sums.any_feature {
            Some(Reason::NothingKnown)
        } else if sums.likeness().zip(thresholds.off_topic).is_some_and(|(found, off)| found < off.least) {
            Some(Reason::OffTopic)
        } else if thresholds.low_confidence.is_some_and(|low| confidence < least(low)) {
            Some(Reason::LowConfidence)
        } else {
            None
        }
    }

    fn too_few(&self, words: usize) -> bool {
        words < self.model.thresholds.min_words as usize
    }
}

impl<'c> Worker<'c> {
    /// The classifier it works for.
    pub fn classifier(&self) -> &'c Classifier {
        self.classifier
    }

    /// Scores a document's text by the rule of the model's unit.
    pub fn document(&mut self, document: &Document) -> Verdict {
        let verdict = match self.classifier.model.unit {
            Unit::Document => self.one_unit(&document.text),
            Unit::Paragraph => self.paragraphs(&document.text, document.title.as_deref()),
        };
        self.shrink();
        verdict
    }

    /// Scores a text by the rule of the model's unit: paragraph by paragraph, or as one bag of terms.
    pub fn score(&mut self, text: &str) -> Verdict {
        match self.classifier.model.unit {
            Unit::Document => self.one_unit(text),
            Unit::Paragraph => self.paragraphs(text, None),
        }
    }

    /// Scores a text as one unit, whatever its length: a training row, a paragraph, a whole text.
    pub fn one_unit(&mut self, text: &str) -> Verdict {
        let mut sums = DocumentTotals::default();
        let (score, sentences) = self.unit_and_sentences(text);
        sums.add(&score);
        sums.sentences = sentences;
        let verdict = self.verdict(score.probabilities, &sums, Vec::new());
        Verdict { set: score.set, ..verdict }
    }

    /// Gives back the room that only a huge text needs: each thread has such buffers.
    fn shrink(&mut self) {
        const KEPT: usize = 1 << 16;
        self.bag.shrink(KEPT);
        if let Some(second) = &mut self.second {
            second.worker.bag.shrink(KEPT);
            second.both.as_mut().into_iter().for_each(|both| both.shrink(KEPT));
        }
    }

    /// The score of one unit of text. A unit without features scores as the intercepts alone.
    pub fn unit(&mut self, text: &str) -> UnitScore {
        let Classifier { model, tokenizer, compiled, .. } = self.classifier;
        let found = self.bag.margins((model, tokenizer, compiled), text, &mut self.margins);
        self.unit_score(text, &found)
    }

    /// The score of the unit whose margins were found last.
    fn unit_score(&mut self, text: &str, found: &UnitStats) -> UnitScore {
        let Classifier { model, .. } = self.classifier;
        model.calibration.apply(&mut self.margins);
        UnitScore {
            probabilities: self.margins.clone(),
            words: found.words,
            known_words: model.tokenizer_config.has_single_words().then_some(found.known),
            any_feature: found.any_feature,
            topic: model.topic.as_ref().map(|_| found.topic),
            other_language: self.classifier.is_foreign(text, found),
            set: self.classifier.sets.as_ref().map(|sets| sets.of(&self.margins)),
        }
    }

    /// The score of one unit of text, and its loaded sentences if there is a second model. What both models need of the text is
    /// read once where that gives the same answers.
    fn unit_and_sentences(&mut self, text: &str) -> (UnitScore, Sentences) {
        let mut sentences_found = Sentences::default();
        let Some(mut second) = self.second.take() else { return (self.unit(text), sentences_found) };
        let Second { worker, both } = &mut *second;
        let models = [self.classifier, worker.classifier];
        let read = both.as_mut().and_then(|both| both.read(models, text));
        let mut whole = read.map(|both| both.parts(text, ModelSlot::First, self.classifier));
        let found = self.margins_of(whole.as_mut(), text, Span::new(0, text.len()));
        let score = self.unit_score(text, &found);
        let mut parts = read.map(|both| both.parts(text, ModelSlot::Second, worker.classifier));
        for sentence in sentences(text) {
            let found = worker.margins_of(parts.as_mut(), text, sentence);
            sentences_found.add(worker.is_loaded(&found));
        }
        self.second = Some(second);
        (score, sentences_found)
    }

    /// Finds the margins of a part of a text, by words that were read before if that can be.
    fn margins_of(&mut self, read: Option<&mut PartTokens<'_>>, text: &str, part: Span) -> UnitStats {
        let Classifier { model, tokenizer, compiled, .. } = self.classifier;
        match read.and_then(|parts| parts.next(part, &mut self.bag.tokens)) {
            Some(()) => {
                let words = self.bag.tokens.len();
                self.bag.margins_of_tokens((model, compiled), words, &mut self.margins)
            }
            None => self.bag.margins((model, tokenizer, compiled), part.of(text), &mut self.margins),
        }
    }

    /// The row of a text and every occurrence of a feature in it, for explanations: what scoring does with compiled tables, term
    /// by term.
    pub(crate) fn row_with_places(&self, text: &str, found: &mut dyn FnMut(u32, Span)) -> SparseRow {
        let Classifier { model, tokenizer, .. } = self.classifier;
        let (mut tokens, mut row) = (TokenBuf::default(), SparseRow::default());
        let mut counts = TermCounts::default();
        tokenizer.tokenize(text, &mut tokens);
        counts.clear(tokens.len());
        tokenizer.terms(&tokens, &mut String::new(), &mut |term: Term<'_>| {
            if let Some(feature) = model.featurizer.vocabulary().find(term.text) {
                counts.add(feature);
                found(feature, term.span);
            }
        });
        model.featurizer.weigh(counts.all(), &mut row);
        row
    }

    fn paragraphs(&mut self, text: &str, title: Option<&str>) -> Verdict {
        let mut sums = DocumentTotals::default();
        let mut paragraphs: Vec<ParagraphScore> = self
            .classifier
            .kept_paragraphs(text, title)
            .into_iter()
            .map(|span| {
                let (score, sentences) = self.unit_and_sentences(span.of(text));
                sums.add(&score);
                sums.sentences += sentences;
                ParagraphScore { span, weight: 0.0, score, loaded: sentences.loaded_share() }
            })
            .collect();
        if paragraphs.is_empty() {
            return self.one_unit("");
        }
        self.weigh(&mut paragraphs);
        let probabilities = weighted_mean(&paragraphs, self.classifier.labels().len());
        self.verdict(probabilities, &sums, paragraphs)
    }

    /// Gives each paragraph its share. One that would abstain by itself, because it is too short, holds nothing known or is
    /// in another language, has none, unless all are like that.
    fn weigh(&self, paragraphs: &mut [ParagraphScore]) {
        let rule = self.classifier.model.paragraph_weight;
        let speaks = |score: &UnitScore| {
            score.any_feature && !score.other_language && !self.classifier.too_few(score.words)
        };
        for paragraph in paragraphs.iter_mut() {
            paragraph.weight = if speaks(&paragraph.score) { rule.of(paragraph.score.words) } else { 0.0 };
        }
        let mut sum: f64 = paragraphs.iter().map(|paragraph| paragraph.weight).sum();
        if sum <= 0.0 {
            paragraphs.iter_mut().for_each(|paragraph| paragraph.weight = 1.0);
            sum = paragraphs.len() as f64;
        }
        paragraphs.iter_mut().for_each(|paragraph| paragraph.weight /= sum);
    }

    fn verdict(
        &self,
        probabilities: Vec<f64>,
        sums: &DocumentTotals,
        paragraphs: Vec<ParagraphScore>,
    ) -> Verdict {
        let top = argmax(&probabilities);
        let confidence = probabilities.get(top.index()).copied().unwrap_or(0.0);
        Verdict {
            decision: self
                .classifier
                .reason(sums, confidence)
                .map_or(Decision::Label(top), Decision::Abstain),
            top,
            slant: self.classifier.labels().slant(&probabilities),
            probabilities,
            words: sums.words,
            known: sums.known_words.filter(|_| sums.words > 0).map(|known| known as f64 / sums.words as f64),
            topic: sums.likeness(),
            loaded: sums.sentences.loaded_share(),
            set: None,
            paragraphs,
        }
    }
}
