//! Bytes to a file that is only in memory.

use std::fs::File;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::path::PathBuf;

use rustix::fs::{MemfdFlags, memfd_create};

/// It is there as long as this is.
pub struct MemoryFile(File);

impl MemoryFile {
    pub fn of(bytes: &[u8]) -> Self {
        let mut file = File::from(memfd_create("input", MemfdFlags::CLOEXEC).expect("a file in memory"));
        file.write_all(bytes).expect("room for it");
        MemoryFile(file)
    }

    pub fn path(&self) -> PathBuf {
        format!("/proc/self/fd/{}", self.0.as_raw_fd()).into()
    }
}
