//! The library's scoring run: what the command line runs, and what other front ends can.

use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use standpoint::pipeline::{OnUnfinished, OpenedOutput, Run, RunOptions, RunOutput, RunReport};
use standpoint::progress::{Counters, Progress};
use standpoint::read::Inputs;
use standpoint::write::{
    Cell, CellType, Failure, OutputFormat, OutputPaths, RunContext, Schema, SinkOptions,
};
use standpoint::{Classifier, ErrorKind, Result, Threads};

use crate::harness::{self, Sandbox};

fn csv(rows: usize) -> String {
    let texts = harness::texts(rows);
    let row = |(number, text): (usize, &String)| format!("n{number},\"{}\"\n", text.replace('"', "'"));
    format!("id,text\n{}", texts.iter().enumerate().map(row).collect::<String>())
}

#[test]
fn files_are_scored_one_by_one_or_in_batches_with_the_same_answers() {
    let bench = Sandbox::new();
    bench.write("texts/a.csv", csv(1500));
    bench.write("texts/b.txt", &harness::texts(1)[0]);
    bench.write(
        "texts/c.jsonl",
        "{\"id\": \"x\", \"text\": \"no\"}\nnot json\n{\"id\": \"y\", \"text\": \"yes\"}\n",
    );
    let classifier = harness::small_classifier();
    let told = |result: Result<standpoint::write::Scored>| match result {
        Ok(scored) => format!("{} {:?}", scored.id, scored.verdict),
        Err(error) => error.to_string(),
    };
    let folder = bench.path("texts");
    let alone: Vec<String> = classifier.score_files([&folder]).unwrap().map(told).collect();
    assert_eq!(alone.len(), 1504);
    assert!(alone[0].starts_with("n0 ") && alone[1503].starts_with("y "), "{}", alone[1503]);
    assert!(alone[1502].contains("c.jsonl, line 2"), "{}", alone[1502]);
    for jobs in [1, 2] {
        let threads = Threads::new(jobs).unwrap();
        let files = classifier.score_files([&folder]).unwrap().on_threads(&threads);
        assert!(files.map(told).eq(alone.iter().cloned()), "{jobs} jobs");
    }
    let empty = bench.path("texts/none");
    std::fs::create_dir(&empty).unwrap();
    assert!(matches!(classifier.score_files([empty]).unwrap_err().kind(), ErrorKind::Data(_)));
}

/// Counts, and stops itself after so many records.
struct StopsAfter {
    records: u64,
    counters: Counters,
    stopped: Mutex<Option<Instant>>,
}

impl Progress for StopsAfter {
    fn advance(&self, records: u64) {
        self.counters.advance(records);
        if self.counters.done() == self.records {
            *self.stopped.lock().unwrap() = Some(Instant::now());
            self.counters.stop();
        }
    }

    fn is_stopped(&self) -> bool {
        self.counters.is_stopped()
    }
}

struct Scoring<'a> {
    classifier: &'a Classifier,
    input: &'a Path,
    threads: Threads,
}

impl Scoring<'_> {
    fn run(&self, output: &Path, on_unfinished: OnUnfinished, progress: &dyn Progress) -> Result<RunReport> {
        let mut run = Run::new(self.classifier, &self.threads);
        run.progress = progress;
        run.context.duplicates = true;
        let records = Inputs::new(vec![self.input.to_owned()], run.input.clone());
        let claimed = OutputPaths::new([self.input]).claim("output", output)?;
        let opened = OpenedOutput::open(&claimed, on_unfinished, &RunOptions::default())?;
        let options = SinkOptions::new(run.context.clone());
        let output: RunOutput = opened.write_as(OutputFormat::for_path(output)?, options)?;
        run.score(records, output)?.commit()
    }
}

#[test]
fn a_run_that_is_stopped_ends_soon_and_can_be_resumed() {
    let bench = Sandbox::new();
    let classifier = harness::small_classifier();
    let input = bench.write("in.csv", csv(9000));
    let scoring =
        |jobs| Scoring { classifier: &classifier, input: &input, threads: Threads::new(jobs).unwrap() };
    let never = || Counters::default();
    for extension in ["jsonl", "csv", "jsonl.gz"] {
        let whole = bench.path(&format!("whole.{extension}"));
        let expected = scoring(1).run(&whole, OnUnfinished::Refuse, &never()).unwrap();
        assert_eq!(expected.tally.documents, 9000);
        for jobs in [1, 2] {
            let output = bench.path(&format!("stopped{jobs}.{extension}"));
            let stops =
                StopsAfter { records: 5000, counters: Counters::default(), stopped: Mutex::new(None) };
            let error = scoring(jobs).run(&output, OnUnfinished::Refuse, &stops).unwrap_err();
            let took = stops.stopped.lock().unwrap().unwrap().elapsed();
            assert!(matches!(error.kind(), ErrorKind::Stopped), "{error}");
            assert!(took < Duration::from_millis(500), "{took:?}");
            assert!(!output.exists());
            let error = scoring(jobs).run(&output, OnUnfinished::Refuse, &never()).unwrap_err();
            assert!(error.to_string().contains("4096 records done"), "{error}");
            let counters = never();
            let report = scoring(jobs).run(&output, OnUnfinished::Resume, &counters).unwrap();
            assert_eq!(report.tally, expected.tally);
            assert_eq!(counters.done(), 9000 - 4096);
            assert!(std::fs::read(&output).unwrap() == std::fs::read(&whole).unwrap(), "{extension}");
        }
    }
    let stopped = Counters::default();
    stopped.stop();
    let error = scoring(2).run(&bench.path("never.csv"), OnUnfinished::Refuse, &stopped).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Stopped));
}

#[test]
fn every_row_has_a_cell_of_its_type_for_every_column() {
    let bench = Sandbox::new();
    let classifier = harness::small_classifier();
    bench.write("a.jsonl", "{\"text\": \"one\\n\\nNATO must defend itself\"}\nnot json\n");
    for paragraphs in [false, true] {
        let mut context = RunContext::new(classifier.labels().clone(), classifier.id());
        context.paragraphs = paragraphs;
        let schema = Schema::new(context);
        for result in classifier.score_files([bench.path("a.jsonl")]).unwrap() {
            let outcome = result.map_err(Failure::new);
            let rows: Vec<Vec<Cell<'_>>> =
                schema.rows(outcome.as_ref()).map(|row| row.cells().collect()).collect();
            assert!(!rows.is_empty());
            for row in rows {
                assert_eq!(row.len(), schema.columns().len());
                for (cell, column) in row.iter().zip(schema.columns()) {
                    let cell_type = match cell {
                        Cell::Empty => continue,
                        Cell::Text(_) => CellType::Text,
                        Cell::Whole(_) => CellType::Whole,
                        _ => CellType::Real,
                    };
                    assert_eq!(cell_type, column.cell_type(), "{}", column.name());
                }
            }
        }
    }
}
