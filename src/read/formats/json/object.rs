//! Parses an object into its values, which stay as they are written.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The values of an object by their keys, and the keys that it has more than once.
pub(super) struct Object<'a> {
    pub(super) values: BTreeMap<String, &'a RawValue>,
    pub(super) repeated: BTreeSet<String>,
}

impl<'a> Deserialize<'a> for Object<'a> {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Keys;
        impl<'a> Visitor<'a> for Keys {
            type Value = Object<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> std::result::Result<Object<'a>, M::Error> {
                let mut object = Object { values: BTreeMap::new(), repeated: BTreeSet::new() };
                while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
                    if object.values.contains_key(&key) {
                        object.repeated.insert(key.clone());
                    }
                    object.values.insert(key, value);
                }
                Ok(object)
            }
        }
        deserializer.deserialize_map(Keys)
    }
}
