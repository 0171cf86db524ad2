//! Finds the line with the column names: behind Excel's `sep=;`, and below title rows.

use memchr::{memchr, memchr_iter, memmem};

use crate::read::formats::delimited::dialect::{DELIMITERS, Dialect, most_frequent_delimiter};
use crate::read::formats::delimited::enclosed::{is_quoted, without_separators};
use crate::read::formats::delimited::parser::parse_line;
use crate::read::formats::delimited::records::{Records, Sample};
use crate::read::options::InputOptions;
use crate::read::tables::text_column;

/// Lines in which the column names are looked for.
const MAX_LINES: u64 = 20;

/// Columns that a table below titles has at least, to be told from a text. A line of an article may
/// be one word.
const MIN_TITLED_WIDTH: usize = 2;

/// Where the column names stand.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct HeaderPlace {
    pub(super) delimiter: u8,
    /// Bytes before its line.
    pub(super) offset: usize,
    /// Lines before it.
    pub(super) lines: u64,
    /// Whether titles above it were passed over that nobody told of.
    pub(super) is_below_titles: bool,
    /// Whether all text columns stand in it.
    pub(super) has_texts: bool,
}

/// A line in which the column names may stand.
#[derive(Clone, Copy)]
struct Line<'b> {
    bytes: &'b [u8],
    offset: usize,
    /// Lines before it.
    before: u64,
}

/// The place of the header in the beginning of a file; `None` if it has no line of the number that
/// the options give.
pub(super) fn find(sample: &[u8], options: &InputOptions) -> Option<HeaderPlace> {
    let told = lines(sample).next().and_then(|first| separator(first.bytes));
    let skipped = usize::from(told.is_some());
    let delimiter = options.delimiter.or(told);
    if let Some(row) = options.header_row {
        let line = lines(sample).nth(usize::try_from(row.checked_sub(1)?).ok()?)?;
        return Some(place(line, delimiter, options));
    }
    let lines = || lines(sample).skip(skipped).filter(|line| !is_blank(line.bytes));
    let near = lines().take_while(|line| line.before < MAX_LINES);
    below_titles(near, delimiter, options)
        .or_else(|| lines().next().map(|line| place(line, delimiter, options)))
}

/// Whether a text begins with a header in which all text columns stand, or one column that is
/// likely to hold the texts, or is nothing but a table below titles.
pub(crate) fn has_header(head: &[u8], options: &InputOptions) -> bool {
    // A text may hold a table further down.
    let place = find(head, options).filter(|place| place.has_texts);
    place.is_some_and(|place| !place.is_below_titles || is_titled_table(head, options))
        || begins_with_likely_texts(head, options)
}

/// Whether a text begins with the column names of a table, one of which is likely to hold the
/// texts. In a line of prose, a blank follows a comma.
fn begins_with_likely_texts(head: &[u8], options: &InputOptions) -> bool {
    const MAX_LINE: usize = 4 << 10;
    let Some(end) = memchr(b'\n', head).filter(|&end| options.guess_text_column && end <= MAX_LINE) else {
        return false;
    };
    let Some(line) = head.get(..end).and_then(|line| std::str::from_utf8(line).ok()) else { return false };
    let line = line.trim_start_matches('\u{feff}').trim_end_matches('\r');
    DELIMITERS.iter().any(|&delimiter| {
        let names = line.split(char::from(delimiter)).map(|name| name.trim_matches('"'));
        names.clone().nth(1).is_some()
            && !names.clone().any(|name| name.starts_with(' '))
            && text_column::guess(names, options).is_some()
    })
}

/// Whether a text is a table below titles: every row from its header on is as wide.
pub(crate) fn is_titled_table(sample: &[u8], options: &InputOptions) -> bool {
    let Some(place) = find(sample, options).filter(|place| place.has_texts && place.is_below_titles) else {
        return false;
    };
    let rows = Sample { bytes: sample.get(place.offset..).unwrap_or(&[]), is_whole: false };
    let mut records = Records::new(rows, Dialect::new(place.delimiter, options));
    let mut widths = Vec::new();
    while records.advance().is_some() {
        widths.push(records.parser.fields);
    }
    let width = widths.first().copied().unwrap_or(0);
    width >= MIN_TITLED_WIDTH && widths.len() > 1 && widths.iter().all(|other| *other == width)
}

/// The first line in which all wanted columns stand, or else all text columns, with nothing but
/// titles above it: lines with fewer names.
fn below_titles<'b>(
    lines: impl Iterator<Item = Line<'b>>,
    delimiter: Option<u8>,
    options: &InputOptions,
) -> Option<HeaderPlace> {
    let mut most_above = 0;
    let mut with_texts = None;
    let lines: Vec<_> = lines.map(|line| (line, delimiter_of_texts(line, delimiter, options))).collect();
    // Nearly no text has such a line, and its other lines need not be taken apart.
    let last = lines.iter().rposition(|(_, found)| found.is_some())?;
    for (line, found) in lines.into_iter().take(last + 1) {
        let place = place_of(line, found, delimiter);
        let names = names(Dialect::new(place.delimiter, options), line.bytes);
        let named = names.iter().filter(|name| !name.is_empty()).count();
        if place.has_texts && named > most_above {
            let place = HeaderPlace { is_below_titles: most_above > 0, ..place };
            if options.required_columns().all(|column| names.contains(column)) {
                return Some(place);
            }
            with_texts.get_or_insert(place);
        }
        most_above = most_above.max(named);
    }
    with_texts
}

/// How many lines stand before the first of the next ones in which all wanted columns stand.
pub(super) fn wanted_below(sample: &[u8], options: &InputOptions) -> Option<u64> {
    let has_all = |line: &Line<'_>| {
        delimiter_of_texts(*line, options.delimiter, options).is_some_and(|delimiter| {
            let names = names(Dialect::new(delimiter, options), line.bytes);
            options.required_columns().all(|column| names.contains(column))
        })
    };
    lines(sample).take_while(|line| line.before < MAX_LINES).find(has_all).map(|line| line.before)
}

/// The delimiter with which all text columns stand in a line: that which is given, or one of those
/// that are detected.
fn delimiter_of_texts(line: Line<'_>, delimiter: Option<u8>, options: &InputOptions) -> Option<u8> {
    let texts = &options.preparation.text_columns;
    let has_texts = |delimiter: &u8| {
        let names = names(Dialect::new(*delimiter, options), line.bytes);
        !texts.is_empty() && texts.iter().all(|column| names.contains(column))
    };
    let candidates = delimiter.as_ref().map_or(&DELIMITERS[..], std::slice::from_ref);
    let may_have_texts = texts.iter().all(|column| may_hold(line.bytes, column, options));
    if may_have_texts { candidates.iter().copied().find(has_texts) } else { None }
}

fn place(line: Line<'_>, delimiter: Option<u8>, options: &InputOptions) -> HeaderPlace {
    place_of(line, delimiter_of_texts(line, delimiter, options), delimiter)
}

/// The place of a line in which all text columns stand with the delimiter `found`, if there is one.
fn place_of(line: Line<'_>, found: Option<u8>, delimiter: Option<u8>) -> HeaderPlace {
    HeaderPlace {
        delimiter: found.or(delimiter).unwrap_or_else(|| most_frequent_delimiter(line.bytes)),
        offset: line.offset,
        lines: line.before,
        is_below_titles: false,
        has_texts: found.is_some(),
    }
}

/// Whether a line may have a column of this name, whatever its delimiter. It takes far less time to
/// look than to take the line apart.
fn may_hold(line: &[u8], column: &str, options: &InputOptions) -> bool {
    // The parser leaves out only quotes and escapes, and puts this character for what is no text.
    if column.contains(char::REPLACEMENT_CHARACTER) {
        return true;
    }
    let quote = Dialect::new(DELIMITERS[0], options).quote;
    let mut left_out = [quote, options.escape].into_iter().flatten();
    if left_out.all(|mark| memchr(mark, line).is_none()) {
        return memmem::find(line, column.as_bytes()).is_some();
    }
    let kept = |bytes| kept(bytes, quote, options.escape);
    let mut name = kept(column.as_bytes());
    let Some(first) = name.next() else { return true };
    memchr_iter(first, line).any(|at| {
        let mut rest = kept(line.get(at + 1..).unwrap_or(&[]));
        name.clone().all(|byte| rest.next() == Some(byte))
    })
}

/// Bytes without quotes and escapes.
fn kept(bytes: &[u8], quote: Option<u8>, escape: Option<u8>) -> impl Iterator<Item = u8> + Clone + '_ {
    bytes.iter().copied().filter(move |byte| Some(*byte) != quote && Some(*byte) != escape)
}

/// The names in a line, which may stand in quotation marks as a whole.
fn names(dialect: Dialect, line: &[u8]) -> Vec<String> {
    let names = parse_line(dialect, line);
    match names.as_slice() {
        [row] if is_quoted(dialect, line) => {
            let inner = parse_line(dialect, without_separators(dialect, row.as_bytes()));
            if inner.len() > 1 { inner } else { names }
        }
        _ => names,
    }
}

/// The delimiter of Excel's first line: `sep=;`, also in quotes.
fn separator(line: &[u8]) -> Option<u8> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    let (name, value) = line.split_at_checked(4)?;
    match value {
        _ if !name.eq_ignore_ascii_case(b"sep=") => None,
        b"\\t" => Some(b'\t'),
        [delimiter] if delimiter.is_ascii() && *delimiter != b'"' => Some(*delimiter),
        _ => None,
    }
}

fn lines(sample: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let mut offset = 0;
    (0..).zip(sample.split_inclusive(|&byte| byte == b'\n')).map(move |(before, line)| {
        let start = offset;
        offset += line.len();
        Line { bytes: line.strip_suffix(b"\n").unwrap_or(line), offset: start, before }
    })
}

fn is_blank(line: &[u8]) -> bool {
    line.trim_ascii().is_empty()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::read::options::Quote;
    use crate::read::{Column, Requirement};

    fn found(text: &str, options: &InputOptions) -> (char, u64, bool) {
        let place = find(text.as_bytes(), options).unwrap();
        (char::from(place.delimiter), place.lines, place.is_below_titles)
    }

    fn labeled() -> InputOptions {
        let label = Column { name: "label".to_owned(), need: Requirement::Always };
        InputOptions { columns: vec![label], ..InputOptions::default() }
    }

    #[test]
    fn excels_first_line_tells_the_delimiter() {
        let options = InputOptions::default();
        for (first, delimiter) in [
            ("sep=;\r", ';'),
            ("\"sep=,\"", ','),
            ("SEP=\t", '\t'),
            ("sep=\\t", '\t'),
            ("\"sep=|\"\r", '|'),
            ("sep=^", '^'),
        ] {
            let text = format!("{first}\nid{delimiter}text\n1{delimiter}x\n");
            assert_eq!(found(&text, &options), (delimiter, 1, false), "{first}");
        }
        assert_eq!(
            found("sep=;\nid^text\n", &InputOptions { delimiter: Some(b'^'), ..options }),
            ('^', 1, false)
        );
        assert_eq!(separator(b"sep="), None);
        assert_eq!(separator(b"separate"), None);
    }

    #[test]
    fn the_header_is_found_below_titles() {
        let titled = "Export of articles,,\n\nDate:,2024-05-17,\nid,text,label\n1,x,pro\n";
        assert_eq!(found(titled, &InputOptions::default()), (',', 3, true));
        assert_eq!(found(titled, &labeled()), (',', 3, true));
        assert_eq!(found("Texts; coded by hand\nid;text;label\n", &labeled()), (';', 1, true));
        assert_eq!(found("a note\nid,text,lable\n", &labeled()), (',', 1, true), "for the message");
    }

    #[test]
    fn names_may_stand_in_quotes_as_a_whole() {
        for (header, delimiter) in [("\"id,text,label\"\r", ','), ("\"id;\"\"text\"\";label\"", ';')] {
            let place = find(format!("{header}\nx\n").as_bytes(), &labeled()).unwrap();
            assert_eq!((char::from(place.delimiter), place.has_texts), (delimiter, true), "{header}");
        }
        assert!(!find(b"\"a text, it is\"\nx\n", &labeled()).unwrap().has_texts);
    }

    #[test]
    fn a_row_that_holds_the_name_is_no_header() {
        let rows = "id,content\n1,It rained.\n2,text\n";
        assert_eq!(found(rows, &InputOptions::default()), (',', 0, false));
        assert_eq!(found("content\nIt rained.\ntext\n", &InputOptions::default()), (',', 0, false));
        let late = "a title\n".repeat(20) + "id,text\n";
        assert_eq!(found(&late, &InputOptions::default()).1, 0);
        let blank = "\n".repeat(30) + "a,b;text\n";
        assert_eq!(found(&blank, &InputOptions::default()), (';', 30, false), "nothing stands above it");
    }

    #[test]
    fn a_text_that_is_a_table_below_titles_is_told() {
        let options = InputOptions::default();
        let table = "Export of articles\n\nid,text\n1,\"It rained,\nthey said.\"\n2,It snowed.\n";
        assert!(is_titled_table(table.as_bytes(), &options) && has_header(table.as_bytes(), &options));
        for text in [
            "id,text\n1,It rained.\n".to_owned(),
            format!("{table}\nIt hailed, they said, for a week.\n"),
            "A note\ntext\nIt rained.\nIt snowed.\n".to_owned(),
            "A note\nid,text\n".to_owned(),
        ] {
            assert!(!is_titled_table(text.as_bytes(), &options), "{text}");
        }
    }

    #[test]
    fn a_first_line_of_names_is_told_from_prose() {
        let allowed = InputOptions { guess_text_column: true, ..InputOptions::default() };
        let told = |head: &str| begins_with_likely_texts(head.as_bytes(), &allowed);
        assert!(told("title;body;date\nA;B;C\n") && told("\u{feff}\"id\"\t\"Full Text\"\r\n1\tx"));
        assert!(!told("Body, mind and soul\nAll three, they say.\n"), "a blank follows the comma");
        assert!(!told("body\nIt rained.\n") && !told("body;date"), "one column, or no second line");
        assert!(!told("id,headline\n1,x\n") && !told("content,body\na,b\n"));
        assert!(
            !begins_with_likely_texts(b"title;body\nA;B\n", &InputOptions::default()),
            "nobody has allowed it"
        );
    }

    #[test]
    fn the_line_below_that_has_the_wanted_columns_is_told() {
        assert_eq!(wanted_below(b"Coder,Anna\nid,text\n1,x\n", &InputOptions::default()), Some(1));
        assert_eq!(wanted_below(b"Coder,Anna\nid,text\n1,x\n", &labeled()), None);
        assert_eq!(wanted_below(b"Coder;Anna\ntext;label\n", &labeled()), Some(1));
    }

    #[test]
    fn a_row_that_is_named_is_the_header() {
        let options = InputOptions { header_row: Some(3), ..InputOptions::default() };
        assert_eq!(found("text,a\ntext,b\nid;text\n", &options), (';', 2, false));
        assert_eq!(find(b"text\nx\n", &options), None);
        assert_eq!(find(b"text\n", &InputOptions { header_row: Some(0), ..options }), None);
    }

    proptest! {
        #[test]
        fn a_line_that_may_not_hold_a_name_has_no_such_column(
            line in "[ab\"\\\\,;\t é\u{fffd}]{0,12}",
            name in "[ab\"\\\\é\u{fffd}]{0,3}",
            escape in prop::option::of(Just(b'\\')),
            quote in prop::sample::select(vec![Quote::Detect, Quote::None, Quote::Character(b'a')]),
        ) {
            let options = InputOptions { escape, quote, ..InputOptions::default() };
            if !may_hold(line.as_bytes(), &name, &options) {
                for delimiter in DELIMITERS {
                    let names = names(Dialect::new(delimiter, &options), line.as_bytes());
                    prop_assert!(!names.contains(&name), "{names:?}");
                }
            }
        }
    }
}
