//! Finds forgotten quotes in a row that cannot be right.

use crate::scan::find_byte;

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
    let ends_field = |byte: u8| byte == delimiter || byte == b'\n' || byte == b'\r';
    let next_quote = |from: usize| find_byte(raw, from, |byte| byte == b'"');
    let mut field_begins = true;
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        if !(byte == b'"' && field_begins) {
            field_begins = ends_field(byte);
            at += 1;
            continue;
        }
        let start = at;
        let mut from = at + 1;
        let end = loop {
            match next_quote(from) {
                Some(quote) if raw.get(quote + 1) == Some(&b'"') => from = quote + 2,
                end => break end,
            }
        };
        let next = end.and_then(|end| raw.get(end + 1));
        found.push(Quoted { start, end, clean: end.is_some() && next.is_none_or(|&next| ends_field(next)) });
        at = end.map_or(raw.len(), |end| end + 1);
        field_begins = false;
    }
    found
}

/// The first quote that does not close where it should: it is still open at the end, or it closes on a later line with
/// text behind it, because it was forgotten and pairs with the next row's.
pub(super) fn broken_quote(raw: &[u8], delimiter: u8) -> Option<usize> {
    let spans_lines = |quoted: &Quoted| {
        let end = quoted.end.unwrap_or(raw.len());
        raw.get(quoted.start..end).is_some_and(|inside| inside.contains(&b'\n'))
    };
    let broken = |quoted: &Quoted| !quoted.clean && (quoted.end.is_none() || spans_lines(quoted));
    quoted_fields(raw, delimiter).into_iter().find(broken).map(|quoted| quoted.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_quote_is_found_behind_doubled_ones() {
        assert_eq!(broken_quote(b"a,\"b\"\"c\",\"d", b','), Some(9));
        assert_eq!(broken_quote(b"a,\"b\"\"\"", b','), None);
        assert_eq!(broken_quote(b"a 5\" pipe,b", b','), None, "a quote inside a field opens nothing");
    }

    #[test]
    fn a_quote_that_pairs_with_one_on_a_later_line_is_found() {
        assert_eq!(broken_quote(b"2,\"open\n3,\"fine\"", b','), Some(2));
        assert_eq!(broken_quote(b"2,\"open\n3,\"open too\n", b','), Some(2));
        assert_eq!(broken_quote(b"2,a\"b,\"c\n3,a\"b,\"c", b','), Some(6), "the first of a chain");
        assert_eq!(broken_quote(b"2,\"two\nlines\"", b','), None);
        assert_eq!(broken_quote(b"2,\"one line\" and more", b','), None, "csv readers take that");
    }
}
