//! Turns the spellings of social media into plain words: splits @names and #tags into the words
//! that they are made of, and shortens lengthened words.

use serde::{Deserialize, Serialize};

use crate::named::named;
use crate::text::normalization::{ADDRESS, Change, JOINT};
use crate::text::span::Span;

/// What becomes of what posts on social media write unlike other texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SocialText {
    /// Names behind an `@` are left out, as web addresses are; all else is read as it is written.
    #[default]
    Plain,
    /// `@GreenHarborNews` and `#StopTheTunnel` are read as the words that they are made of, and
    /// "sooooo" as "soo". Web addresses are left out.
    Normalize,
    /// As `Normalize`, and each name or tag of several words is read as a whole, too:
    /// `#StopTheTunnel` as "StopTheTunnel Stop The Tunnel".
    Expand,
}

named!(SocialText { Plain: "plain", Normalize: "normalize", Expand: "expand" });

impl SocialText {
    pub(crate) fn is_plain(&self) -> bool {
        *self == SocialText::Plain
    }

    /// What stands between the words of a name or tag; `None` where they stay together.
    pub(super) fn between_words(self) -> Option<&'static str> {
        match self {
            SocialText::Plain => None,
            SocialText::Normalize => Some(" "),
            SocialText::Expand => Some(JOINT),
        }
    }
}

/// Letters of a word that a number is not part of: "Trump2016" is two words, "G20" is one.
const MIN_WORD: usize = 3;

/// Letters that stand together in a lengthened word, at least; fewer are spelling.
const MIN_RUN: usize = 3;

/// Letters that are looked at on either side to tell a Roman numeral.
const MAX_NUMERAL: usize = 16;

/// What stands together in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Letters,
    Digits,
    Underscores,
}

/// What becomes of an address: all that is left out but a name, of which only the server goes that
/// may stand behind it.
pub(super) fn left_out(text: &str, address: Span) -> Option<Change> {
    let written = address.of(text);
    let start = match written.strip_prefix('@') {
        Some(name) => 1 + name.find('@')?,
        None => 0,
    };
    Some(Change { place: Span::new(address.start() + start, address.end()), by: ADDRESS })
}

/// Places a blank between the words of each @name and #tag of a text.
pub(super) fn split_names(text: &str, blank: &'static str) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut behind = 0;
    for (at, _) in text.match_indices(['@', '#']).filter(|(at, _)| begins_name(text, *at)) {
        if at < behind {
            continue;
        }
        let rest = text.get(at + 1..).unwrap_or("");
        let length = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
        behind = at + 1 + length;
        split_name(Span::new(at + 1, behind), text, blank, &mut changes);
    }
    changes
}

/// Whether the mark at a place does not stand inside a word, as in "C#" and "a@b".
fn begins_name(text: &str, at: usize) -> bool {
    !text.get(..at).unwrap_or("").ends_with(is_of_name)
}

/// Whether names and tags have such a character.
pub(crate) fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Adds the blanks between the words of one name.
fn split_name(name: Span, text: &str, blank: &'static str, changes: &mut Vec<Change>) {
    let mut before: Option<(Part, usize)> = None;
    for (part, place) in parts(name.of(text)) {
        let letters = place.of(name.of(text)).chars().count();
        let place = place.shifted(name.start());
        let is_end = match (before, part) {
            (_, Part::Underscores) => {
                changes.push(Change { place, by: blank });
                false
            }
            (Some((Part::Letters, _)), Part::Letters) => true,
            (Some((Part::Letters, letters)), Part::Digits) => letters >= MIN_WORD,
            (Some((Part::Digits, _)), Part::Letters) => letters >= MIN_WORD,
            _ => false,
        };
        if is_end {
            changes.push(Change { place: Span::new(place.start(), place.start()), by: blank });
        }
        before = Some((part, letters));
    }
}

/// The parts of a name: words by their capitals, numbers, and the lines between.
fn parts(name: &str) -> impl Iterator<Item = (Part, Span)> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = name.get(start..)?;
        let first = rest.chars().next()?;
        let (part, length) = match first {
            '_' => (Part::Underscores, run(rest, |c| c == '_')),
            _ if first.is_numeric() => (Part::Digits, run(rest, char::is_numeric)),
            _ => (Part::Letters, word(rest)),
        };
        // What is not moved on never ends.
        let place = Span::new(start, start + length.max(first.len_utf8()));
        start = place.end();
        Some((part, place))
    })
}

/// Length of the run of such characters at the beginning.
fn run(text: &str, is: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is(c)).unwrap_or(text.len())
}

fn is_letter(c: char) -> bool {
    c != '_' && !c.is_numeric()
}

/// Length of the first word of a name that begins with a letter: as [`capitalized`], but "McCain"
/// and "iPhone" are one word.
fn word(name: &str) -> usize {
    let first = capitalized(name);
    let head = name.get(..first).unwrap_or(name);
    let is_small_letter = head.chars().count() == 1 && !head.starts_with(char::is_uppercase);
    let rest = name.get(first..).filter(|rest| rest.starts_with(is_letter));
    match rest.filter(|_| head == "Mc" || is_small_letter) {
        Some(rest) => first + capitalized(rest),
        None => first,
    }
}

/// Length of the first letters that a capital begins: "Make" of "MakeAmerica", "USA" of "USAFirst",
/// "MPs" of "MPsOut".
fn capitalized(name: &str) -> usize {
    let capitals = run(name, |c| is_letter(c) && c.is_uppercase());
    let behind = name.get(capitals..).unwrap_or("");
    let small = run(behind, |c| is_letter(c) && !c.is_uppercase());
    let last = name.get(..capitals).and_then(|word| word.chars().next_back()).map_or(0, char::len_utf8);
    let is_plural = behind.get(..small) == Some("s");
    // Of several capitals before small letters the last one begins a word, unless they are a
    // plural.
    if capitals > last && small > 0 && !is_plural { capitals - last } else { capitals + small }
}

/// Takes the letters out of lengthened words that stand more than twice: "soo" stays of "sooooo".
/// Roman numerals and abbreviations of three equal letters are no such words.
pub(super) fn shorten_words(text: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut from = 0;
    while let Some(run) = next_run(text, from) {
        from = run.end();
        if !is_abbreviation(text, run) {
            let mut letters = run.of(text).char_indices();
            let second = letters.nth(1).map_or(0, |(at, _)| at);
            let last = letters.next_back().map_or(0, |(at, _)| at);
            let place = Span::new(run.start() + second, run.start() + last);
            changes.push(Change { place, by: "" });
        }
    }
    changes
}

/// The next place from `from` on where one letter stands three times or more, capital or small.
fn next_run(text: &str, from: usize) -> Option<Span> {
    let mut run: Option<(char, Span, usize)> = None;
    for (at, c) in text.get(from..)?.char_indices() {
        let place = Span::new(from + at, from + at + c.len_utf8());
        run = match run {
            Some((letter, span, letters)) if letter.eq_ignore_ascii_case(&c) && c.is_alphabetic() => {
                Some((letter, span.join(place), letters + 1))
            }
            Some((_, span, letters)) if letters >= MIN_RUN => return Some(span),
            _ => Some((c, place, 1)),
        };
    }
    run.filter(|(_, _, letters)| *letters >= MIN_RUN).map(|(_, span, _)| span)
}

/// Whether a run of one letter is a Roman numeral, or a part of one, or three letters by
/// themselves: "VIII", "www".
fn is_abbreviation(text: &str, run: Span) -> bool {
    let is_alphabetic = |c: &char| c.is_alphabetic();
    let before = text.get(..run.start()).unwrap_or("").chars().rev().take_while(is_alphabetic);
    let behind = text.get(run.end()..).unwrap_or("").chars().take_while(is_alphabetic);
    let letters = run.of(text).chars().take(MIN_RUN + 1).count();
    let mut others = before.take(MAX_NUMERAL).chain(behind.take(MAX_NUMERAL)).peekable();
    let is_alone = others.peek().is_none();
    let is_numeral = |c: char| "IVXLCDM".contains(c);
    is_alone && letters == MIN_RUN || run.of(text).chars().all(is_numeral) && others.all(is_numeral)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with all changes of one kind made, which must be in order.
    fn changed(text: &str, find: impl Fn(&str) -> Vec<Change>) -> String {
        let (mut out, mut taken) = (String::new(), 0);
        for Change { place, by } in find(text) {
            out.push_str(&text[taken..place.start()]);
            out.push_str(by);
            taken = place.end();
        }
        out + &text[taken..]
    }

    #[test]
    fn names_and_tags_are_split_where_a_reader_splits_them() {
        for (text, expected) in [
            ("#StopTheTunnel now", "#Stop The Tunnel now"),
            ("#stopthetunnel", "#stopthetunnel"),
            ("@GreenHarborNews", "@Green Harbor News"),
            ("@mayor_of_harbor_", "@mayor of harbor "),
            ("#USAFirst #IVoteYes", "#USA First #I Vote Yes"),
            ("#MPsOut #NGOs #iPhone #McNallyOut", "#MPs Out #NGOs #iPhone #McNally Out"),
            ("#Harbor2031 #G20 #F16s #4ThePort", "#Harbor 2031 #G20 #F16s #4 The Port"),
            ("#1stTunnel #Vote4Harbor", "#1st Tunnel #Vote 4 Harbor"),
            ("#ÉtéSansBruit #НіТунелю", "#Été Sans Bruit #Ні Тунелю"),
            ("#One#TwoThree (#FourFive)", "#One#TwoThree (#Four Five)"),
            ("C#Sharp a@BeeCee MakeAll #", "C#Sharp a@BeeCee MakeAll #"),
            ("#港のトンネル #___", "#港のトンネル # "),
        ] {
            assert_eq!(changed(text, |text| split_names(text, " ")), expected, "{text}");
        }
    }

    #[test]
    fn lengthened_words_are_shortened_and_abbreviations_are_not() {
        for (text, expected) in [
            ("sooooo coool", "soo cool"),
            ("NOOOO Ooooh", "NOO Ooh"),
            ("ééééé дааааа 哈哈哈哈", "éé даа 哈哈"),
            ("War III, Henry VIII, XXXL, www, KKK, AAA", "War III, Henry VIII, XXXL, www, KKK, AAA"),
            ("1000 ... !!! ___", "1000 ... !!! ___"),
            ("all good", "all good"),
            ("aaaa", "aa"),
        ] {
            assert_eq!(changed(text, shorten_words), expected, "{text}");
        }
    }
}
