//! Shows how the groups differ: the share of each label and the slant by group, with the numbers.

use std::io::{self, Write};

use crate::statistics::Estimate;
use crate::tabulate::{Group, Largest, NO_VALUE};
use crate::write::report::chart::{Axis, Caption, RangeRow, ranges};
use crate::write::report::escape::Isolated;
use crate::write::report::html::{begin_section, details, end_section, figure, paragraph, wide_table};
use crate::write::report::numbers::{count, percent_with_ends, signed_with_ends};
use crate::write::report::scored::chosen::has_findings;
use crate::write::report::scored::{
    MAX_GROUPS, MIN_TEXTS, ScoredPage, ends_note, is_small, observations, shown_classes,
};

/// Writes the shares of each label by group.
pub(super) fn write(out: &mut dyn Write, page: &ScoredPage<'_>) -> io::Result<()> {
    let overview = page.overview;
    if overview.has_too_many_groups() {
        return too_many_groups(out, page);
    }
    let Some(largest) = overview.groups(MAX_GROUPS) else { return Ok(()) };
    let class = shown_classes(overview).first().copied();
    let groups = sorted(largest, overview.whole().slant.is_none().then_some(class).flatten());
    let name = Isolated(&overview.group_name()).to_string();
    begin_section(out, "groups", &format!("By {name}"))?;
    if groups.iter().filter(|(_, group)| !is_small(group)).count() < 2 {
        paragraph(
            out,
            "",
            &format!("There are no two groups of at least {MIN_TEXTS} texts to compare in a chart."),
        )?;
        details(out, "Numbers by group", |out| group_table(out, page, &groups))?;
        return end_section(out);
    }
    let panels = Panels { page, groups: &groups };
    if has_findings(page) || overview.whole().slant.is_some() {
        paragraph(out, "", &panels.note())?;
        writeln!(out, "<div class=\"panels\">")?;
        if has_findings(page) {
            shown_classes(overview).into_iter().try_for_each(|class| panels.share(out, class))?;
        }
        panels.slant(out)?;
        writeln!(out, "</div>")?;
    }
    details(out, "Numbers by group", |out| group_table(out, page, &groups))?;
    end_section(out)
}

/// Charts with one row for each group.
struct Panels<'p> {
    page: &'p ScoredPage<'p>,
    groups: &'p [(String, Group<'p>)],
}

impl Panels<'_> {
    /// How the charts are to be read.
    fn note(&self) -> String {
        let order = match self.page.overview.whole().slant {
            Some(_) => "Sorted by mean slant, the highest first.",
            None => "Sorted by the share of the most frequent label.",
        };
        let small = match self.groups.iter().any(|(_, group)| is_small(group)) {
            true => {
                format!(" Groups of fewer than {MIN_TEXTS} texts are gray, with their number of texts (n).")
            }
            false => String::new(),
        };
        format!("{order} Lines are 95&nbsp;% intervals.{small}")
    }

    fn rows(&self, series: usize, measure: impl Fn(&Group<'_>) -> Option<Estimate>) -> Vec<RangeRow> {
        self.groups.iter().map(|(name, group)| row(name, measure(group), series, group)).collect()
    }

    fn share(&self, out: &mut dyn Write, class: usize) -> io::Result<()> {
        let overview = self.page.overview;
        let Some(label) = overview.labels().get(class) else { return Ok(()) };
        let (id, title) =
            (format!("groups-{class}"), format!("Share labeled {label} by {}", overview.group_name()));
        let caption = Caption {
            id: &id,
            title: &title,
            description: "One row for each group: its share with the 95 % interval. The table has the numbers.",
        };
        let rows = self.rows(class, |group| group.labels.get(class).copied());
        figure(out, &format!("Labeled {}", Isolated(label)), "", |out| {
            ranges(out, caption, Axis::SHARE, &rows)
        })
    }

    fn slant(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.page.overview.whole().slant.is_none() {
            return Ok(());
        }
        let caption = Caption {
            id: "groups-slant",
            title: "Mean slant by group",
            description: "One row for each group: its mean slant with the 95 % interval. The table has the numbers.",
        };
        let rows = self.rows(0, |group| group.slant);
        figure(out, "Mean slant", &ends_note(self.page), |out| ranges(out, caption, Axis::SLANT, &rows))
    }
}

/// Says why there is no comparison of groups.
fn too_many_groups(out: &mut dyn Write, page: &ScoredPage<'_>) -> io::Result<()> {
    let name = Isolated(&page.overview.group_name()).to_string();
    begin_section(out, "groups", &format!("By {name}"))?;
    let text =
        format!("Texts are not compared by {name}, which has too many different values for a comparison.");
    paragraph(out, "", &text)?;
    end_section(out)
}

fn row(name: &str, estimate: Option<Estimate>, series: usize, group: &Group<'_>) -> RangeRow {
    let size = is_small(group).then(|| observations(group));
    RangeRow { name: name.to_owned(), size, estimate, series, muted: is_small(group) }
}

/// The groups under their names, by the share of a class or by slant, those without one behind the
/// rest; the others together come last.
fn sorted<'a>(largest: Largest<'a>, class: Option<usize>) -> Vec<(String, Group<'a>)> {
    let place = |group: &Group<'_>| {
        let by = class.map_or(group.slant, |class| group.labels.get(class).copied());
        by.map_or(f64::NEG_INFINITY, |by| by.value)
    };
    let mut groups = largest.groups;
    groups.sort_by(|a, b| place(b).total_cmp(&place(a)).then(a.values.cmp(b.values)));
    let name = |group: &Group<'_>| match group.values.join(", ") {
        name if name.trim().is_empty() => NO_VALUE.to_owned(),
        name => name,
    };
    let named = groups.into_iter().map(|group| (name(&group), group));
    let others = largest.merged.map(|group| (format!("{} others", count(largest.others as u64)), group));
    named.chain(others).collect()
}

fn group_table(out: &mut dyn Write, page: &ScoredPage<'_>, groups: &[(String, Group<'_>)]) -> io::Result<()> {
    let overview = page.overview;
    let classes = shown_classes(overview);
    let has_slant = overview.whole().slant.is_some();
    let mut heads = vec![Isolated(&overview.group_name()).to_string(), "texts".to_owned()];
    if has_findings(page) {
        heads.extend(
            classes.iter().filter_map(|class| Some(Isolated(overview.labels().get(*class)?).to_string())),
        );
        heads.push("no label".to_owned());
    }
    heads.extend(has_slant.then(|| "mean slant".to_owned()));
    let rows = groups.iter().map(|(name, group)| {
        let mut cells = vec![Isolated(name).to_string(), count(group.documents)];
        if has_findings(page) {
            cells.extend(
                classes.iter().filter_map(|class| Some(percent_with_ends(*group.labels.get(*class)?))),
            );
            cells.push(percent_with_ends(group.abstained));
        }
        cells.extend(has_slant.then(|| group.slant.map_or_else(|| "–".to_owned(), signed_with_ends)));
        cells
    });
    let caption = match has_findings(page) {
        true => "Shares of the labels by group, with 95 % intervals",
        false => "Texts by group, with 95 % intervals",
    };
    wide_table(out, caption, &heads, rows)
}
