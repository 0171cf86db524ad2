//! Parses Markdown: front matter into keys and values, blocks into paragraphs without markup.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::text::markup::visible_text::visible_text;

/// Most signs that may be markup in what is parsed at once: the parser takes some 90 bytes of
/// memory for each. A paragraph with more is left as it is.
const MAX_SIGNS: usize = 1 << 20;

/// The parts of a text in Markdown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parsed<'m> {
    /// Top-level keys of the front matter with their values, in order.
    pub front_matter: Vec<(&'m str, String)>,
    /// The plain text behind the front matter, one blank line between paragraphs.
    pub text: String,
}

impl Parsed<'_> {
    /// The title that the front matter gives; the last one counts.
    pub(crate) fn title(&self) -> Option<&str> {
        self.front_matter.iter().rfind(|(key, _)| *key == "title").map(|(_, title)| title.as_str())
    }
}

/// Parses Markdown, perhaps with front matter.
pub(crate) fn parse(markdown: &str) -> Parsed<'_> {
    let (metadata, body) = split_front_matter(markdown);
    let mut converter = Converter::default();
    let flags = Options::ENABLE_WIKILINKS | Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    for piece in pieces(body) {
        if signs(piece) > MAX_SIGNS {
            converter.block();
            converter.text.push_str(piece);
            converter.block();
        } else {
            Parser::new_ext(piece, flags).for_each(|event| converter.event(event));
        }
    }
    Parsed { front_matter: front_matter(metadata).collect(), text: converter.text.trim_end().to_owned() }
}

fn signs(text: &str) -> usize {
    // Most texts are shorter than the bound.
    if text.len() <= MAX_SIGNS {
        return text.len();
    }
    text.bytes().filter(|byte| byte.is_ascii_punctuation() || *byte == b'\n').count()
}

/// Cuts a text at blank lines into pieces that can be parsed; nearly every text is one piece.
fn pieces(body: &str) -> Vec<&str> {
    if signs(body) <= MAX_SIGNS {
        return vec![body];
    }
    let (mut pieces, mut start, mut at, mut found) = (Vec::new(), 0, 0, 0);
    for line in body.split_inclusive('\n') {
        at += line.len();
        found += line.bytes().filter(|byte| byte.is_ascii_punctuation() || *byte == b'\n').count();
        if found > MAX_SIGNS / 2 && line.trim().is_empty() {
            pieces.push(body.get(start..at).unwrap_or(""));
            (start, found) = (at, 0);
        }
    }
    pieces.push(body.get(start..).unwrap_or(""));
    pieces
}

/// Cuts off a block that begins on the first line that is not blank with `---` (YAML) or `+++`
/// (TOML) and ends at the next such line, or with YAML at `...`. Rules of the same look further
/// down belong to the text, and so do two rules around a part of it.
fn split_front_matter(markdown: &str) -> (&str, &str) {
    let blank: usize =
        markdown.split_inclusive('\n').take_while(|line| line.trim().is_empty()).map(str::len).sum();
    let below = markdown.get(blank..).unwrap_or("");
    let mut lines = below.split_inclusive('\n');
    let first = lines.next().unwrap_or("");
    let (fence, sign) = match first.trim_end() {
        "---" => ("---", ':'),
        "+++" => ("+++", '='),
        _ => return ("", markdown),
    };
    let mut end = first.len();
    for line in lines {
        let is_end = line.trim_end() == fence || sign == ':' && line.trim_end() == "...";
        if is_end {
            let metadata = below.get(first.len()..end).unwrap_or("");
            return match is_metadata(metadata, sign) {
                true => (metadata, below.get(end + line.len()..).unwrap_or("")),
                false => ("", markdown),
            };
        }
        end += line.len();
    }
    ("", markdown)
}

/// Whether a block is metadata, and no text between two rules: it begins with a key, and no more
/// lines are without one. Lines that continue a value, comments, lists and tables are neither.
fn is_metadata(block: &str, sign: char) -> bool {
    const CONTINUES: [char; 9] = [' ', '\t', '-', '#', '[', ']', '{', '}', '<'];
    // A rule stands apart from the text below it.
    if !block.trim().is_empty() && block.starts_with(['\n', '\r']) {
        return false;
    }
    let block = block.trim();
    if block.is_empty() || block.starts_with('{') && block.ends_with('}') {
        return true;
    }
    let lines = block.lines().filter(|line| !line.trim().is_empty() && !line.starts_with(CONTINUES));
    let (mut keys, mut others) = (0, 0);
    for line in lines {
        if has_key(line, sign) {
            keys += 1;
        } else if keys == 0 {
            return false;
        } else {
            others += 1;
        }
    }
    keys > 0 && keys >= others
}

/// Whether a line begins with a key: a few words before the sign.
fn has_key(line: &str, sign: char) -> bool {
    const MAX_BYTES: usize = 40;
    const MAX_WORDS: usize = 3;
    let is_key = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\'' | ' ');
    line.split_once(sign).is_some_and(|(key, _)| {
        let words = key.split_whitespace().count();
        key.len() <= MAX_BYTES && (1..=MAX_WORDS).contains(&words) && key.chars().all(is_key)
    })
}

/// The top-level `key: value` (YAML) and `key = value` (TOML) lines whose value is a plain or
/// quoted scalar.
fn front_matter(block: &str) -> impl Iterator<Item = (&str, String)> {
    block.lines().filter_map(|line| {
        let at = line.find([':', '='])?;
        let (key, value) = (line.get(..at)?, line.get(at + 1..)?.trim());
        let quoted = |quote: char| value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote));
        let value = quoted('"').or_else(|| quoted('\'')).unwrap_or(value);
        let plain = !key.starts_with([' ', '\t', '#', '-']) && !value.is_empty();
        plain.then(|| (key.trim_end(), value.to_owned()))
    })
}

#[derive(Default)]
struct Converter {
    text: String,
    /// The lines of an HTML block.
    html: String,
    /// Where the text of an HTML link begins.
    anchor: Option<usize>,
    /// Inside a code block or an image, whose text is no prose, or in what is struck out.
    skipped: usize,
}

impl Converter {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::Image { .. } | Tag::Strikethrough) => self.skipped += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::Image | TagEnd::Strikethrough) => {
                self.skipped = self.skipped.saturating_sub(1);
            }
            Event::Text(text) | Event::Code(text) if self.skipped == 0 => self.text.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::TableCell) => self.space(),
            Event::InlineHtml(tag) if tag.starts_with("<br") => self.space(),
            Event::InlineHtml(tag) if tag.starts_with("<a") => self.anchor = Some(self.text.len()),
            Event::InlineHtml(tag) if tag.starts_with("</a") => self.close_anchor(),
            Event::Html(html) => self.html.push_str(&html),
            Event::End(TagEnd::HtmlBlock) => {
                let html = std::mem::take(&mut self.html);
                self.block();
                self.text.push_str(&visible_text(&html));
                self.block();
            }
            Event::Start(Tag::Item) => {
                self.block();
                self.text.push_str("- ");
            }
            Event::Start(Tag::Paragraph) if self.text.ends_with("- ") => {}
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::List(_))
            | Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead,
            )
            | Event::Rule => self.block(),
            _ => {}
        }
    }

    fn space(&mut self) {
        if self.skipped == 0 && !self.text.ends_with(char::is_whitespace) {
            self.text.push(' ');
        }
    }

    /// A link whose whole text is a time, as `[00:12:15]`, leads to a place in a recording and is
    /// not text.
    fn close_anchor(&mut self) {
        let Some(start) = self.anchor.take() else { return };
        let is_time = |text: &str| {
            text.contains(':')
                && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '[' | ']' | ' '))
        };
        if self.text.get(start..).is_some_and(is_time) {
            let kept = self.text.get(..start).unwrap_or("").trim_end().len();
            self.text.truncate(kept);
        }
    }

    /// Ends a paragraph.
    fn block(&mut self) {
        self.anchor = None;
        let kept = self.text.trim_end().len();
        self.text.truncate(kept);
        if kept > 0 {
            self.text.push_str("\n\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(markdown: &str) -> String {
        parse(markdown).text
    }

    #[test]
    fn front_matter_is_metadata_and_not_text() {
        let parsed =
            parse("---\ntitle: \"On: guarantees\"\nid: n-7\ndate: 2025-03-01\ntags:\n  - x\n---\n\nBody.\n");
        assert_eq!(parsed.title(), Some("On: guarantees"));
        let expected = [("title", "On: guarantees"), ("id", "n-7"), ("date", "2025-03-01")];
        assert_eq!(parsed.front_matter, expected.map(|(key, value)| (key, value.to_owned())));
        assert_eq!(parsed.text, "Body.");
        assert_eq!(parse("+++\ntitle = 'T'\n+++\nBody.").title(), Some("T"));
    }

    #[test]
    fn markup_is_left_out_and_blocks_are_paragraphs() {
        let markdown = "# Head\n\nA *b* [c](http://d) [[target|shown]] <br/>and `e`\nwrapped.\n\n- one\n- two\n\n> quoted\n\n```\ncode\n```\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n<div>html</div>\n";
        assert_eq!(
            text(markdown),
            "Head\n\nA b c shown and e wrapped.\n\n- one\n\n- two\n\nquoted\n\nx y\n\n1 2\n\nhtml"
        );
    }

    #[test]
    fn what_is_struck_out_is_left_out() {
        assert_eq!(
            text("It ~~lied~~ erred, for ~3 to ~5 days.\n\n~~One"),
            "It  erred, for ~3 to ~5 days.\n\n~~One"
        );
    }

    #[test]
    fn time_stamps_of_recordings_are_left_out() {
        let markdown =
            "She agrees <a class=\"yt\" data-t=\"1\">[00:12:15]</a>. See <a href=\"x\">this [1]</a>.";
        assert_eq!(text(markdown), "She agrees. See this [1].");
    }

    #[test]
    fn rules_further_down_are_not_front_matter() {
        let parsed = parse("One.\n\n---\nid: wrong\n---\n\nTwo.\n");
        assert_eq!(parsed.front_matter, []);
        assert_eq!(parsed.text, "One.\n\nid: wrong\n\nTwo.");
        assert_eq!(text("---\nnever closed\n"), "never closed");
    }

    #[test]
    fn a_text_between_two_rules_is_no_front_matter() {
        for (markdown, expected) in [
            ("---\n\nIt rained.\n\n---\n\nIt snowed.\n", "It rained.\n\nIt snowed."),
            (
                "---\nOn Monday it rained: a lot of it.\nIt did.\n\n---\nEnd.\n",
                "On Monday it rained: a lot of it. It did.\n\nEnd.",
            ),
            (
                "---\n\nAnn: It rained.\n\nBen: It did.\n\n---\nEnd.\n",
                "Ann: It rained.\n\nBen: It did.\n\nEnd.",
            ),
            ("---\n- one\n- two\n\n---\nEnd.\n", "- one\n\n- two\n\nEnd."),
        ] {
            let parsed = parse(markdown);
            assert_eq!((parsed.front_matter, parsed.text.as_str()), (vec![], expected), "{markdown}");
        }
    }

    #[test]
    fn front_matter_may_stand_below_blank_lines_and_end_with_dots() {
        for markdown in [
            "---\ntitle: T\n...\nBody.",
            "\n\n---\ntitle: T\n---\nBody.",
            "---\n# a comment\ntitle: T\nsummary: >\n  folded\ntags:\n- a\n---\nBody.",
            "---\nDate created: 3 June\ntitle: \"T\"\nand more of it\n---\nBody.",
        ] {
            let parsed = parse(markdown);
            assert_eq!((parsed.title(), parsed.text.as_str()), (Some("T"), "Body."), "{markdown}");
        }
        assert_eq!(text("---\n---\nBody."), "Body.");
        assert_eq!(text("---\n{\"title\": \"T\"}\n---\nBody."), "Body.");
    }

    #[test]
    fn html_blocks_give_their_text_only() {
        let markdown = "<div\n class=\"hidden words\">Tom &amp; Ann\n<!-- a\ncomment -->\n</div>\n\n<script>\nvar x = 1;\n</script>\n\nEnd.";
        assert_eq!(text(markdown), "Tom & Ann\n\nEnd.");
    }

    #[test]
    fn a_file_of_front_matter_alone_has_no_text() {
        assert_eq!(text("---\ntitle: x\n---\n"), "");
    }

    proptest! {
        #[test]
        fn no_markdown_panics(markdown in "(\\PC|[\\n#*>`|<\\[\\]_-]){0,200}") {
            parse(&markdown);
        }
    }

    #[test]
    fn a_text_of_many_signs_is_parsed_in_pieces_and_a_paragraph_of_them_is_left() {
        let many = "A *word* of it.\n\n".repeat(400_000);
        let parsed = parse(&many);
        assert_eq!(parsed.text.len(), many.len() - 2 * 400_000 - 2);
        assert!(parsed.text.starts_with("A word of it.\n\nA word") && !parsed.text.contains('*'));
        let brackets = "[".repeat(MAX_SIGNS + 1);
        let text = parse(&format!("A *word*.\n\n{brackets}")).text;
        assert!(text.ends_with(&brackets));
        assert_eq!(pieces("a\n\nb"), ["a\n\nb"]);
    }
}
