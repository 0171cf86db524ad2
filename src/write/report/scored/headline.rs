//! Writes the headline: one sentence that says what the texts argue, and the caveat that belongs to
//! it.

use std::io::{self, Write};

use crate::write::report::escape::{Escaped, Isolated};
use crate::write::report::html::paragraph;
use crate::write::report::numbers::{count, counted, percent, percent_with_ends};
use crate::write::report::scored::chosen::{chosen_by_answer, has_findings};
use crate::write::report::scored::{NearDuplicates, ScoredPage, method, shown_classes};
use crate::write::report::training;

/// What the texts argue, in one sentence that does not break inside of an interval.
pub(super) fn sentence(page: &ScoredPage<'_>) -> String {
    said(page).replace('–', "\u{2060}–\u{2060}")
}

fn said(page: &ScoredPage<'_>) -> String {
    let overview = page.overview;
    let whole = overview.whole();
    let documents = overview.documents();
    if documents == 0 {
        let none =
            if page.filters.is_empty() { "No text was scored" } else { "No text meets the conditions" };
        return none.to_owned();
    }
    if let Some(chosen) = chosen_by_answer(page) {
        return format!("The {} {chosen}", counted(documents, "text"));
    }
    let mut said: Vec<String> = Vec::new();
    for class in shown_classes(overview) {
        let (Some(share), Some(name)) = (whole.labels.get(class), overview.labels().get(class)) else {
            continue;
        };
        if share.value > 0.0 {
            let verb = if said.is_empty() { " are labeled" } else { "" };
            said.push(format!("{}{verb} {name}", percent_with_ends(*share)));
        }
    }
    let abstained = whole.abstained.value;
    match said.is_empty() {
        true => format!("None of {} got a label", counted(documents, "text")),
        false => format!(
            "Of {}, {}{}",
            counted(documents, "text"),
            enumerated(&said),
            if abstained > 0.0 { format!("; {} got no label", percent(abstained)) } else { String::new() }
        ),
    }
}

/// `a`, `a and b`, `a, b and c`.
fn enumerated(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Writes the head of the page.
pub(super) fn write(out: &mut dyn Write, page: &ScoredPage<'_>, sentence: &str) -> io::Result<()> {
    let kicker = match page.overview.dates() {
        Some((first, last)) if first == last => format!("Stance report · {first}"),
        Some((first, last)) => format!("Stance report · {first} to {last}"),
        None => "Stance report".to_owned(),
    };
    writeln!(out, "<header>")?;
    paragraph(out, "kicker", &kicker)?;
    match page.title {
        Some(title) => {
            writeln!(out, "<h1>{}</h1>", Isolated(title))?;
            paragraph(out, "lede", &format!("{}.", Escaped(sentence)))?;
        }
        None => writeln!(out, "<h1>{}</h1>", Escaped(sentence))?,
    }
    if !page.filters.is_empty() {
        let filters: Vec<String> = page.filters.iter().map(|filter| Isolated(filter).to_string()).collect();
        let note = match has_findings(page) {
            true => "",
            false => " They were chosen by their answers, so this page gives no shares of labels.",
        };
        paragraph(out, "soft", &format!("Only results with {}.{note}", filters.join(", ")))?;
    }
    if let NearDuplicates::LeftOut { texts, .. } = page.near_duplicates
        && texts > 0
    {
        let left_out = counted(texts, "near-duplicate");
        paragraph(out, "soft", &format!("Left out: {left_out} of an earlier text."))?;
    }
    paragraph(out, "caveat", &caveat(page))?;
    training::warnings(out, page.training)?;
    facts(out, page)?;
    writeln!(out, "</header>")
}

/// What a reader must know to quote the headline.
fn caveat(page: &ScoredPage<'_>) -> String {
    let measured = method::measured(page)
        .unwrap_or_else(|| "How accurate they are on texts like these is not known here.".to_owned());
    format!(
        "The labels are a model’s, not a reader’s. {measured} The numbers in parentheses are 95&nbsp;% intervals. They account \
         for chance in which texts were collected, and not for the model’s own errors, which move every share."
    )
}

/// The few figures that everything else is about.
fn facts(out: &mut dyn Write, page: &ScoredPage<'_>) -> io::Result<()> {
    let overview = page.overview;
    let mut facts = vec![("Texts", count(overview.documents()))];
    let stories = overview.whole().stories.unwrap_or(overview.documents());
    if stories < overview.documents() {
        facts.push(("Stories, reprints counted once", count(stories)));
    }
    if overview.group_count() > 1 {
        facts.push(("Groups", format!("{} ({})", overview.group_count(), Isolated(&overview.group_name()))));
    }
    if has_findings(page) {
        facts.push(("Without a label", percent(overview.whole().abstained.value)));
    }
    if let Some(loaded) = overview.loaded() {
        facts.push(("Loaded sentences", percent_with_ends(loaded)));
    }
    writeln!(out, "<dl class=\"facts\">")?;
    for (name, value) in facts {
        writeln!(out, "<div><dt>{name}</dt><dd>{value}</dd></div>")?;
    }
    writeln!(out, "</dl>")
}
