//! Ranks the passages of an archive by how much their labels would teach a model, as `suggest`
//! does.

use std::collections::HashSet;

use crate::active_learning::suggest::{SuggestParams, quotas, uncertainty};
use crate::classifier::verdict::Reason;
use crate::labeling::archive::Archive;
use crate::labeling::scores::{ScoresView, StoredVerdict};
use crate::random::hash_name;

/// Passages that are ranked: nobody labels more of them before there is another model.
const MAX_RANKED: usize = 20_000;
/// Picks over which the shares of rare labels are dealt.
const ROUND: usize = 100;

/// The order in which a model asks for passages.
#[derive(Debug)]
pub(super) struct Ranking {
    /// Those that it ranks, then all others at random.
    pub(super) order: Vec<u32>,
    /// Those that it ranks.
    ranked: HashSet<u32>,
}

impl Ranking {
    /// `random` has all passages.
    pub(super) fn new(ranked: Vec<u32>, random: &[u32]) -> Self {
        let mut order = ranked;
        let ranked: HashSet<u32> = order.iter().copied().collect();
        order.extend(random.iter().filter(|unit| !ranked.contains(unit)));
        Ranking { order, ranked }
    }

    /// Whether a passage is one of those that come at random.
    pub(super) fn is_random(&self, unit: usize) -> bool {
        !u32::try_from(unit).is_ok_and(|unit| self.ranked.contains(&unit))
    }
}

/// Ranks passages: the most uncertain first, among them the likeliest ones of labels with few rows.
/// Passages on which the model abstains for another reason than low confidence are left out.
pub(super) fn by_use(view: &ScoresView<'_>, archive: &Archive, rows_by_class: &[u64], seed: u64) -> Vec<u32> {
    let fit: Vec<u32> = (0..view.units())
        .filter(|&unit| view.unit(unit).is_some_and(|answer| is_fit(&answer)))
        .filter_map(|unit| u32::try_from(unit).ok())
        .collect();
    let uncertain = ranked(&fit, seed, archive, |unit| {
        view.unit(unit).map_or(0.0, |answer| {
            let probabilities: Vec<f64> = answer.probabilities.iter().copied().map(f64::from).collect();
            uncertainty(&probabilities)
        })
    });
    let rare = (ROUND as f64 * SuggestParams::RARE_SHARE).round() as usize;
    let quotas = quotas(rows_by_class, rare);
    let mut lists: Vec<(usize, std::vec::IntoIter<u32>)> = quotas
        .iter()
        .map(|quota| {
            let list = ranked(&fit, seed, archive, |unit| {
                view.unit(unit)
                    .and_then(|answer| answer.probabilities.get(quota.class).copied())
                    .map_or(0.0, f64::from)
            });
            (quota.texts, list.into_iter())
        })
        .collect();
    interleave(uncertain, &mut lists, archive.units().len())
}

/// Every passage in an order that the seed decides: any beginning of it is a random sample.
pub(super) fn at_random(archive: &Archive, seed: u64) -> Vec<u32> {
    let mut units: Vec<(u64, u32)> = (0..archive.units().len())
        .filter_map(|unit| Some((number(archive, unit, seed), u32::try_from(unit).ok()?)))
        .collect();
    units.sort_unstable();
    units.into_iter().map(|(_, unit)| unit).collect()
}

fn is_fit(answer: &StoredVerdict<'_>) -> bool {
    answer.reason.is_none_or(|reason| reason == Reason::LowConfidence)
}

/// The passages with the highest scores. The seed decides between equals.
fn ranked(fit: &[u32], seed: u64, archive: &Archive, score: impl Fn(usize) -> f64) -> Vec<u32> {
    let mut scored: Vec<(f64, u32)> = fit.iter().map(|&unit| (score(unit as usize), unit)).collect();
    let by_score = |a: &(f64, u32), b: &(f64, u32)| {
        let tie = || {
            let of = |unit: u32| number(archive, unit as usize, seed);
            of(a.1).cmp(&of(b.1)).then(a.1.cmp(&b.1))
        };
        b.0.total_cmp(&a.0).then_with(tie)
    };
    if scored.len() > MAX_RANKED {
        scored.select_nth_unstable_by(MAX_RANKED, by_score);
        scored.truncate(MAX_RANKED);
    }
    scored.sort_unstable_by(by_score);
    scored.into_iter().map(|(_, unit)| unit).collect()
}

/// A number that a passage's place, text and the seed decide.
fn number(archive: &Archive, unit: usize, seed: u64) -> u64 {
    let Some((text, passage)) = archive.passage(unit) else { return 0 };
    hash_name(hash_name(seed, text.id.as_bytes()), passage.as_bytes())
}

/// Deals the likeliest passages of rare labels among the uncertain ones, so many of each hundred,
/// each passage once.
fn interleave(uncertain: Vec<u32>, rare: &mut [(usize, std::vec::IntoIter<u32>)], units: usize) -> Vec<u32> {
    let of_round: usize = rare.iter().map(|(quota, _)| *quota).sum();
    let mut taken = vec![false; units];
    let mut take = |unit: u32| {
        taken.get_mut(unit as usize).is_some_and(|slot| !std::mem::replace(slot, true)).then_some(unit)
    };
    let mut out = Vec::with_capacity(uncertain.len());
    let mut uncertain = uncertain.into_iter();
    let step = ROUND.checked_div(of_round).map_or(usize::MAX, |step| step.max(1));
    // The labels of the rare places of one round, each as often as its share, one after the other.
    let turns: Vec<usize> = (0..rare.iter().map(|(quota, _)| *quota).max().unwrap_or(0))
        .flat_map(|turn| {
            rare.iter().enumerate().filter(move |(_, (quota, _))| turn < *quota).map(|(at, _)| at)
        })
        .collect();
    let mut turn = 0;
    loop {
        let label = (out.len() % step == step - 1).then(|| turns.get(turn % turns.len().max(1))).flatten();
        let of_rare = label.and_then(|&label| {
            turn += 1;
            rare.get_mut(label).and_then(|(_, list)| list.find_map(&mut take))
        });
        match of_rare.or_else(|| uncertain.find_map(&mut take)) {
            Some(unit) => out.push(unit),
            None => return out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_ranked_comes_at_random_behind_what_is() {
        let ranking = Ranking::new(vec![3, 1], &[4, 3, 0, 1, 2]);
        assert_eq!(ranking.order, [3, 1, 4, 0, 2]);
        assert_eq!([3, 1, 4].map(|unit| ranking.is_random(unit)), [false, false, true]);
        let nothing = Ranking::new(Vec::new(), &[1, 0]);
        assert!(nothing.order == [1, 0] && nothing.is_random(1));
    }

    #[test]
    fn rare_labels_have_their_share_of_places_and_no_passage_stands_twice() {
        let uncertain: Vec<u32> = (0..50).collect();
        let mut rare = vec![(15, vec![40, 41, 42].into_iter()), (5, vec![1, 60].into_iter())];
        let order = interleave(uncertain, &mut rare, 100);
        assert_eq!(&order[..10], [0, 1, 2, 3, 40, 4, 5, 6, 7, 60]);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!((order.len(), sorted.len()), (51, 51));
        assert_eq!(interleave(vec![2, 1], &mut [], 3), [2, 1]);
    }
}
