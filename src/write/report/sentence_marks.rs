//! Chooses the sentences of a text that are marked: those that count most, for a label or against
//! it.

use crate::classifier::SentenceContribution;
use crate::write::report::excerpt::Mark;

/// Which sentences are marked.
#[derive(Clone, Copy, Debug)]
pub(super) struct MarkLimits {
    /// The most of them.
    pub(super) count: usize,
    /// Sentences that count less than this share of the strongest are not marked.
    pub(super) share: f64,
}

/// The marked sentences in the order of the text; the one that counts most is strong.
pub(super) fn sentence_marks(sentences: &[SentenceContribution], limits: MarkLimits) -> Vec<Mark> {
    let strongest = by_size(sentences);
    let most = strongest.first().map_or(0.0, |sentence| sentence.contribution.abs());
    let counts =
        |sentence: &&&SentenceContribution| most > 0.0 && sentence.contribution.abs() >= limits.share * most;
    let marked = strongest.iter().filter(counts).take(limits.count).enumerate();
    let mark = |(at, sentence): (usize, &&SentenceContribution)| Mark {
        span: sentence.span(),
        amount: sentence.contribution,
        strong: at == 0,
    };
    let mut marks: Vec<Mark> = marked.map(mark).collect();
    marks.sort_by_key(|mark| mark.span);
    marks
}

/// Sentences by how much they count, for the label or against it. Ties go to the earlier one.
pub(super) fn by_size(sentences: &[SentenceContribution]) -> Vec<&SentenceContribution> {
    let mut strongest: Vec<&SentenceContribution> = sentences.iter().collect();
    strongest
        .sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()).then(a.start.cmp(&b.start)));
    strongest
}
