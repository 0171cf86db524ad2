//! Compares the values of columns of all types with what Arrow reads and writes as text.

use std::sync::Arc;

use arrow_array::builder::{
    FixedSizeListBuilder, Float64Builder, Int32Builder, ListBuilder, MapBuilder, StringBuilder, StructBuilder,
};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, FixedSizeBinaryArray, Float32Array, Float64Array,
    Int8Array, Int16Array, Int32Array, Int64Array, NullArray, RecordBatch, Time32MillisecondArray,
    Time64MicrosecondArray, Time64NanosecondArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray, UInt8Array, UInt16Array, UInt32Array, UInt64Array,
};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{DataType, Field};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use crate::read::bytes::seekable::Seekable;
use crate::read::formats::parquet::ParquetRows;
use crate::read::{Column, InputOptions, Requirement};
use crate::text::Preparation;

/// What Arrow shows of each row but the first column, which is the text. What is nothing is no
/// value.
fn expected(bytes: &[u8]) -> Vec<Vec<Option<String>>> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let reader =
        ParquetRecordBatchReaderBuilder::try_new_with_options(::bytes::Bytes::from(bytes.to_vec()), options);
    let mut rows = Vec::new();
    for batch in reader.unwrap().build().unwrap() {
        let batch = batch.unwrap();
        let columns: Vec<ArrayRef> = batch.columns()[1..]
            .iter()
            .map(|column| match column.data_type() {
                DataType::Timestamp(unit, Some(_)) => {
                    arrow_cast::cast(column, &DataType::Timestamp(*unit, Some("+00:00".into()))).unwrap()
                }
                _ => column.clone(),
            })
            .collect();
        let options = FormatOptions::default();
        let shown: Vec<ArrayFormatter> =
            columns.iter().map(|column| ArrayFormatter::try_new(column, &options).unwrap()).collect();
        for row in 0..batch.num_rows() {
            let cell = |shown: &ArrayFormatter| shown.value(row).to_string();
            rows.push(shown.iter().map(cell).map(|cell| (!cell.is_empty()).then_some(cell)).collect());
        }
    }
    rows
}

fn found(bytes: &[u8], names: &[String]) -> Vec<Vec<Option<String>>> {
    let column = |name: &String| Column { name: name.clone(), need: Requirement::Always };
    let options = InputOptions {
        preparation: Preparation::from_columns([names[0].as_str()]),
        columns: names[1..].iter().map(column).collect(),
        ..InputOptions::default()
    };
    let rows = ParquetRows::open("x.parquet".into(), Seekable::from(Arc::from(bytes)), &options).unwrap();
    rows.map(|row| row.unwrap().document(&options).unwrap().columns).collect()
}

/// Judges a file of arrays, behind a column of texts.
fn judge(columns: Vec<(&str, ArrayRef)>) {
    let texts: ArrayRef =
        Arc::new(arrow_array::StringArray::from(vec!["a text"; columns.first().unwrap().1.len()]));
    let columns = [vec![("text", texts)], columns].concat();
    let names: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap();
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        for dictionary in [true, false] {
            let properties = WriterProperties::builder()
                .set_writer_version(version)
                .set_dictionary_enabled(dictionary)
                .set_data_page_row_count_limit(3)
                .set_write_batch_size(2)
                .build();
            let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
            writer.write(&batch).unwrap();
            let bytes = writer.into_inner().unwrap();
            let (found, expected) = (found(&bytes, &names), expected(&bytes));
            assert_eq!(found.len(), batch.num_rows());
            for (row, (found, expected)) in found.iter().zip(&expected).enumerate() {
                for (name, (found, expected)) in names[1..].iter().zip(found.iter().zip(expected)) {
                    assert_eq!(found, expected, "`{name}`, row {row}, {version:?}, {dictionary}");
                }
            }
        }
    }
}

#[test]
fn numbers_are_written_as_arrow_writes_them() {
    judge(vec![
        ("i8", Arc::new(Int8Array::from(vec![Some(i8::MIN), None, Some(0), Some(i8::MAX)]))),
        ("i16", Arc::new(Int16Array::from(vec![Some(i16::MIN), None, Some(0), Some(i16::MAX)]))),
        ("i32", Arc::new(Int32Array::from(vec![Some(i32::MIN), None, Some(0), Some(i32::MAX)]))),
        ("i64", Arc::new(Int64Array::from(vec![Some(i64::MIN), None, Some(0), Some(i64::MAX)]))),
        ("u8", Arc::new(UInt8Array::from(vec![Some(0), None, Some(7), Some(u8::MAX)]))),
        ("u16", Arc::new(UInt16Array::from(vec![Some(0), None, Some(7), Some(u16::MAX)]))),
        ("u32", Arc::new(UInt32Array::from(vec![Some(0), None, Some(7), Some(u32::MAX)]))),
        ("u64", Arc::new(UInt64Array::from(vec![Some(0), None, Some(7), Some(u64::MAX)]))),
        ("f32", Arc::new(Float32Array::from(vec![Some(0.1), None, Some(-1e30), Some(f32::NAN)]))),
        ("f64", Arc::new(Float64Array::from(vec![Some(1.0), Some(-0.0), Some(1e-9), Some(f64::INFINITY)]))),
        ("truth", Arc::new(BooleanArray::from(vec![Some(true), None, Some(false), Some(true)]))),
        ("nothing", Arc::new(NullArray::new(4))),
        (
            "fixed",
            Arc::new(
                FixedSizeBinaryArray::try_from_sparse_iter_with_size(
                    [Some([0u8, 255, 16]), None, Some([1, 2, 3]), Some([9, 9, 9])].into_iter(),
                    3,
                )
                .unwrap(),
            ),
        ),
    ]);
    for (precision, scale) in [(5, 2), (9, 0), (18, 6), (38, 10), (38, 38)] {
        let numbers = Decimal128Array::from(vec![Some(0), Some(-1), None, Some(12_345), Some(-70_000)]);
        judge(vec![("d", Arc::new(numbers.with_precision_and_scale(precision, scale).unwrap()))]);
    }
}

#[test]
fn dates_and_times_are_written_as_arrow_writes_them() {
    let moments = vec![Some(0), None, Some(-1), Some(1_740_830_400_123_456), Some(1_740_830_400_000_000)];
    let millis: Vec<_> = moments.iter().map(|moment| moment.map(|moment| moment / 1000)).collect();
    let micros = TimestampMicrosecondArray::from(moments.clone());
    judge(vec![
        (
            "day",
            Arc::new(Date32Array::from(vec![Some(0), None, Some(-800_000), Some(20_148), Some(3_000_000)])),
        ),
        ("ms", Arc::new(TimestampMillisecondArray::from(millis.clone()))),
        ("us", Arc::new(micros.clone())),
        ("ns", Arc::new(TimestampNanosecondArray::from(moments.clone()))),
        ("ms utc", Arc::new(TimestampMillisecondArray::from(millis.clone()).with_timezone("UTC"))),
        ("us zone", Arc::new(micros.with_timezone("+02:00"))),
        ("ns utc", Arc::new(TimestampNanosecondArray::from(moments).with_timezone("UTC"))),
        (
            "t ms",
            Arc::new(Time32MillisecondArray::from(vec![
                Some(0),
                None,
                Some(1),
                Some(86_399_999),
                Some(3_600_000),
            ])),
        ),
        (
            "t us",
            Arc::new(Time64MicrosecondArray::from(vec![
                Some(0),
                None,
                Some(1),
                Some(86_399_999_999),
                Some(1000),
            ])),
        ),
        (
            "t ns",
            Arc::new(Time64NanosecondArray::from(vec![
                Some(0),
                None,
                Some(1),
                Some(86_399_999_999_999),
                Some(7),
            ])),
        ),
    ]);
}

#[test]
fn lists_structures_and_maps_are_written_as_arrow_writes_them() {
    let mut words = ListBuilder::new(StringBuilder::new());
    let mut nested = ListBuilder::new(ListBuilder::new(Int32Builder::new()));
    let mut pairs = FixedSizeListBuilder::new(Float64Builder::new(), 2);
    let mut map = MapBuilder::new(None, StringBuilder::new(), Int32Builder::new());
    let inner = Field::new("of", DataType::List(Arc::new(Field::new("item", DataType::Int32, true))), true);
    let fields = vec![Field::new("name", DataType::Utf8, true), inner];
    let structure = || StructBuilder::from_fields(fields.clone(), 0);
    let (mut one, mut many) = (structure(), ListBuilder::new(structure()));
    fn fill(structure: &mut StructBuilder, seed: usize) {
        let names = structure.field_builder::<StringBuilder>(0).unwrap();
        names.append_option((!seed.is_multiple_of(3)).then(|| format!("n{seed}")));
        let numbers =
            structure.field_builder::<ListBuilder<Box<dyn arrow_array::builder::ArrayBuilder>>>(1).unwrap();
        let values = numbers.values().as_any_mut().downcast_mut::<Int32Builder>().unwrap();
        for number in 0..seed % 4 {
            values.append_option((number != 1).then_some(number as i32 * 10));
        }
        numbers.append(!seed.is_multiple_of(5));
        structure.append(!seed.is_multiple_of(7));
    }
    for row in 0..40usize {
        for item in 0..row % 4 {
            words.values().append_option((item != 2).then(|| format!("w{row}{item}")));
            for number in 0..(row + item) % 3 {
                nested.values().values().append_option((number == 0).then_some(row as i32));
            }
            nested.values().append((row + item) % 5 > 0);
            map.keys().append_value(format!("k{item}"));
            map.values().append_option((item != 1).then_some(row as i32));
            fill(many.values(), row + item);
        }
        words.append(row % 5 > 0);
        nested.append(row % 6 > 0);
        map.append(row % 7 > 0).unwrap();
        many.append(row % 9 > 0);
        fill(&mut one, row);
        pairs.values().append_slice(&[row as f64, 0.5]);
        pairs.append(row % 3 > 0);
    }
    judge(vec![
        ("words", Arc::new(words.finish())),
        ("nested", Arc::new(nested.finish())),
        ("pairs", Arc::new(pairs.finish())),
        ("map", Arc::new(map.finish())),
        ("one", Arc::new(one.finish())),
        ("many", Arc::new(many.finish())),
    ]);
}

/// Judges a file of primitive columns under a schema, each of which is filled by `fill`.
fn judge_schema(schema: &str, names: &[&str], mut fill: impl FnMut(usize, &mut ColumnWriter<'_>)) {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut at = 0;
    while let Some(mut column) = group.next_column().unwrap() {
        fill(at, column.untyped());
        column.close().unwrap();
        at += 1;
    }
    group.close().unwrap();
    let bytes = writer.into_inner().unwrap();
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let expected = expected(&bytes);
    assert!(!expected.is_empty());
    assert_eq!(found(&bytes, &names), expected);
}

#[test]
fn types_that_arrow_does_not_write_are_written_as_it_reads_them() {
    let schema = "message schema {
        required binary text;
        required int96 spark;
        required binary amount (DECIMAL(20,3));
        required fixed_len_byte_array(7) price (DECIMAL(16,2));
        required fixed_len_byte_array(20) large (DECIMAL(45,5));
        required fixed_len_byte_array(12) span (INTERVAL);
        required fixed_len_byte_array(2) half (FLOAT16);
        required int32 money (DECIMAL(9,2));
        required int64 cents (DECIMAL(18,18));
        required int64 old (TIMESTAMP_MILLIS);
    }";
    let names = ["text", "spark", "amount", "price", "large", "span", "half", "money", "cents", "old"];
    let fixed = |bytes: Vec<u8>| FixedLenByteArray::from(ByteArray::from(bytes));
    judge_schema(schema, &names, |at, column| match column {
        ColumnWriter::ByteArrayColumnWriter(column) => {
            let values: [&[u8]; 3] = if at == 2 {
                [&[], &[0xff, 0x01], &[0x7f, 0xff, 0xff, 0xff, 0xff]]
            } else {
                [b"x", b"y", b"z"]
            };
            let values = values.map(|value| ByteArray::from(value.to_vec()));
            column.write_batch(&values, None, None).unwrap();
        }
        ColumnWriter::Int96ColumnWriter(column) => {
            let mut values = [Int96::new(), Int96::new(), Int96::new()];
            values[0].set_data(0, 0, 2_440_588);
            values[1].set_data(1_000_000_000, 3, 2_460_000);
            values[2].set_data(999, 0, 2_440_500);
            column.write_batch(&values, None, None).unwrap();
        }
        ColumnWriter::FixedLenByteArrayColumnWriter(column) => {
            let values = match at {
                3 => [vec![0; 7], vec![0xff; 7], vec![1, 2, 3, 4, 5, 6, 7]],
                4 => [vec![0; 20], vec![0xff; 20], [vec![0x0f; 16], vec![9; 4]].concat()],
                5 => {
                    let span = |days: i32, milliseconds: i32| {
                        [1i32.to_le_bytes(), days.to_le_bytes(), milliseconds.to_le_bytes()].concat()
                    };
                    [span(0, 0), span(-3, 90_061_007), span(2, -61_500)]
                }
                _ => [vec![0x66, 0x2e], vec![0, 0x3c], vec![0, 0xfc]],
            };
            column.write_batch(&values.map(fixed), None, None).unwrap();
        }
        ColumnWriter::Int32ColumnWriter(column) => {
            column.write_batch(&[0, -5, 123_456], None, None).unwrap();
        }
        ColumnWriter::Int64ColumnWriter(column) => {
            column.write_batch(&[0, -5, 1_740_830_400_001], None, None).unwrap();
        }
        _ => unreachable!(),
    });
}

#[test]
fn lists_of_every_age_are_written_as_arrow_reads_them() {
    for (schema, definitions, repetitions) in [
        // An optional list of optional elements; one of required ones; a list of the first age;
        // repeated without a list.
        (
            "optional group v (LIST) { repeated group list { optional int32 element; } }",
            [3, 2, 3, 0, 1, 3],
            [0, 1, 1, 0, 0, 0],
        ),
        (
            "optional group v (LIST) { repeated group bag { required int32 array_element; } }",
            [2, 2, 2, 0, 1, 2],
            [0, 1, 1, 0, 0, 0],
        ),
        ("required group v (LIST) { repeated int32 array; }", [1, 1, 1, 0, 0, 1], [0, 1, 1, 0, 0, 0]),
        ("optional group v (LIST) { repeated int32 array; }", [2, 2, 2, 0, 1, 2], [0, 1, 1, 0, 0, 0]),
        ("repeated int32 v;", [1, 1, 1, 0, 0, 1], [0, 1, 1, 0, 0, 0]),
        ("repeated group v { required int32 x; }", [1, 1, 1, 0, 0, 1], [0, 1, 1, 0, 0, 0]),
        (
            "optional group v (LIST) { repeated group array { required int32 x; } }",
            [2, 2, 2, 0, 1, 2],
            [0, 1, 1, 0, 0, 0],
        ),
        (
            "optional group v (LIST) { repeated group v_tuple { optional int32 x; } }",
            [3, 2, 3, 0, 1, 3],
            [0, 1, 1, 0, 0, 0],
        ),
    ] {
        let rows = repetitions.iter().filter(|level| **level == 0).count();
        let values = definitions.iter().filter(|level| *level == definitions.iter().max().unwrap()).count();
        judge_schema(
            &format!("message m {{ required binary text; {schema} }}"),
            &["text", "v"],
            |_, column| match column {
                ColumnWriter::ByteArrayColumnWriter(column) => {
                    column.write_batch(&vec![ByteArray::from("x"); rows], None, None).unwrap();
                }
                ColumnWriter::Int32ColumnWriter(column) => {
                    let values: Vec<i32> = (1..).take(values).collect();
                    column.write_batch(&values, Some(&definitions), Some(&repetitions)).unwrap();
                }
                _ => unreachable!(),
            },
        );
    }
}

#[test]
fn types_have_the_names_that_arrow_gives_them() {
    let names = |schema: &str| {
        let schema = parse_message_type(schema).unwrap();
        let ours = schema
            .get_fields()
            .iter()
            .map(|field| super::cells::Kind::from_parquet(field).unwrap().to_string());
        let ours: Vec<String> = ours.collect();
        let descriptor = parquet::schema::types::SchemaDescriptor::new(Arc::new(schema));
        let arrow = parquet::arrow::parquet_to_arrow_schema(&descriptor, None).unwrap();
        let theirs: Vec<String> = arrow.fields().iter().map(|field| field.data_type().to_string()).collect();
        assert_eq!(ours, theirs);
    };
    names(
        "message schema { required binary a; required binary b (UTF8); required int96 c; required int64 d;
        required int32 e (UINT_8); required int32 f (DATE); required int64 g (TIMESTAMP_MICROS);
        required int64 h (TIMESTAMP(NANOS,false)); required int32 i (TIME(MILLIS,true));
        required int64 j (TIME(NANOS,false)); required fixed_len_byte_array(16) k (UUID); required double l;
        required float m; required boolean n; required int32 o (DECIMAL(9,2)); required binary p (DECIMAL(50,4));
        required fixed_len_byte_array(12) q (INTERVAL); required fixed_len_byte_array(2) r (FLOAT16);
        required fixed_len_byte_array(5) s; required binary t (JSON); required binary u (ENUM); }",
    );
}
