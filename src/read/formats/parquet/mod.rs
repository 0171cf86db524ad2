//! Reads Parquet: one row is one text.
//!
//! A file is read row group by row group, and of each only the columns that are needed. What the file claims of itself is
//! checked first (`footer`, `pages`); what is still wrong costs the rest of its row group.

#[cfg(test)]
mod against_arrow;
mod cells;
mod chunks;
mod codecs;
mod columns;
mod footer;
mod leaves;
mod nested;
mod pages;
mod thrift;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use columns::Layout;
use leaves::Leaf;
use nested::Fault;
use pages::{Pages, shares_prefixes};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};

use crate::error::{Error, ErrorKind, Position, Result};
use crate::read::bytes::budget::{Budget, Share};
use crate::read::bytes::decode::{Decoded, invalid_sequences};
use crate::read::bytes::seekable::Seekable;
use crate::read::{Body, InputOptions, RawRecord};
use crate::text::document::Replaced;

/// Bytes of rows that are decoded at a time, by the row group's own average.
const BATCH_BYTES: u64 = 4 << 20;
/// Most rows that are decoded at a time.
const BATCH_ROWS: u64 = 1024;
/// Most rows of a file: so many in any file, and so many more for each byte.
const MAX_EMPTY_ROWS: u64 = 1 << 20;
const MAX_ROWS_PER_BYTE: u64 = 1000;
/// Most bytes of the values of a file: so many in any file, and so many more for each byte.
const MAX_REPEATED_BYTES: u64 = 64 << 20;
const MAX_BYTES_PER_BYTE: u64 = 1000;
/// Pages begin behind the magic bytes.
const FIRST_PAGE: u64 = 4;

/// The rows of a file.
pub(crate) struct ParquetRows {
    path: Arc<str>,
    file: Arc<Seekable>,
    layout: Layout,
    /// Where the footer begins and the pages end.
    pages_end: u64,
    max_record: usize,
    budget: Budget,
    _footer_share: Share,
    /// Row groups that have been begun.
    begun: usize,
    /// Rows that the groups before this one have.
    before: u64,
    /// Rows that this group claims, and rows of it that have been given.
    rows: u64,
    given: u64,
    /// The primitive columns of this group, by [`Layout::leaves`]; none before it is begun and behind its end.
    leaves: Vec<Leaf>,
    /// A value that is being written.
    cell: Vec<u8>,
    /// Bytes that the values to come may take.
    left: u64,
}

impl ParquetRows {
    /// Reads the footer.
    pub(crate) fn open(path: Arc<str>, mut file: Seekable, options: &InputOptions) -> Result<Self> {
        let position = Position::from_path(path.to_string());
        let malformed = |message: String| Error::malformed(position.clone(), "parquet", message);
        let budget = options.budget();
        let footer = footer::read(&mut file).map_err(malformed)?;
        let footer_share = budget
            .take(footer.cost)
            .map_err(|over| malformed(format!("it has too many columns or row groups: {over}")))?;
        let layout = Layout::read(&footer.bytes, options, &position)?;
        let length = file.length().unwrap_or(0);
        check_rows(&layout, length).map_err(malformed)?;
        Ok(ParquetRows {
            path,
            file: Arc::new(file),
            layout,
            pages_end: footer.start,
            max_record: options.max_record,
            budget,
            _footer_share: footer_share,
            begun: 0,
            before: 0,
            rows: 0,
            given: 0,
            leaves: Vec::new(),
            cell: Vec::new(),
            left: MAX_REPEATED_BYTES.saturating_add(length.saturating_mul(MAX_BYTES_PER_BYTE)),
        })
    }

    /// The number of the row that comes next.
    fn record(&self) -> u64 {
        self.before.saturating_add(self.given).saturating_add(1)
    }

    fn place(&self) -> Position {
        Position { path: Some(self.path.to_string()), record: Some(self.record()), line: None }
    }

    /// Begins the next row group; false if there is none.
    fn begin_group(&mut self) -> Result<bool> {
        self.before = self.before.saturating_add(self.rows);
        (self.rows, self.given) = (0, 0);
        let Some(group) = self.layout.metadata.row_groups().get(self.begun).cloned() else {
            return Ok(false);
        };
        self.begun += 1;
        self.rows = u64::try_from(group.num_rows()).unwrap_or(0);
        if self.rows == 0 {
            return Ok(true);
        }
        match self.check(&group) {
            Ok(bytes) => self.leaves = self.open_leaves(&group, bytes),
            Err(message) => return Err(self.lose_group(&message)),
        }
        Ok(true)
    }

    /// The needed columns of a row group, which have so many bytes without compression.
    fn open_leaves(&self, group: &RowGroupMetaData, bytes: u64) -> Vec<Leaf> {
        let step = (BATCH_BYTES.saturating_mul(self.rows) / bytes.max(1)).clamp(1, BATCH_ROWS) as usize;
        let chunks = self.layout.leaves.iter().filter_map(|leaf| group.columns().get(*leaf));
        let open = |chunk: &ColumnChunkMetaData| {
            let pages = Pages::new(self.file.clone(), chunk, self.budget.clone());
            // The bytes that values share tell nothing of their size.
            let step = if shares_prefixes(chunk) { 1 } else { step };
            Leaf::new(chunk.column_descr_ptr(), pages, step)
        };
        chunks.map(open).collect()
    }

    /// Whether the needed columns of a row group lie where pages can. Gives their bytes without compression.
    fn check(&self, group: &RowGroupMetaData) -> std::result::Result<u64, String> {
        let mut bytes = 0u64;
        for leaf in &self.layout.leaves {
            let column = group.columns().get(*leaf).ok_or("a column is missing")?;
            let name = column.column_path().string();
            let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
            let (start, length) = (u64::try_from(start), u64::try_from(column.compressed_size()));
            let lies_within = |(start, length): (u64, u64)| {
                start >= FIRST_PAGE && start.checked_add(length).is_some_and(|end| end <= self.pages_end)
            };
            if !start.ok().zip(length.ok()).is_some_and(lies_within) {
                return Err(format!("the column `{name}` does not lie within the file"));
            }
            if column.compression() == Compression::LZO {
                return Err(format!(
                    "the column `{name}` is compressed with LZO, which is not supported; write it with zstd or snappy"
                ));
            }
            bytes = bytes.saturating_add(u64::try_from(column.uncompressed_size()).unwrap_or(0));
        }
        Ok(bytes)
    }

    /// What is said when the rest of a row group cannot be read; reading continues with the next.
    fn lose_group(&mut self, cause: &str) -> Error {
        let groups = self.layout.metadata.num_row_groups();
        let (first, last) = (self.record(), self.before.saturating_add(self.rows));
        let rest = if self.begun == groups { "" } else { "; reading continues after them" };
        let message = format!(
            "row group {} of {groups} cannot be read: {cause}; the rows {first} to {last} were skipped{rest}",
            self.begun
        );
        let error = Error::malformed(self.place(), "parquet", message);
        self.leaves.clear();
        error
    }

    /// What is said where values that share their bytes make more text than any file of its length may have.
    fn lose_rest(&mut self) -> Error {
        self.given = self.given.saturating_sub(1);
        let first = self.record();
        let message = format!(
            "its values take more than {MAX_BYTES_PER_BYTE} bytes for each byte of the file; skipped the rows from {first} on"
        );
        let error = Error::malformed(self.place(), "parquet", message);
        self.begun = self.layout.metadata.num_row_groups();
        (self.rows, self.given) = (0, 0);
        self.leaves.clear();
        error
    }

    fn read(&mut self) -> Result<Option<RawRecord>> {
        while self.leaves.is_empty() || self.given >= self.rows {
            self.leaves.clear();
            if !self.begin_group()? {
                return Ok(None);
            }
        }
        let leaves = &mut self.leaves;
        let next = guarded(|| leaves.iter_mut().try_fold(true, |all, leaf| Ok(leaf.next_row()? && all)));
        match next {
            Ok(true) => {
                let row = self.raw();
                let size = match &row {
                    Ok(raw) => raw.size(),
                    Err(error) if matches!(error.kind(), ErrorKind::TooLarge { .. }) => self.max_record,
                    Err(_) => 0,
                };
                match self.left.checked_sub(size as u64) {
                    Some(left) => self.left = left,
                    None => return Err(self.lose_rest()),
                }
                row.map(Some)
            }
            Ok(false) => Err(self.lose_group("it ends before its last row")),
            Err(message) => Err(self.lose_group(&message)),
        }
    }

    /// The row that the columns stand at.
    fn raw(&mut self) -> Result<RawRecord> {
        let position = self.place();
        self.given += 1;
        let (mut fields, mut invalid) = (self.layout.columns.row(), 0);
        fields.file_notes.extend(self.layout.columns.take_note());
        for place in self.layout.columns.places() {
            self.cell.clear();
            let limit = self.max_record.saturating_sub(fields.size());
            let needed = place.and_then(|place| self.layout.needed(place));
            let is_null = needed.is_some_and(|needed| needed.is_null(&self.leaves));
            let written = match needed {
                Some(needed) => needed.write(&mut self.leaves, &mut self.cell, limit),
                None => Ok(()),
            };
            match written {
                Ok(()) if self.cell.len() <= limit => {}
                Ok(()) | Err(Fault::TooLarge) => {
                    return Err(Error::new(ErrorKind::TooLarge { position, limit: self.max_record }));
                }
                Err(Fault::Damaged(fault)) => {
                    let name = place.and_then(|place| self.layout.names.get(place));
                    let name = name.map_or("", String::as_str);
                    let message = format!("the value of `{name}` cannot be used: {fault}");
                    return Err(Error::malformed(position, "parquet", message));
                }
            }
            invalid += invalid_sequences(&self.cell);
            fields.push(&self.cell);
            if is_null {
                fields.set_null();
            }
        }
        fields.replaced = (invalid > 0).then_some(Replaced { count: invalid, line: 0, byte: 0 });
        Ok(RawRecord {
            path: self.path.clone(),
            record: position.record,
            line: None,
            offset: 0,
            decoded: Decoded::default(),
            body: Body::Fields(fields),
        })
    }
}

impl Iterator for ParquetRows {
    type Item = Result<RawRecord>;

    fn next(&mut self) -> Option<Result<RawRecord>> {
        self.read().transpose()
    }
}

/// Refuses a file that claims rows without end: a null takes next to nothing, and so does a text that is repeated.
fn check_rows(layout: &Layout, length: u64) -> std::result::Result<(), String> {
    let rows = layout.metadata.row_groups().iter().map(|group| u64::try_from(group.num_rows()).unwrap_or(0));
    let rows = rows.fold(0, u64::saturating_add);
    let most = MAX_EMPTY_ROWS.saturating_add(length.saturating_mul(MAX_ROWS_PER_BYTE));
    if rows <= most {
        return Ok(());
    }
    Err(format!("it claims {rows} rows in {length} bytes; at most {most} are read of so few"))
}

/// The crate may panic on bytes that were made to harm; that is no reason to stop.
fn guarded<T>(read: impl FnOnce() -> parquet::errors::Result<T>) -> std::result::Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(plain(&error)),
        Err(_) => Err("its bytes make no sense".to_owned()),
    }
}

/// An error without the names of the layers that it came through.
fn plain(error: &ParquetError) -> String {
    const LAYERS: [&str; 6] =
        ["Parquet error: ", "Parquet argument error: ", "Arrow: ", "External: ", "EOF: ", "NYI: "];
    let written = error.to_string();
    let mut message = written.as_str();
    while let Some(inner) = LAYERS.iter().find_map(|layer| message.strip_prefix(layer)) {
        message = inner;
    }
    message.to_owned()
}

#[cfg(test)]
mod tests {
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
        let options = InputOptions {
            preparation: Preparation::from_columns(["title", "text"]),
            ..InputOptions::default()
        };
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
        rows.layout
            .metadata
            .row_groups()
            .iter()
            .map(|group| group.column(0).byte_range().0 as usize)
            .collect()
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
        let column =
            first.column(0).clone().into_builder().set_compression(Compression::LZO).build().unwrap();
        let first = first.clone().into_builder().set_column_metadata(vec![column]).build().unwrap();
        let groups = [&[first], others].concat();
        rows.layout.metadata = Arc::new(metadata.set_row_groups(groups).build());
        let error = rows.next().unwrap().unwrap_err().to_string();
        assert!(
            error.contains("the column `text` is compressed with LZO, which is not supported"),
            "{error}"
        );
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
        assert!(
            message.contains("more than 1000 bytes for each byte") && message.contains(&first),
            "{message}"
        );
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
}
