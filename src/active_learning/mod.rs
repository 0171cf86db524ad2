//! Chooses texts to label: a random sample with known weights, or those that would teach a model
//! most.

pub mod sample;
pub mod suggest;
