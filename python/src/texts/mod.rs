//! Takes texts as Python has them: lists, arrays, Arrow columns, tables.

mod batch;
mod column;
mod names;
mod objects;
mod rows;
mod source;

pub use batch::{LargeTexts, for_each_row, has_large};
pub use rows::{DATE_COLUMN, Rows, TextRow};
