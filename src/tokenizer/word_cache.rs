//! Remembers the id of each word, so that a word is folded, stemmed and looked up once.

use hashbrown::HashMap;

use crate::prefetch::prefetch;
use crate::scan::both;
use crate::text::span::Span;

/// Words of up to so many bytes stand in the table itself.
const MAX_KEY_BYTES: usize = 16;
/// Slots at the beginning, and at most: 6 MB. What a word of a text costs is bounded by that,
/// however many are unlike.
const MIN_SLOTS: usize = 1 << 9;
const MAX_SLOTS: usize = 1 << 18;
/// A word may stand in any of so many slots from its first one on.
const PROBES: usize = 8;
/// Longer words that are remembered, at most. When there are more all are forgotten.
const MAX_LONG_WORDS: usize = 1 << 14;
/// Longer ones are no words of a language, and not remembered.
const MAX_WORD_BYTES: usize = 128;

/// The bytes of a short word, zeros behind them. No word holds a zero byte, so that none is taken
/// for another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Key {
    low: u64,
    high: u64,
}

/// A remembered word; free where its key is zero. An id of four bytes takes as much room as two of
/// them.
#[derive(Clone, Copy, Debug, Default)]
struct Slot<N> {
    key: Key,
    id: N,
}

/// Words seen before with their ids, or with one id for each of several models: a cache, which may
/// forget any of them. A hit is by all bytes of the word.
#[derive(Clone, Debug)]
pub(crate) struct WordIdCache<N = u32> {
    slots: Vec<Slot<N>>,
    taken: usize,
    long: HashMap<Box<[u8]>, N>,
    /// The places of words that are looked up together, in order.
    places: Vec<Span>,
    /// Where they are looked up.
    requests: Vec<Request>,
    /// The ids of tokens that do not stand in the text as they are.
    signs: Signs<N>,
}

/// A token that does not stand in the text as it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sign {
    Quotation,
    LineEnd,
    ParagraphEnd,
}

/// One id for each [`Sign`].
#[derive(Clone, Copy, Debug)]
struct Signs<N> {
    quotation: Option<N>,
    line_end: Option<N>,
    paragraph_end: Option<N>,
}

/// A requested word: its key, zero if it is long, and the key's first slot.
#[derive(Clone, Copy, Debug, Default)]
struct Request {
    key: Key,
    first: usize,
}

impl<N: Copy + Default> Default for WordIdCache<N> {
    fn default() -> Self {
        WordIdCache {
            slots: vec![Slot::default(); MIN_SLOTS],
            taken: 0,
            long: HashMap::new(),
            places: Vec::new(),
            requests: Vec::new(),
            signs: Signs { quotation: None, line_end: None, paragraph_end: None },
        }
    }
}

impl<N: Copy + Default> WordIdCache<N> {
    /// Words that are looked up together at most.
    const TOGETHER: usize = 128;

    /// Requests the id of a word, which [`WordIdCache::resolve`] gives. It must be called where
    /// this gives true.
    #[inline]
    pub(super) fn request(&mut self, place: Span) -> bool {
        self.places.push(place);
        self.places.len() >= Self::TOGETHER
    }

    /// Calls `found` with the id and the place of each requested word, in order; `id` gives the id
    /// of a word of the text `bytes` that is not remembered, by its place.
    #[inline(never)]
    pub(super) fn resolve(
        &mut self,
        bytes: &[u8],
        id: &mut impl FnMut(Option<Sign>, Span) -> N,
        found: &mut impl FnMut(N, Span),
    ) {
        let mut places = std::mem::take(&mut self.places);
        let mut requests = std::mem::take(&mut self.requests);
        let (slots, homes) = (self.slots.as_slice(), Homes::new(self.slots.len()));
        requests.resize(places.len(), Request::default());
        // First all that must be fetched from memory: the processor can wait for many at once.
        for (request, &place) in both(&mut requests, &places) {
            let key = key(bytes, place).unwrap_or_default();
            let first = homes.first(key);
            prefetch(slots, first);
            *request = Request { key, first };
        }
        for (&place, &Request { key, first }) in both(&places, &requests) {
            let id = match self.slots.get(first) {
                _ if key == Key::default() => {
                    let word = bytes.get(place.start()..place.end());
                    debug_assert!(word.is_some(), "the word lies in the text");
                    self.find_long(word.unwrap_or(&[]), || id(None, place))
                }
                Some(slot) if slot.key == key => slot.id,
                _ => self.find(key, || id(None, place)),
            };
            found(id, place);
        }
        places.clear();
        (self.places, self.requests) = (places, requests);
    }

    /// The id of a sign; `id` gives it the first time.
    pub(super) fn sign(
        &mut self,
        sign: Sign,
        place: Span,
        id: &mut impl FnMut(Option<Sign>, Span) -> N,
    ) -> N {
        let known = match sign {
            Sign::Quotation => &mut self.signs.quotation,
            Sign::LineEnd => &mut self.signs.line_end,
            Sign::ParagraphEnd => &mut self.signs.paragraph_end,
        };
        *known.get_or_insert_with(|| id(Some(sign), place))
    }

    #[inline]
    fn find(&mut self, key: Key, id: impl FnOnce() -> N) -> N {
        let first = self.first(key);
        debug_assert!(first + PROBES <= self.slots.len(), "every key has all its slots");
        if let Some(slots) = self.slots.get(first..first + PROBES) {
            for slot in slots {
                if slot.key == key {
                    return slot.id;
                }
                if slot.key == Key::default() {
                    break;
                }
            }
        }
        let id = id();
        self.remember(key, id);
        id
    }

    /// The first slot of a key; those behind it always exist.
    #[inline]
    fn first(&self, key: Key) -> usize {
        Homes::new(self.slots.len()).first(key)
    }

    #[cold]
    fn remember(&mut self, key: Key, id: N) {
        let has_room = |slots: &[Slot<N>]| slots.iter().any(|slot| slot.key == Key::default());
        while self.slots.len() < MAX_SLOTS {
            let first = self.first(key);
            if 2 * self.taken < self.slots.len()
                && self.slots.get(first..first + PROBES).is_some_and(has_room)
            {
                break;
            }
            let bigger = vec![Slot::default(); (4 * self.slots.len()).min(MAX_SLOTS)];
            let before = std::mem::replace(&mut self.slots, bigger);
            self.taken = 0;
            before.into_iter().filter(|slot| slot.key != Key::default()).for_each(|slot| self.put(slot));
        }
        self.put(Slot { key, id });
    }

    /// Puts a word into the first free slot of its own; if none is free, into the place of another
    /// word.
    fn put(&mut self, word: Slot<N>) {
        let first = self.first(word.key);
        let Some(slots) = self.slots.get_mut(first..first + PROBES) else { return };
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
    fn find_long(&mut self, word: &[u8], id: impl FnOnce() -> N) -> N {
        if let Some(id) = self.long.get(word) {
            return *id;
        }
        let id = id();
        if word.len() <= MAX_WORD_BYTES {
            if self.long.len() >= MAX_LONG_WORDS {
                self.long.clear();
            }
            self.long.insert(word.into(), id);
        }
        id
    }
}

/// Where the keys of a table of some size are at home.
#[derive(Clone, Copy)]
struct Homes {
    /// Bits of a hash that tell no slot.
    shift: u32,
    last: usize,
}

impl Homes {
    /// Of a table with so many slots, a power of two.
    fn new(slots: usize) -> Self {
        Homes { shift: u64::BITS - slots.trailing_zeros(), last: slots - PROBES }
    }

    #[inline]
    fn first(self, key: Key) -> usize {
        // Multiply and fold, with odd constants of no meaning (the digits of pi).
        let product =
            u128::from(key.low ^ 0x243f_6a88_85a3_08d3) * u128::from(key.high ^ 0x1319_8a2e_0370_7345);
        let hash = (product as u64 ^ (product >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((hash >> self.shift) as usize).min(self.last)
    }
}

/// The bits of a key that are those of a word, by its length in bytes.
#[rustfmt::skip]
const OF_WORD: [u128; MAX_KEY_BYTES + 1] = [
    first(0), first(1), first(2), first(3), first(4), first(5), first(6), first(7), first(8), first(9), first(10), first(11),
    first(12), first(13), first(14), first(15), u128::MAX,
];

/// The bits of so many bytes.
const fn first(bytes: u32) -> u128 {
    !(u128::MAX << (8 * bytes))
}

/// `None` for a word too long for a slot.
#[inline]
fn key(bytes: &[u8], place: Span) -> Option<Key> {
    debug_assert!(!place.is_empty() && place.end() <= bytes.len(), "the word lies in the text");
    let of_word = OF_WORD.get(place.len())?;
    let sixteen = match bytes.get(place.start()..).and_then(|rest| rest.first_chunk::<MAX_KEY_BYTES>()) {
        Some(sixteen) => *sixteen,
        None => {
            let mut sixteen = [0; MAX_KEY_BYTES];
            let word = bytes.get(place.start()..place.end())?;
            sixteen.iter_mut().zip(word).for_each(|(to, from)| *to = *from);
            sixteen
        }
    };
    let both = u128::from_le_bytes(sixteen) & of_word;
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
        let mut number = |_, _| {
            *asked += 1;
            *numbers.entry(word.to_owned()).or_insert(next)
        };
        let mut found = None;
        seen.request(Span::new(1, 1 + word.len()));
        seen.resolve(text.as_bytes(), &mut number, &mut |number, _| found = Some(number));
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
        assert!(seen.slots.len() <= MAX_SLOTS && seen.long.len() <= MAX_LONG_WORDS);
    }

    #[test]
    fn a_word_at_the_end_of_a_text_is_the_same_word() {
        let (mut seen, mut asked, mut found) = (WordIdCache::default(), 0, Vec::new());
        let text = b"end of the end";
        [(0, 3), (11, 14), (4, 6)].into_iter().for_each(|(from, to)| _ = seen.request(Span::new(from, to)));
        let mut number = |_, _| {
            asked += 1;
            asked
        };
        seen.resolve(text, &mut number, &mut |number, _| found.push(number));
        assert_eq!(found, [1, 1, 2]);
    }
}
