//! Draws a stratified random sample of scored documents, with weights for an evaluation.
//!
//! [`draw_sample`] draws from the results of scoring; a [`Draw`] draws from anything:
//!
//! ```
//! use standpoint::active_learning::sample::{Allocation, Draw};
//!
//! let mut draw = Draw::new(7, 10);
//! for number in 0..100 {
//!     let stratum = if number % 10 == 0 { "rare" } else { "common" };
//!     draw.add(stratum, &number.to_string(), number)?;
//! }
//! let strata = draw.finish(Allocation::Equal);
//! assert_eq!(strata.iter().map(|stratum| stratum.drawn.len()).collect::<Vec<_>>(), [5, 5]);
//! let population: f64 = strata.iter().map(|stratum| stratum.weight() * stratum.drawn.len() as f64).sum();
//! assert_eq!(population, 100.0);
//! # Ok::<(), standpoint::Error>(())
//! ```

mod allocation;
mod draw;
mod run;

pub use allocation::Allocation;
pub use draw::{Draw, Stratum};
pub use run::{Sample, SampleParams, SampledDocument, SampledStratum, draw_sample};
