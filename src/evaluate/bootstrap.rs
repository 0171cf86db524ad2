//! Counts of groups to intervals: the groups are drawn anew, with replacement, many times.

use super::{Interval, Meter};

/// Percentile interval (Efron 1979).
pub fn bootstrap(
    groups: &[Meter],
    seed: u64,
    figure: &(dyn Fn(&Meter) -> Option<f64> + Sync),
) -> Option<Interval> {
    if groups.len() < 2 {
        return None;
    }
    let mut state = seed;
    let mut values: Vec<f64> = (0..200)
        .filter_map(|_| {
            let mut sum: Option<Meter> = None;
            for _ in 0..groups.len() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let one = groups.get((state >> 33) as usize % groups.len())?;
                match &mut sum {
                    None => sum = Some(one.clone()),
                    Some(sum) => sum.merge(one),
                }
            }
            figure(&sum?)
        })
        .collect();
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values.get((share * values.len() as f64) as usize).or(values.last()).copied();
    Some(Interval { low: at(0.025)?, high: at(0.975)? })
}
