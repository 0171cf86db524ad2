//! Holds standard input in memory, so that results can be read more than once.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Position, Result};
use crate::read::{Input, is_stdin};

/// The name of standard input among files.
const STDIN: &str = "-";
/// Most bytes of standard input that are held.
const MAX_STREAM_BYTES: u64 = 2 << 30;

/// Files with results, which are read more than once.
#[derive(Clone, Debug)]
pub struct ResultFiles {
    files: Vec<PathBuf>,
    /// What was read from standard input, if it is one of the files.
    stream: Option<Arc<[u8]>>,
}

impl ResultFiles {
    /// These files; `-` is standard input, which is read to its end.
    ///
    /// # Errors
    /// Standard input that cannot be read, or that is longer than 2 GB.
    pub fn open(files: Vec<PathBuf>) -> Result<Self> {
        let has_stream = files.iter().any(|file| is_stdin(file));
        let stream = has_stream.then(|| held(std::io::stdin(), MAX_STREAM_BYTES)).transpose()?;
        Ok(ResultFiles { files, stream })
    }

    /// The first name.
    pub(super) fn first(&self) -> &Path {
        self.files.first().map_or(Path::new(""), PathBuf::as_path)
    }

    /// The files, from their beginnings.
    pub(super) fn inputs(&self) -> Vec<Input> {
        let input = |file: &PathBuf| match &self.stream {
            Some(bytes) if is_stdin(file) => Input::from_bytes(STDIN, Arc::clone(bytes)),
            _ => Input::from_path(file),
        };
        self.files.iter().map(input).collect()
    }
}

fn held(stream: impl Read, most: u64) -> Result<Arc<[u8]>> {
    let position = || Position::from_path(STDIN);
    let mut bytes = Vec::new();
    let read = stream.take(most.saturating_add(1)).read_to_end(&mut bytes);
    match read.map_err(|error| Error::io(position(), "read", error))? as u64 {
        length if length > most => Err(Error::malformed(
            position(),
            "results",
            format!(
                "results on standard input are held in memory, and these have more than {} MB; write them to a file first",
                most >> 20
            ),
        )),
        0 => Err(Error::malformed(
            position(),
            "results",
            "standard input is empty; expected results of `standpoint score`",
        )),
        _ => Ok(bytes.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_held_up_to_a_limit() {
        assert_eq!(&*held(&b"abc"[..], 3).unwrap(), b"abc");
        assert!(held(&b""[..], 3).unwrap_err().to_string().starts_with("-: standard input is empty"));
        let error = held(&b"abcd"[..], 3).unwrap_err().to_string();
        assert!(error.starts_with("-: ") && error.contains("write them to a file"), "{error}");
    }

    #[test]
    fn files_are_given_again_and_again() {
        let files = ResultFiles::open(vec![PathBuf::from("a.jsonl")]).unwrap();
        let names = || files.inputs().iter().map(|input| input.name().to_owned()).collect::<Vec<_>>();
        assert_eq!((names(), names()), (vec!["a.jsonl".to_owned()], vec!["a.jsonl".to_owned()]));
    }
}
