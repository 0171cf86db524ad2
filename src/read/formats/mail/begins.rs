//! Tells mail by its first lines.

/// Headers that every message has.
const FROM: &str = "from";
const DATE: &str = "date";
/// Headers that only mail programs write: a text that quotes a mail has none of them.
const BY_PROGRAMS: [&str; 4] = ["mime-version", "received", "message-id", "return-path"];
/// Bytes of a line that has the length of a message.
const MAX_LENGTH_LINE: usize = 20;
/// The months as a line that begins a message has them.
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Whether bytes begin like a mailbox or like a message.
pub(crate) fn begins(head: &[u8]) -> bool {
    if head.contains(&b'\r') && !head.contains(&b'\n') {
        // The lines of old Macs.
        let lines: Vec<u8> = head.iter().map(|&byte| if byte == b'\r' { b'\n' } else { byte }).collect();
        return begins(&lines);
    }
    match head.split(|&byte| byte == b'\n').next() {
        Some(line) if is_from_line(line) => {
            has_header(head.get(line.len() + 1..).unwrap_or(&[]).split(|&byte| byte == b'\n').next())
        }
        _ => begins_message(after_length(head).map_or(head, |(_, message)| message)),
    }
}

/// The length of a message and what follows, where a file begins with a line that has it, as those
/// of Apple Mail (.emlx) do.
pub(super) fn after_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let end = bytes.iter().take(MAX_LENGTH_LINE).position(|&byte| byte == b'\n')?;
    let line = std::str::from_utf8(bytes.get(..end)?).ok()?;
    Some((line.trim().parse().ok()?, bytes.get(end + 1..)?))
}

fn has_header(line: Option<&[u8]>) -> bool {
    line.is_some_and(|line| field(line).is_some() || line.starts_with(b">From "))
}

/// Whether bytes begin with the headers of a message.
pub(crate) fn begins_message(head: &[u8]) -> bool {
    let mut names = Vec::new();
    let mut lines = head.split(|&byte| byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        if line.trim_ascii().is_empty() {
            break;
        }
        match field(line) {
            Some(name) => names.push(name),
            None if line.starts_with(b" ") || line.starts_with(b"\t") => {}
            // The last line may be cut.
            None if lines.peek().is_none() => {}
            None => return false,
        }
    }
    let has = |name: &str| names.iter().any(|found| found == name);
    has(FROM) && has(DATE) && BY_PROGRAMS.into_iter().any(has)
}

/// The name of a header line, in small letters.
fn field(line: &[u8]) -> Option<String> {
    let name = line.split(|&byte| byte == b':').next().filter(|name| name.len() < line.len())?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (!name.is_empty() && name.iter().all(is_name)).then(|| String::from_utf8_lossy(name).to_ascii_lowercase())
}

/// Whether a line begins a message of a mailbox: `From a@example.org Fri May 17 10:00:00 2024`.
pub(super) fn is_from_line(line: &[u8]) -> bool {
    if !line.starts_with(b"From ") {
        return false;
    }
    let line = String::from_utf8_lossy(line);
    let words: Vec<&str> = line.split_whitespace().skip(1).collect();
    let is_time = |word: &&str| word.contains(':') && word.chars().all(|c| c.is_ascii_digit() || c == ':');
    let is_year = |word: &&str| {
        word.len() == 4 && word.starts_with(['1', '2']) && word.bytes().all(|b| b.is_ascii_digit())
    };
    words.iter().any(|word| MONTHS.contains(word)) && words.iter().any(is_time) && words.iter().any(is_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes_are_told_from_texts_that_begin_with_from() {
        for line in [
            "From a@example.org Fri May 17 10:00:00 2024",
            "From - Fri May 17 10:00:00 2024\r",
            "From 1799@xxx Mon Jan 01 00:00:00 +0000 2024",
            "From ann at example.org  Fri May 17 10:00 2024",
        ] {
            assert!(is_from_line(line.as_bytes()), "{line}");
            assert!(begins(format!("{line}\nSubject: x\n").as_bytes()), "{line}");
            assert!(!begins(format!("{line}\nhe was silent.\n").as_bytes()), "{line}");
        }
        for line in
            ["From May 2024 on, nothing.", "From the office", "From 10:00 on 7 June", "from a May 10:00 2024"]
        {
            assert!(!is_from_line(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn a_message_is_told_by_headers_that_only_programs_write() {
        assert!(begins(b"Received: by x\n\tfor y\nFrom: a\nDate: b\n\nText"));
        assert!(begins(b"From: a\r\nDate: b\r\nMIME-Version: 1.0\r\nX-Long: half of a li"));
        assert!(!begins(b"From: a\nDate: b\nSubject: c\n\nA letter that somebody typed"));
        assert!(!begins(b"From: a\nDate: b\nMessage-ID: c\nand so on\n"));
        assert!(!begins(b""));
        assert!(begins(b"512       \nFrom: a\nDate: b\nMIME-Version: 1.0\n\nText"));
        assert!(begins(b"From: a\rDate: b\rMIME-Version: 1.0\r\rText"));
        assert!(!begins(b"512 copies\nFrom: a\nDate: b\nMIME-Version: 1.0\n\nText"));
    }
}
