//! Groups the options that several commands share: labeled rows, and how a command runs.

use crate::cli::headings::{GROUPS, INPUT, RUNNING};
use crate::cli::inputs::{GroupArgs, JobArgs, LabelArgs, ReadArgs};
use crate::read::{Column, LabeledColumns, Requirement};

/// Which columns labeled rows are made of, and how their files are read.
#[derive(clap::Args)]
pub struct RowArgs {
    #[command(flatten, next_help_heading = INPUT)]
    pub labels: LabelArgs,
    /// Column with each row's weight [default: when evaluating, weight if it exists; when training,
    /// none]
    #[arg(long, value_name = "COLUMN", help_heading = INPUT)]
    weight_column: Option<String>,
    #[command(flatten, next_help_heading = INPUT)]
    pub read: ReadArgs,
    #[command(flatten, next_help_heading = GROUPS)]
    pub groups: GroupArgs,
}

/// How a command runs.
#[derive(clap::Args)]
#[command(next_help_heading = RUNNING)]
pub struct RunArgs {
    #[command(flatten)]
    pub jobs: JobArgs,
    /// Print only results and errors; when scoring, also warnings about the texts
    #[arg(long, short)]
    pub quiet: bool,
}

/// The column that weights are taken from where none is named.
const WEIGHT: &str = "weight";

impl RowArgs {
    /// The columns to train on; weights only from a column that is named.
    pub fn training_columns(&self) -> LabeledColumns {
        let weight = self.weight_column.clone().map(|name| Column { name, need: Requirement::Always });
        self.groups.columns(LabeledColumns { weight, ..self.labels.columns() })
    }

    /// The columns to evaluate on; weights from the usual column where none is named and it is
    /// there.
    pub fn evaluation_columns(&self) -> LabeledColumns {
        with_weight(self.training_columns())
    }
}

/// The columns with weights from the usual column where none is named and it is there.
pub fn with_weight(columns: LabeledColumns) -> LabeledColumns {
    let usual = || Column { name: WEIGHT.to_owned(), need: Requirement::Optional };
    LabeledColumns { weight: Some(columns.weight.clone().unwrap_or_else(usual)), ..columns }
}
