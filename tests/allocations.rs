//! Scoring a text takes no memory from the system but for its answer, once such texts have been
//! seen.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fs;

use standpoint::Classifier;

/// Counts what the thread that asks takes.
struct Counting;

thread_local!(static TAKEN: Cell<usize> = const { Cell::new(0) });

// SAFETY: every call is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        TAKEN.with(|taken| taken.set(taken.get() + 1));
        // SAFETY: as the caller promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller promised.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        TAKEN.with(|taken| taken.set(taken.get() + 1));
        // SAFETY: as the caller promised.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn model(name: &str) -> Classifier {
    Classifier::from_bytes(&fs::read(format!("models/{name}.safetensors")).unwrap()).unwrap()
}

/// What two passes over the sample articles take, with the number of those.
fn two_passes(classifier: &Classifier) -> ([usize; 2], usize) {
    let mut texts: Vec<String> = fs::read_dir("data/articles")
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    let mut worker = classifier.worker();
    // A text of which less is known is asked for its language, and the detector takes memory of its
    // own.
    texts.retain(|text| {
        let verdict = worker.score_unit(text);
        3.0 * verdict.known().unwrap() >= 2.0
    });
    assert!(texts.len() >= 7, "{}", texts.len());
    let mut worker = classifier.worker();
    let mut pass = || {
        let before = TAKEN.with(Cell::get);
        assert!(texts.iter().all(|text| worker.score_unit(text).probabilities().len() == 3));
        TAKEN.with(Cell::get) - before
    };
    ([pass(), pass()], texts.len())
}

#[test]
fn a_second_pass_allocates_nothing_but_the_answers() {
    let both = model("stance").with_loaded_language_model(&model("loaded")).unwrap();
    for classifier in [model("stance"), both] {
        let ([first, second], texts) = two_passes(&classifier);
        assert!(first > second, "words are remembered: {first}, {second}");
        assert_eq!(second, texts, "one list of probabilities a text");
    }
}
