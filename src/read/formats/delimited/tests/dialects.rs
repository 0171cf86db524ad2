//! Tests of tables as other programs write them.

use super::*;

#[test]
fn a_tsv_without_quoting_has_a_row_a_line() {
    let text = "id\ttext\tlabel\n1\tIt rained.\ta\n2\t\"It will rain\ta\n3\tor so they say\"\tb\n4\t\"Rain,\" she said\tb\n\
                5\t\"All of it\"\ta\n6\t\"never closed\tb\n7\tWind\ta\n";
    let expected = [
        ("It rained.", "a"),
        ("\"It will rain", "a"),
        ("or so they say\"", "b"),
        ("\"Rain,\" she said", "b"),
        ("\"All of it\"", "a"),
        ("\"never closed", "b"),
        ("Wind", "a"),
    ];
    assert_eq!(rows(text), pairs(&expected));
    assert_eq!(rows(&text.replace('\n', "\r\n")), pairs(&expected));
    assert_eq!(
        notes(text),
        [
            "x.csv: quotation marks are read as ordinary characters, because some do not close a field; `quote` sets another mark"
        ]
    );
    let lines: Vec<_> = read_with(text.as_bytes(), &options(1000))
        .unwrap()
        .into_iter()
        .map(|row| row.unwrap().line)
        .collect();
    assert_eq!(lines, (2..9).map(Some).collect::<Vec<_>>());
    for delimiter in [";", "|"] {
        let text = text.replace('\t', delimiter);
        assert_eq!(rows(&text), pairs(&expected), "{delimiter}");
    }
}

#[test]
fn the_last_column_of_a_tsv_may_begin_with_a_quote_too() {
    let text = "id\tlabel\ttext\n1\ta\t\"It will rain\n2\tb\tor so they say\"\n3\ta\tWind\n";
    assert_eq!(rows(text), pairs(&[("\"It will rain", "a"), ("or so they say\"", "b"), ("Wind", "a")]));
}

#[test]
fn a_tsv_with_quoting_keeps_its_lines_and_tabs() {
    let text =
        "id\ttext\tlabel\n1\t\"One.\nTwo \"\"words\"\".\n\nThree.\"\ta\n2\t\"a\tb\"\tb\n3\t\"Whole\"\ta\n";
    let expected = [("One.\nTwo \"words\".\n\nThree.", "a"), ("a\tb", "b"), ("Whole", "a")];
    assert_eq!(rows(text), pairs(&expected));
    assert_eq!(notes(text), [""; 0]);
}

#[test]
fn a_quoted_tsv_with_one_odd_mark_loses_nothing() {
    let text =
        "id\ttext\tlabel\n1\t\"a\tb\"\ta\n2\t\"yes\" he said\tb\n3\t\"Whole\"\ta\n4\t\"open\tb\n5\tWind\ta\n";
    let expected = [("a\tb", "a"), ("\"yes\" he said", "b"), ("Whole", "a"), ("\"open", "b"), ("Wind", "a")];
    assert_eq!(rows(text), pairs(&expected));
    let notes = notes(text);
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].starts_with("x.csv, line 3: a quotation mark that does not close a field"), "{notes:?}");
}

#[test]
fn unquoted_rows_far_into_a_file_are_told_too() {
    let many: String = (0..9000).map(|n| format!("{n}\tsome words\ta\n")).collect();
    let text = format!("id\ttext\tlabel\n{many}x\t\"It will rain\ta\ny\tthey say\"\tb\nz\tWind\ta\n");
    let found = rows(&text);
    assert_eq!(found.len(), 9003);
    assert_eq!(found[9000..], pairs(&[("\"It will rain", "a"), ("they say\"", "b"), ("Wind", "a")]));
}

#[test]
fn quotes_are_what_the_options_say() {
    let text = "id,text,label\n1,\"It rained,a\n2,'It, rained',b\n";
    let with = |quote| InputOptions { quote, ..options(1000) };
    let found = rows_with(text, &with(Quote::None));
    assert_eq!(found[0], ("\"It rained".to_owned(), "a".to_owned()));
    assert!(found[1].1.contains("the row has 4 fields"), "{found:?}");
    let found = rows_with(text, &with(Quote::Character(b'\'')));
    assert_eq!(found, pairs(&[("\"It rained", "a"), ("It, rained", "b")]));
    let tsv = "id\ttext\tlabel\n1\t\"x\ta\n2\ty\"\tb\n";
    assert_eq!(rows_with(tsv, &with(Quote::Character(b'"'))).len(), 1, "quotes and nothing else");
}

#[test]
fn backslashes_before_quotes_are_told_and_taken() {
    let text = "id,text,label\n1,\"He said \\\"no\\\" and, after a while, left\",a\n\
                2,\"A \\\"word\\\"\",b\n3,\"C:\\new and C:\\\\old\",a\n4,plain \\ here,b\n";
    let expected = [
        ("He said \"no\" and, after a while, left", "a"),
        ("A \"word\"", "b"),
        ("C:\\new and C:\\old", "a"),
        ("plain \\ here", "b"),
    ];
    assert_eq!(rows(text), pairs(&expected));
    assert!(notes(text)[0].contains("are escaped with a backslash; read as `escape` backslash"));
    let told = InputOptions { escape: Some(b'\\'), ..options(1000) };
    assert_eq!(rows_with(text, &told), pairs(&expected));
    assert_eq!(
        rows_with("id,text,label\n1,\\N,\"a\"\n2,\"x\\\ny\",b\n", &told),
        pairs(&[("", "a"), ("x\ny", "b")])
    );
}

#[test]
fn a_backslash_far_into_a_file_is_taken_from_there_on() {
    let many: String = (0..9000).map(|n| format!("{n},some words,a\n")).collect();
    let text = format!("id,text,label\n{many}x,\"He said \\\"no, no\\\" so\",b\ny,\"a \\\" b\",a\n");
    let found = rows(&text);
    assert_eq!(found[9000..], pairs(&[("He said \"no, no\" so", "b"), ("a \" b", "a")]));
    assert!(notes(&text)[0].starts_with("x.csv, line 9002: "));
}

#[test]
fn a_row_that_fits_in_no_way_names_the_backslash() {
    let found = rows("id,text,label\n1,\"He said \\\"no\\\", so\",a,b\n2,x,b\n3,y,b\n4,\"C:\\\",a\n");
    assert!(found[0].1.contains("(`escape` backslash)"), "{found:?}");
    assert_eq!(found[3], ("C:\\".to_owned(), "a".to_owned()));
}

#[test]
fn an_empty_field_behind_the_last_delimiter_is_none() {
    assert_eq!(rows("id,text,label\n1,x,a,\n2,y,b, \n3,z,a\n"), pairs(&[("x", "a"), ("y", "b"), ("z", "a")]));
    assert_eq!(rows("id,text,label,\n1,x,a\n2,y,b\n"), pairs(&[("x", "a"), ("y", "b")]));
    assert_eq!(rows("id;text;label;\n1;x;a;\n2;y;b;\n"), pairs(&[("x", "a"), ("y", "b")]));
    // A comma too many in a text, and an empty last column, look alike: one row tells nothing.
    let found = rows("id,text,label\n1,It rained, then,\n2,y,b\n3,z,a\n");
    assert!(found[0].1.contains("the row has 4 fields; the header has 3"), "{found:?}");
    let found = rows("id,text,label\n1,x,a,b\n2,y,b,\n3,z,a,\n");
    assert!(found[0].1.contains("the row has 4 fields"), "{found:?}");
}

#[test]
fn titles_and_excels_first_line_are_passed_over_and_lines_stay_right() {
    let text = "Export of articles,,\n\"Date: 2024,\nby hand\",,\n,,\nid,text,label\n1,x,a\n2,y,b\n";
    assert_eq!(rows(text), pairs(&[("x", "a"), ("y", "b")]));
    let read = read_with(text.as_bytes(), &options(1000)).unwrap();
    assert_eq!(read[1].as_ref().unwrap().position().to_string(), "x.csv, line 7, record 2");
    assert_eq!(
        notes(text),
        ["x.csv, line 5: found the column names here, below other lines; `header_row` sets another line"]
    );
    assert_eq!(
        rows("\u{feff}sep=;\r\nid;text;label\r\n1;x;a\r\n".trim_start_matches('\u{feff}')),
        pairs(&[("x", "a")])
    );
    let third = InputOptions { header_row: Some(3), ..options(1000) };
    assert_eq!(rows_with("text,label\nx,a\nlabel,text\nb,y\n", &third), pairs(&[("y", "b")]));
    let message = read_with(b"text\nx\n", &third).unwrap_err().to_string();
    assert!(message.contains("`header_row` counts lines from 1"), "{message}");
    let message = read_with(b"id,remark\n1,x\n", &options(1000)).unwrap_err().to_string();
    assert_eq!(
        message,
        "x.csv, line 1: no column `text`; found `id`, `remark`; name the column of the texts \
         with `text_column`, or, if the column names are on a later line, give `header_row`"
    );
}

#[test]
fn a_column_that_stands_twice_is_an_error_only_where_it_is_asked_for() {
    let message = read_with(b"id,text,label,text\n1,x,a,y\n", &options(1000)).unwrap_err().to_string();
    assert_eq!(message, "x.csv, line 1: two columns are called `text` (columns 2 and 4); rename one of them");
    assert_eq!(rows("note,text,note,label\n1,x,2,a\n"), pairs(&[("x", "a")]));
}

#[test]
fn carriage_returns_alone_end_lines_and_count() {
    let read = read_with(b"id,text\r1,\"a\rb\"\r2,c\r", &options(1000)).unwrap();
    let places: Vec<_> = read.into_iter().map(|row| row.map(|row| (row.text, row.line)).unwrap()).collect();
    assert_eq!(places, [("a\nb".to_owned(), Some(2)), ("c".to_owned(), Some(4))]);
}

#[test]
fn what_was_read_before_a_failure_stands() {
    struct Failing(usize);
    impl std::io::Read for Failing {
        fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
            self.0 += 1;
            let part: &[u8] = match self.0 {
                1 => b"id,text\n1,x\n2,",
                _ => return Err(std::io::Error::other("gone")),
            };
            bytes[..part.len()].copy_from_slice(part);
            Ok(part.len())
        }
    }
    let rows = Delimited::open(Source::new("x.csv".into(), Box::new(Failing(0))), &options(1000)).unwrap();
    let found: Vec<_> = rows.map(|row| row.map_err(|error| error.to_string()).is_ok()).collect();
    assert_eq!(found, [true, false]);
}

#[test]
fn rows_that_commas_may_have_joined_are_told() {
    let text = "id,text,label\n1,\"It will rain,a\n2,or so they say\",b\n3,Wind,a\n";
    assert_eq!(rows(text).len(), 2);
    assert_eq!(
        notes(text),
        [
            "x.csv, line 2: a field in quotes spans lines that each have as many fields as the header; if they are rows, \
          give `quote` none"
        ]
    );
    assert_eq!(rows_with(text, &InputOptions { quote: Quote::None, ..options(1000) }).len(), 3);
}
