//! Reads chats that were exported or copied as text (WhatsApp, Discord, Telegram, Slack, Zoom,
//! IRC): each message is a text, with its author and its date.

mod heads;
mod page;
mod stamp;

pub(crate) use page::refusal as refusal_of_page;

use heads::{HEADS, Head, ReadHead};

use crate::error::{Error, Message, Position, Result};
use crate::read::InputOptions;
use crate::read::bytes::sections::{Cut, Sections};
use crate::read::bytes::source::Source;
use crate::read::formats::item::{Item, Place, RawItem};
use crate::read::formats::item_reader::ItemReader;

/// A file has at least so many messages; an article may quote fewer.
const MIN_MESSAGES: usize = 3;
/// Signs of a rule above the first message, and of one that ends a message. Discord's exporter
/// writes 62; people who write a message draw shorter ones.
const MIN_RULE: usize = 5;
const MIN_LAST_RULE: usize = 40;

/// What messages begin with in a text that begins like a chat: its first line begins a message, or
/// is the rule above what Discord's exporter says of the channel.
fn layout(head: &[u8]) -> Option<ReadHead> {
    let first = head.trim_ascii_start().split(|&byte| byte == b'\n').next().unwrap_or(&[]);
    // Nearly all texts begin with a line that has no time.
    let may_be_head = || first.contains(&b':') && first.iter().any(u8::is_ascii_digit);
    if !(is_rule(first, MIN_RULE) || may_be_head()) {
        return None;
    }
    let head = String::from_utf8_lossy(head);
    let first = String::from_utf8_lossy(first);
    HEADS.into_iter().find(|read| {
        let named = |line: &str| read(line).is_some_and(|head| head.author.is_some());
        (read(&first).is_some() || is_rule(first.as_bytes(), MIN_RULE))
            && head.lines().filter(|line| named(line)).nth(MIN_MESSAGES - 1).is_some()
    })
}

/// Whether a line is a rule of at least so many signs, as Discord's exporter writes it.
fn is_rule(line: &[u8], min: usize) -> bool {
    let line = line.trim_ascii();
    line.len() >= min && line.iter().all(|&byte| byte == b'=')
}

/// Whether a text begins like a chat.
pub(crate) fn begins(head: &[u8]) -> bool {
    layout(head).is_some()
}

/// Reads the messages of a chat.
pub(crate) fn open(mut source: Source, options: &InputOptions) -> Result<ItemReader> {
    let Some(read) = layout(source.beginning()?) else {
        let position = Position::from_path(source.path().to_string());
        let message = "it is not a chat: its first line is not the time and the author of a message";
        return Err(Error::malformed(position, "chat", message));
    };
    let cut = move |line: &[u8]| {
        let begins = is_rule(line, MIN_LAST_RULE) || read(&String::from_utf8_lossy(line)).is_some();
        if begins { Cut::Before } else { Cut::None }
    };
    let sections = Sections::new(source, options.max_record, Box::new(cut));
    let said = move |bytes: Vec<u8>| -> Option<Box<dyn RawItem>> {
        // The program itself wrote the remaining sections.
        message(&String::from_utf8_lossy(&bytes), read)?;
        Some(Box::new(Said { read, bytes }))
    };
    Ok(ItemReader::new(sections, Box::new(said)))
}

/// The message of a section; none where a program wrote it, or where nothing is said.
fn message(section: &str, read: ReadHead) -> Option<Item> {
    let section = section.trim_start();
    let (first, below) = section.split_once('\n').unwrap_or((section, ""));
    let Head { stamp, author, text } = read(first)?;
    let mut item = Item::default();
    item.push("author", author?);
    item.push("date", &stamp::date(stamp));
    let text = if text.is_empty() { below.trim().to_owned() } else { format!("{text}\n{below}") };
    let text = without_remarks(&text).trim();
    (!text.is_empty()).then(|| Item { text: text.to_owned(), ..item })
}

/// A message without what the program says of it: `<Media omitted>`, `image omitted` or
/// `This message was edited`. WhatsApp puts a mark of direction before its own words.
fn without_remarks(text: &str) -> &str {
    const MARK: char = '\u{200e}';
    let text = text.split_once(MARK).map_or(text, |(said, _)| said).trim();
    let is_remark = |rest: &str| {
        rest.ends_with('>') && !rest.contains('\n') && !rest.get(1..).unwrap_or("").contains('<')
    };
    match text.rfind('<').and_then(|at| text.split_at_checked(at)) {
        Some((said, rest)) if is_remark(rest) && (said.is_empty() || rest.contains(' ')) => said,
        _ => text,
    }
}

struct Said {
    read: ReadHead,
    bytes: Vec<u8>,
}

impl std::fmt::Debug for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Said").field(&self.bytes.len()).finish()
    }
}

impl RawItem for Said {
    fn format(&self) -> &'static str {
        "chat"
    }

    fn note(&self) -> &'static str {
        "read as a chat, one text per message, by its content (`format` sets another format)"
    }

    fn parts(&self) -> Vec<&[u8]> {
        vec![&self.bytes]
    }

    fn read(&self, place: &Place, _: &InputOptions) -> std::result::Result<Item, Message> {
        let (text, replaced) = place.decode(&self.bytes);
        Ok(Item { replaced, ..message(&text, self.read).unwrap_or_default() })
    }
}

#[cfg(test)]
mod tests;
