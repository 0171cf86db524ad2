//! Writes a normal text, and notes where it differs from its source.

use crate::text::normalization::normalized::Edit;
use crate::text::span::Span;

/// Writes a new text from an old one.
pub(super) struct Writer {
    pub out: String,
    pub edits: Vec<Edit>,
    /// How many bytes of the old text are dealt with.
    pub taken: usize,
}

impl Writer {
    /// Copies what the old text holds up to a place.
    #[inline]
    pub(super) fn copy(&mut self, text: &str, to: usize) {
        self.out.push_str(text.get(self.taken..to).unwrap_or(""));
        self.taken = self.taken.max(to);
    }

    /// Notes that what was written from `start` on stands for `source`.
    #[inline]
    pub(super) fn edit(&mut self, start: usize, source: Span) {
        self.edits.push(Edit {
            normal: start as u32,
            normal_len: (self.out.len() - start) as u32,
            source: source.start() as u32,
            source_len: source.len() as u32,
        });
    }

    /// Copies an edit of the old text.
    #[inline]
    pub(super) fn keep(&mut self, text: &str, edit: &Edit) {
        self.copy(text, edit.normal_span().start());
        let start = self.out.len();
        self.copy(text, edit.normal_span().end());
        self.edit(start, edit.source_span());
    }
}
