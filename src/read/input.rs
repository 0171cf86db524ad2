//! Names what is read: a path, bytes in memory, or a stream.

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Something to read: a file, bytes in memory, or any reader.
///
/// All three are read alike: the format is detected by the extension of the name, then by the first
/// bytes, and gzip and zstd are decompressed. The name also stands in ids and in messages.
///
/// ```
/// use standpoint::read::{Input, InputOptions, Inputs};
///
/// let upload = Input::from_bytes("upload.csv", "id,text\n7,It rained all day.\n".as_bytes());
/// let options = InputOptions::default();
/// let records: Vec<_> = Inputs::new([upload], options.clone()).collect::<Result<_, _>>()?;
/// let documents: Vec<_> =
///     records.into_iter().map(|record| record.document(&options)).collect::<Result<_, _>>()?;
/// assert_eq!((documents[0].id.as_str(), documents[0].path.as_str()), ("7", "upload.csv"));
/// # Ok::<(), standpoint::Error>(())
/// ```
///
/// Parquet and spreadsheets are read from their end. Files and bytes have one. A reader has none,
/// nor have compressed bytes: these are read into memory, up to 512 MB. A compressed file, a pipe
/// and standard input are refused instead, and the message says to unpack or to write a file first.
pub struct Input {
    pub(super) name: Arc<str>,
    pub(super) content: Content,
}

/// Where the bytes are.
pub(super) enum Content {
    Path(PathBuf),
    Bytes(Arc<[u8]>),
    Reader(Box<dyn Read + Send>),
}

/// Whether a path stands for standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

impl Input {
    /// A file, or standard input where the path is `-`.
    pub fn from_path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Input { name: path.to_string_lossy().into(), content: Content::Path(path) }
    }

    /// Bytes in memory under a name such as `upload.csv`.
    pub fn from_bytes(name: impl Into<Arc<str>>, bytes: impl Into<Arc<[u8]>>) -> Self {
        Input { name: name.into(), content: Content::Bytes(bytes.into()) }
    }

    /// A reader under a name such as `news.warc.gz`. It is read once, from where it stands to its
    /// end.
    pub fn from_reader(name: impl Into<Arc<str>>, reader: impl Read + Send + 'static) -> Self {
        Input { name: name.into(), content: Content::Reader(Box::new(reader)) }
    }

    /// The path as it was given, or the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bytes that it will give, as far as that is known: 0 for readers and standard input.
    pub(super) fn length(&self) -> u64 {
        match &self.content {
            Content::Path(path) => path.metadata().map_or(0, |metadata| metadata.len()),
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::Reader(_) => 0,
        }
    }
}

impl From<PathBuf> for Input {
    fn from(path: PathBuf) -> Self {
        Input::from_path(path)
    }
}

impl From<&Path> for Input {
    fn from(path: &Path) -> Self {
        Input::from_path(path)
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("name", &self.name).finish_non_exhaustive()
    }
}
