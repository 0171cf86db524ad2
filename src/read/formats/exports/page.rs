//! Reads exports that a database writes as one page of HTML: Factiva, Nexis Uni, ProQuest and
//! others whose lines are the same as in their exports as text.

use memchr::memmem;

use crate::read::formats::exports::{factiva, layout, nexis_uni, numbers};
use crate::scan::holds_in_any_case;
use crate::text::markup::page_lines::page_lines;

/// What stands in an export besides the lines of Factiva.
const SIGNS: [&str; 10] = [
    "end of document",
    "ende des dokuments",
    "fin du document",
    "fin del documento",
    "fine del documento",
    "proquest",
    "dauerhafte adresse",
    "certificat &eacute;mis",
    "certificat émis",
    " documents<",
];
/// The class of an article's newspaper in the pages of Europresse.
const EUROPRESSE: &[u8] = b"DocPublicationName";

/// What is said of a page with many articles of which nobody knows where one ends.
pub(crate) const REFUSAL: &str = "it is a page with several articles of a newspaper database, in a layout that is not known; \
     export them as plain text (.txt), which is read as one text per article, or save one article per page";

/// The lines of a page that is an export.
pub(super) fn lines(html: &[u8]) -> Option<String> {
    let is_page = html.trim_ascii_start().starts_with(b"<") && has_sign(html);
    is_page.then(|| page_lines(&String::from_utf8_lossy(html)))
}

/// Whether the beginning of a page is that of an export.
pub(super) fn begins(head: &[u8]) -> bool {
    lines(head).is_some_and(|lines| layout(lines.as_bytes()).is_some())
}

/// Whether a page that is no export in a known layout holds several articles nevertheless.
pub(crate) fn holds_several(html: &[u8]) -> bool {
    let newspapers = memmem::find_iter(html, EUROPRESSE).nth(1).is_some();
    newspapers || lines(html).is_some_and(|lines| lines.lines().filter(|line| is_end(line)).nth(1).is_some())
}

fn is_end(line: &str) -> bool {
    let is_document = || numbers::number(line).is_some_and(|number| number.is_document);
    factiva::is_end(line) || nexis_uni::is_end(line) || is_document()
}

fn has_sign(html: &[u8]) -> bool {
    has_end_of_factiva(html) || SIGNS.iter().any(|sign| holds_in_any_case(html, sign.as_bytes()))
}

fn has_end_of_factiva(html: &[u8]) -> bool {
    memmem::find_iter(html, b"Document ").any(|at| {
        let line: Vec<u8> =
            html.iter().skip(at).take(60).take_while(|byte| **byte != b'<').copied().collect();
        factiva::is_end(&String::from_utf8_lossy(&line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::formats::exports::tests::{read_as, shown};

    fn factiva_article(number: usize) -> String {
        format!(
            "<div id=\"article-{number}\" class=\"article enArticle\"><div id=hd><span class=enHeadline>Nobody signs {number}</span></div>\
             <div class=author>By Ann Roe</div><div>1{number} words</div><div>{number} May 2024</div><div>The Dry Ink</div>\
             <div>DRYINK</div><div>English</div><div>(c) 2024 Dry Ink</div><p class=articleParagraph>It rained on day\n{number}.</p>\n\
             <p class=articleParagraph>They left.</p>\n<p>Document DRYINK002024050{number}ek5h0002{number}</p></div><br>"
        )
    }

    fn coded(number: usize) -> String {
        format!(
            "<table><tr><td><b>HD</b>&nbsp;</td><td>Nobody signs {number}</td></tr><tr><td><b>BY</b></td><td>By Ann Roe</td></tr>\
             <tr><td><b>WC</b></td><td>1{number} words</td></tr><tr><td><b>PD</b></td><td>{number} May 2024</td></tr>\
             <tr><td><b>SN</b></td><td>The Dry Ink</td></tr><tr><td><b>LP</b></td><td><p>It rained on day {number}.</p></td></tr>\
             <tr><td><b>TD</b></td><td><p>They left.</p></td></tr><tr><td><b>NS</b></td><td>Rain</td></tr>\
             <tr><td><b>AN</b></td><td>Document DRYINK002024050{number}ek5h0002{number}</td></tr></table><br>"
        )
    }

    fn nexis_uni_article(number: usize) -> String {
        format!(
            "<div><h1>Nobody signs {number}</h1><p>The Dry Ink</p><p>May {number}, 2024 Monday</p><p>Copyright 2024 Dry Ink</p>\
             <p><b>Length:</b> 1{number} words</p><p><b>Byline:</b> Ann Roe</p><h2>Body</h2><p>It rained on day {number}.</p>\
             <p>They left.</p><p><b>Load-Date:</b> May 7, 2024</p><p>End of Document</p></div>"
        )
    }

    fn page(articles: &str) -> String {
        format!(
            "<!DOCTYPE html><html><head><title>Export</title><style>p {{}}</style></head><body>{articles}</body></html>"
        )
    }

    #[test]
    fn a_page_with_many_articles_is_many_texts() {
        for article in [factiva_article, coded, nexis_uni_article] {
            for name in ["a.html", "a.txt"] {
                let found = read_as(name, &page(&(article(3) + &article(4))));
                assert_eq!(found.len(), 2, "{found:?}");
                for (document, number) in found.iter().zip([3, 4]) {
                    let (title, text, columns) = shown(document);
                    assert_eq!(title, format!("Nobody signs {number}"));
                    assert_eq!(text, format!("It rained on day {number}.\n\nThey left."));
                    let (date, length) = (format!("2024-05-0{number}"), format!("1{number} words"));
                    assert_eq!(columns, [date.as_str(), "The Dry Ink", "Ann Roe", &length]);
                    assert_eq!((document.line, document.record), (None, Some(number - 2)));
                }
                assert!(found[0].reading.is_some_and(|note| note.contains("export")));
            }
        }
    }

    #[test]
    fn pages_with_articles_that_cannot_be_told_apart_are_refused() {
        let europresse = "<article><div class=rdp__DocPublicationName><span class=DocPublicationName>The Dry Ink</span></div>\
                          <p>It rained on the first day.</p></article>";
        let cut = "<p>It rained on the first day.</p><p>End of Document</p>";
        for article in [europresse, cut] {
            assert!(holds_several(page(&article.repeat(2)).as_bytes()), "{article}");
        }
    }

    #[test]
    fn an_article_about_exports_is_one() {
        for text in [
            "<p>It rained on the first day.</p><p>She wrote End of Document.</p>",
            "<p>Document TIMES00020240517ek5h0002x was lost, and ProQuest had it.</p>",
            "<p>The certificat émis by the mayor was void.</p><p>Item 1 of 2</p><p>Item 2 of 2</p>",
        ] {
            let html = page(&text.repeat(2));
            assert!(!begins(html.as_bytes()) && !holds_several(html.as_bytes()), "{text}");
        }
    }
}
