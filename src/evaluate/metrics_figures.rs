//! Serializes [`Metrics`] as figures.

use serde::{Serialize, Serializer};

use crate::evaluate::class_figures::ClassFigures;
use crate::evaluate::metrics::Metrics;
use crate::evaluate::reliability::Bin;

/// [`Metrics`] as a user reads them: figures, not sums. Classes are numbered in class order.
#[derive(Serialize)]
struct Figures {
    rows: u64,
    weight: f64,
    accuracy: Option<f64>,
    macro_f1: Option<f64>,
    mcc: Option<f64>,
    log_loss: Option<f64>,
    brier: Option<f64>,
    calibration_error: Option<f64>,
    calibration_error_debiased: Option<f64>,
    confidence: Option<f64>,
    coverage: Option<f64>,
    accuracy_answered: Option<f64>,
    classes: Vec<ClassFigures>,
    confusions: Vec<Confusion>,
    bins: Vec<Bin>,
}

/// Rows of one gold label that were predicted as another class.
#[derive(Serialize)]
struct Confusion {
    gold: usize,
    predicted: usize,
    rows: u64,
}

impl Serialize for Metrics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let confusions = self.confusions().map(|(rows, gold, predicted)| Confusion {
            gold: gold.index(),
            predicted: predicted.index(),
            rows,
        });
        let figures = Figures {
            rows: self.rows(),
            weight: self.weight(),
            accuracy: self.accuracy(),
            macro_f1: self.macro_f1(),
            mcc: self.mcc(),
            log_loss: self.log_loss(),
            brier: self.brier(),
            calibration_error: self.calibration_error(),
            calibration_error_debiased: self.debiased_calibration_error(),
            confidence: self.confidence(),
            coverage: self.coverage(),
            accuracy_answered: self.accuracy_answered(),
            classes: self.class_figures(),
            confusions: confusions.collect(),
            bins: self.bins().collect(),
        };
        figures.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::ClassId;

    #[test]
    fn metrics_are_serialized_as_figures() {
        let mut metrics = Metrics::new(2);
        metrics.add(ClassId::new(0), ClassId::new(1), &[0.25, 0.75], true);
        metrics.add(ClassId::new(1), ClassId::new(1), &[0.25, 0.75], true);
        let written = serde_json::to_value(&metrics).unwrap();
        assert_eq!((&written["rows"], &written["accuracy"]), (&2.into(), &0.5.into()));
        assert_eq!(written["confusions"], serde_json::json!([{"gold": 0, "predicted": 1, "rows": 1}]));
        assert_eq!(written["classes"][1]["recall"], 1.0);
        assert_eq!(written["mcc"], serde_json::Value::Null);
    }
}
