//! Defines the format of figures that a command prints.

/// How figures are printed.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FigureFormat {
    Table,
    Json,
}
