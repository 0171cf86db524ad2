//! `standpoint evaluate --report`: one page that needs nothing else and that no text can break.

use crate::harness::{Finished, Sandbox, labelled_csv};

fn report(sandbox: &Sandbox, args: &[&str]) -> Finished {
    sandbox.run(&[&["evaluate", "--model", "model.safetensors", "--report", "page.html"], args].concat())
}

fn page(sandbox: &Sandbox) -> String {
    String::from_utf8(sandbox.read("page.html")).unwrap()
}

/// Reads the page's tags and holds that they are known, closed in turn, and quoted.
#[track_caller]
pub fn well_formed(page: &str) {
    const KNOWN: &str = " html head meta title style body main section h1 h2 h3 p div table caption thead tbody tr th td \
                         figure figcaption svg desc line text path circle ol li blockquote mark span strong bdi footer \
                         header h4 ul dl dt dd rect details summary ";
    let mut open: Vec<&str> = Vec::new();
    let body = page.strip_prefix("<!DOCTYPE html>\n").expect("it begins with its type");
    for part in body.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or_else(|| panic!("a tag that does not end: {part}"));
        assert!(!text.contains('>'), "a bare > in {part}");
        let name = tag.trim_start_matches('/').trim_end_matches('/').split(' ').next().unwrap();
        assert!(KNOWN.contains(&format!(" {name} ")), "<{tag}>");
        assert_eq!(tag.matches('"').count() % 2, 0, "<{tag}>");
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "after {open:?}");
        } else if !tag.ends_with('/') && name != "meta" {
            open.push(name);
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

#[test]
fn the_page_has_every_part_and_needs_nothing_else() {
    let sandbox = Sandbox::with_model();
    let rows = labelled_csv(120).replace("id,article", "id,source").replacen(",for,", ",neutral,", 12);
    sandbox.write("rows.csv", rows);
    report(&sandbox, &["rows.csv"]).exits(0).prints("macro-F1");
    let page = page(&sandbox);
    well_formed(&page);
    for part in [
        "<html lang=\"en\">",
        "Evaluation of <bdi>model@",
        "Matthews correlation",
        "calibration error",
        "Confusion matrix",
        "<svg viewBox",
        "role=\"img\"",
        "<title id=\"reliability-chart-title\">",
        "<desc id=\"coverage-chart-desc\">",
        "Strongest terms",
        "Largest 20 of 60 groups",
        "Worst groups",
        "Worst mistakes",
        "<mark class=\"for",
        "<mark class=\"not",
        "scope=\"row\"",
        "<caption>",
        "@media print",
        "prefers-color-scheme: dark",
        "<blockquote lang=\"en\" dir=\"auto\">",
    ] {
        assert!(page.contains(part), "the page lacks {part}");
    }
    for outside in ["<script", "://", "src=", "href=", "url(", "@import", "on=\""] {
        assert!(!page.contains(outside), "the page has {outside}");
    }
    assert_eq!(page.matches("<h3>").count(), 12, "one for each mistake");
    assert_eq!(sandbox.names(), ["model.safetensors", "page.html", "rows.csv"]);
}

#[test]
fn the_same_rows_are_the_same_bytes_on_any_number_of_threads() {
    let sandbox = Sandbox::with_model();
    sandbox.write("rows.csv", labelled_csv(90).replacen(",for,", ",against,", 10));
    report(&sandbox, &["rows.csv", "--jobs", "1"]).exits(0);
    let first = page(&sandbox);
    report(&sandbox, &["rows.csv", "--jobs", "3"]).exits(0);
    assert!(first == page(&sandbox));
}

#[test]
fn mistakes_are_those_whose_gold_label_is_least_probable() {
    let sandbox = Sandbox::with_model();
    sandbox.write(
        "rows.csv",
        "id,label,text\n\
         right,for,guarantee deterrence must defend\n\
         worst,against,guarantee deterrence must defend support courage guarantee\n\
         short,against,guarantee deterrence\n\
         slight,against,guarantee leaders today provocation said nato deterrence\n",
    );
    report(&sandbox, &["rows.csv"]).exits(0);
    let page = page(&sandbox);
    let mistakes = page.split_once("id=\"mistakes\"").unwrap().1;
    assert!(!mistakes.contains("<bdi>right</bdi>"));
    let place = |id: &str| mistakes.find(&format!("<h3><bdi>{id}</bdi></h3>")).unwrap();
    assert!(place("worst") < place("slight"));
    let worst = mistakes.split_once("<h3>").unwrap().1.split_once("</li>").unwrap().0;
    assert!(worst.contains("Gold <strong><bdi>against</bdi></strong> (0."), "{worst}");
    assert!(worst.contains("likeliest <strong><bdi>for</bdi></strong> (0."), "{worst}");
    assert!(worst.contains("<span class=\"sign\" aria-hidden=\"true\">+</span>"), "{worst}");
    assert!(worst.contains("<span class=\"heard\">(for the likeliest label) </span>"), "{worst}");
    assert!(
        mistakes.contains(", no label given (too-short). <span class=\"place\"><bdi>rows.csv, line 4</bdi>")
    );
    assert!(!worst.contains("no label given"), "{worst}");
    let slight = mistakes.split_once("slight").unwrap().1;
    let against = slight.split_once("<mark class=\"not").unwrap().1.split_once("</mark>").unwrap().0;
    assert!(against.ends_with("</span>provocation"), "{against}");
    report(&sandbox, &["rows.csv", "--where", "id=right"]).exits(0);
    assert!(self::page(&sandbox).contains("Every row got its gold label."));
}

#[test]
fn hostile_labels_texts_ids_and_groups_are_only_words() {
    let sandbox = Sandbox::new();
    let labels = ["</script><script>alert(1)</script>", "\"quoted' & <b>", "\u{202e}\u{5e2}\u{5d1}\u{5e8}"];
    let words = ["alpha beta gamma", "delta epsilon zeta", "eta theta iota"];
    let object = |number: usize, label: &str| {
        serde_json::json!({
            "id": format!("<img src=x onerror=alert({number})>"),
            "label": label,
            "source": format!("</td></table><style>{}", number % 5),
            "date": "</p>",
            "text": format!("{} </blockquote><img src=x> \u{0}\u{202e} ]]> --> &#0; {number}", words[number % 3]),
        })
    };
    let lines = |shift: usize| -> String {
        (0..60).map(|number| format!("{}\n", object(number, labels[(number + shift) % 3]))).collect()
    };
    sandbox.write("train.jsonl", lines(0));
    sandbox.write("rows.jsonl", lines(1));
    sandbox
        .run(&["train", "train.jsonl", "--output", "model.safetensors", "--folds", "0", "--quiet"])
        .exits(0);
    let ran = report(&sandbox, &["rows.jsonl"]).exits(0);
    assert!(!ran.stdout.contains('\0'), "{ran}");
    let page = page(&sandbox);
    well_formed(&page);
    assert!(page.contains("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(page.contains("&quot;quoted&#39; &amp; &lt;b&gt;"));
    assert!(page.contains("&lt;/td&gt;&lt;/table&gt;") && page.contains("&lt;img src=x onerror"));
    assert!(!page.contains('\0') && page.contains('\u{fffd}'));
    assert_eq!(page.matches("<h3>").count(), 20);
}

#[test]
fn a_long_text_is_cut_around_what_counts() {
    let sandbox = Sandbox::with_model();
    let filler = "leaders said today with nato of the ukraine ".repeat(200);
    sandbox.write(
        "rows.csv",
        format!("id,label,text\nlong,against,{filler} guarantee deterrence must defend {filler} COURAGE\u{e9} {filler}\n"),
    );
    report(&sandbox, &["rows.csv"]).exits(0);
    let page = page(&sandbox);
    well_formed(&page);
    assert!(page.contains("<span class=\"gap-text\"> […] </span>"));
    assert!(page.contains("deterrence") && page.len() < 40_000, "{} bytes", page.len());
}

#[test]
fn documents_weights_dates_and_many_labels_have_their_places() {
    let sandbox = Sandbox::with_model();
    let text = "Leaders must defend the guarantee of deterrence.\n\nA costly pointless provocation today.\n\nReported thursday.";
    sandbox.write(
        "rows.csv",
        format!(
            "label,weight,date,text\nfor,2,2024-05-17,\"{text}\"\nagainst,1,17.06.2024,\"{text}\"\nneutral,0.5,05/06/2024,\"{text}\"\n"
        ),
    );
    report(&sandbox, &["rows.csv", "--documents"]).exits(0);
    let page = page(&sandbox);
    well_formed(&page);
    for part in [
        "of weight 3.5",
        "corrected for its errors",
        "2024-05",
        "1 with an unreadable or ambiguous one",
        "<mark",
    ] {
        assert!(page.contains(part), "the page lacks {part}");
    }

    let mut csv = String::from("label,text\n");
    for row in 0..600 {
        let label = if row % 10 == 0 { (row + 7) % 200 } else { row % 200 };
        csv.push_str(&format!("c{label:03},word{} and word{}\n", row % 200, (row + 1) % 200));
    }
    sandbox.write("many.csv", csv);
    sandbox.run(&["train", "many.csv", "--output", "model.safetensors", "--folds", "0", "--quiet"]).exits(0);
    report(&sandbox, &["many.csv"]).exits(0);
    let page = self::page(&sandbox);
    well_formed(&page);
    assert!(page.contains("The most common confusions of 180 labels") && !page.contains("Confusion matrix"));
}

#[test]
fn a_page_that_cannot_be_written_or_would_replace_its_rows_is_refused_first() {
    let sandbox = Sandbox::with_model();
    sandbox.write("rows.csv", labelled_csv(30));
    let before = sandbox.read("rows.csv");
    let evaluate = ["evaluate", "rows.csv", "--model", "model.safetensors", "--report"];
    let with = |path| sandbox.run(&[&evaluate[..], &[path]].concat());
    with("rows.csv").exits(2).says("this file is an input and would be overwritten");
    with("model.safetensors").exits(2);
    with("no/such/folder/page.html").exits(1).says("cannot write the report");
    assert_eq!(sandbox.read("rows.csv"), before);
    sandbox.write("page.html", "old");
    report(&sandbox, &["rows.csv", "--where", "article=none"]).exits(1);
    assert_eq!(sandbox.read("page.html"), b"old", "what failed leaves the old page");
    assert_eq!(sandbox.names(), ["model.safetensors", "page.html", "rows.csv"]);
}
