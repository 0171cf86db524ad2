//! Finds the first document that tells the same story as another, by their signatures.

use crate::near_duplicates::{Signature, THRESHOLD};

/// Groups of values by which stories are looked up. Two texts of similarity J have a group in
/// common with probability 1 - (1 - J^3)^16: 0.35 at 0.3, 0.78 at 0.45, 0.98 at 0.6 (Leskovec,
/// Rajaraman and Ullman, "Mining of Massive Datasets", section 3.4.2).
const BANDS: usize = 16;
/// Values in a group: 24 bits, so that unlike stories have few groups in common.
const ROWS: usize = 3;
/// Most stories that are looked at in one band, the newest first. Only what thousands of stories
/// have in common, such as the surroundings of a site's pages, makes so many; a copy is then found
/// by its other bands. It bounds the work for one document, whatever was added before.
const LOOKED_AT: usize = 64;
/// The table grows when its slots have so many stories on average.
const MAX_PER_SLOT: usize = 4;
/// Stories that are allocated together.
const BLOCK: usize = 512;
/// Where a chain ends.
const NONE: u32 = u32::MAX;

/// Documents in the order of their arrival, those among them that told a story first, and a table
/// to find these.
///
/// A document that is the same story as an earlier one takes no memory; any other takes at most 160
/// bytes, besides 72 KB that are taken once.
#[derive(Clone, Debug, Default)]
pub struct Stories {
    documents: usize,
    count: usize,
    /// Stories by number, in blocks: a list in one piece would be there twice while it grows.
    blocks: Vec<Vec<Story>>,
    /// For each band and slot, the newest story; band after band.
    newest: Vec<u32>,
}

/// A document that told its story first.
#[derive(Clone, Debug)]
struct Story {
    signature: Signature,
    /// In each band, the next older story of the same slot.
    older: [u32; BANDS],
    document: u32,
}

impl Stories {
    /// No documents.
    pub fn new() -> Self {
        Stories::default()
    }

    /// Number of documents added.
    pub fn len(&self) -> usize {
        self.documents
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.documents == 0
    }

    /// Number of documents that are stories of their own; those without a signature are not among
    /// them.
    pub fn stories(&self) -> usize {
        self.count
    }

    /// Bytes of memory in use, room for growth included.
    #[cfg(test)]
    fn heap_bytes(&self) -> usize {
        let blocks: usize = self.blocks.iter().map(|block| block.capacity() * size_of::<Story>()).sum();
        blocks + self.blocks.capacity() * size_of::<Vec<Story>>() + self.newest.capacity() * size_of::<u32>()
    }

    /// Adds the next document and gives the first earlier one that is the same story, by its number
    /// from 0 in the order of calls, or None if this is a story of its own. A document without a
    /// signature is counted and is nobody's copy.
    ///
    /// Documents that are themselves copies are not compared with. Stories after the first
    /// 4,294,967,295 documents are not kept.
    pub fn add(&mut self, signature: Option<Signature>) -> Option<usize> {
        let document = self.documents;
        self.documents += 1;
        let signature = signature?;
        let first = self.find(&signature);
        if first.is_none()
            && let Ok(document) = u32::try_from(document)
        {
            self.keep(Story { signature, older: [NONE; BANDS], document });
        }
        first
    }

    /// The number of the first document that is the same story; adds nothing.
    pub fn find(&self, signature: &Signature) -> Option<usize> {
        let same = |story: &&Story| signature.similarity(&story.signature) >= THRESHOLD;
        let found = (0..BANDS).flat_map(|band| self.candidates(band, signature)).filter(same);
        found.map(|story| story.document as usize).min()
    }

    /// Stories whose values in a band are those of the signature.
    fn candidates(&self, band: usize, signature: &Signature) -> impl Iterator<Item = &Story> {
        let key = key(band, signature);
        let newest = slot(self.newest.len(), band, key).and_then(|slot| self.newest.get(slot));
        let older = move |story: &&Story| self.story(story.older.get(band).copied());
        std::iter::successors(self.story(newest.copied()), older)
            .take(LOOKED_AT)
            .filter(move |story| self::key(band, &story.signature) == key)
    }

    fn story(&self, number: Option<u32>) -> Option<&Story> {
        let number = number.filter(|&number| number != NONE)? as usize;
        self.blocks.get(number / BLOCK)?.get(number % BLOCK)
    }

    fn keep(&mut self, story: Story) {
        if self.count.is_multiple_of(BLOCK) {
            self.blocks.push(Vec::with_capacity(BLOCK));
        }
        let Some(block) = self.blocks.last_mut() else { return };
        block.push(story);
        self.count += 1;
        if self.count * BANDS > self.newest.len() * MAX_PER_SLOT {
            self.grow();
        } else if let Some(story) = block.last_mut() {
            link(&mut self.newest, story, self.count - 1);
        }
    }

    /// Makes a larger table. The old one goes first: all that it says can be said again from the
    /// stories.
    fn grow(&mut self) {
        self.newest = Vec::new();
        // 3/8 slots a story in each band: 24 bytes a story.
        self.newest = vec![NONE; BANDS * (self.count * 3 / 8).max(64)];
        for (number, story) in self.blocks.iter_mut().flatten().enumerate() {
            link(&mut self.newest, story, number);
        }
    }
}

/// Puts a story before the others of its slots.
fn link(newest: &mut [u32], story: &mut Story, number: usize) {
    let entries = newest.len();
    for (band, older) in story.older.iter_mut().enumerate() {
        let slot = slot(entries, band, key(band, &story.signature));
        if let Some(newest) = slot.and_then(|slot| newest.get_mut(slot)) {
            *older = std::mem::replace(newest, number as u32);
        }
    }
}

/// The values of a band, in a number of 24 bits.
fn key(band: usize, signature: &Signature) -> u32 {
    signature.key(band * ROWS..(band + 1) * ROWS)
}

/// The place of a key in a table of so many entries. Keys are evenly spread, as they are made of
/// hashes.
fn slot(entries: usize, band: usize, key: u32) -> Option<usize> {
    let slots = entries / BANDS;
    (slots > 0).then(|| band * slots + ((slots as u64 * u64::from(key)) >> (8 * ROWS)) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::near_duplicates::signature::{VALUES, mix};

    /// A signature without anything in common with those of other numbers.
    fn story(number: u64) -> Signature {
        Signature(std::array::from_fn(|at| mix(number * 1000 + at as u64) as u8))
    }

    /// The same with some of its values changed.
    fn changed(mut signature: Signature, values: std::ops::Range<usize>) -> Signature {
        signature.0[values].iter_mut().for_each(|value| *value = value.wrapping_add(1));
        signature
    }

    #[test]
    fn a_copy_is_told_by_the_number_of_the_first_document() {
        let mut stories = Stories::new();
        let added: Vec<_> =
            [Some(story(1)), None, Some(story(2)), Some(story(1)), None, Some(story(2)), Some(story(3))]
                .into_iter()
                .map(|signature| stories.add(signature))
                .collect();
        assert_eq!(added, [None, None, None, Some(0), None, Some(2), None]);
        assert_eq!((stories.len(), stories.stories()), (7, 3));
        assert_eq!((stories.find(&story(3)), stories.find(&story(4))), (Some(6), None));
        assert_eq!((stories.len(), stories.stories()), (7, 3), "asking adds nothing");
    }

    #[test]
    fn a_document_is_not_compared_with_copies() {
        let mut stories = Stories::new();
        let copy = changed(story(1), 0..30);
        let copy_of_copy = changed(copy, 30..50);
        assert!(story(1).similarity(&copy_of_copy) < THRESHOLD && copy.similarity(&copy_of_copy) > THRESHOLD);
        assert_eq!(stories.add(Some(story(1))), None);
        assert_eq!(stories.add(Some(copy)), Some(0));
        assert_eq!(stories.add(Some(copy_of_copy)), None);
    }

    #[test]
    fn of_two_like_stories_the_first_is_named() {
        let mut stories = Stories::new();
        let (first, second) = (story(1), changed(story(1), 0..40));
        assert_eq!((stories.add(Some(first)), stories.add(Some(second))), (None, None));
        assert_eq!(stories.find(&changed(first, 0..20)), Some(0));
        assert_eq!(stories.find(&changed(first, 0..36)), Some(1), "the first is not like enough");
    }

    #[test]
    fn the_table_finds_what_a_look_at_every_story_finds() {
        let mut stories = Stories::new();
        let mut kept: Vec<(usize, Signature)> = Vec::new();
        let mut copies = 0;
        for document in 0..5000 {
            let from = mix(document) as usize % 40;
            let signature =
                changed(story(mix(document) % 4000), from..from + mix(document + 7) as usize % 25);
            let shares_band =
                |other: &Signature| (0..BANDS).any(|band| key(band, other) == key(band, &signature));
            let is_same = |other: &Signature| shares_band(other) && other.similarity(&signature) >= THRESHOLD;
            let expected = kept.iter().find(|(_, other)| is_same(other)).map(|&(number, _)| number);
            assert_eq!(stories.add(Some(signature)), expected, "{document}");
            match expected {
                Some(_) => copies += 1,
                None => kept.push((document as usize, signature)),
            }
        }
        assert!(copies > 1000 && kept.len() > 2000, "{copies} copies, {} stories", kept.len());
    }

    #[test]
    fn a_document_takes_at_most_160_bytes() {
        assert_eq!(size_of::<Story>(), VALUES + 4 * BANDS + 4);
        let mut stories = Stories::new();
        for number in 0..200_000 {
            stories.add(Some(story(number)));
            let most = 160 * stories.len() + 72 * 1024;
            assert!(stories.heap_bytes() <= most, "{} bytes for {}", stories.heap_bytes(), stories.len());
        }
        assert_eq!(stories.stories(), 200_000);
    }

    #[test]
    fn copies_take_no_memory() {
        let mut stories = Stories::new();
        stories.add(Some(story(0)));
        let before = stories.heap_bytes();
        for _ in 0..1_000_000 {
            stories.add(Some(story(0)));
        }
        assert_eq!((stories.len(), stories.stories(), stories.heap_bytes()), (1_000_001, 1, before));
    }

    #[test]
    fn what_all_stories_share_costs_a_bounded_look() {
        let mut stories = Stories::new();
        let alike = |number| {
            let mut signature = story(number);
            signature.0[..15].fill(7);
            signature
        };
        for number in 0..50_000 {
            assert_eq!(stories.add(Some(alike(number))), None);
        }
        let looked_at = |band| stories.candidates(band, &alike(0)).count();
        assert_eq!((looked_at(0), looked_at(4)), (LOOKED_AT, LOOKED_AT));
        assert_eq!(stories.find(&alike(0)), Some(0), "the other bands still tell it");
    }
}
