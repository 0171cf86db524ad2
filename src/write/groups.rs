//! Writes a table of groups: one row per group.

use std::collections::HashSet;
use std::io::{self, Write};

use crate::error::{Error, Result};
use crate::label::LabelSet;
use crate::statistics::Estimate;
use crate::tabulate::{GroupKey, Groups, NO_VALUE};
use crate::write::published_groups::PublishedGroups;
use crate::write::table_file::{TableOptions, write_table};
use crate::write::{Cell, CellType};

/// The names of the table's columns: the keys, `documents`, `stories`, the share of each label,
/// `abstained` and `slant`, each figure with its `_low` and `_high`. Where duplicates are marked,
/// the shares of stories follow: `stories_share_` of each label and `stories_abstained`.
///
/// # Errors
/// A name that occurs twice, because a key's column or a label is named like a column of the table.
/// Call this before a run.
pub fn group_columns(keys: &[GroupKey], labels: &LabelSet) -> Result<Vec<String>> {
    let mut columns: Vec<String> = keys.iter().map(GroupKey::to_string).collect();
    columns.extend(["documents", "stories"].map(str::to_owned));
    let shares = labels.names().iter().map(|label| format!("share_{label}"));
    for name in shares.chain(["abstained".to_owned(), "slant".to_owned()]) {
        let ends = ["low", "high"].map(|end| format!("{name}_{end}"));
        columns.push(name);
        columns.extend(ends);
    }
    let of_stories = story_columns(labels);
    let mut seen = HashSet::new();
    match columns.iter().chain(&of_stories).find(|name| !seen.insert(name.as_str())) {
        None => Ok(columns),
        Some(twice) => Err(Error::invalid_parameter("by", format!("`{twice}` twice"), "each column once")
            .with_message(format!("the table of groups would have two columns `{twice}`"))
            .with_hint("rename the input's column or the label that is named so")),
    }
}

/// The names of the columns with shares of stories.
fn story_columns(labels: &LabelSet) -> Vec<String> {
    let shares = labels.names().iter().map(|label| format!("share_{label}"));
    let names = shares.chain(["abstained".to_owned()]).map(|name| format!("stories_{name}"));
    names.flat_map(|name| [name.clone(), format!("{name}_low"), format!("{name}_high")]).collect()
}

/// Writes the groups in the order of their values' bytes; what is undefined is empty. In a table
/// for people, the group without a value is named [`NO_VALUE`]. A table to publish has fewer
/// columns, each figure with its interval in one cell.
///
/// For CSV with `excel` a byte order mark comes first, and texts from the input are kept from being
/// formulas, as in [`CsvStyle`](crate::write::CsvStyle).
///
/// # Errors
/// The system's error if writing fails, or that of [`group_columns`].
pub fn write_groups(
    out: &mut impl Write,
    labels: &LabelSet,
    groups: &Groups,
    options: TableOptions,
) -> io::Result<()> {
    let mut names = group_columns(groups.keys(), labels).map_err(io::Error::other)?;
    if options.format.is_text_for_people() {
        let table = PublishedGroups::new(labels, groups, options.shown_digits());
        return write_table(out, &table.columns(), table.rows(), options);
    }
    let has_stories = groups.has_stories();
    if has_stories {
        names.extend(story_columns(labels));
    }
    let keys = groups.keys().len();
    let cell_type = |place: usize| match place.checked_sub(keys) {
        None => CellType::Text,
        // `documents` and `stories`.
        Some(0 | 1) => CellType::Whole,
        Some(_) => CellType::Real,
    };
    let columns: Vec<(String, CellType)> =
        names.into_iter().enumerate().map(|(place, name)| (name, cell_type(place))).collect();
    let names_none = options.format.is_for_people();
    let rows = groups.iter().map(|group| {
        let values = group.values.iter().map(String::as_str);
        let named = values.map(|value| if names_none && value.is_empty() { NO_VALUE } else { value });
        let mut row: Vec<Cell<'_>> = named.map(Cell::from).collect();
        row.push(group.documents.into());
        row.push(group.stories.into());
        for share in group.labels.iter().chain([&group.abstained]) {
            row.extend(cells(Some(*share)));
        }
        row.extend(cells(group.slant));
        if has_stories {
            let of_stories = group.of_stories.as_ref();
            let shares = (0..labels.len()).map(|class| of_stories?.labels.get(class).copied());
            let shares = shares.chain([of_stories.map(|of| of.abstained)]);
            shares.for_each(|share| row.extend(cells(share)));
        }
        row
    });
    write_table(out, &columns, rows, options)
}

/// A figure and the ends of its interval.
fn cells(estimate: Option<Estimate>) -> [Cell<'static>; 3] {
    let interval = estimate.and_then(|estimate| estimate.interval);
    [
        estimate.map(|estimate| estimate.value),
        interval.map(|interval| interval.low),
        interval.map(|interval| interval.high),
    ]
    .map(Cell::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classifier::verdict::{Decision, Reason};
    use crate::label::ClassId;
    use crate::write::TableFormat;

    fn labels() -> LabelSet {
        LabelSet::new(["con", "pro"]).unwrap()
    }

    fn groups(duplicates_marked: bool) -> Groups {
        let keys = GroupKey::parse_list("source,date:month").unwrap();
        let mut groups = Groups::new(keys, 2, duplicates_marked).unwrap();
        let pro = Decision::Label(ClassId::new(1));
        let values = [Some("=b"), Some("2024-05-17")];
        groups.add(&values, pro, Some(-0.25), true).unwrap();
        groups.add(&values, pro, Some(-0.75), true).unwrap();
        groups.add(&[Some("a, \"x\""), None], Decision::Abstain(Reason::TooShort), None, false).unwrap();
        groups
    }

    #[test]
    fn the_group_without_a_value_is_named_for_people_and_empty_for_programs() {
        let written = |format| {
            let mut out = Vec::new();
            let options = TableOptions { format, excel: false, digits: None };
            write_groups(&mut out, &labels(), &groups(false), options).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert!(written(TableFormat::Published(crate::write::RowFormat::Markdown)).contains("| (none) |"));
        assert!(!written(TableFormat::Csv).contains(NO_VALUE));
    }

    fn written(groups: &Groups, excel: bool) -> String {
        let mut out = Vec::new();
        let options = TableOptions { format: TableFormat::Csv, excel, digits: None };
        write_groups(&mut out, &labels(), groups, options).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_table_has_one_row_a_group() {
        // Wilson: 0 and 2 of 2; Student: -0.5 -+ 12.7062 x sqrt(0.125 / 2), cut at -1 and 1.
        assert_eq!(
            written(&groups(true), false),
            "source,date:month,documents,stories,share_con,share_con_low,share_con_high,\
             share_pro,share_pro_low,share_pro_high,abstained,abstained_low,abstained_high,slant,slant_low,slant_high,\
             stories_share_con,stories_share_con_low,stories_share_con_high,\
             stories_share_pro,stories_share_pro_low,stories_share_pro_high,\
             stories_abstained,stories_abstained_low,stories_abstained_high\n\
             =b,2024-05,2,2,0,0,0.6576197724933469,1,0.34238022750665303,1,0,0,0.6576197724933469,\
             -0.5,-1,1,0,0,0.6576197724933469,1,0.34238022750665303,1,0,0,0.6576197724933469\n\
             \"a, \"\"x\"\"\",,1,0,0,,,0,,,1,,,,,,,,,,,,,,\n"
        );
    }

    #[test]
    fn stories_are_empty_where_duplicates_were_not_marked() {
        let text = written(&groups(false), false);
        assert!(text.contains("\n=b,2024-05,2,,0,"), "{text}");
        assert!(text.contains("\n\"a, \"\"x\"\"\",,1,,0,0,0.79"), "{text}");
    }

    #[test]
    fn a_spreadsheet_gets_a_mark_and_no_formulas() {
        let text = written(&groups(true), true);
        assert!(text.starts_with("\u{feff}source,"));
        assert!(text.contains("\n'=b,2024-05,"));
        assert!(text.contains(",-0.5,-1,1"), "numbers stay numbers: {text}");
        let mut named = Groups::new(GroupKey::parse_list("@at").unwrap(), 2, false).unwrap();
        named.add(&[Some("-x")], Decision::Abstain(Reason::TooShort), None, true).unwrap();
        let text = written(&named, true);
        assert!(text.starts_with("\u{feff}'@at,") && text.contains("\n'-x,"), "{text}");
    }

    #[test]
    fn two_columns_of_one_name_are_refused() {
        let columns = |keys, names: [&str; 2]| {
            group_columns(&GroupKey::parse_list(keys).unwrap(), &LabelSet::new(names).unwrap())
        };
        assert_eq!(columns("source", ["a", "b"]).unwrap().len(), 15);
        for error in [columns("slant", ["a", "b"]), columns("source", ["a", "a_low"])] {
            assert!(error.unwrap_err().to_string().contains("two columns"));
        }
    }

    #[test]
    fn a_table_without_groups_is_its_header() {
        let empty = Groups::new(GroupKey::parse_list("source").unwrap(), 2, true).unwrap();
        assert_eq!(written(&empty, false).lines().count(), 1);
    }
}
