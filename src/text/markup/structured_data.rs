//! Finds the text of an article in what a page says for machines: JSON-LD, and the state of its
//! scripts.
//!
//! Values are looked at as they are read; no tree of them is built.

use std::borrow::Cow;
use std::cmp::Reverse;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::text::markup::flight;
use crate::text::markup::json::{json_in, pass_over_numbers, plain};
use crate::text::markup::outline::Outline;
use crate::text::markup::place::Place;
use crate::text::markup::script_state::{assigned, state};
use crate::text::markup::tags::{Piece, Pieces};
use crate::text::markup::visible_text::unescape;

/// The key of an article's text in schema.org's vocabulary.
const BODY: &str = "articleBody";
/// The key of its headline.
const HEADLINE: &str = "headline";
/// Most articles of JSON-LD that are kept: each is compared with what the page shows.
const MAX_BODIES: usize = 20;
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
        if let Some(streamed) = flight.page() {
            let shown = Outline::read(&streamed.html, Place::default()).visible;
            let values = state(&streamed.values);
            // The elements of a page say what is navigation, and what is one paragraph.
            longest(&mut found.state, if 2 * shown.len() >= values.len() { shown } else { values });
        }
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

/// Escapes the line ends that stand in strings as they are, and the quotation marks of JSON that
/// was escaped as HTML.
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
    fn data_nested_without_end_holds_nothing() {
        assert_eq!(ld(&"[".repeat(200_000)), "");
        assert_eq!(ld(&"{\"a\":".repeat(200_000)), "");
    }
}
