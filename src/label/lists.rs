//! Recognizes several labels in one cell.

use std::collections::{BTreeMap, BTreeSet};

use crate::label::key::spelling_key;

/// The labels that a cell holds, if it holds several: `a#b`, `a|b`, `["a", "b"]`. All parts must be
/// labels by themselves, unless the cell is a list.
pub(crate) fn held_labels(cell: &str, is_label: impl Fn(&str) -> bool) -> Option<Vec<&str>> {
    const SEPARATORS: [char; 9] = ['#', '|', ';', ',', '/', '&', '+', '\n', '\t'];
    const BRACKETS: [(char, char); 3] = [('[', ']'), ('{', '}'), ('(', ')')];
    let cell = cell.trim();
    let quoted = |inner: &&str| inner.starts_with(['"', '\'']) && inner.ends_with(['"', '\'']);
    let inside = |(open, close): &(char, char)| cell.strip_prefix(*open)?.strip_suffix(*close);
    let inner = BRACKETS.iter().find_map(inside);
    let list = inner.map(str::trim).filter(quoted);
    if let Some(parts) = list.map(|inner| parts(',', inner)).filter(|parts| parts.len() > 1) {
        return Some(parts);
    }
    let parts = |separator: &char| parts(*separator, inner.unwrap_or(cell));
    SEPARATORS.iter().map(parts).find(|parts| parts.len() > 1 && parts.iter().all(|part| is_label(part)))
}

/// What stands between separators, without blanks and quotation marks around it.
fn parts(separator: char, cell: &str) -> Vec<&str> {
    let parts = cell.split(separator).map(|part| part.trim().trim_matches(['"', '\'']));
    parts.filter(|part| !part.is_empty()).collect()
}

/// The labels that stand in cells of several only: what is a part of two different cells. Where
/// commas part them, one of the parts has to stand in two places, as no level of a scale does
/// (`pro, strong` and `pro, weak`).
pub(super) fn labels_in_lists<'c>(cells: impl Iterator<Item = &'c String> + Clone) -> BTreeSet<String> {
    const SEPARATORS: [char; 6] = [';', '|', '#', '\n', '\t', ','];
    let mut labels = BTreeSet::new();
    for separator in SEPARATORS {
        let mut places: BTreeMap<String, (usize, BTreeSet<usize>)> = BTreeMap::new();
        for cell in cells.clone().filter(|cell| cell.contains(separator)) {
            let parts = parts(separator, cell);
            for (place, part) in parts.iter().enumerate().filter(|_| parts.len() > 1) {
                let (cells, places) = places.entry(spelling_key(part)).or_default();
                *cells += 1;
                places.insert(place);
            }
        }
        let moves = places.values().any(|(_, places)| places.len() > 1);
        let found = places.into_iter().filter(|(_, (cells, _))| *cells > 1);
        labels.extend(found.filter(|_| moves || separator != ',').map(|(part, _)| part));
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_several_labels_are_told_from_labels_with_commas() {
        let is_label = |part: &str| ["for", "against"].contains(&part);
        for cell in [
            "for#against",
            "for|against",
            "for; against",
            "against, for",
            "for/against",
            "[\"x\", \"y\"]",
            "['x','y']",
        ] {
            assert!(held_labels(cell, is_label).is_some(), "{cell}");
        }
        for cell in ["for", "for, maybe", "[for, x]", "[\"x\"]", "", "#", "for#"] {
            assert_eq!(held_labels(cell, is_label), None, "{cell}");
        }
    }
}
