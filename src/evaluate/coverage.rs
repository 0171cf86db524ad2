//! Computes the risk-coverage curve: the error rate when only the most confident predictions are
//! answered.

use serde::Serialize;

/// One row's answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Answer {
    /// Probability of the likeliest class.
    pub(crate) confidence: f64,
    /// Whether the likeliest class is the gold label.
    pub(crate) correct: bool,
    /// The row's weight.
    pub(crate) weight: f64,
}

/// One step of the curve: what happens if only predictions from a threshold on are answered.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CoveragePoint {
    /// Share of rows that are answered.
    pub coverage: f64,
    /// Share of wrong labels among them.
    pub error: f64,
    /// The lowest probability that is answered.
    pub threshold: f64,
}

/// The risk-coverage curve: error against the share of rows that are answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CoverageCurve {
    points: Vec<CoveragePoint>,
    /// How many of the first steps answer fewer rows than [`CoverageCurve::MIN_ANSWERED`].
    #[serde(skip)]
    small: usize,
    area: Option<f64>,
}

impl CoverageCurve {
    /// A step is shown from so many answered rows on: before, one row moves the error by more than
    /// a tenth.
    pub const MIN_ANSWERED: usize = 10;

    /// Sorts answers by their confidence. Answers of equal confidence are answered together or not
    /// at all.
    ///
    /// El-Yaniv & Wiener 2010, "On the foundations of noise-free selective classification", J.
    /// Mach. Learn. Res. 11.
    pub(crate) fn new(mut answers: Vec<Answer>) -> Self {
        answers.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        let whole: f64 = answers.iter().map(|answer| answer.weight).sum();
        if whole <= 0.0 {
            return CoverageCurve::default();
        }
        let (mut points, mut area) = (Vec::new(), 0.0);
        let (mut answered, mut small) = (0, 0);
        let (mut weight, mut wrong) = (0.0, 0.0);
        for equal in answers.chunk_by(|a, b| a.confidence == b.confidence) {
            let more: f64 = equal.iter().map(|answer| answer.weight).sum();
            weight += more;
            answered += equal.len();
            wrong += equal.iter().filter(|answer| !answer.correct).map(|answer| answer.weight).sum::<f64>();
            if let Some(first) = equal.first().filter(|_| weight > 0.0) {
                let error = wrong / weight;
                area += more * error;
                small += usize::from(answered < Self::MIN_ANSWERED);
                points.push(CoveragePoint { coverage: weight / whole, error, threshold: first.confidence });
            }
        }
        CoverageCurve { points, small, area: Some(area / whole) }
    }

    /// The area under the curve: the mean, over rows, of the error among rows of the same or a
    /// higher confidence. The smaller it is, the better confidence separates correct answers from
    /// wrong ones. `None` without rows.
    ///
    /// Geifman & El-Yaniv 2017, "Selective classification for deep neural networks".
    pub fn area(&self) -> Option<f64> {
        self.area
    }

    /// Every step of the curve, the highest threshold first.
    pub fn points(&self) -> &[CoveragePoint] {
        &self.points
    }

    /// Returns at most `count` of the steps that answer at least [`CoverageCurve::MIN_ANSWERED`]
    /// rows, spread evenly over the coverage. The last step answers every row. With fewer rows,
    /// there are no steps.
    pub fn thinned(&self, count: usize) -> Vec<CoveragePoint> {
        let shown = self.points.get(self.small..).unwrap_or_default();
        if shown.len() <= count {
            return shown.to_vec();
        }
        let mut kept: Vec<CoveragePoint> = Vec::with_capacity(count);
        for step in 1..=count {
            let wanted = step as f64 / count as f64;
            let at = shown.partition_point(|point| point.coverage < wanted - 1e-12);
            let point = shown.get(at).or(shown.last()).copied();
            kept.extend(point.filter(|point| kept.last() != Some(point)));
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(rows: &[(f64, bool, f64)]) -> CoverageCurve {
        let answer =
            |&(confidence, correct, weight): &(f64, bool, f64)| Answer { confidence, correct, weight };
        CoverageCurve::new(rows.iter().map(answer).collect())
    }

    fn steps(curve: &CoverageCurve) -> Vec<(f64, f64, f64)> {
        curve.points().iter().map(|point| (point.coverage, point.error, point.threshold)).collect()
    }

    #[test]
    fn the_curve_at_points_known_by_hand() {
        let curve = answers(&[(0.6, false, 1.0), (0.9, true, 1.0), (0.8, false, 1.0), (0.7, true, 1.0)]);
        assert_eq!(
            steps(&curve),
            [(0.25, 0.0, 0.9), (0.5, 0.5, 0.8), (0.75, 1.0 / 3.0, 0.7), (1.0, 0.5, 0.6)]
        );
        assert!((curve.area().unwrap() - (0.0 + 0.5 + 1.0 / 3.0 + 0.5) / 4.0).abs() < 1e-15);
    }

    #[test]
    fn equally_sure_answers_are_one_step_whatever_their_order() {
        let curve = answers(&[(0.5, false, 1.0), (0.5, true, 3.0), (0.9, true, 4.0)]);
        assert_eq!(steps(&curve), [(0.5, 0.0, 0.9), (1.0, 0.125, 0.5)]);
        assert_eq!(curve, answers(&[(0.5, true, 3.0), (0.9, true, 4.0), (0.5, false, 1.0)]));
        assert_eq!(curve.area(), Some(0.0625));
    }

    #[test]
    fn without_rows_or_weight_there_is_no_curve() {
        assert_eq!((answers(&[]).area(), answers(&[]).points().len()), (None, 0));
        assert_eq!(answers(&[(0.5, true, 0.0)]).area(), None);
        assert_eq!(answers(&[(0.9, true, 0.0), (0.5, true, 1.0)]).points().len(), 1);
    }

    #[test]
    fn a_long_curve_is_thinned_evenly_and_keeps_its_end() {
        let rows: Vec<(f64, bool, f64)> =
            (0..1000).map(|row| (1.0 - f64::from(row) / 1000.0, row % 7 != 0, 1.0)).collect();
        let thinned = answers(&rows).thinned(50);
        assert_eq!(thinned.len(), 50);
        assert!((thinned[0].coverage - 0.02).abs() < 1e-12);
        assert_eq!(thinned[49], *answers(&rows).points().last().unwrap());
    }

    #[test]
    fn steps_of_fewer_than_ten_answers_are_left_out() {
        let rows: Vec<(f64, bool, f64)> =
            (0..30).map(|row| (1.0 - f64::from(row) / 100.0, row != 3, 1.0)).collect();
        assert!(answers(&rows[..9]).thinned(50).is_empty());
        assert_eq!(answers(&rows[..10]).thinned(50).len(), 1);
        let all = answers(&rows);
        assert_eq!((all.points().len(), all.thinned(50).len()), (30, 21));
        assert_eq!(all.thinned(50)[0], all.points()[9]);
        let shares: Vec<f64> = all.thinned(5).iter().map(|point| (30.0 * point.coverage).round()).collect();
        assert_eq!(shares, [10.0, 12.0, 18.0, 24.0, 30.0]);
        // Rows are counted, whatever they weigh.
        let heavy: Vec<_> = rows.iter().map(|&(confidence, correct, _)| (confidence, correct, 2.0)).collect();
        assert!(answers(&heavy[..9]).thinned(50).is_empty());
    }
}
