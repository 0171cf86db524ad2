//! Makes secrets, and compares them in constant time.

use std::fmt;

use subtle::ConstantTimeEq;

use crate::error::{Error, Result};

/// Bytes of a secret.
const LENGTH: usize = 32;
/// The fewest characters of a secret that a user gives.
pub(super) const MIN_CHARACTERS: usize = 32;

/// What somebody must know to be let in. It is not shown by accident.
#[derive(Clone)]
pub(super) struct Secret(String);

impl Secret {
    /// 32 random bytes, in hexadecimal.
    ///
    /// # Errors
    /// A system without random numbers.
    pub(super) fn random() -> Result<Self> {
        let mut bytes = [0u8; LENGTH];
        getrandom::fill(&mut bytes)
            .map_err(|error| Error::run(format!("the system gives no random numbers: {error}"), None))?;
        Ok(Secret(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// What a user wrote into a file; blanks around it do not count.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
        (is_plain && text.len() >= MIN_CHARACTERS).then(|| Secret(text.to_owned()))
    }

    /// Whether this is it. How long that takes tells nothing but its length.
    pub(super) fn is(&self, given: &str) -> bool {
        self.0.as_bytes().ct_eq(given.as_bytes()).into()
    }

    /// The secret itself, for whom it is meant.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_differ_and_are_not_shown() {
        let [one, other] = [(); 2].map(|()| Secret::random().unwrap());
        assert_eq!(one.reveal().len(), 2 * LENGTH);
        assert!(
            one.is(one.reveal()) && !one.is(other.reveal()) && !one.is("") && !one.is(&one.reveal()[1..])
        );
        assert!(!format!("{one:?}").contains(one.reveal()));
    }

    #[test]
    fn a_secret_of_a_user_is_long_and_fits_into_an_address() {
        let long = "k".repeat(MIN_CHARACTERS);
        assert!(Secret::from_text(&format!(" {long}\n")).unwrap().is(&long));
        for wrong in [&long[1..], &format!("{long} {long}"), &format!("{long}&x")] {
            assert!(Secret::from_text(wrong).is_none(), "{wrong}");
        }
    }
}
