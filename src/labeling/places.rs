//! Strips folders from messages that a browser shows: whoever looks at the page need not know where files are.

use crate::error::Error;

/// A message of an error with the names of files, but not their folders.
pub(crate) fn message_without_folders(error: &Error, message: &str) -> String {
    match error.position().and_then(|position| position.path.as_deref()) {
        // It may have spaces.
        Some(path) => without_folders(&message.replace(path, name_of(path))),
        None => without_folders(message),
    }
}

/// A message with the names of files, but not their folders. What stands between spaces and quotes is a path if it begins as one, or
/// ends as the name of a file does.
pub(crate) fn without_folders(message: &str) -> String {
    let is_border = |c: char| c.is_whitespace() || "\"'`()[],;".contains(c);
    message
        .split_inclusive(is_border)
        .map(|part| {
            let end = part.strip_suffix(is_border).map_or(part.len(), str::len);
            let (word, border) = part.split_at_checked(end).unwrap_or((part, ""));
            format!("{}{border}", if is_path(word) { name_of(word) } else { word })
        })
        .collect()
}

fn is_path(word: &str) -> bool {
    if word.contains("://") {
        return false;
    }
    let is_drive = word.get(1..3).is_some_and(|rest| rest == ":\\" || rest == ":/");
    let starts = ["/", "\\", "./", "../", "..\\", "~/"].iter().any(|start| word.starts_with(start));
    let has_extension = || {
        let name = name_of(word).trim_end_matches([':', '.']);
        name.rsplit_once('.').is_some_and(|(stem, extension)| !stem.is_empty() && !extension.is_empty())
    };
    is_drive || starts || (word.contains(['/', '\\']) && has_extension())
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
