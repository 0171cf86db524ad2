//! A document: decoded text with its name.

/// Invalid bytes that decoding replaced by U+FFFD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// How many replacement characters were put in.
    pub count: usize,
    /// Line of the first invalid byte within the file, from 1.
    pub line: u64,
    /// Offset of the first invalid byte within the file, from 0.
    pub byte: u64,
}

/// One text to score, with everything that is needed to name it in a result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The name of the record; see the README for how it is chosen.
    pub id: String,
    /// The path as the user gave it; `-` for standard input.
    pub path: String,
    /// Record number within the file, from 1; `None` where the file is one document.
    pub record: Option<u64>,
    /// Line in the file where the record begins, from 1.
    pub line: u64,
    /// The decoded text without markup. All offsets count its bytes.
    pub text: String,
    /// Title from front matter; not part of the text.
    pub title: Option<String>,
    /// The extra columns that were asked for, in the order asked; `None` where the record has none.
    pub columns: Vec<Option<String>>,
    /// Set if bytes of the input could not be read in its encoding.
    pub replaced: Option<Replaced>,
    /// The name of the file's encoding, if it was guessed.
    pub guessed_encoding: Option<&'static str>,
}

impl Document {
    /// What to tell a user about how the bytes were read: one sentence each.
    pub fn notes(&self) -> impl Iterator<Item = String> {
        let guess = self.guessed_encoding.map(|encoding| {
            format!("{}: not UTF-8; read as {encoding}, a guess (--encoding names another)", self.path)
        });
        let replaced = self.replaced.map(|Replaced { count, line, byte }| {
            format!("{}, line {line}, byte {byte}: {count} invalid sequence(s) replaced by U+FFFD", self.path)
        });
        guess.into_iter().chain(replaced)
    }
}

impl Document {
    /// A document of nothing but an id and a text.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Document { id: id.into(), text: text.into(), line: 1, ..Document::default() }
    }
}
