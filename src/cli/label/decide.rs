//! Saves decisions about passages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::cli::exit::{Exit, usage};
use crate::cli::headings::INPUT;
use crate::cli::label::work::WorkArgs;
use crate::cli::named::named;
use crate::cli::terminal;
use crate::error::{counted, list};
use crate::labeling::{DecisionKind, NewDecision, WorkFolder, Workspace};
use crate::read::is_stdin;

/// Save what was decided about passages: each decision is on disk before the next one is saved
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint label decide news-labels '7:0:92cfceb39d57d914' pro-guarantee --note 'see line 3'
  standpoint label decide news-labels '7:0:92cfceb39d57d914' --kind unsure
  standpoint label decide news-labels --from next.jsonl")]
pub struct Args {
    #[command(flatten)]
    work: WorkArgs,
    /// Id of the passage, as `label next` lists it
    #[arg(value_name = "UNIT", required_unless_present = "from", help_heading = None::<&str>)]
    unit: Option<String>,
    /// The label
    #[arg(value_name = "LABEL", conflicts_with = "from", help_heading = None::<&str>)]
    label: Option<String>,
    /// Decision other than a label
    #[arg(long, value_name = "KIND", value_parser = named::<DecisionKind>(), conflicts_with_all = ["label", "from"], help_heading = INPUT)]
    kind: Option<DecisionKind>,
    /// Note on the passage
    #[arg(long, value_name = "TEXT", conflicts_with = "from", help_heading = INPUT)]
    note: Option<String>,
    /// Flag the passage
    #[arg(long, conflicts_with = "from", help_heading = INPUT)]
    flag: bool,
    /// The coder has seen the model's answer, or the other coder's: the decision is not blind
    #[arg(long, conflicts_with = "from", help_heading = INPUT)]
    seen: bool,
    /// JSON lines in UTF-8 with `unit` and `label`, and perhaps `kind`, `note`, `flag` and `seen`
    /// (- reads stdin); lines without a label or a kind are skipped
    #[arg(long, value_name = "FILE", conflicts_with = "unit", help_heading = INPUT)]
    from: Option<PathBuf>,
}

/// A decision as a line gives it.
#[derive(Deserialize)]
struct Line {
    unit: String,
    label: Option<String>,
    kind: Option<DecisionKind>,
    note: Option<String>,
    #[serde(default)]
    flag: bool,
    #[serde(default)]
    seen: bool,
    #[serde(default)]
    milliseconds: u64,
    #[serde(flatten)]
    rest: BTreeMap<String, IgnoredAny>,
}

/// What `label next` says of a passage beside its id.
const LISTED: [&str; 6] = ["title", "source", "date", "passage", "decided", "other"];

impl Line {
    /// Reads a line.
    ///
    /// # Errors
    /// What is no such object, or has a field that nobody reads: it may be a label by another name.
    fn read(line: &str) -> Result<Self, String> {
        let read: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
        match read.rest.keys().find(|name| !LISTED.contains(&name.as_str())) {
            None => Ok(read),
            Some(name) => {
                Err(format!("unknown field {}, expected label, kind, note, flag or seen", list(&[name])))
            }
        }
    }

    /// `None` for a line that nobody has filled in.
    fn decision(self) -> Option<NewDecision> {
        let label = self.label.filter(|label| !label.trim().is_empty());
        let kind = self.kind.or(label.is_some().then_some(DecisionKind::Label))?;
        let Line { unit, note, flag, seen, milliseconds, .. } = self;
        Some(NewDecision { unit, kind, label, note, flag, milliseconds, seen })
    }
}

impl Args {
    pub fn run(self) -> anyhow::Result<Exit> {
        let (saved, failed) = match (&self.from, &self.unit) {
            (Some(file), _) => {
                let (name, lines) = read_lines(file)?;
                self.save_lines(&self.work.open()?, &name, &lines)
            }
            (None, Some(unit)) => {
                let decision = self.decision(unit)?;
                let workspace = self.work.open()?;
                let hint = self.hint(&workspace, decision.label.as_deref());
                workspace.decide_hidden(decision).map_err(|error| match hint {
                    Some(hint) => usage(format!("{error}; {hint}")),
                    None => WorkArgs::usage_error(error),
                })?;
                (1, 0)
            }
            (None, None) => return Err(usage("expected a passage, or --from FILE")),
        };
        let log = WorkFolder::log_path(self.work.folder());
        self.work.tell(&format!("{} saved in {}", counted(saved, "decision"), log.display()));
        Ok(Exit::of_counts(saved as u64, failed))
    }

    fn decision(&self, unit: &str) -> anyhow::Result<NewDecision> {
        let kind = match (self.kind, &self.label) {
            (None, None) => return Err(usage("expected a label, or --kind skip, unsure or none")),
            (kind, _) => kind.unwrap_or(DecisionKind::Label),
        };
        Ok(NewDecision {
            unit: unit.to_owned(),
            kind,
            label: self.label.clone(),
            note: self.note.clone(),
            flag: self.flag,
            milliseconds: 0,
            seen: self.seen,
        })
    }

    /// What to do about a label that is none of the work folder's.
    fn hint(&self, workspace: &Workspace, label: Option<&str>) -> Option<String> {
        let label = label?;
        let is_known = workspace.labels().iter().any(|known| known.name == label);
        let folder = self.work.folder().display();
        (!is_known).then(|| {
            format!(
                "to label with other labels, set all of them: `standpoint label settings {folder} --labels LABEL,LABEL`; \
                 session.toml keeps them"
            )
        })
    }

    /// Saves the decisions of lines, and gives how many there were and how many could not be saved.
    fn save_lines(&self, workspace: &Arc<Workspace>, file: &str, lines: &str) -> (usize, u64) {
        let (mut saved, mut failed, mut hint): (_, _, Option<String>) = (0, 0, None);
        for (number, line) in (1..).zip(lines.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let outcome = Line::read(line).map(Line::decision).and_then(|decision| {
                let Some(decision) = decision else { return Ok(false) };
                hint = hint.take().or_else(|| self.hint(workspace, decision.label.as_deref()));
                workspace.decide_hidden(decision).map(|_| true).map_err(|error| error.to_string())
            });
            match outcome {
                Ok(is_saved) => saved += usize::from(is_saved),
                Err(why) => {
                    failed += 1;
                    terminal::say(&format!("warning: {file}:{number}: {why}"));
                }
            }
        }
        // Once, and not for each of perhaps thousands of lines.
        if let Some(hint) = hint {
            terminal::say(&hint);
        }
        (saved, failed)
    }
}

/// The name and the text of a file, or of standard input for `-`.
fn read_lines(file: &Path) -> anyhow::Result<(String, String)> {
    let (name, read) = match is_stdin(file) {
        true => ("stdin".to_owned(), std::io::read_to_string(std::io::stdin())),
        false => (file.display().to_string(), std::fs::read_to_string(file)),
    };
    let lines = read.with_context(|| format!("{name}: cannot read the decisions"))?;
    Ok((name, lines.trim_start_matches('\u{feff}').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_nobody_filled_in_is_no_decision() {
        let decision = |line: &str| Line::read(line).unwrap().decision();
        assert_eq!(decision(r#"{"unit": "a:0:1", "passage": "One.", "label": null}"#), None);
        assert_eq!(decision(r#"{"unit": "a:0:1", "label": " "}"#), None);
        let labeled = decision(r#"{"unit": "a:0:1", "label": "for", "flag": true}"#).unwrap();
        assert_eq!(
            (labeled.kind, labeled.label.as_deref(), labeled.flag),
            (DecisionKind::Label, Some("for"), true)
        );
        let unsure = decision(r#"{"unit": "a:0:1", "kind": "unsure"}"#).unwrap();
        assert_eq!((unsure.kind, unsure.label), (DecisionKind::Unsure, None));
    }
}
