//! Exports that are sent while they are written.

use super::client::Served;
use crate::harness::Sandbox;

/// Rows of more bytes than are written before the first are sent.
const ROWS: usize = 6000;

/// A table of which one row, counted from 0, has another text than usual.
fn table(other: Option<usize>) -> String {
    let text = |row| if Some(row) == other { "Another text" } else { "Leaders must defend the guarantee" };
    let rows: String =
        (0..ROWS).map(|row| format!("{row},{} of day {row}: deterrence.\n", text(row))).collect();
    format!("id,text\n{rows}")
}

#[test]
fn a_large_table_arrives_whole_and_one_that_has_changed_never_does() {
    let sandbox = Sandbox::with_model();
    sandbox.write("news.csv", table(None));
    let served = Served::start(&sandbox, &["news.csv", "--work", "work"]);
    let export = || served.get("/api/export?what=table");
    let whole = export().expect(200);
    assert_eq!((whole.header("transfer-encoding"), whole.is_whole), ("chunked", true));
    assert_eq!(whole.header("content-disposition"), "attachment; filename=\"coded.csv\"");
    let (text, input) = (whole.text(), table(None));
    assert_eq!(text.lines().count(), ROWS + 1);
    assert!(text.lines().zip(input.lines()).all(|(line, own)| line.starts_with(own)));
    // Nothing was sent yet: the answer says why.
    sandbox.write("news.csv", table(Some(3)));
    let refused = export().expect(422).json();
    assert!(
        refused["error"].as_str().unwrap().contains("another than when the input was opened"),
        "{refused}"
    );
    // Half of it was sent: it breaks off.
    sandbox.write("news.csv", table(Some(ROWS - 1)));
    let broken = export().expect(200);
    assert!(!broken.is_whole && !broken.body.is_empty() && broken.body.len() < whole.body.len());
    // A small one comes with its length, as any other answer.
    let small = served.get("/api/export?what=labels").expect(200);
    assert_eq!(small.header("content-length"), small.body.len().to_string());
}
