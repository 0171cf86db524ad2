//! Finds the phrases of the table in a paragraph.

use std::sync::LazyLock;

use hashbrown::HashMap;

use crate::scan::places;
use crate::text::boilerplate::normal::Normal;
use crate::text::boilerplate::rule::Rule;
use crate::text::boilerplate::table::Where::{Begins, Ends, Holds, Is, Labels, Opens};
use crate::text::boilerplate::table::{TABLE, Where};

/// All phrases have at least as many bytes.
pub(super) const BEGINNING: usize = 4;
/// Bytes of a paragraph's beginning that are compared before it is worth a whole normal form.
const LONGER_BEGINNING: usize = 16;
/// Letters of a paragraph's end that are compared first.
const ENDING: usize = 4;
/// Most words of a paragraph that must be a phrase as a whole.
pub(super) const MAX_WHOLE_WORDS: usize = 3;

/// A word of every phrase that is looked for anywhere: no other paragraph needs to be asked for
/// them.
pub(super) const HELD: &str = "cookie";

/// Whether some phrase of the table may be in a paragraph of so many words: a few letters of it are
/// looked at, which most paragraphs of an article fail. Only those that pass are worth a normal
/// form.
#[inline]
pub(super) fn may_be_known(paragraph: &str, words: usize, normal: &mut Normal) -> bool {
    words <= MAX_WHOLE_WORDS
        || PHRASES.beginning.may_begin(paragraph, normal)
        || may_end(paragraph)
        || may_open_or_hold(paragraph, normal)
}

/// A phrase of the table.
struct Phrase {
    /// Its line in the table: the first that knows a paragraph gives the rule.
    line: usize,
    rule: Rule,
    most_words: usize,
    place: Where,
    first: &'static str,
    /// What must come anywhere behind `first`.
    second: Option<&'static str>,
}

/// The phrases of the table by the few letters of a paragraph that tell which of them may be there.
#[derive(Default)]
struct Phrases {
    beginning: Beginnings,
    opening: Beginnings,
    ending: HashMap<[char; ENDING], Vec<Phrase>>,
    /// The last two letters of those in `ending`.
    ending_pairs: Pairs,
    whole: Vec<Phrase>,
    held: Vec<Phrase>,
}

/// Phrases by how they begin.
#[derive(Default)]
struct Beginnings {
    phrases: HashMap<[u8; BEGINNING], Vec<Phrase>>,
    /// The first two bytes of the phrases.
    pairs: Pairs,
}

/// Pairs of bytes, a bit for each.
#[derive(Default)]
struct Pairs(Vec<u64>);

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let mut phrases = Phrases::default();
    for (line, (rule, most_words, place, written)) in TABLE.iter().enumerate() {
        written.iter().for_each(|written| {
            let (first, second) = match written.split_once('…') {
                Some((first, second)) if matches!(place, Begins | Labels) => (first, Some(second)),
                _ => (*written, None),
            };
            let (rule, most_words, place) = (*rule, *most_words, *place);
            phrases.add(Phrase { line, rule, most_words, place, first, second });
        });
    }
    phrases
});

impl Phrases {
    fn add(&mut self, phrase: Phrase) {
        match phrase.place {
            Begins | Labels => self.beginning.add(phrase),
            Opens => self.opening.add(phrase),
            Ends => {
                if let Some(ending) = ending(phrase.first) {
                    let [last, before, ..] = ending.map(u8::try_from);
                    if let (Ok(before), Ok(last)) = (before, last) {
                        self.ending_pairs.add([before, last]);
                    }
                    self.ending.entry(ending).or_default().push(phrase);
                }
            }
            Is => self.whole.push(phrase),
            Holds => self.held.push(phrase),
        }
    }
}

impl Beginnings {
    fn add(&mut self, phrase: Phrase) {
        let bytes = phrase.first.as_bytes();
        if let (Some(pair), Some(four)) = (bytes.first_chunk(), bytes.first_chunk()) {
            self.pairs.add(*pair);
            self.phrases.entry(*four).or_default().push(phrase);
        }
    }

    /// The phrases that begin with the first bytes of a normal form.
    fn like(&self, normal: &[u8]) -> &[Phrase] {
        normal.first_chunk().and_then(|four| self.phrases.get(four)).map_or(&[], Vec::as_slice)
    }

    /// Whether some of the phrases may be at a text's beginning: two letters are looked at, which
    /// most texts fail, then two more, and then a few more. A blank before the text is none of it.
    fn may_begin(&self, text: &str, normal: &mut Normal) -> bool {
        let bytes = text.as_bytes();
        let behind_blank = if let [b' ', rest @ ..] = bytes { rest } else { bytes };
        let is_other = match behind_blank {
            [] => true,
            &[first, second, ..] => {
                first.is_ascii_graphic() && second.is_ascii_graphic() && !self.pairs.has(first, second)
            }
            [_] => false,
        };
        if is_other {
            return false;
        }
        let text = text.trim_start();
        let phrases = match plain_beginning(text.as_bytes()) {
            Some(four) => self.like(&four),
            None => self.like(normal.beginning(text, BEGINNING).as_bytes()),
        };
        if phrases.is_empty() {
            return false;
        }
        let beginning = normal.beginning(text, LONGER_BEGINNING).as_bytes();
        phrases.iter().any(|phrase| {
            let first = phrase.first.as_bytes();
            beginning.starts_with(first.get(..LONGER_BEGINNING).unwrap_or(first))
        })
    }
}

impl Pairs {
    fn add(&mut self, pair: [u8; 2]) {
        let number = usize::from(u16::from_be_bytes(pair));
        self.0.resize(1 << 10, 0);
        self.0.get_mut(number / 64).into_iter().for_each(|pairs| *pairs |= 1 << (number % 64));
    }

    /// Whether two bytes of ASCII, as small letters, are one of the pairs.
    #[inline]
    fn has(&self, first: u8, second: u8) -> bool {
        let number = u16::from_be_bytes([first.to_ascii_lowercase(), second.to_ascii_lowercase()]);
        self.0.get(usize::from(number / 64)).is_some_and(|pairs| pairs >> (number % 64) & 1 == 1)
    }
}

/// The first bytes of a text's normal form, where they are those of the text in lower case.
fn plain_beginning(text: &[u8]) -> Option<[u8; BEGINNING]> {
    // One more shows whether a blank at the end is followed by another, or by nothing.
    let five: &[u8; BEGINNING + 1] = text.first_chunk()?;
    let is_plain = five.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ')
        && !five.windows(2).any(|pair| pair == b"  ")
        && five.last() != Some(&b' ');
    let mut four: [u8; BEGINNING] = *five.first_chunk()?;
    four.make_ascii_lowercase();
    is_plain.then_some(four)
}

/// Whether some phrase that is looked for at the end ends like a paragraph, of which two letters
/// are looked at, and then two more.
fn may_end(paragraph: &str) -> bool {
    let bytes = paragraph.as_bytes();
    let is_mark = |byte: &&u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
    let marks = bytes.iter().rev().take_while(is_mark).count();
    match bytes.get(..bytes.len() - marks).and_then(<[u8]>::last_chunk) {
        Some(&[first, second])
            if first.is_ascii() && second.is_ascii() && !PHRASES.ending_pairs.has(first, second) =>
        {
            false
        }
        _ => ending(paragraph).is_some_and(|ending| PHRASES.ending.contains_key(&ending)),
    }
}

/// Whether a sentence of a paragraph begins like some phrase that may open any sentence, or the
/// paragraph may hold [`HELD`]. All places to look at are found in one pass.
fn may_open_or_hold(paragraph: &str, normal: &mut Normal) -> bool {
    let (bytes, opening) = (paragraph.as_bytes(), &PHRASES.opening);
    let is_k = |byte: u8| byte | 0x20 == b'k';
    let mut may_be_at = |at: usize| match bytes.get(at) {
        Some(&byte) if is_k(byte) || byte == KELVIN => may_hold_at(bytes, at),
        // Behind a mark.
        _ => paragraph.get(at + 1..).is_some_and(|sentence| opening.may_begin(sentence, normal)),
    };
    let is_there = match paragraph.is_ascii() {
        true => places(bytes, |byte| may_end_ascii_mark(byte) | is_k(byte)).any(&mut may_be_at),
        false => places(bytes, |byte| may_end_mark(byte) | is_k(byte) | (byte == KELVIN)).any(&mut may_be_at),
    };
    is_there || opening.may_begin(paragraph, normal)
}

/// The first byte of the sign for Kelvin, the only character but ASCII with a small letter of ASCII
/// alone.
const KELVIN: u8 = 0xe2;

/// Whether [`HELD`] may be in a paragraph's normal form, with its k at a place: "oo" stands before
/// it, whatever the case.
fn may_hold_at(bytes: &[u8], k: usize) -> bool {
    bytes.get(k.saturating_sub(2)..k).unwrap_or(&[]).eq_ignore_ascii_case(b"oo")
}

/// Whether a byte is the last one of a mark that may end a sentence; other characters may end in
/// some of them.
#[inline]
fn may_end_mark(byte: u8) -> bool {
    may_end_ascii_mark(byte)
        | (byte == 0x93)
        | (byte == 0x94)
        | (byte == 0xa2)
        | (byte == 0xa6)
        | (byte == 0xb7)
}

/// As [`may_end_mark`], in text of nothing but ASCII.
#[inline]
fn may_end_ascii_mark(byte: u8) -> bool {
    (byte == b'.') | (byte == b'!') | (byte == b'?') | (byte == b':') | (byte == b'|')
}

/// Marks that may end a sentence.
pub(super) const MARKS: [char; 10] = ['.', '!', '?', ':', '…', '•', '·', '|', '–', '—'];

/// A text from the beginning of each of its sentences on: from its own, and from behind each mark
/// that may end a sentence.
fn openings(text: &str) -> impl Iterator<Item = &str> {
    let is_mark = |at: &usize| text.get(..=*at).is_some_and(|head| head.ends_with(MARKS));
    let behind_marks = places(text.as_bytes(), may_end_mark).filter(is_mark);
    let behind_marks = behind_marks.filter_map(|at| text.get(at + 1..));
    std::iter::once(text).chain(behind_marks).map(str::trim_start)
}

/// The last letters of a text from the last one on, each as a small one.
fn ending(text: &str) -> Option<[char; ENDING]> {
    let mut letters = text.chars().rev().skip_while(|c| !c.is_alphanumeric());
    let mut found = ['\0'; ENDING];
    for place in &mut found {
        *place = letters.next()?.to_lowercase().next()?;
    }
    Some(found)
}

/// Whether a paragraph's normal form ends as a sentence does.
fn is_sentence(paragraph: &str) -> bool {
    paragraph.trim_end_matches(['"', '\'', '”', '»', ')']).ends_with(['.', '!', '?'])
}

impl Phrase {
    /// Whether a paragraph's normal form begins with it, and holds what is to come later.
    fn begins(&self, paragraph: &str) -> bool {
        paragraph
            .strip_prefix(self.first)
            .is_some_and(|rest| self.second.is_none_or(|second| rest.contains(second)))
    }
}

/// The rule that knows a paragraph by its normal form.
pub(super) fn known(paragraph: &str, words: usize) -> Option<Rule> {
    let listed = |phrases: Option<&'static Vec<Phrase>>| phrases.into_iter().flatten();
    let without_marks = paragraph.trim_end_matches(|c: char| !c.is_alphanumeric());

    let begun = PHRASES
        .beginning
        .like(paragraph.as_bytes())
        .iter()
        .filter(|phrase| phrase.begins(paragraph))
        .filter(|phrase| !(matches!(phrase.place, Labels) && is_sentence(paragraph)));
    let opened = openings(paragraph).flat_map(|sentence| {
        let phrases = PHRASES.opening.like(sentence.as_bytes());
        phrases.iter().filter(move |phrase| sentence.starts_with(phrase.first))
    });
    let ended = listed(ending(paragraph).and_then(|ending| PHRASES.ending.get(&ending)))
        .filter(|phrase| without_marks.ends_with(phrase.first));
    let whole = PHRASES.whole.iter().filter(|phrase| without_marks == phrase.first);
    let held = listed(paragraph.contains(HELD).then_some(&PHRASES.held))
        .filter(|phrase| paragraph.contains(phrase.first));

    begun
        .chain(opened)
        .chain(ended)
        .chain(whole)
        .chain(held)
        .filter(|phrase| words <= phrase.most_words)
        .min_by_key(|phrase| phrase.line)
        .map(|phrase| phrase.rule)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn what_is_known_may_be_known(
            pieces in prop::collection::vec(
                prop_oneof![
                    3 => "[A-Za-z]{1,6} |[.!?:|] |  |\t|—|“|”|’|…|é|Ж|İ|\u{212a}|ς|[.,\")]",
                    1 => (any::<prop::sample::Index>(), any::<bool>()).prop_map(|(at, is_high)| {
                        let phrases: Vec<&str> = TABLE.iter().flat_map(|line| line.3).copied().collect();
                        let phrase = at.get(&phrases);
                        if is_high { phrase.to_uppercase() } else { (*phrase).to_owned() }
                    }),
                ],
                0..8,
            )
        ) {
            let (paragraph, mut normal) = (pieces.concat(), Normal::default());
            let paragraph = paragraph.trim();
            let words = paragraph.split_whitespace().count();
            if known(normal.whole(paragraph), words).is_some() {
                prop_assert!(may_be_known(paragraph, words, &mut normal), "{:?}", paragraph);
            }
        }
    }

    /// The rule that knows a paragraph, asked as scoring asks.
    fn found(paragraph: &str) -> Option<Rule> {
        let words = paragraph.split_whitespace().count();
        let mut normal = Normal::default();
        may_be_known(paragraph, words, &mut normal).then(|| known(normal.whole(paragraph), words)).flatten()
    }

    #[test]
    fn the_last_byte_of_each_mark_is_known() {
        for mark in MARKS {
            let mut bytes = [0; 4];
            let last = mark.encode_utf8(&mut bytes).bytes().last();
            assert!(last.is_some_and(may_end_mark), "{mark}");
            assert_eq!(mark.is_ascii(), last.is_some_and(may_end_ascii_mark), "{mark}");
        }
    }

    #[test]
    fn every_phrase_of_the_table_is_known_by_its_rule() {
        for (rule, most, place, phrases) in TABLE {
            for phrase in *phrases {
                assert_eq!(phrase.to_lowercase(), *phrase, "the table is in lower case");
                assert!(!matches!(place, Holds) || phrase.contains(HELD), "{phrase}");
                assert!(!matches!(place, Is) || *most <= MAX_WHOLE_WORDS, "{phrase}");
                assert!(phrase.len() >= BEGINNING, "{phrase}");
                let mut rest = phrase.chars();
                let raised: String = rest.next().unwrap().to_uppercase().chain(rest).collect();
                let shown = match place {
                    Begins | Labels => format!("{} xyz", raised.replace('…', "—")),
                    Ends => format!("On this site, {phrase}."),
                    Opens => format!("This is the site. {raised} x"),
                    Holds => format!("On this site {phrase} for you."),
                    Is => format!("{raised}:"),
                };
                assert_eq!(found(&shown), Some(*rule), "{shown}");
                let long = match place {
                    Ends => format!("{}{phrase}", "word ".repeat(*most)),
                    _ => format!("{} {}", phrase.replace('…', "—"), "word ".repeat(*most)),
                };
                assert_eq!(
                    known(Normal::default().whole(&long), most + 2),
                    None,
                    "a paragraph that long is the article's: {long}"
                );
            }
        }
    }

    #[test]
    fn a_held_word_is_seen_in_whatever_case_it_stands() {
        let small = |c: &char| !c.is_ascii() && c.to_lowercase().collect::<String>().is_ascii();
        assert_eq!(('\0'..=char::MAX).filter(small).collect::<String>(), "\u{212a}");
        for text in ["We use cookies.", "WE USE COOKIES", "we use coo\u{212a}ies", "Mooo! We use cookies"] {
            assert!(may_open_or_hold(text, &mut Normal::default()), "{text}");
            assert_eq!(found(text), Some(Rule::Cookies), "{text}");
        }
        assert!(!may_open_or_hold("A choo-choo, k and co… okay", &mut Normal::default()));
    }
}
