//! Panics to crashes, but for those that the library catches itself.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs `work`; a panic that leaves it is told, and is a crash. The hook of libfuzzer-sys would
/// make a crash of every panic, and the library catches those of extractors: they cost a page its
/// article, which is what is promised.
pub fn guarded(work: impl FnOnce()) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            // A trace of each would cost most of the time, as many are caught.
            LAST.with(|last| last.replace(info.to_string()));
        }));
    });
    if catch_unwind(AssertUnwindSafe(work)).is_err() {
        eprintln!("{}", LAST.with(RefCell::take));
        std::process::abort();
    }
}
