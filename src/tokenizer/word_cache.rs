//! Raw words to the numbers that they were given before, so that a word is folded, stemmed and looked up once.

use hashbrown::HashMap;

use crate::prefetch::prefetch;

/// Words of up to so many bytes stand in the table itself.
const SHORT: usize = 16;
/// Slots at the beginning, and at most: 6 MB. What a word of a text costs is bounded by that, however many are unlike.
const FEWEST: usize = 1 << 9;
const MOST: usize = 1 << 18;
/// A word may stand in any of so many slots from its first one on.
const TRIED: usize = 8;
/// Longer words that are remembered, at most. When there are more all are forgotten.
const MOST_LONG: usize = 1 << 14;
/// Longer ones are no words of a language, and not remembered.
const LONGEST: usize = 128;

/// The bytes of a short word, zeros behind them. No word holds a zero byte, so that none is taken for another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Key {
    low: u64,
    high: u64,
}

/// A remembered word; free where its key is zero. A number of four bytes takes as much room as two of them.
#[derive(Clone, Copy, Debug, Default)]
struct Slot<N> {
    key: Key,
    number: N,
}

/// Words seen before with their numbers, or with one number for each of several models: a cache, which may forget any of
/// them. A hit is by all bytes of the word.
#[derive(Clone, Debug)]
pub struct WordIdCache<N = u32> {
    slots: Vec<Slot<N>>,
    taken: usize,
    long: HashMap<Box<[u8]>, N>,
    /// Words that are looked for together, in order.
    asked: Vec<Asked>,
    /// The numbers of tokens that stand for something else than themselves.
    signs: [Option<N>; 3],
}

/// A word that is looked for: its place in the text, its key, zero if it is long, and the first slot of that.
#[derive(Clone, Copy, Debug)]
struct Asked {
    place: (usize, usize),
    key: Key,
    first: usize,
}

impl<N: Copy + Default> Default for WordIdCache<N> {
    fn default() -> Self {
        WordIdCache {
            slots: vec![Slot::default(); FEWEST],
            taken: 0,
            long: HashMap::new(),
            asked: Vec::new(),
            signs: [None; 3],
        }
    }
}

impl<N: Copy + Default> WordIdCache<N> {
    /// Words that are looked for together at most.
    const TOGETHER: usize = 128;

    /// Asks for the word `bytes[from..to]`; the answer comes with [`WordIdCache::answer`], which must be called where this gives true.
    #[inline]
    pub(super) fn ask(&mut self, bytes: &[u8], (from, to): (usize, usize)) -> bool {
        let key = key(bytes, from, to).unwrap_or_default();
        let first = self.first(key);
        prefetch(&self.slots, first);
        self.asked.push(Asked { place: (from, to), key, first });
        self.asked.len() >= Self::TOGETHER
    }

    /// Calls `found` with the number and the place of each word that was asked for, in order; `number` gives that of a word which
    /// is not remembered, by its place.
    #[inline]
    pub(super) fn answer(
        &mut self,
        bytes: &[u8],
        number: &mut impl FnMut((usize, usize)) -> N,
        found: &mut impl FnMut(N, (usize, usize)),
    ) {
        let mut asked = std::mem::take(&mut self.asked);
        for Asked { place, key, first } in asked.drain(..) {
            let number = match self.slots.get(first) {
                _ if key == Key::default() => {
                    self.find_long(bytes.get(place.0..place.1).unwrap_or(&[]), || number(place))
                }
                Some(slot) if slot.key == key => slot.number,
                _ => self.find(key, || number(place)),
            };
            found(number, place);
        }
        self.asked = asked;
    }

    /// The number of a token that does not stand in the text as it is.
    pub(super) fn sign(&mut self, sign: usize, number: impl FnOnce() -> N) -> N {
        match self.signs.get_mut(sign) {
            Some(known) => *known.get_or_insert_with(number),
            None => number(),
        }
    }

    #[inline]
    fn find(&mut self, key: Key, number: impl FnOnce() -> N) -> N {
        let first = self.first(key);
        if let Some(slots) = self.slots.get(first..first + TRIED) {
            for slot in slots {
                if slot.key == key {
                    return slot.number;
                }
                if slot.key == Key::default() {
                    break;
                }
            }
        }
        let number = number();
        self.remember(key, number);
        number
    }

    /// The first slot of a key; those behind it always exist.
    #[inline]
    fn first(&self, key: Key) -> usize {
        // Multiply and fold, with odd constants of no meaning (the digits of pi).
        let product =
            u128::from(key.low ^ 0x243f_6a88_85a3_08d3) * u128::from(key.high ^ 0x1319_8a2e_0370_7345);
        let hash = (product as u64 ^ (product >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let bits = self.slots.len().trailing_zeros();
        ((hash >> (64 - bits)) as usize).min(self.slots.len() - TRIED)
    }

    #[cold]
    fn remember(&mut self, key: Key, number: N) {
        let has_room = |slots: &[Slot<N>]| slots.iter().any(|slot| slot.key == Key::default());
        while self.slots.len() < MOST {
            let first = self.first(key);
            if 2 * self.taken < self.slots.len() && self.slots.get(first..first + TRIED).is_some_and(has_room)
            {
                break;
            }
            let bigger = vec![Slot::default(); (4 * self.slots.len()).min(MOST)];
            let before = std::mem::replace(&mut self.slots, bigger);
            self.taken = 0;
            before.into_iter().filter(|slot| slot.key != Key::default()).for_each(|slot| self.put(slot));
        }
        self.put(Slot { key, number });
    }

    /// Puts a word into the first free slot of its own; if none is free, into the place of another word.
    fn put(&mut self, word: Slot<N>) {
        let first = self.first(word.key);
        let Some(slots) = self.slots.get_mut(first..first + TRIED) else { return };
        match slots.iter_mut().find(|slot| slot.key == Key::default()) {
            Some(free) => {
                *free = word;
                self.taken += 1;
            }
            None => {
                slots.rotate_right(1);
                slots.iter_mut().take(1).for_each(|slot| *slot = word);
            }
        }
    }

    #[cold]
    fn find_long(&mut self, word: &[u8], number: impl FnOnce() -> N) -> N {
        if let Some(number) = self.long.get(word) {
            return *number;
        }
        let number = number();
        if word.len() <= LONGEST {
            if self.long.len() >= MOST_LONG {
                self.long.clear();
            }
            self.long.insert(word.into(), number);
        }
        number
    }
}

/// `None` for a word too long for a slot.
#[inline]
fn key(bytes: &[u8], from: usize, to: usize) -> Option<Key> {
    let length = to - from;
    if length > SHORT {
        return None;
    }
    let sixteen = match bytes.get(from..).and_then(|rest| rest.first_chunk::<SHORT>()) {
        Some(sixteen) => *sixteen,
        None => {
            let mut sixteen = [0; SHORT];
            sixteen.iter_mut().zip(bytes.get(from..to)?).for_each(|(to, from)| *to = *from);
            sixteen
        }
    };
    let mask = u128::MAX.checked_shr(8 * (SHORT - length) as u32).unwrap_or(0);
    let both = u128::from_le_bytes(sixteen) & mask;
    Some(Key { low: both as u64, high: (both >> 64) as u64 })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap as Map;

    use super::*;

    /// A number for each word, and how often it was asked for.
    fn number(seen: &mut WordIdCache, word: &str, asked: &mut usize, numbers: &mut Map<String, u32>) -> u32 {
        let text = format!("<{word}> and more of the text");
        let next = numbers.len() as u32;
        let mut number = |_| {
            *asked += 1;
            *numbers.entry(word.to_owned()).or_insert(next)
        };
        let mut found = None;
        seen.ask(text.as_bytes(), (1, 1 + word.len()));
        seen.answer(text.as_bytes(), &mut number, &mut |number, _| found = Some(number));
        found.unwrap()
    }

    #[test]
    fn a_word_is_asked_for_once_and_never_taken_for_another() {
        let (mut seen, mut asked, mut numbers) = (WordIdCache::default(), 0, Map::new());
        let words: Vec<String> = (0..20_000).map(|n| format!("{n}{}", "x".repeat(n % 23))).collect();
        for _ in 0..2 {
            for word in &words {
                let found = number(&mut seen, word, &mut asked, &mut numbers);
                assert_eq!(found, numbers[word]);
            }
        }
        assert!(asked < words.len() * 101 / 100, "{asked}");
    }

    #[test]
    fn memory_is_capped_and_numbers_stay_right() {
        let (mut seen, mut asked, mut numbers) = (WordIdCache::default(), 0, Map::new());
        for n in 0..400_000u32 {
            let word = n.to_string();
            assert_eq!(number(&mut seen, &word, &mut asked, &mut numbers), numbers[&word]);
            let long = format!("{n}{}", "y".repeat(20));
            assert_eq!(number(&mut seen, &long, &mut asked, &mut numbers), numbers[&long]);
        }
        assert!(seen.slots.len() <= MOST && seen.long.len() <= MOST_LONG);
    }

    #[test]
    fn a_word_at_the_end_of_a_text_is_the_same_word() {
        let (mut seen, mut asked, mut found) = (WordIdCache::default(), 0, Vec::new());
        let text = b"end of the end";
        seen.ask(text, (0, 3));
        seen.ask(text, (11, 14));
        seen.ask(text, (4, 6));
        let mut number = |_| {
            asked += 1;
            asked
        };
        seen.answer(text, &mut number, &mut |number, _| found.push(number));
        assert_eq!(found, [1, 1, 2]);
    }
}
