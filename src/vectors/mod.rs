//! Learns word vectors from texts without labels: words that occur in similar contexts get similar
//! vectors.
//!
//! [`make_vectors`] reads an archive twice. The first time it counts words, the second time how
//! often any two of them stand near each other. Positive pointwise mutual information, with the
//! contexts' distribution smoothed, makes a sparse matrix of the counts (Levy, Goldberg and Dagan,
//! "Improving distributional similarity with lessons learned from word embeddings", 2015); its
//! leading singular vectors, times the roots of their singular values, are the words' vectors.
//!
//! The result follows from the texts and the parameters alone: counts are whole numbers,
//! floating-point sums are taken in a fixed order, and logarithms come from libm, so neither the
//! number of threads nor the machine changes a bit.

mod association;
mod dense;
mod eigen;
mod file;
mod pairs;
mod params;
mod rarest;
mod run;
mod splitter;
mod svd;
mod table;
mod words;

pub use params::VectorsParams;
pub use run::{Archive, VectorsReport, make_vectors};
pub use table::Vectors;
