//! What readers do not see, or do not tell apart, changes no score; addresses are no words; a text
//! that is one quotation is scored.

use proptest::prelude::*;
use standpoint::classifier::explain::DocumentExplanation;
use standpoint::model::Unit;
use standpoint::tokenizer::{Punctuation, Quotations, TokenizerConfig};
use standpoint::train::{Row, TrainParams, train};
use standpoint::{Classifier, Threads, Verdict};

const WORDS: [&str; 30] = [
    "find",
    "flat",
    "office",
    "the",
    "treaty",
    "they'll",
    "don't",
    "guarantee",
    "F-16s",
    "pro-EU",
    "U.S.",
    "3.5",
    "envoys",
    "Café",
    "a",
    "sign",
    "peace",
    "мир",
    "земля",
    ". ",
    "! ",
    "? ",
    ", ",
    " \"",
    "\" ",
    " “",
    "” ",
    "\n\n",
    "\n",
    " - ",
];

fn classifier(config: TokenizerConfig, unit: Unit) -> Classifier {
    let rows = (0..40).map(|n| {
        let words: Vec<&str> = WORDS.iter().cycle().skip(7 * n).step_by(3).take(14).copied().collect();
        Row::new(["one", "other"][n % 2], words.join(" "))
    });
    let mut params = TrainParams { folds: 0, unit, ..TrainParams::default() };
    params.settings.tokenizer_config = config;
    params.settings.pruning.min_df = 1;
    let (mut model, _) = train(rows.collect::<Vec<_>>(), params, &Threads::new(1).unwrap()).unwrap();
    model.labels = model.labels.with_axis(&[("one".into(), 1.0)]).unwrap();
    Classifier::new(model).unwrap()
}

fn classifiers() -> Vec<Classifier> {
    let config = TokenizerConfig::default;
    let loaded = classifier(config(), Unit::Paragraph);
    vec![
        classifier(config(), Unit::Paragraph).with_loaded_language_model(&loaded).unwrap(),
        classifier(TokenizerConfig { quotations: Quotations::Skip, ..config() }, Unit::Document)
            .with_loaded_language_model(&loaded)
            .unwrap(),
        classifier(TokenizerConfig { words: None, chars: Some((2, 4)), ..config() }, Unit::Paragraph),
        classifier(TokenizerConfig { punctuation: Punctuation::Breaks, ..config() }, Unit::Document),
    ]
}

/// A text in another typography: at each character a number says how it is set.
fn set_otherwise(text: &str, ways: &[usize]) -> String {
    const UNSEEN: [char; 20] = [
        '\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{200e}', '\u{202b}',
        '\u{2069}', '\u{fe0f}', '\u{34f}', '\u{180e}', '\0', '\u{7}', '\u{1a}', '\u{1b}', '\u{1f}', '\u{7f}',
        '\u{9f}', '\u{fff9}',
    ];
    let one_of = |characters: &[char], way: usize| characters.get(way % characters.len()).copied();
    let mut ways = ways.iter().copied().cycle();
    let mut out = String::new();
    let mut before = ' ';
    for c in text.replace("ffi", "ﬃ").replace("fi", "ﬁ").replace("fl", "ﬂ").chars() {
        let way = ways.next().unwrap_or(0);
        if before.is_alphanumeric() && c.is_alphanumeric() && way % 3 == 0 {
            out.extend(one_of(&UNSEEN, way / 3));
        }
        let wide = char::from_u32(c as u32 + 0xfee0).filter(|_| c.is_ascii_graphic());
        out.extend(match c {
            ' ' => one_of(&[' ', '\u{a0}', '\u{202f}', '\u{2009}', '\u{3000}', '\u{2003}'], way),
            '\'' => one_of(&['\'', '’', '‘', 'ʼ', 'ʹ', '`', '´', '＇', '′', '‛', '\u{5f3}', '\u{a78c}'], way),
            '-' => one_of(&['-', '‐', '‑', '‒', '−', '－'], way),
            'a'..='z' if way % 5 == 0 => char::from_u32(0x1d5ee + c as u32 - 'a' as u32),
            c if way % 4 == 0 => Some(wide.unwrap_or(c)),
            c => Some(c),
        });
        before = c;
    }
    out
}

/// What a verdict says, bit for bit.
fn said(verdict: &Verdict) -> impl PartialEq + std::fmt::Debug + use<> {
    let bits = |p: &[f64]| p.iter().map(|p| p.to_bits()).collect::<Vec<_>>();
    let paragraphs = verdict.paragraphs().map(|one| (bits(one.probabilities()), one.weight().to_bits()));
    (
        (bits(verdict.probabilities()), verdict.label().map(str::to_owned), verdict.reason()),
        (verdict.words(), verdict.known(), verdict.slant(), verdict.loaded()),
        paragraphs.collect::<Vec<_>>(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_readers_do_not_see_or_tell_apart_changes_no_score(
        words in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..60),
        ways in prop::collection::vec(0usize..1000, 1..40),
    ) {
        let text = words.join(" ");
        let other = set_otherwise(&text, &ways);
        // Proptest runs this on one thread: the models are trained once.
        thread_local!(static MODELS: Vec<Classifier> = classifiers());
        MODELS.with(|models| {
            for classifier in models {
                let verdict = classifier.score(&other);
                prop_assert!(said(&verdict) == said(&classifier.score(&text)), "{text:?} {other:?}");
                prop_assert!(said(&classifier.worker().score_unit(&other)) == said(&classifier.worker().score_unit(&text)));
                for paragraph in verdict.paragraphs() {
                    prop_assert!(!paragraph.span().of(&other).is_empty(), "{other:?}");
                }
            }
            Ok(())
        })?;
    }
}

/// A model that skips quotations, and its answers.
fn skipping() -> Classifier {
    classifier(TokenizerConfig { quotations: Quotations::Skip, ..TokenizerConfig::default() }, Unit::Document)
}

#[test]
fn a_text_that_is_one_quotation_is_scored() {
    let classifier = skipping();
    let bare = "Envoys sign the treaty and a guarantee of peace";
    let score = |text: &str| classifier.score(text);
    for quoted in [format!("“{bare}”"), format!("\"{bare}\""), format!("\n«{bare}» https://t.co/a1 @envoy")]
    {
        assert_eq!(said(&score(&quoted)), said(&score(bare)), "{quoted}");
    }
    assert_eq!(score(&format!("“{bare}”, they said.")).words(), 11, "too little is left without it");
    assert_eq!(score(&format!("“{bare}”, they said in the office on Monday.")).words(), 8);
    let explained = classifier.explain_unit(&format!("“{bare}”"));
    let sum: f64 = explained[0].terms.iter().map(|term| term.contribution).sum();
    assert!(
        explained[0].terms.len() > 5 && (explained[0].intercept + sum - explained[0].margin).abs() < 1e-9
    );
}

#[test]
fn addresses_are_no_words_and_change_no_score() {
    let classifier = skipping();
    let bare = classifier.score("Envoys sign the treaty and find peace.");
    for text in [
        "@envoy Envoys sign the treaty https://news.example/2024/why-the-office-will-sign-a-guarantee and find peace.",
        "Envoys sign the treaty and find peace. www.flat.example/peace t.co/aB1 ann@office.example",
        "Envoys sign the treaty and find peace.(https://office.example/peace)",
    ] {
        assert_eq!(said(&classifier.score(text)), said(&bare), "{text}");
    }
    assert_eq!(classifier.score("Wow https://t.co/abc @one @two").words(), 1);
    assert_eq!(classifier.score("Envoys #sign").words(), 2);
}

#[test]
fn words_cut_at_line_ends_score_as_whole_ones() {
    let classifier = classifier(TokenizerConfig::default(), Unit::Paragraph);
    let cut = "The envoys will sign a guaran-\ntee and they find an of-\nfice for peace in the trea-\nty.\n";
    let whole = "The envoys will sign a guarantee and they find an office for peace in the treaty.\n";
    let (found, expected) = (classifier.score(cut), classifier.score(whole));
    assert_eq!(found.probabilities(), expected.probabilities());
    assert_eq!((found.words(), found.known()), (expected.words(), expected.known()));
    let explained = classifier.explain_verdict(cut, &found);
    let DocumentExplanation::Ranking { labels, .. } = explained else { panic!() };
    let term = labels[0].iter().find(|term| term.text == "guarante").unwrap();
    assert_eq!(term.spans[0].of(cut), "guaran-\ntee");
}
