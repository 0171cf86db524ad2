//! Counts the terms of texts on all threads. Every distinct token gets an id when it is first seen;
//! an n-gram is keyed by the id of its prefix and the id of its last word.
//!
//! Ids depend on the texts alone, not on the number of threads: the more texts hold a token, the
//! lower its id, and likewise among n-grams of one length. N-grams that are in too few texts to
//! become features are never written as text.

use rayon::prelude::*;

use crate::error::Result;
use crate::features::{Interner, NgramLookup, NgramTable, TermCounts, Vocabulary};
use crate::progress::Progress;
use crate::tokenizer::{TokenKind, Tokenizer, TokenizerConfig, WordIdCache, char_ngrams, is_word};
use crate::train::dataset::pairs::{Pair, PairLimits, frequent};
use crate::train::dataset::terms::Terms;
use crate::train::dataset::tokens::{Shard, Tokens};
use crate::train::dataset::{CompactRow, DocumentTermMatrix};

/// Which of a tokenizer configuration's terms are counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CountedTerms {
    /// n-grams of several words that are in fewer texts are left out.
    pub min_df: u32,
    /// Whether only single words are counted, and not the names that are read as a whole, too.
    pub only_words: bool,
    /// Quotations are counted where fewer words stand beside them.
    pub min_words: u32,
}

/// The ids of the terms that were counted: finds the terms of any other text among them.
pub(crate) struct TermIds {
    tokenizer: Tokenizer,
    /// Whether each token is a term by itself.
    is_term: Vec<bool>,
    /// For each token the end of its character n-grams in `chars`.
    ends: Vec<usize>,
    chars: Vec<u32>,
    ngrams: NgramTable,
    /// Words in the longest n-gram.
    high: usize,
    /// See [`CountedTerms`].
    only_words: bool,
}

/// One thread's buffers.
#[derive(Default)]
struct Buffers {
    walk: NgramLookup,
    counts: TermCounts,
}

/// Counts the terms of every text.
///
/// # Errors
/// What [`TokenizerConfig::check`] refuses, and a stop.
pub(crate) fn count(
    texts: &[&str],
    tokenizer_config: &TokenizerConfig,
    kept: CountedTerms,
    progress: &dyn Progress,
) -> Result<(DocumentTermMatrix, TermIds)> {
    let tokenizer = Tokenizer::new(tokenizer_config)?.with_min_words(kept.min_words);
    let Tokens { shards, mut singles, rare } =
        Tokens::new(texts, &tokenizer, kept.min_df, kept.only_words, progress)?;
    let (low, high) = tokenizer_config.words.map_or((0, 0), |(low, high)| (low, usize::from(high)));
    let is_term = |token: &str| {
        let fits = !token.is_empty() && token.len() <= Vocabulary::MAX_TERM_BYTES;
        low == 1 && fits && (!kept.only_words || is_word(token))
    };
    let mut ids = TermIds {
        tokenizer,
        is_term: singles.iter().map(is_term).collect(),
        ends: Vec::new(),
        chars: Vec::new(),
        ngrams: NgramTable::with_capacity(0, 0),
        high: if kept.only_words { 1 } else { high },
        only_words: kept.only_words,
    };
    if let Some(range) = tokenizer_config.chars.filter(|_| !kept.only_words) {
        ids.number_chars(range, &mut singles);
    }
    let mut terms = Terms::new(singles);
    let rows: Vec<&[u32]> = shards.iter().flat_map(Shard::rows).collect();
    let limits = PairLimits {
        occurrences: rows.iter().map(|row| row.len()).sum(),
        min_df: kept.min_df,
        parents: rare,
        words: rare,
    };
    ids.number_ngrams(&rows, limits, &mut terms, progress)?;
    let row = |buffers: &mut Buffers, row: &&[u32]| {
        progress.check()?;
        Ok(CompactRow::pack(ids.count(row, &[], buffers)))
    };
    let rows = rows.par_iter().map_init(Buffers::default, row).collect::<Result<Vec<CompactRow>>>()?;
    Ok((DocumentTermMatrix::new(terms, rows), ids))
}

impl TermIds {
    /// How many of the texts hold each of the terms that were counted. Texts after a stop are not
    /// looked at.
    pub(crate) fn frequencies(&self, texts: &[String], terms: &Terms, progress: &dyn Progress) -> Vec<u32> {
        let shards: Vec<Vec<u32>> = texts
            .par_chunks(texts.len().div_ceil(rayon::current_num_threads()).max(1))
            .map(|texts| {
                let (mut seen, mut buffers, mut tokens) =
                    (WordIdCache::default(), Buffers::default(), Vec::new());
                let (mut frequency, mut scratch) = (vec![0u32; terms.len()], String::new());
                // Words that no row holds, which may have character n-grams of others; their
                // numbers begin behind all others.
                let mut unseen: Vec<Vec<u32>> = Vec::new();
                for text in texts.iter().take_while(|_| !progress.is_stopped()) {
                    tokens.clear();
                    let mut number = |normal: &str, kind: TokenKind| {
                        self.find(terms, normal, kind).unwrap_or_else(|| {
                            unseen.push(Vec::new());
                            if let (Some(range), Some(own), true) =
                                (self.tokenizer.tokenizer_config().chars, unseen.last_mut(), kind.is_word())
                            {
                                char_ngrams(range, normal, &mut scratch, &mut |term| {
                                    own.extend(terms.singles().find(term));
                                });
                            }
                            NgramTable::UNKNOWN + unseen.len() as u32
                        })
                    };
                    let normal = self.tokenizer.normalize(text);
                    self.tokenizer.token_ids(normal.text(), &mut seen, &mut number, &mut |token| {
                        tokens.push(token);
                    });
                    for &(term, _) in self.count(&tokens, &unseen, &mut buffers) {
                        frequency[term as usize] += 1;
                    }
                }
                frequency
            })
            .collect();
        let mut frequency = vec![0; terms.len()];
        for shard in shards {
            frequency.iter_mut().zip(shard).for_each(|(sum, more)| *sum += more);
        }
        frequency
    }

    /// The numbers of the tokens of each text, in their order. The texts are those that were
    /// counted.
    ///
    /// # Errors
    /// A stop.
    pub(crate) fn in_order(
        &self,
        texts: &[&str],
        terms: &Terms,
        progress: &dyn Progress,
    ) -> Result<Vec<Vec<u32>>> {
        let tokens = |seen: &mut WordIdCache, text: &&str| {
            progress.check()?;
            let mut tokens = Vec::new();
            let mut number =
                |normal: &str, kind| self.find(terms, normal, kind).unwrap_or(NgramTable::UNKNOWN);
            let normal = self.tokenizer.normalize(text);
            self.tokenizer.token_ids(normal.text(), seen, &mut number, &mut |token| tokens.push(token));
            Ok(tokens)
        };
        texts.par_iter().map_init(WordIdCache::default, tokens).collect()
    }

    /// The number of a token that was counted.
    fn find(&self, terms: &Terms, normal: &str, kind: TokenKind) -> Option<u32> {
        let is_left_out = self.only_words && kind == TokenKind::Name;
        if is_left_out { None } else { terms.singles().find(normal) }
    }

    /// Counts the terms of a text: at each token its word n-grams from the shortest, then its
    /// character n-grams. Tokens behind [`NgramTable::UNKNOWN`] are those of `unseen`.
    fn count<'b>(&self, tokens: &[u32], unseen: &[Vec<u32>], buffers: &'b mut Buffers) -> &'b [(u32, u32)] {
        let Buffers { walk, counts } = buffers;
        let low = usize::from(self.low());
        counts.clear(tokens.len());
        walk.each(&self.ngrams, (tokens, self.high), |token| token, &mut |block, longer| {
            for (at, &token) in block.iter().enumerate() {
                if self.is_term.get(token as usize).is_some_and(|is_term| *is_term) {
                    counts.add(token);
                }
                // n-grams of two words come first.
                longer.at(at).skip(low.saturating_sub(2)).for_each(|term| counts.add(term));
                let chars = match token.checked_sub(NgramTable::UNKNOWN + 1) {
                    None => self.chars_of(token),
                    Some(place) => unseen.get(place as usize).map_or(&[][..], Vec::as_slice),
                };
                chars.iter().for_each(|term| counts.add(*term));
            }
        });
        counts.all()
    }

    fn low(&self) -> u8 {
        self.tokenizer.tokenizer_config().words.map_or(0, |(low, _)| low)
    }

    fn chars_of(&self, token: u32) -> &[u32] {
        let token = token as usize;
        let start = token.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(token).and_then(|end| self.chars.get(start..*end)).unwrap_or(&[])
    }

    /// Gives ids to the character n-grams of all words, behind the tokens.
    fn number_chars(&mut self, range: (u8, u8), singles: &mut Interner) {
        let mut scratch = String::new();
        for token in 0..singles.len() as u32 {
            let word = singles.get(token).unwrap_or("").to_owned();
            if is_word(&word) {
                char_ngrams(range, &word, &mut scratch, &mut |term| {
                    if term.len() <= Vocabulary::MAX_TERM_BYTES {
                        self.chars.push(singles.insert(term));
                    }
                });
            }
            self.ends.push(self.chars.len());
        }
    }

    /// Gives ids to the n-grams of two words and more that are in enough rows. The limits are those
    /// of n-grams of two words.
    fn number_ngrams(
        &mut self,
        rows: &[&[u32]],
        limits: PairLimits,
        terms: &mut Terms,
        progress: &dyn Progress,
    ) -> Result<()> {
        // The numbers of the n-grams of a length that begin at each token; for single words, the
        // tokens themselves.
        let mut shorter: Option<Vec<Vec<u32>>> = None;
        let mut found: Vec<Vec<Pair>> = Vec::new();
        for n in 2..=self.high {
            let pairs: Vec<(&[u32], &[u32])> = rows
                .iter()
                .enumerate()
                .map(|(row, tokens)| {
                    let parents = shorter.as_ref().map_or(*tokens, |shorter| shorter[row].as_slice());
                    (parents, tokens.get(n - 1..).unwrap_or(&[]))
                })
                .collect();
            let parents = if n == 2 { limits.parents } else { NgramTable::UNKNOWN };
            let mut level = frequent(&pairs, PairLimits { parents, ..limits }, progress)?;
            level.par_sort_unstable_by_key(|found| (std::cmp::Reverse(found.documents), found.key));
            // The table is made anew with room for all.
            let bound = terms.len() + level.len();
            found.push(level);
            self.ngrams = NgramTable::with_capacity(found.iter().map(Vec::len).sum(), bound);
            if let Some(last) = found.last_mut() {
                last.retain_mut(|found| {
                    let [parent, word] = found.key;
                    let number = terms.push(parent, word);
                    number.map(|number| found.number = number).is_some()
                });
            }
            let all = found.iter().flatten();
            self.ngrams.extend(all.map(|&Pair { key: [parent, word], number, .. }| [parent, word, number]));
            if n < self.high {
                let children = pairs.par_iter().map(|(parents, words)| {
                    parents.iter().zip(*words).map(|(p, w)| self.ngrams.find(*p, *w)).collect()
                });
                shorter = Some(children.collect());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::named::Named;
    use crate::progress::Silent;
    use crate::text::SocialText;
    use crate::tokenizer::{Punctuation, Quotations, TokenBuf};

    /// Terms and counts of each text in the order of first occurrence, as strings, term by term.
    fn plainly(
        texts: &[&str],
        tokenizer_config: &TokenizerConfig,
        kept: CountedTerms,
    ) -> Vec<Vec<(String, u32)>> {
        let mut tokenizer_config = tokenizer_config.clone();
        if kept.only_words && tokenizer_config.social_text == SocialText::Expand {
            tokenizer_config.social_text = SocialText::Normalize;
        }
        let tokenizer = Tokenizer::new(&tokenizer_config).unwrap();
        let mut rows: Vec<Vec<(String, u32)>> = Vec::new();
        for text in texts {
            let (mut tokens, mut row) = (TokenBuf::default(), Vec::<(String, u32)>::new());
            tokenizer.tokenize(text, &mut tokens);
            tokenizer.terms(&tokens, &mut String::new(), &mut |term| {
                if term.text.len() > Vocabulary::MAX_TERM_BYTES || (kept.only_words && !term.is_word) {
                    return;
                }
                match row.iter_mut().find(|(known, _)| known == term.text) {
                    Some((_, count)) => *count += 1,
                    None => row.push((term.text.to_owned(), 1)),
                }
            });
            rows.push(row);
        }
        let mut frequency: BTreeMap<String, u32> = BTreeMap::new();
        rows.iter().flatten().for_each(|(term, _)| *frequency.entry(term.clone()).or_default() += 1);
        let enough =
            |term: &str| !term.contains(' ') || term.starts_with('~') || frequency[term] >= kept.min_df;
        rows.iter().map(|row| row.iter().filter(|(term, _)| enough(term)).cloned().collect()).collect()
    }

    fn counts(counted: &DocumentTermMatrix) -> Vec<Vec<(String, u32)>> {
        let row = |row| counted.row(row).map(|(term, count)| (counted.terms().text(term), count));
        (0..counted.len()).map(|number| row(number).collect()).collect()
    }

    proptest! {
        #[test]
        fn terms_are_those_of_the_plain_way_on_any_number_of_threads(
            texts in prop::collection::vec("(a|b|c |d |Aa |ä |#AbC |aab |\"|, |\n){0,40}", 1..9),
            further in prop::collection::vec("(a|b|c |d |Aa |bab |#AbC |\"|, |\n){0,40}", 1..5),
            words in prop::sample::select(vec![Some((1, 1)), Some((1, 2)), Some((2, 3)), Some((1, 4)), None]),
            chars in prop::sample::select(vec![None, Some((2, 3))]),
            (min_df, only_words, marks) in (1..4u32, any::<bool>(), any::<bool>()),
            social_text in prop::sample::select(&SocialText::ALL[..]),
        ) {
            let tokenizer_config = TokenizerConfig {
                words,
                chars: chars.or(words.is_none().then_some((1, 2))),
                punctuation: if marks { Punctuation::Breaks } else { Punctuation::Drop },
                quotations: if marks { Quotations::Skip } else { Quotations::Score },
                social_text,
                ..TokenizerConfig::default()
            };
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let kept = CountedTerms { min_df, only_words, min_words: 5 };
            let (counted, ids) = count(&texts, &tokenizer_config, kept, &Silent).unwrap();
            prop_assert_eq!(counts(&counted), plainly(&texts, &tokenizer_config, kept));
            let known: BTreeMap<String, usize> = (0..texts.len())
                .flat_map(|row| counted.row(row))
                .map(|(term, _)| (counted.terms().text(term), term as usize))
                .collect();
            let in_order = ids.in_order(&texts, counted.terms(), &Silent).unwrap();
            for (row, tokens) in in_order.iter().enumerate().filter(|_| only_words) {
                for (term, count) in counted.row(row) {
                    prop_assert_eq!(tokens.iter().filter(|token| **token == term).count(), count as usize);
                }
            }
            let mut expected = vec![0; counted.terms().len()];
            let all = CountedTerms { min_df: 1, ..kept };
            let others: Vec<&str> = further.iter().map(String::as_str).collect();
            for (term, _) in plainly(&others, &tokenizer_config, all).iter().flatten() {
                known.get(term).into_iter().for_each(|term| expected[*term] += 1);
            }
            let found = ids.frequencies(&further, counted.terms(), &Silent);
            known.values().for_each(|term| assert_eq!(found[*term], expected[*term]));
            let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
            let alone = pool.install(|| count(&texts, &tokenizer_config, kept, &Silent).unwrap().0);
            for row in 0..texts.len() {
                prop_assert!(alone.row(row).eq(counted.row(row)));
            }
        }
    }
}
