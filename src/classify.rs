//! Documents to verdicts: the [`Classifier`] that threads share, the [`Worker`] with one thread's buffers, and batches.

use std::sync::Mutex;

use rayon::prelude::*;

use crate::boilerplate;
use crate::document::Document;
use crate::error::{Error, Result};
use crate::feature::{RowBuf, SparseRow};
use crate::label::{LabelSet, argmax};
use crate::model::{Model, Preparation, Unit};
use crate::paragraph::paragraphs;
use crate::span::Span;
use crate::token::{Term, TokenBuf, Tokenizer};
use crate::verdict::{Decision, ParagraphScore, Reason, UnitScore, Verdict};

/// A model made ready for scoring. It is never changed, and any number of threads may share it.
#[derive(Debug)]
pub struct Classifier {
    model: Model,
    tokenizer: Tokenizer,
}

/// One thread's buffers.
#[derive(Debug)]
pub struct Worker<'c> {
    classifier: &'c Classifier,
    tokens: TokenBuf,
    scratch: String,
    counts: RowBuf,
    row: SparseRow,
    margins: Vec<f64>,
}

impl Classifier {
    /// Makes a model ready.
    ///
    /// # Errors
    /// Parts that do not fit together.
    pub fn new(model: Model) -> Result<Self> {
        model.check()?;
        let tokenizer = Tokenizer::new(&model.recipe)?;
        Ok(Classifier { model, tokenizer })
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
            tokens: TokenBuf::default(),
            scratch: String::new(),
            counts: RowBuf::new(self.model.linear.features()),
            row: SparseRow::default(),
            margins: Vec::new(),
        }
    }

    /// Scores one text by itself. For many texts make one [`Worker`] a thread, or call [`in_order`].
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

    fn kept_paragraphs(&self, text: &str, title: Option<&str>) -> Vec<Span> {
        let mut spans = paragraphs(text);
        if self.model.preparation.drop_boilerplate {
            let rules = boilerplate::rules(text, &spans, title);
            let mut dropped = rules.into_iter().map(|rule| rule.is_some());
            spans.retain(|_| !dropped.next().unwrap_or(false));
        }
        spans
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
        self.tokens.shrink();
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
        let score = self.unit(text);
        let mut sums = Sums::default();
        sums.add(&score);
        self.verdict(score.probabilities, &sums, Vec::new())
    }

    /// The score of one unit of text. A unit without features scores as the intercepts alone.
    pub fn unit(&mut self, text: &str) -> UnitScore {
        let (known_words, words) = self.featurize(text);
        let model = &self.classifier.model;
        model.linear.margins(&self.row, &mut self.margins);
        model.calibration.apply(&mut self.margins);
        UnitScore {
            probabilities: self.margins.clone(),
            words,
            known_words: model.recipe.has_single_words().then_some(known_words),
            any_feature: !self.row.is_empty(),
        }
    }

    /// Fills the row from a text; returns known words and words.
    fn featurize(&mut self, text: &str) -> (usize, usize) {
        let vocabulary = self.classifier.model.featurizer.vocabulary();
        let mut known = 0;
        let counts = &mut self.counts;
        counts.clear();
        self.classifier.tokenizer.tokenize(text, &mut self.tokens);
        self.classifier.tokenizer.terms(&self.tokens, &mut self.scratch, &mut |term| {
            if let Some(feature) = vocabulary.find(term.text) {
                counts.add(feature);
                known += usize::from(term.is_word);
            }
        });
        self.classifier.model.featurizer.weigh(counts.counts(), &mut self.row);
        (known, self.tokens.len())
    }

    /// The row of a text and every occurrence of a feature in it, for explanations.
    pub(crate) fn row_with_places(&mut self, text: &str, found: &mut dyn FnMut(u32, Span)) -> &SparseRow {
        self.featurize(text);
        let vocabulary = self.classifier.model.featurizer.vocabulary();
        self.classifier.tokenizer.terms(&self.tokens, &mut self.scratch, &mut |term: Term<'_>| {
            if let Some(feature) = vocabulary.find(term.text) {
                found(feature, term.span);
            }
        });
        &self.row
    }

    fn paragraphs(&mut self, text: &str, title: Option<&str>) -> Verdict {
        let mut paragraphs: Vec<ParagraphScore> = self
            .classifier
            .kept_paragraphs(text, title)
            .into_iter()
            .map(|span| ParagraphScore { span, weight: 0.0, score: self.unit(span.of(text)) })
            .collect();
        if paragraphs.is_empty() {
            return self.one_unit("");
        }
        self.weigh(&mut paragraphs);
        let probabilities = mean(&paragraphs, self.classifier.labels().len());
        let mut sums = Sums::default();
        paragraphs.iter().for_each(|paragraph| sums.add(&paragraph.score));
        self.verdict(probabilities, &sums, paragraphs)
    }

    /// Gives each paragraph its share. One that would abstain by itself, because it is too short or holds
    /// nothing known, has none, unless all are like that.
    fn weigh(&self, paragraphs: &mut [ParagraphScore]) {
        let rule = self.classifier.model.paragraph_weight;
        let speaks = |score: &UnitScore| score.any_feature && !self.classifier.too_few(score.words);
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

    fn verdict(&self, probabilities: Vec<f64>, sums: &Sums, paragraphs: Vec<ParagraphScore>) -> Verdict {
        let top = argmax(&probabilities);
        let decision = if self.classifier.too_few(sums.words) {
            Decision::Abstain(Reason::TooShort)
        } else if !sums.any_feature {
            Decision::Abstain(Reason::NothingKnown)
        } else {
            Decision::Label(top)
        };
        Verdict {
            decision,
            top,
            slant: self.classifier.labels().slant(&probabilities),
            probabilities,
            words: sums.words,
            known: sums.known_words.filter(|_| sums.words > 0).map(|known| known as f64 / sums.words as f64),
            paragraphs,
        }
    }
}

/// The probabilities of a document: those of its paragraphs by their weights. Weights are rounded, and where all are certain
/// the sum of many can be a little over 1.
fn mean(paragraphs: &[ParagraphScore], classes: usize) -> Vec<f64> {
    let mut probabilities = vec![0.0; classes];
    for paragraph in paragraphs {
        for (sum, p) in probabilities.iter_mut().zip(&paragraph.score.probabilities) {
            *sum += paragraph.weight * p;
        }
    }
    probabilities.iter_mut().for_each(|sum| *sum = sum.min(1.0));
    probabilities
}

/// What the units of a document have in all.
#[derive(Default)]
struct Sums {
    words: usize,
    known_words: Option<usize>,
    any_feature: bool,
}

impl Sums {
    fn add(&mut self, unit: &UnitScore) {
        self.words += unit.words;
        self.known_words = unit.known_words.map(|known| known + self.known_words.unwrap_or(0));
        self.any_feature |= unit.any_feature;
    }
}

/// Threads for a number of jobs. One job starts none; with more, the calling thread waits while they work.
#[derive(Debug)]
pub struct Pool(Option<rayon::ThreadPool>);

thread_local! {
    /// A pool whose only thread is the calling one. A thread can be in one such pool only, so it is kept.
    static ALONE: Option<rayon::ThreadPool> =
        rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build().ok();
}

impl Pool {
    /// A pool in which `jobs` threads work.
    ///
    /// # Errors
    /// No jobs at all, or a system that gives no threads.
    pub fn new(jobs: usize) -> Result<Self> {
        match jobs {
            0 => Err(Error::parameter("0 jobs; expected at least 1")),
            1 => Ok(Pool(None)),
            _ => match rayon::ThreadPoolBuilder::new().num_threads(jobs).build() {
                Ok(pool) => Ok(Pool(Some(pool))),
                Err(error) => Err(Error::parameter(format!("cannot start {jobs} threads: {error}"))),
            },
        }
    }

    /// Runs `work` with this pool's threads.
    pub fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        match &self.0 {
            Some(pool) => pool.install(work),
            // A thread of somebody else's pool stays in it: the results are the same.
            None => ALONE.with(|alone| match alone {
                Some(pool) => pool.install(work),
                None => work(),
            }),
        }
    }
}

/// How much is read before it is scored, at most: enough to keep every thread busy, little enough to keep memory flat.
#[derive(Clone, Copy, Debug)]
pub struct BatchSize {
    /// Items.
    pub items: usize,
    /// Bytes of text, by the size that each item tells.
    pub bytes: usize,
}

impl Default for BatchSize {
    fn default() -> Self {
        BatchSize { items: 1024, bytes: 4 << 20 }
    }
}

impl BatchSize {
    /// Takes one batch off `items`; an empty one at the end.
    fn take<I>(self, items: &mut impl Iterator<Item = (I, usize)>) -> Vec<I> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while batch.len() < self.items && bytes < self.bytes {
            let Some((item, length)) = items.next() else { break };
            bytes += length;
            batch.push(item);
        }
        batch
    }
}

/// Runs `score` over `items` on the pool's threads, one [`Worker`] a thread, and hands the results to `done` in the
/// order of the items. While one batch is scored, the results of the one before are handed over and the one after is
/// read: three batches are in memory at most.
///
/// # Errors
/// The first error of `done`, after which nothing more is read.
pub fn in_order<I, R, E>(
    classifier: &Classifier,
    pool: &Pool,
    items: impl Iterator<Item = (I, usize)> + Send,
    score: impl Fn(&mut Worker<'_>, I) -> R + Sync + Send,
    mut done: impl FnMut(R) -> std::result::Result<(), E> + Send,
) -> std::result::Result<(), E>
where
    I: Send,
    R: Send,
    E: Send,
{
    let size = BatchSize::default();
    let mut items = items.fuse();
    pool.run(|| {
        let workers = Workers::new(classifier);
        let mut batch = size.take(&mut items);
        let mut results: Vec<R> = Vec::new();
        while !batch.is_empty() {
            let (before, now) = (std::mem::take(&mut results), std::mem::take(&mut batch));
            let (next, scored) = rayon::join(
                || before.into_iter().try_for_each(&mut done).map(|()| size.take(&mut items)),
                || now.into_par_iter().map(|item| workers.with(|worker| score(worker, item))).collect(),
            );
            (batch, results) = (next?, scored);
        }
        results.into_iter().try_for_each(done)
    })
}

/// One worker a thread of the pool, made when it is first needed.
struct Workers<'c> {
    classifier: &'c Classifier,
    each: Vec<Mutex<Option<Worker<'c>>>>,
}

impl<'c> Workers<'c> {
    fn new(classifier: &'c Classifier) -> Self {
        let each = (0..rayon::current_num_threads()).map(|_| Mutex::new(None)).collect();
        Workers { classifier, each }
    }

    /// Nothing waits here: a thread finds its own worker free.
    fn with<R>(&self, work: impl FnOnce(&mut Worker<'c>) -> R) -> R {
        let own = rayon::current_thread_index().and_then(|thread| self.each.get(thread));
        match own.and_then(|own| own.try_lock().ok()) {
            Some(mut own) => work(own.get_or_insert_with(|| self.classifier.worker())),
            None => work(&mut self.classifier.worker()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_paragraphs_that_are_certain_are_no_more_than_certain() {
        let score =
            UnitScore { probabilities: vec![1.0, 0.0], words: 9, known_words: None, any_feature: true };
        for count in 1..100 {
            let paragraph = ParagraphScore {
                span: Span::new(0, 1),
                weight: 1.0 / f64::from(count),
                score: score.clone(),
            };
            let found = mean(&vec![paragraph; count as usize], 2);
            assert!(found[0] <= 1.0 && found[0] > 1.0 - 1e-12 && found[1] == 0.0, "{count}: {found:?}");
        }
    }

    #[test]
    fn pools_of_every_size_can_be_made_one_after_the_other_on_any_thread() {
        for jobs in [1, 2, 1, 3] {
            let pool = Pool::new(jobs).unwrap();
            let threads = || pool.run(rayon::current_num_threads);
            assert_eq!(threads(), jobs);
            std::thread::scope(|scope| assert_eq!(scope.spawn(threads).join().unwrap(), jobs));
        }
        assert!(Pool::new(0).is_err());
    }
}
