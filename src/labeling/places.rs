//! Strips folders from messages that a browser shows: whoever looks at the page need not know where
//! files are.

use crate::error::Error;

/// A message of an error with the names of files, but not their folders.
pub(crate) fn message_without_folders(error: &Error, message: &str) -> String {
    match error.position().and_then(|position| position.path.as_deref()) {
        // It may have spaces.
        Some(path) => without_folders(&message.replace(path, name_of(path))),
        None => without_folders(message),
    }
}

/// A message with the names of files, but not their folders. What stands between spaces and quotes
/// is a path if it begins as one, or ends as the name of a file does.
pub(crate) fn without_folders(message: &str) -> String {
    let is_border = |c: char| c.is_whitespace() || "\"'`()[],;".contains(c);
    let parts = message.split_inclusive(is_border).map(|part| {
        let end = part.strip_suffix(is_border).map_or(part.len(), str::len);
        part.split_at_checked(end).unwrap_or((part, ""))
    });
    let parts: Vec<(&str, &str)> = parts.collect();
    let (mut rest, mut out) = (parts.as_slice(), String::new());
    while let Some(&(word, border)) = rest.first() {
        let (shown, border, taken) = match is_path(word) {
            true => end_of_path(rest),
            false => (word, border, 1),
        };
        out.extend([shown, border]);
        rest = rest.get(taken..).unwrap_or(&[]);
    }
    out
}

/// For parts that begin with a path: the name at its end, the border behind the name, and the
/// number of parts in the path. Folders may have blanks in their names, so a later part with a
/// slash belongs to the same path.
fn end_of_path<'m>(parts: &[(&'m str, &'m str)]) -> (&'m str, &'m str, usize) {
    let (mut end, mut taken) = (("", ""), 0);
    for (number, &(word, border)) in (1..).zip(parts) {
        let goes_on = word.contains(['/', '\\']) && !word.contains("://") && !begins_as_path(word);
        if number == 1 || goes_on {
            (end, taken) = ((name_of(word), border), number);
        } else if begins_as_path(word) {
            break;
        }
        if border != " " || word.ends_with([':', '.']) {
            break;
        }
    }
    (end.0, end.1, taken)
}

fn is_path(word: &str) -> bool {
    if word.contains("://") {
        return false;
    }
    let has_extension = || {
        let name = name_of(word).trim_end_matches([':', '.']);
        name.rsplit_once('.').is_some_and(|(stem, extension)| !stem.is_empty() && !extension.is_empty())
    };
    begins_as_path(word) || (word.contains(['/', '\\']) && has_extension())
}

fn begins_as_path(word: &str) -> bool {
    let is_drive = word.get(1..3).is_some_and(|rest| rest == ":\\" || rest == ":/");
    is_drive || ["/", "\\", "./", "../", "..\\", "~/"].iter().any(|start| word.starts_with(start))
}

/// The last part of a path.
pub(super) fn name_of(path: &str) -> &str {
    path.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Position;

    #[test]
    fn messages_name_files_without_their_folders() {
        for (message, expected) in [
            ("/home/eva/work/labels.jsonl: 7 bytes were cut off", "labels.jsonl: 7 bytes were cut off"),
            ("no text in /home/eva/texts/, ../b/c.csv.", "no text in texts, c.csv."),
            ("C:\\Users\\Eva\\a.csv, line 3: it is no table", "a.csv, line 3: it is no table"),
            ("work/models/001.json: EOF", "001.json: EOF"),
            ("`~/a/b` is missing", "`b` is missing"),
            ("/tmp/Eva Secret Files/x/labels.jsonl: 19 bytes", "labels.jsonl: 19 bytes"),
            ("no text in C:\\Eva S\\my texts\\a b.csv, /home/eva/c", "no text in a b.csv, c"),
            ("/home/eva/a b is no folder: x/y", "a b is no folder: x/y"),
            (
                "expected one of `pro/con`, `</script>` and 1/2",
                "expected one of `pro/con`, `</script>` and 1/2",
            ),
            ("it is open at http://127.0.0.1:8765/", "it is open at http://127.0.0.1:8765/"),
            ("", ""),
        ] {
            assert_eq!(without_folders(message), expected);
        }
        let error = Error::io(
            Position::from_path("/home/eva/my work/a.json"),
            "read",
            std::io::ErrorKind::NotFound.into(),
        );
        let said = message_without_folders(&error, &error.to_string());
        assert!(said.starts_with("a.json: cannot read"), "{said}");
    }
}
