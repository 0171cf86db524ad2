//! Many documents to their results, in order, on several threads.

use std::sync::Mutex;

use rayon::prelude::*;

use crate::classifier::{Classifier, Worker};
use crate::threads::Threads;

/// How much is read before it is scored, at most: enough to keep every thread busy, little enough to keep memory flat.
#[derive(Clone, Copy, Debug)]
pub struct BatchSize {
    /// Items.
    pub items: usize,
    /// Bytes of text, by the size that each item tells.
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

/// Runs `score` over `items` on the pool's threads, one [`Worker`] a thread, and hands the results to `done` in the
/// order of the items. While one batch is scored, the results of the one before are handed over and the one after is
/// read: three batches are in memory at most.
///
/// # Errors
/// The first error of `done`, after which nothing more is read.
pub fn score_in_order<I, R, E>(
    classifier: &Classifier,
    pool: &Threads,
    items: impl Iterator<Item = (I, usize)> + Send,
    score: impl Fn(&mut Worker<'_>, I) -> R + Sync + Send,
    mut done: impl FnMut(R) -> std::result::Result<(), E> + Send,
) -> std::result::Result<(), E>
where
    I: Send,
    R: Send,
    E: Send,
{
    let size = BatchSize::default();
    let mut items = items.fuse();
    pool.run(|| {
        let workers = Workers::new(classifier);
        let mut batch = size.take(&mut items);
        let mut results: Vec<R> = Vec::new();
        while !batch.is_empty() {
            let (before, now) = (std::mem::take(&mut results), std::mem::take(&mut batch));
            let (next, scored) = rayon::join(
                || before.into_iter().try_for_each(&mut done).map(|()| size.take(&mut items)),
                || now.into_par_iter().map(|item| workers.with(|worker| score(worker, item))).collect(),
            );
            (batch, results) = (next?, scored);
        }
        results.into_iter().try_for_each(done)
    })
}

/// One worker a thread of the pool, made when it is first needed.
struct Workers<'c> {
    classifier: &'c Classifier,
    each: Vec<Mutex<Option<Worker<'c>>>>,
}

impl<'c> Workers<'c> {
    fn new(classifier: &'c Classifier) -> Self {
        let each = (0..rayon::current_num_threads()).map(|_| Mutex::new(None)).collect();
        Workers { classifier, each }
    }

    /// Nothing waits here: a thread finds its own worker free.
    fn with<R>(&self, work: impl FnOnce(&mut Worker<'c>) -> R) -> R {
        let own = rayon::current_thread_index().and_then(|thread| self.each.get(thread));
        match own.and_then(|own| own.try_lock().ok()) {
            Some(mut own) => work(own.get_or_insert_with(|| self.classifier.worker())),
            None => work(&mut self.classifier.worker()),
        }
    }
}
