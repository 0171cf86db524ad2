//! Tells a file with one short text per line (posts, headlines, comments) from one text.

/// Lines of a file of posts, of headlines, and of other short texts. Posts have signs of their own;
/// an article has as many lines as short texts of no kind only if it is very long.
const MIN_POSTS: usize = 10;
const MIN_HEADLINES: usize = 15;
const MIN_LINES: usize = 100;
/// Longest line in bytes: posts have 280 characters, of two bytes in many scripts.
const MAX_LINE: usize = 600;
/// Mean length of a line in characters. Lines of verse and of lists are shorter, paragraphs longer.
const LENGTHS: std::ops::RangeInclusive<usize> = 25..=280;
const SHORT_LENGTHS: std::ops::RangeInclusive<usize> = 25..=160;
const HEADLINE_LENGTHS: std::ops::RangeInclusive<usize> = 40..=120;
/// As many lines as are looked at.
const MAX_LINES: usize = 400;

/// What was found in the lines of a text.
#[derive(Default)]
struct Lines {
    count: usize,
    characters: usize,
    /// Lines that begin in small letters, as the lines of wrapped prose do.
    small: usize,
    /// Lines that end as sentences or parts of them end.
    ended: usize,
    /// Lines with an @name, a #tag or an address.
    posted: usize,
}

impl Lines {
    /// Looks at a line; `false` where no short text is as long.
    fn look_at(&mut self, line: &str) -> bool {
        let line = line.trim();
        if line.is_empty() {
            return true;
        }
        self.count += 1;
        self.characters += line.chars().count();
        self.small += usize::from(line.starts_with(char::is_lowercase));
        self.ended += usize::from(line.ends_with(|c: char| ".,;:!?…\"”»“’')-–—".contains(c)));
        self.posted += usize::from(line.split_whitespace().any(is_of_posts));
        line.len() <= MAX_LINE
    }

    fn are_texts(&self) -> bool {
        let mean = self.characters / self.count.max(1);
        let has = |share: usize, part: usize| part * 100 >= self.count * share;
        let is_wrapped = has(10, self.small);
        let are_posts = self.count >= MIN_POSTS && has(30, self.posted) && LENGTHS.contains(&mean);
        let are_headlines = self.count >= MIN_HEADLINES
            && !has(20, self.ended)
            && !has(5, self.small)
            && HEADLINE_LENGTHS.contains(&mean);
        are_posts || are_headlines || self.count >= MIN_LINES && !is_wrapped && SHORT_LENGTHS.contains(&mean)
    }
}

/// Whether a word is a name, a tag or an address of social media.
fn is_of_posts(word: &str) -> bool {
    let is_name = |name: &str| name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    word.strip_prefix(['@', '#']).is_some_and(is_name)
        || word.starts_with("https://")
        || word.starts_with("http://")
}

/// Whether a text looks like many short ones, one per line.
pub(crate) fn may_be_texts(text: &str) -> bool {
    let mut lines = Lines::default();
    text.lines().take(MAX_LINES).all(|line| lines.look_at(line)) && lines.are_texts()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_headlines_and_comments_look_like_texts() {
        for (line, count) in [
            ("It rained again, says @ann_lee, and nobody cares #ink\n", 10),
            ("RT @ben: who pays for this? https://example.org/a\n\n", 10),
            ("Ministers Meet in Kyiv as Rain Goes On and On\n", 15),
            ("Nobody asked us whether it should rain here.\n", 100),
        ] {
            assert!(may_be_texts(&line.repeat(count)), "{line}");
            assert!(!may_be_texts(&line.repeat(count - 1)), "{line}");
        }
    }

    #[test]
    fn prose_verse_and_lists_do_not() {
        let paragraph = "It rained on the first day, and nobody came to the meeting that the ministers held there. \
            On the second day it snowed, and the guests who had come by train left by train, too.\n";
        for text in [
            paragraph.repeat(150),
            "It rained on the first day, and nobody\ncame to the meeting that the ministers\n".repeat(100),
            "It rained on the first day,\nand nobody came;\nThe snow was white,\nThe ink was gray.\n"
                .repeat(9),
            "- ink\n- paper\n- rain\n".repeat(50),
            format!("{}{}", "It rained, says @ann, and nobody cares #ink\n".repeat(9), "Rain. ".repeat(200)),
            "One.\n".repeat(200),
            String::new(),
        ] {
            assert!(!may_be_texts(&text), "{text}");
        }
    }
}
