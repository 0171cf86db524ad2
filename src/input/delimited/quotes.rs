//! Quotes that were forgotten: where they stand in a row that cannot be right.

/// A quoted field of some record.
struct Quoted {
    start: usize,
    /// Where the closing quote stands; `None` if it is still open at the end.
    end: Option<usize>,
    /// Whether a delimiter, a line end or nothing follows the closing quote.
    clean: bool,
}

/// The quoted fields of some records. A quote opens only at the beginning of a field, and a doubled quote inside does not
/// close it: the csv crate's rules.
fn quoted_fields(raw: &[u8], delimiter: u8) -> Vec<Quoted> {
    let mut found: Vec<Quoted> = Vec::new();
    let mut open = None;
    let ends_field = |byte: u8| byte == delimiter || byte == b'\n' || byte == b'\r';
    let mut field_begins = true;
    let mut bytes = raw.iter().copied().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        match (open, byte) {
            (None, b'"') if field_begins => open = Some(at),
            (Some(start), b'"') if bytes.next_if(|&(_, next)| next == b'"').is_none() => {
                let clean = bytes.peek().is_none_or(|&(_, next)| ends_field(next));
                found.push(Quoted { start, end: Some(at), clean });
                open = None;
            }
            _ => {}
        }
        field_begins = open.is_none() && ends_field(byte);
    }
    found.extend(open.map(|start| Quoted { start, end: None, clean: false }));
    found
}

/// The quote that is still open at the end.
pub(super) fn unclosed_quote(raw: &[u8], delimiter: u8) -> Option<usize> {
    quoted_fields(raw, delimiter).last().filter(|quoted| quoted.end.is_none()).map(|quoted| quoted.start)
}

/// The quote that was forgotten on one line and pairs with one on a later line: text follows where it closes, or the
/// row has another width than the header.
pub(super) fn paired_quote(raw: &[u8], delimiter: u8, wrong_width: bool) -> Option<usize> {
    let spans_lines = |quoted: &Quoted| {
        let inside = quoted.end.and_then(|end| raw.get(quoted.start..end));
        inside.is_some_and(|inside| inside.contains(&b'\n'))
    };
    let broken = |quoted: &Quoted| (wrong_width || !quoted.clean) && spans_lines(quoted);
    quoted_fields(raw, delimiter).into_iter().find(broken).map(|quoted| quoted.start)
}

/// In a sound row each quote inside a quoted field is written twice, and each quoted field has two more.
pub(super) fn quotes_are_odd(raw: &[u8]) -> bool {
    !raw.iter().filter(|&&byte| byte == b'"').count().is_multiple_of(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_quote_is_found_behind_doubled_ones() {
        assert_eq!(unclosed_quote(b"a,\"b\"\"c\",\"d", b','), Some(9));
        assert_eq!(unclosed_quote(b"a,\"b\"\"\"", b','), None);
        assert_eq!(unclosed_quote(b"a 5\" pipe,b", b','), None, "a quote inside a field opens nothing");
    }

    #[test]
    fn a_quote_that_pairs_with_one_on_a_later_line_is_found() {
        let row = b"2,\"open\n3,\"fine\"";
        assert!(quotes_are_odd(row));
        assert_eq!(paired_quote(row, b',', false), Some(2));
        let sound = b"2,\"two\nlines\"";
        assert_eq!(paired_quote(sound, b',', false), None);
        assert_eq!(paired_quote(sound, b',', true), Some(2));
    }
}
