//! Reads tables that Arrow wrote, whole and damaged.

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int64Array,
    LargeStringArray, RecordBatch, StringArray, StringViewArray, TimestampMicrosecondArray,
};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::{WriterProperties, WriterVersion};
use proptest::prelude::*;

use super::*;
use crate::read::{Column, Requirement};
use crate::text::Preparation;
use crate::text::document::Document;

fn written(columns: Vec<(&str, ArrayRef)>, properties: WriterProperties) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn plain(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    written(columns, WriterProperties::new())
}

fn strings(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn open(bytes: &[u8], options: &InputOptions) -> Result<ParquetRows> {
    ParquetRows::open("x.parquet".into(), Seekable::from(Arc::from(bytes)), options)
}

fn read(bytes: &[u8], options: &InputOptions) -> Vec<Result<Document>> {
    open(bytes, options).unwrap().map(|raw| raw.and_then(|raw| raw.document(options))).collect()
}

fn texts(bytes: &[u8], options: &InputOptions) -> Vec<String> {
    let shown = |row: Result<Document>| row.map_or_else(|error| format!("! {error}"), |row| row.text);
    read(bytes, options).into_iter().map(shown).collect()
}

fn carrying(names: &[&str]) -> InputOptions {
    let column = |name: &&str| Column { name: (*name).to_owned(), need: Requirement::Always };
    InputOptions { columns: names.iter().map(column).collect(), ..InputOptions::default() }
}

#[test]
fn rows_become_documents_with_ids_and_numbers() {
    let bytes = plain(vec![
        ("id", Arc::new(StringArray::from(vec![Some("a"), None]))),
        ("title", strings(&["On ink", ""])),
        ("other", Arc::new(Int64Array::from(vec![1, 2]))),
        ("text", Arc::new(StringArray::from(vec![Some("One."), None]))),
    ]);
    let options =
        InputOptions { preparation: Preparation::from_columns(["title", "text"]), ..InputOptions::default() };
    let rows: Vec<Document> = read(&bytes, &options).into_iter().map(Result::unwrap).collect();
    assert_eq!((rows[0].id.as_str(), rows[0].text.as_str()), ("a", "On ink\n\nOne."));
    assert_eq!((rows[1].id.as_str(), rows[1].text.as_str()), ("x.parquet#2", ""));
    assert_eq!((rows[1].record, rows[1].line), (Some(2), None));
    assert_eq!(rows[1].place().to_string(), "x.parquet, record 2");
}

#[test]
fn every_kind_of_text_column_is_read() {
    let words = vec!["short", "a text that is longer than a view can hold"];
    let dictionary: DictionaryArray<Int32Type> = words.clone().into_iter().collect();
    let arrays: [ArrayRef; 6] = [
        Arc::new(StringArray::from(words.clone())),
        Arc::new(LargeStringArray::from(words.clone())),
        Arc::new(StringViewArray::from(words.clone())),
        Arc::new(BinaryArray::from_iter_values(words.iter())),
        Arc::new(dictionary),
        arrow_cast::cast(&StringArray::from(words.clone()), &arrow_schema::DataType::BinaryView).unwrap(),
    ];
    for array in arrays {
        let kind = array.data_type().clone();
        assert_eq!(texts(&plain(vec![("text", array)]), &InputOptions::default()), words, "{kind}");
    }
}

#[test]
fn every_codec_and_encoding_is_read() {
    let words: Vec<String> = (0..3000).map(|n| format!("the text of row {}", n % 700)).collect();
    let array: ArrayRef = Arc::new(StringArray::from(words.clone()));
    let build = || WriterProperties::builder().set_data_page_row_count_limit(500);
    for codec in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(Default::default()),
        Compression::BROTLI(Default::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
        Compression::ZSTD(Default::default()),
    ] {
        let properties = build().set_compression(codec).build();
        let bytes = written(vec![("text", array.clone())], properties);
        assert_eq!(texts(&bytes, &InputOptions::default()), words, "{codec}");
    }
    for encoding in [Encoding::PLAIN, Encoding::DELTA_LENGTH_BYTE_ARRAY, Encoding::DELTA_BYTE_ARRAY] {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            let properties =
                build().set_writer_version(version).set_dictionary_enabled(false).set_encoding(encoding);
            let bytes = written(vec![("text", array.clone())], properties.build());
            assert_eq!(texts(&bytes, &InputOptions::default()), words, "{encoding}");
        }
    }
}

#[test]
fn carried_columns_of_any_type_are_written_as_they_show() {
    let mut tags = ListBuilder::new(StringBuilder::new());
    tags.append_value([Some("a"), Some("b")]);
    let moment = TimestampMicrosecondArray::from(vec![1_740_830_400_000_000]);
    let bytes = plain(vec![
        ("text", strings(&["x"])),
        ("whole", Arc::new(Int64Array::from(vec![-7]))),
        ("real", Arc::new(Float64Array::from(vec![0.5]))),
        ("truth", Arc::new(BooleanArray::from(vec![true]))),
        ("day", Arc::new(Date32Array::from(vec![20_148]))),
        ("local", Arc::new(moment.clone())),
        ("moment", Arc::new(moment.with_timezone("UTC"))),
        ("none", Arc::new(Int64Array::from(vec![None]))),
        ("tags", Arc::new(tags.finish())),
        ("word", strings(&["as it is"])),
    ]);
    let names = ["whole", "real", "truth", "day", "local", "moment", "none", "tags", "word", "whole"];
    let row = read(&bytes, &carrying(&names)).remove(0).unwrap();
    let found: Vec<Option<&str>> = row.columns.iter().map(Option::as_deref).collect();
    let expected = [
        Some("-7"),
        Some("0.5"),
        Some("true"),
        Some("2025-03-01"),
        Some("2025-03-01T12:00:00"),
        Some("2025-03-01T12:00:00Z"),
        None,
        Some("[a, b]"),
        Some("as it is"),
        Some("-7"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_text_column_of_another_type_and_a_missing_one_are_named() {
    let bytes = plain(vec![("text", Arc::new(Int64Array::from(vec![1]))), ("body", strings(&["x"]))]);
    let error = open(&bytes, &InputOptions::default()).err().unwrap().to_string();
    assert_eq!(error, "x.parquet: the column `text` is not text: its type is Int64");
    let options =
        InputOptions { preparation: Preparation::from_columns(["bodi"]), ..InputOptions::default() };
    let error = open(&bytes, &options).err().unwrap().to_string();
    assert_eq!(error, "x.parquet: no column `bodi`; found `text`, `body`; did you mean `body`?");
}

#[test]
fn bytes_that_are_no_utf8_are_replaced_and_counted_and_cost_no_other_row() {
    let bad = BinaryArray::from(vec![&b"fine"[..], b"na\xefve \xff", b"fine again"]);
    // A column that says it is UTF-8 and is not: other writers do not check.
    let field = arrow_schema::Field::new("text", arrow_schema::DataType::Utf8, true);
    let schema = Arc::new(arrow_schema::Schema::new(vec![field]));
    let lying = ArrayRef::from(Arc::new(bad.clone()) as ArrayRef);
    for declared in [None, Some(schema)] {
        let mut bytes = plain(vec![("text", lying.clone())]);
        if let Some(schema) = declared {
            // The same page under the schema of strings.
            let sound =
                RecordBatch::try_new(schema.clone(), vec![strings(&["fine", "naive ?", "fine again"])]);
            let mut writer = ArrowWriter::try_new(Vec::new(), schema, None).unwrap();
            writer.write(&sound.unwrap()).unwrap();
            bytes = writer.into_inner().unwrap();
            let at = bytes.windows(7).position(|window| window == b"naive ?").unwrap();
            bytes[at..at + 7].copy_from_slice(b"na\xefve \xff");
        }
        let rows: Vec<Document> =
            read(&bytes, &InputOptions::default()).into_iter().map(Result::unwrap).collect();
        assert_eq!(rows[1].text, "na\u{fffd}ve \u{fffd}");
        assert_eq!(
            rows[1].notes().map(|note| note.to_string()).collect::<Vec<_>>(),
            ["x.parquet, record 2: 2 invalid sequences replaced with U+FFFD"]
        );
        assert_eq!((rows[0].replaced, rows[2].text.as_str()), (None, "fine again"));
    }
}

#[test]
fn a_text_over_the_limit_is_one_error_and_the_rest_goes_on() {
    let long = "x".repeat(2000);
    let bytes = plain(vec![("text", strings(&["one", &long, "three"]))]);
    let options = InputOptions { max_record: 1000, ..InputOptions::default() };
    let found = read(&bytes, &options);
    assert_eq!(found[1].as_ref().unwrap_err().name(), "too-large");
    assert_eq!(found[1].as_ref().unwrap_err().position().unwrap().record, Some(2));
    assert_eq!(found[2].as_ref().unwrap().record, Some(3));
    assert_eq!(found.len(), 3);
}

/// Three row groups of a hundred rows.
fn groups() -> Vec<u8> {
    let words: Vec<String> = (0..300).map(|n| format!("the text of row number {n}")).collect();
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(100))
        .set_dictionary_enabled(false)
        .set_compression(Compression::ZSTD(Default::default()))
        .set_data_page_row_count_limit(20)
        .set_write_batch_size(20)
        .build();
    written(vec![("text", Arc::new(StringArray::from(words)))], properties)
}

/// Where the column of each row group begins.
fn starts(bytes: &[u8]) -> Vec<usize> {
    let rows = open(bytes, &InputOptions::default()).unwrap();
    rows.layout.metadata.row_groups().iter().map(|group| group.column(0).byte_range().0 as usize).collect()
}

#[test]
fn records_are_numbered_through_row_groups() {
    let found = read(&groups(), &InputOptions::default());
    assert_eq!(found.len(), 300);
    for (number, row) in (1..).zip(found) {
        let row = row.unwrap();
        assert_eq!((row.record, row.id), (Some(number), format!("x.parquet#{number}")));
    }
}

#[test]
fn a_damaged_page_costs_the_rest_of_its_row_group() {
    let mut bytes = groups();
    let starts = starts(&bytes);
    // In the last page of the second row group.
    let at = starts[2] - 30;
    bytes[at..at + 20].fill(0xff);
    let found = texts(&bytes, &InputOptions::default());
    let lost: Vec<&String> = found.iter().filter(|text| text.starts_with('!')).collect();
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert!(
        lost[0].contains("row group 2 of 3 cannot be read")
            && lost[0].contains("to 200 were skipped; reading continues after them"),
        "{lost:?}"
    );
    assert!(found.len() >= 201, "{}", found.len());
    assert_eq!(found.last().unwrap(), "the text of row number 299");
    let last = read(&bytes, &InputOptions::default()).pop().unwrap().unwrap();
    assert_eq!(last.record, Some(300), "what was lost is counted");
}

#[test]
fn a_page_that_claims_too_much_is_refused_before_room_is_made() {
    let mut bytes = groups();
    let start = starts(&bytes)[0];
    // type 0, then the size without compression in a number of five bytes.
    assert_eq!(&bytes[start..start + 3], &[0x15, 0x00, 0x15]);
    let end = bytes[start + 3..].iter().position(|byte| byte & 0x80 == 0).unwrap();
    bytes.splice(start + 3..=start + 3 + end, [0xfe, 0xff, 0xff, 0xff, 0x0f]);
    let found = texts(&bytes, &InputOptions::default());
    assert!(
        found[0].contains("record 1: row group 1 of 3 cannot be read: a page claims 2147483647 bytes"),
        "{found:?}"
    );
}

#[test]
fn columns_that_lie_outside_the_file_are_refused() {
    let bytes = groups();
    let mut rows = open(&bytes, &InputOptions::default()).unwrap();
    rows.pages_end = starts(&bytes)[2] as u64;
    let last = rows.last().unwrap().unwrap_err().to_string();
    assert!(
        last.contains("row group 3 of 3 cannot be read: the column `text` does not lie within"),
        "{last}"
    );
    assert!(last.ends_with("the rows 201 to 300 were skipped"), "{last}");
}

#[test]
fn a_codec_that_is_not_read_is_named() {
    let bytes = groups();
    let mut rows = open(&bytes, &InputOptions::default()).unwrap();
    let mut metadata = (*rows.layout.metadata).clone().into_builder();
    let [first, others @ ..] = &metadata.take_row_groups()[..] else { panic!() };
    let column = first.column(0).clone().into_builder().set_compression(Compression::LZO).build().unwrap();
    let first = first.clone().into_builder().set_column_metadata(vec![column]).build().unwrap();
    let groups = [&[first], others].concat();
    rows.layout.metadata = Arc::new(metadata.set_row_groups(groups).build());
    let error = rows.next().unwrap().unwrap_err().to_string();
    assert!(error.contains("the column `text` is compressed with LZO, which is not supported"), "{error}");
    assert_eq!(rows.filter(Result::is_ok).count(), 200);
}

#[test]
fn more_rows_than_a_file_of_its_size_has_are_refused() {
    let bytes = groups();
    let mut layout = open(&bytes, &InputOptions::default()).unwrap().layout;
    let groups = layout
        .metadata
        .row_groups()
        .iter()
        .map(|group| group.clone().into_builder().set_num_rows(1 << 31).build().unwrap());
    let metadata = (*layout.metadata).clone().into_builder().set_row_groups(groups.collect());
    layout.metadata = Arc::new(metadata.build());
    let error = check_rows(&layout, 134).unwrap_err();
    assert_eq!(error, "it claims 6442450944 rows in 134 bytes; at most 1182576 are read of so few");
    assert!(check_rows(&layout, 7 << 20).is_ok());
}

#[test]
fn more_text_than_a_file_of_its_size_has_ends_the_file() {
    let text = "a".repeat(1 << 20);
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(Default::default()));
    let bytes = written(vec![("text", strings(&vec![text.as_str(); 100]))], properties.build());
    let rows = read(&bytes, &InputOptions::default());
    let whole = rows.iter().filter(|row| row.is_ok()).count();
    let most = (MAX_REPEATED_BYTES + MAX_BYTES_PER_BYTE * bytes.len() as u64) >> 20;
    assert!(most < 100, "the file has {} bytes", bytes.len());
    assert_eq!((whole as u64, rows.len()), (most, whole + 1));
    let message = rows.last().unwrap().as_ref().unwrap_err().to_string();
    let first = format!("skipped the rows from {} on", whole + 1);
    assert!(message.contains("more than 1000 bytes for each byte") && message.contains(&first), "{message}");
}

#[test]
fn a_text_that_shares_all_of_the_text_before_takes_no_more_memory_than_itself() {
    let long = "x".repeat(1 << 20);
    let words: Vec<String> = (0..60).map(|n| format!("{long}{n:03}")).collect();
    let build = || WriterProperties::builder().set_dictionary_enabled(false).set_write_batch_size(1000);
    let encoded = build().set_encoding(Encoding::DELTA_BYTE_ARRAY).build();
    let bytes = written(vec![("text", Arc::new(StringArray::from(words)))], encoded);
    assert!(bytes.len() < 3 << 20);
    let options = InputOptions::default();
    let mut rows = open(&bytes, &options).unwrap();
    assert!(rows.next().unwrap().is_ok());
    assert_eq!(rows.leaves[0].step(), 1);
    assert_eq!(rows.filter(Result::is_ok).count(), 59);
}

#[test]
fn a_list_of_more_values_than_are_read_is_refused_before_they_are_decoded() {
    let long = "x".repeat(1 << 16);
    for (items, is_read) in [(200, true), (300, false), (3_000_000, false)] {
        let mut tags = ListBuilder::new(StringBuilder::new());
        (0..items).for_each(|_| tags.values().append_value(if items < 10_000 { &long } else { "x" }));
        tags.append(true);
        let bytes = plain(vec![("text", strings(&["a"])), ("tags", Arc::new(tags.finish()))]);
        assert!(bytes.len() < 1 << 20, "{}", bytes.len());
        let rows = read(&bytes, &carrying(&["tags"]));
        assert_eq!(rows[0].is_ok(), is_read, "{items}");
        if items == 300 {
            assert_eq!(rows[0].as_ref().unwrap_err().name(), "too-large");
        }
    }
}

#[test]
fn an_empty_file_has_no_rows() {
    assert_eq!(read(&plain(vec![("text", strings(&[]))]), &InputOptions::default()).len(), 0);
}

#[test]
fn batches_hold_about_as_many_bytes_as_they_may() {
    let words: Vec<String> = (0..40).map(|n| format!("{n:06}").repeat(50_000)).collect();
    let properties = WriterProperties::builder().set_dictionary_enabled(false).build();
    let bytes = written(vec![("text", Arc::new(StringArray::from(words.clone())))], properties);
    let options = InputOptions::default();
    let mut rows = open(&bytes, &options).unwrap();
    assert!(rows.next().unwrap().is_ok());
    assert_eq!(rows.leaves[0].step(), (BATCH_BYTES / 300_000) as usize);
    assert_eq!(texts(&bytes, &options), words);
}

fn small(encoding: Encoding) -> Vec<u8> {
    let words: Vec<String> = (0..40).map(|n| format!("a text of words, number {}", n % 9)).collect();
    let numbers: Vec<i64> = (0..40).collect();
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(20))
        .set_column_dictionary_enabled("text".into(), encoding == Encoding::PLAIN)
        .set_column_encoding("text".into(), encoding)
        .set_compression(if encoding == Encoding::PLAIN {
            Compression::SNAPPY
        } else {
            Compression::UNCOMPRESSED
        });
    written(
        vec![("text", Arc::new(StringArray::from(words))), ("n", Arc::new(Int64Array::from(numbers)))],
        properties.build(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// What is read of a damaged file is rows and errors, and it ends.
    #[test]
    fn no_damage_panics_or_hangs(
        delta in any::<bool>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        cut in proptest::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut bytes = small(if delta { Encoding::DELTA_BYTE_ARRAY } else { Encoding::PLAIN });
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let options = carrying(&["n"]);
        if let Ok(rows) = open(&bytes, &options) {
            for raw in rows.take(200_000).flatten() {
                // A byte may have become a zero, which no text holds.
                let document = raw.document(&options);
                let told = |error: &Error| error.position().is_some_and(|place| place.record.is_some());
                prop_assert!(document.as_ref().err().is_none_or(told), "{document:?}");
            }
        }
    }
}
