//! Trains on what was decided: when, on which rows, and which model is in use afterwards.

use super::*;

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
