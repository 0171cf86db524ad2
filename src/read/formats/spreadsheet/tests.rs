//! Tests of reading spreadsheets.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use zip::write::SimpleFileOptions;

use super::*;
use crate::read::{Column, Requirement};
use crate::text::Preparation;
use crate::text::document::Document;

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const RELATIONS: &str = "<Relationships><Relationship Id=\"w\" Type=\"x/relationships/officeDocument\" \
    Target=\"xl/workbook.xml\"/></Relationships>";
const SHEETS: &str = "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"s1.xml\"/>\
    <Relationship Id=\"r2\" Type=\"x/worksheet\" Target=\"s2.xml\"/></Relationships>";
const BOOK: &str = "<workbook><sheets><sheet name=\"Notes\" state=\"hidden\" r:id=\"r2\"/>\
    <sheet name=\"Rows\" r:id=\"r1\"/></sheets></workbook>";
const STYLES: &str = "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy-mm-dd hh:mm\"/></numFmts>\
    <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/></cellXfs></styleSheet>";
const STRINGS: &str = "<sst uniqueCount=\"4\"><si><t>id</t></si><si><t xml:space=\"preserve\"> text </t></si>\
    <si><r><t xml:space=\"preserve\">Ink, </t></r><r><t>signed &amp; dry.</t></r></si><si><t>Paper.</t></si></sst>";

/// A workbook whose first visible sheet has these rows, and whose hidden sheet has one text.
fn xlsx(rows: &str) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    let hidden = "<worksheet><sheetData><row r=\"1\"><c t=\"s\"><v>1</v></c></row>\
        <row r=\"2\"><c t=\"s\"><v>3</v></c></row></sheetData></worksheet>";
    zipped(&[
        ("_rels/.rels", RELATIONS),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", SHEETS),
        ("xl/styles.xml", STYLES),
        ("xl/sharedStrings.xml", STRINGS),
        ("xl/s1.xml", &sheet),
        ("xl/s2.xml", hidden),
    ])
}

const ROWS: &str = "<row r=\"3\"><c r=\"B3\" t=\"s\"><v>0</v></c><c r=\"C3\" t=\"s\"><v>1</v></c>\
    <c r=\"D3\" t=\"inlineStr\"><is><t>date</t></is></c></row>\
    <row r=\"4\"><c r=\"B4\"><v>7</v></c><c r=\"C4\" t=\"s\"><v>2</v></c><c r=\"D4\" s=\"1\"><v>45717</v></c></row>\
    <row r=\"5\"><c r=\"B5\" s=\"1\"/></row>\
    <row r=\"9\"><c r=\"C9\" t=\"s\"><v>3</v></c><c r=\"D9\" s=\"2\"><v>45717.75</v></c></row>";

fn ods(content: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:automatic-styles><style:style style:name=\"ta2\">\
         <style:table-properties table:display=\"false\"/></style:style></office:automatic-styles>\
         <office:body><office:spreadsheet>{content}</office:spreadsheet></office:body></office:document-content>"
    );
    zipped(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)])
}

/// A cell with a text.
fn cell(text: &str) -> String {
    format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
}

fn row(cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|text| cell(text)).collect();
    format!("<table:table-row>{cells}</table:table-row>")
}

fn sheet(name: &str, rows: &str) -> String {
    format!("<table:table table:name=\"{name}\"> {rows}\n</table:table>")
}

fn open_within(limit: u64, bytes: &[u8], options: &InputOptions) -> Result<SheetRows> {
    let limits = Limits { unpacked: limit, budget: Budget::new(limit) };
    SheetRows::within(limits, "x".into(), Seekable::from(Arc::from(bytes)), options)
}

fn open(bytes: &[u8], options: &InputOptions) -> Result<SheetRows> {
    open_within(MAX_BYTES, bytes, options)
}

fn read(bytes: &[u8], options: &InputOptions) -> Vec<Result<Document>> {
    open(bytes, options).unwrap().map(|raw| raw.and_then(|raw| raw.document(options))).collect()
}

fn options() -> InputOptions {
    InputOptions {
        columns: vec![Column { name: "date".into(), need: Requirement::Optional }],
        ..InputOptions::default()
    }
}

fn refusal(bytes: &[u8], options: &InputOptions) -> String {
    open(bytes, options).err().unwrap().to_string()
}

type Shown<'d> = (&'d str, &'d str, Option<&'d str>, Option<u64>, u64);

fn shown(row: &Result<Document>) -> Shown<'_> {
    let row = row.as_ref().unwrap();
    (&row.id, &row.text, row.columns[0].as_deref(), row.record, row.line.unwrap())
}

#[test]
fn a_sheet_of_xlsx_is_read_from_its_first_row_that_is_not_empty() {
    let found = read(&xlsx(ROWS), &options());
    assert_eq!(found.len(), 2);
    assert_eq!(shown(&found[0]), ("7", "Ink, signed & dry.", Some("2025-03-01"), Some(1), 4));
    assert_eq!(shown(&found[1]), ("x#2", "Paper.", Some("2025-03-01T18:00:00"), Some(2), 9));
}

#[test]
fn a_sheet_is_chosen_by_name_else_the_first_that_can_be_seen() {
    let named = |name: &str| InputOptions { sheet: Some(name.into()), ..options() };
    let found = read(&xlsx(ROWS), &named("Notes"));
    assert_eq!(shown(&found[0]).1, "Paper.");
    let message = refusal(&xlsx(ROWS), &named("Row"));
    assert_eq!(message, "x: no sheet `Row`; found `Notes`, `Rows`; did you mean `Rows`?");

    let hidden =
        sheet("Notes", &row(&["text", "x"])).replace(" table:name", " table:style-name=\"ta2\" table:name");
    let both = ods(&(hidden.clone() + &sheet("Two", &(row(&["text"]) + &row(&["Paper."])))));
    assert_eq!(shown(&read(&both, &options())[0]).1, "Paper.");
    let message = refusal(&both, &named("Tvo"));
    assert_eq!(message, "x: no sheet `Tvo`; found `Notes`, `Two`; did you mean `Two`?");
    let message = refusal(&ods(&hidden), &options());
    assert_eq!(message, "x: all its sheets are hidden; found `Notes`: give one with `sheet`");
}

#[test]
fn a_missing_column_is_named_with_those_there() {
    let named = InputOptions { preparation: Preparation::from_columns(["texts"]), ..options() };
    let message = refusal(&xlsx(ROWS), &named);
    assert_eq!(message, "x, line 3: no column `texts`; found `id`, `text`, `date`; did you mean `text`?");
    assert!(refusal(&xlsx(""), &options()).contains("its sheet is empty"));
}

#[test]
fn the_header_is_found_below_titles_and_by_its_row() {
    let titles = row(&["Export of articles"]) + &row(&[""]) + &row(&["Date", "2024-05-17"]);
    let rows = row(&["id", "text", "date"]) + &row(&["7", "Ink.", "2025"]) + &row(&["8", "Paper.", ""]);
    let found = read(&ods(&sheet("One", &(titles.clone() + &rows))), &options());
    assert_eq!(shown(&found[0]), ("7", "Ink.", Some("2025"), Some(1), 5));
    assert_eq!(shown(&found[1]), ("8", "Paper.", None, Some(2), 6));
    let notes = &found[0].as_ref().unwrap().file_notes;
    assert_eq!(
        notes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["x, line 4: found the column names here, below other rows; `header_row` sets another row"]
    );
    assert!(found[1].as_ref().unwrap().file_notes.is_empty());

    let told = |row| InputOptions { header_row: Some(row), ..options() };
    let twice = row(&["text", "date"]) + &row(&["x", "y"]) + &row(&["text", "id"]) + &row(&["Ink.", "7"]);
    let found = read(&ods(&sheet("One", &twice)), &told(3));
    assert_eq!((found.len(), shown(&found[0])), (1, ("7", "Ink.", None, Some(1), 4)));
    let message = refusal(&ods(&sheet("One", &(titles + &rows))), &told(2));
    assert!(message.starts_with("x, line 2: its row 2 is empty; `header_row` names"), "{message}");
    assert!(refusal(&ods(&sheet("One", &twice)), &told(9)).contains("its sheet is empty"));
}

#[test]
fn a_cell_that_holds_the_name_is_no_header() {
    let rows = row(&["id", "content"]) + &row(&["7", "Ink."]) + &row(&["8", "text"]);
    let message = refusal(&ods(&sheet("One", &rows)), &options());
    assert_eq!(
        message,
        "x, line 1: no column `text`; found `id`, `content`; the texts may be in `content`: give \
         `text_column` content"
    );
}

#[test]
fn a_name_that_stands_twice_is_an_error_where_it_is_asked_for() {
    let rows = row(&["text", "id", "text"]) + &row(&["a", "b", "c"]);
    let expected = "x, line 1: two columns are called `text` (columns 1 and 3); rename one of them";
    assert_eq!(refusal(&ods(&sheet("One", &rows)), &options()), expected);
    let side_by_side = row(&["text"]).replacen("cell ", "cell table:number-columns-repeated=\"2\" ", 1);
    assert!(
        refusal(&ods(&sheet("One", &side_by_side)), &options()).contains("two columns are called `text`")
    );
}

#[test]
fn cells_of_ods_are_read_by_their_kind() {
    let value = |kind: &str, attributes: &str, text: &str| {
        let cell = "table:table-cell";
        let rows = format!(
            "{}<table:table-row><{cell} office:value-type=\"string\"><text:p>x</text:p></{cell}>\
             <{cell} office:value-type=\"{kind}\" {attributes}><text:p>{text}</text:p></{cell}></table:table-row>",
            row(&["text", "date"])
        );
        let found = read(&ods(&sheet("One", &rows)), &options()).remove(0).unwrap();
        found.columns[0].clone().unwrap()
    };
    assert_eq!(value("float", "office:value=\"12\"", "12,00"), "12");
    assert_eq!(value("percentage", "office:value=\"0.50\"", "50 %"), "0.5");
    assert_eq!(value("date", "office:date-value=\"2025-03-01\"", "1.3.25"), "2025-03-01");
    assert_eq!(value("boolean", "office:boolean-value=\"true\"", "WAHR"), "TRUE");
    assert_eq!(value("string", "office:string-value=\"\" calcext:value-type=\"error\"", "#N/A"), "#N/A");
    assert_eq!(
        value("string", "", "a<text:s text:c=\"3\"/>b<text:line-break/>c &amp; &#x434;"),
        "a   b\nc & д"
    );
    assert_eq!(value("string", "", "one</text:p><text:p><text:span>two</text:span>"), "one\ntwo");
    let note = "<office:annotation><text:p>a note</text:p></office:annotation>";
    assert_eq!(value("string", "", &format!("x</text:p>{note}<text:p>y")), "x\ny");
}

#[test]
fn repeated_rows_and_cells_of_ods_count() {
    let empty = "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell/></table:table-row>";
    let rows = row(&["id", "text", "date"])
        + empty
        + "<table:table-row table:number-rows-repeated=\"2\">\
           <table:table-cell table:number-columns-repeated=\"2\" office:value-type=\"string\"><text:p>y</text:p></table:table-cell>\
           <table:table-cell table:number-columns-repeated=\"16382\"/></table:table-row>"
        + &row(&[" "]).replacen('>', " table:number-rows-repeated=\"999999999999\">", 1);
    let found = read(&ods(&sheet("One", &rows)), &options());
    assert_eq!(found.len(), 2);
    assert_eq!(shown(&found[0]), ("y", "y", None, Some(1), 5));
    assert_eq!(shown(&found[1]), ("y", "y", None, Some(2), 6));
}

#[test]
fn a_row_over_the_limit_is_one_error_and_the_rest_goes_on() {
    let long = "<text:s text:c=\"1000000000000\"/>";
    let rows = row(&["text"]) + &row(&["one"]) + &row(&[long, "x"]) + &row(&["three"]);
    let small = InputOptions { max_record: 1000, ..options() };
    let found = read(&ods(&sheet("One", &rows)), &small);
    let error = found[1].as_ref().unwrap_err();
    assert_eq!((error.name(), error.position().unwrap().line), ("too-large", Some(3)));
    assert_eq!(shown(&found[2]), ("x#3", "three", None, Some(3), 4));
}

#[test]
fn a_row_whose_cells_together_are_too_large_is_one_error_and_the_rest_goes_on() {
    let long = "x<text:s text:c=\"900000\"/>";
    let rows = row(&["id", "text"]) + &row(&vec![long; 40]) + &row(&["2", "two"]);
    let found = read(&ods(&sheet("One", &rows)), &InputOptions { max_record: 1 << 20, ..options() });
    assert_eq!((found[0].as_ref().unwrap_err().name(), found.len()), ("too-large", 2));
    assert_eq!(shown(&found[1]), ("2", "two", None, Some(2), 3));

    let cells = "<c><v>1</v></c>".repeat(300_000);
    let rows = format!(
        "<row r=\"1\"><c t=\"s\"><v>1</v></c></row><row r=\"2\">{cells}</row>\
        <row r=\"3\"><c r=\"A3\" t=\"s\"><v>3</v></c></row>"
    );
    let found = read(&xlsx(&rows), &InputOptions { max_record: 1000, ..options() });
    assert_eq!((found[0].as_ref().unwrap_err().name(), found.len()), ("too-large", 2));
    assert_eq!(shown(&found[1]).1, "Paper.");
    let wide = ods(&sheet("One", &row(&vec![long; 40])));
    assert!(
        refusal(&wide, &InputOptions { max_record: 1 << 20, ..options() })
            .contains("column names is too large")
    );
}

#[test]
fn what_unpacks_to_too_much_is_refused_before_it_is_read() {
    let rows = row(&["text"]) + &" ".repeat(1 << 20);
    let bomb = ods(&sheet("One", &rows));
    assert!(bomb.len() < 10_000);
    let message = open_within(1 << 20, &bomb, &options()).err().unwrap().to_string();
    assert!(message.contains("it unpacks to more than") && message.contains("export the sheet as CSV"));
    // Room for a hundred billion strings would be made before the first is read.
    let book = |strings: &str| zipped(&[("xl/workbook.xml", BOOK), ("xl/sharedStrings.xml", strings)]);
    let message = refusal(&book(&STRINGS.replace("\"4\"", "\"99999999999\"")), &options());
    assert!(message.contains("it claims more than"), "{message}");
    assert!(!refusal(&book(STRINGS), &options()).contains("it claims"));
    // A small sheet that is large when its rows are repeated.
    let rows = row(&["text"]) + &row(&["word"]).replacen('>', " table:number-rows-repeated=\"1000000\">", 1);
    let found: Vec<_> = open_within(1 << 20, &ods(&sheet("One", &rows)), &options()).unwrap().collect();
    let message = found.last().unwrap().as_ref().unwrap_err().to_string();
    assert!(message.contains("its sheet is too large"), "{message}");
    assert!(found.len() > 1000 && found.len() < 10_000);
}

#[test]
fn rows_before_a_damaged_place_stand() {
    let cut =
        sheet("One", &(row(&["text"]) + &row(&["one"]) + "<table:table-row>")).replace("</table:table>", "");
    let whole = ods(&cut);
    let found = read(&whole, &options());
    assert_eq!(shown(&found[0]).1, "one");
    let message = found[1].as_ref().unwrap_err().to_string();
    assert!(
        message.contains("it is damaged") && message.contains("the 1 rows before it were read"),
        "{message}"
    );
    let bad = xlsx(&(ROWS.to_owned() + "<row><c t=\"s\"><v>99</v></c></row>"));
    let found = read(&bad, &options());
    assert_eq!(found.len(), 2, "whether the row before the damage is whole is not known");
    assert!(found[1].as_ref().unwrap_err().to_string().contains("it is damaged"));
}

#[test]
fn cells_without_end_are_refused_before_they_are_read() {
    let header = "<row r=\"1\"><c t=\"inlineStr\"><is><t>text</t></is></c></row>\
        <row r=\"2\"><c t=\"s\"><v>3</v></c></row>";
    let row = |line: usize| format!("<row r=\"{line}\">{}</row>", "<c><v>1</v></c>".repeat(16_000));
    let many = format!("{header}{}", (3..70).map(row).collect::<String>());
    let rows = read(&xlsx(&many), &options());
    let error = rows.last().unwrap().as_ref().unwrap_err().to_string();
    assert!(error.contains("cells to the right of its column names"), "{error}");
    assert_eq!(shown(&rows[0]).1, "Paper.");
}

#[test]
fn what_is_no_spreadsheet_is_said() {
    let word = zipped(&[("word/document.xml", "<w/>")]);
    assert!(refusal(&word, &options()).contains("it is a Word document"));
    assert!(refusal(&zipped(&[("a.csv", "text")]), &options()).contains("it is a zip archive"));
    assert!(refusal(b"id,text\n", &options()).contains("it is not a spreadsheet"));
    assert!(refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", &options()).contains("with a password"));
    let locked = [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:encryption-data>"),
    ];
    assert!(refusal(&zipped(&locked), &options()).contains("protected by a password"));
    let whole = xlsx(ROWS);
    assert!(refusal(&whole[..whole.len() / 2], &options()).contains("it is damaged"));
}

#[test]
fn formulas_without_a_stored_result_are_told() {
    let row = |text: &str, date: &str| {
        format!("<row><c><v>1</v></c><c t=\"str\">{text}</c><c>{date}</c><c><f>A1</f></c></row>")
    };
    let header = "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c>\
        <c t=\"inlineStr\"><is><t>date</t></is></c></row>";
    let blank = "<f>A1</f><v></v>";
    let rows = [
        row("<f>A1</f><v>Ink.</v>", "<v>7</v>"),
        row("<f>A1</f>", "<f>A1</f><v/>"),
        row("<v>Paper.</v>", ""),
    ];
    let found = read(&xlsx(&(header.to_owned() + &rows.concat())), &options());
    assert_eq!(found.len(), 3);
    let notes = |document: &Result<Document>| {
        document.as_ref().unwrap().file_notes.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        notes(&found[0]),
        [
            "x: 2 formulas of the needed columns without a stored result, the first at B3, read as empty; open the file in \
          a spreadsheet program and save it there"
        ]
    );
    let stored = read(&xlsx(&(header.to_owned() + &row(blank, "<v>7</v>"))), &options());
    assert!(notes(&stored[0]).is_empty(), "a formula may give an empty text");
    let none = "<row><c t=\"n\"><f>A1</f></c><c><f>A1</f></c></row>";
    let found = refusal(&xlsx(&(header.to_owned() + none)), &options());
    assert!(found.contains("all its rows are empty: 2 formulas"), "{found}");
}

#[test]
fn formulas_of_ods_without_a_stored_result_are_told() {
    let formula =
        |rest: &str| format!("<table:table-cell table:formula=\"of:=[.A1]\"{rest}</table:table-cell>");
    let stored = " office:value-type=\"string\" office:string-value=\"\"><text:p/>";
    let rows = [
        format!("<table:table-row>{}{}</table:table-row>", cell("Ink."), formula(stored)),
        format!("<table:table-row>{}{}{}</table:table-row>", cell("Paper."), formula(">"), formula(">")),
        format!("<table:table-row>{}{}</table:table-row>", cell("Wax."), formula("><text:p>shown</text:p>")),
    ];
    let found = read(&ods(&sheet("One", &(row(&["text", "date"]) + &rows.concat()))), &options());
    let dates: Vec<_> = found.iter().map(|row| shown(row).2).collect();
    assert_eq!(dates, [None, None, Some("shown")]);
    let notes: Vec<_> = found[0].as_ref().unwrap().file_notes.iter().map(ToString::to_string).collect();
    let expected =
        "x: 1 formula of the needed columns without a stored result, the first at B3, read as empty";
    assert!(matches!(notes.as_slice(), [note] if note.starts_with(expected)), "{notes:?}");
}

#[test]
fn escapes_of_xlsx_are_decoded() {
    let rows = "<row><c t=\"s\"><v>1</v></c></row>\
        <row><c t=\"inlineStr\"><is><t>Ink_x000D_\nand _x005F_x000D_.</t></is></c></row>\
        <row><c t=\"str\"><f>A1</f><v>Ink_x000A_dry</v></c></row>";
    let found = read(&xlsx(rows), &options());
    assert_eq!(found[0].as_ref().unwrap().text, "Ink\r\nand _x000D_.");
    assert_eq!(found[1].as_ref().unwrap().text, "Ink\ndry");
}

#[test]
fn cells_in_opposite_corners_need_no_room_between_them() {
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c></row>\
        <row r=\"1048576\"><c r=\"A1048576\" t=\"s\"><v>3</v></c><c r=\"XFD1048576\"><v>1</v></c></row>";
    let found = read(&xlsx(rows), &options());
    assert_eq!(shown(&found[0]), ("x#1", "Paper.", None, Some(1), 1_048_576));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Parts are damaged before they are packed, so that no checksum stands before the damage.
    #[test]
    fn no_damage_panics_or_hangs(
        is_ods in any::<bool>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), 0x20u8..0x7f), 1..6),
        cut in proptest::option::weighted(0.3, any::<prop::sample::Index>()),
    ) {
        let damaged = |part: &str| {
            let mut bytes = part.as_bytes().to_vec();
            for (at, byte) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let bytes = if is_ods {
            ods(&damaged(&sheet("One", &(row(&["text", "id"]) + &row(&["one", "1"]) + &row(&["two"])))))
        } else {
            let sheet = damaged(&format!("<worksheet><sheetData>{ROWS}</sheetData></worksheet>"));
            zipped(&[
                ("_rels/.rels", RELATIONS),
                ("xl/workbook.xml", BOOK),
                ("xl/_rels/workbook.xml.rels", SHEETS),
                ("xl/styles.xml", &damaged(STYLES)),
                ("xl/sharedStrings.xml", &damaged(STRINGS)),
                ("xl/s1.xml", &sheet),
            ])
        };
        if let Ok(rows) = open(&bytes, &options()) {
            for raw in rows.flatten() {
                prop_assert!(raw.document(&options()).is_ok());
            }
        }
    }
}
