//! Minimizes the objective by a trust-region Newton method: Lin, Weng & Keerthi 2008, "Trust region
//! Newton method for large-scale logistic regression", with the conjugate gradients of Steihaug
//! 1983.

use crate::error::Result;
use crate::progress::Progress;
use crate::train::solver::objective::{Evaluated, Objective, Vector};

/// What the solver found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Solution {
    pub point: Vector,
    pub value: f64,
    pub iterations: u32,
    pub converged: bool,
}

/// Steps are accepted from this share of the predicted reduction on (Lin et al., eta_0).
const ACCEPT: f64 = 1e-4;
/// Below it the region shrinks, above the second it grows (eta_1, eta_2).
const POOR: f64 = 0.25;
const GOOD: f64 = 0.75;
/// By how much (sigma_1, sigma_2, sigma_3).
const SHRINK: f64 = 0.25;
const SHRINK_LITTLE: f64 = 0.5;
const GROW: f64 = 4.0;
/// Most conjugate-gradient steps in one Newton step.
const MAX_INNER_STEPS: usize = 500;

/// The solver: an objective, and when to stop.
pub(crate) struct Newton<'n> {
    pub objective: &'n Objective<'n>,
    /// It stops when |gradient|^2 / 2 <= tolerance x value. The penalty makes the objective
    /// strongly convex with modulus 1 in the weights, so that bounds the distance to the least
    /// value from above (Boyd & Vandenberghe 2004, 9.1.2); the unpenalized intercepts are outside
    /// that bound, but their curvature is the data's own.
    pub tolerance: f64,
    pub max_iterations: u32,
    /// Asked before every product with the Hessian.
    pub progress: &'n dyn Progress,
}

impl Newton<'_> {
    /// Minimizes the objective from `start`.
    ///
    /// # Errors
    /// A stop.
    pub(crate) fn minimize(&self, start: Vector) -> Result<Solution> {
        let Newton { objective, tolerance, max_iterations, progress } = *self;
        let mut point = start;
        let mut at = objective.value(&point);
        let mut gradient = objective.gradient(&point, &at);
        let mut square = gradient.square();
        let mut radius = square.sqrt();
        let mut iterations = 0;
        loop {
            if 0.5 * square <= tolerance * at.value {
                return Ok(Solution { point, value: at.value, iterations, converged: true });
            }
            if iterations == max_iterations {
                return Ok(Solution { point, value: at.value, iterations, converged: false });
            }
            progress.check()?;
            iterations += 1;
            let step = self.conjugate_gradients(&at, &gradient, radius)?;
            let slope = step.direction.inner(&gradient);
            let predicted = -0.5 * (slope - step.direction.inner(&step.residual));
            let candidate = objective.step(&point, &step.direction);
            let next = objective.value(&candidate);
            let actual = at.value - next.value;
            let length = step.direction.square().sqrt();
            if iterations == 1 {
                radius = radius.min(length);
            }
            let curvature = -actual - slope;
            let scale = if curvature <= 0.0 { GROW } else { SHRINK.max(-0.5 * slope / curvature) };
            radius = if actual < ACCEPT * predicted {
                (scale * length).min(SHRINK_LITTLE * radius)
            } else if actual < POOR * predicted {
                (SHRINK * radius).max((scale * length).min(SHRINK_LITTLE * radius))
            } else if actual < GOOD * predicted {
                (SHRINK * radius).max((scale * length).min(GROW * radius))
            } else if step.at_bound {
                GROW * radius
            } else {
                radius.max((scale * length).min(GROW * radius))
            };
            if actual > ACCEPT * predicted {
                point = candidate;
                at = next;
                gradient = objective.gradient(&point, &at);
                square = gradient.square();
            }
            // No step can be told from rounding any more: this is as small as f64 makes it.
            let rounding = 1e-15 * at.value;
            if predicted <= rounding || (actual.abs() <= rounding && predicted <= 10.0 * rounding) {
                return Ok(Solution { point, value: at.value, iterations, converged: true });
            }
        }
    }

    /// Solves Hessian x direction = -gradient roughly, within the radius.
    fn conjugate_gradients(&self, at: &Evaluated, gradient: &Vector, radius: f64) -> Result<Step> {
        let Newton { objective, tolerance, progress, .. } = *self;
        let mut direction = objective.zero();
        let mut residual = objective.zero();
        residual.add(-1.0, gradient);
        let mut search = residual.clone();
        let mut square = residual.square();
        // Lin et al. solve to a tenth of the gradient; the better the point, the better the step is
        // worth solving.
        let relative = (square / at.value.max(f64::MIN_POSITIVE)).sqrt();
        // What is left over is the next gradient, as far as the step is exact: half of the square
        // that ends the search is enough.
        let enough = (0.1f64.min(relative) * square.sqrt()).max((tolerance * at.value).sqrt());
        for _ in 0..MAX_INNER_STEPS {
            if square.sqrt() <= enough {
                break;
            }
            progress.check()?;
            let product = objective.hessian_product(&search, at);
            let alpha = square / search.inner(&product);
            direction.add(alpha, &search);
            if direction.square().sqrt() > radius {
                direction.add(-alpha, &search);
                let alpha = to_bound(&direction, &search, radius);
                direction.add(alpha, &search);
                residual.add(-alpha, &product);
                return Ok(Step { direction, residual, at_bound: true });
            }
            residual.add(-alpha, &product);
            let next = residual.square();
            search.scale_and_add(next / square, &residual);
            square = next;
        }
        Ok(Step { direction, residual, at_bound: false })
    }
}

struct Step {
    direction: Vector,
    /// -gradient - Hessian x direction.
    residual: Vector,
    at_bound: bool,
}

/// The positive t for which |direction + t x search| = radius.
fn to_bound(direction: &Vector, search: &Vector, radius: f64) -> f64 {
    let (ds, ss, dd) = (direction.inner(search), search.square(), direction.square());
    let room = radius * radius - dd;
    let root = (ds * ds + ss * room).max(0.0).sqrt();
    // The form that does not take the difference of nearly equal numbers.
    if ds >= 0.0 { room / (ds + root) } else { (root - ds) / ss }
}
