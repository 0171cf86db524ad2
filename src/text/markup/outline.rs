//! Sorts the visible text of a page by where it stands: in its article, in its main part, around
//! them.

mod block;
mod boxes;
mod reader;

use std::borrow::Cow;
use std::ops::Range;

use reader::Reader;

use crate::text::markup::elements::is_unread;
use crate::text::markup::place::Place;
use crate::text::markup::tags::{Piece, Pieces};

/// The visible text of a page, by where it stands.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// In elements that the page names as the text of its article.
    body: String,
    /// In the longest article that stands in no other.
    article: String,
    /// How many articles with text the page has.
    articles: usize,
    /// In its main part.
    main: String,
    /// Everywhere outside of navigation, headers, footers, asides and forms.
    pub(super) visible: String,
    /// In forms that no article stands in: some servers put the whole page into one.
    pub(super) forms: String,
    /// Bytes of text in notices.
    pub(super) notice_bytes: usize,
    /// Bytes of text in boxes inside the article, and in links to other articles.
    pub(super) box_bytes: usize,
    /// Sentences in navigation: where it has some, its end is missing.
    pub(super) nav_sentences: usize,
    /// Whether it is a whole page, and no fragment of one.
    is_page: bool,
    /// What an extractor should not see: comments, notices, navigation, footers, drawings, and the
    /// links around whole sentences.
    dropped: Vec<Range<usize>>,
}

/// An element that the page names as its article.
#[derive(Clone, Copy, Debug)]
pub(super) struct Container<'o> {
    pub(super) text: &'o str,
    /// Whether no other element claims the same.
    pub(super) is_only: bool,
}

impl Outline {
    /// Reads a page. What elements are by their names is not believed of `kept`.
    pub(super) fn read(html: &str, kept: Place) -> Self {
        let mut reader = Reader::new(kept);
        let mut pieces = Pieces::new(html);
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Text(text) => reader.text(text),
                Piece::Tag(tag) => {
                    let is_unread = !tag.closes && is_unread(&tag.name);
                    if is_unread {
                        pieces.skip_element(&tag.name);
                    }
                    reader.tag(&tag);
                    if is_unread && tag.name == "svg" {
                        // The extractor takes the name of an icon for text.
                        reader.outline.dropped.push(tag.start..pieces.place());
                    }
                }
            }
        }
        reader.end(html.len())
    }

    /// The elements that the page names as its article, the narrowest first.
    pub(super) fn containers(&self) -> impl Iterator<Item = Container<'_>> {
        let article = Container { text: &self.article, is_only: self.articles <= 1 };
        [
            Container { text: &self.body, is_only: true },
            article,
            Container { text: &self.main, is_only: true },
        ]
        .into_iter()
        .filter(|container| !container.text.is_empty())
    }

    /// The page without what an extractor should not see.
    pub(super) fn without_dropped<'h>(&self, html: &'h str) -> Cow<'h, str> {
        if self.dropped.is_empty() {
            return Cow::Borrowed(html);
        }
        let (mut kept, mut from) = (String::with_capacity(html.len()), 0);
        for Range { start, end } in &self.dropped {
            kept.push_str(html.get(from..*start).unwrap_or(""));
            from = from.max(*end);
        }
        kept.push_str(html.get(from..).unwrap_or(""));
        Cow::Owned(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Outline {
        Outline::read(html, Place::default())
    }

    const SENTENCE: &str = "The envoy read the whole guarantee aloud to the hall.";

    #[test]
    fn text_is_sorted_by_where_it_stands() {
        let outline = read(
            "<head><title>T</title><body><nav>Home</nav><header>Top</header><main><h1>Head</h1><article>One <b>two</b>\
            <aside>Beside</aside><form>Sign up</form><ul><li>three<li>four</ul></article><p>After</p></main>\
            <div hidden>Hidden</div>Loose<footer>Copyright</footer>",
        );
        assert_eq!(outline.article, "One two\n\nthree\n\nfour");
        assert_eq!(outline.main, "Head\n\nOne two\n\nthree\n\nfour\n\nAfter");
        assert_eq!(outline.visible, "Head\n\nOne two\n\nthree\n\nfour\n\nAfter\n\nLoose");
    }

    #[test]
    fn the_longest_article_is_taken_and_others_are_counted() {
        let outline = read("<article>One</article><article>One two <article>three</article></article>");
        let found: Vec<(&str, bool)> =
            outline.containers().map(|found| (found.text, found.is_only)).collect();
        assert_eq!(found, [("One two\n\nthree", false)]);
        assert_eq!(read("<article>One</article>").containers().map(|found| found.is_only).next(), Some(true));
    }

    #[test]
    fn a_form_around_an_article_is_the_pages_and_one_inside_is_not() {
        let outline = read("<form>Loose<article>One<form>Sign up</form></article></form>");
        assert_eq!((outline.article.as_str(), outline.visible.as_str()), ("One", "One"));
        assert_eq!(outline.forms, "Loose");
    }

    #[test]
    fn drawings_are_dropped_with_their_names() {
        let html =
            "<div><p>One <svg class=i><title>Share</title><text>x</text></svg>two</p><svg/></svg></div>";
        assert_eq!(read(html).without_dropped(html), "<div><p>One two</p></div>");
        let inside = "<p>One</p><nav><svg><title>x</title></svg>Home</nav><p>Two</p>";
        assert_eq!(read(inside).without_dropped(inside), "<p>One</p><p>Two</p>");
    }

    #[test]
    fn what_readers_wrote_and_notices_are_dropped_by_name_and_by_heading() {
        let html =
            "<div>One<div class=comments>Two<div>Three</div></div><div id=cookie-banner>Four</div></div>";
        let outline = read(html);
        assert_eq!(
            (outline.visible.as_str(), outline.without_dropped(html).as_ref()),
            ("One", "<div>One</div>")
        );
        let html = "<div><p>One</p><h2>Comments (3)</h2><p>Two</p></div><p>Three</p>";
        let outline = read(html);
        assert_eq!(outline.visible, "One\n\nThree");
        assert_eq!(outline.without_dropped(html), "<div><p>One</p></div><p>Three</p>");
        assert_eq!(read("<h1>Comments</h1><p>One</p>").visible, "Comments\n\nOne", "an article of that name");
        let html = "<div>One</div><section><header><h3>Comments</h3></header><div>Two</div></section>Three";
        assert_eq!(read(html).visible, "One\n\nThree");
        let html = "<div>One<h2>Two<p>Comments</p><p>Three</p></div>";
        assert_eq!(read(html).visible, "One\n\nTwo\n\nComments\n\nThree", "no heading");
        let html = "<p>One</p><h3>12 Kommentare</h3>Two";
        assert_eq!(read(html).without_dropped(html), "<p>One</p>");
        let open = "<div>One<section class=comments>Two</div>Three";
        assert_eq!(read(open).without_dropped(open), "<div>One</div>Three");
    }

    #[test]
    fn an_offer_is_dropped_with_the_element_that_its_heading_begins() {
        let html = "<main><p>One</p><section><h2>Choose your plan:</h2><ul><li>Two</ul><p>Three</section><p>Four</main>";
        let outline = read(html);
        assert_eq!(outline.visible, "One\n\nFour");
        assert_eq!(outline.without_dropped(html), "<main><p>One</p><section></section><p>Four</main>");
        for article in [
            "<article><h2>Choose your plan</h2><p>One</p></article>",
            "<article><p>One</p><h2>Choose your plan</h2><p>Two</p></article>",
            "<main><p>One</p><section><p>Two</p><h2>Choose your plan</h2></section></main>",
            "<main><p>One</p><section><p>Choose your plan</p></section></main>",
        ] {
            assert!(read(article).visible.contains("Choose your plan"), "{article}");
            let teasers = article.replace("Choose your plan", "Related stories");
            assert!(read(&teasers).visible.contains("Related stories"), "{teasers}");
        }
    }

    #[test]
    fn captions_are_dropped_beside_a_text() {
        let caption = "<figure><img src=x><figcaption>The hall in the evening</figcaption></figure>";
        let html = format!("<article><p>{SENTENCE}</p>{caption}<p>Two</p></article>");
        let expected = format!("<article><p>{SENTENCE}</p><figure><img src=x></figure><p>Two</p></article>");
        assert_eq!(read(&html).without_dropped(&html), expected);
        let open = html.replace("</figcaption>", "");
        assert_eq!(read(&open).without_dropped(&open), expected);
        let pictures = format!("<article><p>Two</p>{}</article>", caption.repeat(3));
        assert_eq!(read(&pictures).without_dropped(&pictures), pictures);
        let in_dropped = format!("<p>{SENTENCE}</p><footer>{caption}</footer><p>Two</p>");
        let expected = format!("<p>{SENTENCE}</p><p>Two</p>");
        assert_eq!(read(&in_dropped).without_dropped(&in_dropped), expected);
    }

    #[test]
    fn teasers_inside_an_article_are_dropped_with_their_heading() {
        let teasers = "<div><h3>Read also</h3><ul><li><a>Two</a></li></ul><p>What it is about.</p></div>";
        let html = format!("<article><p>One</p>{teasers}<p>Three</p></article>");
        let outline = read(&html);
        assert_eq!((outline.article.as_str(), outline.visible.as_str()), ("One\n\nThree", "One\n\nThree"));
        assert_eq!(outline.without_dropped(&html), "<article><p>One</p><div></div><p>Three</p></article>");
        let outside = read(&format!("<div>Slogan</div>{teasers}"));
        assert!(outside.visible.ends_with("about."), "it may be a page without a main part");
    }

    const HEADLINES: [&str; 2] =
        ["The envoy lied to the hall for years.", "No hall has ever read a guarantee?"];

    /// Links to other articles, each in its element.
    fn links(tag: &str) -> String {
        HEADLINES.iter().map(|line| format!("<{tag}><a href=/x>{line}</a></{tag}>")).collect()
    }

    #[test]
    fn links_to_other_articles_are_dropped_without_a_heading() {
        let card = format!("<a href=/x><h3>{}</h3></a><p>{SENTENCE}</p>", HEADLINES[0]);
        for teasers in [
            format!("<ul>{}</ul>", links("li")),
            format!("<div>{}</div>", links("p")),
            format!("<p>Read more:</p><ul>{}</ul>", links("li")),
            format!("<h3>Related articles</h3>{}", links("p")),
            format!("<div><span>Mehr zum Thema</span><p></p>{}</div>", links("p")),
            format!("<p><b>READ MORE:</b> <a href=/x>{}</a></p>", HEADLINES[0]),
            format!("<blockquote><p><a href=/x>Читайте также: {}</a></p></blockquote>", HEADLINES[0]),
            format!("<p>► <a href=/x>{}</a></p>", HEADLINES[0]),
            format!("<div>{card}</div>"),
            format!("<ul><li>{card}</li><li>{card}</li></ul>"),
            format!("<article class=x><div><img src=x></div>{card}</article>"),
            format!("<div><div>{card}</div><div>{card}</div></div>"),
        ] {
            let html = format!("<article><p>{SENTENCE}</p><p>{SENTENCE}</p>{teasers}<p>Three.</p></article>");
            let outline = read(&html);
            let expected = format!("{SENTENCE}\n\n{SENTENCE}\n\nThree.");
            assert_eq!((&outline.article, &outline.visible), (&expected, &expected), "{teasers}");
            let rest = outline.without_dropped(&html);
            assert!(!HEADLINES.iter().any(|line| rest.contains(line)), "{rest}");
            assert_eq!(rest.matches(SENTENCE).count(), 2, "{rest}");
        }
    }

    #[test]
    fn what_an_author_links_to_is_kept() {
        let long = format!("{SENTENCE} ").repeat(9);
        for text in [
            format!("<p>The envoy gave two reasons:</p><ul>{}</ul>", links("li")),
            format!("<p>The envoy gave reasons.</p><ol>{}</ol>", links("li")),
            format!("<p>Read more closely, <a href=/x>{}</a></p>", HEADLINES[0]),
            format!("<p>Read more:</p><p>The hall was silent, and then <a href=/x>{}</a></p>", HEADLINES[0]),
            format!("<div><p><a href=/x>{}</a></p></div>", HEADLINES[0]),
            format!("<ul>{}<li>A third one of their own.</li></ul>", links("li")),
            format!("<div><h3><a href='#x'>{}</a></h3><p>{SENTENCE}</p></div>", HEADLINES[0]),
            format!("<div><h3><a name=x />{}</h3><p>{SENTENCE}</p></div>", HEADLINES[0]),
            format!("<div><h3><a href=/x>{}</a></h3><p>{long}</p></div>", HEADLINES[0]),
        ] {
            let html = format!("<article><p>{SENTENCE}</p>{text}</article>");
            let outline = read(&html);
            assert!(outline.article.contains(HEADLINES[0]), "{text}");
            assert!(outline.without_dropped(&html).contains(HEADLINES[0]), "{text}");
        }
        let first = format!("<article><ul>{}</ul><p>{SENTENCE}</p></article>", links("li"));
        assert!(read(&first).without_dropped(&first).contains(HEADLINES[0]), "nothing stands before it");
    }

    #[test]
    fn forms_inside_an_article_are_dropped() {
        const OFFER: &str = "Get the stories that matter to you before breakfast every day.";
        for form in [
            format!("<form><h3>Never miss one</h3><p>{OFFER}</p><label>Your name</label><input></form>"),
            format!("<div><p>{OFFER}</p><div><label>{OFFER}</label><input type=email></div></div>"),
            format!("<fieldset><legend>{OFFER}</legend><p>{OFFER}</p><input type=radio></fieldset>"),
            format!("<div><p>{OFFER} We use cookies.</p><button>Yes</button></div>"),
            format!("<label>{OFFER}<select><option>One</option></select></label>"),
        ] {
            let html = format!("<article><p>{SENTENCE}</p>{form}<p>Three.</p></article>");
            let outline = read(&html);
            assert_eq!(outline.article, format!("{SENTENCE}\n\nThree."), "{form}");
            assert!(!outline.without_dropped(&html).contains(OFFER), "{form}");
        }
        for text in [
            format!("<form><article><p>{SENTENCE}</p><p>{OFFER}</p></article></form>"),
            format!("<form><p>{SENTENCE}</p><p>{OFFER}</p></form>"),
            format!("<article><p>{SENTENCE}</p><div><p>{OFFER} She ate cookies.</p></div></article>"),
            format!("<article><p>{SENTENCE}</p><div><p>{OFFER}</p><input type=checkbox></div></article>"),
            format!(
                "<article><p>{SENTENCE}</p><div><p>The envoy did not say: {}</p><form><input type=email></form></div></article>",
                OFFER.replace(" you ", " them ")
            ),
        ] {
            assert!(read(&text).without_dropped(&text).contains("before breakfast"), "{text}");
        }
    }

    #[test]
    fn links_around_sentences_are_the_authors() {
        for (html, expected) in [
            (format!("<p><b><a href=x>{SENTENCE}</a></b></p>"), format!("<p><b>{SENTENCE}</b></p>")),
            (format!("<a href=x><p>{SENTENCE}</p></a>"), format!("<p>{SENTENCE}</p></a>")),
            (format!("<p>So <a href=x>{SENTENCE}</a></p>"), format!("<p>So {SENTENCE}</p>")),
        ] {
            assert_eq!(read(&html).without_dropped(&html), expected);
        }
        for html in [
            format!("<aside><a href=x>{SENTENCE}</a></aside>"),
            "<li><a href=x>Will the envoy read the whole guarantee aloud today?</a></li>".to_owned(),
            "<li><a href=x>The envoy left.</a></li>".to_owned(),
            format!("<p>{SENTENCE} {SENTENCE} <a href=x>More.</a></p>"),
        ] {
            assert_eq!(read(&html).without_dropped(&html), html);
        }
    }

    #[test]
    fn blank_lines_count_where_no_tag_makes_paragraphs() {
        assert_eq!(read("One <b>two</b>\nthree.\n\nFour.").visible, "One two\nthree.\n\nFour.");
        assert_eq!(read("<p>One\n\ntwo<br>three</p>").visible, "One two\nthree");
    }

    #[test]
    fn hostile_pages_are_read_in_one_go() {
        for piece in [
            "<div>",
            "</div>",
            "<ul><li>",
            "<div class=comments>",
            "<a href=x><p>",
            "<article>x",
            "<h2>Comments</h2>",
        ] {
            let html = piece.repeat(200_000);
            let outline = read(&html);
            assert!(outline.visible.len() + outline.without_dropped(&html).len() < 4 * html.len(), "{piece}");
        }
    }
}
