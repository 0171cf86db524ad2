//! Marks a part of a document's text by its bytes.

/// A range of UTF-8 byte positions in [`Document::text`](crate::Document); start is never past end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// The range `start..end`; if they stand the wrong way round, the empty range at `start`.
    #[inline]
    pub fn new(start: usize, end: usize) -> Self {
        Span { start, end: end.max(start) }
    }

    /// First byte.
    #[inline]
    pub fn start(self) -> usize {
        self.start
    }

    /// One past the last byte.
    #[inline]
    pub fn end(self) -> usize {
        self.end
    }

    /// Length in bytes.
    #[inline]
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether nothing lies in it.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The same range counted from a text that begins `by` bytes earlier.
    #[inline]
    pub fn shifted(self, by: usize) -> Self {
        Span { start: self.start + by, end: self.end + by }
    }

    /// The smallest range that holds both.
    #[inline]
    pub fn join(self, other: Span) -> Self {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The text it covers; empty when the range does not fall on character bounds of `text`.
    #[inline]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_the_wrong_way_round_is_empty() {
        assert!(Span::new(5, 3).is_empty());
        assert_eq!(Span::new(2, 5).shifted(10), Span::new(12, 15));
        assert_eq!(Span::new(2, 5).join(Span::new(7, 9)), Span::new(2, 9));
    }

    #[test]
    fn a_span_inside_a_character_covers_nothing() {
        assert_eq!(Span::new(0, 1).of("é"), "");
        assert_eq!(Span::new(0, 2).of("é"), "é");
    }
}
