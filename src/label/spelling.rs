//! Recognizes one label in several spellings, and decides what becomes of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, Message, Position, Result, counted};
use crate::label::key::{is_invisible, spelling_key};
use crate::label::lists::{held_labels, labels_in_lists};
use crate::label::missing::{is_missing_code, looks_missing};
use crate::label::mistyped::is_slip;
use crate::named::named;

/// How to treat labels that differ only in spelling: in case, blanks, marks, look-alike letters,
/// the form of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelVariants {
    /// They become one label: the spelling that most rows have; ties go to the first by its bytes.
    Merge,
    /// They stay labels of their own.
    Keep,
}

named!(LabelVariants { Merge: "merge", Keep: "keep" });

/// The labels of some rows as they are written, with the places of the first rows that have them.
#[derive(Clone, Debug, Default)]
pub struct LabelSpellings {
    found: BTreeMap<String, Spelling>,
}

#[derive(Clone, Debug, Default)]
struct Spelling {
    rows: usize,
    places: Vec<Position>,
}

impl LabelSpellings {
    /// Places that are named of one spelling.
    const MAX_PLACES: usize = 3;
    /// Cells of several labels that are named.
    const MAX_CELLS: usize = 5;
    /// Rows that a label has before a label like it, of a single row, counts as mistyped.
    const MIN_ROWS_OF_MEANT: usize = 5;

    /// Counts the label of a row.
    pub fn add(&mut self, label: &str, place: impl FnOnce() -> Position) {
        if !self.found.contains_key(label) {
            self.found.insert(label.to_owned(), Spelling::default());
        }
        if let Some(spelling) = self.found.get_mut(label) {
            spelling.rows += 1;
            if spelling.places.len() < Self::MAX_PLACES {
                spelling.places.push(place());
            }
        }
    }

    /// What becomes of the labels: for each that is to be replaced, the spelling of most rows.
    /// `missing` are the values that say that a label is missing.
    ///
    /// # Errors
    /// Labels that `variants` should settle, and, unless all are kept, labels that look mistyped or
    /// missing.
    pub fn settle(
        &self,
        variants: Option<LabelVariants>,
        missing: &[String],
    ) -> Result<BTreeMap<String, String>> {
        match variants {
            Some(LabelVariants::Keep) => Ok(BTreeMap::new()),
            Some(LabelVariants::Merge) => {
                self.check_missing(missing)?;
                self.check_slips()?;
                Ok(self.merged())
            }
            None => {
                self.check_missing(missing)?;
                self.check()?;
                Ok(BTreeMap::new())
            }
        }
    }

    /// Checks that no two labels are one in two spellings, that none looks like a slip of the pen,
    /// and that no cell holds several labels.
    ///
    /// # Errors
    /// Labels that are: each spelling with the number of its rows and where the first of them
    /// stand.
    pub fn check(&self) -> Result<()> {
        let variants: Vec<String> = self.variants().values().map(|names| self.describe(names)).collect();
        if !variants.is_empty() {
            let message = format!("labels differ only in spelling: {}.", variants.join("; "));
            return Err(Error::data(message).with_hint(Message::naming(
                "If they are one label, give `label_variants=merge`; if not, `label_variants=keep`",
            )));
        }
        self.check_slips()?;
        self.check_one_label_per_cell()
    }

    fn check_one_label_per_cell(&self) -> Result<()> {
        let several = self.cells_of_several();
        let Some(first) = several.first() else { return Ok(()) };
        let more = match several.len().saturating_sub(Self::MAX_CELLS) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let message = format!(
            "cells contain several labels: {}{more}; expected one label per row.",
            self.describe_first(&several)
        );
        Err(Error::data(message).with_hint(
            Message::from("Leave such rows out with ")
                .then(Message::setting("ignore_label", format!("`{first}`")))
                .then(", or write one label per row; ")
                .then(Message::naming("`label_variants=keep` treats each combination as a label")),
        ))
    }

    /// The cells that hold several labels, in the order of their bytes.
    pub fn cells_of_several(&self) -> Vec<&String> {
        let mut labels: BTreeSet<String> = self.found.keys().map(|label| spelling_key(label)).collect();
        labels.append(&mut labels_in_lists(self.found.keys()));
        let holds_several =
            |cell: &&String| held_labels(cell, |part| labels.contains(&spelling_key(part))).is_some();
        self.found.keys().filter(holds_several).collect()
    }

    /// Checks that no label looks like one of the values that say that a label is missing.
    ///
    /// # Errors
    /// Labels that do, with their places.
    pub fn check_missing(&self, missing: &[String]) -> Result<()> {
        let has_word = |label: &String| label.chars().any(char::is_alphabetic);
        let is_code = |label: &String| !missing.is_empty() && is_missing_code(label);
        let mut others = self.found.keys().filter(|label| !is_code(label)).peekable();
        let are_words = others.peek().is_some() && others.all(has_word);
        let doubtful: Vec<&String> = self
            .found
            .keys()
            .filter(|label| looks_missing(label, missing) || (are_words && is_code(label)))
            .collect();
        let Some(first) = doubtful.first() else { return Ok(()) };
        let message = format!("labels look like missing values: {}.", self.describe_first(&doubtful));
        Err(Error::data(message).with_hint(
            Message::from("If they are missing, leave the rows out with ")
                .then(Message::setting("ignored_labels", format!("`{first}`")))
                .then(", or name them in ")
                .then(Message::naming("`missing`; if they are labels, give `label_variants=keep`")),
        ))
    }

    /// Checks that no label of a single row looks like another label that was mistyped.
    ///
    /// # Errors
    /// Labels that do, with their places.
    pub fn check_slips(&self) -> Result<()> {
        let slips: Vec<String> = self
            .found
            .iter()
            .filter(|(_, spelling)| spelling.rows == 1)
            .filter_map(|(name, _)| {
                let (meant, spelling) = self
                    .found
                    .iter()
                    .find(|(other, of)| of.rows >= Self::MIN_ROWS_OF_MEANT && is_slip(name, other))?;
                let found = self.describe(std::slice::from_ref(&name));
                Some(format!("{found}, for `{}` ({} rows)", shown(meant), spelling.rows))
            })
            .take(Self::MAX_CELLS)
            .collect();
        if slips.is_empty() {
            return Ok(());
        }
        let message = format!("labels of one row look mistyped: {}.", slips.join("; "));
        Err(Error::data(message).with_hint(Message::naming(
            "Correct them, leave the rows out with `ignore_label`, or give `label_variants=keep` if they are \
             different labels",
        )))
    }

    /// For each label in several spellings, the spelling that most rows have.
    pub fn merged(&self) -> BTreeMap<String, String> {
        let mut merged = BTreeMap::new();
        for names in self.variants().values() {
            let rows = |name: &&&String| self.found.get(name.as_str()).map_or(0, |spelling| spelling.rows);
            let Some(most) = names.iter().rev().max_by_key(rows) else { continue };
            merged.extend(names.iter().map(|name| ((*name).clone(), (*most).clone())));
        }
        merged
    }

    /// The spellings of each label that has more than one.
    fn variants(&self) -> BTreeMap<String, Vec<&String>> {
        let mut by_key: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        for name in self.found.keys() {
            by_key.entry(spelling_key(name)).or_default().push(name);
        }
        by_key.retain(|_, names| names.len() > 1);
        by_key
    }

    /// The first few labels, each with its rows and where the first of them stand.
    fn describe_first(&self, labels: &[&String]) -> String {
        let few = labels.iter().take(Self::MAX_CELLS);
        few.map(|label| self.describe(std::slice::from_ref(label))).collect::<Vec<_>>().join("; ")
    }

    /// Spellings with their rows, and where the first stand.
    fn describe(&self, names: &[&String]) -> String {
        let spelling = |name: &&String| self.found.get(name.as_str()).map(|spelling| (shown(name), spelling));
        let found: Vec<(String, &Spelling)> = names.iter().filter_map(spelling).collect();
        let counts: Vec<String> = found
            .iter()
            .map(|(name, spelling)| format!("`{name}` ({})", counted(spelling.rows, "row")))
            .collect();
        let places = |(_, spelling): &(String, &Spelling)| {
            spelling.places.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
        };
        let places: Vec<String> = found.iter().map(places).filter(|places| !places.is_empty()).collect();
        let at = if places.is_empty() { String::new() } else { format!(", at {}", places.join("; ")) };
        format!("{}{at}", counts.join(" and "))
    }
}

/// A label with its invisible characters and unusual blanks written out.
fn shown(label: &str) -> String {
    let is_hidden = |c: char| is_invisible(c) || c.is_control() || (c.is_whitespace() && c != ' ');
    label.chars().map(|c| if is_hidden(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_of_one_row_that_looks_mistyped_is_asked_about() {
        let check = |counts: &[(&str, usize)]| {
            let mut spellings = LabelSpellings::default();
            for (label, rows) in counts {
                (0..*rows).for_each(|_| spellings.add(label, Position::default));
            }
            spellings.check()
        };
        for slip in ["AGAINTS", "AGANST", "AGAIINST", "agbinst"] {
            let found = check(&[("AGAINST", 5), ("FAVOR", 5), (slip, 1)]).unwrap_err().to_string();
            assert!(
                found.contains(&format!("`{slip}` (1 row), at input, for `AGAINST` (5 rows)")),
                "{found}"
            );
        }
        // Two rows are no slip, few rows no label to mistake, and short labels and numbers differ
        // by one letter.
        check(&[("AGAINST", 5), ("AGAINTS", 2)]).unwrap();
        check(&[("AGAINST", 4), ("AGAINTS", 1)]).unwrap();
        check(&[("left", 9), ("lift", 1), ("topic 1", 9), ("topic 2", 1)]).unwrap();
    }

    fn spelled(labels: &[&str]) -> LabelSpellings {
        let mut spellings = LabelSpellings::default();
        labels.iter().for_each(|label| spellings.add(label, Position::default));
        spellings
    }

    #[test]
    fn spellings_are_refused_merged_or_kept() {
        let spellings = spelled(&["pro", "Pro", "pro", "con"]);
        assert!(spellings.settle(None, &[]).unwrap_err().to_string().contains("differ only in spelling"));
        let merged = spellings.settle(Some(LabelVariants::Merge), &[]).unwrap();
        assert_eq!([merged["Pro"].as_str(), merged["pro"].as_str()], ["pro", "pro"]);
        assert!(spellings.settle(Some(LabelVariants::Keep), &[]).unwrap().is_empty());
        // Merging spellings settles nothing about labels that look mistyped.
        let slip = spelled(&["against", "against", "against", "against", "against", "agianst"]);
        for variants in [None, Some(LabelVariants::Merge)] {
            assert!(slip.settle(variants, &[]).unwrap_err().to_string().contains("look mistyped"));
        }
        assert!(slip.settle(Some(LabelVariants::Keep), &[]).unwrap().is_empty());
    }

    #[test]
    fn labels_that_never_stand_alone_are_found_in_lists() {
        for cells in [
            &["tax;trade", "trade;farm", "tax;farm"][..],
            &["tax | trade", "farm | trade", "tax | farm", "tax | farm | trade"],
            &["tax, trade", "farm, tax", "farm, trade"],
            &["{'tax', 'trade'}", "('farm', 'tax')"],
        ] {
            assert_eq!(spelled(cells).cells_of_several().len(), cells.len(), "{cells:?}");
        }
        for cells in [
            &["pro, strong", "pro, weak", "anti, strong", "anti, weak"][..],
            &["health, public", "health, private", "school"],
            &["trade/tariffs", "law & order", "us-russia"],
            &["tax;trade", "farm"],
        ] {
            assert_eq!(spelled(cells).cells_of_several(), Vec::<&String>::new(), "{cells:?}");
        }
    }

    #[test]
    fn numbers_for_missing_values_are_asked_about_beside_words() {
        let missing = ["NA".to_owned()];
        let check = |labels: &[&str]| spelled(labels).check_missing(&missing);
        for code in ["-9", "-99", "99", "999", "-9999", "-99.0", " 99 "] {
            let said = check(&["for", "against", code]).unwrap_err().to_string();
            assert!(said.contains(&format!("`{code}` (1 row)")), "{said}");
        }
        for labels in
            [&["for", "9"][..], &["for", "98"], &["1", "2", "99"], &["-1", "0", "1", "-9"], &["for", "99ers"]]
        {
            check(labels).unwrap();
        }
        check(&["for", "99", "1"]).unwrap();
        check(&["99", "999"]).unwrap();
        spelled(&["for", "99"]).check_missing(&[]).unwrap();
    }

    #[test]
    fn the_error_names_spellings_rows_and_places() {
        let mut spellings = LabelSpellings::default();
        for (line, label) in (2..).zip(["for", "For", "for", "f\u{200b}or", "no"]) {
            spellings.add(label, || Position { path: Some("a.csv".into()), record: None, line: Some(line) });
        }
        let message = spellings.check().unwrap_err().to_string();
        assert!(message.contains("`For` (1 row) and `for` (2 rows) and `f\\u{200b}or` (1 row)"), "{message}");
        assert!(
            message.contains("a.csv, line 3; a.csv, line 2 and a.csv, line 4; a.csv, line 5"),
            "{message}"
        );
        assert!(message.contains("`label_variants` merge"), "{message}");
        let merged = spellings.merged();
        assert_eq!(merged.get("For").map(String::as_str), Some("for"));
        assert_eq!(merged.get("no"), None);
    }
}
