//! Gives prediction sets: sets of labels that hold the right one as often as was asked for.
//!
//! A label's score is 1 - its probability (the least ambiguous set-valued classifier: Sadinle, Lei
//! & Wasserman 2019). With the scores of n held-out right labels, a set takes every label whose
//! score is not over the k-th smallest, k = ceil((n + 1) x confidence level): it then holds the
//! right label of a new text of the same kind with at least that probability (Angelopoulos & Bates
//! 2023, "Conformal prediction: a gentle introduction", section 1 and 4.2 for the rule by class).

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::label::ClassId;
use crate::named::named;

/// At most so many scores are kept of a list; of more, every n-th.
const MAX_POINTS: usize = 4096;

/// Which labels share a threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetRule {
    /// All: the confidence level holds over all texts.
    #[default]
    Lac,
    /// Each label has its own: the coverage holds for the texts of each label by themselves.
    ClassConditional,
}

named!(SetRule { Lac: "lac", ClassConditional: "class-conditional" });

/// Scores of the right labels of held-out units: of all, then of each class.
#[derive(Clone, Debug, PartialEq)]
pub struct Conformal {
    lists: Vec<Scores>,
}

/// Scores in ascending order.
#[derive(Clone, Debug, Default, PartialEq)]
struct Scores {
    /// How many there were.
    count: u64,
    points: Vec<f32>,
}

/// What the description of a model says of the scores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Held-out units.
    pub all: u64,
    /// Held-out units of each class.
    pub classes: Vec<u64>,
}

impl Scores {
    fn new(mut scores: Vec<f32>) -> Self {
        scores.sort_by(f32::total_cmp);
        let count = scores.len() as u64;
        if scores.len() > MAX_POINTS {
            scores = (0..MAX_POINTS)
                .filter_map(|point| scores.get(Self::rank(point, count) - 1).copied())
                .collect();
        }
        Scores { count, points: scores }
    }

    /// The rank, from 1, that a point stands for.
    fn rank(point: usize, count: u64) -> usize {
        let kept = (count as usize).min(MAX_POINTS);
        ((point + 1) * count as usize).div_ceil(kept.max(1))
    }

    /// The greatest score that a label of the set may have.
    fn threshold(&self, confidence_level: f64) -> f64 {
        let wanted = ((self.count + 1) as f64 * confidence_level).ceil().max(1.0) as u64;
        if wanted > self.count {
            return 1.0;
        }
        // The first point that stands for the wanted rank or one behind it.
        let kept = self.points.len();
        let point = (wanted as usize * kept).div_ceil(self.count as usize) - 1;
        self.points.get(point).map_or(1.0, |score| f64::from(*score))
    }
}

impl Conformal {
    /// Takes the class and the probability of the right label of every held-out unit.
    pub fn fit(held: impl Iterator<Item = (ClassId, f64)>, classes: usize) -> Self {
        let mut lists = vec![Vec::new(); classes + 1];
        for (class, probability) in held {
            let score = 1.0 - probability;
            // Rounded up: a set is rather a hair too large than too small.
            let rounded = score as f32;
            let rounded = if f64::from(rounded) < score { rounded.next_up() } else { rounded };
            for list in [0, class.index() + 1] {
                if let Some(list) = lists.get_mut(list) {
                    list.push(rounded.clamp(0.0, 1.0));
                }
            }
        }
        Conformal { lists: lists.into_iter().map(Scores::new).collect() }
    }

    /// Puts together what a model file holds.
    ///
    /// # Errors
    /// Counts that do not fit the points or each other, points out of order or outside 0 to 1.
    pub fn from_parts(counts: &Counts, points: &[f32]) -> Result<Self> {
        let sum = counts.classes.iter().try_fold(0u64, |sum, &count| sum.checked_add(count));
        if sum != Some(counts.all) || counts.all > u64::from(u32::MAX) {
            return Err(Error::model("the counts of its held-out scores do not add up"));
        }
        let mut rest = points;
        let mut lists = Vec::with_capacity(counts.classes.len() + 1);
        for &count in std::iter::once(&counts.all).chain(&counts.classes) {
            let kept = (count as usize).min(MAX_POINTS);
            let (own, others) = rest
                .split_at_checked(kept)
                .ok_or_else(|| Error::model(format!("{} held-out scores; expected more", points.len())))?;
            let score_in_order = own.is_sorted_by(|a, b| a <= b);
            if !score_in_order || own.iter().any(|score| !(0.0..=1.0).contains(score)) {
                return Err(Error::model("its held-out scores are not sorted numbers from 0 to 1"));
            }
            lists.push(Scores { count, points: own.to_vec() });
            rest = others;
        }
        if !rest.is_empty() {
            return Err(Error::model(format!("{} held-out scores too many", rest.len())));
        }
        Ok(Conformal { lists })
    }

    /// How many scores there were.
    pub fn counts(&self) -> Counts {
        let mut counts = self.lists.iter().map(|list| list.count);
        Counts { all: counts.next().unwrap_or(0), classes: counts.collect() }
    }

    /// All points, list after list.
    pub fn points(&self) -> Vec<f32> {
        self.lists.iter().flat_map(|list| list.points.iter().copied()).collect()
    }

    /// Makes the thresholds of prediction sets: a set holds the right label with the probability
    /// `confidence_level`.
    ///
    /// # Errors
    /// A confidence level that is not between 0 and 1.
    pub fn prediction_sets(&self, confidence_level: f64, rule: SetRule) -> Result<PredictionSets> {
        if !(confidence_level > 0.0 && confidence_level < 1.0) {
            let expected = "a share between 0 and 1";
            return Err(Error::invalid_parameter("confidence_level", confidence_level, expected));
        }
        let of = |list: &Scores| list.threshold(confidence_level);
        let (all, classes) = self.lists.split_first().map_or((1.0, &[][..]), |(all, rest)| (of(all), rest));
        Ok(PredictionSets(match rule {
            SetRule::Lac => vec![all; classes.len()],
            SetRule::ClassConditional => classes.iter().map(of).collect(),
        }))
    }
}

/// The thresholds that say which labels a text's prediction set holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictionSets(Vec<f64>);

impl PredictionSets {
    /// The labels whose score is not over their threshold, in class order. It may be empty: no
    /// label is likely enough.
    pub fn classes(&self, probabilities: &[f64]) -> Vec<ClassId> {
        let holds = |(p, threshold): (&f64, &f64)| 1.0 - p <= *threshold;
        let classes = probabilities.iter().zip(&self.0).enumerate();
        classes.filter(|(_, pair)| holds(*pair)).map(|(class, _)| ClassId::new(class)).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn held(scores: &[(usize, f64)]) -> Conformal {
        Conformal::fit(scores.iter().map(|&(class, p)| (ClassId::new(class), p)), 2)
    }

    #[test]
    fn a_set_takes_the_labels_up_to_the_kth_score() {
        // Scores 0.1, 0.2, 0.3, 0.4: k = ceil(5 x 0.6) = 3, the threshold is 0.3.
        let conformal = held(&[(0, 0.9), (1, 0.8), (0, 0.7), (1, 0.6)]);
        let sets = conformal.prediction_sets(0.6, SetRule::Lac).unwrap();
        assert_eq!(sets.classes(&[0.75, 0.25]), [ClassId::new(0)]);
        assert_eq!(sets.classes(&[0.65, 0.35]), []);
        // k = ceil(5 x 0.9) = 5 of 4: nothing can be left out.
        assert_eq!(conformal.prediction_sets(0.9, SetRule::Lac).unwrap().classes(&[1.0, 0.0]).len(), 2);
        // By class: 0.1, 0.3 and 0.2, 0.4; k = ceil(3 x 0.6) = 2.
        let sets = conformal.prediction_sets(0.6, SetRule::ClassConditional).unwrap();
        assert_eq!(sets.classes(&[0.35, 0.65]), [ClassId::new(1)]);
        for wrong in [0.0, 1.0, f64::NAN, -1.0] {
            assert!(conformal.prediction_sets(wrong, SetRule::Lac).is_err());
        }
    }

    #[test]
    fn parts_that_lie_are_refused() {
        let conformal = held(&[(0, 0.9), (1, 0.8), (0, 0.7)]);
        let (counts, points) = (conformal.counts(), conformal.points());
        assert_eq!(Conformal::from_parts(&counts, &points).unwrap(), conformal);
        let wrong = |all, classes: &[u64], points: &[f32]| {
            assert!(Conformal::from_parts(&Counts { all, classes: classes.to_vec() }, points).is_err());
        };
        wrong(4, &[2, 1], &points);
        wrong(3, &[2, 1], &points[1..]);
        wrong(2, &[1, 1], &points);
        wrong(1, &[1, 0], &[f32::NAN, 0.1]);
        wrong(2, &[2, 0], &[0.2, 0.1, 0.1, 0.2]);
        wrong(1, &[u64::MAX, 2], &[0.5]);
    }

    proptest! {
        #[test]
        fn the_share_of_held_out_labels_inside_is_what_was_asked_for(
            seed in 0u64..1000, count in 1usize..9000, coverage in 0.02f64..0.98
        ) {
            let mut state = seed;
            let probabilities: Vec<f64> = (0..count).map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 11) as f64 / (1u64 << 53) as f64
            }).collect();
            let conformal = held(&probabilities.iter().map(|&p| (0, p)).collect::<Vec<_>>());
            let sets = conformal.prediction_sets(coverage, SetRule::Lac).unwrap();
            let inside = probabilities.iter().filter(|&&p| sets.classes(&[p, 0.0]).contains(&ClassId::new(0))).count();
            let share = inside as f64 / count as f64;
            prop_assert!(share >= coverage - 1e-9, "{share} of {coverage}");
            // One rank for the +1, one for rounding, and the ranks between two kept points.
            let ranks = 2 + count.div_ceil(MAX_POINTS);
            prop_assert!(share <= coverage + ranks as f64 / count as f64 + 1e-9, "{share} of {coverage}");
        }
    }
}
