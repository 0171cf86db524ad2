//! Any bytes, read as CSV of any dialect.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| standpoint_fuzz::guarded(|| standpoint_fuzz::read_csv(bytes)));
