//! Checks what is asked of a suggestion.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// How many texts are suggested, and which.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SuggestParams {
    /// How many texts.
    pub texts: usize,
    /// Share of the texts that is picked for the labels with the fewest rows.
    pub rare_share: f64,
    /// Random seed for ties.
    pub seed: u64,
}

impl Default for SuggestParams {
    fn default() -> Self {
        SuggestParams { texts: 50, rare_share: Self::RARE_SHARE, seed: 1 }
    }
}

impl SuggestParams {
    /// The default share of texts for rare labels; benches/peers/active_learning.py measures its
    /// effect.
    pub const RARE_SHARE: f64 = 0.2;

    /// Checks the numbers.
    ///
    /// # Errors
    /// No text, or a share outside 0 to 1.
    pub fn check(self) -> Result<Self> {
        match self {
            SuggestParams { texts: 0, .. } => {
                Err(Error::invalid_parameter("texts", 0, "a number of at least 1")
                    .with_message("0 texts to suggest: expected a number of at least 1"))
            }
            SuggestParams { rare_share, .. } if !(0.0..=1.0).contains(&rare_share) => {
                let expected = "a share from 0 to 1";
                let message = format!("{rare_share} of the texts for rare labels: expected {expected}");
                Err(Error::invalid_parameter("rare_share", rare_share, expected).with_message(message))
            }
            _ => Ok(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn params_outside_their_range_are_refused() {
        let params = |texts, rare_share| SuggestParams { texts, rare_share, seed: 1 }.check();
        assert!(params(1, 0.0).is_ok() && params(5, 1.0).is_ok());
        for wrong in [params(0, 0.5), params(1, -0.1), params(1, 1.5), params(1, f64::NAN)] {
            assert!(wrong.unwrap_err().to_string().contains("expected"));
        }
    }
}
