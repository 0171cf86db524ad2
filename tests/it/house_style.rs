//! House style moves no score of a model that unifies it, a line that is left out moves none at
//! all, and lone quotations have a weight of their own.

use proptest::prelude::*;
use standpoint::classifier::explain::DocumentExplanation;
use standpoint::model::{BlockKind, Preparation, Unit};
use standpoint::tokenizer::{HouseStyle, Quotations, TokenizerConfig};
use standpoint::train::{BlockSettings, Row, TrainParams, train};
use standpoint::{Classifier, Document, Threads, Verdict};

/// Parts of texts as two houses write them.
const PARTS: [[&str; 2]; 24] = [
    ["the ministers met in Kiev", "the ministers met in Kyiv"],
    ["Zelensky’s envoy", "Zelenskyy's envoy"],
    ["a port near Odessa", "a port near Odesa"],
    ["the Donbass and Kharkov", "the Donbas and Kharkiv"],
    ["a defence programme", "a defense program"],
    ["organised labour", "organized labor"],
    ["the US told us", "the U.S. told us"],
    ["the United States and the UK", "the USA and the U.K."],
    ["E.U. funds", "European Union funds"],
    ["ten per cent", "ten percent"],
    ["the neighbours travelled", "the neighbors traveled"],
    ["close co-operation", "close cooperation"],
    ["‘we will not sign any such paper,’ he said", "“we will not sign any such paper,” he said"],
    ["he said: 'it isn't the soldiers' war at all.'", "he said: \"it isn't the soldiers' war at all.\""],
    ["«they left us in the cold», she said", "\"they left us in the cold\", she said"],
    ["a pause — then peace", "a pause - then peace"],
    ["the soldiers’ homes", "the soldiers' homes"],
    ["they don’t want war", "they don't want war"],
    ["the treaty guarantees peace.", "the treaty guarantees peace."],
    ["Nobody answered!", "Nobody answered!"],
    ["and then", "and then"],
    ["the so-called ‘special operation’", "the so-called \"special operation\""],
    [".\n\n", ".\n\n"],
    ["whilst it rained", "while it rained"],
];

fn classifier(more: impl FnOnce(&mut TrainParams)) -> Classifier {
    let rows = (0..60).map(|n| {
        let words: Vec<&str> =
            PARTS.iter().flatten().cycle().skip(5 * n).step_by(3).take(9).copied().collect();
        Row::new(["one", "other", "third"][n % 3], words.join(" "))
    });
    let mut params = TrainParams { folds: 0, ..TrainParams::default() };
    params.settings.pruning.min_df = 1;
    more(&mut params);
    let (model, _) = train(rows.collect::<Vec<_>>(), params, &Threads::new(1).unwrap()).unwrap();
    Classifier::new(model).unwrap()
}

fn unifying(more: impl FnOnce(&mut TrainParams)) -> Classifier {
    classifier(|params| {
        params.settings.tokenizer_config = TokenizerConfig {
            house_style: HouseStyle::Unify,
            quotations: Quotations::Skip,
            ..TokenizerConfig::default()
        };
        more(params);
    })
}

/// What a verdict says, bit for bit.
fn said(verdict: &Verdict) -> impl PartialEq + std::fmt::Debug + use<> {
    let bits = |p: &[f64]| p.iter().map(|p| p.to_bits()).collect::<Vec<_>>();
    let paragraphs = verdict.paragraphs().map(|one| (bits(one.probabilities()), one.weight().to_bits()));
    let counts = (verdict.words(), verdict.known(), verdict.reason());
    (bits(verdict.probabilities()), counts, paragraphs.collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_style_of_a_house_moves_no_score(
        parts in prop::collection::vec((0..PARTS.len(), 0..2usize), 1..24), by_paragraphs in 0..2usize
    ) {
        thread_local!(static MODELS: [Classifier; 2] =
            [Unit::Document, Unit::Paragraph].map(|unit| unifying(|params| (params.unit, params.min_words) = (unit, 1))));
        let text = |pick: &dyn Fn(usize) -> usize| {
            parts.iter().map(|(part, way)| PARTS[*part][pick(*way)]).collect::<Vec<_>>().join(" ")
        };
        let (first, mixed) = (text(&|_| 0), text(&|way| way));
        MODELS.with(|models| {
            let model = &models[by_paragraphs];
            prop_assert!(said(&model.score(&mixed)) == said(&model.score(&first)), "{first}\n{mixed}");
            for paragraph in model.score(&mixed).paragraphs() {
                prop_assert!(!paragraph.span().of(&mixed).is_empty());
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_line_that_is_left_out_never_makes_a_passage(
        paragraphs in prop::collection::vec(0..22usize, 1..12),
        lines in prop::collection::vec((0..12usize, prop::sample::select(&LINES[..])), 1..5),
        with_blocks in 0..2usize,
    ) {
        thread_local!(static MODELS: [Classifier; 2] = [false, true].map(|with_blocks| unifying(|params| {
            params.passage_words = 30;
            params.min_words = 2;
            params.preparation = Some(Preparation::for_unit(Unit::Paragraph));
            if with_blocks {
                (params.min_words, params.lone_quotation_weight) = (40, 0.4);
                params.settings.blocks = [BlockKind::Characters, BlockKind::Words].map(BlockSettings::new).into();
            }
        })));
        let mut all: Vec<String> = paragraphs
            .iter()
            .enumerate()
            .map(|(n, part)| format!("On day {n} {} and that was all that anybody told them.", PARTS[*part][0]))
            .collect();
        let plain = all.join("\n\n");
        for (place, line) in &lines {
            all.insert(place % (all.len() + 1), (*line).to_owned());
        }
        let text = all.join("\n\n");
        MODELS.with(|models| {
            let model = &models[with_blocks];
            let verdict = model.score(&text);
            prop_assert!(said(&verdict) == said(&model.score(&plain)), "{text}");
            // What is scored holds none of the lines, and all else.
            let document = Document::new("a", &*text);
            let spans = model.worker().scored_spans(&document);
            let scored: Vec<&str> = spans.iter().map(|span| span.of(&text).trim_end()).collect();
            prop_assert_eq!(scored.join("\n\n"), plain);
            for paragraph in verdict.paragraphs() {
                for gap in paragraph.left_out() {
                    prop_assert!(LINES.iter().any(|line| gap.of(&text).starts_with(line)));
                }
            }
            // The explanation is that of the score, and its places lie in the text.
            let DocumentExplanation::Ranking { paragraphs, .. } = model.explain_verdict(&text, &verdict) else {
                return Err(TestCaseError::fail("no ranking"));
            };
            for (paragraph, labels) in verdict.paragraphs().zip(&paragraphs) {
                let margins: Vec<f64> = labels.iter().map(|label| label.margin).collect();
                let sum: f64 = margins.iter().map(|margin| margin.exp()).sum();
                for (label, p) in margins.iter().zip(paragraph.probabilities()) {
                    prop_assert!((label.exp() / sum - p).abs() < 1e-9, "{text}");
                }
                for term in labels.iter().flat_map(|label| &label.terms) {
                    let first = term.spans[0];
                    prop_assert!(paragraph.left_out().iter().all(|gap| gap.end() <= first.start() || first.end() <= gap.start()
                        || (first.start() < gap.start() && gap.end() < first.end())), "{}", term.text);
                }
            }
            Ok(())
        })?;
    }
}

/// Lines that pages have between their paragraphs.
const LINES: [&str; 6] = [
    "toggle caption",
    "Image copyright Getty Images",
    "Sign up for our newsletter",
    "Enlarge this image",
    "Follow us on Twitter and Facebook",
    "Advertisement",
];

#[test]
fn a_few_words_beside_a_quotation_decide_with_the_weight_that_the_model_gives_it() {
    let quoted = "“They guarantee the treaty and a defence of the neighbours”, he said.";
    let beside = ", he said.";
    let model = |weight: f64| {
        unifying(|params| (params.unit, params.lone_quotation_weight) = (Unit::Document, weight))
    };
    let margins = |model: &Classifier, text: &str| {
        let labels = model.explain_unit(text);
        for label in &labels {
            let sum: f64 = label.terms.iter().map(|term| term.contribution).sum();
            assert!((label.intercept + sum - label.margin).abs() < 1e-9);
            assert!(label.terms.iter().all(|term| !term.spans.is_empty()));
        }
        labels.into_iter().map(|label| label.margin).collect::<Vec<f64>>()
    };
    let (full, none, half) = (model(1.0), model(0.0), model(0.5));
    let (whole, rest, mixed) = (margins(&full, quoted), margins(&none, quoted), margins(&half, quoted));
    assert_ne!(whole, rest, "{beside}");
    for ((whole, rest), mixed) in whole.iter().zip(&rest).zip(&mixed) {
        assert!((0.5 * whole + 0.5 * rest - mixed).abs() < 1e-9);
    }
    let sum: f64 = mixed.iter().map(|margin| margin.exp()).sum();
    for (p, margin) in half.worker().score_unit(quoted).probabilities().iter().zip(&mixed) {
        assert!((p - margin.exp() / sum).abs() < 1e-9);
    }
    assert_eq!(half.score(quoted).words(), full.score(quoted).words());
    // A text of nothing but a quotation says what it quotes, and where enough words stand beside it
    // there is nothing to weigh.
    for text in [
        "“They guarantee the treaty and a defence of the neighbours”",
        &format!("{quoted} Nobody of them answered."),
    ] {
        assert_eq!(said(&half.score(text)), said(&full.score(text)), "{text}");
    }
}

#[test]
fn old_models_read_styles_as_they_are_written() {
    let model = classifier(|params| params.unit = Unit::Document);
    assert_ne!(said(&model.score("the defence of Kiev")), said(&model.score("the defense of Kyiv")));
    let card = serde_json::to_value(model.model().card()).unwrap();
    assert!(card["tokenizer"].get("house_style").is_none(), "{card}");
    let bytes = unifying(|_| {}).model().to_bytes().unwrap();
    let read = standpoint::Model::from_bytes(&bytes).unwrap();
    assert_eq!(read.tokenizer_config.house_style, HouseStyle::Unify);
}
