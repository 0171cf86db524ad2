//! Tells chats that a program has exported as pages of HTML, which would be read as one text.

use memchr::memmem;

/// What stands in the element of each message, and what is said of such a page.
const PAGES: [(&[u8], &str); 2] = [
    (
        b"class=\"message default",
        "it is a chat that Telegram has exported as HTML; export it as machine-readable JSON, of which each message is read as \
         a text",
    ),
    (
        b"\"chatlog__message",
        "it is a chat that DiscordChatExporter has exported as HTML; export it as plain text or JSON, of which each message is \
         read as a text",
    ),
];

/// What is said of a page with at least two messages.
pub(crate) fn refusal(html: &[u8]) -> Option<&'static str> {
    let holds = |sign: &[u8]| memmem::find_iter(html, sign).nth(1).is_some();
    PAGES.iter().find(|(sign, _)| holds(sign)).map(|(_, message)| *message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exported_chats_are_told() {
        for (class, program) in
            [("message default clearfix", "Telegram"), ("chatlog__message-container", "Discord")]
        {
            let message = format!("<div class=\"{class}\"><div class=\"text\">It rained.</div></div>");
            assert!(refusal(message.repeat(2).as_bytes()).unwrap().contains(program));
            assert_eq!(refusal(message.as_bytes()), None);
        }
    }
}
