//! Sorts the visible text of a page by where it stands: in its article, in its main part, around
//! them.
//!
//! Pages are read tag by tag, without a tree, in one go: the work and the memory grow with the page
//! only.

use std::borrow::Cow;
use std::ops::Range;

use crate::text::markup::headings::{is_over_comments, is_over_offer};
use crate::text::markup::place::{HOLDER_COUNT, Place, holder, place, place_of_holder};
use crate::text::markup::tags::{Piece, Pieces, Tag};
use crate::text::markup::visible_text::{is_inline, is_unread, tidy, unescape};

/// A block is a sentence and no headline if it has so many words, and ends as sentences do.
const MIN_SENTENCE_WORDS: usize = 8;
/// Share of a sentence's characters from which on its links are taken for the author's, and not for
/// navigation.
const MIN_LINKED_SHARE: f64 = 0.3;
/// Share of a block's characters in links above which a whole page's block that is no sentence is
/// navigation.
const MAX_LINKED_SHARE: f64 = 0.8;
/// Elements in which a blank line of the source is a blank.
const PARAGRAPHS: [&str; 12] = ["p", "li", "dd", "dt", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"];
/// The visible text of a page, by where it stands.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// In elements that the page names as the text of its article.
    body: String,
    /// In the longest article that stands in no other.
    article: String,
    /// How many articles with text the page has.
    articles: usize,
    /// In its main part.
    main: String,
    /// Everywhere outside of navigation, headers, footers, asides and forms.
    pub(super) visible: String,
    /// In forms that no article stands in: some servers put the whole page into one.
    pub(super) forms: String,
    /// Bytes of text in notices.
    pub(super) notice_bytes: usize,
    /// Sentences in navigation: where it has some, its end is missing.
    pub(super) nav_sentences: usize,
    /// Whether it is a whole page, and no fragment of one.
    is_page: bool,
    /// What an extractor should not see: comments, notices, navigation, footers, drawings, and the
    /// links around whole sentences.
    dropped: Vec<Range<usize>>,
}

/// An element that the page names as its article.
#[derive(Clone, Copy, Debug)]
pub(super) struct Container<'o> {
    pub(super) text: &'o str,
    /// Whether no other element claims the same.
    pub(super) is_only: bool,
}

impl Outline {
    /// Reads a page. What elements are by their names is not believed of `kept`.
    pub(super) fn read(html: &str, kept: Place) -> Self {
        let mut reader = Reader::new(kept);
        let mut pieces = Pieces::new(html);
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Text(text) => reader.text(text),
                Piece::Tag(tag) => {
                    let is_unread = !tag.closes && is_unread(&tag.name);
                    if is_unread {
                        pieces.skip_element(&tag.name);
                    }
                    reader.tag(&tag);
                    if is_unread && tag.name == "svg" {
                        // The extractor takes the name of an icon for text.
                        reader.outline.dropped.push(tag.start..pieces.place());
                    }
                }
            }
        }
        reader.end(html.len())
    }

    /// The elements that the page names as its article, the narrowest first.
    pub(super) fn containers(&self) -> impl Iterator<Item = Container<'_>> {
        let article = Container { text: &self.article, is_only: self.articles <= 1 };
        [
            Container { text: &self.body, is_only: true },
            article,
            Container { text: &self.main, is_only: true },
        ]
        .into_iter()
        .filter(|container| !container.text.is_empty())
    }

    /// The page without what an extractor should not see.
    pub(super) fn without_dropped<'h>(&self, html: &'h str) -> Cow<'h, str> {
        if self.dropped.is_empty() {
            return Cow::Borrowed(html);
        }
        let (mut kept, mut from) = (String::with_capacity(html.len()), 0);
        for Range { start, end } in &self.dropped {
            kept.push_str(html.get(from..*start).unwrap_or(""));
            from = from.max(*end);
        }
        kept.push_str(html.get(from..).unwrap_or(""));
        Cow::Owned(kept)
    }
}

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

/// A block of text, up to the next tag that ends it.
#[derive(Default)]
struct Block {
    text: String,
    /// Characters in links.
    linked: usize,
    /// The link tags in it.
    links: Vec<Range<usize>>,
}

struct Reader {
    kept: Place,
    outline: Outline,
    open: Vec<Open>,
    dropping: Option<Dropping>,
    /// How many of the open elements hold text already.
    written: usize,
    /// How many elements of each kind are open.
    counts: [usize; HOLDER_COUNT],
    /// What holds where no element is open.
    outermost: Place,
    block: Block,
    /// Where the heading begins in which the block stands.
    heading: Option<usize>,
    in_link: bool,
    /// Whether a blank line in the source is a blank here.
    in_paragraph: bool,
    /// The text of the outermost article that is open.
    article: String,
}

impl Reader {
    fn new(kept: Place) -> Self {
        Reader {
            kept,
            outline: Outline::default(),
            open: Vec::new(),
            dropping: None,
            written: 0,
            counts: [0; HOLDER_COUNT],
            outermost: Place::default(),
            block: Block::default(),
            heading: None,
            in_link: false,
            in_paragraph: false,
            article: String::new(),
        }
    }

    fn place(&self) -> Place {
        self.open.last().map_or(self.outermost, |open| open.place)
    }

    fn text(&mut self, text: &str) {
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
        }
    }

    fn tag(&mut self, tag: &Tag<'_>) {
        self.outline.is_page |= matches!(tag.name.as_str(), "html" | "head" | "body");
        match tag.name.as_str() {
            "a" => {
                self.in_link = !tag.closes;
                self.block.links.push(tag.start..tag.end);
            }
            "br" => self.block.text.push('\n'),
            name if is_inline(name) => {}
            name => {
                self.end_block();
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
        self.open.push(Open { holder, place: inherited.with(own) });
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
            if open.place.has(Place::ARTICLE) && !self.place().has(Place::ARTICLE) {
                self.end_article();
            }
            if open.holder == holder {
                break;
            }
        }
    }

    /// The links in what is dropped are gone with it.
    fn drop_range(&mut self, range: Range<usize>) {
        let inside = |last: &Range<usize>| last.start >= range.start;
        while self.outline.dropped.pop_if(|last| inside(last)).is_some() {}
        self.outline.dropped.push(range);
    }

    fn end_article(&mut self) {
        let article = std::mem::take(&mut self.article);
        self.outline.articles += usize::from(!article.is_empty());
        if article.len() > self.outline.article.len() {
            self.outline.article = article;
        }
    }

    fn end_block(&mut self) {
        let block = std::mem::take(&mut self.block);
        if block.text.trim().is_empty() {
            // A link may begin before the paragraph that it holds.
            self.block.links = if self.in_link { block.links } else { Vec::new() };
            return;
        }
        let place = self.place();
        let written = std::mem::replace(&mut self.written, self.open.len());
        if place.has(DROPPED) {
            self.outline.notice_bytes += if place.has(Place::NOTICE) { block.text.len() } else { 0 };
            self.outline.nav_sentences += usize::from(place.has(Place::NAV) && is_sentence(&block.text));
            return;
        }
        if let Some(start) = self.heading.filter(|_| self.is_heading_of_comments(&block.text)) {
            self.begin_comments(start, written);
            return;
        }
        if let Some(start) = self.heading.filter(|_| self.is_heading_of_offer(&block.text, written)) {
            self.begin_offer(start);
            return;
        }
        if place.has(Place::CHROME.with(Place::HIDDEN)) {
            return;
        }
        let linked = block.linked as f64 / block.text.len() as f64;
        if is_sentence(&block.text) {
            if linked >= MIN_LINKED_SHARE {
                self.outline.dropped.extend(block.links);
            }
        } else if self.outline.is_page && linked > MAX_LINKED_SHARE {
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

    /// All of the element around the heading is the offer.
    fn begin_offer(&mut self, start: usize) {
        if let Some(open) = self.open.last_mut() {
            open.place = open.place.with(Place::NOTICE);
            self.dropping = Some(Dropping { depth: self.open.len(), start, is_part: true });
        }
    }

    /// Whether a heading begins the element of an offer, and not the article or the page. The first
    /// `written` of the open elements hold text before it.
    fn is_heading_of_offer(&self, heading: &str, written: usize) -> bool {
        let is_inner = self.open.last().is_some_and(|open| !place_of_holder(open.holder).has(NAMED));
        let begins = written < self.open.len() && !self.outline.visible.is_empty();
        is_inner && begins && is_over_offer(heading)
    }

    fn is_heading_of_comments(&self, heading: &str) -> bool {
        !self.outline.visible.is_empty() && is_over_comments(heading)
    }

    fn end(mut self, length: usize) -> Outline {
        self.end_block();
        while let Some(holder) = self.open.last().map(|open| open.holder) {
            self.close(holder, length..length);
        }
        self.end_article();
        self.outline
    }
}

/// What a page names as its article.
const NAMED: Place = Place::ARTICLE.with(Place::MAIN).with(Place::BODY);
/// What neither an extractor nor anybody else should take for an article.
const DROPPED: Place = Place::COMMENTS.with(Place::NOTICE).with(Place::FOOTER).with(Place::NAV);

/// Whether a block is a sentence. Headlines seldom end with a point, but often with a question
/// mark.
fn is_sentence(block: &str) -> bool {
    let block = block.trim_end_matches(|c: char| c.is_whitespace() || "\"'”’»“)]".contains(c));
    block.ends_with(['.', '…', '。']) && block.split_whitespace().nth(MIN_SENTENCE_WORDS - 1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Outline {
        Outline::read(html, Place::default())
    }

    const SENTENCE: &str = "The envoy read the whole guarantee aloud to the hall.";

    #[test]
    fn text_is_sorted_by_where_it_stands() {
        let outline = read(
            "<head><title>T</title><body><nav>Home</nav><header>Top</header><main><h1>Head</h1><article>One <b>two</b>\
            <aside>Beside</aside><form>Sign up</form><ul><li>three<li>four</ul></article><p>After</p></main>\
            <div hidden>Hidden</div>Loose<footer>Copyright</footer>",
        );
        assert_eq!(outline.article, "One two\n\nthree\n\nfour");
        assert_eq!(outline.main, "Head\n\nOne two\n\nthree\n\nfour\n\nAfter");
        assert_eq!(outline.visible, "Head\n\nOne two\n\nthree\n\nfour\n\nAfter\n\nLoose");
    }

    #[test]
    fn the_longest_article_is_taken_and_others_are_counted() {
        let outline = read("<article>One</article><article>One two <article>three</article></article>");
        let found: Vec<(&str, bool)> =
            outline.containers().map(|found| (found.text, found.is_only)).collect();
        assert_eq!(found, [("One two\n\nthree", false)]);
        assert_eq!(read("<article>One</article>").containers().map(|found| found.is_only).next(), Some(true));
    }

    #[test]
    fn a_form_around_an_article_is_the_pages_and_one_inside_is_not() {
        let outline = read("<form>Loose<article>One<form>Sign up</form></article></form>");
        assert_eq!((outline.article.as_str(), outline.visible.as_str()), ("One", "One"));
        assert_eq!(outline.forms, "Loose");
    }

    #[test]
    fn drawings_are_dropped_with_their_names() {
        let html =
            "<div><p>One <svg class=i><title>Share</title><text>x</text></svg>two</p><svg/></svg></div>";
        assert_eq!(read(html).without_dropped(html), "<div><p>One two</p></div>");
        let inside = "<p>One</p><nav><svg><title>x</title></svg>Home</nav><p>Two</p>";
        assert_eq!(read(inside).without_dropped(inside), "<p>One</p><p>Two</p>");
    }

    #[test]
    fn what_readers_wrote_and_notices_are_dropped_by_name_and_by_heading() {
        let html =
            "<div>One<div class=comments>Two<div>Three</div></div><div id=cookie-banner>Four</div></div>";
        let outline = read(html);
        assert_eq!(
            (outline.visible.as_str(), outline.without_dropped(html).as_ref()),
            ("One", "<div>One</div>")
        );
        let html = "<div><p>One</p><h2>Comments (3)</h2><p>Two</p></div><p>Three</p>";
        let outline = read(html);
        assert_eq!(outline.visible, "One\n\nThree");
        assert_eq!(outline.without_dropped(html), "<div><p>One</p></div><p>Three</p>");
        assert_eq!(read("<h1>Comments</h1><p>One</p>").visible, "Comments\n\nOne", "an article of that name");
        let html = "<div>One</div><section><header><h3>Comments</h3></header><div>Two</div></section>Three";
        assert_eq!(read(html).visible, "One\n\nThree");
        let html = "<div>One<h2>Two<p>Comments</p><p>Three</p></div>";
        assert_eq!(read(html).visible, "One\n\nTwo\n\nComments\n\nThree", "no heading");
        let html = "<p>One</p><h3>12 Kommentare</h3>Two";
        assert_eq!(read(html).without_dropped(html), "<p>One</p>");
        let open = "<div>One<section class=comments>Two</div>Three";
        assert_eq!(read(open).without_dropped(open), "<div>One</div>Three");
    }

    #[test]
    fn an_offer_is_dropped_with_the_element_that_its_heading_begins() {
        let html = "<main><p>One</p><section><h2>Choose your plan:</h2><ul><li>Two</ul><p>Three</section><p>Four</main>";
        let outline = read(html);
        assert_eq!(outline.visible, "One\n\nFour");
        assert_eq!(outline.without_dropped(html), "<main><p>One</p><section></section><p>Four</main>");
        for article in [
            "<article><h2>Choose your plan</h2><p>One</p></article>",
            "<article><p>One</p><h2>Choose your plan</h2><p>Two</p></article>",
            "<main><p>One</p><section><p>Two</p><h2>Choose your plan</h2></section></main>",
            "<main><p>One</p><section><p>Choose your plan</p></section></main>",
        ] {
            assert!(read(article).visible.contains("Choose your plan"), "{article}");
        }
    }

    #[test]
    fn links_around_sentences_are_the_authors() {
        for (html, expected) in [
            (format!("<p><b><a href=x>{SENTENCE}</a></b></p>"), format!("<p><b>{SENTENCE}</b></p>")),
            (format!("<a href=x><p>{SENTENCE}</p></a>"), format!("<p>{SENTENCE}</p></a>")),
            (format!("<p>So <a href=x>{SENTENCE}</a></p>"), format!("<p>So {SENTENCE}</p>")),
        ] {
            assert_eq!(read(&html).without_dropped(&html), expected);
        }
        for html in [
            format!("<aside><a href=x>{SENTENCE}</a></aside>"),
            "<li><a href=x>Will the envoy read the whole guarantee aloud today?</a></li>".to_owned(),
            "<li><a href=x>The envoy left.</a></li>".to_owned(),
            format!("<p>{SENTENCE} {SENTENCE} <a href=x>More.</a></p>"),
        ] {
            assert_eq!(read(&html).without_dropped(&html), html);
        }
    }

    #[test]
    fn blank_lines_count_where_no_tag_makes_paragraphs() {
        assert_eq!(read("One <b>two</b>\nthree.\n\nFour.").visible, "One two\nthree.\n\nFour.");
        assert_eq!(read("<p>One\n\ntwo<br>three</p>").visible, "One two\nthree");
    }

    #[test]
    fn hostile_pages_are_read_in_one_go() {
        for piece in [
            "<div>",
            "</div>",
            "<ul><li>",
            "<div class=comments>",
            "<a href=x><p>",
            "<article>x",
            "<h2>Comments</h2>",
        ] {
            let html = piece.repeat(200_000);
            let outline = read(&html);
            assert!(outline.visible.len() + outline.without_dropped(&html).len() < 4 * html.len(), "{piece}");
        }
    }
}
