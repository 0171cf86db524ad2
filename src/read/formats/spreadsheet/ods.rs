//! Reads the cells of a sheet of an .ods file.
//!
//! This is not calamine's: its reader for .ods makes every repeated cell anew, and never ends where
//! a sheet has no end.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read};

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::read::formats::spreadsheet::archive::Archive;
use crate::read::formats::spreadsheet::table::{Cell, LAST_COLUMN, RowCells, Stop, Table};

/// As far as the list of an archive's parts is looked at.
const MAX_MANIFEST_BYTES: u64 = 1 << 20;

pub(super) fn read(archive: &mut Archive, table: &mut Table<'_>) -> Result<(), Stop> {
    if is_encrypted(archive) {
        return Err(Stop::Unreadable("it is protected by a password".to_owned()));
    }
    let content = archive.by_name("content.xml").map_err(damaged)?;
    Sheets::new(BufReader::new(content)).read(table)
}

fn is_encrypted(archive: &mut Archive) -> bool {
    let mut manifest = String::new();
    let read = archive
        .by_name("META-INF/manifest.xml")
        .is_ok_and(|part| part.take(MAX_MANIFEST_BYTES).read_to_string(&mut manifest).is_ok());
    read && manifest.contains("manifest:encryption-data")
}

fn damaged(error: impl std::fmt::Display) -> Stop {
    Stop::Unreadable(format!("it is damaged: {error}"))
}

fn cut_short() -> Stop {
    Stop::Unreadable("it is damaged: a sheet has no end".to_owned())
}

struct Sheets<R> {
    xml: Reader<R>,
    buffer: Vec<u8>,
}

impl<R: BufRead> Sheets<R> {
    fn new(from: R) -> Self {
        let mut xml = Reader::from_reader(from);
        xml.config_mut().expand_empty_elements = true;
        Sheets { xml, buffer: Vec::new() }
    }

    fn next(&mut self) -> Result<Event<'_>, Stop> {
        self.buffer.clear();
        match self.xml.read_event_into(&mut self.buffer).map_err(damaged)? {
            Event::Eof => Err(cut_short()),
            event => Ok(event),
        }
    }

    /// Passes over the rest of an element.
    fn pass(&mut self, name: &str) -> Result<(), Stop> {
        self.buffer.clear();
        self.xml.read_to_end_into(quick_xml::name::QName(name), &mut self.buffer).map(drop).map_err(damaged)
    }

    /// Sheets follow each other in one text: each is read or passed over when it is met.
    fn read(&mut self, table: &mut Table<'_>) -> Result<(), Stop> {
        let (mut names, mut hidden, mut style) = (Vec::new(), HashSet::new(), String::new());
        loop {
            let start = match self.next()? {
                Event::Start(start) => start.into_owned(),
                Event::End(end) if end.name().0 == "office:document-content" => break,
                _ => continue,
            };
            match start.name().0 {
                "style:style" => style = attribute(&start, "style:name")?.unwrap_or_default(),
                "style:table-properties"
                    if attribute(&start, "table:display")?.as_deref() == Some("false") =>
                {
                    hidden.insert(std::mem::take(&mut style));
                }
                "table:table" => {
                    let name = attribute(&start, "table:name")?.unwrap_or_default();
                    let style = attribute(&start, "table:style-name")?;
                    let is_visible = style.is_none_or(|style| !hidden.contains(&style));
                    if table.wants(&name, is_visible) {
                        return self.rows(table);
                    }
                    names.push(name);
                    self.pass("table:table")?;
                }
                _ => {}
            }
        }
        Err(table.not_found(&names))
    }

    fn rows(&mut self, table: &mut Table<'_>) -> Result<(), Stop> {
        let (mut line, mut row) = (1u64, table.row());
        loop {
            match self.next()? {
                Event::Start(start) if start.name().0 == "table:table-row" => {
                    let count = number(&start, "table:number-rows-repeated")?;
                    row.clear();
                    let unstored = self.cells(&mut row)?;
                    table.rows(line, count, &row)?;
                    unstored.into_iter().for_each(|column| table.count_unstored(line, column));
                    line = line.saturating_add(count);
                }
                Event::End(end) if end.name().0 == "table:table" => return table.tell_of_unstored(),
                _ => {}
            }
        }
    }

    /// Reads the cells of a row. Gives the columns of formulas without a stored result, as far as
    /// Excel has columns.
    fn cells(&mut self, row: &mut RowCells<'static>) -> Result<Vec<u64>, Stop> {
        let (mut first, mut unstored) = (0u64, Vec::new());
        loop {
            let start = match self.next()? {
                Event::Start(start) => start.into_owned(),
                Event::End(end) if end.name().0 == "table:table-row" => return Ok(unstored),
                _ => continue,
            };
            let name = start.name().0.to_owned();
            if name != "table:table-cell" && name != "table:covered-table-cell" {
                self.pass(&name)?;
                continue;
            }
            let count = number(&start, "table:number-columns-repeated")?;
            let shown = self.shown(&name, row.room())?;
            let text = value(&start)?.unwrap_or(shown);
            if text.is_empty() && first <= LAST_COLUMN && is_unstored(&start)? {
                unstored.push(first);
            }
            row.push(Cell { first, count, text: Cow::Owned(text) });
            first = first.saturating_add(count);
        }
    }

    /// The text that a cell shows, of about `longest` bytes at most: its paragraphs, one per line,
    /// without notes and drawings.
    fn shown(&mut self, cell: &str, longest: usize) -> Result<String, Stop> {
        let (mut text, mut paragraphs, mut open) = (String::new(), 0u32, 0u32);
        loop {
            let mut passed = None;
            let room = longest.saturating_sub(text.len());
            match self.next()? {
                Event::Start(start) => match start.name().0 {
                    "text:p" | "text:h" => {
                        if paragraphs > 0 && room > 0 {
                            text.push('\n');
                        }
                        (paragraphs, open) = (paragraphs + 1, open + 1);
                    }
                    "text:s" => {
                        let count = usize::try_from(number(&start, "text:c")?).unwrap_or(usize::MAX);
                        text.extend(std::iter::repeat_n(' ', count.min(room)));
                    }
                    "text:tab" if room > 0 => text.push('\t'),
                    "text:line-break" if room > 0 => text.push('\n'),
                    "office:annotation" | "table:table" => passed = Some(start.name().0.to_owned()),
                    name if name.starts_with("draw:") => passed = Some(name.to_owned()),
                    _ => {}
                },
                Event::End(end) if end.name().0 == cell => return Ok(text),
                Event::End(end) if matches!(end.name().0, "text:p" | "text:h") => {
                    open = open.saturating_sub(1);
                }
                Event::Text(part) if open > 0 && room > 0 => text.push_str(&part.xml10_content()),
                Event::CData(part) if open > 0 && room > 0 => text.push_str(&part.xml10_content()),
                Event::GeneralRef(reference) if open > 0 && room > 0 => {
                    if let Some(c) = character(&reference) {
                        text.push_str(&c);
                    }
                }
                _ => {}
            }
            if let Some(name) = passed {
                self.pass(&name)?;
            }
        }
    }
}

fn character(reference: &BytesRef<'_>) -> Option<String> {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return Some(c.to_string());
    }
    quick_xml::escape::resolve_xml_entity(&reference.xml10_content()).map(str::to_owned)
}

/// The value that an element gives besides its text; none if its text is its value.
fn value(cell: &BytesStart<'_>) -> Result<Option<String>, Stop> {
    let kind = attribute(cell, "office:value-type")?.unwrap_or_default();
    Ok(match kind.as_str() {
        "float" | "percentage" | "currency" => attribute(cell, "office:value")?
            .map(|written| written.parse::<f64>().map_or(written, |number| number.to_string())),
        "date" => attribute(cell, "office:date-value")?,
        "time" => attribute(cell, "office:time-value")?,
        "boolean" => attribute(cell, "office:boolean-value")?.map(|written| written.to_uppercase()),
        // An error's value is empty; its text is not.
        _ => attribute(cell, "office:string-value")?.filter(|written| !written.is_empty()),
    })
}

/// Whether an empty cell has a formula that nobody has calculated: a result has a type.
fn is_unstored(cell: &BytesStart<'_>) -> Result<bool, Stop> {
    Ok(attribute(cell, "table:formula")?.is_some() && attribute(cell, "office:value-type")?.is_none())
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, Stop> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(damaged)?;
        if attribute.key.0 == name {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(damaged)?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// How often something stands there: once, if it is not said.
fn number(element: &BytesStart<'_>, name: &str) -> Result<u64, Stop> {
    attribute(element, name)?.map_or(Ok(1), |written| written.parse().map_err(damaged))
}
