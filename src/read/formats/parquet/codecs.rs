//! Decompresses pages, to as many bytes as a page claims and no more.

use std::io::Read;

use parquet::basic::Compression;

/// Bytes before each block of the LZ4 that Hadoop writes: the sizes without compression and with
/// it.
const HADOOP_HEAD: usize = 8;
const BROTLI_BUFFER: usize = 4096;

/// The bytes of a page without compression, exactly `size`.
pub(super) fn decompress(codec: Compression, packed: &[u8], size: usize) -> Result<Vec<u8>, String> {
    if size == 0 {
        return Ok(Vec::new());
    }
    let plain = match codec {
        Compression::UNCOMPRESSED => Some(packed.to_vec()),
        Compression::SNAPPY => snappy(packed, size),
        Compression::GZIP(_) => read(flate2::read::MultiGzDecoder::new(packed), size),
        Compression::BROTLI(_) => read(brotli_decompressor::Decompressor::new(packed, BROTLI_BUFFER), size),
        Compression::ZSTD(_) => zstd::bulk::decompress(packed, size).ok(),
        Compression::LZ4_RAW => lz4(packed, size),
        // The name stands for three forms, by the writer's age.
        Compression::LZ4 => hadoop(packed, size)
            .or_else(|| read(lz4_flex::frame::FrameDecoder::new(packed), size))
            .or_else(|| lz4(packed, size)),
        Compression::LZO => return Err("LZO is not supported".to_owned()),
    };
    plain
        .filter(|plain| plain.len() == size)
        .ok_or_else(|| format!("a page does not decompress to the {size} bytes that it claims"))
}

/// What a decoder gives; one byte more than is claimed tells that it gives more.
fn read(decoder: impl Read, size: usize) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(size);
    decoder.take(size as u64 + 1).read_to_end(&mut plain).ok()?;
    Some(plain).filter(|plain| plain.len() == size)
}

fn snappy(packed: &[u8], size: usize) -> Option<Vec<u8>> {
    if snap::raw::decompress_len(packed).ok()? != size {
        return None;
    }
    snap::raw::Decoder::new().decompress_vec(packed).ok()
}

fn lz4(packed: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut plain = vec![0; size];
    (lz4_flex::block::decompress_into(packed, &mut plain).ok()? == size).then_some(plain)
}

fn hadoop(mut packed: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut plain = vec![0; size];
    let mut at = 0usize;
    while packed.len() >= HADOOP_HEAD {
        let (claimed, rest) = packed.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let block = rest.get(..u32::from_be_bytes(*length) as usize)?;
        let claimed = u32::from_be_bytes(*claimed) as usize;
        let into = plain.get_mut(at..at.checked_add(claimed)?)?;
        if lz4_flex::block::decompress_into(block, into).ok()? != claimed {
            return None;
        }
        at += claimed;
        packed = rest.get(block.len()..)?;
    }
    (packed.is_empty() && at == size).then_some(plain)
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

    fn brotli(bytes: &[u8]) -> Vec<u8> {
        let mut packed = Vec::new();
        brotli::CompressorWriter::new(&mut packed, 4096, 5, 22).write_all(bytes).unwrap();
        packed
    }

    fn lz4_frame(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = lz4_flex::frame::FrameEncoder::new(Vec::new());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn hadoop_blocks(bytes: &[u8]) -> Vec<u8> {
        let blocks = bytes.chunks(1000).flat_map(|chunk| {
            let block = lz4_flex::block::compress(chunk);
            let head = [(chunk.len() as u32).to_be_bytes(), (block.len() as u32).to_be_bytes()].concat();
            [head, block].concat()
        });
        blocks.collect()
    }

    #[test]
    fn every_codec_gives_what_is_claimed_and_nothing_else() {
        let plain = b"ink on paper, ".repeat(300);
        let size = plain.len();
        for (codec, packed) in [
            (Compression::UNCOMPRESSED, plain.clone()),
            (Compression::SNAPPY, snap::raw::Encoder::new().compress_vec(&plain).unwrap()),
            (Compression::GZIP(Default::default()), gzip(&plain)),
            (Compression::BROTLI(Default::default()), brotli(&plain)),
            (Compression::ZSTD(Default::default()), zstd::bulk::compress(&plain, 1).unwrap()),
            (Compression::LZ4_RAW, lz4_flex::block::compress(&plain)),
            (Compression::LZ4, hadoop_blocks(&plain)),
            (Compression::LZ4, lz4_frame(&plain)),
            (Compression::LZ4, lz4_flex::block::compress(&plain)),
        ] {
            assert_eq!(decompress(codec, &packed, size), Ok(plain.clone()), "{codec}");
            for wrong in [1, size - 1, size + 1, size * 2] {
                let error = decompress(codec, &packed, wrong).unwrap_err();
                assert!(error.contains(&format!("to the {wrong} bytes that it claims")), "{codec}: {error}");
            }
            assert!(decompress(codec, &packed[..packed.len() / 2], size).is_err(), "{codec}");
        }
    }
}
