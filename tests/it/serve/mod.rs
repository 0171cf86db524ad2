//! The page that `serve` serves: who is let in, what is answered, what is saved.

mod checking;
mod client;
mod entry;
mod exports;
mod failing;
mod foreign;
mod labeling;
mod limits;
mod opening;
mod reading;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod syncing;
