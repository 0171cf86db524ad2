//! Remembers which texts repeat an earlier one, and how that one was answered.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::tabulate::overview::{Agreement, Answer};

/// The stories so far. Texts are known by hashes of their ids.
#[derive(Clone, Debug, Default)]
pub(super) struct Stories {
    /// The label of each text that repeats none; `None` without one.
    answers: HashMap<u64, Option<usize>>,
    /// Pairs of a story and a group in which it stands.
    in_groups: HashSet<u64>,
    repeated: HashSet<u64>,
    agreement: Agreement,
}

/// Where a text stands among the prints of its story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct First {
    /// Whether it repeats no other.
    pub(super) of_all: bool,
    /// Whether it is the first of its story in its group.
    pub(super) in_group: bool,
}

impl Stories {
    /// Takes the next text.
    pub(super) fn add(&mut self, answer: &Answer<'_>) -> First {
        let label = answer.decision().label().map(|class| class.index());
        let own = hash(&answer.id);
        let Some(story) = answer.duplicate_of.map(|story| hash(&story)) else {
            self.answers.entry(own).or_insert(label);
            // Records may share an id; each is a story of its own, unless it is said to repeat one.
            self.in_groups.insert(hash(&(own, answer.group)));
            return First { of_all: true, in_group: true };
        };
        let counts = &mut self.agreement;
        match (self.answers.get(&story), label) {
            (None, _) => counts.unknown += 1,
            (Some(first), label) if *first == label => counts.same += 1,
            (Some(Some(_)), Some(_)) => counts.other_label += 1,
            _ => counts.one_abstained += 1,
        }
        if self.repeated.insert(story) {
            counts.stories += 1;
        }
        First { of_all: false, in_group: self.in_groups.insert(hash(&(story, answer.group))) }
    }

    /// The comparison of reprints; `None` without any.
    pub(super) fn agreement(&self) -> Option<Agreement> {
        (self.agreement.compared() + self.agreement.unknown > 0).then_some(self.agreement)
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
