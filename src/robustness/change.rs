//! Names the changes, and makes them.

use crate::named::{Named, named};
use crate::robustness::{headline, layout, marks, words};
use crate::text::{Document, Language};
use crate::tokenizer::house_style::{Spelling, Transliteration};

/// A change that leaves the meaning of a text as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Change {
    /// "defense", "organize": every word that has one in American spelling. English texts.
    AmericanSpelling,
    /// "defence", "organise". English texts.
    BritishSpelling,
    /// "Kyiv", "Odesa", "Zelenskyy". English texts.
    UkrainianNames,
    /// "Kiev", "Odessa", "Zelensky". English texts.
    RussianNames,
    /// "U.S.", "U.K.", "E.U."
    DottedAbbreviations,
    /// "US", "UK", "EU".
    PlainAbbreviations,
    /// “Double” quotation marks.
    CurlyQuotes,
    /// "Straight" quotation marks.
    StraightQuotes,
    /// ‘Single’ quotation marks.
    SingleQuotes,
    /// 'Single and straight' quotation marks.
    StraightSingleQuotes,
    /// «Guillemets».
    Guillemets,
    /// It’s.
    CurlyApostrophes,
    /// It's.
    StraightApostrophes,
    /// Dashes—without blanks.
    EmDashes,
    /// Dashes – with blanks.
    SpacedDashes,
    /// Dashes -- as they are typed.
    TypedDashes,
    /// A blank line between paragraphs, each on one line.
    BlankLines,
    /// One line for each paragraph, and no blank lines.
    NoBlankLines,
    /// Lines of at most 72 characters, and blank lines between paragraphs.
    HardWrapped,
    /// The whole text on one line.
    OneLine,
    /// THE HEADLINE IN CAPITALS.
    HeadlineInCapitals,
    /// The Headline With Capitals at the Beginnings of Words.
    HeadlineInTitleCase,
    /// The title before the text, where it does not begin with it.
    HeadlineAdded,
    /// The text without the headline that it begins with.
    HeadlineRemoved,
    /// The paragraphs from the last to the first, behind the headline.
    ReversedParagraphs,
    /// The paragraphs in another order, behind the headline; the same for each run.
    ShuffledParagraphs,
}

named!(Change {
    AmericanSpelling: "spelling-american",
    BritishSpelling: "spelling-british",
    UkrainianNames: "names-ukrainian",
    RussianNames: "names-russian",
    DottedAbbreviations: "abbreviations-dotted",
    PlainAbbreviations: "abbreviations-plain",
    CurlyQuotes: "quotes-curly",
    StraightQuotes: "quotes-straight",
    SingleQuotes: "quotes-single",
    StraightSingleQuotes: "quotes-single-straight",
    Guillemets: "quotes-guillemets",
    CurlyApostrophes: "apostrophes-curly",
    StraightApostrophes: "apostrophes-straight",
    EmDashes: "dashes-em",
    SpacedDashes: "dashes-spaced",
    TypedDashes: "dashes-typed",
    BlankLines: "layout-blank-lines",
    NoBlankLines: "layout-no-blank-lines",
    HardWrapped: "layout-hard-wrapped",
    OneLine: "layout-one-line",
    HeadlineInCapitals: "headline-capitals",
    HeadlineInTitleCase: "headline-title-case",
    HeadlineAdded: "headline-added",
    HeadlineRemoved: "headline-removed",
    ReversedParagraphs: "paragraphs-reversed",
    ShuffledParagraphs: "paragraphs-shuffled",
});

impl Change {
    /// The changes that leave the meaning of texts in a language as it is: all but those of English
    /// spelling, for other languages. `None` stands for a language that is not known, which may be
    /// English.
    pub fn for_language(language: Option<Language>) -> Vec<Change> {
        let is_english = language.is_none_or(|language| language == Language::English);
        Change::ALL.into_iter().filter(|change| is_english || !change.is_of_english()).collect()
    }

    fn is_of_english(self) -> bool {
        matches!(
            self,
            Change::AmericanSpelling
                | Change::BritishSpelling
                | Change::UkrainianNames
                | Change::RussianNames
                | Change::DottedAbbreviations
                | Change::PlainAbbreviations
        )
    }

    /// Makes the change; `None` where it leaves the text as it is.
    pub fn apply(self, document: &Document) -> Option<Document> {
        let text = document.text.as_str();
        let changed = match self {
            Change::AmericanSpelling => words::respelled(text, Spelling::American),
            Change::BritishSpelling => words::respelled(text, Spelling::British),
            Change::UkrainianNames => words::transliterated(text, Transliteration::Ukrainian),
            Change::RussianNames => words::transliterated(text, Transliteration::Russian),
            Change::DottedAbbreviations => words::with_dotted_abbreviations(text),
            Change::PlainAbbreviations => words::with_plain_abbreviations(text),
            Change::CurlyQuotes => marks::quoted(text, ["“", "”"]),
            Change::StraightQuotes => marks::quoted(text, ["\"", "\""]),
            Change::SingleQuotes => marks::quoted(text, ["‘", "’"]),
            Change::StraightSingleQuotes => marks::quoted(text, ["'", "'"]),
            Change::Guillemets => marks::quoted(text, ["«", "»"]),
            Change::CurlyApostrophes => marks::with_apostrophe(text, '’'),
            Change::StraightApostrophes => marks::with_apostrophe(text, '\''),
            Change::EmDashes => marks::with_dashes(text, "—"),
            Change::SpacedDashes => marks::with_dashes(text, " – "),
            Change::TypedDashes => marks::with_dashes(text, " -- "),
            Change::BlankLines => layout::joined(text, "\n\n"),
            Change::NoBlankLines => layout::joined(text, "\n"),
            Change::HardWrapped => layout::hard_wrapped(text),
            Change::OneLine => layout::joined(text, " "),
            Change::HeadlineInCapitals => headline::in_capitals(text)?,
            Change::HeadlineInTitleCase => headline::in_title_case(text)?,
            Change::HeadlineRemoved => headline::removed(text)?,
            Change::HeadlineAdded => {
                let text = headline::added(text, document.title.as_deref()?)?;
                return Some(Document { text, title: None, ..document.clone() });
            }
            Change::ReversedParagraphs => layout::reversed(text),
            Change::ShuffledParagraphs => layout::shuffled(text),
        };
        (changed != text).then(|| Document { text: changed, ..document.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(change: Change, text: &str) -> Option<String> {
        change.apply(&Document::new("a", text)).map(|document| document.text)
    }

    #[test]
    fn each_change_does_what_its_name_says() {
        let text = "Allies meet in Kiev\n\nThe U.S. said—again—that \"we do not organize this defence\" for the UK; it's late. Donbas waits.\n\nNobody answered at first.";
        for (change, expected) in [
            (Change::AmericanSpelling, "this defense"),
            (Change::BritishSpelling, "organise this defence"),
            (Change::UkrainianNames, "meet in Kyiv"),
            (Change::RussianNames, "Donbass waits"),
            (Change::DottedAbbreviations, "the U.K.; it"),
            (Change::PlainAbbreviations, "The US said"),
            (Change::CurlyQuotes, "“we do not organize this defence” for"),
            (Change::SingleQuotes, "‘we do not organize this defence’ for"),
            (Change::StraightSingleQuotes, "'we do not organize this defence' for"),
            (Change::Guillemets, "«we do not organize this defence» for"),
            (Change::CurlyApostrophes, "it’s late"),
            (Change::SpacedDashes, "said – again – that"),
            (Change::TypedDashes, "said -- again -- that"),
            (Change::NoBlankLines, "in Kiev\nThe U.S."),
            (Change::HardWrapped, "for the UK;\nit's late"),
            (Change::OneLine, "in Kiev The U.S."),
            (Change::HeadlineInCapitals, "ALLIES MEET IN KIEV\n"),
            (Change::HeadlineInTitleCase, "Allies Meet in Kiev\n"),
            (Change::ReversedParagraphs, "in Kiev\n\nNobody"),
            (Change::ShuffledParagraphs, "in Kiev\n\n"),
        ] {
            let found = changed(change, text);
            if change != Change::ShuffledParagraphs {
                assert!(
                    found.as_ref().is_some_and(|found| found.contains(expected)),
                    "{}: {found:?}",
                    change.name()
                );
            }
        }
        assert!(changed(Change::HeadlineRemoved, text).is_some_and(|text| text.starts_with("The U.S.")));
        for same in
            [Change::StraightQuotes, Change::StraightApostrophes, Change::EmDashes, Change::BlankLines]
        {
            assert_eq!(changed(same, text), None, "{}", same.name());
        }
    }

    #[test]
    fn english_spelling_is_changed_in_english_only() {
        assert_eq!(Change::for_language(None).len(), Change::ALL.len());
        let german = Change::for_language(Some(Language::German));
        assert!(german.contains(&Change::Guillemets) && !german.contains(&Change::RussianNames));
    }

    #[test]
    fn a_title_is_put_before_a_text_that_does_not_begin_with_it() {
        let titled = Document { title: Some("A day".to_owned()), ..Document::new("a", "It rained.") };
        let added = Change::HeadlineAdded.apply(&titled).unwrap();
        assert_eq!((added.text.as_str(), added.title), ("A day\n\nIt rained.", None));
        assert!(Change::HeadlineAdded.apply(&Document::new("a", "It rained.")).is_none());
    }

    #[test]
    fn no_text_is_too_short_or_too_strange() {
        for text in ["", " ", "'", "\"", "—", "US", "\n\n\n", "é", "”“", "’s ‘", "中文", "-- ", "\u{0}\u{1}"]
        {
            for change in Change::ALL {
                changed(change, text);
            }
        }
    }
}
