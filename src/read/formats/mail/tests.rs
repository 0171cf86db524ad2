use proptest::prelude::*;

use crate::read::{Column, Input, InputOptions, Inputs, Requirement};
use crate::text::document::Document;

fn read(name: &str, bytes: &[u8]) -> Vec<Result<Document, String>> {
    let column = |name: &str| Column { name: name.to_owned(), need: Requirement::Optional };
    let columns = ["date", "author", "title", "to", "x-list"].map(column).to_vec();
    let options = InputOptions { columns, ..InputOptions::default() };
    Inputs::new([Input::from_bytes(name, bytes)], options.clone())
        .map(|raw| raw.and_then(|raw| raw.document(&options)).map_err(|error| error.to_string()))
        .collect()
}

const MAIL: &str = "From: =?iso-8859-1?Q?Ren=E9e?= Roe <r@example.org>\r\nTo: B <b@example.org>, c@example.org\r\n\
    Date: Mon, 3 Jun 2024 08:00:00 +0200\r\nSubject: =?utf-8?B?w4lub3VnaCBpbms=?=\r\nMessage-ID: <7@example.org>\r\n\
    MIME-Version: 1.0\r\nX-List: ink\r\nContent-Type: text/plain; charset=windows-1252\r\n\
    Content-Transfer-Encoding: quoted-printable\r\n\r\nThe caf=E9 was closed, and no=\r\nbody signed.\r\n";

#[test]
fn a_message_is_decoded_and_its_headers_are_columns() {
    for name in ["a.eml", "a.txt", "a"] {
        let document = &read(name, MAIL.as_bytes())[0].clone().unwrap();
        assert_eq!(document.text, "The café was closed, and nobody signed.", "{name}");
        assert_eq!((document.id.as_str(), document.record), ("7@example.org", None));
        assert_eq!(document.title.as_deref(), Some("Énough ink"));
        let columns: Vec<_> = document.columns.iter().map(|value| value.as_deref().unwrap()).collect();
        let date = "2024-06-03T08:00:00+02:00";
        assert_eq!(columns, [date, "Renée Roe", "Énough ink", "B <b@example.org>, c@example.org", "ink"]);
    }
}

const PARTS: &str = "From: a@example.org\nDate: Mon, 3 Jun 2024 08:00:00 +0000\nMIME-Version: 1.0\n\
    Content-Type: multipart/alternative; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nPLAIN\n--b\n\
    Content-Type: text/html; charset=utf-8\n\n\
    <html><body><p>The <b>page</b> goes on and says the same.</p></body></html>\n--b--\n";

#[test]
#[cfg(feature = "html")]
fn the_page_of_a_message_is_read_where_there_is_no_text_or_a_stub() {
    let long = PARTS.replace("PLAIN", "The page goes on, in plain text.");
    assert_eq!(read("a.eml", long.as_bytes())[0].as_ref().unwrap().text, "The page goes on, in plain text.");
    for stub in ["", "See page"] {
        let mail = PARTS.replace("PLAIN", stub);
        assert_eq!(
            read("a.eml", mail.as_bytes())[0].as_ref().unwrap().text,
            "The page goes on and says the same."
        );
    }
}

#[test]
fn the_last_part_of_a_message_may_lack_its_end() {
    let cut = PARTS.replace("\n--b--\n", "\n").replace("PLAIN", "");
    let text = read("a.eml", cut.as_bytes())[0].as_ref().unwrap().text.clone();
    assert_eq!(text, "The page goes on and says the same.");
    let only = cut.split("\n--b\nContent-Type: text/html").next().unwrap().to_owned() + "\nIt rained.";
    assert_eq!(read("a.eml", only.as_bytes())[0].as_ref().unwrap().text, "It rained.");
}

#[test]
fn a_part_of_utf_8_is_read_as_such_whatever_it_names() {
    for (encoding, body) in [
        ("8bit", "Renée’s café"),
        ("quoted-printable", "Ren=C3=A9e=E2=80=99s caf=C3=A9"),
        ("base64", "UmVuw6ll4oCZcyBjYWbDqQ=="),
    ] {
        let mail = format!(
            "From: a@example.org\nDate: Mon, 3 Jun 2024 08:00:00 +0000\nMIME-Version: 1.0\n\
             Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: {encoding}\n\n{body}\n"
        );
        assert_eq!(read("a.eml", mail.as_bytes())[0].as_ref().unwrap().text, "Renée’s café", "{encoding}");
    }
}

#[test]
fn a_mailbox_has_a_record_for_each_message() {
    let from = |at: u32| format!("From a@example.org Mon Jun  3 08:0{at}:00 2024\n");
    let mailbox = format!(
        "{}From: A <a@example.org>\nSubject: One\n\nFrom the first day it rained.\n>From then on, too.\n>>From x\n\n\
         {}no header here\n\n{}From: b@example.org\nSubject: Two\n\nIt snowed.\n",
        from(1),
        from(2),
        from(3)
    );
    for name in ["a.mbox", "a.txt", "a.mbox.gz"] {
        let bytes = match name.ends_with("gz") {
            false => mailbox.clone().into_bytes(),
            true => {
                use std::io::Write;
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
                encoder.write_all(mailbox.as_bytes()).unwrap();
                encoder.finish().unwrap()
            }
        };
        let found = read(name, &bytes);
        assert_eq!(found.len(), 3, "{name}");
        let first = found[0].as_ref().unwrap();
        assert_eq!(first.text, "From the first day it rained.\nFrom then on, too.");
        assert_eq!((first.record, first.line, first.title.as_deref()), (Some(1), Some(1), Some("One")));
        assert!(found[1].as_ref().unwrap_err().contains("record 2: it is not a message"), "{:?}", found[1]);
        let last = found[2].as_ref().unwrap();
        assert_eq!(
            (last.text.as_str(), last.record, last.id.as_str()),
            ("It snowed.", Some(3), &*format!("{name}#3"))
        );
    }
}

#[test]
fn lines_of_old_macs_and_files_of_apple_mail_are_read() {
    let mail = "From: A <a@example.org>\nDate: Mon, 3 Jun 2024 08:00:00 +0000\nSubject: One\nMIME-Version: 1.0\n\nIt rained.\n";
    let emlx = format!("{}      \n{mail}<?xml version=\"1.0\"?><plist><dict/></plist>\n", mail.len());
    let mailbox = format!("From a@example.org Mon Jun  3 08:01:00 2024\n{mail}");
    for (name, bytes) in [
        ("a.eml", mail.replace('\n', "\r")),
        ("a.txt", mail.replace('\n', "\r")),
        ("a.mbox", mailbox.replace('\n', "\r")),
        ("a.emlx", emlx.clone()),
        ("a", emlx),
    ] {
        let found = read(name, bytes.as_bytes());
        assert_eq!(found.len(), 1, "{name}");
        let document = found[0].as_ref().unwrap();
        assert_eq!(
            (document.text.as_str(), document.title.as_deref()),
            ("It rained.", Some("One")),
            "{name}"
        );
    }
}

#[test]
fn a_mail_that_is_answered_or_passed_on_is_not_the_senders() {
    let mail = |text: &str| {
        let mail =
            format!("From: a@example.org\nDate: Mon, 3 Jun 2024 08:00:00 +0000\nMIME-Version: 1.0\n\n{text}");
        read("a.eml", mail.as_bytes())[0].as_ref().unwrap().text.clone()
    };
    let below = "-----Original Message-----\nFrom: Ann\nSent: Friday\nTo: Ben\nSubject: Ink\n\nPay up.\n";
    assert_eq!(mail(&format!("I disagree.\n\n{below}")), "I disagree.");
    assert_eq!(mail(below), "Pay up.");
}

#[test]
#[cfg(feature = "html")]
fn a_mail_that_the_page_of_another_quotes_is_not_the_senders() {
    let head = "From: a@example.org\nDate: Mon, 3 Jun 2024 08:00:00 +0000\nMIME-Version: 1.0\nContent-Type: text/html\n\n";
    for below in [
        "<div class=gmail_quote><div>On 3 June Ann wrote:</div><blockquote>Pay up.</blockquote></div>",
        "<div><b>From:</b> Ann<br><b>Sent:</b> Friday<br><b>To:</b> Ben<br><b>Subject:</b> Ink</div><p>Pay up.</p>",
    ] {
        let found =
            read("a.eml", format!("{head}<html><body><p>I disagree.</p>{below}</body></html>").as_bytes());
        assert_eq!(found[0].as_ref().unwrap().text, "I disagree.", "{below}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_mail_panics(mail in "(From: a|Date: |\n|\n\n|MIME-Version: 1.0\n|Content-Type: multipart/mixed; boundary=b\n|-{2}b|--|Content-Type: message/rfc822\n|=3D|=\n|<p>|\\PC|Content-Transfer-Encoding: base64\n){0,40}") {
        read("a.eml", mail.as_bytes());
        read("a.mbox", format!("From a Mon Jun 3 08:00:00 2024\n{mail}").as_bytes());
    }
}
