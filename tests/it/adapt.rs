//! `standpoint adapt`: one's own labels on top of a corpus.

use crate::harness::{Finished, Sandbox, labelled_csv};
use standpoint::read::{Column, LabeledColumns, Requirement};
use standpoint::train::{TrainOptions, TrainParams, TrainingCorpus, TrainingFiles, train_with};
use standpoint::{Classifier, Model, Threads};

const CORPUS: &str = "base.corpus";

/// With a corpus of the usual small rows, and the model of it.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("base.csv", labelled_csv(180));
    save_corpus(&sandbox, &["--max-error", "0.2"]);
    sandbox
}

/// Trains on `base.csv`, and saves corpus and model.
fn save_corpus(sandbox: &Sandbox, more: &[&str]) {
    let args = ["train", "base.csv", "-o", "base.safetensors", "--axis", "for=1", "--axis", "against=-1"];
    sandbox.run(&[&args[..], &["--no-splits", "--save-corpus", CORPUS], more].concat()).exits(0);
}

/// A text whose label stands in words that the corpus has, one in four times, and in words that it
/// lacks.
fn text(label: usize, number: usize) -> String {
    const OWN: [[&str; 4]; 3] = [
        ["quagmire", "entangled", "burden", "overreach"],
        ["steadfast", "resolve", "bulwark", "solidarity"],
        ["agenda", "spokesman", "timetable", "delegates"],
    ];
    const KNOWN: [&str; 3] = ["provocation", "guarantee", "reported"];
    let word = |at: usize| OWN[label][(number / 3 + at) % 4];
    let known = if number.is_multiple_of(4) { KNOWN[label] } else { "today" };
    format!("Number {number} said {} and {} with {} of {known} leaders", word(0), word(1), word(3 * number))
}

/// One's own rows: outlets of three texts.
fn own_csv(count: usize) -> String {
    let mut out = String::from("outlet,label,text\n");
    for number in 0..count {
        let label = number % 3;
        let name = ["against", "for", "neutral"][label];
        out.push_str(&format!("o{},{name},{}\n", number / 4, text(label, number)));
    }
    out
}

fn adapt(sandbox: &Sandbox, input: &str, more: &[&str]) -> Finished {
    let args = ["adapt", input, "--corpus", CORPUS, "--output", "mine.safetensors"];
    sandbox.run(&[&args[..], more].concat())
}

fn model(sandbox: &Sandbox) -> Model {
    Model::from_bytes(&sandbox.read("mine.safetensors")).unwrap()
}

#[test]
fn own_labels_teach_what_the_corpus_lacks_and_the_table_says_so() {
    let sandbox = sandbox();
    sandbox.write("mine.csv", own_csv(120));
    let ran = adapt(&sandbox, "mine.csv", &["--jobs", "1"]).exits(0);
    let ran = ran.prints("rows: 120 used").prints("120 texts in 30 groups").prints("model of the corpus");
    let ran = ran
        .prints("your rows alone")
        .prints("both, your rows x 1")
        .prints("pooled, your rows x 0.5")
        .prints("chosen inside each fold");
    let ran = ran.prints("labels more of your texts correctly").prints("50 more labels would add about");
    assert_eq!(ran.stdout.lines().filter(|line| line.contains(" *  ")).count(), 1, "{ran}");

    let adapted = model(&sandbox);
    let base = Model::from_bytes(&sandbox.read("base.safetensors")).unwrap();
    let noted = adapted.provenance.adaptation.as_ref().unwrap();
    assert_eq!(noted.corpus_sha256, base.provenance.data_sha256);
    assert_eq!((noted.own_rows, noted.macro_f1.is_some_and(|f1| f1 > 0.8)), (120, true), "{noted:?}");
    assert!(base.provenance.adaptation.is_none());
    assert_eq!(adapted.labels, base.labels, "axis and all");
    let bundled: f64 = ran.stdout.split("model of the corpus").nth(1).unwrap()[..20]
        .trim()
        .split(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!(bundled < 0.6, "{ran}");
    let classifier = Classifier::new(adapted).unwrap();
    assert_eq!(classifier.score("A steadfast bulwark, with solidarity and resolve.").top(), "for");
    sandbox.run(&["inspect", "mine.safetensors"]).exits(0).prints("adapted").prints("own rows");

    // The same bytes on more threads, and other folds by another seed.
    let bytes = sandbox.read("mine.safetensors");
    adapt(&sandbox, "mine.csv", &["--jobs", "3"]).exits(0);
    assert!(sandbox.read("mine.safetensors") == bytes);
    adapt(&sandbox, "mine.csv", &["--seed", "2", "--quiet"]).exits(0);
    assert!(sandbox.read("mine.safetensors") != bytes);
}

#[test]
fn articles_are_cut_into_passages_that_stay_together() {
    let sandbox = sandbox();
    let mut out = String::from("label,text\n");
    for number in 0..60 {
        let paragraph =
            |at: usize| (0..6).map(|more| text(number % 3, 7 * number + at + more)).collect::<Vec<_>>();
        let article: Vec<String> = (0..4).map(|at| paragraph(9 * at).join(". ")).collect();
        out.push_str(&format!(
            "{},\"{}\"\n",
            ["against", "for", "neutral"][number % 3],
            article.join("\n\n")
        ));
    }
    sandbox.write("articles.csv", out);
    let ran = adapt(&sandbox, "articles.csv", &[]).exits(0).prints("60 texts in 60 groups, cut into");
    let rows = model(&sandbox).provenance.adaptation.unwrap().own_rows;
    assert!((120..=300).contains(&rows), "{rows}\n{ran}");
}

#[test]
fn labels_that_the_corpus_lacks_are_refused_with_what_to_do() {
    let sandbox = sandbox();
    let own = own_csv(90);
    sandbox.write(
        "other.csv",
        own.replace(",for,", ",left,").replace(",against,", ",right,").replace(",neutral,", ",center,"),
    );
    let ran = adapt(&sandbox, "other.csv", &[]).exits(1);
    let ran = ran.says("no row has a label of the corpus: found `center (30)`, `left (30)`, `right (30)`");
    ran.says("expected `against`, `for`, `neutral`").says("`standpoint train`");

    sandbox.write("mixed.csv", format!("{own}o1,off-topic,The weather was mild all week.\n"));
    let ran = adapt(&sandbox, "mixed.csv", &[]).exits(1);
    let ran = ran.says("1 row has a label that the corpus does not have: `off-topic (1)`");
    ran.says("--ignore-label").says("`standpoint train`");
    adapt(&sandbox, "mixed.csv", &["--ignore-label", "off-topic"]).exits(0).prints("1 left out");
    assert!(sandbox.path("mine.safetensors").exists());

    sandbox.write("capitals.csv", own.replace(",for,", ",For,"));
    adapt(&sandbox, "capitals.csv", &[])
        .exits(1)
        .says("The corpus spells it `for`: give --label-variants merge");
    adapt(&sandbox, "capitals.csv", &["--label-variants", "merge"]).exits(0);

    sandbox.write("one.csv", own.replace(",against,", ",for,").replace(",neutral,", ",for,"));
    adapt(&sandbox, "one.csv", &[]).exits(1).says("all rows have one label; expected at least two of");
}

#[test]
fn a_label_that_no_own_row_has_stays_in_the_model() {
    let sandbox = sandbox();
    sandbox.write("two.csv", own_csv(120));
    let ran = adapt(&sandbox, "two.csv", &["--ignore-label", "neutral"]).exits(0);
    let ran = ran.says("no row has the label `neutral`, so it is learned from the corpus alone");
    assert!(!ran.stdout.contains("your rows alone"), "{ran}");
    assert!(!ran.stderr.contains("has no row of"), "{ran}");
    assert_eq!(model(&sandbox).labels.names(), ["against", "for", "neutral"]);
}

#[test]
fn own_rows_alone_are_compared_only_where_the_same_rows_can_be_held_out() {
    let sandbox = sandbox();
    let not_alone = |own: String, why: &str| {
        sandbox.write("own.csv", own);
        let ran = adapt(&sandbox, "own.csv", &["--jobs", "2"]).exits(0);
        let ran =
            ran.says("a model without the corpus was not tried").says(why).prints("both, your rows x 1");
        assert!(!ran.stdout.contains("your rows alone"), "{ran}");
    };
    // All rows of two labels are of one outlet, which leaves the third alone to learn from.
    let mut own = String::from("outlet,label,text\n");
    for number in 0..70 {
        let (label, outlet) = if number < 60 { (0, number / 4) } else { (1 + number % 2, 99) };
        let name = ["against", "for", "neutral"][label];
        own.push_str(&format!("o{outlet},{name},{}\n", text(label, number)));
    }
    not_alone(own, "all other rows have one label");
    // A label has fewer rows than there are folds.
    let rare = own_csv(120)
        .lines()
        .filter(|line| !line.contains(",neutral,"))
        .fold(String::new(), |all, line| all + line + "\n");
    not_alone(format!("{rare}o1,neutral,{}\n", text(2, 5)), "fewer than 5 rows have the label `neutral (1)`");
    // No term is as frequent as the corpus wants it.
    save_corpus(&sandbox, &["--min-df", "58"]);
    not_alone(own_csv(60), "no term occurs in at least 58 of the");
}

#[test]
fn rows_of_the_corpus_that_are_among_ones_own_are_not_learned_from_it() {
    let sandbox = sandbox();
    let corpus = TrainingCorpus::open(sandbox.path(CORPUS)).unwrap();
    let shared = corpus.rows().iter().step_by(18);
    let shared = shared.map(|row| format!("shared,{},{}\n", row.label, row.text.to_uppercase()));
    sandbox.write("mine.csv", own_csv(90) + &shared.collect::<String>());
    let ran = adapt(&sandbox, "mine.csv", &[]).exits(0);
    let found = ran.stderr.split(" rows of the corpus with the text of one of your rows").next().unwrap();
    let left_out: u64 = found.rsplit([' ', '\n']).next().unwrap().parse().unwrap();
    assert!((10..170).contains(&left_out), "{ran}");
    let noted = model(&sandbox).provenance.adaptation.unwrap();
    assert!([0, 180 - left_out].contains(&noted.corpus_rows), "{noted:?}");
    sandbox.write("all.csv", sandbox_rows(&corpus));
    adapt(&sandbox, "all.csv", &[]).exits(1).says("all corpus rows with the label `against`");
}

/// All rows of a corpus, as one's own.
fn sandbox_rows(corpus: &TrainingCorpus) -> String {
    let rows = corpus.rows().iter().enumerate();
    let rows = rows.map(|(number, row)| format!("o{},{},{}\n", number / 4, row.label, row.text));
    format!("outlet,label,text\n{}", rows.collect::<String>())
}

/// Held-out rows are read in full, so what they are compared with is too.
#[test]
fn the_model_of_the_corpus_reads_quotations_as_held_out_rows_are_read() {
    let sandbox = sandbox();
    let quoted = |number| {
        format!(
            "o{},{},\"\"\"{}\"\" he said\"\n",
            number / 4,
            ["against", "for", "neutral"][number % 3],
            text(number % 3, number)
        )
    };
    sandbox.write("quotes.csv", format!("outlet,label,text\n{}", (0..60).map(quoted).collect::<String>()));
    let [full, none] = ["1", "0"].map(|weight| {
        save_corpus(&sandbox, &["--quotations", "skip", "--lone-quotation-weight", weight]);
        let ran = adapt(&sandbox, "quotes.csv", &[]).exits(0);
        assert_eq!(model(&sandbox).lone_quotation_weight.to_string(), weight);
        ran.stdout
    });
    assert_eq!(full, none);
}

#[test]
fn hashes_of_ones_own_texts_can_be_left_out() {
    let sandbox = sandbox();
    sandbox.write("mine.csv", own_csv(60));
    adapt(&sandbox, "mine.csv", &["--quiet"]).exits(0);
    let named = model(&sandbox);
    adapt(&sandbox, "mine.csv", &["--quiet", "--no-text-hashes"]).exits(0);
    let unnamed = model(&sandbox);
    assert!(named.provenance.learned_texts.is_some() && unnamed.provenance.learned_texts.is_none());
    assert_eq!(named.linear, unnamed.linear);
}

#[test]
fn too_few_rows_or_groups_are_refused_by_name() {
    let sandbox = sandbox();
    sandbox.write("few.csv", own_csv(49));
    adapt(&sandbox, "few.csv", &[]).exits(1).says("found 49 labeled texts of your own; expected at least 50");
    let own = own_csv(60);
    let narrow = own.lines().enumerate().map(|(number, line)| match number {
        0 => "outlet,label,text\n".to_owned(),
        _ => format!("o{},{}\n", number % 4, line.split_once(',').unwrap().1),
    });
    sandbox.write("narrow.csv", narrow.collect::<String>());
    let ran = adapt(&sandbox, "narrow.csv", &[]).exits(1).says("the rows are in 4 groups");
    ran.says("expected at least 5").says("--group-column");
    sandbox.write("empty.csv", "label,text\n");
    adapt(&sandbox, "empty.csv", &[]).exits(1).says("found no labeled row");
    // Few texts keep the threshold of the corpus.
    sandbox.write("fifty.csv", own_csv(60));
    let ran =
        adapt(&sandbox, "fifty.csv", &[]).exits(0).says("too few to set the threshold of `low-confidence`");
    let base = Model::from_bytes(&sandbox.read("base.safetensors")).unwrap();
    let low = base.thresholds.low_confidence;
    assert_eq!(model(&sandbox).thresholds.low_confidence, low);
    ran.prints(&format!("low-confidence  p below {:.3}", low.unwrap().unit));
    // Nothing is said of a threshold that neither has.
    save_corpus(&sandbox, &[]);
    let ran = adapt(&sandbox, "fifty.csv", &[]).exits(0);
    assert!(!format!("{ran}").contains("low-confidence"), "{ran}");
}

/// Word vectors of the words that only one's own rows have, each beside others of its label.
fn make_vectors(sandbox: &Sandbox, more: &[&str]) {
    let texts: Vec<String> = (0..240).map(|number| text(number % 3, number)).collect();
    sandbox.write("archive.txt", texts.join("\n\n"));
    let args = ["vectors", "archive.txt", "--output", "own.vectors", "--min-count", "2"];
    sandbox.run(&[&args[..], more].concat()).exits(0);
}

#[test]
fn candidates_are_trained_with_vectors_where_they_are_given() {
    let sandbox = sandbox();
    make_vectors(&sandbox, &["--dimensions", "6"]);
    sandbox.write("mine.csv", own_csv(120));
    let base = |ran: &Finished| {
        let line = ran.stdout.lines().find(|line| line.starts_with("model of the corpus"));
        line.unwrap().to_owned()
    };
    let without = adapt(&sandbox, "mine.csv", &[]).exits(0);
    assert!(model(&sandbox).more_blocks.is_empty());
    let mut made = Vec::new();
    for jobs in ["1", "2"] {
        let ran = adapt(&sandbox, "mine.csv", &["--vectors", "own.vectors", "--jobs", jobs]).exits(0);
        assert_eq!(base(&ran), base(&without), "what is compared with has no vectors");
        assert!(ran.stdout.contains("vectors:scale=0.3"), "{ran}");
        made.push(sandbox.read("mine.safetensors"));
    }
    assert!(made[0] == made[1]);
    let note = model(&sandbox).provenance.vectors.unwrap();
    assert_eq!(note.scale, 0.3);
    assert_eq!(model(&sandbox).more_blocks.len(), 1);
    sandbox.run(&["inspect", "mine.safetensors"]).exits(0).prints("block        vectors").prints("adapted");
    // Scoring does not need them.
    std::fs::remove_file(sandbox.path("own.vectors")).unwrap();
    let classifier = Classifier::new(model(&sandbox)).unwrap();
    assert_eq!(classifier.score("A steadfast bulwark, with solidarity and resolve.").top(), "for");

    make_vectors(&sandbox, &["--dimensions", "5"]);
    let scale = ["--vectors", "own.vectors", "--vectors-scale", "1"];
    adapt(&sandbox, "mine.csv", &scale).exits(0).prints("vectors:scale=1");
    assert!(sandbox.read("mine.safetensors") != made[0]);
}

#[test]
fn vectors_that_do_not_suit_the_corpus_are_refused() {
    let sandbox = sandbox();
    sandbox.write("mine.csv", own_csv(60));
    make_vectors(&sandbox, &["--dimensions", "6", "--no-stem"]);
    let refused = |more: &[&str], code| adapt(&sandbox, "mine.csv", more).exits(code);
    refused(&["--vectors", "own.vectors"], 2).says("--vectors were made with language en, no stems");
    refused(&["--vectors", "mine.csv"], 4).says("mine.csv");
    refused(&["--vectors-scale", "1"], 2).says("--vectors");
    make_vectors(&sandbox, &["--dimensions", "6"]);
    refused(&["--vectors", "own.vectors", "--vectors-scale", "0"], 2).says("--vectors-scale 0");
    // No output replaces an input.
    let args =
        ["adapt", "mine.csv", "--corpus", CORPUS, "--vectors", "own.vectors", "--output", "own.vectors"];
    sandbox.run(&args).exits(2).says("own.vectors");
    assert!(!sandbox.path("mine.safetensors").exists());
}

#[test]
fn what_is_no_corpus_is_refused() {
    let sandbox = sandbox();
    sandbox.write("mine.csv", own_csv(60));
    let args = |corpus| ["adapt", "mine.csv", "--output", "m.safetensors", "--corpus", corpus];
    let ran = sandbox.run(&args("mine.csv")).exits(1).says("mine.csv cannot be used as a corpus");
    ran.says("--save-corpus writes one");
    sandbox.run(&args("nowhere.corpus")).exits(1).says("nowhere.corpus: cannot read the corpus");
    let mut cut = sandbox.read(CORPUS);
    cut.pop();
    sandbox.write("cut.corpus", cut);
    sandbox.run(&args(".")).exits(1).says(".: it is not a regular file; expected a corpus");
    sandbox.run(&args("cut.corpus")).exits(1).says("damaged");
    assert!(!sandbox.path("m.safetensors").exists());
}

#[test]
fn a_corpus_alone_gives_the_model_that_it_was_saved_with() {
    let sandbox = sandbox();
    let corpus = TrainingCorpus::open(sandbox.path(CORPUS)).unwrap();
    let options = TrainOptions::default();
    let (model, _) =
        train_with(corpus.rows(), corpus.params().clone(), &options, &Threads::new(2).unwrap()).unwrap();
    assert!(model.to_bytes().unwrap() == sandbox.read("base.safetensors"));
    assert_eq!(corpus.params().max_error, Some(0.2));
}

/// The corpus inside the program is what `data/` holds, and alone it gives the bundled model.
#[test]
#[cfg(feature = "bundled-corpus")]
fn the_bundled_corpus_is_the_text_in_data_and_gives_the_bundled_model() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = TrainingCorpus::bundled().unwrap();
    let files = TrainingFiles {
        train_only: vec![root.join("data/phrases/phrases.csv")],
        train_only_weight: 0.6,
        columns: LabeledColumns {
            weight: Some(Column { name: "training_weight".to_owned(), need: Requirement::Always }),
            ..LabeledColumns::default()
        },
        ..TrainingFiles::new([root.join("data/stance")])
    };
    let read = TrainingCorpus::new(corpus.params().clone(), files.read().unwrap().rows);
    assert!(corpus == read, "run `make models` and commit models/stance.corpus");
    let outside = [root.join("data/offtopic/offtopic.csv")];
    let outside = standpoint::train::read_texts(&outside, &Default::default()).unwrap();
    assert!(corpus.params().out_of_domain == outside);
    let params: TrainParams = corpus.params().clone();
    let (model, _) =
        train_with(corpus.rows(), params, &TrainOptions::default(), &Threads::new(2).unwrap()).unwrap();
    let committed = std::fs::read(root.join("models/stance.safetensors")).unwrap();
    assert!(model.to_bytes().unwrap() == committed);
    let packed = std::fs::metadata(root.join("models/stance.corpus")).unwrap().len();
    assert!(packed <= 1_000_000, "{packed} bytes travel with the program");
}

#[test]
#[cfg(feature = "bundled-corpus")]
fn without_a_corpus_the_bundled_one_is_adapted() {
    let sandbox = Sandbox::new();
    let own = own_csv(60).replace(",for,", ",pro-guarantee,").replace(",against,", ",nato-skeptical,");
    sandbox.write("mine.csv", own.replace(",neutral,", ",neutral-analysis,"));
    let args = ["adapt", "mine.csv", "--output", "mine.safetensors", "--date", "2025-01-31"];
    sandbox.run(&args).exits(0).prints("60 texts in 15 groups").prints("bundled model");
    let adapted = model(&sandbox).provenance;
    assert_eq!(adapted.adaptation.unwrap().corpus_sha256, TrainingCorpus::bundled().unwrap().sha256());
    assert_eq!(adapted.date.as_deref(), Some("2025-01-31"));
}
