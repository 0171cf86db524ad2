//! Serializes the agreement of coders as JSON.

use std::io::{self, Write};

use serde::Serialize;

use crate::agreement::AgreementReport;
use crate::statistics::Estimate;
use crate::write::SCHEMA_VERSION;
use crate::write::records::write_line;

/// Writes one JSON object and a line end.
///
/// # Errors
/// What the system answers to writing.
pub fn write_agreement(out: &mut impl Write, report: &AgreementReport) -> io::Result<()> {
    let AgreementReport { coders, agreement, skipped, .. } = report;
    let name = |coder: usize| coders.get(coder).map_or("", String::as_str);
    let figures = Figures {
        schema: SCHEMA_VERSION,
        coders,
        rows: agreement.rows,
        skipped: *skipped,
        unanimous: agreement.unanimous,
        agreement: value(agreement.share),
        agreement_interval: interval(agreement.share),
        alpha: value(agreement.alpha),
        alpha_interval: interval(agreement.alpha),
        labels: agreement
            .labels
            .iter()
            .map(|of| LabelJson { label: &of.label, codings: of.codings, agreement: of.share })
            .collect(),
        pairs: agreement
            .pairs
            .iter()
            .map(|pair| PairJson {
                coders: pair.coders.map(name),
                rows: pair.rows,
                agreement: value(pair.share),
                agreement_interval: interval(pair.share),
                kappa: value(pair.kappa),
                kappa_interval: interval(pair.kappa),
                confusion: &pair.confusion,
            })
            .collect(),
    };
    write_line(out, &figures)
}

fn value(estimate: Option<Estimate>) -> Option<f64> {
    estimate.map(|estimate| estimate.value)
}

/// Lower and upper end.
fn interval(estimate: Option<Estimate>) -> Option<[f64; 2]> {
    estimate?.interval.map(|interval| [interval.low, interval.high])
}

#[derive(Serialize)]
struct Figures<'a> {
    schema: u32,
    coders: &'a [String],
    rows: u64,
    skipped: u64,
    unanimous: u64,
    agreement: Option<f64>,
    agreement_interval: Option<[f64; 2]>,
    alpha: Option<f64>,
    alpha_interval: Option<[f64; 2]>,
    labels: Vec<LabelJson<'a>>,
    pairs: Vec<PairJson<'a>>,
}

#[derive(Serialize)]
struct LabelJson<'a> {
    label: &'a str,
    codings: u64,
    agreement: Option<f64>,
}

#[derive(Serialize)]
struct PairJson<'a> {
    coders: [&'a str; 2],
    rows: u64,
    agreement: Option<f64>,
    agreement_interval: Option<[f64; 2]>,
    kappa: Option<f64>,
    kappa_interval: Option<[f64; 2]>,
    /// `[first coder][second coder]`, in the order of `labels`.
    confusion: &'a [Vec<u64>],
}
