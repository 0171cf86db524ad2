//! Keeps what a coder chose, from one opening of a work folder to the next.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a work folder remembers beside decisions and models; the file `session.json`. Whoever writes it by hand may leave anything
/// out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Session {
    /// Who decides.
    pub coder: String,
    /// The key of a label, where it is not its number in the order of labels.
    pub keys: BTreeMap<String, String>,
    /// Whether keys do anything.
    pub keys_on: bool,
    /// Labels to choose from, where they are not those of the model.
    pub labels: Vec<String>,
    /// A model is trained after so many new labels; 0 for only when asked.
    pub every: u64,
    /// Decides the order of random passages, and which are in a sample.
    pub seed: u64,
    /// The paths that were opened last, as they were given.
    pub inputs: Vec<String>,
}

impl Default for Session {
    fn default() -> Self {
        Session {
            coder: "coder".to_owned(),
            keys: BTreeMap::new(),
            keys_on: true,
            labels: Vec::new(),
            every: 25,
            seed: 1,
            inputs: Vec::new(),
        }
    }
}

/// A label with the key that chooses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LabelKey {
    /// The label.
    pub name: String,
    /// The key, such as `1`; empty where there are more labels than keys.
    pub key: String,
}

impl Session {
    /// The labels to choose from, each with its key: those of the session, or else of the model.
    pub fn label_keys(&self, of_model: &[String]) -> Vec<LabelKey> {
        let names = if self.labels.is_empty() { of_model } else { &self.labels };
        let key = |(number, name): (usize, &String)| LabelKey {
            name: name.clone(),
            key: match self.keys.get(name) {
                Some(key) => key.clone(),
                None if number < 9 => (number + 1).to_string(),
                None => String::new(),
            },
        };
        names.iter().enumerate().map(key).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_have_their_number_as_key_unless_another_is_chosen() {
        let session: Session = serde_json::from_str(r#"{"keys": {"b": "x"}, "later": 1}"#).unwrap();
        let of_model: Vec<String> = (b'a'..b'l').map(|name| char::from(name).to_string()).collect();
        let keys: Vec<String> = session.label_keys(&of_model).into_iter().map(|label| label.key).collect();
        assert_eq!(keys, ["1", "x", "3", "4", "5", "6", "7", "8", "9", "", ""]);
        assert!(session.keys_on && session.coder == "coder");
        let own = Session { labels: vec!["left".to_owned()], ..session };
        assert_eq!(own.label_keys(&of_model), [LabelKey { name: "left".to_owned(), key: "1".to_owned() }]);
    }
}
