//! Looks at the first bytes of a stream without taking them.

use std::io::{self, Cursor, ErrorKind, Read};

/// The first bytes of a stream, as many as `most`, and the stream from its beginning. What ends the
/// reading of them early is told when the stream has been read so far.
pub(crate) fn peek(mut reader: Box<dyn Read + Send>, most: usize) -> (Vec<u8>, Box<dyn Read + Send>) {
    let mut head = vec![0; most];
    let mut length = 0;
    let failed = loop {
        match reader.read(head.get_mut(length..).unwrap_or(&mut [])) {
            Ok(0) => break None,
            Ok(count) => length += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => break Some(error),
        }
    };
    head.truncate(length);
    let begun = Cursor::new(head.clone());
    let whole: Box<dyn Read + Send> = match failed {
        Some(error) => Box::new(begun.chain(Failed(Some(error)))),
        None => Box::new(begun.chain(reader)),
    };
    (head, whole)
}

/// Gives an error, and then nothing.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_looked_at_and_read_from_its_beginning() {
        for most in [0, 3, 6, 9] {
            let (head, mut whole) = peek(Box::new(&b"abcdef"[..]), most);
            assert_eq!(head, b"abcdef"[..most.min(6)]);
            let mut all = Vec::new();
            whole.read_to_end(&mut all).unwrap();
            assert_eq!(all, b"abcdef");
        }
    }

    #[test]
    fn what_stands_before_an_error_is_read_first() {
        let failing = Failed(Some(io::Error::other("gone")));
        let (head, mut whole) = peek(Box::new((&b"abc"[..]).chain(failing)), 9);
        assert_eq!(head, b"abc");
        let mut all = [0; 3];
        whole.read_exact(&mut all).unwrap();
        assert_eq!(whole.read(&mut all).unwrap_err().to_string(), "gone");
        assert_eq!(whole.read(&mut all).unwrap(), 0);
    }
}
