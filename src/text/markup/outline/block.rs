//! Holds a block of text, and tells by its links whether it is a sentence of the author's or the
//! headline of another article.

use std::ops::Range;

use crate::text::markup::headings::is_label_of_teasers;

/// A block is a sentence and no headline if it has so many words, and ends as sentences do.
const MIN_SENTENCE_WORDS: usize = 8;
/// Share of a sentence's characters from which on its links are taken for the author's, and not for
/// navigation.
const MIN_LINKED_SHARE: f64 = 0.3;
/// Share of a block's characters in links above which a whole page's block that is no sentence is
/// navigation.
const MAX_LINKED_SHARE: f64 = 0.8;
/// Share of a headline's characters that are in its link: a sign may precede or follow it.
const MIN_HEADLINE_SHARE: f64 = 0.9;
/// No headline, and no line below one, has more words.
const MAX_HEADLINE_WORDS: usize = 30;
/// Signs before the link to another article.
const ARROWS: [&str; 7] = ["+++", "►", "▶", "→", "➡", "➤", "👉"];

/// A block of text, up to the next tag that ends it.
#[derive(Default)]
pub(super) struct Block {
    pub(super) text: String,
    /// Where it begins in the page, behind the tag that begins it.
    pub(super) start: usize,
    /// Characters in links.
    pub(super) linked: usize,
    /// Characters before the first link, if it has one.
    pub(super) lead: Option<usize>,
    /// Whether a link leads to a part of a page: headings often link to themselves.
    pub(super) has_anchor: bool,
    /// The link tags in it.
    pub(super) links: Vec<Range<usize>>,
}

impl Block {
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Whether it is a sentence, and no headline.
    pub(super) fn is_sentence(&self) -> bool {
        is_sentence(&self.text)
    }

    fn linked_share(&self) -> f64 {
        self.linked as f64 / self.text.len() as f64
    }

    /// Whether it is a sentence whose links are the author's.
    pub(super) fn is_linked_sentence(&self) -> bool {
        self.is_sentence() && self.linked_share() >= MIN_LINKED_SHARE
    }

    /// Whether it is nothing but links, and no sentence.
    pub(super) fn is_navigation(&self) -> bool {
        !self.is_sentence() && self.linked_share() > MAX_LINKED_SHARE
    }

    /// Whether all of it is a link, and it is as short as a headline.
    pub(super) fn is_headline(&self) -> bool {
        !self.has_anchor && self.is_linked_from(0) && self.words() <= MAX_HEADLINE_WORDS
    }

    fn is_linked_from(&self, start: usize) -> bool {
        let rest = self.text.get(start..).unwrap_or("").trim();
        !rest.is_empty() && self.linked as f64 >= MIN_HEADLINE_SHARE * rest.len() as f64
    }

    /// Whether it is a link to another article, and says so: `Read more: ...`.
    pub(super) fn is_teaser(&self) -> bool {
        let Some(lead) = self.lead else { return false };
        if self.has_anchor || self.words() > MAX_HEADLINE_WORDS || !self.is_linked_from(lead) {
            return false;
        }
        let before = self.text.get(..lead).unwrap_or("");
        if is_label_of_teasers(before) {
            return true;
        }
        let text = self.text.trim();
        let label = text.split([':', '|', '\n']).next().unwrap_or("");
        let is_arrow = ARROWS.iter().any(|arrow| text.starts_with(arrow));
        self.is_linked_from(0) && (is_label_of_teasers(label) || is_arrow)
    }

    /// Whether it stands over links to other articles if any follow.
    pub(super) fn is_label(&self) -> bool {
        self.linked == 0 && is_label_of_teasers(&self.text)
    }

    pub(super) fn words(&self) -> usize {
        self.text.split_whitespace().count()
    }
}

/// Whether a block is a sentence. Headlines seldom end with a point, but often with a question
/// mark.
fn is_sentence(block: &str) -> bool {
    let block = block.trim_end_matches(|c: char| c.is_whitespace() || "\"'”’»“)]".contains(c));
    block.ends_with(['.', '…', '。']) && block.split_whitespace().nth(MIN_SENTENCE_WORDS - 1).is_some()
}
