//! Chooses the topic score under which a text is off-topic: for units, for documents, and for the
//! best window of long texts.

use std::collections::BTreeMap;

use crate::error::Message;
use crate::model::{OffTopic, OffTopicWindow, Thresholds};
use crate::train::params::TrainParams;
use crate::train::validation::off_topic_scores::{OffTopicScores, TopicScore};

/// Share of the held-out out-of-domain texts that lie under the threshold ...
const RECALL: f64 = 0.95;
/// ... unless more than this share of the held-out rows would lie under it as well.
const MAX_FALSE_ALARMS: f64 = 0.25;

/// Least number of documents of several rows for which documents get a threshold of their own.
const MIN_DOCUMENTS: usize = 30;
/// Most rows of a document.
const DOCUMENT_ROWS: usize = 3;

/// What of the thresholds is given. The rest comes from held-out texts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct GivenThresholds {
    /// The topic score below which a text is off-topic.
    pub least: Option<f64>,
    /// Words of the windows that long texts are judged by; 0 for none.
    pub window_words: u32,
    /// The topic score of the best window below which a long text is off-topic.
    pub window_least: Option<f64>,
}

impl GivenThresholds {
    /// Those that a training is given.
    pub(crate) fn new(params: &TrainParams) -> Self {
        GivenThresholds {
            least: params.off_topic_threshold,
            window_words: params.off_topic_window,
            window_least: params.off_topic_window_threshold,
        }
    }
}

/// The thresholds for the scores of all folds, with the shares that lie under the one for units:
/// what is given, or what the recall asks for. `None` without texts on both sides. Documents have a
/// threshold of their own where there are enough of them, and so have long texts.
pub(crate) fn threshold<'l>(
    groups: &[usize],
    folds: impl Iterator<Item = &'l OffTopicScores>,
    given: GivenThresholds,
) -> Option<OffTopic> {
    let mut all = OffTopicScores::default();
    for fold in folds {
        all.rows.extend(&fold.rows);
        all.out_of_domain.extend(&fold.out_of_domain);
        all.row_windows.extend(&fold.row_windows);
        all.out_of_domain_windows.extend(&fold.out_of_domain_windows);
    }
    let rows = sorted(all.rows.iter().filter_map(|(_, score)| score.likeness()).collect());
    let out_of_domain = sorted(all.out_of_domain);
    let least = given
        .least
        .or(recalling(&out_of_domain, &rows))
        .filter(|_| !rows.is_empty() && !out_of_domain.is_empty())?;
    let (recall, false_alarms) = (share_under(&out_of_domain, least), share_under(&rows, least));
    let document = document_threshold(&documents(groups, all.rows), least, false_alarms);
    let window = window_rule(given, &sorted(all.row_windows), &sorted(all.out_of_domain_windows));
    Some(OffTopic { least, document, window, recall, false_alarms })
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

/// The threshold that most out-of-domain texts lie under, unless too many rows would.
fn recalling(out_of_domain: &[f64], rows: &[f64]) -> Option<f64> {
    Some(at_share(out_of_domain, RECALL)?.min(at_share(rows, MAX_FALSE_ALARMS)?))
}

/// The rule for long texts, if it is asked for; `None` if there are too few documents to choose its
/// threshold, which is not given.
fn window_rule(given: GivenThresholds, rows: &[f64], out_of_domain: &[f64]) -> Option<OffTopicWindow> {
    let are_enough = rows.len().min(out_of_domain.len()) >= MIN_DOCUMENTS;
    let recalled = if are_enough { recalling(out_of_domain, rows) } else { None };
    let least = given.window_least.or(recalled).filter(|_| given.window_words > 0)?;
    let share = |of| are_enough.then(|| share_under(of, least));
    Some(OffTopicWindow {
        words: given.window_words,
        least,
        recall: share(out_of_domain),
        false_alarms: share(rows),
    })
}

/// What to say if windows were asked for, and there are too few documents to choose their
/// threshold.
pub(crate) fn window_warning(window_words: u32, thresholds: &Thresholds) -> Option<Message> {
    thresholds.off_topic.filter(|off| window_words > 0 && off.window.is_none())?;
    let message = format!(
        "fewer than {MIN_DOCUMENTS} documents of {} words or more can be made of the rows of one group, or of the outside texts: \
         long texts are judged as a whole; ",
        2 * window_words
    );
    Some(Message::from(message).then(Message::naming("give `off_topic_window_threshold`, or longer texts")))
}

/// Held-out documents: the rows of a group one after the other, [`DOCUMENT_ROWS`] at a time, and
/// their likeness in order. A group may be an outlet with hundreds of rows, which no document has.
fn documents(groups: &[usize], held_out: Vec<(usize, TopicScore)>) -> Vec<f64> {
    let mut of_group: BTreeMap<usize, Vec<TopicScore>> = BTreeMap::new();
    held_out.into_iter().for_each(|(row, score)| of_group.entry(groups[row]).or_default().push(score));
    let documents =
        of_group.values().flat_map(|rows| rows.chunks(DOCUMENT_ROWS)).filter(|rows| rows.len() > 1);
    let whole = |rows: &[TopicScore]| {
        let sum = |sum: TopicScore, row: &TopicScore| TopicScore {
            sum: sum.sum + row.sum,
            words: sum.words + row.words,
        };
        rows.iter().fold(TopicScore::default(), sum).likeness()
    };
    sorted(documents.filter_map(whole).collect())
}

/// The likeness under which as many documents lie as units do under theirs. The likeness of a text
/// grows with the root of its length, whichever its subject: so it is no lower than that of units,
/// and no higher than that of a document of such units. `None` for few documents.
fn document_threshold(documents: &[f64], least: f64, false_alarms: f64) -> Option<f64> {
    let longest = least.max(least * (DOCUMENT_ROWS as f64).sqrt());
    let alike = at_share(documents, false_alarms).filter(|_| documents.len() >= MIN_DOCUMENTS)?;
    Some(alike.clamp(least, longest))
}

/// The share of values under one.
fn share_under(sorted: &[f64], least: f64) -> f64 {
    sorted.partition_point(|&value| value < least) as f64 / sorted.len() as f64
}

/// The value with at most this share of all values under it; `None` of no values.
fn at_share(sorted: &[f64], share: f64) -> Option<f64> {
    sorted.get((share * sorted.len() as f64) as usize).or(sorted.last()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of one word each, whose likeness is their sum.
    fn scores(rows: impl Iterator<Item = f64>, out_of_domain: impl Iterator<Item = f64>) -> OffTopicScores {
        let rows = rows.enumerate().map(|(row, sum)| (row, TopicScore { sum, words: 1 })).collect();
        OffTopicScores { rows, out_of_domain: out_of_domain.collect(), ..OffTopicScores::default() }
    }

    fn found(scores: &OffTopicScores, group_rows: usize, least: Option<f64>) -> OffTopic {
        let groups: Vec<usize> = (0..scores.rows.len()).map(|row| row / group_rows).collect();
        let given = GivenThresholds { least, ..GivenThresholds::default() };
        threshold(&groups, [scores].into_iter(), given).unwrap()
    }

    #[test]
    fn the_threshold_recognizes_out_of_domain_texts_and_spares_rows() {
        let numbers = || (0..100).map(f64::from);
        let apart = found(&scores(numbers().map(|n| 5.0 + n), numbers().map(|n| -n)), 1, None);
        assert_eq!((apart.least, apart.recall, apart.false_alarms), (-4.0, 0.95, 0.0));
        let mixed = scores(numbers(), numbers());
        let of_mixed = found(&mixed, 1, None);
        assert_eq!((of_mixed.least, of_mixed.recall, of_mixed.false_alarms), (25.0, 0.25, 0.25));
        for least in [None, Some(1.0)] {
            let given = GivenThresholds { least, ..GivenThresholds::default() };
            assert!(threshold(&[], [&OffTopicScores::default()].into_iter(), given).is_none());
        }
        let fixed = found(&mixed, 1, Some(50.0));
        assert_eq!((fixed.least, fixed.recall, fixed.false_alarms), (50.0, 0.5, 0.5));
    }

    #[test]
    fn documents_have_a_threshold_of_their_own_where_there_are_enough() {
        let rows =
            |count: i32| scores((0..count).map(|n| f64::from(n % 10)), (0..100).map(|n| f64::from(-n)));
        assert_eq!(found(&rows(200), 1, Some(1.0)).document, None, "no group has two rows");
        assert_eq!(found(&rows(58), 2, Some(1.0)).document, None, "29 documents");
        // One row in ten is under 1, and of the documents of 0 and 1, 2 and 3, ... one in five is
        // at 1 / sqrt(2).
        assert_eq!(found(&rows(200), 2, Some(1.0)).document, Some(1.0), "no lower than that of units");
        // Three rows in ten are under 3; documents are at 1, 5, 9, 13, 17 over sqrt(2).
        assert_eq!(found(&rows(200), 2, Some(3.0)).document, Some(5.0 / 2f64.sqrt()));
        // A group of a hundred rows is no document: rows of it are, three at a time, and the last
        // alone is none.
        let most = found(&rows(300), 100, Some(5.0)).document.unwrap();
        assert!((5.0..=5.0 * 3f64.sqrt()).contains(&most), "{most}");
        let far = found(&scores((0..90).map(|_| 50.0), (0..90).map(f64::from)), 3, Some(2.0));
        assert_eq!(far.document, Some(2.0 * 3f64.sqrt()), "no higher than a document of units at theirs");
        let negative = found(&scores((0..90).map(|_| 50.0), (0..90).map(f64::from)), 3, Some(-2.0));
        assert_eq!(negative.document, Some(-2.0));
    }

    #[test]
    fn long_texts_have_a_threshold_of_their_own_where_windows_are_asked_for() {
        let numbers = |count: i32| (0..count).map(f64::from);
        let scores = |documents| OffTopicScores {
            row_windows: numbers(documents).map(|n| 20.0 + n).collect(),
            out_of_domain_windows: numbers(100).map(|n| -n).collect(),
            ..scores(numbers(100), numbers(100))
        };
        let window = |documents, window_words, window_least| {
            let given = GivenThresholds { least: None, window_words, window_least };
            threshold(&[0; 100], [&scores(documents)].into_iter(), given).unwrap().window
        };
        let rule =
            |least, recall, false_alarms| Some(OffTopicWindow { words: 80, least, recall, false_alarms });
        assert_eq!(window(100, 80, None), rule(-4.0, Some(0.95), Some(0.0)));
        assert_eq!(window(100, 80, Some(22.0)), rule(22.0, Some(1.0), Some(0.02)));
        assert_eq!(window(29, 80, None), None, "too few documents");
        assert_eq!(window(29, 80, Some(22.0)), rule(22.0, None, None));
        assert_eq!(window(100, 0, None), None);
    }
}
