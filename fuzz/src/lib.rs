//! Bytes of a fuzzer to the properties that must hold whatever they are.

mod document;
mod hook;

pub use document::{read, read_csv};
pub use hook::guarded;
