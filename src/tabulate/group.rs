//! Counts the verdicts of one group, and computes its figures.

use serde::{Deserialize, Serialize};

use crate::classifier::verdict::Decision;
use crate::label::ClassId;
use crate::statistics::{Estimate, ExactSums, Interval};

/// The figures of one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Group<'a> {
    /// The values of the keys; empty where a value is missing or not a date.
    pub values: &'a [String],
    /// Documents scored, with a label or without.
    pub documents: u64,
    /// Documents that were counted as stories; `None` if duplicates were not marked. A group of
    /// nothing but reprints of other groups' stories has none, and its figures have no intervals.
    pub stories: Option<u64>,
    /// The share of `documents` that got each label, in class order. With `abstained` the shares
    /// sum to 1.
    pub labels: Vec<Estimate>,
    /// The share of `documents` on which the model abstained.
    pub abstained: Estimate,
    /// The mean slant of the documents that the model judges, with a label or of low confidence;
    /// `None` if there is none. Documents that are off-topic, too short, unknown or in another
    /// language have no part in it.
    pub slant: Option<Estimate>,
    /// The same shares of `stories`, each counted with the answer of its first print; `None` if
    /// duplicates were not marked, or without a story.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_stories: Option<StoryShares>,
}

/// How a group's stories were answered, reprints counted once.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StoryShares {
    /// The share of stories that got each label, in class order.
    pub labels: Vec<Estimate>,
    /// The share of stories on which the model abstained.
    pub abstained: Estimate,
}

/// The counts and sums of one group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "SavedTally", from = "SavedTally")]
pub(crate) struct Tally {
    pub(crate) documents: u64,
    stories: u64,
    abstained: u64,
    labels: Box<[u64]>,
    slants: ExactSums,
    /// Stories that have a slant.
    slant_stories: u64,
    /// Of `labels`, those of documents that are no stories; empty where there are none.
    repeats: Box<[u64]>,
}

impl Tally {
    pub(crate) fn new(classes: usize) -> Self {
        let labels = vec![0; classes].into_boxed_slice();
        Tally {
            documents: 0,
            stories: 0,
            abstained: 0,
            labels,
            slants: ExactSums::default(),
            slant_stories: 0,
            repeats: Box::default(),
        }
    }

    pub(crate) fn add(&mut self, decision: Decision, slant: Option<f64>, is_story: bool) {
        self.documents += 1;
        self.stories += u64::from(is_story);
        let class = decision.label().map(ClassId::index);
        match class.and_then(|class| self.labels.get_mut(class)) {
            Some(count) => *count += 1,
            None => self.abstained += 1,
        }
        if let Some(class) = class.filter(|_| !is_story) {
            self.make_room_for_repeats();
            if let Some(count) = self.repeats.get_mut(class) {
                *count += 1;
            }
        }
        if let Some(slant) = slant.filter(|slant| slant.is_finite() && decision.is_judged()) {
            self.slants.add(slant);
            self.slant_stories += u64::from(is_story);
        }
    }

    fn make_room_for_repeats(&mut self) {
        if self.repeats.is_empty() {
            self.repeats = vec![0; self.labels.len()].into_boxed_slice();
        }
    }

    pub(crate) fn merge(&mut self, other: &Tally) {
        self.documents = self.documents.wrapping_add(other.documents);
        self.stories = self.stories.wrapping_add(other.stories);
        self.abstained = self.abstained.wrapping_add(other.abstained);
        self.labels.iter_mut().zip(&other.labels).for_each(|(sum, more)| *sum = sum.wrapping_add(*more));
        self.slants.merge(&other.slants);
        self.slant_stories = self.slant_stories.wrapping_add(other.slant_stories);
        if !other.repeats.is_empty() {
            self.make_room_for_repeats();
            let counts = self.repeats.iter_mut().zip(&other.repeats);
            counts.for_each(|(sum, more)| *sum = sum.wrapping_add(*more));
        }
    }

    /// How the stories were answered.
    fn of_stories(&self) -> Option<StoryShares> {
        if self.stories == 0 {
            return None;
        }
        let share = |part: u64| Estimate {
            value: part as f64 / self.stories as f64,
            interval: Interval::wilson(part, self.stories, self.stories),
        };
        let repeats = self.repeats.iter().copied().chain(std::iter::repeat(0));
        let counts: Vec<u64> =
            self.labels.iter().zip(repeats).map(|(all, repeats)| all.saturating_sub(repeats)).collect();
        let abstained = self.stories.saturating_sub(counts.iter().sum());
        Some(StoryShares { labels: counts.into_iter().map(share).collect(), abstained: share(abstained) })
    }

    /// Where duplicates are marked, an interval's number of observations is that of stories: forty
    /// reprints of one story are not forty observations. The figure itself is that of all
    /// documents, for that is what was published. If a few stories have most of the reprints, the
    /// effective number is smaller still, (sum m)^2 / sum m^2 for m documents a story (Kish 1965,
    /// "Survey Sampling"); that would need an entry a story.
    pub(crate) fn figures<'a>(&self, values: &'a [String], duplicates_marked: bool) -> Group<'a> {
        let observations = |stories, documents| if duplicates_marked { stories } else { documents };
        let n = observations(self.stories, self.documents);
        let share = |part: u64| Estimate {
            value: part as f64 / self.documents.max(1) as f64,
            interval: Interval::wilson(part, self.documents, n),
        };
        let n = observations(self.slant_stories, self.slants.count());
        Group {
            values,
            documents: self.documents,
            stories: duplicates_marked.then_some(self.stories),
            labels: self.labels.iter().map(|&part| share(part)).collect(),
            abstained: share(self.abstained),
            slant: mean_on_axis(&self.slants, n),
            of_stories: if duplicates_marked { self.of_stories() } else { None },
        }
    }

    /// Whether the counts can belong together in a table of so many classes.
    pub(crate) fn is_sound(&self, classes: usize) -> bool {
        let labeled = self.labels.iter().try_fold(self.abstained, |sum, &count| sum.checked_add(count));
        self.labels.len() == classes
            && (1..1 << 46).contains(&self.documents)
            && labeled == Some(self.documents)
            && self.stories <= self.documents
            && self.slants.count() <= self.documents
            && self.slant_stories <= self.stories.min(self.slants.count())
            && self.has_sound_repeats()
    }
}

impl Tally {
    /// Whether the labels of documents that are no stories can be those of this many.
    fn has_sound_repeats(&self) -> bool {
        let sum = self.repeats.iter().try_fold(0u64, |sum, &count| sum.checked_add(count));
        let all = self.documents - self.stories.min(self.documents);
        let fits = self.repeats.iter().zip(&self.labels).all(|(part, whole)| part <= whole);
        let abstained = sum.and_then(|sum| all.checked_sub(sum));
        [0, self.labels.len()].contains(&self.repeats.len())
            && fits
            && abstained.is_some_and(|abstained| abstained <= self.abstained)
    }
}

/// The mean of values from -1 to 1, with Student's interval as far as it lies on the axis.
pub(crate) fn mean_on_axis(sums: &ExactSums, observations: u64) -> Option<Estimate> {
    sums.mean().map(|value| Estimate {
        value,
        interval: sums
            .variance()
            .and_then(|variance| Interval::student(value, variance, observations))
            .map(|interval| interval.within(-1.0, 1.0)),
    })
}

/// Documents, stories, abstained, labels, slants, stories with a slant, and labels of documents
/// that are no stories.
#[derive(Serialize, Deserialize)]
struct SavedTally(
    u64,
    u64,
    u64,
    Box<[u64]>,
    ExactSums,
    u64,
    #[serde(default, skip_serializing_if = "<[u64]>::is_empty")] Box<[u64]>,
);

impl From<Tally> for SavedTally {
    fn from(tally: Tally) -> Self {
        let Tally { documents, stories, abstained, labels, slants, slant_stories, repeats } = tally;
        SavedTally(documents, stories, abstained, labels, slants, slant_stories, repeats)
    }
}

impl From<SavedTally> for Tally {
    fn from(saved: SavedTally) -> Self {
        let SavedTally(documents, stories, abstained, labels, slants, slant_stories, repeats) = saved;
        Tally { documents, stories, abstained, labels, slants, slant_stories, repeats }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classifier::verdict::Reason;

    fn filled() -> Tally {
        let mut tally = Tally::new(2);
        let label = |class| Decision::Label(ClassId::new(class));
        tally.add(label(0), Some(-0.5), true);
        tally.add(label(1), Some(0.25), true);
        tally.add(label(1), Some(1.0), true);
        tally.add(label(1), None, false);
        tally.add(Decision::Abstain(Reason::LowConfidence), Some(0.25), false);
        tally
    }

    #[test]
    fn shares_are_of_all_documents_and_sum_to_one() {
        let tally = filled();
        let group = tally.figures(&[], false);
        let shares: Vec<f64> = group.labels.iter().map(|label| label.value).collect();
        assert_eq!((group.documents, group.stories), (5, None));
        assert_eq!((shares, group.abstained.value), (vec![0.2, 0.6], 0.2));
        assert_eq!(group.abstained.interval, Interval::wilson(1, 5, 5));
    }

    #[test]
    fn the_mean_slant_is_of_all_that_are_judged() {
        let slant = filled().figures(&[], false).slant.unwrap();
        assert_eq!(slant.value, 0.25);
        // Squares about the mean: 0.5625, 0, 0.5625, 0; their sum over 4 - 1 is 0.375.
        let student = Interval::student(0.25, 0.375, 4).unwrap();
        // Student's interval ends at 1.22, and no slant is over 1.
        assert_eq!(slant.interval, Some(Interval { low: student.low, high: 1.0 }));
        assert_eq!(Tally::new(2).figures(&[], false).slant, None);
        let mut more = filled();
        for reason in [
            Reason::OffTopic,
            Reason::OtherLanguage,
            Reason::TooShort,
            Reason::NothingKnown,
            Reason::NothingExtracted,
        ] {
            more.add(Decision::Abstain(reason), Some(1.0), true);
        }
        assert_eq!(more.figures(&[], false).slant.unwrap(), slant, "what is not judged has no slant");
        let mut none = Tally::new(2);
        none.add(Decision::Abstain(Reason::OffTopic), Some(0.9), true);
        assert_eq!(none.figures(&[], false).slant, None);
    }

    #[test]
    fn where_duplicates_are_marked_stories_are_the_observations() {
        let tally = filled();
        let group = tally.figures(&[], true);
        assert_eq!(group.stories, Some(3));
        assert_eq!(group.labels[1].value, 0.6);
        assert_eq!(group.labels[1].interval, Interval::wilson(3, 5, 3));
        assert_eq!(group.slant.unwrap().interval, Some(Interval { low: -1.0, high: 1.0 }));
    }

    #[test]
    fn a_group_of_reprints_alone_has_figures_without_intervals() {
        let mut tally = Tally::new(2);
        (0..3).for_each(|_| tally.add(Decision::Label(ClassId::new(0)), Some(0.5), false));
        let group = tally.figures(&[], true);
        assert_eq!(group.labels[0], Estimate { value: 1.0, interval: None });
        assert_eq!(group.slant, Some(Estimate { value: 0.5, interval: None }));
    }

    #[test]
    fn stories_have_shares_of_their_own() {
        let mut tally = Tally::new(2);
        let label = |class| Decision::Label(ClassId::new(class));
        let prints = [(label(0), true), (label(1), true), (label(1), false), (label(1), false)];
        let more =
            [(Decision::Abstain(Reason::TooShort), true), (Decision::Abstain(Reason::TooShort), false)];
        prints.into_iter().chain(more).for_each(|(decision, is_story)| tally.add(decision, None, is_story));
        let group = tally.figures(&[], true);
        let stories = group.of_stories.unwrap();
        assert_eq!(stories.labels[0], Estimate { value: 1.0 / 3.0, interval: Interval::wilson(1, 3, 3) });
        assert_eq!((stories.labels[1].value, stories.abstained.value), (1.0 / 3.0, 1.0 / 3.0));
        assert_eq!((group.labels[1].value, group.stories), (0.5, Some(3)));
        assert_eq!(tally.figures(&[], false).of_stories, None);
        let mut twice = tally.clone();
        twice.merge(&tally);
        assert_eq!(twice.figures(&[], true).of_stories.unwrap().labels[0].value, 1.0 / 3.0);
        let saved = serde_json::to_string(&tally).unwrap();
        assert_eq!(serde_json::from_str::<Tally>(&saved).unwrap(), tally);
        assert!(tally.is_sound(2) && !Tally { repeats: Box::new([0, 4]), ..tally }.is_sound(2));
        // As tables were saved before stories had shares.
        let plain = serde_json::to_string(&filled()).unwrap();
        assert!(serde_json::from_str::<Tally>(&plain).unwrap().is_sound(2), "{plain}");
    }

    #[test]
    fn a_slant_that_is_no_number_is_none() {
        let mut tally = Tally::new(2);
        tally.add(Decision::Label(ClassId::new(0)), Some(f64::NAN), true);
        assert_eq!(tally.figures(&[], false).slant, None);
    }
}
