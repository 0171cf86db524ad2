//! Plain texts that hold something else: characters that were written out, chats, short texts on
//! lines of their own, tables without column names.

use crate::harness::{Finished, Sandbox};

const FOR: &str = "Leaders must defend the guarantee: Ukraine’s deterrence & courage support peace today.";

fn score(sandbox: &Sandbox, more: &[&str]) -> Finished {
    sandbox.run(&[&["score", "--model", "model.safetensors", "--format", "jsonl"], more].concat())
}

#[test]
fn characters_that_were_written_out_have_the_score_of_the_characters() {
    let sandbox = Sandbox::with_model();
    sandbox.write("plain.txt", format!("{FOR}\n\n{FOR}\n"));
    let expected = score(&sandbox, &["plain.txt"]).exits(0).json()[0]["probabilities"].clone();
    for (apostrophe, and, said) in [
        ("&#8217;", "&amp;", "character references"),
        ("&rsquo;", "&amp;", "--input-format text keeps them"),
        ("&amp;#8217;", "&amp;amp;", "character references"),
        ("=E2=80=99", "=\n&", "read as quoted-printable text"),
        ("<U+2019>", "&", "as R writes them"),
    ] {
        let text = FOR.replace('&', and).replace('’', apostrophe);
        sandbox.write("a.txt", format!("{text}\n\n{text}\n"));
        let ran = score(&sandbox, &["a.txt"]).exits(0).says(said);
        assert_eq!(ran.json()[0]["probabilities"], expected, "{text}");
        let kept = score(&sandbox, &["a.txt", "--input-format", "text"]).exits(0);
        assert!(!kept.stderr.contains(said), "{kept}");
    }
    sandbox.write("a.txt", format!("Ink\n<p>{FOR}</p>\n<p>{FOR}</p>\n"));
    score(&sandbox, &["a.txt"]).exits(0).says("it has tags of HTML").says("--input-format html reads it");
}

#[test]
fn cells_that_were_encoded_are_counted() {
    let sandbox = Sandbox::with_model();
    for (cell, said) in [
        (FOR.replace('’', "=E2=80=99"), "looks like quoted-printable text"),
        (FOR.replace(' ', "%20"), "looks percent-encoded"),
        (FOR.replace("& ", "").replace(' ', "+"), "looks percent-encoded"),
        (FOR.replace('’', "<U+2019>"), "contains escapes in place of characters"),
        (FOR.replace('’', "\\'"), "contains escapes in place of characters"),
        (format!("<![CDATA[{FOR}]]>"), "contains `<![CDATA[` of XML"),
    ] {
        sandbox.write("a.csv", format!("id,text\n1,\"{cell}\"\n2,\"{FOR}\"\n"));
        score(&sandbox, &["a.csv"]).exits(0).says(&format!("1 of 2 texts {said}"));
    }
    sandbox.write("a.csv", format!("text\n\"&lt;p&gt;{FOR}&lt;/p&gt;&lt;p&gt;So.&lt;/p&gt;\"\n"));
    let ran = score(&sandbox, &["a.csv", "--text-format", "html"]).exits(0);
    ran.says("1 of 1 texts still looks like HTML").says("html.unescape");
}

#[test]
fn each_message_of_a_chat_is_a_text() {
    let sandbox = Sandbox::with_model();
    let chat = format!(
        "[12.03.24, 18:20:01] Ink: \u{200e}Messages and calls are end-to-end encrypted.\n\
         [12.03.24, 18:22:01] Ann Lee: {FOR}\nAnd more.\n[13.03.24, 18:22:01] Ben: {FOR}\n[13.03.24, 18:23:01] Ann Lee: So.\n"
    );
    sandbox.write("a.txt", &chat);
    let ran = score(&sandbox, &["a.txt", "--keep", "author,date"]).exits(0).says("read as a chat");
    let records = ran.json();
    assert_eq!(records.len(), 3, "{ran}");
    assert_eq!(records[0]["meta"]["author"], "Ann Lee", "{ran}");
    assert_eq!(records[1]["meta"]["date"], "2024-03-13", "{ran}");
    assert_eq!(score(&sandbox, &["a.txt", "--input-format", "text"]).exits(0).json().len(), 1);
    sandbox.write("b.txt", format!("{FOR}\n"));
    score(&sandbox, &["b.txt", "--input-format", "chat"]).exits(1).says("it is not a chat");
}

#[test]
fn short_texts_on_lines_of_their_own_are_told_and_read_on_request() {
    let sandbox = Sandbox::with_model();
    let lines: String = (0..120).map(|n| format!("{FOR} They said \"{n}\", and left.\n")).collect();
    sandbox.write("a.txt", &lines);
    let ran = score(&sandbox, &["a.txt"]).exits(0).says("it looks like one text per line");
    assert_eq!(ran.says("--input-format lines reads each line as a text").json().len(), 1);
    let ran = score(&sandbox, &["a.txt", "--input-format", "lines"]).exits(0);
    assert!(!ran.stderr.contains("per line"), "{ran}");
    assert_eq!(ran.json().len(), 120);
    let kept = score(&sandbox, &["a.txt", "--input-format", "text"]).exits(0);
    assert!(!kept.stderr.contains("per line"), "{kept}");
}

#[test]
fn tables_without_names_and_printed_lists_are_refused() {
    let sandbox = Sandbox::with_model();
    for (text, said) in [
        (format!("7\t{FOR}\n").repeat(4), "no line names the column of the text"),
        ("1\tIt\tPRON\n2\trained\tVERB\n".repeat(4), "one token per line"),
        (format!("[1] \"{FOR}\"\n[2] \"{FOR}\"\n"), "what R prints of a vector"),
        (format!("['{FOR}', '{FOR}']\n"), "as Python prints it"),
        (format!("   text\n0  {FOR}\n1  {FOR}\n2  {FOR}\n"), "what pandas prints"),
    ] {
        sandbox.write("a.txt", &text);
        score(&sandbox, &["a.txt"]).exits(1).says(said).says("--input-format text reads it as one text");
        score(&sandbox, &["a.txt", "--input-format", "text"]).exits(0);
    }
}
