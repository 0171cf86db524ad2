//! Things of several strata to a random sample of each.
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

pub use allocation::Allocation;
pub use draw::{Draw, Stratum};
