//! Recognizes one label in several spellings, and several labels in one cell.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Message, Position, Result, counted};
use crate::named::named;

/// How to treat labels that differ only in spelling: in case, blanks, invisible characters, the form of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelVariants {
    /// They become one label: the spelling that most rows have; ties go to the first by its bytes.
    Merge,
    /// They stay labels of their own.
    Keep,
}

named!(LabelVariants { Merge: "merge", Keep: "keep" });

/// What all spellings of a label have in common.
///
/// Left out are case, the width and composition of characters, invisible characters, quotation marks and brackets around the whole,
/// how words are joined (`pro-us`, `pro_us`, `pro  US`), and how a number or a truth value is written (`1`, `1.0`, `true`).
pub(crate) fn spelling_key(label: &str) -> String {
    let visible = |c: &char| !is_invisible(*c);
    let folded: String = label.nfkc().filter(visible).map(plain).collect::<String>().to_lowercase();
    let enclosing = |c: char| matches!(c, '"' | '\'' | '[' | ']' | '`') || c.is_whitespace();
    let inner = match folded.trim_matches(enclosing) {
        "" => folded.trim(),
        inner => inner,
    };
    match inner {
        "true" => "1".to_owned(),
        "false" => "0".to_owned(),
        _ => number(inner).unwrap_or_else(|| join_words(inner)),
    }
}

/// The labels that a cell holds, if it holds several: `a#b`, `a|b`, `["a", "b"]`. All parts must be labels by themselves, unless
/// the cell is a list.
pub(crate) fn held_labels(cell: &str, is_label: impl Fn(&str) -> bool) -> Option<Vec<&str>> {
    const SEPARATORS: [char; 9] = ['#', '|', ';', ',', '/', '&', '+', '\n', '\t'];
    let split = |separator: char, text| -> Vec<&str> {
        let parts = str::split(text, separator).map(|part| part.trim().trim_matches(['"', '\'']));
        parts.filter(|part| !part.is_empty()).collect()
    };
    let cell = cell.trim();
    let quoted = |inner: &&str| inner.starts_with(['"', '\'']) && inner.ends_with(['"', '\'']);
    let list = cell.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).filter(quoted);
    if let Some(parts) = list.map(|inner| split(',', inner)).filter(|parts| parts.len() > 1) {
        return Some(parts);
    }
    let parts = |separator: &char| split(*separator, cell);
    SEPARATORS.iter().map(parts).find(|parts| parts.len() > 1 && parts.iter().all(|part| is_label(part)))
}

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

    /// Checks that no two labels are one in two spellings, that none looks like a slip of the pen, and that no cell holds several
    /// labels.
    ///
    /// # Errors
    /// Labels that are: each spelling with the number of its rows and where the first of them stand.
    pub fn check(&self) -> Result<()> {
        let variants: Vec<String> = self.variants().values().map(|names| self.describe(names)).collect();
        if !variants.is_empty() {
            let message = format!("labels differ only in spelling: {}.", variants.join("; "));
            return Err(Error::data(message).with_hint(Message::naming(
                "If they are one label, give `label_variants` merge; if not, `label_variants` keep",
            )));
        }
        self.check_slips()?;
        let labels: BTreeSet<String> = self.found.keys().map(|label| spelling_key(label)).collect();
        let several: Vec<&String> = self
            .found
            .keys()
            .filter(|cell| held_labels(cell, |part| labels.contains(&spelling_key(part))).is_some())
            .collect();
        let Some(first) = several.first() else { return Ok(()) };
        let shown: Vec<String> = several
            .iter()
            .take(Self::MAX_CELLS)
            .map(|name| self.describe(std::slice::from_ref(name)))
            .collect();
        let more = match several.len().saturating_sub(Self::MAX_CELLS) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let message =
            format!("cells contain several labels: {}{more}; expected one label per row.", shown.join("; "));
        Err(Error::data(message).with_hint(
            Message::naming("Leave such rows out with `ignore_label` ")
                .then(format!("`{first}`, or write one label per row; "))
                .then(Message::naming("`label_variants` keep treats each combination as a label")),
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
        Err(Error::data(message).with_hint(
            Message::naming(
                "Correct them, leave the rows out with `ignore_label`, or give `label_variants` ",
            )
            .then("keep if they are different labels"),
        ))
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

/// Whether a label is another with one letter wrong, missing, too many or swapped with its neighbor. Short labels may be alike by
/// chance, and numbers are told apart by one digit.
fn is_slip(label: &str, meant: &str) -> bool {
    const MIN_LETTERS: usize = 5;
    const MAX_LETTERS: usize = 100;
    let keys = [label, meant].map(spelling_key);
    let [label, meant] = &keys;
    let lengths = keys.each_ref().map(|key| key.chars().count());
    let digits = |key: &str| key.chars().filter(char::is_ascii_digit).collect::<String>();
    lengths.iter().all(|length| (MIN_LETTERS..=MAX_LETTERS).contains(length))
        && {
            let [a, b] = lengths;
            a.abs_diff(b) <= 1
        }
        && digits(label) == digits(meant)
        && strsim::osa_distance(label, meant) == 1
}

/// A label with its invisible characters and unusual blanks written out.
fn shown(label: &str) -> String {
    let is_hidden = |c: char| is_invisible(c) || c.is_control() || (c.is_whitespace() && c != ' ');
    label.chars().map(|c| if is_hidden(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

/// Soft hyphens, joiners, marks of direction, variation selectors, byte order marks.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Dashes and apostrophes as a keyboard writes them.
fn plain(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' => '\'',
        '\u{201c}'..='\u{201f}' => '"',
        _ => c,
    }
}

/// A number in one form: `1` of `1.0`, `+1` and `01`.
fn number(text: &str) -> Option<String> {
    /// More digits than a float keeps apart are compared as text.
    const MAX_DIGITS: usize = 15;
    let is_plain = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
    let number: f64 = text.parse().ok().filter(|_| is_plain && text.len() <= MAX_DIGITS)?;
    // Minus zero is zero.
    Some((number + 0.0).to_string())
}

/// One blank for whatever stands between words: blanks, and hyphens and underscores between letters or digits.
fn join_words(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(words.len());
    let mut rest = words.chars().peekable();
    while let Some(c) = rest.next() {
        let is_inside =
            out.ends_with(char::is_alphanumeric) && rest.peek().is_some_and(|next| next.is_alphanumeric());
        out.push(if matches!(c, '-' | '_') && is_inside { ' ' } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_label_have_one_key() {
        for spellings in [
            &["For", "for", " FOR ", "f\u{ad}or", "\u{feff}for", "ｆｏｒ", "\"for\"", "['for']", "[\"For\"]"]
                [..],
            &["pro us", "Pro-US", "pro_us", "pro\u{a0}US", "pro\u{2011}us", "pro  us"],
            &["1", "1.0", "01", "+1", "true", "True", "TRUE", "\"1\"", "1.00"],
            &["0", "0.0", "-0", "false"],
            &["-1", "\u{2212}1", "-1.0"],
            &["caf\u{e9}", "cafe\u{301}", "CAFÉ"],
            &["don't", "don’t"],
        ] {
            let keys: BTreeSet<String> = spellings.iter().map(|label| spelling_key(label)).collect();
            assert_eq!(keys.len(), 1, "{spellings:?}: {keys:?}");
        }
    }

    #[test]
    fn labels_that_mean_different_things_have_different_keys() {
        let labels = [
            "-1", "1", "0", "+", "-", "--", "++", "A-", "A", "A+", "1.5", "15", "no", "non", "", "2", "a/b",
            "ab",
        ];
        let keys: BTreeSet<String> = labels.iter().map(|label| spelling_key(label)).collect();
        assert_eq!(keys.len(), labels.len(), "{keys:?}");
        assert_ne!(spelling_key("9007199254740993"), spelling_key("9007199254740992"));
    }

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
        // Two rows are no slip, few rows no label to mistake, and short labels and numbers differ by one letter.
        check(&[("AGAINST", 5), ("AGAINTS", 2)]).unwrap();
        check(&[("AGAINST", 4), ("AGAINTS", 1)]).unwrap();
        check(&[("left", 9), ("lift", 1), ("topic 1", 9), ("topic 2", 1)]).unwrap();
    }

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
