//! `standpoint report` and `standpoint score --report`: a page about scored texts that needs nothing else.

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
    let figures = |page: &str| {
        let page = page.split_once("<main>").unwrap().1;
        page.split_once("id=\"method\"").unwrap().0.to_owned()
    };
    assert_eq!(figures(&at_once), figures(&page(&sandbox)));
    // Without --keep the page has its groups and dates, and the results are as they would be without a page.
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
    assert!(pages[0].contains(&format!("Of {count}\u{a0}texts, 100\u{a0}% (")), "{}", pages[0]);
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
