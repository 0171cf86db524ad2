//! What `score` makes of pages whose article is not simply there.
#![cfg(feature = "html")]

use serde_json::{Value, json};

use crate::harness::Sandbox;

const SENTENCES: [&str; 7] = [
    "The envoy told reporters that the guarantee would be part of the charter, and that each side would be held to it.",
    "Deputies from both chambers, meeting late into the night, declined to name the sum that the brigade would cost.",
    "A negotiator, who asked not to be named, said that three drafts had been torn up since the weekend.",
    "Critics of the scheme, on the left as on the right, spoke of a promissory note that no cabinet could redeem.",
    "In the capital itself people were wary, and lawmakers asked why the air force had vanished from the main text.",
    "The allies, who do not agree on how long troops would stay, will meet again once the summer is over.",
    "Scholars cautioned that a vow without soldiers, funds and a calendar would be read as an invitation to wait.",
];

fn each(tag: &str, sentences: &[&str]) -> String {
    sentences.iter().map(|sentence| format!("<{tag}>{sentence}</{tag}>")).collect()
}

/// A whole page around a body.
fn page(head: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>Talks stall - Gazette</title>{head}</head><body><header><nav><ul>\
         <li><a href=\"/\">Home</a></li><li><a href=\"/w\">World</a></li></ul></nav></header>{body}<footer><p>Gazette House, 12 Mill \
         Lane. Copyright Gazette. All rights reserved.</p></footer></body></html>"
    )
}

fn ld_json(value: &Value) -> String {
    let json = value.to_string().replace("</", "<\\/");
    format!("<script type=\"application/ld+json\">{json}</script>")
}

/// Scores pages; gives of each its way, its reason and its paragraphs.
fn score(pages: &[String], args: &[&str]) -> Vec<(Value, Value, Vec<String>)> {
    let sandbox = Sandbox::with_model();
    let names: Vec<String> = (0..pages.len()).map(|number| format!("{number}.html")).collect();
    pages.iter().zip(&names).for_each(|(page, name)| {
        sandbox.write(name, page);
    });
    let files = names.iter().map(String::as_str);
    let all: Vec<&str> = ["score", "--model", "model.safetensors", "--format", "jsonl", "--paragraphs"]
        .into_iter()
        .chain(args.iter().copied())
        .chain(files)
        .collect();
    let text = |paragraph: &Value| paragraph["text"].as_str().unwrap().to_owned();
    let found = sandbox.run(&all).exits(0).json();
    found
        .into_iter()
        .map(|mut record| {
            let paragraphs = record["paragraphs"].as_array().unwrap().iter().map(text).collect();
            (record["extraction"].take(), record["reason"].take(), paragraphs)
        })
        .collect()
}

#[test]
fn the_article_is_found_however_the_page_holds_it() {
    let body = SENTENCES.join("\n\n");
    let markup = each("p", &SENTENCES);
    let escaped = markup.replace('<', "&lt;").replace('>', "&gt;");
    let blocks: Vec<Value> =
        SENTENCES.iter().map(|sentence| json!({"type": "p", "text": sentence})).collect();
    let state = json!({"props": {"menu": ["Home", "World"], "story": {"title": "Talks", "blocks": blocks}}});
    let linked = format!(
        "<article>{}<div><p><strong><a href=x>{}</a></strong></p></div>{}</article>",
        each("p", &SENTENCES[..3]),
        SENTENCES[3],
        each("p", &SENTENCES[4..])
    );
    let pages = [
        ("article container", page("", &format!("<article><ol>{}</ol></article>", each("li", &SENTENCES)))),
        ("article container", page("", &format!("<div role=main><ul>{}</ul></div>", each("li", &SENTENCES)))),
        (
            "article container",
            page("", &format!("<div itemprop=articleBody><ul>{}</ul></div>", each("li", &SENTENCES))),
        ),
        ("article visible", page("", &format!("<div class=x><ol>{}</ol></div>", each("li", &SENTENCES)))),
        ("article", page("", &format!("<article>{markup}</article>"))),
        ("article", page("", &linked)),
        (
            "structured-data",
            page(&ld_json(&json!({"@type": "NewsArticle", "articleBody": body})), "<div id=root></div>"),
        ),
        (
            "structured-data",
            page(&ld_json(&json!({"@graph": [{"a": 1}, {"articleBody": markup}]})), "<div id=root></div>"),
        ),
        (
            "structured-data",
            page(&ld_json(&json!([{"articleBody": escaped}])), "<noscript>Turn it on.</noscript>"),
        ),
        (
            "structured-data",
            page(
                &(ld_json(&json!({"@type": "WebSite"})) + &ld_json(&json!({"articleBody": body}))),
                &format!("<article><p>{}</p></article>", SENTENCES[0]),
            ),
        ),
        (
            "structured-data",
            page("", &format!("<script id=__NEXT_DATA__ type=application/json>{state}</script>")),
        ),
    ];
    let (ways, pages): (Vec<&str>, Vec<String>) = pages.into_iter().unzip();
    for ((way, page), (found, reason, paragraphs)) in
        ways.iter().zip(&pages).zip(score(&pages, &["--no-abstain"]))
    {
        // The extractor may come to find lists, too.
        assert!(way.split(' ').any(|way| found == way), "{found}: {page}");
        assert_eq!(reason, Value::Null, "{page}");
        assert_eq!(paragraphs, SENTENCES, "{page}");
    }
}

/// A notice, an offer or the readers may write more than the article has.
#[test]
fn what_stands_beside_a_short_article_stays_out() {
    let story = each("p", &SENTENCES[..1]);
    let offer = "<h2>Continue for just $2</h2><p>Get full digital access to every story, chart and podcast on all your \
                 devices, wherever you are, and read this piece to its end. Cancel anytime. Join our readers today.</p>";
    let german = "<p>Jetzt weiterlesen mit dem Probeabo: alle Artikel, alle Podcasts, vier Wochen für einen Euro, danach \
                  monatlich kündbar. Lesen Sie auf allen Geräten, wo immer Sie sind.</p>";
    let notice = "<div class=m><h2>We value your privacy</h2><p>We and our 812 partners store and access information on a \
                  device, such as identifiers, and process personal data for advertisements, measurement and research. \
                  You may click to consent, or refuse, or change your choices at any time.</p></div>";
    let letter = "<div class=n><p>Sign up for our newsletter and get the stories that matter, and the numbers of the \
                  day, before breakfast.</p></div>";
    let reader = "<div class=c><p>I do not think that this is right, for my brother served there and told me what it is like.</p></div>";
    let readers: String =
        (0..12).map(|number| reader.replace("brother", &format!("brother {number}"))).collect();
    let pages = [
        page("", &format!("<article>{story}</article><div>{offer}</div>")),
        page("", &format!("<article>{story}<div>{offer}</div></article>")),
        page("", &format!("<div class=story>{story}</div><div class=x>{offer}</div>")),
        page("", &format!("<div class=story>{story}</div><div class=x>{german}</div>")),
        page("", &format!("{notice}<main>{story}</main>")),
        page("", &format!("{}<div class=story>{story}</div>", notice.replace("=m", "=cookie-banner"))),
        page("", &format!("<div class=story>{story}</div>{letter}")),
        page("", &format!("<article>{story}<section class=comments>{readers}</section></article>")),
        page("", &format!("<article>{story}</article><div class=y>{readers}</div>")),
        page("", &format!("<div class=story>{story}</div><div class=y><h3>12 Comments</h3>{readers}</div>")),
    ];
    for (page, (_, _, paragraphs)) in pages.iter().zip(score(&pages, &["--no-abstain"])) {
        assert_eq!(paragraphs, SENTENCES[..1], "{page}");
    }
}

#[test]
fn a_page_without_a_text_gets_a_reason_and_no_label() {
    let pages = [
        page("", ""),
        page("", "<div id=root></div><noscript>You need scripts.</noscript>"),
        page(
            &ld_json(&json!({"@type": "WebSite", "name": "Gazette"})),
            "<div><a href=x>Home</a> <a href=y>World</a></div>",
        ),
        page("", "<div><p>Please enable JavaScript to view this page.</p></div>"),
        page("", "<div><p>This article is for subscribers. Cancel anytime.</p></div>"),
    ];
    for (page, found) in pages.iter().zip(score(&pages, &[])) {
        assert_eq!(found, (json!("nothing"), json!("nothing-extracted"), vec![]), "{page}");
    }
    for (page, (way, reason, _)) in pages.iter().zip(score(&pages, &["--no-abstain"])) {
        assert_eq!((way, reason), (json!("nothing"), Value::Null), "{page}");
    }
}

#[test]
fn texts_that_are_no_html_have_no_extraction() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.txt", SENTENCES[0]);
    sandbox.write("b.csv", format!("text\n\"<p>{}</p>\"\n\"\"\n", SENTENCES[0]));
    let run = |args: &[&str]| {
        let all = [&["score", "--model", "model.safetensors", "--format", "jsonl"], args].concat();
        sandbox
            .run(&all)
            .exits(0)
            .json()
            .into_iter()
            .map(|record| record["extraction"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(run(&["a.txt", "b.csv"]), [Value::Null, Value::Null, Value::Null]);
    let found = run(&["b.csv", "--text-format", "html"]);
    assert!(found[0].is_string() && found[0] != "nothing" && found[1].is_null(), "{found:?}");
}

#[test]
fn an_archive_says_what_it_passes_over() {
    let sandbox = Sandbox::with_model();
    let record = |id: &str, body: &[u8]| {
        let block = [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), body].concat();
        let head = format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <{id}>\r\nContent-Length: {}\r\n\r\n",
            block.len()
        );
        [head.as_bytes(), &block, b"\r\n\r\n"].concat()
    };
    let story = format!("<html><body><article>{}</article></body></html>", each("p", &SENTENCES));
    sandbox.write("a.warc", [record("1", story.as_bytes()), record("2", b"\x89PNG\r\n\0\0")].concat());
    sandbox.write("b.warc", record("3", b"\x89PNG\r\n\0\0"));
    let args = ["score", "a.warc", "b.warc", "--model", "model.safetensors", "--format", "jsonl"];
    let ran = sandbox
        .run(&args)
        .exits(0)
        .says("a.warc: skipped 1 record without a Content-Type and with neither HTML nor text")
        .says("b.warc: skipped 1 record without");
    let found = ran.json();
    assert_eq!(
        (found.len(), &found[0]["id"], &found[0]["extraction"]),
        (1, &json!("<1>"), &json!("article"))
    );
}

/// Pages of 4 MB that are made to cost room or time.
#[test]
fn huge_pages_are_read_in_seconds() {
    let item = format!("<ul><li>{}", &SENTENCES[0][..20]);
    let json = json!([{"articleBody": "x"}, [1, 2, 3], "<p>a</p>"]).to_string() + ",";
    let pages = [
        item.repeat((4 << 20) / item.len()),
        format!("<script type=application/ld+json>[{}0]</script>", json.repeat((4 << 20) / json.len())),
        format!("<script type=application/json>[{}0]</script>", json.repeat((4 << 20) / json.len())),
        "<a href=\"<p>".repeat((4 << 20) / 12),
        "<script>".repeat((4 << 20) / 8),
    ];
    let begun = std::time::Instant::now();
    assert_eq!(score(&pages, &["--no-abstain"]).len(), pages.len());
    assert!(begun.elapsed().as_secs() < 240, "{:?}", begun.elapsed());
}
