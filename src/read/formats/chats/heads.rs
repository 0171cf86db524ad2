//! Reads the line with which a message begins, as each program writes it.

use crate::read::formats::chats::stamp::stamp;

/// What the first line of a message says. A program that writes in its own name has no author.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head<'l> {
    pub(super) stamp: &'l str,
    pub(super) author: Option<&'l str>,
    /// The beginning of the text; nothing where it stands below.
    pub(super) text: &'l str,
}

/// Reads a line, if a message begins with it.
pub(super) type ReadHead = fn(&str) -> Option<Head<'_>>;

pub(super) const HEADS: [ReadHead; 6] =
    [in_brackets, before_dash, behind_author, of_meeting, of_irc, of_copy];

/// Longest name of an author in bytes.
const MAX_AUTHOR: usize = 80;
/// Marks of direction that WhatsApp writes.
const MARKS: [char; 5] = ['\u{200e}', '\u{200f}', '\u{202a}', '\u{202c}', '\u{feff}'];

fn stripped(line: &str) -> &str {
    line.trim().trim_start_matches(MARKS)
}

/// `Ann: It rained.`
fn said(rest: &str) -> Option<(&str, &str)> {
    let (author, text) = rest.split_once(':')?;
    let is_separate = text.is_empty() || text.starts_with(char::is_whitespace);
    (is_separate && is_author(author)).then(|| (author.trim(), text.trim_start_matches(' ')))
}

fn is_author(name: &str) -> bool {
    !name.trim().is_empty() && name.len() <= MAX_AUTHOR
}

/// `[12.03.24, 18:22:01] Ann: It rained.` of WhatsApp, or `[12-Mar-24 06:22 PM] ann#1234` of
/// Discord, with the text below.
fn in_brackets(line: &str) -> Option<Head<'_>> {
    let (within, rest) = stripped(line).strip_prefix('[')?.split_once(']')?;
    stamp(within)?.has_date.then_some(())?;
    let rest = rest.trim();
    let (author, text) = match said(rest) {
        Some((author, text)) => (Some(author), text),
        None => (Some(rest).filter(|rest| is_author(rest) && !rest.contains(char::is_whitespace)), ""),
    };
    Some(Head { stamp: within, author, text })
}

/// `12/03/2024, 18:22 - Ann: It rained.` of WhatsApp.
fn before_dash(line: &str) -> Option<Head<'_>> {
    let (before, rest) = stripped(line).split_once(" - ")?;
    stamp(before)?.has_date.then_some(())?;
    let (author, text) = said(rest).map_or((None, ""), |(author, text)| (Some(author), text));
    Some(Head { stamp: before, author, text })
}

/// `Ann Lee, [12.03.2024 18:22]` of Telegram, with the text below.
fn behind_author(line: &str) -> Option<Head<'_>> {
    let line = stripped(line);
    let (author, within) = line.strip_suffix(':').unwrap_or(line).strip_suffix(']')?.split_once(", [")?;
    (stamp(within)?.has_date && is_author(author)).then_some(Head {
        stamp: within,
        author: Some(author),
        text: "",
    })
}

/// `18:22:01 From Ann Lee to Everyone: It rained.` of Zoom.
fn of_meeting(line: &str) -> Option<Head<'_>> {
    let (before, rest) = stripped(line).split_once(char::is_whitespace)?;
    stamp(before)?;
    let rest = rest.trim_start();
    let (names, text) = rest.strip_prefix("From ").or_else(|| rest.strip_prefix("from "))?.split_once(':')?;
    let author = names.split_once(" to ").map_or(names, |(author, _)| author).trim();
    is_author(author).then(|| Head { stamp: before, author: Some(author), text: text.trim() })
}

/// `[18:22] <ann> It rained.` of IRC.
fn of_irc(line: &str) -> Option<Head<'_>> {
    let (before, rest) = stripped(line).split_once('<')?;
    let (author, text) = rest.split_once('>')?;
    let within = before.trim().trim_start_matches('[').trim_end_matches(']');
    stamp(within)?;
    let is_nick = is_author(author) && !author.trim().contains(char::is_whitespace);
    (is_nick && text.starts_with(' ')).then(|| {
        let author = author.trim().trim_start_matches(['@', '+', '%', '~', '&']);
        Head { stamp: within, author: Some(author), text: text.trim() }
    })
}

/// `Ann Lee  6:22 PM` as it is copied out of Slack, with the text below.
fn of_copy(line: &str) -> Option<Head<'_>> {
    let (author, within) = stripped(line).split_once("  ")?;
    let within = within.trim();
    let bare = within.strip_prefix('[').and_then(|bare| bare.strip_suffix(']'));
    let found = stamp(bare.unwrap_or(within))?;
    // Transcripts have times behind the names of speakers, too.
    let is_clock = found.has_half || found.has_date || bare.is_some();
    (is_clock && is_author(author) && author.starts_with(char::is_alphabetic)).then(|| Head {
        stamp: bare.unwrap_or(within),
        author: Some(author.trim()),
        text: "",
    })
}
