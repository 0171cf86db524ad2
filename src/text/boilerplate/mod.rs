//! Recognizes paragraphs that are not part of the article, and names the rule that knows each.

mod byline;
mod normal;
mod phrases;
mod rule;
mod table;

use crate::text::boilerplate::byline::is_byline;
use crate::text::boilerplate::normal::Normal;
use crate::text::boilerplate::phrases::BEGINNING;
use crate::text::page_heads::page_heads;
use crate::text::paragraph::Paragraph;

pub use crate::text::boilerplate::rule::Rule;

/// No rule knows a paragraph of more words.
const MAX_WORDS: usize = 90;
/// A line that is said again is boilerplate up to this many words.
const MAX_REPEATED_WORDS: usize = 30;

/// The rule that knows each paragraph as boilerplate, `None` for those of the article.
pub fn rules(text: &str, paragraphs: &[Paragraph], title: Option<&str>) -> Vec<Option<Rule>> {
    let page_heads = page_heads(text, paragraphs);
    let mut normal = Normal::default();
    let mut seen: Vec<String> = title.map(|title| normal.whole(title).to_owned()).into_iter().collect();
    (1..)
        .zip(paragraphs)
        .zip(page_heads)
        .map(|((number, &Paragraph { span, words }), is_page_head)| {
            if words > MAX_WORDS {
                return None;
            }
            if is_page_head {
                return Some(Rule::PageHead);
            }
            let paragraph = span.of(text);
            let known = phrases::may_be_known(paragraph, words, &mut normal)
                .then(|| phrases::known(normal.whole(paragraph), words))
                .flatten();
            let found = known.or_else(|| is_byline(paragraph, words).then_some(Rule::Byline));
            if found.is_some() || words > MAX_REPEATED_WORDS {
                return found;
            }
            if !seen.is_empty() {
                let beginning = normal.beginning(paragraph, BEGINNING);
                if seen.iter().any(|seen| seen.starts_with(beginning))
                    && seen.iter().any(|seen| seen == normal.whole(paragraph))
                {
                    return Some(Rule::Repeated);
                }
            }
            // Headings come first; a refrain further down is the author's. Nothing repeats the last
            // paragraph.
            if seen.len() < 3 && number < paragraphs.len() {
                seen.push(normal.whole(paragraph).to_owned());
            }
            None
        })
        .collect()
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::paragraph::paragraphs;

    fn found(text: &str, title: Option<&str>) -> Vec<Option<&'static str>> {
        rules(text, &paragraphs(text), title).into_iter().map(|rule| rule.map(Rule::name)).collect()
    }

    fn one(paragraph: &str) -> Option<&'static str> {
        found(paragraph, None).remove(0)
    }

    #[test]
    fn bylines_and_dates_alone_on_a_line_are_known() {
        for line in [
            "By Ann Lee",
            "By ANN LEE and Tom de Vries",
            "March 3, 2025",
            "2025-03-01",
            "3 Mar 2025",
            "Published: today",
        ] {
            assert_eq!(one(line), Some("byline"), "{line}");
        }
        for line in [
            "By Monday the talks were over.",
            "By 2025 it was clear",
            "May we ask?",
            "In March 2025 talks began",
            "41",
        ] {
            assert_eq!(one(line), None, "{line}");
        }
    }

    #[test]
    fn a_title_said_again_is_known_and_a_refrain_is_not() {
        let text = "A Guarantee on Paper\n\nBody one.\n\nA guarantee on  paper";
        assert_eq!(found(text, None), [None, None, Some("repeated")]);
        assert_eq!(found("On Paper\n\nBody.", Some("On paper")), [Some("repeated"), None]);
    }

    #[test]
    fn sentences_of_an_article_stay() {
        for text in [
            "Leave a replying machine alone with diplomats and it will leave a reply to everything that anybody ever said about the war, and it will do so in seven languages, without a blush, and at once.",
            "Share prices of arms makers rose after the talks in Brussels ended.",
            "Tags of war hang on every lamp post in the city.",
            "Would you trust a signature that nobody will defend?",
            "Related to this is the question of who pays for the troops.",
        ] {
            assert_eq!(one(text), None, "{text}");
        }
    }

    /// Invented paragraphs that argue in the words of offers, captions and calls.
    #[test]
    fn arguments_in_the_words_of_promotions_stay() {
        for text in [
            "Donate blood, the mayor said, and let the ministers donate their excuses.",
            "Few voters subscribe to the view that a treaty defends anybody.",
            "Subscribe to that doctrine and you have to defend every border in Europe.",
            "Unlimited access to the Black Sea is what Moscow has wanted since Catherine.",
            "Sign up for the army, they were told, and the land will be yours.",
            "Listen to the generals and you will hear the same doubt from all of them.",
            "Listen to the generals",
            "Become a member of the alliance first, the envoy said, and then ask for its troops.",
            "Support our allies or lose them: there is no third way.",
            "Follow the money, and the war on Twitter looks like a business.",
            "We and our European partners must decide who pays.",
            "Image copyright law has nothing to say about a map of the front.",
            "Photo by photo, the inspectors showed where the shells had come from.",
            "Copyright is no shield for a ministry that hides its own minutes.",
            "Keep reading for as long as you like: the clause is not there.",
            "To keep the guarantee alive, the capitals must pay for it.",
            "Get the newsletter of any think tank and you will find the same map.",
            "He asked that all rights be reserved to the parliament.",
            "Read more history, he told them, and fewer polls.",
            "Our privacy is important to us, the deputies said, but so is our border.",
            "Für den Minister ist die Garantie jederzeit kündbar.",
            "A pact that either side can cancel at any time is no pact.",
            "The treaty has a clause that Moscow can cancel any time.",
            "Un traité résiliable à tout moment ne protège personne.",
            "Accès illimité à tous les ports : voilà ce que veut Moscou.",
            "Поддержать нас союзники не смогут.",
            "Nous et nos partenaires traitons avec Moscou depuis un an.",
        ] {
            assert_eq!(one(text), None, "{text}");
        }
    }

    #[test]
    fn promotions_captions_and_offers_are_known() {
        for (text, rule) in [
            ("toggle caption Ann Lee/The Ledger", "caption"),
            ("Image copyright Agency Image caption The hall where the envoys met", "caption"),
            ("Photo: Ann Lee/Agency", "caption"),
            ("The views expressed in this article are the author’s own.", "notice"),
            ("This article was originally published by Project Ink.", "rights"),
            ("Фото: Агенція", "caption"),
            ("Unlimited access to all our stories for $1 a week. Cancel any time.", "log-in"),
            ("Jetzt weiterlesen mit dem Probeabo, vier Wochen für 1 Euro.", "log-in"),
            ("Cet article est réservé aux abonnés. Il vous reste 80 % à lire.", "log-in"),
            ("All stories on all your devices. Cancel anytime. Join our readers today.", "log-in"),
            ("Alle Artikel, vier Wochen für 1 Euro. Jederzeit kündbar.", "log-in"),
            ("Всі матеріали без реклами. Скасувати можна будь-коли.", "log-in"),
            ("Support our journalism with a gift today.", "promotion"),
            ("Sign up for the Ledger's morning newsletter, and read it first.", "promotion"),
            ("Follow Ann Lee on Twitter @ann", "promotion"),
            ("The Morning Ledger. All rights reserved.", "rights"),
            ("Please enable JavaScript to view this page.", "notice"),
            ("We and our 812 partners process personal data to show you advertisements.", "cookies"),
        ] {
            assert_eq!(one(text), Some(rule), "{text}");
        }
    }

    #[test]
    fn an_assistants_closing_offer_is_known() {
        let offer = "Would you like me to shorten this essay, change its tone, or add a paragraph on costs?";
        assert_eq!(one(offer), Some("assistant-offer"));
    }
}
