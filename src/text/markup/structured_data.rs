//! Finds the text of an article in what a page says for machines: JSON-LD, and the state of its scripts.
//!
//! Values are looked at as they are read; no tree of them is built.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::text::markup::flight;
use crate::text::markup::outline::Outline;
use crate::text::markup::place::Place;
use crate::text::markup::tags::{Piece, Pieces};
use crate::text::markup::visible_text::{tidy, unescape};

/// The key of an article's text in schema.org's vocabulary.
const BODY: &str = "articleBody";
/// The key of its headline.
const HEADLINE: &str = "headline";
/// Most articles of JSON-LD that are kept: each is compared with what the page shows.
const MAX_BODIES: usize = 20;
/// Keys that a whole article has in the state of a script, and a paragraph of one has not.
const ARTICLE_KEYS: [&str; 6] = ["title", "headline", "url", "slug", "author", "byline"];
/// A string in the state of a script is prose from so many words on.
const MIN_PROSE_WORDS: usize = 8;
/// The part of a script's state that holds this share of all its prose holds the article.
const MIN_SHARE_OF_STATE: f64 = 0.7;
/// Texts are escaped in escaped texts, but not more often than this.
const MAX_ESCAPES: usize = 3;

/// The texts that a page gives for machines; empty where it gives none.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct StructuredData {
    /// The articles of its JSON-LD. Some pages have those of other pages, too.
    pub(super) bodies: Vec<ArticleBody>,
    /// The sentences that stand together in the state of a script.
    pub(super) state: String,
}

/// An article of JSON-LD.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ArticleBody {
    /// Its headline; empty where it has none.
    pub(super) headline: String,
    /// Its `articleBody`.
    pub(super) text: String,
}

impl StructuredData {
    /// Looks through the scripts of a page.
    pub(super) fn read(html: &str) -> Self {
        let mut found = StructuredData::default();
        let mut pieces = Pieces::new(html);
        let mut flight = flight::Pieces::default();
        while let Some(piece) = pieces.next() {
            let Piece::Tag(tag) = piece else { continue };
            if tag.closes || tag.name != "script" {
                continue;
            }
            pieces.skip_element("script");
            let script = html.get(tag.end..pieces.at()).unwrap_or("");
            let script = script.rfind("</").and_then(|end| script.get(..end)).unwrap_or(script);
            flight.add(script);
            match tag.attribute("type").unwrap_or("").trim().to_ascii_lowercase() {
                kind if kind.starts_with("application/ld+json") => found.bodies.extend(bodies(script)),
                kind if kind.starts_with("application/json") => longest(&mut found.state, state(script)),
                _ => longest(&mut found.state, assigned(script).map(|json| state(&json)).unwrap_or_default()),
            }
        }
        let streamed = flight.page();
        let shown = Outline::read(&streamed.html, Place::default()).visible;
        let values = state(&streamed.values);
        // The elements of a page say what is navigation, and what is one paragraph.
        longest(&mut found.state, if 2 * shown.len() >= values.len() { shown } else { values });
        // The page's own is one of the longest, or it is not worth having.
        found.bodies.sort_by_key(|body| Reverse(body.text.len()));
        found.bodies.truncate(MAX_BODIES);
        found
    }
}

fn longest(longest: &mut String, other: String) {
    if other.len() > longest.len() {
        *longest = other;
    }
}

/// The object that a script begins by assigning, as in `window.__STATE__ = {...}`, also as a string (`JSON.parse("{...}")`), or the
/// strings of the call that makes it (`window.__NUXT__=(function(a,b){...}("...", "..."))`).
fn assigned(script: &str) -> Option<Cow<'_, str>> {
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

/// The JSON in a script. Some pages wrap it in a comment or a section of characters.
fn json_in(script: &str) -> Option<&str> {
    let inside = script.split_once("<![CDATA[").map_or(script, |(_, inside)| inside);
    inside.find(['{', '[']).and_then(|at| inside.get(at..))
}

/// The articles of a block of JSON-LD.
fn bodies(script: &str) -> Vec<ArticleBody> {
    let Some(json) = json_in(script) else { return Vec::new() };
    let mut found = Vec::new();
    let mut read =
        |json: &str| Bodies(&mut found).deserialize(&mut serde_json::Deserializer::from_str(json)).is_ok();
    let _ = read(json) || read(&repaired(json));
    let plain = |body: ArticleBody| ArticleBody { headline: plain(&body.headline), text: plain(&body.text) };
    found.into_iter().map(plain).collect()
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

/// Looks for articles in any depth.
struct Bodies<'o>(&'o mut Vec<ArticleBody>);

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
        let mut own = ArticleBody::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                BODY => map.next_value_seed(Strings(&mut own.text))?,
                HEADLINE => map.next_value_seed(Strings(&mut own.headline))?,
                _ => map.next_value_seed(Bodies(self.0))?,
            }
        }
        if !own.text.is_empty() {
            self.0.push(own);
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
        // A list of one paragraph may stand beside others.
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
    use super::*;

    const ONE: &str = "The envoy read the guarantee aloud, clause by clause.";
    const TWO: &str = "Nobody in the hall had seen the annex before.";

    fn ld(json: &str) -> String {
        let page = format!("<head><script type='application/ld+json'>{json}</script></head>");
        let texts = StructuredData::read(&page).bodies.into_iter().map(|body| body.text);
        texts.max_by_key(String::len).unwrap_or_default()
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
    fn pages_that_are_streamed_into_scripts_are_read() {
        let element = |text: &str| format!("[\"$\",\"p\",null,{{\"children\":[\"{text}\"]}}]");
        let nav = "[\"$\",\"nav\",null,{\"children\":\"All of the news of the day in one place\"}]";
        let elements =
            format!("0:[\"$\",\"div\",null,{{\"children\":[{nav},{},{}]}}]\n", element(ONE), element(TWO));
        let data =
            format!("4:{{\"article\":{{\"paragraphs\":[{{\"text\":\"{ONE}\"}},{{\"text\":\"{TWO}\"}}]}}}}\n");
        for rows in [elements, data] {
            let (first, second) = rows.split_at(30);
            let push = |piece: &str| {
                format!("<script>self.__next_f.push([1,{}])</script>", serde_json::to_string(piece).unwrap())
            };
            let page = format!("<div id=__next></div>{}{}", push(first), push(second));
            assert_eq!(StructuredData::read(&page).state, format!("{ONE}\n\n{TWO}"), "{rows}");
        }
    }

    #[test]
    fn every_article_of_a_page_has_its_own_headline() {
        let json = format!(
            "[{{\"headline\":\"One\",\"articleBody\":\"{ONE}\"}},{{\"articleBody\":\"{TWO}\",\"about\":{{\"headline\":\"No\"}}}}]"
        );
        let page = format!("<script type='application/ld+json'>{json}</script>");
        let found = StructuredData::read(&page).bodies;
        let shown: Vec<_> = found.iter().map(|body| (body.headline.as_str(), body.text.as_str())).collect();
        assert_eq!(shown, [("One", ONE), ("", TWO)]);
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

    #[test]
    fn data_nested_without_end_holds_nothing() {
        assert_eq!(ld(&"[".repeat(200_000)), "");
        assert_eq!(ld(&"{\"a\":".repeat(200_000)), "");
    }
}
