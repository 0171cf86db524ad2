//! Lists the next passages of a queue.

use std::io::Write;

use serde::Serialize;

use crate::Named;
use crate::cli::exit::{Exit, usage};
use crate::cli::headings::{INPUT, OUTPUT};
use crate::cli::label::work::WorkArgs;
use crate::cli::named::named;
use crate::cli::terminal;
use crate::labeling::{Item, OtherDecision, QueueKind};
use crate::write::write_line;

/// List the next passages of a queue as JSON lines: fill in `label` and give them to `label decide`
#[derive(clap::Args)]
#[command(after_help = "Example:
  standpoint label next news-labels --queue sample -n 50 > sample.jsonl")]
pub struct Args {
    #[command(flatten)]
    work: WorkArgs,
    /// Queue, as on the page
    #[arg(long, value_name = "QUEUE", value_parser = named::<QueueKind>(), default_value = QueueKind::Uncertain.name(), help_heading = OUTPUT)]
    queue: QueueKind,
    /// Number of passages
    #[arg(short = 'n', long = "n", value_name = "N", default_value_t = 20, help_heading = OUTPUT)]
    count: usize,
    /// Work folder of a second coder, for the queues second and disagreements
    #[arg(long, value_name = "FOLDER", help_heading = INPUT)]
    second: Option<std::path::PathBuf>,
}

/// A passage to label.
#[derive(Serialize)]
struct Line<'i> {
    unit: &'i str,
    title: Option<&'i str>,
    source: Option<&'i str>,
    date: Option<&'i str>,
    passage: &'i str,
    /// The label that it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided: Option<&'i str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<&'i OtherDecision>,
    /// Whether an answer is in sight: the other coder's, or that the model disagrees.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    seen: bool,
    /// For whoever labels.
    label: Option<&'i str>,
}

impl<'i> Line<'i> {
    fn new(item: &'i Item, queue: QueueKind) -> Self {
        Line {
            unit: &item.unit,
            title: item.title.as_deref(),
            source: item.source.as_deref(),
            date: item.date.as_deref(),
            passage: &item.passage,
            decided: item.decided.as_ref().and_then(|decision| decision.label.as_deref()),
            other: item.other.as_ref(),
            seen: queue.is_second_look() || item.other.is_some(),
            label: None,
        }
    }
}

impl Args {
    pub fn run(self) -> anyhow::Result<Exit> {
        if self.second.is_none() && matches!(self.queue, QueueKind::Second | QueueKind::Disagreements) {
            let message = format!(
                "--queue {} needs the work folder of a second coder: --second FOLDER",
                self.queue.name()
            );
            return Err(usage(message));
        }
        let workspace = self.work.open_with(self.second.clone())?;
        if self.queue == QueueKind::Uncertain {
            workspace.score_now(&crate::progress::Silent)?;
        }
        let mut out = terminal::data();
        let mut last: Option<String> = None;
        let mut listed = std::collections::HashSet::new();
        while listed.len() < self.count {
            let queue = workspace.next(self.queue, last.as_deref(), self.count - listed.len())?;
            // A queue begins again where it ends.
            let new: Vec<&Item> = queue.items.iter().filter(|item| !listed.contains(&item.unit)).collect();
            let Some(item) = new.last() else { break };
            last = Some(item.unit.clone());
            for item in &new {
                write_line(&mut out, &Line::new(item, self.queue))?;
            }
            listed.extend(new.into_iter().map(|item| item.unit.clone()));
        }
        out.flush()?;
        Ok(Exit::Done)
    }
}
