//! Joins words that were cut at the end of a line, as the text of a PDF has them.

use hashbrown::HashMap;

use crate::scan::find_byte;
use crate::text::normalization::{Change, hyphens};
use crate::text::page_heads::{is_head, is_head_with_number};
use crate::text::span::Span;

/// Longer lines, in characters, are whole paragraphs, and nobody cuts words at their ends.
const MAX_LINE: usize = 100;
/// A line of fewer words is an item of a list.
const MIN_LINE_WORDS: usize = 2;
/// What cuts words at line ends. Some programs write a soft hyphen as the sign for "not".
const HYPHENS: [char; 2] = ['-', '¬'];
/// The last byte of that sign.
const LAST_OF_NOT_SIGN: u8 = 0xac;
/// Ends a page: a form feed.
const PAGE_END: u8 = 0x0c;
/// Most words that are joined in one text.
const MAX_JOINS: usize = 1 << 16;

/// Lines of a page's foot and the next one's head that may stand between the halves of a word,
/// blank ones included.
const MAX_PAGE_LINES: usize = 8;

/// A word that a hyphen and a line end cut.
struct Cut<'t> {
    /// The hyphen and the blanks between the halves.
    gap: Span,
    first: &'t str,
    second: &'t str,
    /// Whether a hyphen and another part follow: "up-", "to-date".
    is_part_of_compound: bool,
    /// The blank behind the second half, which becomes the line end.
    blank: Option<Span>,
}

/// The changes that join the cut words of a text: each loses its hyphen, and its line ends behind
/// it.
///
/// Only lines of at most a hundred characters and at least two words count. A word keeps its hyphen
/// where the text has it with a hyphen elsewhere, and not without; where both halves stand
/// elsewhere by themselves; where the first half is one that compounds begin with; and before
/// "and", "or" and the like.
pub(super) fn joins(text: &str) -> Vec<Change> {
    let cuts: Vec<Cut<'_>> = cuts(text).take(MAX_JOINS).collect();
    if cuts.is_empty() {
        return Vec::new();
    }
    let seen = seen_elsewhere(text, &cuts);
    let is_seen = |word: &str| seen.get(&word.to_lowercase()).copied().unwrap_or(false);
    let is_one_word = |cut: &&Cut<'_>| {
        let Cut { first, second, .. } = cut;
        if is_seen(&format!("{first}{second}")) {
            return true;
        }
        let is_compound = is_seen(&format!("{first}-{second}"))
            || is_seen(first) && is_seen(second)
            || cut.is_part_of_compound
            || hyphens::keeps_hyphen(first, second);
        !is_compound
    };
    cuts.iter()
        .filter(is_one_word)
        .flat_map(|cut| {
            let end = cut.blank.map(|place| Change { place, by: "\n" });
            [Some(Change { place: cut.gap, by: "" }), end].into_iter().flatten()
        })
        .collect()
}

/// The words that stand cut at the ends of short lines.
fn cuts(text: &str) -> impl Iterator<Item = Cut<'_>> {
    let bytes = text.as_bytes();
    let (mut from, mut taken) = (0, 0);
    std::iter::from_fn(move || {
        loop {
            let hyphen = find_byte(bytes, from, |byte| (byte == b'-') | (byte == LAST_OF_NOT_SIGN))?;
            from = hyphen + 1;
            let blanks = bytes.get(from..)?.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
            let line_end = from + blanks.count();
            if !matches!(bytes.get(line_end).copied(), Some(b'\n' | PAGE_END)) {
                continue;
            }
            // A longer line is not looked at.
            let first = hyphen.saturating_sub(4 * MAX_LINE);
            let is_end = |at: &usize| matches!(bytes.get(*at).copied(), Some(b'\n' | PAGE_END));
            let start = (first..hyphen).rev().find(is_end).map_or(first, |at| at + 1);
            let found = cut(text, start, line_end).filter(|cut| cut.gap.start() - cut.first.len() >= taken);
            if let Some(cut) = found {
                taken = cut.blank.map_or(cut.gap.end() + cut.second.len(), Span::end);
                return Some(cut);
            }
        }
    })
}

fn cut(text: &str, start: usize, line_end: usize) -> Option<Cut<'_>> {
    let is_short = |line: &str| line.chars().nth(MAX_LINE).is_none();
    let line = text.get(start..line_end)?;
    let before = line.trim_end_matches(['\r', ' ', '\t']).strip_suffix(HYPHENS)?;
    let first = letters_at_end(before);
    let may_be_cut = !first.is_empty()
        && !before.get(..before.len() - first.len())?.ends_with('-')
        && line.split_whitespace().nth(MIN_LINE_WORDS - 1).is_some()
        && is_short(line);
    if !may_be_cut {
        return None;
    }
    let rest = text.get(line_end..)?;
    let next = next_line(rest);
    let second_start = line_end + (rest.len() - next.len());
    let second = next.get(..next.find(|c: char| !c.is_alphabetic()).unwrap_or(next.len()))?;
    let next_line = next.get(..next.find('\n').unwrap_or(next.len()))?;
    if !(second.starts_with(char::is_lowercase) && is_short(next_line)) {
        return None;
    }
    let hyphen = start + before.len();
    let second_end = second_start + second.len();
    let blank =
        (text.as_bytes().get(second_end) == Some(&b' ')).then(|| Span::new(second_end, second_end + 1));
    let behind = next.get(second.len()..)?;
    let is_part_of_compound =
        behind.strip_prefix('-').is_some_and(|part| part.starts_with(char::is_lowercase));
    Some(Cut { gap: Span::new(hyphen, second_start), first, second, is_part_of_compound, blank })
}

/// The next line of text behind a line end, without the blanks before it. It stands on the next
/// page, if there is the end of one, or nothing but its number and heads.
fn next_line(line_end: &str) -> &str {
    let is_blank = |c: char| matches!(c, ' ' | '\t' | '\r');
    let mut has_page_end = line_end.starts_with(char::from(PAGE_END));
    let next = line_end.get(1..).unwrap_or("").trim_start_matches([' ', '\t']);
    if next.starts_with(char::is_lowercase) {
        return next;
    }
    let (mut rest, mut has_head) = (next, false);
    for _ in 0..MAX_PAGE_LINES {
        let start = rest.trim_start_matches(|c| is_blank(c) || c == char::from(PAGE_END));
        has_page_end |= start.len() < rest.trim_start_matches(is_blank).len();
        let (line, behind) = start.split_once('\n').unwrap_or((start, ""));
        let is_number = is_head_with_number(line);
        // A head without a number stands beside the end of a page, once.
        let is_head = !is_number && has_page_end && !has_head && is_head(line);
        if !(line.trim().is_empty() || is_number || is_head) {
            return if has_page_end { start } else { next };
        }
        has_page_end |= is_number;
        has_head |= is_head;
        rest = behind;
    }
    next
}

fn letters_at_end(text: &str) -> &str {
    let start = text.char_indices().rev().take_while(|(_, c)| c.is_alphabetic()).last();
    start.and_then(|(at, _)| text.get(at..)).unwrap_or("")
}

/// Which forms of the cut words stand elsewhere in the text, in lower case.
fn seen_elsewhere(text: &str, cuts: &[Cut<'_>]) -> HashMap<String, bool> {
    let mut seen = HashMap::new();
    for Cut { first, second, .. } in cuts {
        for form in [
            format!("{first}{second}"),
            format!("{first}-{second}"),
            (*first).to_owned(),
            (*second).to_owned(),
        ] {
            seen.insert(form.to_lowercase(), false);
        }
    }
    let mut from = 0;
    let mut mark = |part: &str| {
        for word in part.split(|c: char| !c.is_alphabetic() && c != '-') {
            if let Some(seen) = seen.get_mut(&word.to_lowercase()) {
                *seen = true;
            }
        }
    };
    for cut in cuts {
        mark(text.get(from..cut.gap.start() - cut.first.len()).unwrap_or(""));
        from = cut.gap.end() + cut.second.len();
    }
    mark(text.get(from..).unwrap_or(""));
    seen
}

/// The length of a line end with the blanks of the next line, where a word goes on behind it;
/// else 0.
pub(super) fn line_end_in_word(text: &str) -> usize {
    let rest = text.trim_start_matches([' ', '\t', '\r']);
    let Some(rest) = rest.strip_prefix(['\n', char::from(PAGE_END)]) else { return 0 };
    let rest = rest.trim_start_matches([' ', '\t', char::from(PAGE_END)]);
    if rest.starts_with(char::is_alphabetic) { text.len() - rest.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use crate::text::normalization::Normalized;

    fn joined(text: &str) -> String {
        Normalized::new(text).text().to_owned()
    }

    #[test]
    fn words_cut_at_line_ends_are_put_together() {
        let text = "Officials said that the agree-\nment would hold, and the oppo-\n  sition\r\ncalled it a mis-\r\ntake.\n";
        assert_eq!(
            joined(text),
            "Officials said that the agreement\nwould hold, and the opposition\r\ncalled it a mistake.\n"
        );
    }

    #[test]
    fn compounds_keep_their_hyphen() {
        for text in [
            "It is a well-\nknown fact.",
            "Both pre-\nand post-war texts.",
            "A hand-held radio, and the hand-\nheld one.",
            "The ship and the owner: a ship-\nowner spoke.",
            "From 1990-\nto 2000",
            "He said it --\nand left. He said-\n\nAnd left.",
            "He met Smith-\nJones there.",
        ] {
            assert_eq!(joined(text), text);
        }
        assert_eq!(joined("The antiwar vote. An anti-\nwar vote."), "The antiwar vote. An antiwar\nvote.");
    }

    #[test]
    fn blanks_before_the_line_end_do_not_matter() {
        assert_eq!(
            joined("All of the agree- \nment and the oppo-\t \r\n  sition."),
            "All of the agreement\nand the opposition."
        );
    }

    #[test]
    fn words_cut_at_the_end_of_a_page_are_put_together() {
        for text in [
            "All of the agree-\u{c}ment holds.",
            "All of the agree-\n\u{c}ment holds.",
            "All of the agree-\n\n\u{c}\n  ment holds.",
            "All of the agree-\n\n17\n\nment holds.",
            "All of the agree-\r\n- 17 -\r\n\u{c}\r\nment holds.",
            "All of the agree-\n\u{c}17\n\nThe Dry Ink 18\n\nment holds.",
            "All of the agree-\n\nPage 17 of 40\n\nment holds.",
            "All of the agree-\nSeite 17\n\u{c}\nment holds.",
            "All of the agree-\n17\n\u{c}The Dry Ink\n\nment holds.",
            "All of the agree¬\nment holds.",
            "All of the agree\u{ad} \n\u{c}ment\nholds.",
        ] {
            assert_eq!(joined(text), "All of the agreement\nholds.", "{text:?}");
        }
        for text in [
            "All of the agree-\n\nment holds.",
            "All of the agree-\n\nThe Dry Ink\n\nment holds.",
            "All of the agree-\n\u{c}Ment holds.",
            "He knew well-\n\n2014\n\nmen and ships.",
            "All of the agree-\n\n17",
        ] {
            assert_eq!(joined(text), text, "{text:?}");
        }
    }

    #[test]
    fn russian_words_with_a_hyphen_keep_it() {
        for text in [
            "Он видел кто-\nто и ушел.",
            "Был какой-\nто, чей-\n то, где-\nто шум.",
            "Дай мне какую-\nлибо или чью-\nнибудь книгу.",
            "Пришел кое-\nкто из-\nза моря, во-\nпервых, по-\nрусски, все-\nтаки.",
            "Бачив хто-\nнебудь, будь-\nхто.",
        ] {
            assert_eq!(joined(text), text);
        }
        assert_eq!(
            joined("Вот золо-\nто, гаран-\nтия по-\nсле, во-\nпрос."),
            "Вот золото, гарантия\nпосле, вопрос."
        );
    }

    #[test]
    fn parts_of_longer_compounds_keep_their_hyphen() {
        for text in
            ["It is an up-\nto-date list.", "They are state-of-\nthe-art ships.", "It is c'est-\nà-dire so."]
        {
            assert_eq!(joined(text), text);
        }
    }

    #[test]
    fn text_that_is_not_wrapped_stays() {
        let long = "word ".repeat(30);
        for text in [
            format!("{long}agree-\nment holds."),
            format!("The agree-\nment {long}"),
            "agree-\nment".to_owned(),
        ] {
            assert_eq!(joined(&text), text);
        }
    }
}
