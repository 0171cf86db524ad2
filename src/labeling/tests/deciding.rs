//! Saves, changes, undoes and refuses decisions, across restarts.

use super::*;

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
