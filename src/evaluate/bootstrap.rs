//! Computes confidence intervals by a bootstrap over clusters of rows.

use rayon::prelude::*;

use crate::evaluate::metrics::Metrics;
use crate::progress::{Progress, Silent};
use crate::random::{Random, hash_name};
#[cfg(feature = "train")]
use crate::statistics::Estimate;
use crate::statistics::Interval;

/// How many times the clusters are drawn.
pub(crate) const REPLICATES: usize = 1000;

/// An interval is given if the figure is defined in at least this share of the replicates.
const MIN_DEFINED: f64 = 0.95;

/// Figures of two draws that differ by no more than this differ by rounding only.
const ROUNDING: f64 = 1e-9;

/// Which clusters are drawn, and who may stop the drawing. A seed alone is never stopped.
#[derive(Clone, Copy)]
pub(crate) struct Drawing<'p> {
    pub(crate) seed: u64,
    /// Where it is stopped, the remaining draws are left out, so the caller must ask again and use
    /// none of the figures.
    pub(crate) progress: &'p dyn Progress,
}

impl From<u64> for Drawing<'static> {
    fn from(seed: u64) -> Self {
        Drawing { seed, progress: &Silent }
    }
}

/// The 95 % interval of a figure; see [`bootstrap_all`].
pub(crate) fn bootstrap<'p>(
    groups: &[Metrics],
    drawing: impl Into<Drawing<'p>>,
    figure: &(dyn Fn(&Metrics) -> Option<f64> + Sync),
) -> Option<Interval> {
    bootstrap_all(groups, drawing, &|metrics| vec![figure(metrics)]).into_iter().next().flatten()
}

/// The 95 % intervals of several figures, by the percentiles of a bootstrap over groups.
///
/// Each element of `groups` counts the rows of one cluster, which are not independent of each
/// other: the rows of a group, or one row without a group. A thousand times, as many clusters as
/// there are are drawn with replacement, and all figures are computed from the draw; the interval
/// reaches from the 2.5 % to the 97.5 % quantile. It is `None` with fewer than two clusters, for a
/// figure that is undefined over all rows or in more than one draw of twenty, and where
/// [`percentiles`] has none. The same seed gives the same intervals on any number of threads.
///
/// Efron 1979, "Bootstrap methods: another look at the jackknife", Ann. Stat. 7; for groups Davison
/// & Hinkley 1997, "Bootstrap Methods and their Application", 3.8.
pub(crate) fn bootstrap_all<'p>(
    groups: &[Metrics],
    drawing: impl Into<Drawing<'p>>,
    figures: &(dyn Fn(&Metrics) -> Vec<Option<f64>> + Sync),
) -> Vec<Option<Interval>> {
    let whole = figures(&sum(groups));
    let drawn = replicates([groups], drawing, &|[metrics]| figures(metrics));
    whole.iter().enumerate().map(|(at, value)| value.and(percentiles(&column(&drawn, at)))).collect()
}

/// The figures of each draw; the same groups are drawn from both samples. Nothing with fewer than
/// two groups.
pub(crate) fn replicates<'p, const N: usize>(
    samples: [&[Metrics]; N],
    drawing: impl Into<Drawing<'p>>,
    figures: &(dyn Fn([&Metrics; N]) -> Vec<Option<f64>> + Sync),
) -> Vec<Vec<Option<f64>>> {
    let groups = samples.iter().map(|sample| sample.len()).min().unwrap_or(0);
    if groups < 2 {
        return Vec::new();
    }
    let empty = samples.map(|sample| sum(sample).emptied());
    by_times(groups, drawing, &|times| {
        let mut drawn = empty.clone();
        for (metrics, sample) in drawn.iter_mut().zip(samples) {
            let taken = sample.iter().zip(times).filter(|(_, times)| **times > 0);
            taken.for_each(|(group, &times)| metrics.merge_times(group, times));
        }
        figures(drawn.each_ref())
    })
}

/// The figures of each draw of so many groups, given how often each was drawn.
pub(crate) fn by_times<'p>(
    groups: usize,
    drawing: impl Into<Drawing<'p>>,
    figures: &(dyn Fn(&[u32]) -> Vec<Option<f64>> + Sync),
) -> Vec<Vec<Option<f64>>> {
    let Drawing { seed, progress } = drawing.into();
    let replicates = (0..REPLICATES).into_par_iter().filter(|_| !progress.is_stopped());
    replicates.map(|replicate| figures(&draw(groups, random(seed, replicate)))).collect()
}

/// The difference of a figure between two samples of the same groups, and its interval from the
/// same draws of both. `None` with fewer than two groups, or if the difference is undefined over
/// all groups or in more than one draw of twenty.
#[cfg(feature = "train")]
pub(crate) fn bootstrap_difference(
    before: &[Metrics],
    after: &[Metrics],
    seed: u64,
    figure: &(dyn Fn(&Metrics) -> Option<f64> + Sync),
) -> Option<Estimate> {
    let drawn = replicates([before, after], seed, &|[before, after]| {
        vec![figure(after).zip(figure(before)).map(|(after, before)| after - before)]
    });
    let value = figure(&sum(after))? - figure(&sum(before))?;
    let values = column(&drawn, 0);
    values.is_defined().then(|| Estimate { value, interval: percentiles(&values) })
}

/// All groups together.
pub(crate) fn sum(groups: &[Metrics]) -> Metrics {
    let mut whole = Metrics::new(groups.first().map_or(0, Metrics::class_count));
    groups.iter().for_each(|group| whole.merge(group));
    whole
}

/// One figure of every draw, in ascending order; those in which it is undefined are left out.
pub(crate) fn column(drawn: &[Vec<Option<f64>>], at: usize) -> Column {
    let mut values: Vec<f64> =
        drawn.iter().filter_map(|figures| figures.get(at).copied().flatten()).collect();
    values.sort_unstable_by(f64::total_cmp);
    Column { values, drawn: drawn.len() }
}

/// One figure of every draw.
pub(crate) struct Column {
    /// In ascending order.
    pub(crate) values: Vec<f64>,
    drawn: usize,
}

impl Column {
    /// Whether the figure is defined in as many draws as an interval needs.
    pub(crate) fn is_defined(&self) -> bool {
        !self.values.is_empty() && self.values.len() as f64 >= MIN_DEFINED * self.drawn as f64
    }
}

/// The interval between the 2.5 % and the 97.5 % point; `None` if the figure is undefined in too
/// many draws, or if both points are equal.
///
/// Draws from rows that all agree are all alike: two correct rows of two give an accuracy of 1 in
/// every draw, as a thousand of a thousand do. An interval of no width would claim certainty where
/// the draws can show no spread.
pub(crate) fn percentiles(column: &Column) -> Option<Interval> {
    let values = Some(&column.values).filter(|_| column.is_defined())?;
    let interval = Interval { low: quantile(values, 0.025)?, high: quantile(values, 0.975)? };
    Some(interval).filter(|Interval { low, high }| high - low > ROUNDING)
}

/// A quantile of sorted values with a straight line between neighbors: definition 7 of Hyndman &
/// Fan 1996, as in numpy.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * (sorted.len().checked_sub(1)?) as f64;
    let (below, rest) = (place.floor(), place - place.floor());
    let low = *sorted.get(below as usize)?;
    let high = sorted.get(below as usize + 1).copied().unwrap_or(low);
    Some(low + rest * (high - low))
}

/// How often each of so many groups is drawn.
fn draw(groups: usize, mut random: Random) -> Vec<u32> {
    let mut times = vec![0; groups];
    for _ in 0..groups {
        if let Some(times) = times.get_mut(random.below(groups)) {
            *times += 1;
        }
    }
    times
}

/// Numbers of its own for each replicate.
fn random(seed: u64, replicate: usize) -> Random {
    Random::new(hash_name(seed, &(replicate as u64).to_le_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::ClassId;

    fn one(correct: bool) -> Metrics {
        let mut metrics = Metrics::new(2);
        let predicted = ClassId::new(usize::from(!correct));
        metrics.add(ClassId::new(0), predicted, &[0.5, 0.5], true);
        metrics
    }

    fn rows(correct: usize, wrong: usize) -> Vec<Metrics> {
        (0..correct + wrong).map(|row| one(row < correct)).collect()
    }

    #[test]
    fn a_draw_has_as_many_groups_as_there_are() {
        let times = draw(1000, random(1, 1));
        assert_eq!(times.iter().sum::<u32>(), 1000);
        // A group is left out with probability 1/e: 368 of 1,000, standard deviation 10.
        let left_out = times.iter().filter(|times| **times == 0).count();
        assert!((318..418).contains(&left_out), "{left_out}");
        assert_ne!(times, draw(1000, random(1, 2)));
        assert_ne!(times, draw(1000, random(2, 1)));
    }

    #[test]
    fn the_interval_of_a_share_is_that_of_the_binomial() {
        // 80 of 100 drawn anew are binomial: standard deviation 0.04, the 2.5 % and 97.5 % points
        // 0.72 and 0.87.
        let found = bootstrap(&rows(80, 20), 1, &Metrics::accuracy).unwrap();
        assert!((found.low - 0.72).abs() <= 0.011 && (found.high - 0.87).abs() <= 0.011, "{found:?}");
    }

    #[test]
    fn rows_of_a_group_are_drawn_together() {
        // Ten groups of ten equal rows are ten observations.
        let group = |correct: bool| sum(&vec![one(correct); 10]);
        let groups: Vec<Metrics> = (0..10).map(|at| group(at < 8)).collect();
        let wide = bootstrap(&groups, 1, &Metrics::accuracy).unwrap();
        let few = bootstrap(&rows(8, 2), 1, &Metrics::accuracy).unwrap();
        assert_eq!(wide, few);
        assert!(wide.high - wide.low > 0.4, "{wide:?}");
    }

    #[test]
    fn a_seed_gives_the_same_intervals_on_any_hash_name_threads() {
        let rows = rows(30, 12);
        let figures = |metrics: &Metrics| vec![metrics.accuracy(), metrics.macro_f1(), metrics.log_loss()];
        let with = |threads, seed: u64| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| bootstrap_all(&rows, seed, &figures))
        };
        assert_eq!(with(1, 7), with(3, 7));
        assert_ne!(with(1, 7), with(1, 9));
        assert_eq!(with(1, 7)[0], bootstrap(&rows, 7, &Metrics::accuracy));
    }

    #[test]
    fn too_few_groups_and_undefined_figures_have_no_interval() {
        assert_eq!(bootstrap(&[], 1, &Metrics::accuracy), None);
        assert_eq!(bootstrap(&rows(1, 0), 1, &Metrics::accuracy), None);
        assert!(bootstrap(&rows(2, 1), 1, &Metrics::accuracy).is_some());
        assert_eq!(bootstrap(&rows(9, 0), 1, &|_| None), None);
        // One wrong row in two: every fourth draw has no prediction of the second class.
        let precision = |metrics: &Metrics| metrics.class(ClassId::new(1)).precision;
        assert_eq!(bootstrap(&rows(1, 1), 1, &precision), None);
        let mut several = rows(10, 10);
        several.extend((0..10).map(|_| {
            let mut metrics = Metrics::new(2);
            metrics.add(ClassId::new(1), ClassId::new(1), &[0.5, 0.5], true);
            metrics
        }));
        assert!(bootstrap(&several, 1, &precision).is_some());
    }

    #[test]
    fn draws_that_are_all_alike_have_no_interval() {
        for (correct, wrong) in [(2, 0), (1000, 0), (0, 30)] {
            assert_eq!(bootstrap(&rows(correct, wrong), 1, &Metrics::accuracy), None, "{correct} {wrong}");
        }
        // Sums of 0.1 differ in their last digits from draw to draw.
        let unsure = |_| {
            let mut metrics = Metrics::new(2);
            metrics.add_weighted(ClassId::new(0), ClassId::new(0), &[0.7, 0.3], true, 0.1);
            metrics
        };
        let alike: Vec<Metrics> = (0..30).map(unsure).collect();
        assert_eq!(bootstrap(&alike, 1, &Metrics::log_loss), None);
        let mut differing = rows(0, 1);
        differing.extend(alike);
        assert!(bootstrap(&differing, 1, &Metrics::log_loss).is_some());
    }

    #[cfg(feature = "train")]
    #[test]
    fn a_difference_of_equal_samples_has_no_interval() {
        let rows = rows(8, 4);
        let found = bootstrap_difference(&rows, &rows, 1, &Metrics::accuracy).unwrap();
        assert_eq!((found.value, found.interval), (0.0, None));
        assert_eq!(bootstrap_difference(&rows[..1], &rows[..1], 1, &Metrics::accuracy), None);
    }

    #[test]
    fn quantiles_are_numpys() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        for (share, value) in [(0.0, 1.0), (0.5, 3.0), (0.9, 6.8), (1.0, 8.0)] {
            assert!((quantile(&sorted, share).unwrap() - value).abs() < 1e-14, "{share}");
        }
        assert_eq!(quantile(&[], 0.5), None);
    }
}
