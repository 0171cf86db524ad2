//! Times the solver alone on a matrix in LIBSVM's format with the labels 1 and -1:
//! `cargo bench --bench solver -- MATRIX.svm C [THREADS]`.
//!
//! Prints one JSON line a tolerance, with the seconds of the fit alone (on one thread, if none are
//! given) and the objective, as `benches/peers/solver.py --ours` reads them.

use std::process::ExitCode;
use std::time::Instant;

use linfa::dataset::DatasetBase;
use linfa::traits::Fit;
use ndarray::Array1;
use standpoint::train::{CscBuilder, Logistic};

const TOLERANCES: [f64; 6] = [1e-1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    match args.as_slice() {
        [matrix, c, threads @ ..] if threads.len() < 2 => match run(matrix, c, threads.first()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{matrix}: {error}");
                ExitCode::FAILURE
            }
        },
        // `cargo bench` runs every benchmark without arguments.
        _ => {
            eprintln!(
                "solver: give a matrix in LIBSVM's format and C, and a number of threads if more than one"
            );
            ExitCode::SUCCESS
        }
    }
}

fn run(matrix: &str, c: &str, threads: Option<&String>) -> Result<(), Box<dyn std::error::Error>> {
    let c: f64 = c.parse()?;
    let pool = standpoint::Threads::new(threads.map_or(Ok(1), |threads| threads.parse())?)?;
    let (mut rows, mut targets, mut features) = (Vec::new(), Vec::new(), 0);
    for line in std::fs::read_to_string(matrix)?.lines() {
        let mut fields = line.split_ascii_whitespace();
        targets.push(usize::from(fields.next().ok_or("a line is blank")?.parse::<f64>()? > 0.0));
        let mut row = Vec::new();
        for field in fields {
            let (index, value) = field.split_once(':').ok_or("a field is no pair of index:value")?;
            let index: u32 = index.parse()?;
            features = features.max(index as usize + 1);
            row.push((index, value.parse::<f64>()?));
        }
        rows.push(row);
    }
    let mut builder = CscBuilder::new(features);
    rows.into_iter().for_each(|row| builder.push(row));
    let dataset = DatasetBase::new(builder.build(), Array1::from(targets));
    for tolerance in TOLERANCES {
        let learner = Logistic::new(2).c(c).tolerance(tolerance);
        let began = Instant::now();
        let fitted = pool.run(|| learner.fit(&dataset))?;
        let (seconds, objective) = (began.elapsed().as_secs_f64(), fitted.objective());
        println!("{{\"tolerance\": {tolerance:e}, \"seconds\": {seconds}, \"objective\": {objective}}}");
    }
    Ok(())
}
