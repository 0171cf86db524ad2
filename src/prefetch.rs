//! Asks for memory that will be read soon.
//!
//! Tables as large as a model's are not in a near cache, and a processor waits for memory longer
//! than it takes to count a word. Where the places are known before they are needed, it can fetch
//! them while it does something else. That takes an instruction for which the language has no safe
//! form.

/// Asks the processor to bring an item of a slice into the nearest cache. It does not wait, and no
/// answer depends on it: where there is no such instruction, or no such item, nothing is done, but
/// it may take long to find that out.
#[cfg(all(target_arch = "x86_64", not(miri)))]
#[inline]
#[allow(unsafe_code)]
pub(crate) fn prefetch<T>(slice: &[T], index: usize) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    // Without a branch, nor a look at the slice's end: that the address may be any is all that is
    // asked of it.
    let item = slice.as_ptr().wrapping_add(index);
    // SAFETY: the instruction brings nothing into the program and cannot fault, whatever the
    // address is. It is part of SSE, which every x86-64 processor has.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(item.cast()) }
}

#[cfg(not(all(target_arch = "x86_64", not(miri))))]
#[inline]
pub(crate) fn prefetch<T>(_: &[T], _: usize) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_index_of_any_slice_can_be_asked_for_and_nothing_changes() {
        let items: Vec<u64> = (0..1000).collect();
        for slice in [&items[..], &items[..1], &[]] {
            for index in [0, 1, 999, 1000, usize::MAX / 8, usize::MAX] {
                prefetch(slice, index);
            }
        }
        prefetch(&[(), ()], 1);
        assert!(items.iter().copied().eq(0..1000));
    }
}
