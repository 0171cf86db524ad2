//! Packs rows of strings into the binary formats that the program reads.

/// A Parquet file of columns of strings.
#[cfg(feature = "parquet")]
pub fn parquet(columns: &[(&str, &[&str])]) -> Vec<u8> {
    use arrow_array::{ArrayRef, RecordBatch, StringArray};

    let column = |values: &[&str]| std::sync::Arc::new(StringArray::from(values.to_vec())) as ArrayRef;
    let batch = RecordBatch::try_from_iter(columns.iter().map(|(name, values)| (*name, column(values))));
    let batch = batch.unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

/// A zip archive of parts with their names.
#[cfg(feature = "spreadsheet")]
pub fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;

    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of two sheets, `One` and `Two`, with rows of strings.
#[cfg(feature = "spreadsheet")]
pub fn xlsx(sheets: [&[&[&str]]; 2]) -> Vec<u8> {
    let relations = |kinds: &[(&str, &str)]| {
        let one = |(at, (kind, target)): (usize, &(&str, &str))| {
            format!("<Relationship Id=\"r{at}\" Type=\"x/relationships/{kind}\" Target=\"{target}\"/>")
        };
        format!("<Relationships>{}</Relationships>", kinds.iter().enumerate().map(one).collect::<String>())
    };
    let cell = |text: &&str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let sheets = sheets.map(|rows| {
        let row = |row: &&[&str]| format!("<row>{}</row>", row.iter().map(cell).collect::<String>());
        let rows: String = rows.iter().map(row).collect();
        format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
    });
    zipped(&[
        ("_rels/.rels", &relations(&[("officeDocument", "xl/workbook.xml")])),
        ("xl/_rels/workbook.xml.rels", &relations(&[("worksheet", "s0.xml"), ("worksheet", "s1.xml")])),
        (
            "xl/workbook.xml",
            "<workbook><sheets><sheet name=\"One\" r:id=\"r0\"/><sheet name=\"Two\" r:id=\"r1\"/></sheets></workbook>",
        ),
        ("xl/s0.xml", &sheets[0]),
        ("xl/s1.xml", &sheets[1]),
    ])
}
