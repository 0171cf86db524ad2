//! Finds the temperature that would have given labeled rows the least log loss: a diagnosis of
//! models that are too sure of texts unlike those that they were trained on.

use serde::Serialize;

use crate::classifier::verdict::Verdict;
use crate::evaluate::metrics::Metrics;
use crate::label::ClassId;
use crate::model::Calibration;

/// The temperature with the least log loss on the rows of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BestTemperature {
    /// What the model's temperature would have to be multiplied by: over 1 for a model that is too
    /// sure of these rows.
    pub factor: f64,
    /// The temperature itself; `None` where the model has none, or is not known.
    pub temperature: Option<f64>,
    /// The log loss that it would have given.
    pub log_loss: f64,
}

impl BestTemperature {
    /// The same for a model with this calibration.
    pub(super) fn of(self, calibration: &Calibration) -> Self {
        let temperature = match calibration {
            Calibration::Temperature(temperature) => Some(temperature * self.factor),
            Calibration::Vector { .. } => None,
        };
        BestTemperature { temperature, ..self }
    }
}

/// The log loss of rows at many temperatures, so that no row needs to be kept.
#[derive(Debug)]
pub(super) struct TemperatureScan {
    /// Sums, one a factor.
    log_loss: [f64; FACTORS],
    weight: f64,
    /// Logarithms of a unit's probabilities.
    logs: Vec<f64>,
}

/// Factors from a quarter up to 32, each 4 % more than the one before.
const FACTORS: usize = 7 * STEPS + 1;
/// Steps that double it.
const STEPS: usize = 16;

fn factor(step: usize) -> f64 {
    libm::exp2(step as f64 / STEPS as f64 - 2.0)
}

impl TemperatureScan {
    pub(super) fn new() -> Self {
        TemperatureScan { log_loss: [0.0; FACTORS], weight: 0.0, logs: Vec::new() }
    }

    /// Counts a row: its units keep their weights, and each has its own temperature changed, as the
    /// model would.
    pub(super) fn add(&mut self, gold: ClassId, verdict: &Verdict, weight: f64) {
        let mut right = [0.0; FACTORS];
        let mut paragraphs = verdict.paragraphs().peekable();
        if paragraphs.peek().is_none() {
            self.add_unit(gold, verdict.probabilities(), 1.0, &mut right);
        }
        for paragraph in paragraphs.filter(|paragraph| paragraph.weight() > 0.0) {
            self.add_unit(gold, paragraph.probabilities(), paragraph.weight(), &mut right);
        }
        for (sum, right) in self.log_loss.iter_mut().zip(right) {
            *sum -= weight * libm::log(right.max(Metrics::MIN_PROBABILITY));
        }
        self.weight += weight;
    }

    /// Adds the share that a unit has in the probability of the gold label, at each temperature.
    fn add_unit(&mut self, gold: ClassId, probabilities: &[f64], share: f64, right: &mut [f64; FACTORS]) {
        self.logs.clear();
        self.logs.extend(probabilities.iter().map(|p| libm::log(*p)));
        let most = self.logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let Some(gold) = self.logs.get(gold.index()).copied().filter(|_| most.is_finite()) else { return };
        for (step, right) in right.iter_mut().enumerate() {
            let factor = factor(step);
            let all: f64 = self.logs.iter().map(|log| libm::exp((log - most) / factor)).sum();
            *right += share * libm::exp((gold - most) / factor) / all;
        }
    }

    /// The factor with the least log loss; `None` without weight.
    pub(super) fn best(&self) -> Option<BestTemperature> {
        let (step, sum) = self.log_loss.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1))?;
        let log_loss = sum / self.weight;
        (self.weight > 0.0).then(|| BestTemperature { factor: factor(step), temperature: None, log_loss })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::LabelSet;
    use crate::model::Calibration;

    /// The scan over rows of margins and gold labels, by a calibration.
    fn scanned(rows: &[([f64; 2], usize)], calibration: &Calibration) -> BestTemperature {
        let mut scan = TemperatureScan::new();
        for (margins, gold) in rows {
            let mut probabilities = margins.to_vec();
            calibration.apply(&mut probabilities);
            let labels = LabelSet::new(["a", "b"]).unwrap();
            scan.add(ClassId::new(*gold), &Verdict::from_probabilities(labels, probabilities), 2.0);
        }
        scan.best().unwrap().of(calibration)
    }

    #[test]
    fn the_temperature_of_a_point_known_by_hand_is_found_from_any_other() {
        // Margins 0 and 2, right three times in four: 2 / T = ln 3.
        let rows = [([0.0, 2.0], 1), ([0.0, 2.0], 1), ([0.0, 2.0], 1), ([0.0, 2.0], 0)];
        let truth = 2.0 / 3f64.ln();
        let least = 0.75 * (4.0f64 / 3.0).ln() + 0.25 * 4f64.ln();
        for temperature in [0.5, 1.0, 1.8, 3.0] {
            let found = scanned(&rows, &Calibration::Temperature(temperature));
            let ratio = found.temperature.unwrap() / truth;
            assert!((0.97..1.03).contains(&ratio), "{temperature}: {found:?}");
            assert!(found.log_loss >= least && found.log_loss < least + 1e-3, "{found:?}");
            assert!((found.temperature.unwrap() - temperature * found.factor).abs() < 1e-12);
        }
    }

    #[test]
    fn vector_scaling_has_a_factor_and_no_temperature() {
        let sure = Calibration::Vector { scales: vec![1.0, 1.0], shifts: vec![0.0, 1.0] };
        let found = scanned(&[([0.0, 4.0], 1), ([0.0, 4.0], 0), ([0.0, 4.0], 1)], &sure);
        assert!(found.factor > 4.0 && found.temperature.is_none(), "{found:?}");
    }

    #[test]
    fn rows_that_are_certain_or_hold_nothing_end_in_numbers() {
        assert_eq!(TemperatureScan::new().best(), None);
        let found = scanned(&[([0.0, 1e9], 0), ([0.0, 1e9], 1)], &Calibration::default());
        assert!(found.log_loss.is_finite(), "{found:?}");
    }
}
