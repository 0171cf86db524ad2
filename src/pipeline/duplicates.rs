//! Finds which documents repeat an earlier one, in the order of the input.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::classifier::Worker;
use crate::near_duplicates::{Signature, Stories};
use crate::text::document::Document;

/// The stories so far, with the ids of their first documents.
#[derive(Debug, Default)]
pub(super) struct Duplicates {
    stories: Stories,
    /// The id of each document that is a story of its own.
    ids: Vec<Option<Box<str>>>,
    /// Hashes of the pairs of a story and a group in which it stands.
    in_groups: HashSet<u64>,
}

/// Computes what tells a document apart from others.
pub(super) fn signature(worker: &Worker, document: &Document) -> Option<Signature> {
    // Without boilerplate: pages of one outlet would be alike by what stands around their texts.
    let kept: Vec<&str> =
        worker.scored_spans(document).into_iter().map(|span| span.of(&document.text)).collect();
    Signature::from_text(&kept.join("\n"))
}

/// The place of a document among the stories.
#[derive(Debug)]
pub(super) struct Place {
    /// The id of the first document with this text, if that is another.
    pub(super) duplicate_of: Option<String>,
    /// Whether the document is the first of its story in its group.
    pub(super) first_in_group: bool,
}

impl Duplicates {
    /// Takes the next document.
    pub(super) fn add(
        &mut self,
        document: &Document,
        signature: Option<Signature>,
        group: &[Option<&str>],
    ) -> Place {
        let first = self.stories.add(signature);
        let story = first.unwrap_or(self.ids.len());
        self.ids.push(first.is_none().then(|| document.id.as_str().into()));
        let mut pair = DefaultHasher::new();
        (story, group).hash(&mut pair);
        Place {
            duplicate_of: first.and_then(|first| self.ids.get(first)).cloned().flatten().map(String::from),
            first_in_group: group.is_empty() || self.in_groups.insert(pair.finish()),
        }
    }
}
