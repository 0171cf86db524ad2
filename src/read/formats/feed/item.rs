//! Reads one item of a feed.

use std::sync::Arc;

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::error::Message;
use crate::read::InputOptions;
use crate::read::formats::dates;
use crate::read::formats::feed::shortcodes::without_shortcodes;
use crate::read::formats::item::{Item, Place, RawItem};
use crate::text::markup::html;
use crate::text::preparation::NO_HTML;

/// Whether an item holds a text that was published as one, and nothing else that a blog consists
/// of: pictures, menus, earlier versions, comments.
pub(super) fn is_text(item: &[u8]) -> bool {
    kind(item, b"<wp:post_type>", b"</").is_none_or(|kind| {
        let kind = kind.strip_prefix(b"<![CDATA[").unwrap_or(kind);
        let kind = kind.strip_suffix(b"]]>").unwrap_or(kind);
        !PARTS_OF_BLOGS.iter().any(|part| part.as_bytes() == kind)
    }) && kind(item, b"http://schemas.google.com/blogger/2008/kind#", b"\"")
        .is_none_or(|kind| matches!(kind, b"post" | b"page"))
}

/// What stands between two signs of an item.
fn kind<'i>(item: &'i [u8], begin: &[u8], end: &[u8]) -> Option<&'i [u8]> {
    let rest = item.get(memmem::find(item, begin)? + begin.len()..)?;
    rest.get(..memmem::find(rest, end)?)
}

/// An item as it stands in the feed, from its tag to the tag that ends it.
#[derive(Debug)]
pub(super) struct FeedItem {
    pub(super) bytes: Vec<u8>,
    /// The title of the feed.
    pub(super) feed: Arc<str>,
}

/// What holds the text, the fullest first.
const TEXTS: [&str; 5] = ["content:encoded", "content", "description", "summary", "media:description"];
/// What gives which column, the first that is there.
const VALUES: [(&str, &[&str]); 3] = [
    ("date", &["pubDate", "published", "dc:date", "updated", "issued", "date"]),
    ("author", &["dc:creator", "author/name", "author", "creator"]),
    ("url", &["link", "feedburner:origLink", "guid"]),
];
/// What WordPress exports beside its posts and pages.
const PARTS_OF_BLOGS: [&str; 14] = [
    "attachment",
    "revision",
    "nav_menu_item",
    "custom_css",
    "customize_changeset",
    "oembed_cache",
    "user_request",
    "wp_block",
    "wp_template",
    "wp_template_part",
    "wp_global_styles",
    "wp_navigation",
    "wp_font_family",
    "wp_font_face",
];
const IDS: [&str; 5] = ["guid", "id", "@rdf:about", "link", "url"];

impl RawItem for FeedItem {
    fn format(&self) -> &'static str {
        "feed"
    }

    fn note(&self) -> &'static str {
        "read as a feed, by its content (`format` sets another format)"
    }

    fn parts(&self) -> Vec<&[u8]> {
        vec![&self.bytes, self.feed.as_bytes()]
    }

    fn read(&self, place: &Place, _: &InputOptions) -> Result<Item, Message> {
        let (xml, replaced) = place.decode(&self.bytes);
        let elements = elements(&xml);
        let get =
            |name: &str| elements.iter().find(|(found, _)| found == name).map(|(_, value)| value.trim());
        let first =
            |names: &[&str]| names.iter().find_map(|name| get(name).filter(|value| !value.is_empty()));
        let text = first(&TEXTS).unwrap_or("");
        let text = match get("wp:post_type") {
            Some(_) => &*without_shortcodes(text),
            None => text,
        };
        if !cfg!(feature = "html") && text.contains('<') {
            return Err(NO_HTML.into());
        }
        let mut item = Item {
            id: first(&IDS).map(str::to_owned),
            title: get("title").map(|title| html::page(title).text).filter(|title| !title.is_empty()),
            // What feeds write in their elements is HTML, be it escaped or not.
            text: html::page(text).text,
            replaced,
            ..Item::default()
        };
        for (column, names) in VALUES {
            let value = first(names).unwrap_or("");
            match dates::to_iso(value).filter(|_| column == "date") {
                Some(date) => item.push(column, &date),
                None => item.push(column, value),
            }
        }
        item.push("source", &self.feed);
        for (name, value) in &elements {
            item.push(name.clone(), value);
        }
        Ok(item)
    }
}

/// The elements that stand in an item, with what they hold; of its attributes `rdf:about`.
fn elements(xml: &str) -> Vec<(String, String)> {
    let mut reader = lenient(xml);
    let mut found: Vec<(String, String)> = Vec::new();
    // The elements that are open: the item, one in it, and what that holds.
    let mut open: Vec<String> = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                begin(&tag, &open, &mut found);
                open.push(tag.name().as_ref().to_owned());
                let inside = open.get(1..).unwrap_or(&[]);
                if inside.len() == 1
                    || inside.len() == 2 && inside.first().is_some_and(|name| name == "author")
                {
                    found.push((inside.join("/"), String::new()));
                } else if inside.len() > 1 {
                    push(&mut found, &format!("<{}>", &*tag));
                }
            }
            Ok(Event::Empty(tag)) => {
                begin(&tag, &open, &mut found);
                if open.len() > 1 {
                    push(&mut found, &format!("<{}/>", &*tag));
                }
            }
            Ok(Event::End(tag)) => {
                open.pop();
                let is_kept = open.len() == 2 && open.last().is_some_and(|name| name == "author");
                if open.len() > 1 && !is_kept {
                    push(&mut found, &format!("</{}>", &*tag));
                }
            }
            Ok(Event::Text(text)) => push_inside(&open, &mut found, &text),
            Ok(Event::CData(text)) => push_inside(&open, &mut found, &text),
            Ok(Event::GeneralRef(reference)) => {
                let character = match &*reference {
                    "lt" => "<".to_owned(),
                    "gt" => ">".to_owned(),
                    "amp" => "&".to_owned(),
                    "quot" => "\"".to_owned(),
                    "apos" => "'".to_owned(),
                    // Names that only HTML has are read with the HTML.
                    name => match reference.resolve_char_ref() {
                        Ok(Some(character)) => character.to_string(),
                        _ => format!("&{name};"),
                    },
                };
                push_inside(&open, &mut found, &character);
            }
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
    }
}

fn lenient(xml: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(xml);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    reader
}

fn push_inside(open: &[String], found: &mut [(String, String)], text: &str) {
    if open.len() > 1 {
        push(found, text);
    }
}

fn push(found: &mut [(String, String)], text: &str) {
    if let Some((_, value)) = found.last_mut() {
        value.push_str(text);
    }
}

/// What the attributes of a tag say: where an item is, and what its link leads to.
fn begin(tag: &BytesStart<'_>, open: &[String], found: &mut Vec<(String, String)>) {
    let get = |name: &str| {
        let attribute = tag.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
        Some(attribute.value.to_string())
    };
    match (tag.name().as_ref(), open.len()) {
        (_, 0) => found.extend(get("rdf:about").map(|about| ("@rdf:about".to_owned(), about))),
        ("link", 1) if get("rel").is_none_or(|rel| rel == "alternate") => {
            found.extend(get("href").map(|href| ("url".to_owned(), href)));
        }
        _ => {}
    }
}

/// The title of a feed, from what stands before its first item.
pub(super) fn title_of_feed(head: &str) -> String {
    let Some(begin) = head.find("<title").and_then(|at| head.get(at..)) else { return String::new() };
    let title = begin.find("</title").and_then(|end| begin.get(..end)).unwrap_or("");
    let wrapped = format!("<item>{title}</title></item>");
    elements(&wrapped).into_iter().next().map(|(_, title)| title.trim().to_owned()).unwrap_or_default()
}
