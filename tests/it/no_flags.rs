//! The library names parameters, and each front end spells them: no flag stands outside the command
//! line.

use std::fs;
use std::path::Path;

/// What looks like a flag and is none of this program's.
const OTHERS: [&str; 4] = [
    "`soffice --headless --convert-to txt`",
    "`soffice --headless --convert-to xlsx`",
    "`zstd --long={log} -d`",
    "`zstd --long=31 -d`",
];

/// The first flag of a line: two hyphens before a small letter, with no hyphen, letter or `<!`
/// before them.
fn flag(line: &str) -> Option<&str> {
    line.match_indices("--").find_map(|(at, _)| {
        let (before, after) = (line.get(..at)?, line.get(at + 2..)?);
        let begins = !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '!'));
        (begins && after.starts_with(|c: char| c.is_ascii_lowercase())).then_some(&line[at..])
    })
}

fn flags_in(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("src/cli") {
                flags_in(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let mut source = fs::read_to_string(&path).unwrap();
            OTHERS.iter().for_each(|other| source = source.replace(other, ""));
            found.extend((1..).zip(source.lines()).filter_map(|(number, line)| {
                flag(line).map(|flag| format!("{}:{number}: {flag}", path.display()))
            }));
        }
    }
}

#[test]
fn no_flag_stands_in_the_library() {
    let mut found = Vec::new();
    flags_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.is_empty(), "name the parameter instead (see error::Message):\n{}", found.join("\n"));
}

#[test]
fn a_flag_is_seen_and_a_comment_of_html_is_not() {
    assert_eq!(flag("\"lower --min-df\""), Some("--min-df\""));
    assert_eq!(flag("//! `--max-error`"), Some("--max-error`"));
    for none in ["<!--x-->", "a--b", "i -- j", "// ----- x", "--{}", "\"--\""] {
        assert_eq!(flag(none), None, "{none}");
    }
}
