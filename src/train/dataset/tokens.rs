//! Gives every distinct token of texts an id, on all threads: the more texts hold it, the lower.

use rayon::prelude::*;

use crate::error::Result;
use crate::features::Interner;
use crate::progress::Progress;
use crate::tokenizer::{TokenKind, Tokenizer, WordIdCache};

/// The tokens of all texts as ids.
pub(super) struct Tokens {
    pub(super) shards: Vec<Shard>,
    /// The distinct tokens by their ids.
    pub(super) singles: Interner,
    /// The first id of the tokens that are in fewer than `min_df` texts.
    pub(super) rare: u32,
}

impl Tokens {
    pub(super) fn new(
        texts: &[&str],
        tokenizer: &Tokenizer,
        min_df: u32,
        only_words: bool,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let mut shards = split(texts, rayon::current_num_threads())
            .par_iter()
            .map(|texts| Shard::new(texts, tokenizer, only_words, progress))
            .collect::<Result<Vec<Shard>>>()?;
        let (mut all, mut frequency) = (Interner::default(), Vec::new());
        let mut places: Vec<Vec<u32>> = Vec::new();
        for shard in &shards {
            let own = shard.singles.iter().zip(&shard.frequency).map(|(token, documents)| {
                let place = all.insert(token);
                frequency.resize(all.len(), 0u32);
                frequency[place as usize] += documents;
                place
            });
            places.push(own.collect());
        }
        let mut order: Vec<u32> = (0..all.len() as u32).collect();
        order.sort_unstable_by_key(|&place| (std::cmp::Reverse(frequency[place as usize]), all.get(place)));
        let mut ids = vec![0; all.len()];
        let mut singles = Interner::default();
        for &place in &order {
            ids[place as usize] = singles.insert(all.get(place).unwrap_or(""));
        }
        let rare = order.partition_point(|&place| frequency[place as usize] >= min_df) as u32;
        shards.par_iter_mut().zip(places).for_each(|(shard, places)| {
            (shard.singles, shard.frequency) = Default::default();
            shard.tokens.shrink_to_fit();
            shard.tokens.iter_mut().for_each(|token| *token = ids[places[*token as usize] as usize]);
        });
        Ok(Tokens { shards, singles, rare })
    }
}

/// A share of the texts as token ids, which one thread makes.
#[derive(Default)]
pub(super) struct Shard {
    tokens: Vec<u32>,
    /// Where each text's tokens end.
    ends: Vec<usize>,
    /// The distinct tokens, and how many texts hold each.
    singles: Interner,
    frequency: Vec<u32>,
}

impl Shard {
    fn new(texts: &[&str], tokenizer: &Tokenizer, only_words: bool, progress: &dyn Progress) -> Result<Self> {
        let Shard { mut tokens, mut ends, mut singles, mut frequency } = Shard::default();
        let mut seen = WordIdCache::default();
        // The last text, from 1, that held each token.
        let mut last: Vec<u32> = Vec::new();
        for (number, text) in (1u32..).zip(texts) {
            progress.check()?;
            let start = tokens.len();
            // An empty token is no term.
            let is_left_out = |kind| only_words && kind == TokenKind::Name;
            let mut of = |normal: &str, kind| singles.insert(if is_left_out(kind) { "" } else { normal });
            let normal = tokenizer.normalize(text);
            tokenizer.token_ids(normal.text(), &mut seen, &mut of, &mut |token| tokens.push(token));
            last.resize(singles.len(), 0);
            frequency.resize(singles.len(), 0);
            for &token in &tokens[start..] {
                let last = &mut last[token as usize];
                frequency[token as usize] += u32::from(*last != number);
                *last = number;
            }
            ends.push(tokens.len());
        }
        Ok(Shard { tokens, ends, singles, frequency })
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.tokens[start..end])
    }
}

/// Splits texts into at most `shards` runs of about the same number of bytes.
fn split<'t, 's>(texts: &'t [&'s str], shards: usize) -> Vec<&'t [&'s str]> {
    let share = texts.iter().map(|text| text.len()).sum::<usize>().div_ceil(shards.max(1)).max(1);
    let mut bytes = 0;
    texts
        .chunk_by(|text, _| {
            bytes += text.len();
            let within = bytes < share;
            bytes = if within { bytes } else { 0 };
            within
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hold_all_texts_in_order() {
        let texts = ["aaa", "b", "cc", "", "dddd", "e"];
        for shards in 1..9 {
            let split = split(&texts, shards);
            assert!(split.len() <= shards, "{shards}");
            assert_eq!(split.concat(), texts);
        }
        assert!(split(&[], 3).is_empty());
    }
}
