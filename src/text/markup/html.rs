//! Parses HTML pages: the article where one is found, else what the page names as its text, else
//! all visible text.
//!
//! An extractor finds most articles. It goes by the length and the links of paragraphs, and so it
//! takes a long notice for an article, and a list for navigation. Its text is measured against what
//! the page itself names as its article, and against all that is visible.

#[cfg(feature = "html")]
use std::borrow::Cow;
#[cfg(feature = "html")]
use std::collections::HashSet;
#[cfg(feature = "html")]
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::text::extraction::Extraction;
#[cfg(feature = "html")]
use crate::text::markup::article::{Article, extract};
#[cfg(feature = "html")]
use crate::text::markup::blank_lines::with_paragraphs;
#[cfg(feature = "html")]
use crate::text::markup::interstitial::is_interstitial;
#[cfg(feature = "html")]
use crate::text::markup::outline::{Container, Outline};
#[cfg(feature = "html")]
use crate::text::markup::place::Place;
#[cfg(feature = "html")]
use crate::text::markup::struck::without_struck;
#[cfg(feature = "html")]
use crate::text::markup::structured_data::{ArticleBody, StructuredData};
#[cfg(feature = "html")]
use crate::text::markup::visible_text::tidy;
#[cfg(not(feature = "html"))]
use crate::text::markup::visible_text::visible_text;
#[cfg(feature = "html")]
use crate::text::markup::xml::with_blanks;
#[cfg(feature = "html")]
use crate::text::{boilerplate, paragraph::paragraphs};

/// The extractor keeps at least this share of the prose in the page's article or main part, or all
/// of that is taken.
#[cfg(feature = "html")]
const MIN_SHARE_OF_CONTAINER: f64 = 0.5;
/// The extractor keeps at least this share of all prose, or all of it is taken. Pages without a
/// main part have much beside their article.
#[cfg(feature = "html")]
const MIN_SHARE_OF_VISIBLE: f64 = 0.25;
/// A narrower element with at least this share of the widest one's prose is the article, and a
/// narrower one with less is part of it, or of a list of articles.
#[cfg(feature = "html")]
const MIN_SHARE_OF_WIDEST: f64 = 0.5;
/// No notice is so many times as long as the text beside it: an element that the page names as its
/// article is believed against an extractor that finds its text elsewhere, and an element that is
/// named as a notice is believed to be one.
#[cfg(feature = "html")]
const MAX_NOTICE: usize = 20;
/// An extractor's text stands in an element if it shares so many of its runs of words.
#[cfg(feature = "html")]
const MIN_SHARED_WORDS: f64 = 0.8;
/// Words of a run.
#[cfg(feature = "html")]
const RUN: usize = 4;
/// The extractor's text counts where all else is navigation and notices only from so many words on.
#[cfg(feature = "html")]
const MIN_UNSEEN_WORDS: usize = 30;
/// Text in elements with the names of notices is the article's only from so many bytes on: notices
/// are seldom longer.
#[cfg(feature = "html")]
const MIN_MISNAMED_BYTES: usize = 3_000;
/// Sentences in navigation from which on its end is missing.
#[cfg(feature = "html")]
const MIN_NAV_SENTENCES: usize = 3;
/// The article body of JSON-LD is taken if it has so many times as many words as what is visible of
/// the article. Some pages show the beginning only.
#[cfg(feature = "html")]
const MIN_BODY: usize = 2;
/// An article of JSON-LD is the page's if it has this share of the runs of words that the page
/// shows.
#[cfg(feature = "html")]
const MIN_SHARE_IN_BODY: f64 = 0.5;
/// It may be the page's if it has this share of the long words that the page shows, or of those in
/// its title.
#[cfg(feature = "html")]
const MIN_WORDS_IN_BODY: f64 = 0.3;
#[cfg(feature = "html")]
const MIN_TITLE_IN_BODY: f64 = 0.5;
/// Characters of a long word. Shorter ones stand in every text.
#[cfg(feature = "html")]
const LONG_WORD: usize = 5;
/// The state of a script is taken if it has so many times as many words, and [`MIN_STATE_WORDS`].
#[cfg(feature = "html")]
const MIN_STATE: usize = 4;
#[cfg(feature = "html")]
const MIN_STATE_WORDS: usize = 50;

/// The parts of a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// The title; `None` where it is missing or blank.
    pub title: Option<String>,
    /// The plain text of the article.
    pub text: String,
    /// The date on which the page says it was published, as the page writes it.
    pub date: Option<String>,
    /// The author, as the page writes it.
    pub author: Option<String>,
    /// How the text was found; `None` for an empty page.
    pub extraction: Option<Extraction>,
}

/// Parses a page, or a fragment of one.
///
/// Without the Cargo feature `html` no article is looked for: who reads pages refuses first.
pub(crate) fn page(html: &str) -> Page {
    if html.trim().is_empty() { Page::default() } else { read(html) }
}

#[cfg(not(feature = "html"))]
fn read(html: &str) -> Page {
    Page { text: visible_text(html), extraction: Some(Extraction::Visible), ..Page::default() }
}

#[cfg(feature = "html")]
fn read(html: &str) -> Page {
    let parted = &*with_paragraphs(html);
    // In XML, `<s>` may be a sentence.
    let shown = &*with_blanks(parted).map_or_else(|| without_struck(parted), Cow::Owned);
    let outline = outline(shown);
    let article = extract(&outline.without_dropped(shown));
    let (extracted, mut page) = match article {
        Some(Article { title, text, date, author }) => {
            let title = Some(title).filter(|title| !title.trim().is_empty());
            (tidy(&text), Page { title, date, author, ..Page::default() })
        }
        None => (String::new(), Page::default()),
    };
    let data = StructuredData::read(html);
    let found = choose(&extracted, &outline, &data, page.title.as_deref().unwrap_or(""));
    page.extraction = Some(found.way);
    page.text = found.text.to_owned();
    page
}

/// Reads where text stands on a page; once more where the name of a notice stands on an element
/// that holds the article, the end of the navigation is missing, or boxes hold most of the text.
#[cfg(feature = "html")]
fn outline(html: &str) -> Outline {
    let outline = Outline::read(html, Place::default());
    let is_misnamed = outline.notice_bytes >= MIN_MISNAMED_BYTES
        && outline.notice_bytes > MAX_NOTICE * outline.visible.len();
    let is_open = outline.nav_sentences >= MIN_NAV_SENTENCES && prose_words(&outline.visible) == 0;
    let is_made_of_boxes = outline.box_bytes > outline.visible.len() + outline.forms.len();
    let mistaken =
        [(is_misnamed || is_open, Place::NOTICE), (is_open, Place::NAV), (is_made_of_boxes, Place::BOX)];
    let kept = mistaken.into_iter().filter(|(is, _)| *is);
    match kept.map(|(_, place)| place).reduce(Place::with) {
        Some(kept) => Outline::read(html, kept),
        None => outline,
    }
}

/// A text that may be the article's.
#[cfg(feature = "html")]
#[derive(Clone, Copy)]
struct Candidate<'t> {
    way: Extraction,
    text: &'t str,
    /// Words of its paragraphs that are no boilerplate.
    words: usize,
}

#[cfg(feature = "html")]
impl<'t> Candidate<'t> {
    fn new(way: Extraction, text: &'t str) -> Self {
        Candidate { way, text, words: prose_words(text) }
    }

    fn has_share(&self, share: f64, other: &Candidate<'_>) -> bool {
        self.words > 0 && self.words as f64 >= share * other.words as f64
    }
}

#[cfg(feature = "html")]
fn choose<'t>(
    extracted: &'t str,
    outline: &'t Outline,
    data: &'t StructuredData,
    title: &str,
) -> Candidate<'t> {
    let mut best = visible_candidate(Candidate::new(Extraction::Article, extracted), outline);
    if is_interstitial(title, best.text) {
        best = Candidate { text: "", words: 0, ..best };
    }
    if let Some(body) = body_of_page(&best, &data.bodies, title)
        && body.words > 0
        && body.words >= MIN_BODY * best.words
    {
        best = body;
    }
    let state = Candidate::new(Extraction::StructuredData, &data.state);
    if state.words >= MIN_STATE_WORDS.max(MIN_STATE * best.words) {
        best = state;
    }
    if best.words == 0 { Candidate { way: Extraction::Nothing, text: "", words: 0 } } else { best }
}

/// How likely an article of JSON-LD is the page's.
#[cfg(feature = "html")]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kinship {
    None,
    Likely,
    Sure,
}

/// The longest of the articles in JSON-LD that are most likely the page's. Pages also list the
/// articles of other pages.
#[cfg(feature = "html")]
fn body_of_page<'t>(
    visible: &Candidate<'_>,
    bodies: &'t [ArticleBody],
    title: &str,
) -> Option<Candidate<'t>> {
    let ranked = bodies
        .iter()
        .map(|body| (kinship(visible, body, title), Candidate::new(Extraction::StructuredData, &body.text)));
    let related = ranked.filter(|(kinship, _)| *kinship > Kinship::None);
    related.max_by_key(|(kinship, body)| (*kinship, body.words)).map(|(_, body)| body)
}

#[cfg(feature = "html")]
fn kinship(visible: &Candidate<'_>, body: &ArticleBody, title: &str) -> Kinship {
    let shows_text = visible.words > 0;
    let headline = body.headline.trim().to_lowercase();
    let is_named = !headline.is_empty() && title.to_lowercase().contains(&headline);
    if is_named || shows_text && shared_words(visible.text, &body.text) >= MIN_SHARE_IN_BODY {
        return Kinship::Sure;
    }
    let words = long_words(&body.text);
    let share = |text: &str| {
        let all = long_words(text);
        if all.is_empty() { 0.0 } else { all.intersection(&words).count() as f64 / all.len() as f64 }
    };
    let is_alike = share(visible.text) >= MIN_WORDS_IN_BODY || share(title) >= MIN_TITLE_IN_BODY;
    if is_alike || !shows_text { Kinship::Likely } else { Kinship::None }
}

#[cfg(feature = "html")]
fn long_words(text: &str) -> HashSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.chars().nth(LONG_WORD - 1).is_some()).map(str::to_lowercase).collect()
}

/// The best of what the page shows.
#[cfg(feature = "html")]
fn visible_candidate<'t>(extracted: Candidate<'t>, outline: &'t Outline) -> Candidate<'t> {
    let visible = Candidate::new(Extraction::Visible, &outline.visible);
    let forms = Candidate::new(Extraction::Visible, &outline.forms);
    let is_unseen = visible.words + forms.words == 0 && extracted.words < MIN_UNSEEN_WORDS;
    let mut best = if is_unseen { Candidate { text: "", words: 0, ..extracted } } else { extracted };
    if let Some((container, named)) = container(outline) {
        let is_notice = named.is_only
            && extracted.words <= MAX_NOTICE * container.words
            && shared_words(extracted.text, container.text) < MIN_SHARED_WORDS;
        if is_notice || !extracted.has_share(MIN_SHARE_OF_CONTAINER, &container) {
            best = container;
        }
        if named.is_only {
            return best;
        }
    }
    if visible.words > 0 && !best.has_share(MIN_SHARE_OF_VISIBLE, &visible) {
        best = visible;
    }
    if best.words > 0 { best } else { forms }
}

/// The element that holds the article, if the page names any that holds prose.
#[cfg(feature = "html")]
fn container(outline: &Outline) -> Option<(Candidate<'_>, Container<'_>)> {
    let named: Vec<_> = outline
        .containers()
        .map(|named| (Candidate::new(Extraction::Container, named.text), named))
        .collect();
    let (widest, _) = named.iter().copied().max_by_key(|(found, _)| found.words)?;
    named.into_iter().find(|(found, _)| found.has_share(MIN_SHARE_OF_WIDEST, &widest))
}

/// Words of the paragraphs that are no boilerplate.
#[cfg(feature = "html")]
fn prose_words(text: &str) -> usize {
    let all = paragraphs(text);
    let rules = boilerplate::rules(text, &all, None);
    all.iter().zip(rules).filter(|(_, rule)| rule.is_none()).map(|(paragraph, _)| paragraph.words).sum()
}

/// The share of a text's runs of four words that another text has, too; 1 for a text without any.
#[cfg(feature = "html")]
fn shared_words(text: &str, other: &str) -> f64 {
    let runs = |text: &str| -> Vec<u64> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let hash = |run: &[&str]| {
            let mut hasher = DefaultHasher::new();
            run.hash(&mut hasher);
            hasher.finish()
        };
        words.windows(RUN).map(hash).collect()
    };
    let others: HashSet<u64> = runs(other).into_iter().collect();
    let all = runs(text);
    let shared = all.iter().filter(|run| others.contains(run)).count();
    if all.is_empty() { 1.0 } else { shared as f64 / all.len() as f64 }
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
        let Page { title, text, date, author, extraction } = page(PAGE);
        assert_eq!(extraction, Some(Extraction::Article));
        assert_eq!(title.as_deref(), Some("A Guarantee on Paper"));
        assert_eq!((date.as_deref(), author), (Some("2025-03-01"), None));
        assert!(text.starts_with("Ukraine must") && text.ends_with("paper, and ink."));
        assert!(!text.contains("Home") && !text.contains("Copyright"));
        assert!(text.contains("down.\n\nA division"), "blocks are not glued together: {text}");
        assert!(text.contains("when;\nwho pays"), "nor are items: {text}");
    }

    #[test]
    fn the_article_of_another_page_is_not_this_ones() {
        const SHOWN: &str =
            "The envoy read the guarantee aloud, and the deputies listened without a word to every clause.";
        let other =
            "Trains were late again in the valley, where rivers had left their beds for weeks. ".repeat(20);
        let rest =
            "The annex follows with tables, and with sums that each capital owes by the summer. ".repeat(4);
        let page = |bodies: &str| {
            page(&format!(
                "<html><head><title>The annex is read - Gazette</title><script type=application/ld+json>[{bodies}]</script>\
                 </head><body><article><p>{SHOWN}</p></article></body></html>"
            ))
            .text
        };
        let body = |headline: &str, text: &str| {
            format!("{{\"headline\":\"{headline}\",\"articleBody\":\"{text}\"}}")
        };
        let whole = format!("{SHOWN} {rest}");
        assert_eq!(page(&body("Late trains", &other)), SHOWN);
        assert_eq!(page(&format!("{},{}", body("", SHOWN), body("Late trains", &other))), SHOWN);
        assert_eq!(page(&format!("{},{}", body("", &other), body("", &whole))), whole.trim());
        assert_eq!(page(&body("The annex is read", &rest)), rest.trim(), "by its headline");
        assert_eq!(page(&body("", &rest.replace("follows", "read"))), rest.replace("follows", "read").trim());
    }

    #[test]
    fn every_answer_of_a_page_that_opens_at_a_click_is_kept() {
        let answers = [
            "The envoy said on Monday that the guarantee would be part of the charter, and that each side would be held to it. \
             Deputies, who sat late into the night, declined to name the sum that the brigade would cost.",
            "A negotiator, who asked not to be named, said that three drafts had been torn up.",
            "Scholars cautioned that a vow without funds would be read as an invitation.",
        ];
        for (open, close) in [("<p>", "</p>"), ("", "")] {
            let all = answers
                .map(|answer| format!("<details><summary>Who?</summary>{open}{answer}{close}</details>"));
            let text = page(&format!("<html><body><article>{}</article></body></html>", all.concat())).text;
            let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
            let expected: Vec<&str> = answers.iter().flat_map(|answer| ["Who?", answer]).collect();
            assert_eq!(lines, expected);
        }
    }

    #[test]
    fn sentences_of_xml_and_paragraphs_of_fragments_stay_apart() {
        let xml = "<?xml version='1.0'?><TEI xmlns='x'><text><s>It rained all day long.</s><s>Nobody came.</s></text></TEI>";
        assert_eq!(page(xml).text, "It rained all day long. Nobody came.");
        let fragment = "It <b>rained</b> all day long.\n\nNobody came, they said.";
        assert_eq!(page(fragment).text, "It rained all day long.\n\nNobody came, they said.");
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
