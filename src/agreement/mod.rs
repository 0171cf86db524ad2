//! Measures how well people agree who coded the same texts.
//!
//! ```
//! use standpoint::agreement::{Agreement, Annotations};
//!
//! let row = |first: &str, second: &str| vec![Some(first.to_owned()), Some(second.to_owned())];
//! let rows = [row("for", "for"), row("for", "against"), row("against", "against")];
//! let agreement = Agreement::new(&Annotations::new(2, &rows)?, 1);
//! assert_eq!(agreement.share.map(|share| share.value), Some(2.0 / 3.0));
//! # Ok::<(), standpoint::Error>(())
//! ```

mod annotations;
mod coders;
mod pair;
mod patterns;
mod run;

pub use annotations::Annotations;
pub use coders::{Agreement, LabelAgreement};
pub use pair::PairAgreement;
pub use run::{AgreementReport, disagree, measure_agreement};
