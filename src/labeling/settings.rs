//! Checks what a coder wants to change of a session, and changes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use serde::Deserialize;

use crate::error::{Error, Result, list};
use crate::labeling::session::Session;
use crate::labeling::workspace::Workspace;

/// The most keys, and the most labels.
const MAX_ENTRIES: usize = 200;
/// The most characters of a name.
const MAX_NAME: usize = 200;
/// The most characters of a key, which may have a name of its own.
const MAX_KEY: usize = 20;
/// The most labels between two trainings.
const MAX_EVERY: u64 = 10_000;

/// What a coder changes of a [`Session`]; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct SettingsChange {
    /// Who decides.
    pub coder: Option<String>,
    /// All keys that the coder chose.
    pub keys: Option<BTreeMap<String, String>>,
    /// Whether keys do anything.
    pub keys_on: Option<bool>,
    /// New labels after which a model is trained.
    pub every: Option<u64>,
    /// Labels to choose from; none for those of the model.
    pub labels: Option<Vec<String>>,
}

impl SettingsChange {
    /// Checks the values.
    ///
    /// # Errors
    /// The field that has an unusable value, as a parameter.
    pub fn check(&self) -> Result<()> {
        self.coder.as_deref().map_or(Ok(()), check_coder)?;
        self.keys.as_ref().map_or(Ok(()), check_keys)?;
        self.labels.as_deref().map_or(Ok(()), check_labels)?;
        match self.every {
            Some(every) if every > MAX_EVERY => {
                Err(invalid("every", every, &format!("at most {MAX_EVERY} labels between two trainings")))
            }
            _ => Ok(()),
        }
    }

    fn apply_to(self, mut session: Session) -> Session {
        session.coder = self.coder.map_or(session.coder, |coder| coder.trim().to_owned());
        session.keys = self.keys.unwrap_or(session.keys);
        session.keys_on = self.keys_on.unwrap_or(session.keys_on);
        session.every = self.every.unwrap_or(session.every);
        session.labels = self.labels.unwrap_or(session.labels);
        session
    }
}

impl Workspace {
    /// Changes some of what the coder chose. Writes to disk.
    ///
    /// # Errors
    /// As [`SettingsChange::check`], and a file that cannot be written.
    pub fn change_settings(&self, change: SettingsChange) -> Result<()> {
        change.check()?;
        self.set_session(change.apply_to(self.session()))
    }
}

fn check_coder(coder: &str) -> Result<()> {
    match coder.trim().is_empty() {
        true => Err(invalid("coder", "an empty name", "the name of whoever labels")),
        false => check_name("coder", coder, MAX_NAME),
    }
}

fn check_keys(keys: &BTreeMap<String, String>) -> Result<()> {
    if keys.len() > MAX_ENTRIES {
        return Err(invalid("keys", keys.len(), &format!("at most {MAX_ENTRIES}")));
    }
    keys.iter().try_for_each(|(name, key)| {
        check_name("keys", name, MAX_NAME)?;
        check_name("keys", key, MAX_KEY)
    })
}

fn check_labels(labels: &[String]) -> Result<()> {
    let mut seen = BTreeSet::new();
    for label in labels {
        check_name("labels", label, MAX_NAME)?;
        let name = label.trim();
        if name.is_empty() {
            return Err(invalid("labels", "an empty label", "a name for each label"));
        }
        if !seen.insert(name) {
            return Err(invalid("labels", format!("{} twice", list(&[name])), "labels that differ"));
        }
    }
    match labels.len() {
        1 => Err(invalid("labels", "only one label", "two or more")),
        many if many > MAX_ENTRIES => Err(invalid("labels", many, &format!("at most {MAX_ENTRIES}"))),
        _ => Ok(()),
    }
}

fn check_name(parameter: &'static str, name: &str, most: usize) -> Result<()> {
    let length = name.chars().count();
    if length > most {
        let found = format!("a name of {length} characters");
        return Err(invalid(parameter, found, &format!("at most {most}")));
    }
    match name.contains(char::is_control) {
        true => Err(invalid(parameter, "a control character", "names without them")),
        false => Ok(()),
    }
}

fn invalid(parameter: &'static str, found: impl Display, expected: &str) -> Error {
    Error::invalid_parameter(parameter, found, expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_leaves_the_rest_as_it_was_and_says_what_is_unusable() {
        let session = Session { every: 7, ..Session::default() };
        let labels = vec!["for".to_owned(), "against".to_owned()];
        let change = SettingsChange { labels: Some(labels.clone()), ..SettingsChange::default() };
        assert!(change.check().is_ok());
        assert_eq!(change.apply_to(session.clone()), Session { labels, ..session });
        let labels = |labels: &[&str]| SettingsChange {
            labels: Some(labels.iter().map(|label| (*label).to_owned()).collect()),
            ..SettingsChange::default()
        };
        let long = "x".repeat(MAX_NAME + 1);
        for (wrong, says) in [
            (labels(&["a"]), "only one label"),
            (labels(&["a", " a"]), "`a` twice"),
            (labels(&["a", " "]), "an empty label"),
            (labels(&["a", "b\n"]), "a control character"),
            (labels(&["a", &long]), "201 characters"),
            (SettingsChange { every: Some(10_001), ..SettingsChange::default() }, "10001"),
            (SettingsChange { coder: Some(" ".to_owned()), ..SettingsChange::default() }, "an empty name"),
        ] {
            let said = wrong.check().unwrap_err().to_string();
            assert!(said.contains(says), "{said}");
        }
        assert!(labels(&[]).check().is_ok(), "those of the model");
    }
}
