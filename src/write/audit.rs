//! Writes rows whose labels look wrong as comma-separated values, to go through in a spreadsheet.

use std::io::{self, Write};

use crate::label::LabelSet;
use crate::train::{SourceRow, Suspect};
use crate::write::sinks::csv::no_formula;

/// Writes one line per row, in the order given: what the model, fitted without it, expects, and the
/// terms that speak for that; last the place of the row in its file. `row` gives the source and the
/// text of a row by its number. Texts are kept from being formulas, as in
/// [`CsvStyle`](crate::write::CsvStyle).
///
/// # Errors
/// The system's error if writing fails.
pub fn write_audit<'r>(
    out: &mut impl Write,
    labels: &LabelSet,
    suspects: &[Suspect],
    row: &dyn Fn(usize) -> (Option<&'r SourceRow>, &'r str),
) -> io::Result<()> {
    let mut out = ::csv::Writer::from_writer(out);
    let header = [
        "id",
        "row",
        "label",
        "expected",
        "p_label",
        "p_expected",
        "terms",
        "text",
        "path",
        "record",
        "line",
    ];
    out.write_record(header).map_err(io::Error::from)?;
    for suspect in suspects {
        let (source, text) = row(suspect.row);
        let (id, path) = source.map_or(("", ""), |source| (source.id.as_str(), source.path.as_str()));
        let number = |of: fn(&SourceRow) -> Option<u64>| {
            source.and_then(of).map_or(String::new(), |number| number.to_string())
        };
        out.write_record([
            no_formula(id).as_ref(),
            &(suspect.row + 1).to_string(),
            no_formula(labels.name(suspect.label)).as_ref(),
            no_formula(labels.name(suspect.expected)).as_ref(),
            &format!("{:.4}", suspect.of_label),
            &format!("{:.4}", suspect.of_expected),
            no_formula(&suspect.terms.join("; ")).as_ref(),
            no_formula(text).as_ref(),
            no_formula(path).as_ref(),
            &number(|source| source.record),
            &number(|source| source.line),
        ])
        .map_err(io::Error::from)?;
    }
    out.flush()
}
