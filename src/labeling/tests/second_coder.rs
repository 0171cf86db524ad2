//! Compares two coders on the page and by what both export.

use std::collections::HashMap;

use super::*;
use crate::agreement::{Agreement, Annotations};

/// The column of a table by the ids of its rows, in their order. No cell of these tables has a
/// comma.
fn column(table: &str, name: &str) -> Vec<(String, Option<String>)> {
    let mut rows = table.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let at = rows.next().unwrap().iter().position(|column| *column == name).unwrap();
    rows.map(|row| (row[0].to_owned(), Some(row[at].to_owned()).filter(|cell| !cell.is_empty()))).collect()
}

fn exported(workspace: &Workspace) -> String {
    let mut bytes = Vec::new();
    workspace.export(ExportKind::Table, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
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

#[test]
fn exported_blind_labels_agree_as_the_page_says_after_disagreements_are_settled() {
    let coder = Coder::new(60);
    let ben = coder.open("ben", None);
    let done = label_some(&ben, QueueKind::Random, 40);
    let no_label = |unit: &str, kind| NewDecision { kind, label: None, ..labeled(unit, "") };
    ben.decide(no_label(&ben.next(QueueKind::Random, None, 1).unwrap().items[0].unit, DecisionKind::Skip))
        .unwrap();
    let table_of_ben = exported(&ben);
    close(ben);
    let eva = coder.open("eva", Some("ben"));
    for (number, unit) in done.iter().enumerate() {
        let other = if truth(&eva, unit) == "warm" { "cold" } else { "warm" };
        let decision = match number % 8 {
            3 => labeled(unit, other),
            5 => no_label(unit, DecisionKind::None),
            _ => labeled(unit, &truth(&eva, unit)),
        };
        eva.decide(decision).unwrap();
    }
    let before = eva.check_report().unwrap().second.unwrap();
    assert_eq!((before.both, before.disagreements, before.unsettled), (40, 10, 10));
    for item in eva.next(QueueKind::Disagreements, None, 4).unwrap().items {
        let label = truth(&eva, &item.unit);
        eva.decide(NewDecision { seen: true, ..labeled(&item.unit, &label) }).unwrap();
    }
    let after = eva.check_report().unwrap().second.unwrap();
    assert_eq!(SecondReport { unsettled: 10, ..after.clone() }, before, "settling changes no figure");
    assert_eq!(after.unsettled, 6);
    let others: HashMap<_, _> = column(&table_of_ben, "blind_label").into_iter().collect();
    let joined =
        column(&exported(&eva), "blind_label").into_iter().map(|(id, own)| vec![own, others[&id].clone()]);
    let agreement = Agreement::new(&Annotations::new(2, &joined.collect::<Vec<_>>()).unwrap(), 1);
    let alpha = agreement.alpha.unwrap();
    let interval = alpha.interval.unwrap();
    assert_eq!((agreement.rows, agreement.rows - agreement.unanimous), (after.both, after.disagreements));
    assert_eq!(
        (Some(alpha.value), Some(interval.low), Some(interval.high)),
        (after.alpha, after.alpha_low, after.alpha_high)
    );
}
