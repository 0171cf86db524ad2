//! An unfinished run beside the output: begun, gone on with, or refused.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use standpoint::output::{Checkpoint, Destination, Journal, OutputFile, Settings, partial_of};

use super::super::inputs::usage;

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
    pub fn begin(&self, output: Option<&Path>, settings: &Settings) -> anyhow::Result<Begun> {
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
        let length = partial.metadata().ok().map(|metadata| metadata.len());
        let found = match length {
            Some(_) => Journal::read(&path).with_context(|| format!("{}: cannot read it", path.display()))?,
            None => None,
        };
        let shown = partial.display();
        match (length, &found) {
            (Some(_), _) if !self.resume && !self.restart => {
                let done =
                    found.iter().flat_map(|found| &found.checkpoints).last().map_or(0, |last| last.records);
                bail!(
                    "{shown}: an unfinished run stands there, with {done} records done; \
                     go on with it by --resume, or begin anew with --restart"
                );
            }
            (Some(1..), None) if self.resume => bail!(
                "{shown}: there is no journal beside it, so it cannot be gone on with; begin anew with --restart"
            ),
            (Some(length), Some(_)) if self.resume => {
                let Some(mut found) = found else { bail!("{shown}: cannot be gone on with") };
                if let Some(difference) = difference(&found.settings, settings) {
                    bail!(
                        "{shown}: the unfinished run was another: {difference}. \
                         Give the same options, or begin anew with --restart"
                    );
                }
                // A file that is shorter than its journal says has lost its end.
                let kept = found.checkpoints.partition_point(|checkpoint| checkpoint.mark.bytes <= length);
                found.truncate(kept);
                let bytes = found.checkpoints.last().map_or(0, |last| last.mark.bytes);
                let file = OutputFile::go_on(output, bytes).with_context(cannot)?;
                let journal = Journal::go_on(&path, found.length).with_context(cannot)?;
                return Ok(Begun {
                    destination: Destination::File(file),
                    journal: Some(journal),
                    checkpoints: found.checkpoints,
                });
            }
            _ => {}
        }
        let file = OutputFile::go_on(output, 0).with_context(cannot)?;
        let journal = Journal::create(&path, settings).with_context(cannot)?;
        Ok(Begun { destination: Destination::File(file), journal: Some(journal), checkpoints: Vec::new() })
    }
}

/// The first option in which two runs differ, in words.
fn difference(before: &Settings, now: &Settings) -> Option<String> {
    let names = before.keys().chain(now.keys());
    let value = |settings: &Settings, name: &str| match settings.get(name) {
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
        let settings = |pairs: &[(&str, &str)]| -> Settings {
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
