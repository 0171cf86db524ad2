//! Takes columns of text from other libraries and gives tables to them, by the Arrow C interface
//! and its capsules.

mod capsules;
mod export;
mod import;
mod strings;

pub use export::{array_capsules, schema_capsule, stream_capsule};
pub use import::{Imported, import, is_arrow};
pub use strings::StringChunk;
