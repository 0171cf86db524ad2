//! Scores many items on several threads and gives the results in order.

use crate::classifier::{Classifier, ScoreOptions, Worker};
use crate::threads::{PerThread, Threads};

/// One [`Worker`] for each thread, made when it is first needed.
#[derive(Debug)]
pub struct Workers<'t> {
    classifier: Classifier,
    options: ScoreOptions,
    threads: &'t Threads,
    each: PerThread<Worker>,
}

impl<'t> Workers<'t> {
    /// Workers for these threads, which score with these options.
    pub fn new(classifier: &Classifier, options: ScoreOptions, threads: &'t Threads) -> Self {
        Workers { classifier: classifier.clone(), options, threads, each: PerThread::new(threads) }
    }

    /// How many threads work.
    pub fn jobs(&self) -> usize {
        self.threads.jobs()
    }

    /// Runs `score` over `items` on the threads, and hands the results to `done` in the order of
    /// the items, as `Threads::map_in_order` does. Each item comes with its size in bytes.
    ///
    /// # Errors
    /// The first error of `done`, after which nothing more is read.
    pub fn score_in_order<I, R, E>(
        &self,
        items: impl Iterator<Item = (I, usize)> + Send,
        score: impl Fn(&mut Worker, I) -> R + Sync + Send,
        done: impl FnMut(R) -> std::result::Result<(), E> + Send,
    ) -> std::result::Result<(), E>
    where
        I: Send,
        R: Send,
        E: Send,
    {
        let make = || self.classifier.worker_with(self.options.clone());
        let work = |item| self.each.with(make, |worker| score(worker, item));
        self.threads.map_in_order(items, work, done)
    }
}
