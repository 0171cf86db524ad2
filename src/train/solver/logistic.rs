//! Multinomial logistic regression on sparse rows, as a linfa estimator.

use linfa::ParamGuard;
use linfa::dataset::{DatasetBase, Records};
use linfa::traits::{Fit, PredictInplace};
use ndarray::Array1;

use crate::error::{Error, Result};
use crate::label::argmax;
use crate::model::Linear;
use crate::train::solver::csc::Csc;
use crate::train::solver::newton;
use crate::train::solver::objective::Objective;

/// Whether classes are weighted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClassWeight {
    /// Every row counts by its own weight.
    #[default]
    None,
    /// Rows are weighted so that every class sums to the same, as scikit-learn's `class_weight="balanced"`:
    /// all weight / (classes x weight of the class).
    Balanced,
}

/// Unchecked parameters of the estimator; [`ParamGuard::check`] makes them [`ValidLogistic`].
#[derive(Clone, Debug, PartialEq)]
pub struct Logistic(ValidLogistic);

/// Checked parameters; only [`Logistic::check`](ParamGuard::check) makes them.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidLogistic {
    classes: usize,
    c: f64,
    class_weight: ClassWeight,
    tolerance: f64,
    most_iterations: u32,
}

/// What can go wrong in a fit.
#[derive(Debug)]
pub enum FitError {
    /// A parameter outside its range.
    Parameter(Error),
    /// Rows that cannot be fitted.
    Data(String),
    /// An error of linfa's own.
    Linfa(linfa::Error),
}

impl std::fmt::Display for FitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FitError::Parameter(error) => error.fmt(f),
            FitError::Data(message) => f.write_str(message),
            FitError::Linfa(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for FitError {}

impl From<linfa::Error> for FitError {
    fn from(error: linfa::Error) -> Self {
        FitError::Linfa(error)
    }
}

impl From<FitError> for Error {
    fn from(error: FitError) -> Self {
        match error {
            FitError::Parameter(error) => error,
            other => Error::data(other.to_string()),
        }
    }
}

impl Logistic {
    /// Logistic regression for targets `0..classes`, with C = 1, unweighted classes and a tolerance of 1e-6.
    pub fn new(classes: usize) -> Self {
        Logistic(ValidLogistic {
            classes,
            c: 1.0,
            class_weight: ClassWeight::None,
            tolerance: 1e-6,
            most_iterations: 200,
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

    /// Greatest distance of the objective from its least value, relative to the value.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.0.tolerance = tolerance;
        self
    }

    /// Most Newton steps.
    pub fn most_iterations(mut self, most: u32) -> Self {
        self.0.most_iterations = most;
        self
    }
}

impl ParamGuard for Logistic {
    type Checked = ValidLogistic;
    type Error = FitError;

    fn check_ref(&self) -> std::result::Result<&ValidLogistic, FitError> {
        let ValidLogistic { classes, c, tolerance, .. } = self.0;
        let fault = if classes < 2 {
            Error::invalid_parameter("classes", classes, "at least 2")
        } else if !(c.is_finite() && c > 0.0) {
            Error::invalid_parameter("c", c, "a positive number")
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

/// A fitted model in f64, with how the solver came to it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FittedLogistic {
    weights: Vec<f64>,
    intercepts: Vec<f64>,
    /// The weights as a sum of rows: a factor for each row and column.
    dual: Vec<f64>,
    classes: usize,
    objective: f64,
    iterations: u32,
    converged: bool,
}

impl FittedLogistic {
    /// Weights `[features, columns]`, row-major; one column for two classes.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// One a column.
    pub fn intercepts(&self) -> &[f64] {
        &self.intercepts
    }

    /// What one unit of a feature adds to a class's margin.
    pub(crate) fn weight(&self, feature: usize, class: usize) -> f64 {
        let columns = self.intercepts.len();
        let of = |column: usize| self.weights.get(feature * columns + column).copied().unwrap_or(0.0);
        match (self.classes, class) {
            (2, 0) => -0.5 * of(0),
            (2, _) => 0.5 * of(0),
            _ => of(class),
        }
    }

    /// The objective's value.
    pub fn objective(&self) -> f64 {
        self.objective
    }

    /// Newton steps taken.
    pub fn iterations(&self) -> u32 {
        self.iterations
    }

    /// Whether the tolerance was reached.
    pub fn converged(&self) -> bool {
        self.converged
    }

    /// The model to save: weights rounded to f32.
    ///
    /// # Errors
    /// A weight too large for f32.
    pub fn to_linear(&self) -> Result<Linear> {
        let round = |values: &[f64]| values.iter().map(|&value| value as f32).collect();
        Linear::new(round(&self.weights), round(&self.intercepts), self.classes)
    }

    /// Margins of one row of (feature, value) pairs, one a class; see [`Linear`] for two classes.
    pub fn margins(&self, row: impl Iterator<Item = (u32, f64)>) -> Vec<f64> {
        let columns = self.intercepts.len();
        let mut margins = self.intercepts.clone();
        for (feature, value) in row {
            let start = feature as usize * columns;
            let weights = self.weights.get(start..start + columns).unwrap_or(&[]);
            margins.iter_mut().zip(weights).for_each(|(margin, weight)| *margin += value * weight);
        }
        self.by_class(margins)
    }

    /// A class each where there are columns.
    fn by_class(&self, margins: Vec<f64>) -> Vec<f64> {
        match margins.as_slice() {
            [z] if self.classes == 2 => vec![-0.5 * z, 0.5 * z],
            _ => margins,
        }
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
                    "row {row} has weight {weight}; expected a number from 0 up"
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

    /// Runs on the threads of the rayon pool that it is called in; the result does not depend on their number.
    fn fit(
        &self,
        dataset: &DatasetBase<Csc, Array1<usize>>,
    ) -> std::result::Result<FittedLogistic, FitError> {
        self.fit_from(dataset, None)
    }
}

impl ValidLogistic {
    /// As [`Fit::fit`], from the weights of another fit on the same rows: where only C differs, that is a short way.
    ///
    /// # Errors
    /// As [`Fit::fit`], and weights of other rows.
    pub fn fit_from(
        &self,
        dataset: &DatasetBase<Csc, Array1<usize>>,
        start: Option<&FittedLogistic>,
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
        let columns = Linear::columns_of(self.classes);
        let objective = Objective::new(rows, &targets, (weights, columns), self.tolerance);
        let start = start.map(|other| (other.dual.as_slice(), other.intercepts.as_slice()));
        let of = (rows.nsamples() * columns, columns);
        if let Some((dual, intercepts)) = start.filter(|(dual, b)| (dual.len(), b.len()) != of) {
            return Err(FitError::Data(format!(
                "a start of {} factors and {} intercepts; expected {} and {}",
                dual.len(),
                intercepts.len(),
                of.0,
                of.1
            )));
        }
        let start = start.map_or_else(|| objective.beginning(), |start| objective.vector(Some(start)));
        let solution = newton::minimise(&objective, start, self.tolerance, self.most_iterations);
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

impl PredictInplace<Csc, Array1<usize>> for FittedLogistic {
    fn predict_inplace<'a>(&'a self, rows: &'a Csc, targets: &mut Array1<usize>) {
        let columns = self.intercepts.len();
        let mut margins = self.intercepts.repeat(rows.nsamples());
        for entries in rows.entries() {
            let weights =
                self.weights.chunks_exact(columns.max(1)).nth(entries.feature as usize).unwrap_or(&[]);
            for (row, level) in entries.levels() {
                let of_row = rows.row_factors().get(row as usize).copied().unwrap_or(0.0);
                let value = of_row * f64::from(level) * f64::from(entries.factor);
                let own = margins.get_mut(row as usize * columns..).unwrap_or(&mut []);
                own.iter_mut().zip(weights).for_each(|(margin, weight)| *margin += value * weight);
            }
        }
        for (margins, target) in margins.chunks_exact(columns.max(1)).zip(targets) {
            *target = argmax(&self.by_class(margins.to_vec())).index();
        }
    }

    fn default_target(&self, rows: &Csc) -> Array1<usize> {
        Array1::zeros(rows.nsamples())
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
        let warm = at(5.0).fit_from(&dataset, Some(&first)).unwrap();
        assert_close(warm.weights(), at(5.0).fit(&dataset).unwrap().weights(), 1e-5);
        let narrow = DatasetBase::new(sparse(&[&[1.0], &[-1.0]]), Array1::from(vec![0, 1]));
        assert!(at(5.0).fit_from(&narrow, Some(&first)).is_err(), "a start of other rows");
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

    /// Products in f32 must not add up in what is told: words that most rows hold make a problem that takes many steps.
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
        let dataset = DatasetBase::new(rows(), Array1::from(vec![0, 1, 2, 3, 0, 1]));
        assert!(matches!(Logistic::new(3).check().unwrap().fit(&dataset), Err(FitError::Data(_))));
        let negative = DatasetBase::new(rows(), Array1::from(vec![0, 1, 0, 1, 0, 1]))
            .with_weights(Array1::from(vec![-1.0; 6]));
        assert!(Logistic::new(2).check().unwrap().fit(&negative).is_err());
    }
}
