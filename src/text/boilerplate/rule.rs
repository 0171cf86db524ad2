//! Names the kinds of boilerplate.

/// What kind of boilerplate a paragraph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A form for comments, or the notes around it.
    CommentForm,
    /// A demand to log in, or an offer of a subscription.
    LogIn,
    /// A note about cookies or consent.
    Cookies,
    /// A list of tags or topics.
    Tags,
    /// Share buttons, newsletters, links to follow.
    Share,
    /// Links to other articles, advertisements.
    More,
    /// Author, date or place alone on a line.
    Byline,
    /// The title, or another short line, once more.
    Repeated,
    /// The head or the number of a page.
    PageHead,
    /// A chat assistant's closing offer.
    AssistantOffer,
    /// The caption of a photo, or who took it.
    Caption,
    /// A call to donate, to join or to install an app.
    Promotion,
    /// Whose the rights are.
    Rights,
    /// A message of the site to its visitors, about scripts, browsers and whose views it prints.
    Notice,
}

impl Rule {
    /// The name that `standpoint paragraphs` shows.
    pub fn name(self) -> &'static str {
        match self {
            Rule::CommentForm => "comment-form",
            Rule::LogIn => "log-in",
            Rule::Cookies => "cookies",
            Rule::Tags => "tags",
            Rule::Share => "share",
            Rule::More => "more",
            Rule::Byline => "byline",
            Rule::Repeated => "repeated",
            Rule::PageHead => "page-head",
            Rule::AssistantOffer => "assistant-offer",
            Rule::Caption => "caption",
            Rule::Promotion => "promotion",
            Rule::Rights => "rights",
            Rule::Notice => "notice",
        }
    }
}
