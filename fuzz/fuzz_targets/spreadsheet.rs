//! Any bytes, read as a spreadsheet.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| standpoint_fuzz::guarded(|| standpoint_fuzz::read("xlsx", bytes)));
