//! Any bytes, read as JSON: lines, indented records, arrays and lists within records.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| standpoint_fuzz::guarded(|| standpoint_fuzz::read("jsonl", bytes)));
