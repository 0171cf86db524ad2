//! Tells what a text without a telling name is written in. A name such as `notes.txt` tells
//! nothing: many programs write Markdown and pages under it.

use memchr::memmem;

/// Elements that a page, or a fragment of one, begins with.
const ELEMENTS: [&str; 36] = [
    "html",
    "head",
    "body",
    "title",
    "meta",
    "link",
    "style",
    "script",
    "article",
    "section",
    "main",
    "header",
    "div",
    "p",
    "span",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "tr",
    "ul",
    "ol",
    "dl",
    "blockquote",
    "a",
    "b",
    "i",
    "em",
    "strong",
    "br",
    "img",
    // Trafilatura's, and that of news agencies.
    "doc",
    "nitf",
];

/// What is said of a table that is drawn with lines.
pub(crate) const DRAWN: &str =
    "it is a table drawn with lines, as psql, MySQL and Markdown do; export it as CSV or tab-separated";

/// Whether a text begins with the names of these columns between bars, and a rule below them.
pub(crate) fn is_drawn_table(text: &[u8], columns: &[String]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let Some(header) = lines.find(|line| !is_rule(line)) else { return false };
    let names: Vec<&[u8]> = header.split(|byte| *byte == b'|').map(<[u8]>::trim_ascii).collect();
    names.len() > 1
        && !columns.is_empty()
        && columns.iter().all(|column| names.contains(&column.as_bytes()))
        && lines.next().is_some_and(is_rule)
}

/// Whether a line is a rule of dashes.
pub(crate) fn is_rule(line: &[u8]) -> bool {
    let is_drawn = |byte: &u8| matches!(byte, b'-' | b'+' | b'|' | b':' | b' ' | b'\r');
    line.iter().all(is_drawn) && memmem::find(line, b"---").is_some()
}

/// Whether a text is a table as Hive writes it: U+0001 stands between the fields, and no line has
/// the column names.
pub(crate) fn is_hive(text: &[u8]) -> bool {
    const MIN_LINES: usize = 2;
    const MAX_LINES: usize = 20;
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let counts: Vec<usize> =
        lines.take(MAX_LINES).map(|line| line.iter().filter(|byte| **byte == 1).count()).collect();
    counts.len() >= MIN_LINES && counts.iter().all(|count| *count > 0 && counts.first() == Some(count))
}

/// Whether a text begins like HTML: with a tag of a page, a declaration or a comment.
/// `<Ann> It rained.` does not.
pub(crate) fn is_html(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    if head.starts_with(b"<!") || head.starts_with(b"<?xml") {
        return true;
    }
    let Some(tag) = head.strip_prefix(b"<") else { return false };
    if has_namespace(tag) {
        return true;
    }
    let end = tag.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(tag.len());
    let name = tag.get(..end).unwrap_or(&[]);
    matches!(tag.get(end), None | Some(b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r'))
        && ELEMENTS.iter().any(|element| element.as_bytes().eq_ignore_ascii_case(name))
}

/// Whether the rest of a tag names a namespace, as the first tag of XML does: `TEI xmlns="..."`.
fn has_namespace(tag: &[u8]) -> bool {
    let end = tag.iter().position(|&byte| byte == b'>').unwrap_or(tag.len());
    let words = tag.get(..end).unwrap_or(&[]).split(u8::is_ascii_whitespace);
    let named = |word: &[u8]| word.starts_with(b"xmlns=") || word.starts_with(b"xmlns:");
    tag.first().is_some_and(u8::is_ascii_alphabetic) && words.skip(1).any(named)
}

/// Whether the first two lines of a text have as many fields. A first line that only has the name
/// of a column in it may be prose.
pub(crate) fn is_table(head: &[u8]) -> bool {
    let mut lines = head.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    let count = |line: &[u8], sign: u8| line.iter().filter(|&&byte| byte == sign).count();
    b",;\t|".iter().any(|&sign| count(first, sign) > 0 && count(second, sign) >= count(first, sign))
}

/// Whether a text is sure to be Markdown: it begins with front matter, or holds two kinds of its
/// markup, or two links. A text with one asterisk or one `#` is plain.
pub(crate) fn is_markdown(head: &[u8]) -> bool {
    // Nearly every plain text ends here.
    if !head.iter().any(|byte| matches!(byte, b'[' | b'*' | b'#' | b'`' | b'|')) && !has_fence(head) {
        return false;
    }
    let head = String::from_utf8_lossy(head);
    if is_html(head.as_bytes()) {
        return false;
    }
    if has_front_matter(&head) {
        return true;
    }
    let mut found = Found::default();
    head.lines().for_each(|line| found.look_at(line));
    found.is_sure()
}

fn has_fence(head: &[u8]) -> bool {
    head.starts_with(b"---") || head.starts_with(b"+++")
}

/// Lines of `key: value` between two fences, the first of which is the first line.
fn has_front_matter(head: &str) -> bool {
    let mut lines = head.lines().map(str::trim_end);
    let fence = lines.next().unwrap_or("");
    let sign = match fence {
        "---" => ':',
        "+++" => '=',
        _ => return false,
    };
    let mut keys = 0;
    for line in lines {
        if line == fence {
            return keys > 0;
        }
        if keys == 0 && line.is_empty() {
            // Two rules around a paragraph.
            return false;
        }
        let key = line.split_once(sign).map_or("", |(key, _)| key).trim_end();
        let is_key =
            !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"'));
        keys += usize::from(is_key);
        // A list, a value over several lines, a comment or a table.
        if !is_key && !line.is_empty() && !line.starts_with([' ', '\t', '-', '#', '[', ']', '}']) {
            return false;
        }
    }
    false
}

/// The kinds of markup that were found.
#[derive(Default)]
struct Found {
    headings: usize,
    links: usize,
    wiki_links: usize,
    bold: usize,
    fences: usize,
    tables: usize,
}

impl Found {
    fn look_at(&mut self, line: &str) {
        let marks = line.chars().take_while(|&c| c == '#').count();
        let heading = line.get(marks..).unwrap_or("");
        self.headings += usize::from(
            (1..=6).contains(&marks) && heading.starts_with(' ') && heading.contains(char::is_alphabetic),
        );
        self.fences += usize::from(line.starts_with("```") || line.starts_with("~~~"));
        let is_rule = |c: char| matches!(c, '|' | '-' | ':' | ' ');
        self.tables +=
            usize::from(line.starts_with('|') && line.contains("--") && line.trim_end().chars().all(is_rule));
        self.links += count(line, "](", |behind| {
            let target = behind.split(')').next().unwrap_or("");
            target.len() < behind.len()
                && !target.is_empty()
                && !target.contains(' ')
                && target.contains(['/', '.', '#'])
        });
        self.wiki_links += count(line, "[[", |behind| {
            let target = behind.split("]]").next().unwrap_or("");
            target.len() < behind.len()
                && target.starts_with(char::is_alphabetic)
                && !target.contains(['[', '{', '('])
        });
        self.bold += count(line, "**", |behind| {
            let inside = behind.split("**").next().unwrap_or("");
            inside.len() < behind.len()
                && inside.starts_with(char::is_alphanumeric)
                && inside.ends_with(|c: char| !c.is_whitespace())
        });
    }

    fn is_sure(&self) -> bool {
        let kinds = [self.headings, self.links, self.wiki_links, self.bold, self.fences / 2, self.tables];
        kinds.iter().filter(|&&count| count > 0).count() > 1 || self.links > 1 || self.wiki_links > 1
    }
}

/// How often a mark stands in a line with what is `wanted` behind it.
fn count(line: &str, mark: &str, wanted: impl Fn(&str) -> bool) -> usize {
    line.match_indices(mark).filter(|(at, _)| wanted(line.get(at + mark.len()..).unwrap_or(""))).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn drawn_tables_are_known_by_their_columns_and_a_rule() {
        let is_drawn = |text: &str| is_drawn_table(text.as_bytes(), &["text".to_owned()]);
        assert!(is_drawn(" id | text  \n----+-------\n  1 | Rain.\n(1 row)\n"));
        assert!(is_drawn("+----+-------+\r\n| id | text  |\r\n+----+-------+\r\n|  1 | Rain. |\r\n"));
        for text in
            ["text\n----\nRain.", " id | body \n----+----\n", "id|text\n1|Rain.\n", "id | text", "---\n", ""]
        {
            assert!(!is_drawn(text), "{text}");
        }
    }

    #[test]
    fn tables_of_hive_are_known_by_their_separator() {
        assert!(is_hive(b"1\x01It rained.\x01for\n2\x01It snowed.\x01\n"));
        for text in [
            "It rained.\nIt snowed.\n",
            "1\x01It rained.\n",
            "It\x01 rained.\nIt snowed.\n",
            "a\x01b\nc\x01d\x01e",
            "",
        ] {
            assert!(!is_hive(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn markdown_is_told_by_front_matter_or_by_two_kinds_of_markup() {
        for text in [
            "---\ntitle: On ink\ntags:\n  - paper\n---\n\nIt rained.",
            "+++\ntitle = \"x\"\n+++\nIt rained.",
            "# Ink\n\nIt rained, see [the paper](https://example.org/a).",
            "It rained in [[Kyiv]], and in [[Ink|the north]] too.",
            "See [one](a.html) and [two](b.html).",
            "Nobody **signed** it.\n\n```\ncode\n```\n",
        ] {
            assert!(is_markdown(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn plain_texts_with_signs_are_plain() {
        for text in [
            "It rained * on the first day.",
            "#1 in the charts\n\n# 2 of 3",
            "# Remarks\n\nIt rained.",
            "---\n\nIt rained: much.\n\n---\n\nIt snowed.",
            "---\nIt rained, he said: much.\n---\n",
            "- one\n- two\n\n> quoted\n",
            "He [the minister] signed [1], and [[2]] too (see [3](4)).",
            "**** It rained ****",
            "",
        ] {
            assert!(!is_markdown(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_table_has_rows_as_wide_as_its_header() {
        assert!(is_table(b"id,text\n1,It rained, they said.\n") && is_table(b"\nid\ttext\n\n1\tx"));
        assert!(
            !is_table(b"text\nIt rained.\n")
                && !is_table(b"Ink, text\nIt rained.\n")
                && !is_table(b"id,text")
        );
    }

    #[test]
    fn pages_begin_with_tags_that_pages_have() {
        for text in [
            "<!doctype html>",
            "\n<HTML lang=en>",
            "<p>One",
            "<?xml version='1.0'?>",
            "<div\nclass=x>",
            "<br/>",
            "<!-- a -->",
            "<doc sitename=\"Ink\" title=\"On ink\">\n  <main>",
            "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\">",
            "<x:a id='1'\nxmlns:x='y'>",
        ] {
            assert!(is_html(text.as_bytes()), "{text}");
        }
        for text in
            ["<Ann> It rained.", "< 5 per cent", "<3", "<pause> So", "<a-b c=d>", "", "It <b>rained</b>"]
        {
            assert!(!is_html(text.as_bytes()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(\\PC|\n|---\n|a: b\n|\\[\\[|\\]\\]|\\]\\(|\\*\\*|#|```){0,60}") {
            is_markdown(text.as_bytes());
            is_html(text.as_bytes());
        }
    }
}
