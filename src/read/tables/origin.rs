//! Tells by their own columns which rows `sample` drew from scored texts and which `suggest`
//! picked.

use std::collections::BTreeSet;

/// The columns that tell: the model whose results were sampled, and why a text was suggested.
pub(crate) const ORIGIN_COLUMNS: [&str; 2] = ["model", "why"];

/// What `suggest` writes as the reason of a text that the model is unsure of, ...
pub(crate) const UNCERTAIN: &str = "uncertain";
/// ... and before the label of a text that may have a rare one.
pub(crate) const RARE: &str = "rare:";

/// Hexadecimal digits of a model's hash in its id.
const HASH_DIGITS: usize = 12;

/// Where labeled rows come from, as far as they say so themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origin {
    /// The ids of the models whose results were sampled: `stance@0123456789ab`.
    pub models: BTreeSet<String>,
    /// The files with rows that were suggested for labeling. They are not a random sample.
    pub suggested: BTreeSet<String>,
}

impl Origin {
    /// Takes what a row of the file at `path` says in its columns `model` and `why`.
    pub(crate) fn add(&mut self, path: &str, model: Option<&str>, why: Option<&str>) {
        if let Some(model) = model.filter(|model| hash(model).is_some() && !self.models.contains(*model)) {
            self.models.insert(model.to_owned());
        }
        let is_reason = |why: &&str| *why == UNCERTAIN || why.starts_with(RARE);
        if why.filter(is_reason).is_some() && !self.suggested.contains(path) {
            self.suggested.insert(path.to_owned());
        }
    }

    /// The models that sampled results are from, without the one of this id. Names may differ,
    /// hashes may not.
    pub fn other_models<'o>(&'o self, id: &str) -> impl Iterator<Item = &'o str> {
        let own = hash(id).map(str::to_owned);
        self.models.iter().map(String::as_str).filter(move |model| hash(model) != own.as_deref())
    }
}

/// The digits behind the last `@` of a model's id.
fn hash(id: &str) -> Option<&str> {
    let (_, digits) = id.rsplit_once('@')?;
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, 'a'..='f');
    (digits.len() == HASH_DIGITS && digits.chars().all(is_digit)).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_told_apart_by_their_hashes() {
        let mut origin = Origin::default();
        for model in ["mine@0123456789ab", "Volvo V70", "a@b", "copy@0123456789ab", "old@ffffffffffff"] {
            origin.add("a.csv", Some(model), None);
        }
        assert_eq!(origin.models.len(), 3, "a column of cars says nothing: {origin:?}");
        let others = |id| origin.other_models(id).collect::<Vec<_>>();
        assert_eq!(others("mine@0123456789ab"), ["old@ffffffffffff"]);
        assert_eq!(others("renamed@0123456789ab"), ["old@ffffffffffff"]);
        assert_eq!(others("in memory").len(), 3);
    }

    #[test]
    fn suggested_rows_are_known_by_their_reason() {
        let mut origin = Origin::default();
        origin.add("a.csv", None, Some("I liked it"));
        assert!(origin.suggested.is_empty());
        origin.add("b.csv", None, Some("uncertain"));
        origin.add("c.csv", None, Some("rare:for"));
        assert_eq!(origin.suggested.iter().collect::<Vec<_>>(), ["b.csv", "c.csv"]);
    }
}
