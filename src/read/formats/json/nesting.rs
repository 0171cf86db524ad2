//! Finds the end of a JSON value by its brackets and strings, however it is cut into pieces.

use crate::scan::find_byte;

/// More brackets inside each other are taken for damage.
const MAX_DEPTH: usize = 1_000_000;

/// How far a value was followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Followed {
    /// It goes on behind the bytes.
    Open,
    /// It ends before this byte.
    Closed(usize),
    /// It is damaged at this byte: a bracket closes another kind, or a line ends inside a string.
    Broken(usize),
}

/// The brackets that are open inside a value, and whether a string is.
#[derive(Clone, Debug, Default)]
pub(super) struct Nesting {
    open: Vec<u8>,
    in_string: bool,
    is_escaped: bool,
}

impl Nesting {
    /// Inside a bracket.
    pub(super) fn inside(bracket: u8) -> Self {
        Nesting { open: vec![bracket], ..Nesting::default() }
    }

    /// Number of open brackets.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The innermost open bracket.
    pub(super) fn innermost(&self) -> Option<u8> {
        self.open.last().copied()
    }

    /// Whether a string is open.
    pub(super) fn is_in_string(&self) -> bool {
        self.in_string
    }

    /// Follows a value that begins with a bracket or a quotation mark through the next bytes.
    pub(super) fn follow(&mut self, bytes: &[u8]) -> Followed {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if self.in_string {
                match self.string(bytes, at) {
                    Ok(next) => at = next,
                    Err(broken) => return broken,
                }
            } else {
                match byte {
                    b'"' => self.in_string = true,
                    b'{' | b'[' if self.open.len() >= MAX_DEPTH => return Followed::Broken(at),
                    b'{' | b'[' => self.open.push(byte),
                    b'}' | b']' => match self.open.pop() {
                        // The brackets of ASCII that belong together are two apart.
                        Some(opening) if opening + 2 == byte => {}
                        _ => return Followed::Broken(at),
                    },
                    _ => {}
                }
                at += 1;
            }
            if self.open.is_empty() && !self.in_string {
                return Followed::Closed(at);
            }
        }
        Followed::Open
    }

    /// Follows the open string from a byte on; gives the byte behind what was followed.
    fn string(&mut self, bytes: &[u8], at: usize) -> Result<usize, Followed> {
        if std::mem::take(&mut self.is_escaped) {
            return Ok(at + 1);
        }
        let special = |byte: u8| byte == b'"' || byte == b'\\' || byte == b'\n';
        let Some(found) = find_byte(bytes, at, special) else { return Ok(bytes.len()) };
        match bytes.get(found) {
            Some(b'"') => self.in_string = false,
            Some(b'\\') => self.is_escaped = true,
            _ => return Err(Followed::Broken(found)),
        }
        Ok(found + 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn follow(text: &str) -> Followed {
        Nesting::default().follow(text.as_bytes())
    }

    #[test]
    fn a_value_ends_where_its_first_bracket_closes() {
        assert_eq!(follow(r#"{"a":[1,"}]\"",{}]} {"#), Followed::Closed(19));
        assert_eq!(follow(r#""a\\" b"#), Followed::Closed(5));
        assert_eq!(follow(r#"{"a":1"#), Followed::Open);
        assert_eq!(follow(r#"{"a":[1}"#), Followed::Broken(7));
        assert_eq!(follow("{\"a\":\"x\n\"}"), Followed::Broken(7));
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(text in "[{]?[\\[\\]{}\"\\\\\na1 ]{0,30}", cut in 0usize..30) {
            let text = format!("{{{text}");
            let cut = cut.min(text.len());
            let mut nesting = Nesting::default();
            let found = match nesting.follow(&text.as_bytes()[..cut]) {
                Followed::Open => match nesting.follow(&text.as_bytes()[cut..]) {
                    Followed::Open => Followed::Open,
                    Followed::Closed(at) => Followed::Closed(cut + at),
                    Followed::Broken(at) => Followed::Broken(cut + at),
                },
                ended => ended,
            };
            prop_assert_eq!(found, follow(&text));
        }
    }
}
