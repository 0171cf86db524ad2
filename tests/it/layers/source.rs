//! Reads a source file as code alone: blanks comments, literals and test items, and keeps every
//! line where it stands.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file of the library without its tests.
pub struct Source {
    /// Below src, with `/` between folders.
    pub path: String,
    /// The code: comments, strings and chars are blank.
    pub code: String,
    /// The modules with files of their own that are compiled for tests only.
    test_modules: Vec<String>,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let mut code = blank(text);
        let mut test_modules = Vec::new();
        for (start, end) in test_items(&code) {
            let declared = code[start..end].strip_suffix(';').and_then(|item| item.rsplit_once("mod "));
            test_modules.extend(declared.map(|(_, name)| name.trim().to_owned()));
            code.replace_range(start..end, &spaces(&code[start..end]));
        }
        Source { path: path.to_owned(), code, test_modules }
    }

    /// The modules that lead to the file: `["read", "formats"]` for src/read/formats/mod.rs, none
    /// for lib.rs.
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

/// Leaves out the files of modules that are compiled for tests only.
pub fn without_test_files(sources: Vec<Source>) -> Vec<Source> {
    let module = |source: &Source, name: &String| [source.module(), vec![name.clone()]].concat();
    let tests: Vec<Vec<String>> = sources
        .iter()
        .flat_map(|source| source.test_modules.iter().map(move |name| module(source, name)))
        .collect();
    let is_test = |source: &Source| tests.iter().any(|test| source.module().starts_with(test));
    sources.into_iter().filter(|source| !is_test(source)).collect()
}

/// Every file below src without those for tests, sorted by path.
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
    let is_rust = |file: &&PathBuf| file.extension().is_some_and(|extension| extension == "rs");
    without_test_files(files.iter().filter(is_rust).map(source).collect())
}

pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 128
}

/// As long as the text, with the same line ends.
fn spaces(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

/// Blanks comments, strings and chars.
fn blank(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after_word = out.bytes().next_back().is_some_and(is_word);
        let blanked = comment(rest).or_else(|| literal(rest, after_word));
        let length = blanked.unwrap_or(first.len_utf8());
        let (part, behind) = rest.split_at(length);
        if blanked.is_some() {
            out.push_str(&spaces(part))
        } else {
            out.push_str(part)
        }
        rest = behind;
    }
    out
}

/// Bytes of the comment that the text begins with.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    text.starts_with("/*").then(|| block_comment(text))
}

/// Bytes of the string or char that the text begins with. Behind a word, no prefix can stand.
fn literal(text: &str, after_word: bool) -> Option<usize> {
    let prefixes = ["br", "cr", "r", "b", "c", ""];
    let prefix =
        if after_word { "" } else { prefixes.into_iter().find(|prefix| text.starts_with(prefix))? };
    let hashed = &text[prefix.len()..];
    let quoted = hashed.trim_start_matches('#');
    let hashes = hashed.len() - quoted.len();
    let before = prefix.len() + hashes;
    if prefix.ends_with('r') && quoted.starts_with('"') {
        let close = format!("\"{}", "#".repeat(hashes));
        let end = quoted[1..].find(&close).map_or(quoted.len(), |end| 1 + end + close.len());
        return Some(before + end);
    }
    // What is no char is a lifetime.
    let is_char = || {
        let mut chars = quoted.chars().skip(1);
        chars.next() == Some('\\') || chars.next() == Some('\'')
    };
    let is_quoted = hashes == 0 && (quoted.starts_with('"') || (quoted.starts_with('\'') && is_char()));
    is_quoted.then(|| before + string(quoted, &quoted[..1]))
}

/// Bytes of a literal from its first quote to its last.
fn string(text: &str, quote: &str) -> usize {
    let mut escaped = false;
    for (at, char) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if char == '\\' {
            escaped = true;
        } else if quote.starts_with(char) {
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

/// Where the item ends whose attributes begin here: at its `;`, behind its braces, or before a
/// brace that is not its own.
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
