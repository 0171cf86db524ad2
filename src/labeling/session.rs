//! Keeps what a coder chose, from one opening of a work folder to the next.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a work folder remembers beside decisions and models; the file `session.toml`. Whoever
/// writes it by hand may leave anything out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Session {
    /// Who decides.
    pub coder: String,
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
    /// The keys that the coder chose, by label, or by action behind a colon: `:skip`. In TOML a
    /// table comes last.
    pub keys: BTreeMap<String, String>,
}

impl Default for Session {
    fn default() -> Self {
        Session {
            coder: "coder".to_owned(),
            keys_on: true,
            labels: Vec::new(),
            every: 25,
            seed: 1,
            inputs: Vec::new(),
            keys: BTreeMap::new(),
        }
    }
}

/// A label or an action with its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NamedKey {
    /// The label or the action.
    pub name: String,
    /// The key, such as `1`; empty if it has none.
    pub key: String,
}

/// The actions that are not labels, with the keys that they have as long as nothing else was given
/// one of them.
const ACTION_KEYS: [(&str, char); 9] = [
    ("skip", 's'),
    ("unsure", 'q'),
    ("none", '0'),
    ("note", 'n'),
    ("flag", 'f'),
    ("undo", 'u'),
    ("change", 'c'),
    ("guideline", 'g'),
    ("help", '?'),
];

/// The keys of labels in their order: those that no action has.
const LABEL_KEYS: &str = "123456789abdehijklmoprtvwxyz";

impl Session {
    /// The labels to choose from, each with its key: those of the session, or else of the model. A
    /// label has the key that was chosen for it, else that of its number in their order, else the
    /// next one that is free.
    pub fn label_keys(&self, of_model: &[String]) -> Vec<NamedKey> {
        let names = if self.labels.is_empty() { of_model } else { &self.labels };
        let mut spare = LABEL_KEYS.chars().skip(names.len()).filter(|key| !self.is_chosen(*key));
        let by_number = LABEL_KEYS.chars().map(Some).chain(std::iter::repeat(None));
        let key = |(name, own): (&String, Option<char>)| {
            let dealt = || own.filter(|key| !self.is_chosen(*key)).or_else(|| spare.next());
            self.named_key(name, name, dealt)
        };
        names.iter().zip(by_number).map(key).collect()
    }

    /// The actions that are not labels, each with its key.
    pub fn action_keys(&self) -> Vec<NamedKey> {
        let keys = ACTION_KEYS.iter().map(|&(name, key)| {
            let usual = || Some(key).filter(|key| !self.is_chosen(*key));
            self.named_key(name, &format!(":{name}"), usual)
        });
        keys.collect()
    }

    fn named_key(&self, name: &str, saved_as: &str, or: impl FnOnce() -> Option<char>) -> NamedKey {
        let chosen = self.keys.get(saved_as).cloned();
        let key = chosen.or_else(|| or().map(String::from)).unwrap_or_default();
        NamedKey { name: name.to_owned(), key }
    }

    /// Whether a key was chosen for something.
    fn is_chosen(&self, key: char) -> bool {
        self.keys.values().any(|chosen| chosen.chars().eq([key]))
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
        assert_eq!(keys, ["1", "x", "3", "4", "5", "6", "7", "8", "9", "a", "b"]);
        assert!(session.keys_on && session.coder == "coder");
        let own = Session { labels: vec!["left".to_owned()], ..session };
        assert_eq!(own.label_keys(&of_model), [NamedKey { name: "left".to_owned(), key: "1".to_owned() }]);
    }

    #[test]
    fn no_key_does_two_things_and_what_has_none_left_has_none() {
        let keys = [("b", "1"), (":undo", "a"), ("gone", "2"), ("c", "s")];
        let keys = keys.map(|(name, key)| (name.to_owned(), key.to_owned()));
        let session = Session { keys: keys.into(), ..Session::default() };
        let of_model: Vec<String> = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        let of_labels = session.label_keys(&of_model).into_iter().map(|label| label.key).collect::<Vec<_>>();
        // The key of the first was given to the second, and `s` to the third.
        assert_eq!(of_labels, ["5", "1", "s", "4"]);
        let of =
            |name: &str| session.action_keys().into_iter().find(|action| action.name == name).unwrap().key;
        assert_eq!((of("undo"), of("skip"), of("flag")), ("a".to_owned(), String::new(), "f".to_owned()));
        let many: Vec<String> = (0..40).map(|number| number.to_string()).collect();
        let dealt = Session::default().label_keys(&many);
        let mut dealt: Vec<String> =
            dealt.into_iter().map(|label| label.key).filter(|key| !key.is_empty()).collect();
        dealt.extend(Session::default().action_keys().into_iter().map(|action| action.key));
        let distinct: std::collections::BTreeSet<&String> = dealt.iter().collect();
        assert_eq!((dealt.len(), distinct.len()), (28 + 9, 28 + 9));
    }
}
