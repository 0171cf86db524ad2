//! Finds the text of an article in what a page says for machines: JSON-LD, and the state of its scripts.
//!
//! Values are looked at as they are read; no tree of them is built.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::text::markup::outline::Outline;
use crate::text::markup::place::Place;
use crate::text::markup::tags::{Piece, Pieces};
use crate::text::markup::visible_text::{tidy, unescape};

/// The key of an article's text in schema.org's vocabulary.
const BODY: &str = "articleBody";
/// A string in the state of a script is prose from so many words on.
const MIN_PROSE_WORDS: usize = 8;
/// The part of a script's state that holds this share of all its prose holds the article.
const MIN_SHARE_OF_STATE: f64 = 0.7;
/// Texts are escaped in escaped texts, but not more often than this.
const MAX_ESCAPES: usize = 3;

/// The texts that a page gives for machines; empty where it gives none.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct StructuredData {
    /// The longest `articleBody` of its JSON-LD.
    pub(super) body: String,
    /// The sentences that stand together in the state of a script.
    pub(super) state: String,
}

impl StructuredData {
    /// Looks through the scripts of a page.
    pub(super) fn read(html: &str) -> Self {
        let mut found = StructuredData::default();
        let mut pieces = Pieces::new(html);
        while let Some(piece) = pieces.next() {
            let Piece::Tag(tag) = piece else { continue };
            if tag.closes || tag.name != "script" {
                continue;
            }
            pieces.skip_element("script");
            let script = html.get(tag.end..pieces.at()).unwrap_or("");
            let script = script.rfind("</").and_then(|end| script.get(..end)).unwrap_or(script);
            match tag.attribute("type").unwrap_or("").trim().to_ascii_lowercase() {
                kind if kind.starts_with("application/ld+json") => longest(&mut found.body, body(script)),
                kind if kind.starts_with("application/json") => longest(&mut found.state, state(script)),
                _ => longest(&mut found.state, assigned(script).map(state).unwrap_or_default()),
            }
        }
        found
    }
}

fn longest(longest: &mut String, other: String) {
    if other.len() > longest.len() {
        *longest = other;
    }
}

/// The object that a script begins by assigning, as in `window.__STATE__ = {...}`.
fn assigned(script: &str) -> Option<&str> {
    const MAX_NAME: usize = 100;
    let (name, value) = script.split_once('=')?;
    let is_name = |c: char| c.is_alphanumeric() || c.is_whitespace() || "._$[]\"'".contains(c);
    (name.len() <= MAX_NAME && name.chars().all(is_name) && value.trim_ascii_start().starts_with('{'))
        .then_some(value)
}

/// The JSON in a script. Some pages wrap it in a comment or a section of characters.
fn json_in(script: &str) -> Option<&str> {
    let inside = script.split_once("<![CDATA[").map_or(script, |(_, inside)| inside);
    inside.find(['{', '[']).and_then(|at| inside.get(at..))
}

/// The longest article body of a block of JSON-LD.
fn body(script: &str) -> String {
    let Some(json) = json_in(script) else { return String::new() };
    let mut found = String::new();
    let mut read =
        |json: &str| Bodies(&mut found).deserialize(&mut serde_json::Deserializer::from_str(json)).is_ok();
    let _ = read(json) || read(&repaired(json));
    plain(&found)
}

/// The prose that stands together in the state of a script.
fn state(script: &str) -> String {
    let Some(json) = json_in(script) else { return String::new() };
    let mut texts = Vec::new();
    let found = Prose(&mut texts).deserialize(&mut serde_json::Deserializer::from_str(json));
    let mut seen = HashSet::new();
    let chosen = found.ok().and_then(|found| texts.get(found.chosen)).unwrap_or(&[]);
    let lines = chosen.iter().flat_map(|text| text.split("\n\n")).filter(|line| seen.insert(*line));
    lines.collect::<Vec<_>>().join("\n\n")
}

/// The plain text of a string that may hold markup, also escaped.
fn plain(text: &str) -> String {
    let mut text = Cow::Borrowed(text);
    for _ in 0..MAX_ESCAPES {
        if Pieces::new(&text).any(|piece| matches!(piece, Piece::Tag(_))) {
            return Outline::read(&text, Place::NOTICE).visible;
        }
        if !text.contains('&') {
            break;
        }
        text = Cow::Owned(unescape(&text));
    }
    tidy(&text)
}

/// Escapes the line ends that stand in strings as they are, and the quotation marks of JSON that was escaped as HTML.
fn repaired(json: &str) -> String {
    let json = match json.contains("&quot;") && !json.contains('"') {
        true => Cow::Owned(unescape(json)),
        false => Cow::Borrowed(json),
    };
    let (mut out, mut in_string, mut escaped) = (String::with_capacity(json.len()), false, false);
    for c in json.chars() {
        match c {
            '\n' if in_string => out.push_str("\\n"),
            c if in_string && c.is_ascii_control() => out.push(' '),
            c => out.push(c),
        }
        in_string ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
    }
    out
}

/// Looks for article bodies in any depth, and keeps the longest.
struct Bodies<'o>(&'o mut String);

impl<'de> DeserializeSeed<'de> for Bodies<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Passes over the values that hold no text.
macro_rules! pass_over_numbers {
    ($value:expr) => {
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($value)
        }

        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($value)
        }

        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok($value)
        }

        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok($value)
        }

        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok($value)
        }

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("any value")
        }
    };
}

impl<'de> Visitor<'de> for Bodies<'_> {
    type Value = ();

    pass_over_numbers!(());

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Bodies(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == BODY {
                let mut found = String::new();
                map.next_value_seed(Strings(&mut found))?;
                longest(self.0, found);
            } else {
                map.next_value_seed(Bodies(self.0))?;
            }
        }
        Ok(())
    }
}

/// Joins the strings of a value by blank lines.
struct Strings<'o>(&'o mut String);

impl<'de> DeserializeSeed<'de> for Strings<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strings<'_> {
    type Value = ();

    pass_over_numbers!(());

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        if !self.0.is_empty() {
            self.0.push_str("\n\n");
        }
        self.0.push_str(text);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Strings(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_key::<IgnoredAny>()?.is_some() {
            map.next_value_seed(Strings(self.0))?;
        }
        Ok(())
    }
}

/// Collects the strings that are prose, and goes down to the part of the value that holds most of them.
struct Prose<'o>(&'o mut Vec<String>);

/// What a value holds.
struct FoundProse {
    words: usize,
    /// Which of the strings are the article's.
    chosen: Range<usize>,
}

/// Chooses among the parts of a value.
struct Choice {
    start: usize,
    words: usize,
    best: Option<FoundProse>,
}

impl Choice {
    fn new(texts: &[String]) -> Self {
        Choice { start: texts.len(), words: 0, best: None }
    }

    fn add(&mut self, part: FoundProse) {
        self.words += part.words;
        if self.best.as_ref().is_none_or(|best| part.words > best.words) {
            self.best = Some(part);
        }
    }

    fn finish(self, texts: &[String]) -> FoundProse {
        let most = MIN_SHARE_OF_STATE * self.words as f64;
        let chosen = self.best.filter(|best| best.words as f64 >= most).map(|best| best.chosen);
        FoundProse { words: self.words, chosen: chosen.unwrap_or(self.start..texts.len()) }
    }
}

impl<'de> DeserializeSeed<'de> for Prose<'_> {
    type Value = FoundProse;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<FoundProse, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Prose<'_> {
    type Value = FoundProse;

    pass_over_numbers!(FoundProse { words: 0, chosen: 0..0 });

    fn visit_str<E>(self, text: &str) -> Result<FoundProse, E> {
        let start = self.0.len();
        // Most strings are names and addresses.
        let is_long = |text: &str| text.split_whitespace().nth(MIN_PROSE_WORDS - 1).is_some();
        let text = if is_long(text) { plain(text) } else { String::new() };
        let words = if is_long(&text) { text.split_whitespace().count() } else { 0 };
        if words > 0 {
            self.0.push(text);
        }
        Ok(FoundProse { words, chosen: start..self.0.len() })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<FoundProse, A::Error> {
        let mut choice = Choice::new(self.0);
        while let Some(part) = seq.next_element_seed(Prose(self.0))? {
            choice.add(part);
        }
        Ok(choice.finish(self.0))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FoundProse, A::Error> {
        let mut choice = Choice::new(self.0);
        while map.next_key::<IgnoredAny>()?.is_some() {
            choice.add(map.next_value_seed(Prose(self.0))?);
        }
        Ok(choice.finish(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "The envoy read the guarantee aloud, clause by clause.";
    const TWO: &str = "Nobody in the hall had seen the annex before.";

    fn ld(json: &str) -> String {
        StructuredData::read(&format!("<head><script type='application/ld+json'>{json}</script></head>")).body
    }

    #[test]
    fn article_bodies_are_found_wherever_they_stand() {
        let body = format!("{{\"articleBody\": \"{ONE}\\n\\n{TWO}\"}}");
        let expected = format!("{ONE}\n\n{TWO}");
        for json in [
            body.clone(),
            format!("[{{\"@type\": \"Organization\"}}, {body}]"),
            format!("{{\"@graph\": [1, null, true, {body}]}}"),
            format!("{{\"mainEntity\": {{\"x\": [[{body}]]}}}}"),
            format!("{{\"articleBody\": [\"{ONE}\", \"{TWO}\"]}}"),
            format!("\n//<![CDATA[\n{body}\n//]]>"),
            format!("<!-- {body} -->"),
            format!("{{\"articleBody\": \"<p>{ONE}</p><p>{TWO}</p>\"}}"),
            format!("{{\"articleBody\": \"&lt;p&gt;{ONE}&lt;/p&gt;&lt;p>{TWO}&lt;/p>\"}}"),
            format!(
                "{{\"articleBody\": \"&amp;lt;p&amp;gt;{ONE}&amp;lt;br&amp;gt;&amp;lt;br&amp;gt;{TWO}\"}}"
            ),
            format!("{{\"articleBody\": \"{ONE}\n\n{TWO}\t\", \"x\": \"\\\"\"}}"),
            body.replace('"', "&quot;"),
            format!("{body} </script><script type=application/ld+json;x>{{\"articleBody\":\"Short.\"}}"),
        ] {
            assert_eq!(ld(&json), expected, "{json}");
        }
        for json in ["", "{", "[1", "{\"articleBody\": 7}", "nothing", "{\"text\": \"x\"}"] {
            assert_eq!(ld(json), "", "{json}");
        }
        assert_eq!(ld("{\"articleBody\": \"Tom &amp; Ann, 3 < 4\"}"), "Tom & Ann, 3 < 4");
    }

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
    fn data_nested_without_end_holds_nothing() {
        assert_eq!(ld(&"[".repeat(200_000)), "");
        assert_eq!(ld(&"{\"a\":".repeat(200_000)), "");
    }
}
