//! Takes the visible text out of HTML, tag by tag and without a tree.

/// No name of an element and no character reference is longer.
const MAX_NAME: usize = 40;
/// Elements that stand in a line of text; all others end it.
const INLINE: [&str; 24] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em", "font", "i", "kbd", "mark", "q",
    "s", "small", "span", "strong", "sub", "sup", "time", "u", "var",
];
/// Elements whose contents nobody reads.
const UNREAD: [&str; 6] = ["script", "style", "noscript", "template", "svg", "head"];

/// Gives the text outside of tags, comments and unread elements. Every element that is not inline ends
/// a paragraph.
pub(crate) fn visible_text(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, from_tag) = rest.split_at(at);
        out.push_str(&unescape(before));
        if from_tag.starts_with("<!--") {
            rest = from_tag.find("-->").and_then(|end| from_tag.get(end + 3..)).unwrap_or("");
            continue;
        }
        let Some((name, closes)) = tag(from_tag) else {
            // A `<!` or `<?` declaration ends at the next `>`; any other `<` is a character.
            rest = if from_tag.starts_with("<!") || from_tag.starts_with("<?") {
                after_tag(from_tag)
            } else {
                out.push('<');
                from_tag.get(1..).unwrap_or("")
            };
            continue;
        };
        rest = after_tag(from_tag);
        if !closes && UNREAD.contains(&name.as_str()) {
            rest = skip_element(rest, &name);
        }
        if !INLINE.contains(&name.as_str()) {
            out.push_str("\n\n");
        }
    }
    out.push_str(&unescape(rest));
    tidy(&out)
}

/// Leaves one blank line between paragraphs and one space between words.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for line in text.lines() {
        let mut words = line.split_whitespace().peekable();
        if words.peek().is_none() {
            blank = true;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank { "\n\n" } else { "\n" });
        }
        blank = false;
        for (number, word) in words.enumerate() {
            if number > 0 {
                out.push(' ');
            }
            out.push_str(word);
        }
    }
    out
}

/// Reads the name of the tag at the start of `at`, in lower case, and whether the tag ends an element.
/// `None` where `<` begins no tag.
pub(super) fn tag(at: &str) -> Option<(String, bool)> {
    let inside = at.strip_prefix('<')?;
    let (closes, named) = match inside.strip_prefix('/') {
        Some(rest) => (true, rest),
        None => (false, inside),
    };
    if !named.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let name = named.chars().take(MAX_NAME).take_while(|c| c.is_ascii_alphanumeric() || *c == '-');
    Some((name.collect::<String>().to_ascii_lowercase(), closes))
}

/// Skips the tag at the start of `at`.
fn after_tag(at: &str) -> &str {
    at.find('>').and_then(|end| at.get(end + 1..)).unwrap_or("")
}

/// Skips the rest of the element `name`, and its end tag.
fn skip_element<'h>(html: &'h str, name: &str) -> &'h str {
    for (at, _) in html.match_indices("</") {
        if let Some(end) = html.get(at..)
            && tag(end).is_some_and(|(found, _)| found == name)
        {
            return after_tag(end);
        }
    }
    ""
}

/// Decodes character references. The end of each is looked for near its `&` only.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at(at);
        out.push_str(before);
        let end = reference.bytes().take(MAX_NAME).position(|byte| byte == b';').map_or(1, |end| end + 1);
        let (reference, after) = reference.split_at(end);
        out.push_str(&html_escape::decode_html_entities(reference));
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tags_comments_and_scripts_are_not_visible() {
        let html =
            "<b>Short</b> &amp; <i>plain</i> 3 < 4<script>var x = '<p>';</script><br>Next<p>Last<!-- no -->.";
        assert_eq!(visible_text(html), "Short & plain 3 < 4\n\nNext\n\nLast.");
        assert_eq!(visible_text("One<?two?> three<!four> five<! six"), "One three five");
        assert_eq!(visible_text(""), "");
    }

    #[test]
    fn character_references_are_decoded_and_others_stay() {
        assert_eq!(unescape("a &amp; b &lt c &#1080; &nosuch; & d"), "a & b &lt c и &nosuch; & d");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_html_panics(html in "(\\PC|<p>|</p>|<div |>|<!--|-->|<script>|</|&amp;|&#x|<table><td>|<svg>){0,120}") {
            visible_text(&html);
        }
    }
}
