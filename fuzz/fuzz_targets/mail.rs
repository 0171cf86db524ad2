//! Any bytes, read as mail: a message or a mailbox.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| standpoint_fuzz::guarded(|| standpoint_fuzz::read("eml", bytes)));
