//! Tables as other programs write them: without quoting, with escapes, with titles, in other
//! encodings.

use serde_json::Value;

use crate::harness::{Finished, Sandbox, labelled_csv};

const FOR: &str =
    "Leaders must defend the guarantee because deterrence and courage support the country today.";
const AGAINST: &str = "The burden of the alliance costs too much and the quagmire drags on for years.";

fn score(sandbox: &Sandbox, more: &[&str]) -> Finished {
    sandbox.run(&[&["score", "--model", "model.safetensors", "--format", "jsonl"], more].concat())
}

/// What stands in a field of each result.
#[track_caller]
fn all(ran: &Finished, field: &str) -> Vec<Value> {
    ran.json().iter().map(|record| record[field].clone()).collect()
}

/// The scores of a text that stands alone in a file.
fn alone(sandbox: &Sandbox, text: &str) -> Value {
    sandbox.write("alone.txt", text);
    score(sandbox, &["alone.txt"]).exits(0).json()[0]["probabilities"].clone()
}

#[test]
fn a_table_without_quoting_gives_each_line_its_scores() {
    let sandbox = Sandbox::with_model();
    let texts = [format!("\"{FOR}"), format!("{AGAINST}\""), FOR.to_owned()];
    let rows: String = texts.iter().enumerate().map(|(n, text)| format!("{n}\t{text}\tx\n")).collect();
    sandbox.write("raw.tsv", format!("id\ttext\tlabel\n{rows}"));
    for more in [&["raw.tsv"][..], &["raw.tsv", "--quote", "none"]] {
        let ran = score(&sandbox, more).exits(0);
        let expected: Vec<Value> = texts.iter().map(|text| alone(&sandbox, text)).collect();
        assert_eq!(all(&ran, "probabilities"), expected, "{ran}");
        assert_eq!(all(&ran, "id"), ["0", "1", "2"]);
    }
    score(&sandbox, &["raw.tsv"]).says("warning: raw.tsv: quotation marks are read as ordinary characters");
    score(&sandbox, &["raw.tsv"]).says("--quote sets another mark");
    let told = score(&sandbox, &["raw.tsv", "--quote", "none"]).exits(0);
    assert!(!told.stderr.contains("quotation marks"), "{told}");
    score(&sandbox, &["raw.tsv", "--quote", "abc"]).exits(2);
}

#[test]
fn escapes_titles_and_trailing_delimiters_are_read_by_every_command() {
    let sandbox = Sandbox::with_model();
    let plain = labelled_csv(60);
    let rows: Vec<&str> = plain.lines().skip(1).collect();
    let header = plain.lines().next().unwrap();
    let ended: String = rows.iter().map(|row| format!("{row},\n")).collect();
    sandbox.write("plain.csv", &plain);
    sandbox.write("ended.csv", format!("{header}\n{ended}"));
    sandbox.write("titled.csv", format!("Coded by hand,,,\n\n{plain}"));
    sandbox.write("told.csv", format!("{header}\n{plain}"));
    sandbox.write("sep.csv", format!("sep=,\r\n{plain}"));
    sandbox.write("returns.csv", plain.replace('\n', "\r"));
    sandbox.run(&["train", "plain.csv", "--output", "plain.safetensors"]).exits(0);
    for (name, more) in [
        ("ended.csv", &[][..]),
        ("titled.csv", &[]),
        ("sep.csv", &[]),
        ("told.csv", &["--header-row", "2"]),
        ("returns.csv", &[]),
    ] {
        let train = ["train", name, "--output", "other.safetensors"];
        let ran = sandbox.run(&[&train, more].concat()).exits(0);
        assert!(ran.stdout.contains("60 used") || ran.stderr.contains("60 used"), "{name}: {ran}");
        let figures = |file: &str, more: &[&str]| {
            let evaluate = ["evaluate", file, "--model", "plain.safetensors", "--format", "json"];
            sandbox.run(&[&evaluate, more].concat()).exits(0).stdout
        };
        assert_eq!(figures(name, more), figures("plain.csv", &[]), "{name}");
    }
    sandbox.run(&["train", "titled.csv", "-o", "m.safetensors"]).says("below other lines; --header-row sets");
}

#[test]
fn a_column_that_stands_twice_ends_training() {
    let sandbox = Sandbox::new();
    sandbox.write("twice.csv", "text,label,text\na,b,c\n");
    let ran = sandbox.run(&["train", "twice.csv", "-o", "m.safetensors"]).exits(1);
    ran.says("twice.csv, line 1: two columns are called `text` (columns 1 and 3); rename one of them");
}

#[test]
fn signs_of_markup_and_of_wrong_decoding_are_counted_by_score_train_and_evaluate() {
    let sandbox = Sandbox::with_model();
    let plain = labelled_csv(60);
    let header = plain.lines().next().unwrap();
    let marked = |row: &str| match row.rsplit_once(',') {
        Some((before, text)) => format!("{before},<p>{text}</p> donâ€™t\n"),
        None => String::new(),
    };
    let rows: String = plain
        .lines()
        .skip(1)
        .enumerate()
        .map(|(n, row)| if n % 2 == 0 { marked(row) } else { format!("{row}\n") })
        .collect();
    sandbox.write("signs.csv", format!("{header}\n{rows}"));
    let html =
        "warning: 30 of 60 texts look like HTML (first signs.csv, line 2); --text-format html reads them";
    let mended = "warning: 30 of 60 texts look like UTF-8 read as windows-1252 (first signs.csv, line 2)";
    score(&sandbox, &["signs.csv", "--summary", "counts.json"]).exits(0).says(html).says(mended);
    let counts: Value = serde_json::from_slice(&sandbox.read("counts.json")).unwrap();
    assert!(counts["notes"][0].as_str().unwrap().starts_with("30 of 60 texts look like HTML"), "{counts}");
    sandbox.run(&["train", "signs.csv", "-o", "m.safetensors"]).exits(0).says(html).says(mended);
    sandbox.run(&["evaluate", "signs.csv", "--model", "m.safetensors"]).exits(0).says(html).says(mended);
    let read = score(&sandbox, &["signs.csv", "--text-format", "html"]).exits(0);
    assert!(!read.stderr.contains("look like HTML"), "{read}");
    sandbox.write("hearts.csv", format!("text\n\"{FOR} <3 <- 1 < 2 & so\"\n"));
    assert!(!score(&sandbox, &["hearts.csv"]).exits(0).stderr.contains("HTML"));
}

#[test]
fn texts_that_were_decoded_wrongly_are_told_with_the_encoding_that_helps() {
    let sandbox = Sandbox::with_model();
    // "Министры подписали договор" in windows-1251.
    let bytes =
        b"\xcc\xe8\xed\xe8\xf1\xf2\xf0\xfb \xef\xee\xe4\xef\xe8\xf1\xe0\xeb\xe8 \xe4\xee\xe3\xee\xe2\xee\xf0";
    sandbox.write("rows.csv", [b"id,text\n1,", &bytes[..], b"\n"].concat());
    let sign = "warning: 1 of 1 texts looks like windows-1251 read as windows-1252 (first rows.csv, line 2)";
    let wrong = score(&sandbox, &["rows.csv", "--encoding", "windows-1252"]).exits(0);
    wrong.says(sign).says("--encoding windows-1251 reads them as they were written");
    let right = score(&sandbox, &["rows.csv", "--encoding", "windows-1251"]).exits(0);
    assert!(!right.stderr.contains("looks like"), "{right}");
    // The same, saved as UTF-8: no encoding helps any more.
    let saved: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    sandbox.write("rows.csv", format!("id,text\n1,{saved}\n2,donÕt stop the cafŽ\n"));
    let mended = score(&sandbox, &["rows.csv"]).exits(0);
    let mended = mended
        .says("1 of 2 texts looks like windows-1251 read as windows-1252")
        .says("export them again as UTF-8");
    let mended = mended.says("1 of 2 texts looks like Mac Roman read as windows-1252");
    assert!(!mended.stderr.contains("--encoding"), "{mended}");
}

#[test]
fn markup_that_is_not_read_is_told() {
    let sandbox = Sandbox::with_model();
    sandbox.write("post.txt", format!("[b]{FOR}[/b]\n\n[url=http://x.org/a]{AGAINST}[/url]\n"));
    score(&sandbox, &["post.txt"]).exits(0).says("1 of 1 texts looks like BBCode (`[b]`) (first post.txt");
    sandbox.write("page.txt", format!("'''{FOR}''' {{{{cite|x}}}} [[Rain|{AGAINST}]]\n"));
    score(&sandbox, &["page.txt"]).exits(0).says("1 of 1 texts looks like wiki markup");
    sandbox.write("rows.csv", format!("text\n\"**{FOR}** [more](http://x.org/a) and {AGAINST}\"\n"));
    score(&sandbox, &["rows.csv"])
        .exits(0)
        .says("1 of 1 texts looks like Markdown")
        .says("--text-format markdown reads them");
}

#[test]
fn rows_that_stand_in_quotes_as_a_whole_are_rows() {
    let sandbox = Sandbox::with_model();
    let rows = format!("\"1,\"\"{FOR}, they said.\"\",for\"\n\"2,{AGAINST},against\"\n3,{FOR},for\n");
    let told = "the row is in quotation marks as a whole; such rows are read without them";
    for (header, line) in [("\"id,text,label\"", 1), ("id,text,label", 2)] {
        sandbox.write("rows.csv", format!("{header}\n{rows}"));
        let ran = score(&sandbox, &["rows.csv", "--paragraphs"]).exits(0);
        let ran = ran.says(&format!("rows.csv, line {line}: {told}"));
        assert_eq!(all(&ran, "id"), ["1", "2", "3"], "{ran}");
    }
    sandbox.write(
        "rows.csv",
        format!("\"id,text,label\";\n\"1,{FOR},for\";\n\"2,\"\"{FOR}, they said\"\",for\";\n"),
    );
    let ran = score(&sandbox, &["rows.csv", "--keep", "label"]).exits(0);
    assert_eq!(
        (all(&ran, "id"), ran.stdout.matches("for\\\"").count()),
        (vec!["1".into(), "2".into()], 0),
        "{ran}"
    );
    sandbox.write("one.csv", format!("text\n\"{FOR}, and so on, it is said\"\n"));
    assert!(!score(&sandbox, &["one.csv"]).exits(0).stderr.contains("as a whole"));
    sandbox.run(&["train", "rows.csv", "--text-column", "", "-o", "m.safetensors"]).exits(2);
}

#[test]
fn a_cell_that_excel_has_cut_is_counted() {
    let sandbox = Sandbox::with_model();
    let cut: String = FOR.chars().cycle().take(32_767).collect();
    sandbox.write("cut.csv", format!("id,text\n1,{cut}\n2,{FOR}\n"));
    score(&sandbox, &["cut.csv"]).exits(0).says("1 of 2 texts has exactly 32,767 characters");
}

#[test]
fn files_with_carriage_returns_alone_have_lines() {
    let sandbox = Sandbox::with_model();
    let text = format!("A headline\n\n{FOR}\n\n{AGAINST}\n");
    sandbox.write("feeds.txt", &text);
    sandbox.write("feeds.md", &text);
    let paragraphs = |name: &str| {
        let ran = score(&sandbox, &[name, "--paragraphs", "--no-text"]).exits(0);
        all(&ran, "paragraphs").remove(0)
    };
    for name in ["feeds.txt", "feeds.md"] {
        let returns = name.replace("feeds", "returns");
        sandbox.write(&returns, text.replace('\n', "\r"));
        assert_eq!(paragraphs(&returns), paragraphs(name), "{name}");
    }
    let lines =
        format!("{{\"id\":\"a\",\"text\":\"{FOR}\"}}\r{{\"id\":\"b\",\"text\":\"{AGAINST}\"}}\rno object\r");
    sandbox.write("returns.jsonl", lines);
    let ran = score(&sandbox, &["returns.jsonl"]).exits(3);
    assert_eq!(all(&ran, "id")[..2], ["a", "b"]);
    assert_eq!(ran.json()[2]["error"]["line"], 3, "{ran}");
}

#[test]
fn every_command_that_shows_texts_tells_how_they_were_read() {
    let sandbox = Sandbox::with_model();
    let rows = "a note\nid,text,anna,ben\n1,Caf\u{e9} leaders must defend the guarantee of deterrence,for,for\n\
         2,Caf\u{e9} fear of a costly and pointless escalation,against,for\n";
    sandbox.write("rows.csv", rows.chars().map(|c| c as u32 as u8).collect::<Vec<u8>>());
    for args in [
        &["agreement", "rows.csv", "--columns", "anna,ben"][..],
        &["paragraphs", "rows.csv"],
        &["explain", "rows.csv", "--model", "model.safetensors"],
        &["robustness", "rows.csv", "--model", "model.safetensors"],
        &["suggest", "rows.csv", "--model", "model.safetensors"],
    ] {
        let ran = sandbox.run(args).exits(0).says("rows.csv: not UTF-8; guessed to be windows-1252");
        assert_eq!(ran.stderr.matches("guessed").count(), 1, "{ran}");
        ran.says("rows.csv, line 2: found the column names here");
    }
    sandbox.write(
        "pool.csv",
        "id,text\n1,A statement reported five percent according to the meeting on Thursday.\n",
    );
    let labeled = ["suggest", "pool.csv", "--labeled", "rows.csv", "--model", "model.safetensors"];
    sandbox.run(&labeled).exits(0).says("rows.csv: not UTF-8; guessed to be windows-1252");
    for quiet in [
        &["agreement", "rows.csv", "--columns", "anna,ben", "--quiet"][..],
        &["robustness", "rows.csv", "--model", "model.safetensors", "--quiet"],
        &["suggest", "rows.csv", "--model", "model.safetensors", "--quiet"],
    ] {
        assert_eq!(sandbox.run(quiet).exits(0).stderr, "");
    }
}

#[test]
fn encodings_of_old_programs_are_guessed_and_told() {
    let sandbox = Sandbox::with_model();
    let text =
        "It’s today’s decision. “No deal,” he said – don’t ask why at the café. Leaders must defend it.";
    sandbox.write("mac.csv", mac_roman(&format!("id,text\r1,\"{text}\"\r")));
    let ran = score(&sandbox, &["mac.csv"]).exits(0).says("guessed to be macintosh");
    assert_eq!(all(&ran, "probabilities"), [alone(&sandbox, text)]);
    score(&sandbox, &["mac.csv", "--encoding", "macintosh"]).exits(0);
    let utf32: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    sandbox.write("wide.txt", utf32);
    let ran = score(&sandbox, &["wide.txt"]).exits(1);
    assert!(ran.json()[0]["error"]["message"].as_str().unwrap().contains("iconv -f UTF-32"), "{ran}");
}

/// The few characters of the test in Mac Roman.
fn mac_roman(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        '’' => 0xd5,
        '“' => 0xd2,
        '”' => 0xd3,
        '–' => 0xd0,
        'é' => 0x8e,
        c => u8::try_from(c).unwrap(),
    };
    text.chars().map(byte).collect()
}

#[test]
fn a_wide_window_of_zstd_is_named_and_read_where_it_is_asked_for() {
    let sandbox = Sandbox::with_model();
    // A frame with a window of 256 MB and one raw block.
    let json = format!("{{\"text\":\"{FOR}\"}}\n");
    let size = (json.len() as u32) << 3 | 1;
    let frame =
        [&[0x28, 0xb5, 0x2f, 0xfd, 0, 18 << 3][..], &size.to_le_bytes()[..3], json.as_bytes()].concat();
    sandbox.write("wide.jsonl.zst", frame);
    let ran = score(&sandbox, &["wide.jsonl.zst"]).exits(1);
    let message = ran.json()[0]["error"]["message"].as_str().unwrap().to_owned();
    assert!(
        message.contains("its zstd window is 256 MB") && message.contains("`zstd --long=28 -d`"),
        "{message}"
    );
    let ran = score(&sandbox, &["wide.jsonl.zst", "--long", "28"]).exits(0);
    assert_eq!(all(&ran, "probabilities"), [alone(&sandbox, FOR)]);
    score(&sandbox, &["wide.jsonl.zst", "--long", "32"]).exits(2);
    sandbox.write("a.csv.xz", b"\xfd7zXZ\0");
    sandbox.write("b.csv", b"\xfd7zXZ\0\0\x04");
    for name in ["a.csv.xz", "b.csv"] {
        let ran = score(&sandbox, &[name]).exits(1);
        assert!(ran.json()[0]["error"]["message"].as_str().unwrap().contains("`xz -d`"), "{ran}");
    }
}
