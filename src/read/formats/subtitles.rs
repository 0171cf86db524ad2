//! Reads subtitles (.srt, .vtt, .sbv) and transcripts of Whisper: what is said, without the numbers
//! and the times. A file is one text.

use memchr::memmem;

use crate::error::Message;
use crate::read::formats::item::{Item, Place, RawItem};
use crate::read::{Body, InputOptions};

/// What stands between the times at which a subtitle begins and ends.
const ARROW: &str = "-->";
/// The first word of WebVTT.
const WEBVTT: &str = "WEBVTT";
/// Lines in which the first times stand. Before them a file of WebVTT has its own head.
const MAX_HEAD_LINES: usize = 30;

/// Whether a text begins like subtitles: with the name of WebVTT, with a number and times, or with
/// times in a line of their own or in brackets.
pub(crate) fn begins(head: &[u8]) -> bool {
    // Nearly no text has an arrow, or begins with a digit.
    let is_time = head.trim_ascii_start().first().is_some_and(u8::is_ascii_digit);
    if !is_time && memmem::find(head, ARROW.as_bytes()).is_none() {
        return false;
    }
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines().map(str::trim).skip_while(|line| line.is_empty()).take(MAX_HEAD_LINES);
    let Some(first) = lines.next() else { return false };
    match first.split_whitespace().next() {
        Some(WEBVTT) => lines.any(are_times),
        _ if first.parse::<u32>().is_ok() => lines.next().is_some_and(are_times),
        _ if is_bare_pair(first) => lines.any(is_bare_pair),
        _ => {
            said_beside_times(first).is_some()
                && lines.next().is_some_and(|line| said_beside_times(line).is_some())
        }
    }
}

/// A file of subtitles.
pub(crate) fn body(bytes: Vec<u8>) -> Body {
    Body::Item(Box::new(Subtitles(bytes)))
}

#[derive(Debug)]
struct Subtitles(Vec<u8>);

impl RawItem for Subtitles {
    fn format(&self) -> &'static str {
        "subtitles"
    }

    fn note(&self) -> &'static str {
        "read as subtitles, by its content (`format` sets another format)"
    }

    fn parts(&self) -> Vec<&[u8]> {
        vec![&self.0]
    }

    fn read(&self, place: &Place, _: &InputOptions) -> Result<Item, Message> {
        let (text, replaced) = place.decode(&self.0);
        let has_times =
            |line: &str| said_beside_times(line).is_some() || are_times(line) || is_bare_pair(line);
        if !text.trim().is_empty() && !text.lines().any(has_times) {
            return Err(
                "not a subtitle file: no line has times such as `00:00:01,000 --> 00:00:04,000`".into()
            );
        }
        Ok(Item { text: speech(&text), replaced, ..Item::default() })
    }
}

/// Whether a line says when a subtitle is shown: `00:00:01,000 --> 00:00:04,000`.
fn are_times(line: &str) -> bool {
    let Some((begin, end)) = line.split_once(ARROW) else { return false };
    // Behind the end WebVTT has settings.
    is_time(begin.trim()) && end.split_whitespace().next().is_some_and(is_time)
}

/// Whether a line is two times, as YouTube writes them: `0:00:01.000,0:00:04.000`.
fn is_bare_pair(line: &str) -> bool {
    let is_whole = |time: &str| is_time(time) && time.contains('.') && !time.contains(',');
    line.trim().split_once(',').is_some_and(|(begin, end)| is_whole(begin) && is_whole(end))
}

/// What a line says behind its times in brackets, as Whisper prints it:
/// `[00:00.000 --> 00:04.000]  It rained.`
fn said_beside_times(line: &str) -> Option<&str> {
    let (times, said) = line.trim().strip_prefix('[')?.split_once(']')?;
    are_times(times).then_some(said.trim())
}

fn is_time(word: &str) -> bool {
    word.contains(':') && word.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | ',' | '.'))
}

/// The lines that are said. Programs that transcribe say a line again in the next subtitle.
fn speech(text: &str) -> String {
    let (mut out, mut last) = (String::new(), String::new());
    let mut is_said = false;
    for line in text.lines().map(str::trim) {
        if are_times(line) || is_bare_pair(line) || line.is_empty() {
            is_said = !line.is_empty();
            continue;
        }
        let beside = said_beside_times(line);
        is_said |= beside.is_some();
        let line = without_tags(beside.unwrap_or(line));
        if !is_said || line.is_empty() || line == last {
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&line);
        last = line;
    }
    out
}

/// A line without marks of style, such as `<i>` and `{\an8}`.
fn without_tags(line: &str) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while let Some(at) = rest.find(['<', '{']) {
        let (before, tag) = rest.split_at(at);
        let close = if tag.starts_with('<') { '>' } else { '}' };
        let is_tag = tag.starts_with('<') || tag.starts_with("{\\");
        let Some(end) = tag.find(close).filter(|_| is_tag) else {
            let next = at + 1;
            out.push_str(rest.get(..next).unwrap_or(rest));
            rest = rest.get(next..).unwrap_or("");
            continue;
        };
        out.push_str(before);
        rest = tag.get(end + 1..).unwrap_or("");
    }
    out.push_str(rest);
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SRT: &str = "1\n00:00:01,000 --> 00:00:04,000\n<i>It rained</i> on\nthe first day.\n\n\
        2\n00:00:05,000 --> 00:00:09,000\n{\\an8}Nobody came, 3 < 4.\n";
    const VTT: &str = "WEBVTT - talk\nKind: captions\n\nNOTE by Ann\nfor Ben\n\nfirst\n00:01.000 --> 00:04.000 align:start\n\
        <v Ann>It rained on\n\n00:05.000 --> 00:09.000\nIt rained on\nthe first day.\n";

    #[test]
    fn what_is_said_is_the_text() {
        for (text, expected) in [
            (SRT, "It rained on\nthe first day.\nNobody came, 3 < 4."),
            (VTT, "It rained on\nthe first day."),
            (&SRT.replace('\n', "\r\n"), "It rained on\nthe first day.\nNobody came, 3 < 4."),
        ] {
            assert!(begins(text.as_bytes()), "{text}");
            assert_eq!(speech(text), expected);
        }
    }

    #[test]
    fn times_may_stand_alone_or_in_brackets() {
        let sbv = "0:00:01.000,0:00:04.000\nIt rained on\nthe first day.\n\n0:00:05.000,0:00:09.000\nNobody came.\n";
        let whisper = "[00:00.000 --> 00:04.000]  It rained on\n[00:04.000 --> 00:07.000]  the first day.\n\
            [01:00:07.000 --> 01:00:09.000]  Nobody came.\n";
        for text in [sbv, whisper] {
            assert!(begins(text.as_bytes()), "{text}");
            assert_eq!(speech(text), "It rained on\nthe first day.\nNobody came.");
        }
        for text in [
            "0:00:01.000,0:00:04.000\nIt rained.\n",
            "[00:00.000 --> 00:04.000] It rained.\nIt did.\n",
            "1:0, 2:0\n",
        ] {
            assert!(!begins(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn texts_are_told_from_subtitles() {
        for text in [
            "",
            "1\nIt rained.\n",
            "WEBVTT is a format. Its times have --> between them.",
            "The arrow 00:00:01,000 --> 00:00:04,000 stands in a text.\n",
            "1\nA --> B\n",
        ] {
            assert!(!begins(text.as_bytes()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_subtitles_panic(text in "(\\PC|\n|1\n|00:01.000 --> 00:04.000\n|<|>|\\{|\\}|WEBVTT\n){0,40}") {
            begins(text.as_bytes());
            speech(&text);
        }
    }
}
