//! Reduces a label to what all its spellings have in common.
//!
//! What is left out is how a label was written, never what it says: signs of numbers, marks such as
//! `A+`, and further words stay.

use html_escape::decode_html_entities;
use unicode_normalization::UnicodeNormalization;

/// What all spellings of a label have in common.
///
/// Left out are case, the width and composition of characters, invisible characters, look-alike
/// letters of other scripts, what a program wrote around the label (quotation marks, brackets,
/// `np.str_('a')`, `b'a'`, `__label__a`, HTML entities), marks of punctuation at its ends, how
/// words are joined (`pro-us`, `pro / us`), and how a number or a truth value is written (`1`,
/// `1,0`, `1e0`, `true`, `T`).
pub(crate) fn spelling_key(label: &str) -> String {
    let decoded = decode_html_entities(label);
    let folded: String = decoded.nfkc().filter(|c| !is_invisible(*c)).map(plain).collect();
    // The dot of a Turkish capital stays behind when it becomes small.
    let folded: String = folded.to_lowercase().chars().filter(|c| *c != '\u{307}').collect();
    let mut letters = String::with_capacity(folded.len());
    folded.chars().for_each(|c| push_plain_letter(&mut letters, c));
    let inner = without_wrapping(&letters);
    match inner {
        "true" | "true_" | "t" => "1".to_owned(),
        "false" | "false_" | "f" => "0".to_owned(),
        _ => number(inner).unwrap_or_else(|| join_words(inner)),
    }
}

/// Soft hyphens, joiners, marks of direction, variation selectors, byte order marks, control
/// characters that are no blanks.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        || (c.is_control() && !c.is_whitespace())
}

/// Dashes and apostrophes as a keyboard writes them.
fn plain(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' => '\'',
        '\u{201c}'..='\u{201f}' | '«' | '»' => '"',
        _ => c,
    }
}

/// Writes a small letter as the Latin one that it cannot be told from, and ligatures and umlauts as
/// two letters. Within a script, no two letters become one, but `ё` and `е`, which writers do not
/// tell apart.
fn push_plain_letter(out: &mut String, c: char) {
    let one = match c {
        'а' | 'α' | 'ɑ' => 'a',
        'в' | 'β' => 'b',
        'с' => 'c',
        'ԁ' => 'd',
        'е' | 'ё' | 'ε' => 'e',
        'ɡ' => 'g',
        'н' | 'η' => 'h',
        'і' | 'ι' | 'ı' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'ν' => 'n',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'υ' => 'y',
        'ζ' => 'z',
        'ß' => return out.push_str("ss"),
        'ä' | 'æ' => return out.push_str("ae"),
        'ö' | 'œ' => return out.push_str("oe"),
        'ü' => return out.push_str("ue"),
        _ => c,
    };
    out.push(one);
}

/// The label without what a program, or a hurried hand, wrote around it.
fn without_wrapping(label: &str) -> &str {
    /// More wrappings than a label ever has.
    const MAX_WRAPPINGS: usize = 8;
    let mut inner = label.trim();
    for _ in 0..MAX_WRAPPINGS {
        let next = unwrapped(inner);
        // A label of marks alone is those marks.
        if next.is_empty() || next == inner {
            break;
        }
        inner = next;
    }
    inner
}

/// The label without its outermost wrapping.
fn unwrapped(label: &str) -> &str {
    const PAIRS: [(char, char); 4] = [('[', ']'), ('{', '}'), ('(', ')'), ('<', '>')];
    let is_mark = |c: char| matches!(c, '"' | '\'' | '`' | '.' | ',' | ';' | ':' | '!' | '?' | '…');
    let starts_word = |rest: &&str| rest.trim_start().starts_with(char::is_alphabetic);
    let trimmed = label
        .trim_matches(|c: char| is_mark(c) || c.is_whitespace())
        .trim_start_matches(|c: char| matches!(c, '•' | '·' | '*') || c.is_whitespace());
    // A decimal point may begin a number.
    if trimmed.starts_with(|c: char| c.is_ascii_digit()) && label.trim_start().starts_with(['.', ',']) {
        return label;
    }
    if trimmed != label && !(label.starts_with(['b', 'u', 'r']) && is_literal(label)) {
        return trimmed;
    }
    let pair = PAIRS.iter().find_map(|(open, close)| {
        let inner = label.strip_prefix(*open)?.strip_suffix(*close)?;
        (!inner.contains([*open, *close])).then_some(inner)
    });
    let literal = || is_literal(label).then(|| label.get(1..)).flatten();
    pair.or_else(literal)
        .or_else(|| label.strip_prefix("__label__"))
        .or_else(|| label.strip_prefix("- ").filter(starts_word))
        .or_else(|| call_argument(label))
        .or_else(|| ["np.", "numpy."].into_iter().find_map(|module| label.strip_prefix(module)))
        .unwrap_or(label)
        .trim()
}

/// Whether this is a string of Python with a letter before it: `b'a'`.
fn is_literal(label: &str) -> bool {
    let inner = label.strip_prefix(['b', 'u', 'r']).unwrap_or("");
    ['"', '\''].iter().any(|mark| inner.len() > 1 && inner.starts_with(*mark) && inner.ends_with(*mark))
}

/// The one argument of a call: of `np.str_('a')`, `decimal('1')` and `np.int64(1)`.
fn call_argument(label: &str) -> Option<&str> {
    let (name, argument) = label.strip_suffix(')')?.split_once('(')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let is_numpy = name.starts_with("np.") || name.starts_with("numpy.");
    let is_held = argument.starts_with(['"', '\'', '[', '{', '(']);
    (!name.is_empty() && name.chars().all(is_name) && (is_numpy || is_held)).then_some(argument)
}

/// A number in one form: `1` of `1.0`, `1,0`, `+1`, `01` and `1e0`; `1000` of `1,000` and `1 000`.
fn number(text: &str) -> Option<String> {
    /// More digits than a float keeps apart are compared as text.
    const MAX_DIGITS: usize = 15;
    let is_plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e');
    let written = without_grouping(text);
    let number: f64 =
        written.parse().ok().filter(|_| written.chars().all(is_plain) && written.len() <= MAX_DIGITS)?;
    // Minus zero is zero.
    number.is_finite().then(|| (number + 0.0).to_string())
}

/// A number without marks between its thousands, and with a decimal point.
fn without_grouping(text: &str) -> String {
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(digits) => (text.get(..1).unwrap_or(""), digits.trim_start()),
        None => ("", text),
    };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    for (mark, least, point) in
        [(',', 2, '.'), ('.', 3, ','), (' ', 2, ','), (' ', 2, '.'), ('\'', 2, '.'), ('_', 2, '.')]
    {
        let (whole, fraction) = digits.split_once(point).unwrap_or((digits, ""));
        let groups: Vec<&str> = whole.split(mark).collect();
        let [first, rest @ ..] = groups.as_slice() else { continue };
        let is_grouped = groups.len() >= least
            && first.len() <= 3
            && *first != "0"
            && is_digits(first)
            && rest.iter().all(|group| group.len() == 3 && is_digits(group))
            && (fraction.is_empty() || is_digits(fraction));
        // `1.000,5` is grouped by one point.
        let is_mixed = mark == '.' && groups.len() == 2 && !fraction.is_empty();
        if is_grouped || (is_mixed && rest.iter().all(|group| group.len() == 3) && is_digits(fraction)) {
            return format!("{sign}{}.{fraction}", groups.concat());
        }
    }
    match digits.split_once(',') {
        Some((whole, fraction)) if is_digits(whole) && is_digits(fraction) => {
            format!("{sign}{whole}.{fraction}")
        }
        _ => format!("{sign}{digits}"),
    }
}

/// One blank for whatever joins words: blanks, hyphens, underscores, strokes, commas, colons. Other
/// marks stay, without blanks around them, and so does the sign of a number.
fn join_words(text: &str) -> String {
    let is_joint = |c: char| matches!(c, '-' | '_' | '/' | '\\' | ',' | ';' | ':' | '.' | '|');
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars() {
        if !c.is_alphanumeric() {
            run.push(c);
            continue;
        }
        let marks: String = run.chars().filter(|mark| !mark.is_whitespace()).collect();
        let is_sign = c.is_numeric() && run.len() > 1 && run.ends_with('-') && {
            run.strip_suffix('-')
                .is_some_and(|before| before.ends_with(|c: char| c.is_whitespace() || c == ':'))
        };
        match () {
            () if run.is_empty() => {}
            () if is_sign => out.push_str(" -"),
            () if out.is_empty() => out.push_str(&marks),
            () if marks.chars().all(is_joint) => out.push(' '),
            () => out.push_str(&marks),
        }
        run.clear();
        out.push(c);
    }
    out.extend(run.chars().filter(|mark| !mark.is_whitespace()));
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn spellings_of_one_label_have_one_key() {
        for spellings in [
            &["For", "for", " FOR ", "f\u{ad}or", "\u{feff}for", "ｆｏｒ", "\"for\"", "['for']", "[\"For\"]"]
                [..],
            &["pro us", "Pro-US", "pro_us", "pro\u{a0}US", "pro\u{2011}us", "pro  us", "pro/us", "pro / us"],
            &[
                "1",
                "1.0",
                "01",
                "+1",
                "true",
                "True",
                "TRUE",
                "\"1\"",
                "1.00",
                "1,0",
                "1e0",
                "1E0",
                "T",
                "np.int64(1)",
            ],
            &["0", "0.0", "-0", "false", "F", "np.False_"],
            &["-1", "\u{2212}1", "-1.0", "-1,0"],
            &["1000", "1,000", "1 000", "1'000", "1e3", "1,000.0", "1000,0"],
            &["1234567.5", "1.234.567,5", "1,234,567.5", "1 234 567,5"],
            &["1234.5", "1.234,5", "1,234.5"],
            &["caf\u{e9}", "cafe\u{301}", "CAFÉ"],
            &["don't", "don’t"],
            &[
                "against",
                "{'against'}",
                "('against',)",
                "np.str_('against')",
                "b'against'",
                "__label__against",
                "Against.",
                "against;",
                "(against)",
                "- against",
                "• against",
                "frozenset({'against'})",
                "«against»",
                "agаinst",
                "аgаіnѕt",
                "against\u{7f}",
                "['against',]",
            ],
            &["law & order", "law &amp; order", "law &#38; order", "law&order", "law &#x26; order"],
            &["İyi", "iyi", "IYI", "ıyi"],
            &["straße", "STRASSE", "strasse"],
            &["1 - pro", "1-pro", "1. pro", "1: pro", "1 pro"],
            &["нейтрально", "НЕЙТРАЛЬНО", "Нeйтральнo"],
            &["надёжный", "надежный"],
        ] {
            let keys: BTreeSet<String> = spellings.iter().map(|label| spelling_key(label)).collect();
            assert_eq!(keys.len(), 1, "{spellings:?}: {keys:?}");
        }
    }

    #[test]
    fn labels_that_mean_different_things_have_different_keys() {
        let labels = [
            "-1",
            "1",
            "0",
            "+",
            "-",
            "--",
            "++",
            "A-",
            "A",
            "A+",
            "1.5",
            "15",
            "no",
            "non",
            "",
            "2",
            "a/b",
            "ab",
            "a1",
            "a2",
            "pro",
            "pro-guarantee",
            "?",
            ".",
            "b",
            "u",
            "np",
            "topic -1",
            "topic 1",
            "0.125",
            "125",
            "c#",
            "c",
            "c++",
            "score: -2",
            "score: 2",
            "(",
            "10-20",
            "10-2",
            "за",
            "против",
            "νέο",
            "neo",
            ".5",
            "5",
        ];
        let keys: BTreeSet<String> = labels.iter().map(|label| spelling_key(label)).collect();
        assert_eq!(keys.len(), labels.len(), "{keys:?}");
        assert_ne!(spelling_key("9007199254740993"), spelling_key("9007199254740992"));
        assert_ne!(spelling_key("neutre"), spelling_key("neutré"));
    }

    #[test]
    fn deep_brackets_end() {
        assert!(!spelling_key(&"(".repeat(50_000)).is_empty());
        assert!(!spelling_key(&"[(".repeat(50_000)).is_empty());
    }
}
