//! Scores many items on several threads and gives the results in order.

use std::sync::Mutex;

use rayon::prelude::*;

use crate::classifier::{Classifier, ScoreOptions, Worker};
use crate::threads::Threads;

/// How much is read before it is scored, at most: enough to keep every thread busy, little enough to keep memory flat.
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

impl BatchSize {
    /// Takes one batch off `items`; an empty one at the end.
    fn take<I>(self, items: &mut impl Iterator<Item = (I, usize)>) -> Vec<I> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while batch.len() < self.items && bytes < self.bytes {
            let Some((item, length)) = items.next() else { break };
            bytes += length;
            batch.push(item);
        }
        batch
    }
}

/// One [`Worker`] for each thread, made when it is first needed.
#[derive(Debug)]
pub struct Workers<'t> {
    classifier: Classifier,
    options: ScoreOptions,
    threads: &'t Threads,
    each: Vec<Mutex<Option<Worker>>>,
}

impl<'t> Workers<'t> {
    /// Workers for these threads, which score with these options.
    pub fn new(classifier: &Classifier, options: ScoreOptions, threads: &'t Threads) -> Self {
        let each = (0..threads.jobs()).map(|_| Mutex::new(None)).collect();
        Workers { classifier: classifier.clone(), options, threads, each }
    }

    /// Runs `score` over `items` on the threads, and hands the results to `done` in the order of the items. Each item comes with its
    /// size in bytes. While one batch is scored, the results of the batch before are handed over and the next batch is read: three
    /// batches are in memory at most.
    ///
    /// # Errors
    /// The first error of `done`, after which nothing more is read.
    pub fn score_in_order<I, R, E>(
        &self,
        items: impl Iterator<Item = (I, usize)> + Send,
        score: impl Fn(&mut Worker, I) -> R + Sync + Send,
        mut done: impl FnMut(R) -> std::result::Result<(), E> + Send,
    ) -> std::result::Result<(), E>
    where
        I: Send,
        R: Send,
        E: Send,
    {
        let size = BatchSize::default();
        let mut items = items.fuse();
        self.threads.run(|| {
            let mut batch = size.take(&mut items);
            let mut results: Vec<R> = Vec::new();
            while !batch.is_empty() {
                let (before, now) = (std::mem::take(&mut results), std::mem::take(&mut batch));
                let (next, scored) = rayon::join(
                    || before.into_iter().try_for_each(&mut done).map(|()| size.take(&mut items)),
                    || {
                        now.into_par_iter()
                            .map(|item| self.with_worker(|worker| score(worker, item)))
                            .collect()
                    },
                );
                (batch, results) = (next?, scored);
            }
            results.into_iter().try_for_each(done)
        })
    }

    /// Nothing waits here: a thread finds its own worker free.
    fn with_worker<R>(&self, work: impl FnOnce(&mut Worker) -> R) -> R {
        let make = || self.classifier.worker_with(self.options.clone());
        let own = rayon::current_thread_index().and_then(|thread| self.each.get(thread));
        match own.and_then(|own| own.try_lock().ok()) {
            Some(mut own) => work(own.get_or_insert_with(make)),
            None => work(&mut make()),
        }
    }
}
