//! Holds a normal text, and maps places in it to places in its source and back.

use std::borrow::Cow;

use crate::text::span::Span;

/// A text in its normal form, which knows where each part of it stands in the text that it was made
/// from.
#[derive(Clone, Debug)]
pub(crate) struct Normalized<'t> {
    pub(super) text: Cow<'t, str>,
    /// In order; they do not overlap.
    pub(super) edits: Vec<Edit>,
}

/// A stretch of the text that has another form in the normal text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edit {
    pub normal: u32,
    pub normal_len: u32,
    pub source: u32,
    pub source_len: u32,
}

impl Normalized<'_> {
    /// The normal text.
    #[inline]
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The place in the source of a place in the normal text.
    pub(crate) fn source(&self, normal: Span) -> Span {
        let at = |edit: &Edit| (edit.normal_span(), edit.source_span());
        Span::new(self.moved_start(normal.start(), at), self.moved_end(normal.end(), at))
    }

    /// The place in the normal text of a place in the source.
    pub(crate) fn normal(&self, source: Span) -> Span {
        let at = |edit: &Edit| (edit.source_span(), edit.normal_span());
        Span::new(self.moved_start(source.start(), at), self.moved_end(source.end(), at))
    }

    /// Moves a place where something begins: behind what was taken out there. `spans` gives where
    /// an edit stands now, and where in the other text.
    fn moved_start(&self, place: usize, spans: impl Fn(&Edit) -> (Span, Span)) -> usize {
        let before = self.edits.partition_point(|edit| spans(edit).0.start() <= place);
        match before.checked_sub(1).and_then(|last| self.edits.get(last)).map(spans) {
            None => place,
            Some((here, there)) if place >= here.end() => there.end() + (place - here.end()),
            Some((_, there)) => there.start(),
        }
    }

    /// Moves a place where something ends: before what was taken out there.
    fn moved_end(&self, place: usize, spans: impl Fn(&Edit) -> (Span, Span)) -> usize {
        let before = self.edits.partition_point(|edit| spans(edit).0.start() < place);
        match before.checked_sub(1).and_then(|last| self.edits.get(last)).map(spans) {
            None => place,
            Some((here, there)) if place >= here.end() => there.end() + (place - here.end()),
            Some((_, there)) => there.end(),
        }
    }
}

impl Edit {
    /// Where it stands in the normal text.
    #[inline]
    pub(super) fn normal_span(&self) -> Span {
        let start = self.normal as usize;
        Span::new(start, start + self.normal_len as usize)
    }

    /// Where it stands in the source.
    #[inline]
    pub(super) fn source_span(&self) -> Span {
        let start = self.source as usize;
        Span::new(start, start + self.source_len as usize)
    }
}
