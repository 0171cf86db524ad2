//! Measures how far a coder agrees with another, whose decisions are in another work folder.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::agreement::{Agreement, Annotations};
use crate::error::Result;
use crate::labeling::decision::{Decision, DecisionKind};
use crate::labeling::state::Decisions;
use crate::labeling::work_folder::WorkFolder;

/// The decisions of another coder.
#[derive(Debug)]
pub(super) struct SecondCoder {
    path: PathBuf,
    pub(super) decisions: Decisions,
}

/// How far two coders agree.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SecondReport {
    /// The other coder, or the other folder.
    pub name: String,
    /// Passages that both have labeled blind.
    pub both: u64,
    /// The share of them on which they agree.
    pub share: Option<f64>,
    /// Krippendorff's alpha.
    pub alpha: Option<f64>,
    /// The lower end of its 95 % interval.
    pub alpha_low: Option<f64>,
    /// The upper end.
    pub alpha_high: Option<f64>,
    /// Cohen's kappa.
    pub kappa: Option<f64>,
    /// The lower end of its 95 % interval.
    pub kappa_low: Option<f64>,
    /// The upper end.
    pub kappa_high: Option<f64>,
    /// Those on which they disagreed before either saw an answer.
    pub disagreements: u64,
    /// Those of them at which the coder here has not looked again.
    pub unsettled: u64,
    /// Passages that the other has labeled and that are not decided here.
    pub left: u64,
}

/// What another coder decided about a passage.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct OtherDecision {
    /// Who.
    pub coder: String,
    /// What.
    pub kind: DecisionKind,
    /// The label; `None` where none fits.
    pub label: Option<String>,
    /// The note.
    pub note: Option<String>,
}

impl SecondCoder {
    /// Reads another work folder, which somebody may have open.
    pub(super) fn open(path: &Path) -> Result<Self> {
        Ok(SecondCoder { path: path.to_owned(), decisions: WorkFolder::read_decisions(path)? })
    }

    /// Where the folder is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What both said blind of the same passages, for [`SecondCoder::report`]. `place` says where a
    /// passage stands in the archive: intervals are drawn by the order of the pairs, so this is the
    /// archive's, which settling a disagreement does not change.
    pub(super) fn labels(&self, own: &Decisions, place: impl Fn(&str) -> Option<usize>) -> Vec<[String; 2]> {
        let mut pairs: Vec<(&Decision, &Decision)> = self.pairs(own).collect();
        pairs.sort_by_cached_key(|(first, _)| {
            let place = place(&first.unit);
            (place.is_none(), place, first.unit.clone())
        });
        pairs.into_iter().map(|(first, second)| [first, second].map(Decision::blind_label)).collect()
    }

    /// Compares [what both said](SecondCoder::labels).
    pub(super) fn report(&self, pairs: &[[String; 2]]) -> Result<SecondReport> {
        let rows: Vec<Vec<Option<String>>> =
            pairs.iter().map(|pair| pair.iter().cloned().map(Some).collect()).collect();
        let agreement = Agreement::new(&Annotations::new(2, &rows)?, 1);
        let kappa = agreement.pairs.first().and_then(|pair| pair.kappa);
        let (alpha, share) = (agreement.alpha, agreement.share);
        let interval =
            |estimate: Option<crate::statistics::Estimate>| estimate.and_then(|found| found.interval);
        Ok(SecondReport {
            name: self.name(),
            both: pairs.len() as u64,
            share: share.map(|share| share.value),
            alpha: alpha.map(|alpha| alpha.value),
            alpha_low: interval(alpha).map(|interval| interval.low),
            alpha_high: interval(alpha).map(|interval| interval.high),
            kappa: kappa.map(|kappa| kappa.value),
            kappa_low: interval(kappa).map(|interval| interval.low),
            kappa_high: interval(kappa).map(|interval| interval.high),
            disagreements: pairs.iter().filter(|[first, second]| first != second).count() as u64,
            unsettled: 0,
            left: 0,
        })
    }

    /// The ids of the passages on which both disagree and at which the coder has not looked again,
    /// in the order of one's own decisions.
    pub(super) fn disagreements(&self, own: &Decisions) -> Vec<String> {
        let is_open = |unit: &str| own.of(unit).is_some_and(|decision| !decision.seen);
        let differ = |(first, second): &(&Decision, &Decision)| {
            first.blind_label() != second.blind_label() && is_open(&first.unit)
        };
        self.pairs(own).filter(differ).map(|(first, _)| first.unit.clone()).collect()
    }

    /// The ids of the passages that the other coder labeled.
    pub(super) fn units(&self) -> Vec<String> {
        self.decisions.blind().map(|decision| decision.unit.clone()).collect()
    }

    /// What the other coder said blind of a passage.
    pub(super) fn of(&self, unit: &str) -> Option<OtherDecision> {
        let Decision { coder, kind, label, note, .. } = self.decisions.blind_of(unit)?.clone();
        Some(OtherDecision { coder, kind, label, note })
    }

    fn pairs<'d>(&'d self, own: &'d Decisions) -> impl Iterator<Item = (&'d Decision, &'d Decision)> {
        own.blind().filter_map(|first| Some((first, self.decisions.blind_of(&first.unit)?)))
    }

    /// The coders of the other folder, or its name.
    fn name(&self) -> String {
        let mut coders: Vec<&str> =
            self.decisions.current().map(|decision| decision.coder.as_str()).collect();
        coders.sort_unstable();
        coders.dedup();
        match coders.as_slice() {
            [] => self.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
            coders => coders.join(", "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labeling::decision::Line;
    use crate::labeling::decision::samples::decision;

    fn coder(name: &str, labels: &[Option<&str>]) -> Vec<Decision> {
        let made = |(number, label): (u64, &Option<&str>)| {
            let kind = if label.is_some() { DecisionKind::Label } else { DecisionKind::None };
            Decision { kind, coder: name.to_owned(), ..decision(number, &format!("u{number}"), *label) }
        };
        (1..).zip(labels).map(made).collect()
    }

    fn decisions(made: Vec<Decision>) -> Decisions {
        Decisions::new(made.into_iter().map(Line::Decision))
    }

    #[test]
    fn passages_that_both_labeled_are_compared() {
        let own = decisions(coder("eva", &[Some("a"), Some("a"), Some("b"), None, Some("b")]));
        let mut others = coder("ben", &[Some("a"), Some("b"), Some("b"), None]);
        others[2].kind = DecisionKind::Unsure;
        others[2].label = None;
        let second = SecondCoder { path: "other".into(), decisions: decisions(others) };
        let report = second.report(&second.labels(&own, |_| None)).unwrap();
        assert_eq!((report.name.as_str(), report.both, report.disagreements), ("ben", 3, 1));
        assert_eq!(report.share, Some(2.0 / 3.0));
        assert!(report.kappa.is_some() && report.alpha.is_some());
        assert_eq!(second.disagreements(&own), ["u2"]);
        assert_eq!(second.units(), ["u1", "u2", "u4"]);
        let other = second.of("u2").unwrap();
        assert_eq!((other.coder.as_str(), other.label.as_deref()), ("ben", Some("b")));
        assert_eq!(second.of("u3"), None, "unsure");
    }

    #[test]
    fn settling_disagreements_empties_the_queue_and_does_not_raise_the_agreement() {
        let labels = [Some("a"), Some("a"), Some("b"), Some("b")];
        let mut own = coder("eva", &labels);
        let second = SecondCoder {
            path: "other".into(),
            decisions: decisions(coder("ben", &[Some("a"), Some("b"), Some("b"), Some("b")])),
        };
        let report = |own: Vec<Decision>| {
            let own = decisions(own);
            (second.report(&second.labels(&own, |_| None)).unwrap(), second.disagreements(&own))
        };
        let (before, open) = report(own.clone());
        assert_eq!((before.disagreements, open.as_slice()), (1, ["u2".to_owned()].as_slice()));
        own.push(Decision { seen: true, ..decision(5, "u2", Some("b")) });
        let (after, open) = report(own);
        assert!(open.is_empty());
        assert_eq!((after.both, after.disagreements), (before.both, before.disagreements));
        assert_eq!((after.share, after.alpha, after.kappa), (before.share, before.alpha, before.kappa));
    }

    #[test]
    fn settling_disagreements_leaves_the_intervals_as_they_are() {
        let labels: Vec<Option<&str>> = (0..40).map(|number| Some(["a", "b", "c"][number % 3])).collect();
        let others: Vec<Option<&str>> = labels
            .iter()
            .enumerate()
            .map(|(at, label)| if at % 6 == 0 { Some("b") } else { *label })
            .collect();
        let mut own = coder("eva", &labels);
        let second = SecondCoder { path: "other".into(), decisions: decisions(coder("ben", &others)) };
        let place = |unit: &str| unit.trim_start_matches('u').parse().ok();
        let report = |own: &[Decision]| {
            let own = decisions(own.to_vec());
            second.report(&second.labels(&own, place)).unwrap()
        };
        let before = report(&own);
        assert!(before.alpha_low.is_some() && before.disagreements > 5, "{before:?}");
        for at in [0, 6, 12, 18] {
            let settled = decision(100 + at, &format!("u{}", at + 1), Some("b"));
            own.push(Decision { seen: true, ..settled });
            assert_eq!(report(&own), before);
        }
    }

    #[test]
    fn without_common_passages_nothing_is_measured() {
        let own = decisions(coder("eva", &[Some("a")]));
        let second = SecondCoder { path: "there/other".into(), decisions: Decisions::default() };
        let report = second.report(&second.labels(&own, |_| None)).unwrap();
        assert_eq!((report.name.as_str(), report.both, report.alpha), ("other", 0, None));
    }
}
