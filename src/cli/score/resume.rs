//! An unfinished run beside the output: begun, gone on with, or refused.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::cli::inputs::usage;
use crate::pipeline::{Checkpoint, Found, Journal, RunOptions};
use crate::write::{Destination, OutputFile, partial_of};

/// What to do about an unfinished run.
#[derive(clap::Args)]
pub struct ResumeArgs {
    /// Go on with an unfinished run: keep what was written, score the rest
    #[arg(long, conflicts_with = "restart")]
    resume: bool,
    /// Throw an unfinished run away and begin anew
    #[arg(long)]
    restart: bool,
}

/// An output that can be gone on with after a kill, from its last checkpoint.
pub struct Begun {
    pub destination: Destination,
    /// `None` where the output is no regular file.
    pub journal: Option<Journal>,
    /// What was done before.
    pub checkpoints: Vec<Checkpoint>,
}

impl ResumeArgs {
    /// Refuses what makes no sense without a file.
    pub fn check(&self, output: Option<&Path>) -> anyhow::Result<()> {
        let regular = output.is_some_and(|output| partial_of(output).is_some());
        if (self.resume || self.restart) && !regular {
            return Err(usage("--resume and --restart need an --output that is a regular file"));
        }
        Ok(())
    }

    /// Opens the output by what stands beside it; standard output if there is none.
    pub fn begin(&self, output: Option<&Path>, settings: &RunOptions) -> anyhow::Result<Begun> {
        let Some(output) = output else {
            return Ok(Begun { destination: Destination::stdout(), journal: None, checkpoints: Vec::new() });
        };
        let cannot = || format!("{}: cannot write there", output.display());
        let Some(partial) = partial_of(output) else {
            let file = OutputFile::go_on(output, 0).with_context(cannot)?;
            return Ok(Begun {
                destination: Destination::File(file),
                journal: None,
                checkpoints: Vec::new(),
            });
        };
        let mut name = partial.clone().into_os_string();
        name.push(".journal");
        let path = PathBuf::from(name);
        let unfinished = self.unfinished(&partial, &path, settings)?;
        let done = unfinished.as_ref().and_then(|found| found.checkpoints.last());
        // The file first: it is locked against other runs.
        let file = OutputFile::go_on(output, done.map_or(0, |last| last.mark.bytes)).with_context(cannot)?;
        let journal = match &unfinished {
            Some(found) => Journal::go_on(&path, found.length),
            None => Journal::create(&path, settings),
        };
        Ok(Begun {
            destination: Destination::File(file),
            journal: Some(journal.with_context(cannot)?),
            checkpoints: unfinished.map_or_else(Vec::new, |found| found.checkpoints),
        })
    }

    /// What is gone on with: the run whose file is `partial`, if there is one and it was asked for.
    fn unfinished(
        &self,
        partial: &Path,
        journal: &Path,
        settings: &RunOptions,
    ) -> anyhow::Result<Option<Found>> {
        let Ok(length) = partial.metadata().map(|metadata| metadata.len()) else { return Ok(None) };
        let read = Journal::read(journal);
        let found = read.with_context(|| format!("{}: cannot read it", journal.display()))?;
        let shown = partial.display();
        if self.restart {
            return Ok(None);
        }
        if !self.resume {
            let checkpoints = found.iter().flat_map(|found| &found.checkpoints);
            let done = checkpoints.last().map_or(0, |last| last.records);
            bail!(
                "{shown}: an unfinished run stands there, with {done} records done; \
                 go on with it by --resume, or begin anew with --restart"
            );
        }
        let Some(mut found) = found else {
            if length == 0 {
                return Ok(None);
            }
            bail!(
                "{shown}: there is no journal beside it, so it cannot be gone on with; begin anew with --restart"
            );
        };
        if let Some(difference) = difference(&found.settings, settings) {
            bail!(
                "{shown}: the unfinished run was another: {difference}. \
                 Give the same options, or begin anew with --restart"
            );
        }
        // A file that is shorter than its journal says has lost its end.
        found.truncate(found.checkpoints.partition_point(|checkpoint| checkpoint.mark.bytes <= length));
        Ok(Some(found))
    }
}

/// The first option in which two runs differ, in words.
fn difference(before: &RunOptions, now: &RunOptions) -> Option<String> {
    let names = before.keys().chain(now.keys());
    let value = |settings: &RunOptions, name: &str| match settings.get(name) {
        Some(values) => format!("`{}`", values.join(" ")),
        None => "not given".to_owned(),
    };
    names
        .into_iter()
        .find(|name| before.get(*name) != now.get(*name))
        .map(|name| format!("{name} was {}, and is now {}", value(before, name), value(now, name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named_with_both_values() {
        let settings = |pairs: &[(&str, &str)]| -> RunOptions {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect()
        };
        let before = settings(&[("format", "csv"), ("keep", "date")]);
        assert_eq!(difference(&before, &before), None);
        assert_eq!(
            difference(&before, &settings(&[("format", "jsonl"), ("keep", "date")])).as_deref(),
            Some("format was `csv`, and is now `jsonl`")
        );
        assert_eq!(
            difference(&before, &settings(&[("format", "csv")])).as_deref(),
            Some("keep was `date`, and is now not given")
        );
    }
}
