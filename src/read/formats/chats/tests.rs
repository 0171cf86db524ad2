use proptest::prelude::*;

use super::*;
use crate::read::Body;

/// Authors, dates and texts of a chat.
fn read(chat: &str) -> Vec<(String, String, String)> {
    let source = Source::new("x".into(), Box::new(std::io::Cursor::new(chat.as_bytes().to_vec())));
    let messages = open(source, &InputOptions::default()).unwrap();
    let items = messages.map(|record| match record.unwrap().body {
        Body::Item(item) => {
            message(&String::from_utf8_lossy(item.parts()[0]), layout(chat.as_bytes()).unwrap())
        }
        _ => None,
    });
    let value = |item: &Item, name: &str| item.values.iter().find(|(of, _)| of == name).unwrap().1.clone();
    items.flatten().map(|item| (value(&item, "author"), value(&item, "date"), item.text)).collect()
}

fn said(texts: [(&str, &str, &str); 3]) -> Vec<(String, String, String)> {
    texts.map(|(author, date, text)| (author.to_owned(), date.to_owned(), text.to_owned())).to_vec()
}

#[test]
fn each_message_is_a_text_with_its_author_and_its_date() {
    let day = "2024-03-12";
    for (chat, date) in [
        (
            "[12.03.24, 18:20:01] Ink: \u{200e}Messages and calls are end-to-end encrypted.\n\
             [12.03.24, 18:22:01] Ann Lee: It rained: much.\nNobody came.\n\
             \u{200e}[12.03.24, 18:23:00] Ben: \u{200e}image omitted\n\
             [12.03.24, 18:23:01] Ben: Why?\n[12.03.24, 18:24:01] Ann Lee: Ink. \u{200e}<This message was edited>\n",
            day,
        ),
        (
            "12.03.2024, 18:20 - Ann Lee created group Ink\n12.03.2024, 18:22 - Ann Lee: It rained: much.\nNobody came.\n\
             12.03.2024, 18:23 - Ben: <Media omitted>\n12.03.2024, 18:23 - Ben: Why?\n12.03.2024, 18:24 - Ann Lee: Ink.\n",
            day,
        ),
        (
            "Ann Lee, [12.03.2024 18:22]\nIt rained: much.\nNobody came.\n\nBen, [12.03.2024 18:23]\nWhy?\n\n\
             Ann Lee, [12.03.2024 18:24]\nInk.\n",
            day,
        ),
        (
            "Ann Lee  6:22 PM\nIt rained: much.\nNobody came.\nBen  6:22 PM\nWhy?\nAnn Lee  6:22 PM\nInk.\n",
            "6:22 PM",
        ),
        (
            "18:22 From Ann Lee to Everyone:\n\tIt rained: much.\nNobody came.\n18:22 From Ben to Everyone : Why?\n\
             18:22 From Ann Lee to Ben (direct message): Ink.\n",
            "18:22",
        ),
    ] {
        let expected = said([
            ("Ann Lee", date, "It rained: much.\nNobody came."),
            ("Ben", date, "Why?"),
            ("Ann Lee", date, "Ink."),
        ]);
        assert!(begins(chat.as_bytes()), "{chat}");
        assert_eq!(read(chat), expected);
    }
}

#[test]
fn nicks_stand_in_angles_or_behind_the_time() {
    let irc =
        "[18:22] <@ann> It rained <b> once.\n[18:22] * ben left\n[18:22] <ben> Why?\n[18:22] <ann> Ink.\n";
    let rule = "=".repeat(62);
    let discord = format!(
        "=======\nGuild: Ink\n=======\n\n[12-Mar-24 06:22 PM] ann#1234\nIt rained.\n\n\
         [12-Mar-24 06:23 PM] ben\nWhy?\n=====\nSo.\n\n[12-Mar-24 06:24 PM] ann#1234\nInk.\n\n{rule}\nExported 3\n"
    );
    let expected = said([
        ("ann", "18:22", "It rained <b> once.\n[18:22] * ben left"),
        ("ben", "18:22", "Why?"),
        ("ann", "18:22", "Ink."),
    ]);
    assert_eq!(read(irc), expected);
    let day = "2024-03-12";
    assert_eq!(
        read(&discord),
        said([("ann#1234", day, "It rained."), ("ben", day, "Why?\n=====\nSo."), ("ann#1234", day, "Ink.")])
    );
}

#[test]
fn texts_are_told_from_chats() {
    for text in [
        "[12.03.24, 18:22:01] Ann: It rained.\n[12.03.24, 18:22:02] Ben: Why?\n",
        "It rained at 18:22.\n[12.03.24, 18:22:01] Ann: a\n[12.03.24, 18:22:02] Ben: b\n[12.03.24, 18:22:02] Ben: c\n",
        "[00:00:03] Ann: It rained.\n[00:00:05] Ben: Why?\n[00:00:09] Ann: Ink.\n",
        "Ann Lee  0:03\nIt rained.\nBen  0:05\nWhy?\nAnn Lee  0:09\nInk.\n",
        "18:22 – Kyiv: It rained.\n18:23 – Kyiv: It snowed.\n18:24 – Kyiv: Ink.\n",
        "18:22 - Kyiv: It rained.\n18:23 - Kyiv: It snowed.\n18:24 - Kyiv: Ink.\n",
        "John 3:16: rain\nJohn 3:17: rain\nJohn 3:18: rain\n",
        "==============\nIt rained.\n==============\n",
        "",
    ] {
        assert!(!begins(text.as_bytes()), "{text}");
    }
}

proptest! {
    #[test]
    fn no_chat_panics(text in "(\\PC|\n|\\[12.03.24, 18:22:01\\] |Ann: |<|>| - |, \\[|  |From | to |\u{200e}){0,40}") {
        if layout(text.as_bytes()).is_some() {
            read(&text);
        }
        HEADS.iter().for_each(|read| drop(message(&text, *read)));
        stamp::date(&text);
    }
}
