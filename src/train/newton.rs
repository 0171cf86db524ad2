//! A trust-region Newton method for the objective: Lin, Weng & Keerthi 2008, "Trust region Newton method for large-scale
//! logistic regression", with the conjugate gradients of Steihaug 1983.

use super::objective::{Objective, dot};

/// What the solver found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Solution {
    pub point: Vec<f64>,
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
const MOST_INNER: usize = 500;

/// Makes the objective small, from `start`.
///
/// It stops when |gradient|^2 / 2 <= tolerance x value. The penalty makes the objective strongly convex with
/// modulus 1 in the weights, so that bounds the distance to the least value from above (Boyd & Vandenberghe 2004,
/// 9.1.2); the unpenalised intercepts are outside that bound, but their curvature is the data's own.
pub(super) fn minimise(objective: &Objective<'_>, start: Vec<f64>, tolerance: f64, most: u32) -> Solution {
    let mut point = start;
    let mut gradient = vec![0.0; point.len()];
    let mut at = objective.value(&point);
    objective.gradient(&point, &at, &mut gradient);
    let mut square = dot(&gradient, &gradient);
    let mut radius = square.sqrt();
    let mut iterations = 0;
    loop {
        if 0.5 * square <= tolerance * at.value {
            return Solution { point, value: at.value, iterations, converged: true };
        }
        if iterations == most {
            return Solution { point, value: at.value, iterations, converged: false };
        }
        iterations += 1;
        let step = conjugate_gradients(objective, &at, &gradient, radius);
        let slope = dot(&gradient, &step.direction);
        let predicted = -0.5 * (slope - dot(&step.direction, &step.residual));
        let candidate: Vec<f64> = point.iter().zip(&step.direction).map(|(p, d)| p + d).collect();
        let next = objective.value(&candidate);
        let actual = at.value - next.value;
        let length = dot(&step.direction, &step.direction).sqrt();
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
            objective.gradient(&point, &at, &mut gradient);
            square = dot(&gradient, &gradient);
        }
        // No step can be told from rounding any more: this is as small as f64 makes it.
        let rounding = 1e-15 * at.value;
        if predicted <= rounding || (actual.abs() <= rounding && predicted <= 10.0 * rounding) {
            return Solution { point, value: at.value, iterations, converged: true };
        }
    }
}

struct Step {
    direction: Vec<f64>,
    /// -gradient - Hessian x direction.
    residual: Vec<f64>,
    at_bound: bool,
}

/// Solves Hessian x direction = -gradient roughly, within the radius.
fn conjugate_gradients(
    objective: &Objective<'_>,
    at: &super::objective::Evaluated,
    gradient: &[f64],
    radius: f64,
) -> Step {
    let mut direction = vec![0.0; gradient.len()];
    let mut residual: Vec<f64> = gradient.iter().map(|g| -g).collect();
    let mut search = residual.clone();
    let mut product = vec![0.0; gradient.len()];
    let mut square = dot(&residual, &residual);
    // Lin et al. solve to a tenth of the gradient; the better the point, the better the step is worth solving.
    let relative = (dot(gradient, gradient) / at.value.max(f64::MIN_POSITIVE)).sqrt();
    let enough = 0.1f64.min(relative) * square.sqrt();
    for _ in 0..MOST_INNER {
        if square.sqrt() <= enough {
            break;
        }
        objective.hessian_product(&search, at, &mut product);
        let alpha = square / dot(&search, &product);
        add(&mut direction, alpha, &search);
        if dot(&direction, &direction).sqrt() > radius {
            add(&mut direction, -alpha, &search);
            let alpha = to_bound(&direction, &search, radius);
            add(&mut direction, alpha, &search);
            add(&mut residual, -alpha, &product);
            return Step { direction, residual, at_bound: true };
        }
        add(&mut residual, -alpha, &product);
        let next = dot(&residual, &residual);
        let beta = next / square;
        search.iter_mut().zip(&residual).for_each(|(s, r)| *s = r + beta * *s);
        square = next;
    }
    Step { direction, residual, at_bound: false }
}

/// The positive t for which |direction + t x search| = radius.
fn to_bound(direction: &[f64], search: &[f64], radius: f64) -> f64 {
    let (ds, ss, dd) = (dot(direction, search), dot(search, search), dot(direction, direction));
    let room = radius * radius - dd;
    let root = (ds * ds + ss * room).max(0.0).sqrt();
    // The form that does not take the difference of nearly equal numbers.
    if ds >= 0.0 { room / (ds + root) } else { (root - ds) / ss }
}

fn add(to: &mut [f64], factor: f64, what: &[f64]) {
    to.iter_mut().zip(what).for_each(|(to, what)| *to += factor * what);
}
