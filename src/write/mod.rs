//! Writes verdicts and figures in the formats that users and their programs read.
//!
//! A [`Schema`] gives the columns of a run's results and the rows of each outcome; a [`Sink`]
//! writes outcomes to a file in one of [`OUTPUT_FORMATS`].

mod agreement;
#[cfg(feature = "train")]
mod audit;
mod claim;
mod claimed_path;
mod columns;
mod comparison;
#[cfg(any(feature = "cli", feature = "train"))]
mod csv_sheet;
mod document_name;
mod earlier;
mod evaluation_json;
mod fit;
mod formats;
mod groups;
mod hanging;
mod outcome;
#[cfg(feature = "cli")]
mod paragraphs;
mod printable;
mod published_groups;
mod records;
mod report;
mod result_filter;
mod robustness;
mod rows;
mod sink;
mod sinks;
mod style;
mod table_file;
mod text_table;
#[cfg(feature = "cli")]
mod throughput;
#[cfg(feature = "spreadsheet")]
mod workbook;

pub use agreement::write_agreement;
#[cfg(feature = "train")]
pub use audit::write_audit;
pub use claim::OutputPaths;
pub use claimed_path::ClaimedPath;
pub use columns::{Cell, CellType, Column, Row, Schema};
pub use comparison::{Comparing, write_comparison, write_differences};
#[cfg(any(feature = "cli", feature = "train"))]
pub(crate) use csv_sheet::Sheet;
pub use evaluation_json::{CURVE_POINTS, Evaluated, LARGEST_GROUPS, WORST_GROUPS, write_figures};
#[cfg(all(feature = "cli", feature = "train"))]
pub(crate) use fit::first_words;
pub use formats::{OUTPUT_FORMATS, OutputFormat, SinkOptions, USUAL_WIDTH};
pub use groups::{group_columns, write_groups};
#[cfg(feature = "cli")]
pub(crate) use hanging::hanging;
pub(crate) use hanging::wrap;
pub use outcome::{Failure, Outcome, Scored};
#[cfg(feature = "cli")]
pub(crate) use paragraphs::write_paragraph;
pub use printable::Screen;
pub(crate) use printable::printable;
#[cfg(all(feature = "cli", feature = "train"))]
pub(crate) use records::write_line;
#[cfg(feature = "serve")]
pub(crate) use report::Escaped;
pub use report::{
    ExplainedText, ExplanationPage, LabelTerms, Mistake, NearDuplicates, Report, ScoredPage, TrainingNote,
    drift_of_results, write_report, write_scored_page,
};
#[cfg(feature = "train")]
pub(crate) use report::{ends, signed, signed_with_ends};
pub(crate) use result_filter::{Choice, ResultFilter, check_conditions};
pub use robustness::write_robustness;
pub use rows::RowFormat;
pub use sink::{Mark, RunContext, Sink};
pub(crate) use sinks::column_table::ColumnTableSink;
pub(crate) use sinks::compressed::Compressed;
pub use sinks::compressed::Compression;
pub(crate) use sinks::csv::CsvSink;
pub use sinks::csv::CsvStyle;
pub use sinks::destination::Destination;
pub use sinks::file::{Output, OutputFile};
pub(crate) use sinks::json::JsonSink;
pub(crate) use sinks::jsonl::JsonlSink;
#[cfg(feature = "parquet")]
pub(crate) use sinks::parquet::ParquetSink;
pub(crate) use sinks::published::PublishedSink;
pub(crate) use sinks::table::TableSink;
#[cfg(feature = "cli")]
pub(crate) use sinks::table::left_out;
pub(crate) use sinks::temporary::open_own;
#[cfg(feature = "spreadsheet")]
pub(crate) use sinks::xlsx::XlsxSink;
pub use style::Style;
pub use table_file::{TableFormat, TableOptions};
#[cfg(feature = "cli")]
pub(crate) use text_table::{Layout, bar};
pub(crate) use text_table::{TextColumn, TextTable};
#[cfg(feature = "cli")]
pub(crate) use throughput::{Figures, Stages, Throughput, write_throughput};

/// Version of the result records.
pub const SCHEMA_VERSION: u32 = 1;
