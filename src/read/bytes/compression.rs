//! Decompresses gzip and zstd, which their first bytes tell, of one member or many.

use std::io::{self, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use flate2::read::{DeflateDecoder, ZlibDecoder};

/// Extensions that stand behind another: `news.csv.gz` is CSV.
pub(crate) const EXTENSIONS: [&str; 4] = ["gz", "gzip", "zst", "zstd"];

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";
/// Largest zstd window that is accepted, as a power of two: 128 MB, zstd's own limit for the command line.
const MAX_WINDOW_LOG: u32 = 27;
const BLOCK: usize = 256 << 10;
/// First bytes that are looked at.
const HEAD: u64 = 8;

/// Bytes that are compressed no longer.
pub(crate) struct Plain {
    pub(crate) reader: Box<dyn Read + Send>,
    /// The first of them; they are still to be read.
    pub(crate) head: Vec<u8>,
    /// What they were compressed with.
    pub(crate) packing: Option<&'static str>,
}

/// What `reader` holds, decompressed if it begins like gzip or zstd.
pub(crate) fn decompressed(reader: Box<dyn Read + Send>) -> io::Result<Plain> {
    let (head, whole) = begun(reader)?;
    let (reader, packing): (Box<dyn Read + Send>, _) = if head.starts_with(GZIP) {
        let decoder = MultiGzDecoder::new(BufReader::with_capacity(BLOCK, whole));
        (Box::new(Telling { reader: decoder, format: "gzip" }), "gzip")
    } else if head.starts_with(ZSTD) {
        let mut decoder = zstd::stream::read::Decoder::new(whole)?;
        decoder.window_log_max(MAX_WINDOW_LOG)?;
        (Box::new(Telling { reader: decoder, format: "zstd" }), "zstd")
    } else {
        return Ok(Plain { reader: whole, head, packing: None });
    };
    let (head, reader) = begun(reader)?;
    Ok(Plain { reader, head, packing: Some(packing) })
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
    bytes.starts_with(GZIP) || bytes.starts_with(ZSTD)
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

/// Says in an error which format is damaged.
struct Telling<R> {
    reader: R,
    format: &'static str,
}

impl<R: Read> Read for Telling<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.reader.read(bytes).map_err(|error| {
            let message = format!("the {} data is damaged or cut short: {error}", self.format);
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
        decompressed(Box::new(Cursor::new(bytes)))?.reader.read_to_end(&mut out)?;
        Ok(out)
    }

    #[test]
    fn members_and_frames_follow_each_other() {
        assert_eq!(read([gzip(b"one "), gzip(b"two")].concat()).unwrap(), b"one two");
        let frame = |bytes: &[u8]| zstd::encode_all(bytes, 3).unwrap();
        assert_eq!(read([frame(b"one "), frame(b"two")].concat()).unwrap(), b"one two");
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
                assert!(error.contains("damaged or cut short"), "{length}: {error}");
            }
        }
    }
}
