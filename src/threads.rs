//! Runs work on a number of threads.

use std::sync::Mutex;

use rayon::prelude::*;
#[cfg(feature = "train")]
use thread_priority::{ThreadPriority, ThreadPriorityValue, set_current_thread_priority};

use crate::error::{Error, Result};

/// Threads for a number of jobs. One job starts none; with more, the calling thread waits while
/// they work.
#[derive(Debug)]
pub struct Threads(Option<rayon::ThreadPool>);

/// The priority of background threads, of 0 to 99: a niceness of 10 on Linux, where usual threads
/// have 0.
#[cfg(feature = "train")]
const BACKGROUND: u8 = 22;

thread_local! {
    /// A pool whose only thread is the calling one. A thread can be in one such pool only, so it is
    /// kept.
    static ALONE: Option<rayon::ThreadPool> =
        rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build().ok();
}

impl Threads {
    /// The most threads: far more than a computer has processors, far fewer than fill its memory.
    pub const MAX_JOBS: usize = 1024;

    /// Starts `jobs` threads, or none for one job.
    ///
    /// # Errors
    /// No jobs at all, more than [`Threads::MAX_JOBS`], or a system that gives no threads.
    pub fn new(jobs: usize) -> Result<Self> {
        match jobs {
            0 => {
                Err(Error::invalid_parameter("jobs", 0, "at least 1")
                    .with_message("0 jobs; expected at least 1"))
            }
            1 => Ok(Threads(None)),
            _ if jobs > Self::MAX_JOBS => {
                Err(Error::invalid_parameter("jobs", jobs, format!("at most {}", Self::MAX_JOBS)))
            }
            _ => Self::start(jobs, rayon::ThreadPoolBuilder::new()),
        }
    }

    /// Starts `jobs` threads that [give way](Threads::give_way) to all others, one for one job too.
    ///
    /// # Errors
    /// As [`Threads::new`].
    #[cfg(feature = "train")]
    pub fn in_background(jobs: usize) -> Result<Self> {
        if !(1..=Self::MAX_JOBS).contains(&jobs) {
            return Self::new(jobs);
        }
        Self::start(jobs, rayon::ThreadPoolBuilder::new().start_handler(|_| Self::give_way()))
    }

    /// Lets other threads go before the calling one, from now on, where the system can.
    #[cfg(feature = "train")]
    pub fn give_way() {
        if let Ok(priority) = ThreadPriorityValue::try_from(BACKGROUND) {
            // The work is done all the same where this fails.
            let _ = set_current_thread_priority(ThreadPriority::Crossplatform(priority));
        }
    }

    fn start(jobs: usize, builder: rayon::ThreadPoolBuilder) -> Result<Self> {
        builder.num_threads(jobs).build().map(|pool| Threads(Some(pool))).map_err(|error| {
            Error::invalid_parameter("jobs", jobs, "a number of threads that the system can start")
                .with_message(format!("cannot start {jobs} threads: {error}"))
        })
    }

    /// How many threads work.
    pub fn jobs(&self) -> usize {
        self.0.as_ref().map_or(1, rayon::ThreadPool::current_num_threads)
    }

    /// Runs `work` with these threads.
    pub fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        match &self.0 {
            Some(pool) => pool.install(work),
            // A thread of somebody else's pool stays in it: the results are the same.
            None => ALONE.with(|alone| match alone {
                Some(pool) => pool.install(work),
                None => work(),
            }),
        }
    }

    /// Does two things, at the same time where the calling thread works in a pool of several.
    pub fn join<A: Send, B: Send>(
        first: impl FnOnce() -> A + Send,
        second: impl FnOnce() -> B + Send,
    ) -> (A, B) {
        // Outside of a pool rayon would start as many threads as there are processors.
        match rayon::current_thread_index() {
            Some(_) => rayon::join(first, second),
            None => (first(), second()),
        }
    }

    /// Runs `work` over `items`, and hands the results to `done` in the order of the items. Each
    /// item comes with its size in bytes. While one batch is worked on, the results of the batch
    /// before are handed over and the next batch is read: three batches are in memory at most.
    ///
    /// # Errors
    /// The first error of `done`, after which nothing more is read.
    pub(crate) fn map_in_order<I, R, E>(
        &self,
        items: impl Iterator<Item = (I, usize)> + Send,
        work: impl Fn(I) -> R + Sync + Send,
        mut done: impl FnMut(R) -> std::result::Result<(), E> + Send,
    ) -> std::result::Result<(), E>
    where
        I: Send,
        R: Send,
        E: Send,
    {
        let size = BatchSize::default();
        let jobs = self.jobs();
        let mut items = items.fuse();
        self.run(|| {
            let mut batch = size.take(&mut items, jobs);
            let mut results: Vec<R> = Vec::new();
            while !batch.is_empty() {
                let (before, now) = (std::mem::take(&mut results), std::mem::take(&mut batch));
                let (next, worked) = rayon::join(
                    || before.into_iter().try_for_each(&mut done).map(|()| size.take(&mut items, jobs)),
                    || now.into_par_iter().map(&work).collect(),
                );
                (batch, results) = (next?, worked);
            }
            results.into_iter().try_for_each(done)
        })
    }
}

/// Something that each thread has one of, made when the thread first needs it.
#[derive(Debug)]
pub(crate) struct PerThread<T>(Vec<Mutex<Option<T>>>);

impl<T> PerThread<T> {
    /// One for each of these threads.
    pub(crate) fn new(threads: &Threads) -> Self {
        PerThread((0..threads.jobs()).map(|_| Mutex::new(None)).collect())
    }

    /// Works with the calling thread's own. Nothing waits here: a thread finds its own free.
    pub(crate) fn with<R>(&self, make: impl Fn() -> T, work: impl FnOnce(&mut T) -> R) -> R {
        let own = rayon::current_thread_index().and_then(|thread| self.0.get(thread));
        match own.and_then(|own| own.try_lock().ok()) {
            Some(mut own) => work(own.get_or_insert_with(make)),
            None => work(&mut make()),
        }
    }
}

/// How much is read before it is scored, at most: enough to keep every thread busy, little enough
/// to keep memory flat.
#[derive(Clone, Copy, Debug)]
pub struct BatchSize {
    /// Items.
    pub items: usize,
    /// Bytes of text, by the size that comes with each item.
    pub bytes: usize,
}

impl Default for BatchSize {
    fn default() -> Self {
        BatchSize { items: 1024, bytes: 4 << 20 }
    }
}

/// Bytes that fill a batch even if some threads have no item of it.
const MAX_BYTES: usize = 32 << 20;

impl BatchSize {
    /// Whether a batch of `items`, which have so many bytes together, is complete. Large items fill
    /// it before each of the threads has one: then more are taken, up to 32 MiB.
    pub fn is_full(self, items: usize, bytes: usize, threads: usize) -> bool {
        let has_enough = items >= threads || bytes >= MAX_BYTES.max(self.bytes);
        items >= self.items || bytes >= self.bytes && has_enough
    }

    /// Takes one batch off `items` for so many threads; an empty one at the end.
    pub(crate) fn take<I>(self, items: &mut impl Iterator<Item = (I, usize)>, threads: usize) -> Vec<I> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while !self.is_full(batch.len(), bytes, threads) {
            let Some((item, length)) = items.next() else { break };
            bytes += length;
            batch.push(item);
        }
        batch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thread_has_a_large_item() {
        let sizes = |sizes: &[usize], threads| {
            let mut items = sizes.iter().map(|size| (*size, *size));
            let batches = std::iter::from_fn(|| {
                let batch = BatchSize::default().take(&mut items, threads);
                (!batch.is_empty()).then_some(batch.len())
            });
            batches.collect::<Vec<_>>()
        };
        assert_eq!(sizes(&[9 << 20; 5], 1), [1; 5], "one thread has one after the other");
        assert_eq!(sizes(&[9 << 20; 5], 2), [2, 2, 1]);
        assert_eq!(sizes(&[9 << 20; 9], 8), [4, 4, 1], "up to 32 MiB, and the item that exceeds it");
        assert_eq!(sizes(&[64 << 20; 3], 2), [1; 3]);
        assert_eq!(sizes(&[1 << 20; 9], 2), [4, 4, 1], "where each has one, 4 MiB are enough");
        assert_eq!(sizes(&[1; 1500], 2), [1024, 476]);
    }

    #[test]
    fn two_things_are_done_inside_a_pool_and_outside() {
        for jobs in [1, 2] {
            let pool = Threads::new(jobs).unwrap();
            let threads = pool.run(|| Threads::join(rayon::current_num_threads, rayon::current_num_threads));
            assert_eq!(threads, (jobs, jobs));
        }
        let index =
            std::thread::spawn(|| Threads::join(rayon::current_thread_index, rayon::current_thread_index));
        assert_eq!(index.join().unwrap(), (None, None));
    }

    /// The niceness of the calling thread.
    #[cfg(all(feature = "train", target_os = "linux"))]
    fn niceness() -> i64 {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        stat.rsplit_once(") ").unwrap().1.split(' ').nth(16).unwrap().parse().unwrap()
    }

    #[test]
    #[cfg(all(feature = "train", target_os = "linux"))]
    fn background_threads_give_way_to_all_others() {
        let before = niceness();
        for jobs in [1, 2] {
            let (usual, background) = (Threads::new(jobs).unwrap(), Threads::in_background(jobs).unwrap());
            assert_eq!((usual.run(niceness), background.run(niceness)), (before, before.max(10)));
            assert_eq!((background.jobs(), background.run(rayon::current_num_threads)), (jobs, jobs));
        }
        assert_eq!(niceness(), before, "this thread goes on as before");
        for wrong in [0, Threads::MAX_JOBS + 1] {
            assert_eq!(Threads::in_background(wrong).unwrap_err().parameter(), Some("jobs"));
        }
    }

    #[test]
    fn pools_of_every_size_can_be_made_one_after_the_other_on_any_thread() {
        for jobs in [1, 2, 1, 3] {
            let pool = Threads::new(jobs).unwrap();
            let threads = || pool.run(rayon::current_num_threads);
            assert_eq!(threads(), jobs);
            std::thread::scope(|scope| assert_eq!(scope.spawn(threads).join().unwrap(), jobs));
        }
        for wrong in [0, Threads::MAX_JOBS + 1, usize::MAX] {
            assert_eq!(Threads::new(wrong).unwrap_err().parameter(), Some("jobs"));
        }
    }
}
