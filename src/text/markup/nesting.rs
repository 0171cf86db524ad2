//! Estimates how deep and how large a tree a browser's parser would build from the tags of a page.
//!
//! Where tags are not properly nested, that parser keeps elements open that look closed, and opens
//! elements of style again in every block that follows: a few hundred of those can make a tree of
//! millions of elements. (HTML Standard, "An introduction to error handling and strange cases in
//! the parser")

/// Most elements inside each other; deeper trees take extractors minutes.
const MAX_DEPTH: usize = 512;
/// Most elements; an extractor weighs each against others.
const MAX_ELEMENTS: usize = 100_000;
/// Elements that have no end.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];
/// Elements that end where the next of them begins.
const REPLACED: [&str; 4] = ["p", "li", "dd", "dt"];
/// Further elements that end with their table or list of choices.
const OPTIONAL: [&str; 7] = ["td", "tr", "th", "tbody", "thead", "tfoot", "option"];
/// Elements whose end ends those of both kinds that stand in them.
const BLOCKS: [&str; 22] = [
    "article",
    "aside",
    "blockquote",
    "body",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "form",
    "header",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "section",
    "select",
    "table",
    "td",
    "tr",
    "ul",
];
/// Elements that end with whatever they stand in.
const HARMLESS: [&str; 16] = [
    "abbr", "circle", "cite", "g", "label", "line", "mark", "path", "polygon", "q", "rect", "span", "sub",
    "sup", "time", "use",
];

/// Follows the tags of a page.
#[derive(Default)]
pub(super) struct Nesting {
    open: Vec<String>,
    /// Elements that look closed and may not be.
    lost: usize,
    elements: usize,
}

impl Nesting {
    /// Follows a start tag.
    pub(super) fn begin(&mut self, name: String) {
        self.count();
        if VOID.contains(&name.as_str()) {
            return;
        }
        if REPLACED.contains(&name.as_str()) {
            let mut run = self.open.iter().rev().take_while(|open| REPLACED.contains(&open.as_str()));
            if let Some(above) = run.position(|open| *open == name) {
                self.open.truncate(self.open.len() - above - 1);
            }
        }
        self.open.push(name);
    }

    /// Follows an end tag. It closes nothing where no such element is open.
    pub(super) fn end(&mut self, name: &str) {
        self.count();
        let Some(at) = self.open.iter().rposition(|open| open == name) else { return };
        let is_block = BLOCKS.contains(&name);
        let ends = |open: &str| {
            HARMLESS.contains(&open) || is_block && (REPLACED.contains(&open) || OPTIONAL.contains(&open))
        };
        self.lost += self.open.drain(at..).skip(1).filter(|open| !ends(open)).count();
    }

    /// Follows anything else that begins like a tag.
    pub(super) fn count(&mut self) {
        self.elements = self.elements.saturating_add(1 + self.lost);
    }

    /// Whether the tree is more than an extractor can take.
    pub(super) fn is_too_much(&self) -> bool {
        self.open.len() > MAX_DEPTH || self.elements > MAX_ELEMENTS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `<a` begins, `/a` ends.
    fn of(tags: &str) -> Nesting {
        let mut nesting = Nesting::default();
        for tag in tags.split_whitespace() {
            match tag.strip_prefix('/') {
                Some(name) => nesting.end(name),
                None => nesting.begin(tag.to_owned()),
            }
        }
        nesting
    }

    #[test]
    fn elements_that_need_no_end_leave_nothing_open() {
        let page = of("html body div p span p br /div ul li p li /ul table tr td tr td /table /body /html");
        assert_eq!((page.open.len(), page.lost), (0, 0));
        let list = of(&"li p li ".repeat(1000));
        assert_eq!(list.open.len(), 1);
    }

    #[test]
    fn an_end_of_what_is_not_open_closes_nothing() {
        assert_eq!(of("i /b i /b").open, ["i", "i"]);
        assert!(of(&"i /b ".repeat(513)).is_too_much());
        assert!(of(&"p /p /p ".repeat(1000)).open.is_empty());
    }

    #[test]
    fn what_is_closed_out_of_turn_is_counted_with_every_tag_that_follows() {
        for tags in ["div b /div ", "div b /div /i ", "span p /span /p ", "b table /b /table "] {
            assert_eq!(of(&tags.repeat(3)).lost, 3, "{tags}");
            assert!(of(&tags.repeat(500)).is_too_much(), "{tags}");
        }
        let later = format!("div {} /div {}", "b ".repeat(500), "div /div ".repeat(10_000));
        assert!(of(&later).is_too_much());
        assert!(!of(&"div span /div p b /b /p ".repeat(10_000)).is_too_much());
    }
}
