//! `standpoint report` and `standpoint score --report`: a page about scored texts that needs
//! nothing else.

use crate::harness::{Finished, Sandbox, labelled_csv};
use crate::report::well_formed;

/// A folder with `news.csv`, whose rows have an outlet, a date and a title.
fn sandbox(rows: usize) -> Sandbox {
    let sandbox = Sandbox::with_model();
    let mut csv = String::from("id,source,date,title,text\n");
    for (number, line) in labelled_csv(rows).lines().skip(1).enumerate() {
        let text = line.splitn(4, ',').nth(3).unwrap();
        let outlet = ["Morning <Post>", "Evening Sun", "The Weekly"][number % 3];
        csv.push_str(&format!("n{number},{outlet},2024-0{}-11,Title {number},{text}\n", 1 + number % 5));
    }
    sandbox.write("news.csv", csv);
    sandbox
}

fn score(sandbox: &Sandbox, args: &[&str]) -> Finished {
    let score = ["score", "news.csv", "--model", "model.safetensors", "--quiet"];
    sandbox.run(&[&score[..], args].concat())
}

fn report(sandbox: &Sandbox, args: &[&str]) -> Finished {
    sandbox.run(&[&["report"], args, &["--output", "page.html"]].concat())
}

fn page(sandbox: &Sandbox) -> String {
    String::from_utf8(sandbox.read("page.html")).unwrap()
}

const KEEP: [&str; 2] = ["--keep", "source,date,title"];

#[test]
fn results_in_any_format_make_the_same_page() {
    let sandbox = sandbox(90);
    let formats = ["jsonl", "csv", "csv.gz", "parquet"];
    let built = |format: &&&str| **format != "parquet" || cfg!(feature = "parquet");
    let mut pages = Vec::new();
    for format in formats.iter().filter(built) {
        let output = format!("scores.{format}");
        score(&sandbox, &[&KEEP[..], &["--output", &output]].concat()).exits(0);
        report(&sandbox, &[&output, "--model", "model.safetensors"]).exits(0);
        pages.push(page(&sandbox).replace(&output, "SCORES"));
    }
    assert!(pages.windows(2).all(|pair| pair[0] == pair[1]));
    let page = &pages[0];
    well_formed(page);
    for part in [
        "Of 90\u{a0}texts, ",
        "By <bdi>source</bdi>",
        "(<bdi>source</bdi>)</dd>",
        "Mean slant",
        "<bdi>Morning &lt;Post&gt;</bdi>",
        "2024-01-11 to 2024-05-11",
        "By week.",
        "Texts to read",
        "<bdi>Title ",
        "The results hold no texts",
        "prefers-color-scheme: dark",
    ] {
        assert!(page.contains(part), "the page lacks {part}");
    }
    for outside in ["<script", "://", "src=", "href=", "url(", "@import", "NaN"] {
        assert!(!page.contains(outside), "the page has {outside}");
    }
}

#[test]
fn texts_are_shown_with_the_sentences_that_decided() {
    let sandbox = sandbox(60);
    score(&sandbox, &[&KEEP[..], &["--output", "scores.jsonl"]].concat()).exits(0);
    let texts = ["scores.jsonl", "--model", "model.safetensors", "--texts", "news.csv"];
    let ran = report(&sandbox, &texts).exits(0);
    assert_eq!(ran.stderr, "page written to page.html\n");
    let page = self::page(&sandbox);
    well_formed(&page);
    assert!(page.contains("<span class=\"heard\">(for the label) </span>"), "{page}");
    // A text that has changed since is not the text that was scored.
    let changed = String::from_utf8(sandbox.read("news.csv")).unwrap().replace("guarantee", "provocation");
    sandbox.write("news.csv", changed);
    report(&sandbox, &texts).exits(0).says("of the texts to show were not found");
    assert!(self::page(&sandbox).contains("has changed since it was scored"));
}

#[test]
fn one_go_with_scoring_makes_the_same_figures() {
    let sandbox = sandbox(80);
    score(&sandbox, &[&KEEP[..], &["--output", "scores.jsonl", "--report", "page.html"]].concat()).exits(0);
    let at_once = page(&sandbox);
    well_formed(&at_once);
    let texts = ["scores.jsonl", "--model", "model.safetensors", "--texts", "news.csv"];
    report(&sandbox, &texts).exits(0);
    assert_eq!(figures(&at_once), figures(&page(&sandbox)));
    // Without --keep the page has its groups and dates, and the results are as they would be
    // without a page.
    score(&sandbox, &["--output", "plain.jsonl"]).exits(0);
    score(&sandbox, &["--output", "paged.jsonl", "--report", "page.html"]).exits(0);
    assert_eq!(sandbox.read("plain.jsonl"), sandbox.read("paged.jsonl"));
    assert_eq!(figures(&at_once), figures(&page(&sandbox)));
    score(&sandbox, &["--output", "a.jsonl", "--report", "page.html", "--resume"]).exits(2).says("--resume");
}

#[test]
fn what_is_no_result_or_of_another_model_is_refused() {
    let sandbox = sandbox(30);
    report(&sandbox, &["news.csv"]).exits(1).says("news.csv");
    sandbox
        .write("none.jsonl", "{\"id\":\"a\",\"path\":\"a\",\"record\":null,\"error\":{\"kind\":\"io\",\"message\":\"x\",\"line\":null}}\n");
    report(&sandbox, &["none.jsonl"]).exits(1).says("no scored document");
    score(&sandbox, &["--output", "scores.jsonl"]).exits(0);
    report(&sandbox, &["scores.jsonl", "--texts", "news.csv"])
        .exits(2)
        .says("need the model that made the results");
    let train = ["train", "news.csv", "--label-column", "source", "--folds", "0", "--quiet"];
    sandbox.run(&[&train[..], &["--output", "other.safetensors"]].concat()).exits(0);
    report(&sandbox, &["scores.jsonl", "--model", "other.safetensors"]).exits(2).says("give that model");
    let score = ["score", "news.csv", "--model", "other.safetensors", "--output", "others.jsonl", "--quiet"];
    sandbox.run(&score).exits(0);
    report(&sandbox, &["scores.jsonl", "others.jsonl"]).exits(1).says("results of two models");
    score_paragraphs(&sandbox);
    report(&sandbox, &["paragraphs.csv"]).exits(1).says("score without --paragraphs");
    let wrong =
        "{\"id\":\"a\",\"path\":\"a\",\"record\":null,\"top\":\"for\",\"slant\":7,\"model\":\"m@1\"}\n";
    sandbox.write("wrong.jsonl", wrong);
    report(&sandbox, &["wrong.jsonl"]).exits(1).says("expected -1 to 1");
    assert!(!sandbox.names().contains(&"page.html".to_owned()), "what failed leaves no page");
}

/// What the table about the method says of `name`.
fn said_of(page: &str, name: &str) -> Option<String> {
    let row = page.split(&format!("<th scope=\"row\">{name}</th><td>")).nth(1)?;
    row.split("</td>").next().map(str::to_owned)
}

/// The page up to the part about the method, which names files and models.
fn figures(page: &str) -> String {
    let page = page.split_once("<main>").unwrap().1;
    page.split_once("id=\"method\"").unwrap().0.to_owned()
}

#[test]
fn a_run_that_writes_some_results_makes_a_page_about_these() {
    let sandbox = sandbox(90);
    score(&sandbox, &[&KEEP[..], &["--output", "all.jsonl"]].concat()).exits(0);
    let conditions = ["--where", "label=against", "--where", "meta_source=Morning <Post>"];
    let some = ["--output", "some.jsonl", "--report", "page.html"];
    score(&sandbox, &[&KEEP[..], &conditions, &some].concat()).exits(0);
    let at_once = page(&sandbox);
    well_formed(&at_once);
    let written = String::from_utf8(sandbox.read("some.jsonl")).unwrap().lines().count();
    assert!((5..80).contains(&written), "{written}");
    assert!(at_once.contains(&format!("<h1>The {written}\u{a0}texts labeled against</h1>")), "{at_once}");
    assert_eq!(said_of(&at_once, "texts on this page"), Some(written.to_string()));
    let named = "<bdi>label = against</bdi>, <bdi>meta_source = Morning &lt;Post&gt;</bdi>";
    assert_eq!(said_of(&at_once, "only results with").as_deref(), Some(named));
    let later = ["all.jsonl", "--model", "model.safetensors", "--texts", "news.csv"];
    report(&sandbox, &[&later[..], &conditions].concat()).exits(0);
    assert_eq!(figures(&at_once), figures(&page(&sandbox)));
}

#[test]
fn near_duplicates_are_counted_on_the_page_or_left_out_of_it() {
    let sandbox = sandbox(60);
    let text = "Leaders must defend the guarantee of deterrence today, they said, and courage is what the summit needs. ";
    let reprint = |number| format!("r{number},A,,,\"{}\"\n", text.repeat(4));
    let reprints: String = (0..8).map(reprint).collect();
    let rows = String::from_utf8(sandbox.read("news.csv")).unwrap();
    sandbox.write("news.csv", rows + &reprints);
    let mut marked = Vec::new();
    for format in ["jsonl", "csv"] {
        let output = format!("marked.{format}");
        score(&sandbox, &["--mark-duplicates", "--output", &output, "--report", "page.html"]).exits(0);
        marked.push(said_of(&page(&sandbox), "near-duplicates").unwrap());
        report(&sandbox, &[&output]).exits(0);
        marked.push(said_of(&page(&sandbox), "near-duplicates").unwrap());
    }
    let repeats: u64 = marked[0].split(' ').next().unwrap().parse().unwrap();
    assert!(repeats >= 7 && marked[0].ends_with(" of 68\u{a0}texts"), "{marked:?}");
    assert!(marked.windows(2).all(|pair| pair[0] == pair[1]), "{marked:?}");

    for format in ["jsonl", "csv"] {
        let output = format!("stories.{format}");
        score(&sandbox, &["--drop-duplicates", "--output", &output, "--report", "page.html"]).exits(0);
        let page = self::page(&sandbox);
        well_formed(&page);
        let left_out = format!("{repeats} left out (<bdi>--drop-duplicates</bdi>)");
        assert_eq!(said_of(&page, "near-duplicates"), Some(left_out));
        assert!(page.contains(&format!("Of {}\u{a0}texts, ", 68 - repeats)), "{page}");
        report(&sandbox, &[&output]).exits(0);
        let of_results = said_of(&self::page(&sandbox), "near-duplicates");
        assert_eq!(of_results.as_deref(), Some("none among these texts"), "{format}");

        score(&sandbox, &["--output", &output, "--report", "page.html"]).exits(0);
        assert_eq!(said_of(&self::page(&sandbox), "near-duplicates").as_deref(), Some("not looked for"));
        report(&sandbox, &[&output]).exits(0);
        assert_eq!(said_of(&self::page(&sandbox), "near-duplicates").as_deref(), Some("not looked for"));
    }
}

#[test]
#[cfg(feature = "bundled-models")]
fn figures_of_the_bundled_model_name_the_text_that_they_were_measured_on() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", "NATO must give Ukraine binding security guarantees now.");
    sandbox.run(&["score", "a.txt", "--output", "s.csv", "--report", "page.html", "--quiet"]).exits(0);
    let invented = "macro-F1 in cross-validation on invented training text (<bdi>random rows</bdi>)";
    assert!(said_of(&page(&sandbox), invented).is_some(), "{}", page(&sandbox));
}

#[test]
fn conditions_that_no_result_meets_are_refused_or_warned_of() {
    let sandbox = sandbox(30);
    for column in ["label", "top"] {
        let wrong = format!("{column}=fro");
        score(&sandbox, &["--where", &wrong, "--output", "s.csv"])
            .exits(2)
            .says(&format!("--where `{wrong}`: expected one of the labels `against`, `for`"))
            .says("did you mean `for`?");
    }
    assert!(!sandbox.names().contains(&"s.csv".to_owned()));
    // A text without a label has none in this column.
    score(&sandbox, &["--where", "label=", "--output", "s.csv"]).exits(0);
    let nobody = ["--where", "id=nobody", "--output", "s.csv", "--report", "page.html"];
    score(&sandbox, &nobody).exits(0).says("warning: --where: no result has id = nobody");
    assert!(page(&sandbox).contains("<h1>No text meets the conditions</h1>"));
    let found = score(&sandbox, &["--where", "id=n3", "--output", "s.csv"]).exits(0);
    assert!(!found.stderr.contains("--where"), "{found}");
}

#[test]
fn columns_in_which_no_result_has_a_value_are_refused() {
    let sandbox = sandbox(30);
    score(&sandbox, &["--keep", "source,date", "--output", "s.csv"]).exits(0);
    report(&sandbox, &["s.csv", "--group-column", "source"]).exits(0);
    let plain = page(&sandbox);
    report(&sandbox, &["s.csv", "--group-column", "meta_source", "--date-column", "meta_date"]).exits(0);
    assert_eq!(page(&sandbox), plain, "the prefix of data files changes nothing");
    for option in ["--group-column", "--date-column"] {
        report(&sandbox, &["s.csv", option, "sorce"])
            .exits(2)
            .says(&format!("{option} sorce: no result has a value in a kept column `sorce`"));
    }
}

fn score_paragraphs(sandbox: &Sandbox) {
    score(sandbox, &["--paragraphs", "--output", "paragraphs.csv"]).exits(0);
}

#[test]
fn without_groups_dates_or_an_axis_there_is_still_a_page() {
    let sandbox = Sandbox::new();
    let rows: String =
        (0..40).map(|number| ["red,alpha beta gamma\n", "blue,delta epsilon zeta\n"][number % 2]).collect();
    sandbox.write("rows.csv", format!("label,text\n{rows}"));
    sandbox.run(&["train", "rows.csv", "--output", "m.safetensors", "--folds", "0", "--quiet"]).exits(0);
    sandbox
        .run(&["score", "rows.csv", "--model", "m.safetensors", "--output", "s.jsonl", "--quiet"])
        .exits(0);
    report(&sandbox, &["s.jsonl", "--title", "Colors & <shapes>"]).exits(0);
    let page = page(&sandbox);
    well_formed(&page);
    assert!(page.contains("<h1><bdi>Colors &amp; &lt;shapes&gt;</bdi></h1>"), "{page}");
    assert!(!page.contains("id=\"groups\"") && !page.contains("id=\"time\"") && !page.contains("slant"));
    assert!(page.contains("The model was not available"));
}

#[test]
fn reprints_are_compared_and_named() {
    let sandbox = sandbox(30);
    let text = "Leaders must defend the guarantee of deterrence today, they said, and courage is what the summit needs most of all now. ";
    let again = text.repeat(3);
    let rows = format!(
        "{}r1,A,,,\"{again}\"\nr2,B,,,\"{again}\"\n",
        String::from_utf8(sandbox.read("news.csv")).unwrap()
    );
    sandbox.write("news.csv", rows);
    score(&sandbox, &["--mark-duplicates", "--output", "scores.jsonl"]).exits(0);
    report(&sandbox, &["scores.jsonl"]).exits(0);
    let page = page(&sandbox);
    well_formed(&page);
    assert!(
        page.contains("Do reprints get the same answer?") && page.contains("same answer</text>"),
        "{page}"
    );
}

#[test]
fn a_coded_sample_corrects_the_shares() {
    let sandbox = sandbox(90);
    score(&sandbox, &["--output", "scores.csv"]).exits(0);
    sandbox.run(&["sample", "scores.csv", "-n", "24", "--output", "blind.csv"]).exits(0);
    let blind = String::from_utf8(sandbox.read("blind.csv")).unwrap();
    let mut lines = blind.lines();
    let mut coded = format!("{}\n", lines.next().unwrap());
    let uncoded = lines.clone().next().unwrap().to_owned();
    for line in lines {
        coded.push_str(&line.replacen(",,", ",for,", 1));
        coded.push('\n');
    }
    sandbox.write("coded.csv", &coded);
    let args = ["scores.csv", "--model", "model.safetensors", "--coded", "coded.csv"];
    report(&sandbox, &args).exits(0);
    let page = self::page(&sandbox);
    well_formed(&page);
    let section = page.split_once("id=\"coded\"").unwrap().1.split_once("</section>").unwrap().0;
    assert!(section.contains("People have coded 24\u{a0}texts of these"), "{section}");
    assert!(
        section.contains("<td>100\u{a0}%</td>"),
        "whoever codes all as one label has one share: {section}"
    );
    report(&sandbox, &args[..1].iter().chain(&args[3..]).copied().collect::<Vec<_>>())
        .exits(2)
        .says("--coded");
    assert!(uncoded.contains(",,"));
    report(&sandbox, &["scores.csv", "--model", "model.safetensors", "--coded", "blind.csv"])
        .exits(1)
        .says("no row has a label");
}

#[test]
fn groups_are_named_after_the_column_that_holds_them() {
    let sandbox = sandbox(60);
    let renamed = String::from_utf8(sandbox.read("news.csv")).unwrap().replacen("source", "author", 1);
    sandbox.write("news.csv", renamed);
    score(&sandbox, &["--keep", "author", "--output", "scores.csv", "--report", "page.html"]).exits(0);
    let at_once = page(&sandbox);
    report(&sandbox, &["scores.csv", "--model", "model.safetensors"]).exits(0);
    for page in [at_once, page(&sandbox)] {
        assert!(page.contains("By <bdi>author</bdi>") && !page.contains("<bdi>source</bdi>"), "{page}");
    }
}

#[test]
fn a_page_may_be_about_some_results() {
    let sandbox = sandbox(90);
    score(&sandbox, &[&KEEP[..], &["--output", "scores.jsonl"]].concat()).exits(0);
    score(&sandbox, &[&KEEP[..], &["--output", "scores.csv"]].concat()).exits(0);
    let mut pages = Vec::new();
    for (file, outlet) in
        [("scores.jsonl", "source"), ("scores.jsonl", "meta_source"), ("scores.csv", "source")]
    {
        let outlet = format!("{outlet}=Morning <Post>");
        report(&sandbox, &[file, "--where", "label=against", "--where", &outlet]).exits(0);
        pages.push(page(&sandbox).replace(file, "SCORES").replace("meta_source", "source"));
    }
    assert!(pages.windows(2).all(|pair| pair[0] == pair[1]));
    well_formed(&pages[0]);
    let results = String::from_utf8(sandbox.read("scores.jsonl")).unwrap();
    let wanted = |line: &&str| line.contains("\"label\":\"against\"") && line.contains("Morning <Post>");
    let count = results.lines().filter(wanted).count();
    assert!(count > 5, "{count}");
    assert!(pages[0].contains(&format!("<h1>The {count}\u{a0}texts labeled against</h1>")), "{}", pages[0]);
    assert!(
        pages[0].contains(
            "Only results with <bdi>label = against</bdi>, <bdi>source = Morning &lt;Post&gt;</bdi>."
        )
    );
    report(&sandbox, &["scores.csv", "--where", "label=fro"])
        .exits(2)
        .says("--where: no result has label = fro");
    let coded = ["scores.csv", "--where", "label=for", "--coded", "x.csv"];
    report(&sandbox, &coded).exits(2).says("--coded");
}

#[test]
fn results_on_standard_input_make_the_page_of_their_file() {
    let sandbox = sandbox(60);
    for format in ["jsonl", "csv", "csv.gz"] {
        let output = format!("scores.{format}");
        score(&sandbox, &[&KEEP[..], &["--output", &output]].concat()).exits(0);
        let model = ["--model", "model.safetensors"];
        report(&sandbox, &[&[output.as_str()], &model[..]].concat()).exits(0);
        let of_file = page(&sandbox).replace(&output, "standard input");
        let args = [&["report", "-", "--output", "piped.html"], &model[..]].concat();
        sandbox.run_with(&args, &sandbox.read(&output)).exits(0);
        let piped = String::from_utf8(sandbox.read("piped.html")).unwrap();
        assert!(piped == of_file, "{format}");
    }
    let results = sandbox.read("scores.jsonl");
    let with_texts = ["report", "-", "--texts", "-", "--output", "piped.html"];
    sandbox.run_with(&with_texts, &results).exits(2).says("--texts -: standard input holds the results");
    sandbox
        .run_with(&["report", "-", "--output", "piped.html"], b"")
        .exits(1)
        .says("-: standard input is empty");
}

#[test]
fn texts_and_groups_of_the_training_are_warned_of() {
    let sandbox = sandbox(30);
    let loud = ["score", "news.csv", "--model", "model.safetensors"];
    let keep = [&KEEP[..], &["--output", "scores.jsonl", "--report", "page.html"]].concat();
    let unknown = sandbox.run(&[&loud[..], &keep].concat()).exits(0);
    assert!(!unknown.stderr.contains("trained on"), "{unknown}");
    let only_a_hash = "Rows of the training: The model records only a hash of its training data";
    assert!(page(&sandbox).contains(only_a_hash), "{}", page(&sandbox));

    // The texts of twelve rows, and a group of the results.
    sandbox.write("rows.csv", labelled_csv(12));
    sandbox.write("others.csv", "source,label,text\nEvening Sun,for,Nobody has scored this text.\n");
    let results = ["scores.jsonl", "--model", "model.safetensors", "--training-rows"];
    let with = |more: &[&str]| report(&sandbox, &[&results[..], more].concat()).exits(0);
    let texts = "the model was trained on the text of 12 of 30 documents. Expect more errors on new texts";
    let groups = "10 of 30 documents come from groups in the model's training data (Evening Sun): expect more errors on groups";
    let both = with(&["rows.csv", "others.csv", "--texts", "news.csv"]);
    let both = both.says(&format!("warning: {texts}")).says(&format!("warning: {groups}"));
    assert_eq!(both.stderr.matches("warning").count(), 2, "{both}");
    let found = page(&sandbox);
    well_formed(&found);
    assert!(found.contains(&format!("<strong>Rows of the training:</strong> {texts}. 10 of 30 documents")));

    // Without the texts, only groups are compared.
    let known = with(&["rows.csv", "others.csv"]).says(groups);
    assert!(!known.stderr.contains("trained on"), "{known}");
    with(&["rows.csv"]);
    let compared =
        "No group of these documents is among 12 rows that the model was trained on. Not all of their texts";
    assert!(page(&sandbox).contains(compared), "{}", page(&sandbox));
    let unseen = with(&["others.csv", "--texts", "news.csv", "--group-column", "date"]);
    assert_eq!(unseen.stderr, "page written to page.html\n");
    assert!(page(&sandbox).contains("No text or group of these documents is among 1 rows"));
    let some = with(&[
        "rows.csv",
        "--texts",
        "news.csv",
        "--where",
        "id=n3",
        "--where",
        "meta_source=Morning <Post>",
    ]);
    some.says("the model was trained on the text of all 1 document.");
    report(&sandbox, &[&results[..1], &results[3..], &["rows.csv"]].concat())
        .exits(2)
        .says("--training-rows");
}

#[test]
#[cfg(all(feature = "bundled-models", feature = "bundled-corpus"))]
fn texts_that_the_bundled_model_was_trained_on_are_known_by_score_and_report() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let sandbox = Sandbox::new();
    sandbox.write("blog.csv", std::fs::read(root.join("data/stance/blog.csv")).unwrap());
    sandbox.write("a.txt", "NATO must give Ukraine binding security guarantees now.");
    let args = ["score", "blog.csv", "--keep", "article", "--output", "s.jsonl", "--report", "page.html"];
    let ran = sandbox.run(&args).exits(0);
    let documents = String::from_utf8(sandbox.read("s.jsonl")).unwrap().lines().count();
    let texts = format!("the model was trained on the text of all {documents} documents. Expect more errors");
    let groups = format!("all {documents} documents come from groups in the model's training data (");
    let ran = ran.says(&texts).says(&groups);
    assert!(page(&sandbox).contains(&texts), "{ran}");
    report(&sandbox, &["s.jsonl", "--texts", "blog.csv"]).exits(0).says(&texts).says(&groups);
    let only_groups = report(&sandbox, &["s.jsonl"]).exits(0).says(&groups);
    assert!(!only_groups.stderr.contains("trained on the text"), "{only_groups}");

    let unseen = sandbox.run(&["score", "a.txt", "--output", "s.csv", "--report", "page.html"]).exits(0);
    assert!(!unseen.stderr.contains("training"), "{unseen}");
    assert!(page(&sandbox).contains("No text or group of these documents is among "));
}
