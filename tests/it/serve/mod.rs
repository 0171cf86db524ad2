//! The page that `serve` serves: who is let in, what is answered, what is saved.

mod client;
mod entry;
mod foreign;
mod labeling;
mod limits;
mod reading;
