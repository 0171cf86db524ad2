//! Reads the pages that Next.js streams into scripts, in rows of its own: `self.__next_f.push([1,"0:[\"$\",\"p\",null,{...}]"])`.
//!
//! A row is an element of React, an object, or a text that others refer to. Elements are written as HTML, which is read as any other.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
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

    /// What the rows hold.
    pub(super) fn page(&self) -> Page {
        let rows = rows(&self.0);
        let values: Vec<String> = rows.values().map(Value::to_string).collect();
        let mut writer = Writer { open: rows.keys().copied().collect(), rows: &rows, html: String::new() };
        rows.keys().for_each(|id| writer.row(id, 0));
        Page { html: writer.html, values: format!("[{}]", values.join(",")) }
    }
}

/// The rows by their names, in the order of the names: the first is the page.
fn rows(pieces: &str) -> BTreeMap<&str, Value> {
    let mut rows = BTreeMap::new();
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
                serde_json::from_str(line).ok()
            }
        };
        if let Some(value) = value {
            rows.insert(id, value);
        }
    }
    rows
}

/// Writes elements as HTML, each row once.
struct Writer<'r> {
    rows: &'r BTreeMap<&'r str, Value>,
    /// The rows that were not written yet.
    open: BTreeSet<&'r str>,
    html: String,
}

impl<'r> Writer<'r> {
    fn row(&mut self, id: &str, depth: usize) {
        if self.open.remove(id)
            && let Some(value) = self.rows.get(id)
        {
            self.value(value, false, depth);
        }
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
        let html = properties
            .get("dangerouslySetInnerHTML")
            .and_then(|html| html.get("__html"))
            .and_then(Value::as_str);
        match html.map(|html| self.referred(html)) {
            Some(Some(Value::String(html))) => self.html.push_str(html),
            Some(None) => self.html.push_str(html.unwrap_or("")),
            _ => {}
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
        let Some(reference) = text.strip_prefix('$').filter(|_| !text.starts_with("$$")) else {
            if is_inside {
                let text = text.strip_prefix('$').filter(|_| text.starts_with("$$")).unwrap_or(text);
                self.html.push_str(&text.replace('&', "&amp;").replace('<', "&lt;"));
            }
            return;
        };
        let id = reference.trim_start_matches(['L', '@']);
        if let Some(Value::String(text)) = self.rows.get(id) {
            // A text is longer than what names it, and may be written more than once.
            if is_inside && self.open.remove(id) {
                self.html.push_str(&text.replace('&', "&amp;").replace('<', "&lt;"));
            }
            return;
        }
        self.row(id, depth + 1);
    }

    /// The row that a string refers to, if it does.
    fn referred(&mut self, text: &str) -> Option<&'r Value> {
        let id = text.strip_prefix('$')?.trim_start_matches(['L', '@']);
        let value = self.rows.get(id)?;
        self.open.remove(id);
        Some(value)
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
        pieces.page()
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
    fn rows_that_refer_to_each_other_end() {
        let found = page(
            "0:[\"$\",\"p\",null,{\"children\":[\"a\",\"$1\",\"$1\"]}]\n1:[\"$\",\"b\",null,{\"children\":\"$0\"}]\n",
        );
        assert_eq!(found.html, "<p>a<b></b></p>");
        assert_eq!(page("").html, "");
        assert_eq!(page("0:Tffffffff,short\n:\n\n9").html, "");
    }
}
