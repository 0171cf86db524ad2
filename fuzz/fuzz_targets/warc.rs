//! Any bytes, read as a web archive.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| standpoint_fuzz::guarded(|| standpoint_fuzz::read("warc", bytes)));
