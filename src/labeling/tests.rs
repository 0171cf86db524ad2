//! Labels archives as a coder does, by calls of the library.

mod deciding;
mod export;
mod own_labels;
mod sample;
mod second_coder;
mod training;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::*;
use crate::classifier::Classifier;
use crate::progress::Silent;
use crate::random::Random;
use crate::threads::Threads;
use crate::train::{Row, TrainParams, TrainingCorpus, train};

const WARM: [&str; 12] = [
    "sun", "heat", "mild", "bloom", "summer", "shade", "beach", "melt", "picnic", "humid", "sweat", "drought",
];
const COLD: [&str; 12] = [
    "snow", "frost", "ice", "sleigh", "winter", "scarf", "freeze", "blizzard", "stove", "coat", "hail",
    "glacier",
];
const PLAIN: [&str; 16] = [
    "town", "river", "council", "market", "evening", "people", "bridge", "letter", "road", "school",
    "harbor", "train", "garden", "window", "paper", "light",
];

/// A text of thirty words, five of them of its label.
fn text(label: &str, random: &mut Random) -> String {
    let own = if label == "warm" { WARM } else { COLD };
    let mut words: Vec<&str> = (0..25).map(|_| PLAIN[random.below(16)]).collect();
    words.extend((0..5).map(|_| own[random.below(12)]));
    random.shuffle(&mut words);
    words.join(" ")
}

fn label(number: usize) -> &'static str {
    if number.is_multiple_of(3) { "warm" } else { "cold" }
}

/// Rows that other people labeled.
fn corpus() -> TrainingCorpus {
    let mut random = Random::new(5);
    let row = |number: usize| {
        let label = ["warm", "cold"][number % 2];
        Row { group: Some(format!("paper {}", number % 7)), ..Row::new(label, text(label, &mut random)) }
    };
    let rows: Vec<Row> = (0..40).map(row).collect();
    TrainingCorpus::new(TrainParams::default(), rows)
}

struct Coder {
    folder: tempfile::TempDir,
    texts: usize,
}

impl Coder {
    fn new(texts: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut random = Random::new(9);
        let row = |number: usize| {
            format!(
                "{number},Outlet {},2026-01-{:02},{}\n",
                number % 8,
                number % 28 + 1,
                text(label(number), &mut random)
            )
        };
        let rows: String = (0..texts).map(row).collect();
        fs::write(folder.path().join("texts.csv"), format!("id,outlet,date,text\n{rows}")).unwrap();
        Coder { folder, texts }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self, work: &str, second: Option<&str>) -> Arc<Workspace> {
        self.open_with(work, second, false)
    }

    fn open_with(&self, work: &str, second: Option<&str>, is_start_chosen: bool) -> Arc<Workspace> {
        let threads = Threads::new(2).unwrap();
        let corpus = corpus();
        let (model, _) = train(corpus.rows(), corpus.params().clone(), &threads).unwrap();
        let start = Classifier::new(model).unwrap();
        let opening = Opening {
            work: self.path(work),
            inputs: vec![self.path("texts.csv")],
            options: Archive::options(start.model()),
            start,
            is_start_chosen,
            loaded_language: None,
            corpus: Some(corpus),
            coder: Some(work.to_owned()),
            second: second.map(|second| self.path(second)),
            trains_by_itself: true,
            threads,
        };
        let workspace = Workspace::open(opening).unwrap();
        assert!(workspace.archive().is_err(), "nothing is read yet");
        workspace.read(&Silent).unwrap();
        assert_eq!(workspace.archive().unwrap().len(), self.texts);
        workspace.set_session(Session { every: 0, ..workspace.session() }).unwrap();
        workspace.start(|read| read.unwrap()).unwrap();
        wait("scores", || workspace.current().is_ranked());
        workspace
    }
}

fn wait(what: &str, is_done: impl Fn() -> bool) {
    let since = Instant::now();
    while !is_done() {
        assert!(since.elapsed() < Duration::from_secs(120), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Closes a workspace: the lock is free when its threads have ended.
fn close(workspace: Arc<Workspace>) {
    workspace.stop();
    wait("the end of its threads", || Arc::strong_count(&workspace) == 1);
}

/// What a coder who knows the archive says of a passage.
fn truth(workspace: &Workspace, unit: &str) -> String {
    let found = workspace.archive().unwrap().find(unit).unwrap();
    let (text, _) = workspace.archive().unwrap().passage(found).unwrap();
    label(text.id.parse().unwrap()).to_owned()
}

fn labeled(unit: &str, label: &str) -> NewDecision {
    NewDecision {
        unit: unit.to_owned(),
        kind: DecisionKind::Label,
        label: Some(label.to_owned()),
        note: None,
        flag: false,
        milliseconds: 800,
        seen: false,
    }
}

/// Labels so many passages of a queue, each once.
fn label_some(workspace: &Arc<Workspace>, kind: QueueKind, count: usize) -> Vec<String> {
    let mut after: Option<String> = None;
    let mut done = Vec::new();
    while done.len() < count {
        let queue = workspace.next(kind, after.as_deref(), 3).unwrap();
        let Some(item) = queue.items.first() else { break };
        assert!(item.decided.is_none() && !done.contains(&item.unit));
        workspace.decide(labeled(&item.unit, &truth(workspace, &item.unit))).unwrap();
        after = Some(item.unit.clone());
        done.push(item.unit.clone());
    }
    done
}

fn trained(workspace: &Arc<Workspace>, from: TrainedFrom) -> HistoryEntry {
    assert!(workspace.train(from) && !workspace.train(from), "one at a time");
    wait("a training", || workspace.training().state != RunState::Running);
    let report = workspace.training();
    assert_eq!((report.state, report.error), (RunState::Idle, None));
    report.history.last().unwrap().clone()
}
