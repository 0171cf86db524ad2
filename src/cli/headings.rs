//! Names the sections in which `--help` lists options.

pub const INPUT: &str = "Input";
pub const MODEL: &str = "Model";
pub const OUTPUT: &str = "Output";
pub const ABSTENTION: &str = "Abstention";
pub const GROUPS: &str = "Groups";
#[cfg(feature = "train")]
pub const VALIDATION: &str = "Validation";
#[cfg(feature = "serve")]
pub const SERVER: &str = "Server";
pub const RUNNING: &str = "Running";
