//! Fits multinomial logistic regression to sparse rows, as a linfa estimator.

use linfa::ParamGuard;
use linfa::dataset::{DatasetBase, Records};
use linfa::traits::Fit;
use ndarray::Array1;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::model::Linear;
use crate::named::named;
use crate::progress::{Progress, Silent};
use crate::train::solver::csc::Csc;
use crate::train::solver::fit_error::FitError;
use crate::train::solver::fitted::FittedLogistic;
use crate::train::solver::newton::Newton;
use crate::train::solver::objective::{Objective, WeightedTargets};

/// Whether classes are weighted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClassWeight {
    /// Every row counts by its own weight.
    #[default]
    None,
    /// Rows are weighted so that every class sums to the same, as scikit-learn's
    /// `class_weight="balanced"`: all weight / (classes x weight of the class).
    Balanced,
}

named!(ClassWeight { None: "none", Balanced: "balanced" });

/// Unchecked parameters of the estimator. [`Fit::fit`] checks them and fits; [`ParamGuard::check`]
/// makes them [`ValidLogistic`].
///
/// ```
/// use linfa::DatasetBase;
/// use linfa::traits::{Fit, Predict};
/// use ndarray::array;
/// use standpoint::train::{CscBuilder, Logistic};
///
/// let mut records = CscBuilder::new(2);
/// records.push([(0, 1.0)]);
/// records.push([(1, 0.5), (0, -1.0)]);
/// let dataset = DatasetBase::new(records.build(), array![1, 0]);
/// let fitted = Logistic::new(2).fit(&dataset)?;
/// assert_eq!(fitted.predict(&dataset), array![1, 0]);
/// # Ok::<(), standpoint::train::FitError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Logistic(ValidLogistic);

/// Checked parameters; only [`Logistic::check`](ParamGuard::check) makes them.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidLogistic {
    classes: usize,
    c: f64,
    class_weight: ClassWeight,
    label_smoothing: f64,
    tolerance: f64,
    max_iterations: u32,
}

impl Logistic {
    /// Logistic regression for targets `0..classes`, with C = 1, unweighted classes, no label
    /// smoothing and a tolerance of 1e-6.
    pub fn new(classes: usize) -> Self {
        Logistic(ValidLogistic {
            classes,
            c: 1.0,
            class_weight: ClassWeight::None,
            label_smoothing: 0.0,
            tolerance: 1e-6,
            max_iterations: 200,
        })
    }

    /// Inverse strength of the L2 penalty: the factor of the summed losses.
    pub fn c(mut self, c: f64) -> Self {
        self.0.c = c;
        self
    }

    /// Weights of the classes.
    pub fn class_weight(mut self, class_weight: ClassWeight) -> Self {
        self.0.class_weight = class_weight;
        self
    }

    /// Share of each row that is divided among all classes alike, from 0, below 1.
    pub fn label_smoothing(mut self, share: f64) -> Self {
        self.0.label_smoothing = share;
        self
    }

    /// Greatest distance of the objective from its least value, relative to the value.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.0.tolerance = tolerance;
        self
    }

    /// Greatest number of Newton steps.
    pub fn max_iterations(mut self, most: u32) -> Self {
        self.0.max_iterations = most;
        self
    }
}

impl ParamGuard for Logistic {
    type Checked = ValidLogistic;
    type Error = FitError;

    fn check_ref(&self) -> std::result::Result<&ValidLogistic, FitError> {
        let ValidLogistic { classes, c, label_smoothing, tolerance, .. } = self.0;
        let fault = if classes < 2 {
            Error::invalid_parameter("classes", classes, "at least 2")
        } else if !(c.is_finite() && c > 0.0) {
            Error::invalid_parameter("c", c, "a positive number")
        } else if !(0.0..1.0).contains(&label_smoothing) {
            Error::invalid_parameter("label_smoothing", label_smoothing, "a share from 0, below 1")
        } else if !(tolerance.is_finite() && tolerance > 0.0) {
            Error::invalid_parameter("tolerance", tolerance, "a positive number")
        } else {
            return Ok(&self.0);
        };
        Err(FitError::Parameter(fault))
    }

    fn check(self) -> std::result::Result<ValidLogistic, FitError> {
        self.check_ref()?;
        Ok(self.0)
    }
}

impl ValidLogistic {
    /// C x class weight x row weight, for each row.
    fn row_weights(
        &self,
        dataset: &DatasetBase<Csc, Array1<usize>>,
    ) -> std::result::Result<Vec<f64>, FitError> {
        let mut of_class = vec![0.0; self.classes];
        let mut weights = Vec::with_capacity(dataset.nsamples());
        for (row, &target) in dataset.targets.iter().enumerate() {
            let weight = f64::from(dataset.weight_for(row));
            if !(weight.is_finite() && weight >= 0.0) {
                return Err(FitError::Data(format!(
                    "row {row} has weight {weight}; expected a number of at least 0"
                )));
            }
            let sum = of_class.get_mut(target).ok_or_else(|| {
                FitError::Data(format!("row {row} has target {target}; expected less than {}", self.classes))
            })?;
            *sum += weight;
            weights.push(weight);
        }
        let all: f64 = of_class.iter().sum();
        let factors: Vec<f64> = of_class
            .iter()
            .map(|&sum| match self.class_weight {
                ClassWeight::Balanced if sum > 0.0 => self.c * all / (self.classes as f64 * sum),
                _ => self.c,
            })
            .collect();
        let of_target = |target: &usize| factors.get(*target).copied().unwrap_or(0.0);
        Ok(weights.iter().zip(&dataset.targets).map(|(weight, target)| weight * of_target(target)).collect())
    }
}

impl Fit<Csc, Array1<usize>, FitError> for ValidLogistic {
    type Object = FittedLogistic;

    /// Runs on the threads of the rayon pool that it is called in; the result does not depend on
    /// their number.
    fn fit(
        &self,
        dataset: &DatasetBase<Csc, Array1<usize>>,
    ) -> std::result::Result<FittedLogistic, FitError> {
        self.fit_with(dataset, None, &Silent)
    }
}

impl ValidLogistic {
    /// As [`Fit::fit`], from the weights of another fit on the same rows if there is one (where
    /// only C differs, that takes few steps), and as long as `progress` does not stop it.
    ///
    /// # Errors
    /// As [`Fit::fit`], weights of other rows, and [`FitError::Stopped`].
    pub fn fit_with(
        &self,
        dataset: &DatasetBase<Csc, Array1<usize>>,
        start: Option<&FittedLogistic>,
        progress: &dyn Progress,
    ) -> std::result::Result<FittedLogistic, FitError> {
        let rows = dataset.records();
        if rows.nsamples() == 0 || rows.nsamples() != dataset.targets.len() {
            return Err(FitError::Data(format!(
                "{} rows and {} targets; expected the same number, and at least one",
                rows.nsamples(),
                dataset.targets.len()
            )));
        }
        let weights = self.row_weights(dataset)?;
        let targets = dataset.targets.to_vec();
        let columns = Linear::columns(self.classes);
        let smoothing = self.label_smoothing;
        let weighted = WeightedTargets { targets: &targets, weights, columns, smoothing };
        let objective = Objective::new(rows, weighted, self.tolerance);
        let start = match start {
            None => objective.initial_point(),
            Some(FittedLogistic { dual, intercepts, .. }) => {
                let (factors, columns) = (rows.nsamples() * columns, columns);
                if (dual.len(), intercepts.len()) != (factors, columns) {
                    return Err(FitError::Data(format!(
                        "a start of {} factors and {} intercepts; expected {factors} and {columns}",
                        dual.len(),
                        intercepts.len(),
                    )));
                }
                objective.vector(dual, intercepts)
            }
        };
        let newton = Newton {
            objective: &objective,
            tolerance: self.tolerance,
            max_iterations: self.max_iterations,
            progress,
        };
        let solution = newton.minimize(start).map_err(|_| FitError::Stopped)?;
        Ok(FittedLogistic {
            weights: objective.primal(&solution.point.dual),
            intercepts: solution.point.intercepts,
            dual: solution.point.dual,
            classes: self.classes,
            objective: solution.value,
            iterations: solution.iterations,
            converged: solution.converged,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::solver::csc::tests::sparse;

    fn rows() -> Csc {
        sparse(&[&[1.0, 0.0], &[0.8, 0.6], &[0.0, 1.0], &[-0.6, 0.8], &[-1.0, 0.0], &[0.0, -1.0]])
    }

    fn fit(params: Logistic, rows: Csc, targets: &[usize], weights: Option<&[f32]>) -> FittedLogistic {
        let dataset = DatasetBase::new(rows, Array1::from(targets.to_vec()));
        let dataset = match weights {
            Some(weights) => dataset.with_weights(Array1::from(weights.to_vec())),
            None => dataset,
        };
        params.check().unwrap().fit(&dataset).unwrap()
    }

    fn assert_close(a: &[f64], b: &[f64], tolerance: f64) {
        assert_eq!(a.len(), b.len());
        a.iter().zip(b).for_each(|(a, b)| assert!((a - b).abs() <= tolerance, "{a} and {b}"));
    }

    #[test]
    fn another_start_comes_to_the_same_end() {
        let dataset = DatasetBase::new(rows(), Array1::from(vec![0, 1, 1, 2, 2, 0]));
        let at = |c: f64| Logistic::new(3).c(c).tolerance(1e-12).check().unwrap();
        let first = at(1.0).fit(&dataset).unwrap();
        let warm = at(5.0).fit_with(&dataset, Some(&first), &Silent).unwrap();
        assert_close(warm.weights(), at(5.0).fit(&dataset).unwrap().weights(), 1e-5);
        let narrow = DatasetBase::new(sparse(&[&[1.0], &[-1.0]]), Array1::from(vec![0, 1]));
        assert!(at(5.0).fit_with(&narrow, Some(&first), &Silent).is_err(), "a start of other rows");
    }

    #[test]
    fn a_row_of_weight_two_is_the_row_twice() {
        let twice = sparse(&[
            &[1.0, 0.0],
            &[0.8, 0.6],
            &[0.0, 1.0],
            &[-0.6, 0.8],
            &[-1.0, 0.0],
            &[0.0, -1.0],
            &[0.8, 0.6],
        ]);
        for class_weight in [ClassWeight::None, ClassWeight::Balanced] {
            let params = || Logistic::new(3).c(3.0).class_weight(class_weight).tolerance(1e-14);
            let weighted = fit(params(), rows(), &[0, 1, 1, 2, 2, 0], Some(&[1.0, 2.0, 1.0, 1.0, 1.0, 1.0]));
            let repeated = fit(params(), twice.clone(), &[0, 1, 1, 2, 2, 0, 1], None);
            assert_close(weighted.weights(), repeated.weights(), 1e-6);
            assert_close(weighted.intercepts(), repeated.intercepts(), 1e-6);
        }
    }

    /// Products in f32 must not add up in what is told: words that most rows hold make a problem
    /// that takes many steps.
    #[test]
    fn the_objective_is_that_of_the_weights() {
        let holds = |row: usize, feature: usize| f64::from(u8::from((row * row + 7 * feature) % 11 > 1));
        let rows: Vec<Vec<f64>> =
            (0..120).map(|row| (0..9).map(|feature| holds(row, feature)).collect()).collect();
        let rows: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
        let targets: Vec<usize> = (0..120).map(|row| row * 7 % 5 % 3).collect();
        let fitted = fit(Logistic::new(3).c(10.0), sparse(&rows), &targets, None);
        let loss = |(row, target): (&&[f64], &usize)| {
            let margins = fitted.margins((0..).zip(row.iter().copied()));
            margins.iter().map(|margin| (margin - margins[*target]).exp()).sum::<f64>().ln()
        };
        let penalty: f64 = fitted.weights().iter().map(|weight| weight * weight).sum();
        let expected = 10.0 * rows.iter().zip(&targets).map(loss).sum::<f64>() + 0.5 * penalty;
        assert!((fitted.objective() / expected - 1.0).abs() < 1e-12, "{} {expected}", fitted.objective());
    }

    #[test]
    fn two_classes_by_one_vector_say_the_same_as_the_logistic_function() {
        let fitted = fit(Logistic::new(2).c(10.0), rows(), &[1, 1, 1, 0, 0, 0], None);
        assert_eq!(fitted.intercepts().len(), 1);
        assert!(fitted.converged() && fitted.iterations() > 0);
        let margins = fitted.margins([(0, 1.0)].into_iter());
        assert_eq!(margins[0], -margins[1]);
        assert!(margins[1] > 0.0);
    }

    #[test]
    fn a_class_without_rows_does_not_stop_the_fit() {
        let fitted = fit(Logistic::new(3), rows(), &[0, 0, 1, 1, 0, 1], None);
        assert!(fitted.converged());
        assert!(fitted.intercepts()[2] < fitted.intercepts()[0] - 5.0);
    }

    #[test]
    fn parameters_outside_their_range_are_refused() {
        assert!(Logistic::new(1).check().is_err());
        for c in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Logistic::new(2).c(c).check().is_err());
        }
        for share in [-0.1, 1.0, f64::NAN] {
            assert!(Logistic::new(2).label_smoothing(share).check().is_err());
        }
        let dataset = DatasetBase::new(rows(), Array1::from(vec![0, 1, 2, 3, 0, 1]));
        assert!(matches!(Logistic::new(3).check().unwrap().fit(&dataset), Err(FitError::Data(_))));
        let negative = DatasetBase::new(rows(), Array1::from(vec![0, 1, 0, 1, 0, 1]))
            .with_weights(Array1::from(vec![-1.0; 6]));
        assert!(Logistic::new(2).check().unwrap().fit(&negative).is_err());
    }
}
