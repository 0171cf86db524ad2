//! Keeps the room of normal texts from text to text.

use std::borrow::Cow;

use crate::text::normalization::Change;
use crate::text::normalization::normalized::{Edit, Normalized};
use crate::text::normalization::writer::Writer;

/// Room for normal texts, which is used from text to text.
#[derive(Debug, Default)]
pub(crate) struct NormalBuffers {
    pub(super) texts: Vec<String>,
    pub(super) edits: Vec<Vec<Edit>>,
    pub(super) changes: Vec<Change>,
}

/// Bytes, and edits, of a text whose room is kept for the next one.
pub(super) const MAX_KEPT: usize = 1 << 16;

/// Texts whose room is kept: those of one document, and one to spare.
pub(super) const MAX_TEXTS: usize = 4;

impl NormalBuffers {
    /// Keeps the room of a text that is not needed any more, unless it is huge or there is enough.
    pub(crate) fn recycle(&mut self, normal: Normalized<'_>) {
        if let Cow::Owned(text) = normal.text
            && text.capacity() <= MAX_KEPT
            && normal.edits.capacity() <= MAX_KEPT
            && self.texts.len() < MAX_TEXTS
        {
            self.texts.push(text);
            self.edits.push(normal.edits);
        }
    }

    /// A writer with room for so many bytes.
    pub(super) fn writer(&mut self, capacity: usize) -> Writer {
        let (mut out, mut edits) =
            (self.texts.pop().unwrap_or_default(), self.edits.pop().unwrap_or_default());
        out.clear();
        out.reserve(capacity);
        edits.clear();
        Writer { out, edits, taken: 0 }
    }
}
