//! Sends what is written on a thread of its own piece by piece, so that no file is ever whole in
//! memory.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::Frame;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::error::{Error, Result};
use crate::serve::answer::Refusal;

/// Bytes of a piece.
const PIECE: usize = 64 << 10;
/// Pieces that are written before the browser has taken them.
const AHEAD: usize = 4;

/// What the thread that writes says.
#[derive(Debug)]
enum Message {
    Piece(Bytes),
    /// All is written.
    End,
    Failed(Error),
}

/// Gives what `write` writes. Whoever takes it must take it to its end: where writing fails later,
/// the connection is broken off.
///
/// # Errors
/// Writing that fails within the first two pieces, of which nothing was sent then.
pub(super) async fn written(
    write: impl FnOnce(&mut dyn Write) -> Result<()> + Send + 'static,
) -> std::result::Result<Body, Refusal> {
    let (sender, mut receiver) = channel(AHEAD);
    // Not among the requests that are worked on: those must not wait for a browser that takes its
    // time.
    let thread = std::thread::Builder::new().name("export".to_owned());
    thread
        .spawn(move || Pieces { piece: Vec::new(), sender }.send(write))
        .map_err(|_| Refusal::internal())?;
    let mut first = VecDeque::new();
    while first.len() < 2 {
        match receiver.recv().await {
            Some(Message::Piece(piece)) => first.push_back(piece),
            Some(Message::End) => return Ok(Body::from(first.into_iter().flatten().collect::<Vec<u8>>())),
            Some(Message::Failed(error)) => return Err(error.into()),
            None => return Err(Refusal::internal()),
        }
    }
    Ok(Body::new(Written { first, receiver }))
}

/// Collects what is written into pieces.
struct Pieces {
    piece: Vec<u8>,
    sender: Sender<Message>,
}

impl Pieces {
    fn send(mut self, write: impl FnOnce(&mut dyn Write) -> Result<()>) {
        let last = match write(&mut self).map(|()| self.send_piece()) {
            Ok(Ok(())) => Message::End,
            Ok(Err(_)) => return,
            Err(error) => Message::Failed(error),
        };
        // A browser that is gone need not be told.
        let _ = self.sender.blocking_send(last);
    }

    fn send_piece(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = Bytes::from(std::mem::take(&mut self.piece));
        self.sender.blocking_send(Message::Piece(piece)).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.send_piece()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The body of an answer: the first pieces, then those to come.
struct Written {
    first: VecDeque<Bytes>,
    receiver: Receiver<Message>,
}

impl HttpBody for Written {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(piece) = self.first.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        self.receiver.poll_recv(context).map(|message| match message {
            Some(Message::Piece(piece)) => Some(Ok(Frame::data(piece))),
            Some(Message::End) => None,
            // Only a connection that breaks off tells the browser that the file is not whole.
            Some(Message::Failed(_)) | None => Some(Err(io::ErrorKind::UnexpectedEof.into())),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use axum::body::to_bytes;

    use super::*;

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
    }

    /// Writes so many pieces, then ends or fails.
    fn write(pieces: usize, out: &mut dyn Write) -> Result<()> {
        (0..pieces)
            .try_for_each(|_| out.write_all(&[b'x'; PIECE]))
            .map_err(|error| Error::run("gone", Some(error)))
    }

    fn fail(pieces: usize, out: &mut dyn Write) -> Result<()> {
        write(pieces, out).and_then(|()| Err(Error::data("the input has changed")))
    }

    #[test]
    fn all_that_is_written_arrives_and_what_fails_is_never_taken_for_whole() {
        for pieces in [0, 1, 2, 3, 20] {
            let bytes = run(async {
                let body = written(move |out| write(pieces, out)).await.unwrap();
                assert_eq!(HttpBody::size_hint(&body).exact().is_some(), pieces < 2, "{pieces}");
                to_bytes(body, usize::MAX).await.unwrap()
            });
            assert_eq!(bytes.len(), pieces * PIECE);
        }
        for pieces in [0, 1] {
            let refusal = run(written(move |out| fail(pieces, out))).unwrap_err();
            assert_eq!(refusal.error, "the input has changed");
        }
        let panics = |out: &mut dyn Write| -> Result<()> {
            write(5, out)?;
            panic!("secret")
        };
        let broken = run(async { to_bytes(written(panics).await.unwrap(), usize::MAX).await });
        assert!(broken.is_err());
        let broken = run(async { to_bytes(written(|out| fail(5, out)).await.unwrap(), usize::MAX).await });
        assert!(broken.is_err());
        assert_eq!(run(written(|_| panic!("secret"))).unwrap_err(), Refusal::internal());
    }

    #[test]
    fn no_more_is_written_than_is_taken_and_nothing_for_a_browser_that_is_gone() {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        let body = run(written(move |out| {
            loop {
                write(1, out)?;
                counted.fetch_add(1, Ordering::Relaxed);
            }
        }))
        .unwrap();
        std::thread::sleep(Duration::from_millis(200));
        let ahead = count.load(Ordering::Relaxed);
        assert!(ahead <= AHEAD + 2, "{ahead}");
        drop(body);
        while Arc::strong_count(&count) > 1 {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
