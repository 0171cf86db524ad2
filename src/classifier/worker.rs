//! Scores texts one after the other with the buffers of one thread.

use crate::classifier::Classifier;
use crate::classifier::buffers::{Buffers, ScoredUnit};
use crate::classifier::options::ScoreOptions;
use crate::classifier::paragraphs::ScoredParts;
use crate::classifier::totals::{DocumentTotals, weighted_mean};
use crate::classifier::verdict::{ParagraphScore, Reason, Verdict};
use crate::model::Unit;
use crate::text::document::Document;
use crate::text::extraction::Extraction;
use crate::text::normalization::Normalized;
use crate::text::preparation::Prepared;
use crate::text::record::Record;
use crate::text::span::Span;

/// Scores texts one after the other. It owns its buffers and a handle of its classifier, so that it
/// can move to any thread, and it remembers words from text to text.
#[derive(Debug)]
pub struct Worker {
    classifier: Classifier,
    options: ScoreOptions,
    buffers: Buffers,
}

impl Classifier {
    /// Makes a worker for one thread.
    pub fn worker(&self) -> Worker {
        self.worker_with(ScoreOptions::default())
    }

    /// Makes a worker for one thread that scores with these options.
    pub fn worker_with(&self, options: ScoreOptions) -> Worker {
        Worker { classifier: self.clone(), options, buffers: Buffers::new(self.models()) }
    }

    /// Scores one text, as [`Worker::score_text`] does.
    pub fn score(&self, text: &str) -> Verdict {
        self.with_idle_buffers(|worker| worker.score_text(text))
    }

    /// Scores one record, as [`Worker::score_record`] does.
    pub fn score_record(&self, record: &Record) -> Verdict {
        self.with_idle_buffers(|worker| worker.score_record(record))
    }

    /// Scores with buffers that are kept between calls, so a loop over single texts costs no more
    /// than a worker.
    pub(super) fn with_idle_buffers<T>(&self, score: impl FnOnce(&mut Worker) -> T) -> T {
        let (classifier, buffers) = (self.clone(), self.take_buffers());
        let mut worker = Worker { classifier, options: ScoreOptions::default(), buffers };
        let scored = score(&mut worker);
        self.keep_buffers(worker.buffers);
        scored
    }
}

impl Worker {
    /// The classifier that it scores with.
    pub fn classifier(&self) -> &Classifier {
        &self.classifier
    }

    /// Scores a document that a reader gave, by the unit of the model: paragraph by paragraph, or
    /// as a whole. Its text is prepared already. Paragraphs of boilerplate are left out if the
    /// model was trained so; one that repeats the document's title is boilerplate.
    pub fn score_document(&mut self, document: &Document) -> Verdict {
        self.score_prepared(&document.text, document.title.as_deref(), document.extraction)
    }

    /// Prepares a text as the model asks, which reads its markup, and scores it as
    /// [`Worker::score_document`] does. Spans count the bytes of the prepared text, which is the
    /// text itself for a model of plain text.
    pub fn score_text(&mut self, text: &str) -> Verdict {
        let preparation = &self.classifier.model().preparation;
        if preparation.keeps(text) {
            return self.score_prepared(text, None, None);
        }
        let Prepared { text, title, extraction } = preparation.prepare(&[text], None);
        self.score_prepared(&text, title.as_deref(), extraction)
    }

    /// Prepares a record as the model asks, which reads its markup, joins its columns and may put
    /// its title first, and scores it as [`Worker::score_document`] does. Spans count the bytes of
    /// the prepared text; [`Preparation::prepare_record`] gives it.
    ///
    /// [`Preparation::prepare_record`]: crate::text::Preparation::prepare_record
    pub fn score_record(&mut self, record: &Record) -> Verdict {
        let Prepared { text, title, extraction } = self.classifier.model().preparation.prepare_record(record);
        self.score_prepared(&text, title.as_deref(), extraction)
    }

    /// Scores a text as one unit, whatever its length and whatever the unit of the model: a row of
    /// training data, a sentence, a paragraph. The text is taken as it is: nothing is prepared,
    /// nothing is left out.
    pub fn score_unit(&mut self, text: &str) -> Verdict {
        let normal =
            self.buffers.normal.normalize(text, self.classifier.model().tokenizer_config.social_text);
        let verdict = self.as_one_unit(normal.text());
        self.buffers.normal.recycle(normal);
        self.buffers.shrink();
        verdict
    }

    /// The places of a document's text that are scored: its paragraphs without boilerplate, or all
    /// of it. Paragraphs of one passage that nothing is left out between are one place.
    pub fn scored_spans(&self, document: &Document) -> Vec<Span> {
        self.scored_pieces(document).concat()
    }

    /// The texts of a document that are scored as units, each without what is left out inside it.
    #[cfg(feature = "train")]
    pub(crate) fn scored_texts(&self, document: &Document) -> Vec<String> {
        let text = |pieces: Vec<Span>| pieces.into_iter().map(|piece| piece.of(&document.text)).collect();
        self.scored_pieces(document).into_iter().map(text).collect()
    }

    /// The pieces of each unit of a document: the unit without what is left out inside it.
    fn scored_pieces(&self, document: &Document) -> Vec<Vec<Span>> {
        match self.classifier.model().unit {
            Unit::Document => vec![vec![Span::new(0, document.text.len())]],
            Unit::Paragraph => {
                let mut normal = self.classifier.models().main.normalize(&document.text);
                let parts = self.scored_parts(&mut normal, document.title.as_deref());
                let pieces = |unit: &Span| parts.without_gaps(normal.source(*unit)).collect();
                parts.units.iter().map(pieces).collect()
            }
        }
    }

    /// What is scored of normal text, from which the rest is taken out.
    fn scored_parts(&self, normal: &mut Normalized<'_>, title: Option<&str>) -> ScoredParts {
        let title = title.map(|title| self.classifier.models().main.normalize(title));
        let title = title.as_ref().map(Normalized::text);
        self.classifier.models().main.scored_parts(normal, title, self.options.keep_boilerplate)
    }

    /// Scores a text that is prepared already by the unit of the model. Where nothing was
    /// extracted, no text is short or unknown: there is none.
    pub(crate) fn score_prepared(
        &mut self,
        text: &str,
        title: Option<&str>,
        extraction: Option<Extraction>,
    ) -> Verdict {
        let mut normal =
            self.buffers.normal.normalize(text, self.classifier.model().tokenizer_config.social_text);
        let verdict = match self.classifier.model().unit {
            Unit::Document => self.as_one_unit(normal.text()),
            Unit::Paragraph => self.by_paragraphs(&mut normal, title),
        };
        self.buffers.normal.recycle(normal);
        self.buffers.shrink();
        match extraction {
            Some(Extraction::Nothing) if !self.options.label_always => {
                Verdict { reason: Some(Reason::NothingExtracted), ..verdict }
            }
            _ => verdict,
        }
    }

    /// Scores normal text.
    fn as_one_unit(&mut self, text: &str) -> Verdict {
        let mut totals = self.begin_document();
        let ScoredUnit { score, sentences } = self.unit(text);
        totals.add(&score, sentences);
        Verdict { set: score.set, ..self.verdict(score.probabilities, totals, Vec::new()) }
    }

    fn by_paragraphs(&mut self, normal: &mut Normalized<'_>, title: Option<&str>) -> Verdict {
        let mut totals = self.begin_document();
        let parts = self.scored_parts(normal, title);
        let mut paragraphs: Vec<ParagraphScore> = parts
            .units
            .iter()
            .map(|unit| {
                let ScoredUnit { score, sentences } = self.unit(unit.of(normal.text()));
                totals.add(&score, sentences);
                let span = normal.source(*unit);
                let gaps = parts.gaps_in(span).to_vec();
                ParagraphScore { span, gaps, weight: 0.0, score, loaded: sentences.loaded_share() }
            })
            .collect();
        if paragraphs.is_empty() {
            return self.as_one_unit("");
        }
        self.classifier.models().main.set_weights(&mut paragraphs);
        let probabilities = weighted_mean(&paragraphs, self.classifier.labels().len());
        self.verdict(probabilities, totals, paragraphs)
    }

    /// The sums of a document of which nothing is scored yet.
    fn begin_document(&mut self) -> DocumentTotals {
        self.buffers.begin_document(self.classifier.models());
        DocumentTotals::default()
    }

    fn unit(&mut self, text: &str) -> ScoredUnit {
        let sets = self.options.prediction_sets.as_ref();
        self.buffers.score_unit(self.classifier.models(), text, sets)
    }

    fn verdict(
        &self,
        probabilities: Vec<f64>,
        totals: DocumentTotals,
        paragraphs: Vec<ParagraphScore>,
    ) -> Verdict {
        let (labels, main) = (self.classifier.labels(), &self.classifier.models().main);
        let totals = DocumentTotals { best_window: self.buffers.best_window(), ..totals };
        let verdict = Verdict::from_probabilities(labels.clone(), probabilities);
        let abstains = !self.options.label_always;
        let reason = || main.reason(&totals, verdict.confidence());
        Verdict {
            reason: abstains.then(reason).flatten(),
            slant: labels.slant(&verdict.probabilities),
            words: totals.words,
            known: totals.known_share(),
            topic: main.likeness(&totals),
            loaded: totals.sentences.loaded_share(),
            paragraphs,
            ..verdict
        }
    }
}
