//! Calibrates on held-out margins: temperature or vector scaling, whichever has the lower log loss
//! on rows that neither was fitted on.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::evaluate::Metrics;
use crate::label::{ClassId, argmax};
use crate::model::{Calibration, softmax};
use crate::progress::Progress;
use crate::train::params::CalibrationChoice;

/// With more classes than this, one scale and one shift for each are too many to tell from held-out
/// rows.
const MAX_CLASSES: usize = 50;
/// Weight of the pull of scales towards the temperature's and of shifts towards none, in rows.
const PULL: f64 = 1.0;
/// Newton steps are enough for a convex function of a few dozen values.
const MAX_STEPS: usize = 50;

/// Log loss on held-out folds by each method of calibration.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CalibrationLogLoss {
    /// By one temperature.
    pub temperature: f64,
    /// By a scale and a shift for each class.
    pub vector: f64,
    /// By the temperature that was given and not fitted, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<f64>,
}

/// Held-out margins with what is needed to fit on them.
#[derive(Default)]
pub(crate) struct Margins {
    /// `[rows, classes]`.
    pub margins: Vec<f64>,
    pub targets: Vec<usize>,
    pub weights: Vec<f64>,
    /// The fold that held out each row.
    pub folds: Vec<usize>,
}

/// The calibration, and the log loss of each method on held-out folds.
pub(crate) struct Calibrated {
    pub calibration: Calibration,
    pub log_loss: Option<CalibrationLogLoss>,
}

/// Which calibration is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    pub choice: CalibrationChoice,
    /// A temperature that is taken as it is.
    pub temperature: Option<f64>,
}

impl Margins {
    fn classes(&self) -> usize {
        self.margins.len().checked_div(self.targets.len()).unwrap_or(0)
    }

    fn part(&self, wanted: impl Fn(usize) -> bool) -> Margins {
        let classes = self.classes();
        let mut part = Margins::default();
        for (row, own) in
            self.margins.chunks_exact(classes.max(1)).enumerate().filter(|(row, _)| wanted(self.folds[*row]))
        {
            part.margins.extend_from_slice(own);
            part.targets.push(self.targets[row]);
            part.weights.push(self.weights[row]);
            part.folds.push(self.folds[row]);
        }
        part
    }

    fn temperature(&self) -> Calibration {
        Calibration::fit_temperature(&self.margins, &self.targets, &self.weights)
    }

    /// Counts the rows by a calibration.
    fn count(&self, calibration: &Calibration, metrics: &mut Metrics) {
        let classes = self.classes();
        for ((row, &target), &weight) in
            self.margins.chunks_exact(classes.max(1)).zip(&self.targets).zip(&self.weights)
        {
            let mut probabilities = row.to_vec();
            calibration.apply(&mut probabilities);
            metrics.add_weighted(ClassId::new(target), argmax(&probabilities), &probabilities, true, weight);
        }
    }

    /// Chooses by log loss on folds that were left out of the fit, then fits on all. A temperature
    /// that was given is only measured.
    ///
    /// # Errors
    /// A stop.
    pub(crate) fn choose(&self, asked: Asked, progress: &dyn Progress) -> Result<Calibrated> {
        let given = asked.temperature.map(Calibration::Temperature);
        let folds = self.folds.iter().max().map_or(0, |most| most + 1);
        let classes = self.classes();
        if folds < 2 || classes > MAX_CLASSES || self.weights.iter().sum::<f64>() <= 0.0 {
            return Ok(Calibrated {
                calibration: given.unwrap_or_else(|| self.temperature()),
                log_loss: None,
            });
        }
        let (mut temperature, mut vector) = (Metrics::new(classes), Metrics::new(classes));
        for fold in 0..folds {
            let (kept, held_out) = (self.part(|other| other != fold), self.part(|other| other == fold));
            let simple = kept.temperature();
            held_out.count(&kept.vector(&simple, progress)?, &mut vector);
            held_out.count(&simple, &mut temperature);
        }
        let simple = self.temperature();
        let fixed = given.as_ref().and_then(|given| {
            let mut fixed = Metrics::new(classes);
            self.count(given, &mut fixed);
            fixed.log_loss()
        });
        let log_loss = temperature
            .log_loss()
            .zip(vector.log_loss())
            .map(|(temperature, vector)| CalibrationLogLoss { temperature, vector, fixed });
        if let Some(calibration) = given {
            return Ok(Calibrated { calibration, log_loss });
        }
        let scaled = self.vector(&simple, progress)?;
        let by_vector = match asked.choice {
            CalibrationChoice::Auto => {
                log_loss.is_some_and(|log_loss| log_loss.vector < log_loss.temperature)
                    && vector.macro_f1() >= temperature.macro_f1()
                    && keeps_directions(&scaled)
            }
            CalibrationChoice::Temperature => false,
            CalibrationChoice::Vector => true,
        };
        let calibration = if by_vector { scaled } else { simple };
        Ok(Calibrated { calibration, log_loss })
    }

    /// Vector scaling by Newton's method on the weighted log loss, from a temperature and drawn
    /// towards it.
    fn vector(&self, start: &Calibration, progress: &dyn Progress) -> Result<Calibration> {
        let classes = self.classes();
        let Calibration::Temperature(temperature) = start else { return Ok(start.clone()) };
        let anchor: Vec<f64> = [vec![1.0 / temperature; classes], vec![0.0; classes]].concat();
        let mut point = anchor.clone();
        let mut value = self.value(&point, &anchor);
        for _ in 0..MAX_STEPS {
            progress.check()?;
            let (gradient, hessian) = self.derivatives(&point, &anchor);
            let Some(step) = solve(hessian, &gradient) else { break };
            let slope: f64 = step.iter().zip(&gradient).map(|(s, g)| s * g).sum();
            if slope <= 1e-12 * value.max(1.0) {
                break;
            }
            // Halved until it goes down as a convex function must (Boyd & Vandenberghe 2004, 9.2).
            let mut length = 1.0;
            let next = loop {
                let candidate: Vec<f64> = point.iter().zip(&step).map(|(p, s)| p - length * s).collect();
                let found = self.value(&candidate, &anchor);
                if found <= value - 0.25 * length * slope {
                    break Some((candidate, found));
                }
                length *= 0.5;
                if length < 1e-6 {
                    break None;
                }
            };
            match next {
                Some(better) => (point, value) = better,
                None => break,
            }
        }
        let shifts = point.split_off(classes);
        Ok(Calibration::Vector { scales: point, shifts })
    }

    /// Calls `each` with every row: its margins, its probabilities at a point, its target and its
    /// weight.
    fn rows(&self, point: &[f64], mut each: impl FnMut(&[f64], &[f64], usize, f64)) {
        let classes = self.classes();
        let (scales, shifts) = point.split_at(classes);
        let mut scores = vec![0.0; classes];
        for ((row, &target), &weight) in
            self.margins.chunks_exact(classes.max(1)).zip(&self.targets).zip(&self.weights)
        {
            for (class, score) in scores.iter_mut().enumerate() {
                *score = scales[class] * row[class] + shifts[class];
            }
            softmax(&mut scores);
            each(row, &scores, target, weight);
        }
    }

    /// Targets smoothed by Laplace's rule, for the right class and for any other; see
    /// [`Calibration::fit_temperature`].
    fn smoothed(&self) -> (f64, f64) {
        let (all, classes) = (self.weights.iter().sum::<f64>(), self.classes() as f64);
        ((all + 1.0) / (all + classes), 1.0 / (all + classes))
    }

    fn value(&self, point: &[f64], anchor: &[f64]) -> f64 {
        let mut sum = 0.0;
        let (right, wrong) = self.smoothed();
        self.rows(point, |_, p, target, weight| {
            for (class, p) in p.iter().enumerate() {
                let expected = if class == target { right } else { wrong };
                sum -= weight * expected * libm::log(p.max(f64::MIN_POSITIVE));
            }
        });
        let pull: f64 = point.iter().zip(anchor).map(|(p, a)| (p - a) * (p - a)).sum();
        sum + 0.5 * PULL * pull
    }

    fn derivatives(&self, point: &[f64], anchor: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
        let classes = self.classes();
        let size = 2 * classes;
        let (right, wrong) = self.smoothed();
        let mut gradient: Vec<f64> = point.iter().zip(anchor).map(|(p, a)| PULL * (p - a)).collect();
        let mut hessian = vec![vec![0.0; size]; size];
        (0..size).for_each(|at| hessian[at][at] = PULL);
        self.rows(point, |m, p, target, weight| {
            for i in 0..classes {
                let residual = weight * (p[i] - if i == target { right } else { wrong });
                gradient[i] += residual * m[i];
                gradient[classes + i] += residual;
                for j in 0..classes {
                    let curvature = weight * p[i] * (f64::from(u8::from(i == j)) - p[j]);
                    hessian[i][j] += curvature * m[i] * m[j];
                    hessian[i][classes + j] += curvature * m[i];
                    hessian[classes + i][j] += curvature * m[j];
                    hessian[classes + i][classes + j] += curvature;
                }
            }
        });
        (gradient, hessian)
    }
}

/// Whether no margin speaks against its own class: where held-out groups are unlike the others, the
/// least log loss can do that.
fn keeps_directions(calibration: &Calibration) -> bool {
    match calibration {
        Calibration::Temperature(_) => true,
        Calibration::Vector { scales, .. } => scales.iter().all(|scale| *scale > 0.0),
    }
}

/// Solves a positive definite system by Cholesky's method; `None` if it is not.
fn solve(mut matrix: Vec<Vec<f64>>, right: &[f64]) -> Option<Vec<f64>> {
    let size = right.len();
    for i in 0..size {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| matrix[i][k] * matrix[j][k]).sum();
            let rest = matrix[i][j] - sum;
            matrix[i][j] = match i == j {
                true if rest > 0.0 => rest.sqrt(),
                true => return None,
                false => rest / matrix[j][j],
            };
        }
    }
    let mut solution = right.to_vec();
    for i in 0..size {
        let sum: f64 = (0..i).map(|k| matrix[i][k] * solution[k]).sum();
        solution[i] = (solution[i] - sum) / matrix[i][i];
    }
    for i in (0..size).rev() {
        let sum: f64 = (i + 1..size).map(|k| matrix[k][i] * solution[k]).sum();
        solution[i] = (solution[i] - sum) / matrix[i][i];
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    fn asked(choice: CalibrationChoice) -> Asked {
        Asked { choice, temperature: None }
    }

    /// Rows whose right class follows the probabilities that a calibration gives, in four folds.
    fn drawn(truth: &Calibration, rows: usize) -> Margins {
        let mut state = 5u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let mut drawn = Margins::default();
        for row in 0..rows {
            let margins: Vec<f64> = (0..3).map(|_| 6.0 * next() - 3.0).collect();
            let mut p = margins.clone();
            truth.apply(&mut p);
            let (at, mut sum, mut target) = (next(), 0.0, 2);
            for (class, p) in p.iter().enumerate() {
                sum += p;
                if at < sum {
                    target = class;
                    break;
                }
            }
            drawn.margins.extend(margins);
            drawn.targets.push(target);
            drawn.weights.push(1.0);
            drawn.folds.push(row % 4);
        }
        drawn
    }

    #[test]
    fn the_way_that_the_rows_were_drawn_is_chosen_and_found_again() {
        let vector = Calibration::Vector { scales: vec![0.5, 1.5, 1.0], shifts: vec![1.0, -1.0, 0.0] };
        let chosen = drawn(&vector, 4000).choose(asked(CalibrationChoice::Auto), &Silent).unwrap();
        let Calibration::Vector { scales, shifts } = &chosen.calibration else {
            panic!("{:?}", chosen.calibration)
        };
        for (found, truth) in scales.iter().zip([0.5, 1.5, 1.0]) {
            assert!((found - truth).abs() < 0.2, "{scales:?}");
        }
        // Only differences of shifts matter.
        assert!((shifts[0] - shifts[1] - 2.0).abs() < 0.2, "{shifts:?}");
        let by_temperature =
            drawn(&vector, 400).choose(asked(CalibrationChoice::Temperature), &Silent).unwrap().calibration;
        assert!(matches!(by_temperature, Calibration::Temperature(_)));
        let log_loss = chosen.log_loss.unwrap();
        assert!(log_loss.vector < log_loss.temperature - 0.05);
        let chosen = drawn(&Calibration::Temperature(2.0), 4000)
            .choose(asked(CalibrationChoice::Auto), &Silent)
            .unwrap();
        let found = match chosen.calibration {
            Calibration::Temperature(temperature) => temperature,
            Calibration::Vector { scales, .. } => 3.0 / scales.iter().sum::<f64>(),
        };
        assert!((found - 2.0).abs() < 0.2, "{found}");
    }

    #[test]
    fn rows_that_are_all_right_do_not_make_it_certain() {
        let mut all = Margins::default();
        for row in 0..40 {
            all.margins.extend(if row % 2 == 0 { [1.0, -1.0] } else { [-1.0, 1.0] });
            all.targets.push(row % 2);
            all.weights.push(1.0);
            all.folds.push(row % 4);
        }
        let mut probabilities = [1.0, -1.0];
        all.vector(&all.temperature(), &Silent).unwrap().apply(&mut probabilities);
        assert!((probabilities[0] - 41.0 / 42.0).abs() < 1e-3, "{probabilities:?}");
    }

    #[test]
    fn scales_that_turn_a_margin_round_are_not_chosen() {
        // The third class's margin says the opposite of what it should.
        let vector = Calibration::Vector { scales: vec![1.0, 1.0, -0.5], shifts: vec![0.0; 3] };
        let rows = drawn(&vector, 3000);
        assert!(matches!(
            rows.choose(asked(CalibrationChoice::Auto), &Silent).unwrap().calibration,
            Calibration::Temperature(_)
        ));
        assert!(matches!(
            rows.choose(asked(CalibrationChoice::Vector), &Silent).unwrap().calibration,
            Calibration::Vector { .. }
        ));
    }

    #[test]
    fn a_temperature_that_was_given_is_measured_and_not_fitted() {
        let rows = drawn(&Calibration::Temperature(2.0), 2000);
        let chosen = |temperature| {
            let asked = Asked { choice: CalibrationChoice::Auto, temperature };
            rows.choose(asked, &Silent).unwrap()
        };
        let (near, far) = (chosen(Some(2.0)), chosen(Some(0.5)));
        assert_eq!(near.calibration, Calibration::Temperature(2.0));
        assert_eq!(far.calibration, Calibration::Temperature(0.5));
        let [near, far, fitted] = [near, far, chosen(None)].map(|chosen| chosen.log_loss.unwrap());
        assert!((near.fixed.unwrap() - fitted.temperature).abs() < 0.01, "{near:?}");
        assert!(far.fixed.unwrap() > near.fixed.unwrap() + 0.1, "{far:?}");
        assert_eq!((far.temperature, fitted.fixed), (fitted.temperature, None));
        let none = Margins::default()
            .choose(Asked { choice: CalibrationChoice::Auto, temperature: Some(3.0) }, &Silent);
        assert_eq!(none.unwrap().calibration, Calibration::Temperature(3.0));
    }

    #[test]
    fn a_system_known_by_hand_is_solved() {
        assert_eq!(solve(vec![vec![4.0, 2.0], vec![2.0, 5.0]], &[8.0, 12.0]), Some(vec![1.0, 2.0]));
        assert_eq!(solve(vec![vec![0.0]], &[1.0]), None);
    }

    #[test]
    fn without_folds_or_weight_it_is_a_temperature() {
        assert_eq!(
            Margins::default().choose(asked(CalibrationChoice::Auto), &Silent).unwrap().calibration,
            Calibration::default()
        );
        let one = Margins { margins: vec![0.0, 1.0], targets: vec![1], weights: vec![0.0], folds: vec![0] };
        assert_eq!(
            one.choose(asked(CalibrationChoice::Auto), &Silent).unwrap().calibration,
            Calibration::default()
        );
    }
}
