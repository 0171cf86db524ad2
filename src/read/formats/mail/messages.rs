//! Cuts a mailbox into its messages, and reads them.

use mail_parser::{Address, HeaderValue, Message as Mail, MessageParser, MimeHeaders};

use crate::error::{Message, Result};
use crate::read::bytes::decode::Decoded;
use crate::read::bytes::sections::{Cut, Section, Sections};
use crate::read::bytes::source::Source;
use crate::read::formats::item::{Item, Place, RawItem};
use crate::read::formats::mail::begins::{after_length, is_from_line};
use crate::read::formats::mail::body;
use crate::read::{Body, InputOptions, RawRecord};

/// The messages of a file.
pub(super) struct Mails {
    sections: Sections,
    /// Whether the file is a mailbox, and not one message.
    is_mailbox: bool,
    record: u64,
}

impl Mails {
    pub(super) fn open(mut source: Source, max_record: usize) -> Result<Self> {
        source.detect_line_ends();
        let is_mailbox = source.head()?.starts_with(b"From ");
        let cut = move |line: &[u8]| if is_mailbox && is_from_line(line) { Cut::Before } else { Cut::None };
        Ok(Mails { sections: Sections::new(source, max_record, Box::new(cut)), is_mailbox, record: 0 })
    }
}

impl Iterator for Mails {
    type Item = Result<RawRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        let section = self.sections.read(self.record + 1).transpose()?;
        self.record += 1;
        let Section { bytes, line, offset } = match section {
            Ok(section) => section,
            Err(error) => return Some(Err(error)),
        };
        let message = if self.is_mailbox { unescape(&bytes) } else { without_length(bytes) };
        Some(Ok(RawRecord {
            path: self.sections.source().path().clone(),
            record: self.is_mailbox.then_some(self.record),
            line: Some(line),
            offset,
            // Each part of a message says how it is to be decoded.
            decoded: Decoded::default(),
            body: Body::Item(Box::new(RawMail(message))),
        }))
    }
}

/// A message without the line with its length and what Apple Mail writes behind it.
fn without_length(bytes: Vec<u8>) -> Vec<u8> {
    match after_length(&bytes) {
        Some((length, message)) => message.get(..length).unwrap_or(message).to_vec(),
        None => bytes,
    }
}

/// A message without the line that begins it in a mailbox. Lines of its text that look like such a
/// line stand there behind `>`.
fn unescape(section: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(section.len());
    for (number, line) in section.split_inclusive(|&byte| byte == b'\n').enumerate() {
        let quoted = line.strip_prefix(b">").filter(|rest| {
            let marks = rest.iter().take_while(|&&byte| byte == b'>').count();
            rest.get(marks..).is_some_and(|rest| rest.starts_with(b"From "))
        });
        if number > 0 || !is_from_line(line) {
            message.extend_from_slice(quoted.unwrap_or(line));
        }
    }
    message
}

#[derive(Debug)]
struct RawMail(Vec<u8>);

impl RawItem for RawMail {
    fn format(&self) -> &'static str {
        "mail"
    }

    fn note(&self) -> &'static str {
        "read as mail, by its content (`format` sets another format)"
    }

    fn parts(&self) -> Vec<&[u8]> {
        vec![&self.0]
    }

    fn read(&self, _: &Place, _: &InputOptions) -> std::result::Result<Item, Message> {
        let mail = MessageParser::default().parse(&self.0).filter(|mail| !mail.headers().is_empty());
        let mail = mail.ok_or("it is not a message: it does not begin with headers such as `From: `")?;
        let mut text = body::text(&mail)?;
        if text.trim().is_empty()
            && let Some(closed) = closed(&mail)
            && let Some(mail) = MessageParser::default().parse(&closed)
        {
            text = body::text(&mail)?;
        }
        let mut item = Item {
            id: mail.message_id().map(str::to_owned),
            title: mail.subject().map(str::to_owned),
            text,
            ..Item::default()
        };
        if let Some(date) = mail.date() {
            item.push("date", &date.to_rfc3339());
        }
        item.push("author", &mail.from().map(author).unwrap_or_default());
        for header in mail.headers() {
            item.push(header.name().to_owned(), &written(&mail, header.name(), header.value()));
        }
        Ok(item)
    }
}

/// A message with the lines that end its parts, where one of them is missing: a message that was
/// cut, or that its sender never ended.
fn closed(mail: &Mail<'_>) -> Option<Vec<u8>> {
    mail.parts.iter().find(|part| part.is_encoding_problem)?;
    let boundaries = mail.parts.iter().filter_map(|part| part.content_type()?.attribute("boundary"));
    let boundaries: Vec<&str> = boundaries.collect();
    let mut closed = mail.raw_message.to_vec();
    boundaries.iter().rev().for_each(|boundary| closed.extend(format!("\r\n--{boundary}--\r\n").bytes()));
    (!boundaries.is_empty()).then_some(closed)
}

/// The name of the first sender, or the address of one without a name.
fn author(from: &Address<'_>) -> String {
    let first = from.first();
    first.and_then(|first| first.name().or(first.address())).unwrap_or_default().to_owned()
}

/// A header as it is shown.
fn written(mail: &Mail<'_>, name: &str, value: &HeaderValue<'_>) -> String {
    match value {
        HeaderValue::Text(text) => text.to_string(),
        HeaderValue::TextList(texts) => texts.join(", "),
        HeaderValue::Address(addresses) => {
            let one = |name: Option<&str>, address: Option<&str>| match (name, address) {
                (Some(name), Some(address)) => format!("{name} <{address}>"),
                (name, address) => name.or(address).unwrap_or_default().to_owned(),
            };
            let all = addresses.iter().map(|address| one(address.name(), address.address()));
            all.collect::<Vec<_>>().join(", ")
        }
        _ => mail.header_raw(name.to_owned()).unwrap_or_default().trim().to_owned(),
    }
}
