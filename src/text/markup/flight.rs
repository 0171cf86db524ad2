//! Reads the pages that Next.js streams into scripts, in rows of its own:
//! `self.__next_f.push([1,"0:[\"$\",\"p\",null,{...}]"])`.
//!
//! A row is an element of React, an object, or a text that others refer to. Elements are written as
//! HTML, which is read as any other.

use std::collections::HashMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// What stands before each piece of the rows.
const PUSH: &str = "__next_f.push(";
/// Most bytes of all rows: they are held as a tree, which takes many times as much.
const MAX_BYTES: usize = 4 << 20;
/// Most bytes of the HTML that is made of them.
const MAX_HTML: usize = 16 << 20;
/// Deepest element that is written.
const MAX_DEPTH: usize = 100;
/// Parts of an element that are shown while it is loaded, or instead of it.
const PLACEHOLDERS: [&str; 6] = ["fallback", "loading", "error", "notFound", "forbidden", "template"];

/// The pieces of rows in the scripts of a page, in order.
#[derive(Debug, Default)]
pub(super) struct Pieces(String);

/// What the rows of a page hold.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The elements, as HTML.
    pub(super) html: String,
    /// All values, as an array of JSON.
    pub(super) values: String,
}

impl Pieces {
    /// Adds the pieces in a script.
    pub(super) fn add(&mut self, script: &str) {
        for (at, push) in script.match_indices(PUSH) {
            let rest = script.get(at + push.len()..).unwrap_or("");
            let mut json = serde_json::Deserializer::from_str(rest);
            if let Ok((1, piece)) = <(u64, String)>::deserialize(&mut json)
                && self.0.len() + piece.len() <= MAX_BYTES
            {
                self.0.push_str(&piece);
            }
        }
    }

    /// What the rows hold; `None` without any.
    pub(super) fn page(&self) -> Option<Page> {
        if self.0.is_empty() {
            return None;
        }
        let rows = rows(&self.0);
        let values: Vec<String> = rows.iter().map(|row| row.value.to_string()).collect();
        let mut places = HashMap::new();
        rows.iter().enumerate().for_each(|(place, row)| {
            places.entry(row.id).or_insert(place);
        });
        let mut writer = Writer { is_open: vec![true; rows.len()], rows: &rows, places, html: String::new() };
        writer.named(ROOT, 0);
        (0..rows.len()).for_each(|place| writer.row(place, 0));
        Some(Page { html: writer.html, values: format!("[{}]", values.join(",")) })
    }
}

/// The row of the page itself.
const ROOT: &str = "0";

struct Row<'p> {
    id: &'p str,
    value: Value,
}

/// The rows that hold values, in order.
fn rows(pieces: &str) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    let mut rest = pieces;
    while let Some((id, row)) = rest.trim_start_matches('\n').split_once(':') {
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_id {
            rest = rest.trim_start_matches('\n').split_once('\n').map_or("", |(_, rest)| rest);
            continue;
        }
        let text = row.strip_prefix('T').and_then(|row| row.split_once(','));
        let text =
            text.and_then(|(length, row)| row.split_at_checked(usize::from_str_radix(length, 16).ok()?));
        let value = match text {
            Some((text, behind)) => {
                rest = behind;
                Some(Value::String(text.to_owned()))
            }
            None => {
                let (line, behind) = row.split_once('\n').unwrap_or((row, ""));
                rest = behind;
                serde_json::from_str(line).ok().or_else(|| strings_of_deep_row(line))
            }
        };
        rows.extend(value.map(|value| Row { id, value }));
    }
    rows
}

/// The strings of a row that is nested too deep to be held as a tree.
fn strings_of_deep_row(line: &str) -> Option<Value> {
    let is_value = line.starts_with(['[', '{']) && line.ends_with([']', '}']);
    let string = |literal: &str| serde_json::from_str::<String>(literal).ok().map(Value::String);
    is_value.then(|| Value::Array(json_strings(line).filter_map(string).collect()))
}

/// The strings in double quotation marks of a script, as they are written.
pub(super) fn json_strings(script: &str) -> impl Iterator<Item = &str> {
    let mut rest = script;
    std::iter::from_fn(move || {
        let start = rest.find('"')?;
        let behind = rest.get(start + 1..)?;
        let mut is_escaped = false;
        let is_end = |c: char| {
            let is_end = c == '"' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            is_end
        };
        let length = behind.find(is_end)?;
        let literal = rest.get(start..start + length + 2)?;
        rest = behind.get(length + 1..)?;
        Some(literal)
    })
    .filter(|literal| serde_json::from_str::<IgnoredAny>(literal).is_ok())
}

/// Writes elements as HTML, each row once.
struct Writer<'r> {
    rows: &'r [Row<'r>],
    /// The first row of each name.
    places: HashMap<&'r str, usize>,
    /// Which rows were not written yet.
    is_open: Vec<bool>,
    html: String,
}

impl<'r> Writer<'r> {
    /// Writes the row of a name.
    fn named(&mut self, id: &str, depth: usize) {
        if let Some(place) = self.places.get(id) {
            self.row(*place, depth);
        }
    }

    fn row(&mut self, place: usize, depth: usize) {
        if let Some(row) = self.take(place) {
            self.value(&row.value, false, depth);
        }
    }

    /// A row that was not written yet, which it is from now on.
    fn take(&mut self, place: usize) -> Option<&'r Row<'r>> {
        let is_open = self.is_open.get_mut(place)?;
        std::mem::take(is_open).then(|| self.rows.get(place)).flatten()
    }

    /// The row that a string refers to, written or not.
    fn referred(&self, text: &str) -> Option<(usize, &'r Value)> {
        let place = *self.places.get(text.strip_prefix('$')?.trim_start_matches(['L', '@']))?;
        Some((place, &self.rows.get(place)?.value))
    }

    /// Writes a value. Strings are text inside of elements only.
    fn value(&mut self, value: &'r Value, is_inside: bool, depth: usize) {
        if depth > MAX_DEPTH || self.html.len() > MAX_HTML {
            return;
        }
        match value {
            Value::String(text) => self.string(text, is_inside, depth),
            Value::Array(values) => match values.as_slice() {
                [Value::String(mark), Value::String(name), _, Value::Object(properties), ..]
                    if mark == "$" =>
                {
                    self.element(name, properties, depth);
                }
                values => values.iter().for_each(|value| self.value(value, is_inside, depth + 1)),
            },
            Value::Object(members) => {
                members
                    .values()
                    .filter(|member| !member.is_string())
                    .for_each(|member| self.value(member, false, depth + 1));
            }
            _ => {}
        }
    }

    fn element(&mut self, name: &str, properties: &'r serde_json::Map<String, Value>, depth: usize) {
        let is_tag = name.starts_with(|c: char| c.is_ascii_lowercase());
        if matches!(name, "script" | "style" | "title") {
            return;
        }
        if is_tag {
            self.html.push_str(&format!("<{name}>"));
        }
        let html = properties.get("dangerouslySetInnerHTML").and_then(|html| html.get("__html"));
        if let Some(html) = html.and_then(Value::as_str) {
            match self.referred(html) {
                Some((place, Value::String(text))) => {
                    self.take(place);
                    self.html.push_str(text);
                }
                Some(_) => {}
                None => self.html.push_str(html),
            }
        }
        for (key, value) in properties {
            let is_element = || matches!(value.get(0), Some(Value::String(mark)) if mark == "$");
            if key == "children" || is_element() && !PLACEHOLDERS.contains(&key.as_str()) {
                self.value(value, true, depth + 1);
            }
        }
        if is_tag {
            self.html.push_str(&format!("</{name}>"));
        }
    }

    fn string(&mut self, text: &str, is_inside: bool, depth: usize) {
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
        match self.referred(text) {
            Some((place, Value::String(text))) => {
                let is_new = is_inside && self.take(place).is_some();
                self.html.push_str(&if is_new { escaped(text) } else { String::new() });
            }
            Some((place, _)) => self.row(place, depth + 1),
            None if is_inside => {
                let is_reference = text.starts_with('$') && !text.starts_with("$$");
                let plain = text.strip_prefix('$').unwrap_or(text);
                self.html.push_str(&if is_reference { String::new() } else { escaped(plain) });
            }
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(payload: &str) -> Page {
        let mut pieces = Pieces::default();
        let (first, second) = payload.split_at(payload.len() / 2);
        for piece in [first, second] {
            pieces.add(&format!("self.__next_f.push([1,{}])", serde_json::to_string(piece).unwrap()));
        }
        pieces.add("(self.__next_f=self.__next_f||[]).push([0]);self.__next_f.push([3,\"AAAA\"])");
        pieces.page().unwrap_or_default()
    }

    #[test]
    fn elements_are_written_as_html_with_what_they_refer_to() {
        let found = page(concat!(
            "1:\"$Sreact.fragment\"\n2:I[7,[\"a.js\"],\"default\"]\n",
            "0:[\"$\",\"main\",null,{\"children\":[[\"$\",\"p\",null,{\"children\":[\"Ink is \",[\"$\",\"em\",null,{\"children\":\"dry\"}],\" & 1 < 2.\"]}],\"$L3\"]}]\n",
            "3:[\"$\",\"$L2\",null,{\"fallback\":[\"$\",\"p\",null,{\"children\":\"Wait\"}],\"children\":[\"$\",\"p\",null,{\"children\":\"$4\"}]}]\n",
            "4:T8,It snows5:[\"$\",\"div\",null,{\"dangerouslySetInnerHTML\":{\"__html\":\"<p>Raw.</p>\"}}]\n",
        ));
        assert_eq!(
            found.html,
            "<main><p>Ink is <em>dry</em> &amp; 1 &lt; 2.</p><p>It snows</p></main><div><p>Raw.</p></div>"
        );
    }

    #[test]
    fn values_are_kept_for_those_who_look_for_prose() {
        let found = page("0:{\"article\":{\"text\":\"It snows.\"}}\n6:Tb,Ink is dry.7:null\nx\n");
        assert_eq!(found.values, "[{\"article\":{\"text\":\"It snows.\"}},\"Ink is dry.\",null]");
    }

    #[test]
    fn rows_of_one_name_are_all_kept() {
        let row = |text: &str| format!("5:[\"$\",\"p\",null,{{\"children\":\"{text}\"}}]\n");
        assert_eq!(page(&(row("Ink.") + &row("Rain."))).html, "<p>Ink.</p><p>Rain.</p>");
    }

    #[test]
    fn strings_of_rows_that_are_nested_deep_are_kept() {
        let deep = format!("0:{}\"It snows.\"{}\n", "[1,".repeat(300), "]".repeat(300));
        assert_eq!(page(&deep).values, "[[\"It snows.\"]]");
        assert_eq!(page("0:[\"It snows.\n").values, "[]");
    }

    #[test]
    fn rows_that_refer_to_each_other_end() {
        let found = page(
            "0:[\"$\",\"p\",null,{\"children\":[\"a\",\"$1\",\"$1\"]}]\n1:[\"$\",\"b\",null,{\"children\":\"$0\"}]\n",
        );
        assert_eq!(found.html, "<p>a<b></b></p>");
        assert_eq!(page("").html, "");
        assert_eq!(page("0:Tffffffff,short\n:\n\n9").html, "");
    }
}
