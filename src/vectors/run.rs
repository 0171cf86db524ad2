//! Makes word vectors from an archive, which is read twice: once to count words, once to count
//! pairs of them.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::{Error, Message, Result};
use crate::features::{Interner, StringArena, smoothed_idf};
use crate::model::hexadecimal;
use crate::progress::Progress;
use crate::read::{InputOptions, RawRecord};
use crate::text::document::Document;
use crate::threads::{PerThread, Threads};
use crate::tokenizer::Tokenizer;
use crate::vectors::association::Association;
use crate::vectors::dense::Dense;
use crate::vectors::pairs::{CountedPairs, Neighbors, PairCounts, push_neighbors};
use crate::vectors::params::VectorsParams;
use crate::vectors::splitter::{NO_WORD, Splitter};
use crate::vectors::svd::left_vectors;
use crate::vectors::table::{ArchiveNote, Vectors};
use crate::vectors::words::{CountedWord, DocumentCounter, WordCounts};

/// Texts without labels.
pub struct Archive<'a> {
    /// The records of all files, once for each time that they are read.
    pub passes: [Box<dyn Iterator<Item = Result<RawRecord>> + Send + 'a>; 2],
    /// How records become documents. Boilerplate is dropped if [`InputOptions::preparation`] says
    /// so.
    pub options: &'a InputOptions,
    /// Is told of each record that cannot be read.
    pub on_failure: &'a mut (dyn FnMut(Error) + Send),
}

/// What there is to say about a run of [`make_vectors`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct VectorsReport {
    /// Texts that were read.
    pub texts: u64,
    /// Records that could not be read.
    pub failed: u64,
    /// Pairs of words that stand near each other.
    pub pairs: usize,
    /// The greatest count of a word that was forgotten, because there were too many distinct ones;
    /// 0 if none was.
    pub forgotten_words: u64,
    /// The greatest count of a pair that was forgotten, because there were more than
    /// [`VectorsParams::max_pairs`]; 0 if none was.
    pub forgotten_pairs: f64,
}

/// Learns the vectors of an archive's words.
///
/// ```
/// use standpoint::Threads;
/// use standpoint::progress::Silent;
/// use standpoint::read::{Input, InputOptions, Inputs};
/// use standpoint::vectors::{Archive, VectorsParams, make_vectors};
///
/// let text = "Rain fell on the hills. Snow fell on the hills. Taxes rose in the towns. Prices rose in the towns. ";
/// let read = || Inputs::new([Input::from_bytes("news.txt", text.as_bytes())], InputOptions::default());
/// let archive = Archive {
///     passes: [Box::new(read()), Box::new(read())],
///     options: &InputOptions::default(),
///     on_failure: &mut |error| eprintln!("{error}"),
/// };
/// let params = VectorsParams { min_count: 1, dimensions: 2, ..VectorsParams::default() };
/// let (vectors, report) = make_vectors(archive, &params, &Threads::new(2)?, &Silent)?;
/// assert_eq!((report.texts, vectors.dimensions()), (1, 2));
/// assert!(vectors.find("rain").is_some());
/// # Ok::<(), standpoint::Error>(())
/// ```
///
/// # Errors
/// Parameters outside their ranges; an archive without texts, with fewer words than dimensions, or
/// that changes while it is read; [`ErrorKind::Stopped`](crate::ErrorKind::Stopped) if `progress`
/// says so.
pub fn make_vectors(
    archive: Archive<'_>,
    params: &VectorsParams,
    threads: &Threads,
    progress: &dyn Progress,
) -> Result<(Vectors, VectorsReport)> {
    params.check()?;
    let Archive { passes: [first, second], options, on_failure } = archive;
    let tokenizer = Tokenizer::new(&params.tokenizer_config())?;
    let mut said_before = |_| ();
    let mut pass = Pass { tokenizer: &tokenizer, options, on_failure, threads, progress };

    let (counted, read) = pass.count_words(first)?;
    let forgotten_words = counted.forgotten();
    let words = counted.most_frequent(params.min_count, params.max_words);
    check_words(&words, &read, params)?;
    let mut arena = StringArena::default();
    words.iter().for_each(|(word, _)| arena.push(word));

    pass.on_failure = &mut said_before;
    let (pairs, again) =
        pass.count_pairs(second, &Interner::from_distinct(arena.clone()), params.max_pairs)?;
    if (read.texts, &read.sha256) != (again.texts, &again.sha256) {
        return Err(Error::data(
            "the archive changed between the first and the second reading; expected files that do not change",
        ));
    }
    let report = VectorsReport {
        texts: read.texts,
        failed: read.failed,
        pairs: pairs.len(),
        forgotten_words,
        forgotten_pairs: pairs.forgotten,
    };
    let rows = threads.run(|| {
        left_vectors(&Association::new(words.len(), pairs), params.dimensions, progress).map(directions)
    })?;
    let idf = |(_, seen): &CountedWord| {
        smoothed_idf(read.texts as usize, u32::try_from(seen.texts).unwrap_or(u32::MAX)) as f32
    };
    let note = ArchiveNote { texts: read.texts, sha256: read.sha256, min_count: params.min_count };
    let idf = words.iter().map(idf).collect();
    Ok((Vectors::new(params.tokenizer_config(), arena, (idf, rows.rows()), note), report))
}

/// Refuses an archive of too few words.
fn check_words(words: &[CountedWord], read: &ReadTexts, params: &VectorsParams) -> Result<()> {
    if read.texts == 0 {
        return Err(Error::data("no text was read; expected an archive of many texts"));
    }
    if words.len() < params.dimensions {
        let found = format!(
            "the archive has {} words that occur at least {} times in its {} texts; expected at least as many as dimensions, {}",
            words.len(),
            params.min_count,
            read.texts,
            params.dimensions
        );
        let hint = Message::naming("give more texts, or lower `min_count` or `dimensions`");
        return Err(Error::data(found).with_hint(hint));
    }
    Ok(())
}

/// Centers the rows and makes them of unit length. Rows of zeros stay so.
fn directions(mut rows: Dense) -> Dense {
    let mut mean = vec![0.0; rows.columns()];
    let mut count = 0.0;
    for row in rows.rows().filter(|row| is_something(row)) {
        mean.iter_mut().zip(row).for_each(|(mean, value)| *mean += value);
        count += 1.0;
    }
    for row in rows.rows_mut().filter(|row| is_something(row)) {
        row.iter_mut().zip(&mean).for_each(|(value, mean)| *value -= mean / count);
        let length = row.iter().map(|value| value * value).sum::<f64>().sqrt();
        if length > 0.0 {
            row.iter_mut().for_each(|value| *value /= length);
        }
    }
    rows
}

fn is_something(row: &[f64]) -> bool {
    row.iter().any(|value| *value != 0.0)
}

/// What one pass has read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ReadTexts {
    texts: u64,
    failed: u64,
    sha256: String,
}

/// Reads the archive once.
struct Pass<'a> {
    tokenizer: &'a Tokenizer,
    options: &'a InputOptions,
    on_failure: &'a mut (dyn FnMut(Error) + Send),
    threads: &'a Threads,
    progress: &'a dyn Progress,
}

type Records<'a> = Box<dyn Iterator<Item = Result<RawRecord>> + Send + 'a>;

impl Pass<'_> {
    fn count_words(&mut self, records: Records<'_>) -> Result<(WordCounts, ReadTexts)> {
        self.progress.begin("counting words", None);
        let mut counts = WordCounts::new(WordCounts::MAX_DISTINCT);
        let (tokenizer, drop) = (self.tokenizer, self.options.preparation.drop_boilerplate);
        let make = || DocumentCounter::new(tokenizer, drop);
        let read = self.read(records, make, DocumentCounter::count, |words| counts.add(&words))?;
        Ok((counts, read))
    }

    fn count_pairs(
        &mut self,
        records: Records<'_>,
        words: &Interner,
        max_pairs: usize,
    ) -> Result<(CountedPairs, ReadTexts)> {
        self.progress.begin("counting pairs", None);
        let mut counts = PairCounts::new(max_pairs);
        let (tokenizer, drop) = (self.tokenizer, self.options.preparation.drop_boilerplate);
        let make = || Splitter::new(tokenizer, drop);
        let neighbors = |splitter: &mut Splitter<'_>, document: &Document| {
            let mut found: Vec<Neighbors> = Vec::new();
            let mut id = |word: &str| words.find(word).unwrap_or(NO_WORD);
            splitter.split(document, &mut id, &mut |ids| push_neighbors(ids, &mut found));
            found
        };
        let read = self.read(records, make, neighbors, |found| counts.add(&found))?;
        Ok((self.threads.run(|| counts.finish()), read))
    }

    /// Reads all documents. Each thread works with what `make` makes; `done` gets the results in
    /// the order of the input.
    fn read<W: Send, R: Send>(
        &mut self,
        records: Records<'_>,
        make: impl Fn() -> W + Sync + Send,
        work: impl Fn(&mut W, &Document) -> R + Sync + Send,
        mut done: impl FnMut(R) + Send,
    ) -> Result<ReadTexts> {
        let Pass { options, on_failure, threads, progress, .. } = self;
        let each = PerThread::new(threads);
        let mut read = ReadTexts { texts: 0, failed: 0, sha256: String::new() };
        let mut hash = Sha256::new();
        let items = records.map(RawRecord::sized);
        let work = |raw: Result<RawRecord>| {
            let document = raw.and_then(|raw| raw.document(options))?;
            let found = each.with(&make, |own| work(own, &document));
            Ok::<_, Error>((found, Sha256::digest(&document.text), document.text.len() as u64))
        };
        threads.map_in_order(items, work, |worked| {
            progress.check()?;
            match worked {
                Ok((found, digest, bytes)) => {
                    read.texts += 1;
                    hash.update(digest);
                    progress.advance_bytes(bytes);
                    done(found);
                }
                Err(error) => {
                    read.failed += 1;
                    on_failure(error);
                }
            }
            progress.advance(1);
            Ok::<(), Error>(())
        })?;
        read.sha256 = hexadecimal(&hash.finalize());
        Ok(read)
    }
}
