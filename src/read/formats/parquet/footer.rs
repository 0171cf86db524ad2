//! Reads the footer of a file, and checks what the parquet crate would believe without a look: it
//! recurses into the schema, and allocates as many columns and row groups as are claimed.

use std::io::{Read, Seek, SeekFrom};

use crate::read::bytes::seekable::Seekable;
use crate::read::formats::parquet::thrift::{BINARY, I32, I64, LIST, STRUCT, Thrift};

const MAGIC: &[u8] = b"PAR1";
const ENCRYPTED: &[u8] = b"PARE";
/// The footer's length and the magic stand behind it.
const TAIL: u64 = 8;
/// A footer has some hundred bytes a column and row group.
const MAX_FOOTER_BYTES: u64 = 64 << 20;
/// No schema of real data has groups within groups like that.
const MAX_DEPTH: usize = 64;
/// Most bytes of a value of fixed length: room is made for a thousand at once.
const MAX_FIXED_BYTES: i32 = 64 << 10;
/// A row group takes more bytes of the footer than this: a list of columns and two numbers.
const MIN_ROW_GROUP_BYTES: u64 = 8;
/// Types of the fields 1 to 10 of a schema's element, the least and the most that any writer
/// writes.
const ELEMENT: [u8; 10] = [I32, I32, I32, BINARY, I32, I32, I32, I32, I32, STRUCT];

/// Bytes that the parquet crate takes for a part of the schema, for each level above it, and for a
/// column of a row group.
const ELEMENT_COST: u64 = 512;
const LEVEL_COST: u64 = 48;
const CHUNK_COST: u64 = 768;

/// The description of a file.
pub(super) struct Footer {
    pub(super) bytes: Vec<u8>,
    /// Where it begins and the pages end.
    pub(super) start: u64,
    /// Bytes that it takes in memory, about.
    pub(super) cost: u64,
}

/// The footer; else what is wrong.
pub(super) fn read(file: &mut Seekable) -> Result<Footer, String> {
    let cut = || "it is truncated: it does not end like a Parquet file".to_owned();
    let unreadable = |error: std::io::Error| format!("cannot read it: {error}");
    let length = file.length().map_err(unreadable)?;
    let mut head = [0; 4];
    file.read_exact(&mut head).map_err(|_| "it is not Parquet: it is too short".to_owned())?;
    if head == ENCRYPTED {
        return Err("it is encrypted; write it without encryption first".to_owned());
    }
    if head != MAGIC {
        return Err("it is not Parquet: it does not begin with PAR1".to_owned());
    }
    let tail_at = length.checked_sub(TAIL).filter(|at| *at >= MAGIC.len() as u64).ok_or_else(cut)?;
    file.seek(SeekFrom::Start(tail_at)).map_err(unreadable)?;
    let (mut size, mut magic) = ([0; 4], [0; 4]);
    file.read_exact(&mut size).and_then(|()| file.read_exact(&mut magic)).map_err(unreadable)?;
    if magic != MAGIC {
        return Err(cut());
    }
    let size = u64::from(u32::from_le_bytes(size));
    let start = tail_at.checked_sub(size).filter(|at| *at >= MAGIC.len() as u64);
    let start = start
        .ok_or_else(|| format!("it is damaged: its footer claims {size} bytes, but the file has {length}"))?;
    if size > MAX_FOOTER_BYTES {
        return Err(format!("its footer has {size} bytes; at most {MAX_FOOTER_BYTES} are read"));
    }
    let mut footer = Vec::new();
    file.seek(SeekFrom::Start(start)).map_err(unreadable)?;
    file.take(size).read_to_end(&mut footer).map_err(unreadable)?;
    let cost = Some(&footer).filter(|footer| footer.len() as u64 == size).and_then(|footer| check(footer));
    let cost = cost.ok_or("it is damaged: its footer makes no sense")?;
    Ok(Footer { bytes: footer, start, cost: cost.saturating_add(size) })
}

/// What its parts take in memory.
fn check(footer: &[u8]) -> Option<u64> {
    let mut thrift = Thrift::new(footer, footer.len() as u64);
    let (mut last, mut cost) = (0, 0u64);
    while let Some((number, kind)) = thrift.field(&mut last)? {
        match (number, kind) {
            (1, I32) | (3, I64) | (6, BINARY) | (5 | 7, LIST) => thrift.skip(kind)?,
            (2, LIST) => cost += schema(&mut thrift)?,
            (4, LIST) => {
                let (kind, count) = thrift.list()?;
                if kind != STRUCT && count > 0 || count > thrift.left() / MIN_ROW_GROUP_BYTES {
                    return None;
                }
                for _ in 0..count {
                    cost += row_group(&mut thrift)?;
                }
            }
            (1..=7, _) => return None,
            _ => thrift.skip(kind)?,
        }
    }
    Some(cost)
}

/// What a row group takes in memory.
fn row_group(thrift: &mut Thrift<&[u8]>) -> Option<u64> {
    let (mut last, mut columns) = (0, 0);
    while let Some((number, kind)) = thrift.field(&mut last)? {
        if (number, kind) != (1, LIST) {
            thrift.skip(kind)?;
            continue;
        }
        let (kind, count) = thrift.list()?;
        (0..count).try_for_each(|_| thrift.skip(kind))?;
        columns += count;
    }
    Some((columns + 1).saturating_mul(CHUNK_COST))
}

/// A tree of as many elements as are claimed, in the order of their depth, that is not deep. Gives
/// what it takes in memory.
fn schema(thrift: &mut Thrift<&[u8]>) -> Option<u64> {
    let (kind, count) = thrift.list()?;
    if kind != STRUCT {
        return None;
    }
    // Children still to come of each element that stands open.
    let (mut open, mut cost): (Vec<u64>, u64) = (Vec::new(), 0);
    for number in 1..=count {
        while open.last() == Some(&0) {
            open.pop();
        }
        if let Some(rest) = open.last_mut() {
            *rest -= 1;
        }
        let children = element(thrift)?;
        if children > count - number || open.len() >= MAX_DEPTH {
            return None;
        }
        open.push(children);
        cost += ELEMENT_COST + LEVEL_COST * open.len() as u64;
    }
    Some(cost)
}

/// Gives the number of its children.
fn element(thrift: &mut Thrift<&[u8]>) -> Option<u64> {
    let (mut children, mut last) = (0, 0);
    while let Some((number, kind)) = thrift.field(&mut last)? {
        let known = usize::try_from(number - 1).ok().and_then(|at| ELEMENT.get(at));
        if known.is_some_and(|known| *known != kind) {
            return None;
        }
        match number {
            2 if thrift.i32()? > MAX_FIXED_BYTES => return None,
            2 => {}
            5 => children = u64::try_from(thrift.i32()?).ok()?,
            _ => thrift.skip(kind)?,
        }
    }
    Some(children)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn read_bytes(bytes: &[u8]) -> Result<u64, String> {
        read(&mut Seekable::from(Arc::from(bytes))).map(|footer| footer.start)
    }

    fn with_footer(footer: &[u8]) -> Vec<u8> {
        [b"PAR1", footer, &(footer.len() as u32).to_le_bytes(), b"PAR1"].concat()
    }

    /// An element with so many children: name "a", then field 5.
    fn element(children: u8) -> [u8; 6] {
        [0x48, 1, b'a', 0x15, children * 2, 0]
    }

    #[test]
    fn what_is_no_parquet_or_cut_short_is_said() {
        for (bytes, expected) in [
            (&b"id,text\n1,x\n"[..], "does not begin with PAR1"),
            (b"PA", "too short"),
            (b"PAR1", "truncated"),
            (b"PAR1PAR1", "truncated"),
            (b"PAR1 some pages \x00\x00\x00\x00PAR2", "truncated"),
            (b"PAR1\xff\xff\xff\x7fPAR1", "claims 2147483647 bytes, but the file has 12"),
            (b"PARE    PARE", "encrypted"),
        ] {
            let error = read_bytes(bytes).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_footer_is_found_where_it_begins() {
        let schema = [&[0x29, 0x3c][..], &element(2), &element(0), &element(0), &[0]].concat();
        assert_eq!(read_bytes(&with_footer(&schema)), Ok(4));
    }

    #[test]
    fn schemas_that_would_exhaust_memory_or_the_stack_are_refused() {
        let refused = |list: &[u8]| {
            let footer = [&[0x29][..], list, &[0]].concat();
            read_bytes(&with_footer(&footer)).unwrap_err().contains("makes no sense")
        };
        // More children than elements; a negative number of them; a value of 2^24 bytes; a name
        // that is a number.
        assert!(refused(&[&[0x2c][..], &element(2), &element(0)].concat()));
        assert!(refused(&[0x1c, 0x48, 1, b'a', 0x15, 1, 0]));
        assert!(refused(&[0x1c, 0x25, 0x80, 0x80, 0x80, 0x10, 0]));
        assert!(refused(&[0x1c, 0x45, 1, 0]));
        let deep = |depth: u8| {
            let mut list = vec![0xfc, depth + 1];
            (0..depth).for_each(|_| list.extend(element(1)));
            list.extend(element(0));
            list
        };
        assert!(!refused_of(&deep(60)) && refused(&deep(100)));

        fn refused_of(list: &[u8]) -> bool {
            read_bytes(&with_footer(&[&[0x29][..], list, &[0]].concat())).is_err()
        }
        // 2^28 row groups.
        assert!(read_bytes(&with_footer(&[0x49, 0xfc, 0x80, 0x80, 0x80, 0x80, 0x01, 0])).is_err());
    }
}
