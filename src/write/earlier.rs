//! Recognizes files that an earlier run of this program has written, so that the next may replace them.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::read::bytes::compression::{DEFAULT_WINDOW_LOG, decompressed};

/// The beginnings of results in each format: JSON lines, a summary, CSV, a table, picks.
const BEGINNINGS: [&str; 5] =
    ["{\"schema\":", "{\n  \"schema\":", "id,path,record,", "document   ", "id,text,label,path,record,why"];
/// What stands in the header of a table of groups, behind its keys.
const OF_GROUPS: &str = ",documents,stories,share_";
/// What stands at the end of our Parquet files.
const OF_PARQUET: &[u8] = b"standpoint version ";
/// Bytes that are looked at.
const LOOKED_AT: u64 = 64 << 10;

/// Whether the file is empty or holds results. What cannot be read holds none.
pub(super) fn is_earlier_result(path: &Path) -> bool {
    beginning(path).is_ok_and(|found| match found.as_slice() {
        [] => true,
        [b'P', b'A', b'R', b'1', ..] => end(path).is_ok_and(|end| contains(&end, OF_PARQUET)),
        found => is_text_of_results(found),
    })
}

fn is_text_of_results(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let header = text.lines().next().unwrap_or("");
    BEGINNINGS.iter().any(|beginning| text.starts_with(beginning)) || header.contains(OF_GROUPS)
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

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
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
            "id,text,label,path,record,why\n",
        ] {
            assert!(is_text_of_results(results.as_bytes()), "{results}");
        }
        for texts in ["id,text\n", "id,text,label\n", "{\"id\": 1}\n", "NATO must act.\n", "path,text\n"] {
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
