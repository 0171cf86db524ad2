//! Computes the margins of a text with compiled tables: the same numbers, bit for bit, as tokens,
//! terms, a row and the model's weights give one after the other.

#[cfg(all(test, feature = "train"))]
mod tests;

use crate::classifier::compiled_model::CompiledModel;
use crate::classifier::reading::{Place, Reading};
use crate::classifier::tables::{FEATURE, KNOWN, Records, Tables, UNKNOWN};
use crate::features::{NgramLookup, TermCounts, Weighting};
use crate::model::{BestWindow, OffTopicWindow};
use crate::scan::both;
use crate::tokenizer::{TokenKind, Tokenizer, WordIdCache, char_ngrams};

/// Words seen, and their character n-grams, that are remembered at most before all are forgotten.
const MAX_CHAR_NGRAMS: usize = 1 << 20;

/// One thread's buffers for one model.
#[derive(Debug, Default)]
pub(super) struct TextScorer {
    reading: ReadingBuffers,
    more_readings: Vec<ReadingBuffers>,
    sums: BlockSums,
    /// Of the document whose units are scored.
    best_window: BestWindow,
}

/// One thread's buffers for the blocks of a model that are made of the same tokens.
#[derive(Debug, Default)]
struct ReadingBuffers {
    word_ids: WordIdCache,
    /// Words seen of a reading with character n-grams.
    forms: CharNgramCache,
    /// The tokens of a text: nodes with flags or, for a reading with character n-grams, numbers of
    /// forms.
    tokens: Vec<u32>,
    walk: NgramLookup,
    counts: TermCounts,
}

/// What a unit of text holds.
#[derive(Debug, Default)]
pub(super) struct UnitStats {
    pub words: usize,
    pub known: usize,
    /// Sum of the topic weights of the known words.
    pub topic: f64,
    pub any_feature: bool,
}

impl TextScorer {
    /// Begins a document: the units that are scored from now on are its units.
    pub(super) fn begin_document(&mut self, model: &CompiledModel) {
        let window = model.model.thresholds.off_topic.and_then(|off| off.window);
        self.best_window.begin(window.map_or(0, |OffTopicWindow { words, .. }| words as usize));
    }

    /// The topic score of the document's best window; `None` if the model has no windows, or the
    /// document fewer words than one.
    pub(super) fn best_window(&self) -> Option<f64> {
        self.best_window.likeness()
    }

    /// Computes the margins of a normal text into `margins`.
    pub(super) fn score_text(
        &mut self,
        model: &CompiledModel,
        text: &str,
        margins: &mut Vec<f64>,
    ) -> UnitStats {
        let words = self.reading.read(&model.reading, &model.reading.tokenizer, text);
        self.score_tokens(model, (text, words), margins)
    }

    /// Computes the margins of the words outside quotations into `margins`.
    pub(super) fn score_beside_quotations(
        &mut self,
        model: &CompiledModel,
        text: &str,
        margins: &mut Vec<f64>,
    ) {
        self.reading.read(&model.reading, model.reading.beside_quotations(), text);
        self.score(model, text, Reading::beside_quotations, margins);
    }

    /// The tokens that [`TextScorer::score_tokens`] scores, to be replaced.
    pub(super) fn tokens_mut(&mut self) -> &mut Vec<u32> {
        &mut self.reading.tokens
    }

    /// Computes the margins of a normal text into `margins`. Its tokens by the model's first
    /// reading are there, and `words` of them are words.
    pub(super) fn score_tokens(
        &mut self,
        compiled: &CompiledModel,
        (text, words): (&str, usize),
        margins: &mut Vec<f64>,
    ) -> UnitStats {
        let mut stats = UnitStats { words, ..UnitStats::default() };
        let window = compiled.model.topic.is_some().then_some(&mut self.best_window);
        self.reading.look_at_words(&compiled.reading, window, &mut stats);
        stats.any_feature = self.score(compiled, text, |reading| &reading.tokenizer, margins);
        stats
    }

    /// Computes the margins, and says whether any feature occurs. The tokens of the model's first
    /// reading are there.
    fn score(
        &mut self,
        compiled: &CompiledModel,
        text: &str,
        tokenizer: fn(&Reading) -> &Tokenizer,
        margins: &mut Vec<f64>,
    ) -> bool {
        let CompiledModel { model, reading, more_readings, places, .. } = compiled;
        self.reading.count(reading);
        self.more_readings.resize_with(more_readings.len(), ReadingBuffers::default);
        for (buffers, reading) in both(&mut self.more_readings, more_readings) {
            buffers.read(reading, tokenizer(reading), text);
            buffers.count(reading);
        }
        model.linear.begin(margins);
        for (block, place) in both(model.blocks(), places) {
            let (buffers, reading) = match place.reading.checked_sub(1) {
                None => (&self.reading, reading),
                Some(more) => match self.more_readings.get(more).zip(more_readings.get(more)) {
                    Some(both) => both,
                    None => {
                        debug_assert!(false, "a block's reading is one of the model's");
                        continue;
                    }
                },
            };
            self.sums.add(
                (buffers.counts.all(), &reading.tables),
                *place,
                block.featurizer.weighting(),
                margins,
            );
        }
        model.linear.split(margins);
        let any = |buffers: &ReadingBuffers| !buffers.counts.all().is_empty();
        any(&self.reading) || self.more_readings.iter().any(any)
    }

    /// Gives back the room of more than so many tokens.
    pub(super) fn shrink(&mut self, kept: usize) {
        self.reading.shrink(kept);
        self.more_readings.iter_mut().for_each(|buffers| buffers.shrink(kept));
        self.sums.shrink(kept);
    }
}

impl ReadingBuffers {
    /// Counts the known words of the tokens and, with a window, sums their topic weights. All words
    /// go through the window, where the model asks for one.
    fn look_at_words(
        &self,
        Reading { tables, chars, .. }: &Reading,
        window: Option<&mut BestWindow>,
        stats: &mut UnitStats,
    ) {
        let forms = chars.map(|_| &self.forms);
        let token = |token: u32| forms.map_or(token, |forms| forms.token(token));
        // Without a branch: a sum that began at 0 is the same with 0 more.
        let weight = |token| if token >= KNOWN { tables.topic(token & UNKNOWN) } else { 0.0 };
        let (mut known, mut topic) = (0, 0.0);
        match window {
            None => self.tokens.iter().for_each(|of| known += usize::from(token(*of) >= KNOWN)),
            Some(window) => {
                let is_asked = window.is_asked();
                for &of in &self.tokens {
                    let token = token(of);
                    known += usize::from(token >= KNOWN);
                    topic += weight(token);
                    if is_asked {
                        window.push(weight(token));
                    }
                }
            }
        }
        (stats.known, stats.topic) = (known, topic);
    }

    /// Fills `tokens` from a text, and gives how many of them are words.
    fn read(&mut self, Reading { tables, chars, .. }: &Reading, tokenizer: &Tokenizer, text: &str) -> usize {
        let ReadingBuffers { word_ids, forms, tokens, .. } = self;
        tokens.clear();
        match *chars {
            None => {
                let mut token = |normal: &str, kind| tables.token_of_kind(normal, kind);
                tokenizer.token_ids(text, word_ids, &mut token, &mut |token| tokens.push(token))
            }
            Some(range) => {
                if forms.is_full() {
                    (*forms, *word_ids) = Default::default();
                }
                let mut form = |normal: &str, kind| forms.add(normal, kind, range, tables);
                tokenizer.token_ids(text, word_ids, &mut form, &mut |form| tokens.push(form))
            }
        }
    }

    /// Counts the features of all tokens: at each its word n-grams from the shortest, then its
    /// character n-grams.
    fn count(&mut self, Reading { tables, longest, chars, .. }: &Reading) {
        let ReadingBuffers { forms, tokens, walk, counts, .. } = self;
        counts.clear(tokens.len());
        let word = |token: u32| if token & FEATURE != 0 { token & UNKNOWN } else { UNKNOWN };
        let node = |token: u32| token & UNKNOWN;
        // The usual recipe: all nodes of pairs are features, so that a block is counted in one go.
        if chars.is_none() && *longest == 2 {
            walk.each(&tables.ngrams, (tokens, *longest), node, &mut |block, longer| {
                counts.add_all(2 * block.len(), |counts| {
                    for (&token, &pair) in both(block, longer.pairs()) {
                        for node in [word(token), pair] {
                            tables.prefetch(node);
                            counts.add(node);
                        }
                    }
                });
            });
            return;
        }
        let forms = chars.map(|_| &*forms);
        let token = |token| forms.map_or(token, |forms| forms.token(token));
        walk.each(&tables.ngrams, (tokens, *longest), |form| node(token(form)), &mut |block, longer| {
            for (at, &form) in block.iter().enumerate() {
                counts.add(word(token(form)));
                let features = longer.at(at).filter(|node| tables.is_feature(*node));
                features.for_each(|node| counts.add(node));
                forms.into_iter().flat_map(|forms| forms.chars(form)).for_each(|node| counts.add(*node));
            }
        });
    }

    fn shrink(&mut self, kept: usize) {
        self.tokens.clear();
        self.tokens.shrink_to(kept);
        self.counts.shrink(kept);
    }
}

/// One thread's buffers for the sums of a block.
#[derive(Debug, Default)]
struct BlockSums {
    own: Vec<(u32, u32)>,
    values: Vec<f64>,
}

impl BlockSums {
    /// Adds what the features of one block weigh to the sum of each column, of counted nodes in the
    /// order of first occurrence.
    fn add(
        &mut self,
        (counted, tables): (&[(u32, u32)], &Tables),
        place: Place,
        weighting: Weighting,
        sums: &mut [f64],
    ) {
        let BlockSums { own, values } = self;
        let Some(other) = place.block.checked_sub(1) else {
            // A node that is no feature of the first block weighs 0.
            weigh(counted, &tables.first, weighting, values);
            return sum((counted, values), &tables.first, sums);
        };
        let block = tables.others.get(other);
        debug_assert!(block.is_some(), "a block's place has a table");
        if let Some(block) = block {
            block.select(counted, own);
            weigh(own, &block.records, weighting, values);
            sum((own, values), &block.records, sums);
        }
    }

    fn shrink(&mut self, kept: usize) {
        self.own.clear();
        self.own.shrink_to(kept);
        self.values.clear();
        self.values.shrink_to(kept);
    }
}

/// The weight of each counted feature, as the model weighs them.
///
/// `values` is as long as the longest text needed: what is behind the values of this one is left
/// from others.
#[inline]
fn weigh(counted: &[(u32, u32)], records: &Records, weighting: Weighting, values: &mut Vec<f64>) {
    if values.len() < counted.len() {
        values.resize(counted.len(), 0.0);
    }
    let values = values.get_mut(..counted.len()).unwrap_or_default();
    // First all that must be fetched from memory, then the arithmetic: the processor can wait for
    // many at once.
    let idf = records.idf();
    both(values.iter_mut(), counted).for_each(|(value, (row, _))| *value = idf(*row));
    let squared_norm = weighting.weigh(counted, values);
    weighting.normalize(squared_norm, values);
}

/// Adds weight x value to each column, in the order of first occurrence, as `Linear::margins` does.
#[inline]
fn sum((counted, values): (&[(u32, u32)], &[f64]), records: &Records, sums: &mut [f64]) {
    let places = 0..counted.len().min(values.len());
    let features = places.filter_map(|at| Some((counted.get(at)?.0, *values.get(at)?)));
    match sums {
        // The usual numbers of columns, held in registers.
        [sum] => {
            let records = records.rows();
            for (row, value) in features {
                if let Some([_, a]) = records.get(row as usize) {
                    *sum += value * f64::from(*a);
                }
            }
        }
        [one, two, three] => {
            let (mut x, mut y, mut z) = (*one, *two, *three);
            let records = records.rows();
            for (row, value) in features {
                if let Some([_, a, b, c]) = records.get(row as usize) {
                    x += value * f64::from(*a);
                    y += value * f64::from(*b);
                    z += value * f64::from(*c);
                }
            }
            (*one, *two, *three) = (x, y, z);
        }
        sums => {
            for (row, value) in features {
                let weights = records.feature(row).map_or(&[][..], |(_, weights)| weights);
                sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += value * f64::from(*weight));
            }
        }
    }
}

/// Tokens of a reading with character n-grams: each with its own node and those of its n-grams.
#[derive(Debug, Default)]
struct CharNgramCache {
    /// Node with flags, and the end of its character n-grams in `nodes`.
    all: Vec<(u32, u32)>,
    nodes: Vec<u32>,
}

impl CharNgramCache {
    /// Words without known n-grams take room as well.
    fn is_full(&self) -> bool {
        self.nodes.len().max(self.all.len()) > MAX_CHAR_NGRAMS
    }

    fn add(&mut self, normal: &str, kind: TokenKind, range: (u8, u8), tables: &Tables) -> u32 {
        if kind.is_word() {
            char_ngrams(range, normal, &mut String::new(), &mut |term| {
                self.nodes.extend(tables.char_ngram(term));
            });
        }
        self.all.push((tables.token_of_kind(normal, kind), self.nodes.len() as u32));
        self.all.len() as u32 - 1
    }

    fn token(&self, form: u32) -> u32 {
        self.all.get(form as usize).map_or(UNKNOWN, |(token, _)| *token)
    }

    fn chars(&self, form: u32) -> &[u32] {
        let end = self.all.get(form as usize).map_or(0, |(_, end)| *end as usize);
        let before = (form as usize).checked_sub(1).and_then(|before| self.all.get(before));
        self.nodes.get(before.map_or(0, |(_, end)| *end as usize)..end).unwrap_or(&[])
    }
}
