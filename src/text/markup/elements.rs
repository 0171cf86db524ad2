//! Says of elements of HTML how they stand in a text.

/// Elements that stand in a line of text; all others end it.
const INLINE: [&str; 27] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "mark", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "time", "u", "var",
];
/// Elements whose contents nobody reads.
// Not `head`: its end tag may be left out, and all that stands in it is listed here or has no text.
const UNREAD: [&str; 6] = ["script", "style", "noscript", "template", "svg", "title"];

/// Whether an element stands in a line of text.
pub(super) fn is_inline(name: &str) -> bool {
    INLINE.contains(&name)
}

/// Whether nobody reads an element's contents.
pub(super) fn is_unread(name: &str) -> bool {
    UNREAD.contains(&name)
}

/// Whether an element has no end, and may stand in a line.
pub(super) fn is_void(name: &str) -> bool {
    matches!(name, "br" | "wbr" | "img")
}
