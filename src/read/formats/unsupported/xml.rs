//! Tells XML that holds several documents from a page, and from XML that holds one document.

use memchr::{memchr, memmem};

/// What archives and corpora call a document.
const DOCUMENTS: [&str; 11] = [
    "article",
    "document",
    "doc",
    "story",
    "post",
    "newsitem",
    "nitf",
    "record",
    "tei",
    "tweet",
    "pubmedarticle",
];
/// The same, and what stands deeper in a document, too: lists and tables.
const ITEMS: [&str; 6] = ["item", "entry", "row", "text", "news", "note"];
/// Documents stand in the first element, or in one that holds all of them.
const MAX_DEPTH: usize = 2;
/// First elements of pages, and of feeds, which are read.
const PAGES: [&str; 4] = ["html", "rss", "feed", "rdf"];
/// Elements of HTML that fragments of a page begin with.
const FRAGMENTS: [&str; 12] =
    ["div", "main", "section", "body", "ul", "ol", "table", "p", "span", "header", "nav", "aside"];

/// What is said of XML with several documents.
pub(super) fn message(text: &[u8]) -> Option<String> {
    let name = repeated_document(text)?;
    Some(format!(
        "it is XML with several documents (`<{name}>`), which is not supported; write one file, or one JSON object, per \
         document"
    ))
}

/// The name of the documents, if there are two that stand side by side.
fn repeated_document(text: &[u8]) -> Option<String> {
    // Prose may hold tags further down.
    if !text.trim_ascii_start().starts_with(b"<") {
        return None;
    }
    let mut tags = Tags(text);
    let root = tags.next()?.name();
    let is_document = |name: &str| DOCUMENTS.contains(&name);
    if is_document(&root) || PAGES.contains(&root.as_str()) || FRAGMENTS.contains(&root.as_str()) {
        return None;
    }
    let (mut depth, mut found) = (1usize, Vec::new());
    for tag in tags {
        if tag.closes() {
            depth -= 1;
            if depth == 0 {
                return None;
            }
            continue;
        }
        if depth <= MAX_DEPTH {
            let name = tag.name();
            if is_document(&name) || depth == 1 && ITEMS.contains(&name.as_str()) {
                if found.contains(&(depth, name.clone())) {
                    return Some(name);
                }
                found.push((depth, name));
            }
        }
        depth += usize::from(!tag.is_empty());
    }
    None
}

/// What stands between `<` and `>`.
struct Tag<'t>(&'t [u8]);

impl Tag<'_> {
    fn closes(&self) -> bool {
        self.0.starts_with(b"/")
    }

    fn is_empty(&self) -> bool {
        self.0.ends_with(b"/")
    }

    /// The name without its namespace, in lower case.
    fn name(&self) -> String {
        let end = self.0.iter().position(|&byte| byte.is_ascii_whitespace() || byte == b'/');
        let name = self.0.get(..end.unwrap_or(self.0.len())).unwrap_or(&[]);
        let local = name.rsplit(|&byte| byte == b':').next().unwrap_or(name);
        String::from_utf8_lossy(local).to_ascii_lowercase()
    }
}

/// The tags of elements in what is left of a text. In XML, unlike in a page, sections of CDATA end
/// at their own sign and hold no tags.
struct Tags<'t>(&'t [u8]);

impl<'t> Iterator for Tags<'t> {
    type Item = Tag<'t>;

    fn next(&mut self) -> Option<Tag<'t>> {
        const SKIPPED: [(&[u8], &[u8]); 4] =
            [(b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"), (b"<!", b">")];
        loop {
            let rest = self.0.get(memchr(b'<', self.0)?..)?;
            let end: &[u8] =
                SKIPPED.iter().find(|(begin, _)| rest.starts_with(begin)).map_or(b">", |(_, end)| end);
            let at = memmem::find(rest, end)?;
            self.0 = rest.get(at + end.len()..)?;
            let is_tag = rest.get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/');
            if is_tag {
                return Some(Tag(rest.get(1..at)?));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(xml: &str) -> Option<String> {
        repeated_document(xml.as_bytes())
    }

    #[test]
    fn documents_side_by_side_are_told() {
        for (xml, name) in [
            ("<?xml version='1.0'?><!-- <a> --><corpus><Article id='1'/><Article>It</Article>", "article"),
            ("<export><head/><list><doc><p/></doc><doc></doc></list></export>", "doc"),
            ("<teiCorpus xmlns='x'><teiHeader/><TEI><p/></TEI><TEI/></teiCorpus>", "tei"),
            ("<data><row a='<'>One<![CDATA[</row>]]></row><row/></data>", "row"),
            ("<o:l><o:record><o:title/></o:record><o:record/></o:l>", "record"),
        ] {
            assert_eq!(told(xml).as_deref(), Some(name), "{xml}");
        }
    }

    #[test]
    fn one_document_and_pages_are_not() {
        for xml in [
            "<?xml version='1.0'?><!DOCTYPE html><html><article/><article/></html>",
            "<div><article>One</article><article>Two</article></div>",
            "<article><sec/><article/><article/></article>",
            "<TEI><text><body><list><item/><item/></list></body></text></TEI>",
            "<story><p/><p/></story>",
            "<corpus><doc><doc/></doc></corpus>",
            "<news><list><item/><item/></list></news>",
            "</a></b>",
            "The format is <l><doc>One</doc><doc>Two</doc></l>, they say.",
            "<a",
            "",
        ] {
            assert_eq!(told(xml), None, "{xml}");
        }
    }
}
