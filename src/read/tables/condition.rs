//! Names the rows that are read: those whose column has a value.

/// Only rows whose column has this value are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Column name.
    pub column: String,
    /// The value, exactly.
    pub value: String,
}
