//! Verdicts to bytes, in the forms that users and their programs read.

mod agreement;
#[cfg(feature = "train")]
mod audit;
mod columns;
mod comparison;
mod csv_sheet;
mod evaluation_json;
mod groups;
mod paragraphs;
mod records;
mod report;
mod sinks;
mod summary;
mod throughput;

pub use agreement::write_agreement;
#[cfg(feature = "train")]
pub use audit::write_audit;
pub use comparison::{Comparing, Differing, write_comparison, write_differences};
pub use csv_sheet::Sheet;
pub use evaluation_json::{CURVE_POINTS, Evaluated, LARGEST_GROUPS, WORST_GROUPS, write_figures};
pub use groups::{group_columns, write_groups};
pub use paragraphs::write_paragraph;
pub use report::{Mistake, Report, write_report};
pub use sinks::compressed::{Compressed, Compression};
pub use sinks::csv::{CsvSink, CsvStyle};
pub use sinks::file::{Destination, Output, OutputFile, partial_of};
pub use sinks::jsonl::JsonlSink;
#[cfg(feature = "parquet")]
pub use sinks::parquet::ParquetSink;
pub use sinks::table::{Style, TableSink};
pub use summary::{Speed, write_summary};
pub use throughput::{Figures, Stages, Throughput, write_throughput};

/// Version of the result records.
pub const SCHEMA: u32 = 1;
