//! Any bytes, read as Markdown.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| standpoint_fuzz::guarded(|| standpoint_fuzz::read(
    "markdown", bytes
)));
