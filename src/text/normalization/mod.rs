//! Normalizes texts before they are scored: drops invisible characters and addresses, unifies
//! characters that look the same to a reader, and joins words that were hyphenated at the end of a
//! line. If a model asks for it, also normalizes the spellings of posts on social media.
//!
//! Everything that finds words, sentences, paragraphs, quotations or phrases sees normal text.
//! Places in it are mapped back to the text that the user has.

mod addresses;
mod buffers;
pub(crate) mod characters;
mod hyphens;
mod line_ends;
mod normalized;
mod social;
mod writer;

use std::borrow::Cow;

use crate::text::normalization::buffers::MAX_KEPT;
use crate::text::normalization::characters::{Form, next_change, normal_characters};
use crate::text::normalization::normalized::Edit;
use crate::text::span::Span;

pub(crate) use buffers::NormalBuffers;
pub(crate) use normalized::Normalized;
pub use social::SocialText;
pub(crate) use social::is_of_name;

/// Stands for an address in normal text: a control character, which is no word, no mark and no
/// blank.
pub(crate) const ADDRESS: &str = "\u{1a}";

/// Parts the words of a name that is also read as a whole: a blank, which no normal text has
/// otherwise.
pub(crate) const JOINT: &str = "\u{2009}";

/// A stretch of a text, and its replacement.
#[derive(Clone, Copy, Debug)]
struct Change {
    place: Span,
    by: &'static str,
}

/// Longer texts, in bytes, are left as they are: no place in them would fit.
const MAX_BYTES: usize = u32::MAX as usize / 4;

impl NormalBuffers {
    /// The normal form of a text; [`NormalBuffers::recycle`] takes its room back.
    pub(crate) fn normalize<'t>(&mut self, text: &'t str, social: SocialText) -> Normalized<'t> {
        if text.len() > MAX_BYTES {
            return Normalized { text: Cow::Borrowed(text), edits: Vec::new() };
        }
        let mut normal = Normalized::with_normal_characters(text, self);
        let mut changes = std::mem::take(&mut self.changes);
        changes.clear();
        let addresses = addresses::addresses(&normal.text);
        match social {
            SocialText::Plain => changes.extend(addresses.map(|place| Change { place, by: ADDRESS })),
            SocialText::Normalize | SocialText::Expand => {
                changes.extend(addresses.filter_map(|place| social::left_out(&normal.text, place)));
            }
        }
        normal.replace(&changes, self);
        changes.shrink_to(MAX_KEPT);
        self.changes = changes;
        let joins = line_ends::joins(&normal.text);
        normal.replace(&joins, self);
        if let Some(blank) = social.between_words() {
            let changes = social::split_names(&normal.text, blank);
            normal.replace(&changes, self);
            let changes = social::shorten_words(&normal.text);
            normal.replace(&changes, self);
        }
        normal
    }
}

impl<'t> Normalized<'t> {
    /// The normal form of a text that is read as any other. It costs little where the text is
    /// normal already, as ASCII nearly always is.
    pub(crate) fn new(text: &'t str) -> Self {
        Normalized::read_as(text, SocialText::Plain)
    }

    /// The normal form of a text.
    pub(crate) fn read_as(text: &'t str, social: SocialText) -> Self {
        NormalBuffers::default().normalize(text, social)
    }

    /// Takes out what parts of the source stand for, which must be in order and apart: a character
    /// that a part begins or ends in goes as a whole. What is left maps to its places as before.
    /// Gives whether the text is short enough for that.
    pub(crate) fn take_out(&mut self, sources: &[Span]) -> bool {
        if self.text.len() > MAX_BYTES {
            return false;
        }
        let changes: Vec<Change> =
            sources.iter().map(|&source| Change { place: self.normal(source), by: "" }).collect();
        self.replace(&changes, &mut NormalBuffers::default());
        true
    }

    fn with_normal_characters(text: &'t str, buffers: &mut NormalBuffers) -> Self {
        let Some(mut change) = next_change(text, 0) else {
            return Normalized { text: Cow::Borrowed(text), edits: Vec::new() };
        };
        let mut writer = buffers.writer(text.len());
        loop {
            let (at, c, form) = change;
            writer.copy(text, at);
            let mut end = at + c.len_utf8();
            let start = writer.out.len();
            normal_characters(c, &mut |c| writer.out.push(c));
            if c == '\u{ad}' {
                end += line_ends::line_end_in_word(text.get(end..).unwrap_or(""));
            }
            // What is not seen is often more than one character.
            while form == Form::Nothing
                && let Some(next) = text.get(end..).and_then(|rest| rest.chars().next())
                && next != '\u{ad}'
                && Form::new(next) == Form::Nothing
            {
                end += next.len_utf8();
            }
            writer.edit(start, Span::new(at, end));
            writer.taken = end;
            match next_change(text, end) {
                Some(next) => change = next,
                None => break,
            }
        }
        writer.copy(text, text.len());
        Normalized { text: Cow::Owned(writer.out), edits: writer.edits }
    }

    /// Makes changes to the normal text, which must be in order and apart.
    fn replace(&mut self, changes: &[Change], buffers: &mut NormalBuffers) {
        if changes.is_empty() {
            return;
        }
        let mut writer = buffers.writer(self.text.len());
        let mut earlier = self.edits.iter().peekable();
        for &Change { place, by } in changes {
            while let Some(edit) = earlier.next_if(|edit| edit.normal_span().end() <= place.start()) {
                writer.keep(&self.text, edit);
            }
            // What stands for one character is changed as a whole or not at all.
            let begins_before = |edit: &&Edit| edit.normal_span().start() < place.start();
            if place.start() < writer.taken || earlier.peek().is_some_and(begins_before) {
                continue;
            }
            let mut place = place;
            let end = place.end();
            let is_inside = |edit: &&&Edit| edit.normal_span().start() < end;
            for edit in std::iter::from_fn(|| earlier.next_if(|edit| is_inside(&edit))) {
                place = place.join(edit.normal_span());
            }
            let source = self.source(place);
            writer.copy(&self.text, place.start());
            let start = writer.out.len();
            writer.out.push_str(by);
            writer.edit(start, source);
            writer.taken = place.end();
        }
        earlier.for_each(|edit| writer.keep(&self.text, edit));
        writer.copy(&self.text, self.text.len());
        let replaced = Normalized { text: Cow::Owned(writer.out), edits: writer.edits };
        buffers.recycle(std::mem::replace(self, replaced));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::named::Named;
    use crate::text::normalization::buffers::MAX_TEXTS;

    fn normal(text: &str) -> String {
        Normalized::new(text).text().to_owned()
    }

    /// The part of the text that a part of its normal form was made from.
    fn source<'t>(text: &'t str, part: &str) -> &'t str {
        let normal = Normalized::new(text);
        let at = normal.text().find(part).unwrap();
        normal.source(Span::new(at, at + part.len())).of(text)
    }

    #[test]
    fn ascii_prose_is_not_copied() {
        for text in ["", "It's a pro-EU text; and/or 3.5 of it.\n\nU.S. envoys, 24/7.", "é ü ж “q” – — …"]
        {
            assert!(matches!(Normalized::new(text).text, Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn places_are_those_of_the_text_that_was_given() {
        let text = "The guar\u{ad}an\u{200b}tee’s \u{feff}ﬁne\u{a0}print, see https://x.org/a, ends.";
        assert_eq!(normal(text), "The guarantee's fine print, see \u{1a}, ends.");
        assert_eq!(source(text, "guarantee's"), "guar\u{ad}an\u{200b}tee’s");
        assert_eq!(source(text, "fine"), "ﬁne");
        assert_eq!(source(text, "print"), "print");
        assert_eq!(source(text, ADDRESS), "https://x.org/a");
        assert_eq!(source(text, "ends"), "ends");
        assert_eq!(source(text, normal(text).as_str()), text);
    }

    #[test]
    fn posts_become_words_that_know_their_places() {
        let text = "@GreenHarbor@social.example: #StopTheTunnel\u{200b} is sooooo 2031 https://t.example/a ann@post.example";
        let normal = Normalized::read_as(text, SocialText::Normalize);
        assert_eq!(normal.text(), "@Green Harbor\u{1a}: #Stop The Tunnel is soo 2031 \u{1a} \u{1a}");
        let source = |of: &str| {
            let at = normal.text().find(of).unwrap();
            normal.source(Span::new(at, at + of.len())).of(text)
        };
        for (word, written) in [
            ("Harbor", "Harbor"),
            ("Stop The", "StopThe"),
            ("Tunnel", "Tunnel"),
            ("soo", "sooooo"),
            ("2031 \u{1a}", "2031 https://t.example/a"),
        ] {
            assert_eq!(source(word), written);
        }
        let hidden = Normalized::read_as("#Stop\u{200b}The sooo\u{ad}o", SocialText::Normalize);
        assert_eq!(hidden.text(), "#Stop The soo");
        assert_eq!(hidden.source(Span::new(6, 9)), Span::new(8, 11));
        assert_eq!(hidden.source(Span::new(10, 13)), Span::new(12, 19));
        assert_eq!(Normalized::new(text).text(), "\u{1a}: #StopTheTunnel is sooooo 2031 \u{1a} \u{1a}");
    }

    /// A span without the blanks at its ends.
    fn without_blanks(span: Span, text: &str) -> Span {
        let is_blank = |c: char| c == ' ' || JOINT.contains(c);
        let written = span.of(text).trim_end_matches(is_blank);
        let word = written.trim_start_matches(is_blank);
        Span::new(span.start() + written.len() - word.len(), span.start() + written.len())
    }

    #[test]
    fn room_is_kept_for_a_few_texts_only() {
        let mut buffers = NormalBuffers::default();
        for _ in 0..100 {
            let mut normal = buffers.normalize("One line. Another.", SocialText::Plain);
            normal.take_out(&[Span::new(0, 10)]);
            assert_eq!(normal.text(), "Another.");
            buffers.recycle(normal);
        }
        assert_eq!((buffers.texts.len(), buffers.edits.len()), (MAX_TEXTS, MAX_TEXTS));
    }

    #[test]
    fn what_begins_inside_a_character_is_taken_out_with_it() {
        // One character for a blank and a mark.
        let text = "One line.\n\n\u{fe70}Left out.\n\nAnother.";
        let mut normal = Normalized::new(text);
        let mark = normal.text().find('\u{64b}').unwrap();
        let part = Span::new(mark, normal.text().find("Another").unwrap());
        assert!(normal.take_out(&[normal.source(part)]));
        assert_eq!(normal.text(), "One line.\n\nAnother.");
        assert_eq!(normal.source(Span::new(11, 19)).of(text), "Another.");
    }

    #[test]
    fn a_soft_hyphen_takes_the_line_end_with_it() {
        assert_eq!(normal("the guar\u{ad}\nantee and guar\u{ad}\r\n  antee"), "the guarantee and guarantee");
        assert_eq!(normal("end\u{ad}\n\nNext"), "end\n\nNext");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn places_go_there_and_back(
            text in "([a-z ,.\n]|\u{ad}|\u{200b}|’|ﬁ|\u{a0}|é|-\n|@ab |x.org/y|https://t.co/\u{ad}é|“|中|ﷺ|\u{2029}|#AbCd|@NoHo_|#Ab\u{200b}Cd|#ﬁAb|eee|EEe|e\u{200b}ee){0,40}|\\PC{0,40}",
            cut in any::<prop::sample::Index>(), length in 0usize..20,
            social in prop::sample::select(&SocialText::ALL[..]),
        ) {
            let normal = Normalized::read_as(&text, social);
            let bounds: Vec<usize> =
                normal.text().char_indices().map(|(at, _)| at).chain([normal.text().len()]).collect();
            let start = cut.index(bounds.len());
            let end = (start + length).min(bounds.len() - 1);
            let span = Span::new(bounds[start], bounds[end]);
            // The blank between two words of a name is at no place of the source.
            let span = if social.is_plain() { span } else { without_blanks(span, normal.text()) };
            let source = normal.source(span);
            prop_assert!(text.get(source.start()..source.end()).is_some(), "{:?} {:?}", span, source);
            let back = normal.normal(source);
            prop_assert!(span.is_empty() || (back.start() <= span.start() && back.end() >= span.end()));
            prop_assert!(normal.text().get(back.start()..back.end()).is_some());
        }

        #[test]
        fn characters_of_a_normal_text_are_normal(text in "\\PC{0,60}") {
            // What stands for an address is no character of the text.
            let once = normal(&text).replace(ADDRESS, "");
            prop_assert!(next_change(&once, 0).is_none() && !once.contains(JOINT), "{:?}", once);
        }
    }
}
