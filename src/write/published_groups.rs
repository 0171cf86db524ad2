//! Lays out the table of groups for readers: a figure and its interval in one cell.

use crate::label::LabelSet;
use crate::statistics::{Estimate, Interval};
use crate::tabulate::{Group, Groups, NO_VALUE};
use crate::write::{Cell, CellType};

/// Stands where a figure is not defined.
const NONE: &str = "-";

/// The table, of the columns that the terminal shows where it has room.
pub(crate) struct PublishedGroups<'a> {
    labels: &'a LabelSet,
    groups: &'a Groups,
    digits: usize,
    /// Whether some group has a reprint: elsewhere the shares of stories are those of documents.
    has_repeats: bool,
}

impl<'a> PublishedGroups<'a> {
    /// A table whose means have so many decimals.
    pub(crate) fn new(labels: &'a LabelSet, groups: &'a Groups, digits: usize) -> Self {
        PublishedGroups { labels, groups, digits, has_repeats: groups.has_repeats() }
    }

    /// The columns: the keys, counts, the share of each label and of no label, mean slant, and the
    /// shares of stories.
    pub(crate) fn columns(&self) -> Vec<(String, CellType)> {
        let labels = || self.labels.names().iter();
        let mut columns: Vec<(String, CellType)> =
            self.groups.keys().iter().map(|key| (key.to_string(), CellType::Text)).collect();
        let mut figures = vec!["documents".to_owned()];
        figures.extend(self.groups.has_stories().then(|| "stories".to_owned()));
        figures.extend(labels().cloned());
        figures.push("abstained".to_owned());
        figures.extend(self.labels.axis().map(|_| "slant".to_owned()));
        if self.has_repeats {
            figures.extend(labels().map(|label| format!("{label}, stories")));
        }
        columns.extend(figures.into_iter().map(|name| (name, CellType::Real)));
        columns
    }

    /// The rows, in the order of the groups.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Vec<Cell<'a>>> {
        self.groups.iter().map(|group| self.row(&group))
    }

    fn row(&self, group: &Group<'a>) -> Vec<Cell<'a>> {
        let value = |value: &'a String| if value.is_empty() { NO_VALUE } else { value.as_str() };
        let mut row: Vec<Cell<'a>> = group.values.iter().map(|of| Cell::from(value(of))).collect();
        row.push(group.documents.into());
        if self.groups.has_stories() {
            row.push(group.stories.into());
        }
        let mut figures: Vec<String> =
            group.labels.iter().chain([&group.abstained]).map(|share| self.share(Some(*share))).collect();
        figures.extend(self.labels.axis().map(|_| self.mean(group.slant)));
        if self.has_repeats {
            let shares = (0..self.labels.len()).map(|class| group.of_stories.as_ref()?.labels.get(class));
            figures.extend(shares.map(|share| self.share(share.copied())));
        }
        row.extend(figures.into_iter().map(|figure| Cell::Text(figure.into())));
        row
    }

    /// `41.2% (38.0 to 44.5)`, as exact as a share with so many decimals.
    fn share(&self, share: Option<Estimate>) -> String {
        let decimals = self.digits.saturating_sub(2);
        let percent = |share: f64| format!("{:.decimals$}", 100.0 * share);
        with_interval(share, |value| format!("{}%", percent(value)), percent)
    }

    /// `-0.12 (-0.20 to -0.04)`.
    fn mean(&self, mean: Option<Estimate>) -> String {
        let signed = |mean: f64| signed(mean, self.digits);
        with_interval(mean, signed, signed)
    }
}

fn with_interval(
    estimate: Option<Estimate>,
    spell: impl Fn(f64) -> String,
    spell_end: impl Fn(f64) -> String,
) -> String {
    let Some(Estimate { value, interval }) = estimate else { return NONE.to_owned() };
    match interval {
        Some(Interval { low, high }) => {
            format!("{} ({} to {})", spell(value), spell_end(low), spell_end(high))
        }
        None => spell(value),
    }
}

/// A number with its sign, which is a plus where it is rounded to zero.
pub(crate) fn signed(number: f64, digits: usize) -> String {
    let written = format!("{number:+.digits$}");
    match written.strip_prefix('-').filter(|rest| !rest.contains(|c: char| matches!(c, '1'..='9'))) {
        Some(zero) => format!("+{zero}"),
        None => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classifier::verdict::{Decision, Reason};
    use crate::label::ClassId;
    use crate::tabulate::GroupKey;
    use crate::write::{RowFormat, TableFormat, TableOptions, write_groups};

    fn labels() -> LabelSet {
        let labels = LabelSet::new(["con", "pro"]).unwrap();
        labels.with_axis(&[("con".to_owned(), -1.0), ("pro".to_owned(), 1.0)]).unwrap()
    }

    fn written(duplicates_marked: bool, format: TableFormat, digits: Option<usize>) -> String {
        let keys = GroupKey::parse_list("source").unwrap();
        let mut groups = Groups::new(keys, 2, duplicates_marked).unwrap();
        let pro = Decision::Label(ClassId::new(1));
        for slant in [-0.25, -0.75] {
            groups.add(&[Some("a_b")], pro, Some(slant), true).unwrap();
        }
        groups.add(&[Some("a_b")], pro, Some(-0.25), false).unwrap();
        groups.add(&[None], Decision::Abstain(Reason::TooShort), None, true).unwrap();
        let mut out = Vec::new();
        write_groups(&mut out, &labels(), &groups, TableOptions { format, excel: false, digits }).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_figure_and_its_interval_share_a_cell() {
        let markdown = written(false, TableFormat::Published(RowFormat::Markdown), None);
        let lines: Vec<&str> = markdown.lines().collect();
        assert_eq!(lines[0], "| source | documents | con | pro | abstained | slant |");
        assert_eq!(lines[1], "| --- | ---: | ---: | ---: | ---: | ---: |");
        assert!(lines[2].starts_with("| (none) | 1 | 0.0% (0.0 to 79.3) |") && lines[2].ends_with(" | - |"));
        assert!(
            lines[3].starts_with("| a\\_b | 3 | 0.0% (0.0 to 56.1) | 100.0% (43.9 to 100.0) | "),
            "{markdown}"
        );
        assert!(lines[3].ends_with(" | -0.417 (-1.000 to +0.300) |"), "{markdown}");
        let latex = written(false, TableFormat::Published(RowFormat::Latex), Some(2));
        assert!(latex.contains("{lrrrrr}") && latex.contains("& 100\\% (44 to 100) &"), "{latex}");
        let html = written(false, TableFormat::Published(RowFormat::Html), Some(2));
        assert!(html.contains("<td style=\"text-align:right\">100% (44 to 100)</td>"), "{html}");
    }

    #[test]
    fn shares_of_stories_follow_where_texts_were_reprinted() {
        let text = written(true, TableFormat::Text, None);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("source  documents  stories  "), "{text}");
        assert!(lines[0].contains("  con, stories  ") && lines[0].ends_with("  pro, stories"), "{text}");
        assert!(lines[2].contains("-0.42 (-1.00 to ") && lines[2].ends_with("100% (34 to 100)"), "{text}");
        assert_eq!(lines.len(), 3, "no column is left out: {text}");
    }

    #[test]
    fn data_files_keep_every_column() {
        for format in [TableFormat::Csv, TableFormat::JsonLines] {
            let data = written(true, format, None);
            for name in ["share_pro_low", "slant_high", "stories_share_con", "stories_abstained_high"] {
                assert!(data.contains(name), "{name}: {data}");
            }
        }
    }

    #[test]
    fn what_rounds_to_zero_has_no_minus() {
        assert_eq!([-0.004, 0.004, -0.006].map(|of| signed(of, 2)), ["+0.00", "+0.00", "-0.01"]);
    }
}
