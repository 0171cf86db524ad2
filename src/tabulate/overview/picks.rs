//! Keeps the texts that are worth reading: the clearest and the least certain ones of each label.

use crate::classifier::verdict::Reason;
use crate::classifier::{SentenceContribution, Worker};
use crate::label::ClassId;
use crate::tabulate::overview::Answer;
use crate::text::document::Document;

/// Texts of each kind that are kept for each label.
const KEPT: usize = 3;
/// Longer texts, in bytes, are not kept.
const MAX_TEXT: usize = 1 << 18;

/// Why a text is worth reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clearness {
    /// Its label is among the most probable ones.
    Clearest,
    /// Its likeliest label is hardly likelier than another.
    LeastCertain,
}

/// A text worth reading.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Pick {
    /// The document's id.
    pub id: String,
    /// Its number in its file.
    pub record: Option<u64>,
    /// Its title.
    pub title: Option<String>,
    /// Its group.
    pub group: Option<String>,
    /// Its date as it is written.
    pub date: Option<String>,
    /// The likeliest label.
    pub top: ClassId,
    /// The reason for abstaining, if the model abstained.
    pub reason: Option<Reason>,
    /// The probability of the likeliest label.
    pub confidence: f64,
    /// Its place on the model's axis.
    pub slant: Option<f64>,
    /// The text with the sentences that decided, once they are known.
    pub explained: Option<Explained>,
    /// The document, if it was at hand.
    document: Option<Document>,
}

/// A text and what each of its sentences adds to its likeliest label.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Explained {
    /// The prepared text.
    pub text: String,
    /// Its sentences, the strongest first.
    pub sentences: Vec<SentenceContribution>,
}

/// Confidences that differ by more are of different texts or models; results may have been rounded.
const SAME_CONFIDENCE: f64 = 1e-4;

impl Pick {
    fn new(answer: &Answer<'_>, confidence: f64) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let title = || answer.document.and_then(|document| document.title.as_deref());
        let mut pick = Pick {
            id: answer.id.to_owned(),
            record: answer.record,
            title: owned(answer.title.or_else(title)),
            group: owned(answer.group),
            date: owned(answer.date),
            top: answer.top,
            reason: answer.reason,
            confidence,
            slant: answer.slant.filter(|_| answer.decision().is_judged()),
            explained: None,
            document: None,
        };
        pick.document =
            answer.document.filter(|document| document.text.len() <= MAX_TEXT).map(without_columns);
        pick
    }

    /// Says which sentences of a document decided, if it is this text: its likeliest label and
    /// confidence must be those of the result. Gives whether they are.
    pub fn explain(&mut self, worker: &mut Worker, document: &Document) -> bool {
        let verdict = worker.score_document(document);
        let is_same = verdict.top_class() == self.top
            && (verdict.confidence() - self.confidence).abs() <= SAME_CONFIDENCE;
        if !is_same {
            return false;
        }
        if self.title.is_none() {
            self.title.clone_from(&document.title);
        }
        if document.text.len() <= MAX_TEXT {
            let sentences = worker.classifier().explain_sentences(&document.text, &verdict, self.top);
            self.explained = Some(Explained { text: document.text.clone(), sentences });
        }
        true
    }

    /// Says which sentences decided, if the document was at hand when it was counted.
    pub fn explain_kept(&mut self, worker: &mut Worker) {
        if let Some(document) = self.document.take() {
            self.explain(worker, &document);
        }
    }
}

fn without_columns(document: &Document) -> Document {
    Document { columns: Vec::new(), file_notes: Vec::new(), ..document.clone() }
}

/// The texts that are worth reading so far.
#[derive(Clone, Debug)]
pub struct Picks {
    /// For each class, the highest confidence first.
    clearest: Vec<Vec<Pick>>,
    /// For each class, the lowest confidence first.
    least_certain: Vec<Vec<Pick>>,
}

impl Picks {
    pub(super) fn new(classes: usize) -> Self {
        Picks { clearest: vec![Vec::new(); classes], least_certain: vec![Vec::new(); classes] }
    }

    /// Keeps a text if it is clearer, or less certain, than one that is kept. Ties go to the
    /// earlier text. A text that got no label for another reason than its confidence says nothing
    /// about the labels.
    pub(super) fn offer(&mut self, answer: &Answer<'_>) {
        let Some(confidence) = answer.confidence else { return };
        let class = answer.top.index();
        if answer.reason.is_none()
            && let Some(kept) = self.clearest.get_mut(class)
        {
            insert(kept, answer, confidence, |other| confidence > other);
        }
        if matches!(answer.reason, None | Some(Reason::LowConfidence))
            && let Some(kept) = self.least_certain.get_mut(class)
        {
            insert(kept, answer, confidence, |other| confidence < other);
        }
    }

    /// The texts of a label, the clearest or the least certain first. A text that is among the
    /// clearest is not repeated among the least certain.
    pub fn of(&self, class: ClassId, clearness: Clearness) -> Vec<&Pick> {
        let clearest = self.clearest.get(class.index()).map_or(&[][..], Vec::as_slice);
        match clearness {
            Clearness::Clearest => clearest.iter().collect(),
            Clearness::LeastCertain => {
                let same = |pick: &Pick| {
                    clearest.iter().any(|other| other.id == pick.id && other.record == pick.record)
                };
                let all = self.least_certain.get(class.index()).map_or(&[][..], Vec::as_slice);
                all.iter().filter(|pick| !same(pick)).collect()
            }
        }
    }

    /// All texts, to add their documents.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Pick> {
        self.clearest.iter_mut().chain(&mut self.least_certain).flatten()
    }

    /// All texts.
    pub fn iter(&self) -> impl Iterator<Item = &Pick> {
        self.clearest.iter().chain(&self.least_certain).flatten()
    }
}

fn insert(kept: &mut Vec<Pick>, answer: &Answer<'_>, confidence: f64, is_before: impl Fn(f64) -> bool) {
    let at = kept.iter().position(|pick| is_before(pick.confidence)).unwrap_or(kept.len());
    if at < KEPT {
        kept.insert(at, Pick::new(answer, confidence));
        kept.truncate(KEPT);
    }
}
