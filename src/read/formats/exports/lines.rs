//! Takes the lines of an article apart: blocks between blank lines, and lines that name what they
//! hold.

use crate::read::formats::dates;
use crate::read::formats::item::Item;

/// No name of a line is longer.
pub(super) const MAX_NAME: usize = 40;

/// Lines without a blank one between them.
pub(super) type Block<'l, 't> = &'l [&'t str];

/// The blocks of some lines.
pub(super) fn blocks<'l, 't>(lines: &'l [&'t str]) -> impl Iterator<Item = Block<'l, 't>> {
    lines.split(|line| line.trim().is_empty()).filter(|block| !block.is_empty())
}

/// The lines of a block on one line.
pub(super) fn joined(block: &[&str]) -> String {
    block.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// The name in small letters, and the rest, of a line that may have one.
pub(super) fn named(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim();
    (name.len() <= MAX_NAME).then(|| (name.to_lowercase(), value))
}

/// The name in small letters, and the rest, of a line such as `LENGTH: 212 words`, if the name is
/// one of `keys`.
pub(super) fn key<'t>(line: &'t str, keys: &[&'static str]) -> Option<(&'static str, &'t str)> {
    let (name, value) = named(line.trim_start())?;
    let found = keys.iter().find(|key| **key == name)?;
    Some((found, value))
}

/// Adds a value under its name, and under that which all layouts give it.
pub(super) fn push(item: &mut Item, name: &'static str, value: &str) {
    let alias = match name {
        "byline" | "autor" | "author" => "author",
        "headline" | "title" => {
            item.title.get_or_insert_with(|| value.trim().to_owned());
            return;
        }
        other => other,
    };
    if alias == "author" {
        let by = ["By ", "BY ", "by ", "Von "].iter().find_map(|by| value.trim().strip_prefix(by));
        item.push(alias, by.unwrap_or(value));
    } else {
        item.push(alias, value);
    }
}

/// Adds a date, by ISO 8601 where it can be read.
pub(super) fn push_date(item: &mut Item, written: &str) {
    item.push("date", &dates::to_iso(written).unwrap_or_else(|| written.trim().to_owned()));
}

/// Whether a block says who has the rights.
pub(super) fn is_copyright(block: &[&str]) -> bool {
    let first = block.first().map_or("", |line| line.trim());
    [
        "Copyright",
        "(c) ",
        "(C) ",
        "©",
        "All Rights Reserved",
        "Alle Rechte vorbehalten",
        "Alle Rechten voorbehouden",
        "Alle rechten voorbehouden",
        "Tous droits réservés",
        "Todos los derechos reservados",
        "Tutti i diritti riservati",
        "Все права защищены",
    ]
    .iter()
    .any(|beginning| first.starts_with(beginning))
}

/// The lines of blocks as a text.
pub(super) fn text(blocks: &[Block<'_, '_>]) -> String {
    let lines = |block: &Block<'_, '_>| block.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n");
    blocks.iter().map(lines).collect::<Vec<_>>().join("\n\n")
}
