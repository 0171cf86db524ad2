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

/// A word of every phrase that is looked for anywhere: no other paragraph needs to be asked for them.
pub(super) const HELD: &str = "cookie";
/// Whether some phrase of the table may be in a paragraph of so many words: a few letters of it are looked at, which most
/// paragraphs of an article fail. Only those that pass are worth a normal form.
pub(super) fn may_be_known(paragraph: &str, words: usize, normal: &mut Normal) -> bool {
    words <= MAX_WHOLE_WORDS
        || may_hold(paragraph)
        || may_begin(&PHRASES.beginning, paragraph, normal)
        || may_end(paragraph)
        || may_open(paragraph, normal)
}

/// Whether [`HELD`] can be in a paragraph's normal form: its first "ook" stands there, whatever the case. The sign for Kelvin, whose
/// first byte is 0xe2, is the only other character with a small letter of ASCII alone.
fn may_hold(paragraph: &str) -> bool {
    let bytes = paragraph.as_bytes();
    let is_before = |k: usize| bytes.get(k.saturating_sub(2)..k).unwrap_or(&[]).eq_ignore_ascii_case(b"oo");
    places(bytes, |byte| (byte | 0x20 == b'k') | (byte == 0xe2)).any(is_before)
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
    beginning: HashMap<[u8; BEGINNING], Vec<Phrase>>,
    opening: HashMap<[u8; BEGINNING], Vec<Phrase>>,
    ending: HashMap<[char; ENDING], Vec<Phrase>>,
    whole: Vec<Phrase>,
    held: Vec<Phrase>,
    /// A bit for each two bytes that some phrase of `opening` begins with.
    opening_pairs: Vec<u64>,
}

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
    /// Whether some phrase that may open a sentence may begin like this one. Nothing is known of letters beyond ASCII and of white
    /// space, which have other normal forms; a space before the sentence is none of it.
    fn may_open_with(&self, sentence: &[u8]) -> bool {
        let sentence = match sentence {
            [b' ', sentence @ ..] => sentence,
            sentence => sentence,
        };
        let &[first, second, ..] = sentence else { return !sentence.is_empty() };
        let is_plain = |byte: u8| byte.is_ascii() && !byte.is_ascii_whitespace();
        if !is_plain(first) || !is_plain(second) {
            return true;
        }
        let (word, bit) = Self::bit([first.to_ascii_lowercase(), second.to_ascii_lowercase()]);
        self.opening_pairs.get(word).is_some_and(|pairs| pairs & bit != 0)
    }

    /// The place of two bytes in `opening_pairs`.
    fn bit(pair: [u8; 2]) -> (usize, u64) {
        let number = u16::from_be_bytes(pair);
        (usize::from(number / 64), 1 << (number % 64))
    }

    fn add(&mut self, phrase: Phrase) {
        let four = phrase.first.as_bytes().first_chunk().copied();
        let of_four = match phrase.place {
            Begins | Labels => four.map(|four| self.beginning.entry(four)),
            Opens => {
                if let Some((word, bit)) = phrase.first.as_bytes().first_chunk().copied().map(Self::bit) {
                    self.opening_pairs.resize(1 << 10, 0);
                    self.opening_pairs.get_mut(word).into_iter().for_each(|pairs| *pairs |= bit);
                }
                four.map(|four| self.opening.entry(four))
            }
            Ends => {
                if let Some(ending) = ending(phrase.first) {
                    self.ending.entry(ending).or_default().push(phrase);
                }
                return;
            }
            Is => return self.whole.push(phrase),
            Holds => return self.held.push(phrase),
        };
        if let Some(entry) = of_four {
            entry.or_default().push(phrase);
        }
    }
}

/// Whether some of these phrases may be at a text's beginning, of which a few letters are looked at, and then a few more.
fn may_begin(phrases: &HashMap<[u8; BEGINNING], Vec<Phrase>>, text: &str, normal: &mut Normal) -> bool {
    let four = plain_beginning(text.as_bytes());
    let four = four.or_else(|| normal.beginning(text, BEGINNING).as_bytes().first_chunk().copied());
    let Some(phrases) = four.and_then(|four| phrases.get(&four)) else { return false };
    let beginning = normal.beginning(text, LONGER_BEGINNING).as_bytes();
    phrases.iter().any(|phrase| {
        let first = phrase.first.as_bytes();
        beginning.starts_with(first.get(..LONGER_BEGINNING).unwrap_or(first))
    })
}

/// The first bytes of a text's normal form, where they are those of the text in lower case.
fn plain_beginning(text: &[u8]) -> Option<[u8; BEGINNING]> {
    let mut four = *text.first_chunk()?;
    let is_plain = four.iter().all(u8::is_ascii_graphic);
    four.make_ascii_lowercase();
    is_plain.then_some(four)
}

/// Whether some phrase that is looked for at the end ends like a paragraph, of which a few letters are looked at.
fn may_end(paragraph: &str) -> bool {
    ending(paragraph).is_some_and(|ending| PHRASES.ending.contains_key(&ending))
}

/// Whether a sentence of a paragraph begins like some phrase that may open any sentence. Most begin with two letters that no such
/// phrase begins with.
fn may_open(paragraph: &str, normal: &mut Normal) -> bool {
    let phrases = &*PHRASES;
    let bytes = paragraph.as_bytes();
    let mut may_open_at = |at: usize| {
        phrases.may_open_with(bytes.get(at..).unwrap_or(&[])) && {
            let sentence = paragraph.get(at..).map_or("", str::trim_start);
            may_begin(&phrases.opening, sentence, normal)
        }
    };
    may_open_at(0) || places(bytes, may_end_mark).any(|mark| may_open_at(mark + 1))
}

/// Whether a byte is the last one of a mark that may end a sentence; other characters may end in some of them.
fn may_end_mark(byte: u8) -> bool {
    (byte == b'.')
        | (byte == b'!')
        | (byte == b'?')
        | (byte == b':')
        | (byte == b'|')
        | (byte == 0x93)
        | (byte == 0x94)
        | (byte == 0xa2)
        | (byte == 0xa6)
        | (byte == 0xb7)
}

/// Marks that may end a sentence.
pub(super) const MARKS: [char; 10] = ['.', '!', '?', ':', '…', '•', '·', '|', '–', '—'];

/// A text from the beginning of each of its sentences on: from its own, and from behind each mark that may end a sentence.
fn openings(text: &str) -> impl Iterator<Item = &str> {
    let behind_marks = text.char_indices().filter(|(_, c)| MARKS.contains(c));
    let behind_marks = behind_marks.filter_map(|(at, mark)| text.get(at + mark.len_utf8()..));
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
    let four = |text: &str| text.as_bytes().first_chunk().copied();
    let listed = |phrases: Option<&'static Vec<Phrase>>| phrases.into_iter().flatten();
    let without_marks = paragraph.trim_end_matches(|c: char| !c.is_alphanumeric());

    let begun = listed(four(paragraph).and_then(|four| PHRASES.beginning.get(&four)))
        .filter(|phrase| phrase.begins(paragraph))
        .filter(|phrase| !(matches!(phrase.place, Labels) && is_sentence(paragraph)));
    let opened = openings(paragraph).flat_map(|sentence| {
        listed(four(sentence).and_then(|four| PHRASES.opening.get(&four)))
            .filter(move |phrase| sentence.starts_with(phrase.first))
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
    use super::*;

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
            assert!(may_hold(text), "{text}");
            assert_eq!(found(text), Some(Rule::Cookies), "{text}");
        }
        assert!(!may_hold("A choo-choo, k and co… okay"));
    }
}
