//! Describes a text with its verdict as the page shows it. Places count UTF-16 units, as JavaScript
//! does.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::classifier::explain::{Detail, DocumentExplanation, TermContribution};
use crate::classifier::verdict::{Reason, Verdict};
use crate::classifier::{Classifier, Worker};
use crate::model::Unit;
use crate::serve::parts::{Parts, parts};
use crate::serve::places::{Marked, Places, Probability, probabilities};
use crate::serve::reasons::{why_left_out, why_no_label};
use crate::text::boilerplate::Rule;
use crate::text::{CutParagraph, Document, Span};

/// The most terms whose places are marked.
const MAX_TERMS: usize = 24;
/// The most places that are marked.
const MAX_MARKS: usize = 2000;
/// Texts of more bytes, counted once for each label, are not taken apart into all of their terms:
/// those that speak against the label are left out.
const MAX_EXPLAINED: usize = 8 << 20;

/// A text as the page shows it.
#[derive(Debug, Serialize)]
pub(super) struct DocumentView {
    #[serde(flatten)]
    about: About,
    text: String,
    verdict: VerdictView,
    #[serde(flatten)]
    parts: Parts,
    left_out: Vec<LeftOut>,
    sentences: Vec<Marked>,
    words: Vec<Marked>,
    loaded_sentences: Vec<LoadedSentence>,
    notes: Vec<String>,
}

/// What a text is called, and where it is from.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct About {
    /// Its number in the archive, if it is from there.
    pub(super) number: Option<usize>,
    pub(super) id: String,
    pub(super) title: Option<String>,
    pub(super) date: Option<String>,
    pub(super) source: Option<String>,
}

/// A verdict.
#[derive(Debug, Serialize)]
pub(super) struct VerdictView {
    label: Option<String>,
    top: String,
    reason: Option<&'static str>,
    reason_text: Option<&'static str>,
    confidence: f64,
    probabilities: Vec<Probability>,
    slant: Option<f64>,
    loaded: Option<f64>,
}

#[derive(Debug, Serialize)]
struct LeftOut {
    start: usize,
    end: usize,
    rule: &'static str,
    why: &'static str,
}

#[derive(Debug, Serialize)]
struct LoadedSentence {
    start: usize,
    end: usize,
    probability: f64,
}

impl VerdictView {
    pub(super) fn new(verdict: &Verdict) -> Self {
        VerdictView {
            label: verdict.label().map(str::to_owned),
            top: verdict.top().to_owned(),
            reason: verdict.reason().map(Reason::name),
            reason_text: verdict.reason().map(why_no_label),
            confidence: verdict.confidence(),
            probabilities: probabilities(verdict.by_label()),
            slant: verdict.slant().filter(|_| verdict.decision().is_judged()),
            loaded: verdict.loaded(),
        }
    }
}

/// Scores texts, and says where the answers come from.
pub(super) struct Explainer<'c> {
    classifier: &'c Classifier,
    worker: Worker,
    /// The loaded-language model by itself.
    loaded: Option<&'c Classifier>,
}

impl<'c> Explainer<'c> {
    pub(super) fn new(classifier: &'c Classifier, loaded: Option<&'c Classifier>) -> Self {
        Explainer { classifier, worker: classifier.worker(), loaded }
    }

    /// Scores and explains a document.
    pub(super) fn explain(&mut self, document: &Document, about: About) -> DocumentView {
        let text = document.text.as_str();
        let verdict = self.worker.score_document(document);
        let places = Places::new(text, verdict.top());
        let cut = self.paragraphs(document);
        let mut sentences = self.classifier.explain_sentences(text, &verdict, verdict.top_class());
        sentences.sort_by_key(|sentence| sentence.start);
        DocumentView {
            verdict: VerdictView::new(&verdict),
            parts: parts(&mut self.worker, &verdict, &cut, &places),
            left_out: self.left_out(&cut, &places),
            loaded_sentences: self.loaded_sentences(text, sentences.iter().map(|one| one.span()), &places),
            sentences: sentences
                .iter()
                .filter_map(|sentence| places.mark(sentence.span(), sentence.contribution))
                .collect(),
            words: self
                .strongest(text, &verdict)
                .into_iter()
                .filter_map(|(span, amount)| places.mark(span, amount))
                .collect(),
            notes: document.notes().map(|note| note.with_names(|name| name.replace('_', " "))).collect(),
            about,
            text: text.to_owned(),
        }
    }

    /// The paragraphs of a document; none for a model that scores whole texts.
    fn paragraphs(&self, document: &Document) -> Vec<CutParagraph> {
        match self.classifier.model().unit {
            Unit::Document => Vec::new(),
            Unit::Paragraph => document.paragraphs(),
        }
    }

    /// The paragraphs that the model does not read, by the rules that know them.
    fn left_out(&self, cut: &[CutParagraph], places: &Places<'_>) -> Vec<LeftOut> {
        if !self.classifier.model().preparation.drop_boilerplate {
            return Vec::new();
        }
        let left_out = |paragraph: &CutParagraph| {
            let rule = paragraph.rule?;
            let (start, end) = places.ends(paragraph.span)?;
            Some(LeftOut { start, end, rule: Rule::name(rule), why: why_left_out(rule) })
        };
        cut.iter().filter_map(left_out).collect()
    }

    /// The sentences that the loaded-language model calls loaded.
    fn loaded_sentences(
        &self,
        text: &str,
        sentences: impl Iterator<Item = Span>,
        places: &Places<'_>,
    ) -> Vec<LoadedSentence> {
        let Some(classifier) = self.loaded else { return Vec::new() };
        let mut worker = classifier.worker();
        let is_loaded = |value: &f64| *value > 0.0;
        let axis = classifier.labels().axis().unwrap_or_default();
        let mut found = Vec::new();
        for span in sentences {
            let verdict = worker.score_unit(span.of(text));
            let unknown = [Reason::TooShort, Reason::NothingKnown, Reason::LowConfidence];
            let decided = verdict.reason().is_none_or(|reason| !unknown.contains(&reason));
            let place = places.ends(span).filter(|_| decided);
            if let Some((start, end)) = place
                && axis.get(verdict.top_class().index()).is_some_and(is_loaded)
            {
                found.push(LoadedSentence { start, end, probability: verdict.confidence() });
            }
        }
        found
    }

    /// The places of the terms that count most for the likeliest label or against it, without one
    /// over the other, in the order of the text. Each place has its share of what its term adds.
    fn strongest(&self, text: &str, verdict: &Verdict) -> Vec<(Span, f64)> {
        let is_short = text.len().saturating_mul(self.classifier.labels().len()) <= MAX_EXPLAINED;
        let detail = Detail { terms: if is_short { usize::MAX } else { MAX_TERMS }, paragraphs: false };
        let top = verdict.top_class().index();
        let terms = match self.classifier.explain_verdict_in(text, verdict, detail) {
            DocumentExplanation::Sum(labels) => labels.into_iter().nth(top).map(|label| label.terms),
            DocumentExplanation::Ranking { labels, .. } => labels.into_iter().nth(top),
        };
        let mut terms: Vec<TermContribution> = terms.unwrap_or_default();
        terms.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
        let mut taken: BTreeMap<Span, f64> = BTreeMap::new();
        for term in terms.iter().take(MAX_TERMS) {
            let share = term.contribution / term.spans.len().max(1) as f64;
            for span in term.spans.iter().filter(|span| !span.is_empty()) {
                let before =
                    taken.range(..*span).next_back().is_none_or(|(other, _)| other.end() <= span.start());
                let after = taken.range(*span..).next().is_none_or(|(other, _)| span.end() <= other.start());
                if before && after && taken.len() < MAX_MARKS {
                    taken.insert(*span, share);
                }
            }
        }
        taken.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::Threads;
    use crate::train::{Row, TrainParams, train};

    fn classifier(passage_words: u32) -> Classifier {
        let rows = (0..60).map(|number| match number % 2 {
            0 => Row::new("warm", format!("day {number} brought warm sun and a mild wind from the coast")),
            _ => Row::new("cold", format!("day {number} brought cold snow and a hard frost from the hills")),
        });
        let axis = vec![("warm".into(), 1.0), ("cold".into(), -1.0)];
        let params = TrainParams { axis, passage_words, ..TrainParams::default() };
        Classifier::new(train(rows.collect::<Vec<_>>(), params, &Threads::new(1).unwrap()).unwrap().0)
            .unwrap()
    }

    fn view(text: &str) -> (String, Value) {
        view_by(&classifier(0), text)
    }

    fn view_by(classifier: &Classifier, text: &str) -> (String, Value) {
        let mut explainer = Explainer::new(classifier, Some(classifier));
        let view = explainer.explain(&Document::new("a", text), About { id: "a".into(), ..About::default() });
        (text.to_owned(), serde_json::to_value(view).unwrap())
    }

    /// What stands at a place that is counted in UTF-16.
    fn at(text: &str, place: &Value) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        let [start, end] = ["start", "end"].map(|end| place[end].as_u64().unwrap() as usize);
        String::from_utf16(&units[start..end]).unwrap()
    }

    const TEXT: &str = "🙂 The morning brought warm sun and a mild wind. Then cold snow fell in the hills – “é”.\n\n\
        Day after day the mild wind brought warm sun from the coast.\n\nShare this article";

    #[test]
    fn places_are_those_of_the_words_behind_characters_of_two_units() {
        let (text, view) = view(TEXT);
        let words: Vec<String> =
            view["words"].as_array().unwrap().iter().map(|place| at(&text, place)).collect();
        assert!(words.iter().any(|word| word.contains("warm")), "{words:?}");
        assert!(words.iter().all(|word| word.chars().all(|c| c.is_alphabetic() || c == ' ')), "{words:?}");
        let sentences: Vec<String> =
            view["sentences"].as_array().unwrap().iter().map(|place| at(&text, place)).collect();
        assert_eq!(sentences.len(), 3, "{sentences:?}");
        assert!(sentences[1].starts_with("Then cold snow") && sentences[2].ends_with("the coast."));
        let contribution = |number: usize| view["sentences"][number]["contribution"].as_f64().unwrap();
        assert!(contribution(0) > 0.0 && contribution(1) < 0.0, "{view}");
        assert_eq!(
            at(&text, &view["paragraphs"][1]),
            "Day after day the mild wind brought warm sun from the coast."
        );
        assert_eq!(view["paragraphs"][1]["label"], "warm");
    }

    #[test]
    fn paragraphs_have_verdicts_of_their_own_beside_those_of_their_passages() {
        let one = "Day after day the mild wind brought warm sun from the coast.";
        let two = "In the hills a hard frost and cold snow came with the night.";
        let three = "The sun was warm and the wind stayed mild for all of that week.";
        let four = "From the coast came warm sun, and a mild wind blew once more.";
        let text = format!("{one}\n\nShare this article\n\n{two}\n\nFrost came.\n\n{three}\n\n{four}");
        let classifier = classifier(20);
        let (text, view) = view_by(&classifier, &text);
        let paragraphs = view["paragraphs"].as_array().unwrap();
        let found: Vec<(String, Value)> =
            paragraphs.iter().map(|part| (at(&text, part), part["label"].clone())).collect();
        assert_eq!(found[0], (one.to_owned(), "warm".into()));
        assert_eq!(found[1], (two.to_owned(), "cold".into()));
        assert_eq!((found[2].0.as_str(), &paragraphs[2]["reason"]), ("Frost came.", &"too-short".into()));
        let numbers: Vec<u64> = paragraphs.iter().map(|part| part["passage"].as_u64().unwrap()).collect();
        assert_eq!(numbers, [0, 0, 1, 1, 1]);
        let passages = view["passages"].as_array().unwrap();
        assert_eq!(at(&text, &passages[0]), format!("{one}\n\nShare this article\n\n{two}"));
        assert_eq!((passages.len(), &passages[1]["label"]), (2, &"warm".into()));
        // The verdict of the text is that of its passages.
        let verdict = classifier.score(&text);
        let weights: Vec<f64> = verdict.paragraphs().map(|passage| passage.weight()).collect();
        let shown: Vec<f64> = passages.iter().map(|part| part["weight"].as_f64().unwrap()).collect();
        assert_eq!(shown, weights);
        for (passage, part) in verdict.paragraphs().zip(passages) {
            for (label, probability) in
                part["probabilities"].as_array().unwrap().iter().zip(passage.probabilities())
            {
                assert!((label["probability"].as_f64().unwrap() - probability).abs() < 1e-12, "{view}");
            }
        }
    }

    #[test]
    fn where_each_passage_is_one_paragraph_none_is_shown() {
        let (_, view) = view(TEXT);
        assert_eq!(
            (&view["passages"], view["paragraphs"].as_array().unwrap().len()),
            (&Value::Array(Vec::new()), 2)
        );
        assert_eq!(view["paragraphs"][1]["passage"], 1);
    }

    #[test]
    fn what_is_left_out_says_why_and_marks_do_not_overlap() {
        let (text, view) = view(TEXT);
        let left_out = &view["left_out"][0];
        assert_eq!(
            (at(&text, left_out).as_str(), &left_out["rule"]),
            ("Share this article", &"share".into())
        );
        assert!(left_out["why"].as_str().unwrap().ends_with('.'));
        let mut last = 0;
        for word in view["words"].as_array().unwrap() {
            assert!(word["start"].as_u64().unwrap() >= last, "{view}");
            last = word["end"].as_u64().unwrap();
        }
        assert_eq!((&view["verdict"]["label"], &view["verdict"]["top"]), (&"warm".into(), &"warm".into()));
        assert!(view["verdict"]["slant"].as_f64().unwrap() > 0.0);
        assert!(!view["loaded_sentences"].as_array().unwrap().is_empty());
    }

    #[test]
    fn a_text_without_words_has_a_reason_and_no_places() {
        for text in ["", "\u{0}\u{202e}", "…"] {
            let (_, view) = view(text);
            assert!(
                view["verdict"]["label"].is_null() && view["verdict"]["reason_text"].is_string(),
                "{view}"
            );
            assert_eq!(view["words"].as_array().unwrap().len(), 0);
        }
    }
}
