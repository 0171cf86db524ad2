//! Explains a score term by term: intercept + contributions = margin.

mod explanation;
mod row;

use std::collections::BTreeMap;

use explanation::Unlisted;
pub use explanation::{Detail, DocumentExplanation, LabelExplanation, TermContribution};
#[cfg(test)]
pub(super) use row::row_by;
pub(super) use row::row_with_places;

use crate::classifier::Classifier;
use crate::classifier::verdict::Verdict;
use crate::error::Result;
use crate::features::SparseRow;
use crate::model::Unit;
use crate::progress::{Progress, Silent};
use crate::text::Record;
use crate::text::normalization::Normalized;
use crate::text::preparation::Prepared;
use crate::text::span::Span;

impl Classifier {
    /// Scores a text, as [`Classifier::score`] does, and gives the `count` terms that contribute
    /// most to its likeliest label, the strongest first. Terms that speak against the label are
    /// left out.
    pub fn explain(&self, text: &str, count: usize) -> Vec<TermContribution> {
        let Prepared { text, title, extraction } = self.model().preparation.prepare(&[text], None);
        let verdict =
            self.with_idle_buffers(|worker| worker.score_prepared(&text, title.as_deref(), extraction));
        let detail = Detail { terms: count, paragraphs: false };
        let of_top = |top: usize| match self.explain_verdict_in(&text, &verdict, detail) {
            DocumentExplanation::Sum(labels) => labels.into_iter().nth(top).map(|label| label.terms),
            DocumentExplanation::Ranking { labels, .. } => labels.into_iter().nth(top),
        };
        let mut terms = of_top(verdict.top_class().index()).unwrap_or_default();
        terms.retain(|term| term.contribution > 0.0);
        terms
    }

    /// Scores a record, as [`Classifier::score_record`] does, and explains the verdict: every term
    /// for every label. Spans count in the text that the model's
    /// [preparation](crate::model::Preparation::prepare_record) makes of the record.
    pub fn explain_record(&self, record: &Record) -> (Verdict, DocumentExplanation) {
        let Prepared { text, title, extraction } = self.model().preparation.prepare_record(record);
        let verdict =
            self.with_idle_buffers(|worker| worker.score_prepared(&text, title.as_deref(), extraction));
        let explanation = self.explain_verdict(&text, &verdict);
        (verdict, explanation)
    }

    /// Explains the verdict on a text: every term for every label. The text must be the prepared
    /// one that was scored: a document's text, or what the preparation of the model makes of a text
    /// or record. [`Classifier::explain_record`] takes texts as they are.
    pub fn explain_verdict(&self, text: &str, verdict: &Verdict) -> DocumentExplanation {
        self.explain_verdict_in(text, verdict, Detail::ALL)
    }

    /// Explains the verdict on a text with no more terms and sums than `detail` asks for: a text
    /// may have a hundred thousand terms, for each of a thousand labels.
    pub(crate) fn explain_verdict_in(
        &self,
        text: &str,
        verdict: &Verdict,
        detail: Detail,
    ) -> DocumentExplanation {
        // What is never stopped gives an explanation.
        self.explain_verdict_with(text, verdict, detail, &Silent)
            .unwrap_or_else(|_| DocumentExplanation::Sum(Vec::new()))
    }

    /// Explains the verdict on a text, as [`Classifier::explain_verdict`] does, with no more terms
    /// and sums than `detail` asks for. A megabyte of text takes half a second, so `progress`
    /// can stop it.
    ///
    /// # Errors
    /// [`ErrorKind::Stopped`] if `progress` stopped it.
    ///
    /// [`ErrorKind::Stopped`]: crate::error::ErrorKind::Stopped
    pub fn explain_verdict_with(
        &self,
        text: &str,
        verdict: &Verdict,
        detail: Detail,
        progress: &dyn Progress,
    ) -> Result<DocumentExplanation> {
        if self.model().unit == Unit::Document {
            let unit = self.explained_text(text, progress)?;
            return self.sums(&unit, detail, progress).map(DocumentExplanation::Sum);
        }
        let mut paragraphs = Vec::new();
        let (mut rows, mut places) = (Vec::new(), Places::new());
        let normal = self.scored_text(text, verdict);
        for paragraph in verdict.paragraphs() {
            let unit = self.explained_unit(&normal, normal.normal(paragraph.span()), progress)?;
            if detail.paragraphs {
                paragraphs.push(self.sums(&unit, detail, progress)?);
            }
            if paragraph.weight() > 0.0 {
                rows.push((paragraph.weight(), unit.row));
                unit.places
                    .into_iter()
                    .for_each(|(feature, spans)| places.entry(feature).or_default().extend(spans));
            }
        }
        let ranking = |class| {
            let mut terms = self.ranked(&rows, class, progress)?;
            terms.truncate(detail.terms);
            Ok(terms.into_iter().map(|term| self.listed(term, &places)).collect())
        };
        let labels = (0..self.labels().len()).map(ranking).collect::<Result<_>>()?;
        Ok(DocumentExplanation::Ranking { labels, paragraphs })
    }

    /// Explains a text that is scored as one unit: one exact sum for each label, in the order of
    /// the labels.
    pub fn explain_unit(&self, text: &str) -> Vec<LabelExplanation> {
        // What is never stopped gives sums.
        let unit = self.explained_text(text, &Silent);
        unit.and_then(|unit| self.sums(&unit, Detail::ALL, &Silent)).unwrap_or_default()
    }

    /// The features of a text that is scored as one unit, and their places.
    fn explained_text(&self, text: &str, progress: &dyn Progress) -> Result<ExplainedUnit> {
        let normal = self.models().main.normalize(text);
        self.explained_unit(&normal, Span::new(0, normal.text().len()), progress)
    }

    /// The features of a part of a normal text that is scored as one unit, and their places in the
    /// source.
    fn explained_unit(
        &self,
        normal: &Normalized<'_>,
        part: Span,
        progress: &dyn Progress,
    ) -> Result<ExplainedUnit> {
        progress.check()?;
        let mut places = Places::new();
        let mut found = |feature, span: Span| {
            let spans = places.entry(feature).or_default();
            if spans.len() < MAX_SPANS {
                spans.push(normal.source(span.shifted(part.start())));
            }
        };
        let row = row_with_places(&self.models().main, part.of(normal.text()), &mut found, progress);
        // A row that was stopped lacks terms.
        progress.check().map(|()| ExplainedUnit { row, places })
    }

    /// One exact sum for each label, in the order of the labels.
    fn sums(
        &self,
        ExplainedUnit { row, places }: &ExplainedUnit,
        detail: Detail,
        progress: &dyn Progress,
    ) -> Result<Vec<LabelExplanation>> {
        let model = self.model();
        let mut margins = Vec::new();
        model.margins(row, &mut margins);
        let explained = |(class, (margin, label)): (usize, (f64, &String))| {
            progress.check()?;
            let term =
                |(feature, value)| Weighed { feature, contribution: value * model.weight(feature, class) };
            let mut terms: Vec<Weighed> = row.iter().map(term).collect();
            sort(&mut terms);
            let others = terms.split_off(detail.terms.min(terms.len()));
            let unlisted = (detail != Detail::ALL).then(|| Unlisted {
                terms: others.len(),
                sum: others.iter().map(|term| term.contribution).sum(),
            });
            Ok(LabelExplanation {
                label: label.clone(),
                intercept: model.linear.intercept(class),
                terms: terms.into_iter().map(|term| self.listed(term, places)).collect(),
                margin,
                unlisted,
            })
        };
        margins.into_iter().zip(self.labels().names()).enumerate().map(explained).collect()
    }

    /// The terms of a label by the sum over paragraphs of weight x contribution.
    fn ranked(
        &self,
        rows: &[(f64, SparseRow)],
        class: usize,
        progress: &dyn Progress,
    ) -> Result<Vec<Weighed>> {
        let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
        for (weight, row) in rows {
            progress.check()?;
            for (feature, value) in row.iter() {
                let contribution = weight * (value * self.model().weight(feature, class));
                sums.entry(feature).and_modify(|sum| *sum += contribution).or_insert(contribution);
            }
        }
        let weighed = |(feature, contribution)| Weighed { feature, contribution };
        let mut terms: Vec<Weighed> = sums.into_iter().map(weighed).collect();
        sort(&mut terms);
        Ok(terms)
    }

    fn listed(&self, Weighed { feature, contribution }: Weighed, places: &Places) -> TermContribution {
        let found = self.model().block_of(feature);
        TermContribution {
            text: found.map_or_else(String::new, |(block, own)| block.featurizer.vocabulary().term(own)),
            block: found.and_then(|(block, _)| block.kind),
            contribution,
            spans: places.get(&feature).cloned().unwrap_or_default(),
            feature,
        }
    }
}

/// Where the features of a text stand.
type Places = BTreeMap<u32, Vec<Span>>;

/// What the sums of all labels are made of.
struct ExplainedUnit {
    row: SparseRow,
    places: Places,
}

/// A feature and what it adds to one label.
#[derive(Clone, Copy)]
struct Weighed {
    feature: u32,
    contribution: f64,
}

/// The most places of one term that are listed for one unit: the contribution counts all, but a
/// page of places helps nobody.
const MAX_SPANS: usize = 100;

impl Classifier {
    /// The normal form of a text that was scored by paragraphs, without what was left out inside of
    /// them.
    pub(super) fn scored_text<'t>(&self, text: &'t str, verdict: &Verdict) -> Normalized<'t> {
        let mut normal = self.models().main.normalize(text);
        let gaps = verdict.paragraphs().flat_map(|paragraph| paragraph.left_out());
        normal.take_out(&gaps.copied().collect::<Vec<Span>>());
        normal
    }
}

/// Largest contribution first; ties go to the earlier feature.
fn sort(terms: &mut [Weighed]) {
    terms.sort_by(|a, b| b.contribution.total_cmp(&a.contribution).then(a.feature.cmp(&b.feature)));
}

#[cfg(all(test, feature = "bundled-models"))]
mod tests {
    use super::*;
    use crate::progress::testing::check_stops;

    #[test]
    fn an_explanation_ends_soon_when_it_is_stopped() {
        let classifier = Classifier::bundled_stance().unwrap();
        let paragraph = |n| {
            format!(
                "NATO must give Ukraine {n} binding guarantees. “We will,” said {n} ministers of {n} states."
            )
        };
        let text = (0..200).map(paragraph).collect::<Vec<_>>().join("\n\n");
        let verdict = classifier.score(&text);
        check_stops(|progress| classifier.explain_verdict_with(&text, &verdict, Detail::ALL, progress));
    }
}
