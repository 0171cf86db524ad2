//! Reads a text once for two models: looks each word up once, and gives each model its own tokens.

use crate::classifier::compiled_model::CompiledModel;
use crate::text::span::Span;
use crate::tokenizer::{QUOTATION, WordIdCache, have_same_word_boundaries, shared_word_ids};

/// Longer texts, in bytes, are read by each model for itself: the places of their words would take
/// too much room.
const MAX_BYTES: usize = 4 << 20;

/// One thread's buffers.
#[derive(Debug, Default)]
pub(super) struct SharedTokens {
    word_ids: WordIdCache<[u32; 2]>,
    words: Vec<Word>,
}

/// A word's place and its token for each model.
#[derive(Clone, Copy, Debug)]
struct Word {
    place: Span,
    tokens: [u32; 2],
}

/// Which of two models.
#[derive(Clone, Copy, Debug)]
pub(super) enum ModelSlot {
    First,
    Second,
}

impl SharedTokens {
    /// Whether two models can share a reading: what stands between words is dropped, and no token
    /// is more than a node.
    pub(super) fn can_read(models: [&CompiledModel; 2]) -> bool {
        have_same_word_boundaries(models.map(|model| &model.reading.tokenizer))
            && models.iter().all(|model| model.reading.chars.is_none())
    }

    /// Reads a text, if it is not too long.
    pub(super) fn read(&mut self, models: [&CompiledModel; 2], text: &str) -> Option<&Self> {
        if text.len() > MAX_BYTES {
            return None;
        }
        let [first, second] = models;
        let SharedTokens { word_ids, words } = self;
        words.clear();
        shared_word_ids(
            [&first.reading.tokenizer, &second.reading.tokenizer],
            text,
            word_ids,
            &mut |[one, two]| [first.reading.tables.token(one), second.reading.tables.token(two)],
            &mut |tokens, place| words.push(Word { place, tokens }),
        );
        Some(self)
    }

    /// The tokens of parts of the text that was read, for one of the models. Parts must be asked
    /// for in order.
    pub(super) fn parts<'b>(
        &'b self,
        text: &'b str,
        which: ModelSlot,
        model: &'b CompiledModel,
    ) -> PartTokens<'b> {
        PartTokens { text, which, model, words: self.words.as_slice(), taken: 0 }
    }

    /// Gives back the room that only a huge text needs.
    pub(super) fn shrink(&mut self, kept: usize) {
        self.words.clear();
        self.words.shrink_to(kept);
    }
}

/// See [`SharedTokens::parts`].
pub(super) struct PartTokens<'b> {
    text: &'b str,
    which: ModelSlot,
    model: &'b CompiledModel,
    /// Those that no part has held yet.
    words: &'b [Word],
    /// Where the last one ended that a part has held, or would if it were not cut there.
    taken: usize,
}

impl PartTokens<'_> {
    /// Replaces `tokens` by those of the next part, as the model's tokenizer gives them for that
    /// part by itself, and gives how many there are. `None` where a word of the text lies across an
    /// end of the part, or of a quotation in it: then it cannot be told from here.
    ///
    /// Nothing else can differ. Rules of word boundaries look no further than the letters on both
    /// sides, so that what they say inside the part depends on what is outside of it only where a
    /// word goes over its end.
    pub(super) fn next(&mut self, part: Span, tokens: &mut Vec<u32>) -> Option<usize> {
        tokens.clear();
        self.words_until(part.start(), &mut |_| {})?;
        for quotation in self.model.reading.tokenizer.quotations(part.of(self.text)) {
            let quotation = quotation.shifted(part.start());
            self.words_until(quotation.start(), &mut |token| tokens.push(token))?;
            tokens.push(self.model.reading.tables.token(QUOTATION));
            self.words_until(quotation.end(), &mut |_| {})?;
        }
        self.words_until(part.end(), &mut |token| tokens.push(token))?;
        Some(tokens.len())
    }

    /// Takes the words that end before a place; `None` if one begins before it and ends behind it.
    #[inline]
    fn words_until(&mut self, end: usize, found: &mut impl FnMut(u32)) -> Option<()> {
        while let Some((word, rest)) = self.words.split_first().filter(|(word, _)| word.place.start() < end) {
            let [first, second] = word.tokens;
            found(match self.which {
                ModelSlot::First => first,
                ModelSlot::Second => second,
            });
            (self.words, self.taken) = (rest, word.place.end());
        }
        (self.taken <= end).then_some(())
    }
}

#[cfg(all(test, feature = "train"))]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::classifier::Classifier;
    use crate::classifier::buffers::{Buffers, ModelPair};
    use crate::model::BlockKind;
    use crate::text::SocialText;
    use crate::text::sentence::sentences;
    use crate::threads::Threads;
    use crate::tokenizer::{HouseStyle, Punctuation, Quotations, TokenizerConfig};
    use crate::train::{BlockSettings, Row, TrainParams, train};

    #[rustfmt::skip]
    const PIECES: [&str; 44] = [
        "guards", "will hold", "the treaty", "a bloc", "No", "peace", "Mr. Smith", "F-16s", "3.5", "U.S.", "We", "sign",
        ". ", ". ", "! ", "? ", ".", "!", "\n", "\n\n", " ", " ", " ", " ", " ", "\"", "\"", "“", "”", "«", "»",
        "א\"ב", "א", "'", "’s", "\u{301}", "\u{ad}", "。", "-", "3", "United", "States", "per cent", "co-operation",
    ];

    fn classifier(quotations: Quotations, more: impl FnOnce(&mut TokenizerConfig)) -> Classifier {
        with_blocks(quotations, &[], more)
    }

    fn with_blocks(
        quotations: Quotations,
        blocks: &[BlockKind],
        more: impl FnOnce(&mut TokenizerConfig),
    ) -> Classifier {
        let rows = (0..40).map(|n| {
            let words: Vec<&str> = PIECES.iter().cycle().skip(7 * n).step_by(3).take(12).copied().collect();
            Row::new(["loaded", "plain"][n % 2], words.join(" "))
        });
        let mut params = TrainParams { folds: 0, ..TrainParams::default() };
        params.settings.tokenizer_config = TokenizerConfig { quotations, ..TokenizerConfig::default() };
        more(&mut params.settings.tokenizer_config);
        if params.settings.tokenizer_config.house_style == HouseStyle::Unify && quotations == Quotations::Skip
        {
            params.lone_quotation_weight = 0.4;
        }
        params.settings.pruning.min_df = 1;
        params.settings.blocks = blocks.iter().map(|kind| BlockSettings::new(*kind)).collect();
        let (mut model, _) = train(rows.collect::<Vec<_>>(), params, &Threads::new(1).unwrap()).unwrap();
        model.thresholds.min_words = 2;
        model.labels = model.labels.with_axis(&[("loaded".into(), 1.0)]).unwrap();
        Classifier::new(model).unwrap()
    }

    fn pairs() -> Vec<Classifier> {
        let plain = |_: &mut TokenizerConfig| {};
        let unified =
            |tokenizer_config: &mut TokenizerConfig| tokenizer_config.house_style = HouseStyle::Unify;
        vec![
            classifier(Quotations::Skip, plain)
                .with_loaded_language_model(&classifier(Quotations::Score, plain))
                .unwrap(),
            classifier(Quotations::Score, |tokenizer_config| tokenizer_config.words = Some((1, 3)))
                .with_loaded_language_model(&classifier(Quotations::Skip, |tokenizer_config| {
                    tokenizer_config.stem = false
                }))
                .unwrap(),
            // A block of the same tokens, and blocks that read the text for themselves.
            with_blocks(Quotations::Skip, &[BlockKind::Characters, BlockKind::Stems], plain)
                .with_loaded_language_model(&with_blocks(Quotations::Score, &[BlockKind::Words], plain))
                .unwrap(),
            // In one house style, with lone quotations of less weight.
            with_blocks(Quotations::Skip, &[BlockKind::Characters, BlockKind::Words], unified)
                .with_loaded_language_model(&with_blocks(Quotations::Score, &[BlockKind::Stems], unified))
                .unwrap(),
            classifier(Quotations::Score, unified)
                .with_loaded_language_model(&classifier(Quotations::Skip, unified))
                .unwrap(),
        ]
    }

    #[test]
    fn models_that_keep_marks_or_parts_of_words_are_read_one_by_one() {
        let plain = classifier(Quotations::Score, |_| {});
        let skipping = classifier(Quotations::Skip, |_| {});
        let marks = classifier(Quotations::Score, |tokenizer_config| {
            tokenizer_config.punctuation = Punctuation::Tokens
        });
        let chars = classifier(Quotations::Score, |tokenizer_config| tokenizer_config.chars = Some((2, 3)));
        let names = classifier(Quotations::Score, |tokenizer_config| {
            tokenizer_config.social_text = SocialText::Expand;
        });
        let can_read = |pair: [&Classifier; 2]| SharedTokens::can_read(pair.map(|one| &*one.models().main));
        assert!(can_read([&plain, &skipping]) && can_read([&skipping, &plain]));
        assert!(!can_read([&plain, &marks]) && !can_read([&chars, &plain]));
        assert!(!can_read([&names, &names]));
    }

    #[test]
    fn a_text_that_is_too_long_is_not_read_together() {
        let pair = &pairs()[0];
        let text = "We sign the treaty. No, guards will hold! ".repeat(MAX_BYTES / 42 + 1);
        assert!(text.len() > MAX_BYTES);
        let models = pair.models();
        let models = [&*models.main, models.loaded_language.as_ref().unwrap().model()];
        assert!(SharedTokens::default().read(models, &text).is_none());
        assert!(SharedTokens::default().read(models, text.get(..MAX_BYTES).unwrap()).is_some());
        let share = |text| pair.score(text).loaded().unwrap();
        assert!((share(&text) - share(&text[..42])).abs() < 1e-3);
    }

    #[test]
    fn a_word_across_the_end_of_a_part_is_told() {
        let classifier = classifier(Quotations::Skip, |_| {});
        let model = &*classifier.models().main;
        let mut both = SharedTokens::default();
        let mut told = |text: &str, parts: &[Span]| {
            let mut read = both.read([model, model], text).unwrap().parts(text, ModelSlot::First, model);
            let next = |part: &Span| {
                let mut tokens = Vec::new();
                read.next(*part, &mut tokens)
            };
            parts.iter().map(next).collect::<Vec<_>>()
        };
        let text = "Guards hold. We sign.";
        assert_eq!(told(text, &sentences(text).collect::<Vec<_>>()), [Some(2), Some(2)]);
        let cut = [Span::new(0, 9), Span::new(9, 12), Span::new(13, 21)];
        assert_eq!(told(text, &cut), [None, None, Some(2)]);
        let quoted = "He said “we will not sign it” then.";
        assert_eq!(told(quoted, &[Span::new(0, quoted.len())]), [Some(4)]);
        // Hebrew letters make one word with the mark between them, which begins a quotation here.
        let hebrew = "א\"ב we will not sign\" then";
        assert_eq!(told(hebrew, &[Span::new(0, hebrew.len())]), [None]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn two_models_that_read_a_text_together_answer_as_each_by_itself(
            texts in prop::collection::vec(
                prop::collection::vec(prop::sample::select(&PIECES[..]), 0..150).prop_map(|pieces| pieces.concat()),
                1..3,
            )
        ) {
            // Proptest runs this on one thread: the models are trained once.
            thread_local!(static PAIRS: Vec<Classifier> = pairs());
            PAIRS.with(|pairs| {
                for pair in pairs {
                    let models = pair.models();
                    let (mut together, mut apart) = (Buffers::new(models), Buffers::new(models));
                    prop_assert!(together.reads_together());
                    apart.read_apart();
                    for text in &texts {
                        let found = together.score_unit(models, text, None);
                        let expected = apart.score_unit(models, text, None);
                        prop_assert_eq!((&found.score, found.sentences), (&expected.score, expected.sentences));
                        let alone = ModelPair { loaded_language: None, ..models.clone() };
                        let alone = Buffers::new(&alone).score_unit(&alone, text, None);
                        prop_assert_eq!(found.score, alone.score);
                    }
                }
                Ok(())
            })?;
        }
    }
}
