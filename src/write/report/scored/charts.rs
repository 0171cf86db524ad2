//! Writes the charts of all texts together: labels, slant and loaded language, and reprints, each
//! with the numbers behind it.

use std::io::{self, Write};

use crate::tabulate::Overview;
use crate::write::report::chart::{Axis, Caption, RangeRow, Scatter, ScatterPoint, histogram, ranges};
use crate::write::report::escape::Isolated;
use crate::write::report::html::{begin_section, details, end_section, figure, table};
use crate::write::report::numbers::{count, counted, percent, percent_with_ends, signed, signed_with_ends};
use crate::write::report::scored::{MAX_GROUPS, MIN_TEXTS, ScoredPage, ends_note, is_small, shown_classes};

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
