//! Posts on social media: their names and tags are words, they have settings of their own to start
//! from, and a search finds what is written unlike other texts.

use proptest::prelude::*;
use standpoint::model::{BlockKind, Unit};
use standpoint::text::SocialText;
use standpoint::train::{BlockSettings, ClassWeight, Row, TrainParams, train};
use standpoint::vectors::Vectors;
use standpoint::{Classifier, Model, Named, Threads, Verdict};

use crate::harness::Sandbox;

/// Parts of posts, and the words that they are made of.
const PARTS: [[&str; 2]; 12] = [
    ["@GreenHarborNews", "Green Harbor News"],
    [".@mayor_of_harbor:", "mayor of harbor"],
    ["#StopTheTunnel", "stop the tunnel"],
    ["#Harbor2031", "harbor 2031"],
    ["#NGOsForTrees!", "NGOs for trees"],
    ["sooooo loud", "soo loud"],
    ["NOOOO", "noo"],
    ["(#VoteYes)", "vote yes"],
    ["we dig", "we dig"],
    ["see https://t.example/a", "see"],
    ["war III", "war III"],
    ["the ferry", "the ferry"],
];

fn classifier(social_text: SocialText, more: impl FnOnce(&mut TrainParams)) -> Classifier {
    let rows = (0..60).map(|n| {
        let words: Vec<&str> =
            PARTS.iter().flatten().cycle().skip(5 * n).step_by(3).take(7).copied().collect();
        Row::new(["for", "against", "none"][n % 3], words.join(" "))
    });
    let mut params = TrainParams { folds: 0, min_words: 1, ..TrainParams::default() };
    params.settings.tokenizer_config.social_text = social_text;
    params.settings.pruning.min_df = 1;
    params.settings.blocks = vec![BlockSettings::new(BlockKind::Characters)];
    params.axis = vec![("against".to_owned(), 1.0)];
    more(&mut params);
    let (model, _) = train(rows.collect::<Vec<_>>(), params, &Threads::new(1).unwrap()).unwrap();
    Classifier::new(model).unwrap()
}

fn bits(verdict: &Verdict) -> Vec<u64> {
    verdict.probabilities().iter().map(|p| p.to_bits()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_post_scores_as_its_words_do(
        parts in prop::collection::vec(0..PARTS.len(), 1..16), by_paragraphs in 0..2usize
    ) {
        thread_local!(static MODELS: [Classifier; 2] = [Unit::Document, Unit::Paragraph]
            .map(|unit| classifier(SocialText::Normalize, |params| params.unit = unit)));
        thread_local!(static EXPANDING: Classifier = classifier(SocialText::Expand, |_| {}));
        let text = |way: usize| parts.iter().map(|part| PARTS[*part][way]).collect::<Vec<_>>().join(" ");
        MODELS.with(|models| {
            let (post, words) = (models[by_paragraphs].score(&text(0)), models[by_paragraphs].score(&text(1)));
            prop_assert_eq!(bits(&post), bits(&words), "{}", text(0));
            prop_assert_eq!(post.words(), words.words());
            // Names that are read as a whole, too, count as their words do.
            let expanded = EXPANDING.with(|model| model.score(&text(0)));
            prop_assert_eq!(expanded.words(), words.words());
            prop_assert!(expanded.known().is_none_or(|known| known <= 1.0));
            Ok(())
        })?;
    }
}

#[test]
fn an_explanation_names_the_places_of_words_inside_of_tags() {
    let [split, expanding] = [SocialText::Normalize, SocialText::Expand]
        .map(|way| classifier(way, |params| params.unit = Unit::Document));
    let text = "Été 🚢 @GreenHarborNews: #StopTheTunnel is sooooo loud https://t.example/x";
    let labels = [&split, &expanding].map(|classifier| classifier.explain_unit(text));
    for label in labels.iter().flatten() {
        let sum: f64 = label.terms.iter().map(|term| term.contribution).sum();
        assert!((label.intercept + sum - label.margin).abs() < 1e-9, "{label:?}");
        let written = |name: &str| {
            let found = label.terms.iter().find(|term| term.text == name && term.block.is_none()).unwrap();
            found.spans.iter().map(|span| span.of(text)).collect::<Vec<_>>()
        };
        assert_eq!(written("tunnel"), ["Tunnel"]);
        assert_eq!(written("stop the"), ["StopThe"]);
        assert_eq!(written("harbor news"), ["HarborNews"]);
        assert_eq!(written("soo"), ["sooooo"]);
    }
    let whole = labels[1][0].terms.iter().find(|term| term.text == "stopthetunnel" && term.block.is_none());
    assert_eq!(whole.unwrap().spans.iter().map(|span| span.of(text)).collect::<Vec<_>>(), ["StopTheTunnel"]);
    assert!(labels[0][0].terms.iter().all(|term| term.text != "stopthetunnel"));
}

#[test]
fn other_models_leave_names_out_and_say_nothing_of_it_in_their_files() {
    let plain = classifier(SocialText::Plain, |_| {});
    assert_eq!(bits(&plain.score("we dig @GreenHarborNews")), bits(&plain.score("we dig")));
    let card = serde_json::to_value(plain.model().card()).unwrap();
    assert!(card["tokenizer"].get("social_text").is_none(), "{card}");
    let bytes = classifier(SocialText::Normalize, |_| {}).model().to_bytes().unwrap();
    assert_eq!(Model::from_bytes(&bytes).unwrap().tokenizer_config.social_text, SocialText::Normalize);
}

#[test]
fn a_model_of_sentences_reads_posts_as_the_model_beside_it_or_is_refused() {
    let [plain, normal] = [SocialText::Plain, SocialText::Normalize].map(|way| classifier(way, |_| {}));
    let refused = plain.with_loaded_language_model(&normal).unwrap_err().to_string();
    assert!(
        refused.contains("`normalize`; expected `plain`") && refused.contains("`social_text`"),
        "{refused}"
    );
    let both = normal.with_loaded_language_model(&normal).unwrap();
    assert!(both.score("#StopTheTunnel now, we dig").loaded().is_some());
}

/// Posts of a few words whose label is in the name that they are sent to.
fn posts(count: usize) -> String {
    let post = |n: usize| {
        let (label, name) = [("for", "Green"), ("against", "Grey")][n % 2];
        let word = ["ferry", "tree", "noise", "port", "road"][n / 2 % 5];
        format!("p{n},{label},@{name}Harbor{word} post {} of the {word}\n", n / 2)
    };
    format!("id,label,text\n{}", (0..count).map(post).collect::<String>())
}

#[test]
fn training_on_posts_starts_from_their_settings_and_says_so() {
    let sandbox = Sandbox::new();
    sandbox.write("posts.csv", posts(150));
    sandbox.write("few.csv", posts(148));
    let settings = |rows: &str, more: &[&str]| {
        let args = [&["train", rows, "-o", "m.safetensors", "--folds", "2", "--no-splits"], more].concat();
        let ran = sandbox.run(&args).exits(0);
        let model = Model::from_bytes(&sandbox.read("m.safetensors")).unwrap();
        (ran.stderr.contains("training starts from --preset posts"), model.provenance.settings)
    };
    let posts = "words 1-3, punctuation tokens, social text expanded, tf-idf, min-df 1, classes balanced, \
                 block characters:ngrams=3-5,min-df=1,weight=1, C 1";
    let general = "words 1-2, tf-idf, min-df 2, C 10";
    assert_eq!(settings("posts.csv", &[]), (true, posts.to_owned()));
    sandbox.run(&["inspect", "m.safetensors"]).exits(0).prints("social text  expanded");
    assert_eq!(settings("few.csv", &[]), (false, general.to_owned()));
    assert_eq!(settings("few.csv", &["--preset", "posts"]), (false, posts.to_owned()));
    assert_eq!(settings("posts.csv", &["--preset", "general"]), (false, general.to_owned()));
    // What is asked for goes before what the preset says.
    let own = "--c 7 --class-weight none --min-df 3 --social-text plain --punctuation drop --ngrams 1-2 --block words";
    let own: Vec<&str> = own.split(' ').collect();
    let expected = "words 1-2, tf-idf, min-df 3, block words:ngrams=1-2,min-df=2,weight=1, C 7";
    assert_eq!(settings("posts.csv", &own), (true, expected.to_owned()));
    let (_, characters) = settings("posts.csv", &["--ngrams", "0", "--chars", "2-4"]);
    assert!(
        characters.starts_with("words none, chars 2-4,") && !characters.contains("block"),
        "{characters}"
    );
    sandbox.run(&["train", "posts.csv", "-o", "q.safetensors", "--quiet", "--folds", "0"]).exits(0);
    assert_eq!(Model::from_bytes(&sandbox.read("q.safetensors")).unwrap().provenance.settings, posts);
    assert!(
        sandbox.run(&["train", "posts.csv", "-o", "q.safetensors", "--quiet"]).exits(0).stderr.is_empty()
    );
}

#[test]
fn vectors_of_posts_may_have_names_as_a_whole_and_suit_all_settings_for_posts() {
    let sandbox = Sandbox::new();
    sandbox.write("posts.csv", posts(150));
    for (way, has_name) in [("plain", false), ("normalize", false), ("expand", true)] {
        let args = "vectors posts.csv --text-column text --min-count 5 --dimensions 4 -o posts.vectors --social-text";
        let args: Vec<&str> = args.split(' ').chain([way]).collect();
        sandbox.run(&args).exits(0);
        let vectors = Vectors::open(sandbox.path("posts.vectors")).unwrap();
        assert_eq!(vectors.find("greenharborferri").is_some(), has_name, "{way}");
        let args =
            "train posts.csv --preset posts --vectors posts.vectors --folds 0 --quiet -o m.safetensors";
        sandbox.run(&args.split(' ').collect::<Vec<_>>()).exits(0);
        let model = Model::from_bytes(&sandbox.read("m.safetensors")).unwrap();
        assert_eq!(model.tokenizer_config.social_text, SocialText::Expand);
    }
}

/// What a search of ten trials finds.
fn tuned(rows: &str, more: &[&str]) -> Model {
    let sandbox = Sandbox::new();
    sandbox.write("rows.csv", rows);
    let args = ["train", "rows.csv", "-o", "m.safetensors", "--folds", "2", "--tune", "--trials", "10"];
    sandbox.run(&[&args, more].concat()).exits(0);
    Model::from_bytes(&sandbox.read("m.safetensors")).unwrap()
}

#[test]
fn a_search_finds_that_names_decide() {
    let model = tuned(&posts(80), &["--preset", "general"]);
    assert_eq!(model.tokenizer_config.social_text, SocialText::Normalize);
    assert!(model.provenance.macro_f1.unwrap() > 0.95, "{:?}", model.provenance.macro_f1);
}

#[test]
fn a_search_finds_case_and_marks_in_ten_trials() {
    // Half of the heated texts shout in capitals, the other half by their marks; no word tells them
    // from the others.
    let text = |n: usize| {
        let word = ["harbor", "tunnel", "ferry", "mayor", "council"][n / 4 % 5];
        let (verb, noun) = (["sold", "closed", "moved"][n / 4 % 3], ["town", "port"][n / 4 % 2]);
        match n % 4 {
            0 => {
                format!("heated,They {} the {} of the {noun} again", verb.to_uppercase(), word.to_uppercase())
            }
            1 => format!("heated,They {verb} the {word} of the {noun} again!!"),
            _ => format!("calm,They {verb} the {word} of the {noun} again"),
        }
    };
    let rows = (0..160).map(|n| format!("{n},{} on day {n}\n", text(n))).collect::<String>();
    let model = tuned(&format!("id,label,text\n{rows}"), &[]);
    let config = &model.tokenizer_config;
    assert!(!config.fold_case && config.punctuation.name() != "drop", "{}", model.provenance.settings);
    assert!(model.provenance.macro_f1.unwrap() > 0.95, "{:?}", model.provenance.macro_f1);
}

#[test]
fn class_weights_of_a_preset_are_noted_in_the_model() {
    let settings = standpoint::train::Preset::Posts.settings();
    assert_eq!(settings.class_weight, ClassWeight::Balanced);
    let rows: Vec<Row> = (0..40).map(|n| Row::new(["a", "b"][n % 2], format!("#No{n} post {n}"))).collect();
    let params = TrainParams { settings, folds: 0, ..TrainParams::default() };
    let (model, _) = train(rows, params, &Threads::new(1).unwrap()).unwrap();
    assert!(model.provenance.balanced && model.provenance.c == 1.0);
}
