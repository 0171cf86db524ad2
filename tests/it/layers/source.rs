//! Reads a source file as code alone: blanks comments, literals and test items, and keeps every line where it stands.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file of the library without its tests.
pub struct Source {
    /// Below src, with `/` between folders.
    pub path: String,
    /// The code: comments, strings and chars are blank.
    pub code: String,
    /// The code with its strings.
    pub code_and_strings: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let mut code = blank(text, true);
        let mut code_and_strings = blank(text, false);
        for (start, end) in test_items(&code) {
            for text in [&mut code, &mut code_and_strings] {
                *text = format!("{}{}{}", &text[..start], spaces(&text[start..end]), &text[end..]);
            }
        }
        Source { path: path.to_owned(), code, code_and_strings }
    }

    /// The modules that lead to the file: `["read", "formats"]` for src/read/formats/mod.rs, none for lib.rs.
    pub fn module(&self) -> Vec<String> {
        let path = self.path.trim_end_matches(".rs");
        let path = path.strip_suffix("/mod").unwrap_or(path);
        if ["lib", "main"].contains(&path) {
            Vec::new()
        } else {
            path.split('/').map(str::to_owned).collect()
        }
    }

    pub fn room(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// `path:line` of a place in the code.
    pub fn place(&self, at: usize) -> String {
        format!("{}:{}", self.path, self.code[..at].matches('\n').count() + 1)
    }
}

/// Every file below src, sorted by path.
pub fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    let source = |file: &PathBuf| {
        let path = file.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        Source::new(&path, &fs::read_to_string(file).unwrap())
    };
    files
        .iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
        .map(source)
        .collect()
}

pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 128
}

/// As long as the text, with the same line ends.
fn spaces(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

/// Blanks comments, and strings and chars too where `literals` is true.
fn blank(text: &str, literals: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let (end, is_literal) = next_part(text, at);
        let part = &text[at..end];
        match is_literal {
            Some(true) if !literals => out.push_str(part),
            Some(_) => out.push_str(&spaces(part)),
            None => out.push_str(part),
        }
        at = end;
    }
    out
}

/// Where the part that begins here ends, and whether it is a literal (true), a comment (false) or other code.
fn next_part(text: &str, at: usize) -> (usize, Option<bool>) {
    let rest = &text[at..];
    let after_word = text[..at].bytes().next_back().is_some_and(is_word);
    if rest.starts_with("//") {
        return (at + rest.find('\n').unwrap_or(rest.len()), Some(false));
    }
    if rest.starts_with("/*") {
        return (at + block_comment(rest), Some(false));
    }
    let prefix = ["br", "cr", "r", "b", "c", ""].into_iter().find(|prefix| rest.starts_with(prefix)).unwrap();
    let prefix = if after_word { "" } else { prefix };
    let quoted = rest[prefix.len()..].trim_start_matches('#');
    let hashes = rest.len() - prefix.len() - quoted.len();
    if quoted.starts_with('"') && prefix.ends_with('r') {
        let close = format!("\"{}", "#".repeat(hashes));
        let from = prefix.len() + hashes + 1;
        return (
            at + rest[from..].find(&close).map_or(rest.len(), |end| from + end + close.len()),
            Some(true),
        );
    }
    if quoted.starts_with('"') && hashes == 0 {
        return (at + prefix.len() + string(quoted, '"'), Some(true));
    }
    if quoted.starts_with('\'') && hashes == 0 {
        let mut chars = quoted.chars().skip(1);
        let (first, second) = (chars.next(), chars.next());
        // Else it is a lifetime.
        if first == Some('\\') || second == Some('\'') {
            return (at + prefix.len() + string(quoted, '\''), Some(true));
        }
    }
    (at + rest.chars().next().map_or(1, char::len_utf8), None)
}

/// Bytes of a literal from its first quote to its last.
fn string(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, char) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if char == '\\' {
            escaped = true;
        } else if char == quote {
            return at + 1;
        }
    }
    text.len()
}

/// Bytes of a comment in which others may stand.
fn block_comment(text: &str) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            (at, depth) = (at + 2, depth + 1);
        } else if rest.starts_with(b"*/") {
            (at, depth) = (at + 2, depth - 1);
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// The bytes from each `#[cfg(test)]` to the end of its item.
fn test_items(code: &str) -> Vec<(usize, usize)> {
    let mut items = Vec::new();
    let mut at = 0;
    while let Some(found) = code[at..].find("#[cfg(") {
        let start = at + found;
        let condition = code[start + "#[cfg(".len()..].trim_start();
        let rest = condition.strip_prefix("all(").unwrap_or(condition).trim_start();
        let is_test = rest.strip_prefix("test").is_some_and(|rest| rest.starts_with([')', ',', ' ']));
        at = if is_test { item_end(code, start) } else { start + 1 };
        if is_test {
            items.push((start, at));
        }
    }
    items
}

/// Where the item ends whose attributes begin here: at its `;`, behind its braces, or before a brace that is not its own.
fn item_end(code: &str, start: usize) -> usize {
    let mut at = start;
    while code[at..].trim_start().starts_with('#') {
        at = code.len() - code[at..].trim_start().len();
        at += 1 + closed(&code[at + 1..]);
    }
    let item = code[at..].trim_start();
    let is_import = ["use ", "pub use "].iter().any(|word| item.starts_with(word));
    let mut depth = 0;
    for (offset, byte) in code[at..].bytes().enumerate() {
        match byte {
            b'{' if depth == 0 && !is_import => return at + offset + closed(&code[at + offset..]),
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => return at + offset,
            b')' | b']' | b'}' => depth -= 1,
            b';' if depth == 0 => return at + offset + 1,
            _ => {}
        }
    }
    code.len()
}

/// Bytes from the bracket that the code begins with to the one that closes it.
fn closed(code: &str) -> usize {
    let mut depth = 0;
    for (at, byte) in code.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    code.len()
}
