//! Folds the lines of a log into what holds now.

use std::collections::HashSet;

use serde::Serialize;

use crate::labeling::decision::{Decision, DecisionKind, Line};
use crate::read::LabelLog;

/// The decisions of a log. Of each passage the last decision holds that was not undone.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    all: Vec<Decision>,
    log: LabelLog,
    /// Passages of which the model's answer was ever shown: it follows a decision, undone or not,
    /// unless it was kept back.
    answered: HashSet<String>,
}

/// How many decisions of each kind hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Counts {
    /// Passages with each label.
    pub labels: Vec<LabelCount>,
    /// Passages that were passed over.
    pub skipped: u64,
    /// Passages of which the coder could not tell.
    pub unsure: u64,
    /// Passages that no label fits.
    pub none: u64,
    /// Passages that are flagged, among all these.
    pub flagged: u64,
    /// All decided passages.
    pub total: u64,
}

/// How many passages have a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LabelCount {
    /// The label.
    pub name: String,
    /// Passages.
    pub count: u64,
}

impl Decisions {
    pub(super) fn new(lines: impl IntoIterator<Item = Line>) -> Self {
        let mut decisions = Decisions::default();
        lines.into_iter().for_each(|line| decisions.apply(line));
        decisions
    }

    /// Takes the next line of the log.
    pub(super) fn apply(&mut self, line: Line) {
        match line {
            Line::Undo(undo) => self.log.undo(undo.sequence, &undo.coder, undo.undo),
            Line::Decision(decision) => {
                self.log.decide(decision.sequence, &decision.coder, &decision.unit);
                if !decision.hidden {
                    self.answered.insert(decision.unit.clone());
                }
                self.all.push(decision);
            }
        }
    }

    /// The number of the next line.
    pub(super) fn next_sequence(&self) -> u64 {
        self.log.greatest().saturating_add(1)
    }

    /// The decision that holds for a passage.
    pub fn of(&self, unit: &str) -> Option<&Decision> {
        self.log.of(unit).and_then(|place| self.all.get(place))
    }

    /// Whether the model's answer for a passage was shown: that follows a decision, and undoing it
    /// does not make it unseen.
    pub fn was_shown(&self, unit: &str) -> bool {
        self.answered.contains(unit)
    }

    /// The label that a coder gave a passage without a look at an answer, or the finding that none
    /// fits: of the decisions that were not undone, the last one before an answer was in sight.
    /// Only where the answer was kept back is that another one than the first.
    pub fn blind_of(&self, unit: &str) -> Option<&Decision> {
        let mut made = self.log.all_of(unit).iter().filter_map(|place| self.all.get(*place));
        let mut blind = made.next().filter(|first| !first.seen)?;
        for again in made {
            if !blind.hidden || again.seen || again.coder != blind.coder {
                break;
            }
            blind = again;
        }
        matches!(blind.kind, DecisionKind::Label | DecisionKind::None).then_some(blind)
    }

    /// [`Decisions::blind_of`] all passages, in the order in which what holds was decided.
    pub fn blind(&self) -> impl Iterator<Item = &Decision> {
        self.current().filter_map(|decision| self.blind_of(&decision.unit))
    }

    /// The last decision that was not undone: the one that is undone next.
    pub fn last(&self) -> Option<&Decision> {
        self.log.last().and_then(|place| self.all.get(place))
    }

    /// The decision of a number, if it was not undone.
    pub fn numbered(&self, sequence: u64) -> Option<&Decision> {
        self.log.numbered(sequence).and_then(|place| self.all.get(place))
    }

    /// The decisions that hold, in the order in which they were made.
    pub fn current(&self) -> impl DoubleEndedIterator<Item = &Decision> {
        self.all.iter().enumerate().filter(|(place, _)| self.log.holds(*place)).map(|(_, decision)| decision)
    }

    /// How many passages are decided.
    pub fn len(&self) -> usize {
        self.log.units()
    }

    /// Whether nothing is decided.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Counts what holds. `labels` come first, in their order; labels that only the log has come
    /// after them, by their bytes.
    pub fn counts(&self, labels: &[String]) -> Counts {
        let named = |name: &String| LabelCount { name: name.clone(), count: 0 };
        let mut counts = Counts { labels: labels.iter().map(named).collect(), ..Counts::default() };
        for decision in self.current() {
            counts.total += 1;
            counts.flagged += u64::from(decision.flag);
            match (decision.kind, &decision.label) {
                (DecisionKind::Label, Some(label)) => {
                    match counts.labels.iter_mut().find(|count| count.name == *label) {
                        Some(found) => found.count += 1,
                        None => counts.labels.push(LabelCount { name: label.clone(), count: 1 }),
                    }
                }
                (DecisionKind::Label, None) | (DecisionKind::Skip, _) => counts.skipped += 1,
                (DecisionKind::Unsure, _) => counts.unsure += 1,
                (DecisionKind::None, _) => counts.none += 1,
            }
        }
        if let Some(others) = counts.labels.get_mut(labels.len()..) {
            others.sort_by(|a, b| a.name.cmp(&b.name));
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::labeling::decision::Undo;
    use crate::labeling::decision::samples::decision;

    fn undo(sequence: u64, undo: u64, coder: &str) -> Line {
        let time = "2026-05-01T09:30:00Z".to_owned();
        Line::Undo(Undo { sequence, undo, coder: coder.to_owned(), time, text: String::new(), label: None })
    }

    fn made(sequence: u64, unit: &str, label: Option<&str>) -> Line {
        Line::Decision(decision(sequence, unit, label))
    }

    #[test]
    fn undoing_goes_back_as_far_as_one_likes() {
        let mut decisions =
            Decisions::new([made(1, "u", Some("a")), made(2, "v", None), made(3, "u", Some("b"))]);
        assert_eq!(decisions.of("u").unwrap().label.as_deref(), Some("b"));
        assert_eq!((decisions.len(), decisions.last().unwrap().sequence), (2, 3));
        decisions.apply(undo(4, 3, "eva"));
        assert_eq!(decisions.of("u").unwrap().label.as_deref(), Some("a"), "what it replaced holds again");
        assert!(decisions.numbered(3).is_none() && decisions.numbered(1).is_some());
        assert_eq!(decisions.last().unwrap().sequence, 2);
        decisions.apply(undo(5, 2, "eva"));
        decisions.apply(undo(6, 1, "eva"));
        assert!(decisions.is_empty() && decisions.last().is_none() && decisions.of("u").is_none());
        assert_eq!(decisions.next_sequence(), 7);
    }

    #[test]
    fn what_holds_is_counted() {
        let mut flagged = decision(4, "x", Some("c"));
        flagged.flag = true;
        let decisions = Decisions::new([
            made(1, "u", Some("b")),
            made(2, "v", None),
            made(3, "u", Some("a")),
            Line::Decision(flagged),
        ]);
        let counts = decisions.counts(&["a".to_owned(), "b".to_owned()]);
        let labels: Vec<(&str, u64)> = counts.labels.iter().map(|of| (of.name.as_str(), of.count)).collect();
        assert_eq!(labels, [("a", 1), ("b", 0), ("c", 1)]);
        assert_eq!((counts.skipped, counts.flagged, counts.total), (1, 1, 3));
    }

    #[test]
    fn joined_logs_of_two_coders_undo_their_own_decisions() {
        let other = |sequence, unit: &str| {
            Line::Decision(Decision { coder: "ben".to_owned(), ..decision(sequence, unit, Some("a")) })
        };
        let decisions =
            Decisions::new([made(1, "u", Some("a")), other(1, "v"), other(2, "w"), undo(3, 1, "ben")]);
        assert!(decisions.of("u").is_some() && decisions.of("v").is_none() && decisions.of("w").is_some());
    }

    #[test]
    fn joined_logs_of_one_coder_are_undone_to_the_first_decision() {
        let mut decisions = Decisions::new([
            made(1, "u", Some("a")),
            made(2, "v", Some("a")),
            made(1, "w", Some("a")),
            made(2, "x", Some("a")),
        ]);
        for left in (0..4).rev() {
            let last = decisions.last().unwrap().sequence;
            let next = decisions.next_sequence();
            decisions.apply(undo(next, last, "eva"));
            assert_eq!(decisions.len(), left);
        }
        assert!(decisions.last().is_none());
    }

    #[test]
    fn the_first_decision_alone_is_blind() {
        let seen =
            |sequence, label| Line::Decision(Decision { seen: true, ..decision(sequence, "u", Some(label)) });
        let mut decisions = Decisions::new([made(1, "u", Some("a")), seen(2, "b"), made(3, "v", None)]);
        assert_eq!(decisions.blind_of("u").unwrap().label.as_deref(), Some("a"));
        assert!(decisions.blind_of("v").is_none() && decisions.blind_of("w").is_none(), "v was skipped");
        assert_eq!(decisions.blind().count(), 1);
        decisions.apply(undo(4, 3, "eva"));
        assert!(decisions.was_shown("v") && !decisions.was_shown("w"), "what is undone was shown");
        decisions.apply(undo(5, 2, "eva"));
        decisions.apply(undo(6, 1, "eva"));
        decisions.apply(seen(7, "b"));
        assert!(decisions.blind_of("u").is_none());
    }

    #[test]
    fn what_is_decided_again_before_the_answer_is_shown_is_blind() {
        let hidden =
            |sequence, label| Line::Decision(Decision { hidden: true, ..decision(sequence, "u", label) });
        let mut decisions = Decisions::new([hidden(1, None), hidden(2, Some("a")), hidden(3, Some("b"))]);
        assert!(!decisions.was_shown("u"));
        assert_eq!(decisions.blind_of("u").unwrap().label.as_deref(), Some("b"));
        decisions.apply(Line::Decision(Decision { seen: true, ..decision(4, "u", Some("a")) }));
        assert_eq!(
            decisions.blind_of("u").unwrap().label.as_deref(),
            Some("b"),
            "settled with another in sight"
        );
        let shown = Decisions::new([made(1, "u", Some("a")), made(2, "u", Some("b"))]);
        assert_eq!(shown.blind_of("u").unwrap().label.as_deref(), Some("a"));
        let other = Line::Decision(Decision { coder: "ben".to_owned(), ..decision(2, "u", Some("b")) });
        assert_eq!(Decisions::new([hidden(1, Some("a")), other]).blind_of("u").unwrap().coder, "eva");
    }

    proptest! {
        /// The fold does not depend on where it was interrupted, and undoing is the inverse of
        /// deciding.
        #[test]
        fn any_sequence_folds_to_what_a_list_of_decisions_says(
            steps in proptest::collection::vec((0..4u8, 0..3u8), 0..40), cut in 0..40usize
        ) {
            let (mut lines, mut stack, mut next) = (Vec::new(), Vec::<(u64, u8, u8)>::new(), 1);
            for (unit, what) in steps {
                if what == 2 {
                    let Some((last, ..)) = stack.pop() else { continue };
                    lines.push(undo(next, last, "eva"));
                } else {
                    let label = ["a", "b"][usize::from(what)];
                    lines.push(made(next, &unit.to_string(), Some(label)));
                    stack.push((next, unit, what));
                }
                next += 1;
            }
            let mut decisions = Decisions::new(lines.iter().take(cut).cloned());
            lines.iter().skip(cut).for_each(|line| decisions.apply(line.clone()));
            for unit in 0..4u8 {
                let expected = stack.iter().rev().find(|(_, of, _)| *of == unit);
                let expected = expected.map(|(_, _, what)| ["a", "b"][usize::from(*what)]);
                let found = decisions.of(&unit.to_string());
                prop_assert_eq!(found.and_then(|decision| decision.label.as_deref()), expected);
            }
            prop_assert_eq!(decisions.last().map(|decision| decision.sequence), stack.last().map(|last| last.0));
            prop_assert_eq!(decisions.current().count(), decisions.len());
            prop_assert_eq!(decisions.next_sequence(), next);
        }
    }
}
