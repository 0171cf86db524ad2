//! Spells a byte of ASCII as its character, for parameters that are saved.

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(super) fn serialize<S: Serializer>(byte: &u8, serializer: S) -> Result<S::Ok, S::Error> {
    char::from(*byte).serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    let character = char::deserialize(deserializer)?;
    let byte = u8::try_from(character).ok().filter(u8::is_ascii);
    byte.ok_or_else(|| D::Error::invalid_value(Unexpected::Char(character), &"a character of ASCII"))
}

/// The same for a character that may be left open.
pub(super) mod optional {
    use super::*;

    #[derive(Serialize, Deserialize)]
    #[serde(transparent)]
    struct Character(#[serde(with = "super")] u8);

    pub(in super::super) fn serialize<S: Serializer>(
        byte: &Option<u8>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        byte.map(Character).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<u8>, D::Error> {
        Ok(Option::<Character>::deserialize(deserializer)?.map(|Character(byte)| byte))
    }
}
