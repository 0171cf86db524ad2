//! An evaluation's figures as JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::SCHEMA;
use super::wire::write_line;
use crate::evaluate::Meter;
use crate::label::{ClassId, LabelSet};

/// Writes one JSON object and a line end. `skipped` rows could not be read.
///
/// # Errors
/// What the system answers to writing.
pub fn write_figures(
    out: &mut impl Write,
    model: &str,
    labels: &LabelSet,
    meter: &Meter,
    skipped: usize,
) -> io::Result<()> {
    write_line(out, &Figures::of(model, meter, labels, skipped))
}

/// The figures of an evaluation.
#[derive(Serialize)]
struct Figures<'a> {
    schema: u32,
    model: &'a str,
    rows: u64,
    skipped: usize,
    accuracy: Option<f64>,
    macro_f1: Option<f64>,
    log_loss: Option<f64>,
    brier: Option<f64>,
    confidence: Option<f64>,
    coverage: Option<f64>,
    accuracy_answered: Option<f64>,
    labels: Vec<OfLabel<'a>>,
    /// `[gold][predicted]`, in the order of `labels`.
    confusion: Vec<Vec<u64>>,
}

#[derive(Serialize)]
struct OfLabel<'a> {
    label: &'a str,
    rows: u64,
    predicted: u64,
    precision: Option<f64>,
    recall: Option<f64>,
    f1: Option<f64>,
}

impl<'a> Figures<'a> {
    fn of(model: &'a str, meter: &Meter, labels: &'a LabelSet, skipped: usize) -> Self {
        let all = || (0..labels.len()).map(ClassId::new);
        Figures {
            schema: SCHEMA,
            model,
            rows: meter.rows(),
            skipped,
            accuracy: meter.accuracy(),
            macro_f1: meter.macro_f1(),
            log_loss: meter.log_loss(),
            brier: meter.brier(),
            confidence: meter.confidence(),
            coverage: meter.coverage(),
            accuracy_answered: meter.accuracy_answered(),
            labels: all()
                .map(|class| {
                    let of = meter.class(class);
                    OfLabel {
                        label: labels.name(class),
                        rows: of.gold,
                        predicted: of.predicted,
                        precision: of.precision,
                        recall: of.recall,
                        f1: of.f1,
                    }
                })
                .collect(),
            confusion: all()
                .map(|gold| all().map(|predicted| meter.pair(gold, predicted)).collect())
                .collect(),
        }
    }
}
