//! Tells by one value whether it holds records, is one, or is the table of another tool.

use crate::error::Message;
use crate::read::InputOptions;
use crate::read::formats::json::is_separator;
use crate::read::formats::json::nesting::{Followed, Nesting};
use crate::read::formats::json::path::has;

/// What a value is to a reader of records.
pub(super) enum Shape {
    /// A record, or an array of records.
    Records,
    /// An object with one list of records, which begins behind so many bytes.
    List { list: usize },
    /// A table in a form that is not read.
    Refused(Message),
}

/// A string of so many bytes beside a list is the text of a record, and the list belongs to it.
const LONG_STRING: usize = 500;

/// The shape of an array, by its first element.
pub(super) fn of_array(element: &[u8]) -> Shape {
    let what = match element.first() {
        Some(b'[') => "arrays, whose values have no names",
        Some(b'"') => "strings, which have no names",
        Some(b'0'..=b'9' | b'-') => "numbers",
        _ => return Shape::Records,
    };
    Shape::Refused(
        format!(
            "it is an array of {what}; expected objects such as {{\"text\": \"...\"}} (pandas: \
             `to_json(orient='records')`)"
        )
        .into(),
    )
}

/// The shape of an object that is all of a file, or of its beginning where it is larger than a
/// record may be.
pub(super) fn of_object(bytes: &[u8], options: &InputOptions) -> Shape {
    let members = members(bytes);
    let member = |key: &str| members.iter().find(|member| member.key == key);
    let begins = |member: &Member, with: &[u8]| {
        let value = bytes.get(member.start..).unwrap_or(&[]);
        value.strip_prefix(with).is_some()
    };
    if member("columns").zip(member("data")).is_some_and(|(columns, data)| {
        begins(columns, b"[") && first_inside(bytes, data).is_some_and(|first| first.1 == b'[')
    }) {
        return Shape::Refused(pandas("split"));
    }
    let texts = &options.preparation.text_columns;
    let stands = |name: &String| {
        member(name).is_some()
            || members
                .iter()
                .any(|m| name.strip_prefix(m.key.as_str()).is_some_and(|rest| rest.starts_with('.')))
    };
    if let Some(text) = texts.iter().find_map(|name| member(name)).filter(|text| begins(text, b"{")) {
        let is_numbered = |key: &str| key.bytes().all(|byte| byte.is_ascii_digit());
        let inner = members_of(bytes, text);
        if inner.first().is_some_and(|first| is_numbered(&first.key)) {
            return Shape::Refused(pandas("columns"));
        }
    }
    if texts.iter().any(stands) {
        return Shape::Records;
    }
    let lists: Vec<usize> = members
        .iter()
        .filter(|member| begins(member, b"["))
        .filter_map(|member| first_inside(bytes, member))
        .filter_map(|(at, first)| (first == b'{').then_some(at))
        .collect();
    let is_long = |member: &Member| begins(member, b"\"") && member.end - member.start > LONG_STRING;
    if let [at] = lists.as_slice()
        && !members.iter().any(is_long)
        && holds_texts(bytes.get(*at..).unwrap_or(&[]), texts)
    {
        return Shape::List { list: *at };
    }
    let is_record = |member: &Member| {
        begins(member, b"{") && holds_texts(bytes.get(member.start..).unwrap_or(&[]), texts)
    };
    if members.len() > 1
        && members.iter().all(|member| begins(member, b"{"))
        && members.iter().take(2).all(is_record)
    {
        return Shape::Refused(
            Message::from("it is an object of objects, each under a key of its own; write an array of them ")
                .then("(pandas: `to_json(orient='records')`; jq: `jq -c '.[]'`)"),
        );
    }
    Shape::Records
}

fn pandas(orient: &str) -> Message {
    format!(
        "it is a table by columns, as pandas writes it with orient='{orient}'; write one object per row: \
         `to_json(orient='records')`"
    )
    .into()
}

/// Whether the object that some bytes begin with has all texts.
fn holds_texts(bytes: &[u8], texts: &[String]) -> bool {
    let Followed::Closed(end) = Nesting::default().follow(bytes) else { return false };
    let object = std::str::from_utf8(bytes.get(..end).unwrap_or(&[])).unwrap_or("");
    texts.iter().all(|name| has(object, name))
}

/// A key of an object, and where its value stands.
struct Member {
    key: String,
    start: usize,
    end: usize,
}

/// The members of the object that some bytes begin with; the last may be cut off.
fn members(bytes: &[u8]) -> Vec<Member> {
    let mut members = Vec::new();
    let mut at = 1;
    while let Some(start) = significant(bytes, at) {
        let Some((key, colon)) = key(bytes, start) else { break };
        let Some(start) = significant(bytes, colon) else { break };
        let rest = bytes.get(start..).unwrap_or(&[]);
        let length = match rest.first() {
            Some(b'{' | b'[' | b'"') => match Nesting::default().follow(rest) {
                Followed::Closed(length) => length,
                Followed::Open | Followed::Broken(_) => rest.len(),
            },
            _ => rest.iter().position(|byte| matches!(byte, b',' | b'}')).unwrap_or(rest.len()),
        };
        members.push(Member { key, start, end: start + length });
        at = start + length;
    }
    members
}

fn members_of(bytes: &[u8], member: &Member) -> Vec<Member> {
    members(bytes.get(member.start..member.end).unwrap_or(&[]))
}

/// The key that stands at a byte, and the byte behind its colon.
fn key(bytes: &[u8], start: usize) -> Option<(String, usize)> {
    let rest = bytes.get(start..).filter(|rest| rest.starts_with(b"\""))?;
    let Followed::Closed(length) = Nesting::default().follow(rest) else { return None };
    let key = serde_json::from_slice(rest.get(..length)?).ok()?;
    let colon = significant(bytes, start + length).filter(|&at| bytes.get(at) == Some(&b':'))?;
    Some((key, colon + 1))
}

/// The first byte of the first element of a list, and its place.
fn first_inside(bytes: &[u8], list: &Member) -> Option<(usize, u8)> {
    let at = significant(bytes, list.start + 1)?;
    bytes.get(at).map(|&byte| (at, byte))
}

fn significant(bytes: &[u8], from: usize) -> Option<usize> {
    let found = bytes.get(from..)?.iter().position(|&byte| !is_separator(byte))?;
    Some(from + found)
}
