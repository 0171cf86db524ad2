//! Takes the text out of a message: what its sender wrote, without what is quoted and without a
//! signature.

use std::borrow::Cow;

use encoding_rs::Encoding;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding as Transfer, Message as Mail, MessagePart, MimeHeaders, PartType};

use crate::error::Message;
use crate::read::bytes::guess::is_utf8_in_spite_of;
use crate::read::formats::mail::carried::{carried, is_passed_on};
use crate::text::markup::html;
use crate::text::markup::quoted_mail::without_quoted_mail;
use crate::text::preparation::NO_HTML;

/// A plain text so much shorter than the page beside it only points to the page.
const STUB: usize = 4;

/// Who passes a mail on writes up to so many words above it.
const MAX_REMARK_WORDS: usize = 10;

/// How lines begin that introduce a quotation with its date: in English, German, French, Spanish,
/// Italian, Dutch, Portuguese and Polish.
const OPENINGS: [&str; 9] = ["On ", "Am ", "Le ", "El ", "Il ", "Op ", "Em ", "W dniu ", "Dnia "];

/// The text of a message.
pub(super) fn text(mail: &Mail<'_>) -> Result<String, Message> {
    let (mut plain, mut pages) = (String::new(), Vec::new());
    for part in mail.text_bodies() {
        match &part.body {
            PartType::Text(text) => add(&mut plain, &without_quotes(&decoded(mail, part, text))),
            PartType::Html(page) => pages.push(decoded(mail, part, page)),
            _ => {}
        }
    }
    if pages.is_empty() {
        let bodies = mail.html_bodies();
        pages.extend(bodies.filter_map(|part| {
            if let PartType::Html(page) = &part.body { Some(decoded(mail, part, page)) } else { None }
        }));
    } else if !plain.is_empty() {
        // A message of texts and pages in turn.
        pages.iter().for_each(|page| add(&mut plain, &page_text(page)));
        return Ok(plain);
    }
    if pages.is_empty() || !plain.trim().is_empty() && !cfg!(feature = "html") {
        return Ok(plain);
    }
    if !cfg!(feature = "html") {
        return Err(NO_HTML.into());
    }
    let mut shown = String::new();
    pages.iter().for_each(|page| add(&mut shown, &page_text(page)));
    Ok(if plain.trim().len() * STUB < shown.len() { shown } else { plain })
}

/// The text of a part: UTF-8 where its bytes are that, although the part names another encoding.
fn decoded<'t>(mail: &Mail<'_>, part: &MessagePart<'_>, text: &'t str) -> Cow<'t, str> {
    let named = part.content_type().and_then(|kind| kind.attribute("charset"));
    let Some(named) = named.and_then(|name| Encoding::for_label(name.as_bytes())) else { return text.into() };
    if text.is_ascii() || named == encoding_rs::UTF_8 {
        return text.into();
    }
    let (from, to) = (part.offset_body as usize, part.offset_end as usize);
    let Some(raw) = mail.raw_message.get(from..to) else { return text.into() };
    let bytes = match part.encoding {
        Transfer::None => Some(Cow::Borrowed(raw)),
        Transfer::QuotedPrintable => quoted_printable_decode(raw).map(Cow::Owned),
        Transfer::Base64 => base64_decode(raw).map(Cow::Owned),
    };
    match bytes.filter(|bytes| is_utf8_in_spite_of(named, bytes, false)) {
        Some(bytes) => String::from_utf8_lossy(&bytes).into_owned().into(),
        None => text.into(),
    }
}

fn page_text(page: &str) -> String {
    without_quotes(&html::page(&without_quoted_mail(page)).text)
}

fn add(text: &mut String, more: &str) {
    let more = more.trim();
    if !text.is_empty() && !more.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(more);
}

/// A plain text without lines that quote another mail, the line that introduces them, a mail that
/// stands below it with its headers, and the signature. A text that is nothing else stays, without
/// such headers; so does a mail that is passed on with a remark.
fn without_quotes(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let carried = carried(&lines);
    let own = lines.get(..carried.as_ref().map_or(lines.len(), |carried| carried.start)).unwrap_or(&[]);
    let mut kept: Vec<&str> = Vec::new();
    for (at, line) in own.iter().enumerate() {
        if line.trim_end_matches('\r') == "-- " {
            break;
        }
        if is_quoted(line) || introduces(own, at) {
            continue;
        }
        kept.push(line);
    }
    let kept = kept.join("\n");
    let is_remark = kept.split_whitespace().nth(MAX_REMARK_WORDS).is_none();
    if let Some(carried) = carried.as_ref().filter(|carried| is_remark && is_passed_on(&lines, carried)) {
        return lines.get(carried.end..).unwrap_or(&[]).join("\n");
    }
    if !kept.trim().is_empty() {
        return kept;
    }
    match carried {
        // Nothing but a mail that was passed on.
        Some(carried) if own.iter().all(|line| line.trim().is_empty()) => {
            lines.get(carried.end..).unwrap_or(&[]).join("\n")
        }
        _ => text.to_owned(),
    }
}

fn is_quoted(line: &str) -> bool {
    line.starts_with('>')
}

/// Whether a line, or the next with it, is like `On 17 May Ann <ann@example.org> wrote:` before a
/// quotation.
fn introduces(lines: &[&str], at: usize) -> bool {
    let written = |line: &str| line.contains('@') || line.contains(|c: char| c.is_ascii_digit());
    let Some(line) = lines.get(at).filter(|line| !line.trim().is_empty()) else { return false };
    let rest = lines.get(at + 1..).unwrap_or(&[]);
    let ends = |line: &str| line.trim_end().ends_with(':');
    let quotes =
        |rest: &[&str]| rest.iter().find(|line| !line.trim().is_empty()).is_some_and(|line| is_quoted(line));
    let opens = |line: &str| OPENINGS.iter().any(|opening| line.starts_with(opening));
    if ends(line) {
        // The second of two such lines may hold no more than `wrote:`.
        let before = at.checked_sub(1).and_then(|at| lines.get(at)).copied().unwrap_or("");
        return quotes(rest) && (written(line) || opens(before) && written(before));
    }
    opens(line)
        && written(line)
        && rest.first().is_some_and(|next| ends(next))
        && quotes(rest.get(1..).unwrap_or(&[]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_that_is_passed_on_with_a_remark_is_the_text() {
        let headers =
            "From: Ann <ann@example.org>\nDate: Mon, 3 Jun 2024\nSubject: Ink\nTo: <ben@example.org>\n";
        for (above, introduction, expected) in [
            ("FYI", "---------- Forwarded message ---------", "It rained."),
            ("Zur Kenntnis.\n-- \nBen", "Anfang der weitergeleiteten Nachricht:", "It rained."),
            ("I disagree.", "-----Original Message-----", "I disagree."),
            (
                "I read this twice and do not believe a word of what they say.",
                "Begin forwarded message:",
                "I read this twice and do not believe a word of what they say.",
            ),
        ] {
            let text = format!("{above}\n\n{introduction}\n{headers}\nIt rained.\n");
            assert_eq!(without_quotes(&text).trim(), expected, "{introduction}");
        }
    }

    #[test]
    fn quotations_and_signatures_are_left_out() {
        let text = "I disagree.\n\nOn 17 May Ann <ann@example.org> wrote:\n> Pay up.\n>> No.\n\nIt is 1: enough.\n-- \nBen\nTel. 7\n";
        assert_eq!(without_quotes(text), "I disagree.\n\n\nIt is 1: enough.");
        let two = "Yes.\nOn Fri, 17 May 2024, Ann Long Name\n<ann@example.org> wrote:\n\n> Pay up.";
        assert_eq!(without_quotes(two), "Yes.\n");
        let german =
            "Ja.\nAm Fr., 17. Mai 2024 um 9 Uhr schrieb Ann Long Name\n<ann@example.org>:\n\n> Pay up.";
        assert_eq!(without_quotes(german), "Ja.\n");
    }

    #[test]
    fn a_mail_that_stands_below_with_its_headers_is_left_out() {
        let below = "-----Original Message-----\nFrom: Ann\nSent: Friday\nTo: Ben\nSubject: Ink\n\nPay up.\n";
        assert_eq!(without_quotes(&format!("I disagree.\n\n{below}")), "I disagree.\n");
        assert_eq!(without_quotes(below), "\nPay up.", "it is all that there is");
    }

    #[test]
    fn a_text_that_is_nothing_but_a_quotation_stays() {
        assert_eq!(without_quotes("> Pay up."), "> Pay up.");
        assert_eq!(without_quotes("In 2024 he listed:\n- one\n-- two"), "In 2024 he listed:\n- one\n-- two");
    }
}
