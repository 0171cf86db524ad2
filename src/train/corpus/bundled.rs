//! Holds the bytes of the corpus that ships with the library.

use crate::error::{Error, Result};
use crate::train::corpus::TrainingCorpus;

#[cfg(feature = "bundled-corpus")]
const BUNDLED: Option<&[u8]> = Some(include_bytes!("../../../models/stance.corpus"));
#[cfg(not(feature = "bundled-corpus"))]
const BUNDLED: Option<&[u8]> = None;

impl TrainingCorpus {
    /// What the bundled stance model was trained on.
    ///
    /// # Errors
    /// A build without the feature `bundled-corpus`.
    pub fn bundled() -> Result<Self> {
        Self::from_bytes(BUNDLED.ok_or_else(|| {
            Error::data("this build has no bundled corpus")
                .with_hint(crate::error::Message::naming("give one with `corpus`"))
        })?)
    }
}
