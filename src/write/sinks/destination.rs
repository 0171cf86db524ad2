//! Sends results to standard output or to a file.

use std::io::{self, BufWriter, IsTerminal, Write};

use crate::error::Result;
use crate::write::claimed_path::ClaimedPath;
use crate::write::sinks::file::{Output, OutputFile};
use crate::write::{Mark, Screen, Style};

/// Standard output or a file.
#[derive(Debug)]
pub enum Destination {
    /// Standard output.
    Stdout(BufWriter<io::Stdout>),
    /// Standard output that people look at: what could drive the terminal is replaced.
    Screen(Screen<BufWriter<io::Stdout>>),
    /// A file.
    File(OutputFile),
}

impl Destination {
    /// Standard output, byte for byte.
    pub fn stdout() -> Self {
        Destination::Stdout(BufWriter::with_capacity(64 << 10, io::stdout()))
    }

    /// The file, or standard output for data: byte for byte, unless it is a terminal.
    ///
    /// # Errors
    /// As [`OutputFile::create`].
    pub fn open(path: Option<&ClaimedPath>) -> Result<Self> {
        Ok(match path {
            Some(path) => Destination::File(OutputFile::create(path)?),
            None => Destination::stdout().escaped(),
        })
    }

    /// Standard output with [`Screen`] before it if it is a terminal; a file as it is.
    #[must_use]
    pub fn escaped(self) -> Self {
        match self {
            Destination::Stdout(out) if io::stdout().is_terminal() => {
                Destination::Screen(Screen::new(out, Style::Plain))
            }
            other => other,
        }
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Destination::Stdout(out) => out.write(bytes),
            Destination::Screen(out) => out.write(bytes),
            Destination::File(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Destination::Stdout(out) => out.flush(),
            Destination::Screen(out) => out.flush(),
            Destination::File(out) => out.flush(),
        }
    }
}

impl Output for Destination {
    fn end_segment(&mut self) -> io::Result<Mark> {
        match self {
            // A stream cannot be continued, so its position does not matter.
            Destination::Stdout(out) => out.flush().map(|()| Mark::default()),
            Destination::Screen(out) => out.flush().map(|()| Mark::default()),
            Destination::File(out) => out.end_segment(),
        }
    }

    fn commit(self) -> io::Result<()> {
        match self {
            Destination::Stdout(mut out) => out.flush(),
            Destination::Screen(mut out) => out.flush(),
            Destination::File(out) => out.commit(),
        }
    }

    fn discard(self) {
        if let Destination::File(out) = self {
            out.discard();
        }
    }
}
