//! Shows how the slant and the share of the most frequent label moved over time, with the numbers.

use std::io::{self, Write};

use crate::statistics::Estimate;
use crate::tabulate::{Group, Period};
use crate::write::report::chart::{Axis, Caption, TrendPoint, trend};
use crate::write::report::escape::Isolated;
use crate::write::report::html::{begin_section, details, end_section, figure, paragraph, wide_table};
use crate::write::report::numbers::{count, counted, percent_with_ends, signed_with_ends};
use crate::write::report::scored::chosen::has_findings;
use crate::write::report::scored::{MAX_PERIODS, MIN_TEXTS, ScoredPage, ends_note, is_small, shown_classes};

/// Writes how the slant and the share of the most frequent label moved over time.
pub(super) fn write(out: &mut dyn Write, page: &ScoredPage<'_>) -> io::Result<()> {
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
