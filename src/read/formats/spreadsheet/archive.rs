//! Opens the zip archive of a spreadsheet, and checks that it can be unpacked without harm.

use std::io::{BufReader, Read, Seek, Write};

use memchr::memmem;
use zip::ZipArchive;

use crate::read::bytes::seekable::Seekable;
use crate::read::formats::unsupported;

/// Most bytes of a spreadsheet, packed and unpacked.
pub(super) const MAX_BYTES: u64 = 512 << 20;
/// Most parts of a spreadsheet: each sheet, each picture is one.
const MAX_PARTS: usize = 100_000;
/// What stands before each entry of an archive's directory.
const ENTRY: &[u8] = b"PK\x01\x02";
const BLOCK: usize = 64 << 10;
/// What is kept of one cell format beside its texts, roughly, and the texts that each may have.
const FORMAT_COST: u64 = 512;
const FORMAT_TEXTS: u64 = 4;
/// What a string takes beside its text.
const STRING_COST: u64 = 64;
/// The shortest string of a list of strings.
const MIN_STRING_BYTES: u64 = 5;

pub(super) type Archive = ZipArchive<BufReader<Seekable>>;

/// What a zip archive holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ZipContent {
    Xlsx,
    Ods,
    /// Something that is not read, by the extension that is usual for it.
    Other(&'static str),
}

/// The directory of an archive.
pub(super) fn open(mut file: Seekable) -> Result<Archive, String> {
    let unreadable = |error: std::io::Error| format!("cannot read it: {error}");
    if file.length().map_err(unreadable)? > MAX_BYTES {
        return Err(too_large("it is"));
    }
    let mut head = Vec::new();
    file.by_ref().take(8).read_to_end(&mut head).map_err(unreadable)?;
    if !head.starts_with(unsupported::ZIP) {
        let unknown = || "it is not a spreadsheet: it does not begin like a zip archive".to_owned();
        return Err(unsupported::by_beginning(&head).unwrap_or_else(unknown));
    }
    // An entry takes much more memory than space, and the zip crate reads them all.
    if entries(&mut file).map_err(unreadable)? > MAX_PARTS {
        return Err(format!("it has more than {MAX_PARTS} parts; export the sheet as CSV"));
    }
    ZipArchive::new(BufReader::new(file)).map_err(damaged)
}

fn entries(file: &mut Seekable) -> std::io::Result<usize> {
    let (mut count, mut kept, mut bytes) = (0, 0, vec![0; BLOCK]);
    file.rewind()?;
    loop {
        let read = file.read(bytes.get_mut(kept..).unwrap_or(&mut []))?;
        if read == 0 {
            file.rewind()?;
            return Ok(count);
        }
        let window = bytes.get(..kept + read).unwrap_or(&[]);
        count += memmem::find_iter(window, ENTRY).count();
        // What may be the beginning of one that goes on in the next block.
        let rest = window.len().min(ENTRY.len() - 1);
        let from = window.len() - rest;
        bytes.copy_within(from..from + rest, 0);
        kept = rest;
    }
}

/// What an archive holds, by the names of its parts.
pub(super) fn content(archive: &mut Archive) -> ZipContent {
    let mut told = String::new();
    if let Ok(part) = archive.by_name("mimetype") {
        // A name that cannot be read tells nothing.
        let _ = part.take(100).read_to_string(&mut told);
    }
    match told.trim_end().strip_prefix("application/") {
        Some("vnd.oasis.opendocument.spreadsheet") => return ZipContent::Ods,
        Some("vnd.oasis.opendocument.text") => return ZipContent::Other("odt"),
        Some("vnd.oasis.opendocument.presentation") => return ZipContent::Other("odp"),
        Some("epub+zip") => return ZipContent::Other("epub"),
        _ => {}
    }
    let names = archive.file_names_raw().map(|name| String::from_utf8_lossy(name).to_ascii_lowercase());
    let names: Vec<String> = names.map(|name| name.replace('\\', "/")).collect();
    let has = |name: &str| names.iter().any(|found| found.ends_with(name));
    match () {
        () if has("word/document.xml") => ZipContent::Other("docx"),
        () if has("ppt/presentation.xml") => ZipContent::Other("pptx"),
        () if has("xl/workbook.bin") => ZipContent::Other("xlsb"),
        () if has("workbook.xml") => ZipContent::Xlsx,
        () => ZipContent::Other("zip"),
    }
}

/// Unpacks every part to nowhere: what is larger than it looks must be known before it is held in
/// memory. `limit` is the most bytes of all parts. Gives what calamine will hold of them at once.
pub(super) fn check(archive: &mut Archive, limit: u64) -> Result<u64, String> {
    let (mut left, mut held) = (limit, 0u64);
    for number in 0..archive.len() {
        let part = archive.by_index(number).map_err(damaged)?;
        let mut claims = Claims::new(&String::from_utf8_lossy(part.name_raw()));
        let size = std::io::copy(&mut part.take(left + 1), &mut claims)
            .map_err(|error| format!("it is damaged: {error}"))?;
        left = left.checked_sub(size).ok_or_else(|| too_large("it unpacks to"))?;
        if claims.cost(size) > limit {
            return Err(too_large("it claims"));
        }
        held = held.saturating_add(claims.cost(size)).saturating_add(claims.held(size));
    }
    Ok(held)
}

fn damaged(error: zip::result::ZipError) -> String {
    format!("it is damaged: {error}")
}

fn too_large(what: &str) -> String {
    format!("{what} more than {} MB; export the sheet as CSV", MAX_BYTES >> 20)
}

/// What a part makes calamine hold beyond the part's own size: room for as many strings as it
/// claims, and for each cell format a copy of the texts that it refers to.
struct Claims {
    strings: bool,
    formats: bool,
    /// Letters of `uniqueCount` that were just read, and the number behind it while it is read.
    matched: usize,
    number: Option<u64>,
    most: u64,
    last: u8,
    count: u64,
    /// Bytes since the last quotation mark, and the most of them.
    run: u64,
    longest: u64,
    /// The last three bytes of a list of strings, and the strings that began.
    tail: [u8; 3],
    items: u64,
}

impl Claims {
    const WORD: &[u8] = b"uniqueCount";

    fn new(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        Claims {
            strings: name.ends_with("sharedstrings.xml"),
            formats: name.ends_with("styles.xml"),
            matched: 0,
            number: None,
            most: 0,
            last: 0,
            count: 0,
            run: 0,
            longest: 0,
            tail: [0; 3],
            items: 0,
        }
    }

    /// Bytes of a list of strings in memory, where the part has `size`.
    fn held(&self, size: u64) -> u64 {
        if self.strings { self.items.saturating_mul(STRING_COST).saturating_add(size) } else { 0 }
    }

    /// Bytes of memory, where a part has `size`.
    fn cost(&self, size: u64) -> u64 {
        if self.most > size / MIN_STRING_BYTES {
            return u64::MAX;
        }
        let one = self.longest.max(self.run).saturating_mul(FORMAT_TEXTS).saturating_add(FORMAT_COST);
        self.count.saturating_mul(one)
    }

    fn take(&mut self, byte: u8) {
        if self.strings {
            let [_, second, third] = self.tail;
            self.tail = [second, third, byte];
            // With and without a prefix of the name.
            self.items += u64::from(matches!(&self.tail, b"<si" | b":si"));
            match (&mut self.number, byte) {
                (Some(number), b'0'..=b'9') => {
                    *number = number.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
                    self.most = self.most.max(*number);
                }
                (Some(0), b'=' | b'"' | b'\'' | b'+' | b' ' | b'\t' | b'\r' | b'\n') => {}
                (number, _) => *number = None,
            }
            self.matched = match Self::WORD.get(self.matched) {
                Some(letter) if *letter == byte => self.matched + 1,
                _ => usize::from(byte == b'u'),
            };
            if self.matched == Self::WORD.len() {
                (self.matched, self.number) = (0, Some(0));
            }
        }
        if self.formats {
            self.count += u64::from(self.last == b'x' && byte == b'f');
            self.last = byte;
            self.run = if byte == b'"' || byte == b'\'' { 0 } else { self.run + 1 };
            self.longest = self.longest.max(self.run);
        }
    }
}

impl Write for Claims {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.strings || self.formats {
            // UTF-16 has zeros between its letters.
            bytes.iter().filter(|byte| **byte != 0).for_each(|byte| self.take(*byte));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn cost(name: &str, bytes: &[u8]) -> u64 {
        let mut claims = Claims::new(name);
        // In pieces, as they may come.
        bytes.chunks(3).for_each(|piece| claims.write_all(piece).unwrap());
        claims.cost(bytes.len() as u64)
    }

    #[test]
    fn strings_that_are_claimed_and_not_there_are_found() {
        let honest = b"<sst uniqueCount=\"2\"><si><t>a</t></si><si><t>b</t></si></sst>";
        assert_eq!(cost("xl/sharedStrings.xml", honest), 0);
        let lie = "<sst count=\"1\" uniqueCount = '99999999999'><si/></sst>";
        assert_eq!(cost("xl/SharedStrings.xml", lie.as_bytes()), u64::MAX);
        let wide: Vec<u8> = lie.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(cost("xl/sharedStrings.xml", &wide), u64::MAX);
        assert_eq!(cost("xl/worksheets/sheet1.xml", lie.as_bytes()), 0);
    }

    #[test]
    fn a_list_of_strings_costs_its_size_and_each_string() {
        let held = |bytes: &[u8]| {
            let mut claims = Claims::new("xl/sharedStrings.xml");
            bytes.chunks(3).for_each(|piece| claims.write_all(piece).unwrap());
            claims.held(1000)
        };
        assert_eq!(
            held(b"<sst><si><t>a side</t></si><x:si><t>b</t></x:si><si/></sst>"),
            1000 + 4 * STRING_COST
        );
        assert_eq!(Claims::new("xl/worksheets/sheet1.xml").held(1000), 0);
    }

    #[test]
    fn formats_that_would_each_copy_a_long_name_are_found() {
        let styles = |name: usize| {
            format!(
                "<font><name val=\"{}\"/></font>{}",
                "n".repeat(name),
                "<xf fontId=\"0\"/>".repeat(50_000)
            )
        };
        assert!(cost("xl/styles.xml", styles(100).as_bytes()) < MAX_BYTES);
        assert!(cost("xl/styles.xml", styles(1 << 20).as_bytes()) > MAX_BYTES);
    }

    #[test]
    fn entries_are_counted_over_the_ends_of_blocks() {
        let bytes = [vec![b'x'; BLOCK - 2], ENTRY.repeat(3)].concat();
        assert_eq!(entries(&mut Seekable::from(Arc::from(bytes))).unwrap(), 3);
    }
}
