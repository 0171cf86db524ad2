//! Reads a page tag by tag, without a tree, in one go: the work and the memory grow with the page
//! only.

mod left_out;

use std::ops::Range;

use crate::text::markup::elements::is_inline;
use crate::text::markup::headings::is_over_comments;
use crate::text::markup::outline::Outline;
use crate::text::markup::outline::block::Block;
use crate::text::markup::outline::boxes::Boxes;
use crate::text::markup::outline::reader::left_out::Label;
use crate::text::markup::place::{HOLDER_COUNT, Place, holder, place};
use crate::text::markup::tags::Tag;
use crate::text::markup::visible_text::{tidy, unescape};

/// Elements in which a blank line of the source is a blank.
const PARAGRAPHS: [&str; 12] = ["p", "li", "dd", "dt", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"];

/// An element that is not closed yet. A page may have millions.
struct Open {
    holder: u8,
    place: Place,
}

/// An element that is being dropped: all of it, or what follows a heading in it.
#[derive(Clone, Copy)]
struct Dropping {
    /// How many elements are open, with this one.
    depth: usize,
    start: usize,
    is_part: bool,
}

/// Fills an outline with the pieces of a page as they come.
pub(super) struct Reader {
    kept: Place,
    pub(super) outline: Outline,
    open: Vec<Open>,
    dropping: Option<Dropping>,
    /// Where a caption begins that is not closed yet, and how many elements were open before it.
    caption: Option<(usize, usize)>,
    /// The captions that are closed, and the bytes of their text.
    captions: Vec<Range<usize>>,
    caption_bytes: usize,
    /// How many of the open elements hold text already.
    written: usize,
    /// How many elements of each kind are open.
    counts: [usize; HOLDER_COUNT],
    /// What holds where no element is open.
    outermost: Place,
    block: Block,
    /// The elements that may turn out to be boxes.
    boxes: Boxes,
    /// A line that stands over links to other articles if any follow.
    label: Option<Label>,
    /// Where the heading begins in which the block stands.
    heading: Option<usize>,
    in_link: bool,
    /// Whether the link leads to a part of a page, or names one.
    in_anchor: bool,
    /// Whether a blank line in the source is a blank here.
    in_paragraph: bool,
    /// The text of the outermost article that is open.
    article: String,
}

impl Reader {
    pub(super) fn new(kept: Place) -> Self {
        Reader {
            kept,
            outline: Outline::default(),
            open: Vec::new(),
            dropping: None,
            caption: None,
            captions: Vec::new(),
            caption_bytes: 0,
            written: 0,
            counts: [0; HOLDER_COUNT],
            outermost: Place::default(),
            block: Block::default(),
            boxes: Boxes::default(),
            label: None,
            heading: None,
            in_link: false,
            in_anchor: false,
            in_paragraph: false,
            article: String::new(),
        }
    }

    fn place(&self) -> Place {
        self.open.last().map_or(self.outermost, |open| open.place)
    }

    pub(super) fn text(&mut self, text: &str) {
        let text = unescape(text);
        let before = self.block.text.len();
        if self.in_paragraph {
            for line in text.split_inclusive(['\n', '\r']) {
                self.block.text.push_str(line.trim_end_matches(['\n', '\r']));
                if line.ends_with(['\n', '\r']) {
                    self.block.text.push(' ');
                }
            }
        } else {
            self.block.text.push_str(&text);
        }
        if self.in_link {
            self.block.linked += self.block.text.len() - before;
            self.block.lead.get_or_insert(before);
            self.block.has_anchor |= self.in_anchor;
        }
    }

    pub(super) fn tag(&mut self, tag: &Tag<'_>) {
        self.outline.is_page |= matches!(tag.name.as_str(), "html" | "head" | "body");
        match tag.name.as_str() {
            "a" => {
                self.in_link = !tag.closes;
                self.in_anchor = self.in_link && tag.attribute("href").is_none_or(|to| to.contains('#'));
                self.block.links.push(tag.start..tag.end);
            }
            "br" => self.block.text.push('\n'),
            name if is_inline(name) => {}
            name => {
                self.end_block(tag.start);
                self.block.start = tag.end;
                self.boxes.control(tag);
                let is_heading = matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
                self.heading = (is_heading && !tag.closes).then_some(tag.start);
                self.in_paragraph = !tag.closes && PARAGRAPHS.contains(&name);
                match holder(name) {
                    Some(holder) if tag.closes => self.close(holder, tag.start..tag.end),
                    Some(holder) => self.begin(holder, tag),
                    None => {}
                }
            }
        }
    }

    fn begin(&mut self, holder: u8, tag: &Tag<'_>) {
        let (outer, own) = (self.place(), place(tag, holder).without(self.kept));
        // A form around the article is the page's.
        let inherited = if own.has(NAMED) { outer.without(Place::FORM) } else { outer };
        if own.has(Place::CAPTION) && !outer.has(DROPPED) {
            self.caption.get_or_insert((self.open.len(), tag.start));
        }
        self.open.push(Open { holder, place: inherited.with(own) });
        self.boxes.begin(self.open.len(), tag.start, self.lengths());
        if own.has(DROPPED) && !outer.has(DROPPED) {
            self.dropping = Some(Dropping { depth: self.open.len(), start: tag.start, is_part: false });
        }
        if let Some(count) = self.counts.get_mut(usize::from(holder)) {
            *count += 1;
        }
    }

    /// Closes the innermost element of a kind with all in it; nothing where none is open.
    fn close(&mut self, holder: u8, tag: Range<usize>) {
        if self.counts.get(usize::from(holder)).is_none_or(|count| *count == 0) {
            return;
        }
        while let Some(open) = self.open.pop() {
            if let Some(count) = self.counts.get_mut(usize::from(open.holder)) {
                *count -= 1;
            }
            self.written = self.written.min(self.open.len());
            if let Some(dropping) = self.dropping.take_if(|dropping| dropping.depth > self.open.len()) {
                // Else the tag belongs to what is left of the element, or to the one around it.
                let is_its_end = open.holder == holder && !dropping.is_part;
                self.drop_range(dropping.start..if is_its_end { tag.end } else { tag.start });
            }
            if let Some((_, start)) = self.caption.take_if(|(depth, _)| *depth >= self.open.len()) {
                let end = if open.holder == holder { tag.end } else { tag.start };
                self.captions.push(start..end);
            }
            if open.place.has(Place::ARTICLE) && !self.place().has(Place::ARTICLE) {
                self.end_article();
            }
            self.close_box(&open, if open.holder == holder { tag.end } else { tag.start });
            if open.holder == holder {
                break;
            }
        }
    }

    fn end_article(&mut self) {
        let article = std::mem::take(&mut self.article);
        self.outline.articles += usize::from(!article.is_empty());
        if article.len() > self.outline.article.len() {
            self.outline.article = article;
        }
    }

    fn end_block(&mut self, end: usize) {
        let mut block = std::mem::take(&mut self.block);
        if block.is_blank() {
            // A link may begin before the paragraph that it holds.
            self.block.links = if self.in_link { block.links } else { Vec::new() };
            return;
        }
        let place = self.place();
        let written = std::mem::replace(&mut self.written, self.open.len());
        if place.has(DROPPED) {
            self.outline.notice_bytes += if place.has(Place::NOTICE) { block.text.len() } else { 0 };
            self.outline.nav_sentences += usize::from(place.has(Place::NAV) && block.is_sentence());
            return;
        }
        if let Some(start) = self.heading.filter(|_| self.is_heading_of_comments(&block.text)) {
            self.begin_comments(start, written);
            return;
        }
        if let Some(start) = self.heading.filter(|_| self.is_heading_of_box(&block.text, written)) {
            self.begin_box(start);
            return;
        }
        if place.has(Place::CHROME.with(Place::HIDDEN)) {
            self.caption_bytes += if place.has(Place::CAPTION) { block.text.len() } else { 0 };
            return;
        }
        if self.leaves_out(&block, block.start..end) {
            return;
        }
        self.boxes.add(&block, self.heading.is_some(), place.has(Place::FORM));
        if block.is_linked_sentence() {
            self.outline.dropped.append(&mut block.links);
        } else if self.outline.is_page && block.is_navigation() {
            return;
        }
        self.keep(&block.text, place);
    }

    fn keep(&mut self, text: &str, place: Place) {
        let text = tidy(text);
        let add = |out: &mut String, is_meant: bool| {
            if is_meant {
                if !out.is_empty() {
                    out.push_str("\n\n");
                }
                out.push_str(&text);
            }
        };
        let in_form = place.has(Place::FORM);
        add(&mut self.outline.body, place.has(Place::BODY) && !in_form);
        add(&mut self.article, place.has(Place::ARTICLE) && !in_form);
        add(&mut self.outline.main, place.has(Place::MAIN) && !in_form);
        add(&mut self.outline.visible, !in_form);
        add(&mut self.outline.forms, in_form && !place.has(NAMED));
    }

    /// All that follows in the element around the heading is what readers wrote, and in those
    /// around it that begin with the heading. The first `written` of the open elements hold text
    /// before it.
    fn begin_comments(&mut self, start: usize, written: usize) {
        let innermost = self.open.len().saturating_sub(1);
        let first = written.min(innermost);
        self.open.iter_mut().skip(first).for_each(|open| open.place = open.place.with(Place::COMMENTS));
        if self.open.is_empty() {
            self.outermost = self.outermost.with(Place::COMMENTS);
            self.outline.dropped.push(start..usize::MAX);
        } else {
            self.dropping = Some(Dropping { depth: first + 1, start, is_part: true });
        }
    }

    fn is_heading_of_comments(&self, heading: &str) -> bool {
        !self.outline.visible.is_empty() && is_over_comments(heading)
    }

    pub(super) fn end(mut self, length: usize) -> Outline {
        self.end_block(length);
        while let Some(holder) = self.open.last().map(|open| open.holder) {
            self.close(holder, length..length);
        }
        self.end_article();
        // A page may consist of pictures.
        if self.outline.visible.len() > self.caption_bytes {
            self.outline.dropped.append(&mut self.captions);
        }
        self.outline.dropped.sort_by_key(|range| range.start);
        self.outline.box_bytes = self.boxes.bytes;
        self.outline
    }
}

/// What a page names as its article.
const NAMED: Place = Place::ARTICLE.with(Place::MAIN).with(Place::BODY);
/// What neither an extractor nor anybody else should take for an article.
const DROPPED: Place = Place::COMMENTS.with(Place::NOTICE).with(Place::FOOTER).with(Place::NAV);
