//! Runs work on a number of threads.

use crate::error::{Error, Result};

/// Threads for a number of jobs. One job starts none; with more, the calling thread waits while they work.
#[derive(Debug)]
pub struct Threads(Option<rayon::ThreadPool>);

thread_local! {
    /// A pool whose only thread is the calling one. A thread can be in one such pool only, so it is kept.
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
            _ => match rayon::ThreadPoolBuilder::new().num_threads(jobs).build() {
                Ok(pool) => Ok(Threads(Some(pool))),
                Err(error) => Err(Error::invalid_parameter(
                    "jobs",
                    jobs,
                    "a number of threads that the system can start",
                )
                .with_message(format!("cannot start {jobs} threads: {error}"))),
            },
        }
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
}

#[cfg(test)]
mod tests {
    use super::*;

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
