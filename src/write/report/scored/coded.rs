//! Writes the shares that a sample coded by people gives, beside those of the model.

use std::io::{self, Write};

use crate::statistics::Estimate;
use crate::write::report::escape::Isolated;
use crate::write::report::html::{begin_section, end_section, paragraph, table};
use crate::write::report::numbers::{counted, percent, percent_with_ends};
use crate::write::report::scored::ScoredPage;

/// Writes the section, if there is a sample.
pub(super) fn write(out: &mut dyn Write, page: &ScoredPage<'_>) -> io::Result<()> {
    let Some(coded) = page.coded else { return Ok(()) };
    let spelled = |estimate: Option<Estimate>| estimate.map_or_else(|| "–".to_owned(), percent_with_ends);
    begin_section(out, "coded", "Corrected by a coded sample")?;
    let right = coded.metrics.accuracy().map_or_else(String::new, |accuracy| {
        format!(" The model’s likeliest label matched theirs in {} of them.", percent(accuracy))
    });
    paragraph(
        out,
        "",
        &format!(
            "People have coded {} of these.{right} The corrected shares are what people said, weighted by how the sample was \
             drawn; quote these.",
            counted(coded.metrics.rows(), "text")
        ),
    )?;
    let rows = page.overview.labels().iter().zip(&coded.estimates.classes).map(|(label, of)| {
        [Isolated(label).to_string(), spelled(of.predicted_share), spelled(of.gold_share)]
    });
    let heads = ["label", "likeliest label of the model", "corrected (95 %)"];
    table(out, "Shares of the labels in the sample, weighted", heads, rows)?;
    end_section(out)
}
