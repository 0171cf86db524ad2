//! Markdown to text: front matter to metadata, blocks to paragraphs, markup left out.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::read::InputOptions;
use crate::read::formats::html;
use crate::text::document::Document;

/// Fills a document from Markdown. A front matter key of the id column's name is the id, `title` the title, and a key
/// of a carried column's name that column.
pub(crate) fn fill(markdown: &str, options: &InputOptions, document: &mut Document) {
    let (metadata, body) = split_front_matter(markdown);
    let mut converter = Converter::default();
    let flags = Options::ENABLE_WIKILINKS | Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    Parser::new_ext(body, flags).for_each(|event| converter.event(event));
    for (key, value) in front_matter(metadata) {
        if key == options.id.name {
            document.id.clone_from(&value);
        }
        for (column, slot) in options.columns.iter().zip(&mut document.columns) {
            if key == column.name {
                *slot = Some(value.clone());
            }
        }
        if key == "title" {
            document.title = Some(value);
        }
    }
    document.text = converter.text.trim_end().to_owned();
}

/// The text of Markdown, without front matter.
pub(crate) fn text_of(markdown: &str) -> String {
    let mut document = Document::default();
    fill(markdown, &InputOptions::default(), &mut document);
    document.text
}

/// Cuts off a block that begins on the first line with `---` (YAML) or `+++` (TOML) and ends at the next such line. Rules
/// of the same look further down belong to the text.
fn split_front_matter(markdown: &str) -> (&str, &str) {
    let mut lines = markdown.split_inclusive('\n');
    let fence = lines.next().map_or("", str::trim_end);
    if fence != "---" && fence != "+++" {
        return ("", markdown);
    }
    let start = markdown.find('\n').map_or(markdown.len(), |at| at + 1);
    let mut end = start;
    for line in lines {
        if line.trim_end() == fence {
            let metadata = markdown.get(start..end).unwrap_or("");
            return (metadata, markdown.get(end + line.len()..).unwrap_or(""));
        }
        end += line.len();
    }
    ("", markdown)
}

/// The top-level `key: value` (YAML) and `key = value` (TOML) lines whose value is a plain or quoted scalar.
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
    /// Inside a code block or an image, whose text is no prose.
    skipped: usize,
}

impl Converter {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::Image { .. }) => self.skipped += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::Image) => self.skipped = self.skipped.saturating_sub(1),
            Event::Text(text) | Event::Code(text) if self.skipped == 0 => self.text.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::TableCell) => self.space(),
            Event::InlineHtml(tag) if tag.starts_with("<br") => self.space(),
            Event::InlineHtml(tag) if tag.starts_with("<a") => self.anchor = Some(self.text.len()),
            Event::InlineHtml(tag) if tag.starts_with("</a") => self.close_anchor(),
            Event::Html(html) => self.html.push_str(&html),
            Event::End(TagEnd::HtmlBlock) => {
                let html = std::mem::take(&mut self.html);
                self.block();
                self.text.push_str(&html::visible_text(&html));
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

    /// A link whose whole text is a time, as `[00:12:15]`, leads to a place in a recording and is not text.
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
    use crate::read::{Column, Requirement};

    fn read(markdown: &str) -> Document {
        let options = InputOptions {
            columns: vec![Column { name: "date".into(), need: Requirement::Optional }],
            ..InputOptions::default()
        };
        let mut document = Document { columns: vec![None], ..Document::new("path", "") };
        fill(markdown, &options, &mut document);
        document
    }

    #[test]
    fn front_matter_is_metadata_and_not_text() {
        let document =
            read("---\ntitle: \"On: guarantees\"\nid: n-7\ndate: 2025-03-01\ntags:\n  - x\n---\n\nBody.\n");
        assert_eq!(document.title.as_deref(), Some("On: guarantees"));
        assert_eq!(document.id, "n-7");
        assert_eq!(document.columns, [Some("2025-03-01".to_owned())]);
        assert_eq!(document.text, "Body.");
        assert_eq!(read("+++\ntitle = 'T'\n+++\nBody.").title.as_deref(), Some("T"));
    }

    #[test]
    fn markup_is_left_out_and_blocks_are_paragraphs() {
        let markdown = "# Head\n\nA *b* [c](http://d) [[target|shown]] <br/>and `e`\nwrapped.\n\n- one\n- two\n\n> quoted\n\n```\ncode\n```\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n<div>html</div>\n";
        assert_eq!(
            read(markdown).text,
            "Head\n\nA b c shown and e wrapped.\n\n- one\n\n- two\n\nquoted\n\nx y\n\n1 2\n\nhtml"
        );
    }

    #[test]
    fn time_stamps_of_recordings_are_left_out() {
        let markdown =
            "She agrees <a class=\"yt\" data-t=\"1\">[00:12:15]</a>. See <a href=\"x\">this [1]</a>.";
        assert_eq!(read(markdown).text, "She agrees. See this [1].");
    }

    #[test]
    fn rules_further_down_are_not_front_matter() {
        let document = read("One.\n\n---\nid: wrong\n---\n\nTwo.\n");
        assert_eq!(document.id, "path");
        assert_eq!(document.text, "One.\n\nid: wrong\n\nTwo.");
        assert_eq!(read("---\nnever closed\n").text, "never closed");
    }

    #[test]
    fn html_blocks_give_their_text_only() {
        let markdown = "<div\n class=\"hidden words\">Tom &amp; Ann\n<!-- a\ncomment -->\n</div>\n\n<script>\nvar x = 1;\n</script>\n\nEnd.";
        assert_eq!(read(markdown).text, "Tom & Ann\n\nEnd.");
    }

    #[test]
    fn a_file_of_front_matter_alone_has_no_text() {
        assert_eq!(read("---\ntitle: x\n---\n").text, "");
    }

    proptest! {
        #[test]
        fn no_markdown_panics(markdown in "(\\PC|[\\n#*>`|<\\[\\]_-]){0,200}") {
            read(&markdown);
        }
    }
}
