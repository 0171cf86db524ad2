//! Takes texts as Python has them: lists, arrays, Arrow columns, tables.

mod column;
mod objects;
mod rows;
mod source;

pub use rows::{Rows, TextRow};
