//! Writes the vocabulary as two tensors of bytes, and reads it, also as older files have it.
//!
//! `words` holds the sorted words, each with a line feed behind it. `terms` holds for each term, in
//! order: how many words it begins with that the term before begins with too, how many other words
//! follow, and their numbers; of the first of them only by how many it is more than one past the
//! word in its place in the term before, if there is one. All numbers are LEB128, as in DWARF.

use crate::error::{Error, Result};
use crate::features::{StringArena, TermWords, Vocabulary};
use crate::tokenizer::TokenizerConfig;

/// The words of a vocabulary as bytes.
pub(super) fn words(vocabulary: &Vocabulary) -> Vec<u8> {
    vocabulary.words().iter().flat_map(|word| word.bytes().chain(*b"\n")).collect()
}

/// The terms of a vocabulary as bytes.
pub(super) fn terms(vocabulary: &Vocabulary) -> Vec<u8> {
    let mut out = Vec::with_capacity(4 * vocabulary.len());
    let mut before: &[u32] = &[];
    for feature in 0..vocabulary.len() as u32 {
        let numbers = vocabulary.word_ids(feature);
        let alike = before.iter().zip(numbers).take_while(|(before, number)| before == number).count();
        write(&mut out, alike as u32);
        write(&mut out, (numbers.len() - alike) as u32);
        let mut least = before.get(alike).map_or(0, |before| before + 1);
        for &number in numbers.iter().skip(alike) {
            write(&mut out, number - least);
            least = 0;
        }
        before = numbers;
    }
    out
}

/// Reads both.
///
/// # Errors
/// Bytes that are not the words and `features` terms of a vocabulary.
pub(super) fn read(words: &[u8], terms: &[u8], features: usize) -> Result<Vocabulary> {
    let words = utf8(words, "words")?;
    if !words.is_empty() && !words.ends_with('\n') {
        return Err(Error::model(
            "its last word has no line feed after it; the file is truncated or changed",
        ));
    }
    let lines = words.split_terminator('\n');
    let count = lines.clone().count();
    let mut all = StringArena::with_capacity(count, words.len() - count);
    lines.for_each(|word| all.push(word));
    let terms = read_terms(terms, all.len(), features)?;
    Vocabulary::new(all, terms)
}

/// Reads the terms of a vocabulary of so many words.
///
/// # Errors
/// Bytes that are not `features` terms of such words.
pub(super) fn read_terms(terms: &[u8], words: usize, features: usize) -> Result<TermWords> {
    let (mut numbers, mut ends): (Vec<u32>, _) =
        (Vec::with_capacity(2 * features), Vec::with_capacity(features));
    let mut rest = terms;
    let mut before = 0..0;
    for term in 0..features {
        let broken = || Error::model(format!("term {term} of its {features} terms is truncated or broken"));
        let (alike, more) = (number(&mut rest).ok_or_else(broken)?, number(&mut rest).ok_or_else(broken)?);
        let alike = Some(alike as usize).filter(|alike| *alike <= before.len()).ok_or_else(broken)?;
        if more == 0 || alike as u64 + u64::from(more) > u64::from(TokenizerConfig::MAX_NGRAM) {
            return Err(broken());
        }
        let start = numbers.len();
        numbers.extend_from_within(before.start..before.start + alike);
        let in_place = numbers.get(before).and_then(|before| before.get(alike));
        let mut least = in_place.map_or(0, |before| before + 1);
        for _ in 0..more {
            let number = number(&mut rest).and_then(|found| found.checked_add(least));
            numbers.push(number.filter(|number| (*number as usize) < words).ok_or_else(broken)?);
            least = 0;
        }
        before = start..numbers.len();
        ends.push(u32::try_from(numbers.len()).map_err(|_| broken())?);
    }
    if !rest.is_empty() {
        return Err(Error::model(format!("{} bytes follow the last of its {features} terms", rest.len())));
    }
    Ok(TermWords::new(numbers, ends))
}

/// Reads the vocabulary of a file of format 1: the terms as text without anything between, and
/// where each ends.
///
/// # Errors
/// Bytes that are not the terms of a vocabulary.
pub(super) fn read_text(terms: &[u8], ends: &[u8]) -> Result<Vocabulary> {
    let terms = utf8(terms, "vocabulary")?;
    let (chunks, _) = ends.as_chunks::<4>();
    let mut start = 0;
    let mut all = Vec::with_capacity(chunks.len());
    for (number, chunk) in chunks.iter().enumerate() {
        let end = u32::from_le_bytes(*chunk) as usize;
        all.push(terms.get(start..end).ok_or_else(|| {
            Error::model(format!("vocabulary term {number} ends at byte {end}, outside its bounds"))
        })?);
        start = end;
    }
    if start != terms.len() {
        return Err(Error::model(format!(
            "its vocabulary has {} bytes that belong to no term",
            terms.len() - start
        )));
    }
    Vocabulary::from_terms(all.into_iter())
}

fn utf8<'b>(bytes: &'b [u8], what: &str) -> Result<&'b str> {
    std::str::from_utf8(bytes)
        .map_err(|e| Error::model(format!("its {what} is not UTF-8 at byte {}", e.valid_up_to())))
}

fn write(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Takes a number from the front.
#[inline]
fn number(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0u64;
    for shift in [0, 7, 14, 21, 28] {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return u32::try_from(number).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn broken_terms_are_refused() {
        let of = |terms: &[u8], features| read(b"a\nb\nc\n", terms, features);
        let sound = [0, 1, 0, 1, 1, 2, 0, 1, 1];
        assert_eq!(of(&sound, 3).unwrap().iter().collect::<Vec<_>>(), ["a", "a c", "c"]);
        assert!(of(&sound, 2).is_err() && of(&sound, 4).is_err());
        for cut in 0..sound.len() {
            assert!(of(&sound[..cut], 3).is_err());
        }
        for (what, wrong) in [
            ("alike with nothing", &[1, 1, 0][..]),
            ("no words", &[0, 0]),
            ("no such word", &[0, 1, 3]),
            ("more words than any recipe has", &[0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            ("a number over 32 bits", &[0, 1, 0xff, 0xff, 0xff, 0xff, 0x7f]),
            ("a number without an end", &[0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0]),
        ] {
            assert!(of(wrong, 1).is_err(), "{what}");
        }
        // The word in the place before is the greatest number that there is.
        assert!(of(&[0, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 1, 0], 2).is_err());
    }

    proptest! {
        #[test]
        fn a_vocabulary_is_read_as_it_was_written(
            all in proptest::collection::btree_set("[!-}äд]{1,3}( [!-}äд]{1,2}){0,3}|~[a-d ]{1,3}", 0..60)
        ) {
            let vocabulary = Vocabulary::from_terms(all.iter()).unwrap();
            let found = read(&words(&vocabulary), &terms(&vocabulary), vocabulary.len()).unwrap();
            prop_assert!(found.iter().eq(all));
        }

        #[test]
        fn no_bytes_make_it_panic(words in "[a-c\n]{0,9}", terms in proptest::collection::vec(0u8..5, 0..40), features in 0usize..9) {
            let _ = read(words.as_bytes(), &terms, features);
        }
    }
}
