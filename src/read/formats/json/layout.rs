//! Tells by its beginning how the records of a JSON file stand in it.

use crate::error::{Message, Position, Result};
use crate::read::InputOptions;
use crate::read::bytes::source::Source;
use crate::read::formats::json::is_separator;
use crate::read::formats::json::nesting::{Followed, Nesting};
use crate::read::formats::json::shape::{Shape, of_array, of_object};

/// How the records stand in a file.
pub(super) enum Layout {
    /// One object per line.
    Lines,
    /// Values over any number of lines, or an array of them.
    Values,
    /// In the list of the object that the file is; it begins behind so many bytes.
    List { list: usize },
    /// In no way that is read: where, and why.
    Refused(Position, Message),
}

/// The layout of a source, of which nothing is taken.
pub(super) fn layout(source: &mut Source, options: &InputOptions) -> Result<Layout> {
    let Some(start) = significant(source, 0, options.max_record)? else { return Ok(Layout::Lines) };
    match source.window().get(start) {
        Some(b'[') => array(source, start, options),
        Some(b'{') => object(source, start, options),
        _ => Ok(Layout::Lines),
    }
}

/// The layout of a file that begins with an array at a byte.
fn array(source: &mut Source, start: usize, options: &InputOptions) -> Result<Layout> {
    let next = significant(source, start + 1, options.max_record)?;
    let shape = of_array(next.and_then(|next| source.window().get(next..)).unwrap_or(&[]));
    if matches!(shape, Shape::Refused(_)) {
        let (followed, end) = follow(source, start, options.max_record)?;
        let is_on_one_line = !source.window().get(start..end).unwrap_or(&[]).contains(&b'\n');
        let is_line = matches!(followed, Followed::Closed(_)) && is_on_one_line;
        if is_line && significant(source, end, options.max_record)?.is_some() {
            // One damaged line among others.
            return Ok(Layout::Lines);
        }
    }
    Ok(of_shape(source, start, shape).unwrap_or(Layout::Values))
}

/// The layout of a file that begins with an object at a byte.
fn object(source: &mut Source, start: usize, options: &InputOptions) -> Result<Layout> {
    let (followed, end) = follow(source, start, options.max_record)?;
    let bytes = |source: &Source| source.window().get(start..end).unwrap_or(&[]).to_vec();
    let is_on_one_line = !source.window().get(start..end).unwrap_or(&[]).contains(&b'\n');
    if matches!(followed, Followed::Closed(_)) {
        let next = significant(source, end, options.max_record)?;
        let Some(next) = next else {
            let shape = of_object(&bytes(source), options);
            let plain = if is_on_one_line { Layout::Lines } else { Layout::Values };
            return Ok(of_shape(source, start, shape).unwrap_or(plain));
        };
        let between = source.window().get(end..next).unwrap_or(&[]);
        let continues = source.window().get(next) == Some(&b'{');
        let is_line =
            between.contains(&b'\n') && !between.contains(&b',') || !continues && !between.contains(&b',');
        return Ok(if is_on_one_line && is_line { Layout::Lines } else { Layout::Values });
    }
    if followed == Followed::Open && !source.ended() {
        // Longer than a record may be.
        if let Some(layout) = of_shape(source, start, of_object(&bytes(source), options)) {
            return Ok(layout);
        }
    }
    let window = source.window().get(start..).unwrap_or(&[]);
    Ok(if goes_on_in_second_line(window) { Layout::Values } else { Layout::Lines })
}

fn of_shape(source: &Source, start: usize, shape: Shape) -> Option<Layout> {
    match shape {
        Shape::Records => None,
        Shape::List { list } => Some(Layout::List { list: start + list }),
        Shape::Refused(message) => {
            let before = source.window().get(..start).unwrap_or(&[]);
            let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count() as u64;
            let path = Some(source.path().to_string());
            Some(Layout::Refused(Position { path, record: Some(1), line: Some(line) }, message))
        }
    }
}

/// Follows the object that begins at a byte, as far as a record may reach; gives the byte behind
/// what was followed.
fn follow(source: &mut Source, start: usize, limit: usize) -> Result<(Followed, usize)> {
    let mut nesting = Nesting::default();
    let mut searched = start;
    loop {
        match nesting.follow(source.window().get(searched..).unwrap_or(&[])) {
            Followed::Closed(count) => return Ok((Followed::Closed(count), searched + count)),
            Followed::Broken(at) => return Ok((Followed::Broken(at), searched + at)),
            Followed::Open => searched = source.window().len(),
        }
        if searched - start > limit || !source.fill()? {
            return Ok((Followed::Open, searched));
        }
    }
}

/// The first byte from `from` on that does not separate records, as far as `limit` more bytes.
fn significant(source: &mut Source, from: usize, limit: usize) -> Result<Option<usize>> {
    let mut from = from;
    let end = from.saturating_add(limit);
    loop {
        let window = source.window();
        let found = window.get(from..).and_then(|rest| rest.iter().position(|&byte| !is_separator(byte)));
        if let Some(found) = found {
            return Ok(Some(from + found));
        }
        from = window.len();
        if from > end || !source.fill()? {
            return Ok(None);
        }
    }
}

/// Whether the second line goes on with the object of the first, as far as one can tell: a first
/// line that is cut short is one damaged record of JSON lines.
fn goes_on_in_second_line(bytes: &[u8]) -> bool {
    let Some(end) = bytes.iter().position(|&byte| byte == b'\n') else { return false };
    let (first, rest) = bytes.split_at(end);
    let mut nesting = Nesting::default();
    if nesting.follow(first) != Followed::Open || nesting.is_in_string() {
        return false;
    }
    match (first.trim_ascii_end().last(), rest.trim_ascii_start().first()) {
        (_, None) => false,
        (Some(b'[' | b':'), _) => true,
        (Some(b','), Some(b'{')) => nesting.innermost() == Some(b'['),
        (_, Some(b'{')) => false,
        _ => true,
    }
}
