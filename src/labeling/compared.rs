//! Compares two models on passages that were labeled blind and that neither has learned.

use crate::classifier::verdict::Verdict;
use crate::classifier::{Classifier, Worker};
use crate::evaluate::{Comparison, LabeledPrediction};
use crate::labeling::decision::{Decision, DecisionKind};
use crate::labeling::history::{Compared, HeldOut};
use crate::threads::Threads;

/// Fewer passages than this tell no two models apart.
const MIN_ROWS: u64 = 20;

/// A model, with what models that did not learn its passages say of them.
pub(super) struct Side<'s> {
    pub(super) classifier: &'s Classifier,
    pub(super) held_out: &'s HeldOut,
}

impl Side<'_> {
    /// The answer for a passage: by the model, or, where it learned the passage, by one that did not; `None` where there is none.
    fn verdict(&self, worker: &mut Worker, decision: &Decision) -> Option<Verdict> {
        if !self.held_out.is_learned(&decision.unit) {
            return Some(worker.score_unit(&decision.text));
        }
        let labels = self.classifier.labels();
        let probabilities = self.held_out.of(&decision.unit)?;
        let is_of_model = self.held_out.labels == labels.names();
        is_of_model.then(|| Verdict::from_probabilities(labels.clone(), probabilities))
    }
}

/// Compares on what coders said blind; `None` where the models have other labels, or too few passages were labeled blind.
pub(super) fn compare<'d>(
    old: &Side<'_>,
    new: &Side<'_>,
    decisions: impl Iterator<Item = &'d Decision>,
    threads: &Threads,
) -> Option<Compared> {
    let labels = new.classifier.labels();
    if old.classifier.labels().names() != labels.names() {
        return None;
    }
    let mut comparison = Comparison::new(labels.len());
    let mut workers = [old.classifier.worker(), new.classifier.worker()];
    for decision in decisions.filter(|decision| decision.kind == DecisionKind::Label && !decision.seen) {
        let Some(gold) = decision.label.as_deref().and_then(|label| labels.get(label)) else { continue };
        let group = Some(decision.source.as_deref().unwrap_or(&decision.article));
        let [first, second] = &mut workers;
        let verdicts = (old.verdict(first, decision), new.verdict(second, decision));
        let (Some(first), Some(second)) = verdicts else { continue };
        let labeled = |verdict| LabeledPrediction { gold, verdict, weight: 1.0, group, date: None };
        comparison.add([&labeled(&first), &labeled(&second)]);
    }
    let found = threads.run(|| comparison.result(1));
    let difference = found.macro_f1.difference.filter(|_| found.rows >= MIN_ROWS)?;
    let (old, new) = (old.classifier.id().to_owned(), new.classifier.id().to_owned());
    let (low, high) = (difference.interval.map(|i| i.low), difference.interval.map(|i| i.high));
    let mut compared = Compared {
        old,
        new,
        rows: found.rows,
        difference: difference.value,
        low,
        high,
        sentence: String::new(),
    };
    compared.sentence = sentence(&compared);
    Some(compared)
}

fn sentence(compared: &Compared) -> String {
    let Compared { rows, difference, .. } = compared;
    let what = match (compared.low, compared.high) {
        (Some(low), _) if low > 0.0 => "the new model is better",
        (_, Some(high)) if high < 0.0 => "the new model is worse",
        (Some(_), Some(_)) => "that may be chance",
        _ => "too few sources to tell whether that is chance",
    };
    let interval = match (compared.low, compared.high) {
        (Some(low), Some(high)) => format!(" ({low:+.3} to {high:+.3})"),
        _ => String::new(),
    };
    format!(
        "On {rows} passages that were labeled blind, macro-F1 changed by {difference:+.3}{interval}: {what}."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_no_more_than_the_interval() {
        let said = |low, high| {
            sentence(&Compared {
                old: "a".into(),
                new: "b".into(),
                rows: 40,
                difference: 0.05,
                low,
                high,
                sentence: String::new(),
            })
        };
        let passages = "On 40 passages that were labeled blind, macro-F1 changed by +0.050";
        assert_eq!(
            said(Some(0.01), Some(0.09)),
            format!("{passages} (+0.010 to +0.090): the new model is better.")
        );
        assert!(said(Some(-0.01), Some(0.09)).ends_with("that may be chance."));
        assert!(said(None, None).contains("too few sources"));
    }
}
