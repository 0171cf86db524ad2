//! Writes the charts of the page, each under a sentence that says what it shows, and the numbers
//! behind them.

use std::io::{self, Write};

use crate::statistics::Estimate;
use crate::tabulate::{Group, Largest, NO_VALUE, Overview, Period};
use crate::write::report::chart::{
    Axis, Caption, RangeRow, Scatter, ScatterPoint, TrendPoint, histogram, ranges, trend,
};
use crate::write::report::escape::Isolated;
use crate::write::report::html::{begin_section, details, end_section, figure, paragraph, table, wide_table};
use crate::write::report::numbers::{count, counted, percent, percent_with_ends, signed, signed_with_ends};
use crate::write::report::scored::chosen::has_findings;
use crate::write::report::scored::{
    MAX_GROUPS, MAX_PERIODS, MIN_TEXTS, ScoredPage, axis_ends, is_small, observations, shown_classes,
};

/// Writes the shares of the labels, and why texts got none.
pub(super) fn shares(out: &mut dyn Write, page: &ScoredPage<'_>) -> io::Result<()> {
    let overview = page.overview;
    let whole = overview.whole();
    let rows: Vec<RangeRow> = shown_classes(overview)
        .into_iter()
        .filter_map(|class| {
            Some(RangeRow {
                name: overview.labels().get(class)?.clone(),
                size: None,
                estimate: whole.labels.get(class).copied(),
                series: class,
                muted: is_small(&whole),
            })
        })
        .chain([RangeRow {
            name: "no label".to_owned(),
            size: None,
            estimate: Some(whole.abstained),
            series: 0,
            muted: true,
        }])
        .collect();
    begin_section(out, "shares", "What the texts argue")?;
    writeln!(out, "<div class=\"pair\">")?;
    let caption = Caption {
        id: "shares-chart",
        title: "Shares of the labels",
        description: "One row for each label: its share of all texts with the 95 % interval. The table has the numbers.",
    };
    figure(out, "Share of all texts by label", "", |out| ranges(out, caption, Axis::SHARE, &rows))?;
    let mut reasons: Vec<(&str, u64)> = overview.reasons().collect();
    reasons.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let of_all = |part: u64| percent(part as f64 / overview.documents().max(1) as f64);
    let labels = shown_classes(overview).into_iter().filter_map(|class| {
        let share = whole.labels.get(class)?;
        let documents = (share.value * overview.documents() as f64).round() as u64;
        let name = Isolated(overview.labels().get(class)?).to_string();
        Some([name, count(documents), percent_with_ends(*share)])
    });
    let none = reasons
        .iter()
        .map(|(reason, documents)| [format!("no label: {reason}"), count(*documents), of_all(*documents)]);
    table(
        out,
        "Texts by label and by reason for none",
        ["answer", "texts", "share (95 %)"],
        labels.chain(none),
    )?;
    writeln!(out, "</div>")?;
    end_section(out)
}

/// Writes the shares of each label by group.
pub(super) fn groups(out: &mut dyn Write, page: &ScoredPage<'_>) -> io::Result<()> {
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

/// What the ends of the axis are, where the model says it.
fn ends_note(page: &ScoredPage<'_>) -> String {
    match axis_ends(page.model) {
        Some((low, high)) => format!("−1 is all {}, +1 all {}.", Isolated(&low), Isolated(&high)),
        None => "From −1 to +1, the two ends of the model’s axis.".to_owned(),
    }
}

/// Writes how the slant and the share of the most frequent label moved over time.
pub(super) fn time(out: &mut dyn Write, page: &ScoredPage<'_>) -> io::Result<()> {
    let Some((period, periods, undated)) = page.overview.periods(MAX_PERIODS) else { return Ok(()) };
    begin_section(out, "time", "Over time")?;
    let mut note = format!("By {}. Bands are 95&nbsp;% intervals, bars count texts.", period.name());
    if periods.iter().any(is_small) {
        note += &format!(" Periods of fewer than {MIN_TEXTS} texts are gray.");
    }
    let has_gap = |pair: &[Group<'_>]| match pair {
        [before, next] => !period.follows(&before.values.join(" "), &next.values.join(" ")),
        _ => false,
    };
    if periods.windows(2).any(has_gap) {
        note += " Gaps (…) stand for periods without texts.";
    }
    if undated > 0 {
        note += &format!(" {} without a readable date are left out.", counted(undated, "text"));
    }
    let is_drawn = has_findings(page) || page.overview.whole().slant.is_some();
    if is_drawn {
        paragraph(out, "", &note)?;
        writeln!(out, "<div class=\"pair\">")?;
    }
    if page.overview.whole().slant.is_some() {
        let drawn =
            Moving { id: "time-chart", title: "Mean slant", axis: Axis::SLANT, note: &ends_note(page) };
        drawn.write(out, (period, &periods), |group| group.slant)?;
    }
    if let Some(class) = shown_classes(page.overview).first().copied().filter(|_| has_findings(page)) {
        let label = page.overview.labels().get(class).map_or("", String::as_str);
        let title = format!("Share labeled {label}");
        let drawn = Moving { id: "time-share", title: &title, axis: Axis::SHARE, note: "" };
        drawn.write(out, (period, &periods), |group| group.labels.get(class).copied())?;
    }
    if is_drawn {
        writeln!(out, "</div>")?;
    }
    details(out, "Numbers by period", |out| period_table(out, page, period, &periods))?;
    end_section(out)
}

/// A figure that is drawn over time.
struct Moving<'a> {
    id: &'a str,
    title: &'a str,
    axis: Axis,
    note: &'a str,
}

impl Moving<'_> {
    fn write(
        &self,
        out: &mut dyn Write,
        (period, periods): (Period, &[Group<'_>]),
        measure: impl Fn(&Group<'_>) -> Option<Estimate>,
    ) -> io::Result<()> {
        let point = |group: &Group<'_>| TrendPoint {
            name: group.values.join(" "),
            estimate: measure(group),
            documents: group.documents,
            muted: is_small(group),
        };
        let points: Vec<TrendPoint> = periods.iter().map(point).collect();
        let caption = Caption {
            id: self.id,
            title: self.title,
            description: "A line through the figure of each period with a band for its 95 % interval, above bars for the number \
                          of texts. The table has the numbers.",
        };
        let headline = Isolated(self.title).to_string();
        figure(out, &headline, self.note, |out| trend(out, caption, self.axis, period, &points))
    }
}

fn period_table(
    out: &mut dyn Write,
    page: &ScoredPage<'_>,
    period: Period,
    periods: &[Group<'_>],
) -> io::Result<()> {
    let classes = if has_findings(page) { shown_classes(page.overview) } else { Vec::new() };
    let has_slant = page.overview.whole().slant.is_some();
    let mut heads = vec![period.name().to_owned(), "texts".to_owned()];
    heads.extend(has_slant.then(|| "mean slant".to_owned()));
    heads.extend(
        classes.iter().filter_map(|class| Some(Isolated(page.overview.labels().get(*class)?).to_string())),
    );
    let rows = periods.iter().map(|group| {
        let name = group.values.join(" ");
        let mut cells = vec![Isolated(&name).to_string(), count(group.documents)];
        cells.extend(has_slant.then(|| group.slant.map_or_else(|| "–".to_owned(), signed_with_ends)));
        cells.extend(classes.iter().filter_map(|class| Some(percent_with_ends(*group.labels.get(*class)?))));
        cells
    });
    wide_table(out, &format!("Figures by {}, with 95 % intervals", period.name()), &heads, rows)
}

/// Writes how slants are spread, and loaded language against slant.
pub(super) fn slants(out: &mut dyn Write, page: &ScoredPage<'_>) -> io::Result<()> {
    let overview = page.overview;
    let Some(bins) = overview.slants() else { return Ok(()) };
    begin_section(out, "slants", "Slant and loaded language")?;
    writeln!(out, "<div class=\"pair\">")?;
    let caption = Caption {
        id: "slants-chart",
        title: "Distribution of slant",
        description: "One bar for each step of 0.1, with the number of texts there. The table has the numbers.",
    };
    let note = format!("{} {}", counted_slants(overview, bins), ends_note(page));
    figure(out, "Distribution of slant", &note, |out| histogram(out, caption, bins, "slant"))?;
    let points: Vec<ScatterPoint> = overview
        .group_points(MAX_GROUPS)
        .into_iter()
        .map(|point| ScatterPoint {
            name: point.name.to_owned(),
            across: point.slant,
            up: point.loaded,
            muted: point.documents < MIN_TEXTS,
        })
        .collect();
    if points.len() > 1 {
        let caption = Caption {
            id: "loaded-chart",
            title: "Loaded language against slant by group",
            description: "One mark for each group. Horizontal: its mean slant. Vertical: the mean share of its sentences that are \
                          loaded. Lines: the 95 % intervals of both. The table has the numbers.",
        };
        let names = ["mean slant", "share of loaded sentences"];
        let scatter = Scatter::new(&points);
        let note = format!(
            "Each mark is one {} with the 95&nbsp;% intervals of both means.{}",
            Isolated(&overview.group_name()),
            match scatter.unnamed() {
                0 => String::new(),
                1 => " One mark has no room for its name; the table has it.".to_owned(),
                marks => format!(
                    " {} marks have no room for their names; the table has them.",
                    count(marks as u64)
                ),
            }
        );
        figure(out, "Loaded language against slant", &note, |out| scatter.write(out, caption, names))?;
    }
    writeln!(out, "</div>")?;
    details(out, "Numbers by slant", |out| slant_table(out, bins))?;
    if points.len() > 1 {
        let rows = points.iter().map(|point| {
            [Isolated(&point.name).to_string(), signed_with_ends(point.across), percent_with_ends(point.up)]
        });
        let heads = ["group", "mean slant", "loaded sentences"];
        details(out, "Numbers of both means", |out| {
            table(out, "Slant and loaded language by group", heads, rows)
        })?;
    }
    end_section(out)
}

/// Says which texts the bins count, and gives their mean.
fn counted_slants(overview: &Overview, bins: &[u64]) -> String {
    let (texts, documents) = (bins.iter().sum::<u64>(), overview.documents());
    let which = match texts == documents {
        true => format!("All {}.", counted(texts, "text")),
        false => format!(
            "{} of {}: those with a label, and those without one because of low confidence.",
            count(texts),
            counted(documents, "text")
        ),
    };
    let mean = overview.whole().slant;
    let mean = mean.map_or(String::new(), |mean| format!(" Their mean is {}.", signed_with_ends(mean)));
    which + &mean
}

fn slant_table(out: &mut dyn Write, bins: &[u64]) -> io::Result<()> {
    let end = |at: usize| signed(2.0 * at as f64 / bins.len().max(1) as f64 - 1.0);
    let row = |(at, texts): (usize, &u64)| [format!("{} to {}", end(at), end(at + 1)), count(*texts)];
    table(out, "Texts by slant", ["slant", "texts"], bins.iter().enumerate().map(row))
}

/// Writes how often a reprint got the answer of its first print.
pub(super) fn repeats(out: &mut dyn Write, page: &ScoredPage<'_>) -> io::Result<()> {
    let Some(agreement) = page.overview.agreement() else { return Ok(()) };
    let row = |name: &str, part: u64, series: usize| RangeRow {
        name: name.to_owned(),
        size: None,
        estimate: agreement.share(part),
        series,
        muted: agreement.stories < MIN_TEXTS,
    };
    let rows = [
        row("same answer", agreement.same, 0),
        row("one without a label", agreement.one_abstained, 1),
        row("another label", agreement.other_label, 2),
    ];
    begin_section(out, "repeats", "Repeated stories")?;
    let caption = Caption {
        id: "repeats-chart",
        title: "Answers on reprints",
        description: "How many reprints got the same answer as their first print, how many pairs have a label on one side only, \
                      and how many have two different labels; each as a share with its 95 % interval. The table has the \
                      numbers.",
    };
    let unknown = match agreement.unknown {
        0 => String::new(),
        unknown => format!(" The first print of {} more is not among the results.", count(unknown)),
    };
    let note = format!(
        "{} of {}, near-duplicates of an earlier text. A model that answers them differently reacts to cuts and headlines, not \
         to what the story argues.{unknown}",
        counted(agreement.compared(), "reprint"),
        match agreement.stories {
            1 => "one story".to_owned(),
            stories => format!("{} stories", count(stories)),
        },
    );
    figure(out, "Do reprints get the same answer?", &note, |out| ranges(out, caption, Axis::SHARE, &rows))?;
    let parts = [agreement.same, agreement.one_abstained, agreement.other_label];
    let numbers = rows.iter().zip(parts).map(|(row, part)| {
        [row.name.clone(), count(part), row.estimate.map_or_else(|| "–".to_owned(), percent_with_ends)]
    });
    details(out, "Numbers of reprints", |out| {
        table(out, "Reprints by answer", ["answer", "reprints", "share (95 %)"], numbers)
    })?;
    end_section(out)
}
