//! Serializes the figures of an evaluation as JSON.

use std::io::{self, Write};

use serde::Serialize;

use crate::evaluate::{
    BestTemperature, Bin, ClassEstimates, ClassFigures, CoveragePoint, Dates, EvaluationResult, F1OfLabels,
    PredictionSetMetrics, REPLICATES, SeenRows, Slice,
};
use crate::label::{ClassId, LabelSet};
use crate::statistics::{Estimate, Interval};
use crate::write::SCHEMA_VERSION;
use crate::write::records::write_line;

/// What all forms of an evaluation's figures are made of.
#[derive(Clone, Copy, Debug)]
pub struct Evaluated<'a> {
    /// The model's name and the beginning of its hash.
    pub model: &'a str,
    /// The model's classes.
    pub labels: &'a LabelSet,
    /// What was found.
    pub findings: &'a EvaluationResult,
    /// Rows that could not be read.
    pub skipped: usize,
    /// The columns that gave groups.
    pub group_columns: &'a [String],
}

/// Most steps of the error against coverage that are given.
pub const CURVE_POINTS: usize = 50;

/// So many of the largest groups are shown to a reader; programs get all.
pub const LARGEST_GROUPS: usize = 20;
/// So many of the worst groups, where there are more than those.
pub const WORST_GROUPS: usize = 10;

/// Writes one JSON object and a line end.
///
/// # Errors
/// What the system answers to writing.
pub fn write_figures(out: &mut impl Write, evaluated: &Evaluated<'_>) -> io::Result<()> {
    write_line(out, &Figures::new(evaluated))
}

/// The figures of an evaluation. Fields are added, never renamed.
#[derive(Serialize)]
struct Figures<'a> {
    schema: u32,
    model: &'a str,
    rows: u64,
    skipped: usize,
    accuracy: Option<f64>,
    macro_f1: Option<f64>,
    /// Where labels were chosen for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    f1_of_labels: Option<&'a F1OfLabels>,
    log_loss: Option<f64>,
    brier: Option<f64>,
    confidence: Option<f64>,
    coverage: Option<f64>,
    accuracy_answered: Option<f64>,
    labels: Vec<LabelJson<'a>>,
    /// `[gold][predicted]`, in the order of `labels`.
    confusion: Vec<Vec<u64>>,
    mcc: Option<f64>,
    calibration_error: Option<f64>,
    calibration_error_debiased: Option<f64>,
    /// Sum of the rows' weights.
    weight: f64,
    weighted: bool,
    intervals: Intervals,
    resampling: Resampling,
    reliability: Vec<BinJson>,
    error_by_coverage: Curve,
    /// `factor` x the model's temperature would have given `log_loss`, the least on these rows.
    best_temperature: Option<BestTemperature>,
    /// Where sets were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    sets: Option<SetsJson>,
    /// Rows that the model was trained on, where its rows were at hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<&'a SeenRows>,
    group_columns: &'a [String],
    groups: Vec<GroupJson<'a>>,
    dates: Option<DatesJson<'a>>,
}

/// Sets of labels: how many hold the right one, and how large they are.
#[derive(Serialize)]
struct SetsJson {
    rows: u64,
    coverage: Option<f64>,
    interval: Option<[f64; 2]>,
    mean_size: Option<f64>,
    empty: u64,
    /// By label, in the order of `labels`.
    label_coverage: Vec<Option<f64>>,
}

impl SetsJson {
    fn new(sets: &PredictionSetMetrics, labels: &LabelSet) -> Self {
        SetsJson {
            rows: sets.rows,
            coverage: sets.correct_share(),
            interval: sets.interval().map(|interval| [interval.low, interval.high]),
            mean_size: sets.mean_size(),
            empty: sets.empty,
            label_coverage: (0..labels.len())
                .map(|class| sets.class_correct_share(ClassId::new(class)))
                .collect(),
        }
    }
}

/// 95 % intervals of the figures of the same names: `[low, high]`.
#[derive(Serialize)]
struct Intervals {
    accuracy: Option<[f64; 2]>,
    macro_f1: Option<[f64; 2]>,
    mcc: Option<[f64; 2]>,
    log_loss: Option<[f64; 2]>,
    brier: Option<[f64; 2]>,
    /// Always null: resampling rows raises the error, so percentiles would lie above the figure.
    calibration_error: Option<[f64; 2]>,
    confidence: Option<[f64; 2]>,
    coverage: Option<[f64; 2]>,
    accuracy_answered: Option<[f64; 2]>,
}

/// How the intervals came about.
#[derive(Serialize)]
pub(super) struct Resampling {
    /// `group`, or `row` where no row has a group.
    unit: &'static str,
    units: usize,
    replicates: usize,
    seed: u64,
}

#[derive(Serialize)]
struct LabelJson<'a> {
    label: &'a str,
    rows: u64,
    predicted: u64,
    precision: Option<f64>,
    recall: Option<f64>,
    f1: Option<f64>,
    intervals: LabelIntervals,
    /// Where rows differ in weight: the share as the model counts it, and as the gold labels do.
    shares: Option<Shares>,
}

#[derive(Serialize)]
struct LabelIntervals {
    precision: Option<[f64; 2]>,
    recall: Option<[f64; 2]>,
    f1: Option<[f64; 2]>,
}

#[derive(Serialize)]
struct Shares {
    raw: Option<Shown>,
    corrected: Option<Shown>,
}

#[derive(Serialize)]
struct Shown {
    value: f64,
    interval: Option<[f64; 2]>,
}

#[derive(Serialize)]
struct BinJson {
    low: f64,
    high: f64,
    weight: f64,
    confidence: f64,
    accuracy: f64,
}

#[derive(Serialize)]
struct Curve {
    area: Option<f64>,
    points: Vec<Point>,
}

#[derive(Serialize)]
struct Point {
    coverage: f64,
    error: f64,
    threshold: f64,
}

#[derive(Serialize)]
struct GroupJson<'a> {
    group: Option<&'a str>,
    #[serde(flatten)]
    part: SliceJson,
}

#[derive(Serialize)]
struct PeriodJson<'a> {
    date: Option<&'a str>,
    #[serde(flatten)]
    part: SliceJson,
}

#[derive(Serialize)]
struct SliceJson {
    rows: u64,
    accuracy: Option<f64>,
    interval: Option<[f64; 2]>,
    macro_f1: Option<f64>,
    log_loss: Option<f64>,
}

#[derive(Serialize)]
struct DatesJson<'a> {
    period: &'static str,
    missing: u64,
    unreadable: u64,
    parts: Vec<PeriodJson<'a>>,
}

impl<'a> Figures<'a> {
    fn new(evaluated: &Evaluated<'a>) -> Self {
        let Evaluated { model, labels, findings, skipped, group_columns } = *evaluated;
        let EvaluationResult { metrics, estimates, .. } = findings;
        let all = || (0..labels.len()).map(ClassId::new);
        let of_classes = metrics.class_figures().into_iter().zip(&estimates.classes);
        Figures {
            schema: SCHEMA_VERSION,
            model,
            rows: metrics.rows(),
            skipped,
            accuracy: metrics.accuracy(),
            macro_f1: estimates.macro_f1.map(|of| of.value),
            f1_of_labels: findings.f1_of_labels.as_ref(),
            log_loss: metrics.log_loss(),
            brier: metrics.brier(),
            confidence: metrics.confidence(),
            coverage: metrics.coverage(),
            accuracy_answered: metrics.accuracy_answered(),
            labels: labels
                .names()
                .iter()
                .zip(of_classes)
                .map(|(label, (of, estimates))| LabelJson::new(label, of, estimates, findings.has_weights))
                .collect(),
            confusion: all()
                .map(|gold| all().map(|predicted| metrics.pair(gold, predicted)).collect())
                .collect(),
            mcc: metrics.mcc(),
            calibration_error: metrics.calibration_error(),
            calibration_error_debiased: metrics.debiased_calibration_error(),
            weight: metrics.weight(),
            weighted: findings.weighted,
            intervals: Intervals::new(findings),
            resampling: Resampling::new(!findings.groups.is_empty(), findings.clusters, findings.seed),
            reliability: metrics.bins().map(BinJson::new).collect(),
            sets: findings.sets.as_ref().map(|sets| SetsJson::new(sets, evaluated.labels)),
            seen: findings.seen.as_ref(),
            error_by_coverage: Curve {
                area: findings.curve.area(),
                points: findings.curve.thinned(CURVE_POINTS).into_iter().map(Point::new).collect(),
            },
            best_temperature: findings.best_temperature,
            group_columns,
            groups: findings
                .groups
                .iter()
                .map(|part| GroupJson { group: part.name.as_deref(), part: SliceJson::new(part) })
                .collect(),
            dates: findings.dates.as_ref().map(DatesJson::new),
        }
    }
}

impl Resampling {
    pub(super) fn new(grouped: bool, units: usize, seed: u64) -> Self {
        Resampling { unit: if grouped { "group" } else { "row" }, units, replicates: REPLICATES, seed }
    }
}

impl Intervals {
    fn new(findings: &EvaluationResult) -> Self {
        let of = &findings.estimates;
        Intervals {
            accuracy: ends(of.accuracy),
            macro_f1: ends(of.macro_f1),
            mcc: ends(of.mcc),
            log_loss: ends(of.log_loss),
            brier: ends(of.brier),
            calibration_error: None,
            confidence: ends(of.confidence),
            coverage: ends(of.coverage),
            accuracy_answered: ends(of.accuracy_answered),
        }
    }
}

impl<'a> LabelJson<'a> {
    fn new(label: &'a str, of: ClassFigures, estimates: &ClassEstimates, has_weights: bool) -> Self {
        LabelJson {
            label,
            rows: of.gold,
            predicted: of.predicted,
            precision: of.precision,
            recall: of.recall,
            f1: of.f1,
            intervals: LabelIntervals {
                precision: ends(estimates.precision),
                recall: ends(estimates.recall),
                f1: ends(estimates.f1),
            },
            shares: has_weights.then(|| Shares {
                raw: estimates.predicted_share.map(Shown::new),
                corrected: estimates.gold_share.map(Shown::new),
            }),
        }
    }
}

impl Shown {
    fn new(estimate: Estimate) -> Self {
        Shown { value: estimate.value, interval: ends(Some(estimate)) }
    }
}

impl BinJson {
    fn new(bin: Bin) -> Self {
        let Bin { low, high, weight, confidence, accuracy, .. } = bin;
        BinJson { low, high, weight, confidence, accuracy }
    }
}

impl Point {
    fn new(point: CoveragePoint) -> Self {
        let CoveragePoint { coverage, error, threshold } = point;
        Point { coverage, error, threshold }
    }
}

impl SliceJson {
    fn new(part: &Slice) -> Self {
        SliceJson {
            rows: part.metrics.rows(),
            accuracy: part.metrics.accuracy(),
            interval: ends(part.accuracy),
            macro_f1: part.macro_f1(),
            log_loss: part.metrics.log_loss(),
        }
    }
}

impl<'a> DatesJson<'a> {
    fn new(dates: &'a Dates) -> Self {
        let part = |part: &'a Slice| PeriodJson { date: part.name.as_deref(), part: SliceJson::new(part) };
        DatesJson {
            period: dates.period.name(),
            missing: dates.unknown.missing,
            unreadable: dates.unknown.unreadable,
            parts: dates.slices.iter().map(part).collect(),
        }
    }
}

pub(super) fn ends(estimate: Option<Estimate>) -> Option<[f64; 2]> {
    estimate.and_then(|estimate| estimate.interval).map(|Interval { low, high }| [low, high])
}
