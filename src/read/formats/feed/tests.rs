use proptest::prelude::*;

use crate::read::{Column, Input, InputOptions, Inputs, Requirement};
use crate::text::document::Document;

fn read_within(max_record: usize, name: &str, bytes: &[u8]) -> Vec<Result<Document, String>> {
    let column = |name: &str| Column { name: name.to_owned(), need: Requirement::Optional };
    let columns = ["date", "author", "url", "source", "category"].map(column).to_vec();
    let options = InputOptions { columns, max_record, ..InputOptions::default() };
    Inputs::new([Input::from_bytes(name, bytes)], options.clone())
        .map(|raw| raw.and_then(|raw| raw.document(&options)).map_err(|error| error.to_string()))
        .collect()
}

fn read(name: &str, bytes: &str) -> Vec<Result<Document, String>> {
    read_within(1 << 20, name, bytes.as_bytes())
}

const RSS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- <item> is no item here -->\n<rss version=\"2.0\" xmlns:content=\"c\">\
    <channel><title>The Ink &amp; Paper</title>\n<item><title>On &quot;ink&quot; &amp;amp; paper</title><link>https://example.org/1</link>\
    <guid isPermaLink=\"false\">n-1</guid><pubDate>Mon, 03 Jun 2024 08:00:00 GMT</pubDate><dc:creator>A. Roe</dc:creator>\
    <category>news</category><category>ink</category><description>Short.</description>\
    <content:encoded><![CDATA[<p>It was a <b>long</b> day, and <a href=\"x\">nobody</a> signed </item>.</p>]]></content:encoded></item>\n\
    <item><title>Two</title><link>https://example.org/2</link>\
    <description>Ann &amp;amp; Ben said&amp;nbsp;no &lt;i&gt;twice&lt;/i&gt;.</description></item></channel></rss>";

#[test]
#[cfg(feature = "html")]
fn the_items_of_rss_are_texts_with_columns() {
    for name in ["a.rss", "a.xml", "a", "a.txt"] {
        let found = read(name, RSS);
        assert_eq!(found.len(), 2, "{name}: {found:?}");
        let first = found[0].as_ref().unwrap();
        assert_eq!(first.text, "It was a long day, and nobody signed .");
        assert_eq!((first.id.as_str(), first.record, first.line), ("n-1", Some(1), Some(4)));
        assert_eq!(first.title.as_deref(), Some("On \"ink\" & paper"));
        let columns: Vec<_> = first.columns.iter().map(|value| value.as_deref().unwrap()).collect();
        let expected = ["2024-06-03T08:00:00Z", "A. Roe", "https://example.org/1", "The Ink & Paper", "news"];
        assert_eq!(columns, expected);
        let second = found[1].as_ref().unwrap();
        assert_eq!(
            (second.text.as_str(), second.id.as_str()),
            ("Ann & Ben said no twice.", "https://example.org/2")
        );
    }
}

const ATOM: &str = "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title type='text'>Notes</title>\
    <entry><title>One</title><id>urn:7</id><link rel='self' href='no'/><link href='https://example.org/7'/>\
    <published>2024-06-03T08:00:00Z</published><author><name>B. Roe</name><email>b@example.org</email></author>\
    <summary>Less.</summary><content type='xhtml'><div xmlns='x'><p>It <em>rained</em>.</p><p>All day.</p></div></content></entry></feed>";

#[test]
#[cfg(feature = "html")]
fn the_entries_of_atom_are_texts_with_columns() {
    let found = read("a.atom", ATOM);
    let entry = found[0].as_ref().unwrap();
    assert_eq!((found.len(), entry.text.as_str(), entry.id.as_str()), (1, "It rained.\n\nAll day.", "urn:7"));
    let columns: Vec<_> = entry.columns.iter().map(Option::as_deref).collect();
    let (date, url) = ("2024-06-03T08:00:00Z", "https://example.org/7");
    assert_eq!(columns, [Some(date), Some("B. Roe"), Some(url), Some("Notes"), None]);
}

#[test]
#[cfg(feature = "html")]
fn the_items_of_rdf_are_texts() {
    let rdf = "<rdf:RDF xmlns='http://purl.org/rss/1.0/'><channel><title>N</title><items><rdf:Seq/></items></channel>\
        <item rdf:about='urn:1'><title>One</title><description>It rained.</description><dc:date>2024-06-03</dc:date></item></rdf:RDF>";
    let found = read("a.rdf", rdf);
    let item = found[0].as_ref().unwrap();
    assert_eq!((found.len(), item.text.as_str(), item.id.as_str()), (1, "It rained.", "urn:1"));
    assert_eq!(item.columns[0].as_deref(), Some("2024-06-03"));
}

#[test]
#[cfg(feature = "html")]
fn of_an_exported_blog_only_texts_are_read() {
    let item = |kind: &str, text: &str| {
        format!(
            "<item><wp:post_type><![CDATA[{kind}]]></wp:post_type><content:encoded><![CDATA[{text}]]></content:encoded></item>"
        )
    };
    let items = [
        item("attachment", "The hall."),
        item("post", "It rained.\n\n[gallery ids=\"1\"]\n\nThey left."),
        item("revision", "It rane."),
        item("report", "It snowed."),
    ];
    let found = read("a.xml", &format!("<rss><channel>{}</channel></rss>", items.concat()));
    let texts: Vec<_> = found
        .iter()
        .map(|item| item.as_ref().unwrap())
        .map(|item| (item.record, item.text.as_str()))
        .collect();
    assert_eq!(texts, [(Some(2), "It rained.\n\nThey left."), (Some(4), "It snowed.")]);
    let entry = |kind: &str| {
        format!(
            "<entry><category term=\"http://schemas.google.com/blogger/2008/kind#{kind}\"/><content>On {kind}s.</content></entry>"
        )
    };
    let entries = ["template", "settings", "post", "comment"].map(entry).concat();
    let found = read("a.xml", &format!("<feed xmlns='x'>{entries}</feed>"));
    assert_eq!((found.len(), found[0].as_ref().unwrap().text.as_str()), (1, "On posts."));
}

#[test]
fn a_bad_item_costs_itself() {
    let large = "x".repeat(700 << 10);
    let feed = format!(
        "<rss><channel><item><description>{large}</description></item><item><description>A & b &x; <p>c</description></item>\
         <item><description>cut"
    );
    let found = read_within(2000, "a.rss", feed.as_bytes());
    assert_eq!(found.len(), 3);
    assert!(found[0].as_ref().unwrap_err().contains("record 1"), "{:?}", found[0]);
    if cfg!(feature = "html") {
        assert!(found[1].as_ref().unwrap().text.starts_with("A & b"), "{:?}", found[1]);
    }
    assert!(found[2].as_ref().unwrap_err().contains("truncated"), "{:?}", found[2]);
}

#[test]
fn other_xml_is_no_feed() {
    for head in ["<?xml version='1.0'?><html>", "<rssx>", "<?xml", "a <rss>", "", "<!DOCTYPE html><rss"] {
        assert_eq!(super::begins(head.as_bytes()), head.ends_with("<rss"), "{head}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_feed_panics(feed in "(<item>|</item>|<entry |>|<!\\[CDATA\\[|\\]\\]>|<!--|-->|&|;|<title>|</|<author>|\\PC|\n){0,60}") {
        read("a.rss", &feed);
    }
}
