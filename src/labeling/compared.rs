//! Compares two models on passages that were labeled blind and that neither has learned.

use crate::classifier::verdict::Verdict;
use crate::classifier::{Classifier, Worker};
use crate::evaluate::{Comparison, LabeledPrediction};
use crate::labeling::decision::{Decision, DecisionKind};
use crate::labeling::held_out::HeldOut;
use crate::labeling::model_record::{Basis, Compared};
use crate::statistics::{Estimate, Interval};
use crate::threads::Threads;
use crate::write::signed_with_ends;

/// Fewer passages than this tell no two models apart.
const MIN_ROWS: u64 = 20;

/// A model, with what models that did not learn its passages say of them.
#[derive(Clone, Copy)]
pub(super) struct Side<'s> {
    pub(super) classifier: &'s Classifier,
    pub(super) held_out: &'s HeldOut,
}

impl Side<'_> {
    /// The answer for a passage: by the model, or, where it learned the passage, by one that did
    /// not; `None` where there is none.
    pub(super) fn verdict(&self, worker: &mut Worker, decision: &Decision) -> Option<Verdict> {
        if !self.held_out.is_learned(&decision.unit) {
            return Some(worker.score_unit(&decision.text));
        }
        let labels = self.classifier.labels();
        let probabilities = self.held_out.of(&decision.unit)?;
        let is_of_model = self.held_out.labels == labels.names();
        is_of_model.then(|| Verdict::from_probabilities(labels.clone(), probabilities))
    }
}

/// Two models, the one before and the one after.
pub(super) struct Pair<'s> {
    pub(super) old: Side<'s>,
    pub(super) new: Side<'s>,
    pub(super) threads: &'s Threads,
}

impl Pair<'_> {
    /// Compares on those passages of the coded sample that neither model has learned; `None` where
    /// the models have other labels, or where there are too few such passages.
    pub(super) fn on_sample(&self, coded: &[Decision]) -> Option<Compared> {
        let is_learned = |unit: &str| [self.old, self.new].iter().any(|side| side.held_out.is_learned(unit));
        self.on(coded.iter().filter(|decision| !is_learned(&decision.unit)), Basis::Sample)
    }

    /// Compares on all passages that were labeled blind, each answered by models that have not
    /// learned it.
    pub(super) fn on_labels(&self, blind: &[Decision]) -> Option<Compared> {
        self.on(blind.iter(), Basis::HeldOut)
    }

    fn on<'d>(&self, decisions: impl Iterator<Item = &'d Decision>, basis: Basis) -> Option<Compared> {
        let Pair { old, new, threads } = self;
        let labels = new.classifier.labels();
        if old.classifier.labels().names() != labels.names() {
            return None;
        }
        let mut comparison = Comparison::new(labels.len());
        let mut workers = [old.classifier.worker(), new.classifier.worker()];
        let mut changed = 0;
        for decision in decisions.filter(|decision| decision.kind == DecisionKind::Label && !decision.seen) {
            let Some(gold) = decision.label.as_deref().and_then(|label| labels.get(label)) else { continue };
            let group = Some(decision.source.as_deref().unwrap_or(&decision.article));
            let [first, second] = &mut workers;
            let verdicts = (old.verdict(first, decision), new.verdict(second, decision));
            let (Some(first), Some(second)) = verdicts else { continue };
            changed += u64::from(first.top() != second.top());
            let labeled = |verdict| LabeledPrediction { gold, verdict, weight: 1.0, group, date: None };
            comparison.add([&labeled(&first), &labeled(&second)]);
        }
        let found = threads.run(|| comparison.result(1));
        let difference = found.macro_f1.difference.filter(|_| found.rows >= MIN_ROWS)?;
        let mut compared = Compared {
            old: old.classifier.id().to_owned(),
            new: new.classifier.id().to_owned(),
            basis,
            rows: found.rows,
            changed: Some(changed),
            difference: difference.value,
            low: difference.interval.map(|interval| interval.low),
            high: difference.interval.map(|interval| interval.high),
            sentence: String::new(),
        };
        compared.sentence = sentence(&compared);
        Some(compared)
    }
}

fn sentence(compared: &Compared) -> String {
    let Compared { rows, difference, .. } = compared;
    let passages = match compared.basis {
        Basis::Sample => format!("On {rows} passages of the blind sample that neither model has learned"),
        Basis::HeldOut => {
            format!(
                "On {rows} passages that were labeled blind, each judged by models that have not learned it"
            )
        }
    };
    if compared.changed == Some(0) {
        return format!("{passages}, no answer changed.");
    }
    let interval = compared.low.zip(compared.high).map(|(low, high)| Interval { low, high });
    let what = match interval {
        Some(interval) if interval.low > 0.0 => "the new model is better",
        Some(interval) if interval.high < 0.0 => "the new model is worse",
        Some(_) => "that may be chance",
        None if *difference == 0.0 => "no difference is visible",
        None => "too few sources to tell whether that is chance",
    };
    format!(
        "{passages}, macro-F1 changed by {}: {what}.",
        signed_with_ends(Estimate { value: *difference, interval })
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(low: Option<f64>, high: Option<f64>) -> Compared {
        Compared {
            old: "a".into(),
            new: "b".into(),
            basis: Basis::Sample,
            rows: 40,
            changed: Some(3),
            difference: 0.05,
            low,
            high,
            sentence: String::new(),
        }
    }

    #[test]
    fn a_sentence_says_no_more_than_the_interval() {
        let said = |low, high| sentence(&compared(low, high));
        let passages =
            "On 40 passages of the blind sample that neither model has learned, macro-F1 changed by +0.05";
        assert_eq!(
            said(Some(0.01), Some(0.09)),
            format!("{passages} (+0.01 to +0.09): the new model is better.")
        );
        assert!(said(Some(-0.01), Some(0.09)).ends_with("(−0.01 to +0.09): that may be chance."));
        assert!(said(None, None).contains("too few sources"));
        let equal = Compared { difference: 0.0, ..compared(None, None) };
        assert!(sentence(&equal).ends_with("macro-F1 changed by 0.00: no difference is visible."));
    }

    #[test]
    fn where_no_answer_changed_there_is_no_figure() {
        let same = Compared { changed: Some(0), basis: Basis::HeldOut, ..compared(Some(0.0), Some(0.0)) };
        assert!(sentence(&same).ends_with("have not learned it, no answer changed."), "{}", sentence(&same));
        let older = Compared { changed: None, ..compared(Some(0.0), Some(0.0)) };
        assert!(sentence(&older).contains("macro-F1 changed by"), "an older file does not say");
    }
}
