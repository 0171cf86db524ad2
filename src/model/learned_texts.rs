//! Names the texts that a model learned by hashes, so that figures on them are known to be too
//! good.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// The rows that a model learned, as hashes: of the words of each text, and of the names of their
/// groups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct LearnedTexts {
    /// Hashes of texts, as [`content_hash`](crate::near_duplicates::content_hash) gives them.
    pub texts: BTreeSet<u64>,
    /// Hashes of the names of their groups.
    pub groups: BTreeSet<u64>,
}

/// Hexadecimal digits of a hash.
const DIGITS: usize = 16;

impl LearnedTexts {
    /// Most texts that a model names: the header of its file holds them.
    pub const MAX_TEXTS: usize = 20_000;
}

/// The hashes as they stand in a header: 16 hexadecimal digits each, one after the other.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Written {
    texts: String,
    groups: String,
}

impl From<LearnedTexts> for Written {
    fn from(learned: LearnedTexts) -> Self {
        let written = |hashes: &BTreeSet<u64>| hashes.iter().map(|hash| format!("{hash:016x}")).collect();
        Written { texts: written(&learned.texts), groups: written(&learned.groups) }
    }
}

impl TryFrom<Written> for LearnedTexts {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        Ok(LearnedTexts { texts: hashes(&written.texts)?, groups: hashes(&written.groups)? })
    }
}

fn hashes(written: &str) -> Result<BTreeSet<u64>, String> {
    let hash = |digits: &[u8]| {
        let digits = std::str::from_utf8(digits).ok().filter(|digits| digits.len() == DIGITS);
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let digits = digits.filter(|digits| digits.bytes().all(is_digit));
        digits.and_then(|digits| u64::from_str_radix(digits, 16).ok())
    };
    let found: Option<BTreeSet<u64>> = written.as_bytes().chunks(DIGITS).map(hash).collect();
    found.ok_or_else(|| format!("expected hashes of {DIGITS} hexadecimal digits each"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_read_as_they_were_written() {
        let learned = LearnedTexts { texts: [0, 7, u64::MAX].into(), groups: BTreeSet::new() };
        let json = serde_json::to_string(&learned).unwrap();
        assert_eq!(json, r#"{"texts":"00000000000000000000000000000007ffffffffffffffff","groups":""}"#);
        assert_eq!(serde_json::from_str::<LearnedTexts>(&json).unwrap(), learned);
        for wrong in ["0", "000000000000000G", "+000000000000001", "éééééééé", "00000000000000001"] {
            let json = format!(r#"{{"texts":"{wrong}","groups":""}}"#);
            assert!(serde_json::from_str::<LearnedTexts>(&json).is_err(), "{wrong}");
        }
    }
}
