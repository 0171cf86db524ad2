//! HTML to text: the article where one is found, else all visible text.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_smoothie::{Config, Readability, TextMode};

use crate::read::InputOptions;
use crate::read::formats::nesting::Nesting;
use crate::text::document::Document;

/// Tags, and texts between them, are shorter; pictures that stand in a page's own text are tags, too.
const LONGEST_TAG: usize = 1 << 20;
/// Every attribute of a tag is compared with all before it.
const MOST_ATTRIBUTES: usize = 2_000;
/// Times that a page is read through, at most, to measure its tags: `<` in quotes make them overlap.
const MOST_READ: usize = 8;
/// An extractor's parser looks at all of a text, up to the next tag, from each `&` in it. More bytes than these take it seconds.
const MOST_LOOKED_AT: u64 = 1 << 35;
/// No element's name and no character reference is longer.
const LONGEST_NAME: usize = 40;
/// Elements that stand in a line of text; all others end it.
const INLINE: [&str; 24] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em", "font", "i", "kbd", "mark", "q",
    "s", "small", "span", "strong", "sub", "sup", "time", "u", "var",
];
/// Elements whose contents nobody reads.
const UNREAD: [&str; 6] = ["script", "style", "noscript", "template", "svg", "head"];
/// Fills a document from a page. The page's title is the title; `date` among the carried columns gets its date.
pub(crate) fn fill(html: &str, options: &InputOptions, document: &mut Document) {
    if is_a_page(html)
        && let Some(article) = extract(html)
    {
        document.title = Some(article.title).filter(|title| !title.trim().is_empty());
        for (column, slot) in options.columns.iter().zip(&mut document.columns) {
            match column.name.as_str() {
                "title" => slot.clone_from(&document.title),
                "date" => slot.clone_from(&article.date),
                "author" => slot.clone_from(&article.author),
                _ => {}
            }
        }
        document.text = tidy(&article.text);
    }
    if document.text.is_empty() {
        document.text = visible_text(html);
    }
}

/// The text of a page, or of a piece of one.
pub(crate) fn text_of(html: &str) -> String {
    let mut document = Document::default();
    fill(html, &InputOptions::default(), &mut document);
    document.text
}

struct Article {
    title: String,
    text: String,
    date: Option<String>,
    author: Option<String>,
}

/// A page that the extractor cannot take is no reason to stop: the plain way is open.
fn extract(html: &str) -> Option<Article> {
    let read = || {
        let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
        let article = Readability::new(html, None, Some(config)).ok()?.parse().ok()?;
        Some(Article {
            title: article.title,
            text: article.text_content.to_string(),
            date: article.published_time,
            author: article.byline,
        })
    };
    catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}

/// One blank line between paragraphs, one space between words.
fn tidy(text: &str) -> String {
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

/// A tag's name in lower case, and whether it ends an element. `None` where `<` begins no tag.
fn tag(at: &str) -> Option<(String, bool)> {
    let inside = at.strip_prefix('<')?;
    let (closes, named) = match inside.strip_prefix('/') {
        Some(rest) => (true, rest),
        None => (false, inside),
    };
    if !named.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let name = named.chars().take(LONGEST_NAME).take_while(|c| c.is_ascii_alphanumeric() || *c == '-');
    Some((name.collect::<String>().to_ascii_lowercase(), closes))
}

/// What follows the tag that `at` begins with.
fn after_tag(at: &str) -> &str {
    at.find('>').and_then(|end| at.get(end + 1..)).unwrap_or("")
}

/// Attributes and bytes of the tag that `at` begins with, by the states of the HTML standard's tokenizer (13.2.5.8 and
/// 13.2.5.32 to 13.2.5.40). It reads no further than either limit.
fn attributes(at: &str) -> (usize, usize) {
    enum State {
        BeforeName,
        Name,
        AfterName,
        BeforeValue,
        Quoted(u8),
        /// A value without quotes, or the tag's own name.
        Plain,
    }
    let (mut state, mut count, mut length) = (State::Plain, 0, 0);
    for byte in at.bytes().take(LONGEST_TAG + 1) {
        length += 1;
        let blank = byte.is_ascii_whitespace();
        state = match state {
            State::Quoted(quote) if byte == quote => State::BeforeName,
            State::Quoted(quote) => State::Quoted(quote),
            _ if byte == b'>' => break,
            State::Plain if blank => State::BeforeName,
            // In a value it is a character, but one too many does no harm.
            State::Plain if byte == b'/' && count == 0 => State::BeforeName,
            State::Plain => State::Plain,
            State::BeforeName | State::Name | State::AfterName if byte == b'/' => State::BeforeName,
            State::BeforeName if blank => State::BeforeName,
            State::Name | State::AfterName if blank => State::AfterName,
            State::Name | State::AfterName if byte == b'=' => State::BeforeValue,
            State::Name => State::Name,
            State::BeforeName | State::AfterName => {
                count += 1;
                State::Name
            }
            State::BeforeValue if blank => State::BeforeValue,
            State::BeforeValue if byte == b'"' || byte == b'\'' => State::Quoted(byte),
            State::BeforeValue => State::Plain,
        };
        if count > MOST_ATTRIBUTES {
            break;
        }
    }
    (count, length)
}

/// Whether a page is of a size and shape that an extractor can take: not too deep, not too many tags, no tag too long or with
/// too many attributes. Pages that are read by people are not like that; others are read without an extractor.
fn is_a_page(html: &str) -> bool {
    let (mut nesting, mut last, mut looked_at, mut read) = (Nesting::default(), 0usize, 0u64, 0usize);
    let ends = html.match_indices('<').map(|(at, _)| at).chain([html.len()]);
    for at in ends {
        let piece = html.get(last..at).unwrap_or("");
        looked_at = looked_at.saturating_add(piece.matches('&').count() as u64 * piece.len() as u64);
        let here = html.get(at..).unwrap_or("");
        let found = tag(here);
        if found.is_some() {
            let (count, length) = attributes(here);
            read += length;
            if count > MOST_ATTRIBUTES || length > LONGEST_TAG || read > MOST_READ * html.len() {
                return false;
            }
        }
        match found {
            Some((name, true)) => nesting.end(&name),
            Some((name, false)) => nesting.begin(name),
            None => nesting.count(),
        }
        if nesting.is_too_much() || piece.len() > LONGEST_TAG || looked_at > MOST_LOOKED_AT {
            return false;
        }
        last = at;
    }
    true
}

/// The text outside of tags, comments and unread elements; every element but those in a line of text ends a paragraph.
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

/// What follows the end of an element whose contents are not read.
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

/// Character references to characters. Each is looked for near its `&` only.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at(at);
        out.push_str(before);
        let end = reference.bytes().take(LONGEST_NAME).position(|byte| byte == b';').map_or(1, |end| end + 1);
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
    use crate::read::{Column, Requirement};

    fn read(html: &str) -> Document {
        let options = InputOptions {
            columns: vec![Column { name: "date".into(), need: Requirement::Optional }],
            ..InputOptions::default()
        };
        let mut document = Document { columns: vec![None], ..Document::new("path", "") };
        fill(html, &options, &mut document);
        document
    }

    const PAGE: &str = "<!DOCTYPE html><html><head><title>A Guarantee on Paper</title>\
        <meta property=\"article:published_time\" content=\"2025-03-01\"><style>p { color: red }</style></head><body>\
        <nav><ul><li><a href=\"/\">Home</a></li><li><a href=\"/w\">World</a></li></ul></nav><article>\
        <p>Ukraine must be given guarantees that bind, said the minister, who had come from Kyiv that morning, and the \
        reporters in the corridor wrote it down.</p><div>A division, long enough to count as a paragraph, with commas, \
        and with words enough.</div><ul><li>who signs, and when;</li><li>who pays</li></ul><p>The last &amp; shortest \
        paragraph, about treaties, paper, and ink.</p></article><footer>Copyright</footer></body></html>";

    #[test]
    fn the_article_is_taken_out_of_its_page() {
        let document = read(PAGE);
        assert_eq!(document.title.as_deref(), Some("A Guarantee on Paper"));
        assert_eq!(document.columns, [Some("2025-03-01".to_owned())]);
        assert!(document.text.starts_with("Ukraine must") && document.text.ends_with("paper, and ink."));
        assert!(!document.text.contains("Home") && !document.text.contains("Copyright"));
        assert!(
            document.text.contains("down.\n\nA division"),
            "blocks are not glued together: {}",
            document.text
        );
        assert!(document.text.contains("when;\nwho pays"), "nor are items: {}", document.text);
    }

    #[test]
    fn a_page_without_an_article_gives_its_visible_text() {
        let html =
            "<b>Short</b> &amp; <i>plain</i> 3 < 4<script>var x = '<p>';</script><br>Next<p>Last<!-- no -->.";
        assert_eq!(visible_text(html), "Short & plain 3 < 4\n\nNext\n\nLast.");
        assert_eq!(visible_text("One<?two?> three<!four> five<! six"), "One three five");
        assert_eq!(read("<p>Only this.</p>").text, "Only this.");
        assert_eq!(read("").text, "");
    }

    #[test]
    fn pages_nested_too_deep_are_read_without_an_extractor() {
        let html = format!("{}The text inside.{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
        assert!(!is_a_page(&html));
        assert_eq!(read(&html).text, "The text inside.");
        for hidden in ["<div></p>", "<div></x>", "<b><div></b>"] {
            assert!(
                !is_a_page(&hidden.repeat(33_000)),
                "{hidden}: an end of something else ends no division"
            );
        }
        for hidden in ["a", "a=<b ", "a=\"<\" b", "a='>'b", "=\"", "a/"] {
            let tag = format!("<p {}>", format!("{hidden} ").repeat(9_000));
            assert!(!is_a_page(&tag), "{hidden}: every attribute is compared with all others");
        }
        assert!(!is_a_page(&"<p a=\"".repeat(99_000)), "every tag reaches far");
        assert_eq!(attributes("<a b c=d/e f = \"g > h\" i='j'k/l>m n o").0, 6);
        let picture =
            format!("<p>one<img src=\"data:image/png;base64,{}\" alt='x > y'>two", "/a b".repeat(9_000));
        assert!(is_a_page(&picture));
        assert!(is_a_page(&"<p>one<p>two<br><img src=x><li>three".repeat(1000)));
        assert!(is_a_page(&"<table><tr><td>one<td>two<tr><td>three</table>".repeat(1000)));
    }

    #[test]
    fn what_would_choke_an_extractor_is_read_the_plain_way() {
        for piece in
            ["<a", "</x", "<!--", "<?", "<!a ", "<![CDATA[", "<p>word ", "&amp", "<div><b>x</div></i>"]
        {
            let html = piece.repeat(400_000);
            assert!(!is_a_page(&html), "{piece}");
            read(&html);
        }
        assert!(
            !is_a_page(&("&a".repeat(200_000) + "<p>").repeat(10)),
            "short enough, but looked at again and again"
        );
        assert_eq!(unescape("a &amp; b &lt c &#1080; &nosuch; & d"), "a & b &lt c и &nosuch; & d");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_html_panics(html in "(\\PC|<p>|</p>|<div |>|<!--|-->|<script>|</|&amp;|&#x|<table><td>|<svg>){0,120}") {
            read(&html);
            visible_text(&html);
        }
    }
}
