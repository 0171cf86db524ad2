//! Decides which labels are rare, and how many texts are picked for each of them.

use std::sync::Arc;

use crate::active_learning::suggest::best::Best;
use crate::active_learning::suggest::offer::Offer;
use crate::label::ClassId;

/// A label is rare if it has less than this share of the rows that it would have if all labels had
/// equally many.
const RARE_SHARE_OF_MEAN: f64 = 0.8;

/// A label with few rows, and the texts that are likeliest to have it.
#[derive(Debug)]
pub(super) struct RareLabel {
    pub(super) class: ClassId,
    /// How many texts are picked for it.
    pub(super) quota: usize,
    pub(super) best: Best<Arc<Offer>>,
}

/// How many texts are picked for the label of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    pub(crate) class: usize,
    pub(crate) texts: usize,
}

/// Distributes `texts` over the rare labels inversely to their rows, by the largest remainder
/// (Hamilton's method). `rows` holds the training rows of each class; classes that get no text are
/// left out.
pub(crate) fn quotas(rows: &[u64], texts: usize) -> Vec<Quota> {
    let all: u64 = rows.iter().sum();
    let mean = all as f64 / rows.len().max(1) as f64;
    let rare: Vec<(usize, f64)> = rows
        .iter()
        .enumerate()
        .filter(|&(_, &count)| (count as f64) < RARE_SHARE_OF_MEAN * mean)
        .map(|(class, &count)| (class, 1.0 / count.max(1) as f64))
        .collect();
    let sum: f64 = rare.iter().map(|(_, weight)| weight).sum();
    let mut quotas: Vec<(Quota, f64)> = rare
        .iter()
        .map(|&(class, weight)| {
            let exact = texts as f64 * weight / sum;
            let whole = exact as usize;
            (Quota { class, texts: whole }, exact - whole as f64)
        })
        .collect();
    let left = texts.saturating_sub(quotas.iter().map(|(quota, _)| quota.texts).sum());
    quotas.sort_by(|(a, rest_a), (b, rest_b)| rest_b.total_cmp(rest_a).then(a.class.cmp(&b.class)));
    quotas.iter_mut().take(left).for_each(|(quota, _)| quota.texts += 1);
    quotas.sort_by_key(|(quota, _)| quota.class);
    quotas.into_iter().map(|(quota, _)| quota).filter(|quota| quota.texts > 0).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs(rows: &[u64], texts: usize) -> Vec<(usize, usize)> {
        quotas(rows, texts).iter().map(|quota| (quota.class, quota.texts)).collect()
    }

    #[test]
    fn quotas_at_points_known_by_hand() {
        assert_eq!(pairs(&[100, 100, 100], 10), []);
        assert_eq!(pairs(&[200, 50, 100], 10), [(1, 10)], "100 of 350 is not rare");
        // 1/10 and 1/30: 3 to 1.
        assert_eq!(pairs(&[10, 200, 30], 10), [(0, 8), (2, 2)]);
        assert_eq!(pairs(&[10, 200, 30], 1), [(0, 1)]);
        assert_eq!(pairs(&[10, 200], 0), []);
        assert_eq!(pairs(&[], 5), []);
    }

    proptest! {
        #[test]
        fn quotas_sum_to_what_is_asked_where_a_label_is_rare(
            rows in proptest::collection::vec(0..500u64, 2..8), texts in 0..60usize
        ) {
            let sum: usize = pairs(&rows, texts).iter().map(|quota| quota.1).sum();
            let mean = rows.iter().sum::<u64>() as f64 / rows.len() as f64;
            let any = rows.iter().any(|&count| (count as f64) < RARE_SHARE_OF_MEAN * mean);
            prop_assert_eq!(sum, if any { texts } else { 0 });
        }
    }
}
