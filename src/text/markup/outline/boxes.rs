//! Tells by what an element holds, and not by its name, that it is a box inside an article: cards
//! and lists that lead to other articles, forms, and banners about cookies.

use crate::scan::holds_in_any_case;
use crate::text::markup::outline::block::Block;
use crate::text::markup::tags::Tag;

/// Words of a card for each of its headlines: the headline, and what it is about.
const MAX_CARD_WORDS: usize = 60;
/// Links without a sentence of the author's are a list from so many on. A paragraph may be a link.
const MIN_LINKS: usize = 2;
/// Words of a form, of a division that asks for an address, and of a banner about cookies.
const MAX_FORM_WORDS: usize = 150;
const MAX_SIGN_UP_WORDS: usize = 40;
const MAX_BANNER_WORDS: usize = 100;
/// What such a division says to its readers. Else the field stands below a paragraph of the
/// article.
#[rustfmt::skip]
const OFFERS: [&str; 22] = [
    "newsletter", "subscri", "sign up", "inbox", "email", "e-mail", " you ", " your ", "abonn", "anmeld", " sie ", " ihre", "vous",
    "votre", "suscr", "usted", "iscri", "zapisz", "подпис", "підпис", "ваш", " вам ",
];
/// Elements nested deeper are not looked at.
const MAX_DEPTH: usize = 512;

/// What an open element holds so far.
#[derive(Default)]
struct Held {
    /// How many elements are open, with this one.
    depth: usize,
    start: usize,
    lengths: Lengths,
    words: usize,
    bytes: usize,
    blocks: usize,
    links: usize,
    headlines: usize,
    begins_with_headline: bool,
    /// Whether sentences stand before it, and whether the last of them introduces it.
    is_after_prose: bool,
    is_introduced: bool,
    /// Whether it holds the article, or text that is not part of a form.
    holds_article: bool,
    holds_free_text: bool,
    asks_for_address: bool,
    buttons: usize,
    says_cookies: bool,
}

/// How long each text of an outline was.
pub(super) type Lengths = [usize; 5];

/// An element that is closed and is such a box.
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) lengths: Lengths,
}

/// The elements that are open.
#[derive(Default)]
pub(super) struct Boxes {
    open: Vec<Held>,
    /// Whether a sentence of the author's has been read, and whether the last block ends in a
    /// colon.
    pub(super) has_prose: bool,
    is_introduced: bool,
    /// Bytes of text in the boxes that were found.
    pub(super) bytes: usize,
}

impl Boxes {
    pub(super) fn begin(&mut self, depth: usize, start: usize, lengths: Lengths) {
        if depth <= MAX_DEPTH {
            let (is_after_prose, is_introduced) = (self.has_prose, self.is_introduced);
            self.open.push(Held { depth, start, lengths, is_after_prose, is_introduced, ..Held::default() });
        }
    }

    /// Looks at a tag in which people write or click.
    pub(super) fn control(&mut self, tag: &Tag<'_>) {
        let Some(held) = self.open.last_mut().filter(|_| !tag.closes) else { return };
        match tag.name.as_str() {
            "button" => held.buttons += 1,
            "input" => held.asks_for_address |= asks_for_address(tag),
            _ => {}
        }
    }

    /// Adds a block to the innermost open element.
    pub(super) fn add(&mut self, block: &Block, is_heading: bool, in_form: bool) {
        let is_link = block.is_headline();
        if let Some(held) = self.open.last_mut() {
            let is_headline = is_link && is_heading;
            held.begins_with_headline |= is_headline && held.blocks == 0;
            held.blocks += 1;
            held.links += usize::from(is_link);
            held.headlines += usize::from(is_headline);
            held.words += block.words();
            held.bytes += block.text.len();
            held.holds_free_text |= !in_form;
            held.says_cookies |= holds_in_any_case(block.text.as_bytes(), b"cookie");
        }
        if !is_link {
            self.has_prose |= !in_form && block.is_sentence();
            self.is_introduced = block.text.trim_end().ends_with(':');
        }
    }

    /// Counts text that is left out by itself.
    pub(super) fn leave_out(&mut self, bytes: usize) {
        self.bytes += bytes;
    }

    /// Closes the element `name` at a depth; gives it if it is such a box. `is_article` tells that
    /// it is what the page names as its article; `visible` is all that was kept of the page.
    pub(super) fn close(
        &mut self,
        depth: usize,
        name: &str,
        is_article: bool,
        visible: &str,
    ) -> Option<Found> {
        let mut held = self.open.pop_if(|held| held.depth == depth)?;
        held.holds_article |= is_article;
        if held.is_box(name, visible) {
            self.bytes += held.bytes;
            return Some(Found { start: held.start, lengths: held.lengths });
        }
        if let Some(outer) = self.open.last_mut() {
            outer.take_in(&held);
        }
        None
    }
}

impl Held {
    fn is_box(&self, name: &str, visible: &str) -> bool {
        let is_division = matches!(name, "div" | "section" | "article" | "blockquote" | "ul" | "ol");
        let is_form = matches!(name, "form" | "fieldset");
        if self.blocks == 0 || self.holds_article || !is_division && !is_form {
            return false;
        }
        if is_form {
            return self.is_after_prose && !self.holds_free_text && self.words <= MAX_FORM_WORDS;
        }
        self.is_banner()
            || self.is_after_prose && (self.is_list(name) || self.is_card() || self.is_sign_up(visible))
    }

    /// A numbered list may give reasons, each with its source, and so may one that is introduced.
    fn is_list(&self, name: &str) -> bool {
        self.links >= MIN_LINKS && self.links == self.blocks && !self.is_introduced && name != "ol"
    }

    fn is_card(&self) -> bool {
        self.begins_with_headline && self.words <= MAX_CARD_WORDS * self.headlines
    }

    fn is_sign_up(&self, visible: &str) -> bool {
        let [_, _, _, start, _] = self.lengths;
        self.asks_for_address
            && self.words <= MAX_SIGN_UP_WORDS
            && is_offer(visible.get(start..).unwrap_or(""))
    }

    fn is_banner(&self) -> bool {
        self.says_cookies && self.buttons > 0 && self.words <= MAX_BANNER_WORDS
    }

    /// Takes in what an element in it holds.
    fn take_in(&mut self, inner: &Held) {
        self.begins_with_headline |= inner.begins_with_headline && self.blocks == 0;
        self.words += inner.words;
        self.bytes += inner.bytes;
        self.blocks += inner.blocks;
        self.links += inner.links;
        self.headlines += inner.headlines;
        self.holds_article |= inner.holds_article;
        self.holds_free_text |= inner.holds_free_text;
        // Else the field belongs to the text beside it.
        self.asks_for_address |= inner.asks_for_address && inner.blocks == 0;
        self.buttons += if inner.blocks == 0 || inner.says_cookies { inner.buttons } else { 0 };
        self.says_cookies |= inner.says_cookies;
    }
}

fn is_offer(text: &str) -> bool {
    let text = format!(" {} ", text.to_lowercase());
    OFFERS.iter().any(|word| text.contains(word))
}

fn asks_for_address(tag: &Tag<'_>) -> bool {
    tag.attributes().any(|(name, value)| match name.to_ascii_lowercase().as_str() {
        "type" => value.eq_ignore_ascii_case("email"),
        "name" | "id" | "placeholder" => {
            holds_in_any_case(value.as_bytes(), b"e-mail") || holds_in_any_case(value.as_bytes(), b"email")
        }
        _ => false,
    })
}
