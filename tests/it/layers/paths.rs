//! Finds the paths that a source file names, in imports and in code, and resolves those that begin
//! in the crate.

use super::source::{Source, is_word};

/// A path as it is written, and where it leads.
pub struct Named {
    /// Byte of the code at which its first word stands.
    pub at: usize,
    /// From the root of the crate: `["text", "Span"]` for `crate::text::Span`.
    pub inside: Option<Vec<String>>,
    /// The first word of a path that does not begin with `crate`, `self` or `super`.
    pub outside: Option<String>,
    /// The name by which an import makes it known in its module.
    pub alias: Option<String>,
    /// Of the module that names it, where that is a module inside the file too.
    pub module: Vec<String>,
}

struct Token<'s> {
    at: usize,
    text: &'s str,
}

/// Splits code into words, `::`, arrows and single signs.
fn tokens(code: &str) -> Vec<Token<'_>> {
    let bytes = code.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let end = if is_word(bytes[at]) {
            at + bytes[at..].iter().take_while(|byte| is_word(**byte)).count()
        } else if ["::", "->", "=>"].iter().any(|sign| bytes[at..].starts_with(sign.as_bytes())) {
            at + 2
        } else {
            at + 1
        };
        if !bytes[at].is_ascii_whitespace() {
            tokens.push(Token { at, text: &code[at..end] });
        }
        at = end;
    }
    tokens
}

struct Reader<'s> {
    tokens: Vec<Token<'s>>,
    at: usize,
    named: Vec<Named>,
    module: Vec<String>,
}

/// Every path in the file, those of imports one by one.
pub fn named(source: &Source) -> Vec<Named> {
    let mut reader =
        Reader { tokens: tokens(&source.code), at: 0, named: Vec::new(), module: source.module() };
    // The depth of braces at which each module inside the file begins.
    let (mut depth, mut inner) = (0, Vec::new());
    while reader.at < reader.tokens.len() {
        match reader.text(0) {
            "use" if reader.text(1) != "<" => {
                reader.at += 1;
                reader.import(Vec::new());
            }
            "mod" if reader.text(2) == "{" => {
                inner.push(depth);
                let name = reader.text(1).to_owned();
                reader.module.push(name);
                reader.at += 2;
            }
            "{" => (depth, reader.at) = (depth + 1, reader.at + 1),
            "}" => {
                (depth, reader.at) = (depth - 1, reader.at + 1);
                if inner.last() == Some(&depth) {
                    inner.pop();
                    reader.module.pop();
                }
            }
            _ => reader.path(),
        }
    }
    reader.named
}

impl Reader<'_> {
    fn text(&self, ahead: usize) -> &str {
        self.tokens.get(self.at + ahead).map_or("", |token| token.text)
    }

    fn is_name(&self) -> bool {
        self.text(0).bytes().next().is_some_and(is_word)
    }

    /// Reads one tree of an import behind the words that lead to it.
    fn import(&mut self, mut words: Vec<String>) {
        let start = self.tokens.get(self.at).map_or(0, |token| token.at);
        loop {
            if self.text(0) == "{" {
                self.at += 1;
                while !["}", ""].contains(&self.text(0)) {
                    self.import(words.clone());
                    if self.text(0) == "," {
                        self.at += 1;
                    }
                }
                self.at += 1;
                return;
            }
            if self.text(0) == "::" {
                self.at += 1;
                continue;
            }
            if self.text(0) == "r" && self.text(1) == "#" {
                self.at += 2;
            }
            if !self.is_name() && self.text(0) != "*" {
                // Nothing that is known: never stand still.
                self.at += 1;
                return;
            }
            words.push(self.text(0).to_owned());
            self.at += 1;
            if self.text(0) != "::" {
                break;
            }
        }
        if words.len() > 1 && words.last().is_some_and(|last| last == "self") {
            words.pop();
        }
        let mut alias = words.last().cloned();
        if self.text(0) == "as" {
            alias = Some(self.text(1).to_owned());
            self.at += 2;
        }
        self.add(&words, start, alias);
    }

    /// Reads a path in code if one begins here, else one token.
    fn path(&mut self) {
        let follows = self.at > 0 && self.tokens[self.at - 1].text == "::";
        if !self.is_name() || self.text(1) != "::" || (follows && !self.is_from_outside()) {
            self.at += 1;
            return;
        }
        let start = self.tokens[self.at].at;
        let mut words = Vec::new();
        while self.is_name() {
            words.push(self.text(0).to_owned());
            self.at += 1;
            if self.text(0) != "::" {
                break;
            }
            self.at += 1;
        }
        self.add(&words, start, None);
    }

    /// Whether the `::` before this begins a path, as in `::csv::Reader`.
    fn is_from_outside(&self) -> bool {
        let before = self.at.checked_sub(2).map_or("", |at| self.tokens[at].text);
        !(before == ">" || before.bytes().next().is_some_and(is_word))
    }

    fn add(&mut self, words: &[String], at: usize, alias: Option<String>) {
        let mut module = self.module.clone();
        let rest = match words[0].as_str() {
            "crate" => {
                module.clear();
                &words[1..]
            }
            "self" => &words[1..],
            "super" => {
                let up = words.iter().take_while(|word| *word == "super").count();
                module.truncate(module.len().saturating_sub(up));
                &words[up..]
            }
            _ => {
                let outside = Some(words[0].clone());
                self.named.push(Named { at, inside: None, outside, alias, module: self.module.clone() });
                return;
            }
        };
        module.extend(rest.iter().cloned());
        let inside = Some(module);
        self.named.push(Named { at, inside, outside: None, alias, module: self.module.clone() });
    }
}
