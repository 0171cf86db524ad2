//! Compares predictions for the caller's texts with those of the model of the corpus alone.

use crate::classifier::Classifier;
use crate::classifier::verdict::Verdict;
use crate::evaluate::{Comparison, ComparisonResult};
use crate::label::LabelSet;
use crate::model::{LowConfidence, PassageRule};
use crate::train::adapt::own_rows::OwnRows;
use crate::train::fit::FoldPredictions;

/// The caller's texts with the answers of the model of the corpus.
pub(super) struct Figures<'o> {
    own: &'o OwnRows,
    labels: LabelSet,
    rule: PassageRule<'o>,
    /// Of each text.
    base: Vec<Option<Verdict>>,
}

impl<'o> Figures<'o> {
    /// Scores every row by the model of the corpus, which saw none of them.
    pub(super) fn new(own: &'o OwnRows, base: &'o Classifier) -> Self {
        let mut worker = base.worker();
        let mut score = |(row, text): (usize, &str)| {
            let probabilities = worker.score_unit(text).probabilities().to_vec();
            FoldPredictions { row, probabilities }
        };
        let rows = own.rows.iter().map(|row| row.text.as_str()).enumerate();
        let scored: Vec<FoldPredictions> = rows.map(&mut score).collect();
        let mut figures = Figures {
            own,
            labels: base.labels().clone(),
            rule: base.model().passage_rule(),
            base: Vec::new(),
        };
        figures.base = figures.by_text(&scored);
        figures
    }

    /// Both answers for each text, the intervals by group.
    pub(super) fn compare(&self, predictions: &[FoldPredictions], seed: u64) -> ComparisonResult {
        let found = self.by_text(predictions);
        let mut comparison = Comparison::new(self.labels.len());
        let mut compared = vec![false; found.len()];
        for (row, &text) in self.own.rows.iter().zip(&self.own.text_of) {
            let verdicts = self.base[text].as_ref().zip(found[text].as_ref());
            let Some(((base, found), gold)) = verdicts.zip(self.labels.get(&row.label)) else { continue };
            if std::mem::replace(&mut compared[text], true) {
                continue;
            }
            comparison.add([&row.answered(gold, base), &row.answered(gold, found)]);
        }
        comparison.result(seed)
    }

    /// The share of texts that the model of the corpus answers.
    pub(super) fn base_answered(&self, low: &LowConfidence) -> Option<f64> {
        self.share_answered(&self.base, low)
    }

    /// The share of texts that are answered by these predictions.
    pub(super) fn answered(&self, predictions: &[FoldPredictions], low: &LowConfidence) -> Option<f64> {
        self.share_answered(&self.by_text(predictions), low)
    }

    fn share_answered(&self, verdicts: &[Option<Verdict>], low: &LowConfidence) -> Option<f64> {
        let mut rows = vec![0; self.own.texts()];
        self.own.text_of.iter().for_each(|&text| rows[text] += 1);
        let known =
            || verdicts.iter().zip(&rows).filter_map(|(verdict, rows)| Some((verdict.as_ref()?, *rows)));
        let least = |rows: usize| if rows > 1 { low.document } else { low.unit };
        let answered = known().filter(|(verdict, rows)| verdict.confidence() >= least(*rows)).count();
        match known().count() {
            0 => None,
            all => Some(answered as f64 / all as f64),
        }
    }

    /// The mean over the rows of each text; `None` for a text that was not predicted.
    fn by_text(&self, predictions: &[FoldPredictions]) -> Vec<Option<Verdict>> {
        let mut sums = vec![(0.0, vec![0.0; self.labels.len()]); self.own.texts()];
        for FoldPredictions { row, probabilities } in predictions {
            let words = self.own.rows[*row].text.split_whitespace().count();
            let weight = self.rule.weight(words, probabilities);
            let (all, sum) = &mut sums[self.own.text_of[*row]];
            *all += weight;
            sum.iter_mut().zip(probabilities).for_each(|(sum, p)| *sum += weight * p);
        }
        let mean = |(all, sum): (f64, Vec<f64>)| {
            (all > 0.0).then(|| {
                let probabilities = sum.into_iter().map(|p| p / all).collect();
                Verdict::from_probabilities(self.labels.clone(), probabilities)
            })
        };
        sums.into_iter().map(mean).collect()
    }
}
