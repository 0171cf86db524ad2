//! Holds a document: decoded text with its name.

use crate::error::{Message, Position, counted};
use crate::text::extraction::Extraction;
use crate::text::signs::TextSigns;

/// Invalid bytes that decoding replaced with U+FFFD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// How many replacement characters were put in.
    pub count: usize,
    /// Line of the first invalid byte within the file, from 1; within the record where the file has
    /// no lines; 0 where the record has none either.
    pub line: u64,
    /// Offset of the first invalid byte within the file, from 0; within the record where the file
    /// has no lines.
    pub byte: u64,
}

/// One text to score, with everything that is needed to name it in a result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The name of the record; docs/reference/results.md#fields says how it is chosen.
    pub id: String,
    /// The path as the user gave it; `-` for standard input.
    pub path: String,
    /// Record number within the file, from 1; `None` where the file is one document.
    pub record: Option<u64>,
    /// Line in the file where the record begins, from 1; `None` where the file has no lines, as a
    /// web archive.
    pub line: Option<u64>,
    /// The decoded text without markup. All offsets count its bytes.
    pub text: String,
    /// Title from front matter; not part of the text.
    pub title: Option<String>,
    /// How the text was found, if it was written in HTML.
    pub extraction: Option<Extraction>,
    /// The extra columns that were asked for, in the order asked; `None` where the record has none.
    pub columns: Vec<Option<String>>,
    /// The places of the extra columns that are null, in a format that tells a null from a blank.
    pub nulls: Vec<usize>,
    /// Set if bytes of the input could not be read in its encoding.
    pub replaced: Option<Replaced>,
    /// How the file was read where its name says something else, or what is strange about it;
    /// parameters stand in backticks.
    pub reading: Option<&'static str>,
    /// The name of the file's encoding, or of the record's where the file has no lines, if it was
    /// guessed.
    pub guessed_encoding: Option<&'static str>,
    /// Signs that the text is not what its reader takes it for.
    pub signs: TextSigns,
    /// What there is to say about how its file is read: one sentence each, said with one document
    /// of the file.
    pub file_notes: Vec<Message>,
}

impl Document {
    /// Where the document begins.
    pub fn position(&self) -> Position {
        Position { path: Some(self.path.clone()), record: self.record, line: self.line }
    }

    /// Where it stands, for messages: path and line, or path and record where the file has no
    /// lines.
    pub fn place(&self) -> Position {
        Position { record: self.record.filter(|_| self.line.is_none()), ..self.position() }
    }

    /// What to tell a user about how the bytes were read: one sentence each.
    pub fn notes(&self) -> impl Iterator<Item = Message> {
        // What has lines was decoded as a whole.
        let decoded = Position { line: None, ..self.place() };
        let guess = self.guessed_encoding.map(|encoding| {
            Message::from(format!("{decoded}: not UTF-8; guessed to be {encoding} ("))
                .then(Message::naming("`encoding` sets another)"))
        });
        let replaced = self.replaced.map(|Replaced { count, line, byte }| {
            let place = match line {
                0 => decoded.to_string(),
                _ => format!("{decoded}, line {line}, byte {byte}"),
            };
            format!("{place}: {} replaced with U+FFFD", counted(count, "invalid sequence")).into()
        });
        let reading = self.reading.map(|reading| {
            let file = Position { record: None, ..decoded.clone() };
            Message::from(format!("{file}: ")).then(Message::naming(reading))
        });
        reading.into_iter().chain(guess).chain(replaced).chain(self.file_notes.iter().cloned())
    }
}

impl Document {
    /// A document of nothing but an id and a text.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Document { id: id.into(), text: text.into(), line: Some(1), ..Document::default() }
    }
}
