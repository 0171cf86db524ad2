//! Takes the page out of an HTTP response.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use crate::read::bytes::compression::{decompressed, inflated, is_compressed};
use crate::read::formats::warc::head::{Extent, Head, extent};
use crate::read::formats::warc::{Fault, shown};

/// The largest window of zstd in a page, as a power of two.
const MAX_WINDOW_LOG: u32 = 27;

/// Looked at to tell text from compressed data.
const LOOKED_AT: usize = 1 << 10;

/// The head of a response.
pub(super) struct Response {
    head: Head,
    /// Bytes of the block before the body.
    pub(super) length: usize,
    status: u16,
}

impl Response {
    /// Reads the head that a block begins with.
    pub(super) fn read(block: &[u8]) -> Result<Self, Fault> {
        if !block.starts_with(b"HTTP/") {
            return Err(Fault::said(format!("its response begins with {}, not with HTTP/", shown(block))));
        }
        let length = match extent(block, &mut 0) {
            Extent::Whole(length) => length,
            Extent::TooLong => return Err(Fault::said("its HTTP head does not end within 64 KB")),
            // A response may be a head alone.
            Extent::Broken(_) | Extent::Open => block.len(),
        };
        let head = Head::read(block.get(..length).unwrap_or(block));
        let status = head.first.split_ascii_whitespace().nth(1).and_then(|status| status.parse().ok());
        match status {
            Some(status) => Ok(Response { head, length, status }),
            None => Err(Fault::said(format!("its response begins with {}, without a status", shown(block)))),
        }
    }

    /// Whether the server gave what was asked for.
    pub(super) fn is_success(&self) -> bool {
        (200..=299).contains(&self.status)
    }

    pub(super) fn content_type(&self) -> Option<&str> {
        self.head.get("Content-Type")
    }

    /// Undoes what was done to a page for its way, as far as it is still there: many archives store
    /// pages as they were before, with the head as it came.
    pub(super) fn page(&self, body: &[u8], limit: usize) -> Result<Vec<u8>, Fault> {
        let field = |name| self.head.get(name).unwrap_or("").to_ascii_lowercase();
        let chunked = field("Transfer-Encoding").contains("chunked");
        let joined = if chunked { join_chunks(body) } else { None };
        let body = joined.map_or(Cow::Borrowed(body), Cow::Owned);
        if is_compressed(&body) {
            let plain = decompressed(Box::new(Cursor::new(body.into_owned())), MAX_WINDOW_LOG);
            let plain = plain.map_err(|error| damaged(&error))?;
            let plain =
                plain.map_err(|_| Fault::said("its page needs a window of zstd of more than 128 MB"))?;
            return read_all(plain.reader, limit);
        }
        let coding = field("Content-Encoding");
        match coding.split(',').next().unwrap_or("").trim() {
            _ if is_text(&body) => Ok(body.into_owned()),
            "deflate" => read_all(inflated(&body), limit),
            coding @ ("br" | "gzip" | "x-gzip" | "zstd" | "compress") => Err(Fault::said(format!(
                "its page is compressed as `{coding}` and cannot be read as that; gzip, zstd and deflate are read"
            ))),
            _ => Ok(body.into_owned()),
        }
    }
}

fn damaged(error: &std::io::Error) -> Fault {
    Fault::said(format!("its page cannot be read: {error}"))
}

fn read_all(plain: impl Read, limit: usize) -> Result<Vec<u8>, Fault> {
    let mut page = Vec::new();
    plain.take(limit as u64 + 1).read_to_end(&mut page).map_err(|error| damaged(&error))?;
    if page.len() > limit { Err(Fault::TooLarge) } else { Ok(page) }
}

/// Whether bytes are no compressed data: a page begins with `<`, and text has no control
/// characters.
fn is_text(bytes: &[u8]) -> bool {
    let control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    bytes.trim_ascii_start().starts_with(b"<") || !bytes.iter().take(LOOKED_AT).any(control)
}

/// The data of chunks, each behind its length in hexadecimal digits; `None` if these are no chunks.
/// What is cut short gives what is there of it.
fn join_chunks(body: &[u8]) -> Option<Vec<u8>> {
    let mut data = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
        let (line, after) = (rest.get(..end)?, rest.get(end + 1..)?);
        let digits = line.split(|&byte| byte == b';').next()?.trim_ascii();
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        let size = usize::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        if size == 0 {
            // Fields may follow, nothing else.
            let ends = after.trim_ascii().is_empty() || after.contains(&b':');
            return ends.then_some(data);
        }
        let Some(chunk) = after.get(..size) else {
            rest = after;
            break;
        };
        data.extend_from_slice(chunk);
        rest = after.get(size..)?;
        rest = rest
            .strip_prefix(b"\r\n")
            .or_else(|| rest.strip_prefix(b"\n"))
            .or(rest.is_empty().then_some(rest))?;
    }
    // The last chunk is cut short.
    if data.is_empty() {
        return None;
    }
    data.extend_from_slice(rest);
    Some(data)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;

    const PAGE: &[u8] = b"<p>Words of a page, and more words.</p>";

    fn page_with(fields: &str, body: &[u8], limit: usize) -> Result<Vec<u8>, String> {
        let head = format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n");
        let response = Response::read(head.as_bytes()).map_err(|_| "head".to_owned())?;
        response.page(body, limit).map_err(|fault| match fault {
            Fault::Said(message) => message,
            Fault::TooLarge => "too large".to_owned(),
            Fault::Failed(error) => error.to_string(),
        })
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn chunks(bytes: &[u8], size: usize) -> Vec<u8> {
        let mut out = Vec::new();
        for chunk in bytes.chunks(size) {
            out.extend_from_slice(format!("{:X};name=value\r\n", chunk.len()).as_bytes());
            out.extend_from_slice(chunk);
            out.extend_from_slice(b"\r\n");
        }
        [out, b"0\r\nTrailer: x\r\n\r\n".to_vec()].concat()
    }

    #[test]
    fn statuses_and_types_are_read_from_careless_heads() {
        let response =
            Response::read(b"HTTP/2 204\ncontent-type:\n text/html\n\n").unwrap_or_else(|_| panic!());
        assert!(response.is_success());
        assert_eq!((response.content_type(), response.length), (Some("text/html"), 37));
        let response = Response::read(b"HTTP/1.0 404 Not Found").unwrap_or_else(|_| panic!());
        assert!(!response.is_success() && response.length == 22);
        for wrong in [
            &b""[..],
            b"<html>",
            b"HTTP/1.1",
            b"HTTP/1.1 OK\r\n\r\n",
            &[b"HTTP/1 200\n", &[b'a'; 70_000][..]].concat(),
        ] {
            assert!(matches!(Response::read(wrong), Err(Fault::Said(_))), "{wrong:?}");
        }
    }

    #[test]
    fn what_was_done_for_the_way_is_undone() {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        zlib.write_all(PAGE).unwrap();
        let mut raw = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        raw.write_all(PAGE).unwrap();
        for (fields, body) in [
            ("Content-Encoding: gzip", gzip(PAGE)),
            ("X: nothing says gzip", gzip(PAGE)),
            ("Content-Encoding: zstd", zstd::encode_all(PAGE, 3).unwrap()),
            ("Content-Encoding: Deflate", zlib.finish().unwrap()),
            ("Content-Encoding: deflate", raw.finish().unwrap()),
            ("Transfer-Encoding: chunked", chunks(PAGE, 7)),
            ("transfer-encoding: Chunked\r\nContent-Encoding: gzip", chunks(&gzip(PAGE), 16)),
        ] {
            assert_eq!(page_with(fields, &body, 1000).as_deref(), Ok(PAGE), "{fields}");
        }
    }

    #[test]
    fn fields_that_no_longer_hold_are_not_believed() {
        for fields in ["Content-Encoding: br", "Content-Encoding: gzip", "Content-Encoding: deflate"] {
            assert_eq!(page_with(fields, PAGE, 1000).as_deref(), Ok(PAGE), "{fields}");
            assert_eq!(page_with(fields, "Слова.\n".as_bytes(), 1000), Ok("Слова.\n".into()), "{fields}");
        }
        for body in [
            PAGE,
            b"",
            b"10\nis a number",
            b"0\nis one too",
            b"-1\r\nx",
            b"+1\r\nx\r\n",
            b"ffffffffffffffffff\r\nx",
            b"5\r\nab",
        ] {
            assert_eq!(page_with("Transfer-Encoding: chunked", body, 1000).as_deref(), Ok(body));
        }
        assert_eq!(join_chunks(b"3\nabc\n5\nde"), Some(b"abcde".to_vec()), "cut short");
    }

    #[test]
    fn what_cannot_be_undone_is_said() {
        let brotli = b"\x0b\x02\x80abc\x03";
        assert!(page_with("Content-Encoding: br", brotli, 1000).unwrap_err().contains("as `br`"));
        assert!(page_with("Content-Encoding: gzip", brotli, 1000).unwrap_err().contains("as `gzip`"));
        assert!(
            page_with("Content-Encoding: deflate", b"\x07\x08\x09", 1000)
                .unwrap_err()
                .contains("deflate data is damaged")
        );
        let cut = &gzip(PAGE)[..30];
        assert!(page_with("", cut, 1000).unwrap_err().contains("gzip data is damaged or truncated"));
        assert_eq!(page_with("Content-Encoding: utf-8", brotli, 1000).as_deref(), Ok(&brotli[..]));
    }

    #[test]
    fn a_page_that_unpacks_beyond_the_limit_is_too_large() {
        let huge = vec![b'a'; 1 << 20];
        for body in [gzip(&huge), zstd::encode_all(&*huge, 3).unwrap()] {
            assert_eq!(page_with("", &body, (1 << 20) - 1), Err("too large".to_owned()));
            assert_eq!(page_with("", &body, 1 << 20).map(|page| page.len()), Ok(1 << 20));
        }
    }

    proptest! {
        #[test]
        fn chunks_of_any_size_are_joined(bytes in proptest::collection::vec(any::<u8>(), 0..300), size in 1usize..50) {
            prop_assert_eq!(join_chunks(&chunks(&bytes, size)), Some(bytes));
        }

        #[test]
        fn no_response_panics(fields in "(Transfer-Encoding: chunked|Content-Encoding: (gzip|br|deflate)|\r\n){0,3}", body in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = page_with(&fields, &body, 50);
            let _ = page_with(&fields, &[b"1f\r\n".to_vec(), body].concat(), 50);
        }
    }
}
