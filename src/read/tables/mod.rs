//! Takes the columns that were asked for from rows: texts, labels, codings, scored results.

pub(crate) mod added_columns;
pub(crate) mod annotations;
pub(crate) mod cells;
mod coded_table;
pub(crate) mod column_names;
pub(crate) mod condition;
pub(crate) mod fields;
pub(crate) mod label_log;
pub(crate) mod labeled;
pub(crate) mod origin;
pub(crate) mod partition;
pub(crate) mod read_labeled;
pub(crate) mod rejections;
pub(crate) mod result_files;
pub(crate) mod results;
mod row_weights;
pub(crate) mod sample_weights;
pub(crate) mod scored;
pub(crate) mod text_column;
