//! Shows and changes what a coder chose: labels, keys, when to retrain.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use clap::builder::NonEmptyStringValueParser;
use serde::Serialize;

use crate::cli::exit::{Exit, usage};
use crate::cli::figure_format::FigureFormat;
use crate::cli::headings::{INPUT, MODEL, OUTPUT};
use crate::cli::label::work::WorkArgs;
use crate::cli::terminal::{self, print_wrapped, visible};
use crate::error::{counted, list};
use crate::labeling::{NamedKey, Session, SettingsChange, Workspace};
use crate::write::write_line;

/// Show the labels, their keys and when the page retrains, or change them
///
/// What is chosen is kept in session.toml in the work folder.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint label settings news-labels
  standpoint label settings news-labels --labels for,against,neither --every 50
  standpoint label settings news-labels --key for=j --key :skip=x")]
pub struct Args {
    #[command(flatten)]
    work: WorkArgs,
    /// Labels to choose from, in the place of the model's
    #[arg(long, value_name = "LABEL,LABEL", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new(), help_heading = MODEL)]
    labels: Option<Vec<String>>,
    /// Choose from the labels of the model again
    #[arg(long, conflicts_with = "labels", help_heading = MODEL)]
    model_labels: bool,
    /// On the page, train a model after so many new labels; 0 for only on request
    #[arg(long, value_name = "N", help_heading = MODEL)]
    every: Option<u64>,
    /// Key on the page for a label, or for an action with a colon before its name, such as :skip=x;
    /// without a key, it has none
    #[arg(long = "key", value_name = "NAME=KEY", help_heading = INPUT)]
    key: Vec<String>,
    /// Whether keys do anything on the page; `usual` forgets the keys that were chosen
    #[arg(long, value_name = "WHICH", help_heading = INPUT)]
    keys: Option<Keys>,
    /// Output format
    #[arg(long, value_enum, default_value_t = FigureFormat::Table, help_heading = OUTPUT)]
    format: FigureFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Keys {
    On,
    Off,
    Usual,
}

/// What holds in a work folder.
#[derive(Serialize)]
struct Settings {
    coder: String,
    /// Whether the labels are the model's.
    labels_from: &'static str,
    labels: Vec<NamedKey>,
    actions: Vec<NamedKey>,
    keys_on: bool,
    every: u64,
    seed: u64,
}

impl Settings {
    fn new(workspace: &Workspace) -> Self {
        let session = workspace.session();
        Settings {
            labels_from: if session.labels.is_empty() { "model" } else { "own" },
            labels: workspace.labels(),
            actions: session.action_keys(),
            keys_on: session.keys_on,
            every: session.every,
            seed: session.seed,
            coder: session.coder,
        }
    }
}

impl Args {
    pub fn run(self) -> anyhow::Result<Exit> {
        let workspace = self.work.open_unread(None)?;
        let labels = self.labels();
        let keys = self.keys(&workspace, labels.as_deref())?;
        let keys_on = self.keys.map(|keys| keys != Keys::Off);
        workspace.change_settings(SettingsChange {
            coder: None,
            keys,
            keys_on,
            every: self.every,
            labels,
        })?;
        let settings = Settings::new(&workspace);
        match self.format {
            FigureFormat::Table => print(&mut terminal::screen(), &settings)?,
            FigureFormat::Json => {
                let mut out = terminal::data();
                write_line(&mut out, &settings)?;
                out.flush()?;
            }
        }
        Ok(Exit::Done)
    }

    /// The labels from now on, none for those of the model; `None` where they stay.
    fn labels(&self) -> Option<Vec<String>> {
        if self.model_labels {
            return Some(Vec::new());
        }
        let labels = self.labels.as_deref()?;
        Some(labels.iter().map(|label| label.trim().to_owned()).collect())
    }

    /// The keys that are chosen from now on, with these labels; `None` where they stay.
    fn keys(
        &self,
        workspace: &Workspace,
        labels: Option<&[String]>,
    ) -> anyhow::Result<Option<BTreeMap<String, String>>> {
        let mut session = workspace.session();
        session.labels = labels.map_or(session.labels, <[String]>::to_vec);
        if self.keys == Some(Keys::Usual) {
            session.keys.clear();
        } else if self.key.is_empty() {
            return Ok(None);
        }
        let names = names(workspace, &session);
        for chosen in &self.key {
            let (name, key) = split(chosen)?;
            if !names.iter().any(|known| known == name) {
                return Err(usage(format!("--key {}: expected one of {}", visible(name), list(&names))));
            }
            session.keys.insert(name.to_owned(), key);
        }
        match used_twice(workspace.labels_of(&session).into_iter().chain(session.action_keys())) {
            Some(key) => Err(usage(format!("--key: {} would do two things", list(&[key])))),
            None => Ok(Some(session.keys)),
        }
    }
}

/// What can have a key: the labels, and the actions behind a colon.
fn names(workspace: &Workspace, session: &Session) -> Vec<String> {
    let labels = workspace.labels_of(session).into_iter().map(|label| label.name);
    labels.chain(session.action_keys().into_iter().map(|action| format!(":{}", action.name))).collect()
}

/// A key that two of them have.
fn used_twice(keys: impl Iterator<Item = NamedKey>) -> Option<String> {
    let mut seen = BTreeSet::new();
    keys.map(|named| named.key).find(|key| !key.is_empty() && !seen.insert(key.clone()))
}

/// A name and the key that it gets, in lower case as the page reads keys.
fn split(chosen: &str) -> anyhow::Result<(&str, String)> {
    let is_equals_sign = chosen.ends_with("==");
    let parts = match is_equals_sign {
        true => chosen.strip_suffix("==").map(|name| (name, "=")),
        false => chosen.rsplit_once('='),
    };
    let expected = |(_, key): &(&str, &str)| key.chars().count() <= 1 && *key != " ";
    match parts.filter(expected) {
        Some((name, key)) => Ok((name, key.to_lowercase())),
        None => Err(usage(format!("--key {}: expected NAME=KEY with one character", visible(chosen)))),
    }
}

fn print(out: &mut impl Write, settings: &Settings) -> io::Result<()> {
    print_wrapped(out, &format!("coder: {}", visible(&settings.coder)))?;
    let from = if settings.labels_from == "own" { "labels" } else { "labels of the model" };
    print_keys(out, from, &settings.labels)?;
    print_keys(out, "actions", &settings.actions)?;
    writeln!(out, "\nkeys on the page: {}", if settings.keys_on { "on" } else { "off" })?;
    let every = match settings.every {
        0 => "only on request".to_owned(),
        every => format!("after {}", counted(usize::try_from(every).unwrap_or(usize::MAX), "new label")),
    };
    print_wrapped(out, &format!("retraining on the page: {every}"))
}

fn print_keys(out: &mut impl Write, title: &str, keys: &[NamedKey]) -> io::Result<()> {
    writeln!(out, "\n{title}, with their keys")?;
    keys.iter().try_for_each(|NamedKey { name, key }| {
        let key = if key.is_empty() { "-" } else { key };
        print_wrapped(out, &format!("  {key}  {}", visible(name)))
    })
}
