//! Decompresses gzip and zstd, which their first bytes tell, of one member or many.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::GzDecoder;
use flate2::read::{DeflateDecoder, ZlibDecoder};

use crate::error::Message;

/// Extensions that stand behind another: `news.csv.gz` is CSV.
pub(crate) const EXTENSIONS: [&str; 4] = ["gz", "gzip", "zst", "zstd"];

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";
/// What a zstd frame begins with that holds no data, after a first byte of 0x50 to 0x5f: RFC 8878,
/// 3.1.2. Programs that compress in parts, such as pzstd, put one first.
const SKIPPABLE: &[u8] = b"\x2a\x4d\x18";
/// Largest window that the format's programs read.
const MAX_WINDOW_LOG: u32 = 31;
/// Logarithm of the widest window that is read where nothing else is asked for: the limit of the
/// zstd program itself.
pub(crate) const DEFAULT_WINDOW_LOG: u32 = 27;
const BLOCK: usize = 256 << 10;
/// First bytes that are looked at: as many as the head of a zstd frame may have.
const HEAD: u64 = 18;

/// Bytes that are compressed no longer.
pub(crate) struct Plain {
    pub(crate) reader: Box<dyn Read + Send>,
    /// The first of them; they are still to be read.
    pub(crate) head: Vec<u8>,
    /// What they were compressed with.
    pub(crate) packing: Option<&'static str>,
}

/// A zstd frame with a window that there is no room for.
#[derive(Debug)]
pub(crate) struct WideWindow {
    bytes: u64,
}

impl WideWindow {
    /// What it says to a user who allows windows of 2 to the power of `limit` bytes.
    pub(crate) fn message(&self, limit: u32) -> Message {
        let log = u64::BITS - self.bytes.saturating_sub(1).leading_zeros();
        let found = format!(
            "its zstd window is {} MB; expected at most {} MB; unpack it first, with `zstd --long={log} -d`",
            self.bytes >> 20,
            (1u64 << limit.min(63)) >> 20
        );
        let option = Message::naming(", or give `zstd_window_log` ").then(log.to_string());
        if log <= MAX_WINDOW_LOG { Message::from(found).then(option) } else { found.into() }
    }
}

/// What `reader` holds, decompressed if it begins like gzip or zstd. Windows of zstd have 2 to the
/// power of `window_log` bytes at most.
pub(crate) fn decompressed(
    reader: Box<dyn Read + Send>,
    window_log: u32,
) -> io::Result<Result<Plain, WideWindow>> {
    let (head, whole) = begun(reader)?;
    let (reader, packing): (Box<dyn Read + Send>, _) = if head.starts_with(GZIP) {
        let members = GzipMembers::new(BufReader::with_capacity(BLOCK, whole));
        (Box::new(Telling { reader: members, format: "gzip" }), "gzip")
    } else if is_zstd(&head) {
        if let Some(bytes) = window_of_frame(&head).filter(|bytes| bytes >> window_log.min(63) > 1) {
            return Ok(Err(WideWindow { bytes }));
        }
        let mut decoder = zstd::stream::read::Decoder::new(whole)?;
        decoder.window_log_max(window_log.clamp(10, MAX_WINDOW_LOG))?;
        (Box::new(Telling { reader: decoder, format: "zstd" }), "zstd")
    } else {
        return Ok(Ok(Plain { reader: whole, head, packing: None }));
    };
    let (head, reader) = begun(reader)?;
    Ok(Ok(Plain { reader, head, packing: Some(packing) }))
}

/// The window of the zstd frame that begins with these bytes: RFC 8878, 3.1.1.1.
fn window_of_frame(head: &[u8]) -> Option<u64> {
    let &[descriptor, ref rest @ ..] = head.strip_prefix(ZSTD)? else { return None };
    let is_single_segment = descriptor & 0x20 != 0;
    if !is_single_segment {
        let window = *rest.first()?;
        let base = 1u64 << (10 + (window >> 3));
        return Some(base + base / 8 * u64::from(window & 7));
    }
    // The window is the content; its size stands behind the dictionary's number.
    let skipped = [0, 1, 2, 4].get(usize::from(descriptor & 3)).copied()?;
    let length = [1, 2, 4, 8].get(usize::from(descriptor >> 6)).copied()?;
    let bytes = rest.get(skipped..skipped + length)?;
    let size = bytes.iter().rev().fold(0u64, |size, &byte| size << 8 | u64::from(byte));
    Some(if length == 2 { size + 256 } else { size })
}

/// The first bytes of a stream, and the stream from its beginning.
fn begun(mut reader: Box<dyn Read + Send>) -> io::Result<(Vec<u8>, Box<dyn Read + Send>)> {
    let mut head = Vec::new();
    reader.by_ref().take(HEAD).read_to_end(&mut head)?;
    let whole = Cursor::new(head.clone()).chain(reader);
    Ok((head, Box::new(whole)))
}

/// Whether bytes begin like what [`decompressed`] decompresses.
pub(crate) fn is_compressed(bytes: &[u8]) -> bool {
    bytes.starts_with(GZIP) || is_zstd(bytes)
}

fn is_zstd(bytes: &[u8]) -> bool {
    let is_skippable = |(first, rest): (&u8, &[u8])| first & 0xf0 == 0x50 && rest.starts_with(SKIPPABLE);
    bytes.starts_with(ZSTD) || bytes.split_first().is_some_and(is_skippable)
}

/// What HTTP calls deflate: zlib by its name, and from some servers the same without zlib's head.
pub(crate) fn inflated(bytes: &[u8]) -> Box<dyn Read + '_> {
    let zlib = matches!(bytes, [first, second, ..]
        if first & 0x0f == 8 && u16::from_be_bytes([*first, *second]).is_multiple_of(31));
    if zlib {
        Box::new(Telling { reader: ZlibDecoder::new(bytes), format: "deflate" })
    } else {
        Box::new(Telling { reader: DeflateDecoder::new(bytes), format: "deflate" })
    }
}

/// The members of a gzip file. Zeros behind a member, with which tapes and some servers fill the
/// last block, are no member.
struct GzipMembers<R> {
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> GzipMembers<R> {
    fn new(reader: R) -> Self {
        GzipMembers { member: Some(GzDecoder::new(reader)) }
    }
}

impl<R: BufRead> Read for GzipMembers<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let count = member.read(bytes)?;
            if count > 0 || bytes.is_empty() {
                return Ok(count);
            }
            let is_last = skip_zeros(member.get_mut())?;
            let ended = self.member.take().filter(|_| !is_last);
            self.member = ended.map(|ended| GzDecoder::new(ended.into_inner()));
        }
        Ok(0)
    }
}

/// Skips zeros, and says whether nothing else follows.
fn skip_zeros(reader: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok(true);
        }
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let is_other = zeros < bytes.len();
        reader.consume(zeros);
        if is_other {
            return Ok(false);
        }
    }
}

/// Says in an error which format is damaged.
struct Telling<R> {
    reader: R,
    format: &'static str,
}

impl<R: Read> Read for Telling<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.reader.read(bytes).map_err(|error| {
            // The system could not read: that says nothing about the data.
            if error.raw_os_error().is_some() {
                return error;
            }
            // The first frame was let through; a later one may ask for more.
            let is_wide = self.format == "zstd" && error.to_string().contains("too much memory");
            let message = match is_wide {
                true => "a later zstd frame has a larger window than allowed; unpack it first, with `zstd --long=31 -d`"
                    .to_owned(),
                false => format!("the {} data is damaged or truncated: {error}", self.format),
            };
            io::Error::new(error.kind(), message)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        let plain = decompressed(Box::new(Cursor::new(bytes)), 27)?;
        plain.unwrap().reader.read_to_end(&mut out)?;
        Ok(out)
    }

    #[test]
    fn what_the_system_cannot_read_is_not_called_damaged() {
        struct Failing(Vec<u8>);
        impl Read for Failing {
            fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
                if self.0.is_empty() {
                    // EIO
                    return Err(io::Error::from_raw_os_error(5));
                }
                let count = bytes.len().min(self.0.len());
                bytes[..count].copy_from_slice(&self.0[..count]);
                self.0.drain(..count);
                Ok(count)
            }
        }
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&(0..9_000u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>()).unwrap();
        let mut packed = packed.finish().unwrap();
        packed.truncate(packed.len() / 2);
        let reader = flate2::bufread::GzDecoder::new(io::BufReader::new(Failing(packed)));
        let error = Telling { reader, format: "gzip" }.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(5), "{error}");
    }

    #[test]
    fn members_and_frames_follow_each_other() {
        assert_eq!(read([gzip(b"one "), gzip(b"two")].concat()).unwrap(), b"one two");
        let frame = |bytes: &[u8]| zstd::encode_all(bytes, 3).unwrap();
        assert_eq!(read([frame(b"one "), frame(b"two")].concat()).unwrap(), b"one two");
    }

    #[test]
    fn zeros_behind_gzip_are_skipped_and_other_bytes_are_damage() {
        for zeros in [1, 511, BLOCK + 7] {
            let padded = [gzip(b"one "), vec![0; zeros]].concat();
            assert_eq!(read(padded.clone()).unwrap(), b"one ", "{zeros}");
            assert_eq!(read([padded.clone(), gzip(b"two")].concat()).unwrap(), b"one two", "{zeros}");
            let error = read([padded, b"x".to_vec()].concat()).unwrap_err().to_string();
            assert!(error.contains("the gzip data is damaged or truncated"), "{error}");
        }
        assert!(read([gzip(b"one"), b"\n".to_vec()].concat()).is_err());
    }

    #[test]
    fn frames_without_data_may_stand_anywhere() {
        let frame = |bytes: &[u8]| zstd::encode_all(bytes, 3).unwrap();
        for first in [0x50, 0x5f] {
            let empty = [&[first, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"abc"].concat();
            let bytes = [empty.clone(), frame(b"one "), empty, frame(b"two")].concat();
            assert!(is_compressed(&bytes));
            assert_eq!(read(bytes).unwrap(), b"one two");
        }
        assert_eq!(read(b"P*M is a text".to_vec()).unwrap(), b"P*M is a text");
    }

    #[test]
    fn plain_bytes_stay_as_they_are() {
        for plain in [&b""[..], b"a", b"\x1f", b"abcdef"] {
            assert_eq!(read(plain.to_vec()).unwrap(), plain);
        }
    }

    #[test]
    fn what_is_cut_short_is_said() {
        let noise: Vec<u8> = (0..5000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        for whole in [gzip(&noise), zstd::encode_all(noise.as_slice(), 3).unwrap()] {
            for length in [5, 20, whole.len() / 2, whole.len() - 1] {
                let error = read(whole[..length].to_vec()).unwrap_err().to_string();
                assert!(error.contains("damaged or truncated"), "{length}: {error}");
            }
        }
    }

    fn with_window(log: u32) -> Vec<u8> {
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
        encoder.set_parameter(zstd::zstd_safe::CParameter::WindowLog(log)).unwrap();
        encoder.include_contentsize(false).unwrap();
        encoder.write_all(b"{\"text\": \"Rain.\"}\n").unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_window_over_the_limit_is_named_and_read_where_it_is_allowed() {
        let open = |bytes: Vec<u8>, log| decompressed(Box::new(Cursor::new(bytes)), log).unwrap();
        for log in [28, 31] {
            let message = open(with_window(log), 27).err().unwrap().message(27).to_string();
            let expected = format!(
                "its zstd window is {} MB; expected at most 128 MB; unpack it first, with \
                 `zstd --long={log} -d`, or give `zstd_window_log` {log}",
                1u64 << (log - 20)
            );
            assert_eq!(message, expected);
        }
        let mut text = String::new();
        open(with_window(28), 28).unwrap().reader.read_to_string(&mut text).unwrap();
        assert_eq!(text, "{\"text\": \"Rain.\"}\n");
        assert!(open(with_window(27), 27).is_ok());
        let later = [zstd::encode_all(&b"one"[..], 3).unwrap(), with_window(28)].concat();
        assert!(read(later).unwrap_err().to_string().contains("a larger window than allowed"));
    }

    #[test]
    fn the_window_of_a_frame_stands_in_its_head() {
        let window = |bytes: &[u8]| window_of_frame(&[ZSTD, bytes].concat());
        assert_eq!(window(&[0x00, (17 << 3) | 1]), Some((1 << 27) + (1 << 24)));
        assert_eq!(window(&[0x20, 7]), Some(7));
        assert_eq!(window(&[0x61, 9, 1, 0]), Some(257), "behind the number of a dictionary");
        assert_eq!(window(&[0xa0, 0, 0, 0, 1]), Some(1 << 24));
        assert_eq!(window(&[0xe0, 0, 0, 0, 0, 1, 0, 0, 0]), Some(1 << 32));
        assert_eq!((window(&[]), window(&[0xe0, 1])), (None, None));
    }
}
