//! Judges the quotes of a row: which enclose a field, which were forgotten, and which are
//! characters of a text.

use crate::read::formats::delimited::dialect::Dialect;
use crate::scan::find_byte;

/// A quoted field of some record.
struct Quoted {
    start: usize,
    /// Where the closing quote stands; `None` if it is still open at the end.
    end: Option<usize>,
    /// Whether a delimiter, a line end or nothing follows the closing quote.
    clean: bool,
}

/// The quoted fields of some records. A quote opens only at the beginning of a field, and a doubled
/// quote inside does not close it: the csv crate's rules.
fn quoted_fields(raw: &[u8], dialect: Dialect) -> impl Iterator<Item = Quoted> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        let quote = dialect.quote?;
        loop {
            let start = find_byte(raw, from, |byte| byte == quote)?;
            let before = start.checked_sub(1).and_then(|before| raw.get(before));
            if !before.is_none_or(|&byte| ends_field(byte, dialect)) {
                from = start + 1;
                continue;
            }
            let end = closing_quote(raw, start + 1, dialect);
            let next = end.and_then(|end| raw.get(end + 1));
            from = end.map_or(raw.len(), |end| end + 1);
            let clean = end.is_some() && next.is_none_or(|&next| ends_field(next, dialect));
            return Some(Quoted { start, end, clean });
        }
    })
}

fn ends_field(byte: u8, dialect: Dialect) -> bool {
    byte == dialect.delimiter || byte == b'\n' || byte == b'\r'
}

/// The quote that closes the field which was opened before `from`.
fn closing_quote(raw: &[u8], mut from: usize, dialect: Dialect) -> Option<usize> {
    let quote = dialect.quote?;
    let escape = dialect.escape.unwrap_or(quote);
    loop {
        let at = find_byte(raw, from, |byte| byte == quote || byte == escape)?;
        let is_escape = raw.get(at) != Some(&quote);
        if !is_escape && raw.get(at + 1) != Some(&quote) {
            return Some(at);
        }
        from = at + 2;
    }
}

/// Whether every quote that opens a field closes it.
pub(super) fn is_clean(raw: &[u8], dialect: Dialect) -> bool {
    quoted_fields(raw, dialect).all(|quoted| quoted.clean)
}

/// The first quote that does not close where it should: it is still open at the end, or it closes
/// on a later line with text behind it, because it was forgotten and pairs with the next row's.
pub(super) fn broken_quote(raw: &[u8], dialect: Dialect) -> Option<usize> {
    let spans_lines = |quoted: &Quoted| {
        let end = quoted.end.unwrap_or(raw.len());
        raw.get(quoted.start..end).is_some_and(|inside| inside.contains(&b'\n'))
    };
    let broken = |quoted: &Quoted| !quoted.clean && (quoted.end.is_none() || spans_lines(quoted));
    quoted_fields(raw, dialect).find(broken).map(|quoted| quoted.start)
}

/// What the quotes of a record tell about who wrote it.
pub(super) struct QuotedFields {
    /// Fields whose quotes enclose them.
    pub(super) clean: usize,
    /// Fields whose quotes do not.
    broken: usize,
    /// Whether an enclosed field holds what needs quotes: a delimiter, a line end, a quote.
    pub(super) hides_something: bool,
    /// Whether it is a quote.
    hides_quotes: bool,
}

impl QuotedFields {
    pub(super) fn new(raw: &[u8], dialect: Dialect) -> Self {
        let mut counts = QuotedFields { clean: 0, broken: 0, hides_something: false, hides_quotes: false };
        for quoted in quoted_fields(raw, dialect) {
            counts.clean += usize::from(quoted.clean);
            counts.broken += usize::from(!quoted.clean);
            let inside = quoted.end.and_then(|end| raw.get(quoted.start + 1..end)).unwrap_or(&[]);
            let needs_quotes = |&byte: &u8| ends_field(byte, dialect) || Some(byte) == dialect.quote;
            counts.hides_something |= quoted.clean && inside.iter().any(needs_quotes);
            counts.hides_quotes |= quoted.clean && inside.iter().any(|&byte| Some(byte) == dialect.quote);
        }
        counts
    }

    pub(super) fn is_clean(&self) -> bool {
        self.broken == 0
    }
}

/// How a record is to be taken that the csv crate's rules give.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Judgment {
    /// As it is.
    Sound,
    /// As it is, though each of its lines has as many fields as the header: it may be several rows.
    Doubtful,
    /// Its first line, of so many bytes, is a row in which quotes that do not close are characters.
    Characters(usize),
    /// A quote was forgotten here.
    Broken(usize),
}

/// Judges a record of a file whose header has `width` columns. Where the delimiter hardly ever
/// stands in texts, lines of as many fields as the header are rows, whatever quotes stand in them;
/// with a comma nobody can tell. A width of 0 lets quotes be nothing but quotes. `is_clean` says
/// what [`is_clean`] does.
pub(super) fn judge(raw: &[u8], is_clean: bool, dialect: Dialect, width: usize) -> Judgment {
    let spans_lines = raw.trim_ascii().contains(&b'\n');
    if is_clean && !spans_lines {
        return Judgment::Sound;
    }
    let has_rare_delimiter = dialect.has_rare_delimiter(width);
    let mut lines = raw.split_inclusive(|&byte| byte == b'\n');
    let first = lines.next().unwrap_or(raw);
    let is_row = match (is_clean, spans_lines) {
        (true, _) => {
            let fields = |line: &[u8]| 1 + line.iter().filter(|&&byte| byte == dialect.delimiter).count();
            let is_line = |line: &[u8]| fields(line) == width;
            // In a single column a program that quotes doubles the quotes of a text, and a text has
            // blank lines.
            let may_be_lines =
                width > 1 || !QuotedFields::new(raw, dialect).hides_quotes && !has_blank_line(raw);
            let are_lines = width > 0 && may_be_lines && is_line(first) && lines.all(is_line);
            if are_lines && !has_rare_delimiter {
                return Judgment::Doubtful;
            }
            are_lines
        }
        (false, true) => {
            let is_line = |line: &[u8]| split_line(line, dialect).len() == width;
            has_rare_delimiter && is_line(first) && lines.next().is_none_or(is_line)
        }
        (false, false) => {
            let is_closed = broken_quote(raw, dialect).is_none();
            (is_closed || has_rare_delimiter) && split_line(first, dialect).len() == width
        }
    };
    if is_row {
        return Judgment::Characters(first.len());
    }
    if is_clean {
        return Judgment::Sound;
    }
    broken_quote(raw, dialect).map_or(Judgment::Sound, Judgment::Broken)
}

/// Whether a record has a blank line before its end.
fn has_blank_line(raw: &[u8]) -> bool {
    raw.trim_ascii().split(|&byte| byte == b'\n').any(|line| line.trim_ascii().is_empty())
}

/// The fields of one line; quotes that do not enclose a field are characters.
pub(super) fn split_line(line: &[u8], dialect: Dialect) -> Vec<Vec<u8>> {
    let mut fields = Vec::new();
    let mut rest = line.strip_suffix(b"\n").unwrap_or(line);
    rest = rest.strip_suffix(b"\r").unwrap_or(rest);
    loop {
        let enclosed = quoted_fields(rest, dialect).next().filter(|quoted| quoted.start == 0 && quoted.clean);
        let (field, length) = match enclosed.and_then(|quoted| quoted.end) {
            Some(end) => (unquoted(rest.get(1..end).unwrap_or(&[]), dialect), end + 1),
            None => {
                let length = find_byte(rest, 0, |byte| byte == dialect.delimiter).unwrap_or(rest.len());
                (rest.get(..length).unwrap_or(&[]).to_vec(), length)
            }
        };
        fields.push(field);
        match rest.get(length + 1..).filter(|_| length < rest.len()) {
            Some(more) => rest = more,
            None => return fields,
        }
    }
}

/// What stands between two quotes.
fn unquoted(inside: &[u8], dialect: Dialect) -> Vec<u8> {
    let mut field = Vec::with_capacity(inside.len());
    let mut bytes = inside.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        let is_doubled = Some(byte) == dialect.quote && bytes.peek() == Some(&byte);
        let is_escape =
            Some(byte) == dialect.escape && bytes.peek().is_some_and(|&next| Some(next) == dialect.quote);
        if is_doubled || is_escape {
            bytes.next();
        }
        field.push(if is_escape { dialect.quote.unwrap_or(byte) } else { byte });
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: Dialect = Dialect { delimiter: b',', quote: Some(b'"'), escape: None };
    const TAB: Dialect = Dialect { delimiter: b'\t', ..COMMA };

    fn judge(raw: &[u8], dialect: Dialect, width: usize) -> Judgment {
        super::judge(raw, is_clean(raw, dialect), dialect, width)
    }

    #[test]
    fn an_open_quote_is_found_behind_doubled_ones() {
        assert_eq!(broken_quote(b"a,\"b\"\"c\",\"d", COMMA), Some(9));
        assert_eq!(broken_quote(b"a,\"b\"\"\"", COMMA), None);
        assert_eq!(broken_quote(b"a 5\" pipe,b", COMMA), None, "a quote inside a field opens nothing");
    }

    #[test]
    fn a_quote_that_pairs_with_one_on_a_later_line_is_found() {
        assert_eq!(broken_quote(b"2,\"open\n3,\"fine\"", COMMA), Some(2));
        assert_eq!(broken_quote(b"2,\"open\n3,\"open too\n", COMMA), Some(2));
        assert_eq!(broken_quote(b"2,a\"b,\"c\n3,a\"b,\"c", COMMA), Some(6), "the first of a chain");
        assert_eq!(broken_quote(b"2,\"two\nlines\"", COMMA), None);
        assert_eq!(broken_quote(b"2,\"one line\" and more", COMMA), None, "csv readers take that");
    }

    #[test]
    fn an_escaped_quote_closes_nothing() {
        let escaped = Dialect { escape: Some(b'\\'), ..COMMA };
        assert!(is_clean(b"1,\"he \\\"said\\\" so\",x", escaped));
        assert!(!is_clean(b"1,\"he \\\"said\\\" so\",x", COMMA));
        assert!(is_clean(b"1,\"C:\\\\\",x", escaped));
    }

    #[test]
    fn lines_of_as_many_tabs_as_the_header_are_rows() {
        let judged = |raw: &str| judge(raw.as_bytes(), TAB, 3);
        assert_eq!(judged("2\t\"I will\ta\n3\tnot\"\tb\n"), Judgment::Characters(12));
        assert_eq!(judged("2\ta\t\"I will\n3\tb\tnot\"\n"), Judgment::Characters(12));
        assert_eq!(judged("2\t\"never closed\ta\n3\tx\tb\n"), Judgment::Characters(18));
        assert_eq!(judged("2\t\"yes\" he said\ta\n"), Judgment::Characters(18));
        for quoted in
            ["2\t\"two\nlines\"\ta\n", "2\ta\t\"two\nlines\"\n", "2\t\"a\tb\"\tc\n", "2\t\"a\"\tc\n"]
        {
            assert_eq!(judged(quoted), Judgment::Sound, "{quoted}");
        }
        assert_eq!(judged("2\t\"two\nlines\" x\ta\n"), Judgment::Broken(2));
    }

    #[test]
    fn with_commas_a_quote_that_spans_lines_is_broken_or_sound() {
        assert_eq!(judge(b"2,\"I will,a\n3,not\",b\n", COMMA, 3), Judgment::Doubtful);
        assert_eq!(judge(b"2,\"I will,\nnot\",b\n", COMMA, 3), Judgment::Sound);
        assert_eq!(judge(b"2,\"open,a\n3,x,b\n", COMMA, 3), Judgment::Broken(2));
        assert_eq!(judge(b"2,\"yes\" he said,a\n", COMMA, 3), Judgment::Characters(18));
        assert_eq!(judge(b"2,\"yes, no\" he said,a\n", COMMA, 3), Judgment::Sound, "only so it has 3 fields");
    }

    #[test]
    fn lines_of_a_single_column_may_be_rows() {
        assert_eq!(judge(b"\"It rained\nand snowed\"\n", TAB, 1), Judgment::Doubtful);
        assert_eq!(judge(b"\"It rained\nand snowed\"\n", COMMA, 1), Judgment::Doubtful);
        for quoted in [
            "\"It rained\n\nand snowed\"\n",
            "\"It \"\"rained\"\"\nand snowed\"\n",
            "\"It rained, and\nsnowed\"\n",
        ] {
            assert_eq!(judge(quoted.as_bytes(), COMMA, 1), Judgment::Sound, "{quoted}");
        }
        assert_eq!(judge(b"\"It rained\nand snowed\"\n", COMMA, 0), Judgment::Sound);
    }

    #[test]
    fn a_line_is_split_with_its_quotes() {
        let split = |line: &str| -> Vec<String> {
            let fields = split_line(line.as_bytes(), TAB).into_iter();
            fields.map(|field| String::from_utf8(field).unwrap()).collect()
        };
        assert_eq!(
            split("1\t\"a \"\"b\"\"\tc\"\t\"yes\" x\t\"open\r\n"),
            ["1", "a \"b\"\tc", "\"yes\" x", "\"open"]
        );
        assert_eq!(split("\t\n"), ["", ""]);
        assert_eq!(split("\"a\"\t"), ["a", ""]);
    }
}
