//! Measures throughput, after checking that the answers are right.

use std::fs;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Instant;

use crate::classifier::{ScoreOptions, Workers};
use crate::cli::exit::Exit;
use crate::cli::figure_format::FigureFormat;
use crate::cli::found::files;
use crate::cli::headings::{INPUT, MODEL, OUTPUT, RUNNING};
use crate::cli::inputs::ReadArgs;
use crate::cli::terminal::print_wrapped;
use crate::cli::{model, terminal};
use crate::error::counted;
use crate::random::Random;
use crate::read::Inputs;
use crate::text::normalization::Normalized;
use crate::tokenizer::{Tokenizer, WordIdCache};
use crate::write::{
    CsvSink, CsvStyle, Figures, Mark, Output, RunContext, Scored, Sink, Stages, TextColumn, TextTable,
    Throughput, write_throughput,
};
use crate::{Classifier, Document, Threads, Verdict};

/// Measured runs for each number of jobs; the median is printed.
const RUNS: usize = 5;
/// What takes less than this many seconds on one thread is mostly noise.
const MIN_SECONDS: f64 = 0.05;
/// Documents made up when no input is given, and words in each.
const MADE_UP: (usize, usize) = (2000, 500);

/// Measure throughput, after checking that every thread count gives the same answers
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint bench
  standpoint bench news.csv --jobs 1,2
  standpoint bench news.csv --format json")]
pub struct Args {
    /// Files or folders [default: texts made up from the model's vocabulary]
    #[arg(value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Model file [default: the bundled stance model]
    #[arg(long, value_name = "FILE", help_heading = MODEL)]
    model: Option<PathBuf>,
    /// Thread counts to measure
    #[arg(long, value_name = "N,N", value_delimiter = ',', default_value = "1,2", help_heading = RUNNING)]
    jobs: Vec<NonZeroUsize>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table", help_heading = OUTPUT)]
    format: FigureFormat,
    #[command(flatten, next_help_heading = INPUT)]
    read: ReadArgs,
}

impl Args {
    /// Checks, then measures.
    pub fn run(self) -> anyhow::Result<Exit> {
        let classifier = &model::open(self.model.as_ref())?;
        let started = Instant::now();
        let documents = match self.inputs.is_empty() {
            true => made_up(classifier),
            false => self.documents(classifier)?,
        };
        let read = (!self.inputs.is_empty()).then(|| started.elapsed().as_secs_f64());
        let alone = score_all(classifier, &Threads::new(1)?, &documents)?;
        for jobs in &self.jobs {
            if score_all(classifier, &Threads::new(jobs.get())?, &documents)? != alone {
                anyhow::bail!("the answers on {jobs} threads differ from those on 1; please report this");
            }
        }
        let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
        let words: usize = alone.iter().map(|verdict| verdict.words()).sum();
        let throughput = |jobs: usize| -> anyhow::Result<Throughput> {
            let pool = Threads::new(jobs)?;
            let seconds = median(|| score_all(classifier, &pool, &documents).map(drop))?;
            Ok(Throughput {
                jobs,
                seconds,
                documents_per_second: documents.len() as f64 / seconds,
                megabytes_per_second: bytes as f64 / 1e6 / seconds,
                words_per_second: words as f64 / seconds,
            })
        };
        let jobs: Vec<Throughput> =
            self.jobs.iter().map(|jobs| throughput(jobs.get())).collect::<Result<_, _>>()?;
        let one_thread = match jobs.iter().find(|measured| measured.jobs == 1) {
            Some(measured) => measured.seconds,
            None => throughput(1)?.seconds,
        };
        if one_thread < MIN_SECONDS {
            terminal::say(&format!(
                "warning: {} took {one_thread:.3} s, which is too short to measure; give more texts, or no input for {} made-up \
                 texts",
                counted(documents.len(), "document"),
                MADE_UP.0
            ));
        }
        let tokenize = tokenize(classifier, &documents)?;
        let write = write_all(classifier, documents, alone)?;
        let a_word = |seconds: f64| 1e9 * seconds / words.max(1) as f64;
        let figures = Figures {
            documents: write.0,
            words,
            bytes,
            verified: true,
            runs: RUNS,
            jobs,
            ns_per_word: Stages {
                read: read.map(a_word),
                tokenize: a_word(tokenize),
                features_and_score: a_word((one_thread - tokenize).max(0.0)),
                write: a_word(write.1),
            },
            peak_memory_bytes: peak_memory(),
        };
        match self.format {
            FigureFormat::Json => write_throughput(&mut terminal::screen(), &figures)?,
            FigureFormat::Table => print(&mut terminal::screen(), &figures)?,
        }
        Ok(Exit::Done)
    }

    fn documents(&self, classifier: &Classifier) -> anyhow::Result<Vec<Document>> {
        let found = files(&self.inputs, &[], false)?;
        let options = self.read.options_for(&classifier.model().preparation, true);
        let mut documents = Vec::new();
        for raw in Inputs::new(found.files, options.clone()) {
            documents.push(raw?.document(&options)?);
        }
        Ok(documents)
    }
}

fn print(out: &mut impl Write, figures: &Figures) -> io::Result<()> {
    let Figures { documents, words, bytes, jobs, ns_per_word, .. } = figures;
    let megabytes = *bytes as f64 / 1e6;
    let line = format!(
        "{documents} documents, {words} words, {megabytes:.1} MB; every value of --jobs gives the same answers"
    );
    print_wrapped(out, &line)?;
    let mut table = TextTable::new(vec![
        TextColumn::number("jobs"),
        TextColumn::number("docs/s").widened(9),
        TextColumn::number("MB/s").widened(8).ranked(1),
        TextColumn::number("words/s").widened(11),
        TextColumn::number("seconds").widened(8),
    ]);
    for one in jobs {
        table.push([
            one.jobs.to_string(),
            format!("{:.0}", one.documents_per_second),
            format!("{:.1}", one.megabytes_per_second),
            format!("{:.0}", one.words_per_second),
            format!("{:.3}", one.seconds),
        ]);
    }
    table.write(out, terminal::width(), terminal::style())?;
    let stages = [
        ("read", ns_per_word.read),
        ("tokenize", Some(ns_per_word.tokenize)),
        ("features and score", Some(ns_per_word.features_and_score)),
        ("write", Some(ns_per_word.write)),
    ];
    print_wrapped(out, "ns per word on one thread, each stage by itself:")?;
    for (name, ns) in stages {
        let ns = ns.map_or_else(|| "-".to_owned(), |ns| format!("{ns:.1}"));
        writeln!(out, "  {name:<18}  {ns:>6}")?;
    }
    if let Some(peak) = figures.peak_memory_bytes {
        let megabytes = peak as f64 / 1e6;
        print_wrapped(out, &format!("peak memory {megabytes:.0} MB, with all texts in memory"))?;
    }
    let line = format!("scoring is in memory, without reading and writing; medians of {} runs", figures.runs);
    print_wrapped(out, &line)
}

fn score_all(
    classifier: &Classifier,
    pool: &Threads,
    documents: &[Document],
) -> anyhow::Result<Vec<Verdict>> {
    let mut verdicts = Vec::with_capacity(documents.len());
    Workers::new(classifier, ScoreOptions::default(), pool).score_in_order(
        documents.iter().map(|document| (document, document.text.len())),
        |worker, document| worker.score_document(document),
        |verdict| {
            verdicts.push(verdict);
            Ok::<(), anyhow::Error>(())
        },
    )?;
    Ok(verdicts)
}

/// Seconds of the middle one of several runs.
fn median(mut run: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let mut seconds = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let started = Instant::now();
        run()?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    Ok(seconds.get(RUNS / 2).copied().unwrap_or(f64::NAN))
}

/// Seconds of a loop that does nothing but cut words and number them, over whole texts.
fn tokenize(classifier: &Classifier, documents: &[Document]) -> anyhow::Result<f64> {
    let tokenizer = Tokenizer::new(&classifier.model().tokenizer_config)?;
    let mut seen = WordIdCache::default();
    let mut sum = 0u64;
    let normal: Vec<Normalized<'_>> =
        documents.iter().map(|document| tokenizer.normalize(&document.text)).collect();
    let seconds = median(|| {
        for normal in &normal {
            let mut number = |normal: &str, _| normal.len() as u32;
            tokenizer.token_ids(normal.text(), &mut seen, &mut number, &mut |token| sum += u64::from(token));
        }
        Ok(())
    })?;
    std::hint::black_box(sum);
    Ok(seconds)
}

/// Takes everything and keeps nothing.
struct Nowhere;

impl Write for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(std::hint::black_box(bytes).len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output for Nowhere {
    fn end_segment(&mut self) -> io::Result<Mark> {
        Ok(Mark::default())
    }

    fn commit(self) -> io::Result<()> {
        Ok(())
    }

    fn discard(self) {}
}

/// Writes all results to nowhere; gives their number and the seconds.
fn write_all(
    classifier: &Classifier,
    documents: Vec<Document>,
    verdicts: Vec<Verdict>,
) -> anyhow::Result<(usize, f64)> {
    let context = RunContext::new(classifier.labels().clone(), classifier.id());
    let outcomes: Vec<_> = documents
        .into_iter()
        .zip(verdicts)
        .map(|(document, verdict)| Ok(Scored::new(document, verdict)))
        .collect();
    let mut sink = CsvSink::new(Nowhere, context, CsvStyle::default());
    let seconds = median(|| Ok(outcomes.iter().try_for_each(|outcome| sink.outcome(outcome))?))?;
    Ok((outcomes.len(), seconds))
}

/// The most memory that this process has held, where Linux tells.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| 1024 * kilobytes)
}

/// The same texts every time: words of the vocabulary in a fixed scatter, in paragraphs of 100
/// words.
fn made_up(classifier: &Classifier) -> Vec<Document> {
    let words: Vec<&str> = classifier
        .model()
        .featurizer
        .vocabulary()
        .words()
        .iter()
        .filter(|word| !word.contains('~'))
        .collect();
    let mut random = Random::new(1);
    (0..MADE_UP.0)
        .map(|number| {
            let mut text = String::new();
            for at in 0..MADE_UP.1 {
                text.push_str(words.get(random.below(words.len())).unwrap_or(&"word"));
                text.push_str(if at % 100 == 99 { ".\n\n" } else { " " });
            }
            Document::new(number.to_string(), text)
        })
        .collect()
}

#[cfg(all(test, feature = "bundled-models"))]
mod tests {
    use super::*;

    #[test]
    fn without_input_the_same_texts_are_made_up_every_time_enough_of_them_to_measure() {
        let classifier = Classifier::bundled_stance().unwrap();
        let texts = made_up(&classifier);
        let (count, words) = MADE_UP;
        assert_eq!(texts.len(), count);
        assert!(texts.iter().all(|text| text.text.split_whitespace().count() == words));
        let again = made_up(&classifier);
        assert!(texts.iter().zip(&again).all(|(one, other)| one.text == other.text && one.id == other.id));
        let alone = score_all(&classifier, &Threads::new(1).unwrap(), &texts[..20]).unwrap();
        let shared = score_all(&classifier, &Threads::new(2).unwrap(), &texts[..20]).unwrap();
        assert!(alone == shared && alone.iter().all(|verdict| verdict.words() > words / 2));
    }
}
