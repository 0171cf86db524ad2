//! Leaves out what stands inside an article and is not part of it: boxes, and links to other
//! articles.

use std::ops::Range;

use crate::text::markup::headings::{is_over_offer, is_over_teasers};
use crate::text::markup::outline::Outline;
use crate::text::markup::outline::block::Block;
use crate::text::markup::outline::boxes::Lengths;
use crate::text::markup::outline::reader::{Dropping, NAMED, Open, Reader};
use crate::text::markup::place::{Place, name_of_holder, place_of_holder};

/// A line that may be left out: where it stands, and how long the texts were before it.
pub(super) struct Label {
    range: Range<usize>,
    lengths: Lengths,
}

impl Reader {
    /// Leaves an element out that has turned out to be a box.
    pub(super) fn close_box(&mut self, open: &Open, end: usize) {
        let outer = self.place();
        let parts = [Place::BODY, Place::ARTICLE, Place::MAIN];
        let is_article = parts.into_iter().any(|place| open.place.has(place) && !outer.has(place));
        let (depth, name) = (self.open.len() + 1, name_of_holder(open.holder));
        let found = self.boxes.close(depth, name, is_article, &self.outline.visible);
        if let Some(found) = found.filter(|_| !self.kept.has(Place::BOX)) {
            self.drop_range(found.start..end);
            self.cut(found.lengths);
        }
    }

    pub(super) fn lengths(&self) -> Lengths {
        let Outline { body, main, visible, forms, .. } = &self.outline;
        [body, &self.article, main, visible, forms].map(String::len)
    }

    /// Takes back what was kept since the texts were so long.
    fn cut(&mut self, lengths: Lengths) {
        let Outline { body, main, visible, forms, .. } = &mut self.outline;
        for (text, length) in [body, &mut self.article, main, visible, forms].into_iter().zip(lengths) {
            // The article may have ended, and another one begun.
            if text.is_char_boundary(length) {
                text.truncate(length);
            }
        }
    }

    /// The links in what is dropped are gone with it.
    pub(super) fn drop_range(&mut self, range: Range<usize>) {
        let inside = |last: &Range<usize>| last.start >= range.start;
        while self.outline.dropped.pop_if(|last| inside(last)).is_some() {}
        self.outline.dropped.push(range);
    }

    /// Whether a block is a link to another article by what it says, or by the label over it.
    pub(super) fn leaves_out(&mut self, block: &Block, range: Range<usize>) -> bool {
        if !self.boxes.has_prose || self.kept.has(Place::BOX) {
            return false;
        }
        let label = self.label.take();
        let is_below_label = label.is_some() && block.is_headline();
        if is_below_label || block.is_teaser() {
            if let Some(Label { range, lengths }) = label.filter(|_| is_below_label) {
                self.cut(lengths);
                self.outline.dropped.push(range.clone());
                // More of them may follow.
                self.label = Some(Label { range, lengths });
            }
            self.boxes.leave_out(block.text.len());
            self.outline.dropped.push(range);
            return true;
        }
        if block.is_label() {
            self.label = Some(Label { range, lengths: self.lengths() });
        }
        false
    }

    /// All of the element around the heading is an offer, or holds teasers.
    pub(super) fn begin_box(&mut self, start: usize) {
        if let Some(open) = self.open.last_mut() {
            open.place = open.place.with(Place::NOTICE);
            self.dropping = Some(Dropping { depth: self.open.len(), start, is_part: true });
        }
    }

    /// Whether a heading begins the element of an offer or of teasers, and not the article or the
    /// page. The first `written` of the open elements hold text before it.
    pub(super) fn is_heading_of_box(&self, heading: &str, written: usize) -> bool {
        let is_inner = self.open.last().is_some_and(|open| !place_of_holder(open.holder).has(NAMED));
        let begins = written < self.open.len() && !self.outline.visible.is_empty();
        let is_in_article = self.place().has(NAMED);
        is_inner && begins && (is_over_offer(heading) || is_in_article && is_over_teasers(heading))
    }
}
