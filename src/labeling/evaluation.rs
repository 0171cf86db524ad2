//! Writes the page of an evaluation of the model in use on the coded sample.

use std::io::Write;

use crate::classifier::Classifier;
use crate::error::{Error, Result, counted};
use crate::evaluate::{EvaluateParams, WrongRow, evaluate};
use crate::labeling::decision::{Decision, DecisionKind};
use crate::labeling::export::cannot_write;
use crate::labeling::workspace::{CurrentModel, Workspace};
use crate::read::{Gold, Labeled};
use crate::text::document::Document;
use crate::write::{Evaluated, Mistake, Report, TrainingNote, write_report};

/// The most mistakes that the page explains.
const MAX_MISTAKES: usize = 20;

impl Workspace {
    pub(super) fn export_evaluation(&self, out: &mut dyn Write) -> Result<()> {
        let current = self.current();
        let classifier = &current.classifier;
        let coding = self.sample().as_ref().map(|sample| sample.coding(&self.decided().decisions));
        let coded = coding.unwrap_or_default().coded;
        check_not_learned(&current, &coded)?;
        let labeled = labeled(&coded);
        if labeled.rows.len() < 2 {
            return Err(Error::data(format!(
                "{} of the sample are labeled blind; expected at least 2. Draw a sample and label it",
                counted(labeled.rows.len(), "passage")
            )));
        }
        let params = EvaluateParams { mistakes: MAX_MISTAKES, ..EvaluateParams::default() };
        let found = evaluate(classifier, &labeled, params, &self.threads)?;
        let mistakes = explained(classifier, &labeled.rows, &found.mistakes);
        let evaluated = Evaluated {
            model: classifier.id(),
            labels: classifier.labels(),
            findings: &found.result,
            skipped: found.skipped,
            group_columns: &found.group_columns,
        };
        let model = classifier.model();
        let report = Report {
            evaluated,
            training: TrainingNote { warnings: &[], note: "the model has learned none of the passages" },
            model,
            files: &["random sample of the work folder".to_owned()],
            filters: &filters(&coded),
            language: model.tokenizer_config.language.map(|language| language.code()),
            mistakes: &mistakes,
        };
        let mut page = Vec::new();
        write_report(&mut page, &report).and_then(|()| out.write_all(&page)).map_err(cannot_write)
    }
}

/// Refuses a sample of which the model has learned passages. Without them the others would be no
/// random sample any more: a queue chose which were learned.
fn check_not_learned(current: &CurrentModel, coded: &[Decision]) -> Result<()> {
    let learned = current.held_out.learned_of(coded);
    if learned == 0 {
        return Ok(());
    }
    let hint =
        "retrain it without the sample, as the Check screen offers, or use a model that has not learned them";
    let all = coded.len();
    Err(Error::data(format!(
        "the model in use has learned {learned} of the {all} coded passages, so it cannot be evaluated on them"
    ))
    .with_hint(hint))
}

/// The coded passages that have a label, grouped by their sources or, where none has one, by their
/// texts.
fn labeled(coded: &[Decision]) -> Labeled {
    let have_sources = coded.iter().any(|decision| decision.source.is_some());
    let gold = |decision: &Decision| {
        let article = || Some(decision.article.clone());
        Some(Gold {
            document: Document::new(decision.unit.as_str(), decision.text.as_str()),
            label: decision.label.clone()?,
            group: if have_sources { decision.source.clone() } else { article() },
            weight: 1.0,
            date: decision.date.clone(),
        })
    };
    let column = if have_sources { "source" } else { "article" };
    Labeled {
        rows: coded.iter().filter_map(gold).collect(),
        group_columns: [column.to_owned()].into(),
        ..Labeled::default()
    }
}

/// Which passages are left out: those that no label fits.
fn filters(coded: &[Decision]) -> Vec<String> {
    match coded.iter().filter(|decision| decision.kind == DecisionKind::None).count() {
        0 => Vec::new(),
        none => vec![format!("a label; none fits {none} of the {} coded passages", coded.len())],
    }
}

/// Explains wrong answers.
fn explained(classifier: &Classifier, rows: &[Gold], wrong: &[WrongRow]) -> Vec<Mistake> {
    let mut worker = classifier.worker();
    let rows = wrong.iter().filter_map(|wrong| rows.get(wrong.row));
    rows.filter_map(|row| {
        let gold = classifier.labels().get(&row.label)?;
        Some(Mistake::new(&mut worker, &row.document, gold, false))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labeling::decision::samples::decision;

    #[test]
    fn rows_are_grouped_by_what_they_have() {
        let with = |source: Option<&str>| Decision {
            source: source.map(str::to_owned),
            ..decision(1, "u", Some("a"))
        };
        let columns = |coded: &[Decision]| {
            let found = labeled(coded);
            let groups: Vec<Option<String>> = found.rows.into_iter().map(|row| row.group).collect();
            (found.group_columns.into_iter().collect::<Vec<_>>().join(","), groups)
        };
        let by_source = columns(&[with(Some("Herald")), with(None)]);
        assert_eq!(by_source, ("source".to_owned(), vec![Some("Herald".to_owned()), None]));
        assert_eq!(columns(&[with(None)]), ("article".to_owned(), vec![Some("article of u".to_owned())]));
    }

    #[test]
    fn what_no_label_fits_is_no_row_and_is_told() {
        let none = Decision { kind: DecisionKind::None, ..decision(2, "v", None) };
        let coded = [decision(1, "u", Some("a")), none];
        assert_eq!(
            (labeled(&coded).rows.len(), filters(&coded)),
            (1, vec!["a label; none fits 1 of the 2 coded passages".to_owned()])
        );
        assert!(filters(&coded[..1]).is_empty());
    }
}
