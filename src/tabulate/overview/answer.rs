//! Says what a page shows of the answer on one text.

use crate::classifier::verdict::{Decision, Reason};
use crate::label::ClassId;
use crate::text::document::Document;

/// The answer on one text, as far as a page shows it.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The document's id.
    pub id: &'a str,
    /// Its number in its file.
    pub record: Option<u64>,
    /// Its title.
    pub title: Option<&'a str>,
    /// The group that it belongs to: an outlet, an author.
    pub group: Option<&'a str>,
    /// The column that names the group.
    pub group_column: Option<&'a str>,
    /// Its date as it is written.
    pub date: Option<&'a str>,
    /// The likeliest label.
    pub top: ClassId,
    /// The reason for abstaining, if the model abstained.
    pub reason: Option<Reason>,
    /// The probability of the likeliest label, if it is known.
    pub confidence: Option<f64>,
    /// Its place on the model's axis.
    pub slant: Option<f64>,
    /// The share of its sentences that are loaded.
    pub loaded: Option<f64>,
    /// Words scored.
    pub words: u64,
    /// The share of them that the model knows.
    pub known: Option<f64>,
    /// The id of the text that it repeats.
    pub duplicate_of: Option<&'a str>,
    /// The document itself, if it is at hand.
    pub document: Option<&'a Document>,
}

impl Answer<'_> {
    pub(crate) fn decision(&self) -> Decision {
        self.reason.map_or(Decision::Label(self.top), Decision::Abstain)
    }
}

#[cfg(test)]
impl<'a> Answer<'a> {
    /// The answer for a text of which nothing else is known.
    pub(crate) fn only(id: &'a str, top: ClassId) -> Self {
        Answer {
            id,
            record: None,
            title: None,
            group: None,
            group_column: None,
            date: None,
            top,
            reason: None,
            confidence: Some(0.9),
            slant: None,
            loaded: None,
            words: 100,
            known: None,
            duplicate_of: None,
            document: None,
        }
    }
}
