//! Finds web addresses, mail addresses and @names: where to look or whom to ask, and nothing that a
//! text says.

use crate::scan::find_pair;
use crate::text::span::Span;

/// Endings of domains of more than two letters, all of which are countries'. An address without
/// `://` and `www.` needs one of them, and a path behind it.
const DOMAINS: &[&str] = &[
    "agency",
    "app",
    "arpa",
    "art",
    "asia",
    "biz",
    "blog",
    "cat",
    "center",
    "cloud",
    "club",
    "com",
    "community",
    "dev",
    "digital",
    "earth",
    "edu",
    "email",
    "eus",
    "example",
    "fund",
    "global",
    "gov",
    "guide",
    "help",
    "info",
    "ink",
    "int",
    "jobs",
    "link",
    "live",
    "media",
    "mil",
    "mobi",
    "museum",
    "name",
    "net",
    "network",
    "news",
    "ngo",
    "one",
    "ong",
    "online",
    "org",
    "page",
    "photo",
    "press",
    "pro",
    "pub",
    "report",
    "rocks",
    "site",
    "social",
    "space",
    "store",
    "team",
    "tech",
    "tel",
    "tips",
    "today",
    "tools",
    "top",
    "travel",
    "video",
    "watch",
    "website",
    "wiki",
    "work",
    "world",
    "xyz",
];

/// The addresses of a text, in order.
pub(super) fn addresses(text: &str) -> impl Iterator<Item = Span> + '_ {
    let bytes = text.as_bytes();
    // Where the next sign is looked for, and where the last address ended.
    let (mut from, mut taken) = (0, 0);
    std::iter::from_fn(move || {
        loop {
            let at = find_pair(bytes, from, begins_address)?;
            from = at + 1;
            let found = match bytes.get(at) {
                Some(b'@') => at_sign(text, taken, at),
                Some(b'/') => slash(text, taken, at),
                _ => www(text, taken, at),
            };
            if let Some(span) = found.filter(|span| span.start() >= taken && !span.is_empty()) {
                (from, taken) = (span.end().max(from), span.end());
                return Some(span);
            }
        }
    })
}

/// Whether two bytes may stand in an address, and seldom elsewhere.
#[inline]
pub(super) fn begins_address(byte: u8, next: u8) -> bool {
    (byte == b'@') | (byte == b'/') | ((byte | 0x20 == b'w') & (next | 0x20 == b'w'))
}

/// `https://…` by its second last slash, or a domain and a path by the slash between them.
fn slash(text: &str, taken: usize, at: usize) -> Option<Span> {
    let before = text.get(taken..at)?;
    if text.get(at..)?.starts_with("//") && before.ends_with(':') {
        let scheme = run_before(before.get(..before.len() - 1)?, |c| c.is_ascii_alphanumeric() || c == '+');
        let start = at - 1 - scheme.len();
        let begins = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
        let rest = text.get(at + 2..)?;
        let follows = rest.starts_with(|c: char| c.is_alphanumeric() || c == '[');
        return (begins && follows).then(|| Span::new(start, at + 2 + path(rest)));
    }
    // Nearly always two words, and no domain: the byte before the last name is no point.
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric();
    let names = before.len() - before.bytes().rev().take_while(|byte| is_name(&byte)).count();
    if !before.get(..names).is_some_and(|names| names.ends_with('.')) {
        return None;
    }
    let domain = run_before(before, |c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let domain = domain.trim_start_matches(|c: char| !c.is_alphanumeric());
    is_domain(domain, true).then(|| Span::new(at - domain.len(), at + path(text.get(at..).unwrap_or(""))))
}

/// `www.…`; `at` is the place of the first `w`.
fn www(text: &str, taken: usize, at: usize) -> Option<Span> {
    let rest = text.get(at..)?;
    let begins = !text.get(taken..at)?.ends_with(char::is_alphanumeric);
    let domain = rest.get(4..).filter(|domain| domain.starts_with(char::is_alphanumeric))?;
    if !begins || !rest.get(..4)?.eq_ignore_ascii_case("www.") {
        return None;
    }
    let domain = domain.get(..domain.find(|c: char| !is_domain_character(c)).unwrap_or(domain.len()))?;
    domain.trim_end_matches('.').contains('.').then(|| Span::new(at, at + path(rest)))
}

fn is_domain_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-')
}

/// A mail address or an @name, by the `@`.
fn at_sign(text: &str, taken: usize, at: usize) -> Option<Span> {
    let (before, rest) = (text.get(taken..at)?, text.get(at + 1..)?);
    let local = run_before(before, |c| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-'));
    let local = local.trim_start_matches(|c: char| !c.is_alphanumeric());
    let name = name_length(rest, |c| matches!(c, '.' | '-'));
    if !local.is_empty() {
        let domain = rest.get(..name).unwrap_or("");
        let scheme = if before.ends_with(&format!("mailto:{local}")) { "mailto:".len() } else { 0 };
        return is_domain(domain, false).then(|| Span::new(at - local.len() - scheme, at + 1 + name));
    }
    let name = name_length(rest, |c| c == '.');
    if name == 0 || before.ends_with(char::is_alphanumeric) {
        return None;
    }
    // Names of networks of servers: @name@server.org.
    let server = rest.get(name..).and_then(|rest| rest.strip_prefix('@'));
    let server = server.map(|server| (server, name_length(server, |c| matches!(c, '.' | '-'))));
    let server = server.filter(|(server, length)| is_domain(server.get(..*length).unwrap_or(""), false));
    Some(Span::new(at, at + 1 + name + server.map_or(0, |(_, length)| 1 + length)))
}

/// Length of the name at the beginning: letters, digits, `_`, and marks that `joins` between two of
/// them.
fn name_length(text: &str, joins: impl Fn(char) -> bool) -> usize {
    let is_part = |c: char| c.is_alphanumeric() && !is_east_asian(c) || c == '_';
    let mut end = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let goes_on =
            joins(c) && end == at && at > 0 && characters.peek().is_some_and(|(_, next)| is_part(*next));
        if !is_part(c) && !goes_on {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

/// Whether a name is one of a computer. With `is_sure` only endings that are used as such count.
fn is_domain(name: &str, is_sure: bool) -> bool {
    let Some((names, ending)) = name.rsplit_once('.') else { return false };
    let letters = ending.len() >= 2 && ending.bytes().all(|byte| byte.is_ascii_alphabetic());
    let one_case = !ending.bytes().any(|byte| byte.is_ascii_uppercase()) || name == name.to_uppercase();
    let known = || ending.len() == 2 || DOMAINS.iter().any(|domain| domain.eq_ignore_ascii_case(ending));
    letters && names.split('.').all(|name| !name.is_empty()) && (!is_sure || one_case && known())
}

/// The longest end of a text of characters of a kind, at most as long as names are.
fn run_before(text: &str, is: impl Fn(char) -> bool) -> &str {
    const MAX_BYTES: usize = 320;
    let start = text.char_indices().rev().take_while(|(_, c)| is(*c)).map(|(at, _)| at);
    let start = start.take_while(|at| text.len() - at <= MAX_BYTES).last().unwrap_or(text.len());
    text.get(start..).unwrap_or("")
}

/// How far an address goes on: to a blank, a quotation mark or a bracket that was not opened in it,
/// without the punctuation of the sentence around it.
fn path(text: &str) -> usize {
    let mut open = 0usize;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' => open += 1,
            ')' if open == 0 => break,
            ')' => open -= 1,
            '"' | '<' | '>' | '«' | '»' | '“' | '”' | '„' | '…' | '{' | '}' | '|' | '\\' | '^' => {
                break;
            }
            _ if c.is_whitespace() || c.is_control() || is_east_asian(c) => break,
            _ => {}
        }
        if !matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | ']' | '[' | '(') {
            end = at + c.len_utf8();
        }
    }
    end
}

/// Letters and marks of scripts that set no spaces, before which an address ends.
fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> Vec<&str> {
        addresses(text).map(|span| span.of(text)).collect()
    }

    #[test]
    fn addresses_are_found_without_the_marks_around_them() {
        for (text, expected) in [
            (
                "Yes. https://www.a.example/2024/05/some-long-slug_about?x=1&y=2#top.",
                "https://www.a.example/2024/05/some-long-slug_about?x=1&y=2#top",
            ),
            ("(see http://b.example/x_(y))", "http://b.example/x_(y)"),
            ("[statements](https://c.example/s).", "https://c.example/s"),
            ("<https://c.example>", "https://c.example"),
            ("“https://c.example/q”, he wrote", "https://c.example/q"),
            ("HTTPS://T.CO/ABC!", "HTTPS://T.CO/ABC"),
            ("https://t.co/abc…", "https://t.co/abc"),
            ("go to www.d.org, or", "www.d.org"),
            ("**www.d.org/path/**", "www.d.org/path/"),
            ("at t.co/abc123", "t.co/abc123"),
            ("at BIT.LY/x;", "BIT.LY/x"),
            ("pic.twitter.com/a1?", "pic.twitter.com/a1"),
            ("ftp://e.example:21/a", "ftp://e.example:21/a"),
            ("http://127.0.0.1:80/x", "http://127.0.0.1:80/x"),
            ("write to ann.lee+news@f.example.", "ann.lee+news@f.example"),
            ("mailto:ann@f.example", "mailto:ann@f.example"),
            (".@marks_dad: no", "@marks_dad"),
            ("RT @kbh_jens how", "@kbh_jens"),
            ("(@g.intern)", "@g.intern"),
            ("by @ann@social.example.", "@ann@social.example"),
            ("@Петро пише", "@Петро"),
            ("请看https://t.co/abc的", "https://t.co/abc"),
        ] {
            assert_eq!(found(text), [expected], "{text}");
        }
        assert_eq!(
            found("@a @b_c,@d https://x.org/1,https://y.org"),
            ["@a", "@b_c", "@d", "https://x.org/1,https://y.org"]
        );
    }

    #[test]
    fn words_with_such_marks_are_no_addresses() {
        for text in [
            "The U.S./NATO plan, U.S.-led, e.g. this and/or that, 3.5, 9/11, 24/7, km/h, AC/DC",
            "24.02.2022/25.02.2022 and 3.5/4",
            "It ended.And/or so. Mr.Smith/Jones",
            "meet @ 5 pm, 5@10, a@b, @, @@",
            "https:// and http:/x and ://x",
            "WWF, WWII, www, www., wwww.x.y, awww.x.org",
            "news from Lenta.ru and example.org today, #hashtag",
            "w/o, n/a, 1/2, he/she",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }

    proptest! {
        #[test]
        fn addresses_are_in_order_and_on_character_bounds(
            text in "([a-z./@:_ é中()]|www\\.|://|https://|@x|\\.org/){0,60}|\\PC{0,60}"
        ) {
            let mut end = 0;
            for span in addresses(&text) {
                prop_assert!(span.start() >= end && !span.of(&text).is_empty(), "{:?}", span);
                end = span.end();
            }
        }
    }
}
