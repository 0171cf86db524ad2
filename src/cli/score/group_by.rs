//! Defines the options of the table of groups, and writes or prints it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::cli::exit::usage;
use crate::cli::inputs::DateArgs;
use crate::cli::terminal::print_wrapped;
use crate::cli::{flags, terminal};
use crate::error::{counted, list};
use crate::read::{InputOptions, Inputs, column_names};
use crate::statistics::Estimate;
use crate::tabulate::{DateOrder, Group, GroupKey, Groups, NO_VALUE};
use crate::write::{
    OutputFile, Style, TableFormat, TableOptions, TextColumn, TextTable, bar, group_columns, write_groups,
};
use crate::{LabelSet, Result};

/// Groups that are printed: the largest.
const SHOWN: usize = 30;
/// Columns for a share in percent and the blank behind it.
const SHARE: usize = 5;
/// Columns for a bar where there is room, and where there is less; and those that the value of a
/// key is cut to at the least.
const BAR: usize = 8;
const MIN_BAR: usize = 2;
const MIN_KEY: usize = 10;
/// Labels that are never left out: the most frequent. Where there is no room, the rarest of more
/// labels is the first column to go.
const KEPT_LABELS: usize = 4;

/// What to count by.
#[derive(clap::Args)]
pub struct ByArgs {
    /// Print label shares for each value of these columns, e.g. source,date:month; dates can be cut
    /// to year, month, week or day
    #[arg(long, value_name = "COLUMN[:PERIOD]")]
    by: Option<String>,
    /// Write all groups to this file instead, with 95 % intervals, in the format of its extension:
    /// .md, .html, .tex or .txt for a table to publish; .csv, .tsv, .json, .jsonl or .xlsx for all
    /// figures
    #[arg(long, value_name = "FILE", requires = "by")]
    by_output: Option<PathBuf>,
    #[command(flatten)]
    date_format: DateArgs,
}

impl ByArgs {
    /// The keys, if there are any, checked against the labels with which they share a table.
    pub fn keys(&self, labels: &LabelSet) -> Result<Vec<GroupKey>> {
        let Some(by) = &self.by else { return Ok(Vec::new()) };
        let keys = GroupKey::parse_list(by)?;
        let keys: Vec<GroupKey> =
            keys.into_iter().map(|key| key.with_date_format(self.date_format.order())).collect();
        group_columns(&keys, labels)?;
        Ok(keys)
    }

    /// The order of day and month in dates of numbers.
    pub fn date_order(&self) -> Option<DateOrder> {
        self.date_format.order()
    }

    /// The file for the counts.
    pub fn output(&self) -> Option<&Path> {
        self.by_output.as_deref()
    }

    /// The format of that file; CSV if there is none.
    pub fn format(&self) -> Result<TableFormat> {
        self.output().map_or(Ok(TableFormat::Csv), |path| TableFormat::for_path(path, "by_output"))
    }
}

/// Records that are read before a run to find the columns that it counts by.
const READ_BEFORE: usize = 2000;

/// Refuses to count by a column that no text has a value in, as far as the first records tell.
/// Input that can be read only once, and files that cannot be read, are left to the run.
///
/// # Errors
/// Such a column; the message lists those that are there.
pub fn check_columns(keys: &[GroupKey], files: &[PathBuf], options: &InputOptions) -> anyhow::Result<()> {
    let is_read_once = |file: &PathBuf| !file.metadata().is_ok_and(|metadata| metadata.is_file());
    if keys.is_empty() || files.iter().any(is_read_once) {
        return Ok(());
    }
    let mut missing: Vec<&str> = keys.iter().map(GroupKey::column).collect();
    let mut inputs = Inputs::new(files.to_vec(), options.clone());
    for _ in 0..READ_BEFORE {
        let Some(raw) = inputs.next() else {
            return match missing.first() {
                Some(missing) => Err(no_column(missing, files, options)),
                None => Ok(()),
            };
        };
        // What is wrong with a record or a file is said by the run.
        let Ok(document) = raw.and_then(|raw| raw.document(options)) else { return Ok(()) };
        let is_known = |name: &&str| {
            let named =
                options.columns.iter().zip(&document.columns).find(|(column, _)| column.name == **name);
            named.is_some_and(|(_, cell)| cell.as_ref().is_some_and(|cell| !cell.trim().is_empty()))
        };
        missing.retain(|name| !is_known(name));
        if missing.is_empty() {
            return Ok(());
        }
    }
    Ok(())
}

fn no_column(missing: &str, files: &[PathBuf], options: &InputOptions) -> anyhow::Error {
    let found = column_names(files, options).unwrap_or_default();
    let found = match found.as_slice() {
        [] => "the files have no columns, and their front matter does not name it".to_owned(),
        found => format!("found {}", list(found)),
    };
    usage(format!("--by {missing}: no text has a value in a column `{missing}`; {found}"))
}

/// Warns about values of the keys that could not be read.
pub fn warn(groups: &Groups, quiet: bool) {
    terminal::warn(quiet, &groups.notes().map(|note| flags::in_message(&note)).collect::<Vec<_>>());
}

/// Writes the table to a file.
pub fn write_file(
    out: &mut OutputFile,
    labels: &LabelSet,
    groups: &Groups,
    options: TableOptions,
) -> anyhow::Result<()> {
    write_groups(out, labels, groups, options).context("cannot write the table of groups")
}

/// Prints the largest groups with a bar for each share: on standard output, or on stderr where data
/// goes there.
pub fn print(labels: &LabelSet, groups: &Groups, stdout_is_free: bool) -> io::Result<()> {
    if groups.is_empty() {
        return Ok(());
    }
    if stdout_is_free {
        let mut out = terminal::screen();
        writeln!(out)?;
        return table(&mut out, labels, groups, terminal::width(), terminal::style());
    }
    let mut lines = Vec::new();
    table(&mut lines, labels, groups, terminal::message_width(), Style::Plain)?;
    String::from_utf8_lossy(&lines).lines().for_each(terminal::say);
    Ok(())
}

fn table(
    out: &mut impl Write,
    labels: &LabelSet,
    groups: &Groups,
    width: usize,
    style: Style,
) -> io::Result<()> {
    let room = width.saturating_sub((MIN_KEY + 2) * groups.keys().len());
    let most = (room / labels.len().max(1)).saturating_sub(SHARE + 2).min(BAR);
    let least = most.min(MIN_BAR);
    // A bar is shortened before a name is cut or a column is left out.
    let mut tables = (least..=most).rev().map(|bar| with_bars(labels, groups, bar));
    let whole = tables.find(|table| table.is_whole(width));
    let shortest = || {
        let table = with_bars(labels, groups, least);
        // Bars give way before labels do.
        let leaves_labels_out = labels.len() > KEPT_LABELS && !table.fits(width);
        if leaves_labels_out { with_bars(labels, groups, 0) } else { table }
    };
    whole.unwrap_or_else(shortest).write(out, width, style)?;
    let more = groups.len().saturating_sub(SHOWN);
    if more > 0 {
        print_wrapped(out, &format!("and {more} smaller (--by-output FILE writes all, with intervals)"))?;
    }
    if groups.has_stories() && !groups.has_repeats() {
        print_wrapped(out, "no near-duplicates, so the shares of stories are those of documents")?;
    }
    Ok(())
}

/// The table with bars of so many columns.
fn with_bars(labels: &LabelSet, groups: &Groups, bar: usize) -> TextTable {
    let mut columns: Vec<TextColumn> = groups
        .keys()
        .iter()
        .map(|key| TextColumn::text(key.to_string()).widened(MIN_KEY).shrinking(MIN_KEY))
        .collect();
    let has_repeats = groups.has_repeats();
    columns.push(match has_repeats {
        true => TextColumn::number("shares of"),
        false => TextColumn::number("documents").ranked(1),
    });
    let share_column = |(name, rank): (&String, u8)| {
        TextColumn::text(name.as_str()).widened(SHARE + bar).shrinking(SHARE + bar).ranked(rank)
    };
    columns.extend(labels.names().iter().zip(label_ranks(labels, groups)).map(share_column));
    columns.push(TextColumn::text("abstained").ranked(2));
    if labels.axis().is_some() {
        columns.push(TextColumn::number("slant").widened(5).ranked(1));
    }
    let mut table = TextTable::new(columns);
    let mut largest: Vec<Group<'_>> = groups.iter().collect();
    if largest.len() > SHOWN {
        largest.sort_by_key(|group| std::cmp::Reverse(group.documents));
        largest.truncate(SHOWN);
        largest.sort_by(|a, b| a.values.cmp(b.values));
    }
    for group in largest {
        let name = |value: &String| if value.is_empty() { NO_VALUE.to_owned() } else { value.clone() };
        let mut cells: Vec<String> = group.values.iter().map(name).collect();
        cells.push(match has_repeats {
            true => counted(group.documents, "document"),
            false => group.documents.to_string(),
        });
        cells.extend(group.labels.iter().chain([&group.abstained]).map(|of| share(of, bar)));
        if labels.axis().is_some() {
            // Adding zero makes -0 a plain 0.
            let rounded = |slant: Estimate| (slant.value * 100.0).round() / 100.0 + 0.0;
            cells.push(group.slant.map_or("-".to_owned(), |slant| format!("{:+.2}", rounded(slant))));
        }
        table.push(cells);
        if has_repeats {
            table.push(of_stories(&group, labels, bar));
        }
    }
    table
}

/// The rank of each label's column: above those of all other columns for labels that are not among
/// the most frequent, the rarest highest.
fn label_ranks(labels: &LabelSet, groups: &Groups) -> Vec<u8> {
    let mut totals = vec![0.0; labels.len()];
    for group in groups.iter() {
        for (total, share) in totals.iter_mut().zip(group.labels) {
            *total += share.value * group.documents as f64;
        }
    }
    let more_frequent = |total: &f64| totals.iter().filter(|other| *other > total).count();
    let rank = |total| match more_frequent(total) {
        place if place < KEPT_LABELS => 0,
        place => u8::try_from(place).unwrap_or(u8::MAX),
    };
    totals.iter().map(rank).collect()
}

/// The row below that of a group's documents: the same shares of its stories.
fn of_stories(group: &Group<'_>, labels: &LabelSet, bar: usize) -> Vec<String> {
    let mut cells = vec![String::new(); group.values.len()];
    cells.push(match group.stories.unwrap_or(0) {
        1 => "1 story".to_owned(),
        stories => format!("{stories} stories"),
    });
    match &group.of_stories {
        Some(of) => cells.extend(of.labels.iter().chain([&of.abstained]).map(|of| share(of, bar))),
        // Reprints of the stories of other groups.
        None => cells.extend(vec!["  -".to_owned(); labels.len() + 1]),
    }
    cells.extend(labels.axis().map(|_| String::new()));
    cells
}

/// A share in percent with its bar of so many columns.
fn share(share: &Estimate, width: usize) -> String {
    format!("{:>3.0}% {}", 100.0 * share.value, bar(share.value, width)).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classifier::verdict::Decision;
    use crate::label::ClassId;

    #[test]
    fn the_largest_groups_are_printed_with_bars() {
        let labels = LabelSet::new(["con", "pro"]).unwrap();
        let mut groups = Groups::new(GroupKey::parse_list("outlet").unwrap(), 2, false).unwrap();
        for number in 0..40 {
            let name = format!("outlet {number:02}");
            for row in 0..=number {
                let label = Decision::Label(ClassId::new(usize::from(row % 4 == 0)));
                groups.add(&[Some(&name)], label, None, true).unwrap();
            }
        }
        let mut out = Vec::new();
        table(&mut out, &labels, &groups, 100, Style::Plain).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("outlet      documents  con"), "{text}");
        assert!(text.contains("outlet 39          40   75% ██████     25% ██"), "{text}");
        assert!(text.contains("outlet 10 ") && !text.contains("outlet 09 "), "{text}");
        assert!(text.ends_with("and 10 smaller (--by-output FILE writes all, with intervals)\n"), "{text}");
    }

    #[test]
    fn of_many_labels_the_rarest_give_way_and_none_are_cut_alike() {
        let names: Vec<String> = (b'a'..=b'l').map(|c| format!("a long label {}", char::from(c))).collect();
        let labels = LabelSet::new(names.iter().map(String::as_str)).unwrap();
        let mut groups = Groups::new(GroupKey::parse_list("outlet").unwrap(), 12, false).unwrap();
        for class in 0..12 {
            for _ in 0..=class {
                groups.add(&[Some("Herald")], Decision::Label(ClassId::new(class)), None, true).unwrap();
            }
        }
        for width in [60, 80, 100, 120, 160] {
            let mut out = Vec::new();
            table(&mut out, &labels, &groups, width, Style::Plain).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
            assert!(text.starts_with("outlet      documents  "), "{text}");
            assert!(text.contains("15%") && text.contains(" a long label l"), "{text}");
            let left_out = text.split_once("no room for");
            assert_eq!(
                left_out.is_some_and(|(_, note)| note.contains("a long label a")),
                width < 120,
                "{text}"
            );
        }
    }

    #[test]
    fn shares_of_stories_stand_beside_those_of_documents() {
        let labels = LabelSet::new(["con", "pro"]).unwrap();
        let mut groups = Groups::new(GroupKey::parse_list("outlet").unwrap(), 2, true).unwrap();
        let mut add = |class, is_story| {
            groups.add(&[Some("Herald")], Decision::Label(ClassId::new(class)), None, is_story).unwrap();
        };
        add(1, true);
        add(0, true);
        let written_at = |width, groups: &Groups| {
            let mut out = Vec::new();
            table(&mut out, &labels, groups, width, Style::Plain).unwrap();
            String::from_utf8(out).unwrap()
        };
        add(0, false);
        add(0, false);
        for width in [40, 80, 120] {
            let text = written_at(width, &groups);
            let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
            assert_eq!(lines[0][..5], ["outlet", "shares", "of", "con", "pro"], "{text}");
            assert_eq!(lines[1][..4], ["Herald", "4", "documents", "75%"], "{text}");
            assert_eq!(lines[2][..3], ["2", "stories", "50%"], "{text}");
            assert_eq!(lines[2].iter().filter(|cell| **cell == "50%").count(), 2, "{text}");
        }
        let mut unique = Groups::new(GroupKey::parse_list("outlet").unwrap(), 2, true).unwrap();
        unique.add(&[Some("Herald")], Decision::Label(ClassId::new(1)), None, true).unwrap();
        let text = written_at(80, &unique);
        assert!(text.starts_with("outlet      documents  con"), "{text}");
        assert!(
            text.ends_with("\nno near-duplicates, so the shares of stories are those of documents\n"),
            "{text}"
        );
    }
}
