//! Names the columns that a work folder of labels adds to its table, and finds them in the exported
//! one.

use std::collections::HashSet;

/// The columns that every table gets.
pub(crate) const ADDED: [&str; 10] =
    ["label", "decision", "coder", "time", "note", "flag", "blind_label", "seen", "model_label", "sample"];
/// Those that it gets where texts are cut into passages.
pub(crate) const OF_PASSAGES: [&str; 2] = ["paragraph", "passage"];
/// The id of the text, where the input has no column with it.
pub(crate) const ARTICLE: &str = "article";

/// What stands before the names of all added columns where one of them is taken.
const PREFIX: &str = "coded_";

/// What is to stand before the names of added columns so that the input has none of them: nothing,
/// or the prefix, once or more often.
#[cfg(feature = "train")]
pub(crate) fn free_prefix(added: &[&str], taken: &[String]) -> String {
    let mut prefix = String::new();
    while added.iter().any(|name| taken.contains(&format!("{prefix}{name}"))) {
        prefix.push_str(PREFIX);
    }
    prefix
}

/// The added columns of a header in which they stand with a prefix.
pub(crate) struct Prefixed<'h> {
    prefix: &'h str,
    names: HashSet<&'h str>,
}

impl<'h> Prefixed<'h> {
    /// `None` for any other header. Where a table was exported from an exported one, the longest
    /// prefix is that of the last export.
    pub(crate) fn find(header: &'h [String]) -> Option<Self> {
        let names: HashSet<&str> = header.iter().map(String::as_str).collect();
        let is_prefix = |prefix: &&str| !prefix.is_empty() && prefix.split(PREFIX).all(str::is_empty);
        let is_of_all =
            |prefix: &&str| ADDED.iter().all(|name| names.contains(format!("{prefix}{name}").as_str()));
        let prefixes = names.iter().filter_map(|name| name.strip_suffix("decision"));
        let prefix = prefixes.filter(is_prefix).filter(is_of_all).max_by_key(|prefix| prefix.len())?;
        Some(Prefixed { prefix, names })
    }

    /// The name in the header of an added column; `None` for a column that was not added.
    pub(crate) fn name(&self, column: &str) -> Option<&'h str> {
        let mut added = ADDED.iter().chain(&OF_PASSAGES).chain(std::iter::once(&ARTICLE));
        added.find(|name| **name == column)?;
        self.names.get(format!("{}{column}", self.prefix).as_str()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    #[cfg(feature = "train")]
    fn added_columns_never_take_the_name_of_another() {
        assert_eq!(free_prefix(&ADDED, &owned(&["id", "text", "article"])), "");
        for taken in ["label", "sample", "seen"] {
            assert_eq!(free_prefix(&ADDED, &owned(&["id", taken])), "coded_", "{taken}");
        }
        assert_eq!(free_prefix(&ADDED, &owned(&["label", "coded_sample"])), "coded_coded_");
    }

    #[test]
    fn added_columns_are_found_by_the_prefix_of_the_last_export() {
        let with = |prefix: &str| ADDED.map(|name| format!("{prefix}{name}"));
        let own = owned(&["id", "text", "article"]);
        let header =
            |prefixes: &[&str]| [own.clone(), prefixes.iter().flat_map(|of| with(of)).collect()].concat();
        assert!(Prefixed::find(&header(&[""])).is_none());
        assert!(Prefixed::find(&header(&["my_"])).is_none());
        assert!(Prefixed::find(&owned(&["text", "coded_decision", "coded_label"])).is_none());
        let once = header(&["", "coded_"]);
        let found = Prefixed::find(&once).unwrap();
        assert_eq!(found.name("label"), Some("coded_label"));
        assert_eq!((found.name("article"), found.name("text")), (None, None), "the input's own");
        let twice = header(&["", "coded_", "coded_coded_"]);
        assert_eq!(Prefixed::find(&twice).unwrap().name("sample"), Some("coded_coded_sample"));
    }
}
