//! Takes the columns of groups and dates by their names in the input, and refuses those in which no
//! result has a value.

use crate::cli::exit::usage;
use crate::cli::inputs::GroupArgs;
use crate::read::{KEPT, KeptColumns};
use crate::tabulate::Answer;

/// The columns that results are asked for. As everywhere, `meta_` may stand before their names.
pub fn kept_columns(groups: &GroupArgs) -> KeptColumns {
    let plain = |name: String| name.strip_prefix(KEPT).map(str::to_owned).unwrap_or(name);
    let KeptColumns { group, date, title } = groups.kept();
    KeptColumns { group: group.into_iter().map(plain).collect(), date: plain(date), title }
}

/// Which columns some result has a value in.
#[derive(Debug, Default)]
pub struct FoundColumns {
    group: bool,
    date: bool,
}

impl FoundColumns {
    /// Looks at one result.
    pub fn see(&mut self, answer: &Answer<'_>) {
        self.group |= answer.group.is_some();
        self.date |= answer.date.is_some();
    }

    /// Refuses columns that were asked for and are not there.
    pub fn check(&self, groups: &GroupArgs) -> anyhow::Result<()> {
        let refuse = |option: &str, name: &str| {
            Err(usage(format!(
                "{option} {name}: no result has a value in a kept column `{name}`; name one that \
                 `score --keep` kept"
            )))
        };
        match (&groups.group_column, &groups.date_column) {
            (Some(name), _) if !self.group => refuse("--group-column", name),
            (_, Some(name)) if !self.date => refuse("--date-column", name),
            _ => Ok(()),
        }
    }
}
