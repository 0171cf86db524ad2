//! Cuts objects that stand one after the other, in an array or in a list of an object, whatever the
//! lines.

use memchr::memmem;

use crate::error::{Error, ErrorKind, Message, Position, Result};
use crate::read::bytes::source::Source;
use crate::read::formats::json::is_separator;
use crate::read::formats::json::nesting::{Followed, Nesting};
use crate::read::{Body, RawRecord};

/// Where the next record stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    /// Beside others, at the top.
    Top,
    /// In an array.
    Array,
    /// In the list of an object.
    List,
}

/// The records of a source. At most one is held.
pub(super) struct JsonValues {
    source: Source,
    max_record: usize,
    level: Level,
    line: u64,
    record: u64,
    /// How records begin: where one is damaged, the next that begins alike is looked for.
    beginning: Option<Beginning>,
    /// Blanks on the line before the next record; `None` where something else stands there.
    indent: Option<Vec<u8>>,
    /// Whether a script has assigned the values, and may end with `;`.
    is_script: bool,
}

/// Longest beginning that is remembered.
const MAX_BEGINNING: usize = 200;

/// The beginning of a record.
struct Beginning {
    /// From its bracket to the end of its first key.
    bytes: Vec<u8>,
    /// The blanks before it, if it begins a line.
    indent: Option<Vec<u8>>,
}

impl JsonValues {
    pub(super) fn new(source: Source, max_record: usize) -> Self {
        let level = Level::Top;
        let indent = Some(Vec::new());
        JsonValues {
            source,
            max_record,
            level,
            line: 1,
            record: 0,
            beginning: None,
            indent,
            is_script: false,
        }
    }

    /// Reads the values that a script assigns, behind its sign.
    pub(super) fn of_script(source: Source, max_record: usize) -> Self {
        JsonValues { is_script: true, ..JsonValues::new(source, max_record) }
    }

    /// Reads the list of the object that the source begins with; it begins behind `list` bytes.
    pub(super) fn in_list(source: Source, max_record: usize, list: usize) -> Self {
        let mut values = JsonValues { level: Level::List, ..JsonValues::new(source, max_record) };
        values.advance(list);
        values
    }

    fn read(&mut self) -> Result<Option<RawRecord>> {
        loop {
            let Some(byte) = self.skip_separators()? else {
                return match std::mem::replace(&mut self.level, Level::Top) {
                    Level::Top => Ok(None),
                    _ => Err(self.malformed(
                        "the file ends inside its array and may be truncated; expected `]` after the last object",
                    )),
                };
            };
            match (byte, self.level) {
                (b'[', Level::Top) => self.level = Level::Array,
                (b']', Level::Array) => self.level = Level::Top,
                (b';', Level::Top) if self.is_script => {}
                (b']', Level::List) => {
                    self.advance(1);
                    self.level = Level::Top;
                    self.skip_rest_of_object()?;
                    continue;
                }
                (b']' | b'}' | b':', _) => {
                    self.advance(1);
                    return Err(self.malformed(format!("found `{}` between objects", char::from(byte))));
                }
                _ => return self.value(byte).map(Some),
            }
            self.advance(1);
        }
    }

    /// Takes blanks and commas; gives the byte behind them.
    fn skip_separators(&mut self) -> Result<Option<u8>> {
        loop {
            let window = self.source.window();
            let first = window.iter().position(|&byte| !is_separator(byte));
            let found = first.and_then(|first| window.get(first)).copied();
            let count = first.unwrap_or(window.len());
            self.advance(count);
            if found.is_some() || !self.source.fill()? {
                return Ok(found);
            }
        }
    }

    /// Cuts one value, which begins with a byte.
    fn value(&mut self, first: u8) -> Result<RawRecord> {
        self.record += 1;
        let (line, offset) = (self.line, self.source.offset());
        let indent = self.indent.clone();
        let mut nesting = Nesting::default();
        let (mut searched, mut too_large) = (0, false);
        loop {
            let rest = self.source.window().get(searched..).unwrap_or(&[]);
            let followed = match first {
                b'{' | b'[' | b'"' => nesting.follow(rest),
                _ => bare_token(rest, self.source.ended()),
            };
            match followed {
                Followed::Closed(count) => {
                    return self.cut(searched + count, too_large, (line, offset, indent));
                }
                Followed::Broken(at) => return Err(self.resume_behind(searched + at, line, indent)?),
                Followed::Open if self.source.ended() => {
                    return Err(self.resume_behind(searched + rest.len(), line, indent)?);
                }
                Followed::Open => searched = self.source.window().len(),
            }
            if searched > self.max_record {
                if !too_large && self.begins_anew(1, indent.as_deref()).is_some() {
                    // What is longer than a record may be, and holds the beginning of another, has
                    // lost a bracket.
                    return Err(self.resume_behind(searched, line, indent)?);
                }
                too_large = true;
                self.advance(searched);
                searched = 0;
            }
            self.source.fill()?;
        }
    }

    fn cut(
        &mut self,
        length: usize,
        too_large: bool,
        (line, offset, indent): (u64, u64, Option<Vec<u8>>),
    ) -> Result<RawRecord> {
        if too_large || length > self.max_record {
            self.advance(length);
            let position = self.place(line);
            return Err(Error::new(ErrorKind::TooLarge { position, limit: self.max_record }));
        }
        let bytes = self.source.window().get(..length).unwrap_or(&[]).to_vec();
        self.advance(length);
        if self.beginning.is_none() {
            self.beginning = Beginning::of(&bytes, indent);
        }
        Ok(RawRecord {
            path: self.source.path().clone(),
            record: Some(self.record),
            line: Some(line),
            offset,
            decoded: self.source.decoded(),
            body: Body::Json(bytes),
        })
    }

    /// Goes to the next record behind a damaged one, and makes the error about it.
    fn resume_behind(&mut self, broken: usize, line: u64, indent: Option<Vec<u8>>) -> Result<Error> {
        let window = self.source.window();
        let found = match window.get(broken) {
            Some(b'\n') => "a line ends inside a string",
            Some(byte) if byte.is_ascii() && broken > 0 => "brackets do not match",
            _ => "it does not end",
        };
        let found = format!("it is not valid JSON: {found}");
        if self.beginning.is_none() {
            self.beginning = Beginning::of(window, indent.clone());
        }
        let mut from = 1;
        loop {
            if let Some(at) = self.begins_anew(from, indent.as_deref()) {
                self.advance(at);
                let reason = format!("{found}; reading continues at line {}", self.line);
                return Ok(Error::malformed(self.place(line), "json", reason));
            }
            // A beginning may stand across the end of the window.
            let keep = 2 * MAX_BEGINNING;
            let count = self.source.window().len().saturating_sub(keep);
            if self.source.window().len() > self.max_record {
                self.advance(count);
                from = 0;
            } else {
                from = from.max(count);
            }
            if !self.source.fill()? {
                let count = self.source.window().len();
                self.advance(count);
                self.level = Level::Top;
                let reason = format!("{found}; skipped the rest of the file");
                return Ok(Error::malformed(self.place(line), "json", reason));
            }
        }
    }

    /// The first place in the window, from a byte on, where a record begins as the others do.
    fn begins_anew(&self, from: usize, indent: Option<&[u8]>) -> Option<usize> {
        let beginning = self.beginning.as_ref()?;
        let window = self.source.window();
        let lined = beginning.indent.as_deref().or(indent);
        let mut from = from;
        loop {
            let at = from + memmem::find(window.get(from..)?, &beginning.bytes)?;
            let before = window.get(..at)?;
            let begins = match lined {
                Some(indent) => before.strip_suffix(indent).is_some_and(|before| before.ends_with(b"\n")),
                None => before.iter().rfind(|&&byte| !is_separator(byte)) == Some(&b'}'),
            };
            if begins {
                return Some(at);
            }
            from = at + 1;
        }
    }

    /// Takes what follows the list in its object. A second list of objects would be lost: it is an
    /// error.
    fn skip_rest_of_object(&mut self) -> Result<()> {
        let mut nesting = Nesting::inside(b'{');
        let mut second = false;
        loop {
            let window = self.source.window();
            let mut was_list = false;
            let mut closed = None;
            for (at, byte) in window.iter().enumerate() {
                second |= was_list && *byte == b'{';
                was_list = (was_list && byte.is_ascii_whitespace())
                    || (*byte == b'[' && nesting.depth() == 1 && !nesting.is_in_string());
                match nesting.follow(std::slice::from_ref(byte)) {
                    Followed::Open => {}
                    Followed::Closed(_) | Followed::Broken(_) => {
                        closed = Some(at + 1);
                        break;
                    }
                }
            }
            let count = closed.unwrap_or(window.len());
            self.advance(count);
            if closed.is_some() || !self.source.fill()? {
                break;
            }
        }
        match second {
            true => Err(self.malformed(
                "the object has several lists of objects, and only the first was read; write one object per line, for example \
                 with `jq -c`",
            )),
            false => Ok(()),
        }
    }

    /// Takes bytes, counts their lines, and remembers the blanks at their end.
    fn advance(&mut self, count: usize) {
        let taken = self.source.window().get(..count).unwrap_or(&[]);
        if let Some(last) = taken.iter().rposition(|&byte| byte == b'\n') {
            self.line += taken.iter().filter(|&&byte| byte == b'\n').count() as u64;
            self.indent = Some(Vec::new());
            self.add_indent(last + 1, count);
        } else {
            self.add_indent(0, count);
        }
        self.source.take(count);
    }

    fn add_indent(&mut self, from: usize, to: usize) {
        let bytes = self.source.window().get(from..to).unwrap_or(&[]);
        let is_blank = bytes.iter().all(|byte| matches!(byte, b' ' | b'\t'));
        match &mut self.indent {
            Some(indent) if is_blank && indent.len() + bytes.len() <= MAX_BEGINNING => {
                indent.extend_from_slice(bytes);
            }
            _ if bytes.is_empty() => {}
            other => *other = None,
        }
    }

    fn place(&self, line: u64) -> Position {
        Position {
            path: Some(self.source.path().to_string()),
            record: Some(self.record.max(1)),
            line: Some(line),
        }
    }

    fn malformed(&self, message: impl Into<Message>) -> Error {
        Error::malformed(self.place(self.line), "json", message)
    }
}

impl Beginning {
    /// The beginning of an object, up to the end of its first key.
    fn of(bytes: &[u8], indent: Option<Vec<u8>>) -> Option<Self> {
        let head = bytes.get(..MAX_BEGINNING.min(bytes.len()))?;
        let key = head.strip_prefix(b"{")?.trim_ascii_start().strip_prefix(b"\"")?;
        let start = head.len() - key.len();
        let end = start + key.iter().position(|&byte| byte == b'"')? + 1;
        Some(Beginning { bytes: head.get(..end)?.to_vec(), indent })
    }
}

impl Iterator for JsonValues {
    type Item = Result<RawRecord>;

    fn next(&mut self) -> Option<Result<RawRecord>> {
        self.read().transpose()
    }
}

/// Follows a number or a word.
fn bare_token(bytes: &[u8], ended: bool) -> Followed {
    let ends = |byte: &u8| is_separator(*byte) || matches!(byte, b'[' | b']' | b'{' | b'}' | b'"' | b':');
    match bytes.iter().position(ends) {
        Some(at) => Followed::Closed(at),
        None if ended => Followed::Closed(bytes.len()),
        None => Followed::Open,
    }
}
