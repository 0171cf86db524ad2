//! Remembers the answers of the last requests that were named, so that one that is sent again is
//! answered and not done again.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde_json::Value;

use crate::serve::answer::Refusal;

/// Answers that are remembered.
const MAX_ANSWERS: usize = 64;

/// The last answers, the oldest first, each with the name of its request.
#[derive(Debug, Default)]
pub(super) struct Answered(Mutex<VecDeque<(String, Value)>>);

impl Answered {
    /// Does what a request asks for, unless it was done: then its answer is given again. A request
    /// without a name is always done, and so is one that was refused.
    pub(super) fn once<T: Serialize>(
        &self,
        request: Option<String>,
        work: impl FnOnce() -> Result<T, Refusal>,
    ) -> Result<Value, Refusal> {
        let value = |done: T| serde_json::to_value(done).map_err(|_| Refusal::internal());
        let Some(name) = request else { return value(work()?) };
        // Held while it is done: a copy that comes meanwhile waits for the answer.
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, answer)) = answers.iter().find(|(other, _)| *other == name) {
            return Ok(answer.clone());
        }
        let answer = value(work()?)?;
        if answers.len() == MAX_ANSWERS {
            answers.pop_front();
        }
        answers.push_back((name, answer.clone()));
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn what_is_sent_twice_is_done_once() {
        let (answered, done) = (Answered::default(), Cell::new(0));
        let ask = |name: Option<&str>| {
            let work = || {
                done.set(done.get() + 1);
                Ok(done.get())
            };
            answered.once(name.map(str::to_owned), work).unwrap()
        };
        assert_eq!((ask(Some("a")), ask(Some("b")), ask(Some("a"))), (1.into(), 2.into(), 1.into()));
        assert_eq!((ask(None), ask(None)), (3.into(), 4.into()));
        (0..MAX_ANSWERS).for_each(|number| drop(ask(Some(&format!("n{number}")))));
        assert_eq!(ask(Some("a")), 69, "it is forgotten after 64 others");
        let refused = || answered.once::<u8>(Some("c".to_owned()), || Err(Refusal::internal()));
        assert!(refused().is_err());
        assert_eq!(ask(Some("c")), 70, "what was refused is not remembered");
    }
}
