//! Tells text that is written for other programs, and whose signs would be scored as words:
//! references, LaTeX, subtitles with styles, dumps of databases, lists in YAML, collections of
//! documents between tags.

use std::borrow::Cow;

/// As far as is looked; the first tag may be long.
const HEAD: usize = 4 << 10;

/// How the first statement of a dump begins. Programs write these words in capitals.
const STATEMENTS: [&str; 10] = [
    "CREATE TABLE ",
    "CREATE DATABASE ",
    "DROP TABLE ",
    "DROP DATABASE ",
    "INSERT INTO ",
    "LOCK TABLES ",
    "BEGIN TRANSACTION;",
    "PRAGMA ",
    "SET ",
    "USE `",
];

/// The beginning of a text that may be written for other programs; nearly every text begins with
/// something else.
pub(super) fn suspicious_head(text: &[u8]) -> Option<Cow<'_, str>> {
    let head = text.get(..HEAD).unwrap_or(text).trim_ascii_start();
    let is_sign = matches!(head.first()?, b'T' | b'@' | b'%' | b'\\' | b'[' | b'<' | b'-' | b'/');
    let is_suspicious = is_sign || STATEMENTS.iter().any(|begin| head.starts_with(begin.as_bytes()));
    is_suspicious.then(|| String::from_utf8_lossy(head))
}

/// Whether it is what a database writes of its tables: the first line that is no comment begins a
/// statement.
pub(super) fn is_sql(head: &str) -> bool {
    let is_comment = |line: &&str| line.is_empty() || line.starts_with("--") || line.starts_with("/*");
    let first = head.lines().map(str::trim).find(|line| !is_comment(line)).unwrap_or("");
    // A headline in capitals may begin with the word that begins a setting.
    let is_whole = !first.starts_with("SET ") || first.ends_with(';');
    STATEMENTS.iter().any(|begin| first.starts_with(begin)) && is_whole && head.contains([';', '('])
}

/// Whether it is a list of records in YAML: `- id: 1`, with further keys below the first one.
pub(super) fn is_yaml(head: &str) -> bool {
    let mut lines = head.lines().filter(|line| !matches!(line.trim_end(), "" | "---"));
    let (first, second) = (lines.next().unwrap_or(""), lines.next().unwrap_or(""));
    let Some(key) = first.strip_prefix("- ").and_then(yaml_key) else { return false };
    let repeats = |line: &str| line.strip_prefix("- ").and_then(yaml_key) == Some(key);
    second.strip_prefix("  ").and_then(yaml_key).is_some() && lines.any(repeats)
}

fn yaml_key(line: &str) -> Option<&str> {
    let (key, rest) = line.split_once(':')?;
    let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    (is_key && (rest.is_empty() || rest.starts_with(' '))).then_some(key)
}

/// Whether it is an export of MediaWiki below the declaration of XML.
pub(super) fn is_mediawiki(head: &str) -> bool {
    head.starts_with("<?xml") && head.contains("<mediawiki")
}

pub(super) fn is_latex(head: &str) -> bool {
    head.starts_with("\\documentclass")
}

pub(super) fn is_substation_alpha(head: &str) -> bool {
    head.starts_with("[Script Info]")
}

/// Whether the first lines are a type and further fields: `TY  - NEWS`.
pub(super) fn is_ris(head: &str) -> bool {
    let mut lines = head.lines().filter(|line| !line.trim().is_empty());
    let is_field = |line: &str| {
        let (tag, rest) = line.split_at_checked(2).unwrap_or(("", line));
        tag.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) && rest.starts_with("  -")
    };
    lines.next().is_some_and(|line| line.starts_with("TY  -")) && lines.next().is_some_and(is_field)
}

/// Whether it begins with an entry: `@article{key,`.
pub(super) fn is_bibtex(head: &str) -> bool {
    let entry = head.strip_prefix('@').and_then(|entry| entry.split_once('{'));
    entry.is_some_and(|(kind, rest)| {
        let key = rest.lines().next().unwrap_or("").trim_end();
        !kind.is_empty()
            && kind.bytes().all(|byte| byte.is_ascii_alphabetic())
            && key.ends_with(',')
            && !key.contains(' ')
    })
}

/// Whether it begins with the tag of a document that has a number, or with the tag of that number;
/// the files of Reuters-21578 begin with a type of their own.
pub(super) fn is_collection(head: &str) -> bool {
    let lower = head.to_ascii_lowercase();
    if lower.starts_with("<!doctype lewis") {
        return true;
    }
    let Some(tag) = lower.strip_prefix("<doc") else { return false };
    match tag.split_once('>') {
        Some(("", rest)) => {
            rest.trim_start().starts_with("<docno>") || rest.trim_start().starts_with("<docid>")
        }
        Some((attributes, _)) => attributes.trim_start().starts_with("id=") && attributes.starts_with(' '),
        None => false,
    }
}
