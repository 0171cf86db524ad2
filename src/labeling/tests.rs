//! Labels archives as a coder does, by calls of the library.

mod own_labels;
mod second_coder;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::*;
use crate::classifier::Classifier;
use crate::named::Named;
use crate::progress::Silent;
use crate::random::Random;
use crate::threads::Threads;
use crate::train::{Row, TrainParams, TrainingCorpus, TrainingFiles, train};

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

#[test]
fn decisions_outlive_the_program_and_are_undone_across_restarts() {
    let coder = Coder::new(60);
    let workspace = coder.open("eva", None);
    let done = label_some(&workspace, QueueKind::Uncertain, 10);
    let saved = workspace
        .decide(NewDecision { kind: DecisionKind::Skip, label: None, ..labeled(&done[0], "") })
        .unwrap();
    assert_eq!((saved.sequence, saved.counts.total, saved.counts.skipped), (11, 10, 1));
    assert_eq!(saved.answer.unwrap().probabilities.len(), 2);
    let counts = workspace.counts();
    close(workspace);
    let workspace = coder.open("eva", None);
    assert_eq!(workspace.counts(), counts);
    let undone = workspace.undo().unwrap().undone.unwrap();
    assert_eq!((undone.sequence, &undone.unit), (11, &done[0]));
    assert!(undone.item.unwrap().decided.unwrap().label.is_some(), "what the skip replaced holds again");
    for unit in done.iter().rev() {
        let undone = workspace.undo().unwrap().undone.unwrap();
        assert_eq!((&undone.unit, undone.item.unwrap().decided), (unit, None));
    }
    let nothing = workspace.undo().unwrap();
    assert_eq!((nothing.undone, nothing.counts.total), (None, 0));
    assert_eq!(workspace.next(QueueKind::Uncertain, None, 1).unwrap().items[0].unit, done[0]);
}

#[test]
fn what_is_changed_counts_as_seen_and_wrong_decisions_are_refused() {
    let coder = Coder::new(30);
    let workspace = coder.open("eva", None);
    let unit = label_some(&workspace, QueueKind::Random, 1).remove(0);
    let own = truth(&workspace, &unit);
    let other = if own == "warm" { "cold" } else { "warm" };
    let note = Change { note: Some("see p. 3".to_owned()), ..Change::default() };
    let noted = workspace.change(1, note).unwrap();
    let of = |workspace: &Workspace| workspace.recent(9).remove(0).decision;
    assert_eq!(
        (of(&workspace).note.as_deref(), of(&workspace).seen, of(&workspace).replaces),
        (Some("see p. 3"), false, Some(1))
    );
    workspace.change(noted.sequence, Change { label: Some(other.to_owned()), ..Change::default() }).unwrap();
    assert_eq!(
        (of(&workspace).label.as_deref(), of(&workspace).seen, of(&workspace).note.is_some()),
        (Some(other), true, true)
    );
    assert_eq!(workspace.counts().total, 1);
    let refused = |decision: NewDecision| workspace.decide(decision).unwrap_err();
    assert_eq!(refused(labeled("7:0:0123456789abcdef", "warm")).parameter(), Some("unit"));
    assert_eq!(refused(labeled(&unit, "</script>")).parameter(), Some("label"));
    assert_eq!(
        refused(NewDecision { kind: DecisionKind::Skip, ..labeled(&unit, "warm") }).parameter(),
        Some("label")
    );
    assert_eq!(
        refused(NewDecision { note: Some("x".repeat(10_001)), ..labeled(&unit, "warm") }).parameter(),
        Some("note")
    );
    assert_eq!(workspace.change(99, Change::default()).unwrap_err().parameter(), Some("sequence"));
    assert_eq!(workspace.counts().total, 1, "nothing of it was saved");
}

#[test]
fn models_are_trained_beside_the_corpus_and_alone_and_one_can_step_back() {
    let coder = Coder::new(150);
    let workspace = coder.open("eva", None);
    label_some(&workspace, QueueKind::Uncertain, 60);
    let first = trained(&workspace, TrainedFrom::Corpus);
    assert!(first.current && first.record.number == 1 && first.record.id.starts_with("001@"), "{first:?}");
    assert_eq!((first.record.labels, first.record.grouped_by.as_deref()), (60, Some("source")));
    let unseen = first.record.unseen.unwrap();
    // Every answer is right, so resampling shows no spread.
    assert_eq!((unseen.macro_f1, unseen.low, unseen.high), (1.0, None, None), "{first:?}");
    assert!(first.record.baseline.is_some(), "{first:?}");
    assert!(first.record.more.is_some() && first.record.curve.len() == 3, "{first:?}");
    label_some(&workspace, QueueKind::Random, 20);
    let second = trained(&workspace, TrainedFrom::Own);
    let compared = second.record.compared.clone().unwrap();
    assert_eq!((compared.rows, compared.old.as_str()), (80, first.record.id.as_str()));
    assert_eq!((second.record.labels, second.record.rows, workspace.current().number), (80, 80, 2));
    workspace.use_model(1).unwrap();
    assert_eq!(workspace.current().classifier.id(), first.record.id);
    assert_eq!(workspace.use_model(9).unwrap_err().parameter(), Some("number"));
    close(workspace);
    let workspace = coder.open("eva", None);
    assert_eq!((workspace.current().number, workspace.training().history.len()), (1, 3), "as it was left");
}

#[test]
fn keys_keep_their_labels_and_a_chosen_model_wins_over_the_last_one() {
    let coder = Coder::new(90);
    let workspace = coder.open("eva", None);
    let names = |workspace: &Workspace| {
        workspace.labels().into_iter().map(|label| (label.key, label.name)).collect::<Vec<_>>()
    };
    let before = names(&workspace);
    let session = Session { labels: vec!["warm".to_owned(), "mild".to_owned()], ..workspace.session() };
    workspace.set_session(session.clone()).unwrap();
    for number in 0..40 {
        let unit = workspace.next(QueueKind::Random, None, 1).unwrap().items[0].unit.clone();
        workspace.decide(labeled(&unit, ["warm", "mild"][number % 2])).unwrap();
    }
    workspace.set_session(Session { labels: Vec::new(), ..session }).unwrap();
    trained(&workspace, TrainedFrom::Own);
    assert!(!workspace.current().classifier.labels().names().contains(&"cold".to_owned()));
    let after = names(&workspace);
    assert_eq!((&after[..2], &after[2..]), (&before[..], &[("3".to_owned(), "mild".to_owned())][..]));
    close(workspace);
    assert_eq!(coder.open_with("eva", None, true).current().number, 0);
}

#[test]
fn a_training_that_failed_is_not_begun_again_by_the_next_key() {
    let coder = Coder::new(80);
    let workspace = coder.open("eva", None);
    workspace.set_session(Session { every: 5, ..workspace.session() }).unwrap();
    let decide = |count: usize| {
        for _ in 0..count {
            let unit = workspace.next(QueueKind::Random, None, 1).unwrap().items[0].unit.clone();
            workspace.decide(labeled(&unit, "warm")).unwrap();
        }
    };
    decide(20);
    wait("a training", || workspace.training().state == RunState::Failed);
    decide(4);
    let report = workspace.training();
    assert_eq!((report.state, report.labels), (RunState::Failed, 24));
    assert!(report.error.unwrap().contains("one and the same"));
    assert_eq!(workspace.training.attempted(), 20);
    decide(1);
    wait("another training", || workspace.training.attempted() == 25);
}

#[test]
fn a_sample_is_not_asked_by_other_queues_and_not_twice() {
    let coder = Coder::new(60);
    let workspace = coder.open("eva", None);
    workspace.draw_sample(40, 3).unwrap();
    let sample: Vec<String> = workspace.sample().as_ref().unwrap().units.clone();
    for kind in [QueueKind::Random, QueueKind::Uncertain] {
        let given = workspace.next(kind, None, 50).unwrap().items;
        assert!(!given.is_empty() && given.iter().all(|item| !sample.contains(&item.unit)), "{kind:?}");
    }
    assert_eq!(workspace.next(QueueKind::Random, None, 1).unwrap().left, Some(20));
    workspace.decide(NewDecision { seen: true, ..labeled(&sample[0], "warm") }).unwrap();
    assert_eq!(workspace.next(QueueKind::Sample, None, 1).unwrap().left, Some(39));
    label_some(&workspace, QueueKind::Sample, 29);
    let report = workspace.check_report().unwrap().sample;
    assert_eq!((report.coded, report.least, report.share_corrected), (29, 30, None));
    label_some(&workspace, QueueKind::Sample, 1);
    assert!(workspace.check_report().unwrap().sample.share_corrected.is_some());
}

#[test]
fn too_few_labels_are_not_trained_on() {
    let coder = Coder::new(40);
    let workspace = coder.open("eva", None);
    label_some(&workspace, QueueKind::Uncertain, 5);
    assert!(workspace.train(TrainedFrom::Own));
    wait("a training", || workspace.training().state != RunState::Running);
    let report = workspace.training();
    assert_eq!(report.state, RunState::Failed);
    assert!(report.error.unwrap().contains("there are 5 labels to learn from; expected at least 20"));
    assert_eq!(workspace.current().number, 0);
}

#[test]
fn labels_that_were_set_wrong_are_asked_again() {
    let coder = Coder::new(120);
    let workspace = coder.open("eva", None);
    let done = label_some(&workspace, QueueKind::Random, 90);
    let wrong = &done[7];
    let other = if truth(&workspace, wrong) == "warm" { "cold" } else { "warm" };
    workspace.decide(labeled(wrong, other)).unwrap();
    trained(&workspace, TrainedFrom::Corpus);
    let queue = workspace.next(QueueKind::Suspicious, None, 9).unwrap();
    assert_eq!(queue.left, Some(queue.items.len() as u64));
    assert_eq!(&queue.items[0].unit, wrong, "{queue:?}");
    assert_eq!(queue.items[0].decided.as_ref().unwrap().label.as_deref(), Some(other));
    let is_asked = || {
        let queue = workspace.next(QueueKind::Suspicious, None, 50).unwrap();
        assert_eq!(queue.left, Some(queue.items.len() as u64));
        queue.items.iter().any(|item| item.unit == *wrong)
    };
    workspace.decide(labeled(wrong, &truth(&workspace, wrong))).unwrap();
    assert!(!is_asked());
    workspace.undo().unwrap();
    assert!(is_asked());
    workspace.decide(NewDecision { seen: true, ..labeled(wrong, other) }).unwrap();
    assert!(!is_asked(), "a label that was confirmed is not asked a third time");
}

#[test]
fn a_random_sample_corrects_the_shares_and_is_not_learned() {
    let coder = Coder::new(200);
    let workspace = coder.open("eva", None);
    assert_eq!(workspace.draw_sample(60, 3).unwrap(), 60);
    assert_eq!(workspace.next(QueueKind::Sample, None, 1).unwrap().left, Some(60));
    label_some(&workspace, QueueKind::Sample, 60);
    assert_eq!(workspace.next(QueueKind::Sample, None, 1).unwrap().left, Some(0));
    let report = workspace.check_report().unwrap();
    assert_eq!((report.sample.drawn, report.sample.coded, report.sample.of), (60, 60, 200));
    let shares = report.sample.share_corrected.unwrap();
    let warm = shares.iter().find(|share| share.label.as_deref() == Some("warm")).unwrap();
    assert!(warm.low <= 67.0 / 200.0 && 67.0 / 200.0 <= warm.high, "{warm:?}");
    assert!((shares.iter().map(|share| share.corrected).sum::<f64>() - 1.0).abs() < 1e-9);
    assert_eq!(workspace.training().labels, 0, "nothing of it is learned");
    let mut page = Vec::new();
    workspace.export(ExportKind::Evaluation, &mut page).unwrap();
    assert!(String::from_utf8(page).unwrap().to_lowercase().contains("<!doctype html>"));
    assert_eq!(workspace.draw_sample(0, 3).unwrap_err().parameter(), Some("size"));
}

#[test]
fn two_coders_are_compared_by_their_work_folders() {
    let coder = Coder::new(60);
    let ben = coder.open("ben", None);
    let done = label_some(&ben, QueueKind::Random, 12);
    close(ben);
    let eva = coder.open("eva", Some("ben"));
    assert_eq!(eva.next(QueueKind::Second, None, 3).unwrap().left, Some(12));
    for (number, unit) in done.iter().take(10).enumerate() {
        let own = if number == 4 { "warm".to_owned() } else { truth(&eva, unit) };
        let own = if number == 4 && truth(&eva, unit) == "warm" { "cold".to_owned() } else { own };
        eva.decide(labeled(unit, &own)).unwrap();
    }
    let second = eva.check_report().unwrap().second.unwrap();
    assert_eq!((second.name.as_str(), second.both, second.disagreements), ("ben", 10, 1));
    assert_eq!(second.share, Some(0.9));
    let queue = eva.next(QueueKind::Disagreements, None, 9).unwrap();
    assert_eq!((queue.left, &queue.items[0].unit), (Some(1), &done[4]));
    assert_eq!(eva.next(QueueKind::Second, None, 9).unwrap().items.len(), 2);
}

/// The rows that `train` reads of a file: label and text, in order.
fn rows_read(file: &Path) -> Vec<(String, String)> {
    let read = TrainingFiles::new([file]).read().unwrap();
    assert!(read.skipped.is_empty(), "{:?}", read.skipped);
    read.rows.into_iter().map(|row| (row.label, row.text)).collect()
}

#[test]
fn what_is_exported_is_read_again_as_it_was_decided() {
    let coder = Coder::new(40);
    let workspace = coder.open("eva", None);
    let done = label_some(&workspace, QueueKind::Random, 12);
    workspace.decide(NewDecision { kind: DecisionKind::Skip, label: None, ..labeled(&done[0], "") }).unwrap();
    workspace.decide(labeled(&done[1], "cold")).unwrap();
    workspace
        .decide(NewDecision { note: Some("so, \"so\"\nand so".to_owned()), ..labeled(&done[2], "warm") })
        .unwrap();
    workspace.undo().unwrap();
    let export = |kind: ExportKind| {
        let mut bytes = Vec::new();
        workspace.export(kind, &mut bytes).unwrap();
        let path = coder.path(&format!("export-{}.csv", kind.name()));
        fs::write(&path, &bytes).unwrap();
        path
    };
    let labels = rows_read(&export(ExportKind::Labels));
    assert_eq!(labels.len(), 11);
    // The log itself is read alike, and so is the table, whose rows without a label are left out.
    let mut of_log = rows_read(&coder.path("eva").join("labels.jsonl"));
    let mut sorted = labels.clone();
    of_log.sort();
    sorted.sort();
    assert_eq!(of_log, sorted);
    let table = fs::read_to_string(export(ExportKind::Table)).unwrap();
    let original = fs::read_to_string(coder.path("texts.csv")).unwrap();
    assert!(
        table.starts_with(
            "id,outlet,date,text,label,decision,coder,time,note,flag,blind_label,seen,model_label,sample\n"
        ),
        "{table}"
    );
    for (line, before) in table.lines().zip(original.lines()) {
        assert!(line.starts_with(before), "{line}\n{before}");
    }
    assert_eq!(table.lines().count(), original.lines().count());
    assert_eq!(table.lines().filter(|line| line.contains(",label,eva,")).count(), 11);
    assert_eq!(table.lines().filter(|line| line.contains(",skip,eva,")).count(), 1);
    fs::write(coder.path("texts.csv"), original.replacen("town", "city", 1)).unwrap();
    let said = workspace.export(ExportKind::Table, &mut Vec::new()).unwrap_err().to_string();
    assert!(
        said.contains("another than when the input was opened") && said.contains("open it again"),
        "{said}"
    );
}

#[test]
fn a_table_with_columns_of_the_same_names_is_read_as_the_labels_are() {
    for own in ["label", "sample", "seen", "unit,label"] {
        let coder = Coder::new(20);
        // Each text is two passages, so that whole texts are not mistaken for what was labeled.
        let columns: Vec<&str> = own.split(',').collect();
        let row = |number: usize| {
            let filled = vec!["true"; columns.len()].join(",");
            let mut random = Random::new(number as u64);
            let passage = text(label(number), &mut random);
            format!("{number},{filled},\"{passage}\n\n{}\"\n", text(label(number), &mut random))
        };
        let rows: String = (0..coder.texts).map(row).collect();
        fs::write(coder.path("texts.csv"), format!("id,{own},text\n{rows}")).unwrap();
        let workspace = coder.open("eva", None);
        label_some(&workspace, QueueKind::Random, 12);
        let export = |kind: ExportKind| {
            let mut bytes = Vec::new();
            workspace.export(kind, &mut bytes).unwrap();
            let path = coder.path(kind.file_name());
            fs::write(&path, &bytes).unwrap();
            path
        };
        let table = export(ExportKind::Table);
        let header = fs::read_to_string(&table).unwrap();
        assert!(header.starts_with(&format!("id,{own},text,coded_label,coded_decision,")), "{header}");
        let labels = rows_read(&export(ExportKind::Labels));
        assert_eq!((labels.len(), &rows_read(&table)), (12, &labels), "{own}");
        close(workspace);
    }
}

#[test]
fn a_training_begins_after_as_many_labels_as_the_session_says() {
    let coder = Coder::new(80);
    let workspace = coder.open("eva", None);
    workspace.set_session(Session { every: 25, ..workspace.session() }).unwrap();
    assert_eq!(workspace.usual_source(), TrainedFrom::Corpus);
    label_some(&workspace, QueueKind::Uncertain, 24);
    assert_eq!(workspace.training().state, RunState::Idle);
    label_some(&workspace, QueueKind::Uncertain, 1);
    wait("a training", || {
        workspace.training().state == RunState::Idle && workspace.training().history.len() == 2
    });
    assert_eq!(workspace.current().number, 1);
}
