//! Makes training rows of decisions.

use std::collections::{BTreeSet, HashSet};

use crate::evaluate::TrainingTexts;
use crate::labeling::decision::{Decision, DecisionKind};
use crate::labeling::state::Decisions;
use crate::train::{Row, add_texts};

/// With fewer sources than this no whole source can be held out in each fold.
const MIN_GROUPS: usize = 5;

/// Labels to learn from.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnLabels {
    pub(super) rows: Vec<Row>,
    /// For each row, the decision that it is of.
    pub(super) decisions: Vec<Decision>,
    /// What rows are held out together by.
    pub(super) grouped_by: Option<&'static str>,
}

impl OwnLabels {
    /// How many rows [`OwnLabels::new`] makes, without making them.
    pub(super) fn count(decisions: &Decisions, left_out: &HashSet<&str>) -> u64 {
        let is_row = |decision: &&Decision| {
            let is_label = decision.kind == DecisionKind::Label && decision.label.is_some();
            is_label && !left_out.contains(decision.unit.as_str())
        };
        decisions.current().filter(is_row).count() as u64
    }

    /// The labels that hold, without the passages of a sample, which are for checking.
    pub(super) fn new(decisions: &Decisions, left_out: &HashSet<String>) -> Self {
        let is_row =
            |decision: &&Decision| decision.kind == DecisionKind::Label && !left_out.contains(&decision.unit);
        let decisions: Vec<Decision> = decisions.current().filter(is_row).cloned().collect();
        let sources: BTreeSet<&str> = decisions.iter().filter_map(|d| d.source.as_deref()).collect();
        let articles: BTreeSet<&str> = decisions.iter().map(|d| d.article.as_str()).collect();
        let by_source = sources.len() >= MIN_GROUPS;
        let by_article = articles.len() >= MIN_GROUPS && articles.len() < decisions.len();
        let group = |decision: &Decision| match (by_source, by_article) {
            (true, _) => Some(decision.source.clone().unwrap_or_else(|| decision.article.clone())),
            (false, true) => Some(decision.article.clone()),
            (false, false) => None,
        };
        let row = |decision: &Decision| {
            decision.label.as_ref().map(|label| Row {
                group: group(decision),
                id: Some(decision.unit.clone()),
                date: decision.date.clone(),
                ..Row::new(label.as_str(), decision.text.as_str())
            })
        };
        let rows = decisions.iter().filter_map(row).collect();
        let grouped_by = if by_source { Some("source") } else { by_article.then_some("article") };
        let decisions = decisions.into_iter().filter(|decision| decision.label.is_some()).collect();
        OwnLabels { rows, decisions, grouped_by }
    }

    /// The texts and their groups, with all sources: where these are too few to hold out, a file
    /// that is evaluated is still grouped by them.
    pub(super) fn texts(&self) -> TrainingTexts {
        let mut texts = TrainingTexts::default();
        add_texts(&mut texts, &self.rows);
        let sources = self.decisions.iter().filter_map(|decision| decision.source.as_deref());
        sources.for_each(|source| texts.add_group(source));
        texts
    }

    /// All but the passages with some labels.
    pub(super) fn without(&self, labels: &[String]) -> Self {
        let pairs = self.rows.iter().zip(&self.decisions);
        let kept = pairs.filter(|(row, _)| !labels.contains(&row.label));
        let (rows, decisions) = kept.map(|(row, decision)| (row.clone(), decision.clone())).unzip();
        OwnLabels { rows, decisions, grouped_by: self.grouped_by }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::SeenRows;
    use crate::labeling::decision::Line;
    use crate::labeling::decision::samples::decision;

    fn labels(sources: u64, articles: u64) -> OwnLabels {
        let lines = (0..20).map(|number| {
            Line::Decision(Decision {
                source: Some(format!("source {}", number % sources)),
                article: format!("article {}", number % articles),
                ..decision(number + 1, &format!("unit {number}"), (number != 3).then_some("a"))
            })
        });
        let decisions = Decisions::new(lines);
        let found = OwnLabels::new(&decisions, &HashSet::from(["unit 4".to_owned()]));
        assert_eq!(OwnLabels::count(&decisions, &HashSet::from(["unit 4"])), found.rows.len() as u64);
        found
    }

    #[test]
    fn rows_are_the_labels_without_the_sample_grouped_by_what_there_is_enough_of() {
        let found = labels(6, 10);
        assert_eq!((found.rows.len(), found.decisions.len(), found.grouped_by), (18, 18, Some("source")));
        assert_eq!(found.rows[0].group.as_deref(), Some("source 0"));
        assert_eq!(labels(2, 10).rows[1].group.as_deref(), Some("article 1"));
        assert_eq!((labels(2, 10).grouped_by, labels(2, 3).grouped_by), (Some("article"), None));
        assert_eq!(labels(2, 20).grouped_by, None, "each article is one row");
    }

    #[test]
    fn sources_are_known_as_groups_however_few_they_are() {
        for (sources, articles, groups) in [(6, 10, 6), (2, 10, 2 + 10), (2, 20, 2)] {
            let own = labels(sources, articles);
            assert_eq!(own.texts().learned().unwrap().groups.len(), groups, "{sources} {articles}");
            let mut seen = SeenRows::default();
            own.texts().count_group(&mut seen, Some("source 1"));
            assert_eq!(seen.groups.len(), 1, "{sources} {articles}");
        }
    }
}
