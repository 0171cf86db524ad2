//! Draws a random sample, asks for it, and corrects shares by it.

use super::*;

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
