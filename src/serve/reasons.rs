//! Says in a sentence why a text has no label, and why a paragraph is not read.

use crate::classifier::verdict::Reason;
use crate::text::boilerplate::Rule;

/// Why the model does not decide.
pub(super) fn why_no_label(reason: Reason) -> &'static str {
    match reason {
        Reason::TooShort => "The text has too few words.",
        Reason::NothingKnown => "No word of the text is among those that the model knows.",
        Reason::OtherLanguage => "Most of the text is in a language other than the model's.",
        Reason::OffTopic => "The text is about something other than the texts that the model was trained on.",
        Reason::LowConfidence => "The likeliest label is not likely enough.",
        Reason::NothingExtracted => "The page shows no text, or nothing but what surrounds articles.",
    }
}

/// Why a paragraph is not read.
pub(super) fn why_left_out(rule: Rule) -> &'static str {
    match rule {
        Rule::CommentForm => "A form for comments, or the notes around it.",
        Rule::LogIn => "A demand to log in, or an offer of a subscription.",
        Rule::Cookies => "A note about cookies or consent.",
        Rule::Tags => "A list of tags or topics.",
        Rule::Share => "Buttons to share, or links to follow.",
        Rule::More => "Links to other articles, or an advertisement.",
        Rule::Byline => "Author, date or place alone on a line.",
        Rule::Repeated => "The title, or another short line, once more.",
        Rule::PageHead => "The head or the number of a page.",
        Rule::AssistantOffer => "The closing offer of a chat assistant.",
        Rule::Caption => "The caption of a photo, or who took it.",
        Rule::Promotion => "A call to donate, to join or to install an app.",
        Rule::Rights => "A line about rights.",
        Rule::Notice => "A message of the site about scripts or browsers.",
    }
}
