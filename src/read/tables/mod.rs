//! Takes the columns that were asked for from rows: texts, labels, codings, scored results.

pub(crate) mod annotations;
pub(crate) mod fields;
pub(crate) mod labeled;
pub(crate) mod scored;
