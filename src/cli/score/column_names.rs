//! Finds out which column a name means: one of the results, or a kept one of the input.

use crate::cli::exit::usage;
use crate::error::list;
use crate::pipeline::SortBy;
use crate::read::KEPT;
use crate::write::{RunContext, Schema};

/// What results are sorted by; a kept column may have its name of data files.
///
/// # Errors
/// A column that is not kept.
pub fn sorted_by(by: SortBy, keep: &[String]) -> anyhow::Result<SortBy> {
    let SortBy::Column(name) = &by else { return Ok(by) };
    let is_kept = |name: &str| keep.iter().any(|kept| kept == name);
    match name.strip_prefix(KEPT) {
        _ if is_kept(name) => Ok(by),
        Some(plain) if is_kept(plain) => Ok(SortBy::Column(plain.to_owned())),
        _ => Err(usage(format!(
            "--sort {name}: expected one of {}, or a column that --keep names (it names {})",
            list(&SortBy::NAMES),
            list(keep)
        ))),
    }
}

/// Says which names are those of a kept column and of the results, where an option asks for one.
pub fn clashes(context: &RunContext, sort: Option<&SortBy>) -> Vec<String> {
    let columns = context.columns.iter().flatten().map(|name| ("--columns", name.as_str()));
    let conditions = context.output_conditions.iter();
    let conditions = conditions.map(|condition| ("--where", condition.column.as_str()));
    let named = columns.chain(conditions);
    let mut said: Vec<String> = named
        .filter_map(|(option, name)| Some(format!("{option}: {}", Schema::clash(context, name)?)))
        .collect();
    let by_answer = match sort {
        Some(SortBy::Slant) => Some("slant"),
        Some(SortBy::Confidence) => Some("confidence"),
        _ => None,
    };
    let kept = by_answer.filter(|name| context.keep.iter().any(|kept| kept == name));
    said.extend(kept.map(|name| {
        format!("--sort: `{name}` is that of the results; to sort by the kept column, give `{KEPT}{name}`")
    }));
    said
}
