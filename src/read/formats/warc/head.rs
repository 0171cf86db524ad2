//! Reads the lines before a record's block, or before an HTTP body, as named fields.

use crate::read::formats::warc::BEGINNING;

/// No head is longer.
pub(super) const MAX_HEAD_BYTES: usize = 64 << 10;

/// How far a head goes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// So many bytes, with the blank line that ends it.
    Whole(usize),
    /// Here, on a line of its own, another record begins.
    Broken(usize),
    /// It is longer than any head.
    TooLong,
    /// It goes on after these bytes.
    Open,
}

/// How far the head goes that `bytes` begin with. `line` is where the line begins that was not
/// complete when this was asked last, so that no line is looked at twice.
pub(super) fn extent(bytes: &[u8], line: &mut usize) -> Extent {
    while *line <= MAX_HEAD_BYTES {
        let rest = bytes.get(*line..).unwrap_or(&[]);
        let Some(length) = rest.iter().position(|&byte| byte == b'\n') else {
            return if bytes.len() > MAX_HEAD_BYTES { Extent::TooLong } else { Extent::Open };
        };
        if matches!(rest.get(..length), Some(b"" | b"\r")) {
            return Extent::Whole(*line + length + 1);
        }
        if *line > 0 && rest.starts_with(BEGINNING) {
            return Extent::Broken(*line);
        }
        *line += length + 1;
    }
    Extent::TooLong
}

/// A first line, and fields in their order.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) first: String,
    fields: Vec<(String, String)>,
}

impl Head {
    /// Lines may end with LF or CRLF. A line that begins with a space goes on with the field before
    /// it; one without a colon says nothing.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text.lines();
        let mut head = Head { first: lines.next().unwrap_or("").trim_end().to_owned(), fields: Vec::new() };
        for line in lines {
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = head.fields.last_mut() {
                    value.push_str(if value.is_empty() { "" } else { " " });
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                head.fields.push((name.trim().to_owned(), value.trim().to_owned()));
            }
        }
        head
    }

    /// The first field of a name, in any case; none if it is empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Bytes of its text.
    pub(super) fn size(&self) -> usize {
        self.first.len() + self.fields.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent_of(bytes: &[u8]) -> Extent {
        extent(bytes, &mut 0)
    }

    #[test]
    fn a_head_ends_with_a_blank_line_of_any_kind() {
        assert_eq!(extent_of(b"WARC/1.0\r\nA: b\r\n\r\nblock"), Extent::Whole(18));
        assert_eq!(extent_of(b"WARC/1.0\nA: b\n\nblock"), Extent::Whole(15));
        assert_eq!(extent_of(b"HTTP/1.1 200\n\r\n"), Extent::Whole(15));
        assert_eq!(extent_of(b"WARC/1.0\nA: b\n"), Extent::Open);
        assert_eq!(extent_of(b"WARC/1.0\nA: b\nWARC/1.0\n"), Extent::Broken(14));
    }

    #[test]
    fn a_head_without_an_end_is_told_early_and_looked_at_once() {
        let lines = b"a: b\n".repeat(MAX_HEAD_BYTES);
        assert_eq!(extent_of(&lines), Extent::TooLong);
        assert_eq!(extent_of(&vec![b'a'; MAX_HEAD_BYTES]), Extent::Open);
        assert_eq!(extent_of(&vec![b'a'; MAX_HEAD_BYTES + 1]), Extent::TooLong);
        let mut line = 0;
        assert_eq!(extent(b"one\ntwo\nthr", &mut line), Extent::Open);
        assert_eq!(line, 8);
        assert_eq!(extent(b"one\ntwo\nthree\n\n", &mut line), Extent::Whole(15));
    }

    #[test]
    fn names_are_found_in_any_case_and_folded_lines_are_joined() {
        let head = Head::read(
            b"HTTP/1.1 200 OK \r\ncontent-TYPE:text/html;\r\n\tcharset=utf-8\r\nnonsense\r\nEmpty:\r\n\r\n",
        );
        assert_eq!(head.first, "HTTP/1.1 200 OK");
        assert_eq!(head.get("Content-Type"), Some("text/html; charset=utf-8"));
        assert_eq!((head.get("empty"), head.get("nonsense")), (None, None));
    }
}
