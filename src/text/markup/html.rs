//! Parses HTML pages: the article where one is found, else all visible text.

#[cfg(feature = "html")]
use crate::text::markup::article::extract;
#[cfg(feature = "html")]
use crate::text::markup::visible_text::tidy;
use crate::text::markup::visible_text::visible_text;

/// The parts of a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// The title; `None` where it is missing or blank.
    pub title: Option<String>,
    /// The plain text of the article; all visible text where no article is found.
    pub text: String,
    /// The date on which the page says it was published, as the page writes it.
    pub date: Option<String>,
    /// The author, as the page writes it.
    pub author: Option<String>,
}

/// Parses a page, or a fragment of one.
///
/// Without the Cargo feature `html` no article is looked for: who reads pages refuses first.
pub(crate) fn page(html: &str) -> Page {
    let mut page = article(html);
    if page.text.is_empty() {
        page.text = visible_text(html);
    }
    page
}

#[cfg(feature = "html")]
fn article(html: &str) -> Page {
    extract(html).map_or_else(Page::default, |article| Page {
        title: Some(article.title).filter(|title| !title.trim().is_empty()),
        text: tidy(&article.text),
        date: article.date,
        author: article.author,
    })
}

#[cfg(not(feature = "html"))]
fn article(_: &str) -> Page {
    Page::default()
}

#[cfg(all(test, feature = "html"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PAGE: &str = "<!DOCTYPE html><html><head><title>A Guarantee on Paper</title>\
        <meta property=\"article:published_time\" content=\"2025-03-01\"><style>p { color: red }</style></head><body>\
        <nav><ul><li><a href=\"/\">Home</a></li><li><a href=\"/w\">World</a></li></ul></nav><article>\
        <p>Ukraine must be given guarantees that bind, said the minister, who had come from Kyiv that morning, and the \
        reporters in the corridor wrote it down.</p><div>A division, long enough to count as a paragraph, with commas, \
        and with words enough.</div><ul><li>who signs, and when;</li><li>who pays</li></ul><p>The last &amp; shortest \
        paragraph, about treaties, paper, and ink.</p></article><footer>Copyright</footer></body></html>";

    #[test]
    fn the_article_is_taken_out_of_its_page() {
        let Page { title, text, date, author } = page(PAGE);
        assert_eq!(title.as_deref(), Some("A Guarantee on Paper"));
        assert_eq!((date.as_deref(), author), (Some("2025-03-01"), None));
        assert!(text.starts_with("Ukraine must") && text.ends_with("paper, and ink."));
        assert!(!text.contains("Home") && !text.contains("Copyright"));
        assert!(text.contains("down.\n\nA division"), "blocks are not glued together: {text}");
        assert!(text.contains("when;\nwho pays"), "nor are items: {text}");
    }

    #[test]
    fn a_page_without_an_article_gives_its_visible_text() {
        assert_eq!(page("<p>Only this.</p>").text, "Only this.");
        assert_eq!(page("").text, "");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_html_panics(html in "(\\PC|<p>|</p>|<div |>|<!--|-->|<script>|</|&amp;|&#x|<table><td>|<svg>){0,120}") {
            page(&html);
        }
    }
}
