//! Recognizes files that an earlier run of this program has written, so that the next may replace
//! them.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use memchr::memmem;

use crate::read::bytes::compression::{DEFAULT_WINDOW_LOG, decompressed};
use crate::read::{Column, InputOptions, Inputs, Requirement};
use crate::text::Preparation;

/// The beginnings of results in each format: JSON lines, an array, a summary, CSV, TSV, a table,
/// Markdown and HTML (of documents, of paragraphs, and of earlier versions), picks.
const BEGINNINGS: [&str; 13] = [
    "{\"schema\":",
    "[\n{\"schema\":",
    "{\n  \"schema\":",
    "id,path,record,",
    "id\tpath\trecord\t",
    "document   ",
    "| document | label | probability | ",
    "| document | label | reason | paragraph | ",
    "<table>\n<thead>\n<tr><th scope=\"col\">document</th><th scope=\"col\">label</th>\
     <th scope=\"col\" style=\"text-align:right\">probability</th>",
    "<table>\n<thead>\n<tr><th scope=\"col\">document</th><th scope=\"col\">label</th>\
     <th scope=\"col\">reason</th><th scope=\"col\" style=\"text-align:right\">paragraph</th>",
    "| id | path | record | ",
    "<table>\n<thead>\n<tr><th scope=\"col\">id</th><th scope=\"col\">path</th>",
    "id,text,label,path,record,why",
];
/// What stands in the first lines of a table of groups: in CSV, TSV, Markdown (of today and of
/// earlier versions), JSON and its lines, HTML and text.
const OF_GROUPS: [&[&str]; 9] = [
    &[",documents,stories,share_"],
    &["\tdocuments\tstories\tshare_"],
    &[" | documents | ", " | abstained |", "% ("],
    &["| documents | stories | share\\_"],
    &["[\n{", "\"documents\":", "\"stories\":", "\"abstained_low\":"],
    &["{\"", "\"documents\":", "\"stories\":", "\"abstained_low\":"],
    &["<table>\n<thead>\n", ">documents</th>", ">abstained</th>"],
    &["<table>\n<thead>\n", ">documents</th>", ">stories</th>"],
    &["  documents  ", "  abstained", "% ("],
];
/// Lines of such a table in which that stands.
const FIRST_LINES: usize = 3;
/// What a page begins with, and what stands at its end.
const OF_PAGES: [&str; 2] = ["<!DOCTYPE html>\n", "<footer><p>Written by standpoint "];
/// Columns of a workbook with results, and of one with groups.
const OF_WORKBOOKS: [[&str; 4]; 2] =
    [["path", "record", "top", "reason"], ["documents", "stories", "abstained", "abstained_low"]];
/// What stands at the end of our Parquet files.
const OF_PARQUET: &[u8] = b"standpoint version ";
/// Bytes that are looked at.
const LOOKED_AT: u64 = 64 << 10;

/// Whether the file is empty or holds results. What cannot be read holds none.
pub(super) fn is_earlier_result(path: &Path) -> bool {
    beginning(path).is_ok_and(|found| match found.as_slice() {
        [] => true,
        [b'P', b'A', b'R', b'1', ..] => end(path).is_ok_and(|end| memmem::find(&end, OF_PARQUET).is_some()),
        [b'P', b'K', 3, 4, ..] => OF_WORKBOOKS.iter().any(|columns| is_workbook_with(path, columns)),
        found if found.starts_with(OF_PAGES[0].as_bytes()) => {
            end(path).is_ok_and(|end| memmem::find(&end, OF_PAGES[1].as_bytes()).is_some())
        }
        found => is_text_of_results(found),
    })
}

/// Whether the first record of a workbook has these columns.
fn is_workbook_with(path: &Path, columns: &[&str]) -> bool {
    let column = |name: &&str| Column { name: (*name).to_owned(), need: Requirement::InHeader };
    let options = InputOptions {
        preparation: Preparation::from_columns(columns.first().copied()),
        columns: columns.iter().skip(1).map(column).collect(),
        ..InputOptions::default()
    };
    let first = Inputs::new(vec![path.to_owned()], options.clone()).next();
    first.is_some_and(|raw| raw.and_then(|raw| raw.document(&options)).is_ok())
}

fn is_text_of_results(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let first = text.split_inclusive('\n').take(FIRST_LINES).collect::<String>();
    BEGINNINGS.iter().any(|beginning| text.starts_with(beginning))
        || OF_GROUPS.iter().any(|parts| parts.iter().all(|part| first.contains(part)))
}

fn beginning(path: &Path) -> io::Result<Vec<u8>> {
    let mut found = Vec::new();
    // A wider window is nothing that this program has written.
    if let Ok(plain) = decompressed(Box::new(File::open(path)?), DEFAULT_WINDOW_LOG)? {
        plain.reader.take(LOOKED_AT).read_to_end(&mut found)?;
        return Ok(found);
    }
    Err(io::ErrorKind::InvalidData.into())
}

fn end(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LOOKED_AT)))?;
    let mut found = Vec::new();
    file.take(LOOKED_AT).read_to_end(&mut found)?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::write::{Compressed, Compression, Destination, Output, OutputPaths};

    #[test]
    fn results_are_told_from_texts_and_tables_of_texts() {
        for results in [
            "{\"schema\":1,\"id\":\"a\"}\n",
            "{\n  \"schema\": 1,\n",
            "\u{feff}id,path,record,label\n",
            "source,documents,stories,share_for,share_for_low\n",
            "id\tpath\trecord\tlabel\n",
            "source\tdocuments\tstories\tshare_for\n",
            "[\n{\"schema\":1,\"id\":\"a\"},\n",
            "[\n{\"abstained\":0,\"abstained_low\":0,\"documents\":2,\"stories\":null}\n]\n",
            "| id | path | record | label |\n| --- |\n",
            "| source | documents | stories | share\\_for |\n",
            "| source | documents | for | abstained |\n| --- | ---: | ---: | ---: |\n| a | 2 | 0.0% (0.0 to 65.8) | 0.0% (0.0 to 65.8) |\n",
            "{\"abstained\":0,\"abstained_low\":0,\"documents\":2,\"stories\":null}\n",
            "source  documents              for        abstained\na               2  0% (0 to 66)  0% (0 to 66)\n",
            "<table>\n<thead>\n<tr><th scope=\"col\">id</th><th scope=\"col\">path</th></tr>\n",
            "<table>\n<thead>\n<tr><th scope=\"col\">a</th><th>documents</th><th>stories</th></tr>\n",
            "<table>\n<thead>\n<tr><th scope=\"col\">a</th><th>documents</th><th>abstained</th></tr>\n",
            "id,text,label,path,record,why\n",
        ] {
            assert!(is_text_of_results(results.as_bytes()), "{results}");
        }
        for texts in [
            "id,text\n",
            "id,text,label\n",
            "{\"id\": 1}\n",
            "NATO must act.\n",
            "path,text\n",
            "[\n{\"id\":1,\"documents\":2}\n]\n",
            "<table>\n<thead>\n<tr><th>documents</th></tr>\n",
            "| id | text |\n",
        ] {
            assert!(!is_text_of_results(texts.as_bytes()), "{texts}");
        }
    }

    #[test]
    fn compressed_and_empty_files_are_looked_into() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl.zst");
        for (line, is_result) in [("{\"schema\":1}\n", true), ("{\"text\":1}\n", false)] {
            let claimed = OutputPaths::default().claim("output", &path).unwrap();
            let destination = Destination::open(Some(&claimed)).unwrap();
            let mut out = Compressed::new(destination, Compression::Zstd, true);
            out.write_all(line.as_bytes()).unwrap();
            out.commit().unwrap();
            assert_eq!(is_earlier_result(&path), is_result, "{line}");
        }
        std::fs::write(&path, "not compressed").unwrap();
        assert!(!is_earlier_result(&path) && !is_earlier_result(folder.path()));
        let empty = folder.path().join("empty.csv");
        std::fs::write(&empty, "").unwrap();
        assert!(is_earlier_result(&empty));
    }
}
