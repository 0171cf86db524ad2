//! Serializes how far answers moved under changes, as JSON.

use std::io::{self, Write};

use serde::Serialize;

use crate::robustness::RobustnessReport;
use crate::write::SCHEMA_VERSION;
use crate::write::records::write_line;

/// Fields are added, never renamed.
#[derive(Serialize)]
struct Robustness<'a> {
    schema: u32,
    #[serde(flatten)]
    report: &'a RobustnessReport,
}

/// Writes one JSON object and a line end.
///
/// # Errors
/// What the system answers to writing.
pub fn write_robustness(out: &mut impl Write, report: &RobustnessReport) -> io::Result<()> {
    write_line(out, &Robustness { schema: SCHEMA_VERSION, report })
}
