//! Exports what was decided, and reads it again.

use std::path::Path;

use super::*;
use crate::named::Named;
use crate::train::TrainingFiles;

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
