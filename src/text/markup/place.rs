//! Tells by an element's name and attributes what part of a page it holds.

use crate::text::markup::tags::Tag;

/// What a place of a page is part of, as bits that the elements inside inherit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place(u16);

impl Place {
    /// The element that the page names as the text of its article.
    pub(super) const BODY: Place = Place(1);
    pub(super) const ARTICLE: Place = Place(1 << 1);
    pub(super) const MAIN: Place = Place(1 << 2);
    /// Around the article: headers, asides, dialogs, captions, buttons.
    pub(super) const CHROME: Place = Place(1 << 3);
    /// A form, which may stand around the whole page.
    pub(super) const FORM: Place = Place(1 << 4);
    /// What readers wrote.
    pub(super) const COMMENTS: Place = Place(1 << 5);
    /// Notices about cookies and consent, offers of newsletters and subscriptions.
    pub(super) const NOTICE: Place = Place(1 << 6);
    /// What stands below an article or a page: never its text.
    pub(super) const FOOTER: Place = Place(1 << 8);
    /// Navigation, which holds no sentences.
    pub(super) const NAV: Place = Place(1 << 9);
    /// What stands below a picture.
    pub(super) const CAPTION: Place = Place(1 << 10);
    /// A box inside an article, by what it holds: links to other articles, forms.
    pub(super) const BOX: Place = Place(1 << 11);
    /// Not shown.
    pub(super) const HIDDEN: Place = Place(1 << 7);

    pub(super) fn has(self, other: Place) -> bool {
        self.0 & other.0 != 0
    }

    #[must_use]
    pub(super) const fn with(self, other: Place) -> Place {
        Place(self.0 | other.0)
    }

    #[must_use]
    pub(super) fn without(self, other: Place) -> Place {
        Place(self.0 & !other.0)
    }
}

/// Elements that hold others, and what each is by its name. Only these are followed to their ends.
const HOLDERS: [(&str, Place); 31] = [
    ("div", Place(0)),
    ("section", Place(0)),
    ("article", Place::ARTICLE),
    ("main", Place::MAIN),
    ("aside", Place::CHROME),
    ("nav", Place::NAV),
    ("header", Place::CHROME),
    ("footer", Place::FOOTER),
    ("dialog", Place::CHROME),
    ("menu", Place::CHROME),
    ("figcaption", Place::CHROME.with(Place::CAPTION)),
    ("button", Place::CHROME),
    ("select", Place::CHROME),
    ("textarea", Place::CHROME),
    ("iframe", Place::CHROME),
    ("form", Place::FORM),
    ("fieldset", Place::FORM),
    ("label", Place::NOTICE),
    ("legend", Place::NOTICE),
    ("figure", Place(0)),
    ("ul", Place(0)),
    ("ol", Place(0)),
    ("table", Place(0)),
    ("blockquote", Place(0)),
    ("details", Place(0)),
    ("center", Place(0)),
    ("body", Place(0)),
    // Of pages in AMP.
    ("amp-ad", Place::NOTICE),
    ("amp-embed", Place::NOTICE),
    ("amp-consent", Place::NOTICE),
    ("amp-sidebar", Place::NAV),
];

/// How many kinds of elements are followed.
pub(super) const HOLDER_COUNT: usize = HOLDERS.len();

/// The number of an element that is followed to its end.
pub(super) fn holder(name: &str) -> Option<u8> {
    (0..).zip(HOLDERS).find(|(_, (holder, _))| *holder == name).map(|(number, _)| number)
}

/// The name of an element that is followed.
pub(super) fn name_of_holder(holder: u8) -> &'static str {
    HOLDERS.get(usize::from(holder)).map_or("", |(name, _)| name)
}

/// What an element that is followed is by its name alone.
pub(super) fn place_of_holder(holder: u8) -> Place {
    HOLDERS.get(usize::from(holder)).map_or(Place::default(), |(_, place)| *place)
}

/// Classes and ids of elements around an article. Whole names only: `has-sidebar` stands on whole
/// pages.
const CHROME_NAMES: [&str; 19] = [
    "nav",
    "navbar",
    "navigation",
    "menu",
    "sidebar",
    "breadcrumb",
    "breadcrumbs",
    "masthead",
    "site-header",
    "related",
    "related-articles",
    "related-posts",
    "related-content",
    "recommended",
    "share",
    "social",
    "social-share",
    "advertisement",
    "skip-link",
];
/// The same of elements below it (references among them), of those that repeat a sentence of it,
/// and of posts of others in it.
const FOOTER_NAMES: [&str; 22] = [
    "footer",
    "site-footer",
    "page-footer",
    "copyright",
    "colophon",
    "author-bio",
    "author-box",
    "about-author",
    "about-the-author",
    "post-author-bio",
    "pullquote",
    "pull-quote",
    "pullquote-text",
    "twitter-tweet",
    "instagram-media",
    "tiktok-embed",
    "bluesky-embed",
    "fb-post",
    // Of wikis.
    "references",
    "reflist",
    "mw-references-wrap",
    "navbox",
];
/// Names of elements that hold a picture with its caption, or the caption.
const CAPTION_NAMES: [&str; 5] =
    ["wp-caption", "image-caption", "photo-caption", "figure-caption", "media-caption"];
/// Classes of the element that holds an article's text.
const BODY_NAMES: [&str; 12] = [
    "article-body",
    "article__body",
    "articlebody",
    "article-content",
    "article__content",
    "article-text",
    "entry-content",
    "post-content",
    "post-body",
    "story-body",
    "story-content",
    "story__body",
];
/// Parts of names that stand on notices alone.
const NOTICES: [&str; 13] = [
    "cookie",
    "cookies",
    "cookiebot",
    "cookiebanner",
    "cookieconsent",
    "cookienotice",
    "consent",
    "gdpr",
    "ccpa",
    "onetrust",
    "didomi",
    "cmp",
    "usercentrics",
];
/// Parts of names that stand on offers, and on articles too: an offer has one alone, or one of
/// [`BOXES`] beside it.
const OFFERS: [&str; 17] = [
    "newsletter",
    "newsletters",
    "subscribe",
    "subscription",
    "subscriptions",
    "paywall",
    "regwall",
    "donate",
    "donation",
    "donations",
    "membership",
    "signup",
    "abo",
    "login",
    "poll",
    "quiz",
    "survey",
];
/// Parts of names of small boxes.
const BOXES: [&str; 18] = [
    "box", "form", "banner", "promo", "cta", "wall", "modal", "prompt", "overlay", "widget", "popup",
    "offer", "bar", "notice", "dialog", "callout", "teaser", "signup",
];
/// Names, or their first or last part, of what readers wrote.
const COMMENTS: [&str; 14] = [
    "comments",
    "commentlist",
    "disqus",
    "respond",
    "responses",
    "livefyre",
    "kommentare",
    "leserkommentare",
    "commentaires",
    "comentarios",
    "commenti",
    "komentarze",
    "коментарі",
    "комментарии",
];
/// Parts that make of such a name a state of something larger.
const STATES: [&str; 12] =
    ["has", "no", "show", "with", "open", "closed", "enabled", "disabled", "category", "tag", "term", "is"];

/// What an element is by its name and attributes.
pub(super) fn place(tag: &Tag<'_>, holder: u8) -> Place {
    let mut place = place_of_holder(holder);
    // A name on the whole page says something of all of it.
    let is_whole = matches!(tag.name.as_str(), "body" | "main");
    for (name, value) in tag.attributes() {
        let found = match name.to_ascii_lowercase().as_str() {
            "role" => of_role(value),
            "itemprop" => of_property(value),
            "itemtype" if value.ends_with("/Comment") || value.ends_with("/UserComments") => Place::COMMENTS,
            "class" | "id" => value
                .split_ascii_whitespace()
                .fold(Place::default(), |place, token| place.with(of_token(token, tag.name == "article"))),
            "hidden" => Place::HIDDEN,
            "style" if hides(value) => Place::HIDDEN,
            _ => continue,
        };
        place = place.with(if is_whole { found.without(NOT_OF_THE_WHOLE) } else { found });
    }
    place
}

const NOT_OF_THE_WHOLE: Place = Place::CHROME
    .with(Place::CAPTION)
    .with(Place::NAV)
    .with(Place::FOOTER)
    .with(Place::COMMENTS)
    .with(Place::NOTICE)
    .with(Place::HIDDEN)
    .with(Place::FORM);

fn of_role(role: &str) -> Place {
    match role.trim().to_ascii_lowercase().as_str() {
        "main" => Place::MAIN,
        "article" => Place::ARTICLE,
        "contentinfo" => Place::FOOTER,
        "navigation" => Place::NAV,
        "banner" | "complementary" | "search" | "menu" | "menubar" | "toolbar" => Place::CHROME,
        "dialog" | "alertdialog" => Place::NOTICE,
        _ => Place::default(),
    }
}

fn of_property(properties: &str) -> Place {
    let of = |property: &str| match property.to_ascii_lowercase().as_str() {
        "articlebody" | "reviewbody" => Place::BODY,
        "comment" => Place::COMMENTS,
        _ => Place::default(),
    };
    properties.split_ascii_whitespace().fold(Place::default(), |place, property| place.with(of(property)))
}

fn hides(style: &str) -> bool {
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    let style = style.to_ascii_lowercase();
    style.contains("display:none") || style.contains("visibility:hidden")
}

/// What an element is by one of its classes, or by its id. An article is told by its whole names
/// only.
fn of_token(token: &str, is_article: bool) -> Place {
    let token = token.to_lowercase();
    let parts = || token.split(['-', '_']).filter(|part| !part.is_empty());
    if token == "comment" {
        return Place::COMMENTS;
    }
    if BODY_NAMES.contains(&token.as_str()) {
        return Place::BODY;
    }
    if is_article || parts().any(|part| STATES.contains(&part)) {
        return Place::default();
    }
    if CHROME_NAMES.contains(&token.as_str()) {
        return Place::CHROME;
    }
    if CAPTION_NAMES.contains(&token.as_str()) {
        return Place::CHROME.with(Place::CAPTION);
    }
    if FOOTER_NAMES.contains(&token.as_str()) {
        return Place::FOOTER;
    }
    let has = |list: &[&str]| parts().any(|part| list.contains(&part));
    if has(&NOTICES) || has(&OFFERS) && (parts().count() == 1 || has(&BOXES)) {
        return Place::NOTICE;
    }
    let ends = [parts().next(), parts().next_back()];
    if ends.into_iter().flatten().any(|part| COMMENTS.contains(&part)) || is_list_of_comments(&token) {
        return Place::COMMENTS;
    }
    Place::default()
}

fn is_list_of_comments(token: &str) -> bool {
    ["comment-list", "comment_list", "comment-section", "comment-thread", "comment-area", "comment-respond"]
        .contains(&token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::markup::tags::{Piece, Pieces};

    fn of(html: &str) -> Place {
        let Some(Piece::Tag(tag)) = Pieces::new(html).next() else { panic!("{html}") };
        place(&tag, holder(&tag.name).unwrap())
    }

    #[test]
    fn elements_are_told_by_their_names_and_attributes() {
        for (html, expected) in [
            ("<div>", Place::default()),
            ("<article class=comment>", Place::ARTICLE.with(Place::COMMENTS)),
            ("<article class='post tag-cookies category-gdpr comments-open'>", Place::ARTICLE),
            ("<div role=MAIN>", Place::MAIN),
            ("<section itemprop='articleBody'>", Place::BODY),
            ("<div class='x entry-content'>", Place::BODY),
            ("<div id=cookie-banner>", Place::NOTICE),
            ("<div class=newsletter>", Place::NOTICE),
            ("<div class=subscribe>", Place::NOTICE),
            ("<div class=paywall-overlay>", Place::NOTICE),
            ("<div class=paywall-content>", Place::default()),
            ("<div class=newsletter-post>", Place::default()),
            ("<body class='has-comments cookie-consent'>", Place::default()),
            ("<div id=comments>", Place::COMMENTS),
            ("<ol class=comment-list>", Place::COMMENTS),
            ("<section class=reader-comments>", Place::COMMENTS),
            ("<div class=tone-comment>", Place::default()),
            ("<div class='has-sidebar category-comments'>", Place::default()),
            ("<div class=sidebar>", Place::CHROME),
            ("<blockquote class=pullquote>", Place::FOOTER),
            ("<blockquote class=twitter-tweet>", Place::FOOTER),
            ("<div class='wp-caption alignleft'>", Place::CHROME.with(Place::CAPTION)),
            ("<div class='author-bio large'>", Place::FOOTER),
            ("<div style='color: red; DISPLAY : none'>", Place::HIDDEN),
            ("<div hidden>", Place::HIDDEN),
            ("<form>", Place::FORM),
            ("<ol class='references small'>", Place::FOOTER),
            ("<amp-consent id=x>", Place::NOTICE),
        ] {
            assert_eq!(of(html), expected, "{html}");
        }
    }
}
