//! Finds the article in the state of a script: the part of its values that holds most of the prose.
//!
//! Values are looked at as they are read; no tree of them is built.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::text::markup::flight;
use crate::text::markup::json::{json_in, pass_over_numbers, plain};

/// Keys that a whole article has in the state of a script, and a paragraph of one has not.
const ARTICLE_KEYS: [&str; 6] = ["title", "headline", "url", "slug", "author", "byline"];
/// A string in the state of a script is prose from so many words on.
const MIN_PROSE_WORDS: usize = 8;
/// The part of a script's state that holds this share of all its prose holds the article.
const MIN_SHARE_OF_STATE: f64 = 0.7;

/// The object that a script begins by assigning, as in `window.__STATE__ = {...}`, also as a string
/// (`JSON.parse("{...}")`), or the strings of the call that makes it
/// (`window.__NUXT__=(function(a,b){...}("...", "..."))`).
pub(super) fn assigned(script: &str) -> Option<Cow<'_, str>> {
    const MAX_NAME: usize = 100;
    let (name, value) = script.split_once('=')?;
    let is_name = |c: char| c.is_alphanumeric() || c.is_whitespace() || "._$[]\"'".contains(c);
    if name.len() > MAX_NAME || !name.chars().all(is_name) {
        return None;
    }
    let value = value.trim_ascii_start();
    if value.starts_with('{') {
        return Some(Cow::Borrowed(value));
    }
    if let Some(literal) = value.strip_prefix("JSON.parse(") {
        return string_literal(literal.trim_ascii_start()).map(Cow::Owned);
    }
    (name.contains("__NUXT__") && value.starts_with('(')).then(|| {
        let literals: Vec<&str> = flight::json_strings(value).collect();
        Cow::Owned(format!("[{}]", literals.join(",")))
    })
}

/// The string whose literal a script begins with, in either quotation mark.
fn string_literal(script: &str) -> Option<String> {
    let quote = script.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let mut json = String::from("\"");
    let mut is_escaped = false;
    for c in script.chars().skip(1) {
        match c {
            '\'' if is_escaped => {
                json.pop();
                json.push(c);
            }
            '"' if !is_escaped && quote == '\'' => json.push_str("\\\""),
            c if c == quote && !is_escaped => {
                json.push('"');
                return serde_json::from_str(&json).ok();
            }
            c => json.push(c),
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    None
}

/// The prose that stands together in the state of a script.
pub(super) fn state(script: &str) -> String {
    let Some(json) = json_in(script) else { return String::new() };
    let mut texts = Vec::new();
    let found = Prose(&mut texts).deserialize(&mut serde_json::Deserializer::from_str(json));
    let mut seen = HashSet::new();
    let chosen = found.ok().and_then(|found| texts.get(found.chosen)).unwrap_or(&[]);
    let lines = chosen.iter().flat_map(|text| text.split("\n\n")).filter(|line| seen.insert(*line));
    lines.collect::<Vec<_>>().join("\n\n")
}

/// Collects the strings that are prose, and goes down to the part of the value that holds most of
/// them.
struct Prose<'o>(&'o mut Vec<String>);

/// What a value holds.
struct FoundProse {
    words: usize,
    /// Which of the strings are the article's.
    chosen: Range<usize>,
    /// What a value that may be one paragraph of several has in common with the others.
    kind: Option<u64>,
}

/// The kind of a string.
const STRING: u64 = 0;

/// Chooses among the parts of a value.
struct Choice {
    start: usize,
    words: usize,
    best: Option<FoundProse>,
    /// How many parts with prose there are of each kind.
    kinds: HashMap<u64, usize>,
}

impl Choice {
    fn new(texts: &[String]) -> Self {
        Choice { start: texts.len(), words: 0, best: None, kinds: HashMap::new() }
    }

    fn add(&mut self, part: FoundProse) {
        self.words += part.words;
        if let Some(kind) = part.kind.filter(|_| part.words > 0) {
            *self.kinds.entry(kind).or_default() += 1;
        }
        if self.best.as_ref().is_none_or(|best| part.words > best.words) {
            self.best = Some(part);
        }
    }

    /// Goes down to the part with most of the prose, unless it is one paragraph beside others.
    fn finish(self, texts: &[String], kind: Option<u64>) -> FoundProse {
        let most = MIN_SHARE_OF_STATE * self.words as f64;
        let is_alone = |best: &FoundProse| best.kind.is_none_or(|kind| self.kinds.get(&kind) == Some(&1));
        let best = self.best.filter(|best| best.words as f64 >= most && is_alone(best));
        let chosen = best.map(|best| best.chosen);
        FoundProse { words: self.words, chosen: chosen.unwrap_or(self.start..texts.len()), kind }
    }
}

/// The kind of an object: which keys it has, in any order.
fn kind_of_keys(keys: &[String]) -> u64 {
    let hash = |key: &String| {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        hasher.finish()
    };
    keys.iter().map(hash).fold(keys.len() as u64, u64::wrapping_add)
}

impl<'de> DeserializeSeed<'de> for Prose<'_> {
    type Value = FoundProse;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<FoundProse, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Prose<'_> {
    type Value = FoundProse;

    pass_over_numbers!(FoundProse { words: 0, chosen: 0..0, kind: None });

    fn visit_str<E>(self, text: &str) -> Result<FoundProse, E> {
        let start = self.0.len();
        // Most strings are names and addresses.
        let is_long = |text: &str| text.split_whitespace().nth(MIN_PROSE_WORDS - 1).is_some();
        let text = if is_long(text) { plain(text) } else { String::new() };
        let words = if is_long(&text) { text.split_whitespace().count() } else { 0 };
        if words > 0 {
            self.0.push(text);
        }
        Ok(FoundProse { words, chosen: start..self.0.len(), kind: Some(STRING) })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<FoundProse, A::Error> {
        let mut choice = Choice::new(self.0);
        let (mut parts, mut kind) = (0, None);
        while let Some(part) = seq.next_element_seed(Prose(self.0))? {
            if part.words > 0 {
                (parts, kind) = (parts + 1, part.kind);
            }
            choice.add(part);
        }
        // Lists of one paragraph each may follow one another.
        let kind = kind.filter(|_| parts == 1).map(|kind| kind.wrapping_add(1));
        Ok(choice.finish(self.0, kind))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FoundProse, A::Error> {
        let (mut choice, mut keys) = (Choice::new(self.0), Vec::new());
        let mut is_paragraph = true;
        while let Some(key) = map.next_key::<String>()? {
            let part = map.next_value_seed(Prose(self.0))?;
            is_paragraph &= !ARTICLE_KEYS.contains(&key.as_str());
            is_paragraph &= part.words == 0 || part.kind == Some(STRING);
            keys.push(key);
            // Strings under different keys are different things.
            choice.add(FoundProse { kind: part.kind.filter(|kind| *kind != STRING), ..part });
        }
        is_paragraph &= self.0.len() == choice.start + 1;
        let kind = is_paragraph.then(|| kind_of_keys(&keys));
        Ok(choice.finish(self.0, kind))
    }
}

#[cfg(test)]
mod tests {
    use crate::text::markup::structured_data::StructuredData;

    const ONE: &str = "The envoy read the guarantee aloud, clause by clause.";
    const TWO: &str = "Nobody in the hall had seen the annex before.";

    #[test]
    fn the_part_of_a_scripts_state_with_most_prose_is_taken() {
        let article =
            format!("{{\"body\":[{{\"k\":\"p\",\"t\":\"{ONE}\"}},{{\"k\":\"p\",\"t\":\"<i>{TWO}</i>\"}}]}}");
        let state = format!(
            "{{\"a\":{{\"menu\":[\"Home\",\"World\"],\"x\":{article}}},\"b\":[1,2.5,-3,null,false]}}"
        );
        for script in [
            format!("<script id=__NEXT_DATA__ type=application/json>{state}</script>"),
            format!("<script>window.__STATE__ = {state};</script>"),
        ] {
            assert_eq!(StructuredData::read(&script).state, format!("{ONE}\n\n{TWO}"), "{script}");
        }
        let twice = format!("<script type=application/json>[\"{ONE}\", \"{ONE}\"]</script>");
        assert_eq!(StructuredData::read(&twice).state, ONE);
        for script in
            ["<script>if (a = b) { c }</script>", "<script>x</script>", "<script>f(1 == {a: 2})</script>"]
        {
            assert_eq!(StructuredData::read(script), StructuredData::default(), "{script}");
        }
    }

    #[test]
    fn state_in_a_string_or_in_a_call_is_read() {
        let quoted = ONE.replace("guarantee", "\"guarantee\" and the envoy's note");
        let json = serde_json::json!({ "body": [quoted, TWO] }).to_string();
        let single = json.replace('\\', "\\\\").replace('\'', "\\'");
        for script in [
            format!("window.__STATE__ = JSON.parse({});", serde_json::to_string(&json).unwrap()),
            format!("window.__STATE__ = JSON.parse('{single}');"),
            format!(
                "window.__NUXT__=(function(a,b){{return {{data:[{{body:a,more:b}}]}}}}({}, \"{TWO}\"));",
                serde_json::to_string(&quoted).unwrap()
            ),
        ] {
            let page = format!("<script>{script}</script>");
            assert_eq!(StructuredData::read(&page).state, format!("{quoted}\n\n{TWO}"), "{script}");
        }
        for script in [
            "a = JSON.parse(\"{\")",
            "a = JSON.parse('",
            "a = JSON.parse(x)",
            "__NUXT__ = (\"",
            "b = (function(){})",
        ] {
            assert_eq!(StructuredData::read(&format!("<script>{script}</script>")).state, "", "{script}");
        }
    }

    #[test]
    fn paragraphs_that_stand_beside_each_other_stay_together() {
        let long = [TWO; 4].join(" ");
        let paragraph = |text: &str| format!("{{\"type\":\"P\",\"text\":\"{text}\"}}");
        for state in [
            format!("{{\"P:1\":{},\"P:2\":{}}}", paragraph(ONE), paragraph(&long)),
            format!("[{},{}]", paragraph(ONE), paragraph(&long)),
            format!("[\"{ONE}\",\"{long}\"]"),
        ] {
            let script = format!("<script type=application/json>{state}</script>");
            assert_eq!(StructuredData::read(&script).state, format!("{ONE}\n\n{long}"), "{state}");
        }
        let article = |text: &str| format!("{{\"title\":\"A\",\"text\":\"{text}\"}}");
        for state in [
            format!("[{},{}]", article(ONE), article(&long)),
            format!("{{\"summary\":\"{ONE}\",\"text\":\"{long}\"}}"),
        ] {
            let script = format!("<script type=application/json>{state}</script>");
            assert_eq!(StructuredData::read(&script).state, long, "{state}");
        }
    }
}
