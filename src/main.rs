//! The command line; its commands come with the rooms that they need.

#![forbid(unsafe_code)]

fn main() {}
